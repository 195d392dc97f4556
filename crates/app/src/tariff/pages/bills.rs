//! Bills as a list, a new one, and all of an elder.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Said, Tx,
    form::Input,
    page::{Badge, Head, Page, badge, crumbs, empty, icon, plain_table},
};
use maud::{Markup, html};

use super::tabs;
use crate::{
    elders::{self, Elder, Key},
    tariff::{
        ASK,
        bill::{self, Bill},
        list,
        payer::{self, Record},
        words,
    },
};

pub async fn list(ask: Ask) -> Result<Page> {
    let above = tabs(&ask);
    list::BILLS.answer_below(&ask, Head::new(ask.t("账单")), above).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    let sent = input.clone();
    match ask.write(move |tx, ask| bill::write_from(tx, ask, &input)).await {
        Ok(it) => Ok(ask.go(&it.link(), ask.t("账单已开"))),
        Err(Error::Invalid(errors)) if sent.get("elder").parse::<Key>().is_ok() => {
            super::ask::show(&ask, &sent, errors).await
        }
        Err(other) => Err(other),
    }
}

/// What the reader may know of an elder's bills, and of who paid; the look is noted.
pub fn known_of(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<(Elder, Vec<Bill>, Vec<Record>)> {
    let elder = elders::find(tx, &ask.who.scope, key)?;
    elders::note(tx, ask, "look", &elder, "bills")?;
    let mut bills = bill::of_elder(tx, key)?;
    bills.retain(|it| ask.who.scope.organisation.is_none_or(|own| own == it.institution));
    Ok((elder, bills, payer::of(tx, key)?))
}

pub async fn of_elder(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = key.clone();
    let (elder, bills, paid) = ask.write(move |tx, ask| known_of(tx, ask, &key)).await?;
    let content = html! {
        div.cols {
            section.card { header.card-head { h2 { (ask.t("账单")) } }
                @if bills.is_empty() { (empty(ask.t("还没有账单"), ask.t("开出的账单会列在这里。"), html! {})) }
                @else { (bills_table(&ask, &bills)) }
            }
            section.card { header.card-head { h2 { (ask.t("已由谁付费")) } }
                @if paid.is_empty() { div.card-body { p.muted { (ask.t("还没有付费记录。")) } } }
                @else { (paid_table(&ask, &elder.key.region, &paid)) }
            }
        }
    };
    let link = format!("/elders/{here}");
    let way = crumbs(&ask, &[("/tariff/bills", ask.t("账单")), (&link, &elder.name), ("", ask.t("费用"))]);
    let actions = html! {
        @if ask.may(ASK) && elder.is_living() { a.btn.btn-primary href=(format!("/tariff/ask?elder={here}")) { (icon("cash-coin")) (ask.t("询价")) } }
    };
    let head = Head::new(ask.t("费用")).line(format!("{} · {}", elder.name, elders::about(&ask, &elder)));
    Ok(ask.page(head.crumbs(way).actions(actions), content))
}

fn bills_table(ask: &Ask, bills: &[Bill]) -> Markup {
    let heads = ["账单号", "服务日期", "金额", "个人部分", "还应付", "状态"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = bills
        .iter()
        .map(|it| {
            vec![
                html! { a href=(it.link()) { (it.number) } },
                html! { (it.day) },
                html! { (words::fen(ask, it.amount)) },
                html! { (words::fen(ask, it.person)) },
                html! { (words::fen(ask, it.balance)) },
                state(ask, it),
            ]
        })
        .collect();
    plain_table(&heads, &rows)
}

fn paid_table(ask: &Ask, region: &str, paid: &[Record]) -> Markup {
    let heads = ["日期", "服务", "付费方", "依据"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = paid
        .iter()
        .map(|it| {
            vec![
                html! { (it.day) },
                html! { (it.service_name(ask, region)) },
                html! { (ask.t(words::title(words::PAYERS, &it.payer)))
                @if it.released.is_some() { " " (badge(Badge::Muted, ask.t("已撤回"))) } },
                html! {
                    @match it.origin(ask, region) { Some((origin, link)) => a href=(link) { (origin) }, None => (it.event) }
                    @if !it.basis.is_empty() { " · " (Said::shown(&it.basis, ask.lang)) } @if !it.release_reason.is_empty() { " · " (it.release_reason) } },
            ]
        })
        .collect();
    plain_table(&heads, &rows)
}

/// How a bill stands, as a badge.
pub fn state(ask: &Ask, it: &Bill) -> Markup {
    let found = words::STATES.iter().find(|one| one.0 == it.state());
    found.map_or(html! {}, |(_, title, kind)| badge(*kind, ask.t(title)))
}
