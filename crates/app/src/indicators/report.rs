//! Reports: the figures of a place frozen at a cut-off, with what is typed by hand beside them; sent upwards, returned with a
//! remark, or locked for good.

use std::str::FromStr;

use kit::{Ask, Error, Id, Refusal, Result, Said, Tx, audit, clock::stamp, house, tally::Unit};
use rules::{
    base::Date,
    reported::{self, Entry, Finding, Printed},
};
use serde_json::json;

use super::figure::{self, Asked, Shown};

/// (word, title) of the states a report goes through.
pub const STATES: &[(&str, &str)] =
    &[("draft", "填报中"), ("sent", "已上报"), ("returned", "退回修改"), ("locked", "已锁定")];

#[derive(Debug, Clone)]
pub struct Key {
    pub region: String,
    pub id: Id,
}

impl FromStr for Key {
    type Err = Error;
    fn from_str(text: &str) -> Result<Key> {
        let (region, id) = text.split_once('-').ok_or(Error::NotFound)?;
        Ok(Key { region: region.to_string(), id: id.parse().map_err(|_| Error::NotFound)? })
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.region, self.id)
    }
}

#[derive(Debug, Clone)]
pub struct Report {
    pub key: Key,
    pub place: String,
    pub day: Date,
    pub title: String,
    pub state: String,
    /// What the superior asked for when it came back.
    pub remark: String,
    pub made_by: Id,
    pub made_at: String,
    pub sent_at: Option<String>,
    pub settled_at: Option<String>,
}

impl Report {
    pub fn is_open(&self) -> bool {
        matches!(&*self.state, "draft" | "returned")
    }
}

/// One figure of a report.
#[derive(Debug, Clone)]
pub struct Line {
    pub nth: i64,
    /// The indicator counted, or the item typed.
    pub indicator: String,
    pub title: String,
    pub unit: String,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    /// The rate: as recomputed for what is counted, as it was typed otherwise.
    pub printed: String,
    pub is_typed: bool,
    pub remark: String,
}

/// A report in the reader's place.
pub fn find(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Report> {
    let report = tx.one(
        "select region, id, place, day, title, state, remark, made_by, made_at, sent_at, settled_at
           from indicator_report where region = $1 and id = $2",
        &[&key.region, &key.id],
        |row| {
            Ok(Report {
                key: Key { region: row.get(0)?, id: row.get(1)? },
                place: row.get(2)?,
                day: row.get(3)?,
                title: row.get(4)?,
                state: row.get(5)?,
                remark: row.get(6)?,
                made_by: row.get(7)?,
                made_at: row.get(8)?,
                sent_at: row.get(9)?,
                settled_at: row.get(10)?,
            })
        },
    )?;
    if ask.who.scope.covers(&ask.app.places.tree(), &report.place) { Ok(report) } else { Err(Error::NotFound) }
}

pub fn lines(tx: &Tx<'_>, key: &Key) -> Result<Vec<Line>> {
    tx.rows(
        "select nth, indicator, title, unit, numerator, denominator, printed, is_typed, remark
           from indicator_line where region = $1 and report = $2 order by nth",
        &[&key.region, &key.id],
        |row| {
            Ok(Line {
                nth: row.get(0)?,
                indicator: row.get(1)?,
                title: row.get(2)?,
                unit: row.get(3)?,
                numerator: row.get(4)?,
                denominator: row.get(5)?,
                printed: row.get(6)?,
                is_typed: row.get(7)?,
                remark: row.get(8)?,
            })
        },
    )
}

/// Freezes every figure of a place as it stands on a day.
///
/// # Errors
/// `Invalid` for a day to come.
pub fn make(tx: &Tx<'_>, ask: &Ask, asked: &Asked, title: &str) -> Result<Key> {
    if ask.today() < asked.day {
        return Err(Error::invalid("on", Said::new("截止日“{value}”还没有到").with("value", asked.day)));
    }
    let key = Key { region: house::region_of(ask, &asked.place), id: ask.new_id() };
    tx.run(
        "insert into indicator_report (region, id, place, day, title, state, remark, made_by, made_at)
         values ($1, $2, $3, $4, $5, 'draft', '', $6, $7)",
        &[&key.region, &key.id, &asked.place, &asked.day.to_string(), &title, &ask.who.account, &stamp(ask.now)],
    )?;
    let at = asked.at();
    for (nth, it) in figure::all(&ask.app, &asked.region(&ask.app), asked.day).into_iter().enumerate() {
        let figure = figure::read(tx, it, &at, asked.day)?;
        let shown = Shown::of(kit::Lang::Zh, it, &figure);
        let printed = match it.unit {
            Unit::Number(_) => String::new(),
            // Of nothing there is no share.
            _ if figure.denominator == Some(0) => String::new(),
            _ => format!("{}{}", shown.value, shown.unit),
        };
        let line = Line {
            nth: nth as i64 + 1,
            indicator: it.id.to_string(),
            title: it.title.to_string(),
            unit: unit_of(it.unit).to_string(),
            numerator: Some(figure.numerator),
            denominator: figure.denominator,
            printed,
            is_typed: false,
            remark: String::new(),
        };
        write(tx, &key, &line)?;
    }
    note(tx, ask, &key, &asked.place, "create", &json!({"on": asked.day, "title": title}))?;
    Ok(key)
}

fn unit_of(unit: Unit) -> &'static str {
    match unit {
        Unit::Number(unit) | Unit::Mean(unit) => unit,
        Unit::Money => "人民币分",
        Unit::Share | Unit::PerThousand => "",
    }
}

