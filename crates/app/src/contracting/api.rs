//! Contracting for programs: the same functions as the pages.

use axum::{Json, extract::Path, response::Response};
use kit::{
    Ask, Error, Result, Tx,
    api::{ApiDoc, READ, list_answer},
    files,
    form::{Field, Input, Kind, field},
};
use serde_json::{Value, json};

use super::{
    contract::{self, Contract},
    list,
    pages::{deeds, new, renew as renewal_pages},
    promise, renew as renewal,
    sign::{self, Pictures},
};
use crate::elders::{Elder, Key};

const QUERY: &[(&str, &str)] = &[
    ("q", "part of the name, or pinyin initials"),
    ("team", "part of the team's name"),
    ("place", "region code within your scope"),
    ("after", "`next` of the page before"),
    ("limit", "1 to 500, 50 without it"),
];
const SIGN_FIELDS: &[Field] = &[
    sign::FIELDS[0],
    sign::FIELDS[1],
    sign::FIELDS[2],
    sign::FIELDS[3],
    sign::FIELDS[4],
    sign::FIELDS[5],
    field("signature", "签名或纸质协议的图片(data URL)", Kind::LongText(2_000_000)).required(),
];
const RENEW_FIELDS: &[Field] = &[field("team", "团队", Kind::Text(20)).help("不填为全部团队。")];

pub const LIST: ApiDoc = ApiDoc {
    summary: "Contracts of your scope",
    query: &[
        ("q", "part of the name, or pinyin initials"),
        ("state", "running, planned, ended, renewable or idle"),
        ("team", "part of the team's name"),
        ("place", "region code within your scope"),
        ("way", "onsite, paper, online or renewal"),
        ("since", "first day not before this one"),
        ("sort", "from, until or served, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const WORK: ApiDoc =
    ApiDoc { summary: "Promised services that are not done yet", query: QUERY, answer: list_answer, ..READ };
pub const UNSIGNED: ApiDoc = ApiDoc {
    summary: "Elders of the groups that are to be signed, without a contract today",
    query: QUERY,
    answer: list_answer,
    ..READ
};
pub const DROPPED: ApiDoc =
    ApiDoc { summary: "Who dropped out of a renewal, and why", query: QUERY, answer: list_answer, ..READ };
pub const SIGN: ApiDoc = ApiDoc { summary: "Sign an elder with a team", body: SIGN_FIELDS, ..READ };
pub const SHOW: ApiDoc =
    ApiDoc { summary: "One contract, what it promises and what was done; the look is noted", ..READ };
pub const RENEWALS: ApiDoc =
    ApiDoc { summary: "Renew all contracts that can be renewed, of one team or all", body: RENEW_FIELDS, ..READ };
pub const RENEW: ApiDoc = ApiDoc { summary: "Renew one contract", ..READ };
pub const REFUSAL: ApiDoc = ApiDoc { summary: "Note that an elder did not want to sign", body: new::REFUSAL, ..READ };
pub const TEAM: ApiDoc = ApiDoc { summary: "Give a contract to another team from today on", body: deeds::TEAM, ..READ };
pub const END: ApiDoc = ApiDoc { summary: "End a contract before its time", body: deeds::END, ..READ };
pub const SERVICE: ApiDoc = ApiDoc { summary: "Note a service given under a contract", body: deeds::SERVICE, ..READ };

pub async fn list(ask: Ask) -> Result<Response> {
    list::CONTRACTS.json(&ask).await
}

pub async fn work(ask: Ask) -> Result<Response> {
    list::OWED.json(&list::owed_asked(&ask)).await
}

pub async fn unsigned(ask: Ask) -> Result<Response> {
    list::UNSIGNED.json(&list::unsigned_asked(&ask)).await
}

pub async fn dropped(ask: Ask) -> Result<Response> {
    list::DROPPED.json(&ask).await
}

pub async fn sign(ask: Ask, input: Input) -> Result<Json<Value>> {
    let picture = files::from_data_url(input.get("signature")).ok_or_else(|| Error::invalid("signature", "请签名"))?;
    let signature = Some(ask.app.files.lay(&ask, "signature", "signature.png", picture).await?);
    let pictures = Pictures { signature, paper: None };
    let answer = ask
        .write(move |tx, ask| {
            let it = sign::sign_from(tx, ask, &input, &pictures)?;
            json_of(tx, &it)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    deed(ask, key, |tx, ask, it, elder| {
        crate::elders::note(tx, ask, "look", elder, &format!("contract {}", it.key))?;
        Ok(it.key.clone())
    })
    .await
}

pub async fn renew(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    deed(ask, key, |tx, ask, it, _| Ok(renewal::renew(tx, ask, &it.key)?.key)).await
}

pub async fn team(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it, elder| {
        deeds::change_team(tx, ask, it, elder, &input)?;
        Ok(it.key.clone())
    })
    .await
}

pub async fn service(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    deed(ask, key, move |tx, ask, it, elder| {
        deeds::serve_by(tx, ask, it, elder, &input)?;
        Ok(it.key.clone())
    })
    .await
}

pub async fn end(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let (it, elder) = contract::find(tx, &ask.who.scope, &key)?;
            deeds::end_by(tx, ask, &it, &elder, &input)?;
            // One that had not begun is taken back whole.
            let left = contract::of_elder(tx, &elder.key)?.into_iter().find(|one| one.key == it.key);
            left.map_or_else(|| Ok(json!({"id": it.key, "taken_back": true})), |it| json_of(tx, &it))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn renewals(ask: Ask, input: Input) -> Result<Json<Value>> {
    let team = renewal_pages::team_of(&input)?;
    let done = ask
        .write(move |tx, ask| {
            let keys = renewal::due(tx, ask, team)?;
            renewal::renew_all(tx, ask, &keys)
        })
        .await?;
    Ok(Json(json!({"renewed": done.renewed, "dropped": done.dropped})))
}

pub async fn refusal(ask: Ask, input: Input) -> Result<Json<Value>> {
    let key = ask.write(move |tx, ask| new::refuse_from(tx, ask, &input)).await?;
    Ok(Json(json!({"elder": key})))
}

/// Does something with a contract and answers the contract it leaves.
async fn deed(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &Contract, &Elder) -> Result<Key> + Send + 'static,
) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let (it, elder) = contract::find(tx, &ask.who.scope, &key)?;
            let left = work(tx, ask, &it, &elder)?;
            json_of(tx, &contract::by_key(tx, &left)?)
        })
        .await?;
    Ok(Json(answer))
}

fn json_of(tx: &Tx<'_>, it: &Contract) -> Result<Value> {
    let items: Vec<Value> = promise::items(tx, &it.key)?
        .into_iter()
        .map(|it| json!({"service": it.service, "times": it.times, "done": it.done, "last": it.last.map(|it| it.to_string())}))
        .collect();
    let given: Vec<Value> = promise::given(tx, &it.key)?
        .into_iter()
        .map(|it| json!({"service": it.service, "day": it.day.to_string(), "who": it.who, "note": it.note, "source": it.source}))
        .collect();
    Ok(json!({
        "id": it.key, "elder": it.elder_key(), "team": it.team_key(), "packages": it.packages, "way": it.way,
        "from": it.from.to_string(), "last_day": it.last_day().to_string(), "signer": it.signer, "signer_name": it.signer_name,
        "fee_fen": it.fee, "ended_reason": it.ended_reason, "promised": it.promised, "done": it.done,
        "served": it.served.map(|it| it.to_string()), "idle_from": it.idle.to_string(), "items": items, "services": given,
    }))
}
