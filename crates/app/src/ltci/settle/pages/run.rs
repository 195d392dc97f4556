//! One run: what it comes to, what each provider gets, what differs from the run before, how it is confirmed and paid.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Id, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, badge, crumbs, download, icon, kv, plain_table, stat},
};
use maud::{Markup, html};
use serde_json::Value;

use super::review;
use crate::{
    assessment,
    elders::{self, Key},
    ltci::{
        AUDIT, HANDLE,
        settle::{
            api::PAID_FIELDS,
            export,
            keep::{self, Settlement},
            pay, policy, redo, statement,
            words::{self, yuan},
            work,
        },
    },
    policy::folded,
};

struct Shown {
    it: Settlement,
    sums: Vec<statement::Sum>,
    providers: std::collections::HashMap<Id, String>,
    due: i64,
    payments: Vec<pay::Payment>,
    persons: std::collections::HashMap<Id, String>,
    samples: (i64, i64),
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let it = keep::find_whole(tx, &ask.who.scope, key)?;
    keep::note(tx, ask, key, "look")?;
    let payments = pay::of_settlement(tx, key)?;
    let persons: Vec<Id> = payments.iter().filter_map(|it| it.payee.elder).collect();
    let samples = |state: &str| {
        tx.count(
            "select count(*) from ltci_sample where region = $1 and settlement = $2 and state = $3",
            &[&key.region, &key.id, &state],
        )
    };
    let (open, agreed, deducted) = (samples("open")?, samples("agreed")?, samples("deducted")?);
    Ok(Shown {
        sums: statement::sums(tx, &it)?,
        providers: statement::providers(tx, &key.region)?,
        due: if it.is_draft() { pay::due(tx, &it)?.values().sum() } else { payments.iter().map(|it| it.amount).sum() },
        persons: elders::names(tx, &key.region, &persons)?,
        samples: (open, open + agreed + deducted),
        payments,
        it,
    })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    show(&ask, key.parse()?, &[]).await
}

pub(super) async fn show(ask: &Ask, key: Key, errors: &[FieldError]) -> Result<Page> {
    let shown = ask.write(move |tx, ask| load(tx, ask, &key)).await?;
    let it = &shown.it;
    let here = it.link();
    let is_demo = ask.app.config.demo;
    let content = html! {
        @if is_demo { (alert(Badge::Info, ask.t("演示:所依据的政策值可能是示例"), html! { p { (ask.t("每条明细的页面写明所依据的值、文件和是否示例。")) } })) }
        (kit_form::summary(ask, &[], errors))
        (figures(ask, &shown))
        div.actions.gap-top.no-print {
            a.btn href=(format!("/ltci/verdicts?settlement={}", it.key)) { (icon("list-check")) (ask.t("审核明细")) }
            @if 1 < it.run { a.btn href=(format!("{here}/differences")) { (icon("arrow-repeat")) (ask.t("与上次的不同")) } }
            a.btn href=(format!("{here}/insurer")) { (icon("receipt")) (ask.t("经办汇总")) }
            a.btn href=(format!("{here}/export.zip")) { (icon("download")) (ask.t("导出复算文件")) }
        }
        (providers(ask, &shown))
        @if it.is_draft() { (draft(ask, &shown)) } @else { (payments(ask, &shown)) }
        section.card.gap-top { header.card-head { h2 { (ask.t("凭据")) } } div.card-body { (kv(&[
            (ask.t("结算日"), html! { (it.as_of) }),
            (ask.t("结果摘要"), html! { code.small { (it.digest) } }),
            (ask.t("政策库摘要"), html! { code.small { (it.policy_digest) } }),
            (ask.t("确认"), html! { (it.confirmed_by) " " @if let Some(at) = &it.confirmed { (kit::page::time(at)) } }),
        ])) } }
    };
    let title = ask.f("{month} 第 {n} 次结算", &[("month", &it.month), ("n", &it.run)]);
    let way = crumbs(ask, &[("/ltci/settlements", ask.t("月结算")), ("", &title)]);
    let line = ask.app.places.tree().full_name(&it.key.region);
    let status = StatusCode::from_u16(if errors.is_empty() { 200 } else { 422 }).map_err(Error::internal)?;
    Ok(ask.page_with(status, Head::new(&title).line(line).crumbs(way), content))
}

