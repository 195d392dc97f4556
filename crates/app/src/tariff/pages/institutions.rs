//! What institutions charge and hold: visit fees with their history, prepayments and settlements.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Field, Input, Options, csrf},
    page::{Badge, Head, Page, alert, apart, badge, crumbs, icon, plain_table},
};
use maud::{Markup, html};
use rules::tariff::VisitFee;

use super::tabs;
use crate::{
    elders::Key,
    institutions::{self, Institution},
    tariff::{
        FUND, PUBLISH,
        advance::{self, Advance},
        fee::{self, Fee},
        list, words,
        work::last_month,
    },
};

pub async fn list(ask: Ask) -> Result<Page> {
    let above = tabs(&ask);
    list::INSTITUTIONS.answer_below(&ask, Head::new(ask.t("收费机构")), above).await
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let mut input = Input::default();
    for field in fee::FIELDS {
        input.set(field.name, ask.param(field.name).unwrap_or_default());
    }
    render(&ask, &key.parse()?, &input, &[]).await
}

async fn render(ask: &Ask, key: &Key, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let key = key.clone();
    let (it, fees, advances) = ask
        .read(move |tx, ask| {
            let it = institutions::find(tx, &ask.who.scope, &key)?;
            Ok((fee::of(tx, &it.key)?, advance::of(tx, &it.key)?, it)).map(|(fees, advances, it)| (it, fees, advances))
        })
        .await?;
    let here = format!("/tariff/institutions/{}", it.key);
    let content = html! {
        div.cols {
            div.stack { (fee_card(ask, &here, &fees)) (advance_card(ask, &advances)) }
            div.stack {
                @if ask.may(PUBLISH) { (publish_card(ask, &here, &fees, input, errors)) }
                @if ask.may(FUND) { (fund_card(ask, &here, input, errors)) }
            }
        }
    };
    let way =
        crumbs(ask, &[("/tariff", ask.t("价格与收费")), ("/tariff/institutions", ask.t("收费机构")), ("", &it.name)]);
    let statement = format!("{here}/statement?month={}", last_month(ask));
    let actions = html! { a.btn href=(statement) { (icon("wallet2")) (ask.t("医疗、养老收支月报")) } };
    let line = ask.t(words::title(kit::house::ORGANISATION_KINDS, &it.kind)).to_string();
    let status = if errors.is_empty() { 200 } else { 422 };
    let status = axum::http::StatusCode::from_u16(status).map_err(Error::internal)?;
    Ok(ask.page_with(status, Head::new(&it.name).line(line).crumbs(way).actions(actions), content))
}

fn fee_card(ask: &Ask, here: &str, fees: &[Fee]) -> Markup {
    let today = ask.today();
    let heads = ["起日", "上门服务费", "测算", "半径、用时、人数", "公布", "说明"].map(|it| ask.t(it));
    let current = fees.iter().position(|it| it.from <= today);
    let rows: Vec<Vec<Markup>> = fees
        .iter()
        .enumerate()
        .map(|(nth, it)| {
            let costs = &it.costs;
            let sizes = ask.f(
                "{km} 公里 · {minutes} 分钟 · {persons} 人",
                &[("km", &costs.radius_km), ("minutes", &costs.minutes), ("persons", &costs.persons)],
            );
            vec![
                html! { (it.from)
                @if Some(nth) == current { " " (badge(Badge::Ok, ask.t("在行"))) } @else if today < it.from { " " (badge(Badge::Info, ask.t("待执行"))) } },
                html! { @match it.fee { Some(fee) => (words::money(ask, fee)), None => (ask.t("不上门")) } },
                html! { (words::money(ask, it.proposed)) },
                html! { (sizes) },
                html! { (kit::clock::minute(&it.published)) " " (it.who) },
                html! { (it.reason) },
            ]
        })
        .collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("上门服务费")) } }
            @if fees.is_empty() { div.card-body { p.muted { (ask.t("还没有公布上门服务费;没有公布的不能收取。")) } } }
            @else { (plain_table(&heads, &rows)) }
            @if ask.may(PUBLISH) && current.is_some_and(|nth| fees[nth].fee.is_some()) {
                div.card-body { details { summary { (ask.t("不再上门")) }
                    form.form method="post" action=(format!("{here}/fees/end")) data-confirm=(ask.t("从这天起不再上门?")) { (csrf(ask))
                        (apart("end", kit_form::fields(ask, fee::END_FIELDS, &Input::default(), &Options::new(), &[])))
                        button.btn.btn-danger { (ask.t("不再上门")) } } } }
            }
        }
    }
}

