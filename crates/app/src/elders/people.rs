//! Many persons at once, each with the records merged into theirs: whoever reads the same of each of them asks once.

use std::collections::HashMap;

use kit::{
    Id, Result, Tx,
    db::{Among, Row},
};

use super::elder::{self, Elder};

/// Persons of one county.
pub struct People {
    region: String,
    ids: Among,
    records: Among,
    /// Record → person.
    person_of: HashMap<Id, Id>,
}

impl People {
    /// Finds the records that were merged into theirs, directly or through others: one statement a step.
    pub fn of(tx: &Tx<'_>, region: &str, ids: &[Id]) -> Result<People> {
        let mut person_of: HashMap<Id, Id> = ids.iter().map(|id| (*id, *id)).collect();
        let mut next: Vec<Id> = person_of.keys().copied().collect();
        let mut all = next.clone();
        while !next.is_empty() {
            let into = Among::of(&next);
            let sql = format!(
                "select id, merged_into from elder where region = $1 and merged_into in ({}) order by id",
                into.after(1)
            );
            let merged =
                tx.rows(&sql, &into.bind(&[&region]), |row| Ok((row.get::<Id>(0)?, row.get::<Option<Id>>(1)?)))?;
            next.clear();
            for (record, into) in merged {
                let person = into.and_then(|into| person_of.get(&into).copied());
                if let Some(person) = person.filter(|_| !person_of.contains_key(&record)) {
                    person_of.insert(record, person);
                    next.push(record);
                }
            }
            all.extend(&next);
        }
        Ok(People { region: region.to_string(), ids: Among::of(ids), records: Among::of(&all), person_of })
    }

    /// The elders themselves.
    pub fn elders(&self, tx: &Tx<'_>) -> Result<Vec<Elder>> {
        elder::all(tx, &self.region, &self.ids)
    }

    /// What a statement of [`People::rows`] asks for: `$2, $3, …`.
    pub fn listed(&self) -> String {
        self.records.after(1)
    }

    /// What a statement of [`People::own_rows`] asks for.
    pub fn own_listed(&self) -> String {
        self.ids.after(1)
    }

    /// Rows by person, in the order of the text, which asks for `region = $1` and `elder in (…)` of [`People::listed`]; the last
    /// column is the record.
    pub fn rows<T>(
        &self,
        tx: &Tx<'_>,
        sql: &str,
        make: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<HashMap<Id, Vec<T>>> {
        self.of_records(tx, &self.records, sql, make)
    }

    /// As [`People::rows`] with [`People::own_listed`], without what stands under records merged into theirs.
    pub fn own_rows<T>(
        &self,
        tx: &Tx<'_>,
        sql: &str,
        make: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<HashMap<Id, Vec<T>>> {
        self.of_records(tx, &self.ids, sql, make)
    }

    fn of_records<T>(
        &self,
        tx: &Tx<'_>,
        records: &Among,
        sql: &str,
        mut make: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<HashMap<Id, Vec<T>>> {
        let mut all: HashMap<Id, Vec<T>> = HashMap::new();
        tx.each(sql, &records.bind(&[&self.region]), |row| {
            let record: Id = row.get(row.len() - 1)?;
            if let Some(person) = self.person_of.get(&record) {
                all.entry(*person).or_default().push(make(row)?);
            }
            Ok(())
        })?;
        Ok(all)
    }
}
