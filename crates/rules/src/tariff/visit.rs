//! What a visit at home costs (上门服务费 + 医疗服务价格), never paid twice.

use serde::{Deserialize, Serialize};

use crate::{
    base::Money,
    policy::{InForce, NoPolicy},
};

/// What can pay for a service in the person's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Payer {
    #[serde(rename = "家庭医生签约")]
    FamilyDoctorContract,
    #[serde(rename = "长期护理保险")]
    Ltci,
    #[serde(rename = "基本公共卫生服务")]
    PublicHealth,
    #[serde(rename = "基本医疗保险")]
    MedicalInsurance,
}

impl Payer {
    /// (word under which it is stored, Chinese title).
    pub const WORDS: &'static [(&'static str, &'static str)] = &[
        ("contract", "家庭医生签约"),
        ("ltci", "长期护理保险"),
        ("public_health", "基本公共卫生服务"),
        ("insurance", "基本医疗保险"),
    ];

    const ALL: [Payer; 4] = [Payer::FamilyDoctorContract, Payer::Ltci, Payer::PublicHealth, Payer::MedicalInsurance];

    /// The word under which it is stored.
    pub fn word(self) -> &'static str {
        Payer::WORDS[self as usize].0
    }

    /// The one of a stored word.
    pub fn parse(word: &str) -> Option<Payer> {
        Payer::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// A visit with the services given in it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// Set by the institution itself (自主确定).
    #[serde(rename = "上门服务费")]
    pub visit_fee: Money,
    #[serde(rename = "项目")]
    pub items: Vec<VisitItem>,
}

/// One service given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitItem {
    #[serde(rename = "名称")]
    pub name: String,
    #[serde(rename = "已由", default)]
    pub paid_by: Option<Payer>,
}

/// What the person pays, and what was left out because it is paid already.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bill {
    #[serde(rename = "应收")]
    pub due: Money,
    #[serde(rename = "已由保障支付", default)]
    pub paid_already: Vec<String>,
    /// Items without a price in force here: the bill is not complete before they have one.
    #[serde(rename = "没有价格", default)]
    pub unpriced: Vec<String>,
}

/// Visit fee and prices of the services, without those that a contract package or insurance pays already.
///
/// 依据: 西安市进一步推进医养结合发展实施方案（2024年10月20日） 保障措施: 家庭医生签约或长期护理保险已经保障的服务不得重复收费
pub fn home_visit(visit: &Visit, policy: &InForce<'_>) -> Result<Bill, NoPolicy> {
    let prices = policy.read(|it| &it.tariff.prices)?;
    let already_paid_by = policy.read(|it| &it.tariff.already_paid_by)?;

    let mut bill = Bill { due: visit.visit_fee, paid_already: Vec::new(), unpriced: Vec::new() };
    for item in &visit.items {
        let paid_already = item.paid_by.is_some_and(|it| already_paid_by.contains(&it));
        match prices.get(&item.name) {
            _ if paid_already => bill.paid_already.push(item.name.clone()),
            Some(price) => bill.due = bill.due + *price,
            None => bill.unpriced.push(item.name.clone()),
        }
    }
    Ok(bill)
}
