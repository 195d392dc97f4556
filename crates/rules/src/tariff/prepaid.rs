//! Prepayment to institutions (预付): what was given against what was due, month by month.

use serde::{Deserialize, Serialize};

use crate::base::Money;

/// What becomes of the difference at the end of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Rest {
    #[serde(rename = "支付差额")]
    Paid,
    #[serde(rename = "结转下月")]
    Carried,
}

/// A month of one institution.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Month {
    /// What the institution still holds of earlier prepayments; negative where it is owed.
    #[serde(rename = "期初")]
    pub opening: Money,
    #[serde(rename = "预付")]
    pub prepaid: Money,
    /// What the fund owes for the services of the month.
    #[serde(rename = "应付")]
    pub due: Money,
    #[serde(rename = "差额")]
    pub rest: Rest,
}

/// How the month is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// Paid to the institution now; negative where it gives back.
    #[serde(rename = "本次支付")]
    pub paid: Money,
    #[serde(rename = "期末")]
    pub closing: Money,
}

/// Settles a month: what was prepaid counts first, the difference is paid or carried.
///
/// 依据: 西安市进一步推进医养结合发展实施方案（2024年10月20日） 保障措施: 医保基金预付, 年度清算
pub fn settle(month: &Month) -> Settled {
    let balance = month.opening + month.prepaid - month.due;
    match month.rest {
        Rest::Paid => Settled { paid: -balance, closing: Money::ZERO },
        Rest::Carried => Settled { paid: Money::ZERO, closing: balance },
    }
}
