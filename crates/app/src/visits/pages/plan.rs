//! Planning a visit from an elder's page, and planning it otherwise.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Id, Result, Said, Tx,
    error::FieldError,
    form::{self as kit_form, Checked, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, crumbs},
};
use maud::{Markup, html};
use rules::{contracting, dispatch::Clock};

use crate::{
    elders::{self, Elder, Key},
    visits::{
        clock, plan,
        record::{self, Visit},
    },
    workforce,
};

const SERVICE: Field = field("service", "服务", Kind::Choice(contracting::Service::WORDS)).required();
const DAY: Field = field("day", "日期", Kind::Date).required();
const FROM: Field = field("from", "最早到达", Kind::Text(5)).help("如 09:00,不填时间不限。");
const UNTIL: Field = field("until", "最晚到达", Kind::Text(5)).help("如 11:00。");
const MINUTES: Field = field("minutes", "预计分钟", Kind::Int { min: 5, max: 480 }).required();
const PEOPLE: Field = field("people", "需要人数", Kind::Int { min: 1, max: 2 }).required();
const STAFF: Field = field("staff", "服务人员", Kind::Pick);
const SECOND: Field = field("second", "第二人", Kind::Pick);
const NOTE: Field = field("note", "要注意的", Kind::Text(300));

pub const NEW: &[Field] = &[SERVICE, DAY, FROM, UNTIL, MINUTES, PEOPLE, STAFF, SECOND, NOTE];
pub const CHANGE: &[Field] = &[DAY, FROM, UNTIL, MINUTES, PEOPLE, STAFF, SECOND, NOTE];
pub const API_FIELDS: &[Field] = &[
    field("elder", "老人", Kind::Text(40)).required(),
    SERVICE,
    DAY,
    FROM,
    UNTIL,
    MINUTES,
    PEOPLE,
    STAFF,
    SECOND,
    NOTE,
];

/// Staff of the institutions of the elder's street and of the team that is responsible there, and whoever asks.
fn options(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<Options> {
    let mut all: Vec<(String, String)> = vec![(String::new(), ask.t("还没有定").to_string())];
    let mut add = |id: Id, name: &str| {
        let id = id.to_string();
        if all.iter().all(|it| it.0 != id) {
            all.push((id, name.to_string()));
        }
    };
    if let Some(own) = workforce::staff_of_account(tx, ask)?.filter(|it| it.key.region == elder.key.region) {
        add(own.key.id, &own.name);
    }
    if let Some(team) = workforce::team_of_place(tx, &elder.key.region, &elder.place, ask.today())? {
        for it in workforce::members(tx, &team.key, ask.today())? {
            add(it.staff.id, &it.name);
        }
    }
    for it in workforce::staff_of_street(tx, &elder.key.region, &elder.street)? {
        if ask.who.scope.organisation.is_none() || ask.who.scope.organisation == it.organisation {
            add(it.key.id, &it.name);
        }
    }
    Ok(Options::from([("staff", all.clone()), ("second", all)]))
}

fn minute(checked: &Checked, name: &str) -> Result<Option<i64>> {
    let text = checked.text(name);
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Error::invalid(name, Said::new("“{value}”不是时间,请写作 09:00").with("value", &text));
    let clock: Clock = text.parse().map_err(|_| wrong())?;
    // Midnight is the end of a day, not a time at which somebody comes.
    if clock.0 < 24 * 60 { Ok(Some(i64::from(clock.0))) } else { Err(wrong()) }
}

/// What a form plans otherwise.
fn change_of(checked: &Checked) -> Result<plan::Change> {
    Ok(plan::Change {
        day: checked.date("day").ok_or_else(|| Error::invalid("day", "请填写“日期”"))?,
        from_minute: minute(checked, "from")?,
        until_minute: minute(checked, "until")?,
        // What dispatch had told holds no longer.
        at_minute: None,
        minutes: checked.int("minutes").unwrap_or(30),
        people: checked.int("people").unwrap_or(1),
        staff: checked.id("staff"),
        second: checked.id("second"),
        note: checked.text("note"),
    })
}

/// Plans what an input says.
pub fn plan(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input) -> Result<Key> {
    let checked = kit_form::check(NEW, input, &options(tx, ask, elder)?)?;
    let it = change_of(&checked)?;
    let organisation = match it.staff {
        Some(id) => workforce::staff_by_key(tx, &Key { region: elder.key.region.clone(), id })?.organisation,
        None => ask.who.scope.organisation,
    };
    let thing = format!("plan:{}", ask.new_id());
    let service = checked.text("service");
    let wanted = plan::Wanted {
        elder,
        day: it.day,
        from_minute: it.from_minute,
        until_minute: it.until_minute,
        minutes: it.minutes,
        organisation,
        staff: it.staff,
        second: it.second,
        people: it.people,
        note: &it.note,
        purpose: plan::For { programme: "contract", thing: &thing, service: &service, payer: "" },
    };
    if it.from_minute.zip(it.until_minute).is_some_and(|(from, until)| until <= from) {
        return Err(Error::invalid("until", "“最晚到达”应晚于“最早到达”"));
    }
    plan::want(tx, ask, &wanted)
}

pub async fn new(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let pairs = [("day", ask.today().to_string()), ("minutes", "30".into()), ("people", "1".into())];
    let input = Input::from_pairs(pairs.into_iter().map(|(name, value)| (name.to_string(), value)));
    form(&ask, key, &input, &[]).await
}

async fn form(ask: &Ask, key: Key, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let (elder, options) = ask
        .read(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            let options = options(tx, ask, &elder)?;
            Ok((elder, options))
        })
        .await?;
    let content = html! {
        section.card { div.card-body {
            form.form method="post" action=(format!("/visits/plan/{}", elder.key)) { (csrf(ask))
                (kit_form::fields(ask, NEW, input, &options, errors))
                div.form-foot { button.btn.btn-primary { (ask.t("计划上门")) } }
            }
        } }
    };
    let way = crumbs(ask, &[("/visits", ask.t("上门服务")), ("", ask.t("计划上门"))]);
    let head = Head::new(ask.t("计划上门")).line(elders::about(ask, &elder)).crumbs(way);
    Ok(ask.page_with(status(errors), head, content))
}

