//! Chinese and English: the Chinese sentence in the code is the key, English stands in the modules' `en.toml`.

use std::{collections::HashMap, fmt, sync::OnceLock};

use rules::base::Text;

use crate::typeset::typeset;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

/// What a reader of one language sees, by the sentence in the code.
type Sentences = HashMap<&'static str, &'static str>;

static ENGLISH: OnceLock<Sentences> = OnceLock::new();
/// The Chinese sentences that print differs from the code in: only their punctuation.
static CHINESE: OnceLock<Sentences> = OnceLock::new();

/// Loads the sentences of all modules, once in a process. Each text is a TOML file of `"中文" = "English"`; `named` gives names
/// that data brings in both languages, where no module says them otherwise.
///
/// # Errors
/// The first file that is no such table, with line and column.
pub fn load_english(files: &[&'static str], named: impl FnOnce() -> Vec<(String, String)>) -> Result<(), String> {
    if ENGLISH.get().is_some() {
        return Ok(());
    }
    let (mut english, mut chinese) = (Sentences::new(), Sentences::new());
    for text in files {
        let table: HashMap<String, String> = toml::from_str(text).map_err(|e| e.to_string())?;
        for (zh, en) in table {
            let zh: &'static str = zh.leak();
            let printed = typeset(zh);
            if printed != zh {
                chinese.insert(zh, printed.leak());
            }
            english.insert(zh, en.leak());
        }
    }
    for (zh, en) in named() {
        if !english.contains_key(&*zh) {
            english.insert(zh.leak(), en.leak());
        }
    }
    ENGLISH.get_or_init(|| english);
    CHINESE.get_or_init(|| chinese);
    Ok(())
}

impl Lang {
    /// `LANG` of the shell: Chinese unless it names another language.
    pub fn from_env() -> Lang {
        match std::env::var("LANG") {
            Ok(it) if !it.is_empty() && !it.starts_with("zh") => Lang::En,
            _ => Lang::Zh,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    pub fn parse(text: &str) -> Option<Lang> {
        match text {
            "zh" | "zh-CN" => Some(Lang::Zh),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// The sentence in this language, in its punctuation; a sentence without English stays Chinese.
    pub fn t(self, zh: &str) -> &str {
        let sentences = match self {
            Lang::Zh => CHINESE.get(),
            Lang::En => ENGLISH.get(),
        };
        sentences.and_then(|all| all.get(zh).copied()).unwrap_or(zh)
    }

    /// As [`Lang::t`]; of several words put together with `、` each.
    fn each(self, zh: &str) -> String {
        let words: Vec<&str> = zh.split('、').map(|it| self.t(it)).collect();
        words.join(if self == Lang::En { ", " } else { "、" })
    }

    /// The sentence with its `{name}` placeholders filled in; of one thing English speaks in the singular.
    pub fn f(self, zh: &str, values: &[(&str, &dyn fmt::Display)]) -> String {
        let filled = fill(self.t(zh), values);
        if self == Lang::En { singular(&filled) } else { filled }
    }

    /// What so many are counted in, from the sentence in the code or in this language: `1 person`, `2 people`.
    pub fn unit(self, n: i64, unit: &str) -> &str {
        let unit = self.t(unit);
        match self {
            Lang::En if n == 1 => one_of(unit).unwrap_or(unit),
            _ => unit,
        }
    }
}

/// What English counts in, in the plural and of one.
const COUNTED: &[(&str, &str)] = &[
    ("administrators", "administrator"),
    ("beds", "bed"),
    ("cases", "case"),
    ("days", "day"),
    ("differences", "difference"),
    ("doses", "dose"),
    ("entries", "entry"),
    ("events", "event"),
    ("hours", "hour"),
    ("institutions", "institution"),
    ("items", "item"),
    ("lines", "line"),
    ("messages", "message"),
    ("minutes", "minute"),
    ("months", "month"),
    ("orders", "order"),
    ("pages", "page"),
    ("people", "person"),
    ("persons", "person"),
    ("places", "place"),
    ("points", "point"),
    ("rows", "row"),
    ("services", "service"),
    ("tasks", "task"),
    ("teams", "team"),
    ("things", "thing"),
    ("times", "time"),
    ("villages", "village"),
    ("visits", "visit"),
    ("years", "year"),
];

fn one_of(plural: &str) -> Option<&'static str> {
    COUNTED.iter().find(|it| it.0 == plural).map(|it| it.1)
}

/// `1 people` as `1 person`, wherever the number stands alone.
fn singular(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("1 ") {
        let (before, after) = rest.split_at(at + 2);
        out.push_str(before);
        let is_one = !out[..out.len() - 2].ends_with(|it: char| it.is_ascii_alphanumeric() || ".,-/".contains(it));
        let end = after.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(after.len());
        rest = &after[end..];
        out.push_str(if is_one { one_of(&after[..end]).unwrap_or(&after[..end]) } else { &after[..end] });
    }
    out.push_str(rest);
    out
}

fn fill(template: &str, values: &[(&str, &dyn fmt::Display)]) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let after = &rest[start + 1..];
        let Some(end) = after.find('}') else { break };
        out.push_str(&rest[..start]);
        match values.iter().find(|it| it.0 == &after[..end]) {
            Some(it) => out.push_str(&it.1.to_string()),
            None => out.push_str(&rest[start..start + end + 2]),
        }
        rest = &after[end + 1..];
    }
    out.push_str(rest);
    out
}

/// A sentence kept until it is known who reads it.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// A Chinese sentence of the catalogue, with what fills its placeholders.
    Sentence { zh: &'static str, values: Vec<(&'static str, String)> },
    /// A sentence of a rule, which brings both languages.
    Rule(Text),
}

