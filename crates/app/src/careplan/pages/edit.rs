//! Lines of a plan as people write them: added, changed, dropped, each with a reason.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, crumbs},
};
use maud::{Markup, html};
use rules::care_plan::Service;

use crate::{
    careplan::{
        course,
        line::{self, Line, NewLine},
        record::{self, Plan},
        words::{self, Payer, Place, Profession},
    },
    elders::{Elder, Key},
};

const TITLE: Field = field("title", "名称", Kind::Text(80)).help("从目录选服务时可以不填。");
const TIMES: Field = field("times", "次数", Kind::Int { min: 1, max: 60 });
const EVERY: Field = field("every", "周期", Kind::Choice(words::EVERY));
const BY: Field = field("by", "谁来做", Kind::Many(Profession::WORDS));
const PAYER: Field = field("payer", "谁付费", Kind::Choice(Payer::WORDS));
const PLACE: Field = field("place", "地点", Kind::Choice(Place::WORDS));
const MINUTES: Field = field("minutes", "分钟", Kind::Int { min: 5, max: 480 });
const REASON: Field = field("reason", "原因", Kind::Text(200)).required();

/// A line that is new.
pub const ADD: &[Field] = &[
    field("kind", "类别", Kind::Choice(words::LINES)).required(),
    field("service", "从服务目录选", Kind::Pick),
    TITLE,
    TIMES,
    EVERY,
    BY,
    PAYER,
    PLACE,
    MINUTES,
    REASON,
];
/// A service that is changed.
pub const CHANGE: &[Field] = &[TITLE, TIMES, EVERY, BY, PAYER, PLACE, MINUTES, REASON];
/// A problem or a goal that is changed.
const REWORD: &[Field] = &[TITLE, REASON];
pub const DROP: &[Field] = &[REASON];

fn catalogue(ask: &Ask, region: &str) -> Vec<Service> {
    let policy = ask.app.policy_in(region, ask.today());
    policy.read(|it| &it.care_plan.services).cloned().unwrap_or_default()
}

fn options(ask: &Ask, region: &str) -> Options {
    let all = catalogue(ask, region);
    let named = all.iter().map(|it| (it.id.clone(), ask.either(&it.name, &it.name_en).clone())).collect();
    Options::from([("service", named)])
}

/// Words in one text, as programs send them, are several.
fn apart(input: &Input) -> Input {
    let mut sent = input.clone();
    sent.set_many("by", input.all("by").iter().flat_map(|it| it.split_whitespace()).map(str::to_string).collect());
    sent
}

/// A line as a form says it, in place of `before`; what is not said stays as it was.
fn said(checked: &kit_form::Checked, before: NewLine) -> Result<NewLine> {
    let mut it = before;
    if let Some(title) = checked.optional("title").filter(|title| *title != it.title) {
        (it.title, it.title_en) = (title, String::new());
    }
    if it.title.is_empty() {
        return Err(Error::invalid("title", "请填写名称,或从服务目录选一项"));
    }
    if it.kind != "service" {
        return Ok(it);
    }
    it.times = checked.int("times").unwrap_or(it.times);
    it.every = checked.optional("every").map_or(it.every, |word| words::every(&word));
    let by = words::professions(&checked.many("by").join(" "));
    if !by.is_empty() {
        it.by = by;
    }
    it.payer = Payer::parse(&checked.text("payer")).unwrap_or(it.payer);
    it.place = Place::parse(&checked.text("place")).unwrap_or(it.place);
    it.minutes = checked.int("minutes").unwrap_or(it.minutes);
    if it.times < 1 {
        return Err(Error::invalid("times", "请填写次数"));
    }
    if it.by.is_empty() {
        return Err(Error::invalid("by", "请选择谁来做"));
    }
    if it.minutes < 1 {
        return Err(Error::invalid("minutes", "请填写分钟"));
    }
    Ok(it)
}

/// Adds a line; page and API come through here.
pub fn add_by(tx: &Tx<'_>, ask: &Ask, it: &mut Plan, elder: &Elder, input: &Input) -> Result<i64> {
    let checked = kit_form::check(ADD, &apart(input), &options(ask, &it.key.region))?;
    let chosen = catalogue(ask, &it.key.region).into_iter().find(|one| one.id == checked.text("service"));
    let empty = NewLine::said(&checked.text("kind"), "", "");
    let before = match chosen.filter(|_| empty.kind == "service") {
        None => empty,
        Some(one) => NewLine {
            code: one.id,
            title: one.name,
            title_en: one.name_en,
            by: one.by,
            payer: one.payer,
            place: one.place,
            minutes: i64::from(one.minutes),
            covered_by: one.covered_by,
            ..empty
        },
    };
    let reason = checked.text("reason");
    course::add(tx, ask, it, elder, &said(&checked, before)?, &reason)
}

pub fn change_by(tx: &Tx<'_>, ask: &Ask, it: &mut Plan, elder: &Elder, number: i64, input: &Input) -> Result<()> {
    let before = line::find(tx, it, number)?;
    let fields = if before.is_service() { CHANGE } else { REWORD };
    let checked = kit_form::check(fields, &apart(input), &Options::new())?;
    let after = said(&checked, before.again())?;
    course::change(tx, ask, it, elder, number, &after, &checked.text("reason"))
}

pub fn drop_by(tx: &Tx<'_>, ask: &Ask, it: &mut Plan, elder: &Elder, number: i64, input: &Input) -> Result<()> {
    let checked = kit_form::check(DROP, input, &Options::new())?;
    course::drop(tx, ask, it, elder, number, &checked.text("reason"))
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let mut input = Input::default();
    for (name, value) in [("kind", "service"), ("every", "month")] {
        input.set(name, value);
    }
    adding(&ask, key.parse()?, &input, &[]).await
}

