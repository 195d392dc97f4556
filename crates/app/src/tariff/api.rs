//! Tariff for programs: every address does what the page does.

use axum::{
    Json,
    extract::Path,
    http::Uri,
    response::{IntoResponse, Response},
};
use kit::{
    Ask, Result, Tx,
    api::{ApiDoc, READ, list_answer},
    form::{Field, Input, Kind, field},
};
use rules::tariff::Split;
use serde_json::{Value, json};

use super::{
    advance,
    bill::{self, Bill},
    book::{self, Statement},
    entry, fee, list, pages,
    payer::{self, Record},
    quote::{self, Quote},
};
use crate::{
    elders::{self, Elder, Key},
    institutions::{self, Institution},
};

pub const PRICES: ApiDoc = ApiDoc {
    summary: "Prices in force in a county on a day, those of its own catalogue before those of policy",
    query: &[
        ("q", "part of the name, or the beginning of the code"),
        ("on", "day, today without it"),
        ("level", "level1, level2 or level3"),
        ("owner", "public or private; public without it"),
        ("place", "place within your scope"),
    ],
    ..READ
};
pub const CATALOGUE: ApiDoc = ApiDoc {
    summary: "The county's own catalogue as it was imported",
    query: &[("q", "part of the name"), ("code", "beginning of the code"), ("after", "`next` of the page before")],
    answer: list_answer,
    ..READ
};
pub const ASK: ApiDoc = ApiDoc {
    summary: "What services would cost an elder: price, who pays and why, what is blocked; the look is noted",
    query: &[
        ("elder", "key of the elder"),
        ("institution", "number of the institution"),
        ("code", "code of an item; may stand several times"),
        ("quantity", "how many, in the order of the codes"),
        ("visit", "true: at home, with the visit fee"),
        ("insured", "true: settled with medical insurance"),
        ("day", "today without it"),
    ],
    ..READ
};
pub const BILLS: ApiDoc = ApiDoc {
    summary: "Bills of your scope",
    query: &[("state", "open, over or settled"), ("from", "day"), ("to", "day"), ("q", "part of the elder's name")],
    answer: list_answer,
    ..READ
};
const BILL_FIELDS: &[Field] = &[
    bill::FIELDS[0],
    bill::FIELDS[1],
    bill::FIELDS[2],
    bill::FIELDS[3],
    bill::FIELDS[4],
    bill::FIELDS[5],
    bill::FIELDS[6],
    field("code", "项目编码", Kind::LongText(2_000)).help("可以是列表。"),
    field("quantity", "数量", Kind::LongText(2_000)).help("与编码的先后一致。"),
];
pub const BILL: ApiDoc = ApiDoc { summary: "Write a bill from what was done", body: BILL_FIELDS, ..READ };
pub const SHOW: ApiDoc = ApiDoc { summary: "One bill with its entries; the look is noted", ..READ };
pub const RECEIPT: ApiDoc = ApiDoc { summary: "Take money for a bill", body: entry::RECEIPT_FIELDS, ..READ };
pub const REFUND: ApiDoc = ApiDoc { summary: "Give money back", body: entry::REFUND_FIELDS, ..READ };
pub const CORRECTION: ApiDoc =
    ApiDoc { summary: "Take a charge back by another entry", body: entry::CORRECTION_FIELDS, ..READ };
pub const ELDER: ApiDoc = ApiDoc { summary: "Bills of an elder, and who paid for which service", ..READ };
pub const INSTITUTIONS: ApiDoc = ApiDoc {
    summary: "Institutions with visit fee and prepayment",
    query: &[("q", "part of the name"), ("with", "fee or unsettled")],
    answer: list_answer,
    ..READ
};
pub const INSTITUTION: ApiDoc = ApiDoc { summary: "Visit fees and prepayments of an institution", ..READ };
pub const FEE: ApiDoc = ApiDoc { summary: "Publish a visit fee", body: fee::FIELDS, ..READ };
pub const FEE_END: ApiDoc = ApiDoc { summary: "From a day on offer no visits", body: fee::END_FIELDS, ..READ };
pub const ADVANCE: ApiDoc = ApiDoc { summary: "Prepay an institution", body: advance::FIELDS, ..READ };
pub const SETTLEMENT: ApiDoc = ApiDoc { summary: "Settle a month", body: advance::SETTLE_FIELDS, ..READ };
pub const STATEMENT: ApiDoc = ApiDoc {
    summary: "Both books of an institution in a month",
    query: &[("month", "such as 2026-01; last month without it")],
    ..READ
};
pub const MOVEMENT: ApiDoc =
    ApiDoc { summary: "Write down income or expense that no bill says", body: book::FIELDS, ..READ };
pub const MOVEMENT_BACK: ApiDoc =
    ApiDoc { summary: "Take back an entry written by hand", body: book::CORRECTION_FIELDS, ..READ };

