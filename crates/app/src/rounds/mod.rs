//! Rounds (巡诊) and visits to those in hardship (探访): who is owed one by which day, visits as they were made, what is followed
//! up, and that nobody falls out (S14). What is owed is `rules::rounds`; how often is policy.

mod api;
mod away;
mod calendar;
mod facts;
mod home;
mod indicators;
mod list;
mod marks;
mod pages;
mod past;
mod settle;
mod task;
mod visit;
mod words;
mod work;

pub use past::{Past, begin, take as take_past};
pub use settle::{Outcome, county as settle_county};

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "rounds",
    title: "巡诊和探访",
    perms: &[READ, WRITE],
    routes,
    menu: &[Menu { area: Area::Care, path: "/rounds", title: "巡诊和探访", icon: "house-heart", perm: READ }],
    due: Some(work::due),
    figures: Some(work::figures),
    beside: Some(work::beside),
    listen: Some(work::listen),
    jobs: work::JOBS,
    indicators: indicators::ALL,
    facts: Some(marks::facts),
    words: words::STORED,
    english: include_str!("en.toml"),
    lists: &[&list::TASKS, &list::FOLLOW],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "rounds.read",
    title: "查看巡诊和探访",
    roles: &[Role::Clinician, Role::Lead, Role::Operator, Role::Manager, Role::Official],
};
/// Carers are not among them: their part of the register are the residents of their institution, and whom they visit at home
/// comes here by the field side.
pub const WRITE: Perm =
    Perm {
        name: "rounds.write", title: "登记巡诊和探访", roles: &[Role::Clinician, Role::Lead, Role::Operator]
    };

fn routes() -> Routes {
    Routes::default()
        .page("/rounds", READ, pages::calendar::page)
        .page("/rounds/list", READ, pages::lists::tasks)
        .page("/rounds/overdue", READ, pages::overdue::page)
        .page("/rounds/follow", READ, pages::lists::follow)
        .page("/rounds/months", READ, pages::months::page)
        .page("/rounds/week", READ, pages::week::page)
        .page("/rounds/of/{key}", READ, pages::elder::page)
        .action("/rounds/of/{key}/away", WRITE, pages::elder::away)
        .action("/rounds/of/{key}/away/{id}/back", WRITE, pages::elder::back)
        .page("/rounds/households/{key}", READ, pages::household::page)
        .page("/rounds/villages/{code}", READ, pages::village::page)
        .action("/rounds/villages/{code}", WRITE, pages::village::seen)
        .page("/rounds/visits/{key}", READ, pages::one::page)
        .action("/rounds/visits/{key}/follow", WRITE, pages::one::follow)
        .action("/rounds/visits/{key}/void", WRITE, pages::one::void)
        .page("/rounds/{key}", READ, pages::show::page)
        .page("/rounds/{key}/record", WRITE, pages::record::page)
        .action("/rounds/{key}/record", WRITE, pages::record::save)
        .action("/rounds/{key}/reason", WRITE, pages::show::reason)
        .action("/rounds/{key}/plan", WRITE, pages::show::plan)
        .api(Method::GET, "/rounds", READ, api::LIST, api::list)
        .api(Method::GET, "/rounds/follow", READ, api::FOLLOW, api::follow)
        .api(Method::GET, "/rounds/calendar", READ, api::CALENDAR, api::calendar)
        .api(Method::GET, "/rounds/months", READ, api::MONTHS, api::months)
        .api(Method::GET, "/rounds/overdue", READ, api::OVERDUE, api::overdue)
        .api(Method::GET, "/rounds/of/{key}", READ, api::OF, api::of)
        .api(Method::POST, "/rounds/of/{key}/away", WRITE, api::AWAY, api::away)
        .api(Method::POST, "/rounds/of/{key}/away/{id}/back", WRITE, api::BACK, api::back)
        .api(Method::GET, "/rounds/households/{key}", READ, api::HOUSEHOLD, api::household)
        .api(Method::POST, "/rounds/villages/{code}", WRITE, api::SEEN, api::seen)
        .api(Method::GET, "/rounds/visits/{key}", READ, api::VISIT, api::visit)
        .api(Method::POST, "/rounds/visits/{key}/follow", WRITE, api::CLOSE, api::close)
        .api(Method::POST, "/rounds/visits/{key}/void", WRITE, api::VOID, api::void)
        .api(Method::GET, "/rounds/{key}", READ, api::SHOW, api::show)
        .api(Method::POST, "/rounds/{key}/visits", WRITE, api::RECORD, api::record)
        .api(Method::POST, "/rounds/{key}/reason", WRITE, api::REASON, api::reason)
}
