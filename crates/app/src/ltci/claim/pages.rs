//! The pages of claims: the list, a line entered by hand, and one line with every rule it was judged by.

use std::collections::HashMap;

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Id, Result,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, badge, crumbs, icon, kv, time},
};
use maud::{Markup, html};
use serde_json::Value;

use super::{
    line::{self, Claim},
    list, take,
};
use crate::{
    elders::{self, Key},
    ltci::{
        AUDIT, CLAIM, HANDLE,
        settle::{
            explain::{self, Found},
            objection::{self, Objection},
            review,
            sample::{self, Sample},
            statement, tabs,
            words::{self, yuan},
        },
        words as ltci_words,
    },
};

pub async fn list(ask: Ask) -> Result<Page> {
    let above = html! {
        (tabs(&ask))
        @if ask.may(CLAIM) { div.actions.no-print {
            a.btn.btn-primary href="/ltci/claims/import" { (icon("upload")) (ask.t("导入申报明细")) }
            a.btn href="/ltci/claims/new" { (icon("plus-lg")) (ask.t("录入一条")) }
        } }
    };
    list::CLAIMS.answer_below(&ask, Head::new(ask.t(list::CLAIMS.title)), above).await
}

pub async fn new(ask: Ask) -> Result<Page> {
    form(&ask, &Input::default(), &[])
}

fn form(ask: &Ask, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let content = html! {
        section.card { div.card-body { form.form.grid method="post" action="/ltci/claims/new" {
            (csrf(ask))
            (kit_form::fields(ask, take::FIELDS, input, &Options::new(), errors))
            div.form-foot { button.btn.btn-primary { (ask.t("录入")) } a.btn.btn-ghost href="/ltci/claims" { (ask.t("取消")) } }
        } } }
    };
    let way = crumbs(ask, &[("/ltci/claims", ask.t("申报明细")), ("", ask.t("录入一条"))]);
    let status = StatusCode::from_u16(if errors.is_empty() { 200 } else { 422 }).map_err(Error::internal)?;
    Ok(ask.page_with(status, Head::new(ask.t("录入一条")).crumbs(way), content))
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    let sent = input.clone();
    let made = ask
        .write(move |tx, ask| {
            let (key, _) = take::take(tx, ask, &input, "hand")?;
            let it = line::find(tx, &ask.who.scope, &key)?;
            line::note(tx, ask, &it, "claimed")?;
            Ok(it)
        })
        .await;
    match made {
        Ok(it) => Ok(ask.go(&it.link(), ask.t("已录入"))),
        Err(Error::Invalid(errors)) => form(&ask, &sent, &errors),
        Err(other) => Err(other),
    }
}

pub async fn withdraw(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/ltci/claims/{key}");
    ask.write(move |tx, ask| {
        let it = line::find(tx, &ask.who.scope, &key)?;
        line::withdraw(tx, ask, &it)
    })
    .await?;
    Ok(ask.go(&here, ask.t("已撤回")))
}

struct Shown {
    it: Claim,
    name: String,
    found: Option<Found>,
    sample: Option<Sample>,
    objections: Vec<Objection>,
    providers: HashMap<Id, String>,
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let it = line::find(tx, &ask.who.scope, &key)?;
            line::note(tx, ask, &it, "look")?;
            let names = elders::names(tx, &key.region, &[it.said.elder])?;
            Ok(Shown {
                name: names.get(&it.said.elder).cloned().unwrap_or_default(),
                found: explain::latest(tx, ask, &it)?,
                sample: sample::of_claim(tx, &key)?,
                objections: objection::of_claim(tx, &key)?,
                providers: statement::providers(tx, &key.region)?,
                it,
            })
        })
        .await?;
    let it = &shown.it;
    let content = html! {
        div.cols {
            div.stack {
                @match &shown.found {
                    Some(found) => { (verdict(&ask, &shown, found)) },
                    None => { (alert(Badge::Info, ask.t("还没有结算"), html! { p { (ask.t("结算以前可以改正或撤回。")) } })) },
                }
                (objections(&ask, &shown))
            }
            div.stack {
                (facts(&ask, &shown))
                (reviewed(&ask, &shown))
                @if it.state == "open" && ask.may(CLAIM) {
                    form.no-print method="post" action=(format!("{}/withdraw", it.link())) data-confirm=(ask.t("撤回这条明细?同一编号不能再报。")) {
                        (csrf(&ask)) button.btn.btn-danger { (ask.t("撤回")) } }
                }
            }
        }
    };
    let way = crumbs(&ask, &[("/ltci/claims", ask.t("申报明细")), ("", &it.number)]);
    let line = format!("{} · {}", shown.name, it.said.day);
    Ok(ask.page(Head::new(&it.number).line(line).crumbs(way), content))
}

