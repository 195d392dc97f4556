//! What somebody takes: kept until it is stopped, so that the next visit carries it over.

use kit::{
    Ask, Error, Id, Result, Tx,
    clock::stamp,
    form::{self, Field, Input, Kind, Options, field},
};
use rules::base::Date;

use crate::elders::{self, Elder, Key, Records};

/// One medicine of one person.
#[derive(Debug, Clone)]
pub struct Medicine {
    pub id: Id,
    pub name: String,
    pub dose: String,
    pub times: String,
    pub since: Date,
    pub until: Option<Date>,
    pub reason: String,
    pub who: String,
}

pub const TIMES: &[(&str, &str)] = &[
    ("daily1", "每日一次"),
    ("daily2", "每日两次"),
    ("daily3", "每日三次"),
    ("night", "每晚一次"),
    ("weekly", "每周一次"),
    ("needed", "必要时"),
];

pub const FIELDS: &[Field] = &[
    field("name", "药名", Kind::Text(60)).required(),
    field("dose", "每次剂量", Kind::Text(30)).required().help("例如 5 mg、12 单位。"),
    field("times", "用法", Kind::Choice(TIMES)).required(),
    field("since", "开始日期", Kind::Date),
];

pub const STOP_FIELDS: &[Field] =
    &[field("reason", "停用原因", Kind::Text(100)).required(), field("until", "停用日期", Kind::Date)];

/// All medicines of a person, those taken now first.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Medicine>> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select id, name, dose, times, since, until, reason, who from chronic_medicine
          where region = $1 and elder in ({}) order by until is not null, since, id",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&key.region]), |row| {
        Ok(Medicine {
            id: row.get(0)?,
            name: row.get(1)?,
            dose: row.get(2)?,
            times: row.get(3)?,
            since: row.get(4)?,
            until: row.get(5)?,
            reason: row.get(6)?,
            who: row.get(7)?,
        })
    })
}

/// What was taken on a day, one line a medicine, as a visit keeps it.
pub fn in_words(all: &[Medicine], day: Date) -> String {
    let taken = all.iter().filter(|it| it.since <= day && it.until.is_none_or(|until| day < until));
    let lines: Vec<String> =
        taken.map(|it| format!("{} {} {}", it.name, it.dose, super::words::title(TIMES, &it.times))).collect();
    lines.join("\n")
}

/// Adds a medicine.
///
/// # Errors
/// `Refused` where it is taken already: a new dose is a new medicine after the old one was stopped.
pub fn add(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input) -> Result<Id> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let since = checked.date("since").unwrap_or(ask.today());
    if ask.today() < since {
        return Err(Error::invalid("since", "“开始日期”不能晚于今天"));
    }
    let name = checked.text("name");
    if of(tx, &elder.key)?.iter().any(|it| it.until.is_none() && it.name == name) {
        return Err(Error::refused("taken_already", "这种药正在使用;改剂量请先停用原来的"));
    }
    let id = ask.new_id();
    tx.run(
        "insert into chronic_medicine (region, id, elder, name, dose, times, since, reason, account, who, created)
         values ($1, $2, $3, $4, $5, $6, $7, '', $8, $9, $10)",
        &[
            &elder.key.region,
            &id,
            &elder.key.id,
            &name,
            &checked.text("dose"),
            &checked.text("times"),
            &since.to_string(),
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    elders::note(tx, ask, "change", elder, &serde_json::json!({"medicine": id}).to_string())?;
    Ok(id)
}

/// Stops a medicine from a day on.
pub fn stop(tx: &Tx<'_>, ask: &Ask, elder: &Elder, id: Id, input: &Input) -> Result<()> {
    let checked = form::check(STOP_FIELDS, input, &Options::new())?;
    let until = checked.date("until").unwrap_or(ask.today());
    let all = of(tx, &elder.key)?;
    let it = all.iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if it.until.is_some() {
        return Err(Error::refused("stopped_already", "这种药已经停用"));
    }
    if ask.today() < until || until < it.since {
        return Err(Error::invalid("until", "“停用日期”应在开始之后、今天或以前"));
    }
    tx.run(
        "update chronic_medicine set until = $3, reason = $4 where region = $1 and id = $2",
        &[&elder.key.region, &id, &until.to_string(), &checked.text("reason")],
    )?;
    elders::note(tx, ask, "change", elder, &serde_json::json!({"medicine stopped": id}).to_string())
}
