//! The way back: into an empty installation, or over another one when told so. All rows come in one transaction.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Manifest, RESTORED, archive, entry, rows};
use crate::{
    Db, Error, Result, Tx, audit,
    clock::stamp,
    crypt::Crypt,
    db::{Kind, Migration, run_migrations, same_migration},
    files::Files,
    house::set_setting,
};

/// What a restored copy knows of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Restored {
    /// When it was restored.
    pub at: String,
    /// When the backup was made.
    pub backup: String,
    pub file: String,
}

/// Checks a backup and brings it in. Sessions do not come along, and messages that waited then are held back: whoever
/// restores a copy to look at it must not send last month's text messages.
///
/// # Errors
/// In words: a backup that is not whole, other keys, a newer program, or an installation that is in use.
pub async fn restore(
    db: &Db,
    files: &Files,
    crypt: &Crypt,
    migrations: &'static [Migration],
    file: &Path,
    overwrite: bool,
    now: Timestamp,
) -> Result<Manifest, String> {
    let (path, name) = (file.to_path_buf(), file.file_name().unwrap_or_default().to_string_lossy().into_owned());
    let manifest = blocking(move || archive::check(&path)).await?;
    if !crypt.opens_backup(&manifest.key_fingerprint) {
        return Err(format!(
            "这里的密钥文件打不开这份备份(需要指纹 {0}):请先放回当时的密钥文件 / \
             the key file here does not open this backup (it needs {0}): put the key file of then in place first",
            manifest.key_fingerprint
        ));
    }
    let then = migrations_of(&manifest, migrations)?;
    let in_use = db.read(in_use).await.map_err(|e| e.to_string())?;
    if in_use && !overwrite {
        return Err("这里已有数据,未恢复;确实要覆盖请加 --overwrite / \
             there is data here, nothing was restored; add --overwrite to replace it"
            .into());
    }
    let (path, store) = (file.to_path_buf(), files.clone());
    blocking(move || archive::lay_files(&path, &store)).await?;
    let (path, wanted) = (file.to_path_buf(), manifest.clone());
    db.write(move |tx| {
        empty(tx)?;
        run_migrations(tx, then)?;
        let loaded = archive::with_rows(&path, |dump| rows::load(tx, dump))?;
        if loaded != wanted.rows {
            return Err(Error::internal("the rows that came in are not those the manifest counts"));
        }
        run_migrations(tx, migrations)?;
        let restored = Restored { at: stamp(now), backup: wanted.created.clone(), file: name };
        mark(tx, &restored, now)
    })
    .await
    .map_err(|e| e.to_string())?;
    Ok(manifest)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, String> + Send + 'static) -> Result<T, String> {
    tokio::task::spawn_blocking(work).await.map_err(|e| e.to_string())?
}

/// The migrations that had run when the backup was made, as this program has them.
fn migrations_of(manifest: &Manifest, all: &'static [Migration]) -> Result<&'static [Migration], String> {
    for (name, checksum) in &manifest.migrations {
        if !all.iter().any(|it| same_migration(it, name, checksum)) {
            return Err(format!(
                "备份来自更新的程序(有迁移 {name}),请用那个版本恢复 / \
                 the backup comes from a newer program (it has migration {name}); restore it with that one"
            ));
        }
    }
    let had_run = |it: &&Migration| manifest.migrations.iter().any(|done| done.0 == it.name);
    Ok(all.iter().filter(had_run).copied().collect::<Vec<_>>().leak())
}

/// Whether people work here: somebody has an account.
fn in_use(tx: &Tx<'_>) -> Result<bool> {
    if !rows::tables(tx)?.iter().any(|it| it == "account") {
        return Ok(false);
    }
    Ok(0 < tx.count("select count(*) from account", &[])?)
}

fn empty(tx: &Tx<'_>) -> Result<()> {
    let tables = rows::tables(tx)?;
    match tx.kind() {
        Kind::Sqlite => tables.iter().rev().try_for_each(|it| tx.batch(&format!("drop table {it}"))),
        Kind::Postgres if tables.is_empty() => Ok(()),
        Kind::Postgres => tx.batch(&format!("drop table {} cascade", tables.join(", "))),
    }
}

fn mark(tx: &Tx<'_>, restored: &Restored, now: Timestamp) -> Result<()> {
    let text = serde_json::to_string(restored)?;
    set_setting(tx, RESTORED, &text)?;
    tx.run("delete from session", &[])?;
    tx.run(
        "update message set state = 'failed', error = $1 where state = 'waiting'",
        &[&"自备份恢复,未再发送 / held back by a restore"],
    )?;
    audit::write(tx, None, &entry("restore", "database", &text), now)
}
