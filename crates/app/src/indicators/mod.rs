//! Indicators (指标): every number that a commission governs by, on any day, down to the persons behind it (S42).
//!
//! Modules define their indicators and say what holds of whom (`kit::tally`); this module reads, shows and reports them.

mod api;
mod figure;
mod list;
mod pages;
mod report;
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
    perms: &[READ, PERSONS, REPORT, SETTLE, RECOUNT],
    routes,
    menu: &[
        Menu { area: Area::Oversight, path: "/indicators", title: "指标看板", icon: "bar-chart", perm: READ },
        Menu {
            area: Area::Oversight,
            path: "/indicators/reports",
            title: "指标报表",
            icon: "file-earmark-text",
            perm: READ,
        },
    ],
    often: &[Role::Official],
    due: Some(work::due),
    figures: Some(work::figures),
    search: Some(work::search),
    jobs: work::JOBS,
    english: include_str!("en.toml"),
    lists: &[&list::REPORTS],
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
/// To freeze the figures of one's place, complete them and send them upwards.
pub const REPORT: Perm =
    Perm { name: "indicators.report", title: "填报指标报表", roles: &[Role::Lead, Role::Official] };
/// To return or lock what others sent.
pub const SETTLE: Perm = Perm { name: "indicators.settle", title: "审定指标报表", roles: &[Role::Official] };
/// To compare what is kept with the facts, and to put it right.
pub const RECOUNT: Perm =
    Perm { name: "indicators.recount", title: "核对与重算指标", roles: &[Role::Administrator] };

fn routes() -> Routes {
    Routes::default()
        .page("/indicators", READ, pages::overview::page)
        .page("/indicators/recount", RECOUNT, pages::recount::page)
        .action("/indicators/recount", RECOUNT, pages::recount::start)
        .page("/indicators/reports", READ, pages::reports::list)
        .page("/indicators/reports/new", REPORT, pages::reports::new)
        .action("/indicators/reports/new", REPORT, pages::reports::create)
        .page("/indicators/reports/{key}", READ, pages::reports::show)
        .action("/indicators/reports/{key}/lines", REPORT, pages::reports::add)
        .action("/indicators/reports/{key}/lines/{nth}/explain", REPORT, pages::reports::explain)
        .action("/indicators/reports/{key}/lines/{nth}/remove", REPORT, pages::reports::remove)
        .action("/indicators/reports/{key}/send", REPORT, pages::reports::send)
        .action("/indicators/reports/{key}/return", SETTLE, pages::reports::give_back)
        .action("/indicators/reports/{key}/lock", SETTLE, pages::reports::lock)
        .page("/indicators/{id}", READ, pages::one::page)
        .page("/indicators/{id}/persons", PERSONS, pages::persons::page)
        .api(Method::GET, "/indicators", READ, api::LIST, api::list)
        .api(Method::GET, "/indicators/reports", READ, api::REPORTS, api::reports)
        .api(Method::POST, "/indicators/reports", REPORT, api::MAKE, api::make)
        .api(Method::GET, "/indicators/reports/{key}", READ, api::REPORT, api::report)
        .api(Method::POST, "/indicators/reports/{key}/lines", REPORT, api::ADD, api::add)
        .api(Method::POST, "/indicators/reports/{key}/send", REPORT, api::SEND, api::send)
        .api(Method::GET, "/indicators/{id}", READ, api::ONE, api::one)
        .api(Method::GET, "/indicators/{id}/persons", PERSONS, api::PERSONS, api::persons)
}
