//! The book: every entry once, its sums by month moved with it.

use kit::{Ask, Id, Result, Tx, clock::stamp};
use rules::{
    base::{Date, Money},
    ltci::{Grade, Mode, Purse},
};

use crate::ltci::{marks, words};

/// Money that came in; less than nothing is given back.
#[derive(Debug, Clone, Copy)]
pub struct Receipt<'a> {
    pub region: &'a str,
    pub day: Date,
    pub purse: Purse,
    pub amount: Money,
    /// What it comes from, once in a county: `contribution:…`.
    pub source: &'a str,
}

/// Money that was paid for recipients; less than nothing came back.
#[derive(Debug, Clone, Copy)]
pub struct Spending<'a> {
    pub region: &'a str,
    pub day: Date,
    pub mode: Mode,
    pub grade: Grade,
    pub amount: Money,
    /// How many recipient-months it pays for; 0 for a difference to what was paid before.
    pub months: i64,
    /// What it comes from, once in a county: `payment:…`.
    pub source: &'a str,
}

pub const INCOME: &str = "income";
pub const SPENDING: &str = "spending";

/// Books what came in; `false` where it is booked already.
pub fn receive(tx: &Tx<'_>, ask: &Ask, it: &Receipt<'_>) -> Result<bool> {
    let line = Line { kind: INCOME, purse: words::purse_word(it.purse), mode: "", grade: 0, months: 0 };
    enter(tx, ask, it.region, it.day, &line, (it.amount, it.source))
}

/// Books what was paid; `false` where it is booked already.
pub fn spend(tx: &Tx<'_>, ask: &Ask, it: &Spending<'_>) -> Result<bool> {
    let (mode, grade) = (words::mode_word(it.mode), i64::from(u8::from(it.grade)));
    let line = Line { kind: SPENDING, purse: "", mode, grade, months: it.months };
    enter(tx, ask, it.region, it.day, &line, (it.amount, it.source))
}

/// Books what came back of money that was spent; `false` where it is booked already. Nobody may know for which way of care
/// and grade it was spent.
pub fn take_back(
    tx: &Tx<'_>,
    ask: &Ask,
    (region, day): (&str, Date),
    of: Option<(Mode, Grade)>,
    amount: Money,
    source: &str,
) -> Result<bool> {
    let (mode, grade) = of.map_or(("", 0), |(mode, grade)| (words::mode_word(mode), i64::from(u8::from(grade))));
    let line = Line { kind: SPENDING, purse: "", mode, grade, months: 0 };
    enter(tx, ask, region, day, &line, (Money::from_fen(-amount.fen()), source))
}

struct Line {
    kind: &'static str,
    purse: &'static str,
    mode: &'static str,
    grade: i64,
    months: i64,
}

fn enter(
    tx: &Tx<'_>,
    ask: &Ask,
    region: &str,
    day: Date,
    line: &Line,
    (amount, source): (Money, &str),
) -> Result<bool> {
    let id: Id = ask.new_id();
    let new = tx.run(
        "insert into ltci_fund_entry (region, id, day, kind, purse, mode, grade, amount, months, source, who, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (region, source) do nothing",
        &[
            &region,
            &id,
            &day.to_string(),
            &line.kind,
            &line.purse,
            &line.mode,
            &line.grade,
            &amount.fen(),
            &line.months,
            &source,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    if new == 0 {
        return Ok(false);
    }
    let month = day.to_string()[..7].to_string();
    tx.run(
        "insert into ltci_fund_total (region, month, kind, purse, mode, grade, amount, months)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (region, month, kind, purse, mode, grade) do update set
           amount = ltci_fund_total.amount + excluded.amount, months = ltci_fund_total.months + excluded.months",
        &[&region, &month, &line.kind, &line.purse, &line.mode, &line.grade, &amount.fen(), &line.months],
    )?;
    marks::keep_fund(tx, ask, region, &month);
    Ok(true)
}

/// One sum of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// `2026-04`.
    pub month: String,
    pub is_income: bool,
    pub purse: String,
    pub mode: String,
    pub grade: i64,
    pub amount: i64,
    pub months: i64,
}

/// The sums of some counties up to a month, county by county.
pub fn totals(tx: &Tx<'_>, counties: &[String], until: &str) -> Result<Vec<Total>> {
    let mut all = Vec::new();
    for county in counties {
        all.extend(tx.rows(
            "select month, kind, purse, mode, grade, amount, months from ltci_fund_total
              where region = $1 and month <= $2 order by month, kind, purse, mode, grade",
            &[county, &until],
            |row| {
                Ok(Total {
                    month: row.get(0)?,
                    is_income: row.get::<String>(1)? == INCOME,
                    purse: row.get(2)?,
                    mode: row.get(3)?,
                    grade: row.get(4)?,
                    amount: row.get(5)?,
                    months: row.get(6)?,
                })
            },
        )?);
    }
    Ok(all)
}

/// How many are insured today in some counties.
pub fn insured(tx: &Tx<'_>, counties: &[String]) -> Result<i64> {
    let mut sum = 0;
    for county in counties {
        sum += tx.count("select count(*) from ltci_insured where region = $1 and kind <> ''", &[county])?;
    }
    Ok(sum)
}
