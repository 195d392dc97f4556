//! Many things asked of at once: one statement a table for thousands of them.

use std::collections::{BTreeMap, HashMap};

use super::{Marks, Thing};
use crate::{Id, Result, Tx, db::Row};

/// Things of one kind in one county, in the order of their ids.
#[derive(Debug, Clone, Copy)]
pub struct Lot<'a> {
    pub kind: &'static str,
    pub region: &'a str,
    pub ids: &'a [Id],
}

/// What facts say, by thing.
pub type Facts = BTreeMap<Id, Marks>;

impl<'a> Lot<'a> {
    pub fn things(&self) -> impl Iterator<Item = Thing<'a>> {
        let Lot { kind, region, .. } = *self;
        self.ids.iter().map(move |id| Thing::new(kind, region, *id))
    }

    /// The same facts of each thing.
    pub fn each(&self, mut says: impl FnMut(&Thing<'a>) -> Result<Marks>) -> Result<Facts> {
        self.things().map(|it| Ok((it.id, says(&it)?))).collect()
    }

    /// Rows by thing, in the order of the text, which asks for `region = $1` and things from `$2` to `$3`; the last column
    /// is the thing. Rows of others in between come along.
    pub fn rows<T>(
        &self,
        tx: &Tx<'_>,
        sql: &str,
        mut make: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<HashMap<Id, Vec<T>>> {
        let mut all: HashMap<Id, Vec<T>> = HashMap::new();
        let (Some(first), Some(last)) = (self.ids.first(), self.ids.last()) else { return Ok(all) };
        tx.each(sql, &[&self.region, first, last], |row| {
            all.entry(row.get(row.len() - 1)?).or_default().push(make(row)?);
            Ok(())
        })?;
        Ok(all)
    }
}
