//! The course of an assessment: each step is checked by the rules and written into its history.

use kit::{Ask, Error, Id, Result, Tx, clock::stamp, events};
use rules::assessment_course::{Event, State, next};
use serde_json::{Value, json};

use super::{
    CLOSED,
    record::{Assessment, state_of, word_of},
};

/// One step of the history.
#[derive(Debug, Clone)]
pub struct Step {
    pub at: String,
    pub event: String,
    pub from: State,
    pub to: State,
    pub who: String,
    pub reason: String,
}

/// Lets events happen to an assessment, one after another; the history keeps one line from the first state to the last.
///
/// # Errors
/// `Refused` where the state does not allow it, or where somebody else was faster.
pub fn advance(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, happened: &[Event], reason: &str) -> Result<()> {
    let from = it.state;
    let mut to = from;
    for event in happened {
        to = next(to, *event).map_err(|refused| Error::refused("wrong_state", refused.text()))?;
    }
    let changed = tx.run(
        "update assessment set state = $4 where region = $1 and id = $2 and state = $3",
        &[&it.key.region, &it.key.id, &word_of(from), &word_of(to)],
    )?;
    if changed == 0 {
        return Err(Error::refused("changed_meanwhile", "这份评估刚刚被他人办理,请刷新后再看"));
    }
    it.state = to;
    let last = happened.last().map(|it| word(*it)).unwrap_or_default();
    write(tx, ask, it, &last, from, to, reason)?;
    if to.is_final() && it.valid_from.is_none() {
        let body = json!({"assessment": it.key, "elder": it.elder_key(), "programme": it.programme.word(),
                          "state": word_of(to), "reason": reason});
        events::send(tx, &it.key.region, CLOSED, &body, ask.now)?;
    }
    Ok(())
}

/// Writes a line of the history without a change of state.
pub fn remark(tx: &Tx<'_>, ask: &Ask, it: &Assessment, what: &str, reason: &str) -> Result<()> {
    write(tx, ask, it, what, it.state, it.state, reason)
}

fn write(tx: &Tx<'_>, ask: &Ask, it: &Assessment, event: &str, from: State, to: State, reason: &str) -> Result<()> {
    let account = (ask.who.account != Id(0)).then_some(ask.who.account);
    tx.run(
        "insert into assessment_event (region, assessment, id, at, event, from_state, to_state, account, who, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            &it.key.region,
            &it.key.id,
            &ask.new_id(),
            &stamp(ask.now),
            &event,
            &word_of(from),
            &word_of(to),
            &account,
            &ask.who.name,
            &reason,
        ],
    )?;
    Ok(())
}

/// The word an event is kept under.
pub fn word(event: Event) -> String {
    match serde_json::to_value(event) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The title of a kept event: those of the rules, and the remarks of this module.
pub fn title(ask: &Ask, word: &str) -> String {
    let parsed: Option<Event> = serde_json::from_value(Value::String(word.to_string())).ok();
    match parsed {
        Some(event) => event.text().in_lang(ask.lang.into()).to_string(),
        None => ask.t(word).to_string(),
    }
}

/// The history, oldest first.
pub fn steps(tx: &Tx<'_>, it: &Assessment) -> Result<Vec<Step>> {
    tx.rows(
        "select at, event, from_state, to_state, who, reason from assessment_event
          where region = $1 and assessment = $2 order by id",
        &[&it.key.region, &it.key.id],
        |row| {
            let (from, to): (String, String) = (row.get(2)?, row.get(3)?);
            Ok(Step {
                at: row.get(0)?,
                event: row.get(1)?,
                from: state_of(&from)?,
                to: state_of(&to)?,
                who: row.get(4)?,
                reason: row.get(5)?,
            })
        },
    )
}
