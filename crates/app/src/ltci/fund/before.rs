//! Months of the book from before the scheme was kept here, as a sheet: a row is what one purse gave in a month, or what was
//! paid for one way of care and grade.

use kit::{
    Ask, Error, Result, Said, Tx,
    form::{self, Field, Input, Kind, Options, field},
    import::{Import, Row, Taken},
};
use rules::{
    base::{Date, Money},
    ltci::{Mode, Purse},
};

use super::{
    book::{self, INCOME, Receipt, SPENDING, Spending},
    headers,
};
use crate::ltci::{
    HANDLE,
    benefit::step,
    insured::{contribution, record},
    words,
};

pub static BEFORE: Import = Import {
    kind: "ltci-fund",
    title: "导入接续前的收支",
    path: "/ltci/fund/import",
    list: ("/ltci/fund", "长护险基金"),
    perm: HANDLE,
    columns: headers::BEFORE,
    fields: FIELDS,
    synonyms: &[("purse", "单位", "employer"), ("purse", "医保", "medical")],
    help: &[
        "收入每月每个来源一行;支出每月每种服务方式和等级一行,写明人月。",
        "只收本月以前的月份,记在各月最后一天;同一行再导入不会重复,金额不同的退回。",
    ],
    take,
};

const FIELDS: &[Field] = &[
    field("month", "月份", Kind::Text(10)).required(),
    field("purse", "来源", Kind::Choice(words::PURSES)),
    field("mode", "服务方式", Kind::Choice(words::MODES)),
    field("grade", "失能等级", Kind::Int { min: 1, max: 5 }),
    field("amount", "金额", Kind::Text(20)).required(),
    field("months", "人月", Kind::Int { min: 0, max: 10_000_000 }),
];

fn take(tx: &Tx<'_>, ask: &Ask, input: &Input, row: &Row<'_>) -> Result<Taken> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let region = record::county(ask, row.place)?;
    let month = month(ask, &checked.text("month"))?;
    let amount = record::amount("amount", &checked.text("amount"))?;
    let (purse, mode) = (checked.text("purse"), checked.text("mode"));
    let is_new = match (&*purse, &*mode) {
        ("", "") => return Err(Error::invalid("purse", "收入写“来源”,支出写“服务方式”和“失能等级”")),
        (purse, "") => income(tx, ask, &region, month, words::purse(purse)?, amount)?,
        ("", mode) => {
            let grade = checked.int("grade").ok_or_else(|| Error::invalid("grade", "支出请写失能等级,1 到 5"))?;
            let months = checked.int("months").ok_or_else(|| Error::invalid("months", "支出请写享受待遇的人月"))?;
            spending(tx, ask, &region, month, (words::mode(mode)?, grade), amount, months)?
        }
        _ => return Err(Error::invalid("mode", "一行只能是收入或支出:“来源”和“服务方式”只写一项")),
    };
    Ok(if is_new { Taken::New } else { Taken::Unchanged })
}

/// The first day of a month that is over.
fn month(ask: &Ask, text: &str) -> Result<Date> {
    let wrong = || Error::invalid("month", Said::new("“{value}”应写作本月以前的 2024-12").with("value", text));
    let period = contribution::period(text).map_err(|_| wrong())?;
    let first = period.last().first_of_month();
    let is_month = period.to_string().len() == 7;
    if is_month && first < ask.today().first_of_month() { Ok(first) } else { Err(wrong()) }
}

/// Books what a purse gave in a month before; `false` where that is booked already.
///
/// # Errors
/// `Invalid` where another amount is.
pub fn income(tx: &Tx<'_>, ask: &Ask, region: &str, month: Date, purse: Purse, amount: Money) -> Result<bool> {
    let source = format!("before:{}:{}:{}", word(month), INCOME, words::purse_word(purse));
    let receipt = Receipt { region, day: month.last_of_month(), purse, amount, source: &source };
    Ok(book::receive(tx, ask, &receipt)? || same(tx, region, &source, amount, 0)?)
}

/// Books what was paid in a month before in one way of care and grade; `false` where that is booked already.
///
/// # Errors
/// `Invalid` where another amount or other months are.
pub fn spending(
    tx: &Tx<'_>,
    ask: &Ask,
    region: &str,
    month: Date,
    (mode, grade): (Mode, i64),
    amount: Money,
    months: i64,
) -> Result<bool> {
    let grade = step::grade(grade)?;
    let source = format!("before:{}:{}:{}:{}", word(month), SPENDING, words::mode_word(mode), u8::from(grade));
    let spending = Spending { region, day: month.last_of_month(), mode, grade, amount, months, source: &source };
    Ok(book::spend(tx, ask, &spending)? || same(tx, region, &source, amount, months)?)
}

/// `false` where the same is booked.
fn same(tx: &Tx<'_>, region: &str, source: &str, amount: Money, months: i64) -> Result<bool> {
    let (known, known_months) = tx.one(
        "select amount, months from ltci_fund_entry where region = $1 and source = $2",
        &[&region, &source],
        |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)),
    )?;
    if (known, known_months) == (amount.fen(), months) {
        return Ok(false);
    }
    let said = Said::new("这个月的这一项已登记 {amount}、{months} 人月;请核对,账上的记录不改")
        .with("amount", Money::from_fen(known))
        .with("months", known_months);
    Err(Error::invalid("amount", said))
}

fn word(month: Date) -> String {
    month.to_string()[..7].to_string()
}
