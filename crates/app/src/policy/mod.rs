//! Policy (政策库): what governments decide, shown with the document behind each value, and the decisions taken by it.
//!
//! The values themselves are `rules::policy`; this module shows them for any region and day, proves them by their cases, and
//! keeps decisions of other modules with their reasons ([`decide`]).

mod api;
mod asked;
mod compare;
mod decisions;
mod list;
mod pages;
mod proof;
mod resting;
mod search;
mod values;
mod words;

pub use compare::{Change, Changed, Now, changed, changes};
pub use decisions::{About, Kept, Key, Reason, decide, decision};
pub use pages::shape::folded;

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "policy",
    title: "政策库",
    perms: &[READ, DECISIONS],
    routes,
    menu: &[
        Menu { area: Area::Oversight, path: "/policy", title: "政策库", icon: "bank", perm: READ },
        Menu {
            area: Area::Oversight,
            path: "/policy/decisions",
            title: "决定与理由",
            icon: "list-check",
            perm: DECISIONS,
        },
    ],
    search: Some(search::search),
    words: &[("policy", "政策库"), ("decision", "决定"), ("decisions", "决定与理由")],
    english: include_str!("en.toml"),
    lists: &[&list::DECISIONS],
    ..EMPTY
};

/// What governments decide is for everyone who works here.
pub const READ: Perm = Perm {
    name: "policy.read",
    title: "查看政策库",
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
        Role::Administrator,
    ],
};
/// Decisions are about people: only for those who take or check them.
pub const DECISIONS: Perm = Perm {
    name: "policy.decisions",
    title: "查看决定与理由",
    roles: &[Role::Lead, Role::Assessor, Role::Clerk, Role::Auditor, Role::Official],
};

fn routes() -> Routes {
    Routes::default()
        .page("/policy", READ, pages::values::page)
        .page("/policy/documents", READ, pages::documents::register)
        .page("/policy/documents/{id}", READ, pages::documents::page)
        .page("/policy/instruments", READ, pages::instruments::list)
        .page("/policy/instruments/{id}", READ, pages::instruments::page)
        .page("/policy/cases", READ, pages::cases::page)
        .page("/policy/decisions", DECISIONS, pages::decisions::page)
        .page("/policy/decisions/changed", DECISIONS, pages::decisions::changed)
        .page("/policy/decisions/{key}", DECISIONS, pages::decisions::show)
        .page("/policy/{topic}/{name}", READ, pages::param::page)
        .api(Method::GET, "/policy", READ, api::VALUES, api::values)
        .api(Method::GET, "/policy/{topic}/{name}", READ, api::PARAM, api::param)
        .api(Method::GET, "/instruments", READ, api::INSTRUMENTS, api::instruments)
        .api(Method::GET, "/instruments/{id}", READ, api::INSTRUMENT, api::instrument)
        .api(Method::POST, "/instruments/{id}/score", READ, api::SCORE, api::score)
}
