//! Orders for programs: the same functions as the pages.

use axum::{Json, extract::Path, response::Response};
use kit::{
    Ask, Error, Result,
    api::{ApiDoc, READ, list_answer},
    form::Input,
};
use serde_json::{Value, json};

use super::{
    list, no_policy,
    pages::{deeds, staff as staff_page},
    place, price,
    record::{self, Order},
    staff as people, words,
};
use crate::{
    elders::{self, Key},
    tariff,
};

pub const LIST: ApiDoc = ApiDoc {
    summary: "Orders of your scope",
    query: &[
        ("q", "part of the name, or pinyin initials"),
        ("state", "placed, accepted, assigned, under_way, done, rated, refused or cancelled"),
        ("what", "open, late, complaint, unrated or without_bed"),
        ("class", "medical, nursing, rehabilitation, pharmacy or guidance"),
        ("from", "first day"),
        ("to", "last day"),
        ("institution", "part of the institution's name"),
        ("place", "region code within your scope"),
        ("sort", "day, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const YEARLY: ApiDoc = ApiDoc {
    summary: "Applicants of the health action for disabled elders",
    query: &[
        ("q", "part of the name, or pinyin initials"),
        ("year", "open or done"),
        ("place", "region code within your scope"),
        ("sort", "applied, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const SERVICES: ApiDoc = ApiDoc {
    summary: "The catalogue of services at home, the questions before a visit and what is agreed to, as policy has them today",
    ..READ
};
pub const PRICE: ApiDoc = ApiDoc {
    summary: "What a service at home would cost, and who pays",
    query: &[
        ("elder", "the elder's id"),
        ("institution", "number of the institution"),
        ("service", "id of the catalogue"),
        ("day", "day of the service; today without it"),
    ],
    ..READ
};
pub const PLACE_DOC: ApiDoc = ApiDoc {
    summary: "Order a service at home; besides these fields `risk_ID` with yes or no for each question",
    body: place::FIELDS,
    ..READ
};
pub const APPLY: ApiDoc =
    ApiDoc { summary: "Apply for the yearly service for disabled elders", body: deeds::APPLY, ..READ };
pub const SHOW: ApiDoc = ApiDoc { summary: "One order and what happened to it; the look is noted", ..READ };
pub const STAFF: ApiDoc = ApiDoc { summary: "Who may be sent, and what speaks against the others", ..READ };
pub const ASSIGN: ApiDoc = ApiDoc { summary: "Say who goes", body: staff_page::FIELDS, ..READ };
pub const ACCEPT: ApiDoc = ApiDoc { summary: "Accept an order", ..READ };
pub const REFUSE: ApiDoc = ApiDoc { summary: "Refuse an order with a reason", body: deeds::REFUSAL, ..READ };
pub const ANSWER: ApiDoc = ApiDoc { summary: "Answer a complaint", body: deeds::ANSWER, ..READ };
pub const ASSESSED: ApiDoc = ApiDoc { summary: "Note a first assessment face to face", body: deeds::ASSESSED, ..READ };
pub const DEPART: ApiDoc = ApiDoc { summary: "Note that somebody departed", ..READ };
pub const DONE: ApiDoc = ApiDoc { summary: "Note by hand that it was done; it is charged", body: deeds::DONE, ..READ };
pub const CHANGE: ApiDoc = ApiDoc { summary: "Another time", body: deeds::CHANGE, ..READ };
pub const CANCEL: ApiDoc = ApiDoc { summary: "Call an order off", body: deeds::CANCEL, ..READ };
pub const CONSENT: ApiDoc = ApiDoc {
    summary: "Agree to an order that was placed without: by the account of elder or family, or with a signature",
    body: deeds::CONSENT,
    ..READ
};
pub const RATE_DOC: ApiDoc = ApiDoc { summary: "Rate an order that was done", body: deeds::RATING, ..READ };

pub async fn list(ask: Ask) -> Result<Response> {
    list::ORDERS.json(&ask).await
}

pub async fn yearly(ask: Ask) -> Result<Response> {
    list::APPLICANTS.json(&ask).await
}

pub async fn services(ask: Ask) -> Result<Json<Value>> {
    let place = ask.who.scope.place.clone();
    let region = ask.app.places.tree().county_of(&place).map_or(place, |it| it.code.clone());
    let policy = ask.app.policy_in(&region, ask.today());
    let services = policy.read(|it| &it.home_services.services).map_err(no_policy)?;
    let risks = policy.read(|it| &it.home_services.risks).map_err(no_policy)?;
    let consent = policy.read(|it| &it.home_services.consent).map_err(no_policy)?;
    Ok(Json(json!({"services": services, "risks": risks, "consent": consent})))
}

pub async fn price(ask: Ask) -> Result<Json<Value>> {
    let answer = ask
        .write(move |tx, ask| {
            let key: Key = ask.param("elder").unwrap_or_default().parse()?;
            let elder = elders::find(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, "order: price asked")?;
            let id = ask.param("institution").unwrap_or_default().parse();
            let id = id.map_err(|_| Error::invalid("institution", "请选择机构"))?;
            let institution = tariff::institution_of(tx, ask, &key, id)?;
            let policy = ask.app.policy_in(&key.region, ask.today());
            let service = place::service_of(ask.param("service").unwrap_or_default(), &policy)?;
            let day = ask.param("day").unwrap_or_default().parse().unwrap_or(ask.today());
            let quote = price::quote(tx, ask, &elder, &institution, service, day)?;
            let (amount, person) = price::sums(&quote);
            Ok(json!({"amount_fen": amount, "person_fen": person, "quote": price::kept(&quote)}))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn create(ask: Ask, input: Input) -> Result<Json<Value>> {
    let it = ask.write(move |tx, ask| place::place_from(tx, ask, &input)).await?;
    Ok(Json(json_of(&it)))
}

pub async fn apply(ask: Ask, input: Input) -> Result<Json<Value>> {
    let key = ask.write(move |tx, ask| deeds::apply_by(tx, ask, &input)).await?;
    Ok(Json(json!({"elder": key})))
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let (it, elder) = record::find(tx, ask, &key)?;
            elders::note(tx, ask, "look", &elder, &format!("order {key}"))?;
            let steps = record::steps(tx, &key)?;
            let steps = steps
                .iter()
                .map(|it| json!({"at": it.at, "who": it.who, "said": kit::Said::shown(&it.said, ask.lang)}));
            let mut answer = json_of(&it);
            answer["steps"] = steps.collect();
            Ok(answer)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn staff(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let (it, elder) = record::find(tx, ask, &key)?;
            elders::note(tx, ask, "look", &elder, &format!("order {key} staff"))?;
            let all = people::candidates(tx, ask, &it)?;
            let all: Vec<Value> = all
                .iter()
                .map(|it| json!({"id": it.id.to_string(), "name": it.name, "kind": it.kind, "may": it.may}))
                .collect();
            Ok(json!({"people": it.people, "items": all}))
        })
        .await?;
    Ok(Json(answer))
}

async fn deed(
    ask: Ask,
    key: String,
    input: Input,
    work: fn(&kit::Tx<'_>, &Ask, &mut Order, &elders::Elder, &Input) -> Result<()>,
) -> Result<Json<Value>> {
    Ok(Json(json_of(&deeds::do_with(&ask, key, input, work).await?)))
}

pub async fn assign(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, input, staff_page::assign_from).await
}

pub async fn accept(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, input, deeds::accept_by).await
}

pub async fn refuse(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, input, deeds::refuse_by).await
}

pub async fn answer(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, input, deeds::answer_by).await
}

pub async fn assessed(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, input, deeds::assessed_by).await
}

pub async fn depart(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, input, deeds::depart_by).await
}

pub async fn done(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, input, deeds::done_by).await
}

