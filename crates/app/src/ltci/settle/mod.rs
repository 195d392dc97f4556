//! Settlement of a month (月结算): every line judged by numbered rules, reviewed by samples, confirmed, paid, objected to,
//! computed anew when a fact or a document comes late; what providers, the insurer and elders are told of it.

mod api;
mod complaint;
pub mod csv;
pub mod explain;
pub mod export;
mod judge;
pub mod keep;
pub mod list;
pub mod objection;
mod pages;
pub mod pay;
mod policy;
mod redo;
pub mod sample;
mod spent;
pub mod statement;
pub mod words;
pub mod work;

pub use pages::{review, tabs};

use axum::http::Method;
use kit::Routes;

use super::{AUDIT, CLAIM, COMPLAIN, COMPLAINTS, HANDLE, READ, SETTLED};

pub fn routes(routes: Routes) -> Routes {
    routes
        .page("/ltci/settlements", SETTLED, pages::runs::list)
        .action("/ltci/settlements", HANDLE, pages::runs::start)
        .page("/ltci/settlements/jobs/{id}", HANDLE, pages::runs::job)
        .page("/ltci/settlements/{key}", SETTLED, pages::run::page)
        .action("/ltci/settlements/{key}/confirm", HANDLE, pages::run::confirm)
        .action("/ltci/settlements/{key}/discard", HANDLE, pages::run::discard)
        .action("/ltci/settlements/{key}/paid", HANDLE, pages::run::paid)
        .page("/ltci/settlements/{key}/payments.csv", HANDLE, pages::run::payment_file)
        .page("/ltci/settlements/{key}/export.zip", SETTLED, pages::run::export)
        .page("/ltci/settlements/{key}/differences", SETTLED, pages::run::differences)
        .action("/ltci/settlements/{key}/samples", AUDIT, review::draw)
        .action("/ltci/settlements/{key}/samples/{claim}", AUDIT, review::review)
        .page("/ltci/settlements/{key}/insurer", SETTLED, pages::statements::insurer)
        .page("/ltci/settlements/{key}/providers/{id}", SETTLED, pages::statements::provider)
        .page("/ltci/settlements/{key}/providers/{id}/lines.csv", SETTLED, pages::statements::provider_file)
        .page("/ltci/settlements/{key}/elders/{id}", SETTLED, pages::statements::elder)
        .page("/ltci/verdicts", SETTLED, pages::runs::verdicts)
        .page("/ltci/payments", SETTLED, pages::runs::payments)
        .page("/ltci/samples", AUDIT, review::list)
        .page("/ltci/redo", SETTLED, pages::runs::redo)
        .action("/ltci/redo", HANDLE, pages::runs::look)
        .page("/ltci/objections", SETTLED, pages::runs::objections)
        .action("/ltci/claims/{key}/objection", CLAIM, review::raise)
        .action("/ltci/claims/{key}/answer", HANDLE, review::answer)
        .page("/ltci/complaints", COMPLAINTS, pages::complaints::list)
        .page("/ltci/complaints/{key}", COMPLAINTS, pages::complaints::show)
        .action("/ltci/complaints/{key}/close", COMPLAINTS, pages::complaints::close)
        .page("/ltci/{key}/month", READ, pages::month::page)
        .action("/ltci/{key}/month/{claim}/complaint", COMPLAIN, pages::month::complain)
        .api(Method::GET, "/ltci/settlements", SETTLED, api::LIST, api::list)
        .api(Method::POST, "/ltci/settlements", HANDLE, api::SETTLE, api::settle)
        .api(Method::GET, "/ltci/settlements/{key}", SETTLED, api::SHOW, api::show)
        .api(Method::POST, "/ltci/settlements/{key}/confirm", HANDLE, api::CONFIRM, api::confirm)
        .api(Method::GET, "/ltci/settlements/{key}/differences", SETTLED, api::DIFFERENCES, api::differences)
        .api(Method::POST, "/ltci/settlements/{key}/paid", HANDLE, api::PAID, api::paid)
        .api(Method::POST, "/ltci/settlements/{key}/samples", AUDIT, api::DRAW, api::draw)
        .api(Method::POST, "/ltci/settlements/{key}/samples/{claim}", AUDIT, api::REVIEW, api::review)
        .api(Method::GET, "/ltci/payments", SETTLED, api::PAYMENTS, api::payments)
        .api(Method::GET, "/ltci/samples", AUDIT, api::SAMPLES, api::samples)
        .api(Method::GET, "/ltci/redo", SETTLED, api::REDO, api::redo)
        .api(Method::GET, "/ltci/objections", SETTLED, api::OBJECTIONS, api::objections)
        .api(Method::POST, "/ltci/claims/{key}/objection", CLAIM, api::RAISE, api::raise)
        .api(Method::POST, "/ltci/claims/{key}/answer", HANDLE, api::ANSWER, api::answer)
        .api(Method::GET, "/ltci/complaints", COMPLAINTS, api::COMPLAINTS, api::complaints)
        .api(Method::POST, "/ltci/complaints/{key}/close", COMPLAINTS, api::CLOSE, api::close)
        .api(Method::GET, "/ltci/{key}/month", READ, api::MONTH, api::month)
        .api(Method::POST, "/ltci/{key}/month/{claim}/complaint", COMPLAIN, api::COMPLAIN, api::complain)
}
