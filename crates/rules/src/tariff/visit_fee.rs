//! The visit fee (上门服务费) that a public institution sets itself, from what a visit costs.

use serde::{Deserialize, Serialize};

use crate::base::{Money, Rate};

/// What an institution fills in of its visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// How far its visits go; the way there and back is paid.
    #[serde(rename = "服务半径公里")]
    pub radius_km: u16,
    /// From leaving to coming back.
    #[serde(rename = "每次分钟")]
    pub minutes: u16,
    #[serde(rename = "上门人数")]
    pub persons: u16,
    /// Of one person for an hour.
    #[serde(rename = "每小时人力成本")]
    pub hourly: Money,
    #[serde(rename = "每公里交通费")]
    pub per_km: Money,
    /// 100% where offer and demand are even.
    #[serde(rename = "供求系数")]
    pub demand: Rate,
}

/// What follows from the costs. Labour and transport are rounded for reading; the proposal is rounded once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VisitFee {
    #[serde(rename = "人力")]
    pub labour: Money,
    #[serde(rename = "交通")]
    pub transport: Money,
    #[serde(rename = "测算")]
    pub proposed: Money,
}

/// The fee that covers labour and transport, times the factor of demand, rounded half up to the fen.
///
/// 依据: 西安市进一步推进医养结合发展实施方案（2024年10月20日） 保障措施: 公立医疗机构综合考虑服务半径、人力成本、交通成本、供求关系等自主确定上门服务费
pub fn visit_fee(costs: &Costs) -> VisitFee {
    let labour = i128::from(costs.hourly.fen()) * i128::from(costs.persons) * i128::from(costs.minutes);
    let transport = i128::from(costs.per_km.fen()) * 2 * i128::from(costs.radius_km);
    let whole = (labour + transport * 60) * i128::from(costs.demand.millionths());
    VisitFee { labour: rounded(labour, 60), transport: rounded(transport, 1), proposed: rounded(whole, 60_000_000) }
}

fn rounded(amount: i128, by: i128) -> Money {
    let fen = (amount + amount.signum() * (by / 2)) / by;
    Money::from_fen(i64::try_from(fen).unwrap_or(if fen < 0 { i64::MIN } else { i64::MAX }))
}
