//! Settlement for programs: the same functions as the pages.

use axum::{Json, extract::Path, response::Response};
use kit::{
    Ask, Id, Result,
    api::{ApiDoc, READ, list_answer},
    form::{self, Field, Input, Kind, Options, field},
};
use serde_json::{Value, json};

use super::{
    complaint,
    keep::{self, Settlement},
    list, objection, pages, pay, redo as redoing, sample, statement, work,
};
use crate::{
    elders::{self, Key},
    ltci::claim,
};

pub const SETTLE_FIELDS: &[Field] = &[
    field("month", "月份", Kind::Text(7)).required().help("如 2026-01。"),
    field("place", "地区", Kind::Text(20)).help("县区或市的代码;不填为您的管理范围。"),
];
pub const PAID_FIELDS: &[Field] = &[
    field("day", "支付日", Kind::Date).required(),
    field("payment", "支付编号", Kind::Text(20)).help("不填为全部待办理的。"),
    field("reference", "凭证号", Kind::Text(60)),
];

const QUERY: &[(&str, &str)] = &[
    ("month", "such as 2026-01"),
    ("state", "a state"),
    ("place", "region code within your scope"),
    ("after", "`next` of the page before"),
    ("limit", "1 to 500, 50 without it"),
];

pub const LIST: ApiDoc = ApiDoc { summary: "Runs over months", query: QUERY, answer: list_answer, ..READ };
pub const SETTLE: ApiDoc = ApiDoc {
    summary: "Compute a month: a draft for each county, written beside this answer; the answer is the job",
    body: SETTLE_FIELDS,
    ..READ
};
pub const SHOW: ApiDoc = ApiDoc { summary: "One run: totals, what each provider gets, payments", ..READ };
pub const CONFIRM: ApiDoc = ApiDoc { summary: "Confirm a draft, if the month still comes out as it did", ..READ };
pub const DIFFERENCES: ApiDoc = ApiDoc {
    summary: "Lines that come out otherwise than in the confirmed run before, with the reasons, and the policy that is otherwise",
    ..READ
};
pub const PAID: ApiDoc = ApiDoc { summary: "Note that payments were made", body: PAID_FIELDS, ..READ };
pub const DRAW: ApiDoc = ApiDoc { summary: "Draw lines of each provider for review", body: sample::DRAW, ..READ };
pub const REVIEW: ApiDoc = ApiDoc { summary: "What came of a line that was drawn", body: sample::REVIEW, ..READ };
pub const PAYMENTS: ApiDoc = ApiDoc { summary: "Payments", query: QUERY, answer: list_answer, ..READ };
pub const SAMPLES: ApiDoc = ApiDoc { summary: "Lines drawn for review", query: QUERY, answer: list_answer, ..READ };
pub const REDO: ApiDoc = ApiDoc {
    summary: "Confirmed months that would come out otherwise today",
    query: QUERY,
    answer: list_answer,
    ..READ
};
pub const OBJECTIONS: ApiDoc = ApiDoc { summary: "Objections", query: QUERY, answer: list_answer, ..READ };
pub const RAISE: ApiDoc = ApiDoc { summary: "Object to what became of a line", body: objection::RAISE, ..READ };
pub const ANSWER: ApiDoc = ApiDoc { summary: "Answer the open objection to a line", body: objection::ANSWER, ..READ };
pub const COMPLAINTS: ApiDoc =
    ApiDoc { summary: "Services that, as elders say, did not happen", query: QUERY, answer: list_answer, ..READ };
pub const CLOSE: ApiDoc = ApiDoc { summary: "Close a complaint with what was found", body: complaint::CLOSE, ..READ };
pub const MONTH: ApiDoc = ApiDoc {
    summary: "An elder's month: who came when, what was done, who paid what; the look is noted",
    query: &[("month", "such as 2026-01; this month without it")],
    ..READ
};
pub const COMPLAIN: ApiDoc = ApiDoc { summary: "Say that a service did not happen", body: complaint::FIELDS, ..READ };

pub async fn list(ask: Ask) -> Result<Response> {
    list::SETTLEMENTS.json(&ask).await
}

pub async fn payments(ask: Ask) -> Result<Response> {
    list::PAYMENTS.json(&ask).await
}

pub async fn samples(ask: Ask) -> Result<Response> {
    list::SAMPLES.json(&ask).await
}

pub async fn redo(ask: Ask) -> Result<Response> {
    list::REDO.json(&ask).await
}

pub async fn objections(ask: Ask) -> Result<Response> {
    list::OBJECTIONS.json(&ask).await
}

pub async fn complaints(ask: Ask) -> Result<Response> {
    list::COMPLAINTS.json(&ask).await
}

