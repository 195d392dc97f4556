//! A device of the registry.

use kit::{
    Ask, Error, Id, Result, Scope, Tx,
    audit::Entry,
    clock::stamp,
    db::{Among, Row},
};

use super::{model, secret, words};
use crate::elders::{Elder, Key};

#[derive(Debug, Clone)]
pub struct Device {
    pub key: Key,
    pub place: String,
    pub organisation: Id,
    pub model: Id,
    pub kind: String,
    pub serial: String,
    pub gateway: Option<Id>,
    pub owner: String,
    pub elder: Option<Id>,
    pub spot: String,
    pub state: String,
    pub since: String,
    pub secret_since: Option<String>,
    pub seen: Option<String>,
    pub battery: Option<i64>,
    pub signal: Option<i64>,
    pub firmware: String,
    pub last_reading: Option<String>,
    pub remark: String,
}

pub const COLUMNS: &str = "region, id, place, organisation, model, kind, serial, gateway, owner, elder, spot, state, since, \
    secret_since, seen, battery, signal, firmware, last_reading, remark";

pub fn read(row: &Row<'_>) -> Result<Device> {
    Ok(Device {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        place: row.get(2)?,
        organisation: row.get(3)?,
        model: row.get(4)?,
        kind: row.get(5)?,
        serial: row.get(6)?,
        gateway: row.get(7)?,
        owner: row.get(8)?,
        elder: row.get(9)?,
        spot: row.get(10)?,
        state: row.get(11)?,
        since: row.get(12)?,
        secret_since: row.get(13)?,
        seen: row.get(14)?,
        battery: row.get(15)?,
        signal: row.get(16)?,
        firmware: row.get(17)?,
        last_reading: row.get(18)?,
        remark: row.get(19)?,
    })
}

impl Device {
    pub fn link(&self) -> String {
        format!("/devices/{}", self.key)
    }

    pub fn is_shared(&self) -> bool {
        words::SHARED.contains(&&*self.kind)
    }
}

/// A device whoever asks, by its number.
pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Device> {
    tx.one(&format!("select {COLUMNS} from device where region = $1 and id = $2"), &[&key.region, &key.id], read)
}

/// The device, if the scope holds where it stands or whose it is.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Device> {
    let it = by_key(tx, key)?;
    let held = scope.holds(&it.key.region, &it.place, Some(it.organisation), it.elder);
    if held { Ok(it) } else { Err(Error::NotFound) }
}

/// As [`find`], for a change; nobody else changes it until this transaction ends.
pub fn find_to_change(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Device> {
    tx.hold("device", &key.region, key.id)?;
    find(tx, scope, key)
}

/// Devices in a home.
pub fn of_elder(tx: &Tx<'_>, key: &Key) -> Result<Vec<Device>> {
    let sql = format!("select {COLUMNS} from device where region = $1 and elder = $2 order by id limit 100");
    tx.rows(&sql, &[&key.region, &key.id], read)
}

/// Devices that a gateway speaks for.
pub fn behind(tx: &Tx<'_>, gateway: &Key) -> Result<Vec<Device>> {
    let sql = format!("select {COLUMNS} from device where region = $1 and gateway = $2 order by id limit 500");
    tx.rows(&sql, &[&gateway.region, &gateway.id], read)
}

/// The models of some devices of a county: (device, model).
pub fn models(tx: &Tx<'_>, region: &str, devices: &[Id]) -> Result<Vec<(Id, Id)>> {
    let mut all = Vec::with_capacity(devices.len());
    for some in devices.chunks(500) {
        let some = Among::of(some);
        let sql = format!("select id, model from device where region = $1 and id in ({})", some.after(1));
        all.extend(tx.rows(&sql, &some.bind(&[&region]), |row| Ok((row.get(0)?, row.get(1)?)))?);
    }
    Ok(all)
}

/// A maker's number as it is kept: capitals and digits, without separators.
pub fn serial(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_uppercase()).collect()
}

/// What a form, sheet or program says of a device.
#[derive(Debug, Clone)]
pub struct Draft {
    pub organisation: Id,
    pub kind: String,
    pub maker: String,
    pub model: String,
    pub adapter: String,
    pub zone: String,
    pub serial: String,
    /// The maker's number of the gateway that speaks for it.
    pub gateway: String,
    pub owner: String,
    pub firmware: String,
    pub remark: String,
}

