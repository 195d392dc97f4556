//! A deed that was sent from the page of a bed, and its form there.

use std::collections::BTreeMap;

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result,
    error::FieldError,
    files::{Stored, Upload},
    form::{self as kit_form, Field, Input, csrf},
    page::{Page, apart},
};
use maud::{Markup, html};

use super::show::{self, Shown};
use crate::{
    elders::Key,
    homebed::{
        apply,
        deed::{Deed, find},
        words,
    },
};

pub async fn act(ask: Ask, Path(key): Path<String>, input: Input, deed: &'static Deed) -> Result<Page> {
    done(ask, key, input, BTreeMap::new(), deed).await
}

pub async fn upload(ask: Ask, Path(key): Path<String>, upload: Upload<20>, deed: &'static Deed) -> Result<Page> {
    let files = deed.lay(&ask, &upload).await?;
    done(ask, key, upload.input, files, deed).await
}

async fn done(
    ask: Ask,
    key: String,
    input: Input,
    files: BTreeMap<String, Stored>,
    deed: &'static Deed,
) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_write, sent) = (key.clone(), input.clone());
    match ask.write(move |tx, ask| deed.act(tx, ask, &for_write, &sent, files)).await {
        Ok(it) => Ok(ask.go(&it.link(), ask.t(deed.said))),
        Err(Error::Invalid(errors)) => show::again(&ask, &key, &Failed { deed, input, errors }).await,
        Err(other) => Err(other),
    }
}

/// What was sent and refused.
pub struct Failed {
    pub deed: &'static Deed,
    pub input: Input,
    pub errors: Vec<FieldError>,
}

/// The form of a deed, open where it was refused or `is_next`.
pub fn form(ask: &Ask, shown: &Shown, deed: &'static Deed, failed: Option<&Failed>, is_next: bool) -> Markup {
    let ours = failed.filter(|it| it.deed.word == deed.word && it.input.get("item").is_empty());
    html! {
        details open[ours.is_some() || is_next] { summary { (ask.t(deed.title)) } (fields(ask, shown, deed, None, ours, is_next)) }
    }
}

/// The form of a deed about one entry.
pub fn of_item(ask: &Ask, shown: &Shown, word: &str, item: Id, failed: Option<&Failed>) -> Markup {
    let Some(deed) = find(word).filter(|it| it.fits(ask, &shown.it)) else { return html! {} };
    let ours = failed.filter(|it| it.deed.word == deed.word && it.input.get("item") == item.to_string());
    html! {
        details.no-print open[ours.is_some()] { summary { (ask.t(deed.title)) } (fields(ask, shown, deed, Some(item), ours, false)) }
    }
}

fn fields(
    ask: &Ask,
    shown: &Shown,
    deed: &'static Deed,
    item: Option<Id>,
    failed: Option<&Failed>,
    is_next: bool,
) -> Markup {
    let (none, no_errors) = (usual(shown, deed), Vec::new());
    let (input, errors) = failed.map_or((&none, &no_errors), |it| (&it.input, &it.errors));
    let options = (deed.options)(ask, &shown.it, &shown.doctors).unwrap_or_default();
    let asked: Vec<Field> = deed.fields.iter().filter(|it| it.name != "item").copied().collect();
    let (readings, plain): (Vec<Field>, Vec<Field>) =
        asked.into_iter().partition(|it| words::READINGS.iter().any(|one| one.0 == it.name));
    let has_files = !deed.files.is_empty();
    let address = format!("{}/{}", shown.it.link(), deed.word);
    let address = if has_files { format!("{address}?csrf={}", ask.who.csrf) } else { address };
    let apart_by = item.map_or(deed.word.to_string(), |it| format!("{}-{it}", deed.word));
    html! {
        form.form.grid method="post" action=(address) enctype=[has_files.then_some("multipart/form-data")] data-confirm=[(!deed.confirm.is_empty()).then(|| ask.t(deed.confirm))] {
            (csrf(ask))
            @if let Some(item) = item { input type="hidden" name="item" value=(item); }
            (apart(&apart_by, html! {
                (kit_form::summary(ask, deed.fields, errors))
                @if deed.word == "findings" { (findings(ask, shown, input, errors)) }
                @for (nth, field) in plain.iter().enumerate() {
                    (kit_form::one(ask, field, input, &options, errors))
                    // Values are measured before they are judged.
                    @if nth == 0 { @for field in &readings { (kit_form::one(ask, field, input, &options, errors)) } }
                }
                @for (name, title) in deed.files {
                    div.field.js-photo { label for=(name) { (ask.t(title)) }
                        input id=(name) type="file" name=(name) accept="image/*,application/pdf"; }
                }
            }))
            div.form-foot { button.btn.btn-primary[is_next].btn-danger[deed.word == "close"] { (ask.t(deed.title)) } }
        }
    }
}

/// What stands in a form before somebody types.
fn usual(shown: &Shown, deed: &Deed) -> Input {
    let mut input = Input::default();
    let it = &shown.it;
    if matches!(deed.word, "plan" | "open") {
        input.set("doctor", it.doctor_staff.map_or(String::new(), |it| it.to_string()));
        input.set("diagnosis", &*it.plan.diagnosis);
        input.set("treatment_plan", &*it.plan.treatment);
        input.set("nursing_plan", &*it.plan.nursing);
        input.set("medicines", &*it.plan.medicines);
        input.set("rounds", it.plan.rounds.max(1).to_string());
    }
    if deed.word == "procedure" {
        input.set("kind", "procedure");
        input.set("quantity", "1");
    }
    if deed.word == "order" {
        input.set("term", "long");
    }
    input
}

/// Each condition and each obstacle: there, not there, or not known yet.
fn findings(ask: &Ask, shown: &Shown, input: &Input, errors: &[FieldError]) -> Markup {
    let Ok(all) = apply::listed(ask, &shown.it.key.region, ask.today()) else {
        return html! { p.muted { (ask.t("政策库里没有收治条件,不能核对。")) } };
    };
    let (found, given) = (&shown.it.findings, input.names().any(|it| it.starts_with("f-")));
    let is = |id: &String, word: &str| match given {
        true => input.get(&format!("f-{id}")) == word,
        false => match word {
            "yes" => found.present.contains(id),
            "no" => found.absent.contains(id),
            _ => !found.present.contains(id) && !found.absent.contains(id),
        },
    };
    html! {
        span #present {}
        @for it in errors { p.error { (it.said.in_lang(ask.lang)) } }
        @for (is_obstacle, title) in [(false, "收治条件:符合其中一条"), (true, "不予建床情形:都没有才能建床")] {
            fieldset.grid { legend { (ask.t(title)) }
                @for (id, name, _) in all.iter().filter(|it| it.2 == is_obstacle) {
                    div.field { label for=(format!("f-{id}")) { (name) }
                        select id=(format!("f-{id}")) name=(format!("f-{id}")) {
                            @for (word, title) in [("", "未核对"), ("yes", "有"), ("no", "无")] {
                                option value=(word) selected[is(id, word)] { (ask.t(title)) }
                            }
                        } }
                }
            }
        }
    }
}
