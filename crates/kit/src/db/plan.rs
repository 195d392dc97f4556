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
    let indexes: Vec<(String, String, i64, i64)> = tx.rows(
        "select m.name, x.name, x.\"unique\", (select count(*) from pragma_index_info(x.name))
           from sqlite_master m join pragma_index_list(m.name) x
          where m.type = 'table' and m.name not like 'sqlite_%'
            and (select i.name from pragma_index_info(x.name) i where i.seqno = 0) = 'region'
            and not exists (select 1 from sqlite_stat1 s where s.tbl = m.name)",
        &[],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    for (table, index, unique, columns) in indexes {
        let finds = (1..=columns).map(|nth| match nth {
            _ if nth == columns && unique == 1 => "1",
            1 => "100000",
            2 => "50",
            _ => "5",
        });
        let said = format!("1000000 {}", finds.collect::<Vec<_>>().join(" "));
        tx.run("insert into sqlite_stat1 (tbl, idx, stat) values ($1, $2, $3)", &[&table, &index, &said])?;
    }
    tx.batch("analyze sqlite_master")
}
