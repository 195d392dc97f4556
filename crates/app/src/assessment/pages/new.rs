//! A new assessment: which, why, and who asks for it.

use kit::{
    Ask, Error, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, crumbs},
};
use maud::html;

use crate::{
    assessment::{
        APPLY, ASSESS,
        apply::{self, Application, SELF_RATING},
        list::instrument_name,
        record::{Assessment, Programme},
        words,
    },
    elders::{self, Elder, Key},
};

/// The first is known from where one comes; the API names it.
pub const FIELDS: &[Field] = &[
    field("elder", "老人", Kind::Text(40)).required(),
    field("kind", "评估项目", Kind::Pick).required().help("失能等级和能力评估由两名评估员上门完成,其他量表当场完成。"),
    field("reason", "评估原因", Kind::Choice(words::REASONS_TO_APPLY)).help("不选时,第一次为首次评估,其后为常规评估。"),
    field("applicant", "由谁申请", Kind::Choice(words::APPLICANTS)),
    field("applicant_name", "申请人(代办人)姓名", Kind::Text(50)),
    field("disabled_since", "失能开始日期", Kind::Date)
        .help("申请失能等级评估时填写;本地要求失能持续一段时间的,受理时核对。"),
    field("site", "评估地点", Kind::Choice(words::SITES)),
    field("informant", "信息提供者", Kind::Text(50)).help("评估时介绍老人情况的人,例如同住的女儿。"),
    field("remark", "情况说明", Kind::LongText(500)),
];

pub async fn page(ask: Ask) -> Result<Page> {
    let mut input = Input::default();
    for name in ["elder", "kind", "reason"] {
        if let Some(value) = ask.param(name) {
            input.set(name, value);
        }
    }
    input.set("applicant", if ask.who.role == kit::Role::Family { "family" } else { "self" });
    input.set("site", "home");
    show(&ask, &input, &[]).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    let for_error = input.clone();
    let made = ask.write(move |tx, ask| Ok(create_from(tx, ask, &input)?.0)).await;
    match made {
        Ok(it) if it.programme.is_formal() => Ok(ask.go(&it.link(), ask.t("申请已登记,请核对后提交"))),
        Ok(it) => Ok(ask.go(&format!("{}/answers", it.link()), "")),
        Err(Error::Invalid(errors)) => show(&ask, &for_error, &errors).await,
        Err(other) => Err(other),
    }
}

/// Checks what was sent and writes the application down; page and API come through here.
pub fn create_from(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<(Assessment, Elder)> {
    let key: Key = input.get("elder").parse().map_err(|_| Error::invalid("elder", "请从老人的页面新建评估"))?;
    let elder = elders::find_living(tx, &ask.who.scope, &key)?;
    let checked = kit_form::check(FIELDS, input, &options(ask, &elder))?;
    let (programme, instrument) = parse_kind(ask, &elder.key.region, &checked.text("kind"));
    let may = if programme.is_formal() { ask.may(APPLY) } else { ask.may(ASSESS) };
    if !may {
        return Err(Error::Forbidden);
    }
    let or = |name: &str, usual: &str| checked.optional(name).unwrap_or_else(|| usual.to_string());
    let application = Application {
        programme: Some(programme),
        instrument,
        reason: checked.optional("reason"),
        applicant: or("applicant", "self"),
        applicant_name: checked.text("applicant_name"),
        disabled_since: checked.date("disabled_since"),
        site: or("site", "home"),
        informant: checked.text("informant"),
        remark: checked.text("remark"),
    };
    if application.disabled_since.is_some_and(|it| ask.today() < it) {
        return Err(Error::invalid("disabled_since", "“失能开始日期”不能晚于今天"));
    }
    let it = apply::create(tx, ask, &elder, &application)?;
    Ok((it, elder))
}

/// What can be chosen: the two programmes, then every other instrument, as far as the person may.
fn options(ask: &Ask, elder: &Elder) -> Options {
    let mut kinds = Vec::new();
    let mut formal = Vec::new();
    for (programme, word) in [(Programme::Ltci, "ltci"), (Programme::Ability, "ability")] {
        let Ok(instrument) = apply::instrument_of(ask, &elder.key.region, programme, "") else { continue };
        formal.push(instrument.id.clone());
        if ask.may(APPLY) {
            let title = ask.t(apply::title_of(programme));
            kinds.push((word.to_string(), format!("{title} · {}", instrument_name(ask, &instrument.id))));
        }
    }
    if ask.may(ASSESS) {
        let yearly = apply::public_health(ask, &elder.key.region);
        let mut rest: Vec<String> = yearly.clone();
        for it in ask.app.policy.instruments() {
            let is_other = it.id != SELF_RATING && !formal.contains(&it.id) && !rest.contains(&it.id);
            if is_other {
                rest.push(it.id.clone());
            }
        }
        kinds.extend(rest.into_iter().map(|id| {
            let name = instrument_name(ask, &id);
            (id, name)
        }));
    }
    Options::from([("kind", kinds)])
}

/// What a choice means: a programme, or an instrument by its id.
fn parse_kind(ask: &Ask, region: &str, kind: &str) -> (Programme, String) {
    match kind {
        "ltci" => (Programme::Ltci, String::new()),
        "ability" => (Programme::Ability, String::new()),
        id if apply::public_health(ask, region).iter().any(|it| it == id) => (Programme::PublicHealth, id.to_string()),
        id => (Programme::Scale, id.to_string()),
    }
}

async fn show(ask: &Ask, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let key: Key = input.get("elder").parse()?;
    let elder = ask.read(move |tx, ask| elders::find_living(tx, &ask.who.scope, &key)).await?;
    let options = options(ask, &elder);
    let content = html! {
        section.card { div.card-body {
            form.form.grid method="post" action="/assessment/new" data-draft=(format!("assessment-new-{}", elder.key)) data-guard {
                (csrf(ask))
                input type="hidden" name="elder" value=(elder.key);
                (kit_form::fields(ask, &FIELDS[1..], input, &options, errors))
                div.form-foot {
                    button.btn.btn-primary { (ask.t("登记")) }
                    a.btn.btn-ghost href=(format!("/elders/{}", elder.key)) { (ask.t("取消")) }
                }
            }
        } }
    };
    let age = elders::about(ask, &elder);
    let here = format!("/elders/{}", elder.key);
    let way = crumbs(ask, &[("/assessment", ask.t("评估")), (&here, &elder.name), ("", ask.t("新建评估"))]);
    let status = if errors.is_empty() { 200 } else { 422 };
    let status = axum::http::StatusCode::from_u16(status).map_err(Error::internal)?;
    Ok(ask.page_with(status, Head::new(ask.t("新建评估")).line(format!("{} · {age}", elder.name)).crumbs(way), content))
}
