//! The lists of runs, their lines, payments, objections and months to redo; a month is settled from here.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result,
    form::{Input, csrf},
    jobs,
    page::{Badge, Head, Page, alert, badge, crumbs, icon},
};
use maud::{Markup, html};

use super::tabs;
use crate::ltci::{
    HANDLE,
    claim::month_of,
    settle::{list, words::yuan, work},
};

pub async fn list(ask: Ask) -> Result<Page> {
    let above = html! { (tabs(&ask)) @if ask.may(HANDLE) { (form(&ask)) } };
    list::SETTLEMENTS.answer_below(&ask, Head::new(ask.t(list::SETTLEMENTS.title)), above).await
}

fn form(ask: &Ask) -> Markup {
    let before = month_of(ask.today().first_of_month().add_days(-1));
    let month = ask.param("month").unwrap_or(&before);
    let tree = ask.app.places.tree();
    let own = &ask.who.scope.place;
    let chosen = ask.param("place").unwrap_or(own);
    let mut places = vec![own.clone()];
    places.extend(tree.counties(own).into_iter().filter(|it| it != own));
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("计算一个月")) } } div.card-body {
            form.form.grid method="post" action="/ltci/settlements" data-confirm=(ask.t("计算这个月的结算草稿?已有的草稿会被替换。")) {
                (csrf(ask))
                div.field { label for="settle-month" { (ask.t("月份")) } input #settle-month type="month" name="month" value=(month) required; }
                div.field { label for="settle-place" { (ask.t("地区")) } select #settle-place name="place" {
                    @for code in &places { option value=(code) selected[code == chosen] { (tree.full_name(code)) } }
                } }
                div.form-foot { button.btn.btn-primary { (icon("receipt")) (ask.t("计算草稿")) } }
            }
            p.muted { (ask.t("同一天按同样的事实再算一次,结果相同;确认以前不付款。")) }
        } }
    }
}

pub async fn start(ask: Ask, input: Input) -> Result<Page> {
    let place = Some(input.get("place").to_string()).filter(|it| !it.is_empty());
    let place = place.unwrap_or_else(|| ask.who.scope.place.clone());
    let month = input.get("month").to_string();
    let job = ask.write(move |tx, ask| work::enqueue(tx, ask, &place, &month)).await?;
    Ok(ask.go(&format!("/ltci/settlements/jobs/{job}"), ""))
}

/// How far a computation has come, and what came of it.
pub async fn job(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    let job = ask.read(move |tx, _| jobs::find(tx, id)).await?;
    if job.kind != work::SETTLE || job.account != Some(ask.who.account) {
        return Err(Error::NotFound);
    }
    let content = outcome(&ask, &job);
    if ask.partial {
        return Ok(ask.part(content));
    }
    let way = crumbs(&ask, &[("/ltci/settlements", ask.t("月结算")), ("", ask.t("计算一个月"))]);
    Ok(ask.page(Head::new(ask.t("计算一个月")).crumbs(way), content))
}

fn outcome(ask: &Ask, job: &jobs::Shown) -> Markup {
    match (&*job.state, &job.result) {
        ("done", Some(result)) => html! {
            (alert(Badge::Ok, ask.t("计算完成"), html! {}))
            @for it in result.as_array().into_iter().flatten() {
                p { b { (it["name"].as_str().unwrap_or_default()) " " (it["month"].as_str().unwrap_or_default()) } " "
                    @match it["settlement"].as_str() {
                        Some(key) => {
                            (ask.f("{n} 条明细,基金支付 {money} 元", &[
                                ("n", &it["totals"]["lines"]), ("money", &yuan(it["totals"]["fund"].as_i64().unwrap_or(0))),
                            ])) " "
                            a.btn href=(format!("/ltci/settlements/{key}")) { (ask.t("核对草稿")) }
                        }
                        None => { (ask.t("没有申报明细")) }
                    } }
            }
        },
        ("failed", _) => {
            alert(Badge::Bad, ask.t("计算失败"), html! { p { (job.error.as_deref().unwrap_or_default()) } })
        }
        _ => html! {
            div.js-poll id="job" hx-get=(format!("/ltci/settlements/jobs/{}", job.id)) hx-trigger="every 1s" hx-swap="outerHTML" aria-live="polite" {
                p.strong { (ask.t("正在计算…")) " " (badge(Badge::Info, ask.t("进行中"))) }
                div.progress { progress aria-label=(ask.t("正在计算…")) value=[(0 < job.total).then_some(job.done)] max=[(0 < job.total).then_some(job.total)] {} }
                noscript { a.btn href="" { (ask.t("刷新看进度")) } }
            }
        },
    }
}

pub async fn verdicts(ask: Ask) -> Result<Page> {
    // A line stands once in each run, so one run is always named.
    let Some(key) = ask.param("settlement") else { return Ok(ask.go("/ltci/settlements", "")) };
    let way = html! { p.no-print { a href=(format!("/ltci/settlements/{key}")) { (ask.t("返回这次结算")) } } };
    list::VERDICTS.answer_below(&ask, Head::new(ask.t(list::VERDICTS.title)), way).await
}

pub async fn payments(ask: Ask) -> Result<Page> {
    super::answer(&ask, &list::PAYMENTS).await
}

pub async fn objections(ask: Ask) -> Result<Page> {
    super::answer(&ask, &list::OBJECTIONS).await
}

pub async fn redo(ask: Ask) -> Result<Page> {
    let above = html! {
        (tabs(&ask))
        @if ask.may(HANDLE) {
            form.no-print method="post" action="/ltci/redo" { (csrf(&ask)) button.btn { (icon("arrow-repeat")) (ask.t("现在核对")) } }
        }
    };
    list::REDO.answer_below(&ask, Head::new(ask.t(list::REDO.title)), above).await
}

/// Looks now instead of by night.
pub async fn look(ask: Ask) -> Result<Page> {
    ask.write(|tx, ask| {
        for county in &*ask.who.scope.counties {
            let body = serde_json::json!({"region": county});
            let new = jobs::New {
                region: county,
                kind: work::REDO,
                unique_key: Some(county),
                title: "找出应重算的月份",
                body: &body,
                account: Some(ask.who.account),
            };
            jobs::enqueue(tx, &new, ask.now)?;
        }
        Ok(())
    })
    .await?;
    Ok(ask.go("/ltci/redo", ask.t("已开始核对,完成后在本页查看")))
}
