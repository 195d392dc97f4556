//! The application as its users meet it: every test asks the real router, on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test says by its failure what was missing")]

mod administration;
mod assessment;
mod audit;
mod backup;
mod careplan;
mod chronic;
#[allow(dead_code, reason = "helpers stand ready for every module's tests")]
mod client;
mod contracting;
mod database;
mod devices;
mod devices_trouble;
mod dispatch;
mod doctor;
mod elders;
mod files;
mod healthcheck;
mod homebed;
mod homebed_care;
mod homebed_papers;
mod import;
mod indicators;
mod institutions;
mod keys;
mod loading;
mod ltci;
mod ltci_lead;
mod ltci_merging;
mod ltci_settle;
mod messages;
mod monitoring;
mod monitoring_live;
mod orders;
mod orders_month;
mod places;
mod policy;
mod queue;
mod rounds;
mod sheets;
mod sign_in;
#[allow(dead_code, reason = "helpers stand ready for every module's tests")]
mod support;
mod tally;
mod tariff;
mod tariff_funds;
mod tcm;
mod tidy;
mod tokens;
mod trouble;
mod vaccination;
mod visits;
mod visits_morning;
mod visits_office;
mod visits_phone;
mod walk;
mod workforce;
