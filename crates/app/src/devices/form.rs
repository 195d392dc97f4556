//! What forms, sheets and programs say of a device.

use kit::{
    Ask, Error, Id, Result, Tx,
    form::{self, Checked, Field, Input, Kind, Options, field},
};
use rules::base::{IdNumber, normalise_id_number};

use super::{
    adapters,
    device::{Device, Draft},
    model::{self, Model},
    words,
};
use crate::{
    elders::{self, Elder, Key},
    workforce::{self, Organisation},
};

pub const FIELDS: &[Field] = &[
    field("organisation", "管理机构", Kind::Pick).required(),
    field("kind", "设备种类", Kind::Choice(words::KINDS)).required(),
    field("maker", "厂家", Kind::Text(40)).required(),
    field("model", "型号", Kind::Text(40)).required(),
    field("serial", "设备编号", Kind::Text(60))
        .required()
        .help("设备在消息里自称的编号,如 IMEI、MAC、SN;大小写和分隔符不计。"),
    field("gateway", "所属网关编号", Kind::Text(60)).help("通过网关上传的设备填写;自己联网的留空。"),
    field("adapter", "消息格式", Kind::Pick).help("不确定时留空,按消息内容识别。"),
    field("zone", "设备时区", Kind::Text(6)).help("消息里的时间没有时区时按它算,如 +08:00。"),
    field("owner", "来源", Kind::Choice(words::OWNERS)).required(),
    field("firmware", "固件版本", Kind::Text(40)),
    field("remark", "备注", Kind::LongText(300)),
];

pub const HAND_OUT: &[Field] = &[
    field("elder", "老人", Kind::Text(40)).required().help("身份证号,或档案号如 990101-12。"),
    field("spot", "安装位置", Kind::Text(40)).help("如 卧室床头、客厅、随身。"),
    field("by", "安装人", Kind::Text(40)).required(),
];

pub const BACK: &[Field] = &[field("reason", "原因", Kind::Choice(words::REASONS)).required()];

/// Institutions of the scope and adapters there are.
pub fn options(tx: &Tx<'_>, ask: &Ask) -> Result<Options> {
    Ok(Options::from([("organisation", workforce::organisations_of(tx, ask)?), ("adapter", adapters::names(tx, ask)?)]))
}

/// What a filled-in form says, and the institution where the device stands until it is handed out.
pub fn draft(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<(Draft, Organisation)> {
    let checked = form::check(FIELDS, input, &options(tx, ask)?)?;
    let id = checked.text("organisation").parse().map_err(|_| Error::invalid("organisation", "请选择机构"))?;
    let organisation = workforce::organisation_within(tx, ask, id, "organisation")?;
    Ok((of_checked(&checked, id)?, organisation))
}

pub fn of_checked(checked: &Checked, organisation: Id) -> Result<Draft> {
    let zone = checked.text("zone");
    if !zone.is_empty() && model::zone_minutes(&zone).is_none() {
        return Err(Error::invalid("zone", "“设备时区”请写作 +08:00"));
    }
    let text = |name: &str| checked.text(name).trim().to_string();
    Ok(Draft {
        organisation,
        kind: text("kind"),
        maker: text("maker"),
        model: text("model"),
        adapter: text("adapter"),
        zone,
        serial: text("serial"),
        gateway: text("gateway"),
        owner: text("owner"),
        firmware: text("firmware"),
        remark: text("remark"),
    })
}

/// A device as a form shows it.
pub fn filled(it: &Device, model: &Model, gateway: &str) -> Input {
    let mut input = Input::default();
    for (name, value) in [
        ("organisation", it.organisation.to_string()),
        ("kind", it.kind.clone()),
        ("maker", model.maker.clone()),
        ("model", model.name.clone()),
        ("serial", it.serial.clone()),
        ("gateway", gateway.to_string()),
        ("adapter", model.adapter.clone()),
        ("zone", model.zone.clone()),
        ("owner", it.owner.clone()),
        ("firmware", it.firmware.clone()),
        ("remark", it.remark.clone()),
    ] {
        input.set(name, value);
    }
    input
}

/// A form with nothing in it but what is usual.
pub fn fresh() -> Input {
    let mut input = Input::default();
    input.set("owner", "government");
    input.set("zone", model::ZONE);
    input
}

/// The living elder that a form names by ID number or key.
///
/// # Errors
/// `Invalid` for `field` where nobody of the reader's scope has it.
pub fn elder(tx: &Tx<'_>, ask: &Ask, text: &str, field: &'static str) -> Result<Elder> {
    let number = normalise_id_number(text);
    let key = match number.parse::<IdNumber>() {
        Ok(_) => elders::with_number(tx, ask, &number)?,
        Err(_) => text.trim().parse::<Key>().ok(),
    };
    let unknown = || Error::invalid(field, "您的管理范围内没有这位老人,请核对身份证号或档案号");
    let key = key.ok_or_else(unknown)?;
    match elders::find_living(tx, &ask.who.scope, &key) {
        Err(Error::NotFound) => Err(unknown()),
        other => other,
    }
}

/// The maker's number of the gateway that speaks for a device; empty without one.
pub fn gateway_serial(tx: &Tx<'_>, it: &Device) -> Result<String> {
    let Some(id) = it.gateway else { return Ok(String::new()) };
    let key = Key { region: it.key.region.clone(), id };
    Ok(super::device::by_key(tx, &key)?.serial)
}

/// Puts the device of a key into the home that a form names.
///
/// # Errors
/// `Invalid` for a person who is not there, `Refused` for a device that cannot go out.
pub fn hand_out(tx: &Tx<'_>, ask: &Ask, key: &Key, input: &Input) -> Result<()> {
    let checked = form::check(HAND_OUT, input, &Options::new())?;
    let it = super::device::find_to_change(tx, &ask.who.scope, key)?;
    let elder = elder(tx, ask, &checked.text("elder"), "elder")?;
    if elder.key.region != it.key.region {
        return Err(Error::invalid("elder", "这位老人不在设备所在的县(区)"));
    }
    elders::note(tx, ask, "change", &elder, &serde_json::json!({"device": it.key}).to_string())?;
    super::hold::hand_out(tx, ask, &it, &elder, &checked.text("spot"), &checked.text("by"))
}

/// Takes the device of a key back from its home, for the reason that a form says.
///
/// # Errors
/// `Refused` for one that is in no home.
pub fn take_back(tx: &Tx<'_>, ask: &Ask, key: &Key, input: &Input) -> Result<()> {
    let checked = form::check(BACK, input, &Options::new())?;
    let it = super::device::find_to_change(tx, &ask.who.scope, key)?;
    super::hold::take_back(tx, ask, &it, &checked.text("reason"))
}
