//! Events: news for other modules, written in the transaction of the fact and delivered at least once.

use jiff::Timestamp;
use serde_json::Value;

use crate::{App, Error, Id, Result, Tx, clock::stamp};

/// One piece of news.
#[derive(Debug, Clone)]
pub struct Event {
    pub id: Id,
    pub region: String,
    /// A word such as `elder.died`; the module that sends it says which there are.
    pub kind: String,
    pub body: Value,
    pub at: String,
}

/// Writes an event into the outbox.
pub fn send(tx: &Tx<'_>, region: &str, kind: &str, body: &Value, now: Timestamp) -> Result<Id> {
    let id = Id::new(now);
    tx.run(
        "insert into event (id, region, kind, body, at) values ($1, $2, $3, $4, $5)",
        &[&id, &region, &kind, &body.to_string(), &stamp(now)],
    )?;
    Ok(id)
}

/// Delivers the oldest waiting events to all modules that listen; gives how many.
/// A listener that fails leaves its event waiting, and those after it too: order matters more than speed.
pub async fn deliver(app: &App) -> Result<usize> {
    let for_listeners = app.clone();
    let (delivered, failed) = app
        .db
        .write(move |tx| {
            let waiting = tx.rows(
                "select id, region, kind, body, at from event where delivered is null order by id limit 200",
                &[],
                |row| {
                    let body: String = row.get(3)?;
                    Ok(Event {
                        id: row.get(0)?,
                        region: row.get(1)?,
                        kind: row.get(2)?,
                        body: serde_json::from_str(&body)?,
                        at: row.get(4)?,
                    })
                },
            )?;
            let now = stamp(for_listeners.clock.now());
            let tell = |tx: &Tx<'_>, event: &Event| tell(tx, &for_listeners, event, &now);
            // Mostly nobody fails, and keeping each apart from the next costs as much as some listeners do.
            if tx.attempt(|tx| waiting.iter().try_for_each(|it| tell(tx, it))).is_ok() {
                return Ok((waiting.len(), None));
            }
            for (count, event) in waiting.iter().enumerate() {
                if let Err(e) = tx.attempt(|tx| tell(tx, event)) {
                    tx.run(
                        "update event set failures = failures + 1, error = $2 where id = $1",
                        &[&event.id, &e.to_string()],
                    )?;
                    return Ok((count, Some(format!("event {} {}: {e}", event.id, event.kind))));
                }
            }
            Ok((waiting.len(), None))
        })
        .await?;
    match failed {
        Some(why) => Err(Error::internal(why)),
        None => Ok(delivered),
    }
}

/// Tells every listener of one event, unless another server did since we looked.
fn tell(tx: &Tx<'_>, app: &App, event: &Event, now: &str) -> Result<()> {
    let taken = tx
        .run("update event set delivered = $2, error = null where id = $1 and delivered is null", &[&event.id, &now])?;
    if taken == 0 {
        return Ok(());
    }
    app.modules.iter().filter_map(|it| it.listen).try_for_each(|listen| listen(app, tx, event))
}
