//! Services that a visit can have and the forms they are written down in: said once for pages, phones and checks.

use kit::{
    Ask, Lang,
    form::{Field, Kind, field},
};
use rules::{base::Date, contracting, visit::Photo};
use serde_json::{Value, json};

use super::words;
use crate::chronic::{self, ADHERENCE};

/// A service with what has to be written down of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub id: String,
    pub title: String,
    pub title_en: String,
    /// The id of a form; empty where done or not done says all.
    pub form: &'static str,
    /// Which photos are taken of it.
    pub photos: Vec<Photo>,
}

pub struct Form {
    pub id: &'static str,
    pub title: &'static str,
    pub fields: &'static [Field],
}

const SYSTOLIC: Field = field("systolic", "收缩压", Kind::Text(6)).help("mmHg");
const DIASTOLIC: Field = field("diastolic", "舒张压", Kind::Text(6)).help("mmHg");
const HEART_RATE: Field = field("heart_rate", "心率", Kind::Text(6)).help("次/分");
const TEMPERATURE: Field = field("temperature", "体温", Kind::Text(6)).help("℃");
const FASTING: Field = field("fasting", "空腹血糖", Kind::Text(6)).help("mmol/L");
const GLUCOSE: Field = field("glucose", "餐后或随机血糖", Kind::Text(6)).help("mmol/L");
const WEIGHT: Field = field("weight", "体重", Kind::Text(6)).help("公斤");

/// How an elder was found.
pub const FOUND: &[(&str, &str)] = &[("well", "情况良好"), ("unwell", "身体不适"), ("help", "有困难,需要帮助")];

pub const FORMS: &[Form] = &[
    Form {
        id: "follow_up",
        title: "慢病随访",
        fields: &[
            SYSTOLIC.required(),
            DIASTOLIC.required(),
            HEART_RATE,
            FASTING,
            GLUCOSE,
            WEIGHT,
            field("adherence", "服药依从性", Kind::Choice(ADHERENCE)),
            field("adverse", "药物不良反应", Kind::Check),
            field("complication", "新的并发症或原有并发症加重", Kind::Check),
            field("remark", "备注", Kind::LongText(300)),
        ],
    },
    Form { id: "pressure", title: "血压和体征", fields: &[SYSTOLIC, DIASTOLIC, HEART_RATE, TEMPERATURE, GLUCOSE] },
    Form {
        id: "round",
        title: "家庭病床巡诊",
        fields: &[
            SYSTOLIC,
            DIASTOLIC,
            HEART_RATE,
            TEMPERATURE,
            field("findings", "病情所见", Kind::LongText(500)).required(),
            field("treatment", "处理意见", Kind::LongText(500)),
        ],
    },
    Form {
        id: "welfare",
        title: "探访情况",
        fields: &[
            field("found", "老人情况", Kind::Choice(FOUND)).required(),
            SYSTOLIC,
            DIASTOLIC,
            field("need", "需要什么帮助", Kind::LongText(300)),
        ],
    },
];

pub fn form(id: &str) -> Option<&'static Form> {
    FORMS.iter().find(|it| it.id == id)
}

/// Services of the family-doctor contract that are given at home, with their forms.
const OF_CONTRACT: &[(&str, &str)] = &[
    ("follow_up", "follow_up"),
    ("home_visit", "pressure"),
    ("guidance", ""),
    ("medication", ""),
    ("rehabilitation", ""),
    ("nursing", ""),
    ("counselling", ""),
];

