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
    let waiting = app
        .db
        .read(|tx| {
            tx.rows(
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
            )
        })
        .await?;
    let count = waiting.len();
    for event in waiting {
        let for_listeners = app.clone();
        let (id, kind) = (event.id, event.kind.clone());
        let delivered = app
            .db
            .write(move |tx| {
                let now = stamp(for_listeners.clock.now());
                let taken = tx.run(
                    "update event set delivered = $2, error = null where id = $1 and delivered is null",
                    &[&event.id, &now],
                )?;
                if taken == 0 {
                    // Another server delivered it between our look and now.
                    return Ok(());
                }
                for module in for_listeners.modules {
                    if let Some(listen) = module.listen {
                        listen(&for_listeners, tx, &event)?;
                    }
                }
                Ok(())
            })
            .await;
        if let Err(e) = delivered {
            let why = e.to_string();
            app.db
                .write(move |tx| {
                    tx.run("update event set failures = failures + 1, error = $2 where id = $1", &[&id, &why])
                })
                .await?;
            return Err(Error::internal(format!("event {id} {kind}: {e}")));
        }
    }
    Ok(count)
}
