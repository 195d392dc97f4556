//! Dispatch (派单): by what a day of visits is planned: who may come for what, how long the ways take, when staff work, and what
//! counts how much. The planning itself is the crate `dispatch`.

mod clock;

pub use clock::Clock;

use serde::{Deserialize, Serialize};

use crate::{
    care_plan,
    home_service::{self, Answer, May, Objection, Profession, Staff},
    policy::{InForce, NoPolicy, topic},
};

topic! {
    /// What a region lays down about planning a day of visits. No official source gives numbers; those we ship are examples.
    "dispatch", "派单", "Dispatch" {
        /// Kilometres an hour on the way, by kind.
        speeds: Vec<Speed> = "途中时速",
        /// The way by road in percent of the straight line, where there is no map of roads.
        detour: u16 = "绕路百分比",
        /// How fast it goes where there is a map of roads.
        roads: Roads = "道路时速",
        /// Minutes for parking, stairs and the door, at every home.
        door_minutes: u16 = "进门分钟",
        /// Minutes of a way of which one end is not on the map.
        unknown_minutes: u16 = "无定位路程分钟",
        /// When staff work of whom no hours are written.
        hours: Hours = "默认工作时间",
        /// When they have their break.
        pause: Pause = "默认午休",
        /// Minutes by which a day may become longer.
        overtime_minutes: u16 = "可加班分钟",
        /// Minutes after the latest time agreed at which a visit may still begin.
        late_minutes: u16 = "最多迟到分钟",
        /// Who comes for what, where the service itself does not say it.
        programmes: Vec<Programme> = "各类上门人员",
        /// Visits of so many days count as knowing an elder.
        continuity_days: u16 = "连续服务天数",
        /// What counts how much when two plans are compared.
        weights: Vec<Weight> = "派单权重",
    }
}

/// How somebody gets from home to home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Travel {
    #[serde(rename = "步行")]
    Walk,
    #[serde(rename = "电动车")]
    EBike,
    #[serde(rename = "公交")]
    Bus,
    #[serde(rename = "汽车")]
    Car,
}

impl Travel {
    pub const ALL: [Travel; 4] = [Travel::Walk, Travel::EBike, Travel::Bus, Travel::Car];

    /// (word, Chinese title), for forms and lists.
    pub const WORDS: &'static [(&'static str, &'static str)] =
        &[("walk", "步行"), ("e_bike", "电动车"), ("bus", "公交"), ("car", "汽车")];

    /// The word under which it is stored.
    pub fn word(self) -> &'static str {
        Travel::WORDS[self as usize].0
    }

    /// As [`Travel::word`] wrote it.
    pub fn parse(word: &str) -> Option<Travel> {
        Travel::ALL.into_iter().find(|it| it.word() == word)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Speed {
    #[serde(rename = "方式")]
    pub travel: Travel,
    /// Kilometres an hour.
    #[serde(rename = "时速")]
    pub speed: u16,
}

/// Kilometres an hour of a car by class of road, and what else a map of roads leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Roads {
    #[serde(rename = "高速")]
    pub motorway: u16,
    #[serde(rename = "快速路")]
    pub trunk: u16,
    #[serde(rename = "主干路")]
    pub primary: u16,
    #[serde(rename = "次干路")]
    pub secondary: u16,
    #[serde(rename = "支路")]
    pub tertiary: u16,
    #[serde(rename = "一般路")]
    pub unclassified: u16,
    #[serde(rename = "居住区")]
    pub residential: u16,
    #[serde(rename = "内部路")]
    pub service: u16,
    #[serde(rename = "土路")]
    pub track: u16,
    /// Percent of a speed limit that is driven on the average.
    #[serde(rename = "限速百分比")]
    pub of_limit: u16,
    #[serde(rename = "台阶")]
    pub steps: u16,
    #[serde(rename = "轮渡")]
    pub ferry: u16,
    /// Minutes a bus is waited for.
    #[serde(rename = "候车分钟")]
    pub wait_minutes: u16,
    /// Metres from a home to the nearest road, at most.
    #[serde(rename = "离路米数")]
    pub snap: u16,
    /// Minutes beyond which no way is looked for.
    #[serde(rename = "最远分钟")]
    pub reach_minutes: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    #[serde(rename = "自")]
    pub from: Clock,
    #[serde(rename = "至")]
    pub until: Clock,
}

