//! A load: tables filled by the million in one transaction, so that it is there as a whole or not at all.
//!
//! PostgreSQL takes the rows by `copy` into tables without indexes and builds those at the end. SQLite keeps its indexes:
//! rows come county by county, and what changes of an index is in its cache; a rollback journal costs an empty database
//! nothing, and takes a broken load away when the file is next opened.

use std::cell::RefCell;

use super::{Bind, Inner, Rows, Tx, postgres::Copying, sqlite::Inserting};
use crate::{Result, table::Value};

/// An open load: rows by the million, and statements as in any transaction.
pub struct Load<'a> {
    tx: &'a Tx<'a>,
    sink: RefCell<Sink<'a>>,
}

enum Sink<'a> {
    Sqlite(Inserting<'a>),
    Postgres(Copying<'a>),
}

impl<'a> Load<'a> {
    /// Makes `tables` ready for rows.
    pub(super) fn begin(tx: &'a Tx<'a>, tables: &[&str]) -> Result<Load<'a>> {
        let sink = match &tx.inner {
            Inner::Sqlite(it) => Sink::Sqlite(Inserting::new(it)),
            Inner::Postgres(it) => Sink::Postgres(Copying::begin(tx, it, tables)?),
        };
        Ok(Load { tx, sink: RefCell::new(sink) })
    }

    /// The transaction of the load, with every row that was written so far.
    pub fn tx(&self) -> Result<&Tx<'a>> {
        match &mut *self.sink.borrow_mut() {
            Sink::Sqlite(_) => {}
            Sink::Postgres(sink) => sink.flush()?,
        }
        Ok(self.tx)
    }

    /// Writes rows. They are quickest in the order of their tables' keys.
    pub fn write(&self, rows: Rows) -> Result<()> {
        let mut sink = self.sink.borrow_mut();
        rows.into_tables().into_iter().try_for_each(|it| match &mut *sink {
            Sink::Sqlite(sink) => sink.write(self.tx, &it),
            Sink::Postgres(sink) => sink.write(&it),
        })
    }

    /// Writes what statements put off to the end, so that a long load does not gather it.
    pub fn settle(&self) -> Result<()> {
        super::settle(self.tx()?)
    }

    /// Builds what was put off.
    pub(super) fn end(self) -> Result<()> {
        match self.sink.into_inner() {
            Sink::Sqlite(_) => Ok(()),
            Sink::Postgres(it) => it.end(),
        }
    }
}

/// So many bytes of rows are handed over at once.
const HANDED: usize = 4 << 20;

/// Hands over every row of a table of an SQLite database, for a load of another.
pub fn rows_of(tx: &Tx<'_>, table: &str, mut with: impl FnMut(Rows) -> Result<()>) -> Result<()> {
    let columns: Vec<(String, bool)> =
        tx.rows("select name, type = 'boolean' from pragma_table_info($1) order by cid", &[&table], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let names: Vec<String> = columns.iter().map(|it| it.0.clone()).collect();
    let mut rows = Rows::default();
    tx.each(&format!("select {} from {table}", names.join(", ")), &[], |row| {
        let cell = |(at, (_, is_bool)): (usize, &(String, bool))| {
            Ok(match row.get(at)? {
                Value::Int(it) if *is_bool => Value::Bool(it != 0),
                other => other,
            })
        };
        let cells: Vec<Value> = columns.iter().enumerate().map(cell).collect::<Result<_>>()?;
        let values: Vec<&dyn Bind> = cells.iter().map(|it| it as &dyn Bind).collect();
        rows.put_into(table, &names, &values)?;
        if HANDED < rows.bytes() { with(std::mem::take(&mut rows)) } else { Ok(()) }
    })?;
    with(rows)
}
