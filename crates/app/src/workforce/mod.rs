//! Workforce (人员与团队): staff and where they practise, what they learned, family-doctor teams and their places (S05).

mod account;
mod api;
mod area;
mod certificate;
mod form;
mod headers;
pub mod import;
mod indicators;
mod list;
mod marks;
mod member;
mod night;
mod on_day;
mod organisation;
mod pages;
mod post;
mod presence;
mod staff;
mod team;
mod team_staff;
mod training;
mod words;
mod work;

pub use account::{institutions_of_accounts, staff_of_account, teams_of_account};
pub use area::{of_county as teams_of_places, places_of as places_of_team, set as set_places, team_of_place};
pub use certificate::{New as NewCertificate, Paper, add as add_certificate, of as certificates_of};
pub use member::{Member, New as NewMember, members, set as set_member, teams_of};
pub use on_day::{OnDay, at_home, on_day};
pub use organisation::{
    Organisation, by_id as organisation, name as organisation_name, named as organisation_named,
    options as organisations_of, within as organisation_within,
};
pub use post::{Line, New as NewPost, Post, posts_of, set as set_post};
pub use presence::{Absence, absences as absences_of, away, hours};
pub use staff::{
    Draft, First, PHONE_COLUMN, Staff, Taken, at as staff_at, by_key as staff_by_key, by_number, find,
    licensed_at as staff_licensed_at, note, of_street as staff_of_street, take, with_account as staff_with_account,
};
pub use team::{NewTeam, Team, by_key as team_by_key, create as create_team, find as find_team, teams};
pub use words::KINDS;

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "workforce",
    title: "人员与团队",
    perms: &[READ, WRITE, REVEAL, TEAMS],
    routes,
    menu: &[
        Menu {
            area: Area::People, path: "/workforce/teams", title: "家庭医生团队", icon: "people-fill", perm: READ
        },
        Menu { area: Area::People, path: "/workforce", title: "从业人员", icon: "person-badge", perm: READ },
    ],
    due: Some(work::due),
    search: Some(work::search),
    jobs: night::JOBS,
    indicators: indicators::ALL,
    facts: Some(marks::facts),
    named: Some(work::named),
    english: include_str!("en.toml"),
    lists: &[&list::STAFF, &list::FORMER, &list::TEAMS],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "workforce.read",
    title: "查看人员与团队",
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
pub const WRITE: Perm = Perm {
    name: "workforce.write",
    title: "登记和修改人员",
    roles: &[Role::Lead, Role::Manager, Role::Official, Role::Administrator],
};
/// To see an ID number or a phone in full; each look is noted.
pub const REVEAL: Perm = Perm {
    name: "workforce.reveal",
    title: "查看人员完整证件号和电话",
    roles: &[Role::Lead, Role::Manager, Role::Official],
};
pub const TEAMS: Perm =
    Perm { name: "workforce.teams", title: "管理家庭医生团队", roles: &[Role::Lead, Role::Official] };

fn routes() -> Routes {
    Routes::default()
        .page("/workforce", READ, pages::lists::staff)
        .page("/workforce/former", READ, pages::lists::former)
        .page("/workforce/new", WRITE, pages::edit::new)
        .action("/workforce/new", WRITE, pages::edit::create)
        .page("/workforce/teams", READ, pages::lists::teams)
        .page("/workforce/teams/gaps", READ, pages::gaps::page)
        .page("/workforce/teams/new", TEAMS, pages::team_edit::new)
        .action("/workforce/teams/new", TEAMS, pages::team_edit::create)
        .page("/workforce/teams/{key}", READ, pages::team::page)
        .page("/workforce/teams/{key}/edit", TEAMS, pages::team_edit::edit)
        .action("/workforce/teams/{key}/edit", TEAMS, pages::team_edit::change)
        .action("/workforce/teams/{key}/members", TEAMS, pages::team_deeds::set_member)
        .page("/workforce/teams/{key}/places", TEAMS, pages::team_places::page)
        .action("/workforce/teams/{key}/places", TEAMS, pages::team_places::set)
        .action("/workforce/teams/{key}/close", TEAMS, pages::team_deeds::close)
        .action("/workforce/teams/{key}/reopen", TEAMS, pages::team_deeds::reopen)
        .import(&import::STAFF)
        .page("/workforce/{key}", READ, pages::show::page)
        .page("/workforce/{key}/edit", WRITE, pages::edit::edit)
        .action("/workforce/{key}/edit", WRITE, pages::edit::change)
        .action("/workforce/{key}/reveal", REVEAL, pages::show::reveal)
        .action("/workforce/{key}/posts", WRITE, pages::posts::set)
        .action("/workforce/{key}/leave", WRITE, pages::posts::leave)
        .action("/workforce/{key}/certificates", WRITE, pages::papers::add)
        .action("/workforce/{key}/certificates/{id}/remove", WRITE, pages::papers::remove)
        .page("/workforce/{key}/files/{id}", READ, pages::papers::file)
        .action("/workforce/{key}/training", WRITE, pages::papers::train)
        .action("/workforce/{key}/training/{id}/remove", WRITE, pages::papers::remove_training)
        .action("/workforce/{key}/absences", WRITE, pages::presence::leave)
        .action("/workforce/{key}/back", WRITE, pages::presence::back)
        .action("/workforce/{key}/hours", WRITE, pages::presence::hours)
        .api(Method::GET, "/workforce", READ, api::LIST, api::list)
        .api(Method::POST, "/workforce", WRITE, api::CREATE, api::create)
        .api(Method::GET, "/workforce/teams", READ, api::TEAMS_LIST, api::teams)
        .api(Method::POST, "/workforce/teams", TEAMS, api::TEAM_CREATE, api::create_team)
        .api(Method::GET, "/workforce/teams/of-place", READ, api::OF_PLACE, api::of_place)
        .api(Method::GET, "/workforce/teams/{key}", READ, api::TEAM_SHOW, api::show_team)
        .api(Method::POST, "/workforce/teams/{key}/members", TEAMS, api::MEMBER, api::set_member)
        .api(Method::POST, "/workforce/teams/{key}/places", TEAMS, api::PLACES, api::set_places)
        .api(Method::GET, "/workforce/{key}", READ, api::SHOW, api::show)
        .api(Method::PUT, "/workforce/{key}", WRITE, api::CHANGE, api::change)
        .api(Method::POST, "/workforce/{key}/posts", WRITE, api::POST, api::set_post)
        .api(Method::POST, "/workforce/{key}/certificates", WRITE, api::CERTIFICATE, api::add_certificate)
        .api(Method::POST, "/workforce/{key}/training", WRITE, api::TRAINING, api::add_training)
        .api(Method::POST, "/workforce/{key}/absences", WRITE, api::ABSENCE, api::add_absence)
}
