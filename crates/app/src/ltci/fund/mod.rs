//! The fund (基金): its book of income and spending, what it has, and what it will have.

pub mod api;
pub mod ask;
pub mod before;
pub mod book;
mod file;
mod headers;
pub mod pages;

use axum::http::Method;
use kit::Routes;

pub use book::{Receipt, Spending, receive, spend, take_back};

use super::FUND;

pub fn routes(routes: Routes) -> Routes {
    routes
        .page("/ltci/fund", FUND, pages::book)
        .import(&before::BEFORE)
        .page("/ltci/fund/forecast", FUND, pages::forecast)
        .api(Method::GET, "/ltci/fund", FUND, api::BOOK, api::book)
        .api(Method::GET, "/ltci/fund/forecast", FUND, api::FORECAST, api::forecast)
}
