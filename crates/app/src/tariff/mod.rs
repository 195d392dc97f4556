//! Tariff (价格与收费): price items by level, owner and day, visit fees that institutions set, what an order would cost and who
//! pays, one payer of record for each service, bills as entries, prepayment, separate books for elderly care (S34–S37).
//! Price lists are policy or a city's own catalogue; splits and fees are `rules::tariff`.

mod advance;
mod api;
mod bill;
mod book;
mod entry;
mod fee;
mod headers;
mod import;
mod list;
mod pages;
mod payer;
mod price;
mod quote;
mod words;
mod work;

pub use advance::prepay;
pub use bill::{Bill, New as NewBill, write as write_bill};
pub use entry::{receive, take_back as take_back_bill};
pub use fee::publish as publish_fee;
pub use payer::{
    Claim, Paid, Record, Service, claim_all, claim_payer, paid_in, payer_of, release_payer, release_service, service_of,
};
pub use price::{institution as institution_of, institutions_of};
pub use quote::{Order, Quote, Quoted, VISIT_FEE, quote};
pub use words::payer_title;

use axum::http::Method;
use kit::{
    Ask, Module, Perm, Result, Role, Routes, Tx, audit,
    module::{Area, EMPTY, Menu},
};

use crate::institutions::Institution;

pub const MODULE: Module = Module {
    name: "tariff",
    title: "价格与收费",
    perms: &[READ, ASK, BILLS, CHARGE, PUBLISH, CATALOGUE, FUND, BOOK, KEEP],
    routes,
    menu: &[
        Menu { area: Area::Funds, path: "/tariff", title: "价格与收费", icon: "tag", perm: READ },
        Menu { area: Area::Funds, path: "/tariff/bills", title: "账单", icon: "receipt", perm: BILLS },
    ],
    due: Some(work::due),
    beside: Some(work::beside),
    english: include_str!("en.toml"),
    lists: &[&list::CATALOGUE, &list::BILLS, &list::INSTITUTIONS],
    ..EMPTY
};

pub const READ: Perm = Perm {
    name: "tariff.read",
    title: "查看价格",
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
/// What an order would cost: for those who order, and for the elder before the order.
pub const ASK: Perm = Perm {
    name: "tariff.ask",
    title: "询价",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Clerk, Role::Operator, Role::Official, Role::Family],
};
pub const BILLS: Perm = Perm {
    name: "tariff.bills",
    title: "查看账单",
    roles: &[Role::Clinician, Role::Lead, Role::Manager, Role::Clerk, Role::Auditor, Role::Official, Role::Family],
};
pub const CHARGE: Perm = Perm {
    name: "tariff.charge",
    title: "收费、收款、退款、更正",
    roles: &[Role::Clinician, Role::Lead, Role::Manager],
};
pub const PUBLISH: Perm =
    Perm { name: "tariff.publish", title: "公布上门服务费", roles: &[Role::Lead, Role::Manager] };
pub const CATALOGUE: Perm =
    Perm { name: "tariff.catalogue", title: "导入价格目录", roles: &[Role::Clerk, Role::Official] };
/// To prepay institutions and to settle.
pub const FUND: Perm = Perm { name: "tariff.fund", title: "预付与清算", roles: &[Role::Clerk, Role::Official] };
/// The fees, prepayments and statements of institutions.
pub const BOOK: Perm = Perm {
    name: "tariff.book",
    title: "查看机构收费、预付和收支账",
    roles: &[Role::Lead, Role::Manager, Role::Clerk, Role::Auditor, Role::Official],
};
pub const KEEP: Perm = Perm { name: "tariff.keep", title: "登记收支账", roles: &[Role::Lead, Role::Manager] };

