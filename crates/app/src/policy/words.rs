//! Small pieces of text and markup: a document in one line, the state of a value, how well it is confirmed.

use kit::{
    Ask, Lang,
    page::{Badge, badge},
};
use maud::{Markup, html};
use rules::{
    base::Text,
    elder_groups::Group,
    policy::{Confirmation, Document, Status, shown},
};
use serde_json::{Map, Value};

/// A sentence of the rules in the reader's language.
pub fn text<'a>(ask: &Ask, text: &'a Text) -> &'a str {
    text.in_lang(ask.lang.into())
}

/// A value as people read it, in the reader's language: `60 元`, `是`, `居家组合护理、机构集中护理`.
pub fn value(ask: &Ask, it: &Value) -> String {
    match it {
        Value::String(text) => stored(ask, text),
        Value::Array(items) => {
            let between = if items.iter().any(Value::is_object) { " / " } else { separator(ask) };
            items.iter().map(|it| value(ask, it)).collect::<Vec<_>>().join(between)
        }
        Value::Object(map) => match (map.get("中"), map.get("英")) {
            (Some(chinese), Some(english)) => value(ask, ask.either(chinese, english)),
            _ => {
                let (colon, end) = if ask.lang == Lang::En { (": ", "; ") } else { ("：", "；") };
                let part = |(key, it): (&str, &Value)| format!("{}{colon}{}", ask.t(key), value(ask, it));
                fields(ask, map).into_iter().map(part).collect::<Vec<_>>().join(end)
            }
        },
        other => ask.t(&shown(other)).to_string(),
    }
}

pub type Fields<'a> = Vec<(&'a str, &'a Value)>;

/// How the name of a field ends that says the same in English.
const IN_ENGLISH: &str = "英文";

/// The fields in the reader's language: of two that say the same thing in two languages, one.
pub fn fields<'a>(ask: &Ask, map: &'a Map<String, Value>) -> Fields<'a> {
    let is_english = ask.lang == Lang::En;
    let named = map.iter().filter(|it| !it.0.ends_with(IN_ENGLISH));
    named
        .map(|(key, value)| {
            let other = if key == "名称" { IN_ENGLISH.to_string() } else { [key, IN_ENGLISH].concat() };
            (&**key, map.get(&other).filter(|_| is_english).unwrap_or(value))
        })
        .collect()
}

/// What stands between the parts of a list.
pub fn separator(ask: &Ask) -> &'static str {
    ask.either("、", ", ")
}

/// A word that programs keep, such as a group of elders, an indicator or the kind of an institution, as people call it; else the text itself.
fn stored(ask: &Ask, text: &str) -> String {
    let indicator = ask.app.modules.iter().flat_map(|it| it.indicators).find(|it| it.id == text).map(|it| it.title);
    let kind = || kit::house::ORGANISATION_KINDS.iter().find(|it| it.0 == text).map(|it| it.1);
    match (Group::from_word(text), indicator.or_else(kind)) {
        (Some(group), _) => group.text().in_lang(ask.lang.into()).to_string(),
        (None, Some(title)) => ask.t(title).to_string(),
        (None, None) => defined(ask, text).unwrap_or(ask.t(ask.word(text))).to_string(),
    }
}

/// A vaccine or a field of the yearly check, which other parameters name by its id.
fn defined<'a>(ask: &'a Ask, id: &str) -> Option<&'a str> {
    let policy = ask.app.policy_in(kit::place::NATION, ask.today());
    let vaccines = policy.read(|it| &it.vaccination.vaccines).map_or(&[][..], |it| it);
    let vaccine = vaccines.iter().find(|it| it.id == id).map(|it| (&it.name, &it.name_en));
    let item = || policy.read(|it| &it.healthcheck.items).ok()?.iter().find(|it| it.id == id);
    let (name, english) = vaccine.or_else(|| item().map(|it| (&it.name, &it.name_en)))?;
    Some(ask.either(name, english))
}

