//! The cards of a bed's page.

use kit::{
    Ask,
    page::{Badge, badge, kv, plain_table},
};
use maud::{Markup, html};
use rules::base::Money;

use super::{
    deeds::{Failed, of_item},
    show::Shown,
};
use crate::homebed::{bed::Bed, care, charge, home::Service, words};

fn card(title: &str, body: Markup) -> Markup {
    html! { section.card { header.card-head { h2 { (title) } } div.card-body { (body) } } }
}

/// An amount of fen in words.
pub fn fen(ask: &Ask, it: i64) -> String {
    let text = Money::from_fen(it).to_string();
    if ask.lang == kit::Lang::En { text.replace('元', "yuan") } else { text }
}

pub fn plan(ask: &Ask, shown: &Shown) -> Markup {
    let plan = &shown.it.plan;
    let said = |text: &str| html! { @if text.is_empty() { "—" } @else { span.prewrap { (text) } } };
    let rows = [
        (ask.t("诊断"), said(&plan.diagnosis)),
        (ask.t("治疗计划"), said(&plan.treatment)),
        (ask.t("护理计划"), said(&plan.nursing)),
        (ask.t("用药"), said(&plan.medicines)),
        (ask.t("巡诊"), html! { (ask.f("每周 {n} 次", &[("n", &plan.rounds)])) }),
    ];
    card(ask.t("诊疗计划"), kv(&rows))
}

pub fn records(ask: &Ask, shown: &Shown, failed: Option<&Failed>) -> Markup {
    let it = &shown.it;
    card(
        ask.t(if it.is_hospital() { "病程和护理记录" } else { "服务和回访记录" }),
        html! {
            @if shown.records.is_empty() { p.muted { (ask.t("还没有记录。")) } }
            @for one in shown.records.iter().rev() {
                div.entry {
                    p { b { (ask.t(words::title(words::RECORDS, &one.kind))) } " " (one.day) " · " (one.who) " "
                        @if one.source.is_some() { (badge(Badge::Info, ask.t("来自上门服务"))) " " }
                        @if one.bill.is_some() { (badge(Badge::Muted, ask.t("已收费"))) " " }
                        @if !one.counts() { (badge(Badge::Bad, ask.t("已作废"))) " " (one.void_reason) }
                        @else if matches!(&*one.kind, "round" | "superior" | "nursing" | "first") {
                            a.small href=(format!("{}/papers/{}?record={}", it.link(), one.kind, one.id)) { (ask.t("打印单")) } } }
                    @if !one.readings.is_empty() { p.small { (one.readings_in_words(ask)) } }
                    @if !one.findings.is_empty() { p.prewrap { (one.findings) } }
                    @if !one.treatment.is_empty() && one.kind != "first" { p { @if it.is_hospital() { (ask.t("处理")) (ask.t(":")) (one.treatment) } @else { (ask.t(&one.treatment)) }
                        @if !one.code.is_empty() { span.small.muted { " " (one.code) " × " (one.quantity) } } } }
                    @if !one.advice.is_empty() { p { (ask.t("医嘱和指导")) (ask.t(":")) (one.advice) } }
                    @if one.counts() && one.bill.is_none() && one.kind != "first" { (of_item(ask, shown, "record-void", one.id, failed)) }
                }
            }
        },
    )
}

pub fn orders(ask: &Ask, shown: &Shown, failed: Option<&Failed>) -> Markup {
    let heads = ["种类", "医嘱内容", "用法", "起", "开具", "停止", ""].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = shown
        .orders
        .iter()
        .map(|one| {
            vec![
                html! { (ask.t(words::title(words::TERMS, &one.term))) },
                html! { (one.content) },
                html! { (one.usage) },
                html! { (one.from) },
                html! { (one.who) },
                html! { @if let Some(day) = one.until { (day) " " (one.stopped_by) } },
                html! { @if one.until.is_none() && one.term == "long" { (of_item(ask, shown, "order-stop", one.id, failed)) } },
            ]
        })
        .collect();
    card(
        ask.t("医嘱"),
        html! { @if rows.is_empty() { p.muted { (ask.t("还没有医嘱。")) } } @else { (plain_table(&heads, &rows)) } },
    )
}

/// `每周 2 次`.
pub fn often(ask: &Ask, it: &Service) -> String {
    ask.f("{per} {n} 次", &[("per", &ask.t(words::title(words::PERS, &it.per))), ("n", &it.times)])
}

