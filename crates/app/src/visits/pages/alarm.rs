//! One call for help: who, where, when; taken by somebody, and closed with what came of it.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, badge, crumbs, kv, time},
};
use maud::html;

use crate::{
    elders::Key,
    visits::{alarm, home::degrees, words},
    workforce,
};

const CLOSE: &[Field] = &[field("outcome", "情况和处理结果", Kind::LongText(500)).required()];

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, staff, phone) = ask
        .read(move |tx, ask| {
            let (it, staff) = alarm::find(tx, ask, &key)?;
            // Whoever answers a call has to be able to ring back.
            let phone = match &staff.phone {
                Some(sealed) => ask.app.crypt.open_sealed(workforce::PHONE_COLUMN, sealed).map_err(Error::internal)?,
                None => String::new(),
            };
            Ok((it, staff, phone))
        })
        .await?;
    let (state, kind) = words::badge_of(words::ALARMS, &it.state);
    let visit = it.visit.map(|id| format!("/visits/{}-{id}", it.key.region));
    let content = html! {
        section.card { header.card-head { h2 { (staff.name) } (badge(kind, ask.t(state))) } div.card-body {
            (kv(&[
                (ask.t("电话"), html! { @if phone.is_empty() { "—" } @else { a href=(format!("tel:{phone}")) { (phone) } } }),
                (ask.t("按下"), html! { (time(&it.at)) }),
                (ask.t("收到"), html! { (time(&it.received)) }),
                (ask.t("位置"), html! { @match it.position {
                    Some((latitude, longitude, accuracy)) => { a href=(format!("geo:{},{}", degrees(latitude), degrees(longitude))) { (degrees(latitude)) ", " (degrees(longitude)) } " ± " (accuracy) " " (ask.t("米")) }
                    None => (ask.t("没有定位"))
                } }),
                (ask.t("正在服务"), html! { @match &visit { Some(link) => a href=(link) { (ask.t("看这次上门")) }, None => "—" } }),
                (ask.t("说明"), html! { (it.note) }),
            ]))
            @if let Some(taken) = &it.taken { p { (it.taken_by) " " (time(taken)) " " (ask.t("开始处理")) } }
            @if let Some(closed) = &it.closed { p { (time(closed)) " " (it.outcome) } }
        } }
        @if it.state == "open" {
            form.form method="post" action=(format!("{}/take", it.link())) { (csrf(&ask)) button.btn.btn-primary { (ask.t("我来处理")) } }
        }
        @if it.state != "closed" {
            section.card.gap-top { header.card-head { h2 { (ask.t("解除求助")) } } div.card-body {
                form.form method="post" action=(format!("{}/close", it.link())) { (csrf(&ask))
                    (kit_form::fields(&ask, CLOSE, &Input::default(), &Options::new(), &[]))
                    div.form-foot { button.btn { (ask.t("解除求助")) } }
                }
            } }
        }
    };
    let way = crumbs(&ask, &[("/visits", ask.t("上门服务")), ("/visits/alarms", ask.t("求助")), ("", &staff.name)]);
    Ok(ask.page(Head::new(ask.t("上门人员求助")).crumbs(way), content))
}

pub async fn take(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/visits/alarms/{key}");
    ask.write(move |tx, ask| alarm::take(tx, ask, &alarm::find(tx, ask, &key)?.0)).await?;
    Ok(ask.go(&link, ask.t("由您处理")))
}

pub async fn close(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/visits/alarms/{key}");
    ask.write(move |tx, ask| {
        let outcome = kit_form::check(CLOSE, &input, &Options::new())?.text("outcome");
        alarm::close(tx, ask, &alarm::find(tx, ask, &key)?.0, &outcome)
    })
    .await?;
    Ok(ask.go(&link, ask.t("求助已解除")))
}