/// Takes a device into the registry; gives its key and the secret it signs in with, which is shown once.
///
/// # Errors
/// `Invalid` for a number that another device has, a gateway that is none.
pub fn add(tx: &Tx<'_>, ask: &Ask, region: &str, place: &str, draft: &Draft) -> Result<(Key, String)> {
    let number = checked_serial(&draft.serial)?;
    is_new(tx, region, &number)?;
    let model = model::of(tx, ask, region, draft)?;
    let gateway = gateway(tx, region, draft)?;
    let id = ask.new_id();
    let (shown, kept) = secret::new();
    let street = ask.app.places.tree().street_code(place, region);
    let written = tx.run(
        "insert into device (region, id, street, place, organisation, model, kind, serial, gateway, owner, elder, spot, state, since,
                             secret, secret_since, secret_before, firmware, remark, created, changed)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, '', 'stock', $11, $12, $11, '', $13, $14, $11, $11)
         on conflict do nothing",
        &[
            &region,
            &id,
            &street,
            &place,
            &draft.organisation,
            &model,
            &draft.kind,
            &number,
            &gateway,
            &draft.owner,
            &stamp(ask.now),
            &kept,
            &draft.firmware,
            &draft.remark,
        ],
    )?;
    if written == 0 {
        // Somebody else registered it in the same moment.
        is_new(tx, region, &number)?;
    }
    let key = Key { region: region.to_string(), id };
    changed(tx, ask, &by_key(tx, &key)?, "create", &number)?;
    Ok((key, shown))
}

/// # Errors
/// `Invalid` for a number that a device has.
fn is_new(tx: &Tx<'_>, region: &str, number: &str) -> Result<()> {
    let Some(other) = by_serial(tx, region, number)? else { return Ok(()) };
    let said = kit::Said::new("这个编号已登记为设备 {key}").with("key", other.key.to_string());
    Err(Error::invalid("serial", said))
}

/// Puts right what is said of a device.
pub fn change(tx: &Tx<'_>, ask: &Ask, before: &Device, draft: &Draft) -> Result<()> {
    let region = &before.key.region;
    let number = checked_serial(&draft.serial)?;
    if by_serial(tx, region, &number)?.is_some_and(|it| it.key != before.key) {
        return Err(Error::invalid("serial", "这个编号已登记为另一台设备"));
    }
    let model = model::of(tx, ask, region, draft)?;
    let gateway = gateway(tx, region, draft)?;
    if gateway == Some(before.key.id) {
        return Err(Error::invalid("gateway", "设备不能做自己的网关"));
    }
    tx.run(
        "update device set organisation = $3, model = $4, kind = $5, serial = $6, gateway = $7, owner = $8, firmware = $9, remark = $10,
                changed = $11 where region = $1 and id = $2",
        &[
            region,
            &before.key.id,
            &draft.organisation,
            &model,
            &draft.kind,
            &number,
            &gateway,
            &draft.owner,
            &draft.firmware,
            &draft.remark,
            &stamp(ask.now),
        ],
    )?;
    changed(tx, ask, before, "change", &number)
}

fn checked_serial(text: &str) -> Result<String> {
    let number = serial(text);
    if number.len() < 4 || 40 < number.len() {
        return Err(Error::invalid("serial", "设备编号应为 4 到 40 位字母和数字,如 IMEI 或 MAC"));
    }
    Ok(number)
}

fn gateway(tx: &Tx<'_>, region: &str, draft: &Draft) -> Result<Option<Id>> {
    let number = serial(&draft.gateway);
    if number.is_empty() {
        return Ok(None);
    }
    match by_serial(tx, region, &number)? {
        Some(it) if it.kind == "gateway" || it.is_shared() => Ok(Some(it.key.id)),
        Some(_) => Err(Error::invalid("gateway", "这个编号的设备不是网关")),
        None => Err(Error::invalid("gateway", "没有登记过这个编号的网关,请先登记网关")),
    }
}

/// A device of the county by its maker's number.
pub fn by_serial(tx: &Tx<'_>, region: &str, serial: &str) -> Result<Option<Device>> {
    tx.row(&format!("select {COLUMNS} from device where region = $1 and serial = $2"), &[&region, &serial], read)
}

/// Notes a deed in the trail, and lets everyone who remembers devices read them again.
pub fn changed(tx: &Tx<'_>, ask: &Ask, it: &Device, action: &'static str, detail: &str) -> Result<()> {
    moves_on(tx, &it.key.region)?;
    note(tx, ask, it, action, detail)
}

/// Something of the registry of a county changed: whoever remembers devices reads them again.
pub fn moves_on(tx: &Tx<'_>, region: &str) -> Result<()> {
    tx.run(
        "insert into device_version (region, registry, batch) values ($1, 1, 0)
         on conflict (region) do update set registry = device_version.registry + 1",
        &[&region],
    )?;
    Ok(())
}

pub fn note(tx: &Tx<'_>, ask: &Ask, it: &Device, action: &'static str, detail: &str) -> Result<()> {
    let (region, place) = (&*it.key.region, &*it.place);
    ask.note(tx, &Entry { action, subject: "device", subject_id: Some(it.key.id), region, place, detail })
}

/// Where a device stands follows the home it is in.
pub fn stands_with(tx: &Tx<'_>, it: &Key, elder: &Elder) -> Result<()> {
    tx.run(
        "update device set street = $3, place = $4 where region = $1 and id = $2",
        &[&it.region, &it.id, &elder.street, &elder.place],
    )?;
    Ok(())
}
