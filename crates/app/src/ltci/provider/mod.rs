//! Providers: agreements with institutions, who gives care for them, suspensions and yearly evaluations.

pub mod agreement;
pub mod carer;
pub mod course;
pub mod handler;
mod headers;
pub mod import;
pub mod list;
pub mod pages;
