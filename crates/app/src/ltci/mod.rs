//! Long-term-care insurance (长护险): who is insured and pays in, who asks for benefit and what is decided, who may give care,
//! what is claimed, settled and paid, and what the fund has (S30–S33). What is right is `rules::ltci`.

mod benefit;
mod claim;
mod insured;
mod provider;
mod settle;
mod words;

pub use claim::import::CLAIMS;
pub use settle::{
    export::files as export_files,
    keep::latest as latest_run,
    work::{Outcome, settle as settle_month},
};

use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "ltci",
    title: "长期护理保险",
    perms: &[READ, APPLY, HANDLE, AUDIT, CLAIM, SETTLED, COMPLAIN, COMPLAINTS],
    routes,
    menu: &[
        Menu { area: Area::Funds, path: "/ltci", title: "长护险待遇", icon: "shield-check", perm: READ },
        Menu { area: Area::Funds, path: "/ltci/claims", title: "长护险结算", icon: "receipt", perm: SETTLED },
    ],
    due: Some(settle::work::due),
    jobs: settle::work::JOBS,
    lists: &[
        &claim::list::CLAIMS,
        &settle::list::SETTLEMENTS,
        &settle::list::VERDICTS,
        &settle::list::PAYMENTS,
        &settle::list::SAMPLES,
        &settle::list::OBJECTIONS,
        &settle::list::COMPLAINTS,
        &settle::list::REDO,
    ],
    often: &[Role::Clerk, Role::Auditor],
    english: include_str!("en.toml"),
    ..EMPTY
};

/// To see benefits and providers, each within one's scope; family their own.
pub const READ: Perm = Perm {
    name: "ltci.read",
    title: "查看长护险待遇和机构",
    roles: &[
        Role::Clinician,
        Role::Lead,
        Role::Carer,
        Role::Manager,
        Role::Assessor,
        Role::Clerk,
        Role::Auditor,
        Role::Operator,
        Role::Official,
        Role::Family,
    ],
};
/// To apply for benefit, to withdraw, to ask for another way of care or provider.
pub const APPLY: Perm = Perm {
    name: "ltci.apply",
    title: "申请长护险待遇",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Clerk, Role::Operator, Role::Family],
};
/// To decide, to keep enrolment and agreements, to settle and pay.
pub const HANDLE: Perm = Perm { name: "ltci.handle", title: "经办长护险", roles: &[Role::Clerk] };
/// To review settlements by samples and to follow findings.
pub const AUDIT: Perm = Perm { name: "ltci.audit", title: "稽核长护险", roles: &[Role::Auditor] };
/// To claim what was given, and to object to what became of it: an institution its own.
pub const CLAIM: Perm = Perm { name: "ltci.claim", title: "申报长护险费用", roles: &[Role::Manager, Role::Clerk] };
/// To see claims, runs, statements and payments: an institution its own.
pub const SETTLED: Perm = Perm {
    name: "ltci.settled",
    title: "查看长护险结算",
    roles: &[Role::Manager, Role::Clerk, Role::Auditor, Role::Official],
};
/// To say that a service did not happen.
pub const COMPLAIN: Perm = Perm {
    name: "ltci.complain",
    title: "反映服务未发生",
    roles: &[Role::Family, Role::Operator, Role::Clinician, Role::Lead, Role::Clerk],
};
/// To see who said so, and to check it.
pub const COMPLAINTS: Perm =
    Perm { name: "ltci.complaints", title: "核查服务未发生的反映", roles: &[Role::Clerk, Role::Auditor] };

fn routes() -> Routes {
    settle::routes(claim::routes(Routes::default()))
}
