//! The verified visit (上门服务核验): what the evidence of a visit says of who, whom, what, where, when in and when out, and whether
//! it is enough. What nobody could measure is unknown, and unknown is neither a fault nor a proof.
//!
//! 依据: 医保办发〔2024〕21号 服务记录要素: 服务项目、服务对象、服务人员、地点、开始时间、结束时间; limits see 政策库“上门服务核验”

mod check;
mod photo;
mod place;

use serde::{Deserialize, Serialize};

use crate::policy::{InForce, NoPolicy, topic};

pub use check::{Check, Finding, Outcome, Verdict, confirmed_by};
pub use photo::{Lacking, Photo};
pub use place::{Fix, Point, metres};

topic! {
    /// What a region lays down about proving a visit.
    "visit", "上门服务核验", "Verified visits" {
        /// Metres around the home within which somebody is there.
        radius: u32 = "到场半径米",
        /// Metres; a position less exact than this says nothing.
        accuracy: u32 = "定位精度米",
        /// Minutes by which the phone's clock may be off.
        clock_minutes: u16 = "时钟偏差分钟",
        /// Percent of the planned time that a visit lasts at least.
        least_percent: u8 = "最短时长百分比",
        /// Kilometres an hour between two visits, at most.
        speed: u16 = "途中时速公里",
        /// Days after a visit within which it may be put right.
        correction_days: u16 = "更正期限天数",
        /// Hours after which work that a phone has not sent is a matter for the manager.
        unsent_hours: u16 = "未上传时限小时",
    }
}

/// What is known of a visit. Instants are seconds since 1970 UTC by the server's clock, as far as it could be told.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Visit {
    /// How the evidence came: by our phone, or as another vendor or a page told it.
    #[serde(rename = "来源")]
    pub source: Source,
    #[serde(rename = "项目")]
    pub tasks: Vec<Task>,
    /// Services planned of which nothing was said.
    #[serde(rename = "未记项目")]
    pub untold: Vec<String>,
    #[serde(rename = "门码")]
    pub door: Door,
    /// The device of the home that measured, during the visit, the same values as were recorded; empty without one.
    #[serde(rename = "设备见证")]
    pub witness: String,
    #[serde(rename = "签名")]
    pub signature: Signature,
    #[serde(rename = "签名必需")]
    pub needs_signature: bool,
    /// Photos that services done ask for and that were not taken.
    #[serde(rename = "缺照片")]
    pub lacking: Vec<Lacking>,
    #[serde(rename = "需要人数")]
    pub people: u8,
    #[serde(rename = "人员")]
    pub staff: Vec<Carer>,
    #[serde(rename = "住处")]
    pub home: Option<Point>,
    #[serde(rename = "到达定位")]
    pub begin_fix: Option<Fix>,
    #[serde(rename = "离开定位")]
    pub end_fix: Option<Fix>,
    #[serde(rename = "开始")]
    pub began: Option<i64>,
    #[serde(rename = "结束")]
    pub ended: Option<i64>,
    /// By how many seconds the phone's clock is ahead of the server's; nothing where it could not be told.
    #[serde(rename = "时钟快秒")]
    pub clock_ahead: Option<i64>,
    #[serde(rename = "计划分钟")]
    pub planned_minutes: u16,
    #[serde(rename = "同时服务")]
    pub overlaps: bool,
    /// The visit before it of the same day, of whoever did this one.
    #[serde(rename = "上一次")]
    pub before: Option<Before>,
    #[serde(rename = "证据链")]
    pub chain: Chain,
    /// Numbers of the phone's events that somebody declared lost and that may have belonged to this visit, as `6–50`.
    #[serde(rename = "丢失记录")]
    pub lost: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Source {
    #[default]
    #[serde(rename = "手机")]
    Phone,
    #[serde(rename = "其他系统")]
    Other,
    #[serde(rename = "补录")]
    Written,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Task {
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "已做")]
    pub done: bool,
    #[serde(rename = "原因")]
    pub reason: String,
}

/// What the code at the door said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Door {
    #[default]
    #[serde(rename = "未扫")]
    NotRead,
    #[serde(rename = "相符")]
    Matches,
    /// A code that was this home's before it was printed anew.
    #[serde(rename = "旧码")]
    Former,
    #[serde(rename = "不符")]
    Other,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Signature {
    #[default]
    #[serde(rename = "没有")]
    Missing,
    #[serde(rename = "本人或家属")]
    Given,
    /// Nobody could sign, and it is said why.
    #[serde(rename = "不能签")]
    Impossible,
}

/// Somebody of the staff who did the visit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Carer {
    #[serde(rename = "姓名")]
    pub name: String,
    /// Holds a post on that day.
    #[serde(rename = "在岗")]
    pub works: bool,
}

/// Where and when the visit before ended.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Before {
    #[serde(rename = "结束")]
    pub ended: i64,
    #[serde(rename = "位置")]
    pub at: Point,
}

/// Whether the events of the visit are an unbroken chain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Chain {
    #[default]
    #[serde(rename = "完整")]
    Whole,
    /// Events before these have not come yet.
    #[serde(rename = "未到齐")]
    Waiting,
    /// Events beside these were declared lost: they will never come.
    #[serde(rename = "有丢失")]
    Lost,
    #[serde(rename = "断裂")]
    Broken,
}

/// Every check with its finding, and what they come to.
///
/// # Errors
/// Where the region has laid down no limit that is needed.
pub fn check(it: &Visit, policy: &InForce<'_>) -> Result<Outcome, NoPolicy> {
    check::all(it, policy)
}
