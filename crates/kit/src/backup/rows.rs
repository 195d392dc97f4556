//! Every row of every table as lines of JSON, compressed: a line that names a table and its columns, then a line a row.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::{BufRead, Read, Write},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::{
    Error, Result, Tx, audit,
    db::{Bind, Kind},
    table::Value,
};

/// Noted in the manifest instead of being dumped.
const MIGRATION: &str = "migration";
/// Values one statement binds at most; SQLite's limit is four times that.
const BOUND: usize = 8000;
const FETCHED: usize = 5000;

/// What a dump holds.
pub struct Content {
    pub rows: BTreeMap<String, u64>,
    pub migrations: Vec<(String, String)>,
    /// Hashes of the files that rows point at.
    pub files: Vec<Vec<u8>>,
    pub heads: Vec<audit::Head>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Table {
    table: String,
    columns: Vec<(String, Type)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Type {
    Text,
    Int,
    Bool,
    Real,
    Bytes,
}

impl Type {
    fn parse(declared: &str) -> Option<Type> {
        Some(match &*declared.to_lowercase() {
            "text" | "character varying" => Type::Text,
            "bigint" | "integer" | "smallint" => Type::Int,
            "boolean" => Type::Bool,
            "double precision" | "real" => Type::Real,
            "bytea" | "blob" => Type::Bytes,
            _ => return None,
        })
    }
}

/// All tables in the order in which they were made.
pub fn tables(tx: &Tx<'_>) -> Result<Vec<String>> {
    let sql = match tx.kind() {
        Kind::Sqlite => {
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by rowid"
        }
        Kind::Postgres => {
            "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = current_schema() and c.relkind in ('r', 'p') and not c.relispartition
              order by c.oid"
        }
    };
    tx.rows(sql, &[], |row| row.get(0))
}

fn described(tx: &Tx<'_>, table: &str) -> Result<Table> {
    let sql = match tx.kind() {
        Kind::Sqlite => "select name, type from pragma_table_info($1) order by cid",
        Kind::Postgres => {
            "select column_name::text, data_type::text from information_schema.columns
              where table_schema = current_schema() and table_name::text = $1
              order by ordinal_position"
        }
    };
    let columns = tx.rows(sql, &[&table], |row| {
        let (name, declared): (String, String) = (row.get(0)?, row.get(1)?);
        let of_type = Type::parse(&declared)
            .ok_or_else(|| Error::internal(format!("{table}.{name}: a backup knows no type {declared}")))?;
        Ok((name, of_type))
    })?;
    Ok(Table { table: table.to_string(), columns })
}

/// Writes all rows, as one consistent state, into `file`.
pub fn dump(tx: &Tx<'_>, file: File) -> Result<Content> {
    let mut out = brotli::CompressorWriter::new(std::io::BufWriter::new(file), 1 << 16, 4, 22);
    let mut rows = BTreeMap::new();
    for table in tables(tx)?.into_iter().filter(|it| it != MIGRATION) {
        let table = described(tx, &table)?;
        serde_json::to_writer(&mut out, &table)?;
        out.write_all(b"\n")?;
        let count = each_row(tx, &table, |cells| {
            let line: Vec<Json> =
                cells.into_iter().zip(&table.columns).map(|(cell, column)| written(cell, column.1)).collect();
            serde_json::to_writer(&mut out, &line)?;
            out.write_all(b"\n")?;
            Ok(())
        })?;
        rows.insert(table.table, count);
    }
    out.flush()?;
    let mut buffered = out.into_inner();
    buffered.flush()?;
    let migrations =
        tx.rows("select name, checksum from migration order by name", &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let files = tx.rows("select distinct hash from file order by hash", &[], |row| row.get(0))?;
    Ok(Content { rows, migrations, files, heads: audit::heads(tx)? })
}

fn each_row(tx: &Tx<'_>, table: &Table, mut with: impl FnMut(Vec<Value>) -> Result<()>) -> Result<u64> {
    let columns: Vec<&str> = table.columns.iter().map(|it| &*it.0).collect();
    let sql = format!("select {} from {}", columns.join(", "), table.table);
    let mut count = 0;
    let mut one = |row: &crate::db::Row<'_>| {
        count += 1;
        with((0..row.len()).map(|at| row.get(at)).collect::<Result<_>>()?)
    };
    match tx.kind() {
        Kind::Sqlite => tx.each(&sql, &[], one)?,
        Kind::Postgres => {
            // A cursor, so that a table of millions does not stand in memory as a whole.
            let cursor = format!("dump_{}", table.table);
            tx.batch(&format!("declare {cursor} no scroll cursor for {sql}"))?;
            loop {
                let mut fetched = 0;
                tx.each(&format!("fetch {FETCHED} from {cursor}"), &[], |row| {
                    fetched += 1;
                    one(row)
                })?;
                if fetched < FETCHED {
                    break;
                }
            }
            tx.batch(&format!("close {cursor}"))?;
        }
    }
    Ok(count)
}

fn written(cell: Value, of_type: Type) -> Json {
    match cell {
        Value::Null => Json::Null,
        Value::Int(it) if of_type == Type::Bool => json!(it != 0),
        Value::Bool(it) => json!(it),
        Value::Int(it) => json!(it),
        // Bit by bit, so that not even the last digit changes.
        Value::Real(it) => json!({"real": it.to_bits()}),
        Value::Text(it) => json!(it),
        Value::Bytes(it) => json!({"bytes": BASE64_STANDARD.encode(it)}),
    }
}

fn read(cell: &Json) -> Option<Value> {
    Some(match cell {
        Json::Null => Value::Null,
        Json::Bool(it) => Value::Bool(*it),
        Json::Number(it) => Value::Int(it.as_i64()?),
        Json::String(it) => Value::Text(it.clone()),
        Json::Object(it) => match (it.get("real"), it.get("bytes")) {
            (Some(bits), None) => Value::Real(f64::from_bits(bits.as_u64()?)),
            (None, Some(bytes)) => Value::Bytes(BASE64_STANDARD.decode(bytes.as_str()?).ok()?),
            _ => return None,
        },
        Json::Array(_) => return None,
    })
}

/// Puts the rows of a dump into the empty tables that its migrations made; gives the rows of each table.
pub fn load(tx: &Tx<'_>, dump: impl Read) -> Result<BTreeMap<String, u64>> {
    let lines = std::io::BufReader::with_capacity(1 << 16, brotli::Decompressor::new(dump, 1 << 16)).lines();
    let mut counts = BTreeMap::new();
    let mut open: Option<Loading> = None;
    for line in lines {
        let line: Json = serde_json::from_str(&line?)?;
        match line {
            Json::Object(_) => {
                if let Some(done) = open.take() {
                    let (name, count) = done.finish(tx)?;
                    counts.insert(name, count);
                }
                open = Some(Loading::begin(tx, serde_json::from_value(line)?)?);
            }
            Json::Array(cells) => {
                let loading = open.as_mut().ok_or_else(|| Error::internal("a row before any table"))?;
                loading.row(tx, &cells)?;
            }
            _ => return Err(Error::internal("a line that is neither table nor row")),
        }
    }
    if let Some(done) = open.take() {
        let (name, count) = done.finish(tx)?;
        counts.insert(name, count);
    }
    Ok(counts)
}

/// One table on its way in.
struct Loading {
    table: Table,
    values: Vec<Value>,
    count: u64,
}

impl Loading {
    fn begin(tx: &Tx<'_>, table: Table) -> Result<Loading> {
        let here: HashMap<String, Type> = described(tx, &table.table)?.columns.into_iter().collect();
        let then: HashMap<String, Type> = table.columns.iter().cloned().collect();
        if here != then {
            return Err(Error::internal(format!("table {} has other columns than the backup", table.table)));
        }
        tx.run(&format!("delete from {}", table.table), &[])?;
        Ok(Loading { table, values: Vec::new(), count: 0 })
    }

    fn row(&mut self, tx: &Tx<'_>, cells: &[Json]) -> Result<()> {
        let width = self.table.columns.len();
        if cells.len() != width {
            return Err(Error::internal(format!("table {}: a row of {} cells", self.table.table, cells.len())));
        }
        for cell in cells {
            let value = read(cell).ok_or_else(|| Error::internal(format!("table {}: a cell", self.table.table)))?;
            self.values.push(value);
        }
        self.count += 1;
        if BOUND < self.values.len() + width { self.write(tx) } else { Ok(()) }
    }

    fn write(&mut self, tx: &Tx<'_>) -> Result<()> {
        if self.values.is_empty() {
            return Ok(());
        }
        let width = self.table.columns.len();
        let names: Vec<&str> = self.table.columns.iter().map(|it| &*it.0).collect();
        let rows: Vec<String> = (0..self.values.len() / width)
            .map(|row| {
                let cells: Vec<String> = (1..=width).map(|at| format!("${}", row * width + at)).collect();
                format!("({})", cells.join(", "))
            })
            .collect();
        let values: Vec<&dyn Bind> = self.values.iter().map(|it| it as &dyn Bind).collect();
        let sql = format!("insert into {} ({}) values {}", self.table.table, names.join(", "), rows.join(", "));
        tx.run(&sql, &values)?;
        self.values.clear();
        Ok(())
    }

    fn finish(mut self, tx: &Tx<'_>) -> Result<(String, u64)> {
        self.write(tx)?;
        Ok((self.table.table, self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_comes_back_as_it_was() {
        let cells = [
            (Value::Null, Type::Text),
            (Value::Bool(true), Type::Bool),
            (Value::Int(i64::MIN), Type::Int),
            (Value::Real(0.1 + 0.2), Type::Real),
            (Value::Text("引号\"和\n换行".into()), Type::Text),
            (Value::Bytes(vec![0, 255, 7]), Type::Bytes),
        ];
        for (cell, of_type) in cells {
            let line = serde_json::to_string(&written(cell.clone(), of_type)).unwrap();
            assert_eq!(read(&serde_json::from_str(&line).unwrap()), Some(cell));
        }
        assert_eq!(written(Value::Int(1), Type::Bool), json!(true), "SQLite keeps a boolean as a number");
    }
}
