//! Elders (老人): one person once, their groups, contacts and history; ledgers, duplicates, death and moving (S01, S02).

mod age;
mod api;
mod api_life;
mod bulk;
mod contacts;
mod counts;
mod deed;
mod due;
mod duplicates;
mod elder;
mod ended;
mod form;
mod groups;
pub mod import;
mod indicators;
mod intake;
pub mod ledger;
mod ledgers;
mod life;
mod list;
pub mod listed;
mod load;
mod marks;
mod merging;
mod moving;
mod name;
mod pages;
mod pairs;
mod people;
mod sights;
mod timeline;
pub mod words;
mod work;

pub use age::{OLDEST, oldest_from, settle_elder as settle_age};
pub use bulk::{Merged, Registered, gone, merged, names, register, registered, stays};
pub use contacts::{
    Contact, New as NewContact, PHONE_COLUMN as CONTACT_PHONE_COLUMN, add as add_contact, of as contacts_of,
    of_people as contacts_of_people,
};
pub use counts::recount;
pub use deed::deed;
pub use due::{
    ByAge, DueItem, SCOPE as DUE_SCOPE, catch_up as catch_up_due, clear as clear_due, count as count_due,
    day_of as due_day, of as dues_of, put_item as set_due_item, set as set_due,
};
pub use duplicates::{Pair, pair};
pub use elder::{Birth, Elder, Key, Records, about, find, find_living, find_served, note, records, rows_of};
pub use groups::{
    Entry as GroupEntry, Membership, enter as enter_group, leave as leave_group, of as groups_of,
    of_lot as groups_of_lot, of_people as groups_of_people,
};
pub use indicators::AGED_65;
pub use intake::{ADDRESS_COLUMN, Document, Draft, NUMBER_COLUMN, PHONE_COLUMN, Taken, create, take, with_number};
pub use life::{CHANGED, DIED, change, change_phone, change_remark, died, not_died};
pub use list::SCOPE;
pub use load::{Arrival, County as LoadingCounty};
pub use marks::{MUST_SIGN, POOR, PRIORITY, housed, keep_facts, thing};
pub use merging::{MERGED, UNMERGED, merge, undo as undo_merging};
pub use moving::{MOVED, RETURNED, moved, not_moved, returned};
pub use name::clean_name;
pub use people::People;
pub use sights::beside_of;
pub use timeline::{Report, Tone, report};

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "elders",
    title: "老人档案",
    perms: &[READ, WRITE, REVEAL, MERGE],
    routes,
    menu: &[
        Menu { area: Area::People, path: "/elders", title: "老人名册", icon: "people", perm: READ },
        Menu { area: Area::People, path: "/elders/ledgers", title: "人群台账", icon: "journal-text", perm: READ },
        Menu { area: Area::People, path: "/elders/duplicates", title: "疑似重复", icon: "link-45deg", perm: MERGE },
    ],
    often: &[Role::Clinician, Role::Lead, Role::Official],
    due: Some(work::due),
    figures: Some(work::figures),
    sights: Some(sights::workbench),
    search: Some(work::search),
    indicators: indicators::ALL,
    facts: Some(marks::facts),
    named: Some(work::named),
    persons: Some(work::persons),
    jobs: work::JOBS,
    words: words::STORED,
    english: include_str!("en.toml"),
    lists: &[&list::ELDERS, &list::ARCHIVE, &ledgers::LEDGER, &pairs::OPEN, &pairs::JUDGED],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "elders.read",
    title: "查看老人档案",
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
    ],
};
pub const WRITE: Perm = Perm {
    name: "elders.write",
    title: "登记和修改老人档案",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Operator, Role::Official],
};
/// To see an ID number, a phone or an address in full; each look is noted.
pub const REVEAL: Perm = Perm {
    name: "elders.reveal",
    title: "查看完整证件号和电话",
    roles: &[Role::Clinician, Role::Lead, Role::Assessor, Role::Clerk, Role::Operator],
};
pub const MERGE: Perm =
    Perm { name: "elders.merge", title: "合并重复档案", roles: &[Role::Lead, Role::Official] };

