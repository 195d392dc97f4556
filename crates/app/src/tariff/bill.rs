//! Bills: written from a quote, never changed afterwards; what follows are entries.

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    clock::stamp,
    db::Row,
    form::{self, Field, Input, Kind, Options, field},
};
use rules::{
    base::Date,
    tariff::{Payer, Split},
};

use super::{
    book, entry, payer,
    price::institution as institution_of,
    quote::{self, Order, Quoted},
    words,
};
use crate::{
    elders::{self, Elder, Key, Records, Report},
    institutions::{self, Institution},
};

#[derive(Debug, Clone)]
pub struct Bill {
    pub key: Key,
    pub elder: Id,
    pub institution: Id,
    pub number: String,
    pub day: Date,
    /// The visit or order it is for; may be empty.
    pub event: String,
    pub insured: bool,
    pub note: String,
    pub amount: i64,
    pub person: i64,
    /// What the person still owes; negative where money is to be given back.
    pub balance: i64,
    pub who: String,
    pub created: String,
}

pub const FIELDS: &[Field] = &[
    field("elder", "老人", Kind::Text(40)).required(),
    field("institution", "机构", Kind::Pick).required(),
    field("day", "服务日期", Kind::Date).help("不填为今天。"),
    field("visit", "上门服务", Kind::Check),
    field("insured", "医保结算", Kind::Check),
    field("event", "服务单号", Kind::Text(60)).help("同一张服务单只能开一张账单。"),
    field("note", "说明", Kind::Text(200)),
];

const COLUMNS: &str =
    "region, id, elder, institution, number, day, event, insured, note, amount, person, balance, who, created";

fn read(row: &Row<'_>) -> Result<Bill> {
    Ok(Bill {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        elder: row.get(2)?,
        institution: row.get(3)?,
        number: row.get(4)?,
        day: row.get(5)?,
        event: row.get(6)?,
        insured: row.get(7)?,
        note: row.get(8)?,
        amount: row.get(9)?,
        person: row.get(10)?,
        balance: row.get(11)?,
        who: row.get(12)?,
        created: row.get(13)?,
    })
}

impl Bill {
    pub fn link(&self) -> String {
        format!("/tariff/bills/{}", self.key)
    }

    pub fn elder_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.elder }
    }

    pub fn institution_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.institution }
    }

    /// A word of `words::STATES`.
    pub fn state(&self) -> &'static str {
        match self.balance {
            0 => "settled",
            owed if 0 < owed => "open",
            _ => "over",
        }
    }

    /// The event its services are paid as.
    pub fn paid_event(&self) -> String {
        if self.event.is_empty() { format!("bill:{}", self.key.id) } else { self.event.clone() }
    }
}

