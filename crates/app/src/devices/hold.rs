//! With whom a device is: handed out, taken back; one home at a time.

use kit::{Ask, Error, Id, Result, Tx, clock::stamp, db::Row};

use super::device::{self, Device};
use crate::{
    elders::{self, Elder, Key, Report},
    workforce,
};

/// A stay of a device in a home.
#[derive(Debug, Clone)]
pub struct Hold {
    pub elder: Id,
    pub spot: String,
    pub begun: String,
    pub ended: Option<String>,
    pub installed_by: String,
    pub taken_by: String,
    /// A word of [`super::words::REASONS`].
    pub reason: String,
}

const COLUMNS: &str = "elder, spot, begun, ended, installed_by, taken_by, reason";

fn read(row: &Row<'_>) -> Result<Hold> {
    Ok(Hold {
        elder: row.get(0)?,
        spot: row.get(1)?,
        begun: row.get(2)?,
        ended: row.get(3)?,
        installed_by: row.get(4)?,
        taken_by: row.get(5)?,
        reason: row.get(6)?,
    })
}

/// Where a device was, the latest first.
pub fn of_device(tx: &Tx<'_>, key: &Key) -> Result<Vec<Hold>> {
    let sql = format!("select {COLUMNS} from device_hold where region = $1 and device = $2 order by id desc limit 100");
    tx.rows(&sql, &[&key.region, &key.id], read)
}

/// Puts a device into a home.
///
/// # Errors
/// `Refused` for one that is in a home already, lost, retired, or used by several.
pub fn hand_out(tx: &Tx<'_>, ask: &Ask, it: &Device, elder: &Elder, spot: &str, by: &str) -> Result<()> {
    if it.is_shared() {
        return Err(Error::refused("device_shared", "一体机放在机构里大家用,不发给一户"));
    }
    match &*it.state {
        "stock" => {}
        "out" => return Err(Error::refused("device_out", "这台设备已在另一户使用,请先收回")),
        _ => return Err(Error::refused("device_gone", "这台设备已遗失或报废,请先恢复入库")),
    }
    tx.run(
        "insert into device_hold (region, device, id, elder, spot, begun, installed_by, taken_by, reason) values ($1, $2, $3, $4, $5, $6, $7, '', '')",
        &[&it.key.region, &it.key.id, &ask.new_id(), &elder.key.id, &spot, &stamp(ask.now), &by],
    )?;
    tx.run(
        "update device set elder = $3, spot = $4, state = 'out', since = $5, changed = $5 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &elder.key.id, &spot, &stamp(ask.now)],
    )?;
    device::stands_with(tx, &it.key, elder)?;
    let kind = super::words::title(super::words::KINDS, &it.kind);
    let report = Report::new("devices", "安装设备:{kind}").with("kind", kind).link(it.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    device::changed(tx, ask, it, "change", &serde_json::json!({"out to": elder.key, "spot": spot}).to_string())
}

/// As [`hand_out`], of a device by its key.
pub fn put_into_home(tx: &Tx<'_>, ask: &Ask, key: &Key, elder: &Elder, spot: &str, by: &str) -> Result<()> {
    hand_out(tx, ask, &device::by_key(tx, key)?, elder, spot, by)
}

/// Takes a device back from a home; why is a word of [`super::words::REASONS`]. It stands where its institution does again.
pub fn take_back(tx: &Tx<'_>, ask: &Ask, it: &Device, reason: &str) -> Result<()> {
    let Some(elder) = it.elder else {
        return Err(Error::refused("device_in", "这台设备没有发出"));
    };
    tx.run(
        "update device_hold set ended = $3, taken_by = $4, reason = $5 where region = $1 and device = $2 and ended is null",
        &[&it.key.region, &it.key.id, &stamp(ask.now), &ask.who.name, &reason],
    )?;
    let state = match reason {
        "lost" | "retired" => reason,
        _ => "stock",
    };
    put(tx, ask, it, state)?;
    let kind = super::words::title(super::words::KINDS, &it.kind);
    let report = Report::new("devices", "收回设备:{kind}").with("kind", kind).link(it.link());
    elders::report(tx, ask.now, &Key { region: it.key.region.clone(), id: elder }, &report)?;
    device::changed(tx, ask, it, "change", &serde_json::json!({"back": reason}).to_string())
}

/// Says of a device in no home that it is in stock, lost or retired.
pub fn set_state(tx: &Tx<'_>, ask: &Ask, it: &Device, state: &str, why: &str) -> Result<()> {
    if it.state == "out" {
        return Err(Error::refused("device_out", "设备还在老人家中,请先收回"));
    }
    put(tx, ask, it, state)?;
    device::changed(tx, ask, it, "change", &serde_json::json!({"state": state, "why": why}).to_string())
}

fn put(tx: &Tx<'_>, ask: &Ask, it: &Device, state: &str) -> Result<()> {
    let organisation = workforce::organisation(tx, it.organisation)?;
    let place = organisation.map_or_else(|| it.key.region.clone(), |it| it.place);
    let street = ask.app.places.tree().street_code(&place, &it.key.region);
    tx.run(
        "update device set elder = null, spot = '', state = $3, since = $4, changed = $4, street = $5, place = $6 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &state, &stamp(ask.now), &street, &place],
    )?;
    Ok(())
}