pub async fn change(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, input, deeds::change_by).await
}

pub async fn cancel(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, input, deeds::cancel_by).await
}

pub async fn consent(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, input, deeds::consent_by).await
}

pub async fn rate(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, input, deeds::rate_by).await
}

fn json_of(it: &Order) -> Value {
    let bill = it.bill.map(|id| format!("{}-{id}", it.key.region));
    let notes: Vec<String> = serde_json::from_str(&it.charge_note).unwrap_or_default();
    let notes: Vec<String> = notes.iter().map(|it| kit::Said::shown(it, kit::Lang::Zh)).collect();
    let mut order = json!({
        "id": it.key, "thing": it.thing(), "elder": it.elder_key(), "institution": it.institution_key(),
        "service": it.service.id, "name": it.service.name, "class": it.service.class.word(), "state": it.state,
        "state_name": words::title(words::STATES, &it.state), "channel": it.channel, "placed_by": it.placed_by,
        "placed": it.placed, "answer_by": it.answer_by, "day": it.day.to_string(), "part": it.part,
        "from_minute": it.from_minute, "people": it.people, "carer": it.carer, "verdict": it.verdict, "risks": it.risks,
        "conditions": it.conditions, "consent": it.consent, "consent_signer": it.consent_signer,
        "consent_name": it.consent_name, "quote": it.quote, "amount_fen": it.amount, "person_fen": it.person,
        "without_bed": it.without_bed, "staff": it.staff_name, "second": it.second_name, "departed": it.departed,
        "done_day": it.done_day.map(|it| it.to_string()), "done_source": it.done_source, "done_note": it.done_note,
        "bill": bill, "not_charged": notes, "rating": it.rating, "rating_words": it.rating_words,
        "complaint": it.complaint, "complaint_answer": it.complaint_answer, "ended_reason": it.ended_reason,
    });
    order["refused_why"] = json!(it.refused_why);
    order["on_time"] = json!(it.on_time);
    let agreed = &it.agreed;
    order["agreed"] = json!({"by": agreed.by, "at": agreed.at, "who": agreed.who, "file": agreed.file});
    let former = it.former_bills.iter().map(|id| format!("{}-{id}", it.key.region));
    order["former_bills"] = former.collect();
    order
}
