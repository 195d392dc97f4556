//! Services at home (上门服务, 互联网+医疗、护理、康复): who may give them, for whom they are, whether a visit is safe, how long a first
//! assessment holds, and how an order may be called off.

mod kind;
mod risk;

pub use kind::{Class, Condition, Profession, Title};
pub use risk::{About, Answers, Risk, Verdict, Weighed, weigh};

use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, Listed, YesNo},
    policy::{InForce, NoPolicy, topic},
    visit::Photo,
    workforce::Certificate,
};

topic! {
    /// What a region lays down about services at home.
    "home_services", "上门服务", "Services at home" {
        /// What can be ordered.
        services: Vec<Service> = "上门服务目录",
        /// What every nurse who goes to a home has.
        nurse: Floor = "上门护士条件",
        /// Staff at a visit of the action for disabled elders, at least.
        disabled_staff: u16 = "失能老人上门人数",
        /// Whether whoever cares for a disabled elder is at home during a visit of that action.
        disabled_carer: YesNo = "失能老人上门照护者在场",
        /// From this age on a disabled elder at home may apply for the action.
        disabled_age: u16 = "失能老人服务起始年龄",
        /// What an applicant of that action gets every year.
        yearly: Vec<Listed> = "失能老人年度服务",
        /// What is asked before a visit.
        risks: Vec<Risk> = "上门风险问题",
        /// Days for which a first assessment face to face holds.
        assessment_days: u16 = "首次评估有效天数",
        /// Hours within which an institution answers an order.
        answer_hours: u16 = "订单答复小时",
        /// An order is called off freely until so many hours before.
        free_hours: u16 = "免责取消小时",
        /// What is agreed to before a visit.
        consent: Vec<Listed> = "知情同意要点",
    }
}

/// The least somebody has to have.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    #[serde(rename = "年限")]
    pub years: u16,
    #[serde(rename = "职称")]
    pub title: Title,
}

/// One service of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    #[serde(rename = "类别")]
    pub class: Class,
    /// Who may give it.
    #[serde(rename = "人员")]
    pub staff: Vec<Profession>,
    #[serde(rename = "最低职称", default)]
    pub title: Option<Title>,
    #[serde(rename = "最低年限", default)]
    pub years: u16,
    #[serde(rename = "证书", default)]
    pub certificate: Option<Certificate>,
    #[serde(rename = "分钟")]
    pub minutes: u16,
    #[serde(rename = "人数", default = "one")]
    pub people: u16,
    /// Whether whoever cares for the elder is at home.
    #[serde(rename = "照护者在场", default = "no")]
    pub carer: YesNo,
    /// Whether somebody saw the elder face to face before.
    #[serde(rename = "首次评估", default = "no")]
    pub assessed: YesNo,
    #[serde(rename = "知情同意", default = "no")]
    pub consent: YesNo,
    /// Codes of the price list it is charged by; the visit fee comes on top.
    #[serde(rename = "收费项目", default)]
    pub items: Vec<String>,
    /// What is done, step by step.
    #[serde(rename = "步骤", default)]
    pub tasks: Vec<Listed>,
    /// The form that is filled in on the spot.
    #[serde(rename = "表单", default)]
    pub form: String,
    /// Which photos are taken of it.
    #[serde(rename = "拍照", default)]
    pub photos: Vec<Photo>,
    /// For whom; none says for everybody.
    #[serde(rename = "对象", default)]
    pub conditions: Vec<Condition>,
    /// Whether it belongs to the action for disabled elders.
    #[serde(rename = "失能行动", default = "no")]
    pub action: YesNo,
    /// Whether it is what an applicant of that action gets every year.
    #[serde(rename = "年度", default = "no")]
    pub yearly: YesNo,
    /// Hours between the order and the visit, at least.
    #[serde(rename = "提前小时", default)]
    pub lead_hours: u16,
    /// The time is changed until so many hours before.
    #[serde(rename = "改期小时", default)]
    pub change_hours: u16,
}

fn one() -> u16 {
    1
}

fn no() -> YesNo {
    YesNo::No
}

/// A service by its id, where the region has it.
pub fn service<'a>(id: &str, policy: &InForce<'a>) -> Result<Option<&'a Service>, NoPolicy> {
    Ok(policy.read(|it| &it.home_services.services)?.iter().find(|it| it.id == id))
}