pub async fn settle(ask: Ask, input: Input) -> Result<Json<Value>> {
    let checked = form::check(SETTLE_FIELDS, &input, &Options::new())?;
    let place = checked.optional("place").unwrap_or_else(|| ask.who.scope.place.clone());
    let month = checked.text("month");
    let job = ask.write(move |tx, ask| work::enqueue(tx, ask, &place, &month)).await?;
    Ok(Json(json!({"job": job})))
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .read(move |tx, ask| {
            let it = keep::find(tx, &ask.who.scope, &key)?;
            let own = ask.who.scope.organisation;
            let sums = statement::sums(tx, &it)?.into_iter().filter(|one| own.is_none_or(|own| own == one.provider));
            let providers: Vec<Value> = sums
                .map(|one| {
                    json!({"provider": one.provider, "persons": one.persons, "lines": one.lines, "claimed_fen": one.claimed,
                           "fund_fen": one.fund, "person_fen": one.person, "provider_fen": one.borne,
                           "pending_fen": one.pending, "reviewed_fen": one.reviewed})
                })
                .collect();
            let payments = pay::of_settlement(tx, &key)?.into_iter();
            let payments: Vec<Value> = payments
                .filter(|one| own.is_none_or(|own| own == one.payee.provider))
                .map(|one| {
                    json!({"id": one.id, "provider": one.payee.provider, "elder": one.payee.elder, "kind": one.kind,
                           "amount_fen": one.amount, "state": one.state, "paid_day": one.paid_day.map(|it| it.to_string())})
                })
                .collect();
            let mut whole = json_of(&it);
            if own.is_some() {
                whole.as_object_mut().map(|it| it.remove("totals"));
            }
            whole["providers"] = Value::Array(providers);
            whole["payments"] = Value::Array(payments);
            Ok(whole)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn confirm(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    Ok(Json(json_of(&work::confirm(&ask, &key.parse()?).await?)))
}

fn json_of(it: &Settlement) -> Value {
    json!({
        "id": it.key, "month": it.month, "run": it.run, "as_of": it.as_of.to_string(), "state": it.state, "totals": it.totals,
        "digest": it.digest, "policy_digest": it.policy_digest, "confirmed": it.confirmed,
    })
}

pub async fn differences(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .read(move |tx, ask| {
            let it = keep::find_whole(tx, &ask.who.scope, &key)?;
            let amounts = |it: Option<redoing::Amounts>| {
                it.map(|it| {
                    json!({"fund_fen": it.fund, "person_fen": it.person, "provider_fen": it.provider, "pending_fen": it.pending})
                })
            };
            let all: Vec<Value> = redoing::of_settlement(tx, &it)?
                .iter()
                .map(|one| {
                    json!({"elder": Key { region: key.region.clone(), id: one.elder }, "claim": one.claim, "provider": one.provider,
                           "before": amounts(one.before), "after": amounts(one.after), "difference_fen": one.fund(),
                           "deductions_before": one.deductions_before, "deductions_after": one.deductions_after,
                           "facts": one.facts})
                })
                .collect();
            Ok(json!({"items": all, "policies": redoing::policies(tx, &it)?}))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn paid(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let done = ask.write(move |tx, ask| pages::run::pay_from(tx, ask, &key, &input)).await?;
    Ok(Json(json!({"paid": done})))
}

pub async fn draw(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let drawn = ask.write(move |tx, ask| sample::draw(tx, ask, &key, &input)).await?;
    Ok(Json(json!({"drawn": drawn})))
}

pub async fn review(ask: Ask, Path((key, claim)): Path<(String, Id)>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    ask.write(move |tx, ask| sample::review(tx, ask, &key, claim, &input)).await?;
    Ok(Json(json!({"claim": claim})))
}

pub async fn raise(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let id = ask
        .write(move |tx, ask| {
            let it = claim::find(tx, &ask.who.scope, &key)?;
            objection::raise(tx, ask, &it, &input)
        })
        .await?;
    Ok(Json(json!({"objection": id})))
}

pub async fn answer(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = json!({"claim": key});
    ask.write(move |tx, ask| {
        let it = claim::find(tx, &ask.who.scope, &key)?;
        objection::answer(tx, ask, &it, &input)
    })
    .await?;
    Ok(Json(answer))
}

pub async fn close(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = json!({"complaint": key});
    ask.write(move |tx, ask| complaint::close(tx, ask, &key, &input)).await?;
    Ok(Json(answer))
}

pub async fn month(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let it = pages::month::load(tx, ask, &key)?;
            let lines: Vec<Value> = it
                .lines
                .iter()
                .map(|one| {
                    json!({"claim": one.claim, "day": one.day.to_string(), "service": one.service, "provider": one.provider,
                           "begin": one.began, "minutes": one.minutes, "claimed_fen": one.claimed, "fund_fen": one.fund,
                           "person_fen": one.person, "complaint": one.complaint})
                })
                .collect();
            Ok(json!({"elder": key, "month": it.month, "settled": it.is_settled, "bonus_fen": it.bonus, "lines": lines}))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn complain(ask: Ask, Path((key, claim)): Path<(String, Id)>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let id = ask
        .write(move |tx, ask| {
            let elder = elders::find(tx, &ask.who.scope, &key)?;
            complaint::add(tx, ask, &elder, claim, &input)
        })
        .await?;
    Ok(Json(json!({"complaint": id})))
}
