//! The self-rating form, where people fill it in before they apply.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Result,
    error::FieldError,
    form::Input,
    page::{Head, Page, crumbs},
};
use maud::html;

use super::questionnaire::{self, Form};
use crate::{
    assessment::{
        answers::Given,
        apply::{self, SELF_RATING},
        record::{self, Assessment},
        sources,
    },
    elders::{Elder, Key},
};

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let (it, elder) = load(&ask, key).await?;
    let before = it.self_rating.as_deref().map(serde_json::from_str::<serde_json::Value>).transpose()?;
    let given: Given =
        before.map(|mut it| serde_json::from_value(it["answers"].take())).transpose()?.unwrap_or_default();
    show(&ask, &it, &elder, &given, &[])
}

async fn load(ask: &Ask, key: String) -> Result<(Assessment, Elder)> {
    let key: Key = key.parse()?;
    ask.write(move |tx, ask| {
        let (it, elder) = record::find(tx, &ask.who.scope, &key)?;
        record::note(tx, ask, "look", &it, &elder, "self-rating")?;
        Ok((it, elder))
    })
    .await
}

fn show(ask: &Ask, it: &Assessment, elder: &Elder, given: &Given, errors: &[FieldError]) -> Result<Page> {
    let instrument = ask.app.policy.instrument(SELF_RATING).ok_or(Error::NotFound)?;
    let here = it.link();
    let form = Form {
        action: format!("{here}/self-rating"),
        autosave: false,
        draft: format!("self-rating-{}", it.key),
        facts: None,
        foot: html! {
            div.form-foot {
                button.btn.btn-primary { (ask.t("保存自评")) }
                a.btn.btn-ghost href=(here) { (ask.t("取消")) }
            }
        },
    };
    let content = html! {
        p.muted { (ask.t("逐项选择老人现在的情况:完全能自己做是“独立”,要人帮一部分是“部分独立”,全靠别人是“依赖”。")) }
        p.source { cite { (sources::citation(ask, instrument.basis.document(), instrument.basis.clause())) } }
        (questionnaire::show(ask, instrument, given, errors, &form))
    };
    let way = crumbs(ask, &[("/assessment", ask.t("评估")), (&here, &elder.name), ("", ask.t("失能等级自评表"))]);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(ask.t("失能等级自评表")).line(&*elder.name).crumbs(way), content))
}

pub async fn save(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let parsed: Key = key.parse()?;
    let instrument = ask.app.policy.instrument(SELF_RATING).ok_or(Error::NotFound)?;
    let given: Given = instrument
        .items
        .iter()
        .filter(|it| !input.get(&it.id).is_empty())
        .map(|it| (it.id.clone(), input.get(&it.id).to_string()))
        .collect();
    let for_write = given.clone();
    let saved = ask
        .write(move |tx, ask| {
            let (mut it, elder) = record::find_held(tx, &ask.who.scope, &parsed)?;
            let outcome = apply::rate_oneself(tx, ask, &mut it, &for_write)?;
            record::note(tx, ask, "change", &it, &elder, "self-rating")?;
            Ok((it, outcome))
        })
        .await;
    match saved {
        Ok((it, outcome)) => {
            Ok(ask.go(&it.link(), &ask.f("自评结果:{class}", &[("class", &ask.t(&outcome.headline()))])))
        }
        Err(Error::Invalid(errors)) => {
            let (it, elder) = load(&ask, key).await?;
            show(&ask, &it, &elder, &given, &errors)
        }
        Err(other) => Err(other),
    }
}
