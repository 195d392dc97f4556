//! Vaccination of elders (老年人接种): who may get which vaccine free, consent, dose with batch, refusals, adverse events,
//! recalls, coverage (S11). Schedules and programmes are policy; what forbids a dose is `rules::vaccination`.

mod api;
mod batch;
mod dose;
mod former;
mod headers;
mod import;
mod indicators;
mod invitation;
mod list;
mod marks;
mod pages;
mod reaction;
mod refusal;
mod schedule;
mod words;
mod work;

pub use former::{Former, take_past};

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "vaccination",
    title: "老年人接种",
    perms: &[READ, WRITE, RECALL],
    routes,
    menu: &[Menu { area: Area::People, path: "/vaccination", title: "老年人接种", icon: "bandaid", perm: READ }],
    due: Some(work::due),
    figures: Some(work::figures),
    beside: Some(work::beside),
    jobs: work::JOBS,
    listen: Some(work::listen),
    facts: Some(marks::facts),
    counts: &[marks::TO_VACCINATE],
    indicators: indicators::ALL,
    english: include_str!("en.toml"),
    lists: &[&list::INVITATIONS, &list::DOSES, &list::BATCHES, &list::REACTIONS],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "vaccination.read",
    title: "查看接种",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Official],
};
pub const WRITE: Perm =
    Perm { name: "vaccination.write", title: "登记接种和反应", roles: &[Role::Clinician, Role::Lead] };
pub const RECALL: Perm =
    Perm { name: "vaccination.recall", title: "召回疫苗批次", roles: &[Role::Lead, Role::Official] };

fn routes() -> Routes {
    Routes::default()
        .page("/vaccination", READ, pages::list::invitations)
        .action("/vaccination/invite", WRITE, pages::list::renew)
        .page("/vaccination/doses", READ, pages::list::doses)
        .page("/vaccination/reactions", READ, pages::list::reactions)
        .import(&import::DOSES)
        .page("/vaccination/coverage", READ, pages::coverage::page)
        .page("/vaccination/batches", READ, pages::batch::list)
        .action("/vaccination/batches", WRITE, pages::batch::add)
        .page("/vaccination/batches/{key}", READ, pages::batch::show)
        .action("/vaccination/batches/{key}/recall", RECALL, pages::batch::recall)
        .page("/vaccination/{key}", READ, pages::show::page)
        .page("/vaccination/{key}/dose", WRITE, pages::dose::page)
        .action("/vaccination/{key}/dose", WRITE, pages::dose::save)
        .action("/vaccination/{key}/former", WRITE, pages::show::former)
        .action("/vaccination/{key}/refuse", WRITE, pages::show::refuse)
        .action("/vaccination/{key}/refusals/{id}/withdraw", WRITE, pages::show::withdraw)
        .action("/vaccination/{key}/doses/{id}/void", WRITE, pages::show::void)
        .page("/vaccination/{key}/doses/{id}/consent", READ, pages::dose::consent_picture)
        .action("/vaccination/{key}/doses/{id}/reaction", WRITE, pages::show::reaction)
        .action("/vaccination/{key}/reactions/{id}/reported", WRITE, pages::show::reported)
        .api(Method::GET, "/vaccination", READ, api::INVITATIONS, api::invitations)
        .api(Method::GET, "/vaccination/doses", READ, api::DOSES, api::doses)
        .api(Method::GET, "/vaccination/batches", READ, api::BATCHES, api::batches)
        .api(Method::POST, "/vaccination/batches", WRITE, api::BATCH, api::batch)
        .api(Method::POST, "/vaccination/batches/{key}/recall", RECALL, api::RECALL, api::recall)
        .api(Method::GET, "/vaccination/reactions", READ, api::REACTIONS, api::reactions)
        .api(Method::GET, "/vaccination/{key}", READ, api::SHOW, api::show)
        .api(Method::POST, "/vaccination/{key}/doses", WRITE, api::DOSE, api::dose)
        .api(Method::POST, "/vaccination/{key}/doses/{id}/void", WRITE, api::VOID, api::void)
        .api(Method::POST, "/vaccination/{key}/former", WRITE, api::FORMER, api::former)
        .api(Method::POST, "/vaccination/{key}/refusals", WRITE, api::REFUSE, api::refuse)
        .api(Method::POST, "/vaccination/{key}/doses/{id}/reactions", WRITE, api::REACTION, api::reaction)
        .api(Method::POST, "/vaccination/{key}/reactions/{id}/reported", WRITE, api::REPORTED, api::reported)
}
