//! Batches: what is in store, and who got one that is recalled.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    error::FieldError,
    form::{self as kit_form, Input, csrf},
    page::{Badge, Head, Page, alert, crumbs, kv},
};
use maud::html;

use crate::{
    elders::Key,
    vaccination::{RECALL, WRITE, batch, list, schedule},
};

pub async fn list(ask: Ask) -> Result<Page> {
    if ask.param("format") == Some("xlsx") {
        return list::BATCHES.answer(&ask, Head::new(ask.t("疫苗批次"))).await;
    }
    show_list(&ask, &Input::default(), &[]).await
}

async fn show_list(ask: &Ask, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let page = ask.read(|tx, ask| list::BATCHES.page(tx, ask, 25)).await?;
    let tree = ask.app.places.tree();
    let county = batch::store(ask).ok().map(|it| it.0);
    let content = html! {
        (super::tabs(ask))
        (list::BATCHES.markup(ask, &page))
        @if let Some(county) = county.filter(|_| ask.may(WRITE)) {
            details.card.gap-top open[!errors.is_empty()] { summary.card-head { (ask.t("登记到货批次")) }
                div.card-body { form.form.grid method="post" action="/vaccination/batches" {
                    (csrf(ask))
                    (kit_form::fields(ask, batch::FIELDS, input, &batch::options(ask, &county), errors))
                    div.form-foot { button.btn.btn-primary { (ask.t("登记")) } }
                } } }
        }
    };
    let status =
        axum::http::StatusCode::from_u16(if errors.is_empty() { 200 } else { 422 }).map_err(Error::internal)?;
    Ok(ask.page_with(status, Head::new(ask.t("疫苗批次")).line(tree.full_name(&ask.who.scope.place)), content))
}

pub async fn add(ask: Ask, input: Input) -> Result<Page> {
    let sent = input.clone();
    let made = ask.write(move |tx, ask| batch::add(tx, ask, &input)).await;
    match made {
        Ok(_) => Ok(ask.go("/vaccination/batches", ask.t("批次已登记"))),
        Err(Error::Invalid(errors)) => show_list(&ask, &sent, &errors).await,
        Err(other) => Err(other),
    }
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let it = ask
        .write(move |tx, ask| {
            let it = batch::find(tx, ask, &key.region, key.id)?;
            batch::note(tx, ask, &it.region, it.id, "look")?;
            Ok(it)
        })
        .await?;
    let name = schedule::name(&ask, &it.region, &it.vaccine);
    let who_got_it = format!("/vaccination/doses?batch={}&vaccine={}", kit::form::encoded(&it.number), it.vaccine);
    let expired = it.expires < ask.today();
    let content = html! {
        @if let Some(day) = it.recalled {
            (alert(Badge::Bad, &ask.f("{day} 已召回", &[("day", &day)]), html! { p { (it.recall_reason) } }))
        } @else if expired { (alert(Badge::Warn, ask.t("这批疫苗已过期,不能再接种"), html! {})) }
        div.cols {
            section.card { div.card-body { (kv(&[
                (ask.t("疫苗"), html! { (name) }),
                (ask.t("批号"), html! { (it.number) }),
                (ask.t("生产企业"), html! { (it.maker) }),
                (ask.t("有效期至"), html! { (it.expires) }),
                (ask.t("入库剂数"), html! { (it.received) }),
                (ask.t("存放地"), html! { (ask.app.places.tree().full_name(&it.place)) }),
                (ask.t("登记人"), html! { (it.who) }),
            ])) } }
            @if ask.may(RECALL) && it.recalled.is_none() {
                section.card { header.card-head { h2 { (ask.t("召回")) } } div.card-body {
                    p.muted { (ask.t("召回后不能再接种这一批次;已接种的人列在接种名单中,请逐人随访。")) }
                    form.form method="post" action=(format!("/vaccination/batches/{}-{}/recall", it.region, it.id)) data-confirm=(ask.t("召回这一批次?")) {
                        (csrf(&ask))
                        div.field { label for="reason" { (ask.t("召回原因")) } input #reason name="reason" required maxlength="200"; }
                        button.btn.btn-danger { (ask.t("召回")) }
                    }
                } }
            }
        }
    };
    let way = crumbs(
        &ask,
        &[("/vaccination", ask.t("老年人接种")), ("/vaccination/batches", ask.t("疫苗批次")), ("", &it.number)],
    );
    let actions = html! { a.btn.btn-primary href=(who_got_it) { (ask.t("接种名单")) } };
    Ok(ask.page(Head::new(&it.number).line(name.clone()).crumbs(way).actions(actions), content))
}

pub async fn recall(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/vaccination/batches/{key}");
    ask.write(move |tx, ask| batch::recall(tx, ask, &key.region, key.id, &input)).await?;
    Ok(ask.go(&here, ask.t("已召回")))
}
