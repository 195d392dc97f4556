//! Cases of services at home: each names a service of the catalogue.

use serde::{Deserialize, Serialize};

use crate::{
    base::Date,
    dispatch,
    home_service::{self, Answer, CallOff, Fit, Known, May, Party, Service, Staff, Visit},
    policy::{InForce, NoPolicy},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffAsked {
    #[serde(rename = "服务")]
    service: String,
    #[serde(rename = "谁")]
    staff: Staff,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DispatchAsked {
    #[serde(rename = "来做")]
    purpose: dispatch::Purpose,
    #[serde(rename = "谁")]
    staff: Staff,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientAsked {
    #[serde(rename = "服务")]
    service: String,
    #[serde(rename = "老人")]
    known: Known,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartyAsked {
    #[serde(rename = "服务")]
    service: String,
    #[serde(rename = "上门")]
    visit: Visit,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AssessedOn {
    #[serde(rename = "评估日")]
    pub(super) day: Date,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct CallOffFound {
    #[serde(rename = "取消")]
    pub(super) answer: CallOff,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct MayApply {
    #[serde(rename = "结论")]
    pub(super) answer: Answer,
}

/// A case that names what is not in the catalogue is a slip of its writer.
fn service<'a>(id: &str, policy: &InForce<'a>) -> Result<&'a Service, NoPolicy> {
    Ok(home_service::service(id, policy)?.expect("a case names a service of the catalogue"))
}

pub(super) fn dispatched(asked: &DispatchAsked, policy: &InForce<'_>) -> Result<May, NoPolicy> {
    dispatch::may(&asked.staff, &asked.purpose, policy)
}

pub(super) fn staff(asked: &StaffAsked, policy: &InForce<'_>) -> Result<May, NoPolicy> {
    home_service::may(&asked.staff, service(&asked.service, policy)?, policy)
}

pub(super) fn client(asked: &ClientAsked, policy: &InForce<'_>) -> Result<Fit, NoPolicy> {
    Ok(home_service::for_whom(&asked.known, service(&asked.service, policy)?))
}

pub(super) fn party(asked: &PartyAsked, policy: &InForce<'_>) -> Result<Party, NoPolicy> {
    home_service::party(&asked.visit, service(&asked.service, policy)?, policy)
}
