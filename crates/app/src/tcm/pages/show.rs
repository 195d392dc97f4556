//! What a questionnaire came to, who decided, and the advice.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Lang, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, badge, crumbs, icon, kv, plain_table, time},
};
use maud::{Markup, html};
use rules::tcm::{Advice, State};

use super::ask::next_step;
use crate::{
    assessment::{self, Outcome},
    elders::{Elder, Key},
    tcm::{
        WRITE,
        api::{ADVISE_FIELDS, DECIDE_FIELDS},
        course,
        record::{self, Record},
        words,
    },
};

struct Shown {
    it: Record,
    elder: Elder,
    outcome: Option<Outcome>,
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let (it, elder) = record::find(tx, &ask.who.scope, key)?;
    let questions = Key { region: it.key.region.clone(), id: it.assessment };
    let outcome = assessment::find(tx, &ask.who.scope, &questions)?.0.result;
    Ok(Shown { it, elder, outcome })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let shown = load(tx, ask, &key)?;
            record::note(tx, ask, "look", &shown.it, &shown.elder, "")?;
            Ok(shown)
        })
        .await?;
    show(&ask, &shown, &Input::default(), &[])
}

fn show(ask: &Ask, shown: &Shown, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let (it, elder) = (&shown.it, &shown.elder);
    let may_write = ask.may(WRITE) && elder.is_living();
    let advice = given(it)?.or(match it.state {
        State::Settled => course::advice(ask, &elder.key.region, &it.constitution)?.cloned(),
        _ => None,
    });
    let content = html! {
        (next_step(ask, it))
        div.cols.gap-top {
            div.stack {
                section.card { header.card-head { h2 { (ask.t("体质")) } (state(ask, it)) } div.card-body {
                    (kv(&[
                        (ask.t("主要体质"), html! { @if it.constitution.is_empty() { "—" } @else { b { (ask.t(&it.constitution)) } } }),
                        (ask.t("发现的体质"), html! { (names(ask, &it.types)) }),
                        (ask.t("辨识日期"), html! { (it.day) }),
                    ]))
                    @if !it.decided_by.is_empty() { p.small { (it.decided_by) (ask.t("判定")) (ask.t(":")) (it.reason) } }
                    p { a href=(format!("/assessment/{}-{}", it.key.region, it.assessment)) { (ask.t("看 33 个问题的答案")) } }
                } }
                @if may_write && it.state == State::Tie { (deciding(ask, it, input, errors)) }
                @if let Some(outcome) = &shown.outcome { (scores(ask, outcome)) }
            }
            div.stack {
                @if let Some(advice) = &advice { (advice_card(ask, it, advice)) }
                @if may_write && it.state == State::Settled && it.advised.is_none() && advice.is_some() { (advising(ask, it, input, errors)) }
            }
        }
    };
    let sub = ask.f("{name} · {age} 岁", &[("name", &elder.name), ("age", &elder.age_on(it.day))]);
    let title = ask.t("体质与保健指导");
    let way = crumbs(ask, &[("/tcm", ask.t("中医药健康管理")), ("", &elder.name)]);
    let actions = html! {
        a.btn href=(format!("/elders/{}", elder.key)) { (icon("person")) (ask.t("老人档案")) }
        @if advice.is_some() { a.btn href=(format!("{}/advice", it.link())) { (icon("printer")) (ask.t("给老人的指导单")) } }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(title).line(sub).crumbs(way).actions(actions), content))
}

/// The advice as it was given.
pub fn given(it: &Record) -> Result<Option<Advice>> {
    Ok(it.advice.as_deref().map(serde_json::from_str).transpose()?)
}

fn state(ask: &Ask, it: &Record) -> Markup {
    let word = record::word_of(it.state);
    let found = words::STATE_BADGES.iter().find(|one| one.0 == word);
    badge(found.map_or(Badge::Muted, |one| one.2), ask.t(words::title(words::STATES, word)))
}

fn names(ask: &Ask, types: &[String]) -> String {
    if types.is_empty() {
        return "—".to_string();
    }
    types.iter().map(|it| ask.t(it)).collect::<Vec<_>>().join(ask.t("、"))
}

