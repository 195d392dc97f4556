//! The yearly health check of elders (老年人健康管理): who is due and called, checks filled in section by section by the team,
//! what they found in the doctor's and in plain words, laboratories' files, rates (S08). Fields and thresholds are policy.

mod api;
mod calls;
mod course;
mod due;
mod indicators;
pub mod labs;
mod list;
mod marks;
mod pages;
mod past;
mod record;
mod values;
mod words;
mod work;

pub use due::{next as next_due, set as set_due};
pub use indicators::MANAGED_65;
pub use marks::MANAGED;
pub use marks::keep as keep_marks;
pub use past::{Given, Past, Readings, findings, latest, load, put, take};
pub use record::last_finished;

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

/// News this module sends: a check was finished, with what it found.
pub const FINISHED: &str = "healthcheck.finished";

pub const MODULE: Module = Module {
    name: "healthcheck",
    title: "健康体检",
    perms: &[READ, WRITE, INVITE, IMPORT],
    routes,
    menu: &[
        Menu { area: Area::People, path: "/healthcheck", title: "健康体检", icon: "clipboard2-pulse", perm: READ },
        Menu { area: Area::People, path: "/healthcheck/due", title: "该体检的", icon: "telephone", perm: INVITE },
    ],
    due: Some(work::due_lines),
    figures: Some(work::figures),
    jobs: work::JOBS,
    listen: Some(due::listen),
    beside: Some(work::beside),
    indicators: indicators::ALL,
    facts: Some(marks::facts),
    english: include_str!("en.toml"),
    lists: &[&list::CHECKS, &list::DUE],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "healthcheck.read",
    title: "查看健康体检",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Official, Role::Family],
};
pub const WRITE: Perm =
    Perm { name: "healthcheck.write", title: "填写和完成健康体检", roles: &[Role::Clinician, Role::Lead] };
/// To see who is due, and to note what came of a call.
pub const INVITE: Perm = Perm {
    name: "healthcheck.invite",
    title: "约老人体检",
    roles: &[Role::Clinician, Role::Lead, Role::Operator, Role::Official],
};
pub const IMPORT: Perm =
    Perm { name: "healthcheck.import", title: "导入化验结果", roles: &[Role::Clinician, Role::Lead] };

fn routes() -> Routes {
    Routes::default()
        .page("/healthcheck", READ, pages::list::all)
        .page("/healthcheck/rates", READ, pages::rates::page)
        .page("/healthcheck/due", INVITE, pages::list::due)
        .page("/healthcheck/due/{key}", INVITE, pages::call::page)
        .action("/healthcheck/due/{key}", INVITE, pages::call::note)
        .action("/healthcheck/begin/{key}", WRITE, pages::call::begin)
        .page("/healthcheck/labs", IMPORT, pages::labs::form)
        .action("/healthcheck/labs", IMPORT, pages::labs::upload)
        .page("/healthcheck/labs/template.xlsx", IMPORT, pages::labs::template)
        .page("/healthcheck/labs/{key}", IMPORT, pages::labs::show)
        .page("/healthcheck/labs/{key}/refused.xlsx", IMPORT, pages::labs::refused)
        .page("/healthcheck/{key}", READ, pages::show::page)
        .page("/healthcheck/{key}/report", READ, pages::report::page)
        .action("/healthcheck/{key}/finish", WRITE, pages::show::finish)
        .action("/healthcheck/{key}/reopen", WRITE, pages::show::reopen)
        .page("/healthcheck/{key}/fill/{section}", WRITE, pages::section::page)
        .action("/healthcheck/{key}/fill/{section}", WRITE, pages::section::save)
        .api(Method::GET, "/healthcheck", READ, api::LIST, api::list)
        .api(Method::POST, "/healthcheck", WRITE, api::BEGIN, api::begin)
        .api(Method::GET, "/healthcheck/rates", READ, api::RATES, api::rates)
        .api(Method::GET, "/healthcheck/due", INVITE, api::DUE, api::due)
        .api(Method::POST, "/healthcheck/due/{key}/calls", INVITE, api::CALL, api::call)
        .api(Method::POST, "/healthcheck/labs", IMPORT, labs::api::IMPORT, labs::api::post)
        .api(Method::GET, "/healthcheck/{key}", READ, api::SHOW, api::show)
        .api(Method::POST, "/healthcheck/{key}/values", WRITE, api::VALUES, api::values)
        .api(Method::POST, "/healthcheck/{key}/finish", WRITE, api::FINISH, api::finish)
        .api(Method::POST, "/healthcheck/{key}/reopen", WRITE, api::REOPEN, api::reopen)
}