/// What is known of somebody who is to go.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    #[serde(rename = "人员")]
    pub profession: Profession,
    /// Nothing where the record does not tell 士 from 师.
    #[serde(rename = "职称", default)]
    pub title: Option<Title>,
    /// Full years in the profession, at least: a licence that was renewed does not tell the first one.
    #[serde(rename = "年限", default)]
    pub years: u16,
    /// Full years in the profession, at most, such as by age.
    #[serde(rename = "年限至多", default)]
    pub years_at_most: Option<u16>,
    /// Those that hold on the day.
    #[serde(rename = "证书", default)]
    pub certificates: Vec<Certificate>,
    /// Works at the institution and is not away on the day.
    #[serde(rename = "在岗")]
    pub present: YesNo,
}

/// What stands against somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Objection {
    #[serde(rename = "不在岗")]
    Absent,
    #[serde(rename = "人员类别不符")]
    Profession,
    #[serde(rename = "职称不够")]
    Title,
    #[serde(rename = "年限不足")]
    Years,
    #[serde(rename = "没有有效证书")]
    Certificate,
}

impl Objection {
    /// In Chinese.
    pub fn title(self) -> &'static str {
        match self {
            Objection::Absent => "不在岗",
            Objection::Profession => "人员类别不符",
            Objection::Title => "职称不够",
            Objection::Years => "年限不足",
            Objection::Certificate => "没有有效证书",
        }
    }
}

/// Whether something can be done; what is not known leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Answer {
    #[serde(rename = "可以")]
    Yes,
    #[serde(rename = "不可以")]
    No,
    #[serde(rename = "待核")]
    Open,
}

/// Whether somebody may give a service, with every reason against it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct May {
    #[serde(rename = "结论")]
    pub answer: Answer,
    #[serde(rename = "不符", default)]
    pub against: Vec<Objection>,
    /// What has to be looked up before they are sent.
    #[serde(rename = "待核", default)]
    pub open: Vec<Objection>,
}

/// Whether somebody may give a service: by the catalogue, and a nurse by what is asked of every nurse who goes to homes.
///
/// 依据: 国卫办医函〔2019〕80号 派出的护士应具备五年以上临床护理工作经验和护师以上技术职称，见政策库“上门护士条件”
pub fn may(staff: &Staff, service: &Service, policy: &InForce<'_>) -> Result<May, NoPolicy> {
    let (mut title, mut years) = (service.title, service.years);
    let mut certificates = Vec::from_iter(service.certificate);
    if staff.profession == Profession::Nurse {
        let floor = policy.read(|it| &it.home_services.nurse)?;
        title = title.max(Some(floor.title));
        years = years.max(floor.years);
        certificates.push(Certificate::Nurse);
    }
    let (mut against, mut open) = (Vec::new(), Vec::new());
    if !staff.present.is_yes() {
        against.push(Objection::Absent);
    }
    if !service.staff.contains(&staff.profession) {
        against.push(Objection::Profession);
    }
    match (title, staff.title) {
        (Some(least), Some(has)) if has < least => against.push(Objection::Title),
        (Some(least), None) if Title::Junior < least => against.push(Objection::Title),
        (Some(least), None) if Title::Assistant < least => open.push(Objection::Title),
        _ => {}
    }
    if staff.years < years {
        let is_short = staff.years_at_most.is_some_and(|most| most < years);
        if is_short { against.push(Objection::Years) } else { open.push(Objection::Years) }
    }
    if certificates.iter().any(|it| !staff.certificates.contains(it)) {
        against.push(Objection::Certificate);
    }
    let answer = match (against.is_empty(), open.is_empty()) {
        (false, _) => Answer::No,
        (true, false) => Answer::Open,
        (true, true) => Answer::Yes,
    };
    Ok(May { answer, against, open })
}

/// What is known of an elder; of other conditions nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Known {
    #[serde(rename = "有")]
    pub present: Vec<Condition>,
    #[serde(rename = "无")]
    pub absent: Vec<Condition>,
}

/// Whether a service is for an elder, and what that rests on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fit {
    #[serde(rename = "结论")]
    pub answer: Answer,
    #[serde(rename = "符合", default)]
    pub met: Vec<Condition>,
    #[serde(rename = "待核", default)]
    pub open: Vec<Condition>,
}

/// For whom a service is: one condition has to hold; none asked for says everybody.
///
/// 依据: 国卫办医函〔2019〕80号 重点对高龄或失能老年人、康复期患者、终末期患者等行动不便的人群提供服务
pub fn for_whom(known: &Known, service: &Service) -> Fit {
    let among = |all: &[Condition]| -> Vec<Condition> {
        service.conditions.iter().copied().filter(|it| all.contains(it)).collect()
    };
    let met = among(&known.present);
    let is_open = |it: &Condition| !known.present.contains(it) && !known.absent.contains(it);
    let open: Vec<Condition> = match met.is_empty() {
        true => service.conditions.iter().copied().filter(is_open).collect(),
        false => Vec::new(),
    };
    let answer = match (service.conditions.is_empty() || !met.is_empty(), open.is_empty()) {
        (true, _) => Answer::Yes,
        (false, true) => Answer::No,
        (false, false) => Answer::Open,
    };
    Fit { answer, met, open }
}