fn scores(ask: &Ask, outcome: &Outcome) -> Markup {
    let heads = ["体质", "得分", "判定"].map(|it| ask.t(it));
    let mut totals: Vec<_> = outcome.totals.iter().collect();
    totals.sort_by_key(|it| std::cmp::Reverse(it.1.as_i64()));
    let rows: Vec<Vec<Markup>> = totals
        .iter()
        .map(|(name, total)| {
            let result = outcome.results.get(*name).map_or("", |it| &**it);
            vec![html! { (ask.t(name)) }, html! { (total) }, html! { (ask.t(result)) }]
        })
        .collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("各型得分")) }
                @if outcome.confirmed.is_doubtful() { (badge(Badge::Unconfirmed, ask.t("待核"))) } }
            (plain_table(&heads, &rows))
            div.card-body { p.small.muted { (ask.either(&outcome.confirmed.zh, &outcome.confirmed.en)) } }
        }
    }
}

fn deciding(ask: &Ask, it: &Record, input: &Input, errors: &[FieldError]) -> Markup {
    let reason = DECIDE_FIELDS.iter().find(|one| one.name == "reason");
    html! {
        section.card { header.card-head { h2 { (ask.t("中医师判定")) } } div.card-body {
            form.form method="post" action=(format!("{}/decide", it.link())) { (csrf(ask))
                (kit_form::summary(ask, DECIDE_FIELDS, errors))
                fieldset.field #constitution { legend { (ask.t("主要体质")) } div.options {
                    @for one in &it.leading { label.option { input type="radio" name="constitution" value=(one) required checked[input.get("constitution") == one]; " " (ask.t(one)) } }
                } }
                @if let Some(reason) = reason { (kit_form::one(ask, reason, input, &Options::new(), errors)) }
                div.form-foot { button.btn.btn-primary { (ask.t("判定")) } }
            }
        } }
    }
}

fn advice_card(ask: &Ask, it: &Record, advice: &Advice) -> Markup {
    let lang = if ask.lang == Lang::En { rules::base::Lang::En } else { rules::base::Lang::Zh };
    html! {
        section.card { header.card-head { h2 { (ask.f("{type}的保健指导", &[("type", &ask.t(&advice.constitution))])) }
                (badge(Badge::Unconfirmed, ask.t("待核"))) }
            div.card-body {
                @for (title, part) in advice.parts() { p { b { (ask.t(title)) } " " (part.in_lang(lang)) } }
                @if !it.advice_note.is_empty() { p { b { (ask.t("另外叮嘱")) } " " (it.advice_note) } }
                @if let Some(at) = &it.advised { p.small.muted { (it.doctor) " " (time(at)) " " (ask.t("已给予指导")) } }
                p.small.muted { (ask.t("内容为一般养生常识,未与规范原文核对,用前请中医师核对。")) }
            } }
    }
}

fn advising(ask: &Ask, it: &Record, input: &Input, errors: &[FieldError]) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("给予指导")) } } div.card-body {
            form.form method="post" action=(format!("{}/advise", it.link())) { (csrf(ask))
                (kit_form::fields(ask, ADVISE_FIELDS, input, &Options::new(), errors))
                div.form-foot { button.btn.btn-primary { (icon("check-circle")) (ask.t("已当面指导")) } }
            }
        } }
    }
}

pub async fn decide(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let (key, sent): (Key, Input) = (key.parse()?, input.clone());
    let for_error = key.clone();
    let done = ask
        .write(move |tx, ask| {
            let checked = kit_form::check(DECIDE_FIELDS, &sent, &Options::new())?;
            let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            course::decide(tx, ask, &mut it, &elder, &checked.text("constitution"), &checked.text("reason"))?;
            Ok(it)
        })
        .await;
    after(&ask, done, for_error, &input, "已判定").await
}

pub async fn advise(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let (key, sent): (Key, Input) = (key.parse()?, input.clone());
    let for_error = key.clone();
    let done = ask
        .write(move |tx, ask| {
            let note = kit_form::check(ADVISE_FIELDS, &sent, &Options::new())?.text("note");
            let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            course::advise(tx, ask, &mut it, &elder, &note)?;
            Ok(it)
        })
        .await;
    after(&ask, done, for_error, &input, "指导已记下").await
}

async fn after(ask: &Ask, done: Result<Record>, key: Key, input: &Input, said: &str) -> Result<Page> {
    match done {
        Ok(it) => Ok(ask.go(&it.link(), ask.t(said))),
        Err(Error::Invalid(errors)) => {
            let shown = ask.read(move |tx, ask| load(tx, ask, &key)).await?;
            show(ask, &shown, input, &errors)
        }
        Err(other) => Err(other),
    }
}
