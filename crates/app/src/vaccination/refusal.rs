//! Who does not want a vaccine, must not have it or not yet: with the reason, and when to ask again.

use std::{cmp::Reverse, collections::HashMap};

use kit::{
    Ask, Error, Id, Result, Tx,
    clock::stamp,
    db::Row,
    form::{self, Field, Input, Kind, Options, field},
    tally::Lot,
};
use rules::{base::Date, vaccination::Again};
use serde_json::json;

use super::{dose, invitation, schedule, words};
use crate::elders::{self, Elder, Key, Records, Report, Tone};

/// One refusal.
#[derive(Debug, Clone)]
pub struct Refused {
    pub id: Id,
    pub vaccine: String,
    pub day: Date,
    pub kind: String,
    pub reason: String,
    /// From this day on to be asked again; nothing: never.
    pub until: Option<Date>,
    pub who: String,
}

pub const FIELDS: &[Field] = &[
    field("vaccine", "疫苗", Kind::Text(30)).required(),
    field("kind", "情况", Kind::Choice(words::REFUSALS)).required(),
    field("reason", "原因", Kind::Text(200)).required(),
    field("until", "到这一天再问", Kind::Date)
        .help("不填时:不接种的下一季或一年后再问,暂缓的两周后再问,有禁忌的不再问。"),
];

/// What stands of a person's refusals, newest first.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Refused>> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select {COLUMNS} from vaccination_refusal
          where region = $1 and elder in ({}) and voided is null order by day desc, id desc",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&key.region]), read)
}

/// As [`of`], of each person of a lot.
pub fn of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<Refused>>> {
    let sql = format!(
        "select {COLUMNS}, elder from vaccination_refusal
          where region = $1 and elder >= $2 and elder <= $3 and voided is null"
    );
    let mut all = elders::rows_of(tx, lot, &sql, read)?;
    all.values_mut().for_each(|it| it.sort_by_key(|it| Reverse((it.day, it.id))));
    Ok(all)
}

const COLUMNS: &str = "id, vaccine, day, kind, reason, until_day, who";

fn read(row: &Row<'_>) -> Result<Refused> {
    Ok(Refused {
        id: row.get(0)?,
        vaccine: row.get(1)?,
        day: row.get(2)?,
        kind: row.get(3)?,
        reason: row.get(4)?,
        until: row.get(5)?,
        who: row.get(6)?,
    })
}

/// Writes a refusal down.
pub fn add(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input) -> Result<Id> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let key = &elder.key;
    let vaccine = schedule::needed(ask, &key.region, &checked.text("vaccine"), ask.today())?;
    let (kind, today) = (checked.text("kind"), ask.today());
    let usual = match (&*kind, vaccine.again) {
        ("forbidden", _) => None,
        ("postponed", _) => Some(today.add_days(14)),
        (_, Some(Again::EverySeason(month))) => Some(next_season(today, month)),
        _ => Some(today.add_years(1)),
    };
    let until = checked.date("until").or(usual);
    if until.is_some_and(|it| it <= today) {
        return Err(Error::invalid("until", "再问的日期应在今天以后"));
    }
    withdraw_all(tx, ask, elder, &vaccine.id)?;
    let id = ask.new_id();
    tx.run(
        "insert into vaccination_refusal (region, id, elder, vaccine, day, kind, reason, until_day, account, who, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            &key.region,
            &id,
            &key.id,
            &vaccine.id,
            &today.to_string(),
            &kind,
            &checked.text("reason"),
            &until.map(|it| it.to_string()),
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    let report = Report::new("vaccination", "{vaccine}{kind}:{reason}")
        .with("vaccine", schedule::name(ask, &key.region, &vaccine.id))
        .with("kind", words::title(words::REFUSALS, &kind))
        .with("reason", checked.text("reason"))
        .link(dose::link(key))
        .tone(Tone::Warn);
    elders::report(tx, ask.now, key, &report)?;
    elders::note(tx, ask, "change", elder, &json!({"refused": vaccine.id}).to_string())?;
    invitation::renew(tx, ask, elder)?;
    Ok(id)
}

/// Takes one refusal back.
pub fn withdraw(tx: &Tx<'_>, ask: &Ask, elder: &Elder, id: Id) -> Result<()> {
    let it = of(tx, &elder.key)?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    withdraw_all(tx, ask, elder, &it.vaccine)?;
    elders::note(tx, ask, "change", elder, &json!({"refusal withdrawn": it.vaccine}).to_string())?;
    invitation::renew(tx, ask, elder)
}

/// A dose, or a newer refusal, ends the older ones of a vaccine.
pub fn withdraw_all(tx: &Tx<'_>, ask: &Ask, elder: &Elder, vaccine: &str) -> Result<()> {
    let records = Records::of(tx, &elder.key)?;
    let sql = format!(
        "update vaccination_refusal set voided = $3 where region = $1 and vaccine = $2 and voided is null and elder in ({})",
        records.after(3)
    );
    tx.run(&sql, &records.bind(&[&elder.key.region, &vaccine, &stamp(ask.now)]))?;
    Ok(())
}

fn next_season(day: Date, month: i8) -> Date {
    let of = |year: i16| Date::new(year, month, 1).unwrap_or(day);
    if day < of(day.year()) { of(day.year()) } else { of(day.year() + 1) }
}