/// The same with the unit that the parameter's name says; a scale by its title, with the way to it.
pub fn measured(ask: &Ask, param: &str, it: &Value) -> Markup {
    let unit = UNITS.iter().find(|unit| param.ends_with(unit.0)).map(|unit| unit.1).filter(|_| it.is_number());
    let scale = it.as_str().and_then(|id| Some((id, ask.app.policy.instrument(id)?)));
    html! {
        @match scale {
            Some((id, scale)) => a href=(format!("/policy/instruments/{id}")) { (ask.either(&scale.name, &scale.name_en)) },
            None => (value(ask, it)),
        }
        @if let Some(unit) = unit { " " small { (ask.t(unit)) } }
    }
}

/// Units by the end of a parameter's name.
const UNITS: &[(&str, &str)] = &[
    ("天数", "天"),
    ("月数", "个月"),
    ("工作日", "个工作日"),
    ("小时数", "小时"),
    ("分钟数", "分钟"),
    ("学时", "个学时"),
    ("年龄", "岁"),
    ("人员", "人"),
    ("起算数", "种"),
    ("次数", "次"),
    ("收缩压", "mmHg"),
    ("舒张压", "mmHg"),
    ("高血糖", "mmol/L"),
    ("低血糖", "mmol/L"),
    ("血糖控制目标", "mmol/L"),
    ("血糖受损", "mmol/L"),
    ("血糖复查", "mmol/L"),
    ("心率", "次/分"),
    ("体温", "℃"),
    ("体质指数", "kg/m²"),
    ("腰围", "cm"),
];

/// The title in the reader's language.
pub fn title<'a>(ask: &Ask, document: &'a Document) -> &'a str {
    ask.either(&document.title, &document.title_en)
}

/// Number, title and clause of a document in one line; its id where the register does not have it.
pub fn citation(ask: &Ask, document: Option<&str>, clause: Option<&str>) -> String {
    let Some(id) = document else { return String::new() };
    let mut parts = Vec::new();
    match ask.app.policy.document(id) {
        None => parts.push(id),
        Some(it) => {
            parts.extend(it.number.as_deref().filter(|number| !it.title.contains(*number)));
            parts.push(title(ask, it));
        }
    }
    parts.extend(clause);
    parts.join(" ")
}

/// The same with a link to the register.
pub fn source(ask: &Ask, document: Option<&str>, clause: Option<&str>) -> Markup {
    html! {
        @match document {
            Some(id) => { a href=(format!("/policy/documents/{id}")) { (citation(ask, document, None)) } @if let Some(it) = clause { " " (it) } }
            None => span.muted { (ask.t("没有依据")) },
        }
    }
}

/// 示例 and 拟行 stand out; what is in force needs no word on the page.
pub fn status(ask: &Ask, status: Status) -> Markup {
    match status {
        Status::InForce => badge(Badge::Ok, ask.t("执行")),
        Status::Planned => badge(Badge::Info, ask.t("拟行")),
        Status::Example => badge(Badge::Example, ask.t("示例")),
    }
}

pub fn status_word(ask: &Ask, status: Status) -> &str {
    match status {
        Status::InForce => ask.t("执行"),
        Status::Planned => ask.t("拟行"),
        Status::Example => ask.t("示例"),
    }
}

/// How many independent sources confirm something; 待核 where it is from memory.
pub fn confirmed(ask: &Ask, sources: u8) -> Markup {
    match sources {
        0 => html! { (badge(Badge::Unconfirmed, ask.t("待核"))) " " small.muted { (ask.t("凭记忆,没有来源证实")) } },
        n => html! { small { (ask.f("{n} 个独立来源", &[("n", &n)])) } },
    }
}

pub fn confirmation(ask: &Ask, it: Confirmation) -> Markup {
    match it {
        Confirmation::TextRead => badge(Badge::Ok, ask.t("已读原文")),
        Confirmation::SeenElsewhere => badge(Badge::Warn, ask.t("旁证")),
        Confirmation::FromMemory => badge(Badge::Unconfirmed, ask.t("待核")),
    }
}

/// The title of a topic; its word where there is none of that name.
pub fn topic<'a>(ask: &Ask, name: &'a str) -> std::borrow::Cow<'a, str> {
    let found = ask.app.policy.topics().into_iter().find(|it| it.name == name);
    found.map_or(name.into(), |it| text(ask, &it.title).to_string().into())
}
