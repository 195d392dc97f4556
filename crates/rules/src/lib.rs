//! The rules of care: pure functions over facts, a day and the policy in force. No clock, no database, no network.
//!
//! `base` holds the words all rules share, `policy` what governments decide, `assessment` the scales; the others are one rule each.
//! `cases` runs the worked examples that policy officers write beside each policy file.

pub mod base;
pub mod policy;

pub mod alarm;
pub mod assessment;
pub mod assessment_course;
pub mod care_plan;
pub mod care_tier;
pub mod chronic;
pub mod contracting;
pub mod device;
pub mod dispatch;
pub mod elder_groups;
pub mod healthcheck;
pub mod home_bed;
pub mod home_service;
pub mod institution;
pub mod limits;
pub mod ltci;
pub mod reported;
pub mod rounds;
pub mod steps;
pub mod supervision;
pub mod targets;
pub mod tariff;
pub mod tcm;
pub mod vaccination;
pub mod visit;
pub mod week;
pub mod workforce;
pub mod working_days;

pub mod cases;
