//! Fields that the office and the field may both change: the newer stands only where it knew what was there; else both are kept
//! and a person decides.

use kit::{Ask, Error, Id, Result, Said, Scope, Tx, clock::stamp, db::Row};
use rules::base::Phone as Number;
use serde_json::Value;

use super::{phone::Phone, sync::signed::Sent};
use crate::elders::{self, Elder, Key};

const BEFORE: &str = "visit_conflict.before";
const HERE: &str = "visit_conflict.here";
const THEIRS: &str = "visit_conflict.theirs";

/// One field of an elder with two values.
#[derive(Debug, Clone)]
pub struct Conflict {
    pub key: Key,
    pub elder: Id,
    pub field: String,
    pub before: String,
    pub here: String,
    pub theirs: String,
    pub who: String,
    pub at: String,
    /// `open`, `here` or `theirs`.
    pub state: String,
}

fn read(ask: &Ask, row: &Row<'_>) -> Result<Conflict> {
    let open = |at: usize, column: &str| -> Result<String> {
        let sealed: Vec<u8> = row.get(at)?;
        ask.app.crypt.open_sealed(column, &sealed).map_err(Error::internal)
    };
    Ok(Conflict {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        elder: row.get(2)?,
        field: row.get(3)?,
        before: open(4, BEFORE)?,
        here: open(5, HERE)?,
        theirs: open(6, THEIRS)?,
        who: row.get(7)?,
        at: row.get(8)?,
        state: row.get(9)?,
    })
}

const COLUMNS: &str = "region, id, elder, field, before, here, theirs, who, at, state";

/// Open ones of a county, oldest first; those of elders the reader may see.
pub fn open(tx: &Tx<'_>, ask: &Ask, region: &str) -> Result<Vec<(Conflict, Elder)>> {
    let sql =
        format!("select {COLUMNS} from visit_conflict where region = $1 and state = 'open' order by id limit 200");
    let mut all = Vec::new();
    for it in tx.rows(&sql, &[&region], |row| read(ask, row))? {
        match elders::find(tx, &ask.who.scope, &Key { region: region.to_string(), id: it.elder }) {
            Ok(elder) => all.push((it, elder)),
            Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(all)
}

/// A change that a phone tells.
///
/// # Errors
/// `Invalid` for a field that cannot be changed so, or a value that it cannot have.
pub fn change(tx: &Tx<'_>, ask: &Ask, phone: &Phone, sent: &Sent, body: &Value) -> Result<()> {
    let text = |name: &str| body[name].as_str().unwrap_or_default().trim().to_string();
    let key: Key = text("elder").parse()?;
    if key.region != phone.key.region {
        return Err(Error::NotFound);
    }
    let elder = elders::find(tx, &Scope::of(&ask.app.places.tree(), &key.region), &key)?;
    let (field, theirs) = (text("field"), text("after"));
    let here = value(ask, &elder, &field)?;
    if here == theirs {
        return Ok(());
    }
    if here == text("before") {
        return set(tx, ask, &elder, &field, &theirs);
    }
    checked(&field, &theirs)?;
    let seal = |column: &str, plain: &str| ask.app.crypt.seal(column, plain);
    tx.run(
        "insert into visit_conflict (region, id, elder, event, field, before, here, theirs, who, at, state, decided_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', '') on conflict do nothing",
        &[
            &key.region,
            &ask.new_id(),
            &key.id,
            &sent.id,
            &field,
            &seal(BEFORE, &text("before")),
            &seal(HERE, &here),
            &seal(THEIRS, &theirs),
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    Ok(())
}

/// What a field holds now.
fn value(ask: &Ask, elder: &Elder, field: &str) -> Result<String> {
    match field {
        "phone" => match &elder.phone {
            Some(sealed) => ask.app.crypt.open_sealed(elders::PHONE_COLUMN, sealed).map_err(Error::internal),
            None => Ok(String::new()),
        },
        "remark" => Ok(elder.remark.clone()),
        other => Err(Error::invalid("field", Said::new("“{field}”不能在手机上改").with("field", other))),
    }
}

fn checked(field: &str, value: &str) -> Result<Option<Number>> {
    if field == "phone" {
        let wrong = |_| Error::invalid("after", Said::new("“{value}”不是电话号码").with("value", value));
        return value.parse::<Number>().map(Some).map_err(wrong);
    }
    Ok(None)
}

fn set(tx: &Tx<'_>, ask: &Ask, elder: &Elder, field: &str, value: &str) -> Result<()> {
    match checked(field, value)? {
        Some(number) => elders::change_phone(tx, ask, elder, &number),
        None => elders::change_remark(tx, ask, elder, &value.chars().take(500).collect::<String>()),
    }
}

/// A person says which of two values holds.
pub fn decide(tx: &Tx<'_>, ask: &Ask, key: &Key, theirs: bool) -> Result<()> {
    let sql = format!("select {COLUMNS} from visit_conflict where region = $1 and id = $2");
    let it = tx.one(&sql, &[&key.region, &key.id], |row| read(ask, row))?;
    let elder = elders::find(tx, &ask.who.scope, &Key { region: key.region.clone(), id: it.elder })?;
    if it.state != "open" {
        return Err(Error::refused("decided_already", "这一项已经有人处理"));
    }
    if theirs {
        set(tx, ask, &elder, &it.field, &it.theirs)?;
    }
    tx.run(
        "update visit_conflict set state = $3, decided_by = $4, decided = $5 where region = $1 and id = $2",
        &[&key.region, &key.id, &(if theirs { "theirs" } else { "here" }), &ask.who.name, &stamp(ask.now)],
    )?;
    elders::note(
        tx,
        ask,
        "change",
        &elder,
        &format!("visit conflict {} {}", it.field, if theirs { "theirs" } else { "here" }),
    )
}
