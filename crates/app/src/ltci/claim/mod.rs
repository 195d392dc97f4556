//! What providers claim: lines with the evidence for them, from a sheet, a program or a page.

mod api;
mod evidence;
mod headers;
pub mod import;
mod line;
pub mod list;
mod pages;
pub mod take;
mod visited;

pub use evidence::missing;
pub use line::{Claim, find, month_by_id, month_of, note, of_elder, of_month, settled};
pub use take::amount;
pub use visited::listen;

use axum::http::Method;
use kit::Routes;

use super::{CLAIM, SETTLED};

pub fn routes(routes: Routes) -> Routes {
    routes
        .page("/ltci/claims", SETTLED, pages::list)
        .page("/ltci/claims/new", CLAIM, pages::new)
        .action("/ltci/claims/new", CLAIM, pages::create)
        .import(&import::CLAIMS)
        .page("/ltci/claims/{key}", SETTLED, pages::show)
        .action("/ltci/claims/{key}/withdraw", CLAIM, pages::withdraw)
        .api(Method::GET, "/ltci/claims", SETTLED, api::LIST, api::list)
        .api(Method::POST, "/ltci/claims", CLAIM, api::ADD, api::add)
        .api(Method::GET, "/ltci/claims/{key}", SETTLED, api::SHOW, api::show)
        .api(Method::POST, "/ltci/claims/{key}/withdraw", CLAIM, api::WITHDRAW, api::withdraw)
}