pub fn services(ask: &Ask, shown: &Shown, failed: Option<&Failed>) -> Markup {
    let heads = ["服务", "频次", "收费项目编码", "起", "止", "上次服务", ""].map(|it| ask.t(it));
    let last = |id| shown.records.iter().filter(|it| it.service == Some(id) && it.counts()).map(|it| it.day).max();
    let rows: Vec<Vec<Markup>> = shown
        .services
        .iter()
        .map(|one| {
            vec![
                html! { (one.name) },
                html! { (often(ask, one)) },
                html! { @if one.code.is_empty() { "—" } @else { (one.code) } },
                html! { (one.from) },
                html! { @if let Some(day) = one.until { (day) } },
                html! { @match last(one.id) { Some(day) => (day), None => "—" } },
                html! { @if one.until.is_none() { (of_item(ask, shown, "service-given", one.id, failed)) (of_item(ask, shown, "service-end", one.id, failed)) } },
            ]
        })
        .collect();
    card(
        ask.t("服务项目"),
        html! { @if rows.is_empty() { p.muted { (ask.t("还没有约定服务。")) } } @else { (plain_table(&heads, &rows)) } },
    )
}

pub fn deliveries(ask: &Ask, shown: &Shown, failed: Option<&Failed>) -> Markup {
    card(
        ask.t("送药入户"),
        html! {
            @if shown.deliveries.is_empty() { p.muted { (ask.t("还没有送药。")) } }
            @for one in shown.deliveries.iter().rev() {
                div.entry {
                    p { b { (one.day) } " · " (one.who) " "
                        @match one.handed {
                            Some(day) => (badge(Badge::Ok, &ask.f("{day} {who}签收", &[("day", &day), ("who", &one.handed_to)]))),
                            None => (badge(Badge::Warn, ask.t("待送达"))),
                        } }
                    p.prewrap { (one.items) }
                    @if one.handed.is_some() { p.small.muted { (ask.t("送药人")) (ask.t(":")) (one.handed_by) } }
                    @else { (of_item(ask, shown, "delivery-handed", one.id, failed)) }
                }
            }
        },
    )
}

/// What was charged, and what is not yet: each day with what it would cost.
pub fn charges(ask: &Ask, shown: &Shown) -> Markup {
    let heads = ["日期", "项目", "数量", "金额(元)", "个人(元)"].map(|it| ask.t(it));
    let row = |day: &rules::base::Date, line: &charge::Line| {
        vec![
            html! { (day) },
            html! { (ask.t(&line.name)) },
            html! { (line.quantity) },
            html! { (kit::table::yuan(line.amount)) },
            html! { (kit::table::yuan(line.person)) },
        ]
    };
    let open: Vec<Vec<Markup>> =
        shown.open.iter().flat_map(|it| it.lines.iter().map(move |line| row(&it.day, line))).collect();
    let done: Vec<Vec<Markup>> =
        shown.charged.iter().flat_map(|it| it.lines.iter().map(move |line| row(&it.day, line))).collect();
    let amount: i64 = shown.charged.iter().map(|it| it.amount).sum();
    let person: i64 = shown.charged.iter().map(|it| it.person).sum();
    card(
        ask.t("费用"),
        html! {
            @if done.is_empty() { p.muted { (ask.t("还没有收费。")) } }
            @else {
                (plain_table(&heads, &done))
                p { (ask.f("合计 {amount},个人付 {person}", &[("amount", &fen(ask, amount)), ("person", &fen(ask, person))])) }
                p.small { @for it in &shown.charged { a href=(format!("/tariff/bills/{}-{}", shown.it.key.region, it.bill)) { (it.number) } " " } }
            }
            @if !open.is_empty() { h3 { (ask.t("待收费")) } (plain_table(&heads, &open)) }
            @for it in &shown.open { @for why in &it.left { p.small { (it.day) " " (why.in_lang(ask.lang)) } } }
        },
    )
}

pub fn devices(ask: &Ask, shown: &Shown, failed: Option<&Failed>) -> Markup {
    let heads = ["设备", "设备编号", "安装日期", "拆除日期", ""].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = shown
        .devices
        .iter()
        .map(|one| {
            vec![
                html! { (ask.t(words::title(words::DEVICES, &one.device))) },
                html! { (one.number) },
                html! { (one.installed) },
                html! { @if let Some(day) = one.removed { (day) } },
                html! { @if one.removed.is_none() { (of_item(ask, shown, "device-removed", one.id, failed)) } },
            ]
        })
        .collect();
    card(
        ask.t("设备"),
        html! { @if rows.is_empty() { p.muted { (ask.t("还没有安装设备。")) } } @else { (plain_table(&heads, &rows)) } },
    )
}

