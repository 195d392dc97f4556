//! Benefits and providers for programs: the same functions as the pages.

use axum::{Json, extract::Path, response::Response};
use kit::{
    Ask, Id, Result, Tx,
    api::{ApiDoc, READ, list_answer},
    form::Input,
};
use serde_json::{Value, json};

use super::{
    benefit::{
        application::{self, Application},
        decide, list,
        pages::{application as deeds, apply, benefit, plan as plan_page},
        pause, plan as planned, step,
    },
    provider::{self, agreement, carer, course, pages::deeds as provider_deeds, pages::handlers},
    words,
};
use crate::{
    elders::{self, Elder, Key},
    institutions::{self, Institution},
};

const PAGING: &[(&str, &str)] = &[
    ("q", "part of the name, or pinyin initials"),
    ("state", "a word of the state"),
    ("place", "region code within your scope"),
    ("after", "`next` of the page before"),
    ("limit", "1 to 500, 50 without it"),
];

pub const RECIPIENTS: ApiDoc =
    ApiDoc { summary: "Whose benefit runs today", query: PAGING, answer: list_answer, ..READ };
pub const APPLICATIONS: ApiDoc =
    ApiDoc { summary: "Applications for benefit", query: PAGING, answer: list_answer, ..READ };
pub const APPLY: ApiDoc = ApiDoc { summary: "Apply for benefit of an elder", body: apply::FIELDS, ..READ };
pub const APPLICATION: ApiDoc = ApiDoc { summary: "One application; the look is noted", ..READ };
pub const DECIDE: ApiDoc = ApiDoc { summary: "Decide an application as the policy in force says", ..READ };
pub const REFUSE: ApiDoc =
    ApiDoc { summary: "Do not take an application up, for one of five reasons", body: deeds::REFUSE, ..READ };
pub const WITHDRAW: ApiDoc = ApiDoc { summary: "Take an application back", body: deeds::WITHDRAW, ..READ };
pub const BENEFIT: ApiDoc =
    ApiDoc { summary: "The benefit of an elder with its steps and pauses; the look is noted", ..READ };
pub const PLANS: ApiDoc = ApiDoc { summary: "The plans of care of an elder; the look is noted", ..READ };
pub const PLAN: ApiDoc =
    ApiDoc { summary: "Make a plan of care, weighed against the limits", body: plan_page::API_FIELDS, ..READ };
pub const CHANGE: ApiDoc =
    ApiDoc { summary: "Another way of care, provider or bonus from a day on", body: benefit::CHANGE, ..READ };
pub const PAUSE: ApiDoc = ApiDoc { summary: "Pause a benefit", body: benefit::PAUSE, ..READ };
pub const RESUME: ApiDoc = ApiDoc { summary: "Let a paused benefit go on", body: benefit::RESUME, ..READ };
pub const END: ApiDoc = ApiDoc { summary: "End a benefit", body: benefit::END, ..READ };
pub const PROVIDERS: ApiDoc =
    ApiDoc { summary: "Institutions with an agreement", query: PAGING, answer: list_answer, ..READ };
pub const CARERS: ApiDoc = ApiDoc { summary: "Who gives care for them", query: PAGING, answer: list_answer, ..READ };
pub const PROVIDER: ApiDoc =
    ApiDoc { summary: "One institution: agreements, suspensions, evaluations and carers", ..READ };
pub const SIGN: ApiDoc = ApiDoc { summary: "Sign an agreement", body: provider_deeds::SIGN, ..READ };
pub const END_AGREEMENT: ApiDoc = ApiDoc { summary: "End the agreement", body: provider_deeds::END, ..READ };
pub const SUSPEND: ApiDoc = ApiDoc { summary: "Suspend an institution", body: provider_deeds::SUSPEND, ..READ };
pub const LIFT: ApiDoc = ApiDoc { summary: "Lift a suspension", body: provider_deeds::LIFT, ..READ };
pub const EVALUATE: ApiDoc =
    ApiDoc { summary: "Write what came of a year's evaluation", body: provider_deeds::EVALUATE, ..READ };
pub const REGISTER: ApiDoc = ApiDoc { summary: "Register a carer", body: provider_deeds::CARER, ..READ };
pub const DISMISS: ApiDoc = ApiDoc { summary: "A carer leaves", body: provider_deeds::DISMISS, ..READ };
pub const HANDLER: ApiDoc =
    ApiDoc { summary: "Set which insurer handles a place from a day on", body: handlers::FIELDS, ..READ };

