//! Cases of contracts: packages that fit, terms, what is charged.

use serde::{Deserialize, Serialize};

use crate::{
    base::Date,
    contracting,
    policy::{InForce, NoPolicy},
};

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct PackagesFound {
    #[serde(rename = "服务包")]
    packages: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TermAsked {
    #[serde(rename = "起")]
    from: Date,
    #[serde(rename = "最近服务", default)]
    last_service: Option<Date>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct TermFound {
    #[serde(rename = "有效至")]
    last_day: Date,
    #[serde(rename = "可续签自")]
    renewable: Date,
    #[serde(rename = "无服务提醒日")]
    idle: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChargeAsked {
    #[serde(rename = "服务包")]
    package: String,
    #[serde(rename = "服务")]
    service: contracting::Service,
    #[serde(rename = "已做")]
    done: u16,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct ChargeFound {
    #[serde(rename = "收费")]
    charge: String,
}

fn charge_word(it: &contracting::Charge) -> &'static str {
    match it {
        contracting::Charge::Promised { .. } => "已含在服务包内",
        contracting::Charge::Beyond => "可以收费",
        contracting::Charge::Free => "不收费",
    }
}

pub(super) fn packages(person: &contracting::Person, policy: &InForce<'_>) -> Result<PackagesFound, NoPolicy> {
    let found = contracting::fitting(person, policy)?;
    Ok(PackagesFound { packages: found.into_iter().map(|it| it.id.clone()).collect() })
}

pub(super) fn term(asked: &TermAsked, policy: &InForce<'_>) -> Result<TermFound, NoPolicy> {
    let until = contracting::until(asked.from, policy)?;
    Ok(TermFound {
        last_day: until.add_days(-1),
        renewable: contracting::renewable_from(until, policy)?,
        idle: contracting::idle_from(asked.from, asked.last_service, policy)?,
    })
}

pub(super) fn charge(asked: &ChargeAsked, policy: &InForce<'_>) -> Result<ChargeFound, NoPolicy> {
    let packages = policy.read(|it| &it.contracting.packages)?;
    let package = packages.iter().find(|it| it.id == asked.package);
    let item = package.and_then(|it| it.items.iter().find(|it| it.service == asked.service));
    Ok(ChargeFound { charge: item.map_or("未约定", |it| charge_word(&contracting::charge(it, asked.done))).into() })
}
