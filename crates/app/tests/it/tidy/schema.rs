//! The schema as it stands after all migrations, whose table is whose, and the dictionary of its columns.

use std::collections::BTreeMap;

use app::{MIGRATIONS, MODULES};
use kit::Db;

use super::source;

pub struct Column {
    pub table: String,
    pub name: String,
    pub kind: String,
    /// Its place in the primary key, from 1; 0 outside of it.
    pub key: i64,
}

/// Every column of every table.
pub async fn columns() -> Vec<Column> {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite:{}", folder.path().join("schema.db").display())).await.unwrap();
    db.migrate(MIGRATIONS).await.unwrap();
    let sql = "select t.name, c.name, c.type, c.pk from sqlite_master t join pragma_table_info(t.name) c
                where t.type = 'table' and t.name not like 'sqlite%' order by t.name, c.cid";
    db.read(move |tx| {
        tx.rows(sql, &[], |row| {
            Ok(Column { table: row.get(0)?, name: row.get(1)?, kind: row.get(2)?, key: row.get(3)? })
        })
    })
    .await
    .unwrap()
}

/// Table → the word of the module it belongs to, `house` for those of no module: the migration that makes a table carries
/// its owner's word, `0010_elders` that of `elders`, `0122_ltci_settlement` that of `ltci`.
pub fn owners() -> BTreeMap<String, String> {
    let mut owners = BTreeMap::from([("migration".to_string(), "house".to_string())]);
    for migration in MIGRATIONS {
        let word = migration.name.split_once('_').unwrap().1;
        let is_of = |name: &str| word.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
        let owner = MODULES.iter().map(|it| it.name).find(|it| is_of(it)).unwrap_or("house");
        for made in migration.sql.split("create table ").skip(1) {
            let table = made.split([' ', '(']).next().unwrap();
            owners.insert(table.to_string(), owner.to_string());
        }
    }
    owners
}

/// Table → column → (Chinese name, privacy class); the table's own name stands under `*`.
pub fn dictionary() -> BTreeMap<String, BTreeMap<String, (String, String)>> {
    let text = std::fs::read_to_string(source::root().join("migrations/dictionary.toml")).unwrap();
    let tables: BTreeMap<String, BTreeMap<String, toml::Value>> = toml::from_str(&text).unwrap();
    let entry = |value: toml::Value| match value {
        toml::Value::String(name) => (name, String::new()),
        toml::Value::Array(both) => {
            let text = |at: usize| both.get(at).and_then(toml::Value::as_str).unwrap_or_default().to_string();
            (text(0), text(1))
        }
        other => panic!("dictionary.toml: {other:?}"),
    };
    let columns =
        |it: BTreeMap<String, toml::Value>| it.into_iter().map(|(name, value)| (name, entry(value))).collect();
    tables.into_iter().map(|(table, it)| (table, columns(it))).collect()
}