fn figures(ask: &Ask, shown: &Shown) -> Markup {
    let (it, totals) = (&shown.it, &shown.it.totals);
    let state = words::SETTLEMENT_STATES.iter().find(|one| one.0 == it.state);
    let (title, kind) = state.map_or(("", Badge::Muted), |it| (it.1, it.2));
    let money = |kind, label: &str, fen: i64, note: &str| stat(kind, ask.t(label), &yuan(fen), ask.t("元"), note, None);
    let counted = ask.f("{persons} 人,{n} 条明细", &[("persons", &totals.persons), ("n", &totals.lines)]);
    let bonus = if totals.bonus == 0 {
        String::new()
    } else {
        ask.f("另有加成 {money} 元", &[("money", &yuan(totals.bonus))])
    };
    let pending = if totals.pending == 0 { Badge::Muted } else { Badge::Warn };
    html! {
        p.gap-top { (badge(kind, ask.t(title))) }
        div.stats {
            (money(Badge::Muted, "申报", totals.claimed, &counted))
            (money(Badge::Ok, "基金支付", totals.fund, &bonus))
            (money(Badge::Muted, "个人负担", totals.person, ""))
            (money(Badge::Muted, "机构负担", totals.provider, ask.t("不得向老人收取")))
            (money(pending, "待定", totals.pending, ask.t("当日没有在行政策")))
            (money(Badge::Muted, if it.is_draft() { "确认后应付" } else { "本次支付" }, shown.due,
                if it.run == 1 { "" } else { ask.t("与以前各次的差额") }))
        }
    }
}

fn name<'a>(ask: &'a Ask, shown: &'a Shown, provider: Id) -> &'a str {
    match provider.0 {
        0 => ask.t("家属照护"),
        _ => shown.providers.get(&provider).map_or("", |it| it),
    }
}

fn providers(ask: &Ask, shown: &Shown) -> Markup {
    let heads = ["机构", "人数", "明细", "申报(元)", "基金(元)", "抽查扣减(元)", "个人(元)", "机构(元)", "待定(元)"]
        .map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = shown
        .sums
        .iter()
        .map(|one| {
            let to = format!("{}/providers/{}", shown.it.link(), one.provider);
            vec![
                html! { a href=(to) { (name(ask, shown, one.provider)) } },
                html! { (one.persons) },
                html! { (one.lines) },
                html! { (yuan(one.claimed)) },
                html! { (yuan(one.fund)) },
                html! { (yuan(one.reviewed)) },
                html! { (yuan(one.person)) },
                html! { (yuan(one.borne)) },
                html! { (yuan(one.pending)) },
            ]
        })
        .collect();
    html! { section.card.gap-top { header.card-head { h2 { (ask.t("按机构")) } } (plain_table(&heads, &rows)) } }
}

fn draft(ask: &Ask, shown: &Shown) -> Markup {
    let here = shown.it.link();
    let (open, all) = shown.samples;
    html! {
        section.card.gap-top.no-print { header.card-head { h2 { (ask.t("抽查")) } } div.card-body.stack {
            p { (ask.f("已抽 {n} 条,其中 {open} 条还没有结果。", &[("n", &all), ("open", &open)])) " "
                @if ask.may(AUDIT) { a href="/ltci/samples?state=open" { (ask.t("去抽查")) } } }
            @if ask.may(AUDIT) { (review::draw_form(ask, &here)) }
        } }
        @if ask.may(HANDLE) {
            section.card.gap-top.no-print { header.card-head { h2 { (ask.t("确认")) } } div.card-body {
                p.muted { (ask.t("确认后明细不能再改,按差额生成支付。确认前会再算一次,有变化的须重新计算。")) }
                form.inline method="post" action=(format!("{here}/confirm")) data-confirm=(ask.t("确认这次结算?确认后不能撤回。")) {
                    (csrf(ask)) button.btn.btn-primary { (icon("check-circle")) (ask.t("确认结算")) } }
                " "
                form.inline method="post" action=(format!("{here}/discard")) data-confirm=(ask.t("删除这份草稿?")) {
                    (csrf(ask)) button.btn { (icon("trash")) (ask.t("删除草稿")) } }
            } }
        }
    }
}

