//! The workforce for programs: the same functions as the pages.

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use kit::{
    Ask, Error, Result, Tx,
    api::{ApiDoc, READ, list_answer},
    crypt::{mask_id_number, mask_phone},
    form::{self as kit_form, Field, Input, Kind, Options, field},
};
use rules::base::Date;
use serde_json::{Value, json};

use super::{
    area, certificate, form, list, member, pages, post, presence,
    staff::{self, NUMBER_COLUMN, PHONE_COLUMN, Staff, Taken},
    team::{self, NewTeam, Team},
    training,
};
use crate::elders::Key;

pub const LIST: ApiDoc = ApiDoc {
    summary: "Staff of your scope",
    query: &[
        ("q", "part of the name, pinyin initials or whole ID number"),
        ("kind", "gp, physician, tcm, public_health, nurse, village_doctor, care_worker, …"),
        ("place", "region code within your scope"),
        ("organisation", "part of an institution's name"),
        ("title", "none, junior, middle, deputy_senior, senior"),
        ("skill", "a word of `skills`"),
        ("post", "employed, contract, county_hired, rehired, outside, multi_site, seconded, help"),
        ("sort", "name, kind or organisation, with - before it for descending"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const CREATE: ApiDoc =
    ApiDoc { summary: "Take somebody in, with the main post they begin with", body: CREATE_FIELDS, ..READ };
pub const SHOW: ApiDoc = ApiDoc { summary: "One member of staff; the look is noted in the audit trail", ..READ };
pub const CHANGE: ApiDoc = ApiDoc { summary: "Change somebody's record", body: form::STAFF, ..READ };
pub const POST: ApiDoc = ApiDoc { summary: "Set or end a place of practice from a day on", body: form::POST, ..READ };
pub const CERTIFICATE: ApiDoc = ApiDoc { summary: "Add a certificate", body: form::CERTIFICATE, ..READ };
pub const TRAINING: ApiDoc = ApiDoc { summary: "Add a training", body: form::TRAINING, ..READ };
pub const ABSENCE: ApiDoc = ApiDoc { summary: "Note that somebody is away", body: form::ABSENCE, ..READ };
pub const TEAMS_LIST: ApiDoc = ApiDoc {
    summary: "Family-doctor teams of your scope",
    query: &[
        ("q", "part of the team's, institution's or leader's name, or pinyin initials"),
        ("place", "region code within your scope"),
        ("state", "open, lacking, placeless or closed"),
        ("after", "`next` of the page before"),
        ("limit", "1 to 500, 50 without it"),
    ],
    answer: list_answer,
    ..READ
};
pub const TEAM_CREATE: ApiDoc = ApiDoc { summary: "Set up a team", body: form::TEAM, ..READ };
pub const TEAM_SHOW: ApiDoc =
    ApiDoc { summary: "One team with members and places on a day", query: &[("on", "day, today without it")], ..READ };
pub const OF_PLACE: ApiDoc = ApiDoc {
    summary: "The team responsible for a village or grid on a day",
    query: &[("place", "code of 12 or 15 digits"), ("on", "day, today without it")],
    ..READ
};
pub const MEMBER: ApiDoc =
    ApiDoc { summary: "Put somebody into a team, or take them out, from a day on", body: MEMBER_FIELDS, ..READ };
pub const PLACES: ApiDoc =
    ApiDoc { summary: "Say for which places a team is responsible from a day on", body: PLACES_FIELDS, ..READ };

const CREATE_FIELDS: &[Field] = &{
    let mut all = [form::STAFF[0]; form::STAFF.len() + form::FIRST.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < form::STAFF.len() { form::STAFF[at] } else { form::FIRST[at - form::STAFF.len()] };
        at += 1;
    }
    all
};
const MEMBER_FIELDS: &[Field] = &[
    field("staff", "人员", Kind::Pick).required(),
    field("role", "角色", Kind::Choice(rules::workforce::Role::WORDS)).help("left out: ends the membership"),
    field("leads", "团队长", Kind::Check),
    field("from", "起日", Kind::Date).required(),
];
const PLACES_FIELDS: &[Field] = &[
    field("places", "村(社区)和网格", Kind::Text(20)).help("a list of codes; may be empty"),
    field("from", "起日", Kind::Date).required(),
];

pub async fn list(ask: Ask) -> Result<Response> {
    list::STAFF.json(&ask).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Response> {
    let answer = ask
        .write(move |tx, ask| {
            let (draft, first) = (form::draft(tx, &input, "api")?, form::first(&input, &Options::new())?);
            match staff::take(tx, ask, &draft, &first)? {
                Taken::New(key) => json_of(tx, ask, &staff::by_key(tx, &key)?),
                Taken::Known(_) => Err(Error::invalid("id_number", "本县(区)另一名人员已用这个证件号码")),
            }
        })
        .await?;
    Ok(Json(answer).into_response())
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let it = staff::find(tx, &ask.who.scope, &key)?;
            staff::note(tx, ask, "look", &it, "")?;
            json_of(tx, ask, &it)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn change(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    with_staff(ask, key, move |tx, ask, it| staff::change(tx, ask, it, &form::draft(tx, &input, "api")?)).await
}

pub async fn set_post(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    with_staff(ask, key, move |tx, ask, it| form::set_post(tx, ask, it, &input)).await
}

pub async fn add_certificate(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    with_staff(ask, key, move |tx, ask, it| pages::papers::add_one(tx, ask, it, &input, None)).await
}

pub async fn add_training(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    with_staff(ask, key, move |tx, ask, it| training::add(tx, ask, it, &form::training(&input)?)).await
}

pub async fn add_absence(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    with_staff(ask, key, move |tx, ask, it| form::leave(tx, ask, it, &input)).await
}

/// Does something with a member of staff of the scope, and tells how they stand then.
async fn with_staff(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &Staff) -> Result<()> + Send + 'static,
) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            work(tx, ask, &staff::find(tx, &ask.who.scope, &key)?)?;
            json_of(tx, ask, &staff::by_key(tx, &key)?)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn teams(ask: Ask) -> Result<Response> {
    list::TEAMS.json(&ask).await
}

pub async fn create_team(ask: Ask, input: Input) -> Result<Json<Value>> {
    let answer = ask
        .write(move |tx, ask| {
            let checked = kit_form::check(form::TEAM, &input, &Options::new())?;
            let new = NewTeam {
                organisation: form::id(&checked, "organisation", "请选择机构")?,
                name: checked.text("name"),
                phone: form::public_phone(&checked)?,
                opened: form::day(&checked, "opened")?,
            };
            let team = team::create(tx, ask, &new)?;
            json_of_team(tx, ask, &team, ask.today())
        })
        .await?;
    Ok(Json(answer))
}

pub async fn show_team(ask: Ask, Path(key): Path<String>) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .read(move |tx, ask| {
            let team = team::find(tx, &ask.who.scope, &key)?;
            json_of_team(tx, ask, &team, ask.day_asked()?)
        })
        .await?;
    Ok(Json(answer))
}

pub async fn of_place(ask: Ask) -> Result<Json<Value>> {
    let answer = ask
        .read(move |tx, ask| {
            let (place, region) = ask.place_asked()?;
            let day = ask.day_asked()?;
            let team = area::team_of_place(tx, &region, &place, day)?;
            let team = team.map(|it| json_of_team(tx, ask, &it, day)).transpose()?;
            Ok(json!({"place": place, "on": day.to_string(), "team": team}))
        })
        .await?;
    Ok(Json(answer))
}

pub async fn set_member(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    with_team(ask, key, move |tx, ask, team| {
        let checked = kit_form::check(MEMBER_FIELDS, &input, &Options::new())?;
        let staff = member::chosen(tx, team, checked.id("staff"))?;
        let role = checked.optional("role");
        let new = member::New { role: role.as_deref(), leads: checked.on("leads"), from: form::day(&checked, "from")? };
        member::set(tx, ask, team, &staff, &new)?;
        Ok(new.from)
    })
    .await
}

pub async fn set_places(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Json<Value>> {
    with_team(ask, key, move |tx, ask, team| {
        let checked = kit_form::check(PLACES_FIELDS, &input, &Options::new())?;
        let from = form::day(&checked, "from")?;
        area::set(tx, ask, team, &checked.many("places"), from)?;
        Ok(from)
    })
    .await
}

/// Does something with a team of the scope, and tells how it stands on the day that `work` gives.
async fn with_team(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &Team) -> Result<Date> + Send + 'static,
) -> Result<Json<Value>> {
    let key: Key = key.parse()?;
    let answer = ask
        .write(move |tx, ask| {
            let team = team::find(tx, &ask.who.scope, &key)?;
            let day = work(tx, ask, &team)?;
            json_of_team(tx, ask, &team, day)
        })
        .await?;
    Ok(Json(answer))
}

/// Personal values are masked; a program that needs them whole asks the page's `reveal`, which is noted.
fn json_of(tx: &Tx<'_>, ask: &Ask, it: &Staff) -> Result<Value> {
    let open = |column: &str, sealed: &Option<Vec<u8>>, mask: fn(&str) -> String| match sealed {
        Some(sealed) => ask.app.crypt.open_sealed(column, sealed).map(|it| Some(mask(&it))).map_err(Error::internal),
        None => Ok(None),
    };
    let posts: Vec<Value> = post::posts_of(tx, &it.key)?
        .iter()
        .map(|it| {
            json!({"main": it.main, "post": it.kind, "organisation": it.organisation.map(|id| id.to_string()),
                   "name": it.name, "outside": it.outside, "from": it.from, "until": it.until})
        })
        .collect();
    let teams: Vec<Value> = member::teams_of(tx, &it.key, ask.today())?
        .iter()
        .map(|(team, role)| json!({"team": team.key, "name": team.name, "role": role}))
        .collect();
    let papers: Vec<Value> = certificate::of(tx, &it.key)?
        .iter()
        .map(|it| json!({"kind": it.kind.word(), "number": it.number, "grade": it.grade, "from": it.from, "until": it.until}))
        .collect();
    let trained = training::of(tx, &it.key)?;
    let absences: Vec<Value> = presence::absences(tx, &it.key)?
        .iter()
        .map(|it| json!({"kind": it.kind, "from": it.from, "until": it.until.map(|day| day.add_days(-1))}))
        .collect();
    Ok(json!({
        "certificates": papers, "hours_of_training_this_year": training::hours_in(&trained, ask.today().year()),
        "absences": absences, "hours": presence::hours(tx, &it.key, ask.today())?.to_string(),
        "id": it.key, "name": it.name, "sex": it.sex, "birth": it.birth, "kind": it.kind, "title": it.title,
        "skills": it.skills, "id_number": open(NUMBER_COLUMN, &it.id_number, mask_id_number)?,
        "phone": open(PHONE_COLUMN, &it.phone, mask_phone)?, "organisation": it.organisation.map(|id| id.to_string()),
        "place": it.place, "state": it.state, "posts": posts, "teams": teams,
    }))
}

fn json_of_team(tx: &Tx<'_>, ask: &Ask, team: &Team, day: Date) -> Result<Value> {
    let members: Vec<Value> = member::members(tx, &team.key, day)?
        .iter()
        .map(|it| json!({"staff": it.staff, "name": it.name, "role": it.role, "leads": it.leads, "from": it.from}))
        .collect();
    let missing = team::completeness(tx, ask, &team.key, day)?.map(|it| {
        let all: Vec<&str> = it.core_missing.iter().chain(&it.specialists_missing).map(|role| role.word()).collect();
        json!(all)
    });
    Ok(json!({
        "id": team.key, "name": team.name, "organisation": team.organisation.to_string(), "place": team.place,
        "phone": team.phone, "opened": team.opened, "closed": team.closed, "on": day, "members": members,
        "missing": missing, "places": area::places_of(tx, &team.key, day)?,
    }))
}
