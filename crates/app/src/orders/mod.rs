//! Orders (上门服务预约): medical care, nursing and rehabilitation at home, ordered by elder, family, hotline or clinician, answered
//! by an institution, done, charged and rated (S17). The catalogue, who may go and what a risk means are `rules::home_service`.

mod api;
mod assessed;
mod consent;
mod course;
mod done;
mod family;
mod list;
mod marks;
mod pages;
mod place;
mod price;
mod record;
mod staff;
mod words;
mod work;
mod yearly;

pub use course::{accept, assign, call_off, depart, refuse};
pub use done::{Done, done, rate};
pub use place::place_from;
pub use record::find;
pub use staff::candidates;

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "orders",
    title: "上门服务预约",
    perms: &[READ, PLACE, HANDLE, DO, RATE],
    routes,
    menu: &[Menu { area: Area::Care, path: "/orders", title: "上门服务预约", icon: "house-heart", perm: READ }],
    often: &[Role::Family, Role::Operator],
    due: Some(work::due),
    figures: Some(work::figures),
    listen: Some(work::listen),
    beside: Some(work::beside),
    indicators: marks::INDICATORS,
    facts: Some(marks::facts),
    english: include_str!("en.toml"),
    lists: &[&list::ORDERS, &list::APPLICANTS],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "orders.read",
    title: "查看上门服务订单",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Operator, Role::Official, Role::Family],
};
/// To order, to change and to call off; family for their own.
pub const PLACE: Perm = Perm {
    name: "orders.place",
    title: "预约上门服务",
    roles: &[Role::Clinician, Role::Lead, Role::Operator, Role::Family],
};
/// To accept or refuse, to say who goes, to answer complaints.
pub const HANDLE: Perm =
    Perm { name: "orders.handle", title: "接单、派单、答复投诉", roles: &[Role::Lead, Role::Manager] };
/// To depart, to write down that it was done, to note a first assessment.
pub const DO: Perm =
    Perm {
        name: "orders.do", title: "登记首次评估、出发和完成", roles: &[Role::Clinician, Role::Lead, Role::Manager]
    };
pub const RATE: Perm =
    Perm { name: "orders.rate", title: "评价上门服务", roles: &[Role::Operator, Role::Family] };

fn routes() -> Routes {
    Routes::default()
        .page("/orders", READ, pages::list::all)
        .page("/orders/services", READ, pages::catalogue::page)
        .page("/orders/new", PLACE, pages::new::page)
        .action("/orders/new", PLACE, pages::new::create)
        .page("/orders/yearly", DO, pages::list::yearly)
        .action("/orders/yearly", PLACE, pages::deeds::apply)
        .page("/orders/{key}", READ, pages::show::page)
        .page("/orders/{key}/paper", READ, pages::paper::page)
        .page("/orders/{key}/staff", HANDLE, pages::staff::page)
        .action("/orders/{key}/staff", HANDLE, pages::staff::assign)
        .action("/orders/{key}/accept", HANDLE, pages::deeds::accept)
        .action("/orders/{key}/refuse", HANDLE, pages::deeds::refuse)
        .action("/orders/{key}/answer", HANDLE, pages::deeds::answer)
        .action("/orders/{key}/assessed", DO, pages::deeds::assessed)
        .action("/orders/{key}/depart", DO, pages::deeds::depart)
        .action("/orders/{key}/done", DO, pages::deeds::done)
        .action("/orders/{key}/change", PLACE, pages::deeds::change)
        .action("/orders/{key}/cancel", PLACE, pages::deeds::cancel)
        .action("/orders/{key}/consent", PLACE, pages::deeds::consent)
        .page("/orders/{key}/files/{file}", READ, pages::paper::signature)
        .action("/orders/{key}/rate", RATE, pages::deeds::rate)
        .api(Method::GET, "/orders", READ, api::LIST, api::list)
        .api(Method::POST, "/orders", PLACE, api::PLACE_DOC, api::create)
        .api(Method::GET, "/orders/services", READ, api::SERVICES, api::services)
        .api(Method::GET, "/orders/price", PLACE, api::PRICE, api::price)
        .api(Method::GET, "/orders/yearly", DO, api::YEARLY, api::yearly)
        .api(Method::POST, "/orders/yearly", PLACE, api::APPLY, api::apply)
        .api(Method::GET, "/orders/{key}", READ, api::SHOW, api::show)
        .api(Method::GET, "/orders/{key}/staff", HANDLE, api::STAFF, api::staff)
        .api(Method::POST, "/orders/{key}/staff", HANDLE, api::ASSIGN, api::assign)
        .api(Method::POST, "/orders/{key}/accept", HANDLE, api::ACCEPT, api::accept)
        .api(Method::POST, "/orders/{key}/refuse", HANDLE, api::REFUSE, api::refuse)
        .api(Method::POST, "/orders/{key}/answer", HANDLE, api::ANSWER, api::answer)
        .api(Method::POST, "/orders/{key}/assessed", DO, api::ASSESSED, api::assessed)
        .api(Method::POST, "/orders/{key}/depart", DO, api::DEPART, api::depart)
        .api(Method::POST, "/orders/{key}/done", DO, api::DONE, api::done)
        .api(Method::POST, "/orders/{key}/change", PLACE, api::CHANGE, api::change)
        .api(Method::POST, "/orders/{key}/cancel", PLACE, api::CANCEL, api::cancel)
        .api(Method::POST, "/orders/{key}/consent", PLACE, api::CONSENT, api::consent)
        .api(Method::POST, "/orders/{key}/rate", RATE, api::RATE_DOC, api::rate)
}

/// What is not laid down here today is said, not guessed.
fn no_policy(it: rules::policy::NoPolicy) -> kit::Error {
    kit::Error::refused("no_policy", it.text())
}
