//! One bill as it is printed, with all that happened to it.

use axum::extract::Path;
use kit::{
    Ask, Result, Said, Tx,
    form::{self as kit_form, Input, Options, csrf},
    page::{Head, Page, apart, crumbs, icon, kv, time},
};
use maud::{Markup, html};
use rules::base::Money;

use super::ask::parts;
use crate::{
    elders::{self, Elder, Key},
    institutions::Institution,
    tariff::{
        CHARGE,
        bill::{self, Bill},
        entry::{self, Entry},
        words,
    },
};

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, elder, institution, entries) = ask
        .write(move |tx, ask| {
            let (it, elder, institution) = bill::find(tx, ask, &key)?;
            elders::note(tx, ask, "look", &elder, &format!("bill {}", it.number))?;
            let entries = entry::of(tx, &it)?;
            Ok((it, elder, institution, entries))
        })
        .await?;
    let content = html! {
        div.cols {
            div.stack { (charges(&ask, &it, &entries)) (payments(&ask, &entries)) }
            div.stack { (basic(&ask, &it, &elder, &institution)) @if ask.may(CHARGE) { (deeds(&ask, &it, &entries)) } }
        }
    };
    let elder_link = format!("/tariff/elders/{}", elder.key);
    let way = crumbs(&ask, &[("/tariff/bills", ask.t("账单")), (&elder_link, &elder.name), ("", &it.number)]);
    let actions = html! { button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    let title = ask.f("账单 {number}", &[("number", &it.number)]);
    let line = format!("{} · {} · {}", elder.name, institution.name, it.day);
    Ok(ask.page(Head::new(&title).line(line).crumbs(way).actions(actions), content))
}

fn basic(ask: &Ask, it: &Bill, elder: &Elder, institution: &Institution) -> Markup {
    let none = html! { span.muted { "—" } };
    let or_none = |text: &str| {
        if text.is_empty() {
            none.clone()
        } else {
            html! { (text) }
        }
    };
    let pairs = [
        (ask.t("状态"), super::bills::state(ask, it)),
        (ask.t("账单号"), html! { (it.number) }),
        (ask.t("老人"), html! { (elder.name) }),
        (ask.t("机构"), html! { (institution.name) }),
        (ask.t("服务日期"), html! { (it.day) }),
        (ask.t("医保结算"), html! { (ask.t(if it.insured { "是" } else { "否" })) }),
        (ask.t("服务单号"), or_none(&it.event)),
        (ask.t("说明"), or_none(&it.note)),
        (ask.t("金额"), html! { (words::fen(ask, it.amount)) }),
        (ask.t("个人部分"), html! { (words::fen(ask, it.person)) }),
        (ask.t("还应付"), html! { strong { (words::fen(ask, it.balance)) } }),
        (ask.t("办理人"), html! { (it.who) " " (time(&it.created)) }),
    ];
    html! { section.card { header.card-head { h2 { (ask.t("账单")) } } div.card-body { (kv(&pairs)) } } }
}

fn charges(ask: &Ask, bill: &Bill, entries: &[Entry]) -> Markup {
    let corrected = |it: &Entry| entries.iter().any(|one| one.corrects == Some(it.id));
    html! {
        section.card { header.card-head { h2 { (ask.t("收费与更正")) } }
            div.tablewrap { table.plain.stacks {
                thead { tr { th scope="col" { (ask.t("项目")) } th.num scope="col" { (ask.t("单价")) } th.num scope="col" { (ask.t("数量")) }
                    th.num scope="col" { (ask.t("金额")) } th scope="col" { (ask.t("由谁付")) } th.num scope="col" { (ask.t("个人付")) } } }
                tbody { @for it in entries.iter().filter(|it| matches!(&*it.kind, "charge" | "correction")) { tr {
                    td { (ask.t(&it.name)) " "
                        @if it.kind == "correction" { small { (ask.f("更正 {day}:{reason}", &[("day", &it.day), ("reason", &it.reason)])) } }
                        @else if corrected(it) { small.muted { (ask.t("已更正")) } }
                        br; small.muted { (it.code) @if !it.basis.is_empty() { " · " (Said::shown(&it.basis, ask.lang)) } } }
                    td.num data-label=(ask.t("单价")) { (words::fen(ask, it.price)) (words::per(ask, &it.unit)) }
                    td.num data-label=(ask.t("数量")) { (it.quantity) }
                    td.num data-label=(ask.t("金额")) { (words::money(ask, it.split.amount)) }
                    td data-label=(ask.t("由谁付")) { (parts(ask, &it.split)) br; small.muted { (Said::shown(&it.why, ask.lang)) } }
                    td.num data-label=(ask.t("个人付")) { (words::money(ask, it.split.person)) }
                } } }
                tfoot { tr { th scope="row" { (ask.t("合计")) } td {} td {}
                    td.num data-label=(ask.t("金额")) { (words::fen(ask, bill.amount)) } td {}
                    td.num data-label=(ask.t("个人付")) { strong { (words::fen(ask, bill.person)) } } } }
            } }
        }
    }
}

