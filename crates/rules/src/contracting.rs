//! Family-doctor contracting (家庭医生签约): which packages fit whom, how long a contract runs, what it promises and charges, and
//! when it is only signed and not kept.

use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, Money, YesNo},
    elder_groups::Group,
    policy::{InForce, NoPolicy, topic},
};

topic! {
    /// What a region lays down about contracts with family doctors.
    "contracting", "家庭医生签约", "Family-doctor contracting" {
        /// Months a contract runs.
        term_months: u16 = "签约期月数",
        /// What can be signed.
        packages: Vec<Package> = "服务包",
        /// Groups of which everybody is to be signed.
        must_sign: Vec<Group> = "应签尽签人群",
        /// So many days before its end a contract can be renewed.
        renewal_days: u16 = "续签提前天数",
        /// A contract without any service in so many months is signed and not kept.
        idle_months: u16 = "无服务提醒月数",
    }
}

/// One package of services.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    /// For whom it is meant: one of these groups; everybody where it is left out.
    #[serde(rename = "适用人群", default)]
    pub groups: Vec<Group>,
    #[serde(rename = "年满", default)]
    pub age: u16,
    #[serde(rename = "费用")]
    pub fee: Fee,
    #[serde(rename = "项目")]
    pub items: Vec<Item>,
}

/// Who pays how much of a year's fee.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    #[serde(rename = "医保基金", default = "nothing")]
    pub insurance: Money,
    #[serde(rename = "公卫经费", default = "nothing")]
    pub public_health: Money,
    #[serde(rename = "个人", default = "nothing")]
    pub person: Money,
}

fn nothing() -> Money {
    Money::from_fen(0)
}

/// One promised service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    #[serde(rename = "服务")]
    pub service: Service,
    /// So many times in the contract's term.
    #[serde(rename = "次数")]
    pub times: u16,
    /// Whether more than that may be charged.
    #[serde(rename = "超出可收费", default = "no")]
    pub beyond: YesNo,
    /// What may be charged besides even within the promised times, such as drugs and material.
    #[serde(rename = "另收", default)]
    pub besides: Vec<String>,
}

fn no() -> YesNo {
    YesNo::No
}

/// What a package promises, by the work in which it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Service {
    #[serde(rename = "年度健康体检")]
    HealthCheck,
    #[serde(rename = "慢性病随访")]
    FollowUp,
    #[serde(rename = "中医体质辨识")]
    TcmConstitution,
    #[serde(rename = "健康评估")]
    Assessment,
    #[serde(rename = "健康指导")]
    Guidance,
    #[serde(rename = "上门访视")]
    HomeVisit,
    #[serde(rename = "预约转诊")]
    Referral,
    #[serde(rename = "用药指导")]
    Medication,
    #[serde(rename = "康复指导")]
    Rehabilitation,
    #[serde(rename = "护理指导")]
    Nursing,
    #[serde(rename = "疫苗接种指导")]
    Vaccination,
    #[serde(rename = "心理关怀")]
    Counselling,
}

impl Service {
    /// (word under which it is stored, Chinese title), in the order of forms.
    pub const WORDS: &'static [(&'static str, &'static str)] = &[
        ("health_check", "年度健康体检"),
        ("follow_up", "慢性病随访"),
        ("tcm_constitution", "中医体质辨识"),
        ("assessment", "健康评估"),
        ("guidance", "健康指导"),
        ("home_visit", "上门访视"),
        ("referral", "预约转诊"),
        ("medication", "用药指导"),
        ("rehabilitation", "康复指导"),
        ("nursing", "护理指导"),
        ("vaccination", "疫苗接种指导"),
        ("counselling", "心理关怀"),
    ];

    const ALL: [Service; 12] = [
        Service::HealthCheck,
        Service::FollowUp,
        Service::TcmConstitution,
        Service::Assessment,
        Service::Guidance,
        Service::HomeVisit,
        Service::Referral,
        Service::Medication,
        Service::Rehabilitation,
        Service::Nursing,
        Service::Vaccination,
        Service::Counselling,
    ];

    /// The word under which it is stored.
    pub fn word(self) -> &'static str {
        Service::WORDS[self as usize].0
    }

    /// The one of a stored word.
    pub fn parse(word: &str) -> Option<Service> {
        Service::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// Who is to be signed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    #[serde(rename = "年龄")]
    pub age: u16,
    #[serde(rename = "人群", default)]
    pub groups: Vec<Group>,
}

