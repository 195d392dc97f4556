//! When somebody works and when they are away.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Page, apart, badge},
};
use maud::{Markup, html};
use rules::week::{BadWeek, Week};

use crate::{
    elders::Key,
    workforce::{
        WRITE, form,
        presence::{self, Absence},
        staff::{self, Staff},
        words,
    },
};

pub async fn leave(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/workforce/{key}");
    ask.write(move |tx, ask| form::leave(tx, ask, &staff::find(tx, &ask.who.scope, &key)?, &input)).await?;
    Ok(ask.go(&here, ask.t("离岗已登记")))
}

pub async fn back(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/workforce/{key}");
    ask.write(move |tx, ask| {
        let it = staff::find(tx, &ask.who.scope, &key)?;
        let checked = kit_form::check(form::BACK, &input, &Options::new())?;
        presence::back(tx, ask, &it, form::day(&checked, "day")?)
    })
    .await?;
    Ok(ask.go(&here, ask.t("返岗已登记")))
}

pub async fn hours(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/workforce/{key}");
    ask.write(move |tx, ask| {
        let it = staff::find(tx, &ask.who.scope, &key)?;
        let checked = kit_form::check(form::HOURS, &input, &Options::new())?;
        let week: Week = checked.text("hours").parse().map_err(|e: BadWeek| Error::invalid("hours", e.text()))?;
        presence::set_hours(tx, ask, &it, form::day(&checked, "from")?, &week)
    })
    .await?;
    Ok(ask.go(&here, ask.t("已保存")))
}

pub fn card(ask: &Ask, it: &Staff, hours: &Week, absences: &[Absence]) -> Markup {
    let here = it.link();
    let today = ask.today();
    let may = ask.may(WRITE) && it.is_active();
    let is_away = |it: &&Absence| it.from <= today && it.until.is_none_or(|end| today < end);
    let away = absences.iter().find(is_away);
    let mut now = Input::default();
    now.set("from", today.to_string());
    now.set("day", today.to_string());
    now.set("hours", hours.to_string());
    let last = |it: &Absence| it.until.map_or_else(|| "…".to_string(), |end| end.add_days(-1).to_string());
    html! {
        section.card { header.card-head { h2 { (ask.t("工作时间与离岗")) } } div.card-body {
            @if hours.minutes() == 0 { p.muted { (ask.t("还没有填写工作时间")) } }
            @else {
                @for line in hours.text().in_lang(ask.lang.into()).split(';') { p { (line) } }
                p.small.muted { (ask.f("每周 {n} 小时", &[("n", &(hours.minutes() / 60))])) }
            }
            @if let Some(it) = away {
                p { (badge(Badge::Warn, ask.t(words::title(words::ABSENCES, &it.kind)))) " " (it.from) " — " (last(it)) }
            }
            @for it in absences.iter().filter(|it| today < it.from) {
                p { (badge(Badge::Info, ask.t(words::title(words::ABSENCES, &it.kind)))) " " (it.from) " — " (last(it)) }
            }
            @if may {
                div.no-print {
                    @if away.is_some() {
                        details { summary { (ask.t("登记返岗")) }
                            form.form method="post" action=(format!("{here}/back")) {
                                (csrf(ask)) (apart("back", kit_form::fields(ask, form::BACK, &now, &Options::new(), &[]))) button.btn { (ask.t("登记返岗")) }
                            } }
                    }
                    details { summary { (ask.t("登记离岗")) }
                        form.form method="post" action=(format!("{here}/absences")) {
                            (csrf(ask)) (apart("absence", kit_form::fields(ask, form::ABSENCE, &now, &Options::new(), &[]))) button.btn { (ask.t("登记")) }
                        } }
                    details { summary { (ask.t("调整工作时间")) }
                        form.form method="post" action=(format!("{here}/hours")) {
                            (csrf(ask)) (apart("hours", kit_form::fields(ask, form::HOURS, &now, &Options::new(), &[]))) button.btn { (ask.t("保存")) }
                        } }
                }
            }
            @let past: Vec<&Absence> = absences.iter().filter(|it| it.until.is_some_and(|end| end <= today)).collect();
            @if !past.is_empty() {
                details { summary { (ask.t("以前的离岗")) }
                    @for it in past { p.small { (ask.t(words::title(words::ABSENCES, &it.kind))) " " (it.from) " — " (last(it)) } } }
            }
        } }
    }
}
