//! The business modules, one folder each, and what starts them.

pub mod assessment;
pub mod careplan;
pub mod chronic;
pub mod contracting;
pub mod devices;
pub mod dispatch;
pub mod elders;
pub mod generate;
pub mod healthcheck;
pub mod homebed;
pub mod indicators;
pub mod institutions;
pub mod ltci;
pub mod monitoring;
pub mod orders;
pub mod policy;
pub mod policy_files;
mod regions;
pub mod rounds;
pub mod start;
pub mod tariff;
pub mod tcm;
pub mod vaccination;
pub mod visits;
pub mod workforce;

use kit::{Module, db::Migration};

/// Every module of the product. Adding one is adding its folder and its line here.
pub const MODULES: &[&Module] = &[
    &kit::house::MODULE,
    &elders::MODULE,
    &institutions::MODULE,
    &workforce::MODULE,
    &assessment::MODULE,
    &contracting::MODULE,
    &healthcheck::MODULE,
    &tcm::MODULE,
    &chronic::MODULE,
    &policy::MODULE,
    &vaccination::MODULE,
    &careplan::MODULE,
    &tariff::MODULE,
    &dispatch::MODULE,
    &visits::MODULE,
    &rounds::MODULE,
    &monitoring::MODULE,
    &devices::MODULE,
    &homebed::MODULE,
    &ltci::MODULE,
    &orders::MODULE,
    &indicators::MODULE,
];

/// Every migration, in the order in which they run.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "0001_house", sql: include_str!("../../../migrations/0001_house.sql") },
    Migration { name: "0002_events", sql: include_str!("../../../migrations/0002_events.sql") },
    Migration { name: "0003_tally", sql: include_str!("../../../migrations/0003_tally.sql") },
    Migration { name: "0004_tally_years", sql: include_str!("../../../migrations/0004_tally_years.sql") },
    Migration { name: "0005_sheet_import", sql: include_str!("../../../migrations/0005_sheet_import.sql") },
    Migration { name: "0010_elders", sql: include_str!("../../../migrations/0010_elders.sql") },
    Migration { name: "0011_elders_in_order", sql: include_str!("../../../migrations/0011_elders_in_order.sql") },
    Migration { name: "0020_assessment", sql: include_str!("../../../migrations/0020_assessment.sql") },
    Migration { name: "0030_policy", sql: include_str!("../../../migrations/0030_policy.sql") },
    Migration { name: "0040_institutions", sql: include_str!("../../../migrations/0040_institutions.sql") },
    Migration { name: "0050_workforce", sql: include_str!("../../../migrations/0050_workforce.sql") },
    Migration { name: "0060_contracting", sql: include_str!("../../../migrations/0060_contracting.sql") },
    Migration { name: "0070_healthcheck", sql: include_str!("../../../migrations/0070_healthcheck.sql") },
    Migration { name: "0080_tcm", sql: include_str!("../../../migrations/0080_tcm.sql") },
    Migration { name: "0090_chronic", sql: include_str!("../../../migrations/0090_chronic.sql") },
    Migration { name: "0091_chronic_in_order", sql: include_str!("../../../migrations/0091_chronic_in_order.sql") },
    Migration { name: "0100_vaccination", sql: include_str!("../../../migrations/0100_vaccination.sql") },
    Migration { name: "0101_vaccination_by_day", sql: include_str!("../../../migrations/0101_vaccination_by_day.sql") },
    Migration { name: "0110_tariff", sql: include_str!("../../../migrations/0110_tariff.sql") },
    Migration { name: "0120_ltci", sql: include_str!("../../../migrations/0120_ltci.sql") },
    Migration { name: "0121_ltci_fund", sql: include_str!("../../../migrations/0121_ltci_fund.sql") },
    Migration { name: "0122_ltci_settlement", sql: include_str!("../../../migrations/0122_ltci_settlement.sql") },
    Migration { name: "0123_ltci_lead", sql: include_str!("../../../migrations/0123_ltci_lead.sql") },
    Migration { name: "0124_ltci_lists", sql: include_str!("../../../migrations/0124_ltci_lists.sql") },
    Migration { name: "0125_ltci_merging", sql: include_str!("../../../migrations/0125_ltci_merging.sql") },
    Migration { name: "0130_visits", sql: include_str!("../../../migrations/0130_visits.sql") },
    Migration { name: "0170_rounds", sql: include_str!("../../../migrations/0170_rounds.sql") },
    Migration { name: "0180_dispatch", sql: include_str!("../../../migrations/0180_dispatch.sql") },
    Migration { name: "0140_homebed", sql: include_str!("../../../migrations/0140_homebed.sql") },
    Migration { name: "0150_orders", sql: include_str!("../../../migrations/0150_orders.sql") },
    Migration { name: "0160_careplan", sql: include_str!("../../../migrations/0160_careplan.sql") },
    Migration { name: "0210_monitoring", sql: include_str!("../../../migrations/0210_monitoring.sql") },
    Migration { name: "0190_devices", sql: include_str!("../../../migrations/0190_devices.sql") },
    Migration { name: "0200_indicators", sql: include_str!("../../../migrations/0200_indicators.sql") },
];
