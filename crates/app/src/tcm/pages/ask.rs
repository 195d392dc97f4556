//! Asking the 33 questions: every answer is kept at once; what the yearly check measured is answered already.

use std::collections::BTreeMap;

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Result, Tx,
    error::FieldError,
    form::{Input, csrf},
    page::{Badge, Head, Page, alert, crumbs, icon},
};
use maud::html;
use serde_json::json;

use crate::{
    assessment::{
        self, Assessment, Given,
        questionnaire::{self, Form},
        scale,
    },
    elders::{self, Elder, Key},
    tcm::{
        course,
        record::{self, Record},
        words,
    },
};

struct Start {
    elder: Elder,
    records: Vec<Record>,
    measured: BTreeMap<String, String>,
}

/// One elder: earlier years, and the way into the questionnaire.
pub async fn start(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, "tcm")?;
            Ok(Start { records: record::of_elder(tx, &key)?, measured: course::measured(tx, ask, &key)?, elder })
        })
        .await?;
    let key = &shown.elder.key;
    let content = html! {
        div.cols {
            section.card { header.card-head { h2 { (ask.t("体质辨识")) } } div.card-body {
                p { (ask.t("按近一年的体验和感觉回答 33 个问题,约十分钟。问老人本人,家人可以补充。")) }
                @if shown.measured.is_empty() { p.muted { (ask.t("还没有身高、体重、腰围的测量,第 9、28 条要当场量。")) } }
                @else { p.muted { (ask.f("体检量过的已经代答:第 {items} 条。", &[("items", &items(&shown.measured).join(ask.t("、")))])) } }
                form method="post" action=(format!("/tcm/of/{key}")) { (csrf(&ask))
                    button.btn.btn-primary { (icon("flower1")) (ask.t("开始提问")) } }
            } }
            section.card { header.card-head { h2 { (ask.t("历年体质")) } } div.card-body {
                @if shown.records.is_empty() { p.muted { (ask.t("还没有做过。")) } }
                @for it in &shown.records {
                    p { a href=(it.link()) { (it.day) } " "
                        @if it.constitution.is_empty() { (ask.t(words::title(words::STATES, record::word_of(it.state)))) } @else { (ask.t(&it.constitution)) } }
                }
            } }
        }
    };
    let sub = ask.f(
        "{age} 岁 · {place}",
        &[("age", &shown.elder.age_on(ask.today())), ("place", &ask.app.places.tree().full_name(&shown.elder.place))],
    );
    let way = crumbs(&ask, &[("/tcm", ask.t("中医药健康管理")), ("", &shown.elder.name)]);
    let actions = html! { a.btn href=(format!("/elders/{key}")) { (icon("person")) (ask.t("老人档案")) } };
    Ok(ask.page(Head::new(&shown.elder.name).line(sub).crumbs(way).actions(actions), content))
}

/// The numbers of items, in the order in which they are asked.
fn items(measured: &BTreeMap<String, String>) -> Vec<&str> {
    let mut all: Vec<&str> = measured.keys().map(|it| &**it).collect();
    all.sort_by_key(|it| it.parse::<u8>().unwrap_or(u8::MAX));
    all
}

pub async fn begin(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let it = ask.write(move |tx, ask| course::begin(tx, ask, &key)).await?;
    Ok(ask.go(&format!("/tcm/questionnaire/{}", it.key), ""))
}

struct Shown {
    it: Assessment,
    elder: Elder,
    given: Given,
    /// The record, where the questionnaire is finished.
    record: Option<Record>,
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let (it, elder) = assessment::find(tx, &ask.who.scope, key)?;
    Ok(Shown { given: scale::given(tx, &it)?, record: record::of_assessment(tx, key)?, it, elder })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let shown = load(tx, ask, &key)?;
            elders::note(tx, ask, "look", &shown.elder, "tcm questionnaire")?;
            Ok(shown)
        })
        .await?;
    if let Some(record) = &shown.record {
        return Ok(ask.go(&record.link(), ""));
    }
    show(&ask, &shown, &[])
}

