//! Visits (上门服务): planned for every programme together, made with or without a network, and proved by their evidence (S19).
//! What the evidence proves is `rules::visit`; the protocol of the phones is `docs/sync.md`.

mod alarm;
mod api;
mod conflict;
mod correction;
mod event;
mod follow;
mod forms;
mod home;
mod import;
mod list;
mod lost;
mod of_day;
mod pages;
mod phone;
mod plan;
mod proof;
mod record;
mod sync;
mod told;
mod words;
mod work;
mod written;

pub use alarm::{Open as OpenCall, open as open_calls};
pub use forms::service;
pub use home::{degrees, of as home_of, set as set_home};
pub use of_day::{Assigned, Planned, assign, planned, thought_of, undispatched};
pub use pages::day::window;
pub use plan::{For, Wanted, unwant, want};
pub use record::{Purpose, Visit, gave, of_elder, purposes};
pub use written::take as take_told;

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

/// Somebody began a visit: `{visit, elder, began, staff, by_phone, place}`; `place` is a finding, as far as it can be told.
pub const BEGUN: &str = "visits.begun";
/// A visit was made: `{visit, elder, day, began, ended, minutes, staff, carer, organisation, verdict, outcome, proved, place,
/// purposes, tasks}`; `proved` are the checks that passed.
pub const DONE: &str = "visits.done";
/// Somebody was there, or on the way, and nobody could be served: `{visit, elder, reason}`.
pub const MISSED: &str = "visits.missed";
/// Somebody else comes to a visit, or at another time: `{visit, elder, day, staff, second, at, things}`.
pub const ASSIGNED: &str = "visits.assigned";
/// A visit turned out otherwise: what was done for it is taken back.
pub const UNDONE: &str = "visits.undone";

pub const MODULE: Module = Module {
    name: "visits",
    title: "上门服务",
    perms: &[READ, PLAN, WRITE, CORRECT, RESPOND, IMPORT, SYNC],
    routes,
    menu: &[
        Menu { area: Area::Care, path: "/visits", title: "上门服务", icon: "house-door", perm: READ },
        Menu { area: Area::Care, path: "/visits/day", title: "今天的上门", icon: "calendar-check", perm: WRITE },
        Menu { area: Area::Care, path: "/visits/phones", title: "上门手机", icon: "phone", perm: RESPOND },
    ],
    often: &[Role::Carer],
    due: Some(work::due),
    beside: Some(work::beside),
    listen: Some(work::listen),
    words: words::STORED,
    english: include_str!("en.toml"),
    lists: &[&list::VISITS, &list::ALARMS, &list::PHONES],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "visits.read",
    title: "查看上门服务",
    roles: &[
        Role::Clinician,
        Role::Lead,
        Role::Carer,
        Role::Manager,
        Role::Clerk,
        Role::Auditor,
        Role::Operator,
        Role::Official,
    ],
};
pub const PLAN: Perm = Perm {
    name: "visits.plan",
    title: "计划上门",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Operator],
};
/// To write down a visit without a phone.
pub const WRITE: Perm = Perm {
    name: "visits.write",
    title: "补录上门记录",
    roles: &[Role::Clinician, Role::Lead, Role::Carer, Role::Manager],
};
/// To put a visit right, and to confirm what somebody else put right.
pub const CORRECT: Perm =
    Perm { name: "visits.correct", title: "更正上门记录", roles: &[Role::Clinician, Role::Lead, Role::Manager] };
/// Calls for help, phones, homes, and what was set aside.
pub const RESPOND: Perm = Perm {
    name: "visits.respond",
    title: "处理求助、管理手机和住处",
    roles: &[Role::Lead, Role::Manager, Role::Operator],
};
pub const IMPORT: Perm =
    Perm { name: "visits.import", title: "导入其他系统的上门记录", roles: &[Role::Lead, Role::Manager] };
pub const SYNC: Perm =
    Perm { name: "visits.sync", title: "上门手机同步", roles: &[Role::Clinician, Role::Lead, Role::Carer] };

