//! Forms: fields said once, for the page, the check of what was typed, and the API's description.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request},
    http::header::CONTENT_TYPE,
};
use maud::{Markup, html};
use serde_json::{Value, json};

use rules::base::Date;

use crate::{App, Ask, Error, Id, Lang, Result, Said, error::FieldError};

/// One field of a form.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub kind: Kind,
    pub required: bool,
    pub help: &'static str,
}

#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// At most this many characters.
    Text(usize),
    LongText(usize),
    Date,
    /// A year alone, or a full date.
    YearOrDate,
    Int {
        min: i64,
        max: i64,
    },
    /// One of (word, title).
    Choice(&'static [(&'static str, &'static str)]),
    /// Any of (word, title).
    Many(&'static [(&'static str, &'static str)]),
    /// One of the options given when the form is shown, such as the villages of a county.
    Pick,
    Check,
    Password,
}

/// What was typed or sent, kept so that a refused form comes back as it was.
#[derive(Debug, Clone, Default)]
pub struct Input {
    values: BTreeMap<String, Vec<String>>,
}

/// Options of the `Pick` fields: field name → (value, title).
pub type Options = BTreeMap<&'static str, Vec<(String, String)>>;

pub const fn field(name: &'static str, label: &'static str, kind: Kind) -> Field {
    Field { name, label, kind, required: false, help: "" }
}

impl Field {
    pub const fn required(self) -> Field {
        Field { required: true, ..self }
    }

    pub const fn help(self, help: &'static str) -> Field {
        Field { help, ..self }
    }
}

/// The pairs of a urlencoded text, in order.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |part: &str| {
        let mut bytes = Vec::with_capacity(part.len());
        let mut rest = part.bytes();
        while let Some(byte) = rest.next() {
            let hex = |it: Option<u8>| it.and_then(|it| char::from(it).to_digit(16));
            match byte {
                b'+' => bytes.push(b' '),
                b'%' => {
                    let mut ahead = rest.clone();
                    if let (Some(high), Some(low)) = (hex(ahead.next()), hex(ahead.next())) {
                        bytes.push((high * 16 + low) as u8);
                        rest = ahead;
                    } else {
                        bytes.push(b'%');
                    }
                }
                other => bytes.push(other),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    text.split('&')
        .filter(|it| !it.is_empty())
        .map(|it| it.split_once('=').unwrap_or((it, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// Text for an address: everything but letters, digits and `-._~` is escaped.
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

impl Input {
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Input {
        let mut input = Input::default();
        for (name, value) in pairs {
            input.values.entry(name).or_default().push(value);
        }
        input
    }

    /// A JSON object: texts, numbers, booleans and lists of texts become what a form would have sent.
    pub fn from_json(body: &Value) -> Result<Input> {
        let Value::Object(object) = body else {
            return Err(Error::invalid("body", "请求正文应是 JSON 对象"));
        };
        let mut input = Input::default();
        for (name, value) in object {
            let texts = match value {
                Value::Null => continue,
                Value::Array(all) => all.iter().map(plain).collect::<Option<Vec<String>>>(),
                one => plain(one).map(|it| vec![it]),
            };
            let texts = texts.ok_or_else(|| {
                Error::invalid(name, Said::new("“{name}”应是文本、数字、布尔值或文本列表").with("name", name))
            })?;
            input.values.insert(name.clone(), texts);
        }
        Ok(input)
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_string(), vec![value.into()]);
    }

    pub fn set_many(&mut self, name: &str, values: Vec<String>) {
        self.values.insert(name.to_string(), values);
    }

    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).and_then(|it| it.first()).map_or("", |it| it.trim())
    }

    pub fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], |it| it)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(|it| &**it)
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(it) => Some(it.clone()),
        Value::Number(it) => Some(it.to_string()),
        Value::Bool(it) => Some(it.to_string()),
        _ => None,
    }
}

/// Both a form and a JSON body arrive as `Input`, so that page and API share one handler's core.
impl FromRequest<App> for Input {
    type Rejection = Error;

    async fn from_request(request: Request, state: &App) -> Result<Input> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or("");
        if kind.starts_with("application/json") {
            let Json(body): Json<Value> = Json::from_request(request, state)
                .await
                .map_err(|e| Error::invalid("body", Said::new("请求正文不是 JSON:{why}").with("why", e.body_text())))?;
            return Input::from_json(&body);
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| Error::invalid("body", "请求正文过大或中断,请重试"))?;
        let text = std::str::from_utf8(&bytes).map_err(|_| Error::invalid("body", "请求正文不是 UTF-8 文本"))?;
        Ok(Input::from_pairs(pairs(text)))
    }
}

