//! What the fund's page shows as a file: sums, income by purse, spending by way of care and grade, the course by month.

use kit::{
    Ask, Result,
    sheet::{ExportColumn, Exporter, Kind, Value},
};

use super::{
    ask::{self as asking, Said},
    pages::mode_title,
};
use crate::ltci::{
    settle::csv::{Csv, spelled},
    words,
};

const HEADS: [&str; 9] = [
    "项目",
    "来源、服务方式或月份",
    "失能等级",
    "收入(元)",
    "支出(元)",
    "人月",
    "人均每月(元)",
    "累计结余(元)",
    "参保人均支出(元)",
];

/// A row; money in fen.
#[derive(Default)]
struct Row {
    item: &'static str,
    of: String,
    grade: Option<i64>,
    income: Option<i64>,
    spending: Option<i64>,
    months: Option<i64>,
    mean: Option<i64>,
    balance: Option<i64>,
    per_insured: Option<i64>,
}

fn rows(ask: &Ask, said: &Said) -> Vec<Row> {
    let mut all = vec![Row {
        item: "合计",
        income: Some(said.income),
        spending: Some(said.spending),
        months: Some(said.recipient_months),
        mean: said.mean(),
        balance: Some(said.balance()),
        per_insured: said.per_insured(),
        ..Row::default()
    }];
    all.extend(said.by_purse.iter().map(|(purse, fen)| Row {
        item: "收入来源",
        of: ask.t(words::title(words::PURSES, purse)).to_string(),
        income: Some(*fen),
        ..Row::default()
    }));
    all.extend(said.by_mode.iter().map(|((mode, grade), (fen, months))| Row {
        item: "支出构成",
        of: ask.t(mode_title(mode)).to_string(),
        grade: (!mode.is_empty()).then_some(*grade),
        spending: Some(*fen),
        months: Some(*months),
        mean: asking::mean(*fen, *months),
        ..Row::default()
    }));
    all.extend(said.course.iter().map(|(month, income, spending, balance)| Row {
        item: "各月收支",
        of: month.clone(),
        income: Some(*income),
        spending: Some(*spending),
        balance: Some(*balance),
        ..Row::default()
    }));
    all
}

/// The cells of a row, in the order of the heads.
fn cells<'a>(ask: &Ask, it: &'a Row) -> [Value<'a>; 9] {
    let number = |it: Option<i64>| it.map_or(Value::Empty, Value::Int);
    let money = |it: Option<i64>| it.map_or(Value::Empty, Value::Fen);
    [
        Value::Text(ask.t(it.item)),
        Value::Text(&it.of),
        number(it.grade),
        money(it.income),
        money(it.spending),
        number(it.months),
        money(it.mean),
        money(it.balance),
        money(it.per_insured),
    ]
}

pub fn sheet(ask: &Ask, title: &str, said: &Said) -> Result<Vec<u8>> {
    let kind = |nth: usize| match nth {
        0 | 1 => Kind::Text,
        2 | 5 => Kind::Int,
        _ => Kind::Money,
    };
    let columns = HEADS.iter().enumerate().map(|(nth, it)| ExportColumn::new(ask.t(it), kind(nth))).collect();
    let mut out = Exporter::new(title, columns)?;
    for it in rows(ask, said) {
        out.push(&cells(ask, &it))?;
    }
    Ok(out.finish()?)
}

pub fn csv(ask: &Ask, said: &Said) -> String {
    let mut out = Csv::for_people(&HEADS.map(|it| ask.t(it)));
    for it in rows(ask, said) {
        out.push(&cells(ask, &it).map(spelled));
    }
    out.end()
}
