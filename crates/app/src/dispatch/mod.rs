//! Dispatch (派单): who visits whom and when, for an institution or a county, a day or a week; planned by the solver, changed by
//! hand, published to phones (S18). The solver is the crate `dispatch`; by what it measures is `rules::dispatch`.

mod api;
mod area;
mod board;
mod draft;
mod figures;
mod gather;
mod kept;
mod list;
mod pages;
mod problem;
mod publish;
mod run;
mod said;
mod sight;
mod slots;
mod tuning;
mod ways;
mod what_if;
mod words;
mod work;

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "dispatch",
    title: "上门派单",
    perms: &[READ, PLAN, SET],
    routes,
    menu: &[Menu { area: Area::Care, path: "/dispatch", title: "上门派单", icon: "signpost-split", perm: READ }],
    due: Some(work::due),
    beside: Some(work::beside),
    jobs: run::WORK,
    words: words::STORED,
    english: include_str!("en.toml"),
    lists: &[&list::PLANS],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "dispatch.read",
    title: "查看派单",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Operator, Role::Official],
};
pub const PLAN: Perm =
    Perm { name: "dispatch.plan", title: "派单和发布", roles: &[Role::Lead, Role::Manager, Role::Operator] };
/// How staff travel, how long they work, what counts how much.
pub const SET: Perm = Perm { name: "dispatch.set", title: "派单设置", roles: &[Role::Lead, Role::Manager] };

fn routes() -> Routes {
    Routes::default()
        .page("/dispatch", READ, pages::list::page)
        .page("/dispatch/new", PLAN, pages::new::page)
        .action("/dispatch/new", PLAN, pages::new::create)
        .page("/dispatch/slots", PLAN, pages::slots::page)
        .action("/dispatch/slots", PLAN, pages::slots::book)
        .page("/dispatch/setting", SET, pages::setting::institutions)
        .page("/dispatch/setting/{key}", SET, pages::setting::page)
        .action("/dispatch/setting/{key}", SET, pages::setting::save)
        .action("/dispatch/setting/{key}/crews", SET, pages::setting::add_crew)
        .action("/dispatch/setting/{key}/crews/{id}/drop", SET, pages::setting::drop_crew)
        .page("/dispatch/staff/{key}", SET, pages::setting::staff)
        .action("/dispatch/staff/{key}", SET, pages::setting::save_staff)
        .page("/dispatch/{key}", READ, pages::show::page)
        .page("/dispatch/{key}/progress", READ, pages::progress::stream)
        .page("/dispatch/{key}/ways", READ, pages::show::ways)
        .page("/dispatch/{key}/sheets", READ, pages::sheets::page)
        .action("/dispatch/{key}/solve", PLAN, pages::deeds::solve)
        .action("/dispatch/{key}/stop", PLAN, pages::deeds::stop)
        .action("/dispatch/{key}/undo", PLAN, pages::deeds::undo)
        .action("/dispatch/{key}/try", PLAN, pages::moves::try_it)
        .action("/dispatch/{key}/move", PLAN, pages::moves::do_it)
        .action("/dispatch/{key}/publish", PLAN, pages::deeds::publish)
        .action("/dispatch/{key}/drop", PLAN, pages::deeds::drop)
        .page("/dispatch/{key}/what-if", PLAN, pages::what_if::page)
        .action("/dispatch/{key}/what-if", PLAN, pages::what_if::create)
        .page("/dispatch/{key}/visits/{visit}", READ, pages::visit::page)
        .action("/dispatch/{key}/visits/{visit}", PLAN, pages::visit::put)
        .action("/dispatch/{key}/visits/{visit}/fix", PLAN, pages::visit::fix)
        .api(Method::GET, "/dispatch", READ, api::LIST, api::list)
        .api(Method::POST, "/dispatch", PLAN, api::CREATE, api::create)
        .api(Method::GET, "/dispatch/slots", PLAN, api::SLOTS, api::slots)
        .api(Method::GET, "/dispatch/{key}", READ, api::SHOW, api::show)
        .api(Method::POST, "/dispatch/{key}/solve", PLAN, api::SOLVE, api::solve)
        .api(Method::POST, "/dispatch/{key}/stop", PLAN, api::STOP, api::stop)
        .api(Method::POST, "/dispatch/{key}/publish", PLAN, api::PUBLISH, api::publish)
}

/// A problem that cannot be planned will not be another time either.
fn invalid(all: Vec<dispatch::Invalid>) -> kit::Error {
    let first = all.first().map_or_else(String::new, ToString::to_string);
    tracing::error!("the problem of a dispatch plan is invalid: {first}");
    kit::Error::refused("problem_invalid", kit::Said::new("资料里有排不了的数:{what}").with("what", first))
}

/// What is not laid down here today is said, not guessed.
fn no_policy(it: rules::policy::NoPolicy) -> kit::Error {
    kit::Error::refused("no_policy", it.text())
}
