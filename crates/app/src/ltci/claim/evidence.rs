//! What is missing of the six things that prove a service.

use rules::ltci::settle::Evidence;

use super::line::Said;

/// What a line does not prove. A day in a bed has its place in the institution and no time of its own; care by the family has
/// neither.
///
/// 依据: 医保办发〔2024〕21号 服务记录要素: 服务项目、服务对象、服务人员、地点、开始时间、结束时间
pub fn missing(it: &Said, carer_is_known: bool) -> Vec<Evidence> {
    let visits = matches!(&*it.mode, "home" | "visiting");
    let is_placed = it.latitude.is_some() && it.longitude.is_some();
    let needs_carer = visits || it.mode == "self_arranged" || !it.carer.is_empty();
    let all = [
        (it.service.is_empty(), Evidence::Service),
        (needs_carer && !carer_is_known, Evidence::Carer),
        (visits && !is_placed, Evidence::Place),
        (visits && it.began.is_none(), Evidence::Begin),
        (visits && it.ended.is_none(), Evidence::End),
    ];
    all.into_iter().filter_map(|(lacks, what)| lacks.then_some(what)).collect()
}
