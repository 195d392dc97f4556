//! Rows on their way into tables: one `insert` text says where a row goes, whether it is one of a page or one of millions.

use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

use super::{Bind, Cell, MOST_KNOWN, Tx};
use crate::{Error, Result};

/// Where a row goes: into an open transaction, or among the [`Rows`] of a load.
pub trait Put {
    /// Puts one row. `insert` is `insert into TABLE (COLUMNS) values (…)` with `$1`, `$2`, … or words in quotes; what it
    /// says of conflicts is for a transaction, a load has none.
    ///
    /// # Errors
    /// Those of the database; a text of another form is a mistake of ours, `Internal`.
    fn put(&self, insert: &'static str, values: &[&dyn Bind]) -> Result<()>;

    /// Puts a row of region, digest and text that many things share; the insert says what to do where it is there already.
    ///
    /// # Errors
    /// As [`Put::put`].
    fn put_shared(&self, insert: &'static str, region: &str, digest: &str, text: &str) -> Result<()> {
        self.put(insert, &[&region, &digest, &text])
    }
}

impl Put for Tx<'_> {
    fn put(&self, insert: &'static str, values: &[&dyn Bind]) -> Result<()> {
        self.run(insert, values).map(drop)
    }

    /// A transaction puts each once.
    fn put_shared(&self, insert: &'static str, region: &str, digest: &str, text: &str) -> Result<()> {
        let row = (insert, format!("{region} {digest}"));
        if self.shared.borrow().contains(&row) {
            return Ok(());
        }
        self.put(insert, &[&region, &digest, &text])?;
        let mut shared = self.shared.borrow_mut();
        if MOST_KNOWN <= shared.len() {
            shared.clear();
        }
        shared.insert(row);
        Ok(())
    }
}

/// Rows gathered for a load, table by table in the order they came, in the form of PostgreSQL's binary `copy`.
#[derive(Default)]
pub struct Rows {
    tables: RefCell<Vec<TableRows>>,
    count: std::cell::Cell<i64>,
}

pub(super) struct TableRows {
    /// The text they were put by; nothing where the table was named.
    insert: &'static str,
    pub shape: Arc<Shape>,
    /// For each row the number of its fields in two bytes; for each field its length in four, -1 where it is null, and
    /// its bytes. Whole numbers have eight bytes, the highest first.
    pub bytes: Vec<u8>,
}

/// What an `insert` text says: the table, its columns, and what stands for each.
#[derive(Debug, PartialEq)]
pub(super) struct Shape {
    pub table: String,
    pub columns: Vec<String>,
    values: Vec<Given>,
}

#[derive(Debug, PartialEq)]
enum Given {
    /// The value bound at this place, counted from 0.
    Bound(usize),
    Text(String),
    Bool(bool),
    Int(i64),
    Null,
}

impl Put for Rows {
    fn put(&self, insert: &'static str, values: &[&dyn Bind]) -> Result<()> {
        let mut tables = self.tables.borrow_mut();
        let at = match tables.iter().position(|it| std::ptr::eq(it.insert, insert)) {
            Some(at) => at,
            None => {
                tables.push(TableRows { insert, shape: Arc::new(Shape::parse(insert)?), bytes: Vec::new() });
                tables.len() - 1
            }
        };
        let TableRows { shape, bytes, .. } = &mut tables[at];
        shape.encode(values, bytes)?;
        self.count.set(self.count.get() + 1);
        Ok(())
    }
}

impl Shape {
    fn encode(&self, values: &[&dyn Bind], bytes: &mut Vec<u8>) -> Result<()> {
        bytes.extend_from_slice(&(self.values.len() as u16).to_be_bytes());
        for it in &self.values {
            let cell = match it {
                Given::Bound(at) => {
                    let value = values.get(*at);
                    value.ok_or_else(|| Error::internal(format!("{}: ${} is not bound", self.table, at + 1)))?.cell()
                }
                Given::Text(it) => Cell::Text(it),
                Given::Bool(it) => Cell::Bool(*it),
                Given::Int(it) => Cell::Int(*it),
                Given::Null => Cell::Null,
            };
            encode(cell, bytes);
        }
        Ok(())
    }
}

impl Rows {
    /// As [`Put::put`], where the columns of a table are not said in a text.
    pub fn put_into(&self, table: &str, columns: &[String], values: &[&dyn Bind]) -> Result<()> {
        let mut tables = self.tables.borrow_mut();
        let at = tables.iter().position(|it| it.insert.is_empty() && it.shape.table == table).unwrap_or_else(|| {
            let values = (0..columns.len()).map(Given::Bound).collect();
            let shape = Arc::new(Shape { table: table.to_string(), columns: columns.to_vec(), values });
            tables.push(TableRows { insert: "", shape, bytes: Vec::new() });
            tables.len() - 1
        });
        let TableRows { shape, bytes, .. } = &mut tables[at];
        shape.encode(values, bytes)?;
        self.count.set(self.count.get() + 1);
        Ok(())
    }

    pub fn count(&self) -> i64 {
        self.count.get()
    }

    /// How many bytes they take, roughly what the tables will take.
    pub fn bytes(&self) -> usize {
        self.tables.borrow().iter().map(|it| it.bytes.len()).sum()
    }

    pub(super) fn into_tables(self) -> Vec<TableRows> {
        self.tables.into_inner()
    }
}

