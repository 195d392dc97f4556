//! What tasks tell the tally: in which stretches somebody is owed a visit, and in which it was made in time.

use kit::{
    App, Result, Said, Tx,
    db::Row,
    tally::{Facts, Lot, Marks, PERSON, Span},
};
use rules::base::Date;

use super::words;
use crate::elders::{self, Key};

/// A visit to somebody in hardship is owed in the present period; made in time; why it was not.
pub const HARDSHIP: &str = "rounds.hardship";
pub const HARDSHIP_DONE: &str = "rounds.hardship_done";
pub const HARDSHIP_SHORT: &str = "rounds.hardship_short";
/// The same of rounds to the disabled and those with dementia.
pub const DISABLED: &str = "rounds.disabled";
pub const DISABLED_DONE: &str = "rounds.disabled_done";
pub const DISABLED_SHORT: &str = "rounds.disabled_short";

/// What of a task is counted.
struct Counted {
    aim: String,
    from: Date,
    by: Date,
    beyond: Date,
    done: Option<Date>,
    ended: String,
}

const OF_LOT: &str = "select aim, from_day, by_day, beyond, done_day, ended, elder from round_task
    where region = $1 and elder >= $2 and elder <= $3 and subject = 'elder' and aim <> ''";

fn read(row: &Row<'_>) -> Result<Counted> {
    Ok(Counted {
        aim: row.get(0)?,
        from: row.get(1)?,
        by: row.get(2)?,
        beyond: row.get(3)?,
        done: row.get(4)?,
        ended: row.get(5)?,
    })
}

/// What the facts say of persons.
pub fn facts(tx: &Tx<'_>, _: &App, lot: &Lot<'_>) -> Result<Facts> {
    if lot.kind != PERSON {
        return Ok(Facts::new());
    }
    let mut tasks = elders::rows_of(tx, lot, OF_LOT, read)?;
    lot.each(|it| Ok(spans_of(tasks.remove(&it.id).unwrap_or_default())))
}

/// Says anew what holds of a person.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    elders::keep_facts(tx, app, key, facts)
}

fn spans_of(mut all: Vec<Counted>) -> Marks {
    all.sort_by_key(|it| (it.from, it.by));
    let of = |aim: &str| -> [Vec<Span>; 3] {
        let mut spans = [Vec::new(), Vec::new(), Vec::new()];
        let counts = |it: &&Counted| it.aim == aim && (it.ended.is_empty() || it.ended == words::MISSED);
        for it in all.iter().filter(counts) {
            spans[0].push(Span::new(it.from).until(it.beyond));
            let too_late = it.by.add_days(1);
            let (waits, late) = match it.done {
                Some(day) if day <= it.by => {
                    spans[1].push(Span::new(day).until(it.beyond));
                    (day, it.beyond)
                }
                Some(day) => (too_late, day),
                None => (too_late, it.beyond),
            };
            let waiting = Said::new("还没有巡访,最迟 {day}").with("day", it.by);
            spans[2].push(Span::new(it.from).until(waits).note(waiting.stored()));
            if it.done.is_none_or(|day| it.by < day) {
                let overdue = Said::new("巡访逾期,最迟应在 {day}").with("day", it.by);
                spans[2].push(Span::new(waits).until(late.min(it.beyond)).note(overdue.stored()));
            }
            if let Some(day) = it.done.filter(|day| it.by < *day && *day < it.beyond) {
                let said = Said::new("{done} 才巡访,最迟应在 {day}").with("done", day).with("day", it.by);
                spans[2].push(Span::new(day).until(it.beyond).note(said.stored()));
            }
        }
        spans
    };
    let [hardship, hardship_done, hardship_short] = of("hardship");
    let [disabled, disabled_done, disabled_short] = of("disabled");
    vec![
        (HARDSHIP, hardship),
        (HARDSHIP_DONE, hardship_done),
        (HARDSHIP_SHORT, hardship_short),
        (DISABLED, disabled),
        (DISABLED_DONE, disabled_done),
        (DISABLED_SHORT, disabled_short),
    ]
}
