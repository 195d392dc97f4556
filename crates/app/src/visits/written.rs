//! Visits that no phone told: written down on a page, or recorded by another vendor's system; both pass the same checks.

use jiff::Timestamp;
use kit::{
    Ask, Error, Id, Result, Said, Tx,
    clock::{begin_of, day_of, stamp},
    form::{self, Checked, Field, Input, Kind, Options, field},
    import::Taken,
};
use rules::base::{Date, IdNumber};
use serde_json::{Map, Value, json};

use super::{
    event::{self, NO_PHONE, New},
    follow, forms, plan,
    record::{self, Visit},
    words,
};
use crate::{
    elders::{self, Elder, Key},
    workforce,
};

/// What another vendor tells of a visit: the same fields in files and by API.
pub const FIELDS: &[Field] = &[
    field("number", "记录编号", Kind::Text(40)).required().help("来源系统自己的编号;同一编号再报一次不会重复。"),
    field("source", "来源系统", Kind::Text(20)).required().help("来源系统的简称,各次相同。"),
    field("id_number", "身份证号", Kind::Text(30)),
    field("elder", "老人", Kind::Text(40)).help("档案号,如 990101-12;与身份证号填一项。"),
    field("day", "日期", Kind::Date).required(),
    field("begin", "开始时间", Kind::Text(30)).required().help("如 09:00。"),
    field("end", "结束时间", Kind::Text(30)).required().help("如 10:00。"),
    field("services", "服务项目", Kind::Text(200)).required().help("目录里的编号,多项用空格隔开。"),
    field("carer", "人员身份证号", Kind::Text(30)).help("服务人员的身份证号。"),
    field("latitude", "纬度", Kind::Text(20)),
    field("longitude", "经度", Kind::Text(20)),
    field("accuracy", "定位误差", Kind::Text(10)).help("米。"),
    field("signed", "签名人", Kind::Text(20)),
    field("systolic", "收缩压", Kind::Text(6)).help("mmHg"),
    field("diastolic", "舒张压", Kind::Text(6)).help("mmHg"),
    field("remark", "备注", Kind::Text(300)),
];