pub fn adaptations(ask: &Ask, shown: &Shown, failed: Option<&Failed>) -> Markup {
    let it = &shown.it;
    card(
        ask.t("适老化改造"),
        html! {
            @if shown.adaptations.is_empty() { p.muted { (ask.t("还没有改造。一处住所只改造一次。")) } }
            @for one in &shown.adaptations {
                div.entry {
                    p { b { (one.day) } " · " (fen(ask, one.cost)) " " @if !one.void_reason.is_empty() { (badge(Badge::Bad, ask.t("已作废"))) " " (one.void_reason) } }
                    ul { @for line in &one.lines { li { (line.name) " " (fen(ask, line.fen)) } } }
                    @if !one.note.is_empty() { p { (one.note) } }
                    @if one.before.is_some() || one.after.is_some() { ul.photo-list {
                        @for (file, title) in [(one.before, "改造前照片"), (one.after, "改造后照片")] { @if let Some(file) = file {
                            @let address = format!("{}/files/{file}", it.link());
                            li { a href=(address) { img src=(address) alt=(ask.t(title)) loading="lazy"; } small { (ask.t(title)) } }
                        } }
                    } }
                    @if one.void_reason.is_empty() {
                        @if one.after.is_none() { p { (badge(Badge::Warn, ask.t("缺改造后照片"))) } }
                        (of_item(ask, shown, "adaptation-after", one.id, failed)) (of_item(ask, shown, "adaptation-void", one.id, failed))
                    }
                }
            }
        },
    )
}

/// What a subsidy may be reckoned from; no amount is made of it.
pub fn subsidy(ask: &Ask, shown: &Shown) -> Markup {
    let today = ask.today();
    let month = today.first_of_month();
    let last = month.add_days(-1);
    let days = |from, to| ask.f("{n} 天", &[("n", &care::days_served(&shown.it, &shown.pauses, from, to))]);
    let cost: i64 = shown.adaptations.iter().filter(|it| it.void_reason.is_empty()).map(|it| it.cost).sum();
    let rows = [
        (ask.t("本月服务天数"), html! { (days(month, today)) }),
        (ask.t("上月服务天数"), html! { (days(last.first_of_month(), last)) }),
        (ask.t("改造费用"), html! { (fen(ask, cost)) }),
    ];
    card(
        ask.t("补贴依据"),
        html! {
            (kv(&rows))
            p.help { (ask.t("补贴按服务天数和改造费用核定;暂停的日子和结束当天不计。金额由当地规定,这里不推算。")) }
        },
    )
}

pub fn pauses(ask: &Ask, shown: &Shown) -> Markup {
    if shown.pauses.is_empty() {
        return html! {};
    }
    card(
        ask.t("暂停记录"),
        html! {
            @for one in shown.pauses.iter().rev() {
                p { (one.from) " – " @match one.until { Some(day) => (day), None => (ask.t("还没有恢复")) } " · " (ask.t(words::title(words::PAUSES, &one.reason)))
                    @if let Some(day) = one.expected.filter(|_| one.until.is_none()) { " · " (ask.f("预计 {day} 恢复", &[("day", &day)])) }
                    @if !one.note.is_empty() { br; span.small { (one.note) } } }
            }
        },
    )
}

pub fn reviews(ask: &Ask, shown: &Shown) -> Markup {
    if shown.reviews.is_empty() {
        return html! {};
    }
    card(
        ask.t("疗程评估"),
        html! {
            @for one in shown.reviews.iter().rev() {
                p { (one.day) " · " (one.who) " · " @if one.goes_on { (ask.t("续建一个疗程")) } @else { (ask.t("不再续建")) } br; span.prewrap { (one.findings) } }
            }
        },
    )
}

/// What can be printed.
pub fn papers(ask: &Ask, it: &Bed) -> Markup {
    if it.opened.is_none() {
        return html! {};
    }
    let all =
        super::papers::of(it).iter().filter(|one| !matches!(one.0, "summary" | "settlement") || it.state == "closed");
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t(if it.is_hospital() { "病历文书" } else { "打印" })) } } div.card-body { ul {
            @for (word, title) in all { li { a href=(format!("{}/papers/{word}", it.link())) { (ask.t(title)) } } }
        } } }
    }
}
