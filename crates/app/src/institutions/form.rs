//! The forms of institutions, and what filled-in forms, page, API or import, stand for.

use kit::{
    Ask, Error, Result, Said,
    error::Wrong,
    form::{self, Checked, Field, Input, Kind, Options, field},
};
use rules::{
    base::{BadPhone, BadUscc, Date, Phone, Uscc, half_width},
    institution::LicenceKind,
    week::{BadWeek, Week},
};

use super::{
    fact::{self, Facts},
    institution::{Draft, Institution},
    position::Position,
    words,
};

pub const INSTITUTION: &[Field] = &[
    field("name", "名称", Kind::Text(80)).required().help("与登记证书一致。"),
    field("kind", "类别", Kind::Choice(words::KINDS)).required(),
    field("code", "统一社会信用代码", Kind::Text(30)).help("18 位;村卫生室等没有代码的留空。"),
    field("legal_person", "负责人", Kind::Text(50)),
    field("opened", "开业日", Kind::Date).required(),
    field("place", "所在地", Kind::Pick).required(),
    field("address", "详细地址", Kind::Text(120)),
    field("position", "地图位置", Kind::Text(40)).help("纬度,经度,如 31.467459,104.679114;可在地图上点选。"),
    field("phone", "联系电话", Kind::Text(30)),
    field("hours", "开放时间", Kind::Text(200))
        .help("如 周一至周五 08:00-12:00,14:00-17:30;周六 08:00-12:00。全天开放写 每天 全天。"),
    field("remark", "备注", Kind::LongText(500)),
];

/// The fields as a page shows them: title of a part, names of its fields.
pub const PARTS: &[(&str, &[&str])] = &[
    ("机构", &["name", "kind", "code", "legal_person", "opened"]),
    ("地点与联系", &["place", "address", "position", "phone", "hours"]),
    ("备注", &["remark"]),
];

pub const LICENCE: &[Field] = &[
    field("kind", "证照", Kind::Choice(LicenceKind::WORDS)).required(),
    field("number", "证照编号", Kind::Text(60)).required(),
    field("issuer", "发证(备案)机关", Kind::Text(80)).required(),
    field("from", "起日", Kind::Date).required(),
    field("until", "有效至", Kind::Date).help("最后一天;长期有效则留空。"),
    field("remark", "说明", Kind::Text(200)),
];

pub const END_LICENCE: &[Field] =
    &[field("day", "注销日", Kind::Date).required(), field("reason", "原因", Kind::Text(100)).required()];

const BED: Kind = Kind::Int { min: 0, max: 20_000 };

pub const ABILITIES: &[Field] = &[
    field("from", "起日", Kind::Date).required().help("改动从这天起生效;以前的情况保留。"),
    field("level", "等级", Kind::Choice(words::LEVELS)).help("甲级、乙级用于乡镇卫生院。"),
    field("owner", "举办性质", Kind::Choice(words::OWNERS)),
    field("modes", "医养结合方式", Kind::Many(words::MODES)),
    field("marks", "科室与资质", Kind::Many(words::MARKS)),
    field("services", "服务项目", Kind::Many(words::SERVICES)),
    field("beds_medical", "医疗床位", BED),
    field("beds_elderly", "养老床位", BED),
    field("beds_nursing", "其中护理型床位", BED),
    field("beds_rehabilitation", "康复床位", BED),
    field("beds_hospice", "安宁疗护床位", BED),
    field("beds_home_hospital", "家庭病床", BED),
    field("beds_home_care", "家庭养老床位", BED),
    field("note", "依据", Kind::Text(200)).help("文件、批复或核查情况。"),
];

pub const CLOSE: &[Field] = &[
    field("day", "停用日", Kind::Date).required().help("这天起不再服务。"),
    field("reason", "原因", Kind::Choice(words::ENDINGS)).required(),
    field("note", "说明", Kind::Text(100)),
];

/// The draft a form stands for.
///
/// # Errors
/// `Invalid` with every field that is wrong.
pub fn draft(input: &Input, options: &Options, source: &str) -> Result<Draft> {
    let mut wrong = Wrong::default();
    let checked = wrong.keep(form::check(INSTITUTION, input, options))?;
    let code = wrong.keep(code(input.get("code")))?;
    let phone = wrong.keep(phone(input.get("phone")))?;
    let position = wrong.keep(position(input.get("position")))?;
    let hours = wrong.keep(hours(input.get("hours")))?;
    let (Some(checked), Some(code), Some(phone), Some(position), Some(hours)) = (checked, code, phone, position, hours)
    else {
        return Err(wrong.told());
    };
    Ok(Draft {
        name: half_width(&checked.text("name")).trim().to_string(),
        kind: checked.text("kind"),
        place: checked.text("place"),
        code,
        legal_person: checked.text("legal_person"),
        phone,
        address: checked.text("address"),
        position,
        hours,
        opened: day(&checked, "opened")?,
        remark: checked.text("remark"),
        source: source.to_string(),
    })
}

