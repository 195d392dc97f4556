//! Prepayment to institutions: what was given, what was due each month, and the difference paid or carried.

use kit::{
    Ask, Error, Result, Said, Tx,
    clock::stamp,
    db::Row,
    form::{self, Field, Input, Kind, Options, field},
};
use rules::{
    base::{Date, Money},
    tariff::{self, Month, Rest},
};

use super::{note, words};
use crate::{elders::Key, institutions::Institution};

/// One entry of the book of prepayments.
#[derive(Debug, Clone)]
pub struct Advance {
    /// A word of `words::ADVANCES`.
    pub kind: String,
    pub month: String,
    pub day: String,
    pub amount: i64,
    /// What the institution holds afterwards; negative where it is owed.
    pub balance: i64,
    pub note: String,
    pub who: String,
}

pub const FIELDS: &[Field] = &[
    field("amount", "预付金额(元)", Kind::Text(14)).required(),
    field("month", "月份", Kind::Text(7)).required().help("写作 2026-01。"),
    field("note", "说明", Kind::Text(200)),
];
pub const SETTLE_FIELDS: &[Field] = &[
    field("month", "月份", Kind::Text(7)).required().help("写作 2026-01;已经过完的月份才能清算。"),
    field("rest", "差额", Kind::Choice(words::RESTS)).required(),
    field("note", "说明", Kind::Text(200)),
];

fn read(row: &Row<'_>) -> Result<Advance> {
    Ok(Advance {
        kind: row.get(0)?,
        month: row.get(1)?,
        day: row.get(2)?,
        amount: row.get(3)?,
        balance: row.get(4)?,
        note: row.get(5)?,
        who: row.get(6)?,
    })
}

/// The entries of an institution, the newest first.
pub fn of(tx: &Tx<'_>, institution: &Key) -> Result<Vec<Advance>> {
    tx.rows(
        "select kind, month, day, amount, balance, note, who from tariff_advance
          where region = $1 and institution = $2 order by id desc limit 200",
        &[&institution.region, &institution.id],
        read,
    )
}

/// What an institution holds of prepayments.
pub fn balance(tx: &Tx<'_>, institution: &Key) -> Result<i64> {
    Ok(of(tx, institution)?.first().map_or(0, |it| it.balance))
}

/// The first day of a month as it is typed.
pub fn month(text: &str) -> Result<Date> {
    let first = format!("{text}-01").parse::<Date>();
    first.map_err(|_| Error::invalid("month", Said::new("“{value}”不是月份,请写作 2026-01").with("value", text)))
}

/// `2026-01`.
pub fn word(month: Date) -> String {
    month.to_string().get(..7).unwrap_or_default().to_string()
}

/// Gives an institution money for a month.
///
/// # Errors
/// `Refused` for a month that is settled.
pub fn prepay(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input) -> Result<()> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let amount = words::typed("amount", &checked.text("amount"))?;
    if amount == Money::ZERO {
        return Err(Error::invalid("amount", "金额应大于零"));
    }
    let month = month(&checked.text("month"))?;
    if is_settled(tx, &it.key, month)? {
        return Err(settled_already(month));
    }
    add(tx, ask, it, "prepaid", month, amount, &checked.text("note"))?;
    note(tx, ask, it, "change", &format!("prepaid {amount} for {}", word(month)))
}

/// What medical insurance owes an institution for the services of a month.
pub fn due(tx: &Tx<'_>, institution: &Key, month: Date) -> Result<Money> {
    let (from, until) = (month.first_of_month(), month.first_of_month().add_months(1));
    let sum: i64 = tx.one(
        "select cast(coalesce(sum(insurance), 0) as bigint) from tariff_entry
          where region = $1 and institution = $2 and day >= $3 and day < $4",
        &[&institution.region, &institution.id, &from.to_string(), &until.to_string()],
        |row| row.get(0),
    )?;
    Ok(Money::from_fen(sum))
}

/// Settles a month: what is due is booked against the prepayments, and the difference is paid or carried.
///
/// # Errors
/// `Invalid` for a month that has not ended, `Refused` for one that is settled, or while an earlier one is not.
pub fn settle(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input) -> Result<()> {
    let checked = form::check(SETTLE_FIELDS, input, &Options::new())?;
    let month = month(&checked.text("month"))?;
    if ask.today() < month.add_months(1) {
        return Err(Error::invalid("month", "这个月还没有过完,不能清算"));
    }
    if is_settled(tx, &it.key, month)? {
        return Err(settled_already(month));
    }
    if let Some(earlier) = unsettled(tx, &it.key, month)? {
        return Err(Error::refused("earlier_month", Said::new("请先清算 {month}").with("month", earlier)));
    }
    let opening = balance(tx, &it.key)?;
    let due = due(tx, &it.key, month)?;
    let rest = if checked.text("rest") == "paid" { Rest::Paid } else { Rest::Carried };
    // What was prepaid for the month stands in the balance already.
    let asked = Month { opening: Money::from_fen(opening), prepaid: Money::ZERO, due, rest };
    let settled = tariff::settle(&asked);
    let said = checked.text("note");
    add(tx, ask, it, "due", month, -due, &said)?;
    if settled.paid != Money::ZERO {
        add(tx, ask, it, "paid", month, settled.paid, &said)?;
    }
    note(tx, ask, it, "change", &format!("settled {}: due {due}, paid {}", word(month), settled.paid))
}

fn is_settled(tx: &Tx<'_>, institution: &Key, month: Date) -> Result<bool> {
    let n = tx.count(
        "select count(*) from tariff_advance where region = $1 and institution = $2 and kind = 'due' and month >= $3",
        &[&institution.region, &institution.id, &word(month)],
    )?;
    Ok(0 < n)
}

fn settled_already(month: Date) -> Error {
    let why = Said::new("{month} 或以后的月份已经清算,不能再记;差错请记在下一个月").with("month", word(month));
    Error::refused("settled_already", why)
}

/// The first month before `month` that was prepaid and is not settled.
fn unsettled(tx: &Tx<'_>, institution: &Key, month: Date) -> Result<Option<String>> {
    tx.row(
        "select a.month from tariff_advance a where a.region = $1 and a.institution = $2 and a.kind = 'prepaid' and a.month < $3
            and not exists (select 1 from tariff_advance d where d.region = a.region and d.institution = a.institution
                              and d.kind = 'due' and d.month = a.month)
          order by a.month limit 1",
        &[&institution.region, &institution.id, &word(month)],
        |row| row.get(0),
    )
}

fn add(tx: &Tx<'_>, ask: &Ask, it: &Institution, kind: &str, month: Date, amount: Money, said: &str) -> Result<()> {
    let balance = balance(tx, &it.key)? + amount.fen();
    let written = tx.run(
        "insert into tariff_advance (region, institution, id, kind, month, day, amount, balance, note, account, who, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing",
        &[
            &it.key.region,
            &it.key.id,
            &ask.new_id(),
            &kind,
            &word(month),
            &ask.today().to_string(),
            &amount.fen(),
            &balance,
            &said,
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    if written == 1 { Ok(()) } else { Err(settled_already(month)) }
}
