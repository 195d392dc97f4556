//! The two books of an institution: medical income and that of elderly care, kept apart, with a statement each month (S37).

use std::collections::BTreeMap;

use kit::{
    Ask, Error, Id, Result, Tx,
    clock::stamp,
    form::{self, Field, Input, Kind, Options, field},
};
use rules::{base::Date, tariff::Kind as ItemKind};

use super::{bill::Bill, note, words};
use crate::{elders::Key, institutions::Institution};

pub const FIELDS: &[Field] = &[
    field("book", "账簿", Kind::Choice(words::BOOKS)).required(),
    field("kind", "种类", Kind::Choice(words::MOVEMENTS)).required(),
    field("item", "收支项目", Kind::Text(60)).required(),
    field("amount", "金额(元)", Kind::Text(14)).required(),
    field("day", "日期", Kind::Date).help("不填为今天。"),
    field("reason", "说明", Kind::Text(200)),
];
pub const CORRECTION_FIELDS: &[Field] =
    &[field("entry", "要更正的一笔", Kind::Text(20)).required(), field("reason", "原因", Kind::Text(200)).required()];

/// One entry of a book.
#[derive(Debug, Clone)]
pub struct Movement {
    pub id: Id,
    pub book: String,
    pub kind: String,
    pub day: String,
    pub item: String,
    pub amount: i64,
    pub bill: Option<Id>,
    pub corrects: Option<Id>,
    pub reason: String,
}

/// One book in one month.
#[derive(Debug, Clone, Default)]
pub struct Statement {
    /// A word of `words::BOOKS`.
    pub book: &'static str,
    pub opening: i64,
    /// Item → income and expense of the month.
    pub items: BTreeMap<String, (i64, i64)>,
    pub income: i64,
    pub expense: i64,
    pub closing: i64,
    pub movements: Vec<Movement>,
}

/// Books a line of a bill, or that it was taken back: elderly care in its own book.
#[allow(clippy::too_many_arguments, reason = "one entry, column by column")]
pub fn of_line(
    tx: &Tx<'_>,
    ask: &Ask,
    bill: &Bill,
    entry: Id,
    kind: ItemKind,
    name: &str,
    amount: i64,
    reason: Option<&str>,
) -> Result<()> {
    let book = if kind == ItemKind::Care { "care" } else { "medical" };
    let day = if reason.is_some() { ask.today() } else { bill.day };
    let it = New {
        book,
        kind: "income",
        day,
        item: name,
        amount,
        bill: Some(bill.key.id),
        entry: Some(entry),
        corrects: None,
        reason: reason.unwrap_or_default(),
    };
    add(tx, ask, &bill.institution_key(), &it)
}

struct New<'a> {
    book: &'a str,
    kind: &'a str,
    day: Date,
    item: &'a str,
    amount: i64,
    bill: Option<Id>,
    entry: Option<Id>,
    corrects: Option<Id>,
    reason: &'a str,
}