pub async fn recipients(ask: Ask) -> Result<Response> {
    list::RECIPIENTS.json(&ask).await
}

pub async fn applications(ask: Ask) -> Result<Response> {
    list::APPLICATIONS.json(&ask).await
}

pub async fn providers(ask: Ask) -> Result<Response> {
    provider::list::PROVIDERS.json(&ask).await
}

pub async fn carers(ask: Ask) -> Result<Response> {
    provider::list::CARERS.json(&ask).await
}

pub async fn apply(ask: Ask, input: Input) -> Result<Json<Value>> {
    let it = ask.write(move |tx, ask| Ok(apply::apply_from(tx, ask, &input)?.0)).await?;
    of_application(ask, it.key.to_string(), |_, _, _, _| Ok(())).await
}

pub async fn application(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    of_application(ask, key, |tx, ask, it, elder| {
        elders::note(tx, ask, "look", elder, &format!("ltci application {}", it.key))
    })
    .await
}

pub async fn decide(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    of_application(ask, key, |tx, ask, it, elder| decide::decide_on(tx, ask, it, elder).map(|_| ())).await
}

pub async fn refuse(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    of_application(ask, key, move |tx, ask, it, elder| deeds::refuse_by(tx, ask, it, elder, &input)).await
}

pub async fn withdraw(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    of_application(ask, key, move |tx, ask, it, elder| deeds::withdraw_by(tx, ask, it, elder, &input)).await
}

/// Does something with an application and answers what it is then.
async fn of_application(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &Application, &Elder) -> Result<()> + Send + 'static,
) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let (it, elder) = application::find(tx, &ask.who.scope, &key)?;
            work(tx, ask, &it, &elder)?;
            Ok(json_of(&application::by_key(tx, &key)?))
        })
        .await?;
    Ok(Json(answer))
}

fn json_of(it: &Application) -> Value {
    json!({
        "id": it.key, "elder": it.elder_key(), "state": it.state, "mode": it.mode, "provider": it.provider, "bonus": it.bonus,
        "applicant": it.applicant, "applicant_name": it.applicant_name, "grade": it.grade, "applied": it.applied,
        "due": it.due.map(|it| it.to_string()), "decided": it.decided.map(|it| it.to_string()), "reason": it.reason,
        "note": it.reason_note, "decision": it.decision,
        "assessment": it.assessment.map(|id| Key { region: it.key.region.clone(), id }),
    })
}

pub async fn benefit(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let elder = benefit::find(tx, ask, &key)?;
            elders::note(tx, ask, "look", &elder, "ltci benefit")?;
            json_of_benefit(tx, &key)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn plans(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let elder = benefit::find(tx, ask, &key)?;
            elders::note(tx, ask, "look", &elder, "ltci plan")?;
            json_of_plans(tx, &key)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn plan(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            plan_page::make_by(tx, ask, &key, &input)?;
            json_of_plans(tx, &key)
        })
        .await?;
    Ok(Json(answer))
}

fn json_of_plans(tx: &Tx<'_>, key: &Key) -> Result<Value> {
    let plans: Vec<Value> = planned::of_elder(tx, key)?
        .into_iter()
        .map(|it| {
            let items: Vec<Value> = it
                .items
                .iter()
                .map(|one| {
                    json!({"service": one.service, "times": one.times, "every": planned::every_word(one.every),
                           "minutes": one.minutes, "price_fen": one.price.fen()})
                })
                .collect();
            json!({"from": it.from.to_string(), "review": it.review.to_string(), "goals": it.goals, "per_week": it.per_week,
                   "per_month": it.per_month, "cost_fen": it.cost.fen(), "who": it.who, "items": items})
        })
        .collect();
    Ok(json!({"elder": key, "plans": plans}))
}

pub async fn change(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    of_benefit(ask, key, move |tx, ask, elder| benefit::change_by(tx, ask, elder, &input)).await
}

pub async fn pause(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    of_benefit(ask, key, move |tx, ask, elder| benefit::pause_by(tx, ask, elder, &input)).await
}

pub async fn resume(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    of_benefit(ask, key, move |tx, ask, elder| benefit::resume_by(tx, ask, elder, &input)).await
}

pub async fn end(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    of_benefit(ask, key, move |tx, ask, elder| benefit::end_by(tx, ask, elder, &input)).await
}

