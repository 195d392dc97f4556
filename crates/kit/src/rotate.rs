//! After a new key was made: everything that is sealed is sealed anew under it, while the server goes on working.
//!
//! No list of sealed columns is kept, for a list can lack one: every binary column is looked at, and what opens is sealed anew.

use serde::Serialize;

use crate::{
    Db, Error, Result, Tx,
    crypt::Crypt,
    db::{Bind, Kind},
    files::{self, Files},
    table::Value,
};

/// Rows one transaction takes.
const STEP: usize = 500;

/// What was sealed anew.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Resealed {
    pub values: u64,
    pub files: u64,
}

/// A binary column and the key of its table.
#[derive(Debug, Clone)]
struct Column {
    table: String,
    column: String,
    key: Vec<String>,
}

impl Column {
    fn name(&self) -> String {
        format!("{}.{}", self.table, self.column)
    }
}

/// Seals anew what lies under older keys. May be run again at any time; a second run changes nothing.
pub async fn reseal(db: &Db, files: &Files, crypt: &std::sync::Arc<Crypt>) -> Result<Resealed> {
    let columns = db.read(columns).await?;
    let places: Vec<String> = columns.iter().map(Column::name).collect();
    let mut done = Resealed::default();
    for column in &columns {
        let mut after: Option<Vec<Value>> = None;
        loop {
            let (one, from) = (column.clone(), after.clone());
            let rows = db.read(move |tx| rows_after(tx, &one, from.as_deref())).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.0.clone());
            let changed: Vec<(Vec<Value>, Vec<u8>, Vec<u8>)> = rows
                .into_iter()
                .filter_map(|(key, sealed)| {
                    let anew = anew(crypt, column, &places, &sealed)?;
                    Some((key, sealed, anew))
                })
                .collect();
            if !changed.is_empty() {
                let one = column.clone();
                done.values += db.write(move |tx| replace(tx, &one, &changed)).await?;
            }
        }
    }
    let (files, crypt) = (files.clone(), std::sync::Arc::clone(crypt));
    done.files =
        tokio::task::spawn_blocking(move || files::reseal(&files, &crypt)).await.map_err(Error::internal)??;
    Ok(done)
}

/// The value under the active key; `None` for what is under it already, and for what was never sealed.
fn anew(crypt: &Crypt, column: &Column, places: &[String], sealed: &[u8]) -> Option<Vec<u8>> {
    if !crypt.needs_rotation(sealed) {
        return None;
    }
    // A table may keep values of another's place, as contacts keep phones.
    let own = column.name();
    let all = std::iter::once(&own).chain(places.iter().filter(|it| **it != own));
    for place in all {
        match crypt.open_bytes(&**place, sealed) {
            Ok(plain) => return Some(crypt.seal_bytes(&**place, &plain)),
            Err(crate::crypt::CryptError::Tampered { .. }) => {}
            Err(_) => return None,
        }
    }
    None
}

fn columns(tx: &Tx<'_>) -> Result<Vec<Column>> {
    let sql = match tx.kind() {
        Kind::Sqlite => {
            "select m.name, c.name, c.type, c.pk from sqlite_master m join pragma_table_info(m.name) c
              where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.cid"
        }
        Kind::Postgres => {
            "select t.relname::text, a.attname::text, format_type(a.atttypid, null),
                    coalesce(array_position(i.indkey::int2[], a.attnum), -1)::bigint + 1
               from pg_class t
               join pg_namespace n on n.oid = t.relnamespace
               join pg_attribute a on a.attrelid = t.oid and 0 < a.attnum and not a.attisdropped
               left join pg_index i on i.indrelid = t.oid and i.indisprimary
              where n.nspname = current_schema() and t.relkind in ('r', 'p') and not t.relispartition
              order by t.relname, a.attnum"
        }
    };
    let all = tx.rows(sql, &[], |row| {
        Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?, row.get::<i64>(3)?))
    })?;
    let key_of = |table: &str| {
        let mut key: Vec<(i64, String)> =
            all.iter().filter(|it| it.0 == table && 0 < it.3).map(|it| (it.3, it.1.clone())).collect();
        key.sort();
        key.into_iter().map(|it| it.1).collect::<Vec<_>>()
    };
    Ok(all
        .iter()
        .filter(|it| it.2 == "bytea" && it.3 <= 0)
        .map(|it| Column { table: it.0.clone(), column: it.1.clone(), key: key_of(&it.0) })
        .filter(|it| !it.key.is_empty())
        .collect())
}

fn rows_after(tx: &Tx<'_>, it: &Column, after: Option<&[Value]>) -> Result<Vec<(Vec<Value>, Vec<u8>)>> {
    let (key, width) = (it.key.join(", "), it.key.len());
    let beyond = match after {
        None => String::new(),
        Some(values) => {
            let marks: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
            format!(" and ({key}) > ({})", marks.join(", "))
        }
    };
    let sql = format!(
        "select {key}, {column} from {table} where {column} is not null{beyond} order by {key} limit {STEP}",
        column = it.column,
        table = it.table,
    );
    let values: Vec<&dyn Bind> = after.unwrap_or_default().iter().map(|it| it as &dyn Bind).collect();
    tx.rows(&sql, &values, |row| {
        let key = (0..width).map(|at| row.get(at)).collect::<Result<_>>()?;
        Ok((key, row.get(width)?))
    })
}

/// Writes the new seals; a value that somebody changed meanwhile is left as it is, for it is new already.
fn replace(tx: &Tx<'_>, it: &Column, changed: &[(Vec<Value>, Vec<u8>, Vec<u8>)]) -> Result<u64> {
    let same: Vec<String> = it.key.iter().enumerate().map(|(n, column)| format!("{column} = ${}", n + 3)).collect();
    let sql = format!("update {0} set {1} = $1 where {1} = $2 and {2}", it.table, it.column, same.join(" and "));
    let mut count = 0;
    for (key, old, new) in changed {
        let mut values: Vec<&dyn Bind> = vec![new, old];
        values.extend(key.iter().map(|it| it as &dyn Bind));
        count += tx.run(&sql, &values)?;
    }
    Ok(count)
}
