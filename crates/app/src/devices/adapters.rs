//! How messages are read: the adapters of the program, and before them those an administrator added.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use kit::{Ask, Error, Result, Said, Tx, clock::stamp, error::FieldError};
use readings::{Adapter, Adapters};

/// The adapters as they are used: all, and for each name all with that one first.
pub struct Readers {
    version: String,
    pub all: Adapters,
    first: HashMap<String, Adapters>,
}

impl Readers {
    fn of(theirs: &[Adapter], version: String) -> Readers {
        let all = Adapters::ours().with(theirs.to_vec());
        let first = all.iter().map(|it| (it.name().to_string(), all.clone().with(vec![it.clone()]))).collect();
        Readers { version, all, first }
    }

    /// The adapters for a model that names one; all for one that does not.
    pub fn of_model(&self, adapter: &str) -> &Adapters {
        self.first.get(adapter).unwrap_or(&self.all)
    }
}

static OURS: LazyLock<Arc<Readers>> = LazyLock::new(|| Arc::new(Readers::of(&[], String::new())));

/// What this process remembers of them.
#[derive(Default)]
struct Current(RwLock<Option<Arc<Readers>>>);

/// The adapters in use; read again when an administrator changed one.
pub fn current(tx: &Tx<'_>, app: &kit::App) -> Result<Arc<Readers>> {
    let version: String =
        tx.one("select count(*) || ' ' || coalesce(max(changed), '') from device_adapter", &[], |row| row.get(0))?;
    if version.starts_with("0 ") {
        return Ok(OURS.clone());
    }
    let own = app.held::<Current>();
    let held = own.0.read().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(it) = held.filter(|it| it.version == version) {
        return Ok(it);
    }
    let mut theirs = Vec::new();
    for it in all(tx)? {
        match Adapter::parse(&it.text) {
            Ok(adapter) => theirs.push(adapter),
            Err(faults) => tracing::error!("the adapter {} cannot be read: {faults:?}", it.name),
        }
    }
    let it = Arc::new(Readers::of(&theirs, version));
    *own.0.write().unwrap_or_else(PoisonError::into_inner) = Some(it.clone());
    Ok(it)
}

/// An adapter of an administrator.
#[derive(Debug, Clone)]
pub struct Own {
    pub name: String,
    pub text: String,
    pub who: String,
    pub changed: String,
}

pub fn all(tx: &Tx<'_>) -> Result<Vec<Own>> {
    tx.rows("select name, text, who, changed from device_adapter order by name limit 200", &[], |row| {
        Ok(Own { name: row.get(0)?, text: row.get(1)?, who: row.get(2)?, changed: row.get(3)? })
    })
}

/// Adapters by name for a form: (name, title).
pub fn names(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<(String, String)>> {
    let readers = current(tx, &ask.app)?;
    Ok(readers.all.iter().map(|it| (it.name().to_string(), it.title().to_string())).collect())
}

/// Keeps an adapter that an administrator wrote; its name stands in it.
///
/// # Errors
/// `Invalid` with line and column of what cannot be read.
pub fn put(tx: &Tx<'_>, ask: &Ask, text: &str) -> Result<String> {
    let adapter = Adapter::parse(text).map_err(|faults| {
        let said = |it: &readings::Fault| {
            Said::new("第 {line} 行第 {column} 列:{what}")
                .with("line", it.line)
                .with("column", it.column)
                .with("what", ask.either(&*it.text, &*it.text_en))
        };
        Error::Invalid(faults.iter().map(|it| FieldError { field: "text".to_string(), said: said(it) }).collect())
    })?;
    let name = adapter.name().to_string();
    tx.run(
        "insert into device_adapter (name, text, who, changed) values ($1, $2, $3, $4)
         on conflict (name) do update set text = excluded.text, who = excluded.who, changed = excluded.changed",
        &[&name, &text, &ask.who.name, &stamp(ask.now)],
    )?;
    note(tx, ask, &name)?;
    Ok(name)
}

/// Takes one of an administrator's adapters away; the program's own of that name holds again.
pub fn drop(tx: &Tx<'_>, ask: &Ask, name: &str) -> Result<()> {
    tx.run("delete from device_adapter where name = $1", &[&name])?;
    note(tx, ask, name)
}

fn note(tx: &Tx<'_>, ask: &Ask, name: &str) -> Result<()> {
    let place = &*ask.who.scope.place;
    let region = ask.who.scope.counties.first().map_or(place, |it| &**it);
    let entry = kit::audit::Entry {
        action: "change",
        subject: "device_adapter",
        subject_id: None,
        region,
        place,
        detail: name,
    };
    ask.note(tx, &entry)
}
