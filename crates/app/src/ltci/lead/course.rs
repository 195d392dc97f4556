//! What is done with a lead: the institution is asked, answers, somebody decides, money comes back.

use kit::{Ask, Error, Result, Said, Tx};
use rules::base::{Date, Money};

use super::record::{self, Lead};
use crate::ltci::{benefit::step, fund, words};

/// Days an institution has to answer where no day is set.
pub const USUAL_DAYS: i32 = 10;

/// Asks the institution to explain, by a day.
///
/// # Errors
/// `Invalid` for a day that has passed, `Refused` where the lead is closed.
pub fn ask_for(tx: &Tx<'_>, ask: &Ask, it: &Lead, words: &str, due: Date) -> Result<()> {
    if due < ask.today() {
        return Err(Error::invalid("due", "答复期限不能早于今天"));
    }
    advance(tx, it, &["open", "answered"], "asked")?;
    tx.run(
        "update ltci_lead set due_day = $3 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &due.to_string()],
    )?;
    record::note(tx, ask, &it.key, "ask", words, 0)
}

/// The institution explains.
pub fn answer(tx: &Tx<'_>, ask: &Ask, it: &Lead, words: &str) -> Result<()> {
    advance(tx, it, &["asked"], "answered")?;
    record::note(tx, ask, &it.key, "answer", words, 0)
}

/// Decides that it is so, and what is to come back to the fund.
///
/// # Errors
/// `Invalid` for an amount below zero.
pub fn confirm(tx: &Tx<'_>, ask: &Ask, it: &Lead, words: &str, recovery: Money) -> Result<()> {
    if recovery.fen() < 0 {
        return Err(Error::invalid("recovery", "追回金额不能小于 0"));
    }
    advance(tx, it, &["open", "asked", "answered"], "confirmed")?;
    tx.run(
        "update ltci_lead set recovery = $3 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &recovery.fen()],
    )?;
    record::note(tx, ask, &it.key, "confirm", words, recovery.fen())
}

/// Decides that it is not so.
pub fn dismiss(tx: &Tx<'_>, ask: &Ask, it: &Lead, words: &str) -> Result<()> {
    advance(tx, it, &["open", "asked", "answered"], "dismissed")?;
    record::note(tx, ask, &it.key, "dismiss", words, 0)
}

/// What was to come back has come, and is booked in the fund as spending given back.
///
/// # Errors
/// `Refused` where nothing was to come back, or it has; `Invalid` for a day to come.
pub fn recover(tx: &Tx<'_>, ask: &Ask, it: &Lead, day: Date, words: &str) -> Result<()> {
    if ask.today() < day {
        return Err(Error::invalid("day", Said::new("追回日 {day} 还没有到").with("day", day)));
    }
    let changed = tx.run(
        "update ltci_lead set recovered_day = $3
          where region = $1 and id = $2 and state = 'confirmed' and recovery > 0 and recovered_day is null",
        &[&it.key.region, &it.key.id, &day.to_string()],
    )?;
    if changed == 0 {
        return Err(Error::refused("wrong_state", "没有待追回的款项"));
    }
    book(tx, ask, it, day)?;
    record::note(tx, ask, &it.key, "recover", words, it.recovery)
}

/// Money that came back goes into the book once, under the way of care and the grade that the person had on the day.
fn book(tx: &Tx<'_>, ask: &Ask, it: &Lead, day: Date) -> Result<bool> {
    let seen = it.day.parse().or_else(|_| format!("{}-01", it.month).parse()).ok();
    let of = match (it.elder_key(), seen) {
        (Some(elder), Some(seen)) => step::on(tx, &elder, seen)?,
        _ => None,
    };
    let of = of.and_then(|it| Some((words::mode(&it.mode).ok()?, it.grade?)));
    let source = format!("lead:{}", it.key.id);
    fund::take_back(tx, ask, (&it.key.region, day), of, Money::from_fen(it.recovery), &source)
}

/// Books what came back before the book knew of leads; gives how many entries are new.
pub fn book_earlier(tx: &Tx<'_>, ask: &Ask, region: &str) -> Result<usize> {
    let mut new = 0;
    for it in record::recovered(tx, region)? {
        let day = it.recovered.unwrap_or(ask.today());
        new += usize::from(book(tx, ask, &it, day)?);
    }
    Ok(new)
}

fn advance(tx: &Tx<'_>, it: &Lead, from: &[&str], to: &str) -> Result<()> {
    let refused = || Error::refused("wrong_state", Said::new("这条线索现在不能这样办理,请刷新后再看"));
    if !from.contains(&&*it.state) {
        return Err(refused());
    }
    let changed = tx.run(
        "update ltci_lead set state = $4 where region = $1 and id = $2 and state = $3",
        &[&it.key.region, &it.key.id, &it.state, &to],
    )?;
    if changed == 0 { Err(refused()) } else { Ok(()) }
}
