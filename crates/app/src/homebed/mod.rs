//! Beds at home: home hospital beds (家庭病床, S15) from the application to closing, and home elderly-care beds (家庭养老床位,
//! S16) with contract, adaptation, devices and services. One elder lies in one of a kind at a time, and in both only where the
//! policy says so.

mod api;
mod apply;
mod bed;
mod care;
mod charge;
mod chart;
mod course;
mod deed;
mod deeds;
mod doctor;
mod home;
mod hospital;
mod list;
mod marks;
mod pages;
mod promise;
mod words;
mod work;

pub use apply::apply_from as apply;
pub use bed::Bed;
pub use deed::find as deed;
pub use doctor::of as doctors;
pub use home::services;

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "homebed",
    title: "家庭床位",
    perms: &[READ, APPLY, WRITE, CARE],
    routes,
    menu: &[Menu { area: Area::Care, path: "/homebed", title: "家庭床位", icon: "house", perm: READ }],
    due: Some(work::due),
    figures: Some(work::figures),
    listen: Some(work::listen),
    beside: Some(work::beside),
    indicators: marks::INDICATORS,
    facts: Some(marks::facts),
    words: &[("homebed", "家庭床位"), ("homebed-due", "家庭床位待办")],
    english: include_str!("en.toml"),
    lists: &[&list::BEDS, &list::DUE],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "homebed.read",
    title: "查看家庭床位",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Official, Role::Family],
};
/// To apply for a home hospital bed, a family for its own elder; to write down the contract of a home elderly-care bed.
pub const APPLY: Perm = Perm {
    name: "homebed.apply",
    title: "申请家庭床位",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Family],
};
/// Everything at a home hospital bed.
pub const WRITE: Perm =
    Perm { name: "homebed.write", title: "办理家庭病床", roles: &[Role::Clinician, Role::Lead] };
/// Everything at a home elderly-care bed.
pub const CARE: Perm =
    Perm {
        name: "homebed.care", title: "办理家庭养老床位", roles: &[Role::Clinician, Role::Lead, Role::Manager]
    };

fn routes() -> Routes {
    let mut routes = Routes::default()
        .page("/homebed", READ, pages::list::all)
        .page("/homebed/due", CARE, pages::list::due)
        .page("/homebed/new", APPLY, pages::new::page)
        .action("/homebed/new", APPLY, pages::new::create)
        .page("/homebed/{key}", READ, pages::show::page)
        .page("/homebed/{key}/files/{file}", READ, pages::show::file)
        .page("/homebed/{key}/papers/{paper}", READ, pages::papers::page)
        .api(Method::GET, "/homebed", READ, api::LIST, api::list)
        .api(Method::POST, "/homebed", APPLY, api::APPLY, api::begin)
        .api(Method::GET, "/homebed/due", CARE, api::DUE, api::due)
        .api(Method::GET, "/homebed/{key}", READ, api::SHOW, api::show)
        .api(Method::GET, "/homebed/{key}/files/{file}", READ, api::FILE, pages::show::file);
    for deed in deeds::DEEDS {
        // Who may do it with a bed of its kind is asked again when the bed is known.
        let perm = if deed.kinds.contains(&bed::CARE) { CARE } else { WRITE };
        let path = format!("/homebed/{{key}}/{}", deed.word);
        routes = match deed.files {
            [] => routes.action(&path, perm, move |ask, key, input| pages::deeds::act(ask, key, input, deed)),
            _ => routes.action(&path, perm, move |ask, key, upload| pages::deeds::upload(ask, key, upload, deed)),
        };
        routes = routes
            .api(Method::POST, &path, perm, api::of(deed), move |ask, key, request| api::act(ask, key, request, deed));
    }
    routes
}
