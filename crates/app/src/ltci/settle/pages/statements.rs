//! Statements to print: a provider's by recipient and line, the insurer's by provider, an elder's on one page.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result,
    page::{Head, Page, crumbs, download, icon, plain_table},
};
use maud::{Markup, html};

use crate::{
    elders::{self, Key},
    ltci::settle::{
        keep::{self, Settlement},
        statement::{self, Line, Of},
        words::{self, yuan},
    },
};

fn print_button(ask: &Ask) -> Markup {
    html! { button.btn.btn-primary.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } }
}

fn run_title(ask: &Ask, it: &Settlement) -> String {
    ask.f("{month} 第 {n} 次结算", &[("month", &it.month), ("n", &it.run)])
}

pub async fn insurer(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, sums, names) = ask
        .write(move |tx, ask| {
            let it = keep::find_whole(tx, &ask.who.scope, &key)?;
            keep::note(tx, ask, &key, "look")?;
            let (sums, names) = (statement::sums(tx, &it)?, statement::providers(tx, &key.region)?);
            Ok((it, sums, names))
        })
        .await?;
    let heads = [
        "机构",
        "人数",
        "明细",
        "申报(元)",
        "基金(元)",
        "抽查扣减(元)",
        "应付(元)",
        "个人(元)",
        "机构(元)",
        "待定(元)",
    ]
    .map(|it| ask.t(it));
    let row = |one: &statement::Sum, name: &str| {
        let money = |fen: i64| html! { (yuan(fen)) };
        vec![
            html! { (name) },
            html! { (one.persons) },
            html! { (one.lines) },
            money(one.claimed),
            money(one.fund),
            money(one.reviewed),
            money(one.fund - one.reviewed),
            money(one.person),
            money(one.borne),
            money(one.pending),
        ]
    };
    let rows: Vec<Vec<Markup>> = sums
        .iter()
        .map(|one| {
            row(one, if one.provider.0 == 0 { ask.t("家属照护") } else { names.get(&one.provider).map_or("", |it| it) })
        })
        .collect();
    let content = html! {
        (plain_table(&heads, &rows))
        @if it.totals.bonus != 0 { p { (ask.f("另有加成 {money} 元", &[("money", &yuan(it.totals.bonus))])) } }
        p.muted.small { (ask.t("结果摘要")) " " code { (it.digest) } }
    };
    let (title, line) = (ask.t("经办汇总"), run_title(&ask, &it));
    let way = crumbs(&ask, &[("/ltci/settlements", ask.t("月结算")), (&it.link(), &line), ("", title)]);
    Ok(ask.page(Head::new(title).line(line.clone()).crumbs(way).actions(print_button(&ask)), content))
}

/// A run for whoever may see one provider's part of it.
fn run_of(tx: &kit::Tx<'_>, ask: &Ask, key: &Key, provider: Id) -> Result<Settlement> {
    let scope = &ask.who.scope;
    if scope.organisation.is_some_and(|own| own != provider) {
        return Err(Error::NotFound);
    }
    keep::find(tx, scope, key)
}

pub async fn provider(ask: Ask, Path((key, id)): Path<(String, Id)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, lines, names, providers) = ask
        .write(move |tx, ask| {
            let it = run_of(tx, ask, &key, id)?;
            keep::note(tx, ask, &key, "look")?;
            let lines = statement::lines(tx, &it, &Of::Provider(id))?;
            let names = statement::names_of(tx, &key, &lines)?;
            Ok((it, lines, names, statement::providers(tx, &key.region)?))
        })
        .await?;
    if lines.is_empty() {
        return Err(Error::NotFound);
    }
    let sum = |of: fn(&Line) -> i64| lines.iter().map(of).sum::<i64>();
    let title = if id.0 == 0 { ask.t("家属照护") } else { providers.get(&id).map_or("", |it| it) };
    let content = html! {
        p { (ask.f("申报 {claimed} 元 = 基金 {fund} 元 + 个人 {person} 元 + 机构 {borne} 元 + 待定 {pending} 元", &[
            ("claimed", &yuan(sum(|it| it.claimed))), ("fund", &yuan(sum(|it| it.fund))), ("person", &yuan(sum(|it| it.person))),
            ("borne", &yuan(sum(|it| it.borne))), ("pending", &yuan(sum(|it| it.pending))) ])) }
        @if sum(|it| it.reviewed) != 0 { p { (ask.f("抽查从基金支付中扣减 {money} 元", &[("money", &yuan(sum(|it| it.reviewed)))])) } }
        @for own in lines.chunk_by(|a, b| a.elder == b.elder) {
            section.card.gap-top { header.card-head { h2 { (names.get(&own[0].elder).map_or("", |it| it)) } }
                (lines_table(&ask, &it, own, &providers)) }
        }
    };
    let actions = html! {
        a.btn href=(format!("{}/providers/{id}/lines.csv", it.link())) { (icon("download")) (ask.t("导出明细")) }
        (print_button(&ask))
    };
    let line = run_title(&ask, &it);
    let way = crumbs(&ask, &[("/ltci/payments", ask.t("支付")), ("", title)]);
    Ok(ask.page(Head::new(title).line(line).crumbs(way).actions(actions), content))
}