fn routes() -> Routes {
    Routes::default()
        .page("/tariff", READ, pages::prices::page)
        .page("/tariff/catalogue", READ, pages::prices::catalogue)
        .import(&import::PRICES)
        .page("/tariff/ask", ASK, pages::ask::page)
        .page("/tariff/bills", BILLS, pages::bills::list)
        .action("/tariff/bills", CHARGE, pages::bills::create)
        .page("/tariff/bills/{key}", BILLS, pages::bill::page)
        .action("/tariff/bills/{key}/receipts", CHARGE, pages::bill::receive)
        .action("/tariff/bills/{key}/refunds", CHARGE, pages::bill::refund)
        .action("/tariff/bills/{key}/corrections", CHARGE, pages::bill::correct)
        .page("/tariff/elders/{key}", BILLS, pages::bills::of_elder)
        .page("/tariff/institutions", BOOK, pages::institutions::list)
        .page("/tariff/institutions/{key}", BOOK, pages::institutions::show)
        .action("/tariff/institutions/{key}/fees", PUBLISH, pages::institutions::publish)
        .action("/tariff/institutions/{key}/fees/end", PUBLISH, pages::institutions::end)
        .action("/tariff/institutions/{key}/advances", FUND, pages::institutions::prepay)
        .action("/tariff/institutions/{key}/settlements", FUND, pages::institutions::settle)
        .page("/tariff/institutions/{key}/statement", BOOK, pages::statement::page)
        .action("/tariff/institutions/{key}/book", KEEP, pages::statement::write)
        .action("/tariff/institutions/{key}/book/corrections", KEEP, pages::statement::correct)
        .api(Method::GET, "/tariff", READ, api::PRICES, api::prices)
        .api(Method::GET, "/tariff/catalogue", READ, api::CATALOGUE, api::catalogue)
        .api(Method::GET, "/tariff/ask", ASK, api::ASK, api::ask)
        .api(Method::GET, "/tariff/bills", BILLS, api::BILLS, api::bills)
        .api(Method::POST, "/tariff/bills", CHARGE, api::BILL, api::bill)
        .api(Method::GET, "/tariff/bills/{key}", BILLS, api::SHOW, api::show)
        .api(Method::POST, "/tariff/bills/{key}/receipts", CHARGE, api::RECEIPT, api::receive)
        .api(Method::POST, "/tariff/bills/{key}/refunds", CHARGE, api::REFUND, api::refund)
        .api(Method::POST, "/tariff/bills/{key}/corrections", CHARGE, api::CORRECTION, api::correct)
        .api(Method::GET, "/tariff/elders/{key}", BILLS, api::ELDER, api::of_elder)
        .api(Method::GET, "/tariff/institutions", BOOK, api::INSTITUTIONS, api::institutions)
        .api(Method::GET, "/tariff/institutions/{key}", BOOK, api::INSTITUTION, api::institution)
        .api(Method::POST, "/tariff/institutions/{key}/fees", PUBLISH, api::FEE, api::publish)
        .api(Method::POST, "/tariff/institutions/{key}/fees/end", PUBLISH, api::FEE_END, api::end)
        .api(Method::POST, "/tariff/institutions/{key}/advances", FUND, api::ADVANCE, api::prepay)
        .api(Method::POST, "/tariff/institutions/{key}/settlements", FUND, api::SETTLEMENT, api::settle)
        .api(Method::GET, "/tariff/institutions/{key}/statement", BOOK, api::STATEMENT, api::statement)
        .api(Method::POST, "/tariff/institutions/{key}/book", KEEP, api::MOVEMENT, api::write)
        .api(Method::POST, "/tariff/institutions/{key}/book/corrections", KEEP, api::MOVEMENT_BACK, api::take_back)
}

/// Notes in the audit trail what was done with an institution's fees, prepayments or books.
fn note(tx: &Tx<'_>, ask: &Ask, it: &Institution, action: &'static str, detail: &str) -> Result<()> {
    let entry = audit::Entry {
        action,
        subject: "organisation",
        subject_id: Some(it.key.id),
        region: &it.key.region,
        place: &it.place,
        detail,
    };
    ask.note(tx, &entry)
}