/// A break that begins somewhere in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    #[serde(rename = "最早")]
    pub from: Clock,
    #[serde(rename = "最晚")]
    pub until: Clock,
    #[serde(rename = "分钟")]
    pub minutes: u16,
}

/// Who comes for the services of a programme.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// A word of the programmes of visits, such as `home_bed`.
    #[serde(rename = "编号")]
    pub id: String,
    #[serde(rename = "人员")]
    pub staff: Vec<Profession>,
}

/// What is counted of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Goal {
    #[serde(rename = "未排上")]
    Left,
    #[serde(rename = "迟到")]
    Late,
    #[serde(rename = "路程")]
    Way,
    #[serde(rename = "加班")]
    Overtime,
    #[serde(rename = "换人")]
    Continuity,
    #[serde(rename = "不均")]
    Fairness,
    #[serde(rename = "改动")]
    Change,
}

/// What one of it weighs, in minutes on the way: of lateness, overtime and unevenness a minute, of the others one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    #[serde(rename = "目标")]
    pub goal: Goal,
    #[serde(rename = "折合分钟")]
    pub minutes: u16,
}

/// For what somebody is to come.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    #[serde(rename = "安排")]
    pub programme: String,
    #[serde(rename = "服务")]
    pub service: String,
}

/// Whether one of the staff may come for something: an order by the catalogue of services at home, a service of a care plan by
/// the catalogue of care plans, everything else by what the region lays down for its programme.
///
/// 依据: 国卫办医函〔2019〕80号 服务主体 (for orders); the rest 政策库“各类上门人员”
pub fn may(staff: &Staff, purpose: &Purpose, policy: &InForce<'_>) -> Result<May, NoPolicy> {
    if purpose.programme == "order"
        && let Some(service) = home_service::service(&purpose.service, policy)?
    {
        return home_service::may(staff, service, policy);
    }
    if purpose.programme == "care_plan"
        && let Some(service) = policy.read(|it| &it.care_plan.services)?.iter().find(|it| it.id == purpose.service)
    {
        return Ok(verdict(staff, service.by.iter().any(|it| is_of(staff.profession, *it))));
    }
    // What nothing is laid down for, anybody at work may do.
    let laid = policy.read(|it| &it.dispatch.programmes)?.iter().find(|it| it.id == purpose.programme);
    Ok(verdict(staff, laid.is_none_or(|it| it.staff.contains(&staff.profession))))
}

/// Whether somebody of a profession is whom a care plan calls by a word of its own.
fn is_of(profession: Profession, called: care_plan::Profession) -> bool {
    use care_plan::Profession as Called;
    match called {
        Called::Doctor => {
            matches!(profession, Profession::Physician | Profession::TcmDoctor | Profession::VillageDoctor)
        }
        Called::TcmDoctor => profession == Profession::TcmDoctor,
        Called::Nurse => profession == Profession::Nurse,
        Called::PublicHealth => matches!(profession, Profession::HealthManager | Profession::VillageDoctor),
        Called::Therapist => profession == Profession::Therapist,
        Called::Pharmacist => profession == Profession::Pharmacist,
        Called::Carer => profession == Profession::CareWorker,
        Called::SocialWorker | Called::Assessor => profession == Profession::Other,
    }
}

fn verdict(staff: &Staff, is_of_profession: bool) -> May {
    let mut against = Vec::new();
    if !staff.present.is_yes() {
        against.push(Objection::Absent);
    }
    if !is_of_profession {
        against.push(Objection::Profession);
    }
    let answer = if against.is_empty() { Answer::Yes } else { Answer::No };
    May { answer, against, open: Vec::new() }
}

/// Kilometres an hour of a kind of travel.
pub fn speed(travel: Travel, policy: &InForce<'_>) -> Result<u16, NoPolicy> {
    let all = policy.read(|it| &it.dispatch.speeds)?;
    Ok(all.iter().find(|it| it.travel == travel).map_or(0, |it| it.speed))
}

/// What one of a goal weighs, in minutes on the way; 0 where the region leaves it out.
pub fn weight(goal: Goal, policy: &InForce<'_>) -> Result<u16, NoPolicy> {
    let all = policy.read(|it| &it.dispatch.weights)?;
    Ok(all.iter().find(|it| it.goal == goal).map_or(0, |it| it.minutes))
}
