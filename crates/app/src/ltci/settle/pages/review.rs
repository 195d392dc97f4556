//! Drawing lines for review and saying what was found; objections and their answers.

use axum::extract::Path;
use kit::{
    Ask, Id, Result,
    form::{self as kit_form, Input, Options, csrf},
    page::{Page, icon},
};
use maud::{Markup, html};

use crate::{
    elders::Key,
    ltci::{
        claim,
        settle::{list, objection, sample, words},
    },
};

pub async fn list(ask: Ask) -> Result<Page> {
    super::answer(&ask, &list::SAMPLES).await
}

/// How many lines of each provider are drawn.
pub fn draw_form(ask: &Ask, here: &str) -> Markup {
    html! {
        form.form.grid method="post" action=(format!("{here}/samples")) {
            (csrf(ask))
            (kit_form::fields(ask, sample::DRAW, &Input::default(), &Options::new(), &[]))
            div.form-foot { button.btn { (icon("search")) (ask.t("抽取明细")) } }
        }
    }
}

/// What was found of a line that was drawn.
pub fn review_form(ask: &Ask, region: &str, it: &sample::Sample) -> Markup {
    html! {
        form.form.grid method="post" action=(format!("/ltci/settlements/{region}-{}/samples/{}", it.settlement, it.claim)) {
            (csrf(ask))
            (kit_form::fields(ask, sample::REVIEW, &Input::default(), &Options::new(), &[]))
            div.form-foot { button.btn.btn-primary { (ask.t("保存抽查结果")) } }
        }
    }
}

pub async fn draw(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/ltci/settlements/{key}");
    let drawn = ask.write(move |tx, ask| sample::draw(tx, ask, &key, &input)).await?;
    Ok(ask.go(&here, &ask.f("新抽了 {n} 条", &[("n", &drawn)])))
}

pub async fn review(ask: Ask, Path((key, claim)): Path<(String, Id)>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/ltci/claims/{}-{claim}", key.region);
    ask.write(move |tx, ask| sample::review(tx, ask, &key, claim, &input)).await?;
    Ok(ask.go(&here, ask.t("已保存抽查结果")))
}

/// The answer to an open objection: which rules no longer count for the line.
pub fn answer_form(ask: &Ask, here: &str, rules: &[u8]) -> Markup {
    let mut waivable = words::waivable();
    waivable.retain(|it| rules.iter().any(|one| one.to_string() == it.0));
    html! {
        form.form method="post" action=(format!("{here}/answer")) {
            (csrf(ask))
            (kit_form::fields(ask, &objection::ANSWER[..2], &Input::default(), &Options::new(), &[]))
            @if !waivable.is_empty() { fieldset.field { legend { (ask.t("不再适用的规则")) } div.options {
                @for (number, title) in &waivable {
                    label.option { input type="checkbox" name="waived" value=(number); " " (number) " " (ask.t(title)) }
                }
            } p.help { (ask.t("参保、待遇等事实有误的不必选,改正事实后重新结算即可。")) } } }
            div.form-foot { button.btn.btn-primary { (ask.t("答复")) } }
        }
    }
}

pub async fn raise(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/ltci/claims/{key}");
    ask.write(move |tx, ask| {
        let it = claim::find(tx, &ask.who.scope, &key)?;
        objection::raise(tx, ask, &it, &input)
    })
    .await?;
    Ok(ask.go(&here, ask.t("异议已提出")))
}

pub async fn answer(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/ltci/claims/{key}");
    ask.write(move |tx, ask| {
        let it = claim::find(tx, &ask.who.scope, &key)?;
        objection::answer(tx, ask, &it, &input)
    })
    .await?;
    Ok(ask.go(&here, ask.t("已答复")))
}