/// A unified social credit code as typed; nothing where nothing was.
fn code(text: &str) -> Result<Option<Uscc>> {
    let text: String = half_width(text).chars().filter(|it| !it.is_whitespace() && *it != '-').collect();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|e: BadUscc| Error::invalid("code", e.text()))
}

fn hours(text: &str) -> Result<String> {
    text.parse::<Week>().map(|it| it.to_string()).map_err(|e: BadWeek| Error::invalid("hours", e.text()))
}

fn phone(text: &str) -> Result<String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let phone: Phone = text.parse().map_err(|e: BadPhone| Error::invalid("phone", e.text()))?;
    Ok(phone.as_str().to_string())
}

fn position(text: &str) -> Result<Option<Position>> {
    let typed = Some(text).filter(|it| !it.is_empty());
    typed.map(|it| it.parse::<Position>().map_err(|said| Error::invalid("position", said))).transpose()
}

pub fn day(checked: &Checked, name: &str) -> Result<Date> {
    checked.date(name).ok_or_else(|| Error::invalid(name, "请填写日期"))
}

/// The kind of licence a form names.
pub fn licence_kind(checked: &Checked) -> Result<LicenceKind> {
    let word = checked.text("kind");
    LicenceKind::parse(&word)
        .ok_or_else(|| Error::invalid("kind", Said::new("没有“{value}”这种证照").with("value", word)))
}

/// What the form of abilities wants to hold from its day on.
pub fn wanted(checked: &Checked) -> Vec<(&'static str, Option<String>)> {
    let mut all = vec![("level", checked.optional("level")), ("owner", checked.optional("owner"))];
    for (name, list) in [("modes", words::MODES), ("marks", words::MARKS), ("services", words::SERVICES)] {
        let chosen = checked.many(name);
        all.extend(list.iter().map(|it| (it.0, chosen.iter().any(|one| one == it.0).then(|| "yes".to_string()))));
    }
    for (word, _) in words::BEDS {
        // No beds are no fact.
        all.push((word, checked.int(word).filter(|it| 0 < *it).map(|it| it.to_string())));
    }
    all
}

/// What the form of abilities starts with on a day.
pub fn filled_abilities(facts: &Facts, day: Date) -> Input {
    let mut input = Input::default();
    input.set("from", day.to_string());
    input.set("level", fact::on(facts, "level", day));
    input.set("owner", fact::on(facts, "owner", day));
    for (name, list) in [("modes", words::MODES), ("marks", words::MARKS), ("services", words::SERVICES)] {
        input.set_many(name, fact::held(facts, list, day).into_iter().map(str::to_string).collect());
    }
    for (word, _) in words::BEDS {
        input.set(word, fact::on(facts, word, day));
    }
    input
}

/// What the form of an institution starts with.
pub fn filled(it: &Institution) -> Input {
    let mut input = Input::default();
    input.set("name", &it.name);
    input.set("kind", &it.kind);
    input.set("place", &it.place);
    if let Some(known) = &it.known {
        input.set("code", known.code.clone().unwrap_or_default());
        input.set("legal_person", &known.legal_person);
        input.set("opened", known.opened.to_string());
        input.set("address", &known.address);
        input.set("position", known.position.map_or(String::new(), |it| it.to_string()));
        input.set("phone", &known.phone);
        input.set("hours", &known.hours);
        input.set("remark", &known.remark);
    }
    input
}

/// The places of the reader's scope for the form.
pub fn options(ask: &Ask, input: &Input) -> Options {
    Options::from([("place", kit::house::options_of_places(ask, input.get("place")))])
}

/// The label of a field by its name, for the trail of changes.
pub fn label(field: &str) -> &'static str {
    INSTITUTION.iter().find(|it| it.name == field).map_or("其他", |it| it.label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_stands_in_exactly_one_part_of_the_page() {
        for field in INSTITUTION {
            let n = PARTS.iter().filter(|it| it.1.contains(&field.name)).count();
            assert_eq!(n, 1, "{}", field.name);
        }
    }

    #[test]
    fn a_code_is_checked_and_cleaned_of_what_people_put_between() {
        assert_eq!(code(" 91350100-M000100Y43 ").unwrap().unwrap().as_str(), "91350100M000100Y43");
        assert!(code("91350100M000100Y44").is_err());
        assert!(code("").unwrap().is_none());
    }
}
