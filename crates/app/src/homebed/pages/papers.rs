//! The documents of a bed, as they are filed. Of a home hospital bed: first note, rounds, checks, nursing, orders, summary, charges;
//! those of an elderly-care bed are in [`super::care_papers`].

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result,
    page::{Head, Page, crumbs, icon, plain_table},
};
use maud::{Markup, html};
use rules::base::Date;

use super::{
    care_papers,
    parts::fen,
    show::{self, Shown},
};
use crate::{
    elders::{self, Key},
    homebed::{
        bed::{self, Bed},
        chart::Record,
        course, words,
    },
};

/// The papers of a hospital bed: (word, title).
const PAPERS: &[(&str, &str)] = &[
    ("first", "首次病程记录"),
    ("round", "巡诊记录"),
    ("superior", "上级查床"),
    ("nursing", "护理记录"),
    ("orders", "医嘱单"),
    ("summary", "撤床小结"),
    ("bill", "费用清单"),
];

/// The papers of a bed of its kind.
pub fn of(it: &Bed) -> &'static [(&'static str, &'static str)] {
    if it.is_hospital() { PAPERS } else { care_papers::PAPERS }
}

pub async fn page(ask: Ask, Path((key, paper)): Path<(String, String)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (shown, word, title) = ask
        .write(move |tx, ask| {
            let shown = show::load(tx, ask, &key)?;
            let known = of(&shown.it).iter().find(|it| it.0 == paper).filter(|_| shown.it.opened.is_some());
            let (word, title) = *known.ok_or(Error::NotFound)?;
            bed::note(tx, ask, "look", &shown.it, &shown.elder, &format!("paper {word}"))?;
            Ok((shown, word, title))
        })
        .await?;
    let it = &shown.it;
    let record = ask.param("record").and_then(|it| it.parse::<Id>().ok());
    let content = html! {
        (heading(&ask, &shown))
        @match word {
            _ if !it.is_hospital() => (care_papers::paper(&ask, &shown, word)),
            "orders" => (orders(&ask, &shown)),
            "summary" => (summary(&ask, &shown)),
            "bill" => (bill(&ask, &shown)),
            kind => (records(&ask, &shown, kind, record)),
        }
    };
    let title = ask.t(title);
    let (name, here) = (&shown.elder.name, it.link());
    let way = crumbs(&ask, &[("/homebed", ask.t("家庭床位")), (&here, name), ("", title)]);
    let actions =
        html! { button.btn.btn-primary.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    let line = format!("{} · {}", shown.institution, ask.t(words::title(words::KINDS, &it.kind)));
    Ok(ask.page(Head::new(title).line(line).crumbs(way).actions(actions), content))
}

/// Who the paper is about, as stands at the head of every sheet.
fn heading(ask: &Ask, shown: &Shown) -> Markup {
    let (it, elder) = (&shown.it, &shown.elder);
    let sex = ask.t(words::title(elders::words::SEXES, &elder.sex));
    let opened = it.opened.unwrap_or(it.applied);
    let mut rows = vec![
        ("姓名", elder.name.clone()),
        ("性别", sex.to_string()),
        ("年龄", ask.f("{age} 岁", &[("age", &elder.age_on(ask.today()))])),
        ("床号", it.number.clone()),
        (if it.is_hospital() { "建床日期" } else { "服务起日" }, opened.to_string()),
    ];
    rows.extend(match it.is_hospital() {
        true => [("责任医师", it.doctor.clone()), ("诊断", it.plan.diagnosis.clone())],
        false => [("合同编号", it.contract_number.clone()), ("合同止日", day(it.contract_until))],
    });
    html! {
        section.card { div.card-body { dl.kv.kv-row {
            @for (title, text) in &rows { div { dt { (ask.t(title)) } dd { (text) } } }
        } } }
    }
}

/// A day as it is printed.
pub fn day(it: Option<Date>) -> String {
    it.map_or(String::new(), |it| it.to_string())
}

pub fn signature(ask: &Ask, role: &str, who: &str) -> Markup {
    html! { p.gap-top { (ask.t(role)) (ask.t(":")) (who) " ______________ " (ask.t("日期")) (ask.t(":")) "______________" } }
}

fn records(ask: &Ask, shown: &Shown, kind: &str, only: Option<Id>) -> Markup {
    let wanted = |it: &&Record| it.kind == kind && it.counts() && only.is_none_or(|only| it.id == only);
    let also = |it: &&Record| {
        kind == "nursing" && only.is_none() && matches!(&*it.kind, "procedure" | "medication") && it.counts()
    };
    let all: Vec<&Record> = shown.records.iter().filter(|it| wanted(it) || also(it)).collect();
    let role = if kind == "nursing" { "护士签名" } else { "医师签名" };
    html! {
        @if all.is_empty() { p.muted { (ask.t("还没有记录。")) } }
        @for one in all {
            section.card.gap-top { header.card-head { h2 { (one.day) " " (ask.t(words::title(words::RECORDS, &one.kind))) } } div.card-body {
                @if !one.readings.is_empty() { p { b { (ask.t("测量值")) (ask.t(":")) } (one.readings_in_words(ask)) } }
                @if !one.findings.is_empty() { p.prewrap { (one.findings) } }
                @if !one.treatment.is_empty() { p.prewrap { b { (ask.t(if kind == "first" { "诊疗计划" } else { "处理" })) (ask.t(":")) } (one.treatment) } }
                @if !one.advice.is_empty() { p.prewrap { b { (ask.t("医嘱和指导")) (ask.t(":")) } (one.advice) } }
                (signature(ask, role, &one.who))
            } }
        }
    }
}

fn orders(ask: &Ask, shown: &Shown) -> Markup {
    html! {
        @for (term, title) in words::TERMS {
            @let heads = ["起", "医嘱内容", "用法", "开具", "停止", "停止人"].map(|it| ask.t(it));
            @let rows: Vec<Vec<Markup>> = shown.orders.iter().filter(|it| it.term == *term).map(|it| vec![
                html! { (it.from) }, html! { (it.content) }, html! { (it.usage) }, html! { (it.who) },
                html! { @if let Some(day) = it.until { (day) } }, html! { (it.stopped_by) },
            ]).collect();
            section.card.gap-top { header.card-head { h2 { (ask.t(title)) } } div.card-body {
                @if rows.is_empty() { p.muted { (ask.t("还没有医嘱。")) } } @else { (plain_table(&heads, &rows)) }
            } }
        }
        (signature(ask, "医师签名", ""))
    }
}

fn summary(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let count = |kind: &str| shown.records.iter().filter(|it| it.kind == kind && it.counts()).count();
    let days = it.opened.zip(it.ended).map_or(0, |(from, to)| from.days_until(to));
    html! {
        section.card.gap-top { div.card-body {
            @if it.state != "closed" { p.muted { (ask.t("还没有撤床。")) } }
            @else {
                p { b { (ask.t("撤床日期")) (ask.t(":")) } @if let Some(day) = it.ended { (day) } " · " (ask.f("住床 {n} 天", &[("n", &days)])) }
                p { b { (ask.t("撤床原因")) (ask.t(":")) } (course::ending(ask, it, true)) }
                p { (ask.f("巡诊 {rounds} 次,上级查床 {checks} 次,护理 {nursing} 次", &[("rounds", &count("round")), ("checks", &count("superior")), ("nursing", &count("nursing"))])) }
                p.prewrap { (it.summary) }
                (signature(ask, "医师签名", &it.doctor))
            }
        } }
    }
}

fn bill(ask: &Ask, shown: &Shown) -> Markup {
    let heads = ["日期", "账单号", "项目", "单价(元)", "数量", "金额(元)", "个人(元)"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = shown
        .charged
        .iter()
        .flat_map(|it| it.lines.iter().map(move |line| (it, line)))
        .map(|(it, line)| {
            vec![
                html! { (it.day) },
                html! { (it.number) },
                html! { (ask.t(&line.name)) },
                html! { (kit::table::yuan(line.price)) },
                html! { (line.quantity) },
                html! { (kit::table::yuan(line.amount)) },
                html! { (kit::table::yuan(line.person)) },
            ]
        })
        .collect();
    let amount: i64 = shown.charged.iter().map(|it| it.amount).sum();
    let person: i64 = shown.charged.iter().map(|it| it.person).sum();
    html! {
        section.card.gap-top { div.card-body {
            @if rows.is_empty() { p.muted { (ask.t("还没有收费。")) } }
            @else {
                (plain_table(&heads, &rows))
                p { (ask.f("合计 {amount},个人付 {person}", &[("amount", &fen(ask, amount)), ("person", &fen(ask, person))])) }
                p.small.muted { (ask.t("账单更正和收退款以账单页为准。")) }
            }
            @for it in &shown.open { @for why in &it.left { p.small { (it.day) " " (why.in_lang(ask.lang)) } } }
        } }
    }
}
