//! Providers: agreements with institutions, who gives care for them, suspensions and yearly evaluations.

pub mod agreement;
pub mod carer;