/// Input whose fields were all checked.
#[derive(Debug, Clone)]
pub struct Checked(Input);

/// Checks every field, and gives all that is wrong at once.
pub fn check(fields: &[Field], input: &Input, options: &Options) -> Result<Checked> {
    let errors: Vec<FieldError> = fields
        .iter()
        .filter_map(|it| {
            wrong(it, input, options.get(it.name)).map(|said| FieldError { field: it.name.to_string(), said })
        })
        .collect();
    if errors.is_empty() { Ok(Checked(input.clone())) } else { Err(Error::Invalid(errors)) }
}

fn wrong(field: &Field, input: &Input, options: Option<&Vec<(String, String)>>) -> Option<Said> {
    let value = input.get(field.name);
    let said = |zh: &'static str| Some(Said::new(zh).with("label", field.label).with("value", value));
    if value.is_empty() && !matches!(field.kind, Kind::Many(_)) {
        return if field.required { said("请填写“{label}”") } else { None };
    }
    if value.contains('\0') {
        return said("“{label}”含有不能保存的字符,请重新输入");
    }
    match field.kind {
        Kind::Text(max) | Kind::LongText(max) if max < value.chars().count() => {
            said("“{label}”过长,最多 {max} 个字").map(|it| it.with("max", max))
        }
        Kind::Date if value.parse::<Date>().is_err() => said("“{label}”中的“{value}”不是日期,请写作 1950-01-31"),
        Kind::YearOrDate if value.parse::<Date>().is_err() && !is_year(value) => {
            said("“{label}”中的“{value}”不是日期,请写作 1950-01-31,只知年份时写 1950")
        }
        Kind::Int { min, max } if !value.parse::<i64>().is_ok_and(|it| (min..=max).contains(&it)) => {
            said("“{label}”应是 {min} 到 {max} 的整数,而不是“{value}”").map(|it| it.with("min", min).with("max", max))
        }
        Kind::Choice(all) if all.iter().all(|it| it.0 != value) => said("“{label}”没有“{value}”这一项"),
        Kind::Many(all) => {
            let chosen = input.all(field.name);
            let odd = chosen.iter().find(|it| !it.is_empty() && all.iter().all(|option| option.0 != *it));
            match odd {
                Some(odd) => {
                    Some(Said::new("“{label}”没有“{value}”这一项").with("label", field.label).with("value", odd))
                }
                None if field.required && chosen.is_empty() => said("请填写“{label}”"),
                None => None,
            }
        }
        Kind::Pick if options.is_some_and(|all| all.iter().all(|it| it.0 != value)) => {
            said("“{label}”没有“{value}”这一项")
        }
        Kind::Check if !matches!(value, "on" | "true" | "false" | "1" | "0") => said("“{label}”没有“{value}”这一项"),
        _ => None,
    }
}

fn is_year(value: &str) -> bool {
    value.len() == 4 && value.parse::<u16>().is_ok_and(|it| (1880..=2100).contains(&it))
}

impl Checked {
    pub fn text(&self, name: &str) -> String {
        self.0.get(name).to_string()
    }

    pub fn optional(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|it| !it.is_empty())
    }

    pub fn date(&self, name: &str) -> Option<Date> {
        self.0.get(name).parse().ok()
    }

    pub fn int(&self, name: &str) -> Option<i64> {
        self.0.get(name).parse().ok()
    }

    pub fn id(&self, name: &str) -> Option<Id> {
        self.0.get(name).parse().ok()
    }

    pub fn on(&self, name: &str) -> bool {
        matches!(self.0.get(name), "on" | "true" | "1")
    }

    pub fn many(&self, name: &str) -> Vec<String> {
        self.0.all(name).iter().filter(|it| !it.is_empty()).cloned().collect()
    }
}

/// What goes wrong with a form, shown above it and beside each field.
pub type Errors = [FieldError];

/// The hidden fields, the summary of errors and all fields of a form.
pub fn fields(ask: &Ask, fields: &[Field], input: &Input, options: &Options, errors: &Errors) -> Markup {
    html! {
        (summary(ask, fields, errors))
        @for field in fields { (one(ask, field, input, options, errors)) }
    }
}

