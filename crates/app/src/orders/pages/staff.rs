//! Who goes: those who may, those whose papers are still to be looked up, and the others with the reason.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Id, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Checked, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, alert, badge, crumbs, icon},
};
use maud::{Markup, html};
use rules::home_service::{Answer, Objection};

use crate::{
    elders::{Elder, Key},
    orders::{
        assessed, course,
        record::{self, Order},
        staff::{self, Candidate},
        words,
    },
    workforce::KINDS,
};

pub const FIELDS: &[Field] = &[
    field("staff", "服务人员", Kind::Pick).required(),
    field("second", "第二人", Kind::Pick),
    field("looked_up", "已核对职称和年限", Kind::Check),
];

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    show(&ask, key.parse()?, &Input::default(), &[]).await
}

pub async fn assign(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (wanted, for_page) = (key.clone(), input.clone());
    let done = ask
        .write(move |tx, ask| {
            let (mut it, elder) = record::find_held(tx, ask, &wanted)?;
            assign_from(tx, ask, &mut it, &elder, &input)
        })
        .await;
    match done {
        Ok(()) => Ok(ask.go(&format!("/orders/{key}"), ask.t("已派单"))),
        Err(Error::Invalid(errors)) => show(&ask, key, &for_page, &errors).await,
        Err(other) => Err(other),
    }
}

/// Says who goes; page and API come through here.
pub fn assign_from(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, input: &Input) -> Result<()> {
    let checked: Checked = kit_form::check(FIELDS, input, &Options::new())?;
    let missing = || Error::invalid("staff", "请选择人员");
    let first: Id = checked.id("staff").ok_or_else(missing)?;
    course::assign(tx, ask, it, elder, (first, checked.id("second")), checked.on("looked_up"))
}

async fn show(ask: &Ask, key: Key, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let (it, elder, all, seen) = ask
        .write(move |tx, ask| {
            let (it, elder) = record::find(tx, ask, &key)?;
            crate::elders::note(tx, ask, "look", &elder, &format!("order {key} staff"))?;
            let all = staff::candidates(tx, ask, &it)?;
            let seen = assessed::until(tx, ask, &elder.key)?;
            Ok((it, elder, all, seen))
        })
        .await?;
    let can: Vec<&Candidate> = all.iter().filter(|it| it.may.answer != Answer::No).collect();
    let cannot: Vec<&Candidate> = all.iter().filter(|it| it.may.answer == Answer::No).collect();
    let waits = it.needs_assessment() && seen.is_none_or(|until| until < it.day);
    let content = html! {
        @if waits {
            (alert(Badge::Warn, ask.t("还没有在有效期内的首次面对面评估"), html! { p { (ask.t("派单之前要有在有效期内的首次面对面评估,请先登记")) (ask.t("。")) } }))
        }
        div.cols {
            section.card { header.card-head { h2 { (ask.t("可以派的人")) } } div.card-body.stack {
                @if can.is_empty() { p.muted { (ask.t("这家机构当天没有人可以做这项服务。")) } }
                @else { (form(ask, &it, &can, input, errors)) }
            } }
            section.card { header.card-head { h2 { (ask.t("不能派的人")) } span.muted { (cannot.len()) } } div.card-body {
                @if cannot.is_empty() { p.muted { (ask.t("没有。")) } }
                ul { @for one in &cannot { li { (one.name) " · " (kind(ask, one)) " " @for why in &one.may.against { (badge(Badge::Muted, ask.t(why.title()))) " " } } } }
            } }
        }
    };
    let here = it.link();
    let way = crumbs(ask, &[("/orders", ask.t("上门服务")), (&here, it.name(ask)), ("", ask.t("派人"))]);
    let line = format!("{} · {} · {}", it.name(ask), elder.name, it.when(ask));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(ask.t("派人")).line(line).crumbs(way), content))
}

fn kind<'a>(ask: &'a Ask, it: &Candidate) -> &'a str {
    ask.t(words::title(KINDS, &it.kind))
}

fn form(ask: &Ask, it: &Order, can: &[&Candidate], input: &Input, errors: &[FieldError]) -> Markup {
    let open = |all: &[Objection]| all.iter().map(|it| ask.t(it.title())).collect::<Vec<_>>().join(ask.t("、"));
    let titled = |one: &&Candidate| {
        let note = match one.may.answer {
            Answer::Open => format!(" · {}{}{}", ask.t("待核"), ask.t(":"), open(&one.may.open)),
            _ => String::new(),
        };
        (one.id.to_string(), format!("{} · {}{note}", one.name, kind(ask, one)))
    };
    let people: Vec<(String, String)> = can.iter().map(titled).collect();
    let options = Options::from([("staff", people.clone()), ("second", people)]);
    html! {
        form.form method="post" action=(format!("{}/staff", it.link())) {
            (csrf(ask))
            (kit_form::summary(ask, FIELDS, errors))
            (kit_form::one(ask, &FIELDS[0], input, &options, errors))
            @if 2 <= it.people { (kit_form::one(ask, &FIELDS[1], input, &options, errors)) }
            @if can.iter().any(|it| it.may.answer == Answer::Open) {
                (kit_form::one(ask, &FIELDS[2], input, &options, errors))
                p.help { (ask.t("初级职称分不出护士和护师,派之前请看证书;证书上写明“护师”的不用再核。")) }
            }
            div.form-foot { button.btn.btn-primary { (icon("person-badge")) (ask.t("派单")) } a.btn.btn-ghost href=(it.link()) { (ask.t("取消")) } }
        }
    }
}
