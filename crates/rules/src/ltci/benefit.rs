//! What the fund pays (待遇标准): how much of what, by way of care, grade, kind of insured person and level of provider.

use serde::{Deserialize, Serialize};

use super::{Grade, Kind, Mode};
use crate::base::{Date, Money, Rate, Text};

/// One line of a region's scale of benefits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Benefit {
    #[serde(rename = "方式")]
    pub mode: Mode,
    #[serde(rename = "等级")]
    pub grades: Vec<Grade>,
    /// Every kind of insured person where it is left out.
    #[serde(rename = "参保类别", default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Kind>,
    /// Levels of the provider, 1 to 3; every level where it is left out.
    #[serde(rename = "机构级别", default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<u8>,
    #[serde(rename = "限额")]
    pub cap: Cap,
    /// What the fund pays of what lies within the cap.
    #[serde(rename = "支付比例")]
    pub rate: Rate,
}

/// Limits that hold at once; none is no limit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cap {
    #[serde(rename = "每小时", skip_serializing_if = "Option::is_none")]
    pub per_hour: Option<Money>,
    #[serde(rename = "每日", skip_serializing_if = "Option::is_none")]
    pub per_day: Option<Money>,
    #[serde(rename = "每月", skip_serializing_if = "Option::is_none")]
    pub per_month: Option<Money>,
    /// A part of the region's base (待遇基数) a month.
    #[serde(rename = "每月基数比例", skip_serializing_if = "Option::is_none")]
    pub share_of_base: Option<Rate>,
    /// Weeks begin on Monday.
    #[serde(rename = "每周小时", skip_serializing_if = "Option::is_none")]
    pub hours_per_week: Option<u16>,
    #[serde(rename = "每月小时", skip_serializing_if = "Option::is_none")]
    pub hours_per_month: Option<u16>,
}

impl Cap {
    /// Whether time is what is paid for.
    pub fn counts_time(&self) -> bool {
        self.per_hour.is_some() || self.hours_per_week.is_some() || self.hours_per_month.is_some()
    }
}

/// More for those cared for at home month after month.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bonus {
    #[serde(rename = "方式")]
    pub mode: Mode,
    #[serde(rename = "等级")]
    pub grades: Vec<Grade>,
    /// From this month of care without a gap; the first month is 1. The highest that is reached counts.
    #[serde(rename = "第几个月起")]
    pub from_month: u16,
    /// So many hours more a month …
    #[serde(rename = "加小时")]
    pub hours: u16,
    /// … or, where the recipient chose it, so much money a month.
    #[serde(rename = "或加金额")]
    pub money: Money,
}

/// What a recipient takes as a bonus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
pub enum BonusChoice {
    #[default]
    #[serde(rename = "小时")]
    Hours,
    #[serde(rename = "金额")]
    Money,
}

/// From which day a benefit runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Start {
    #[serde(rename = "次月")]
    NextMonth,
    #[serde(rename = "次日")]
    NextDay,
}

impl Start {
    /// The first day of a benefit that was decided on `day`.
    pub fn from(self, day: Date) -> Date {
        match self {
            Start::NextDay => day.add_days(1),
            Start::NextMonth => day.first_of_month().add_months(1),
        }
    }
}

/// What a service of the catalogue is.
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
    pub kind: ServiceKind,
    /// Who may do it; anybody who cares for the provider where it is left out.
    #[serde(rename = "资格", default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Qualification>,
    /// The least time it takes, minutes.
    #[serde(rename = "最短分钟", default, skip_serializing_if = "Option::is_none")]
    pub least_minutes: Option<u16>,
    /// The most that may be asked for it once.
    #[serde(rename = "最高价", default, skip_serializing_if = "Option::is_none")]
    pub highest_price: Option<Money>,
}

/// A service of the national catalogue, and those of the local one that are it.
///
/// 依据: 国家长期护理保险服务项目目录（试行）（2025年9月）: 已试点地区逐步对应
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct National {
    #[serde(rename = "国家编号")]
    pub id: String,
    #[serde(rename = "国家名称")]
    pub name: String,
    #[serde(rename = "本地编号")]
    pub local: Vec<String>,
}

/// The two classes of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum ServiceKind {
    #[serde(rename = "生活照护")]
    LifeCare,
    #[serde(rename = "医疗护理")]
    Nursing,
}

/// What a carer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Qualification {
    #[serde(rename = "执业护士")]
    Nurse,
    #[serde(rename = "长期照护师")]
    LongTermCarer,
    #[serde(rename = "养老护理员")]
    CareWorker,
    /// A member of the family, trained and registered.
    #[serde(rename = "家属照护者")]
    Relative,
}

impl Qualification {
    pub fn title(self) -> Text {
        match self {
            Qualification::Nurse => Text::new("执业护士", "registered nurse"),
            Qualification::LongTermCarer => Text::new("长期照护师", "long-term carer"),
            Qualification::CareWorker => Text::new("养老护理员", "care worker"),
            Qualification::Relative => Text::new("家属照护者", "registered relative"),
        }
    }
}