fn write(tx: &Tx<'_>, key: &Key, line: &Line) -> Result<()> {
    tx.run(
        "insert into indicator_line (region, report, nth, indicator, title, unit, numerator, denominator, printed, is_typed, remark)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            &key.region,
            &key.id,
            &line.nth,
            &line.indicator,
            &line.title,
            &line.unit,
            &line.numerator,
            &line.denominator,
            &line.printed,
            &line.is_typed,
            &line.remark,
        ],
    )?;
    Ok(())
}

/// A figure as it is typed into a report.
#[derive(Debug, Clone)]
pub struct Typed {
    pub item: String,
    /// What it is called, for an item that is none of the list.
    pub title: String,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    pub printed: String,
    pub remark: String,
}

/// Adds a figure typed by hand.
pub fn add(tx: &Tx<'_>, ask: &Ask, report: &Report, typed: &Typed) -> Result<()> {
    open(report)?;
    if !typed.printed.is_empty() {
        typed.printed.parse::<Printed>().map_err(|_| {
            Error::invalid("printed", Said::new("“{value}”应写作 81.2% 或 33‰").with("value", &typed.printed))
        })?;
    }
    if typed.numerator.is_none() && typed.printed.is_empty() {
        return Err(Error::invalid("numerator", "请填写分子(数量)或印出的比率"));
    }
    let items = items(ask, report)?;
    let item = items
        .iter()
        .find(|it| it.id == typed.item)
        .ok_or_else(|| Error::invalid("item", Said::new("没有填报项目“{value}”").with("value", &typed.item)))?;
    let nth = 1 + tx.count(
        "select coalesce(max(nth), 0) from indicator_line where region = $1 and report = $2",
        &[&report.key.region, &report.key.id],
    )?;
    let title = if typed.title.is_empty() { &item.name } else { &typed.title };
    let line = Line {
        nth,
        indicator: item.id.clone(),
        title: title.clone(),
        unit: item.unit.clone(),
        numerator: typed.numerator,
        denominator: typed.denominator,
        printed: typed.printed.clone(),
        is_typed: true,
        remark: typed.remark.clone(),
    };
    write(tx, &report.key, &line)?;
    note(tx, ask, &report.key, &report.place, "change", &json!({"typed": item.id, "nth": nth}))
}

/// Takes a typed figure out again.
pub fn remove(tx: &Tx<'_>, ask: &Ask, report: &Report, nth: i64) -> Result<()> {
    open(report)?;
    let gone = tx.run(
        "delete from indicator_line where region = $1 and report = $2 and nth = $3 and is_typed = true",
        &[&report.key.region, &report.key.id, &nth],
    )?;
    if gone == 0 {
        return Err(Error::NotFound);
    }
    note(tx, ask, &report.key, &report.place, "change", &json!({"removed": nth}))
}

/// Says why a figure is as it is.
pub fn explain(tx: &Tx<'_>, ask: &Ask, report: &Report, nth: i64, remark: &str) -> Result<()> {
    open(report)?;
    let changed = tx.run(
        "update indicator_line set remark = $4 where region = $1 and report = $2 and nth = $3",
        &[&report.key.region, &report.key.id, &nth, &remark],
    )?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    note(tx, ask, &report.key, &report.place, "change", &json!({"explained": nth}))
}

fn open(report: &Report) -> Result<()> {
    if report.is_open() {
        Ok(())
    } else {
        Err(Error::refused("not_open", "报表已上报,不能再改;需要修改请上级退回"))
    }
}