fn publish_card(ask: &Ask, here: &str, fees: &[Fee], input: &Input, errors: &[FieldError]) -> Markup {
    let mut filled = input.clone();
    if let (Some(last), true) = (fees.first(), input.get("radius_km").is_empty()) {
        let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
        filled.set("radius_km", last.costs.radius_km.to_string());
        filled.set("minutes", last.costs.minutes.to_string());
        filled.set("persons", last.costs.persons.to_string());
        filled.set("hourly", yuan(last.costs.hourly.fen()));
        filled.set("per_km", yuan(last.costs.per_km.fen()));
        filled.set("demand", (last.costs.demand.millionths() / 10_000).to_string());
    }
    if filled.get("demand").is_empty() {
        filled.set("demand", "100");
    }
    if filled.get("from").is_empty() {
        filled.set("from", ask.today().to_string());
    }
    let of_fee = |it: &&FieldError| fee::FIELDS.iter().any(|field| field.name == it.field);
    let errors: Vec<FieldError> = errors.iter().filter(of_fee).cloned().collect();
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("测算并公布")) } } div.card-body.stack {
            @if let Some(it) = tried(input) { (proposal(ask, &it)) }
            form.form method="post" action=(format!("{here}/fees")) {
                (csrf(ask))
                (kit_form::fields(ask, fee::FIELDS, &filled, &Options::new(), &errors))
                div.form-foot {
                    button.btn formmethod="get" formaction=(here) formnovalidate { (ask.t("先测算")) }
                    button.btn.btn-primary { (icon("megaphone")) (ask.t("公布")) }
                }
            }
        } }
    }
}

/// What the fields of the address come to, where they are all there.
fn tried(input: &Input) -> Option<VisitFee> {
    let mut whole = input.clone();
    if whole.get("from").is_empty() {
        whole.set("from", "2000-01-01");
    }
    let checked = kit_form::check(fee::FIELDS, &whole, &Options::new()).ok()?;
    fee::proposal(&checked).ok().map(|it| it.1)
}

fn proposal(ask: &Ask, it: &VisitFee) -> Markup {
    let title = ask.f("测算金额 {money}", &[("money", &words::money(ask, it.proposed))]);
    let parts = ask.f(
        "人力 {labour},交通 {transport},乘供求系数",
        &[("labour", &words::money(ask, it.labour)), ("transport", &words::money(ask, it.transport))],
    );
    alert(Badge::Info, &title, html! { p { (parts) } })
}

fn advance_card(ask: &Ask, all: &[Advance]) -> Markup {
    let heads = ["月份", "种类", "金额", "结余", "日期", "说明"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|it| {
            vec![
                html! { (it.month) },
                html! { (ask.t(words::title(words::ADVANCES, &it.kind))) },
                html! { (words::fen(ask, it.amount)) },
                html! { (words::fen(ask, it.balance)) },
                html! { (it.day) " " (it.who) },
                html! { (it.note) },
            ]
        })
        .collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("预付与清算")) } }
            @if all.is_empty() { div.card-body { p.muted { (ask.t("还没有预付。")) } } } @else { (plain_table(&heads, &rows)) }
        }
    }
}

fn fund_card(ask: &Ask, here: &str, input: &Input, errors: &[FieldError]) -> Markup {
    let this = advance::word(ask.today());
    let mut prepaid = input.clone();
    let mut settled = Input::default();
    if prepaid.get("month").is_empty() {
        prepaid.set("month", this);
    }
    settled.set("month", last_month(ask));
    settled.set("rest", "carried");
    let of = |fields: &[Field]| -> Vec<FieldError> {
        errors.iter().filter(|it| fields.iter().any(|field| field.name == it.field)).cloned().collect()
    };
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("医保经办")) } } div.card-body.stack {
            details open { summary { (ask.t("预付")) }
                form.form method="post" action=(format!("{here}/advances")) data-confirm=(ask.t("记下这笔预付?记下后不能修改。")) { (csrf(ask))
                    (apart("advance", kit_form::fields(ask, advance::FIELDS, &prepaid, &Options::new(), &of(advance::FIELDS))))
                    button.btn { (ask.t("预付")) } } }
            details open { summary { (ask.t("月度清算")) }
                form.form method="post" action=(format!("{here}/settlements")) data-confirm=(ask.t("清算后这个月不能再记预付。现在清算?")) { (csrf(ask))
                    (apart("settle", kit_form::fields(ask, advance::SETTLE_FIELDS, &settled, &Options::new(), &[])))
                    button.btn.btn-primary { (ask.t("清算")) } } }
        } }
    }
}

async fn deed(
    ask: Ask,
    key: String,
    input: Input,
    said: &'static str,
    work: impl FnOnce(&Tx<'_>, &Ask, &Institution, &Input) -> Result<()> + Send + 'static,
) -> Result<Page> {
    let key: Key = key.parse()?;
    let (sent, here) = (input.clone(), key.clone());
    let done = ask
        .write(move |tx, ask| {
            let it = institutions::find(tx, &ask.who.scope, &key)?;
            work(tx, ask, &it, &input)
        })
        .await;
    match done {
        Ok(()) => Ok(ask.go(&format!("/tariff/institutions/{here}"), ask.t(said))),
        Err(Error::Invalid(errors)) => render(&ask, &here, &sent, &errors).await,
        Err(other) => Err(other),
    }
}

pub async fn publish(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, "已公布", |tx, ask, it, input| fee::publish(tx, ask, it, input).map(drop)).await
}

pub async fn end(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, "已公布", |tx, ask, it, input| fee::end(tx, ask, it, input).map(drop)).await
}

pub async fn prepay(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, "已记预付", advance::prepay).await
}

pub async fn settle(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, "已清算", advance::settle).await
}
