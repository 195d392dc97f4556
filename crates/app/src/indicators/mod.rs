//! Indicators (指标): every number that a commission governs by, on any day, down to the persons behind it (S42).
//!
//! Modules define their indicators and say what holds of whom (`kit::tally`); this module reads, shows and reports them.

mod api;
mod figure;
mod pages;
mod series;
mod work;

pub use api::{everybody as persons, item};
pub use figure::{Asked, Figure, Shown, all, find, read, target};

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "indicators",
    title: "指标",
    perms: &[READ, PERSONS, RECOUNT],
    routes,
    menu: &[Menu {
        area: Area::Oversight, path: "/indicators", title: "指标看板", icon: "bar-chart-line", perm: READ
    }],
    due: Some(work::due),
    figures: Some(work::figures),
    search: Some(work::search),
    jobs: work::JOBS,
    english: include_str!("en.toml"),
    ..EMPTY
};

/// Numbers name nobody; everybody who works here may read them for their own place.
pub const READ: Perm = Perm {
    name: "indicators.read",
    title: "查看指标",
    roles: &[
        Role::Clinician,
        Role::Lead,
        Role::Manager,
        Role::Clerk,
        Role::Auditor,
        Role::Official,
        Role::Administrator,
    ],
};
/// The persons behind a number.
pub const PERSONS: Perm = Perm {
    name: "indicators.persons",
    title: "查看指标背后的名单",
    roles: &[Role::Clinician, Role::Lead, Role::Auditor, Role::Official],
};
/// To compare what is kept with the facts, and to put it right.
pub const RECOUNT: Perm =
    Perm { name: "indicators.recount", title: "核对与重算指标", roles: &[Role::Administrator] };

fn routes() -> Routes {
    Routes::default()
        .page("/indicators", READ, pages::overview::page)
        .page("/indicators/recount", RECOUNT, pages::recount::page)
        .action("/indicators/recount", RECOUNT, pages::recount::start)
        .page("/indicators/{id}", READ, pages::one::page)
        .page("/indicators/{id}/persons", PERSONS, pages::persons::page)
        .api(Method::GET, "/indicators", READ, api::LIST, api::list)
        .api(Method::GET, "/indicators/{id}", READ, api::ONE, api::one)
        .api(Method::GET, "/indicators/{id}/persons", PERSONS, api::PERSONS, api::persons)
}
