//! Long-term-care insurance (长护险): who is insured and pays in, who asks for benefit and what is decided, who may give care,
//! what is claimed, settled and paid, and what the fund has (S30–S33). What is right is `rules::ltci`.

mod benefit;
mod insured;
mod provider;
mod words;

use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "ltci",
    title: "长期护理保险",
    perms: &[READ, APPLY, HANDLE, AUDIT],
    routes,
    menu: &[Menu { area: Area::Funds, path: "/ltci", title: "长护险待遇", icon: "shield-check", perm: READ }],
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

fn routes() -> Routes {
    Routes::default()
}
