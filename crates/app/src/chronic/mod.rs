//! Chronic diseases (慢病管理): who has which, follow-up visits and what they say, referrals, medicines, yearly checks, and
//! who else is to be measured (S10). What a visit means is `rules::chronic`; every number is policy.

mod api;
mod card;
mod care;
mod check;
mod disease;
mod indicators;
mod list;
mod marks;
mod measure;
mod medicine;
mod pages;
mod past;
mod referral;
mod screening;
mod take;
mod visit;
mod words;
mod work;

pub use card::{Card, cards};
pub use check::put as put_check;
pub use disease::{is_followed_on, kinds};
pub use measure::{Measure, named as measure};
pub use medicine::{Medicine, of as medicines};
pub use past::{Past, take as take_past};
pub use screening::{keep as keep_measures, take_back as take_measures_back};
pub use take::take as take_visit;
pub use visit::{source, void as void_visit};
pub use words::{ADHERENCE, DISEASES};

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "chronic",
    title: "慢病管理",
    perms: &[READ, WRITE],
    routes,
    menu: &[
        Menu { area: Area::People, path: "/chronic", title: "慢病随访", icon: "activity", perm: READ },
        Menu { area: Area::People, path: "/chronic/pressure", title: "慢病筛查", icon: "droplet", perm: READ },
    ],
    often: &[Role::Clinician, Role::Lead],
    due: Some(work::due),
    figures: Some(work::figures),
    beside: Some(work::beside),
    listen: Some(work::listen),
    facts: Some(marks::facts),
    indicators: indicators::ALL,
    counts: marks::COUNTS,
    english: include_str!("en.toml"),
    lists: &[&list::PATIENTS, &list::REFERRALS, &list::PRESSURE, &list::GLUCOSE],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "chronic.read",
    title: "查看慢病管理",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Official],
};
pub const WRITE: Perm =
    Perm { name: "chronic.write", title: "登记慢病和随访", roles: &[Role::Clinician, Role::Lead] };

fn routes() -> Routes {
    Routes::default()
        .page("/chronic", READ, pages::list::patients)
        .page("/chronic/referrals", READ, pages::list::referrals)
        .page("/chronic/pressure", READ, pages::list::pressure)
        .page("/chronic/glucose", READ, pages::list::glucose)
        .page("/chronic/{key}", READ, pages::show::page)
        .page("/chronic/{key}/card", READ, pages::card::page)
        .page("/chronic/{key}/register", WRITE, pages::register::page)
        .action("/chronic/{key}/register", WRITE, pages::register::save)
        .action("/chronic/{key}/diseases/{id}/end", WRITE, pages::register::end)
        .page("/chronic/{key}/visit", WRITE, pages::visit::page)
        .action("/chronic/{key}/visit", WRITE, pages::visit::save)
        .action("/chronic/{key}/visit/preview", WRITE, pages::visit::preview)
        .page("/chronic/{key}/visits/{id}", READ, pages::one::page)
        .action("/chronic/{key}/visits/{id}/void", WRITE, pages::one::void)
        .action("/chronic/{key}/medicines", WRITE, pages::deeds::add_medicine)
        .action("/chronic/{key}/medicines/{id}/stop", WRITE, pages::deeds::stop_medicine)
        .action("/chronic/{key}/referrals/{id}/close", WRITE, pages::deeds::close_referral)
        .action("/chronic/{key}/checks", WRITE, pages::deeds::add_check)
        .page("/chronic/{key}/measure", WRITE, pages::measure::page)
        .action("/chronic/{key}/measure", WRITE, pages::measure::save)
        .api(Method::GET, "/chronic", READ, api::LIST, api::list)
        .api(Method::GET, "/chronic/referrals", READ, api::REFERRALS, api::referrals)
        .api(Method::GET, "/chronic/pressure", READ, api::PRESSURE, api::pressure)
        .api(Method::GET, "/chronic/glucose", READ, api::GLUCOSE, api::glucose)
        .api(Method::GET, "/chronic/{key}", READ, api::SHOW, api::show)
        .api(Method::POST, "/chronic/{key}/diseases", WRITE, api::REGISTER, api::register)
        .api(Method::POST, "/chronic/{key}/diseases/{id}/end", WRITE, api::END, api::end)
        .api(Method::POST, "/chronic/{key}/visits", WRITE, api::VISIT, api::visit)
        .api(Method::POST, "/chronic/{key}/visits/{id}/void", WRITE, api::VOID, api::void)
        .api(Method::POST, "/chronic/{key}/medicines", WRITE, api::MEDICINE, api::medicine)
        .api(Method::POST, "/chronic/{key}/medicines/{id}/stop", WRITE, api::STOP, api::stop)
        .api(Method::POST, "/chronic/{key}/referrals/{id}/close", WRITE, api::CLOSE, api::close)
        .api(Method::POST, "/chronic/{key}/checks", WRITE, api::CHECK, api::check)
        .api(Method::POST, "/chronic/{key}/measures", WRITE, api::MEASURE, api::measure)
}
