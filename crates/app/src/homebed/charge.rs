//! What a home hospital bed costs: opening, rounds and procedures, day by day, as bills of `tariff`. What tariff cannot price,
//! and what another has paid for, is said and not charged.

use std::collections::BTreeMap;

use kit::{Ask, Error, Id, Result, Said, Tx};
use rules::{base::Date, home_bed};
use serde::{Deserialize, Serialize};

use super::{
    bed::{self, Bed},
    chart::{self, Record},
    deed::Sent,
};
use crate::{
    elders::Elder,
    institutions,
    tariff::{self, NewBill, Order},
};

/// One line as it was charged.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Line {
    pub code: String,
    pub name: String,
    pub quantity: u16,
    pub price: i64,
    pub amount: i64,
    pub person: i64,
    pub payer: Option<String>,
}

/// What was charged of a day.
#[derive(Debug, Clone)]
pub struct Charged {
    pub bill: Id,
    pub day: Date,
    pub number: String,
    pub lines: Vec<Line>,
    pub amount: i64,
    pub person: i64,
}

/// A day with something that is not charged yet.
#[derive(Debug)]
pub struct Open {
    pub day: Date,
    /// What can be charged.
    pub lines: Vec<Line>,
    /// What cannot, and why.
    pub left: Vec<Said>,
    is_insured: bool,
    /// The entries, each with the item it is charged by.
    records: Vec<(Id, String)>,
}

pub fn charged(tx: &Tx<'_>, it: &Bed) -> Result<Vec<Charged>> {
    tx.rows(
        "select bill, day, number, lines, amount, person from homebed_charge
          where region = $1 and bed = $2 order by day, bill limit 1000",
        &[&it.key.region, &it.key.id],
        |row| {
            let lines: String = row.get(3)?;
            Ok(Charged {
                bill: row.get(0)?,
                day: row.get(1)?,
                number: row.get(2)?,
                lines: serde_json::from_str(&lines)?,
                amount: row.get(4)?,
                person: row.get(5)?,
            })
        },
    )
}

/// By which item an entry is charged; nothing for what is not charged.
fn code_of(ask: &Ask, it: &Bed, record: &Record) -> Option<String> {
    let items = home_bed::items(&bed::policy(ask, &it.key.region, record.day));
    match &*record.kind {
        "first" => items.ok().map(|it| it.opening),
        "round" => items.ok().map(|it| it.round),
        _ => Some(record.code.clone()).filter(|it| !it.is_empty()),
    }
}

/// Days with something that is not charged yet, each with what it would cost.
pub fn open(tx: &Tx<'_>, ask: &Ask, it: &Bed, elder: &Elder, visit: bool, insured: bool) -> Result<Vec<Open>> {
    let institution = institutions::by_key(tx, &it.institution_key())?;
    let mut days: BTreeMap<Date, Vec<(Record, String)>> = BTreeMap::new();
    for record in chart::of(tx, it)?.into_iter().filter(|it| it.counts() && it.bill.is_none()) {
        if let Some(code) = code_of(ask, it, &record) {
            days.entry(record.day).or_default().push((record, code));
        }
    }
    let mut all = Vec::new();
    for (day, records) in days {
        let mut items: Vec<(String, u16)> = Vec::new();
        for (record, code) in &records {
            let n = u16::try_from(record.quantity).unwrap_or(1);
            match items.iter_mut().find(|it| it.0 == *code) {
                Some(known) => known.1 = known.1.saturating_add(n),
                None => items.push((code.clone(), n)),
            }
        }
        let order = Order { items, visit, insured, stay: None };
        let mut quote = tariff::quote(tx, ask, elder, &institution, day, &order)?;
        let mut left: Vec<Said> = quote.refused.clone();
        // Where nothing can be settled with insurance, the person pays.
        let is_insured = insured && !left.contains(&not_designated());
        if insured && !is_insured {
            quote = tariff::quote(tx, ask, elder, &institution, day, &Order { insured: false, ..order })?;
        }
        for code in &quote.unpriced {
            left.push(Said::new("“{code}”在这家机构当日没有价格,不能收费").with("code", code));
        }
        let blocked = quote.lines.iter().filter(|it| it.blocked.is_some());
        left.extend(blocked.map(|it| Said::new("“{name}”已由其他方付费,不再收费").with("name", &it.name)));
        let lines = quote.lines.iter().filter(|it| it.blocked.is_none()).map(|it| Line {
            code: it.code.clone(),
            name: it.name.clone(),
            quantity: it.quantity,
            price: it.price.fen(),
            amount: it.split.amount.fen(),
            person: it.split.person.fen(),
            payer: it.payer.map(|it| it.word().to_string()),
        });
        let lines = lines.collect();
        let records = records.into_iter().map(|(record, code)| (record.id, code)).collect();
        all.push(Open { day, lines, left, is_insured, records });
    }
    Ok(all)
}

/// Charges what can be charged: a bill for each day.
///
/// # Errors
/// `Refused` where nothing can.
pub fn charge(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    if !it.is_hospital() {
        return Err(Error::NotFound);
    }
    let (visit, insured) = (sent.checked.on("visit"), sent.checked.on("insured"));
    let institution = institutions::by_key(tx, &it.institution_key())?;
    let known = charged(tx, it)?;
    let mut left = Vec::new();
    let mut bills = 0;
    for day in open(tx, ask, it, elder, visit, insured)? {
        left.extend(day.left.iter().cloned());
        let has = |code: &str| day.lines.iter().any(|it| it.code == code);
        let items: Vec<(String, u16)> = day
            .lines
            .iter()
            .filter(|line| day.records.iter().any(|it| it.1 == line.code))
            .map(|line| (line.code.clone(), line.quantity))
            .collect();
        if items.is_empty() {
            continue;
        }
        let order = Order { items, visit: visit && has("visit_fee"), insured: day.is_insured, stay: None };
        let nth = known.iter().filter(|it| it.day == day.day).count();
        let event = match nth {
            0 => format!("{}:{}", it.word(), day.day),
            nth => format!("{}:{}:{}", it.word(), day.day, nth + 1),
        };
        let new = NewBill { day: day.day, order: &order, event: &event, note: "" };
        let bill = match tx.attempt(|tx| tariff::write_bill(tx, ask, elder, &institution, &new)) {
            // Who has paid for a service of that day is told; the other days are charged.
            Err(Error::Refused(no)) => {
                left.push(no.why);
                continue;
            }
            other => other?,
        };
        bills += 1;
        let lines: Vec<&Line> =
            day.lines.iter().filter(|line| order.visit || day.records.iter().any(|it| it.1 == line.code)).collect();
        tx.run(
            "insert into homebed_charge (region, bed, bill, day, number, lines, amount, person, who)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                &it.key.region,
                &it.key.id,
                &bill.key.id,
                &day.day.to_string(),
                &bill.number,
                &serde_json::to_string(&lines)?,
                &bill.amount,
                &bill.person,
                &&*ask.who.name,
            ],
        )?;
        for (record, _) in day.records.iter().filter(|it| order.items.iter().any(|one| one.0 == it.1)) {
            chart::billed(tx, it, *record, bill.key.id)?;
        }
    }
    match (bills, left.into_iter().next()) {
        (0, Some(why)) => Err(Error::refused("not_chargeable", why)),
        (0, None) => Err(Error::refused("nothing_to_charge", "没有待收费的项目")),
        _ => Ok(()),
    }
}

fn not_designated() -> Said {
    Said::new("这家机构当日不是医保定点,不能经医保结算")
}
