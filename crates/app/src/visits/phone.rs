//! Phones of visiting staff: made known by a code, held to their key, revoked when lost.

use jiff::{SignedDuration, Timestamp};
use kit::{
    Ask, Error, Id, Result, Tx,
    clock::{begin_of, stamp},
    db::Row,
    who::{session, token},
};

use super::{SYNC, event, sync::signed};
use crate::{elders::Key, workforce::Staff};

/// Minutes for which a code may be used.
pub const CODE_MINUTES: i64 = 10;
/// Days after which a phone has to be made known again.
const DAYS: i32 = 400;

/// A phone.
#[derive(Debug, Clone)]
pub struct Phone {
    pub key: Key,
    pub staff: Id,
    pub name: String,
    pub public_key: String,
    /// The key that signs calls for help alone, before the PIN; empty for a phone without one.
    pub help_key: String,
    pub app: String,
    pub created: String,
    pub revoked: Option<String>,
    pub revoked_reason: String,
    pub seen: Option<String>,
    /// Events that it said it had not sent, when it was last seen, and since when the oldest waits.
    pub unsent: i64,
    pub oldest: Option<String>,
    pub knows: i64,
}

const COLUMNS: &str =
    "region, id, staff, name, public_key, help_key, app, created, revoked, revoked_reason, seen, unsent, oldest, knows";

fn read(row: &Row<'_>) -> Result<Phone> {
    Ok(Phone {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        staff: row.get(2)?,
        name: row.get(3)?,
        public_key: row.get(4)?,
        help_key: row.get(5)?,
        app: row.get(6)?,
        created: row.get(7)?,
        revoked: row.get(8)?,
        revoked_reason: row.get(9)?,
        seen: row.get(10)?,
        unsent: row.get(11)?,
        oldest: row.get(12)?,
        knows: row.get(13)?,
    })
}

pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Phone> {
    tx.one(&format!("select {COLUMNS} from visit_phone where region = $1 and id = $2"), &[&key.region, &key.id], read)
}

/// The phones of a member of staff, the newest first.
pub fn of_staff(tx: &Tx<'_>, staff: &Key) -> Result<Vec<Phone>> {
    let sql = format!("select {COLUMNS} from visit_phone where region = $1 and staff = $2 order by id desc limit 50");
    tx.rows(&sql, &[&staff.region, &staff.id], read)
}

/// The phone that sent a request, by its token.
///
/// # Errors
/// `SignedOut` for a token nobody knows, `NotFound` for one that is no phone's.
pub fn of_token(tx: &Tx<'_>, text: &str) -> Result<Phone> {
    let name = token::name_of(tx, text)?.ok_or(Error::SignedOut)?;
    let key: Key = name.strip_prefix("visits ").and_then(|it| it.parse().ok()).ok_or(Error::NotFound)?;
    by_key(tx, &key)
}

/// A code by which a phone of this member of staff becomes known; shown once.
///
/// # Errors
/// `Refused` for staff who cannot sign in.
pub fn offer(tx: &Tx<'_>, ask: &Ask, staff: &Staff) -> Result<String> {
    let account = staff.account.ok_or_else(|| Error::refused("no_account", "这位人员还没有账号,先在账号管理里开通"))?;
    let code = format!("{}-{}", staff.key.region, &session::new_token()[..22]);
    let expires = ask.now.checked_add(SignedDuration::from_mins(CODE_MINUTES)).map_err(Error::internal)?;
    tx.run(
        "insert into visit_code (region, code, staff, account, expires) values ($1, $2, $3, $4, $5)",
        &[&staff.key.region, &hidden(&code), &staff.key.id, &account, &stamp(expires)],
    )?;
    note(tx, ask, &staff.key, "offer")?;
    Ok(code)
}

/// A code is kept as its digest alone.
fn hidden(code: &str) -> String {
    kit::digest::of(code)
}

/// The public halves of a phone's keys.
pub struct Keys {
    /// Signs its events.
    pub public: String,
    /// Signs calls for help alone; may be empty.
    pub help: String,
}

/// A phone that just became known.
pub struct Known {
    pub phone: Phone,
    pub token: String,
}

