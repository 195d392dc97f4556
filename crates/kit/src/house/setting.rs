//! Small facts about this installation that no other table holds: whether it was restored, what the last sweep found.

use crate::{Result, Tx};

pub fn setting(tx: &Tx<'_>, name: &str) -> Result<Option<String>> {
    tx.row("select value from setting where name = $1", &[&name], |row| row.get(0))
}

pub fn set_setting(tx: &Tx<'_>, name: &str, value: &str) -> Result<()> {
    tx.run(
        "insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
        &[&name, &value],
    )?;
    Ok(())
}
