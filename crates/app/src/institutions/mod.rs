//! Institutions (机构): what kind each is, licences and filings, both licences (两证齐全), how medical and elderly care are
//! joined, departments, services, beds, whom it serves, and where it stands (S03). Built on the organisations of the house.

mod api;
mod area;
mod fact;
mod form;
mod headers;
pub mod import;
mod indicators;
mod institution;
mod licence;
mod list;
mod marks;
mod night;
mod pages;
mod position;
mod today;
mod words;
mod work;

pub use area::{of_place as serving, set as set_area};
pub use fact::{of as facts, on as fact_on, set as set_facts};
pub use institution::{Draft, Institution, by_code, by_key, create, find, medical_places, positions};
pub use licence::{New as NewLicence, add as add_licence};
pub use marks::INSTITUTION;
pub use position::Position;
pub use words::{CARE as CARE_KINDS, MEDICAL as MEDICAL_KINDS};

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "institutions",
    title: "机构",
    perms: &[READ, WRITE, ESTABLISH],
    routes,
    menu: &[MENU],
    often: &[Role::Official, Role::Manager],
    // The register of organisations knows names; licences, beds and services are here.
    onward: &[("/organisations", MENU)],
    due: Some(work::due),
    search: Some(work::search),
    jobs: night::JOBS,
    // Levels but “none”, which is many modules' word.
    words: words::LEVELS.split_at(1).1,
    english: include_str!("en.toml"),
    lists: &[&list::INSTITUTIONS],
    indicators: indicators::ALL,
    facts: Some(marks::facts),
    named: Some(work::named),
    ..EMPTY
};

const MENU: Menu =
    Menu { area: Area::People, path: "/institutions", title: "医养机构", icon: "hospital", perm: READ };

pub const READ: Perm = Perm {
    name: "institutions.read",
    title: "查看机构",
    roles: &[
        Role::Clinician,
        Role::Lead,
        Role::Carer,
        Role::Manager,
        Role::Assessor,
        Role::Clerk,
        Role::Auditor,
        Role::Operator,
        Role::Official,
        Role::Administrator,
    ],
};
/// To change what is known of an institution: a manager of the own one, the others of their part of the country.
pub const WRITE: Perm = Perm {
    name: "institutions.write",
    title: "维护机构信息、证照和服务能力",
    roles: &[Role::Manager, Role::Lead, Role::Official, Role::Administrator],
};
pub const ESTABLISH: Perm = Perm {
    name: "institutions.establish",
    title: "新增、导入、停用机构",
    roles: &[Role::Official, Role::Administrator],
};

fn routes() -> Routes {
    Routes::default()
        .page("/institutions", READ, pages::list::page)
        .page("/institutions/map", READ, pages::map::page)
        .page("/institutions/new", ESTABLISH, pages::edit::new)
        .action("/institutions/new", ESTABLISH, pages::edit::create)
        .import(&import::INSTITUTIONS)
        .page("/institutions/{key}", READ, pages::show::page)
        .page("/institutions/{key}/edit", WRITE, pages::edit::edit)
        .action("/institutions/{key}/edit", WRITE, pages::edit::change)
        .action("/institutions/{key}/licences", WRITE, pages::licences::add)
        .action("/institutions/{key}/licences/{id}/end", WRITE, pages::licences::end)
        .action("/institutions/{key}/licences/{id}/remove", WRITE, pages::licences::remove)
        .page("/institutions/{key}/files/{id}", READ, pages::licences::file)
        .page("/institutions/{key}/abilities", WRITE, pages::abilities::page)
        .action("/institutions/{key}/abilities", WRITE, pages::abilities::set)
        .page("/institutions/{key}/area", WRITE, pages::area::page)
        .action("/institutions/{key}/area", WRITE, pages::area::set)
        .action("/institutions/{key}/close", ESTABLISH, pages::life::close)
        .action("/institutions/{key}/reopen", ESTABLISH, pages::life::reopen)
        .page("/institutions/{key}/history", READ, pages::history::page)
        .api(Method::GET, "/institutions", READ, api::LIST, api::list)
        .api(Method::POST, "/institutions", ESTABLISH, api::CREATE, api::create)
        .api(Method::GET, "/institutions/serving", READ, api::SERVING, api::serving)
        .api(Method::GET, "/institutions/{key}", READ, api::SHOW, api::show)
        .api(Method::PUT, "/institutions/{key}", WRITE, api::CHANGE, api::change)
        .api(Method::POST, "/institutions/{key}/licences", WRITE, api::LICENCE, api::add_licence)
        .api(Method::POST, "/institutions/{key}/abilities", WRITE, api::ABILITIES, api::set_abilities)
        .api(Method::POST, "/institutions/{key}/area", WRITE, api::AREA, api::set_area)
        .api(Method::POST, "/institutions/{key}/close", ESTABLISH, api::CLOSE, api::close)
}
