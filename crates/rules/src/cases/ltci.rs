//! What cases of long-term-care insurance expect: of a month, of a contribution.

use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, Money, YesNo},
    ltci::{
        Contributor, Due, contribution,
        lead::{self, Known, Visit, leads},
        may_apply,
        settle::{Deduction, Line, Recipient, Rule, Terms, settle},
    },
    policy::{InForce, Library, NoPolicy},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Month {
    #[serde(rename = "享受人")]
    recipient: Recipient,
    #[serde(rename = "明细")]
    lines: Vec<Line>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct MonthFound {
    #[serde(rename = "基金")]
    fund: Money,
    #[serde(rename = "个人", default)]
    person: Money,
    #[serde(rename = "机构", default)]
    provider: Money,
    #[serde(rename = "加成", default)]
    bonus: Money,
    #[serde(rename = "扣减", default)]
    deductions: Vec<DeductionFound>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct DeductionFound {
    #[serde(rename = "编号")]
    line: String,
    #[serde(rename = "规则")]
    rule: Rule,
    #[serde(rename = "金额")]
    amount: Money,
}

/// The month in which the case's day lies.
pub(super) fn month(given: &Month, policy: &InForce<'_>, library: &Library) -> Result<MonthFound, NoPolicy> {
    let first = policy.day().first_of_month();
    let terms = Terms::of(first, first.last_of_month(), |day| library.at(policy.region(), day));
    let settled = settle(&given.recipient, &given.lines, &terms);
    if let Some(none) = settled.verdicts.iter().find_map(|it| it.undecided.clone()) {
        return Err(none);
    }
    let deductions = settled.verdicts.iter().flat_map(|verdict| {
        let of = |it: &Deduction| DeductionFound { line: verdict.line.clone(), rule: it.rule, amount: it.amount };
        verdict.deductions.iter().map(of)
    });
    Ok(MonthFound {
        fund: settled.fund(),
        person: settled.verdicts.iter().map(|it| it.person).sum(),
        provider: settled.verdicts.iter().map(|it| it.provider).sum(),
        bonus: settled.bonus,
        deductions: deductions.collect(),
    })
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct Dues {
    #[serde(rename = "应缴")]
    dues: Vec<Due>,
}

pub(super) fn dues(given: &Contributor, policy: &InForce<'_>) -> Result<Dues, NoPolicy> {
    contribution(given, policy).map(|dues| Dues { dues })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SelfRated {
    #[serde(rename = "自评")]
    result: char,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct MayApply {
    #[serde(rename = "可申请")]
    may: YesNo,
}

pub(super) fn self_rated(given: &SelfRated, policy: &InForce<'_>) -> Result<MayApply, NoPolicy> {
    may_apply(given.result, policy).map(|may| MayApply { may })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Concluded {
    #[serde(rename = "结论日")]
    day: Date,
}

/// The first day of a benefit.
pub(super) fn start(given: &Concluded, policy: &InForce<'_>) -> Result<Date, NoPolicy> {
    Ok(policy.read(|it| &it.ltci.start)?.from(given.day))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claimed {
    #[serde(rename = "服务", default)]
    visits: Vec<Visit>,
    #[serde(rename = "享受人", default)]
    known: Vec<Known>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct Found {
    #[serde(rename = "线索")]
    leads: Vec<LeadFound>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct LeadFound {
    #[serde(rename = "情形")]
    kind: lead::Kind,
    #[serde(rename = "明细", default)]
    lines: Vec<String>,
}

pub(super) fn found(given: &Claimed, policy: &InForce<'_>) -> Result<Found, NoPolicy> {
    let thresholds = policy.read(|it| &it.ltci.thresholds)?;
    let all = leads(&given.visits, &given.known, thresholds).into_iter();
    Ok(Found { leads: all.map(|it| LeadFound { kind: it.kind, lines: it.lines }).collect() })
}