fn facts(ask: &Ask, shown: &Shown) -> Markup {
    let (it, said) = (&shown.it, &shown.it.said);
    let degrees = |it: i64| format!("{}.{:06}", it / 1_000_000, (it % 1_000_000).abs());
    let place = said.latitude.zip(said.longitude).map(|(a, b)| format!("{}, {}", degrees(a), degrees(b)));
    let state = words::CLAIM_STATES.iter().find(|one| one.0 == it.state);
    let moment = |at: &Option<String>| html! { @if let Some(at) = at { (time(at)) } @else { "—" } };
    let title = |list: &[(&'static str, &'static str)], word: &str| ask.t(ltci_words::title(list, word)).to_string();
    html! {
        section.card { header.card-head { h2 { (ask.t("申报")) } } div.card-body { (kv(&[
            (ask.t("状态"), html! { @if let Some(one) = state { (badge(one.2, ask.t(one.1))) } }),
            (ask.t("机构"), html! { (shown.providers.get(&it.provider).map_or(ask.t("家属照护"), |it| it)) }),
            (ask.t("服务方式"), html! { (title(ltci_words::MODES, &said.mode)) }),
            (ask.t("服务项目"), html! { (statement::service(ask, &it.key.region, said.day, &said.service)) }),
            (ask.t("金额"), html! { (yuan(said.claimed)) " " (ask.t("元")) }),
            (ask.t("开始时间"), moment(&said.began)),
            (ask.t("结束时间"), moment(&said.ended)),
            (ask.t("分钟"), html! { (said.minutes) @if said.second { " " (ask.t("第二人")) } }),
            (ask.t("人员编号"), html! { (said.carer) }),
            (ask.t("地点"), html! { (place.unwrap_or_else(|| "—".into())) " " (title(words::POSITIONS, &said.position_source)) }),
            (ask.t("照片摘要"), html! { (said.photo) }),
            (ask.t("来源"), html! { (it.source) }),
        ])) } }
    }
}

fn verdict(ask: &Ask, shown: &Shown, found: &Found) -> Markup {
    let day = shown.it.said.day.to_string();
    let claimed = shown.it.said.claimed;
    let title = ask.f("{month} 第 {n} 次结算", &[("month", &found.month), ("n", &found.run)]);
    let scale = found.value("待遇标准", &day);
    html! {
        section.card { header.card-head { h2 { @if ask.who.scope.organisation.is_none() {
                    a href=(format!("/ltci/settlements/{}-{}", shown.it.key.region, found.settlement)) { (title) } } @else { (title) } }
                small.muted { (ask.t("结算日")) " " (found.as_of) }
                @if !found.is_confirmed() { (badge(Badge::Warn, ask.t("草稿"))) } }
            div.card-body {
                p.strong { (ask.f("申报 {claimed} 元 = 基金 {fund} 元 + 个人 {person} 元 + 机构 {borne} 元 + 待定 {pending} 元", &[
                    ("claimed", &yuan(claimed)), ("fund", &yuan(found.fund)), ("person", &yuan(found.person)),
                    ("borne", &yuan(found.borne)), ("pending", &yuan(found.pending)) ])) }
                @if !found.undecided.is_empty() { (alert(Badge::Warn, ask.t("待定"), html! { p { (ask.t(&found.undecided)) } })) }
                ol { @for cut in &found.deductions { li value=(cut.rule) {
                    b { (ask.t(words::rule(cut.rule))) } " " (yuan(cut.amount)) " " (ask.t("元"))
                    p.small { (statement::said(ask, cut, &shown.providers)) }
                    @if let Some(value) = found.value(words::rests_on(cut.rule), &day) { (document(ask, value)) }
                } } }
                @if found.deductions.is_empty() { p { (ask.t("没有扣减,按支付比例付。")) } }
                @if let Some(value) = scale { p.small { (ask.t("待遇标准")) ": " (document(ask, value)) } }
            } }
        details.card { summary.card-head { (ask.t("所依据的事实")) } div.card-body {
            @for (name, value) in pairs(&found.recipient).into_iter().chain(pairs(&found.line)) {
                p.small { b { (statement::fact(ask, &name)) } " " (value) }
            }
        } }
    }
}

