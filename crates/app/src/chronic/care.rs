//! Where the care of a person stands: the next day and why, the newest values; kept with every fact, so that lists and the
//! workbench read one row.

use std::collections::HashMap;

use kit::{App, Ask, Id, Result, Tx, tally::Lot};
use rules::{base::Date, chronic::Disease as Followed};

use super::{
    disease::{self, Disease},
    marks, referral, screening,
    visit::{self, Visit},
};
use crate::elders::{self, Elder, Key};

/// The duty this module sets for an elder.
pub const DUE: &str = "chronic";

/// The page of a person's chronic diseases.
pub fn link(key: &Key) -> String {
    format!("/chronic/{key}")
}

/// The page of one visit.
pub fn visit_link(key: &Key, id: Id) -> String {
    format!("/chronic/{key}/visits/{id}")
}

/// What is next for a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Next {
    pub day: Date,
    /// `first`, `visit`, `again` or `referral`.
    pub why: &'static str,
}

/// The day of the next visit, and that by which a referral is to be followed up.
pub type Days = (Option<Date>, Option<Date>);

/// What is due for a person.
pub fn days_of(tx: &Tx<'_>, key: &Key) -> Result<Option<Days>> {
    let sql = "select due_day, referral_until from chronic_care where region = $1 and elder = $2";
    tx.row(sql, &[&key.region, &key.id], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// As [`days_of`], of each person of a lot.
pub fn days_of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<Days>>> {
    let sql =
        "select due_day, referral_until, elder from chronic_care where region = $1 and elder >= $2 and elder <= $3";
    lot.rows(tx, sql, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Keeps anew what follows from the facts: the row of the lists, the duty, the screening, the numbers.
pub fn renew(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<()> {
    let key = &elder.key;
    let open: Vec<Disease> = disease::of(tx, key)?.iter().filter(|it| it.ended.is_none()).cloned().collect();
    let visits = visit::standing(tx, key)?;
    let referral = referral::open(tx, key)?.into_iter().map(|it| it.follow_until).min();
    tx.run("delete from chronic_care where region = $1 and elder = $2", &[&key.region, &key.id])?;
    let next = next(&open, &visits, referral);
    if !open.is_empty() {
        write(tx, key, &open, &visits, referral, next.as_ref())?;
    }
    match next {
        Some(it) if elder.is_living() => {
            let said = match it.why {
                "first" => "慢病首次随访",
                "again" => "慢病两周复访",
                "referral" => "慢病转诊后随访",
                _ => "慢病定期随访",
            };
            elders::set_due(tx, elder, DUE, it.day, said, &link(key))?;
        }
        _ => elders::clear_due(tx, key, DUE)?,
    }
    screening::renew(tx, ask, elder, &visits)?;
    marks::keep(tx, &ask.app, key)
}

/// The day of the next visit: what the last one said, the first one of a disease newly registered, or the end of a referral.
fn next(open: &[Disease], visits: &[Visit], referral: Option<Date>) -> Option<Next> {
    let followed: Vec<&Disease> = open.iter().filter(|it| it.followed().is_some()).collect();
    let regular = if followed.is_empty() {
        None
    } else {
        let seen = |it: &Disease| visits.iter().any(|visit| visit.judged.iter().any(|one| one.disease == it.kind));
        let first = followed.iter().filter(|it| !seen(it)).map(|it| it.registered).min();
        match (first, visits.first()) {
            (Some(day), _) => Some(Next { day, why: "first" }),
            (None, Some(last)) => {
                Some(Next { day: last.next_day, why: if last.step == "continue" { "visit" } else { "again" } })
            }
            (None, None) => None,
        }
    };
    match (regular, referral) {
        (Some(regular), Some(day)) if regular.day < day => Some(regular),
        (_, Some(day)) => Some(Next { day, why: "referral" }),
        (regular, None) => regular,
    }
}

fn write(
    tx: &Tx<'_>,
    key: &Key,
    open: &[Disease],
    visits: &[Visit],
    referral: Option<Date>,
    next: Option<&Next>,
) -> Result<()> {
    let has = |it: Followed| open.iter().any(|one| one.followed() == Some(it));
    let other: Vec<&str> = open.iter().filter(|it| it.followed().is_none()).map(|it| &*it.kind).collect();
    let newest = |name: &str| visits.iter().find_map(|it| it.values.get(name));
    let pressure = visits.iter().find(|it| it.values.get("systolic").is_some());
    let class = |it: Followed| {
        let said =
            |visit: &Visit| visit.judged.iter().find(|one| one.disease == it.word()).map(|one| one.class.clone());
        visits.iter().find_map(said).filter(|_| has(it)).unwrap_or_default()
    };
    tx.run(
        "insert into chronic_care (region, elder, hypertension, diabetes, other, due_day, due_why, last_day, systolic,
                                   diastolic, fasting, class_hypertension, class_diabetes, referral_until)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &[
            &key.region,
            &key.id,
            &has(Followed::Hypertension),
            &has(Followed::Diabetes),
            &other.join(" "),
            &next.map(|it| it.day.to_string()),
            &next.map_or("", |it| it.why),
            &visits.first().map(|it| it.day.to_string()),
            &pressure.and_then(|it| it.values.get("systolic")),
            &pressure.and_then(|it| it.values.get("diastolic")),
            &newest("fasting"),
            &class(Followed::Hypertension),
            &class(Followed::Diabetes),
            &referral.map(|it| it.to_string()),
        ],
    )?;
    Ok(())
}

/// Death or moving away: nothing is due and nobody is to be visited or measured any more.
pub fn end(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    tx.run("delete from chronic_care where region = $1 and elder = $2", &[&key.region, &key.id])?;
    tx.run("delete from chronic_screening where region = $1 and elder = $2", &[&key.region, &key.id])?;
    elders::clear_due(tx, key, DUE)?;
    marks::keep(tx, app, key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disease(kind: &str, registered: &str) -> Disease {
        Disease {
            id: Id(1),
            kind: kind.into(),
            icd: String::new(),
            diagnosed: "2019".into(),
            diagnosed_by: String::new(),
            registered: registered.parse().unwrap(),
            remark: String::new(),
            who: String::new(),
            ended: None,
            end_reason: String::new(),
        }
    }

    #[test]
    fn a_new_disease_is_visited_first_and_a_referral_comes_before_a_later_visit() {
        let (open, day) = ([disease("hypertension", "2026-03-01")], |it: &str| it.parse::<Date>().unwrap());
        assert_eq!(next(&open, &[], None), Some(Next { day: day("2026-03-01"), why: "first" }));
        assert_eq!(
            next(&[], &[], Some(day("2026-02-01"))),
            Some(Next { day: day("2026-02-01"), why: "referral" }),
            "a referral is followed up even where the disease has ended"
        );
        assert_eq!(next(&[disease("copd", "2026-03-01")], &[], None), None, "others are registered only");
    }
}
