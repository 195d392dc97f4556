//! Who is insured, as what, and since when; what they owe and what was paid.

pub mod api;
pub mod arrears;
pub mod bulk;
pub mod contribution;
mod headers;
pub mod import;
pub mod list;
pub mod pages;
pub mod record;
pub mod standing;
pub mod unit;

use std::collections::{BTreeSet, HashMap};

use axum::http::Method;
use kit::{Id, Result, Routes, Tx};
use rules::{base::Date, ltci::settle::Insured, steps::Steps};

use super::{ENROL, HANDLE, words};
use crate::elders::{self, Key, Merged};

pub fn routes(routes: Routes) -> Routes {
    routes
        .page("/ltci/insured", ENROL, pages::insured)
        .action("/ltci/insured", HANDLE, pages::enrol)
        .import(&import::ENROLMENT)
        .import(&import::PAYMENTS)
        .page("/ltci/insured/{key}", ENROL, pages::show)
        .action("/ltci/insured/{key}/change", HANDLE, pages::change)
        .action("/ltci/insured/{key}/end", HANDLE, pages::end)
        .action("/ltci/insured/{key}/correct", HANDLE, pages::correct)
        .page("/ltci/insured/arrears", ENROL, pages::arrears)
        .page("/ltci/insured/units", ENROL, pages::units)
        .api(Method::GET, "/ltci/insured/arrears", ENROL, api::ARREARS, api::arrears)
        .api(Method::GET, "/ltci/insured/arrears/total", ENROL, api::TOTAL, api::total)
        .api(Method::GET, "/ltci/insured/units", ENROL, api::UNITS, api::units)
        .api(Method::GET, "/ltci/insured", ENROL, api::LIST, api::list)
        .api(Method::POST, "/ltci/insured", HANDLE, api::ENROL, api::enrol)
        .api(Method::GET, "/ltci/insured/{key}", ENROL, api::SHOW, api::show)
        .api(Method::POST, "/ltci/insured/{key}/change", HANDLE, api::CHANGE, api::change)
        .api(Method::POST, "/ltci/insured/{key}/end", HANDLE, api::END, api::end)
        .api(Method::POST, "/ltci/insured/{key}/correct", HANDLE, api::CORRECT, api::correct)
}

/// The stretches in which an elder was insured, under any of their records; none where nobody enrolled them.
pub fn of_elder(tx: &Tx<'_>, key: &Key) -> Result<Vec<Insured>> {
    let mut all = Vec::new();
    for record in elders::records(tx, key)? {
        all.extend(of_record(tx, &Key { region: key.region.clone(), id: record })?);
    }
    all.sort_by_key(|it| it.from);
    Ok(all)
}

fn of_record(tx: &Tx<'_>, key: &Key) -> Result<Vec<Insured>> {
    let rows = tx.rows(
        "select k.from_day, k.kind from ltci_insured i join ltci_kind k on k.region = i.region and k.insured = i.id
          where i.region = $1 and i.elder = $2 order by k.from_day",
        &[&key.region, &key.id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    stretches(rows)
}

/// As [`of_elder`], of every elder of a county whose benefit ever ran, under the record that stays.
pub fn of_recipients(tx: &Tx<'_>, region: &str, merged: &Merged) -> Result<HashMap<Id, Vec<Insured>>> {
    let mut rows: HashMap<Id, Vec<(Date, Option<String>)>> = HashMap::new();
    tx.each(
        "select i.elder, k.from_day, k.kind from (select distinct region, elder from ltci_benefit where region = $1) b
           join ltci_insured i on i.region = b.region and i.elder = b.elder
           join ltci_kind k on k.region = i.region and k.insured = i.id
          order by i.elder, k.from_day",
        &[&region],
        |row| {
            rows.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
            Ok(())
        },
    )?;
    let mut all: HashMap<Id, Vec<Insured>> =
        rows.into_iter().map(|(elder, rows)| Ok((elder, stretches(rows)?))).collect::<Result<_>>()?;
    let several: BTreeSet<Id> = merged.all().map(|it| it.1).collect();
    for id in several {
        let own = of_elder(tx, &Key { region: region.to_string(), id })?;
        if !own.is_empty() {
            all.insert(id, own);
        }
    }
    Ok(all)
}

fn stretches(rows: Vec<(Date, Option<String>)>) -> Result<Vec<Insured>> {
    let all = Steps::new(rows).stretches().into_iter();
    all.map(|(from, until, kind)| Ok(Insured { from, until, kind: words::kind(&kind)? })).collect()
}
