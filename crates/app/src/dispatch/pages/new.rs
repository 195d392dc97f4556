//! A new plan: for whom, from which day, how many days.

use axum::http::StatusCode;
use kit::{
    Ask, Error, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, crumbs},
};
use maud::html;

use crate::{
    dispatch::{area, draft::Draft, figures, gather, kept, problem, publish, sight::Sight, what_if::WhatIf},
    elders::Key,
    workforce,
};

/// So many days are planned together at most.
const MOST_DAYS: i64 = 7;

const DAYS: &[(&str, &str)] =
    &[("1", "1 天"), ("2", "2 天"), ("3", "3 天"), ("4", "4 天"), ("5", "5 天"), ("6", "6 天"), ("7", "7 天")];

pub const FIELDS: &[Field] = &[
    field("organisation", "机构", Kind::Pick).required(),
    field("day", "第一天", Kind::Date).required(),
    field("days", "排几天", Kind::Choice(DAYS)).required(),
    field("flexible", "没有约时间的,可前后挪几天", Kind::Int { min: 0, max: 6 })
        .help("只在所排的几天以内挪;约好时间的、已通知的不挪。"),
];

pub async fn page(ask: Ask) -> Result<Page> {
    let mut input = Input::default();
    input.set("day", ask.param("on").map_or_else(|| ask.today().add_days(1).to_string(), str::to_string));
    input.set("days", "1");
    input.set("flexible", "0");
    input.set("organisation", ask.param("organisation").unwrap_or_default());
    form(ask, input, Vec::new()).await
}

async fn form(ask: Ask, mut input: Input, errors: Vec<FieldError>) -> Result<Page> {
    let (options, own) = ask
        .read(|tx, ask| {
            let own = workforce::staff_of_account(tx, ask)?.and_then(|it| it.organisation);
            Ok((area::options(tx, ask)?, own))
        })
        .await?;
    if input.get("organisation").is_empty() {
        // One's own institution, where there is one.
        let own = own.map(|it| it.to_string()).filter(|id| options.iter().any(|it| it.0 == *id));
        let only = options.first().filter(|_| options.len() == 1).map(|it| it.0.clone());
        input.set("organisation", own.or(only).unwrap_or_default());
    }
    let options = Options::from([("organisation", options)]);
    let title = ask.t("新建派单方案");
    let content = html! {
        form.form.grid method="post" action="/dispatch/new" { (csrf(&ask))
            (kit_form::fields(&ask, FIELDS, &input, &options, &errors))
            div.form-foot { button.btn.btn-primary { (ask.t("看看现在的安排")) } a.btn.btn-ghost href="/dispatch" { (ask.t("取消")) } }
        }
        p.muted { (ask.t("方案从现在的安排开始:已通知的、指定了人的照原样放上去,其余列为未排上,由求解排好。发布以前谁也不会收到通知。")) }
    };
    let way = crumbs(&ask, &[("/dispatch", ask.t("上门派单")), ("", title)]);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(title).crumbs(way), content))
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    let sent = input.clone();
    match ask.write(move |tx, ask| begin(tx, ask, &sent)).await {
        Ok(key) => Ok(ask.go(&format!("/dispatch/{key}"), "")),
        Err(Error::Invalid(errors)) => form(ask, input, errors).await,
        Err(other) => Err(other),
    }
}

/// Begins a plan with what is assigned now.
///
/// # Errors
/// `Invalid` for what a field says.
pub fn begin(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<Key> {
    let checked = kit_form::check(FIELDS, input, &Options::from([("organisation", area::options(tx, ask)?)]))?;
    let first = checked.date("day").ok_or_else(|| Error::invalid("day", "请填写“第一天”"))?;
    let days = checked.text("days").parse().unwrap_or(1).clamp(1, MOST_DAYS);
    let chosen = area::chosen(tx, ask, &checked.text("organisation"))?;
    let asked = chosen.asked(first, days, checked.int("flexible").unwrap_or(0).min(days - 1));
    let facts = gather::facts(tx, ask, &asked)?;
    let what_if = WhatIf::default();
    let built = problem::build(ask, &facts, &what_if, &Draft::default())?;
    let draft = Draft::current(&facts, &built);
    let (plan, _) = draft.arrange(&built);
    let figures = figures::of(&plan, &facts, &built);
    let name = format!("{} {}", chosen.name, publish::days(first, first.add_days(days as i32 - 1)));
    let new = kept::New {
        asked: &asked,
        place: &chosen.place,
        name: &name,
        asks_of: None,
        what_if: &what_if,
        draft: &draft,
        figures: &figures,
        before: &figures,
    };
    kept::insert(tx, ask, &new)
}

/// What would be if: a plan beside another, from its draft on.
pub fn beside(tx: &Tx<'_>, ask: &Ask, it: &Sight, what_if: &WhatIf, name: &str) -> Result<Key> {
    let kept = &it.kept;
    let built = problem::build(ask, &it.facts, what_if, &kept.draft)?;
    let (plan, _) = kept.draft.arrange(&built);
    let new = kept::New {
        asked: &kept.asked,
        place: &kept.place,
        name,
        asks_of: Some(kept.asks_of.unwrap_or(kept.key.id)),
        what_if,
        draft: &kept.draft,
        figures: &figures::of(&plan, &it.facts, &built),
        before: &it.figures,
    };
    kept::insert(tx, ask, &new)
}
