//! Adverse events after a dose: graded, reported within the hours that the policy says.

use jiff::SignedDuration;
use kit::{
    Ask, Error, Id, Result, Tx,
    clock::stamp,
    form::{self, Field, Input, Kind, Options, field},
};
use rules::base::Date;
use serde_json::json;

use super::{dose, schedule, words};
use crate::{
    assessment::needed,
    elders::{self, Elder, Key, Records, Report, Tone},
};

/// One adverse event.
#[derive(Debug, Clone)]
pub struct Reaction {
    pub id: Id,
    pub dose: Id,
    pub vaccine: String,
    pub day: Date,
    pub grade: String,
    pub what: String,
    pub outcome: String,
    pub report_until: String,
    pub reported: Option<String>,
    pub reported_to: String,
    pub who: String,
}

pub const FIELDS: &[Field] = &[
    field("day", "发生日期", Kind::Date),
    field("grade", "程度", Kind::Choice(words::GRADES)).required(),
    field("what", "表现", Kind::LongText(300)).required(),
    field("outcome", "转归", Kind::Choice(words::OUTCOMES)),
];

pub const REPORTED_FIELDS: &[Field] = &[field("reported_to", "报告单位及编号", Kind::Text(100)).required()];

/// The adverse events of a person, newest first.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Reaction>> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select id, dose, vaccine, day, grade, what, outcome, report_until, reported, reported_to, who
           from vaccination_event where region = $1 and elder in ({}) order by day desc, id desc",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&key.region]), |row| {
        Ok(Reaction {
            id: row.get(0)?,
            dose: row.get(1)?,
            vaccine: row.get(2)?,
            day: row.get(3)?,
            grade: row.get(4)?,
            what: row.get(5)?,
            outcome: row.get(6)?,
            report_until: row.get(7)?,
            reported: row.get(8)?,
            reported_to: row.get(9)?,
            who: row.get(10)?,
        })
    })
}

/// Writes an adverse event down; one beyond the ordinary has to be reported in time.
pub fn add(tx: &Tx<'_>, ask: &Ask, elder: &Elder, dose: Id, input: &Input) -> Result<Id> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let key = &elder.key;
    let given = dose::find(tx, key, dose)?;
    let day = checked.date("day").unwrap_or(ask.today());
    if ask.today() < day || day < given.day {
        return Err(Error::invalid("day", "“发生日期”应在接种之后、今天或以前"));
    }
    let grade = checked.text("grade");
    let policy = schedule::policy(ask, &key.region, ask.today());
    let hours = match &*grade {
        "serious" => Some(*needed(policy.read(|it| &it.vaccination.serious_report_hours))?),
        "suspected" => Some(*needed(policy.read(|it| &it.vaccination.report_hours))?),
        _ => None,
    };
    let until = hours.map(|it| stamp(ask.now + SignedDuration::from_hours(i64::from(it)))).unwrap_or_default();
    // What is ordinary need not be reported, and so is done.
    let reported = hours.is_none().then(|| stamp(ask.now));
    let id = ask.new_id();
    tx.run(
        "insert into vaccination_event (region, id, elder, dose, vaccine, day, grade, what, outcome, report_until, reported,
                                        reported_to, account, who, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', $12, $13, $14)",
        &[
            &key.region,
            &id,
            &key.id,
            &dose,
            &given.vaccine,
            &day.to_string(),
            &grade,
            &checked.text("what"),
            &checked.text("outcome"),
            &until,
            &reported,
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    let tone = if grade == "common" { Tone::Warn } else { Tone::Bad };
    let report = Report::new("vaccination", "接种{vaccine}后{grade}:{what}")
        .with("vaccine", schedule::name(ask, &key.region, &given.vaccine))
        .with("grade", words::title(words::GRADES, &grade))
        .with("what", checked.text("what"))
        .link(dose::link(key))
        .tone(tone);
    elders::report(tx, ask.now, key, &report)?;
    elders::note(tx, ask, "change", elder, &json!({"adverse event": id}).to_string())?;
    Ok(id)
}

/// Writes down that an event was reported, and to whom.
pub fn reported(tx: &Tx<'_>, ask: &Ask, elder: &Elder, id: Id, input: &Input) -> Result<()> {
    let checked = form::check(REPORTED_FIELDS, input, &Options::new())?;
    let it = of(tx, &elder.key)?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if it.reported.is_some() {
        return Err(Error::refused("reported_already", "这次反应已经报告,或不需要报告"));
    }
    tx.run(
        "update vaccination_event set reported = $3, reported_to = $4 where region = $1 and id = $2",
        &[&elder.key.region, &id, &stamp(ask.now), &checked.text("reported_to")],
    )?;
    elders::note(tx, ask, "change", elder, &json!({"adverse event reported": id}).to_string())
}