pub async fn prices(ask: Ask) -> Result<Response> {
    let (county, all) = pages::prices::in_force(&ask).await?;
    let items: Vec<Value> = all
        .iter()
        .map(|it| {
            let one = &it.item;
            json!({"code": one.code, "name": one.name, "name_en": one.name_en, "unit": one.unit, "kind": one.kind.word(),
                   "class": one.class.word(), "price_fen": it.amount.fen(), "from": one.from, "region": it.region,
                   "document": one.document, "imported": it.imported, "example": it.is_example()})
        })
        .collect();
    Ok(Json(json!({"place": county, "items": items})).into_response())
}

pub async fn catalogue(ask: Ask) -> Result<Response> {
    list::CATALOGUE.json(&list::of_county(&ask)).await
}

pub async fn ask(ask: Ask, uri: Uri) -> Result<Response> {
    let input = quote::asked(&uri);
    let (quote, elder, institution) = ask.write(move |tx, ask| pages::ask::answer(tx, ask, &input)).await?;
    let mut body = json_of_quote(&ask, &elder.key.region, &quote);
    body["elder"] = json!(elder.key);
    body["institution"] = json!(institution.key);
    body["clause"] = json!(payer::clause(&ask, &elder.key.region, ask.today()));
    Ok(Json(body).into_response())
}

fn split(it: &Split) -> Value {
    json!({"amount_fen": it.amount.fen(), "insurance_fen": it.insurance.fen(), "ltci_fen": it.ltci.fen(),
           "package_fen": it.package.fen(), "public_health_fen": it.public_health.fen(), "person_fen": it.person.fen()})
}

fn record(ask: &Ask, region: &str, it: &Record) -> Value {
    json!({"service": it.service, "name": it.service_name(ask, region), "day": it.day, "event": it.event,
           "payer": it.payer, "basis": kit::Said::shown(&it.basis, ask.lang), "released": it.released})
}

fn json_of_quote(ask: &Ask, region: &str, it: &Quote) -> Value {
    let lines: Vec<Value> = it
        .lines
        .iter()
        .map(|it| {
            let mut line = split(&it.split);
            line["code"] = json!(it.code);
            line["name"] = json!(it.name);
            line["quantity"] = json!(it.quantity);
            line["price_fen"] = json!(it.price.fen());
            line["payer"] = json!(it.payer.map(|it| it.word()));
            line["why"] = json!(kit::Said::shown(&it.why, ask.lang));
            line["basis"] = json!(kit::Said::shown(&it.basis, ask.lang));
            line["example"] = json!(it.is_example);
            line["blocked"] = json!(it.blocked.as_ref().map(|it| record(ask, region, it)));
            line
        })
        .collect();
    let refused: Vec<String> = it.refused.iter().map(|it| it.in_lang(ask.lang)).collect();
    json!({"lines": lines, "total": split(&it.total), "unpriced": it.unpriced, "refused": refused,
           "fee_from": it.fee.as_ref().map(|it| it.from)})
}

pub async fn bills(ask: Ask) -> Result<Response> {
    list::BILLS.json(&ask).await
}

pub async fn bill(ask: Ask, input: Input) -> Result<Response> {
    let body = ask
        .write(move |tx, ask| {
            let it = bill::write_from(tx, ask, &input)?;
            whole(tx, &it)
        })
        .await?;
    Ok(Json(body).into_response())
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Response> {
    deed(ask, key, |tx, ask, it, elder| elders::note(tx, ask, "look", elder, &format!("bill {}", it.number))).await
}

pub async fn receive(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    deed(ask, key, move |tx, ask, it, elder| entry::receive(tx, ask, it, elder, &input).map(drop)).await
}

pub async fn refund(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    deed(ask, key, move |tx, ask, it, elder| entry::refund(tx, ask, it, elder, &input).map(drop)).await
}

pub async fn correct(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    deed(ask, key, move |tx, ask, it, elder| entry::correct(tx, ask, it, elder, &input).map(drop)).await
}

/// Does something with a bill and answers what it is then.
async fn deed(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &Bill, &Elder) -> Result<()> + Send + 'static,
) -> Result<Response> {
    let key: Key = key.parse()?;
    let body = ask
        .write(move |tx, ask| {
            let (it, elder, _) = bill::find(tx, ask, &key)?;
            work(tx, ask, &it, &elder)?;
            whole(tx, &bill::by_key(tx, &key)?)
        })
        .await?;
    Ok(Json(body).into_response())
}

fn brief(it: &Bill) -> Value {
    json!({"id": it.key, "elder": it.elder_key(), "institution": it.institution_key(), "number": it.number, "day": it.day,
           "event": it.event, "amount_fen": it.amount, "person_fen": it.person, "balance_fen": it.balance,
           "state": it.state()})
}

