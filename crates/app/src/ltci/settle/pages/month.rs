//! The elder's month in large print: who came when, what was done, what the fund paid and what I paid.

use axum::extract::Path;
use kit::{
    Ask, Id, Result, Tx,
    form::{Input, csrf},
    page::{Head, Page, badge, empty},
};
use maud::{Markup, html};
use rules::base::Date;

use crate::{
    elders::{self, Elder, Key},
    ltci::{
        COMPLAIN,
        claim::{self, month_of},
        provider::carer,
        settle::{
            complaint, judge, keep,
            statement::{self, Of},
            words::{self, yuan},
        },
    },
};

/// What an elder's month shows.
pub struct Shown {
    pub elder: Elder,
    pub month: String,
    pub is_settled: bool,
    pub bonus: i64,
    pub lines: Vec<Line>,
}

pub struct Line {
    pub claim: Id,
    pub day: Date,
    pub service: String,
    pub provider: String,
    /// The name, where the institution has said whose number it claimed.
    pub carer: String,
    pub began: Option<String>,
    pub minutes: i64,
    pub claimed: i64,
    /// Nothing before the month is settled.
    pub fund: Option<i64>,
    pub person: Option<i64>,
    /// A word of `words::COMPLAINT_STATES`, for those who may say so.
    pub complaint: Option<String>,
}

/// Reads an elder's month; the look is noted.
///
/// # Errors
/// `NotFound` outside the scope, `Invalid` for what is no month.
pub fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let elder = elders::find(tx, &ask.who.scope, key)?;
    let this = month_of(ask.today());
    let month = ask.param("month").unwrap_or(&this).to_string();
    judge::days(&month)?;
    elders::note(tx, ask, "look", &elder, &format!("ltci {month}"))?;
    let providers = statement::providers(tx, &key.region)?;
    let came = carer::who_came(tx, key, &month)?;
    let complaints = if ask.may(COMPLAIN) { complaint::of_elder(tx, key, &month)? } else { Vec::new() };
    let run = match keep::confirmed(tx, &key.region, &month)? {
        Some(id) => Some(keep::by_key(tx, &Key { region: key.region.clone(), id })?),
        None => None,
    };
    let judged = match &run {
        Some(run) => statement::lines(tx, run, &Of::Elder(key.id))?,
        None => Vec::new(),
    };
    let bonus = match &run {
        Some(run) => keep::bonus(tx, &run.key, key.id)?,
        None => 0,
    };
    let lines = claim::of_elder(tx, key, &month)?
        .into_iter()
        .map(|it| {
            let verdict = judged.iter().find(|one| one.claim == it.key.id);
            Line {
                claim: it.key.id,
                day: it.said.day,
                service: statement::service(ask, &key.region, it.said.day, &it.said.service),
                provider: providers.get(&it.provider).cloned().unwrap_or_default(),
                carer: came.get(&(it.provider, it.said.carer)).cloned().unwrap_or_default(),
                began: it.said.began,
                minutes: it.said.minutes,
                claimed: it.said.claimed,
                fund: verdict.map(|one| one.fund - one.reviewed),
                person: verdict.map(|one| one.person),
                complaint: complaints.iter().rev().find(|one| one.0 == it.key.id).map(|one| one.1.clone()),
            }
        })
        .collect();
    Ok(Shown { elder, month, is_settled: run.is_some(), bonus, lines })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    // Large print, whatever was chosen elsewhere.
    let ask = Ask { large: true, ..ask };
    let it = ask.write(move |tx, ask| load(tx, ask, &key)).await?;
    let here = format!("/ltci/{}/month", it.elder.key);
    let sum = |of: fn(&Line) -> Option<i64>| it.lines.iter().filter_map(of).sum::<i64>();
    let content = html! {
        form.filters.no-print method="get" action=(here) {
            div.field { label for="month" { (ask.t("月份")) } input #month type="month" name="month" value=(it.month); }
            div.actions { button.btn { (ask.t("查看")) } }
        }
        @if it.lines.is_empty() { (empty(ask.t("这个月没有服务记录"), ask.t("机构上门或住院照护后,记录会出现在这里。"), html! {})) } @else {
            @if it.is_settled {
                p.strong { (ask.f("基金支付 {fund} 元,我付 {own} 元", &[("fund", &yuan(sum(|it| it.fund) + it.bonus)), ("own", &yuan(sum(|it| it.person)))])) }
                @if it.bonus != 0 { p { (ask.f("其中加成 {money} 元发给本人", &[("money", &yuan(it.bonus))])) } }
            } @else { p { (ask.t("这个月还没有结算,谁付多少以结算为准。")) } }
            @for one in &it.lines { (line(&ask, &here, one)) }
        }
    };
    let title = ask.f("{name}的 {month}", &[("name", &it.elder.name), ("month", &it.month)]);
    Ok(ask.page(Head::new(&title).line(ask.t("长护险服务明细")), content))
}

fn line(ask: &Ask, here: &str, it: &Line) -> Markup {
    let when = it.began.as_deref().map_or(String::new(), |at| kit::clock::minute(at).split_off(11));
    html! {
        section.card.gap-top { div.card-body {
            p { b { (it.day) " " (when) } " " (it.service)
                @if 0 < it.minutes { " " (ask.f("{n} 分钟", &[("n", &it.minutes)])) } }
            p { (it.provider) @if !it.carer.is_empty() { " " (ask.f("护理人员 {name}", &[("name", &it.carer)])) } }
            @match (it.fund, it.person) {
                (Some(fund), Some(own)) => p { (ask.f("基金支付 {fund} 元,我付 {own} 元", &[("fund", &yuan(fund)), ("own", &yuan(own))])) },
                _ => p.muted { (ask.f("机构申报 {money} 元", &[("money", &yuan(it.claimed))])) },
            }
            @if ask.may(COMPLAIN) {
                @match words::COMPLAINT_STATES.iter().find(|one| Some(one.0) == it.complaint.as_deref()) {
                    Some(state) => p { (ask.t("已反映这次服务没有发生")) " " (badge(state.2, ask.t(state.1))) },
                    None => form.no-print method="post" action=(format!("{here}/{}/complaint", it.claim)) data-confirm=(ask.t("反映这次服务没有发生?只有经办和稽核人员会看到是谁反映的。")) {
                        (csrf(ask)) button.btn { (ask.t("这次服务没有发生")) } },
                }
            }
        } }
    }
}

pub async fn complain(ask: Ask, Path((key, claim)): Path<(String, Id)>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let for_query = key.clone();
    let month = ask
        .write(move |tx, ask| {
            let elder = elders::find(tx, &ask.who.scope, &for_query)?;
            complaint::add(tx, ask, &elder, claim, &input)?;
            claim::month_by_id(tx, &for_query.region, claim)
        })
        .await?;
    Ok(ask.go(&format!("/ltci/{key}/month?month={month}"), ask.t("已收到,会有人核实")))
}