impl Said {
    pub fn new(zh: &'static str) -> Said {
        Said::Sentence { zh, values: Vec::new() }
    }

    /// Fills the placeholder `{name}`, anew if it was filled before.
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Said {
        if let Said::Sentence { values, .. } = &mut self {
            values.retain(|it| it.0 != name);
            values.push((name, value.to_string()));
        }
        self
    }

    /// The sentence as text that a database keeps; [`Said::shown`] reads it again in anybody's language.
    pub fn stored(&self) -> String {
        match self {
            Said::Sentence { zh, values } => {
                let values: serde_json::Map<String, serde_json::Value> =
                    values.iter().map(|(name, value)| ((*name).to_string(), value.clone().into())).collect();
                serde_json::json!({"said": zh, "values": values}).to_string()
            }
            Said::Rule(text) => {
                let in_lang = |lang| text.in_lang(lang).to_string();
                serde_json::json!({"zh": in_lang(rules::base::Lang::Zh), "en": in_lang(rules::base::Lang::En)})
                    .to_string()
            }
        }
    }

    /// What [`Said::stored`] kept, in a language; anything else is shown as it stands.
    pub fn shown(stored: &str, lang: Lang) -> String {
        let Ok(serde_json::Value::Object(kept)) = serde_json::from_str(stored) else { return stored.to_string() };
        let text = |name: &str| kept.get(name).and_then(serde_json::Value::as_str);
        if let Some(said) = text("said") {
            let values: Vec<(&str, String)> = kept
                .get("values")
                .and_then(serde_json::Value::as_object)
                .into_iter()
                .flatten()
                .map(|(name, value)| (&**name, lang.each(value.as_str().unwrap_or_default())))
                .collect();
            let values: Vec<(&str, &dyn fmt::Display)> =
                values.iter().map(|it| (it.0, &it.1 as &dyn fmt::Display)).collect();
            return lang.f(said, &values);
        }
        text(if lang == Lang::En { "en" } else { "zh" }).unwrap_or(stored).to_string()
    }

    pub fn in_lang(&self, lang: Lang) -> String {
        match self {
            Said::Sentence { zh, values } => {
                let values: Vec<(&str, &dyn fmt::Display)> =
                    values.iter().map(|it| (it.0, &it.1 as &dyn fmt::Display)).collect();
                lang.f(zh, &values)
            }
            Said::Rule(text) => text.in_lang(lang.into()).to_string(),
        }
    }
}

impl From<&'static str> for Said {
    fn from(zh: &'static str) -> Said {
        Said::new(zh)
    }
}

impl From<Text> for Said {
    fn from(text: Text) -> Said {
        Said::Rule(text)
    }
}

impl From<Lang> for rules::base::Lang {
    fn from(lang: Lang) -> rules::base::Lang {
        match lang {
            Lang::Zh => rules::base::Lang::Zh,
            Lang::En => rules::base::Lang::En,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_unknown_ones_stay_visible() {
        assert_eq!(fill("共 {n} 人,{x}", &[("n", &3)]), "共 3 人,{x}");
        assert_eq!(fill("{a}{b}", &[("a", &1), ("b", &2)]), "12");
        assert_eq!(fill("没有 { 结尾", &[]), "没有 { 结尾");
    }

    #[test]
    fn of_one_thing_english_speaks_in_the_singular() {
        assert_eq!(singular("1 people"), "1 person");
        assert_eq!(
            singular("1 institutions, 11 people, 2.1 days, 1 people"),
            "1 institution, 11 people, 2.1 days, 1 person"
        );
        assert_eq!(singular("room 1 upstairs, 2026-03-1 days"), "room 1 upstairs, 2026-03-1 days");
        assert_eq!(Lang::En.f("{n} visits", &[("n", &1)]), "1 visit");
        assert_eq!((Lang::En.unit(1, "people"), Lang::En.unit(21, "people")), ("person", "people"));
    }
}