/// The packages that fit somebody: those for the person's groups first, then those for everybody of the age.
///
/// 依据: 国医改办发〔2016〕1号 签约服务内涵: 针对不同人群设计服务包
pub fn fitting<'a>(person: &Person, policy: &InForce<'a>) -> Result<Vec<&'a Package>, NoPolicy> {
    let packages = policy.read(|it| &it.contracting.packages)?;
    let fits = |it: &&Package| {
        let in_group = it.groups.is_empty() || it.groups.iter().any(|group| person.groups.contains(group));
        it.age <= person.age && in_group
    };
    let mut found: Vec<&Package> = packages.iter().filter(fits).collect();
    found.sort_by_key(|it| (it.groups.is_empty(), std::cmp::Reverse(it.age)));
    Ok(found)
}

/// The first day on which a contract that begins on `from` no longer runs.
///
/// 依据: 国医改办发〔2016〕1号 签约服务主体: 签约周期原则上为一年，期满可续约
pub fn until(from: Date, policy: &InForce<'_>) -> Result<Date, NoPolicy> {
    Ok(from.add_months(i32::from(*policy.read(|it| &it.contracting.term_months)?)))
}

/// The first day on which a contract can be renewed that no longer runs from `until` on.
///
/// 依据: 国医改办发〔2016〕1号 签约服务主体: 期满可续约
pub fn renewable_from(until: Date, policy: &InForce<'_>) -> Result<Date, NoPolicy> {
    Ok(until.add_days(-i32::from(*policy.read(|it| &it.contracting.renewal_days)?)))
}

/// The groups because of which somebody is to be signed; none for whom signing is a choice.
///
/// 依据: 国医改办发〔2016〕1号 签约服务主体: 优先覆盖老年人、残疾人等人群; 医养结合促进行动 特殊困难老年人签约
pub fn must_sign(groups: &[Group], policy: &InForce<'_>) -> Result<Vec<Group>, NoPolicy> {
    let listed = policy.read(|it| &it.contracting.must_sign)?;
    Ok(groups.iter().copied().filter(|it| listed.contains(it)).collect())
}

/// The day from which a contract counts as signed and not kept (签而不约), unless a service is given before.
///
/// 依据: 国医改办发〔2016〕1号 考核: 防止签而不约
pub fn idle_from(begin: Date, last_service: Option<Date>, policy: &InForce<'_>) -> Result<Date, NoPolicy> {
    let months = *policy.read(|it| &it.contracting.idle_months)?;
    Ok(last_service.unwrap_or(begin).max(begin).add_months(i32::from(months)))
}

/// Whether a promised service may be charged once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Charge {
    /// The package pays; so many times are left, and this may be charged besides.
    Promised { left: u16, besides: Vec<String> },
    /// The promised times are used up, and more may be charged.
    Beyond,
    /// The promised times are used up, and more is free.
    Free,
}

/// What one more time of a service costs whoever has been given it `done` times already.
///
/// 依据: 西安市进一步推进医养结合发展实施方案（2024年10月20日） 保障措施: 家庭医生签约已经保障的服务不得重复收费
pub fn charge(item: &Item, done: u16) -> Charge {
    match item.times.checked_sub(done) {
        Some(left) if 0 < left => Charge::Promised { left, besides: item.besides.clone() },
        _ if item.beyond.is_yes() => Charge::Beyond,
        _ => Charge::Free,
    }
}