fn add(tx: &Tx<'_>, ask: &Ask, institution: &Key, it: &New<'_>) -> Result<()> {
    tx.run(
        "insert into tariff_book (region, institution, id, book, kind, day, item, amount, bill, entry, corrects, reason,
                                  account, who, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &[
            &institution.region,
            &institution.id,
            &ask.new_id(),
            &it.book,
            &it.kind,
            &it.day.to_string(),
            &it.item,
            &it.amount,
            &it.bill,
            &it.entry,
            &it.corrects,
            &it.reason,
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    Ok(())
}

/// Writes down income or expense that no bill says.
///
/// # Errors
/// `Invalid` for a day to come, or before this month and the last: statements that were handed in stay as they are.
pub fn write(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input) -> Result<()> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let amount = words::typed("amount", &checked.text("amount"))?.fen();
    if amount == 0 {
        return Err(Error::invalid("amount", "金额应大于零"));
    }
    let day = checked.date("day").unwrap_or(ask.today());
    if ask.today() < day || day < ask.today().first_of_month().add_months(-1) {
        return Err(Error::invalid("day", "“日期”应在上月初到今天之间;更早的差错请用更正"));
    }
    let (book, kind, item, reason) =
        (checked.text("book"), checked.text("kind"), checked.text("item"), checked.text("reason"));
    let new = New {
        book: &book,
        kind: &kind,
        day,
        item: &item,
        amount: if kind == "expense" { -amount } else { amount },
        bill: None,
        entry: None,
        corrects: None,
        reason: &reason,
    };
    add(tx, ask, &it.key, &new)?;
    note(tx, ask, it, "change", &format!("{book} {kind} {item} {amount}"))
}

/// Takes back an entry written by hand, by another with the amount turned round.
///
/// # Errors
/// `Invalid` for an entry of a bill, which is corrected there; `Refused` where it was taken back already.
pub fn correct(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input) -> Result<()> {
    let checked = form::check(CORRECTION_FIELDS, input, &Options::new())?;
    let id = checked.id("entry").ok_or_else(|| Error::invalid("entry", "没有这一笔"))?;
    let sql = format!("select {COLUMNS} from tariff_book where region = $1 and institution = $2 and id = $3");
    let found = tx.row(&sql, &[&it.key.region, &it.key.id, &id], read)?;
    let wrong = found.ok_or_else(|| Error::invalid("entry", "没有这一笔"))?;
    if wrong.bill.is_some() || wrong.corrects.is_some() {
        return Err(Error::invalid("entry", "账单的收入请在账单上更正"));
    }
    let corrected = tx.count(
        "select count(*) from tariff_book where region = $1 and institution = $2 and corrects = $3",
        &[&it.key.region, &it.key.id, &id],
    )?;
    if 0 < corrected {
        return Err(Error::refused("corrected_already", "这一笔已经更正过"));
    }
    let reason = checked.text("reason");
    let new = New {
        book: &wrong.book,
        kind: &wrong.kind,
        day: ask.today(),
        item: &wrong.item,
        amount: -wrong.amount,
        bill: None,
        entry: None,
        corrects: Some(id),
        reason: &reason,
    };
    add(tx, ask, &it.key, &new)?;
    note(tx, ask, it, "change", &format!("book entry {id} taken back: {reason}"))
}

const COLUMNS: &str = "id, book, kind, day, item, amount, bill, corrects, reason";

fn read(row: &kit::db::Row<'_>) -> Result<Movement> {
    Ok(Movement {
        id: row.get(0)?,
        book: row.get(1)?,
        kind: row.get(2)?,
        day: row.get(3)?,
        item: row.get(4)?,
        amount: row.get(5)?,
        bill: row.get(6)?,
        corrects: row.get(7)?,
        reason: row.get(8)?,
    })
}

/// Entries of a month that the page names one by one; the sums are of all.
const MOST: i64 = 500;

/// Both books of an institution in the month that begins on a day.
pub fn statements(tx: &Tx<'_>, institution: &Key, month: Date) -> Result<Vec<Statement>> {
    let (from, until) = (month.first_of_month(), month.first_of_month().add_months(1));
    let mut all = Vec::new();
    for (book, _) in words::BOOKS {
        let opening: i64 = tx.one(
            "select cast(coalesce(sum(amount), 0) as bigint) from tariff_book
              where region = $1 and institution = $2 and book = $3 and day < $4",
            &[&institution.region, &institution.id, book, &from.to_string()],
            |row| row.get(0),
        )?;
        let mut it = Statement { book, opening, closing: opening, ..Statement::default() };
        let sums = tx.rows(
            "select item, kind, cast(sum(amount) as bigint) from tariff_book
              where region = $1 and institution = $2 and book = $3 and day >= $4 and day < $5
              group by item, kind order by item, kind",
            &[&institution.region, &institution.id, book, &from.to_string(), &until.to_string()],
            |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?)),
        )?;
        for (item, kind, amount) in sums {
            let sums = it.items.entry(item).or_default();
            if kind == "income" {
                sums.0 += amount;
                it.income += amount;
            } else {
                sums.1 -= amount;
                it.expense -= amount;
            }
            it.closing += amount;
        }
        it.movements = tx.rows(
            &format!(
                "select {COLUMNS} from tariff_book where region = $1 and institution = $2 and book = $3 and day >= $4
                    and day < $5 order by day, id limit {MOST}"
            ),
            &[&institution.region, &institution.id, book, &from.to_string(), &until.to_string()],
            read,
        )?;
        all.push(it);
    }
    Ok(all)
}