async fn of_benefit(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &Elder) -> Result<()> + Send + 'static,
) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            work(tx, ask, &elder)?;
            json_of_benefit(tx, &key)
        })
        .await?;
    Ok(Json(answer))
}

fn json_of_benefit(tx: &Tx<'_>, key: &Key) -> Result<Value> {
    let steps: Vec<Value> = step::of_elder(tx, key)?
        .into_iter()
        .map(|it| {
            json!({"from": it.from.to_string(), "grade": it.grade, "mode": it.mode, "provider": it.provider, "bonus": it.bonus,
                   "reason": it.reason, "note": it.note, "decision": it.decision})
        })
        .collect();
    let pauses: Vec<Value> = pause::of_elder(tx, key)?
        .into_iter()
        .map(|it| json!({"from": it.from.to_string(), "until": it.until.map(|it| it.to_string()), "reason": it.reason}))
        .collect();
    Ok(json!({"elder": key, "steps": steps, "pauses": pauses}))
}

pub async fn provider(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    of_provider(ask, key, |_, _, _| Ok(())).await
}

pub async fn sign(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    of_provider(ask, key, move |tx, ask, it| provider_deeds::sign_by(tx, ask, it, &input)).await
}

pub async fn end_agreement(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    of_provider(ask, key, move |tx, ask, it| provider_deeds::end_by(tx, ask, it, &input)).await
}

pub async fn suspend(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    of_provider(ask, key, move |tx, ask, it| provider_deeds::suspend_by(tx, ask, it, &input)).await
}

pub async fn lift(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    of_provider(ask, key, move |tx, ask, it| provider_deeds::lift_by(tx, ask, it, &input)).await
}

pub async fn evaluate(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    of_provider(ask, key, move |tx, ask, it| provider_deeds::evaluate_by(tx, ask, it, &input)).await
}

pub async fn register(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    of_provider(ask, key, move |tx, ask, it| provider_deeds::register_by(tx, ask, it, &input)).await
}

pub async fn dismiss(ask: Ask, Path((key, id)): Path<(String, Id)>, input: Input) -> Result<Json<Value>> {
    of_provider(ask, key, move |tx, ask, it| provider_deeds::dismiss_by(tx, ask, it, id, &input)).await
}

pub async fn handler(ask: Ask, input: Input) -> Result<Json<Value>> {
    ask.write(move |tx, ask| handlers::set_by(tx, ask, &input)).await?;
    Ok(Json(json!({"set": true})))
}

async fn of_provider(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &Institution) -> Result<()> + Send + 'static,
) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let it = institutions::find(tx, &ask.who.scope, &key)?;
            work(tx, ask, &it)?;
            json_of_provider(tx, &it)
        })
        .await?;
    Ok(Json(answer))
}

fn json_of_provider(tx: &Tx<'_>, it: &Institution) -> Result<Value> {
    let terms = agreement::of_organisation(tx, &it.key)?;
    let text = |day: Option<rules::base::Date>| day.map(|it| it.to_string());
    let agreements: Vec<Value> = terms
        .agreements
        .stretches()
        .into_iter()
        .map(|(from, until, it)| {
            json!({"from": from.to_string(), "until": text(until), "number": it.number, "level": it.level, "modes": it.modes,
                   "capacity": it.capacity})
        })
        .collect();
    let suspensions: Vec<Value> = terms
        .suspensions
        .stretches()
        .into_iter()
        .map(|(from, until, reason)| json!({"from": from.to_string(), "until": text(until), "reason": reason}))
        .collect();
    let evaluations: Vec<Value> = course::evaluations(tx, &it.key)?
        .into_iter()
        .map(|it| json!({"year": it.year, "points": it.points, "result": it.result, "remark": it.remark}))
        .collect();
    let carers: Vec<Value> = carer::of_organisation(tx, &it.key)?
        .into_iter()
        .map(|it| {
            json!({"id": it.id, "name": it.name, "qualification": it.qualification, "number": it.number,
                   "from": it.from.to_string(), "until": text(it.until)})
        })
        .collect();
    let state = provider::list::state_of(tx, &it.key)?;
    let title = state.as_deref().map(|it| words::shown(words::PROVIDER_STATES, it).0);
    Ok(json!({"id": it.key, "name": it.name, "state": state, "state_title": title, "agreements": agreements,
              "suspensions": suspensions, "evaluations": evaluations, "carers": carers}))
}