/// Takes in a visit of another vendor.
///
/// # Errors
/// `Invalid` for what is no such visit, `Refused` where the same number told something else before.
pub fn take(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<(Key, Taken)> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let source = checked.text("source");
    if ["plan", "phone", "page"].contains(&&*source) {
        return Err(Error::invalid(
            "source",
            Said::new("“{value}”是本系统的来源,请写来源系统的简称").with("value", source),
        ));
    }
    let elder = elder(tx, ask, &checked)?;
    let day = checked.date("day").unwrap_or(ask.today());
    let (began, ended) = times(&checked, day, ask.now)?;
    let staff = carer(tx, ask, &elder, &checked.text("carer"))?;
    let (region, number) = (&elder.key.region, checked.text("number"));
    let told = events(&checked, began, ended);
    let digest = kit::digest::of(json!(told.iter().map(|it| (stamp(it.0), &it.1)).collect::<Vec<_>>()).to_string());
    let known: Option<(Id, String)> = tx.row(
        "select id, note from visit where region = $1 and source = $2 and number = $3",
        &[region, &source, &number],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if let Some((id, before)) = known {
        let key = Key { region: region.clone(), id };
        if before == digest {
            return Ok((key, Taken::Unchanged));
        }
        let said = Said::new("记录“{value}”已经报过,内容不同;请在上门页面更正").with("value", number);
        return Err(Error::refused("visit_known", said));
    }
    let it = Visit {
        organisation: staff.as_ref().and_then(|it| it.organisation).or(ask.who.scope.organisation),
        staff: staff.map(|it| it.key.id),
        source,
        number,
        // What was told, so that the same again is known.
        note: digest,
        minutes: 1,
        ..record::new(ask, &elder, day)
    };
    record::insert(tx, &it)?;
    let thing = follow::source(&it);
    for service in checked.text("services").split_whitespace() {
        plan::put_purpose(tx, &it.key, &plan::For { programme: "visit", thing: &thing, service, payer: "" })?;
    }
    tell(tx, ask, &it, &told)?;
    Ok((it.key, Taken::New))
}

fn elder(tx: &Tx<'_>, ask: &Ask, checked: &Checked) -> Result<Elder> {
    let number = checked.text("id_number").to_uppercase();
    let name = if number.is_empty() { "elder" } else { "id_number" };
    let unknown = || Error::invalid(name, "名册中没有这位老人,或不在您的管理范围内");
    let key: Key = if number.is_empty() {
        checked.text("elder").parse().map_err(|_| unknown())?
    } else if number.parse::<IdNumber>().is_err() {
        return Err(Error::invalid("id_number", "身份证号不对"));
    } else {
        elders::with_number(tx, ask, &number)?.ok_or_else(unknown)?
    };
    elders::find(tx, &ask.who.scope, &key).map_err(|e| if matches!(e, Error::NotFound) { unknown() } else { e })
}

fn carer(tx: &Tx<'_>, ask: &Ask, elder: &Elder, number: &str) -> Result<Option<workforce::Staff>> {
    if number.is_empty() {
        return Ok(None);
    }
    let number: IdNumber = number.parse().map_err(|_| Error::invalid("carer", "身份证号不对"))?;
    let key = workforce::by_number(tx, ask, &elder.key.region, &number)?;
    let key = key.ok_or_else(|| Error::invalid("carer", "人员名册里没有这位服务人员"))?;
    workforce::staff_by_key(tx, &key).map(Some)
}

fn times(checked: &Checked, day: Date, now: Timestamp) -> Result<(Timestamp, Timestamp)> {
    let began = moment("begin", &checked.text("begin"), day)?;
    let ended = moment("end", &checked.text("end"), day)?;
    if now < ended {
        return Err(Error::invalid("end", "“结束时间”不能晚于现在"));
    }
    if ended < began || day_of(began) != day {
        return Err(Error::invalid("end", "“结束时间”应在开始之后,同一天"));
    }
    Ok((began, ended))
}

/// `9:05` of a day, or an instant with its zone.
pub fn moment(name: &str, text: &str, day: Date) -> Result<Timestamp> {
    let padded = if text.find(':') == Some(1) { format!("0{text}") } else { text.to_string() };
    let found = text.parse::<Timestamp>().ok().or_else(|| {
        let time: jiff::civil::Time = padded.parse().ok()?;
        begin_of(day).checked_add(time.duration_since(jiff::civil::Time::midnight())).ok()
    });
    found.ok_or_else(|| Error::invalid(name, Said::new("“{value}”不是时间,请写作 09:00").with("value", text)))
}

type ToldEvents = Vec<(Timestamp, Value)>;

/// What another vendor tells, as the events that a phone would have sent.
fn events(checked: &Checked, began: Timestamp, ended: Timestamp) -> ToldEvents {
    let number = |name: &str| checked.text(name).parse::<f64>().ok();
    let fix = number("latitude").zip(number("longitude")).map(|(latitude, longitude)| {
        json!({"latitude": latitude, "longitude": longitude, "accuracy": number("accuracy").unwrap_or(50.0)})
    });
    let mut all = vec![(began, json!({"kind": "begin", "fix": fix, "door": ""}))];
    let mut values = Map::new();
    for name in ["systolic", "diastolic"] {
        if let Some(text) = checked.optional(name) {
            values.insert(name.to_string(), json!(text));
        }
    }
    for service in checked.text("services").split_whitespace() {
        all.push((
            ended,
            json!({"kind": "task", "service": service, "done": true, "values": values, "note": checked.text("remark")}),
        ));
        values.clear();
    }
    if let Some(name) = checked.optional("signed") {
        all.push((ended, json!({"kind": "signature", "by": "family", "name": name, "lines": "told"})));
    }
    all.push((ended, json!({"kind": "end", "fix": null, "next": ""})));
    all
}

/// Keeps events that no phone signed, and judges the visit by them.
fn tell(tx: &Tx<'_>, ask: &Ask, it: &Visit, told: &ToldEvents) -> Result<()> {
    for (at, body) in told {
        let (id, number) = (ask.new_id(), ask.new_id().0);
        let body_text = body.to_string();
        let new = New {
            id: &format!("written-{id}"),
            visit: Some(it.key.id),
            phone: NO_PHONE,
            number,
            kind: body["kind"].as_str().unwrap_or_default(),
            named: &it.key.to_string(),
            at: &stamp(*at),
            ahead: 0,
            body: &body_text,
            previous: "",
            hash: &kit::digest::of(&body_text),
            signature: "",
            chain: "none",
            reason: "",
        };
        event::put(tx, ask, &it.key.region, &new)?;
    }
    record::hold(tx, &it.key)?;
    let mut fresh = record::by_key(tx, &it.key)?;
    follow::judge(tx, ask, &mut fresh)?;
    record::note(tx, ask, "change", it, "written down")
}

/// What somebody writes down of a planned visit for which they had no phone.
pub const BY_HAND: &[Field] = &[
    field("begin", "到达时间", Kind::Text(10)).required().help("如 09:00。"),
    field("end", "离开时间", Kind::Text(10)).required().help("如 09:40。"),
    field("signed", "签名人", Kind::Text(20)).help("在纸质记录上签名的老人或家属。"),
    field("why", "为什么补录", Kind::Text(200)).required(),
    field("next", "下次日期", Kind::Date),
];

/// Writes a visit down by hand: begin, end, each service done or not, its answers by `service.field`.
///
/// # Errors
/// `Refused` where it is not open, `Invalid` for a wrong field.
pub fn by_hand(tx: &Tx<'_>, ask: &Ask, it: &mut Visit, input: &Input) -> Result<()> {
    if !it.is_open() {
        return Err(Error::refused("visit_over", "这次上门已经结束或取消"));
    }
    let checked = form::check(BY_HAND, input, &Options::new())?;
    if ask.today() < it.day {
        return Err(Error::refused("visit_to_come", "还没有到上门的日期"));
    }
    let began = moment("begin", &checked.text("begin"), it.day)?;
    let ended = moment("end", &checked.text("end"), it.day)?;
    if ended < began || ask.now < ended {
        return Err(Error::invalid("end", "“离开时间”应在到达之后,不晚于现在"));
    }
    let mut told: ToldEvents =
        vec![(began, json!({"kind": "begin", "fix": null, "door": "", "why": checked.text("why")}))];
    for purpose in record::purposes(tx, &it.key)? {
        let code = &purpose.service;
        let service = forms::service(ask, &it.key.region, it.day, code, &purpose.programme);
        let done = !input.get(&format!("{code}.done")).is_empty();
        let mut values = Map::new();
        for one in forms::form(service.form).map_or(&[][..], |it| it.fields) {
            let text = input.get(&format!("{code}.{}", one.name)).trim();
            if !text.is_empty() {
                values.insert(one.name.to_string(), json!(text));
            } else if one.required && done {
                let said = Said::new("请填写“{label}”").with("label", one.label);
                return Err(Error::invalid(&format!("{code}.{}", one.name), said));
            }
        }
        let reason = input.get(&format!("{code}.reason"));
        told.push((
            ended,
            json!({"kind": "task", "service": code, "done": done, "reason": reason, "values": values, "note": ""}),
        ));
    }
    if let Some(name) = checked.optional("signed") {
        told.push((ended, json!({"kind": "signature", "by": "family", "name": name, "lines": "paper"})));
    }
    let next = checked.date("next").map(|it| it.to_string()).unwrap_or_default();
    told.push((ended, json!({"kind": "end", "fix": null, "next": next})));
    tell(tx, ask, it, &told)?;
    *it = record::by_key(tx, &it.key)?;
    Ok(())
}

/// A visit that was not to be: nobody there, refused, in hospital.
pub fn missed(tx: &Tx<'_>, ask: &Ask, it: &mut Visit, reason: &str, note: &str) -> Result<()> {
    if !it.is_open() {
        return Err(Error::refused("visit_over", "这次上门已经结束或取消"));
    }
    if !words::MISSED.iter().any(|one| one.0 == reason) {
        return Err(Error::invalid("reason", "请选择原因"));
    }
    tell(tx, ask, it, &vec![(ask.now, json!({"kind": "missed", "reason": reason, "note": note, "fix": null}))])?;
    *it = record::by_key(tx, &it.key)?;
    Ok(())
}