pub fn status(errors: &[FieldError]) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

pub async fn create(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (elder, sent) = (key.clone(), input.clone());
    let done = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &elder)?;
            plan(tx, ask, &elder, &sent)
        })
        .await;
    match done {
        Ok(key) => Ok(ask.go(&format!("/visits/{key}"), ask.t("已计划上门"))),
        Err(Error::Invalid(errors)) => form(&ask, key, &input, &errors).await,
        Err(other) => Err(other),
    }
}

pub async fn change(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let it = ask
        .read({
            let key = key.clone();
            move |tx, ask| record::find(tx, &ask.who.scope, &key)
        })
        .await?;
    let text = |minute: Option<i64>| minute.map(clock).unwrap_or_default();
    let id = |it: Option<Id>| it.map(|it| it.to_string()).unwrap_or_default();
    let pairs = [
        ("day", it.day.to_string()),
        ("from", text(it.from_minute)),
        ("until", text(it.until_minute)),
        ("minutes", it.minutes.to_string()),
        ("people", it.people.to_string()),
        ("staff", id(it.staff)),
        ("second", id(it.second)),
        ("note", it.note.clone()),
    ];
    let input = Input::from_pairs(pairs.into_iter().map(|(name, value)| (name.to_string(), value)));
    change_form(&ask, key, &input, &[]).await
}

async fn change_form(ask: &Ask, key: Key, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let (it, elder, options) = ask
        .read(move |tx, ask| {
            let it = record::find(tx, &ask.who.scope, &key)?;
            let elder = elders::find_served(tx, &ask.who.scope, &it.elder_key(), it.organisation)?;
            let mut options = options(tx, ask, &elder)?;
            keep_chosen(tx, &it, &mut options)?;
            Ok((it, elder, options))
        })
        .await?;
    let content: Markup = html! {
        section.card { div.card-body {
            form.form method="post" action=(format!("{}/change", it.link())) { (csrf(ask))
                (kit_form::fields(ask, CHANGE, input, &options, errors))
                div.form-foot { button.btn.btn-primary { (ask.t("保存")) } " " a.btn href=(it.link()) { (ask.t("返回")) } }
            }
        } }
    };
    let way = crumbs(ask, &[("/visits", ask.t("上门服务")), (&it.link(), &elder.name), ("", ask.t("改计划"))]);
    Ok(ask.page_with(status(errors), Head::new(ask.t("改计划")).line(elders::about(ask, &elder)).crumbs(way), content))
}

/// Whoever is planned stays among the choices, wherever they work now.
fn keep_chosen(tx: &Tx<'_>, it: &Visit, options: &mut Options) -> Result<()> {
    for id in it.staff_ids() {
        let name = workforce::staff_by_key(tx, &Key { region: it.key.region.clone(), id })?.name;
        for all in options.values_mut() {
            if all.iter().all(|one| one.0 != id.to_string()) {
                all.push((id.to_string(), name.clone()));
            }
        }
    }
    Ok(())
}

pub async fn save(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_tx, sent) = (key.clone(), input.clone());
    let done = ask
        .write(move |tx, ask| {
            let mut it = record::find_held(tx, &ask.who.scope, &for_tx)?;
            let elder = elders::find_served(tx, &ask.who.scope, &it.elder_key(), it.organisation)?;
            let mut options = options(tx, ask, &elder)?;
            keep_chosen(tx, &it, &mut options)?;
            let checked = kit_form::check(CHANGE, &sent, &options)?;
            plan::change(tx, ask, &mut it, change_of(&checked)?)
        })
        .await;
    match done {
        Ok(()) => Ok(ask.go(&format!("/visits/{key}"), ask.t("已保存"))),
        Err(Error::Invalid(errors)) => change_form(&ask, key, &input, &errors).await,
        Err(other) => Err(other),
    }
}