fn whole(tx: &Tx<'_>, it: &Bill) -> Result<Value> {
    let entries: Vec<Value> = entry::of(tx, it)?
        .into_iter()
        .map(|it| {
            let mut entry = split(&it.split);
            entry["id"] = json!(it.id);
            entry["kind"] = json!(it.kind);
            entry["day"] = json!(it.day);
            entry["code"] = json!(it.code);
            entry["name"] = json!(it.name);
            entry["quantity"] = json!(it.quantity);
            entry["payer"] = json!(it.payer);
            entry["number"] = json!(it.number);
            entry["corrects"] = json!(it.corrects);
            entry["reason"] = json!(it.reason);
            entry
        })
        .collect();
    // A bill just written knows its sums only from its entries.
    let mut body = brief(&bill::by_key(tx, &it.key)?);
    body["entries"] = json!(entries);
    Ok(body)
}

pub async fn of_elder(ask: Ask, Path(key): Path<String>) -> Result<Response> {
    let key: Key = key.parse()?;
    let body = ask
        .write(move |tx, ask| {
            let (_, bills, paid) = pages::bills::known_of(tx, ask, &key)?;
            let bills: Vec<Value> = bills.iter().map(brief).collect();
            let paid: Vec<Value> = paid.iter().map(|it| record(ask, &key.region, it)).collect();
            Ok(json!({"bills": bills, "payers": paid}))
        })
        .await?;
    Ok(Json(body).into_response())
}

pub async fn institutions(ask: Ask) -> Result<Response> {
    list::INSTITUTIONS.json(&ask).await
}

pub async fn institution(ask: Ask, Path(key): Path<String>) -> Result<Response> {
    of_institution(ask, key, |_, _, _| Ok(())).await
}

pub async fn publish(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    of_institution(ask, key, move |tx, ask, it| fee::publish(tx, ask, it, &input).map(drop)).await
}

pub async fn end(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    of_institution(ask, key, move |tx, ask, it| fee::end(tx, ask, it, &input).map(drop)).await
}

pub async fn prepay(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    of_institution(ask, key, move |tx, ask, it| advance::prepay(tx, ask, it, &input)).await
}

pub async fn settle(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    of_institution(ask, key, move |tx, ask, it| advance::settle(tx, ask, it, &input)).await
}

/// Does something with an institution and answers its fees and prepayments then.
async fn of_institution(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &Institution) -> Result<()> + Send + 'static,
) -> Result<Response> {
    let key: Key = key.parse()?;
    let body = ask
        .write(move |tx, ask| {
            let it = institutions::find(tx, &ask.who.scope, &key)?;
            work(tx, ask, &it)?;
            let fees: Vec<Value> = fee::of(tx, &key)?
                .into_iter()
                .map(|it| {
                    json!({"from": it.from, "proposed_fen": it.proposed.fen(), "fee_fen": it.fee.map(|it| it.fen()),
                           "costs": it.costs, "reason": it.reason, "published": it.published})
                })
                .collect();
            let advances = advance::of(tx, &key)?;
            let balance = advances.first().map_or(0, |it| it.balance);
            let advances: Vec<Value> = advances
                .into_iter()
                .map(|it| {
                    json!({"kind": it.kind, "month": it.month, "day": it.day, "amount_fen": it.amount,
                           "balance_fen": it.balance, "note": it.note})
                })
                .collect();
            Ok(json!({"id": it.key, "name": it.name, "fees": fees, "advances": advances, "advance_balance_fen": balance}))
        })
        .await?;
    Ok(Json(body).into_response())
}

pub async fn statement(ask: Ask, Path(key): Path<String>) -> Result<Response> {
    books(ask, key, |_, _, _| Ok(())).await
}

pub async fn write(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    books(ask, key, move |tx, ask, it| book::write(tx, ask, it, &input)).await
}

pub async fn take_back(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Response> {
    books(ask, key, move |tx, ask, it| book::correct(tx, ask, it, &input)).await
}

async fn books(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &Institution) -> Result<()> + Send + 'static,
) -> Result<Response> {
    let key: Key = key.parse()?;
    let body = ask
        .write(move |tx, ask| {
            let it = institutions::find(tx, &ask.who.scope, &key)?;
            work(tx, ask, &it)?;
            let month = pages::statement::month_asked(ask)?;
            let all = book::statements(tx, &key, month)?;
            Ok(json!({"id": key, "month": advance::word(month), "books": all.iter().map(json_of_book).collect::<Vec<_>>()}))
        })
        .await?;
    Ok(Json(body).into_response())
}

fn json_of_book(it: &Statement) -> Value {
    let items: Vec<Value> = it
        .items
        .iter()
        .map(|(item, sums)| json!({"item": item, "income_fen": sums.0, "expense_fen": sums.1}))
        .collect();
    let entries: Vec<Value> = it
        .movements
        .iter()
        .map(|it| {
            json!({"id": it.id, "kind": it.kind, "day": it.day, "item": it.item, "amount_fen": it.amount,
                   "bill": it.bill, "corrects": it.corrects, "reason": it.reason})
        })
        .collect();
    json!({"book": it.book, "opening_fen": it.opening, "income_fen": it.income, "expense_fen": it.expense,
           "closing_fen": it.closing, "items": items, "entries": entries})
}
