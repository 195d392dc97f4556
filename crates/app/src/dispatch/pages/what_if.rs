//! What would be if: one more of somebody, somebody away, the break or the hours moved; tried beside the plan.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Id, Result, Said,
    error::FieldError,
    form::{self as kit_form, Checked, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, crumbs},
};
use maud::html;
use rules::dispatch::Clock;

use super::new;
use crate::{
    dispatch::{kept, run, sight::Sight},
    elders::Key,
};

const FIELDS: &[Field] = &[
    field("more", "再多一位这样的人", Kind::Pick).help("资质、工作时间和出发地都与选的人相同。"),
    field("away", "这位不在", Kind::Pick),
    field("pause", "午休改为", Kind::Text(20)).help("写作 12:00-13:00,60 分钟:最早和最晚开始的时间,再写分钟。"),
    field("hours", "工作时间改为", Kind::Text(20)).help("写作 07:30-18:00。"),
];

/// Seconds for which what would be if is solved at once.
const SECONDS: i64 = 20;

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    form(ask, key, Input::default(), Vec::new()).await
}

async fn form(ask: Ask, key: Key, input: Input, errors: Vec<FieldError>) -> Result<Page> {
    let sight = ask.read(move |tx, ask| Sight::find(tx, ask, &key)).await?;
    let options = options(&sight);
    let title = ask.t("试算");
    let link = sight.kept.link();
    let content = html! {
        form.form.grid method="post" action=(format!("{link}/what-if")) { (csrf(&ask))
            (kit_form::fields(&ask, FIELDS, &input, &options, &errors))
            div.form-foot { button.btn.btn-primary { (ask.f("试算 {n} 秒", &[("n", &SECONDS)])) } a.btn.btn-ghost href=(link) { (ask.t("取消")) } }
        }
        p.muted { (ask.t("试算另存一份,原方案不变;两边的路程、迟到、加班和未排上并排比较。")) }
    };
    let way = crumbs(&ask, &[("/dispatch", ask.t("上门派单")), (&link, &sight.kept.name), ("", title)]);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(title).crumbs(way), content))
}

fn options(sight: &Sight) -> Options {
    let mut all: Vec<(String, String)> = Vec::new();
    for tour in sight.built.tours.iter().filter(|it| it.staff.len() == 1 && !it.is_thought_of) {
        let id = tour.staff[0].to_string();
        if all.iter().all(|it| it.0 != id) {
            all.push((id, tour.titles.concat()));
        }
    }
    Options::from([("more", all.clone()), ("away", all)])
}

pub async fn create(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (plan, sent) = (key.clone(), input.clone());
    let made = ask
        .write(move |tx, ask| {
            let sight = Sight::find(tx, ask, &plan)?;
            let options = options(&sight);
            let checked = kit_form::check(FIELDS, &sent, &options)?;
            let mut what_if = sight.kept.what_if.clone();
            let mut said = Vec::new();
            let name = |field: &str, id: Id| {
                let found = options.get(field).and_then(|all| all.iter().find(|it| it.0 == id.to_string()));
                found.map_or(String::new(), |it| it.1.clone())
            };
            if let Some(id) = checked.id("more") {
                what_if.more.push(id);
                said.push(ask.f("多一位{name}", &[("name", &name("more", id))]));
            }
            if let Some(id) = checked.id("away") {
                what_if.away.push(id);
                said.push(ask.f("{name}不在", &[("name", &name("away", id))]));
            }
            if let Some(pause) = pause(&checked)? {
                what_if.pause = Some(pause);
                said.push(ask.f("午休 {time}", &[("time", &checked.text("pause"))]));
            }
            if let Some((from, until)) = stretch(&checked.text("hours"), "hours")? {
                what_if.hours = Some((from, until));
                said.push(ask.f("工作时间 {time}", &[("time", &checked.text("hours"))]));
            }
            if said.is_empty() {
                return Err(Error::invalid("more", "请至少改一项再试算"));
            }
            let name = ask.f("试算:{what}", &[("what", &said.join(ask.t("、")))]);
            let key = new::beside(tx, ask, &sight, &what_if, &name)?;
            run::begin(tx, ask, &kept::by_key(tx, &key)?, SECONDS)?;
            Ok(key)
        })
        .await;
    match made {
        Ok(made) => Ok(ask.go(&format!("/dispatch/{made}"), "")),
        Err(Error::Invalid(errors)) => form(ask, key, input, errors).await,
        Err(other) => Err(other),
    }
}

/// `12:00-13:00,60 分钟`.
fn pause(checked: &Checked) -> Result<Option<(u16, u16, u16)>> {
    let text = checked.text("pause");
    let half = rules::base::half_width(&text);
    let (times, minutes) = half.split_once(',').unwrap_or((&half, "60"));
    let minutes: String = minutes.chars().filter(char::is_ascii_digit).collect();
    let Some((from, until)) = stretch(times, "pause")? else { return Ok(None) };
    match minutes.parse::<u16>() {
        Ok(minutes) if 0 < minutes && minutes <= 240 => Ok(Some((from, until, minutes))),
        _ => Err(wrong("pause", &text)),
    }
}

/// `07:30-18:00`.
fn stretch(text: &str, field: &str) -> Result<Option<(u16, u16)>> {
    let half = rules::base::half_width(text);
    if half.trim().is_empty() {
        return Ok(None);
    }
    let clock = |it: &str| it.trim().parse::<Clock>().map(|it| it.0).map_err(|_| wrong(field, text));
    let (from, until) = half.split_once(['-', '~', '—', '–', '至']).ok_or_else(|| wrong(field, text))?;
    let (from, until) = (clock(from)?, clock(until)?);
    if from < until { Ok(Some((from, until))) } else { Err(wrong(field, text)) }
}

fn wrong(field: &str, text: &str) -> Error {
    Error::invalid(field, Said::new("“{value}”不是一段时间,请写作 07:30-18:00").with("value", text))
}
