//! Assessment (评估): LTCI disability, ability of elders, public-health checks and scales, from application to conclusion,
//! notice, objection and reassessment (S06, S07). Instruments and time limits are policy; the order of steps is `rules`'.

mod answers;
mod api;
mod apply;
mod course;
mod effect;
mod evidence;
mod list;
mod office;
mod onsite;
mod pages;
mod past;
mod people;
mod record;
mod result;
pub mod scale;
mod sources;
pub mod words;
mod work;

pub use answers::Given;
pub use apply::{Application, create as apply};
pub use effect::{Concluded, Tier, current, current_of_people, in_force_of_county, is_disabled, latest, tiers_of_lot};
pub use pages::questionnaire;
pub use past::{Past, take};
pub use record::{Assessment, Assessor, Programme, find, of_elder};
pub use result::{Outcome, score_of};
pub use sources::{basis, citation, needed, of_value};
pub use words::REJECTIONS;

use axum::http::Method;
use kit::{
    Module, Perm, Role, Routes,
    module::{Area, EMPTY, Menu},
};

/// News this module sends.
pub const EFFECTIVE: &str = "assessment.effective";
pub const EXPIRED: &str = "assessment.expired";
/// An application that came to no conclusion: it was not taken up, or it ended before; `reason` says why.
pub const CLOSED: &str = "assessment.closed";

pub const MODULE: Module = Module {
    name: "assessment",
    title: "评估",
    perms: &[READ, APPLY, ASSESS, HANDLE, REVIEW, NOTICE],
    routes,
    menu: &[
        Menu { area: Area::People, path: "/assessment", title: "评估", icon: "clipboard-check", perm: READ },
        Menu {
            area: Area::People, path: "/assessment/notices", title: "评估公示", icon: "megaphone", perm: NOTICE
        },
    ],
    often: &[Role::Assessor, Role::Clerk],
    due: Some(work::due),
    jobs: work::JOBS,
    listen: Some(work::listen),
    beside: Some(work::beside),
    words: words::STORED,
    english: include_str!("en.toml"),
    lists: &[&list::ASSESSMENTS, &list::NOTICES, &list::DUE],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "assessment.read",
    title: "查看评估",
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
        Role::Family,
    ],
};
/// To apply, to add material, to object.
pub const APPLY: Perm = Perm {
    name: "assessment.apply",
    title: "申请评估、提出异议",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Assessor, Role::Clerk, Role::Operator, Role::Family],
};
/// Assessors everything, clinicians the scales that one person does.
pub const ASSESS: Perm =
    Perm { name: "assessment.assess", title: "评估作答和签名", roles: &[Role::Assessor, Role::Clinician] };
pub const HANDLE: Perm =
    Perm { name: "assessment.handle", title: "受理、派单、处理异议", roles: &[Role::Lead, Role::Clerk] };
pub const REVIEW: Perm = Perm { name: "assessment.review", title: "复核评估", roles: &[Role::Lead, Role::Clerk] };
pub const NOTICE: Perm =
    Perm { name: "assessment.notice", title: "打印评估公示", roles: &[Role::Clerk, Role::Official] };

fn routes() -> Routes {
    Routes::default()
        .page("/assessment", READ, pages::list::all)
        .page("/assessment/notices", NOTICE, pages::list::notices)
        .page("/assessment/due", READ, pages::list::due)
        .page("/assessment/new", APPLY, pages::new::page)
        .action("/assessment/new", APPLY, pages::new::create)
        .page("/assessment/{key}", READ, pages::show::page)
        .page("/assessment/{key}/report", READ, pages::report::page)
        .page("/assessment/{key}/self-rating", APPLY, pages::self_rating::page)
        .action("/assessment/{key}/self-rating", APPLY, pages::self_rating::save)
        .action("/assessment/{key}/submit", APPLY, pages::deeds::submit)
        .action("/assessment/{key}/accept", HANDLE, pages::deeds::accept)
        .action("/assessment/{key}/return", HANDLE, pages::deeds::return_materials)
        .action("/assessment/{key}/reject", HANDLE, pages::deeds::reject)
        .action("/assessment/{key}/assign", HANDLE, pages::deeds::assign)
        .action("/assessment/{key}/end", HANDLE, pages::deeds::end)
        .page("/assessment/{key}/answers", ASSESS, pages::answers::page)
        .action("/assessment/{key}/answers", ASSESS, pages::answers::save)
        .action("/assessment/{key}/restart", ASSESS, pages::answers::restart)
        .page("/assessment/{key}/sign", ASSESS, pages::sign::page)
        .action("/assessment/{key}/sign", ASSESS, pages::sign::sign)
        .action("/assessment/{key}/reopen", ASSESS, pages::sign::reopen)
        .action("/assessment/{key}/evidence", APPLY, pages::evidence::add)
        .page("/assessment/{key}/files/{file}", READ, pages::evidence::show)
        .action("/assessment/{key}/approve", REVIEW, pages::deeds::approve)
        .action("/assessment/{key}/send-back", REVIEW, pages::deeds::send_back)
        .action("/assessment/{key}/object", APPLY, pages::deeds::object)
        .action("/assessment/{key}/begin-review", HANDLE, pages::deeds::begin_review)
        .action("/assessment/{key}/dismiss", HANDLE, pages::deeds::dismiss)
        .api(Method::GET, "/assessments", READ, api::LIST, api::list)
        .api(Method::POST, "/assessments", APPLY, api::CREATE, api::create)
        .api(Method::POST, "/assessments/score", READ, api::SCORE, api::score)
        .api(Method::GET, "/assessments/{key}", READ, api::SHOW, api::show)
        .api(Method::POST, "/assessments/{key}/answers", ASSESS, api::ANSWERS, api::answers)
        .api(Method::GET, "/assessments/{key}/preview", ASSESS, api::PREVIEW, api::preview)
        .api(Method::POST, "/assessments/{key}/submit", APPLY, api::deeds::SUBMIT, api::deeds::submit)
        .api(Method::POST, "/assessments/{key}/accept", HANDLE, api::deeds::ACCEPT, api::deeds::accept)
        .api(Method::POST, "/assessments/{key}/return", HANDLE, api::deeds::RETURN, api::deeds::return_materials)
        .api(Method::POST, "/assessments/{key}/reject", HANDLE, api::deeds::REJECT, api::deeds::reject)
        .api(Method::POST, "/assessments/{key}/assign", HANDLE, api::deeds::ASSIGN, api::deeds::assign)
        .api(Method::POST, "/assessments/{key}/sign", ASSESS, api::deeds::SIGN, api::deeds::sign)
        .api(Method::POST, "/assessments/{key}/finish", ASSESS, api::deeds::FINISH, api::deeds::finish)
        .api(Method::POST, "/assessments/{key}/approve", REVIEW, api::deeds::APPROVE, api::deeds::approve)
        .api(Method::POST, "/assessments/{key}/send-back", REVIEW, api::deeds::SEND_BACK, api::deeds::send_back)
        .api(Method::POST, "/assessments/{key}/object", APPLY, api::deeds::OBJECT, api::deeds::object)
        .api(
            Method::POST,
            "/assessments/{key}/begin-review",
            HANDLE,
            api::deeds::BEGIN_REVIEW,
            api::deeds::begin_review,
        )
        .api(Method::POST, "/assessments/{key}/dismiss", HANDLE, api::deeds::DISMISS, api::deeds::dismiss)
        .api(Method::POST, "/assessments/{key}/end", HANDLE, api::deeds::END, api::deeds::end)
}