fn lines_table(
    ask: &Ask,
    it: &Settlement,
    lines: &[Line],
    providers: &std::collections::HashMap<Id, String>,
) -> Markup {
    let heads =
        ["日期", "服务项目", "申报(元)", "基金(元)", "个人(元)", "机构(元)", "待定(元)", "说明"].map(|it| ask.t(it));
    let region = &it.key.region;
    let rows: Vec<Vec<Markup>> = lines
        .iter()
        .map(|one| {
            vec![
                html! { a href=(format!("/ltci/claims/{region}-{}", one.claim)) { (one.day) } },
                html! { (statement::service(ask, region, one.day, &one.service)) },
                html! { (yuan(one.claimed)) },
                html! { (yuan(one.fund)) @if one.reviewed != 0 { " −" (yuan(one.reviewed)) } },
                html! { (yuan(one.person)) },
                html! { (yuan(one.borne)) },
                html! { (yuan(one.pending)) },
                html! { @for cut in &one.deductions { p.small { (cut.rule) " " (ask.t(words::rule(cut.rule))) ": " (statement::said(ask, cut, providers)) } } },
            ]
        })
        .collect();
    plain_table(&heads, &rows)
}

pub async fn provider_file(ask: Ask, Path((key, id)): Path<(String, Id)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (name, file) = ask
        .write(move |tx, ask| {
            let it = run_of(tx, ask, &key, id)?;
            keep::note(tx, ask, &key, "export")?;
            let name = format!("statement-{}-{}-{}-{id}.csv", key.region, it.month, it.run);
            Ok((name, statement::provider_file(tx, ask, &it, id)?))
        })
        .await?;
    Ok(download(&name, file.into_bytes()))
}

pub async fn elder(ask: Ask, Path((key, id)): Path<(String, Id)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, elder, lines, bonus, providers) = ask
        .write(move |tx, ask| {
            let it = keep::find_whole(tx, &ask.who.scope, &key)?;
            let elder = elders::find(tx, &ask.who.scope, &Key { region: key.region.clone(), id })?;
            elders::note(tx, ask, "look", &elder, &format!("ltci {}", it.month))?;
            let lines = statement::lines(tx, &it, &Of::Elder(id))?;
            let bonus = keep::bonus(tx, &key, id)?;
            Ok((it, elder, lines, bonus, statement::providers(tx, &key.region)?))
        })
        .await?;
    let sum = |of: fn(&Line) -> i64| lines.iter().map(of).sum::<i64>();
    let content = html! {
        p { (ask.f("基金支付 {fund} 元,个人负担 {own} 元", &[
            ("fund", &yuan(sum(|it| it.fund - it.reviewed) + bonus)), ("own", &yuan(sum(|it| it.person))) ])) }
        @if bonus != 0 { p { (ask.f("其中加成 {money} 元发给本人", &[("money", &yuan(bonus))])) } }
        section.card { (lines_table(&ask, &it, &lines, &providers)) }
    };
    let line = format!("{} · {}", run_title(&ask, &it), elders::about(&ask, &elder));
    let way =
        crumbs(&ask, &[("/ltci/settlements", ask.t("月结算")), (&it.link(), &run_title(&ask, &it)), ("", &elder.name)]);
    Ok(ask.page(Head::new(&elder.name).line(line).crumbs(way).actions(print_button(&ask)), content))
}
