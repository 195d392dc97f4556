//! The split of one line of a bill: what medical insurance, long-term-care insurance, the package, public health and the person
//! pay of it.

use std::{iter::Sum, ops::Add};

use serde::{Deserialize, Serialize};

use super::{Class, Payer};
use crate::{
    base::{Money, YesNo},
    policy::{InForce, NoPolicy},
};

/// One line: so many times an item.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    #[serde(rename = "单价")]
    pub price: Money,
    #[serde(rename = "数量")]
    pub quantity: u16,
    #[serde(rename = "医保类别")]
    pub class: Class,
    /// What pays the whole line in the person's place.
    #[serde(rename = "已由", default)]
    pub paid_by: Option<Payer>,
    /// Whether the line is settled with medical insurance.
    #[serde(rename = "医保结算")]
    pub insured: YesNo,
}

/// An amount and its parts, which always add up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    #[serde(rename = "金额")]
    pub amount: Money,
    #[serde(rename = "医保", default)]
    pub insurance: Money,
    #[serde(rename = "长护险", default)]
    pub ltci: Money,
    #[serde(rename = "签约服务包", default)]
    pub package: Money,
    #[serde(rename = "公卫", default)]
    pub public_health: Money,
    #[serde(rename = "个人", default)]
    pub person: Money,
}

impl Split {
    /// The same with every part turned round: what takes a line back.
    pub fn taken_back(self) -> Split {
        Split {
            amount: -self.amount,
            insurance: -self.insurance,
            ltci: -self.ltci,
            package: -self.package,
            public_health: -self.public_health,
            person: -self.person,
        }
    }

    /// The sum of the parts.
    pub fn parts(&self) -> Money {
        self.insurance + self.ltci + self.package + self.public_health + self.person
    }
}

impl Add for Split {
    type Output = Split;

    fn add(self, other: Split) -> Split {
        Split {
            amount: self.amount + other.amount,
            insurance: self.insurance + other.insurance,
            ltci: self.ltci + other.ltci,
            package: self.package + other.package,
            public_health: self.public_health + other.public_health,
            person: self.person + other.person,
        }
    }
}

impl Sum for Split {
    fn sum<I: Iterator<Item = Split>>(all: I) -> Split {
        all.fold(Split::default(), Add::add)
    }
}

/// Who pays how much of a line. The share of insurance is rounded half up to the fen, once a line; the rest is the person's.
///
/// 依据: 西安市进一步推进医养结合发展实施方案（2024年10月20日） 保障措施: 家庭医生签约或长期护理保险已经保障的服务不得重复收费; 医保目录甲乙丙分类
pub fn split(line: &Line, policy: &InForce<'_>) -> Result<Split, NoPolicy> {
    let amount = line.price.times(i64::from(line.quantity)).unwrap_or(Money::from_fen(i64::MAX));
    let whole = Split { amount, ..Split::default() };
    Ok(match line.paid_by {
        Some(Payer::FamilyDoctorContract) => Split { package: amount, ..whole },
        Some(Payer::Ltci) => Split { ltci: amount, ..whole },
        Some(Payer::PublicHealth) => Split { public_health: amount, ..whole },
        Some(Payer::MedicalInsurance) => Split { insurance: amount, ..whole },
        None if line.insured.is_yes() => {
            let rates = policy.read(|it| &it.tariff.reimbursement)?;
            let rate = rates.get(&line.class).ok_or_else(|| policy.nothing_for("tariff", "报销比例"))?;
            let insurance = rate.of(amount).clamp(Money::ZERO, amount.max(Money::ZERO));
            Split { insurance, person: amount - insurance, ..whole }
        }
        None => Split { person: amount, ..whole },
    })
}
