//! Institutions for programs: the same functions as the pages.

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use kit::{
    Ask, Result, Tx,
    api::{ApiDoc, READ, list_answer},
    form::{self as kit_form, Field, Input, Kind, Options, field},
};
use rules::base::Date;
use serde_json::{Map, Value, json};

use super::{
    area, fact, form,
    institution::{self, Institution},
    licence, list, pages, today, words,
};
use crate::elders::Key;

pub const LIST: ApiDoc = ApiDoc {
    summary: "Institutions of your scope",
    query: &[
        ("q", "part of the name, pinyin initials or whole unified social credit code"),
        ("kind", "a word of `kind`"),
        ("place", "region code within your scope"),
        ("licences", "both, medical, care, none, soon, expired or unknown"),
        ("mode", "mode_contracted, mode_clinic_inside, mode_care_inside or mode_embedded"),
        ("mark", "infirmary, tcm_hall, geriatrics, age_friendly, green_channel, insurance, ltci, internet_nursing"),
        ("level", "none, level1, level2, level3, grade_a, grade_b"),
        ("state", "open or closed"),
        ("sort", "name, kind, licence_end, beds or place, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const CREATE: ApiDoc = ApiDoc { summary: "Write down an institution", body: form::INSTITUTION, ..READ };
pub const SHOW: ApiDoc = ApiDoc {
    summary: "One institution with licences and abilities on a day",
    query: &[("on", "day, today without it")],
    ..READ
};
pub const CHANGE: ApiDoc = ApiDoc { summary: "Change an institution", body: form::INSTITUTION, ..READ };
pub const LICENCE: ApiDoc = ApiDoc { summary: "Add a licence or filing", body: form::LICENCE, ..READ };
pub const ABILITIES: ApiDoc = ApiDoc {
    summary: "Say level, modes, departments, services and beds from a day on; what is left out no longer holds",
    body: form::ABILITIES,
    ..READ
};
pub const AREA: ApiDoc = ApiDoc { summary: "Say which places it serves from a day on", body: AREA_FIELDS, ..READ };
pub const CLOSE: ApiDoc = ApiDoc { summary: "Close an institution on a day", body: form::CLOSE, ..READ };
pub const SERVING: ApiDoc = ApiDoc {
    summary: "The institutions that serve a village or grid on a day",
    query: &[("place", "code of 12 or 15 digits"), ("on", "day, today without it")],
    answer: list_answer,
    ..READ
};

const AREA_FIELDS: &[Field] = &[
    field("places", "村(社区)和网格", Kind::Text(20)).help("a list of codes; may be empty"),
    field("from", "起日", Kind::Date).required(),
];

pub async fn list(ask: Ask) -> Result<Response> {
    list::INSTITUTIONS.json(&ask).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Response> {
    let draft = form::draft(&input, &Options::new(), "api")?;
    let answer = ask
        .write(move |tx, ask| {
            let it = institution::create(tx, ask, &draft)?;
            json_of(tx, ask, &it, ask.today())
        })
        .await?;
    Ok(Json(answer).into_response())
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .read(move |tx, ask| {
            let it = institution::find(tx, &ask.who.scope, &key)?;
            json_of(tx, ask, &it, ask.day_asked()?)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn change(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    let draft = form::draft(&input, &Options::new(), "api")?;
    with(ask, key, move |tx, ask, it| institution::change(tx, ask, it, &draft).map(|()| ask.today())).await
}

pub async fn add_licence(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    with(ask, key, move |tx, ask, it| {
        pages::licences::add_one(tx, ask, it, &input, None)?;
        Ok(ask.today())
    })
    .await
}

pub async fn set_abilities(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    with(ask, key, move |tx, ask, it| pages::abilities::set_all(tx, ask, it, &input)).await
}

pub async fn set_area(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    with(ask, key, move |tx, ask, it| {
        let checked = kit_form::check(AREA_FIELDS, &input, &Options::new())?;
        let from = form::day(&checked, "from")?;
        area::set(tx, ask, it, &checked.many("places"), from)?;
        Ok(from)
    })
    .await
}

pub async fn close(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    with(ask, key, move |tx, ask, it| {
        pages::life::close_one(tx, ask, it, &input)?;
        Ok(ask.today())
    })
    .await
}

/// Does something with an institution of the scope, and tells how it stands on the day that `work` gives.
async fn with(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &Institution) -> Result<Date> + Send + 'static,
) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let day = work(tx, ask, &institution::find(tx, &ask.who.scope, &key)?)?;
            json_of(tx, ask, &institution::by_key(tx, &key)?, day)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn serving(ask: Ask) -> Result<Json<Value>> {
    let answer = ask
        .read(move |tx, ask| {
            let (place, region) = ask.place_asked()?;
            let all = area::of_place(tx, &region, &place, ask.day_asked()?)?;
            let items: Vec<Value> =
                all.iter().map(|it| json!({"id": it.key, "name": it.name, "kind": it.kind})).collect();
            Ok(json!({"total": items.len(), "items": items, "next": null}))
        })
        .await?;
    Ok(Json(answer))
}

fn json_of(tx: &Tx<'_>, ask: &Ask, it: &Institution, day: Date) -> Result<Value> {
    let (facts, all) = (fact::of(tx, &it.key)?, licence::of(tx, &it.key)?);
    let licensed = today::licensed(ask, it, &all, day);
    let licences: Vec<Value> = all
        .iter()
        .map(|one| {
            json!({"id": one.id.to_string(), "kind": one.kind.word(), "number": one.number, "issuer": one.issuer,
                   "from": one.from, "until": one.until, "ended": one.ended, "valid": one.fact().holds(day)})
        })
        .collect();
    let beds: Map<String, Value> =
        words::BEDS.iter().map(|(word, _)| ((*word).to_string(), json!(fact::beds(&facts, word, day)))).collect();
    let mut answer = json!({
        "id": it.key, "name": it.name, "kind": it.kind, "place": it.place, "on": day, "licences": licences,
        "both_licences": licensed.map(|it| it.both()), "level": fact::on(&facts, "level", day),
        "owner": fact::on(&facts, "owner", day), "modes": fact::held(&facts, words::MODES, day),
        "marks": fact::held(&facts, words::MARKS, day), "services": fact::held(&facts, words::SERVICES, day),
        "beds": beds, "places": area::of(tx, &it.key, day)?,
    });
    if let Some(known) = &it.known {
        let degrees = known.position.map(|it| it.degrees());
        answer["code"] = json!(known.code);
        answer["legal_person"] = json!(known.legal_person);
        answer["phone"] = json!(known.phone);
        answer["address"] = json!(known.address);
        answer["latitude"] = json!(degrees.map(|it| it.0));
        answer["longitude"] = json!(degrees.map(|it| it.1));
        answer["hours"] = json!(known.hours);
        answer["opened"] = json!(known.opened);
        answer["closed"] = json!(known.closed);
    }
    Ok(answer)
}
