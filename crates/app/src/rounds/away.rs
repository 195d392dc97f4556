//! Days on which an elder is not at home (in hospital, with relatives, travelling): no other module keeps them.

use std::collections::HashMap;

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    clock::stamp,
    form::{Field, Kind, field},
    tally::Lot,
};
use rules::{base::Date, rounds::Stretch};

use super::{settle, words};
use crate::elders::{self, Elder, Key, Records, Report};

pub const FIELDS: &[Field] = &[
    field("kind", "去向", Kind::Choice(words::AWAY)).required(),
    field("from", "从哪天起不在家", Kind::Date).help("不填时为今天。"),
    field("until", "哪天回来", Kind::Date).help("还不知道就不填。"),
    field("note", "说明", Kind::Text(100)),
];
pub const BACK: &[Field] = &[field("until", "哪天回来", Kind::Date).help("不填时为今天。")];

/// A stretch of days away.
#[derive(Debug, Clone)]
pub struct Away {
    pub key: Key,
    pub kind: String,
    pub from: Date,
    /// The day of the return.
    pub until: Option<Date>,
    pub note: String,
    pub who: String,
}

impl Away {
    /// Whether the elder is away on a day.
    pub fn is_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// All stretches of an elder, newest first.
pub fn of(tx: &Tx<'_>, elder: &Key) -> Result<Vec<Away>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select region, id, kind, from_day, until_day, note, who from round_away
          where region = $1 and elder in ({}) order by from_day desc, id desc limit 100",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&elder.region]), |row| {
        Ok(Away {
            key: Key { region: row.get(0)?, id: row.get(1)? },
            kind: row.get(2)?,
            from: row.get(3)?,
            until: row.get(4)?,
            note: row.get(5)?,
            who: row.get(6)?,
        })
    })
}

/// The stretches of the persons of a lot, by record.
pub fn of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<Stretch>>> {
    let sql = "select from_day, until_day, elder from round_away where region = $1 and elder >= $2 and elder <= $3";
    lot.rows(tx, sql, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Notes that an elder is away; tasks follow at once.
///
/// # Errors
/// `Invalid` for days in the wrong order and where the elder is away already.
pub fn add(tx: &Tx<'_>, ask: &Ask, elder: &Elder, kind: &str, days: (Date, Option<Date>), note: &str) -> Result<Id> {
    let (from, until) = days;
    if until.is_some_and(|until| until <= from) {
        return Err(Error::invalid("until", "回来的日子应在离家之后"));
    }
    let overlaps = |it: &&Away| until.is_none_or(|end| it.from < end) && it.until.is_none_or(|end| from < end);
    if let Some(it) = of(tx, &elder.key)?.iter().find(overlaps) {
        return Err(Error::invalid("from", Said::new("{day} 起已登记不在家,请先登记回来").with("day", it.from)));
    }
    let id = ask.new_id();
    tx.run(
        "insert into round_away (region, id, elder, kind, from_day, until_day, note, who, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            &elder.key.region,
            &id,
            &elder.key.id,
            &kind,
            &from.to_string(),
            &until.map(|it| it.to_string()),
            &note,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    let report = Report::new("rounds", "{day} 起不在家:{kind}")
        .with("day", from)
        .with("kind", words::title(words::AWAY, kind))
        .link(link(&elder.key));
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &serde_json::json!({"away": kind, "from": from}).to_string())?;
    settle::elder(tx, &ask.app, &elder.key)?;
    Ok(id)
}

/// The elder is at home again from a day on.
///
/// # Errors
/// `Invalid` for a day before they left, `Refused` where they came back already.
pub fn back(tx: &Tx<'_>, ask: &Ask, elder: &Elder, id: Id, day: Date) -> Result<()> {
    let it = of(tx, &elder.key)?.into_iter().find(|it| it.key.id == id).ok_or(Error::NotFound)?;
    if it.until.is_some_and(|until| until <= ask.today()) {
        return Err(Error::refused("back_already", "已登记回来"));
    }
    if day <= it.from {
        return Err(Error::invalid("until", "回来的日子应在离家之后"));
    }
    tx.run(
        "update round_away set until_day = $3 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &day.to_string()],
    )?;
    let report = Report::new("rounds", "{day} 回到家中").with("day", day).link(link(&elder.key));
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &serde_json::json!({"back": day}).to_string())?;
    settle::elder(tx, &ask.app, &elder.key)
}

/// The page of an elder's rounds.
pub fn link(elder: &Key) -> String {
    format!("/rounds/of/{elder}")
}
