//! The documents of a home elderly-care bed: contract, adaptation with its pictures and cost, devices and services, and what is
//! settled at the end.

use kit::{Ask, page::plain_table};
use maud::{Markup, html};

use super::{
    papers::{day, signature},
    parts::{self, fen},
    show::Shown,
};
use crate::homebed::{care, course, home::Adaptation, words};

/// (word, title).
pub const PAPERS: &[(&str, &str)] = &[
    ("contract", "服务合同"),
    ("adaptation", "适老化改造记录"),
    ("services", "设备和服务清单"),
    ("settlement", "结束结算单"),
];

pub fn paper(ask: &Ask, shown: &Shown, word: &str) -> Markup {
    match word {
        "contract" => contract(ask, shown),
        "adaptation" => adaptations(ask, shown),
        "services" => html! { (services(ask, shown)) (devices(ask, shown)) (both_sign(ask)) },
        _ => settlement(ask, shown),
    }
}

fn card(title: &str, body: Markup) -> Markup {
    html! { section.card.gap-top { header.card-head { h2 { (title) } } div.card-body { (body) } } }
}

fn both_sign(ask: &Ask) -> Markup {
    html! { (signature(ask, "老人或家属签名", "")) (signature(ask, "机构签章", "")) }
}

fn contract(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    html! {
        (card(ask.t("约定"), html! {
            p { (ask.f("{institution}自 {from} 起到 {until} 为止,在老人家中按下面的清单提供服务。", &[
                ("institution", &shown.institution), ("from", &day(it.opened)), ("until", &day(it.contract_until))])) }
            p { (ask.t("老人住院、外出等期间可以暂停,暂停的日子不计服务天数。")) }
            p { (ask.t("任何一方要提前结束,应告知对方,并一起核对结算单。")) }
        }))
        (services(ask, shown))
        (devices(ask, shown))
        (both_sign(ask))
    }
}

fn services(ask: &Ask, shown: &Shown) -> Markup {
    let heads = ["服务", "频次", "起", "止", "已服务(次)"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = shown
        .services
        .iter()
        .map(|one| {
            let given = shown.records.iter().filter(|it| it.service == Some(one.id) && it.counts()).count();
            vec![
                html! { (one.name) },
                html! { (parts::often(ask, one)) },
                html! { (one.from) },
                html! { (day(one.until)) },
                html! { (given) },
            ]
        })
        .collect();
    card(
        ask.t("服务项目"),
        html! { @if rows.is_empty() { p.muted { (ask.t("还没有约定服务。")) } } @else { (plain_table(&heads, &rows)) } },
    )
}

fn devices(ask: &Ask, shown: &Shown) -> Markup {
    let heads = ["设备", "设备编号", "安装日期", "拆除日期"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = shown
        .devices
        .iter()
        .map(|one| {
            vec![
                html! { (ask.t(words::title(words::DEVICES, &one.device))) },
                html! { (one.number) },
                html! { (one.installed) },
                html! { (day(one.removed)) },
            ]
        })
        .collect();
    card(
        ask.t("设备"),
        html! { @if rows.is_empty() { p.muted { (ask.t("还没有安装设备。")) } } @else { (plain_table(&heads, &rows)) } },
    )
}

fn counted(shown: &Shown) -> impl Iterator<Item = &Adaptation> {
    shown.adaptations.iter().filter(|it| it.void_reason.is_empty())
}

fn adaptations(ask: &Ask, shown: &Shown) -> Markup {
    let heads = ["改造项目", "费用(元)"].map(|it| ask.t(it));
    html! {
        @if counted(shown).next().is_none() { p.muted { (ask.t("还没有改造。一处住所只改造一次。")) } }
        @for one in counted(shown) {
            @let mut rows: Vec<Vec<Markup>> = one.lines.iter().map(|it| vec![html! { (it.name) }, html! { (kit::table::yuan(it.fen)) }]).collect();
            @let total = vec![html! { b { (ask.t("合计")) } }, html! { b { (kit::table::yuan(one.cost)) } }];
            ({ rows.push(total); card(&format!("{} {}", one.day, ask.t("适老化改造")), html! {
                (plain_table(&heads, &rows))
                @if !one.note.is_empty() { p.prewrap { (one.note) } }
                ul.photo-list {
                    @for (file, title, none) in [(one.before, "改造前照片", "没有改造前照片"), (one.after, "改造后照片", "缺改造后照片")] {
                        li { @match file {
                            Some(file) => { img src=(format!("{}/files/{file}", shown.it.link())) alt=(ask.t(title)); small { (ask.t(title)) } }
                            None => small { (ask.t(none)) },
                        } }
                    }
                }
            }) })
        }
        (both_sign(ask))
        (signature(ask, "施工方签章", ""))
    }
}

/// Days, services, devices and costs from the beginning to the end; what a region pays for it is not reckoned here.
fn settlement(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let Some((opened, ended)) = it.opened.zip(it.ended).filter(|_| it.state == "closed") else {
        return html! { p.muted { (ask.t("床位还没有结束。")) } };
    };
    let days = care::days_served(it, &shown.pauses, opened, ended);
    let checks = shown.records.iter().filter(|it| it.kind == "check" && it.counts()).count();
    let hanging = shown.devices.iter().filter(|it| it.removed.is_none()).count();
    let cost: i64 = counted(shown).map(|it| it.cost).sum();
    let heads = ["日期", "项目", "单价(元)", "数量", "金额(元)"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = shown
        .open
        .iter()
        .flat_map(|it| it.lines.iter().map(move |line| (it.day, line)))
        .map(|(day, line)| {
            vec![
                html! { (day) },
                html! { (ask.t(&line.name)) },
                html! { (kit::table::yuan(line.price)) },
                html! { (line.quantity) },
                html! { (kit::table::yuan(line.amount)) },
            ]
        })
        .collect();
    let amount: i64 = shown.open.iter().flat_map(|it| &it.lines).map(|it| it.amount).sum();
    html! {
        (card(ask.t("结算"), html! {
            p { (ask.f("服务自 {from} 起,{until} 结束:{why}", &[("from", &opened), ("until", &ended), ("why", &course::ending(ask, it, true))])) }
            p { (ask.f("服务 {days} 天,暂停 {pauses} 次,回访 {checks} 次", &[("days", &days), ("pauses", &shown.pauses.len()), ("checks", &checks)])) }
            p { (ask.f("适老化改造费用 {money}", &[("money", &fen(ask, cost))])) }
            @if 0 < hanging { p { b { (ask.f("还有 {n} 台设备没有拆除", &[("n", &hanging)])) } } }
            p.prewrap { (it.summary) }
        }))
        (services(ask, shown))
        (card(ask.t("按价格目录的费用"), html! {
            @if rows.is_empty() { p.muted { (ask.t("没有按价格目录收费的服务。")) } }
            @else { (plain_table(&heads, &rows)) p { (ask.f("合计 {amount}", &[("amount", &fen(ask, amount))])) } }
            @for it in &shown.open { @for why in &it.left { p.small { (it.day) " " (why.in_lang(ask.lang)) } } }
            p.small.muted { (ask.t("补贴和抵扣由当地规定,这里不推算。")) }
        }))
        (devices(ask, shown))
        (both_sign(ask))
    }
}
