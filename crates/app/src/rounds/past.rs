//! Rounds of the past, as the generator writes them: tasks found on a day gone by, and visits that were made then.

use kit::{App, Ask, Result, Tx};
use rules::base::Date;

use super::{settle, task, visit};

/// How somebody made a visit in the past.
pub struct Past<'a> {
    pub day: Date,
    pub found: &'a str,
    pub note: &'a str,
    pub reason: &'a str,
    pub who: &'a str,
    /// What came of following up; empty where that is still open, or there is nothing.
    pub result: &'a str,
}

/// Looks at a county for the first time as of a day gone by, so that the periods since are looked at as well.
pub fn begin(tx: &Tx<'_>, app: &App, region: &str, day: Date) -> Result<()> {
    settle::begin(tx, region, day)?;
    settle::county(tx, app, region).map(drop)
}

/// Goes through the open tasks of a county and lets `draw` say of each which visit was made, if any.
pub fn take(
    tx: &Tx<'_>,
    on: &dyn Fn(Date) -> Ask,
    region: &str,
    mut draw: impl FnMut(&str, Date, Date) -> Option<Past<'static>>,
) -> Result<usize> {
    let mut done = 0;
    for it in task::all_open(tx, region)? {
        // What the nearest task of the same elder did is no longer open.
        let Some(it) = task::by_key(tx, &it.key)?.filter(|it| it.open) else { continue };
        let Some(past) = draw(&it.subject, it.from, it.by) else { continue };
        let draft = visit::Draft {
            day: Some(past.day),
            found: past.found.to_string(),
            note: past.note.to_string(),
            reason: past.reason.to_string(),
            who: past.who.to_string(),
            ..visit::Draft::default()
        };
        let ask = on(past.day);
        let key = visit::take(tx, &ask, &it, &draft)?;
        if !past.result.is_empty() {
            visit::close(tx, &ask, &visit::find(tx, &ask.who.scope, &key)?, past.result)?;
        }
        done += 1;
    }
    Ok(done)
}