/// `09:30` of minutes after midnight.
pub fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn routes() -> Routes {
    Routes::default()
        .page("/visits", READ, pages::list::visits)
        .page("/visits/day", WRITE, pages::day::page)
        .page("/visits/plan/{key}", PLAN, pages::plan::new)
        .action("/visits/plan/{key}", PLAN, pages::plan::create)
        .page("/visits/phones", RESPOND, pages::list::phones)
        .page("/visits/phones/new", RESPOND, pages::phones::new)
        .action("/visits/phones/new", RESPOND, pages::phones::offer)
        .page("/visits/phones/{key}", RESPOND, pages::phones::show)
        .action("/visits/phones/{key}/revoke", RESPOND, pages::phones::revoke)
        .action("/visits/phones/{key}/lost", RESPOND, pages::phones::lost)
        .page("/visits/homes/{key}", RESPOND, pages::home::page)
        .action("/visits/homes/{key}", RESPOND, pages::home::set)
        .page("/visits/homes/{key}/door", RESPOND, pages::home::code)
        .action("/visits/homes/{key}/door", RESPOND, pages::home::print)
        .page("/visits/alarms", RESPOND, pages::list::alarms)
        .page("/visits/alarms/{key}", RESPOND, pages::alarm::page)
        .action("/visits/alarms/{key}/take", RESPOND, pages::alarm::take)
        .action("/visits/alarms/{key}/close", RESPOND, pages::alarm::close)
        .page("/visits/desk", RESPOND, pages::desk::page)
        .action("/visits/desk/aside/{region}/{id}", RESPOND, pages::desk::settle)
        .action("/visits/desk/conflicts/{key}", RESPOND, pages::desk::decide)
        .import(&import::VISITS)
        .page("/visits/{key}", READ, pages::show::page)
        .page("/visits/{key}/change", PLAN, pages::plan::change)
        .action("/visits/{key}/change", PLAN, pages::plan::save)
        .action("/visits/{key}/cancel", PLAN, pages::deeds::cancel)
        .page("/visits/{key}/record", WRITE, pages::record::page)
        .action("/visits/{key}/record", WRITE, pages::record::save)
        .action("/visits/{key}/missed", WRITE, pages::deeds::missed)
        .action("/visits/{key}/corrections", CORRECT, pages::deeds::correct)
        .action("/visits/{key}/corrections/{id}", CORRECT, pages::deeds::decide)
        .page("/visits/{key}/photos/{hash}", READ, pages::show::photo)
        .api(Method::GET, "/visits", READ, api::LIST, api::list)
        .api(Method::POST, "/visits", PLAN, api::PLAN, api::plan)
        .api(Method::POST, "/visits/records", IMPORT, api::RECORDS, api::records)
        .api(Method::GET, "/visits/alarms", RESPOND, api::ALARMS, api::alarms)
        .api(Method::GET, "/visits/phones", RESPOND, api::PHONES, api::phones)
        .api(Method::GET, "/visits/{key}", READ, api::SHOW, api::show)
        .api(Method::POST, "/visits/{key}/cancel", PLAN, api::CANCEL, api::cancel)
        .api(Method::POST, "/visits/{key}/missed", WRITE, api::MISSED, api::missed)
        .api(Method::POST, "/visits/{key}/corrections", CORRECT, api::CORRECT, api::correct)
        .api(Method::POST, "/visits/{key}/corrections/{id}", CORRECT, api::DECIDE, api::decide)
        .open(Method::GET, "/visit/", sync::program)
        .open(Method::GET, "/visit/{name}", sync::program_file)
        .open_api(Method::GET, "/sync/terms", sync::TERMS, sync::terms)
        .open_api(Method::POST, "/sync/phones", sync::ENROL, sync::enrol)
        .open_api(Method::POST, "/sync/help", sync::HELP, sync::help)
        .api(Method::GET, "/sync/snapshot", SYNC, sync::SNAPSHOT, sync::snapshot)
        .api(Method::GET, "/sync/changes", SYNC, sync::CHANGES, sync::changes)
        .api(Method::POST, "/sync/events", SYNC, sync::EVENTS, sync::events)
        .api(Method::PUT, "/sync/photos/{hash}", SYNC, sync::PHOTO, sync::photo)
}
