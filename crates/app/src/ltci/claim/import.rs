//! Claims from a sheet: a row is a service or a day in a bed, for an elder found by ID number.

use kit::{
    Ask, Result, Tx,
    form::Input,
    import::{Import, Row, Taken},
};

use super::{
    headers::COLUMNS,
    take::{self, FIELDS},
};
use crate::ltci::CLAIM;

pub static CLAIMS: Import = Import {
    kind: "ltci-claims",
    title: "导入申报明细",
    path: "/ltci/claims/import",
    list: ("/ltci/claims", "申报明细"),
    perm: CLAIM,
    columns: COLUMNS,
    fields: FIELDS,
    synonyms: &[
        ("mode", "上门护理", "visiting"),
        ("mode", "机构护理", "residential"),
        ("mode", "家属照护", "self_arranged"),
    ],
    help: &[
        "必需的列:申报编号、身份证号、日期、服务方式、金额。机构账号只能申报本机构的享受人。",
        "证据按列写明:服务项目、人员编号、经纬度、开始和结束时间;缺少的不退回,审核时按“证据不全”处理。",
        "申报编号相同的是同一条明细:内容没变的不动,没有结算的按新内容修改。",
    ],
    take,
};

fn take(tx: &Tx<'_>, ask: &Ask, input: &Input, row: &Row<'_>) -> Result<Taken> {
    take::take(tx, ask, input, row.source).map(|it| it.1)
}
