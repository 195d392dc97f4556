//! Chinese medicine for elders (中医药健康管理): the questionnaire of 33 items, what it concludes, advice in five parts, and the
//! techniques a centre offers (S09).

mod api;
mod course;
mod due;
mod indicators;
mod list;
mod marks;
mod pages;
mod record;
mod techniques;
mod words;
mod work;

pub use course::{advise, take};
pub use due::{next as next_due, set as set_due};
pub use record::{Record, last};

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "tcm",
    title: "中医药健康管理",
    perms: &[READ, WRITE, TECHNIQUES],
    routes,
    menu: &[Menu { area: Area::People, path: "/tcm", title: "中医药健康管理", icon: "flower1", perm: READ }],
    due: Some(work::due_lines),
    figures: Some(work::figures),
    jobs: work::JOBS,
    listen: Some(due::listen),
    beside: Some(work::beside),
    indicators: indicators::ALL,
    facts: Some(marks::facts),
    english: include_str!("en.toml"),
    lists: &[&list::RECORDS, &list::DUE],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "tcm.read",
    title: "查看中医药健康管理",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Official, Role::Family],
};
pub const WRITE: Perm =
    Perm { name: "tcm.write", title: "体质辨识和保健指导", roles: &[Role::Clinician, Role::Lead] };
/// To say which techniques a centre offers.
pub const TECHNIQUES: Perm =
    Perm { name: "tcm.techniques", title: "登记中医技术", roles: &[Role::Lead, Role::Official] };

fn routes() -> Routes {
    Routes::default()
        .page("/tcm", READ, pages::list::all)
        .page("/tcm/due", WRITE, pages::list::due)
        .page("/tcm/techniques", READ, pages::techniques::all)
        .page("/tcm/techniques/{key}", TECHNIQUES, pages::techniques::edit)
        .action("/tcm/techniques/{key}", TECHNIQUES, pages::techniques::save)
        .page("/tcm/of/{key}", WRITE, pages::ask::start)
        .action("/tcm/of/{key}", WRITE, pages::ask::begin)
        .page("/tcm/questionnaire/{key}", WRITE, pages::ask::page)
        .action("/tcm/questionnaire/{key}", WRITE, pages::ask::save)
        .page("/tcm/{key}", READ, pages::show::page)
        .page("/tcm/{key}/advice", READ, pages::advice::page)
        .action("/tcm/{key}/decide", WRITE, pages::show::decide)
        .action("/tcm/{key}/advise", WRITE, pages::show::advise)
        .api(Method::GET, "/tcm", READ, api::LIST, api::list)
        .api(Method::POST, "/tcm", WRITE, api::TAKE, api::take)
        .api(Method::GET, "/tcm/due", WRITE, api::DUE, api::due)
        .api(Method::GET, "/tcm/techniques", READ, api::TECHNIQUES, api::techniques)
        .api(Method::PUT, "/tcm/techniques/{key}", TECHNIQUES, api::SET_TECHNIQUES, api::set_techniques)
        .api(Method::GET, "/tcm/{key}", READ, api::SHOW, api::show)
        .api(Method::POST, "/tcm/{key}/decide", WRITE, api::DECIDE, api::decide)
        .api(Method::POST, "/tcm/{key}/advise", WRITE, api::ADVISE, api::advise)
}