/// The token every form of a session carries.
pub fn csrf(ask: &Ask) -> Markup {
    html! { input type="hidden" name="csrf" value=(ask.who.csrf); }
}

/// The list of errors above a refused form.
pub fn summary(ask: &Ask, fields: &[Field], errors: &Errors) -> Markup {
    if errors.is_empty() {
        return html! {};
    }
    html! {
        div.alert.alert-bad #errors role="alert" tabindex="-1" {
            (crate::page::icon("x-circle"))
            div {
                p.alert-title { (ask.f("有 {n} 处需要改正", &[("n", &errors.len())])) }
                ul {
                    @for error in errors {
                        li {
                            @if fields.iter().any(|it| it.name == error.field) {
                                a href=(format!("#{}", error.field)) { (said_for(ask, fields, error)) }
                            } @else {
                                (said_for(ask, fields, error))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The sentence of an error with the field's label in the reader's language.
fn said_for(ask: &Ask, fields: &[Field], error: &FieldError) -> String {
    let label = fields.iter().find(|it| it.name == error.field).map_or("", |it| it.label);
    match ask.lang {
        Lang::Zh => error.said.in_lang(Lang::Zh),
        Lang::En => error.said.clone().with("label", ask.t(label)).in_lang(Lang::En),
    }
}

/// One field with its label, help and error.
pub fn one(ask: &Ask, field: &Field, input: &Input, options: &Options, errors: &Errors) -> Markup {
    let error = errors.iter().find(|it| it.field == field.name);
    let value = input.get(field.name);
    let help_id = format!("{}-help", field.name);
    let error_id = format!("{}-error", field.name);
    let described = match (error.is_some(), field.help.is_empty()) {
        (true, _) => Some(&error_id),
        (false, false) => Some(&help_id),
        (false, true) => None,
    };
    let wide = matches!(field.kind, Kind::LongText(_) | Kind::Many(_));
    let notes = html! {
        @if let Some(error) = error { p.error id=(error_id) { (said_for(ask, &[*field], error)) } }
        @else if !field.help.is_empty() { p.help id=(help_id) { (ask.t(field.help)) } }
    };
    let label = html! {
        (ask.t(field.label)) @if field.required { " " span.req { (ask.t("必填")) } }
    };
    let class = format!("field{}{}", if wide { " wide" } else { "" }, if error.is_some() { " field-bad" } else { "" });
    match field.kind {
        Kind::Choice(all) if all.len() <= 4 => html! {
            fieldset class=(class) id=(field.name) {
                legend { (label) }
                div.options {
                    @for (word, title) in all {
                        label.option {
                            input type="radio" name=(field.name) value=(word) checked[*word == value]
                                  required[field.required] aria-describedby=[described];
                            " " (ask.t(title))
                        }
                    }
                }
                (notes)
            }
        },
        Kind::Many(all) => html! {
            fieldset class=(class) id=(field.name) {
                legend { (label) }
                div.options {
                    @for (word, title) in all {
                        label.option {
                            input type="checkbox" name=(field.name) value=(word)
                                  checked[input.all(field.name).iter().any(|it| it == word)] aria-describedby=[described];
                            " " (ask.t(title))
                        }
                    }
                }
                (notes)
            }
        },
        Kind::Check => html! {
            div class=(class) {
                label.option {
                    input type="checkbox" id=(field.name) name=(field.name) value="on"
                          checked[matches!(value, "on" | "true" | "1")] aria-describedby=[described];
                    " " (label)
                }
                (notes)
            }
        },
        _ => html! {
            div class=(class) {
                label for=(field.name) { (label) }
                (control(ask, field, value, options, error.is_some(), described))
                (notes)
            }
        },
    }
}

fn control(
    ask: &Ask,
    field: &Field,
    value: &str,
    options: &Options,
    invalid: bool,
    described: Option<&String>,
) -> Markup {
    let (name, required) = (field.name, field.required);
    let invalid = invalid.then_some("true");
    match field.kind {
        Kind::LongText(max) => html! {
            textarea id=(name) name=(name) rows="3" maxlength=(max) required[required]
                     aria-invalid=[invalid] aria-describedby=[described] { (value) }
        },
        Kind::Choice(all) => html! {
            select id=(name) name=(name) required[required] aria-invalid=[invalid] aria-describedby=[described] {
                option value="" { (ask.t("请选择")) }
                @for (word, title) in all { option value=(word) selected[*word == value] { (ask.t(title)) } }
            }
        },
        Kind::Pick => html! {
            select id=(name) name=(name) required[required] aria-invalid=[invalid] aria-describedby=[described] {
                option value="" { (ask.t("请选择")) }
                @for (word, title) in options.get(name).into_iter().flatten() {
                    option value=(word) selected[word == value] { (title) }
                }
            }
        },
        kind => {
            let (input_type, max, mode) = match kind {
                Kind::Date => ("date", None, None),
                Kind::Password => ("password", Some(128), None),
                Kind::Int { .. } => ("text", Some(20), Some("numeric")),
                Kind::Text(max) => ("text", Some(max), None),
                _ => ("text", None, None),
            };
            // A refused password is typed again; everything else comes back as it was.
            let value = if matches!(kind, Kind::Password) { "" } else { value };
            html! {
                input id=(name) name=(name) type=(input_type) value=(value) maxlength=[max] inputmode=[mode]
                      required[required] autocomplete=(if input_type == "password" { "current-password" } else { "off" })
                      aria-invalid=[invalid] aria-describedby=[described];
            }
        }
    }
}

/// The JSON Schema of a form's body.
pub fn schema(fields: &[Field]) -> Value {
    let mut properties = serde_json::Map::new();
    for field in fields {
        let mut one = match field.kind {
            Kind::Text(max) | Kind::LongText(max) => json!({"type": "string", "maxLength": max}),
            Kind::Date => json!({"type": "string", "format": "date"}),
            Kind::YearOrDate => json!({"type": "string", "pattern": r"^\d{4}(-\d{2}-\d{2})?$"}),
            Kind::Int { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
            Kind::Choice(all) => {
                json!({"type": "string", "enum": all.iter().map(|it| it.0).collect::<Vec<_>>()})
            }
            Kind::Many(all) => json!({"type": "array", "items":
                {"type": "string", "enum": all.iter().map(|it| it.0).collect::<Vec<_>>()}}),
            Kind::Pick => json!({"type": "string"}),
            Kind::Check => json!({"type": "boolean"}),
            Kind::Password => json!({"type": "string", "format": "password"}),
        };
        one["title"] = json!(field.label);
        if !field.help.is_empty() {
            one["description"] = json!(field.help);
        }
        properties.insert(field.name.to_string(), one);
    }
    let required: Vec<&str> = fields.iter().filter(|it| it.required).map(|it| it.name).collect();
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &[Field] = &[
        field("name", "姓名", Kind::Text(4)).required(),
        field("born", "出生", Kind::YearOrDate),
        field("beds", "床位", Kind::Int { min: 1, max: 9 }),
        field("sex", "性别", Kind::Choice(&[("f", "女"), ("m", "男")])),
        field("groups", "人群", Kind::Many(&[("alone", "独居"), ("poor", "困难")])),
    ];

    fn input(text: &str) -> Input {
        Input::from_pairs(pairs(text))
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let input = input("name=&born=195x&beds=0&sex=x&groups=alone&groups=rich");
        let Err(Error::Invalid(errors)) = check(FORM, &input, &Options::new()) else { panic!("accepted") };
        let fields: Vec<&str> = errors.iter().map(|it| &*it.field).collect();
        assert_eq!(fields, ["name", "born", "beds", "sex", "groups"]);
    }

    #[test]
    fn what_is_right_comes_back_typed() {
        let input = input("name=%E7%8E%8B+%E5%85%B0&born=1950&beds=9&sex=f&groups=alone&groups=poor");
        let checked = check(FORM, &input, &Options::new()).unwrap();
        assert_eq!((checked.text("name"), checked.int("beds")), ("王 兰".into(), Some(9)));
        assert_eq!(checked.many("groups"), ["alone", "poor"]);
    }

    #[test]
    fn a_broken_escape_stays_as_it_was_typed() {
        assert_eq!(
            pairs("a=100%&b=%zz&c=%4"),
            [("a".into(), "100%".into()), ("b".into(), "%zz".into()), ("c".into(), "%4".into())]
        );
    }

    #[test]
    fn json_and_form_say_the_same() {
        let json = Input::from_json(&json!({"name": "王兰", "beds": 3, "groups": ["alone"]})).unwrap();
        assert_eq!((json.get("name"), json.get("beds"), json.all("groups").len()), ("王兰", "3", 1));
        assert!(Input::from_json(&json!({"name": {"a": 1}})).is_err());
    }
}
