//! What the list shows of an institution as of today, and what the tally is told: recomputed from all its facts.

use std::collections::BTreeMap;

use kit::{Ask, Result, Tx};
use rules::{
    base::Date,
    institution::{self as rule, LicenceKind, Licences},
};

use super::{
    fact,
    institution::Institution,
    licence::{self, Licence},
    marks, words,
};

/// Brings the record up to today and says its marks anew.
pub fn keep(tx: &Tx<'_>, ask: &Ask, it: &Institution) -> Result<()> {
    if it.known.is_none() {
        return Ok(());
    }
    let day = ask.today();
    let key = &it.key;
    let facts = fact::of(tx, key)?;
    let licences = licence::of(tx, key)?;
    let licensed = licensed(ask, it, &licences, day);
    let word = |kind: Option<LicenceKind>| kind.map_or("", LicenceKind::word);
    let (medical, care) = licensed.map_or(("", ""), |it| (word(it.medical), word(it.care)));
    let level = match fact::on(&facts, "level", day) {
        "" => "none",
        it => it,
    };
    let (end, warned) = runs_out(ask, it, &licences);
    tx.run(
        "update institution set level = $3, modes = $4, marks = $5, beds = $6, licensed_medical = $7, licensed_care = $8,
                licence_end = $9, licence_warned = $10
          where region = $1 and id = $2",
        &[
            &key.region,
            &key.id,
            &level,
            &fact::held(&facts, words::MODES, day).join(" "),
            &fact::held(&facts, words::MARKS, day).join(" "),
            &(fact::beds(&facts, "beds_medical", day) + fact::beds(&facts, "beds_elderly", day)),
            &medical,
            &care,
            &end.map(|it| it.to_string()),
            &warned.map(|it| it.to_string()),
        ],
    )?;
    marks::keep(tx, &ask.app, it)?;
    Ok(())
}

/// Both sides of 两证 on a day; `None` where the region has laid nothing down.
pub fn licensed(ask: &Ask, it: &Institution, licences: &[Licence], day: Date) -> Option<rule::Licensed> {
    let region = it.key.region.parse().ok()?;
    let all = licences.iter().map(Licence::fact).collect();
    rule::licensed(&Licences { all }, &ask.app.policy.at(region, day)).ok()
}

/// The last day of the licence that runs out first without another of its kind in its place, and from when that is
/// announced.
fn runs_out(ask: &Ask, it: &Institution, licences: &[Licence]) -> (Option<Date>, Option<Date>) {
    let mut last: BTreeMap<LicenceKind, Option<Date>> = BTreeMap::new();
    for one in licences.iter().filter(|it| it.ended.is_none()) {
        let of_kind = last.entry(one.kind).or_insert(Some(one.from));
        *of_kind = match (*of_kind, one.until) {
            (Some(a), Some(b)) => Some(a.max(b)),
            // One without an end needs no other.
            _ => None,
        };
    }
    let days = it.key.region.parse().ok().and_then(|region| {
        let policy = ask.app.policy.at(region, ask.today());
        policy.read(|it| &it.institutions.warning_days).ok().cloned()
    });
    let days = days.unwrap_or_default();
    let ends: Vec<(Date, Date)> = last
        .into_iter()
        .filter_map(|(kind, until)| {
            let until = until?;
            let warned = until.add_days(1 - i32::from(days.get(&kind).copied().unwrap_or(0)));
            Some((until, warned))
        })
        .collect();
    (ends.iter().map(|it| it.0).min(), ends.iter().map(|it| it.1).min())
}
