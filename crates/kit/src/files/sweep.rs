//! The nightly comparison of store and database: bytes that nothing points at go, rows whose bytes are missing are said.

use jiff::SignedDuration;
use serde::Serialize;

use crate::{App, Error, Id, Result, jobs::Work};

/// Bytes younger than this may belong to a transaction that has not ended.
const GRACE: SignedDuration = SignedDuration::from_hours(24);
/// Missing files that are named one by one.
const NAMED: usize = 50;

/// The work as the house's module lists it.
pub const SWEEP: Work = Work {
    kind: "house.files",
    title: "核对文件库",
    run: |app, _| Box::pin(async move { Ok(serde_json::to_value(sweep(&app).await?)?) }),
    every_minutes: Some(24 * 60),
};

/// What the comparison found.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Swept {
    pub files: i64,
    /// Bytes removed since no row points at them.
    pub removed: usize,
    /// Rows whose bytes are not there.
    pub missing: usize,
    /// The first of them: region, id, name.
    pub named: Vec<(String, Id, String)>,
}

/// Compares the store with the database; the outcome is kept for `doctor` and the workbench.
pub async fn sweep(app: &App) -> Result<Swept> {
    let found = missing(app).await?;
    let mut swept = Swept { missing: found.1.len(), files: found.0, ..Swept::default() };
    swept.named = found.1.into_iter().take(NAMED).collect();
    let oldest = app.clock.now() - GRACE;
    let files = app.files.clone();
    let old = tokio::task::spawn_blocking(move || {
        let mut old = Vec::new();
        files.store().each(|item| {
            if item.changed < oldest {
                old.push(item.hash);
            }
            Ok(())
        })?;
        Ok::<_, Error>(old)
    })
    .await
    .map_err(Error::internal)??;
    for some in old.chunks(500) {
        let (asked, files) = (some.to_vec(), app.files.clone());
        // In the writer's queue, so that no row appears between the look and the removal.
        swept.removed += app
            .db
            .write(move |tx| {
                let mut removed = 0;
                for hash in &asked {
                    if tx.count("select count(*) from file where hash = $1", &[hash])? == 0 {
                        files.store().remove(hash)?;
                        removed += 1;
                    }
                }
                Ok(removed)
            })
            .await?;
    }
    let missing = swept.missing.to_string();
    app.db.write(move |tx| crate::house::set_setting(tx, "files_missing", &missing)).await?;
    Ok(swept)
}

/// How many rows there are, and those whose bytes are not in the store.
async fn missing(app: &App) -> Result<(i64, Vec<(String, Id, String)>)> {
    let files = app.files.clone();
    app.db
        .read(move |tx| {
            let (mut count, mut missing) = (0, Vec::new());
            tx.each("select region, id, name, hash from file order by region, id", &[], |row| {
                count += 1;
                let hash: Vec<u8> = row.get(3)?;
                if !files.store().has(&hash)? {
                    missing.push((row.get(0)?, row.get(1)?, row.get(2)?));
                }
                Ok(())
            })?;
            Ok((count, missing))
        })
        .await
}