/// The items that may be typed into a report of that day.
pub fn items(ask: &Ask, report: &Report) -> Result<Vec<reported::Item>> {
    let region = policy_region(ask, report)?;
    let policy = ask.app.policy.at(region, report.day.max(ask.today()));
    policy.read(|it| &it.reported.items).cloned().map_err(no_policy)
}

fn policy_region(ask: &Ask, report: &Report) -> Result<rules::base::Region> {
    let tree = ask.app.places.tree();
    let near = tree.chain(&report.place).into_iter().find(|it| it.code.len() == 6).map(|it| it.code.clone());
    near.as_deref().unwrap_or(kit::place::NATION).parse().map_err(Error::internal)
}

fn no_policy(it: rules::policy::NoPolicy) -> Error {
    Error::Refused(Refusal { code: "no_policy", why: it.text().into(), source: None, link: None })
}

/// What cannot be true of the figures typed: each finding with the lines it concerns.
pub fn findings(ask: &Ask, report: &Report, lines: &[Line]) -> Result<Vec<(Finding, Vec<i64>)>> {
    let typed: Vec<&Line> = lines.iter().filter(|it| it.is_typed).collect();
    let count = |it: Option<i64>| it.and_then(|it| u64::try_from(it).ok());
    let entries: Vec<Entry> = typed
        .iter()
        .map(|it| Entry {
            item: it.indicator.clone(),
            numerator: count(it.numerator),
            denominator: count(it.denominator),
            printed: it.printed.parse().ok(),
        })
        .collect();
    let region = policy_region(ask, report)?;
    let policy = ask.app.policy.at(region, report.day.max(ask.today()));
    let found = reported::findings(&entries, &policy).map_err(no_policy)?;
    Ok(found
        .into_iter()
        .map(|it| {
            let nths = it.entries.iter().map(|at| typed[*at].nth).collect();
            (it, nths)
        })
        .collect())
}

/// Sends a report upwards; what contradicts itself needs a remark first.
pub fn send(tx: &Tx<'_>, ask: &Ask, report: &Report) -> Result<()> {
    open(report)?;
    let lines = lines(tx, &report.key)?;
    let unexplained = findings(ask, report, &lines)?
        .into_iter()
        .any(|(_, nths)| nths.iter().all(|nth| lines.iter().any(|it| it.nth == *nth && it.remark.trim().is_empty())));
    if unexplained {
        return Err(Error::refused("implausible", "有数字互相矛盾,请改正或写明原因后再上报"));
    }
    set_state(tx, ask, report, "sent", "")
}

/// Gives a report back with what is to be mended.
pub fn give_back(tx: &Tx<'_>, ask: &Ask, report: &Report, remark: &str) -> Result<()> {
    if remark.trim().is_empty() {
        return Err(Error::invalid("remark", "请写明退回的原因"));
    }
    judged(ask, report)?;
    set_state(tx, ask, report, "returned", remark)
}

/// Locks a report for good.
pub fn lock(tx: &Tx<'_>, ask: &Ask, report: &Report) -> Result<()> {
    judged(ask, report)?;
    set_state(tx, ask, report, "locked", "")
}

/// Only what was sent is judged, and by somebody else than who made it.
fn judged(ask: &Ask, report: &Report) -> Result<()> {
    if report.state != "sent" {
        return Err(Error::refused("not_sent", "报表还没有上报,或已经审定"));
    }
    if report.made_by == ask.who.account {
        return Err(Error::refused("own_report", "填报人不能审定自己的报表"));
    }
    Ok(())
}

fn set_state(tx: &Tx<'_>, ask: &Ask, report: &Report, state: &str, remark: &str) -> Result<()> {
    let now = stamp(ask.now);
    let is_sent = state == "sent";
    tx.run(
        "update indicator_report set state = $3, remark = $4, sent_at = $5, settled_by = $6, settled_at = $7
          where region = $1 and id = $2",
        &[
            &report.key.region,
            &report.key.id,
            &state,
            &remark,
            &(if is_sent { Some(now.clone()) } else { report.sent_at.clone() }),
            &(!is_sent).then_some(ask.who.account),
            &(!is_sent).then_some(now),
        ],
    )?;
    note(tx, ask, &report.key, &report.place, "change", &json!({"state": state, "remark": remark}))
}

fn note(
    tx: &Tx<'_>,
    ask: &Ask,
    key: &Key,
    place: &str,
    action: &'static str,
    detail: &serde_json::Value,
) -> Result<()> {
    let entry = audit::Entry {
        action,
        subject: "indicator_report",
        subject_id: Some(key.id),
        region: &key.region,
        place,
        detail: &detail.to_string(),
    };
    ask.note(tx, &entry)
}
