//! One elder who is due: whom to call, what came of it, and the way into the check.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Result, Tx,
    crypt::mask_phone,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, badge, crumbs, icon, kv, plain_table, time},
};
use maud::{Markup, html};

use crate::{
    elders::{self, Elder, Key, PHONE_COLUMN, REVEAL},
    healthcheck::{
        WRITE,
        api::{BEGIN_FIELDS, CALL_FIELDS},
        calls::{self, Call},
        course,
        record::{self, Check},
        words,
    },
};

struct Shown {
    elder: Elder,
    contacts: Vec<elders::Contact>,
    calls: Vec<Call>,
    checks: Vec<Check>,
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let elder = elders::find_living(tx, &ask.who.scope, key)?;
    elders::note(tx, ask, if ask.may(REVEAL) { "reveal" } else { "look" }, &elder, "healthcheck call")?;
    Ok(Shown {
        contacts: elders::contacts_of(tx, key)?,
        calls: calls::of(tx, key)?,
        checks: record::of_elder(tx, key)?,
        elder,
    })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask.write(move |tx, ask| load(tx, ask, &key)).await?;
    show(&ask, &shown, &Input::default(), &[])
}

fn show(ask: &Ask, shown: &Shown, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let elder = &shown.elder;
    let key = &elder.key;
    let phone = match &elder.phone {
        Some(sealed) => Some(ask.app.crypt.open_sealed(PHONE_COLUMN, sealed).map_err(Error::internal)?),
        None => None,
    };
    let year = i64::from(ask.today().year());
    let this_year = shown.checks.iter().find(|it| it.year == year);
    let last = shown.checks.iter().find(|it| it.is_finished);
    let mut contacts = Vec::new();
    for it in &shown.contacts {
        contacts.push((it.name.clone(), it.relation.clone(), it.masked_phone(ask)?));
    }
    let content = html! {
        div.cols {
            div.stack {
                section.card { header.card-head { h2 { (ask.t("联系")) } } div.card-body {
                    (kv(&[
                        (ask.t("电话"), phone_line(ask, phone.as_deref())),
                        (ask.t("上次体检"), html! { @match last { Some(it) => a href=(it.link()) { (it.day) }, None => (ask.t("没有体检过")) } }),
                    ]))
                    @for (name, relation, phone) in &contacts {
                        p { (name) " " small.muted { (ask.t(words::title(elders::words::RELATIONS, relation))) } " " span.masked { (phone) } }
                    }
                } }
                section.card { header.card-head { h2 { (ask.t("记下联系结果")) } } div.card-body {
                    form.form method="post" action=(format!("/healthcheck/due/{key}")) {
                        (csrf(ask))
                        (kit_form::fields(ask, CALL_FIELDS, input, &Options::new(), errors))
                        div.form-foot { button.btn.btn-primary[this_year.is_some()] { (ask.t("保存")) } }
                    }
                } }
            }
            div.stack {
                @if ask.may(WRITE) {
                    section.card { header.card-head { h2 { (ask.f("{year} 年度体检", &[("year", &year)])) } } div.card-body {
                        @match this_year {
                            Some(it) => { p { a.btn.btn-primary href=(it.link()) { (icon("clipboard2-pulse"))
                                @if it.is_finished { (ask.t("查看体检")) } @else { (ask.t("继续体检")) } } } },
                            None => { (begin_form(ask, key)) },
                        }
                    } }
                }
                section.card { header.card-head { h2 { (ask.t("联系记录")) } }
                    @if shown.calls.is_empty() { div.card-body { p.muted { (ask.t("还没有联系过。")) } } }
                    @else { (history(ask, &shown.calls)) }
                }
            }
        }
    };
    let sub = ask.f(
        "{age} 岁 · {place}",
        &[("age", &elder.age_on(ask.today())), ("place", &ask.app.places.tree().full_name(&elder.place))],
    );
    let way = crumbs(ask, &[("/healthcheck/due", ask.t("该体检的老人")), ("", &elder.name)]);
    let actions = html! { a.btn href=(format!("/elders/{key}")) { (icon("person")) (ask.t("老人档案")) } };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(&elder.name).line(sub).crumbs(way).actions(actions), content))
}

/// Whole and to be tapped for those who may see it, masked for the others.
fn phone_line(ask: &Ask, phone: Option<&str>) -> Markup {
    html! {
        @match phone {
            None => span.muted { (ask.t("没有电话")) },
            Some(it) if ask.may(REVEAL) => a.strong href=(format!("tel:{it}")) { (icon("telephone")) (it) },
            Some(it) => span.masked { (mask_phone(it)) },
        }
    }
}

fn begin_form(ask: &Ask, key: &Key) -> Markup {
    let mut input = Input::default();
    input.set("day", ask.today().to_string());
    let day = BEGIN_FIELDS.iter().find(|it| it.name == "day");
    html! {
        form.form method="post" action=(format!("/healthcheck/begin/{key}")) {
            (csrf(ask))
            @if let Some(day) = day { (kit_form::one(ask, day, &input, &Options::new(), &[])) }
            div.form-foot { button.btn.btn-primary { (icon("clipboard2-pulse")) (ask.t("开始体检")) } }
        }
    }
}

fn history(ask: &Ask, calls: &[Call]) -> Markup {
    let heads = ["时间", "结果", "约定日期", "说明", "联系人"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = calls
        .iter()
        .map(|it| {
            let found = words::CALL_BADGES.iter().find(|one| one.0 == it.result);
            let kind = if it.closed { Badge::Muted } else { found.map_or(Badge::Muted, |one| one.2) };
            vec![
                time(&it.at),
                badge(kind, ask.t(words::title(words::CALL_RESULTS, &it.result))),
                html! { (it.planned_day.as_deref().unwrap_or_default()) },
                html! { (it.note) },
                html! { (it.who) },
            ]
        })
        .collect();
    plain_table(&heads, &rows)
}

pub async fn note(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_write, for_error) = (input.clone(), key.clone());
    let done = ask
        .write(move |tx, ask| {
            let checked = kit_form::check(CALL_FIELDS, &for_write, &Options::new())?;
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            calls::add(tx, ask, &elder, &checked.text("result"), checked.date("planned_day"), &checked.text("note"))
        })
        .await;
    match done {
        Ok(()) => Ok(ask.go("/healthcheck/due", ask.t("联系结果已记下"))),
        Err(Error::Invalid(errors)) => {
            let shown = ask.write(move |tx, ask| load(tx, ask, &for_error)).await?;
            show(&ask, &shown, &input, &errors)
        }
        Err(other) => Err(other),
    }
}

pub async fn begin(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let day = match input.get("day") {
        "" => ask.today(),
        text => {
            text.parse().map_err(|_| Error::invalid("day", kit::Said::new("“{value}”不是日期").with("value", text)))?
        }
    };
    let check = ask.write(move |tx, ask| course::begin(tx, ask, &key, day)).await?;
    Ok(ask.go(&format!("{}/fill/lifestyle", check.link()), ""))
}
