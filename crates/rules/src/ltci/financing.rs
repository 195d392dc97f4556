//! Who pays into the fund (筹资): by kind of insured person, from which purse, at which rate.

use serde::{Deserialize, Serialize};

use crate::{
    base::{Money, Rate},
    policy::{InForce, NoPolicy},
};

/// What an insured person is insured as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Kind {
    #[serde(rename = "在职职工")]
    Employee,
    #[serde(rename = "退休人员")]
    Retiree,
    #[serde(rename = "灵活就业人员")]
    Flexible,
    #[serde(rename = "城乡居民")]
    Resident,
    #[serde(rename = "未成年人")]
    Minor,
}

/// A purse that contributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Purse {
    #[serde(rename = "用人单位")]
    Employer,
    #[serde(rename = "个人")]
    Person,
    #[serde(rename = "财政")]
    Treasury,
    #[serde(rename = "医保统筹基金")]
    MedicalFund,
}

/// What one kind of insured person contributes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Financing {
    #[serde(rename = "参保类别")]
    pub kind: Kind,
    /// Of what the rates are taken, in words: the person's own contribution base, pension, the region's income per head.
    #[serde(rename = "基数")]
    pub base: String,
    #[serde(rename = "来源")]
    pub shares: Vec<Share>,
}

/// What one purse pays.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    #[serde(rename = "谁")]
    pub purse: Purse,
    #[serde(rename = "多少")]
    pub amount: Amount,
}

/// A part of a base, or so much a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Amount {
    Rate(Rate),
    Fixed(Money),
}

/// Somebody for whom a contribution is due.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contributor {
    #[serde(rename = "参保类别")]
    pub kind: Kind,
    /// The base of the period, as the region's payment file gives it.
    #[serde(rename = "基数", default)]
    pub base: Money,
}

/// What is due of one purse.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    #[serde(rename = "谁")]
    pub purse: Purse,
    #[serde(rename = "应缴")]
    pub amount: Money,
}

/// What is due of each purse for one period, half a fen upwards; nothing for whom no contribution is asked.
///
/// 依据: 关于加快建立长期护理保险制度的意见 筹资: 在职职工单位和个人同比例, 退休人员个人, 城乡居民个人与财政
pub fn contribution(of: &Contributor, policy: &InForce<'_>) -> Result<Vec<Due>, NoPolicy> {
    let financing = policy.read(|it| &it.ltci.financing)?;
    let Some(kind) = financing.iter().find(|it| it.kind == of.kind) else {
        return Err(policy.nothing_for("ltci", "筹资标准"));
    };
    let due = kind.shares.iter().map(|it| Due {
        purse: it.purse,
        amount: match it.amount {
            Amount::Fixed(amount) => amount,
            Amount::Rate(rate) => rate.of(of.base),
        },
    });
    Ok(due.collect())
}
