//! Answering on site: every change is kept at once, and the whole form can be sent without script.

use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode},
};
use kit::{
    Ask, Error, Result,
    error::FieldError,
    form::{Input, csrf},
    page::{Badge, Head, Page, alert, badge, crumbs, icon, kv},
};
use maud::{Markup, html};
use rules::assessment::{Facts, Instrument};
use serde_json::json;

use super::questionnaire::{self, Form};
use crate::{
    assessment::{
        answers::{self, Given},
        apply, onsite,
        record::{self, Assessment},
        result::Outcome,
        words,
    },
    elders::{Elder, Key},
};

struct Shown {
    it: Assessment,
    elder: Elder,
    given: Given,
    facts: Facts,
    preview: Option<Outcome>,
}

fn load(tx: &kit::Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let (it, elder) = record::find(tx, &ask.who.scope, key)?;
    let preview = match onsite::preview(tx, ask, &it) {
        Ok(outcome) => Some(outcome),
        Err(Error::Invalid(_) | Error::Refused(_)) => None,
        Err(other) => return Err(other),
    };
    Ok(Shown { given: answers::read(tx, &it)?, facts: answers::facts(&it)?, preview, it, elder })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let shown = load(tx, ask, &key)?;
            record::note(tx, ask, "look", &shown.it, &shown.elder, "answers")?;
            Ok(shown)
        })
        .await?;
    if !shown.it.is_open_to_answers() || shown.it.place_of(ask.who.account).is_none() {
        return Ok(ask.go(&shown.it.link(), ""));
    }
    show(&ask, &shown, &[])
}

fn show(ask: &Ask, shown: &Shown, errors: &[FieldError]) -> Result<Page> {
    let it = &shown.it;
    let title = ask.t(apply::title_of(it.programme));
    let sub = ask.f(
        "{name} · {age} 岁 · {reason} · {site}",
        &[
            ("name", &shown.elder.name),
            ("age", &shown.elder.age_on(ask.today())),
            ("reason", &ask.t(words::title(words::REASONS, &it.reason))),
            ("site", &it.place_in_words(ask)),
        ],
    );
    let here = it.link();
    let way = crumbs(ask, &[("/assessment", ask.t("评估")), (&here, &shown.elder.name), ("", ask.t("作答"))]);
    let Some(instrument) = it.instrument_used(&ask.app.policy) else {
        return Ok(ask.page(Head::new(title).line(sub).crumbs(way), changed(ask, it)));
    };
    let english = ask.lang == kit::Lang::En;
    let name = if english { &instrument.name_en } else { &instrument.name };
    let formal = it.programme.is_formal();
    let foot = html! {
        div #preview { (preview(ask, Some(instrument), shown.preview.as_ref())) }
        div.form-foot {
            button.btn.btn-primary name="do" value="finish" {
                @if formal { (ask.t("答完,去签名")) } @else { (ask.t("完成评估")) }
            }
            button.btn name="do" value="save" { (ask.t("存着,稍后再答")) }
            p #saved.muted.small role="status" { }
        }
    };
    let form = Form {
        action: format!("{here}/answers"),
        autosave: true,
        draft: format!("assessment-{}", it.key),
        facts: Some(&shown.facts),
        foot,
    };
    let content = html! {
        p.muted { (name) " " (instrument.edition) }
        @for note in &instrument.notes { p.small.muted { (note) } }
        (questionnaire::show(ask, instrument, &shown.given, errors, &form))
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(title).line(sub).crumbs(way), content))
}

/// The folder of policies holds other content than this assessment was begun with.
fn changed(ask: &Ask, it: &Assessment) -> Markup {
    html! {
        (alert(Badge::Warn, ask.t("评估开始后量表内容有改动,请按新内容重新开始"), html! {
            p { (ask.t("重新开始会清除已有的答案;已完成的评估不受影响。")) }
            p.small { (it.instrument) " " (it.edition) }
        }))
        form.gap-top method="post" action=(format!("{}/restart", it.link())) data-confirm=(ask.t("清除答案,按新量表重新开始?")) {
            (csrf(ask))
            button.btn.btn-danger { (icon("arrow-repeat")) (ask.t("重新开始")) }
        }
    }
}

