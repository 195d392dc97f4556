//! Chinese medicine for elders for programs: the same functions as the pages.

use axum::{Json, extract::Path, response::Response};
use kit::{
    Ask, Error, Result, Said,
    api::{ApiDoc, READ, list_answer},
    form::{self as kit_form, Field, Input, Kind, Options, field},
};
use serde_json::{Value, json};

use super::{
    course, list,
    record::{self, Record},
    techniques::{self, Centre},
    words,
};
use crate::{
    assessment::scale,
    elders::{self, Key},
};

pub const DECIDE_FIELDS: &[Field] = &[
    field("constitution", "主要体质", Kind::Choice(words::CONSTITUTIONS)).required(),
    field("reason", "判定理由", Kind::Text(200)).required().help("舌象、脉象和其他依据。"),
];
pub const ADVISE_FIELDS: &[Field] = &[field("note", "另外叮嘱", Kind::LongText(500))];

pub const LIST: ApiDoc = ApiDoc {
    summary: "Constitutions and advice of your scope",
    query: &[
        ("q", "part of the name, or pinyin initials"),
        ("state", "settled, tie, contradictory or nothing"),
        ("constitution", "a type in Chinese"),
        ("advised", "yes or no"),
        ("place", "region code within your scope"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const DUE: ApiDoc = ApiDoc {
    summary: "Elders for whom Chinese medicine is due",
    query: &[
        ("when", "late, month or quarter"),
        ("place", "region code within your scope"),
        ("after", "`next` of the page before"),
    ],
    answer: list_answer,
    ..READ
};
pub const TAKE: ApiDoc = ApiDoc {
    summary: "A whole questionnaire: {elder, answers: {\"1\": 1 … \"33\": 5}}; answers what it concludes. What the yearly check measured need not be answered",
    ..READ
};
pub const SHOW: ApiDoc = ApiDoc { summary: "One record with its types and advice; the look is noted", ..READ };
pub const DECIDE: ApiDoc = ApiDoc { summary: "Say which of tied types leads", body: DECIDE_FIELDS, ..READ };
pub const ADVISE: ApiDoc = ApiDoc { summary: "Note that the advice was given", body: ADVISE_FIELDS, ..READ };
pub const TECHNIQUES: ApiDoc =
    ApiDoc { summary: "Health centres of your scope with the techniques they offer", answer: list_answer, ..READ };
pub const SET_TECHNIQUES: ApiDoc =
    ApiDoc { summary: "Say which techniques a centre offers: {techniques: [ids]}", ..READ };

pub async fn list(ask: Ask) -> Result<Response> {
    list::RECORDS.json(&ask).await
}

pub async fn due(ask: Ask) -> Result<Response> {
    list::DUE.json(&ask).await
}

pub async fn take(ask: Ask, body: String) -> Result<Json<Value>> {
    let body: Value = serde_json::from_str(&body)
        .map_err(|e| Error::invalid("body", Said::new("请求正文不是 JSON:{why}").with("why", e)))?;
    let key: Key =
        body["elder"].as_str().unwrap_or_default().parse().map_err(|_| Error::invalid("elder", "没有这位老人"))?;
    let Value::Object(answers) = &body["answers"] else {
        return Err(Error::invalid("answers", "“answers”应是条目编号与分值的对象"));
    };
    let mut given: Vec<(String, String)> = Vec::new();
    for (item, score) in answers {
        let score = match score {
            Value::Number(it) => it.to_string(),
            Value::String(it) => it.clone(),
            _ => return Err(Error::invalid(item, Said::new("条目“{item}”的答案应是分值").with("item", item))),
        };
        given.push((item.clone(), score));
    }
    let answer = ask
        .write(move |tx, ask| {
            let mut it = course::begin(tx, ask, &key)?;
            for (item, score) in &given {
                scale::answer(tx, ask, &it, item, score)?;
            }
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            scale::finish(tx, ask, &mut it, &elder)?;
            json_of(&course::take(tx, ask, &it, &elder)?)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let (it, elder) = record::find(tx, &ask.who.scope, &key)?;
            record::note(tx, ask, "look", &it, &elder, "")?;
            json_of(&it)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn decide(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let checked = kit_form::check(DECIDE_FIELDS, &input, &Options::new())?;
    let answer = ask
        .write(move |tx, ask| {
            let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            course::decide(tx, ask, &mut it, &elder, &checked.text("constitution"), &checked.text("reason"))?;
            json_of(&it)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn advise(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let note = kit_form::check(ADVISE_FIELDS, &input, &Options::new())?.text("note");
    let answer = ask
        .write(move |tx, ask| {
            let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            course::advise(tx, ask, &mut it, &elder, &note)?;
            json_of(&it)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn techniques(ask: Ask) -> Result<Json<Value>> {
    let all = ask.read(|tx, ask| techniques::centres(tx, ask, &ask.who.scope)).await?;
    let items: Vec<Value> = all.iter().map(centre_json).collect();
    Ok(Json(json!({"total": items.len(), "items": items, "next": null})))
}

pub async fn set_techniques(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let wanted: Vec<String> = input.all("techniques").iter().filter(|it| !it.is_empty()).cloned().collect();
    let answer = ask
        .write(move |tx, ask| {
            let centre = techniques::find(tx, ask, &key)?;
            techniques::set(tx, ask, &centre, &wanted)?;
            Ok(centre_json(&techniques::find(tx, ask, &key)?))
        })
        .await?;
    Ok(Json(answer))
}

fn centre_json(it: &Centre) -> Value {
    let offer = it.offer.as_ref();
    json!({"id": it.key, "name": it.name, "place": it.place, "techniques": it.techniques,
           "classes": offer.map(|it| it.classes), "count": offer.map(|it| it.items),
           "enough": offer.map(|it| it.enough.is_yes())})
}

fn json_of(it: &Record) -> Result<Value> {
    let advice = it.advice.as_deref().map(serde_json::from_str::<Value>).transpose()?;
    Ok(json!({
        "id": it.key, "elder": it.elder_key(), "assessment": Key { region: it.key.region.clone(), id: it.assessment },
        "day": it.day, "state": record::word_of(it.state), "types": it.types, "leading": it.leading,
        "constitution": it.constitution, "decided_by": it.decided_by, "reason": it.reason, "again_day": it.again_day,
        "advice": advice, "advice_note": it.advice_note, "advised": it.advised, "doctor": it.doctor,
    }))
}
