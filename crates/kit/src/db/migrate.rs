//! Migrations: numbered SQL files, each run once, none changed after it ran.
//!
//! The text is SQL both engines understand; `/*sqlite …*/` is seen by SQLite alone, `/*postgres …*/` by PostgreSQL alone.

use super::{Kind, Tx, plan};
use crate::{Error, Result, digest};

/// One file of `migrations/`.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    pub name: &'static str,
    pub sql: &'static str,
}

/// What the schema lacks.
#[derive(Debug, Default, PartialEq)]
pub struct Pending {
    pub missing: Vec<&'static str>,
    /// Ran here, but with another text than this program has.
    pub changed: Vec<&'static str>,
    /// Ran here by a newer program.
    pub unknown: Vec<String>,
}

const TABLE: &str = "create table if not exists migration (name text primary key, checksum text not null)";

pub fn pending(tx: &Tx<'_>, all: &'static [Migration]) -> Result<Pending> {
    let there = match tx.kind() {
        Kind::Sqlite => "select count(*) from sqlite_master where name = 'migration'",
        Kind::Postgres => "select case when to_regclass('migration') is null then 0 else 1 end",
    };
    if tx.count(there, &[])? == 0 {
        return Ok(Pending { missing: all.iter().map(|it| it.name).collect(), ..Pending::default() });
    }
    let done: Vec<(String, String)> =
        tx.rows("select name, checksum from migration order by name", &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut pending = Pending::default();
    for migration in all {
        match done.iter().find(|it| it.0 == migration.name) {
            None => pending.missing.push(migration.name),
            Some(it) if it.1 != digest::of(migration.sql) => pending.changed.push(migration.name),
            Some(_) => {}
        }
    }
    pending.unknown = done.into_iter().map(|it| it.0).filter(|it| all.iter().all(|m| m.name != it)).collect();
    Ok(pending)
}

pub fn run(tx: &Tx<'_>, all: &'static [Migration]) -> Result<Vec<&'static str>> {
    if tx.kind() == Kind::Postgres {
        // Several servers may start at once: one migrates, the others wait.
        tx.batch("select pg_advisory_xact_lock(797997)")?;
    }
    tx.batch(TABLE)?;
    let pending = pending(tx, all)?;
    if let Some(name) = pending.changed.first() {
        return Err(Error::internal(format!(
            "迁移 {name} 在本库执行后又被改动;请使用发布版程序 / migration {name} was changed after it ran here; use a released program"
        )));
    }
    if let Some(name) = pending.unknown.first() {
        return Err(Error::internal(format!(
            "数据库比程序新(有迁移 {name});请升级程序 / the database is newer than this program (it has {name}); upgrade the program"
        )));
    }
    for migration in all.iter().filter(|it| pending.missing.contains(&it.name)) {
        let failed = |e: Error| Error::internal(format!("迁移 / migration {}: {e}", migration.name));
        tx.batch(&for_engine(migration.sql, tx.kind())).map_err(failed)?;
        tx.run(
            "insert into migration (name, checksum) values ($1, $2)",
            &[&migration.name, &digest::of(migration.sql)],
        )?;
    }
    if !pending.missing.is_empty() {
        plan::analyze(tx)?;
    }
    Ok(pending.missing)
}

/// Whether a migration of this program is the one that ran elsewhere under this name with this checksum.
pub fn same(migration: &Migration, name: &str, stored: &str) -> bool {
    migration.name == name && digest::of(migration.sql) == stored
}

/// Opens the marks meant for `kind`; the other engine's stay comments.
fn for_engine(sql: &str, kind: Kind) -> String {
    let mark = match kind {
        Kind::Sqlite => "/*sqlite ",
        Kind::Postgres => "/*postgres ",
    };
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(start) = rest.find(mark) {
        out.push_str(&rest[..start]);
        rest = &rest[start + mark.len()..];
        let end = rest.find("*/").unwrap_or(rest.len());
        out.push_str(&rest[..end]);
        rest = rest.get(end + 2..).unwrap_or_default();
    }
    out.push_str(rest);
    match kind {
        Kind::Sqlite => out,
        Kind::Postgres => sorted_by_bytes(&out),
    }
}

/// SQLite compares text byte by byte. PostgreSQL shall do the same whatever the database's locale, or ranges of codes
/// and pages by key would mean something else there.
fn sorted_by_bytes(sql: &str) -> String {
    let column_ends = [" not null", ",", "\n", " primary"];
    column_ends
        .iter()
        .fold(sql.to_string(), |sql, end| sql.replace(&format!(" text{end}"), &format!(" text collate \"C\"{end}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_engine_sees_only_its_own_marks() {
        let sql = "create table a (b text) /*sqlite without rowid*/; /*postgres select 1;*/";
        assert_eq!(for_engine(sql, Kind::Sqlite), "create table a (b text) without rowid; /*postgres select 1;*/");
        assert_eq!(for_engine(sql, Kind::Postgres), "create table a (b text) /*sqlite without rowid*/; select 1;");
    }

    #[test]
    fn text_sorts_by_bytes_on_both_engines() {
        let sql = "create table a (b text not null, c text,\n d text\n)";
        assert_eq!(
            for_engine(sql, Kind::Postgres),
            "create table a (b text collate \"C\" not null, c text collate \"C\",\n d text collate \"C\"\n)"
        );
    }
}