/// Region, day, document and clause of a value, and whether it was invented.
fn document(ask: &Ask, it: &Value) -> Markup {
    let text = |name: &str| it[name].as_str().unwrap_or_default().to_string();
    html! {
        p.small.muted {
            (text("param")) " · " (text("region_name")) " · " (ask.f("{day} 起", &[("day", &text("from"))])) " · "
            @if text("document").is_empty() { (ask.t("没有文件")) } @else { a href=(format!("/policy/documents/{}", text("document"))) { (text("document")) } }
            " " (text("clause")) " "
            @if text("status") == "示例" { (badge(Badge::Example, ask.t("示例"))) }
        }
    }
}

fn pairs(it: &Value) -> Vec<(String, String)> {
    it.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), rules::policy::shown(value))).collect()
}

fn reviewed(ask: &Ask, shown: &Shown) -> Markup {
    let Some(it) = shown.sample.as_ref().filter(|_| ask.who.scope.organisation.is_none()) else { return html! {} };
    let state = words::SAMPLE_STATES.iter().find(|one| one.0 == it.state);
    html! {
        section.card { header.card-head { h2 { (ask.t("抽查")) } } div.card-body {
            p { @if let Some(one) = state { (badge(one.2, ask.t(one.1))) } " " @if it.deducted != 0 { (yuan(it.deducted)) " " (ask.t("元")) } " " (it.reason) }
            p.small.muted { (it.who) " " (time(&it.at)) }
            @if ask.may(AUDIT) { (review::review_form(ask, &shown.it.key.region, it)) }
        } }
    }
}

fn objections(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let open = shown.objections.iter().any(|it| it.state == "open");
    let found = shown.found.as_ref().filter(|it| it.is_confirmed());
    let can_raise = ask.may(CLAIM) && !open && found.is_some_and(|it| !it.deductions.is_empty() || it.pending != 0);
    if shown.objections.is_empty() && !can_raise {
        return html! {};
    }
    let rules: Vec<u8> = found.map(|it| it.deductions.iter().map(|it| it.rule).collect()).unwrap_or_default();
    html! {
        section.card { header.card-head { h2 { (ask.t("异议")) } }
            @for one in &shown.objections { div.card-body {
                @let state = words::OBJECTION_STATES.iter().find(|it| it.0 == one.state);
                p { @if let Some(state) = state { (badge(state.2, ask.t(state.1))) } " " (one.reason) }
                p.small.muted { (one.raised_by) " " (time(&one.raised)) " · " (ask.t("答复期限")) " " (one.due) }
                @if let Some(at) = &one.answered { p { (one.answer) @if !one.waived.is_empty() { " " (ask.f("不再适用规则 {rules}", &[("rules", &one.waived)])) } }
                    p.small.muted { (one.answered_by) " " (time(at)) } }
                @if one.state == "open" && ask.may(HANDLE) { (review::answer_form(ask, &it.link(), &rules)) }
            } }
            @let last = found.and_then(|found| objection::last_day(ask, &it.key.region, found));
            @if let (true, Some(day)) = (can_raise, last) { p.card-body.muted { (ask.f("异议应在 {day} 及以前提出", &[("day", &day)])) } }
            @if can_raise && last.is_none_or(|day| ask.today() <= day) { div.card-body.no-print {
                form.form method="post" action=(format!("{}/objection", it.link())) {
                    (csrf(ask))
                    (kit_form::fields(ask, objection::RAISE, &Input::default(), &Options::new(), &[]))
                    div.form-foot { button.btn { (ask.t("提出异议")) } }
                }
            } }
        }
    }
}