/// For whom and how somebody is to go.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    #[serde(rename = "失能")]
    pub disabled: YesNo,
    #[serde(rename = "风险", default)]
    pub verdict: Option<Verdict>,
}

/// How many go, and whether the carer is to be at home.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    #[serde(rename = "人数")]
    pub people: u16,
    #[serde(rename = "照护者在场")]
    pub carer: YesNo,
}

/// How many go: as the service says, two where the risk asks for it, and for a disabled elder as the action for them says.
///
/// 依据: 失能老年人健康服务行动（2024–2027年） 上门服务至少两人、监护人在场
pub fn party(visit: &Visit, service: &Service, policy: &InForce<'_>) -> Result<Party, NoPolicy> {
    let (mut people, mut carer) = (service.people.max(1), service.carer.is_yes());
    if visit.verdict == Some(Verdict::Two) {
        people = people.max(2);
    }
    if service.action.is_yes() && visit.disabled.is_yes() {
        people = people.max(*policy.read(|it| &it.home_services.disabled_staff)?);
        carer |= policy.read(|it| &it.home_services.disabled_carer)?.is_yes();
    }
    Ok(Party { people, carer: carer.into() })
}

/// The last day on which a first assessment of a day holds.
pub fn assessment_until(day: Date, policy: &InForce<'_>) -> Result<Date, NoPolicy> {
    let days = *policy.read(|it| &it.home_services.assessment_days)?;
    Ok(day.add_days(i32::from(days) - 1))
}

/// How an order is called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum CallOff {
    #[serde(rename = "免责")]
    Free,
    #[serde(rename = "须说明原因")]
    WithReason,
    /// Somebody is on the way: a visit fee may fall due. Whether it is asked for the institution says.
    #[serde(rename = "可能收上门服务费")]
    FeeMayFall,
}

impl CallOff {
    /// The word under which it is stored.
    pub fn word(self) -> &'static str {
        match self {
            CallOff::Free => "free",
            CallOff::WithReason => "reason",
            CallOff::FeeMayFall => "fee",
        }
    }
}

/// When somebody calls an order off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Calling {
    /// Whole hours that are left until the visit; negative once its time has passed.
    #[serde(rename = "还有小时")]
    pub hours: i64,
    /// Somebody has departed for the visit.
    #[serde(rename = "已出发")]
    pub departed: YesNo,
}

/// How an order is called off: freely until so many hours before, then with a reason; after departure a visit fee may fall due.
pub fn call_off(calling: &Calling, policy: &InForce<'_>) -> Result<CallOff, NoPolicy> {
    if calling.departed.is_yes() {
        return Ok(CallOff::FeeMayFall);
    }
    let free = *policy.read(|it| &it.home_services.free_hours)?;
    Ok(if i64::from(free) <= calling.hours { CallOff::Free } else { CallOff::WithReason })
}

/// Somebody who asks for the action for disabled elders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    #[serde(rename = "年龄")]
    pub age: u16,
    /// Nothing where nobody has assessed it.
    #[serde(rename = "失能", default)]
    pub disabled: Option<YesNo>,
}

/// Whether somebody may apply: disabled, and old enough.
///
/// 依据: 失能老年人健康服务行动（2024–2027年） 辖区提出申请的65岁及以上居家失能老年人
pub fn may_apply(it: &Applicant, policy: &InForce<'_>) -> Result<Answer, NoPolicy> {
    let age = *policy.read(|it| &it.home_services.disabled_age)?;
    Ok(match it.disabled {
        _ if it.age < age => Answer::No,
        Some(YesNo::No) => Answer::No,
        Some(YesNo::Yes) => Answer::Yes,
        None => Answer::Open,
    })
}

/// The last day for an applicant's yearly services: of the year of the application while they had none in it, else of the year
/// after the last ones.
///
/// 依据: 失能老年人健康服务行动（2024–2027年） 每年一次评估、体格检查、中医体质辨识及保健指导
pub fn yearly_by(applied: Date, last: Option<Date>) -> Date {
    let year = last.map_or(applied.year(), |it| (it.year() + 1).max(applied.year()));
    Date::new(year, 12, 31).unwrap_or(applied)
}
