//! The application for a home hospital bed, and the contract of a home elderly-care bed.

use axum::http::StatusCode;
use kit::{
    Ask, Error, Result, Role,
    error::FieldError,
    form::{self as kit_form, Input, csrf},
    page::{Badge, Head, Page, alert, crumbs, icon},
};
use maud::html;

use crate::{
    elders::{self, Key},
    homebed::{
        apply,
        bed::{self, CARE, HOSPITAL},
        words,
    },
};

pub async fn page(ask: Ask) -> Result<Page> {
    let key: Key = ask.param("elder").unwrap_or_default().parse()?;
    let kind = ask.param("kind").unwrap_or(HOSPITAL).to_string();
    let mut input = Input::default();
    if ask.who.role == Role::Family {
        input.set("applicant", "family");
        input.set("applicant_name", &*ask.who.name);
    }
    show(&ask, &key, &kind, &input, &[]).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    let key: Key = input.get("elder").parse()?;
    let sent = input.clone();
    match ask.write(move |tx, ask| apply::apply_from(tx, ask, &sent)).await {
        Ok(it) => {
            let said = if it.is_hospital() { "申请已登记" } else { "家庭养老床位已建立" };
            Ok(ask.go(&it.link(), ask.t(said)))
        }
        Err(Error::Invalid(errors)) => show(&ask, &key, input.get("kind"), &input, &errors).await,
        Err(other) => Err(other),
    }
}

async fn show(ask: &Ask, key: &Key, kind: &str, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let kind = if kind == CARE { CARE } else { HOSPITAL };
    let for_read = key.clone();
    let (elder, options, beds) = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &for_read)?;
            elders::note(tx, ask, "look", &elder, "homebed")?;
            let options = apply::options(tx, ask, &for_read.region, kind)?;
            Ok((elder, options, bed::of_elder(tx, &for_read)?))
        })
        .await?;
    let running = beds.iter().find(|it| it.kind == kind && !it.is_over());
    let fields = apply::fields_of(kind);
    let content = html! {
        @if let Some(it) = running {
            (alert(Badge::Warn, ask.t("这位老人已有在办的同类床位,请先办结"), html! { p { a href=(it.link()) {
                (ask.t(words::title(words::KINDS, &it.kind))) " · " (ask.t(words::title(words::STATES, &it.state))) } } }))
        } @else {
            section.card { div.card-body {
                form.form method="post" action="/homebed/new" { (csrf(ask))
                    input type="hidden" name="elder" value=(elder.key);
                    input type="hidden" name="kind" value=(kind);
                    (kit_form::fields(ask, &fields, input, &options, errors))
                    @if kind == HOSPITAL { p.help { (ask.t("申请后由责任医师在规定时限内上门,核对收治条件,签署协议后建床。")) } }
                    div.form-foot { button.btn.btn-primary { (icon("check-circle")) @if kind == CARE { (ask.t("建立床位")) } @else { (ask.t("提交申请")) } }
                        a.btn.btn-ghost href=(format!("/elders/{}", elder.key)) { (ask.t("取消")) } }
                }
            } }
        }
    };
    let title = ask.t(if kind == CARE { "建家庭养老床位" } else { "申请家庭病床" });
    let line = format!("{} · {}", elder.name, elders::about(ask, &elder));
    let here = format!("/elders/{}", elder.key);
    let way = crumbs(ask, &[("/homebed", ask.t("家庭床位")), (&here, &elder.name), ("", title)]);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(title).line(line).crumbs(way), content))
}
