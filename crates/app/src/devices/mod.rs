//! Devices in homes and what they say (监测设备): the registry, hand-out and return, messages of makers read, readings kept, values
//! handed on to the record, limits watched (S27). What messages mean is the crate `readings`, how they come in the crate `mqtt`;
//! limits are `rules::limits`, and the answer to an alarm is the module `monitoring`.

mod adapters;
mod alarms;
mod api;
mod consent;
mod device;
mod ear;
mod form;
mod hold;
mod import;
mod keep;
mod line;
mod list;
mod memory;
mod model;
mod own;
mod pages;
mod secret;
mod series;
mod thin;
mod unknown;
mod vitals;
mod watch;
mod witness;
mod words;
mod work;

pub use device::{Draft, add};
pub use hold::put_into_home;
pub use keep::sent;
pub use series::{LastValue, last_values};
pub use witness::witness;

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

/// Somebody measured something of an elder with a device of the home: `{elder, from, until}`; a visit that reached into this
/// stretch may have a witness now.
pub const MEASURED: &str = "devices.measured";

pub const MODULE: Module = Module {
    name: "devices",
    title: "监测设备",
    perms: &[READ, WRITE, VALUES, LIMITS, SEND, SET],
    routes,
    menu: &[Menu { area: Area::Care, path: "/devices", title: "监测设备", icon: "smartwatch", perm: READ }],
    due: Some(work::due),
    beside: Some(work::beside),
    listen: Some(work::listen),
    jobs: work::JOBS,
    always: Some(ear::always),
    words: words::STORED,
    english: include_str!("en.toml"),
    lists: &[&list::DEVICES, &list::MESSAGES],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "devices.read",
    title: "查看监测设备",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Operator, Role::Official, Role::Administrator],
};
pub const WRITE: Perm =
    Perm {
        name: "devices.write", title: "登记、发放和收回设备", roles: &[Role::Lead, Role::Manager, Role::Operator]
    };
/// What was measured of a person.
pub const VALUES: Perm = Perm {
    name: "devices.values",
    title: "查看监测数值",
    roles: &[Role::Clinician, Role::Lead, Role::Operator, Role::Family],
};
/// A person's own limits.
pub const LIMITS: Perm =
    Perm { name: "devices.limits", title: "设置个人报警限值", roles: &[Role::Clinician, Role::Lead] };
/// Programs of others that send what their devices say.
pub const SEND: Perm = Perm {
    name: "devices.send",
    title: "上传设备数据",
    roles: &[Role::Lead, Role::Manager, Role::Operator, Role::Administrator],
};
/// How messages are read, and what becomes of those nobody understands.
pub const SET: Perm =
    Perm { name: "devices.set", title: "设备消息和适配", roles: &[Role::Operator, Role::Administrator] };

fn routes() -> Routes {
    Routes::default()
        .page("/devices", READ, pages::list::page)
        .page("/devices/new", WRITE, pages::edit::new)
        .action("/devices/new", WRITE, pages::edit::create)
        .page("/devices/models", READ, pages::models::page)
        .page("/devices/messages", SET, pages::messages::list)
        .page("/devices/messages/{key}", SET, pages::messages::show)
        .action("/devices/messages/{key}/replay", SET, pages::messages::replay)
        .action("/devices/messages/{key}/drop", SET, pages::messages::drop)
        .page("/devices/adapters", SET, pages::adapters::page)
        .action("/devices/adapters", SET, pages::adapters::save)
        .action("/devices/adapters/try", SET, pages::adapters::try_it)
        .action("/devices/adapters/{name}/drop", SET, pages::adapters::drop)
        .import(&import::DEVICES)
        .page("/devices/people/{key}", VALUES, pages::people::page)
        .action("/devices/people/{key}/limits", LIMITS, pages::people::limit)
        .action("/devices/people/{key}/consent", WRITE, pages::people::agree)
        .page("/devices/{key}", READ, pages::show::page)
        .page("/devices/{key}/edit", WRITE, pages::edit::edit)
        .action("/devices/{key}/edit", WRITE, pages::edit::change)
        .page("/devices/{key}/hand-out", WRITE, pages::deeds::hand_out_form)
        .action("/devices/{key}/hand-out", WRITE, pages::deeds::hand_out)
        .action("/devices/{key}/back", WRITE, pages::deeds::back)
        .action("/devices/{key}/state", WRITE, pages::deeds::state)
        .action("/devices/{key}/secret", WRITE, pages::deeds::rotate)
        .api(Method::GET, "/devices", READ, api::LIST, api::list)
        .api(Method::POST, "/devices", WRITE, api::CREATE, api::create)
        .api(Method::GET, "/devices/{key}", READ, api::SHOW, api::show)
        .api(Method::POST, "/devices/{key}/hand-out", WRITE, api::HAND_OUT, api::hand_out)
        .api(Method::POST, "/devices/{key}/back", WRITE, api::BACK, api::back)
        .api(Method::GET, "/readings/{key}", VALUES, api::VALUES, api::values)
        .api(Method::POST, "/readings/{key}/limits", LIMITS, api::LIMIT, api::limit)
        .api(Method::POST, "/readings", SEND, api::SEND, api::send)
}
