//! The steps of the course for programs, one address each, by the same functions as the buttons of the page.

use axum::{Json, extract::Path};
use kit::{
    Ask, Error, Result, Tx,
    api::{ApiDoc, READ},
    files,
    form::{self as kit_form, Field, Input, Kind, Options, field},
};
use serde_json::Value;

use super::json_of;
use crate::{
    assessment::{
        apply, office, onsite,
        pages::deeds::{plan, text},
        record::{self, Assessment},
        words,
    },
    elders::{Elder, Key},
};

const MISSING: &[Field] = &[field("missing", "要补正的材料", Kind::LongText(500)).required()];
const REJECTION: &[Field] = &[
    field("rejection", "不予受理的原因", Kind::Choice(words::REJECTIONS)).required(),
    field("words", "说明", Kind::LongText(500)),
];
const PLAN: &[Field] = &[
    field("assessor_1", "第一评估员(主评)", Kind::Text(30)).required(),
    field("assessor_2", "第二评估员", Kind::Text(30)).required(),
    field("planned_day", "上门日期", Kind::Date).required(),
    field("planned_time", "时间", Kind::Text(5)),
];
const WORDS: &[Field] = &[field("words", "复核意见", Kind::LongText(500))];
const WHY: &[Field] = &[field("why", "原因", Kind::LongText(500)).required()];
const OBJECTION: &[Field] =
    &[field("who", "异议人", Kind::Text(50)), field("why", "异议的理由", Kind::LongText(500)).required()];
const SIGNATURE: &[Field] = &[
    field("signature", "签名", Kind::LongText(1_500_000)).required().help("data:image/png;base64,…"),
    field("informant", "信息提供者", Kind::Text(50)),
    field("site", "评估地点", Kind::Choice(words::SITES)),
];

const fn doc(summary: &'static str, body: &'static [Field]) -> ApiDoc {
    ApiDoc { summary, body, ..READ }
}

pub const SUBMIT: ApiDoc = doc("Hand an application in", &[]);
pub const ACCEPT: ApiDoc = doc("Accept an application; the time limit runs from today", &[]);
pub const RETURN: ApiDoc = doc("Return an application for completion", MISSING);
pub const REJECT: ApiDoc = doc("Do not take an application up, for one of five reasons", REJECTION);
pub const ASSIGN: ApiDoc = doc("Send two assessors, by their accounts' ids", PLAN);
pub const SIGN: ApiDoc = doc("Sign the answers as one of the two assessors", SIGNATURE);
pub const FINISH: ApiDoc = doc("Finish a simple scale", &[]);
pub const APPROVE: ApiDoc = doc("Approve a finished assessment: on notice, or in effect", WORDS);
pub const SEND_BACK: ApiDoc = doc("Send a finished assessment back to its assessors", WHY);
pub const OBJECT: ApiDoc = doc("Object to a conclusion", OBJECTION);
pub const BEGIN_REVIEW: ApiDoc = doc("Let other assessors look anew; answers the new assessment", PLAN);
pub const DISMISS: ApiDoc = doc("Let a conclusion stand against an objection", WHY);
pub const END: ApiDoc = doc("End an assessment that will not be finished", WHY);

/// Checks the body, does one deed in one transaction, and answers the assessment as it then stands.
async fn done(
    ask: Ask,
    key: String,
    fields: &'static [Field],
    input: Input,
    deed: impl FnOnce(&Tx<'_>, &Ask, &mut Assessment, &Elder, &Input) -> Result<()> + Send + 'static,
) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    kit_form::check(fields, &input, &Options::new())?;
    let answer = ask
        .write(move |tx, ask| {
            let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            deed(tx, ask, &mut it, &elder, &input)?;
            json_of(tx, &it, &elder)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn submit(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    done(ask, key, &[], Input::default(), |tx, ask, it, elder, _| apply::submit(tx, ask, it, elder)).await
}

pub async fn accept(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    done(ask, key, &[], Input::default(), |tx, ask, it, elder, _| office::accept(tx, ask, it, elder)).await
}

pub async fn return_materials(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let deed = |tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, input: &Input| {
        office::return_materials(tx, ask, it, elder, &text(input, "missing"))
    };
    done(ask, key, MISSING, input, deed).await
}

pub async fn reject(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let deed = |tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, input: &Input| {
        office::reject(tx, ask, it, elder, &text(input, "rejection"), &text(input, "words"))
    };
    done(ask, key, REJECTION, input, deed).await
}

pub async fn assign(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let deed = |tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, input: &Input| {
        office::assign(tx, ask, it, elder, &plan(input)?)
    };
    done(ask, key, PLAN, input, deed).await
}

pub async fn sign(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let missing = || Error::invalid("signature", "请签名");
    let picture = files::from_data_url(input.get("signature")).ok_or_else(missing)?;
    let picture = ask.app.files.lay(&ask, "signature", "signature.png", picture).await?;
    let deed = move |tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, input: &Input| {
        onsite::sign(tx, ask, it, elder, &picture)?;
        onsite::set_informant(tx, it, &text(input, "informant"), input.get("site"))
    };
    done(ask, key, SIGNATURE, input, deed).await
}

pub async fn finish(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    done(ask, key, &[], Input::default(), |tx, ask, it, elder, _| onsite::finish(tx, ask, it, elder)).await
}

pub async fn approve(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let deed = |tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, input: &Input| {
        office::approve(tx, ask, it, elder, &text(input, "words"))
    };
    done(ask, key, WORDS, input, deed).await
}

pub async fn send_back(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let deed = |tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, input: &Input| {
        office::send_back(tx, ask, it, elder, &text(input, "why"))
    };
    done(ask, key, WHY, input, deed).await
}

pub async fn object(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let deed = |tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, input: &Input| {
        office::object(tx, ask, it, elder, &text(input, "who"), &text(input, "why"))
    };
    done(ask, key, OBJECTION, input, deed).await
}

pub async fn begin_review(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    kit_form::check(PLAN, &input, &Options::new())?;
    let plan = plan(&input)?;
    let answer = ask
        .write(move |tx, ask| {
            let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            let new = office::begin_review(tx, ask, &mut it, &elder, &plan)?;
            json_of(tx, &new, &elder)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn dismiss(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let deed = |tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, input: &Input| {
        office::dismiss(tx, ask, it, elder, &text(input, "why"))
    };
    done(ask, key, WHY, input, deed).await
}

pub async fn end(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let deed = |tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, input: &Input| {
        office::end(tx, ask, it, elder, &text(input, "why"))
    };
    done(ask, key, WHY, input, deed).await
}