fn encode(cell: Cell<'_>, out: &mut Vec<u8>) {
    let mut field = |bytes: &[u8]| {
        out.extend_from_slice(&(bytes.len() as i32).to_be_bytes());
        out.extend_from_slice(bytes);
    };
    match cell {
        Cell::Null => out.extend_from_slice(&(-1_i32).to_be_bytes()),
        Cell::Bool(it) => field(&[u8::from(it)]),
        Cell::Int(it) => field(&it.to_be_bytes()),
        Cell::Real(it) => field(&it.to_be_bytes()),
        Cell::Text(it) => field(it.as_bytes()),
        Cell::Bytes(it) => field(it),
    }
}

/// What a column holds, by its type in the schema.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Holds {
    Int,
    Bool,
    Real,
    Text,
    Bytes,
}

impl Holds {
    pub fn of_type(word: &str) -> Option<Holds> {
        match word {
            "bigint" => Some(Holds::Int),
            "boolean" => Some(Holds::Bool),
            "double precision" => Some(Holds::Real),
            "text" => Some(Holds::Text),
            "bytea" => Some(Holds::Bytes),
            _ => None,
        }
    }
}

/// Takes the fields of rows up again.
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub fn new(bytes: &'a [u8]) -> Fields<'a> {
        Fields(bytes)
    }

    /// Goes to the next row, where there is one.
    pub fn next_row(&mut self) -> bool {
        self.take(2).is_some()
    }

    /// The next field of the row.
    ///
    /// # Errors
    /// `Internal` where a value does not fit its column.
    pub fn next(&mut self, holds: Holds) -> Result<Cell<'a>> {
        let odd = || Error::internal(format!("a value that is no {holds:?}"));
        let length = self.take(4).and_then(|it| it.try_into().ok()).map(i32::from_be_bytes).ok_or_else(odd)?;
        let Ok(length) = usize::try_from(length) else { return Ok(Cell::Null) };
        let bytes = self.take(length).ok_or_else(odd)?;
        Ok(match holds {
            Holds::Int => Cell::Int(i64::from_be_bytes(bytes.try_into().map_err(|_| odd())?)),
            Holds::Real => Cell::Real(f64::from_be_bytes(bytes.try_into().map_err(|_| odd())?)),
            Holds::Bool => Cell::Bool(bytes.first().is_some_and(|it| *it != 0)),
            Holds::Text => Cell::Text(std::str::from_utf8(bytes).map_err(Error::internal)?),
            Holds::Bytes => Cell::Bytes(bytes),
        })
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}

impl Shape {
    fn parse(insert: &str) -> Result<Shape> {
        let odd = || Error::internal(format!("not an insert of one row: {insert}"));
        let into = insert.trim_start().strip_prefix("insert").and_then(|it| it.trim_start().strip_prefix("into"));
        let (table, rest) = into.and_then(|it| it.split_once('(')).ok_or_else(odd)?;
        let (columns, rest) = rest.split_once(')').ok_or_else(odd)?;
        let (values, _) = rest
            .split_once("values")
            .and_then(|it| it.1.split_once('('))
            .and_then(|it| it.1.split_once(')'))
            .ok_or_else(odd)?;
        let words = |all: &str| -> Vec<String> { all.split(',').map(|it| it.trim().to_string()).collect() };
        let values: Option<Vec<Given>> = words(values).iter().map(|it| Given::parse(it)).collect();
        let shape = Shape { table: table.trim().to_string(), columns: words(columns), values: values.ok_or_else(odd)? };
        if shape.columns.len() == shape.values.len() { Ok(shape) } else { Err(odd()) }
    }
}

impl Given {
    fn parse(word: &str) -> Option<Given> {
        if let Some(nth) = word.strip_prefix('$') {
            return nth.parse::<usize>().ok()?.checked_sub(1).map(Given::Bound);
        }
        if let Some(text) = word.strip_prefix('\'') {
            return text.strip_suffix('\'').map(|it| Given::Text(it.to_string()));
        }
        match word {
            "null" => Some(Given::Null),
            "true" | "false" => Some(Given::Bool(word == "true")),
            number => number.parse().ok().map(Given::Int),
        }
    }
}

/// What each column of a table holds.
pub(super) type Types = BTreeMap<String, Holds>;

#[cfg(test)]
mod tests {
    use super::*;

    const INSERT: &str = "insert into a (b, c, d,
        e, f) values ($2, 'open', $1, false, null) on conflict (b) do nothing";

    #[test]
    fn an_insert_is_read_with_what_stands_in_it() {
        let shape = Shape::parse(INSERT).unwrap();
        assert_eq!((&*shape.table, shape.columns.join(" ")), ("a", "b c d e f".to_string()));
        assert_eq!(
            shape.values,
            [Given::Bound(1), Given::Text("open".into()), Given::Bound(0), Given::Bool(false), Given::Null]
        );
        for odd in ["", "update a set b = $1", "insert into a (b, c) values ($1)", "insert into a (b) values (now())"] {
            assert!(Shape::parse(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn rows_come_out_as_they_went_in() {
        let rows = Rows::default();
        rows.put(INSERT, &[&"何秀芳", &-42_i64]).unwrap();
        rows.put(INSERT, &[&None::<String>, &7_i64]).unwrap();
        assert!(rows.put(INSERT, &[&"a"]).is_err());
        let table = rows.into_tables().remove(0);
        let mut fields = Fields::new(&table.bytes);
        let mut read = Vec::new();
        while read.len() < 2 && fields.next_row() {
            let all = [Holds::Int, Holds::Text, Holds::Text, Holds::Bool, Holds::Text];
            read.push(all.map(|it| format!("{:?}", fields.next(it).unwrap())));
        }
        assert_eq!(read[0], ["Int(-42)", "Text(\"open\")", "Text(\"何秀芳\")", "Bool(false)", "Null"]);
        assert_eq!(read[1], ["Int(7)", "Text(\"open\")", "Null", "Bool(false)", "Null"]);
    }
}