/// The bill, its elder and its institution, if the reader may see it: a manager those of the own institution, others by where
/// the elder lives, a family those of the own elder.
pub fn find(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<(Bill, Elder, Institution)> {
    let bill = by_key(tx, key)?;
    let elder = elder_of(tx, ask, &bill)?;
    let institution = institutions::by_key(tx, &bill.institution_key())?;
    let scope = &ask.who.scope;
    let held = scope.holds(&key.region, &elder.place, Some(bill.institution), Some(bill.elder));
    if held { Ok((bill, elder, institution)) } else { Err(Error::NotFound) }
}

/// The elder of a bill, whoever asks: what may be seen is decided by the bill.
fn elder_of(tx: &Tx<'_>, ask: &Ask, bill: &Bill) -> Result<Elder> {
    let county = kit::Scope::of(&ask.app.places.tree(), &bill.key.region);
    elders::find(tx, &county, &bill.elder_key())
}

pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Bill> {
    tx.one(&format!("select {COLUMNS} from tariff_bill where region = $1 and id = $2"), &[&key.region, &key.id], read)
}

/// The newest bills of an elder.
pub fn of_elder(tx: &Tx<'_>, elder: &Key) -> Result<Vec<Bill>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select {COLUMNS} from tariff_bill where region = $1 and elder in ({}) order by day desc, id desc limit 50",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&elder.region]), read)
}

/// What can be chosen in the form of a bill.
pub fn options(tx: &Tx<'_>, ask: &Ask, region: &str) -> Result<Options> {
    Ok(Options::from([("institution", super::price::institutions_of(tx, ask, region)?)]))
}

/// Who and where a form asks about: the elder, the institution, the day.
pub fn asked(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<(Elder, Institution, Date)> {
    let key: Key = input.get("elder").parse()?;
    let elder = elders::find(tx, &ask.who.scope, &key)?;
    let checked = form::check(FIELDS, input, &options(tx, ask, &key.region)?)?;
    let chosen = checked.id("institution").ok_or_else(|| Error::invalid("institution", "请选择机构"))?;
    let day = checked.date("day").unwrap_or(ask.today());
    Ok((elder, institution_of(tx, ask, &key, chosen)?, day))
}

/// Writes a bill from a form.
///
/// # Errors
/// `Refused` where an item has no price, where there is no visit fee, or where another has paid for a service already;
/// `Invalid` for a day to come.
pub fn write_from(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<Bill> {
    let (elder, institution, day) = asked(tx, ask, input)?;
    if ask.today() < day {
        return Err(Error::invalid("day", "“服务日期”不能晚于今天"));
    }
    let order = Order::from(input)?;
    write(
        tx,
        ask,
        &elder,
        &institution,
        &New { day, order: &order, event: input.get("event"), note: input.get("note") },
    )
}

/// A bill to be written.
pub struct New<'a> {
    pub day: Date,
    pub order: &'a Order,
    pub event: &'a str,
    pub note: &'a str,
}

/// As [`write_from`], for whoever knows what was done.
pub fn write(tx: &Tx<'_>, ask: &Ask, elder: &Elder, institution: &Institution, new: &New<'_>) -> Result<Bill> {
    let quote = quote::quote(tx, ask, elder, institution, new.day, new.order)?;
    if let Some(code) = quote.unpriced.first() {
        let why = Said::new("“{code}”在这家机构当日没有价格,不能收费").with("code", code);
        return Err(Error::refused("no_price", why));
    }
    if let Some(why) = quote.refused.first() {
        return Err(Error::refused("not_chargeable", why.clone()));
    }
    if let Some(known) = quote.lines.iter().find_map(|it| it.blocked.as_ref()) {
        return Err(payer::paid_already(ask, &elder.key, known, payer_word(None, new.order.insured)));
    }
    let key = Key { region: elder.key.region.clone(), id: ask.new_id() };
    let number = number(tx, &institution.key, "bill", new.day)?;
    let total: Split = quote.total;
    let made = tx.run(
        "insert into tariff_bill (region, id, elder, institution, number, day, event, insured, note, amount, person, balance,
                                  account, who, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, $14) on conflict do nothing",
        &[
            &key.region,
            &key.id,
            &elder.key.id,
            &institution.key.id,
            &number,
            &new.day.to_string(),
            &new.event,
            &new.order.insured,
            &new.note,
            &total.amount.fen(),
            &total.person.fen(),
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    if made == 0 {
        return Err(billed_already(tx, &key.region, new.event));
    }
    let bill = by_key(tx, &key)?;
    for line in &quote.lines {
        charge(tx, ask, elder, &bill, line)?;
    }
    let report = Report::new("tariff", "收费 {amount},个人付 {person}")
        .with("amount", total.amount)
        .with("person", total.person)
        .link(bill.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &format!("bill {} {}", bill.number, total.amount))?;
    Ok(bill)
}

fn billed_already(tx: &Tx<'_>, region: &str, event: &str) -> Error {
    let known = tx.row(
        &format!("select {COLUMNS} from tariff_bill where region = $1 and event = $2 and event <> ''"),
        &[&region, &event],
        read,
    );
    match known {
        Ok(Some(it)) => {
            let why = Said::new("服务单“{event}”已经开过账单 {number}").with("event", event).with("number", &it.number);
            Error::Refused(kit::Refusal { code: "billed_already", why, source: None, link: Some(it.link()) })
        }
        Ok(None) => Error::internal("a bill was refused by its keys"),
        Err(e) => e,
    }
}

/// Charges one line: its payer is recorded, its income is booked.
fn charge(tx: &Tx<'_>, ask: &Ask, elder: &Elder, bill: &Bill, line: &Quoted) -> Result<()> {
    let payer = payer_word(line.payer, line.split.insurance.fen() != 0);
    payer::claim_payer(
        tx,
        ask,
        &elder.key,
        &payer::Claim { event: &bill.paid_event(), service: &line.code, payer, day: bill.day, basis: &line.basis },
    )?;
    let id = entry::charge(tx, ask, bill, line, payer)?;
    book::of_line(tx, ask, bill, id, line.kind, &line.name, line.split.amount.fen(), None)
}

fn payer_word(payer: Option<Payer>, insured: bool) -> &'static str {
    match payer {
        Some(it) => it.word(),
        None if insured => Payer::MedicalInsurance.word(),
        None => words::SELF,
    }
}

/// The next number of an institution's papers of a kind: `2026000123`.
pub fn number(tx: &Tx<'_>, institution: &Key, kind: &str, day: Date) -> Result<String> {
    let year = day.year().to_string();
    tx.run(
        "insert into tariff_number (region, institution, kind, year, last) values ($1, $2, $3, $4, 1)
         on conflict (region, institution, kind, year) do update set last = tariff_number.last + 1",
        &[&institution.region, &institution.id, &kind, &year],
    )?;
    let last: i64 = tx.one(
        "select last from tariff_number where region = $1 and institution = $2 and kind = $3 and year = $4",
        &[&institution.region, &institution.id, &kind, &year],
        |row| row.get(0),
    )?;
    let letter = if kind == "receipt" { "R" } else { "B" };
    Ok(format!("{letter}{year}{last:06}"))
}
