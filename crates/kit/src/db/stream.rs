//! Rows on their way into an open transaction that need not wait for each other.

use std::cell::RefCell;

use super::{Bind, Inner, Put, Tx};
use crate::{Result, table::Value};

/// Puts rows in their order; on PostgreSQL without waiting for the answer to each.
pub struct Stream<'a, 'b> {
    tx: &'a Tx<'b>,
    waiting: RefCell<Vec<(&'static str, Vec<Value>)>>,
}

/// So many are sent together.
const MOST: usize = 1_000;

impl<'a, 'b> Stream<'a, 'b> {
    pub fn new(tx: &'a Tx<'b>) -> Stream<'a, 'b> {
        Stream { tx, waiting: RefCell::default() }
    }

    /// Sends what waits; a stream that does not end has not put its last rows.
    pub fn end(self) -> Result<()> {
        self.send()
    }

    fn send(&self) -> Result<()> {
        match &self.tx.inner {
            Inner::Postgres(it) => it.execute_all(&std::mem::take(&mut *self.waiting.borrow_mut())),
            Inner::Sqlite(_) => Ok(()),
        }
    }
}

impl Put for Stream<'_, '_> {
    fn put(&self, insert: &'static str, values: &[&dyn Bind]) -> Result<()> {
        if let Inner::Sqlite(_) = self.tx.inner {
            return self.tx.put(insert, values);
        }
        let values = values.iter().map(|it| Value::of(it.cell())).collect();
        self.waiting.borrow_mut().push((insert, values));
        if self.waiting.borrow().len() < MOST { Ok(()) } else { self.send() }
    }
}
