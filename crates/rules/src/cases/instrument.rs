//! Cases of instruments: answers and facts, and what they must give.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Outcome;
use crate::{
    assessment::{Answers, Code, Facts, Instrument, Points, score},
    base::Text,
    policy::{Fault, Library, read},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(rename = "名称")]
    name: String,
    /// Every item not named in 答案 is answered with its highest or lowest score.
    #[serde(rename = "其余", default)]
    others: Option<Fill>,
    #[serde(rename = "答案", default)]
    answers: Answers,
    #[serde(rename = "事实", default)]
    facts: Facts,
    #[serde(rename = "应得", default)]
    expected: Option<Expected>,
    /// In place of 应得: the items or facts that must be refused.
    #[serde(rename = "应拒绝", default)]
    refused: Option<Vec<String>>,
}

#[derive(Deserialize, Clone, Copy)]
enum Fill {
    #[serde(rename = "最高分")]
    Highest,
    #[serde(rename = "最低分")]
    Lowest,
}

/// Only what is written is compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(rename = "合计", default)]
    totals: BTreeMap<String, Points>,
    #[serde(rename = "等级", default)]
    level: Option<Code>,
    #[serde(rename = "名称", default)]
    level_name: Option<String>,
    #[serde(rename = "结果", default)]
    results: BTreeMap<String, String>,
}

pub(super) fn run(library: &Library, path: &str, text: &str) -> Result<Vec<Outcome>, Fault> {
    let cases: Vec<Case> = read(path, text)?;
    let id = path.rsplit('/').next().and_then(|it| it.strip_suffix(".cases.yaml")).unwrap_or_default();
    let instrument = library.instrument(id).ok_or_else(|| {
        Fault::of_file(path, Text::new(format!("没有量表“{id}”"), format!("there is no instrument “{id}”")))
    })?;
    cases.iter().map(|it| run_one(instrument, path, it)).collect()
}

fn run_one(instrument: &Instrument, path: &str, case: &Case) -> Result<Outcome, Fault> {
    let name = case.name.clone();
    if case.expected.is_some() == case.refused.is_some() {
        let zh = format!("“{name}”应写明 应得 或 应拒绝，二者取一");
        return Err(Fault::of_file(path, Text::new(zh, format!("“{name}” needs either 应得 or 应拒绝"))));
    }
    let (expected, got, steps) = match (score(instrument, &filled(instrument, case), &case.facts), &case.expected) {
        (Ok(scored), Some(expected)) => {
            let all = json!({ "合计": scored.totals, "等级": scored.level.as_ref().map(|it| &it.code),
                "名称": scored.level.as_ref().map(|it| &it.name), "结果": scored.results });
            let expected = written(expected);
            (expected.clone(), only_asked(&all, &expected), scored.reasons.into_iter().map(|it| it.text).collect())
        }
        (Ok(scored), None) => (json!({ "应拒绝": case.refused }), json!({ "合计": scored.totals }), Vec::new()),
        (Err(bad), Some(expected)) => {
            (written(expected), json!({ "拒绝": bad }), bad.iter().map(|it| it.text()).collect())
        }
        (Err(bad), None) => {
            let fields: Vec<&str> = bad.iter().map(|it| it.field()).collect();
            (json!(case.refused), json!(fields), bad.iter().map(|it| it.text()).collect())
        }
    };
    let rule = instrument.id.clone();
    Ok(Outcome {
        file: path.to_owned(),
        rule,
        name,
        passed: expected == got,
        expected,
        got,
        because: Vec::new(),
        steps,
    })
}

fn filled(instrument: &Instrument, case: &Case) -> Answers {
    let mut answers = case.answers.clone();
    let Some(fill) = case.others else { return answers };
    for item in instrument.items.iter().filter(|it| !case.answers.0.contains_key(&it.name)) {
        let scores = item.choices.iter().map(|it| it.score);
        let score = match fill {
            Fill::Highest => scores.max(),
            Fill::Lowest => scores.min(),
        };
        answers.0.entry(item.id.clone()).or_insert_with(|| json!(score));
    }
    answers
}

fn written(it: &Expected) -> Value {
    let mut map = Map::new();
    let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
    if !it.totals.is_empty() {
        put("合计", json!(it.totals));
    }
    if let Some(level) = &it.level {
        put("等级", json!(level));
    }
    if let Some(name) = &it.level_name {
        put("名称", json!(name));
    }
    if !it.results.is_empty() {
        put("结果", json!(it.results));
    }
    Value::Object(map)
}

/// `all` with only those keys that `asked` has.
fn only_asked(all: &Value, asked: &Value) -> Value {
    match (all, asked) {
        (Value::Object(all), Value::Object(asked)) => {
            let kept =
                asked.iter().map(|(key, it)| (key.clone(), only_asked(all.get(key).unwrap_or(&Value::Null), it)));
            Value::Object(kept.collect())
        }
        (all, _) => all.clone(),
    }
}