fn show(ask: &Ask, shown: &Shown, errors: &[FieldError]) -> Result<Page> {
    let instrument = scale::instrument(ask, &shown.it)?;
    let form = Form {
        action: format!("/tcm/questionnaire/{}", shown.it.key),
        autosave: true,
        draft: format!("tcm-{}", shown.it.key),
        facts: None,
        foot: html! {
            div.form-foot {
                button.btn.btn-primary name="do" value="finish" { (ask.t("答完,看体质")) }
                button.btn name="do" value="save" { (ask.t("存着,稍后再答")) }
                p #saved.muted.small role="status" { }
            }
        },
    };
    let content = html! {
        p.muted { (ask.t("按近一年的体验和感觉回答,不能空着。")) }
        (questionnaire::show(ask, instrument, &shown.given, errors, &form))
    };
    let sub = ask.f("{name} · {age} 岁", &[("name", &shown.elder.name), ("age", &shown.elder.age_on(ask.today()))]);
    let here = format!("/tcm/of/{}", shown.elder.key);
    let title = ask.t("体质辨识");
    let way = crumbs(ask, &[("/tcm", ask.t("中医药健康管理")), (&here, &shown.elder.name), ("", title)]);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(title).line(sub).crumbs(way), content))
}

pub async fn save(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (auto, finish) = (ask.param("auto").is_some(), input.get("do") == "finish");
    let (for_save, for_finish) = (key.clone(), key.clone());
    let saved = ask
        .write(move |tx, ask| {
            let mut shown = load(tx, ask, &for_save)?;
            scale::keep(tx, ask, &mut shown.it, &shown.elder, &input)?;
            load(tx, ask, &for_save)
        })
        .await;
    let shown = match saved {
        Err(Error::Invalid(errors)) if auto => {
            let mut response = ask.part(html! {
                p #saved.error role="alert" { (ask.t("没有保存:")) @for it in &errors { (it.said.in_lang(ask.lang)) " " } }
            });
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(response);
        }
        other => other?,
    };
    if auto {
        return kept(&ask, &shown);
    }
    if !finish {
        return Ok(ask.go(&format!("/tcm/of/{}", shown.elder.key), ask.t("答案已保存,可以接着答")));
    }
    let done = ask
        .write(move |tx, ask| {
            let mut shown = load(tx, ask, &for_finish)?;
            scale::finish(tx, ask, &mut shown.it, &shown.elder)?;
            course::take(tx, ask, &shown.it, &shown.elder)
        })
        .await;
    match done {
        Ok(record) => Ok(ask.go(&record.link(), "")),
        Err(Error::Invalid(errors)) => show(&ask, &shown, &errors),
        Err(other) => Err(other),
    }
}

/// The answer to a change that was kept at once.
fn kept(ask: &Ask, shown: &Shown) -> Result<Page> {
    let at = kit::clock::minute(&kit::clock::stamp(ask.now));
    let at = at.rsplit(' ').next().unwrap_or_default().to_string();
    let mut response =
        ask.part(html! { p #saved.muted.small role="status" { (ask.f("已保存 {at}", &[("at", &at)])) } });
    let done = json!({"draft-done": format!("tcm-{}", shown.it.key)}).to_string();
    let done = axum::http::HeaderValue::from_str(&done).map_err(Error::internal)?;
    response.headers_mut().insert("hx-trigger", done);
    Ok(response)
}

/// What is to be done with a result that is not settled.
pub fn next_step(ask: &Ask, it: &Record) -> maud::Markup {
    use rules::tcm::State;
    let again = html! {
        form method="post" action=(format!("/tcm/of/{}", it.elder_key())) { (csrf(ask)) button.btn { (icon("arrow-repeat")) (ask.t("重新提问")) } }
    };
    let types = it.leading.iter().map(|it| ask.t(it)).collect::<Vec<_>>().join(ask.t("、"));
    match it.state {
        State::Settled => html! {},
        State::Tie => alert(Badge::Warn, ask.t("得分并列,由中医师判定"), html! { p { (types) } }),
        State::Contradictory => alert(
            Badge::Bad,
            &ask.f("{types}同时为是,相互矛盾", &[("types", &types)]),
            html! { p { (ask.t("请与老人核对相关问题的答案,重新提问。")) } (again) },
        ),
        State::Nothing => alert(
            Badge::Warn,
            ask.t("各型均为否"),
            html! {
                p { (ask.t("请核对答案;仍然都为否的,两周后重新采集。"))
                    @if let Some(day) = it.again_day { " " (ask.f("重新采集日:{day}", &[("day", &day)])) } }
                (again)
            },
        ),
    }
}