fn payments(ask: &Ask, shown: &Shown) -> Markup {
    let here = shown.it.link();
    let heads = ["收款人", "种类", "金额(元)", "状态", "支付日", "凭证号"].map(|it| ask.t(it));
    let word = |all: &[(&'static str, &'static str, Badge)], word: &str| {
        all.iter().find(|it| it.0 == word).map_or(html! {}, |it| badge(it.2, ask.t(it.1)))
    };
    let rows: Vec<Vec<Markup>> = shown
        .payments
        .iter()
        .map(|one| {
            let payee = match one.payee.elder {
                Some(elder) => shown.persons.get(&elder).map_or("", |it| it),
                None => name(ask, shown, one.payee.provider),
            };
            vec![
                html! { (payee) },
                word(words::PAYMENT_KINDS, &one.kind),
                html! { (yuan(one.amount)) },
                word(words::PAYMENT_STATES, &one.state),
                html! { @if let Some(day) = one.paid_day { (day) } },
                html! { (one.reference) },
            ]
        })
        .collect();
    let is_due = shown.payments.iter().any(|it| it.state == "due");
    html! {
        section.card.gap-top { header.card-head { h2 { (ask.t("支付")) }
                @if ask.may(HANDLE) { div.actions { a.btn.btn-sm href=(format!("{here}/payments.csv")) { (icon("download")) (ask.t("支付文件")) } } } }
            @if rows.is_empty() { div.card-body { p.muted { (ask.t("与已付的没有差额")) } } } @else { (plain_table(&heads, &rows)) }
            @if is_due && ask.may(HANDLE) { div.card-body.no-print {
                form.form.grid method="post" action=(format!("{here}/paid")) data-confirm=(ask.t("登记全部待办理的支付为已办理?")) {
                    (csrf(ask))
                    div.field { label for="day" { (ask.t("支付日")) } input #day type="date" name="day" value=(ask.today()) max=(ask.today()) required; }
                    div.field { label for="reference" { (ask.t("凭证号")) } input #reference name="reference" maxlength="60"; }
                    div.form-foot { button.btn.btn-primary { (ask.t("登记已办理")) } }
                }
            } }
        }
    }
}

pub async fn confirm(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let it = work::confirm(&ask, &key.parse()?).await?;
    Ok(ask.go(&it.link(), ask.t("结算已确认")))
}

pub async fn discard(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    ask.write(move |tx, ask| keep::discard(tx, ask, &key)).await?;
    Ok(ask.go("/ltci/settlements", ask.t("草稿已删除")))
}

/// Notes payments as a form or a program says.
pub fn pay_from(tx: &Tx<'_>, ask: &Ask, key: &Key, input: &Input) -> Result<u64> {
    let checked = kit_form::check(PAID_FIELDS, input, &Options::new())?;
    let day = checked.date("day").unwrap_or(ask.today());
    let payment = checked.optional("payment").map(|it| it.parse::<Id>().map_err(|_| Error::NotFound)).transpose()?;
    pay::done(tx, ask, key, payment, day, &checked.text("reference"))
}

pub async fn paid(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let to = key.clone();
    match ask.write(move |tx, ask| pay_from(tx, ask, &key, &input)).await {
        Ok(_) => Ok(ask.go(&format!("/ltci/settlements/{to}"), ask.t("已登记支付"))),
        Err(Error::Invalid(errors)) => show(&ask, to, &errors).await,
        Err(other) => Err(other),
    }
}

pub async fn payment_file(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (name, file) = ask
        .write(move |tx, ask| {
            let it = keep::find_whole(tx, &ask.who.scope, &key)?;
            keep::note(tx, ask, &key, "export")?;
            Ok((format!("payments-{}-{}-{}.csv", key.region, it.month, it.run), statement::payment_file(tx, &it)?))
        })
        .await?;
    Ok(download(&name, file.into_bytes()))
}

pub async fn export(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (name, bytes) = ask
        .write(move |tx, ask| {
            let it = keep::find_whole(tx, &ask.who.scope, &key)?;
            keep::note(tx, ask, &key, "export")?;
            let packed = export::packed(&export::files(tx, &it)?)?;
            Ok((format!("settlement-{}-{}-{}.zip", key.region, it.month, it.run), packed))
        })
        .await?;
    Ok(download(&name, bytes))
}

/// At most so many differences stand on the page; the API gives all.
const SHOWN: usize = 500;

/// A fact in words, also where there was none.
fn or_nothing(fact: &str) -> &str {
    if fact.is_empty() { "—" } else { fact }
}

pub async fn differences(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, all, moved, names) = ask
        .write(move |tx, ask| {
            let it = keep::find_whole(tx, &ask.who.scope, &key)?;
            keep::note(tx, ask, &key, "look")?;
            let (all, moved) = (redo::of_settlement(tx, &it)?, redo::policies(tx, &it)?);
            let mut ids: Vec<Id> = all.iter().map(|it| it.elder).collect();
            ids.dedup();
            let names = elders::names(tx, &key.region, &ids)?;
            Ok((it, all, moved, names))
        })
        .await?;
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .take(SHOWN)
        .map(|one| {
            let fund = |it: Option<redo::Amounts>| it.map_or("—".to_string(), |it| yuan(it.fund));
            let rules = |all: &[crate::ltci::settle::judge::Deducted]| all.iter().map(|it| it.rule.to_string()).collect::<Vec<_>>().join(" ");
            let who = names.get(&one.elder).map_or("", |it| it);
            vec![
                match one.claim {
                    Some(claim) => html! { a href=(format!("/ltci/claims/{}-{claim}", it.key.region)) { (who) } },
                    None => html! { (who) " " (ask.t("加成")) },
                },
                html! { @if let Some(day) = one.day { (day) } },
                html! { (fund(one.before)) },
                html! { (fund(one.after)) },
                html! { (yuan(one.fund())) },
                html! { (rules(&one.deductions_before)) " → " (rules(&one.deductions_after)) },
                html! { @for (what, old, new) in &one.facts { p.small { (statement::fact(&ask, what)) ": " (or_nothing(old)) " → " (or_nothing(new)) } } },
            ]
        })
        .collect();
    let heads = ["老人", "日期", "原基金(元)", "现基金(元)", "差额(元)", "规则", "变化的事实"].map(|it| ask.t(it));
    let content = html! {
        @if rows.is_empty() { (alert(Badge::Ok, ask.t("与上次确认的结果没有不同"), html! {})) } @else {
            p { (ask.f("{n} 处不同,基金差额 {money} 元", &[("n", &all.len()), ("money", &yuan(all.iter().map(redo::Differs::fund).sum()))])) }
            @if !moved.is_empty() { (policies(&ask, &moved)) }
            div.gap-top { (plain_table(&heads, &rows)) }
        }
    };
    let title = ask.t("与上次的不同");
    let run = ask.f("{month} 第 {n} 次结算", &[("month", &it.month), ("n", &it.run)]);
    let way = crumbs(&ask, &[("/ltci/settlements", ask.t("月结算")), (&it.link(), &run), ("", title)]);
    Ok(ask.page(Head::new(title).line(run.clone()).crumbs(way), content))
}

/// What policy says otherwise now than when the month was confirmed.
fn policies(ask: &Ask, moved: &[policy::Moved]) -> Markup {
    let confirmed = |it: &Value| it["confirmed"].as_u64().and_then(|it| u8::try_from(it).ok()).unwrap_or_default();
    let said = |param: &str, all: &[Value]| {
        html! {
            @if all.is_empty() { "—" }
            @for it in all {
                (folded(ask, param, &it["value"]))
                p {
                    small.muted { (ask.f("{day} 起", &[("day", &it["from"].as_str().unwrap_or_default())])) }
                    @if it["status"] == "示例" { " " (badge(Badge::Example, ask.t("示例"))) }
                }
                (assessment::basis(ask, it["document"].as_str(), it["clause"].as_str(), confirmed(it), it["note"].as_str()))
            }
        }
    };
    let rows: Vec<Vec<Markup>> = moved
        .iter()
        .map(|it| {
            let link = format!("/policy/ltci/{}", kit_form::encoded(&it.param));
            vec![
                html! { a href=(link) { (ask.t(&it.param)) } },
                said(&it.param, &it.before),
                said(&it.param, &it.after),
            ]
        })
        .collect();
    html! {
        section.card.gap-top {
            header.card-head { h2 { (ask.t("变化的政策")) } }
            (plain_table(&["参数", "上次依据的取值", "这次依据的取值"].map(|it| ask.t(it)), &rows))
        }
    }
}