fn routes() -> Routes {
    Routes::default()
        .page("/elders", READ, pages::list::register)
        .page("/elders/archive", READ, pages::list::archive)
        .page("/elders/ledgers", READ, pages::ledgers::page)
        .page("/elders/ledgers/list", READ, pages::ledgers::list)
        .page("/elders/new", WRITE, pages::edit::new)
        .action("/elders/new", WRITE, pages::edit::create)
        .page("/elders/import", WRITE, pages::import::form)
        .action("/elders/import", WRITE, pages::import::upload)
        .page("/elders/import/template.xlsx", WRITE, pages::import::template)
        .page("/elders/import/{key}", WRITE, pages::import::show)
        .page("/elders/import/{key}/refused.xlsx", WRITE, pages::import::refused)
        .action("/elders/import/{key}/again", WRITE, pages::import::again)
        .page("/elders/duplicates", MERGE, pages::duplicates::open)
        .page("/elders/duplicates/judged", MERGE, pages::duplicates::judged)
        .page("/elders/duplicates/{region}/{id}", MERGE, pages::duplicates::show)
        .action("/elders/duplicates/{region}/{id}/merge", MERGE, pages::duplicates::merge)
        .action("/elders/duplicates/{region}/{id}/different", MERGE, pages::duplicates::different)
        .action("/elders/duplicates/{region}/{id}/undo", MERGE, pages::duplicates::undo)
        .page("/elders/{key}", READ, pages::show::page)
        .page("/elders/{key}/timeline", READ, pages::show::timeline)
        .action("/elders/{key}/reveal", REVEAL, pages::show::reveal)
        .page("/elders/{key}/edit", WRITE, pages::edit::edit)
        .action("/elders/{key}/edit", WRITE, pages::edit::change)
        .action("/elders/{key}/groups", WRITE, pages::show::set_groups)
        .action("/elders/{key}/contacts", WRITE, pages::show::add_contact)
        .action("/elders/{key}/contacts/{id}/remove", WRITE, pages::show::remove_contact)
        .page("/elders/{key}/life", WRITE, pages::life::page)
        .action("/elders/{key}/died", WRITE, pages::life::died)
        .action("/elders/{key}/not-died", WRITE, pages::life::not_died)
        .action("/elders/{key}/moved", WRITE, pages::life::moved)
        .action("/elders/{key}/not-moved", WRITE, pages::life::not_moved)
        .action("/elders/{key}/returned", WRITE, pages::life::returned)
        .api(Method::GET, "/elders", READ, api::LIST, api::list)
        .api(Method::POST, "/elders", WRITE, api::CREATE, api::create)
        .api(Method::POST, "/elders/import", WRITE, import::api::IMPORT, import::api::import)
        .api(Method::GET, "/elders/import/{key}", WRITE, import::api::IMPORTED, import::api::imported)
        .api(Method::GET, "/elders/{key}", READ, api::SHOW, api::show)
        .api(Method::PUT, "/elders/{key}", WRITE, api::CHANGE, api::change)
        .api(Method::GET, "/elders/{key}/timeline", READ, api::TIMELINE, api::timeline)
        .api(Method::POST, "/elders/{key}/died", WRITE, api_life::DIED, api_life::died)
        .api(Method::POST, "/elders/{key}/not-died", WRITE, api_life::NOT_DIED, api_life::not_died)
        .api(Method::POST, "/elders/{key}/moved", WRITE, api_life::MOVED, api_life::moved)
        .api(Method::POST, "/elders/{key}/not-moved", WRITE, api_life::NOT_MOVED, api_life::not_moved)
        .api(Method::POST, "/elders/{key}/returned", WRITE, api_life::RETURNED, api_life::returned)
        .api(Method::GET, "/elders/duplicates", MERGE, api_life::DUPLICATES, api_life::duplicates)
        .api(Method::POST, "/elders/duplicates/{region}/{id}/merge", MERGE, api_life::MERGE_THEM, api_life::merge)
        .api(Method::POST, "/elders/duplicates/{region}/{id}/undo", MERGE, api_life::UNDO, api_life::undo)
        .api(
            Method::POST,
            "/elders/duplicates/{region}/{id}/different",
            MERGE,
            api_life::DIFFERENT,
            api_life::different,
        )
}
