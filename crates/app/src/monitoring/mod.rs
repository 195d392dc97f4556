//! Monitoring (报警处置): from an alarm to help at the door. A case with a clock that goes from who is on duty to 120, duty rosters,
//! the page of the operators, and how long it all took (S27, S28). The rules are `rules::alarm`; devices raise through [`raise`].

mod access;
mod api;
mod board;
mod case;
mod deeds;
mod duty;
mod entry;
mod figures;
mod list;
mod live;
mod marks;
mod near;
mod pages;
mod past;
mod raise;
mod steps;
mod tell;
mod words;
mod work;

pub use case::{Case, of_elder};
pub use duty::{Centre, find as find_centre, set_centre, set_week};
pub use figures::by_device as closed_by_device;
pub use live::look;
pub use past::{Past, take_past};
pub use raise::{Raise, Reason, Subject, over, raise};
pub use steps::tick;

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, Beat, EMPTY, Menu},
};

pub const MODULE: Module = Module {
    name: "monitoring",
    title: "报警处置",
    perms: &[READ, RAISE, RESPOND, SEND, DUTY],
    routes,
    menu: &[Menu { area: Area::Care, path: "/monitoring", title: "报警处置", icon: "bell", perm: READ }],
    often: &[Role::Operator],
    due: Some(work::due),
    beside: Some(work::beside),
    listen: Some(work::listen),
    beats: &[
        // The clock of the cases.
        Beat {
            pause_ms: 1_000,
            round: |app| {
                Box::pin(async move {
                    let now = app.clock.now();
                    tick(&app, now).await
                })
            },
        },
        // What changed, for whoever listens to this server; a round that found something waits as well.
        Beat {
            pause_ms: 400,
            round: |app| {
                Box::pin(async move {
                    look(&app).await?;
                    Ok(false)
                })
            },
        },
    ],
    indicators: marks::INDICATORS,
    facts: Some(marks::facts),
    words: words::STORED,
    english: include_str!("en.toml"),
    lists: &[&list::CASES],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "monitoring.read",
    title: "查看报警",
    roles: &[Role::Clinician, Role::Lead, Role::Carer, Role::Manager, Role::Operator, Role::Official],
};
/// To write down an alarm that somebody called in.
pub const RAISE: Perm = Perm {
    name: "monitoring.raise",
    title: "登记报警",
    roles: &[Role::Clinician, Role::Lead, Role::Carer, Role::Manager, Role::Operator],
};
/// To take an alarm, to say who left and arrived, to close it.
pub const RESPOND: Perm = Perm {
    name: "monitoring.respond",
    title: "接警和处置报警",
    roles: &[Role::Clinician, Role::Lead, Role::Carer, Role::Manager, Role::Operator],
};
/// To send others.
pub const SEND: Perm = Perm {
    name: "monitoring.send",
    title: "为报警派人上门",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Operator],
};
/// Centres and duty rosters.
pub const DUTY: Perm =
    Perm { name: "monitoring.duty", title: "安排报警值班", roles: &[Role::Lead, Role::Manager] };

fn routes() -> Routes {
    Routes::default()
        .page("/monitoring", READ, pages::board::page)
        .page("/monitoring/live/{place}", READ, pages::board::stream)
        .page("/monitoring/history", READ, pages::show::history_list)
        .page("/monitoring/figures", READ, pages::figures::page)
        .page("/monitoring/new", RAISE, pages::new::page)
        .action("/monitoring/new", RAISE, pages::new::create)
        .page("/monitoring/duty", READ, pages::duty::index)
        .action("/monitoring/duty", DUTY, pages::duty::set_centre)
        .page("/monitoring/duty/{key}", READ, pages::duty::show)
        .action("/monitoring/duty/{key}/week", DUTY, pages::duty::set_week)
        .action("/monitoring/duty/{key}/days", DUTY, pages::duty::set_days)
        .action("/monitoring/duty/{key}/copy", DUTY, pages::duty::copy)
        .page("/monitoring/{key}", READ, pages::show::page)
        .action("/monitoring/{key}/acknowledge", RESPOND, pages::deeds::acknowledge)
        .action("/monitoring/{key}/return", RESPOND, pages::deeds::hand_back)
        .action("/monitoring/{key}/send", SEND, pages::deeds::send)
        .action("/monitoring/{key}/depart", RESPOND, pages::deeds::depart)
        .action("/monitoring/{key}/arrive", RESPOND, pages::deeds::arrive)
        .action("/monitoring/{key}/close", RESPOND, pages::deeds::close)
        .action("/monitoring/{key}/reopen", RESPOND, pages::deeds::reopen)
        .action("/monitoring/{key}/correct", RESPOND, pages::deeds::correct)
        .action("/monitoring/{key}/inform", RESPOND, pages::deeds::inform)
        .action("/monitoring/{key}/follow", RESPOND, pages::deeds::follow)
        .action("/monitoring/{key}/note", RESPOND, pages::deeds::remark)
        .action("/monitoring/{key}/access", RESPOND, pages::deeds::set_access)
        .api(Method::GET, "/monitoring", READ, api::LIST, api::list)
        .api(Method::POST, "/monitoring", RAISE, api::RAISE, api::raise)
        .api(Method::GET, "/monitoring/{key}", READ, api::SHOW, api::show)
        .api(Method::POST, "/monitoring/{key}/acknowledge", RESPOND, api::ACKNOWLEDGE, api::acknowledge)
        .api(Method::POST, "/monitoring/{key}/send", SEND, api::SEND, api::send)
        .api(Method::POST, "/monitoring/{key}/close", RESPOND, api::CLOSE, api::close)
}
