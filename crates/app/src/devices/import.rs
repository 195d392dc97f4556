//! Devices from a sheet: a row is a device, and with an ID number also the home it is in.

use kit::{
    Ask, Result, Tx,
    form::{self, Field, Input, Kind, Options, field},
    import::{Import, Row, Taken},
    sheet::{Column, Columns},
};

use super::{WRITE, device, form as own, hold, words};
use crate::workforce;

pub static DEVICES: Import = Import {
    kind: "devices",
    title: "导入设备",
    path: "/devices/import",
    list: ("/devices", "设备台账"),
    perm: WRITE,
    columns: Columns {
        columns: &[
            Column::new("organisation", &["管理机构", "机构", "单位", "Institution"]).required(),
            Column::new("kind", &["设备种类", "种类", "类型", "Kind"]).required(),
            Column::new("maker", &["厂家", "品牌", "生产厂家", "Maker"]).required(),
            Column::new("model", &["型号", "规格型号", "Model"]).required(),
            Column::new("serial", &["设备编号", "设备号", "IMEI", "MAC", "SN", "序列号", "Serial"]).required(),
            Column::new("gateway", &["所属网关编号", "网关编号", "网关", "Gateway"]),
            Column::new("owner", &["来源", "产权", "Owner"]),
            Column::new("firmware", &["固件版本", "固件", "Firmware"]),
            Column::new("elder", &["老人身份证号", "身份证号", "使用人身份证号", "ID number"]),
            Column::new("spot", &["安装位置", "位置", "Spot"]),
            Column::new("by", &["安装人", "Installed by"]),
            Column::new("remark", &["备注", "Remark"]),
        ],
        others: &["序号", "姓名", "老人姓名"],
    },
    fields: FIELDS,
    synonyms: &[
        ("kind", "SOS", "sos"),
        ("kind", "手环", "wearable"),
        ("kind", "血压仪", "cuff"),
        ("kind", "烟感", "smoke"),
    ],
    help: &[
        "必需的列:管理机构、设备种类、厂家、型号、设备编号。",
        "填写老人身份证号的,同时登记为发给这位老人;已在另一户的不改,退回说明。",
        "编号已登记的设备只更新表中填写的内容。密钥不在表里,导入后在设备页面上生成。",
    ],
    take,
};

const FIELDS: &[Field] = &[
    field("organisation", "管理机构", Kind::Text(80)).required(),
    field("kind", "设备种类", Kind::Choice(words::KINDS)).required(),
    field("maker", "厂家", Kind::Text(40)).required(),
    field("model", "型号", Kind::Text(40)).required(),
    field("serial", "设备编号", Kind::Text(60)).required(),
    field("gateway", "所属网关编号", Kind::Text(60)),
    field("owner", "来源", Kind::Choice(words::OWNERS)),
    field("firmware", "固件版本", Kind::Text(40)),
    field("elder", "老人", Kind::Text(40)),
    field("spot", "安装位置", Kind::Text(40)),
    field("by", "安装人", Kind::Text(40)),
    field("remark", "备注", Kind::Text(300)),
];

fn take(tx: &Tx<'_>, ask: &Ask, input: &Input, row: &Row<'_>) -> Result<Taken> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let county = ask.app.places.tree().county_of(row.place).map(|it| it.code.clone()).unwrap_or_default();
    let named = workforce::organisation_named(tx, &county, &checked.text("organisation"), "organisation")?;
    let standing = workforce::organisation_within(tx, ask, named.id, "organisation")?;
    let organisation = standing.id;
    let mut draft = own::of_checked(&checked, organisation)?;
    let known = device::by_serial(tx, &county, &device::serial(&draft.serial))?;
    let (key, mut taken) = match &known {
        None => {
            if draft.owner.is_empty() {
                draft.owner = "government".into();
            }
            (device::add(tx, ask, &county, &standing.place, &draft)?.0, Taken::New)
        }
        Some(before) => {
            // What the sheet leaves empty stays.
            for (new, old) in [
                (&mut draft.owner, &before.owner),
                (&mut draft.firmware, &before.firmware),
                (&mut draft.remark, &before.remark),
            ] {
                if new.is_empty() {
                    new.clone_from(old);
                }
            }
            let model = super::model::by_id(tx, &county, before.model)?;
            draft.adapter.clone_from(&model.adapter);
            draft.zone.clone_from(&model.zone);
            if draft.gateway.is_empty() {
                draft.gateway = own::gateway_serial(tx, before)?;
            }
            let same =
                (&draft.kind, &draft.maker, &draft.model, &draft.owner, &draft.firmware, &draft.remark, organisation)
                    == (
                        &before.kind,
                        &model.maker,
                        &model.name,
                        &before.owner,
                        &before.firmware,
                        &before.remark,
                        before.organisation,
                    )
                    && device::serial(&draft.gateway) == own::gateway_serial(tx, before)?;
            if !same {
                device::change(tx, ask, before, &draft)?;
            }
            (before.key.clone(), if same { Taken::Unchanged } else { Taken::Changed })
        }
    };
    let whose = checked.text("elder");
    if !whose.is_empty() {
        let elder = own::elder(tx, ask, &whose, "elder")?;
        let it = device::find_to_change(tx, &ask.who.scope, &key)?;
        if it.elder != Some(elder.key.id) {
            let by = if input.get("by").is_empty() { &ask.who.name } else { input.get("by") };
            hold::hand_out(tx, ask, &it, &elder, &checked.text("spot"), by)?;
            taken = if taken == Taken::New { Taken::New } else { Taken::Changed };
        }
    }
    Ok(taken)
}
