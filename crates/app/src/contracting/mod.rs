//! Contracting (家庭医生签约): signing elders with family-doctor teams, renewal, what is promised and what is done (S13).

mod api;
mod contract;
mod course;
mod list;
mod marks;
mod pages;
mod past;
mod promise;
mod refusal;
mod renew;
mod sign;
pub mod words;
mod work;

pub use contract::{Contract, find, in_force, of_elder};
pub use course::end_all;
pub use list::OF_TEAM;
pub use marks::SIGNED;
pub use past::{Past, Reasons, load as load_past, take as take_past};
pub use promise::{Done, Item, done, items, undone};
pub use sign::{Signing, fitting, sign};
pub use work::SERVED;

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "contracting",
    title: "家庭医生签约",
    perms: &[READ, SIGN, MANAGE],
    routes,
    menu: &[Menu {
        area: Area::People,
        path: "/contracting",
        title: "家庭医生签约",
        icon: "file-earmark-text",
        perm: READ,
    }],
    often: &[Role::Clinician, Role::Lead],
    due: Some(work::due),
    figures: Some(work::figures),
    listen: Some(work::listen),
    beside: Some(work::beside),
    indicators: marks::INDICATORS,
    facts: Some(marks::facts),
    counts: marks::COUNTS,
    english: include_str!("en.toml"),
    lists: &[&list::CONTRACTS, &list::OWED, &list::UNSIGNED, &list::DROPPED],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "contracting.read",
    title: "查看家庭医生签约",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Auditor, Role::Operator, Role::Official, Role::Family],
};
/// To sign and to note a refusal or a service; family online for their own.
pub const SIGN: Perm =
    Perm { name: "contracting.sign", title: "签约", roles: &[Role::Clinician, Role::Lead, Role::Family] };
/// To renew, to change the team, to end, to write down services.
pub const MANAGE: Perm = Perm {
    name: "contracting.manage",
    title: "续签、变更团队、终止签约、登记服务",
    roles: &[Role::Clinician, Role::Lead],
};

fn routes() -> Routes {
    Routes::default()
        .page("/contracting", READ, pages::list::all)
        .page("/contracting/work", MANAGE, pages::list::work)
        .page("/contracting/unsigned", MANAGE, pages::list::unsigned)
        .page("/contracting/dropped", MANAGE, pages::list::dropped)
        .page("/contracting/renewals", MANAGE, pages::renew::page)
        .action("/contracting/renewals", MANAGE, pages::renew::renew)
        .page("/contracting/new", SIGN, pages::new::page)
        .action("/contracting/new", SIGN, pages::new::create)
        .action("/contracting/refusals", MANAGE, pages::new::refuse)
        .page("/contracting/{key}", READ, pages::show::page)
        .page("/contracting/{key}/files/{file}", READ, pages::show::file)
        .action("/contracting/{key}/renew", MANAGE, pages::deeds::renew)
        .action("/contracting/{key}/team", MANAGE, pages::deeds::team)
        .action("/contracting/{key}/end", MANAGE, pages::deeds::end)
        .action("/contracting/{key}/services", MANAGE, pages::deeds::service)
        .api(Method::GET, "/contracting", READ, api::LIST, api::list)
        .api(Method::POST, "/contracting", SIGN, api::SIGN, api::sign)
        .api(Method::GET, "/contracting/work", MANAGE, api::WORK, api::work)
        .api(Method::GET, "/contracting/unsigned", MANAGE, api::UNSIGNED, api::unsigned)
        .api(Method::GET, "/contracting/dropped", MANAGE, api::DROPPED, api::dropped)
        .api(Method::POST, "/contracting/renewals", MANAGE, api::RENEWALS, api::renewals)
        .api(Method::POST, "/contracting/refusals", MANAGE, api::REFUSAL, api::refusal)
        .api(Method::GET, "/contracting/{key}", READ, api::SHOW, api::show)
        .api(Method::POST, "/contracting/{key}/renew", MANAGE, api::RENEW, api::renew)
        .api(Method::POST, "/contracting/{key}/team", MANAGE, api::TEAM, api::team)
        .api(Method::POST, "/contracting/{key}/end", MANAGE, api::END, api::end)
        .api(Method::POST, "/contracting/{key}/services", MANAGE, api::SERVICE, api::service)
}