fn payments(ask: &Ask, entries: &[Entry]) -> Markup {
    let paid: Vec<&Entry> = entries.iter().filter(|it| matches!(&*it.kind, "receipt" | "refund")).collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("收款与退款")) } }
            @if paid.is_empty() { div.card-body { p.muted { (ask.t("还没有收款。")) } } }
            @else { div.tablewrap { table.plain.stacks {
                thead { tr { th scope="col" { (ask.t("收据号")) } th scope="col" { (ask.t("日期")) } th scope="col" { (ask.t("种类")) }
                    th.num scope="col" { (ask.t("金额")) } th scope="col" { (ask.t("收款方式")) } th scope="col" { (ask.t("办理人")) } } }
                tbody { @for it in paid { tr {
                    td { (it.number) }
                    td data-label=(ask.t("日期")) { (it.day) }
                    td data-label=(ask.t("种类")) { (ask.t(words::title(words::ENTRIES, &it.kind))) @if !it.reason.is_empty() { br; small.muted { (it.reason) } } }
                    td.num data-label=(ask.t("金额")) { (words::money(ask, Money::from_fen(it.split.person.fen().abs()))) }
                    td data-label=(ask.t("收款方式")) { (ask.t(words::title(words::WAYS, &it.way))) }
                    td data-label=(ask.t("办理人")) { (it.who) }
                } } }
            } } }
        }
    }
}

fn deeds(ask: &Ask, bill: &Bill, entries: &[Entry]) -> Markup {
    let here = bill.link();
    let mut amount = Input::default();
    let yuan = bill.balance.abs();
    amount.set("amount", format!("{}.{:02}", yuan / 100, yuan % 100));
    amount.set("way", "mobile");
    let open: Vec<&Entry> = entries
        .iter()
        .filter(|it| it.kind == "charge" && !entries.iter().any(|one| one.corrects == Some(it.id)))
        .collect();
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("现在可以办理")) } } div.card-body.stack {
            @if 0 < bill.balance {
                details open { summary { (ask.t("收款")) }
                    form.form method="post" action=(format!("{here}/receipts")) { (csrf(ask))
                        (apart("receipt", kit_form::fields(ask, entry::RECEIPT_FIELDS, &amount, &Options::new(), &[])))
                        button.btn.btn-primary { (icon("receipt")) (ask.t("收款")) } } }
            }
            @if bill.balance < 0 {
                details open { summary { (ask.t("退款")) }
                    form.form method="post" action=(format!("{here}/refunds")) data-confirm=(ask.t("退款给老人?")) { (csrf(ask))
                        (apart("refund", kit_form::fields(ask, entry::REFUND_FIELDS, &amount, &Options::new(), &[])))
                        button.btn.btn-primary { (ask.t("退款")) } } }
            }
            @if !open.is_empty() {
                details { summary { (ask.t("更正一笔收费")) }
                    form.form method="post" action=(format!("{here}/corrections")) data-confirm=(ask.t("冲销这一笔收费?冲销后不能恢复。")) { (csrf(ask))
                        div.field { label for="entry" { (ask.t("要更正的收费")) } select #entry name="entry" required {
                            @for it in open { option value=(it.id) { (ask.t(&it.name)) " × " (it.quantity) " · " (words::money(ask, it.split.amount)) } }
                        } }
                        (apart("correction", kit_form::one(ask, &entry::CORRECTION_FIELDS[1], &Input::default(), &Options::new(), &[])))
                        p.help { (ask.t("更正是一笔相反的分录,原来的收费留着;改错了价格或数量的,更正后另开账单。")) }
                        button.btn.btn-danger { (ask.t("更正")) } } }
            }
            @if bill.balance == 0 && entries.is_empty() { p.muted { (ask.t("没有可以办理的。")) } }
        } }
    }
}

async fn deed(
    ask: Ask,
    key: String,
    said: &'static str,
    work: impl FnOnce(&Tx<'_>, &Ask, &Bill, &Elder) -> Result<()> + Send + 'static,
) -> Result<Page> {
    let key: Key = key.parse()?;
    let to = ask
        .write(move |tx, ask| {
            let (it, elder, _) = bill::find(tx, ask, &key)?;
            work(tx, ask, &it, &elder)?;
            Ok(it.link())
        })
        .await?;
    Ok(ask.go(&to, ask.t(said)))
}

pub async fn receive(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已收款", move |tx, ask, it, elder| entry::receive(tx, ask, it, elder, &input).map(drop)).await
}

pub async fn refund(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已退款", move |tx, ask, it, elder| entry::refund(tx, ask, it, elder, &input).map(drop)).await
}

pub async fn correct(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已更正", move |tx, ask, it, elder| entry::correct(tx, ask, it, elder, &input).map(drop)).await
}
