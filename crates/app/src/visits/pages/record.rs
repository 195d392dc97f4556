//! Writing a visit down by hand where there was no phone: begin, end, each service with its form.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    error::FieldError,
    form::{self as kit_form, Field, Input, Options, csrf},
    page::{Badge, Head, Page, alert, crumbs},
};
use maud::{Markup, html};

use super::plan::status;
use crate::{
    elders::{self, Elder, Key},
    visits::{
        forms,
        record::{self, Purpose, Visit},
        written::{self, BY_HAND},
    },
};

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    form(&ask, key.parse()?, &Input::default(), &[]).await
}

async fn form(ask: &Ask, key: Key, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let (it, elder, purposes) = ask
        .read(move |tx, ask| {
            let it = record::find(tx, &ask.who.scope, &key)?;
            let elder = elders::find_served(tx, &ask.who.scope, &it.elder_key(), it.organisation)?;
            let purposes = record::purposes(tx, &it.key)?;
            Ok((it, elder, purposes))
        })
        .await?;
    show(ask, &it, &elder, &purposes, input, errors)
}

fn show(
    ask: &Ask,
    it: &Visit,
    elder: &Elder,
    purposes: &[Purpose],
    input: &Input,
    errors: &[FieldError],
) -> Result<Page> {
    let content = html! {
        (alert(Badge::Info, ask.t("补录没有当时的证据"), html! { p { (ask.t("时间和地点会按“不明”核验,需要另一人更正确认。有手机时请用手机端。")) } }))
        form.form.gap-top method="post" action=(format!("{}/record", it.link())) { (csrf(ask))
            @for one in purposes { (service(ask, it, one, input, errors)) }
            section.card { header.card-head { h2 { (ask.t("时间和签名")) } } div.card-body {
                (kit_form::fields(ask, BY_HAND, input, &Options::new(), errors))
                div.form-foot { button.btn.btn-primary { (ask.t("保存上门记录")) } " " a.btn href=(it.link()) { (ask.t("返回")) } }
            } }
        }
    };
    let way = crumbs(ask, &[("/visits", ask.t("上门服务")), (&it.link(), &elder.name), ("", ask.t("补录"))]);
    let head = Head::new(ask.t("补录上门记录")).line(elders::about(ask, elder)).crumbs(way);
    Ok(ask.page_with(status(errors), head, content))
}

fn service(ask: &Ask, it: &Visit, one: &Purpose, input: &Input, errors: &[FieldError]) -> Markup {
    let found = forms::service(ask, &it.key.region, it.day, &one.service, &one.programme);
    let code = &one.service;
    let done = format!("{code}.done");
    // A form that comes back keeps what was said; a new one begins with what is usual.
    let is_done = input.names().next().is_none() || !input.get(&done).is_empty();
    let reason = format!("{code}.reason");
    html! {
        section.card { header.card-head { h2 { (ask.either(&found.title, &found.title_en)) } } div.card-body {
            label.option { input type="checkbox" name=(done) value="yes" checked[is_done]; " " (ask.t("已做")) }
            @for field in forms::form(found.form).map_or(&[][..], |it| it.fields) { (answer(ask, code, field, input, errors)) }
            div.field { label for=(reason) { (ask.t("没有做的原因")) } input id=(reason) name=(reason) maxlength="200" value=(input.get(&reason)); }
        } }
    }
}

/// One field of a service's form, under the service's own name.
fn answer(ask: &Ask, code: &str, field: &Field, input: &Input, errors: &[FieldError]) -> Markup {
    let name = format!("{code}.{}", field.name);
    let value = input.get(&name);
    let error = errors.iter().find(|it| it.field == name);
    html! {
        div.field {
            label for=(name) { (ask.t(field.label)) @if field.required { " *" } @if !field.help.is_empty() { " " span.muted { (ask.t(field.help)) } } }
            @match field.kind {
                kit_form::Kind::Choice(all) => select id=(name) name=(name) {
                    option value="" { "—" }
                    @for (word, title) in all { option value=(word) selected[*word == value] { (ask.t(title)) } }
                },
                kit_form::Kind::Check => input id=(name) type="checkbox" name=(name) value="true" checked[!value.is_empty()];,
                kit_form::Kind::LongText(most) => textarea id=(name) name=(name) rows="3" maxlength=(most) { (value) },
                _ => input id=(name) name=(name) inputmode="decimal" maxlength="8" value=(value) aria-invalid=[error.is_some().then_some("true")];,
            }
            @if let Some(error) = error { p.error { (error.said.in_lang(ask.lang)) } }
        }
    }
}

pub async fn save(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_tx, sent) = (key.clone(), input.clone());
    let done = ask
        .write(move |tx, ask| {
            let mut it = record::find_held(tx, &ask.who.scope, &for_tx)?;
            written::by_hand(tx, ask, &mut it, &sent)
        })
        .await;
    match done {
        Ok(()) => Ok(ask.go(&format!("/visits/{key}"), ask.t("上门记录已保存"))),
        Err(Error::Invalid(errors)) => form(&ask, key, &input, &errors).await,
        Err(other) => Err(other),
    }
}