/// What the answers would give, once all are there.
fn preview(ask: &Ask, instrument: Option<&Instrument>, outcome: Option<&Outcome>) -> Markup {
    let Some(outcome) = outcome else {
        return html! { p.muted { (ask.t("全部答完后显示初步结果。")) } };
    };
    let english = ask.lang == kit::Lang::En;
    let level = match &outcome.level {
        Some(level) => level.name_in(ask.lang).to_string(),
        None => outcome.headline(),
    };
    let parts = instrument.map_or(Vec::new(), Instrument::parts);
    let name = |id: &'_ str| {
        let part = parts.iter().find(|it| it.id == id);
        part.map_or(ask.t("合计"), |it| if english { it.name_en } else { it.name })
    };
    let totals: Vec<(&str, Markup)> =
        outcome.totals.iter().map(|(id, total)| (name(id), html! { (total) " " small { (ask.t("分")) } })).collect();
    html! {
        section.card aria-live="polite" {
            header.card-head { h2 { (ask.t("初步结果")) (ask.t(":")) (level) }
                @if outcome.confirmed.is_doubtful() { (badge(Badge::Unconfirmed, ask.t("待核"))) } }
            div.card-body {
                (kv(&totals))
                @for (name, result) in &outcome.results { p { (name) (ask.t(":")) (result) } }
                p.small.muted { @if english { (outcome.confirmed.en) } @else { (outcome.confirmed.zh) } }
            }
        }
    }
}

pub async fn save(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let finish = input.get("do") == "finish";
    let auto = ask.param("auto").is_some();
    let for_write = input.clone();
    let saved = ask
        .write(move |tx, ask| {
            let (it, _) = record::find_held(tx, &ask.who.scope, &key)?;
            onsite::check_open(ask, &it)?;
            let instrument = onsite::instrument(ask, &it)?;
            let kept = answers::save_sent(tx, ask, &it, instrument, &for_write)?;
            let shown = load(tx, ask, &key)?;
            // Changes are noted once they are sent by hand; the answers themselves say who gave each, and when.
            if !auto && 0 < kept {
                record::note(tx, ask, "change", &shown.it, &shown.elder, "answers")?;
            }
            Ok(shown)
        })
        .await;
    let shown = match saved {
        Err(Error::Invalid(errors)) if auto => return Ok(not_saved(&ask, &errors)),
        other => other?,
    };
    if auto {
        return answered(&ask, &shown, &input);
    }
    let link = shown.it.link();
    if !finish {
        return Ok(ask.go(&link, ask.t("答案已保存")));
    }
    let for_finish = shown.it.key.clone();
    let finished = ask
        .write(move |tx, ask| {
            let (mut it, elder) = record::find_held(tx, &ask.who.scope, &for_finish)?;
            if it.programme.is_formal() {
                onsite::preview(tx, ask, &it).map(|_| ())
            } else {
                onsite::finish(tx, ask, &mut it, &elder)
            }
        })
        .await;
    match finished {
        Ok(()) if shown.it.programme.is_formal() => Ok(ask.go(&format!("{link}/sign"), "")),
        Ok(()) => Ok(ask.go(&link, ask.t("评估已完成"))),
        Err(Error::Invalid(errors)) => show(&ask, &shown, &errors),
        Err(other) => Err(other),
    }
}

/// The answer to a change that was kept at once: when, and the result once all is answered.
fn answered(ask: &Ask, shown: &Shown, sent: &Input) -> Result<Page> {
    let at = kit::clock::minute(&kit::clock::stamp(ask.now));
    let content = html! {
        p #saved.muted.small role="status" { (ask.f("已保存 {at}", &[("at", &at.rsplit(' ').next().unwrap_or_default())])) }
        div #preview hx-swap-oob="true" { (preview(ask, shown.it.instrument_used(&ask.app.policy), shown.preview.as_ref())) }
        (questionnaire::learned(ask, onsite::instrument(ask, &shown.it)?, &shown.given, &shown.facts, sent))
    };
    let mut response = ask.part(content);
    // All of the form is on the server now: the browser need not keep its draft.
    let done = json!({"draft-done": format!("assessment-{}", shown.it.key)}).to_string();
    response.headers_mut().insert("hx-trigger", HeaderValue::from_str(&done).map_err(Error::internal)?);
    Ok(response)
}

fn not_saved(ask: &Ask, errors: &[FieldError]) -> Page {
    let content = html! {
        p #saved.error role="alert" { (ask.t("没有保存:")) @for it in errors { (it.said.in_lang(ask.lang)) " " } }
    };
    let mut response = ask.part(content);
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}

pub async fn restart(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/assessment/{key}/answers");
    ask.write(move |tx, ask| {
        let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
        onsite::restart(tx, ask, &mut it, &elder)
    })
    .await?;
    Ok(ask.go(&here, ask.t("已按新量表重新开始")))
}
