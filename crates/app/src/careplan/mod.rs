//! Care plans (照护计划): one plan in force an elder, drafted by rules from what is known, agreed and signed, looked at again by phase;
//! what all programmes owe in one week done in as few visits as can be (S12).

mod api;
mod coming;
mod course;
mod facts;
mod given;
mod line;
mod list;
mod marks;
mod outside;
mod pages;
mod record;
mod sign;
pub mod words;
mod work;

pub use course::{Ending, New, Wish, add, create, end, phase_to, start};
pub use line::NewLine;
pub use marks::IN_FORCE;
pub use outside::{Promised, promise};
pub use record::{Plan, open};
pub use sign::{Signing, sign};

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "careplan",
    title: "照护计划",
    perms: &[READ, WRITE, SIGN],
    routes,
    menu: &[Menu { area: Area::Care, path: "/careplan", title: "照护计划", icon: "clipboard2-pulse", perm: READ }],
    often: &[Role::Clinician],
    due: Some(work::due),
    figures: Some(work::figures),
    listen: Some(work::listen),
    beside: Some(work::beside),
    indicators: marks::INDICATORS,
    counts: marks::COUNTS,
    facts: Some(marks::facts),
    english: include_str!("en.toml"),
    lists: &[&list::PLANS, &list::WITHOUT],
    ..EMPTY
};

/// To see plans; family those of their own.
pub const READ: Perm = Perm {
    name: "careplan.read",
    title: "查看照护计划",
    roles: &[Role::Clinician, Role::Lead, Role::Carer, Role::Manager, Role::Official, Role::Family],
};
/// To draft, change, look again, begin and end, and to plan visits.
pub const WRITE: Perm =
    Perm { name: "careplan.write", title: "制定和修改照护计划", roles: &[Role::Clinician, Role::Lead] };
/// To sign: the doctor, and the elder or the family.
pub const SIGN: Perm =
    Perm { name: "careplan.sign", title: "签署照护计划", roles: &[Role::Clinician, Role::Lead, Role::Family] };

fn routes() -> Routes {
    Routes::default()
        .page("/careplan", READ, pages::list::all)
        .page("/careplan/without", WRITE, pages::list::without)
        .page("/careplan/new", WRITE, pages::new::page)
        .action("/careplan/new", WRITE, pages::new::create)
        .page("/careplan/{key}", READ, pages::show::page)
        .page("/careplan/{key}/edit", WRITE, pages::edit::page)
        .action("/careplan/{key}/lines", WRITE, pages::edit::add)
        .page("/careplan/{key}/lines/{line}", WRITE, pages::edit::one)
        .action("/careplan/{key}/lines/{line}", WRITE, pages::edit::change)
        .action("/careplan/{key}/lines/{line}/drop", WRITE, pages::edit::drop)
        .page("/careplan/{key}/compare", READ, pages::compare::page)
        .page("/careplan/{key}/print", READ, pages::print::page)
        .page("/careplan/{key}/sign", SIGN, pages::sign::page)
        .action("/careplan/{key}/sign", SIGN, pages::sign::sign)
        .page("/careplan/{key}/files/{file}", READ, pages::sign::file)
        .action("/careplan/{key}/phase", WRITE, pages::deeds::phase)
        .action("/careplan/{key}/review", WRITE, pages::deeds::review)
        .action("/careplan/{key}/start", WRITE, pages::deeds::start)
        .action("/careplan/{key}/end", WRITE, pages::deeds::end)
        .action("/careplan/{key}/visits", WRITE, pages::deeds::visit)
        .api(Method::GET, "/careplan", READ, api::LIST, api::list)
        .api(Method::POST, "/careplan", WRITE, api::CREATE, api::create)
        .api(Method::GET, "/careplan/without", WRITE, api::WITHOUT, api::without)
        .api(Method::GET, "/careplan/{key}", READ, api::SHOW, api::show)
        .api(Method::GET, "/careplan/{key}/weeks", READ, api::WEEKS, api::weeks)
        .api(Method::GET, "/careplan/{key}/compare", READ, api::COMPARE, api::compare)
        .api(Method::POST, "/careplan/{key}/lines", WRITE, api::ADD, api::add)
        .api(Method::POST, "/careplan/{key}/lines/{line}", WRITE, api::CHANGE, api::change)
        .api(Method::POST, "/careplan/{key}/lines/{line}/drop", WRITE, api::DROP, api::drop)
        .api(Method::POST, "/careplan/{key}/sign", SIGN, api::SIGNED, api::sign)
        .api(Method::POST, "/careplan/{key}/phase", WRITE, api::PHASE, api::phase)
        .api(Method::POST, "/careplan/{key}/review", WRITE, api::REVIEW, api::review)
        .api(Method::POST, "/careplan/{key}/start", WRITE, api::START, api::start)
        .api(Method::POST, "/careplan/{key}/end", WRITE, api::END, api::end)
        .api(Method::POST, "/careplan/{key}/visits", WRITE, api::VISIT, api::visit)
}