/// Takes a phone in by its code.
///
/// # Errors
/// `Refused` where the code was used or is too old, `Invalid` for what is no key.
pub fn enrol(tx: &Tx<'_>, code: &str, name: &str, keys: &Keys, now: Timestamp) -> Result<Known> {
    let region = code.split('-').next().unwrap_or_default();
    let found: Option<(Id, Id, String, Option<String>)> = tx.row(
        "select staff, account, expires, used from visit_code where region = $1 and code = $2",
        &[&region, &hidden(code)],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    let unknown = || Error::refused("code_expired", "这个码不对或已过期,请重新生成");
    let (staff, account, expires, used) = found.ok_or_else(unknown)?;
    if used.is_some() {
        return Err(Error::refused("code_used", "这个码已经用过,请重新生成"));
    }
    if expires < stamp(now) {
        return Err(unknown());
    }
    signed::key("public_key", &keys.public)?;
    if !keys.help.is_empty() {
        signed::key("help_key", &keys.help)?;
    }
    let name: String = name.trim().chars().take(40).collect();
    if name.is_empty() {
        return Err(Error::invalid("name", "请给这部手机起个名字"));
    }
    tx.run(
        "update visit_code set used = $3 where region = $1 and code = $2 and used is null",
        &[&region, &hidden(code), &stamp(now)],
    )?;
    let id = Id::new(now);
    let key = Key { region: region.to_string(), id };
    let expires = begin_of(kit::clock::day_of(now).add_days(DAYS));
    let perms = [SYNC.name.to_string()];
    let text = token::create(tx, account, &format!("visits {key}"), &perms, expires, now)?;
    tx.run(
        "insert into visit_phone (region, id, account, staff, token, name, public_key, help_key, app, created, revoked_reason, unsent, knows)
         values ($1, $2, $3, $4, $2, $5, $6, $7, '', $8, '', 0, 0)",
        &[&region, &id, &account, &staff, &name, &keys.public, &keys.help, &stamp(now)],
    )?;
    let entry = kit::audit::Entry {
        action: "create",
        subject: "visit_phone",
        subject_id: Some(id),
        region,
        place: region,
        detail: &name,
    };
    kit::audit::write(tx, None, &entry, now)?;
    Ok(Known { phone: by_key(tx, &key)?, token: text })
}

/// A phone that is lost or handed over: it wipes itself as soon as it asks again.
pub fn revoke(tx: &Tx<'_>, ask: &Ask, it: &Phone, reason: &str) -> Result<()> {
    tx.run(
        "update visit_phone set revoked = $3, revoked_reason = $4 where region = $1 and id = $2 and revoked is null",
        &[&it.key.region, &it.key.id, &stamp(ask.now), &reason],
    )?;
    note(tx, ask, &it.key, "revoke")
}

/// What a phone said of itself when it was last heard.
pub fn seen(
    tx: &Tx<'_>,
    ask: &Ask,
    it: &Phone,
    unsent: i64,
    oldest: Option<&str>,
    app: &str,
    knows: i64,
) -> Result<()> {
    tx.run(
        "update visit_phone set seen = $3, unsent = $4, oldest = $5, app = $6, knows = $7 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &stamp(ask.now), &unsent, &oldest, &app, &knows],
    )?;
    Ok(())
}

/// Notes in the trail what was done with a phone.
pub fn note(tx: &Tx<'_>, ask: &Ask, key: &Key, detail: &str) -> Result<()> {
    let entry = kit::audit::Entry {
        action: "change",
        subject: "visit_phone",
        subject_id: Some(key.id),
        region: &key.region,
        place: &key.region,
        detail,
    };
    ask.note(tx, &entry)
}

/// Up to which number a phone is known, after something was declared lost.
pub fn know(tx: &Tx<'_>, it: &Phone) -> Result<()> {
    let knows = event::known_of(tx, &it.key.region, it.key.id, it.knows)?;
    tx.run("update visit_phone set knows = $3 where region = $1 and id = $2", &[&it.key.region, &it.key.id, &knows])?;
    Ok(())
}
