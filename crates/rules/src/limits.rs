//! Limits (体征限值): what readings and silence of devices raise an alarm, and what does not. Pure functions of readings, limits, what was
//! kept before and the time given; a value that is late, implausible or of a wrong clock raises nothing live, and it is said why.
//!
//! 依据: the values of urgent referral are those of 慢病管理 (国家基本公共卫生服务规范（第三版）); everything else see 政策库“体征限值”

mod absence;
mod course;
mod device;
mod item;
mod judge;
mod of;
mod quiet;
mod reason;
mod trend;

use serde::{Deserialize, Serialize};

use crate::{base::Tenths, dispatch::Clock, policy::topic};

pub use absence::{Home, Silent, Still, silent, still};
pub use device::{DeviceKind, kind_of, of_device};
pub use item::Item;
pub use judge::{Judged, State, Unheeded, Why, judge};
pub use of::{Bound, Bounds, Limits, Own, limits};
pub use quiet::{Told, quiet_until, tell};
pub use reason::{Ground, Over, OwnSaid, Raise, Reason};
pub use trend::{Day, Trends, trends};

topic! {
    /// What a region lays down about when readings raise an alarm.
    "limits", "体征限值", "Limits of vital signs" {
        limits: Vec<Limit> = "报警限值",
        changes: Vec<Change> = "短期变化",
        means: Vec<MeanChange> = "均值变化",
        combinations: Vec<Combination> = "组合报警",
        /// Somebody who has not moved by a time of the morning, though a device of the home lives.
        morning: Morning = "晨起活动",
        silence: Vec<Silence> = "设备失联时限",
        /// What is not urgent is told when these hours end.
        quiet: Quiet = "安静时段",
    }
}

/// The limits of one measure. A value that reaches a limit is beyond it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    #[serde(rename = "项目")]
    pub item: Item,
    #[serde(rename = "紧急低", default, skip_serializing_if = "Option::is_none")]
    pub urgent_low: Option<Tenths>,
    #[serde(rename = "低", default, skip_serializing_if = "Option::is_none")]
    pub low: Option<Tenths>,
    #[serde(rename = "高", default, skip_serializing_if = "Option::is_none")]
    pub high: Option<Tenths>,
    #[serde(rename = "紧急高", default, skip_serializing_if = "Option::is_none")]
    pub urgent_high: Option<Tenths>,
    /// How far back inside a value has to come before it is over.
    #[serde(rename = "回差")]
    pub back: Tenths,
    /// So many readings beyond it, not more than so many minutes apart, raise it.
    #[serde(rename = "次数")]
    pub times: u8,
    #[serde(rename = "紧急次数")]
    pub urgent_times: u8,
    #[serde(rename = "分钟")]
    pub minutes: u16,
}

/// A value that moves too far in a few days.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    #[serde(rename = "项目")]
    pub item: Item,
    #[serde(rename = "天数")]
    pub days: u16,
    #[serde(rename = "方向")]
    pub way: Way,
    #[serde(rename = "相差")]
    pub by: Tenths,
}

/// A mean of the last days that lies far from that of the days before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MeanChange {
    #[serde(rename = "项目")]
    pub item: Item,
    #[serde(rename = "近天数")]
    pub near: u16,
    #[serde(rename = "远天数")]
    pub far: u16,
    /// Both means are of so many days with values at least.
    #[serde(rename = "至少天数")]
    pub least: u16,
    #[serde(rename = "相差")]
    pub by: Tenths,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Way {
    #[serde(rename = "上升")]
    Up,
    #[serde(rename = "下降")]
    Down,
}

/// Values that mean more together than each alone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Combination {
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "英文")]
    pub name_en: String,
    #[serde(rename = "条件")]
    pub parts: Vec<Part>,
    #[serde(rename = "分钟")]
    pub minutes: u16,
    #[serde(rename = "紧急")]
    pub urgent: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    #[serde(rename = "项目")]
    pub item: Item,
    #[serde(rename = "侧")]
    pub side: Side,
    #[serde(rename = "限值")]
    pub limit: Tenths,
}

/// On which side of a limit a value is beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Side {
    #[serde(rename = "低")]
    Low,
    #[serde(rename = "高")]
    High,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Morning {
    /// Movement since then counts.
    #[serde(rename = "起")]
    pub from: Clock,
    /// By then somebody has moved.
    #[serde(rename = "止")]
    pub until: Clock,
    /// A home whose devices said nothing for so many hours tells nothing of who lives there.
    #[serde(rename = "设备有效小时")]
    pub alive_hours: u16,
    #[serde(rename = "紧急")]
    pub urgent: bool,
}

/// A kind of device that says something at least so often. Kinds that are not listed are never missed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Silence {
    #[serde(rename = "设备")]
    pub kind: DeviceKind,
    #[serde(rename = "小时")]
    pub hours: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    #[serde(rename = "起")]
    pub from: Clock,
    #[serde(rename = "止")]
    pub until: Clock,
}
