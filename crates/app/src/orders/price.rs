//! What an order costs before it is placed, and its bill once it is done; prices, payers and bills are tariff's.

use kit::{Ask, Error, Result, Said, Tx};
use rules::{base::Date, home_service::Service};
use serde_json::{Value, json};

use super::record::Order;
use crate::{
    elders::Elder,
    institutions::{self, Institution},
    tariff::{self, NewBill, Quote},
};

/// The order of a service as tariff reckons it.
fn order_of(tx: &Tx<'_>, service: &Service, institution: &Institution, day: Date) -> Result<tariff::Order> {
    let facts = institutions::facts(tx, &institution.key)?;
    let insured = !institutions::fact_on(&facts, "insurance", day).is_empty();
    let items = service.items.iter().map(|it| (it.clone(), 1)).collect();
    Ok(tariff::Order { items, visit: true, insured, ..tariff::Order::default() })
}

/// What a service would cost an elder on a day.
pub fn quote(
    tx: &Tx<'_>,
    ask: &Ask,
    elder: &Elder,
    institution: &Institution,
    service: &Service,
    day: Date,
) -> Result<Quote> {
    tariff::quote(tx, ask, elder, institution, day, &order_of(tx, service, institution, day)?)
}

/// A quote as an order keeps it.
pub fn kept(quote: &Quote) -> Value {
    let lines: Vec<Value> = quote
        .lines
        .iter()
        .map(|it| {
            json!({"code": it.code, "name": it.name, "amount_fen": it.split.amount.fen(), "person_fen": person(it),
                   "why": it.why, "basis": it.basis, "example": it.is_example, "blocked": it.blocked.is_some()})
        })
        .collect();
    let refused: Vec<String> = quote.refused.iter().map(Said::stored).collect();
    json!({"lines": lines, "unpriced": quote.unpriced, "refused": refused})
}

/// What the person pays of a line: nothing where another paid already.
fn person(line: &tariff::Quoted) -> i64 {
    if line.blocked.is_some() { 0 } else { line.split.person.fen() }
}

/// The amount of a quote and what the person pays of it, in fen.
pub fn sums(quote: &Quote) -> (i64, i64) {
    let due = quote.lines.iter().filter(|it| it.blocked.is_none());
    due.fold((0, 0), |(amount, own), it| (amount + it.split.amount.fen(), own + it.split.person.fen()))
}

/// Writes the bill of an order that was done: what has a price and nobody paid yet. What is not charged, and why, stays with
/// the order.
pub fn charge(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, day: Date) -> Result<()> {
    let institution = institutions::by_key(tx, &it.institution_key())?;
    let mut order = order_of(tx, &it.service, &institution, day)?;
    let quote = tariff::quote(tx, ask, elder, &institution, day, &order)?;
    let mut notes: Vec<String> = quote.refused.iter().map(Said::stored).collect();
    if !quote.unpriced.is_empty() {
        notes.push(Said::new("没有价格,未收费:{codes}").with("codes", quote.unpriced.join("、")).stored());
    }
    notes.extend(quote.lines.iter().filter(|it| it.blocked.is_some()).map(|it| it.why.clone()));
    let is_due = |code: &str| quote.lines.iter().any(|it| it.code == code && it.blocked.is_none());
    order.items.retain(|(code, _)| is_due(code));
    order.visit = is_due(tariff::VISIT_FEE);
    if !order.items.is_empty() || order.visit {
        // A bill that was taken back keeps its event.
        let event = match it.former_bills.len() {
            0 => it.thing(),
            former => format!("{}:{}", it.thing(), former + 1),
        };
        let new = NewBill { day, order: &order, event: &event, note: &it.service.name };
        match tx.attempt(|tx| tariff::write_bill(tx, ask, elder, &institution, &new)) {
            Ok(bill) => it.bill = Some(bill.key.id),
            Err(Error::Refused(refusal)) => notes.push(refusal.why.stored()),
            Err(other) => return Err(other),
        }
    } else if it.service.items.is_empty() {
        notes.push(Said::new("这项服务没有收费项目").stored());
    }
    it.charge_note = serde_json::to_string(&notes)?;
    Ok(())
}