async fn adding(ask: &Ask, key: Key, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let (it, elder) = ask.write(move |tx, ask| look(tx, ask, &key)).await?;
    let here = it.link();
    let content = html! {
        section.card { div.card-body {
            form.form.grid method="post" action=(format!("{here}/lines")) data-guard { (csrf(ask))
                (kit_form::fields(ask, ADD, input, &options(ask, &it.key.region), errors))
                (foot(ask, &here, "添加"))
            }
        } }
    };
    Ok(answer(ask, &it, &elder, "添加一项", errors, content))
}

fn look(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<(Plan, Elder)> {
    let (it, elder) = record::find(tx, &ask.who.scope, key)?;
    it.changeable()?;
    record::note(tx, ask, "look", &it, &elder, "edit")?;
    Ok((it, elder))
}

fn foot(ask: &Ask, here: &str, title: &str) -> Markup {
    html! { div.form-foot { button.btn.btn-primary { (ask.t(title)) } a.btn.btn-ghost href=(here) { (ask.t("取消")) } } }
}

fn answer(ask: &Ask, it: &Plan, elder: &Elder, title: &str, errors: &[FieldError], content: Markup) -> Page {
    let here = it.link();
    let title = ask.t(title);
    let way = crumbs(ask, &[("/careplan", ask.t("照护计划")), (&here, &elder.name), ("", title)]);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    ask.page_with(status, Head::new(title).line(&*elder.name).crumbs(way), content)
}

pub async fn one(ask: Ask, Path((key, number)): Path<(String, i64)>) -> Result<Page> {
    changing(&ask, key.parse()?, number, None, &[]).await
}

/// The form of a line, as it is or as it was typed.
async fn changing(ask: &Ask, key: Key, number: i64, typed: Option<&Input>, errors: &[FieldError]) -> Result<Page> {
    let (it, elder, line) = ask
        .write(move |tx, ask| {
            let (it, elder) = look(tx, ask, &key)?;
            let line = line::find(tx, &it, number)?;
            Ok((it, elder, line))
        })
        .await?;
    let input = typed.cloned().unwrap_or_else(|| filled(&line));
    let here = it.link();
    let fields = if line.is_service() { CHANGE } else { REWORD };
    let content = html! {
        div.cols {
            section.card { header.card-head { h2 { (line.title_in(ask)) } } div.card-body {
                @if !line.why.is_empty() { p.small.muted { (line.why_in(ask)) } }
                form.form method="post" action=(format!("{here}/lines/{number}")) data-guard { (csrf(ask))
                    (kit_form::fields(ask, fields, &input, &Options::new(), errors))
                    (foot(ask, &here, "保存修改"))
                }
            } }
            section.card { header.card-head { h2 { (ask.t("不再安排")) } } div.card-body {
                form.form method="post" action=(format!("{here}/lines/{number}/drop")) data-confirm=(ask.t("从计划里删去这一项?")) { (csrf(ask))
                    (kit::page::apart("drop", kit_form::one(ask, &REASON, &Input::default(), &Options::new(), &[])))
                    div.form-foot { button.btn.btn-danger { (ask.t("删去")) } }
                }
            } }
        }
    };
    Ok(answer(ask, &it, &elder, "修改一项", errors, content))
}

fn filled(it: &Line) -> Input {
    let mut input = Input::default();
    input.set("title", &*it.title);
    input.set("times", it.times.to_string());
    input.set("every", words::every_word(it.every));
    input.set_many("by", it.by.iter().map(|one| one.word().to_string()).collect());
    input.set("payer", it.payer.word());
    input.set("place", it.place.word());
    input.set("minutes", it.minutes.to_string());
    input
}

pub async fn add(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_error, sent) = (key.clone(), input.clone());
    let done = deed(&ask, key, move |tx, ask, it, elder| add_by(tx, ask, it, elder, &sent).map(drop_number)).await;
    match done {
        Err(Error::Invalid(errors)) => adding(&ask, for_error, &input, &errors).await,
        other => other,
    }
}

fn drop_number(_: i64) {}

pub async fn change(ask: Ask, Path((key, number)): Path<(String, i64)>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_error, sent) = (key.clone(), input.clone());
    let done = deed(&ask, key, move |tx, ask, it, elder| change_by(tx, ask, it, elder, number, &sent)).await;
    match done {
        Err(Error::Invalid(errors)) => changing(&ask, for_error, number, Some(&input), &errors).await,
        other => other,
    }
}

pub async fn drop(ask: Ask, Path((key, number)): Path<(String, i64)>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let for_error = key.clone();
    let done = deed(&ask, key, move |tx, ask, it, elder| drop_by(tx, ask, it, elder, number, &input)).await;
    match done {
        Err(Error::Invalid(errors)) => changing(&ask, for_error, number, None, &errors).await,
        other => other,
    }
}

async fn deed(
    ask: &Ask,
    key: Key,
    work: impl FnOnce(&Tx<'_>, &Ask, &mut Plan, &Elder) -> Result<()> + Send + 'static,
) -> Result<Page> {
    let it = ask
        .write(move |tx, ask| {
            let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            work(tx, ask, &mut it, &elder)?;
            Ok(it)
        })
        .await?;
    Ok(ask.go(&it.link(), &ask.f("已保存为第 {n} 版", &[("n", &it.version)])))
}