/// A service by its code, of whichever catalogue; one that none knows goes by its code.
pub fn service(ask: &Ask, region: &str, day: Date, code: &str, programme: &str) -> Service {
    let of = |title: &str, title_en: &str, form: &'static str| Service {
        id: code.to_string(),
        title: title.to_string(),
        title_en: title_en.to_string(),
        form,
        photos: Vec::new(),
    };
    let form = match programme {
        "home_bed" => "round",
        "rounds" => "welfare",
        _ => OF_CONTRACT.iter().find(|it| it.0 == code).map_or("", |it| it.1),
    };
    let named = contracting::Service::WORDS.iter().find(|it| it.0 == code);
    if let Some((_, title)) = named {
        return of(title, Lang::En.t(title), form);
    }
    let policy = ask.app.policy_in(region, day);
    let programmes = policy.read(|it| &it.rounds.programmes).map_or(&[][..], |it| it);
    if let Some(it) = programmes.iter().find(|it| programme == "rounds" && it.id == code) {
        return of(&it.name, &it.name_en, form);
    }
    let at_home = policy.read(|it| &it.home_services.services).map_or(&[][..], |it| it);
    if let Some(it) = at_home.iter().find(|it| it.id == code) {
        let form = self::form(&it.form).map_or("", |form| form.id);
        return Service { photos: it.photos.clone(), ..of(&it.name, &it.name_en, form) };
    }
    if let Some(it) = policy.care_service(code) {
        return of(&it.name, &it.name_en, form);
    }
    if let Some(it) = policy.item(code) {
        return of(&it.name, &it.name_en, form);
    }
    let title = match code {
        "home_bed_round" => "家庭病床巡诊",
        "home_bed_superior" => "家庭病床上级查床",
        "home_care_check" => "家庭养老床位回访",
        "alarm_response" => "报警上门查看",
        "" => words::title(words::PROGRAMMES, programme),
        other => other,
    };
    of(title, Lang::En.t(title), form)
}

/// What somebody may do at a home without a plan.
pub fn unplanned(ask: &Ask, region: &str, day: Date) -> Vec<Service> {
    OF_CONTRACT.iter().map(|it| service(ask, region, day, it.0, "visit")).collect()
}

/// A form as phones read it.
pub fn form_json(it: &Form) -> Value {
    let items: Vec<Value> = it.fields.iter().map(item_json).collect();
    json!({"id": it.id, "title": it.title, "title_en": Lang::En.t(it.title), "items": items})
}

fn item_json(it: &Field) -> Value {
    let listed = |all: &[(&str, &str)]| -> Vec<Value> {
        all.iter().map(|(word, title)| json!({"value": word, "title": title, "title_en": Lang::En.t(title)})).collect()
    };
    let mut item = json!({
        "id": it.name, "title": it.label, "title_en": Lang::En.t(it.label), "required": it.required, "help": "", "help_en": "",
    });
    let (kind, options) = match it.kind {
        Kind::Choice(all) => ("choice", listed(all)),
        Kind::Many(all) => ("many", listed(all)),
        Kind::Check => ("check", Vec::new()),
        Kind::Date => ("date", Vec::new()),
        _ => ("text", Vec::new()),
    };
    item["kind"] = json!(kind);
    item["options"] = json!(options);
    if let Some(measure) = chronic::measure(it.name) {
        let scale = if measure.has_decimal { 10 } else { 1 };
        item["kind"] = json!("number");
        item["unit"] = json!(measure.unit);
        item["least"] = json!(measure.least / scale);
        item["most"] = json!(measure.most / scale);
        item["decimals"] = json!(u8::from(measure.has_decimal));
    }
    item
}

/// The answers of a form in words: `收缩压 132 mmHg`.
pub fn shown(ask: &Ask, answers: &serde_json::Map<String, Value>) -> Vec<String> {
    let fields = FORMS.iter().flat_map(|it| it.fields);
    answers
        .iter()
        .filter_map(|(name, value)| {
            let text = plain(value);
            let field = fields.clone().find(|it| it.name == name)?;
            if text.is_empty() {
                return None;
            }
            let unit = chronic::measure(name).map_or("", |it| it.unit);
            let value = match field.kind {
                Kind::Choice(all) => ask.t(words::title(all, &text)).to_string(),
                Kind::Check => ask.t("是").to_string(),
                _ => text,
            };
            Some(format!("{} {value} {}", ask.t(field.label), ask.t(unit)).trim().to_string())
        })
        .collect()
}

/// An answer as text.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(it) => it.trim().to_string(),
        Value::Bool(true) => "true".into(),
        Value::Null | Value::Bool(false) => String::new(),
        other => other.to_string(),
    }
}
