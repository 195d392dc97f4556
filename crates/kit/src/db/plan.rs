//! What the planner knows of the tables.

use super::{Kind, Tx};
use crate::Result;

/// Counts the tables for the planner.
///
/// SQLite is told what an empty table will hold before it holds it. Unless told, it takes any first column of an index to
/// find ten rows; ours is mostly the region, which finds a hundred thousand, and a walk along it in the order asked for is
/// no better than a look-up by person.
pub fn analyze(tx: &Tx<'_>) -> Result<()> {
    tx.batch("analyze")?;
    if tx.kind() == Kind::Postgres {
        return Ok(());
    }
    // A partial index of an empty table is counted, too: as one that never finds anything.
    tx.run("delete from sqlite_stat1 where stat like '0 %'", &[])?;
    let indexes: Vec<(String, String, i64, String)> = tx.rows(
        "select m.name, x.name, x.\"unique\",
                (select group_concat(i.name, ' ' order by i.seqno) from pragma_index_info(x.name) i)
           from sqlite_master m join pragma_index_list(m.name) x
          where m.type = 'table' and m.name not like 'sqlite_%'
            and (select i.name from pragma_index_info(x.name) i where i.seqno = 0) = 'region'
            and not exists (select 1 from sqlite_stat1 s where s.tbl = m.name)",
        &[],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    for (table, index, unique, columns) in indexes {
        let said = told(&columns.split(' ').collect::<Vec<_>>(), unique == 1);
        tx.run("insert into sqlite_stat1 (tbl, idx, stat) values ($1, $2, $3)", &[&table, &index, &said])?;
    }
    tx.batch("analyze sqlite_master")
}

/// What an index is said to find by its first column, its first two, and so on, in a table of a million rows.
fn told(columns: &[&str], is_unique: bool) -> String {
    let mut left = 1_000_000;
    let mut said = vec![left.to_string()];
    for (nth, column) in columns.iter().enumerate() {
        let values = match *column {
            "region" => 10,
            "state" => 2,
            "kind" | "mark" | "counted" | "vaccine" | "disease" | "street" | "unit" => 10,
            "day" | "birth" | "from_day" | "until_day" | "due_day" | "at" | "changed" | "initials" | "name" => 2_000,
            _ => 50_000,
        };
        left = if is_unique && nth + 1 == columns.len() { 1 } else { (left / values).max(2) };
        said.push(left.to_string());
    }
    said.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_found_by_number_rather_than_by_what_many_share() {
        assert_eq!(told(&["region", "elder", "kind"], true), "1000000 100000 2 1");
        assert_eq!(told(&["region", "state", "birth", "id"], false), "1000000 100000 50000 25 2");
        assert_eq!(told(&["region", "phone_blind", "state", "birth"], false), "1000000 100000 2 2 2");
    }
}
