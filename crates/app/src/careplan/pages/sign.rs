//! Signing a plan: the doctor by a deed, the elder or the family with the pad.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Id, Result, Role,
    error::FieldError,
    files::{self, Upload},
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, crumbs, icon},
};
use maud::{Markup, html};

use super::{pieces, show};
use crate::{
    careplan::{
        WRITE,
        record::{self, Plan},
        sign::{self, Signing},
        words,
    },
    elders::{Elder, Key},
};

pub const FIELDS: &[Field] = &[
    field("role", "由谁签字", Kind::Choice(words::SIGNERS)).required(),
    field("name", "签字人姓名", Kind::Text(50)).help("家属或监护人签字时填写。"),
];
pub const API_FIELDS: &[Field] =
    &[FIELDS[0], FIELDS[1], field("signature", "签名图片(data URL)", Kind::LongText(2_000_000))];

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let mut input = Input::default();
    let is_family = ask.who.role == Role::Family;
    input.set("role", if is_family { "family" } else { "self" });
    if is_family {
        input.set("name", &*ask.who.name);
    }
    signing(&ask, key.parse()?, &input, &[]).await
}

async fn signing(ask: &Ask, key: Key, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let shown = ask
        .write(move |tx, ask| {
            let shown = show::load(tx, ask, &key)?;
            shown.it.changeable()?;
            record::note(tx, ask, "look", &shown.it, &shown.elder, "sign")?;
            Ok(shown)
        })
        .await?;
    let (it, elder) = (&shown.it, &shown.elder);
    let here = it.link();
    let doctor = shown.signatures.iter().find(|one| one.version == it.version && one.role == "doctor");
    let content = html! {
        div.cols {
            div.stack {
                section.card { header.card-head { h2 { (ask.t("问题与目标")) } } div.card-body.stack { (pieces::problems(ask, &shown.lines, None)) } }
                section.card { header.card-head { h2 { (ask.t("服务")) } } (pieces::services(ask, &shown.lines, None, false)) }
            }
            div.stack {
                @if ask.may(WRITE) {
                    section.card { header.card-head { h2 { (ask.t("医生")) } } div.card-body {
                        @match doctor {
                            Some(one) => p { (one.name) " " (kit::clock::minute(&one.at)) " " (ask.t("已签署")) },
                            None => form.form method="post" enctype="multipart/form-data" action=(format!("{here}/sign?csrf={}", ask.who.csrf)) { (csrf(ask))
                                input type="hidden" name="role" value="doctor";
                                button.btn { (icon("check-circle")) (ask.f("以{name}签署", &[("name", &ask.who.name)])) }
                            },
                        }
                    } }
                }
                section.card { header.card-head { h2 { (ask.t("老人或家属")) } } div.card-body { (pad(ask, elder, &here, input, errors)) } }
            }
        }
    };
    let title = ask.t("签署照护计划");
    let way = crumbs(ask, &[("/careplan", ask.t("照护计划")), (&here, &elder.name), ("", title)]);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let line = format!("{} · {}", elder.name, ask.f("第 {n} 版", &[("n", &it.version)]));
    Ok(ask.page_with(status, Head::new(title).line(line).crumbs(way), content))
}

fn pad(ask: &Ask, elder: &Elder, here: &str, input: &Input, errors: &[FieldError]) -> Markup {
    html! {
        form.form method="post" enctype="multipart/form-data" action=(format!("{here}/sign?csrf={}", ask.who.csrf)) {
            (csrf(ask)) (kit_form::summary(ask, API_FIELDS, errors))
            fieldset.field #role { legend { (ask.t("由谁签字")) } div.options {
                @for (word, title) in words::FOR_ELDER {
                    label.option { input type="radio" name="role" value=(word) checked[*word == input.get("role")] required; " " (ask.t(title)) }
                }
            } }
            (kit_form::one(ask, &FIELDS[1], input, &Options::new(), errors))
            div.sign {
                p.sign-label #sign-label { (ask.f("{name}或代签人签名", &[("name", &elder.name)])) }
                canvas.js-sign.needs-js data-input="signature" role="img" aria-labelledby="sign-label" {}
                input #signature type="hidden" name="signature";
                div.actions.needs-js { button.btn.btn-sm.js-sign-clear type="button" { (ask.t("清除重签")) } }
            }
            div.field.js-photo { label for="paper" { (ask.t("或拍下签好的纸质页")) }
                input #paper type="file" name="paper" accept="image/*" capture="environment"; }
            div.form-foot { button.btn.btn-primary { (icon("pen")) (ask.t("签署")) } a.btn.btn-ghost href=(here) { (ask.t("取消")) } }
        }
    }
}

pub async fn sign(ask: Ask, Path(key): Path<String>, upload: Upload<20>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_error, input) = (key.clone(), upload.input.clone());
    let paper = upload.file("paper").ok().map(|it| it.bytes().map(|bytes| (it.name.clone(), bytes))).transpose()?;
    match sign_by(&ask, key, input.clone(), paper).await {
        Ok(it) => Ok(ask.go(&it.link(), ask.t("已签署"))),
        Err(Error::Invalid(errors)) => signing(&ask, for_error, &input, &errors).await,
        Err(other) => Err(other),
    }
}

/// Keeps the picture and signs; page and API come through here.
pub async fn sign_by(ask: &Ask, key: Key, input: Input, paper: Option<(String, Vec<u8>)>) -> Result<Plan> {
    let checked = kit_form::check(FIELDS, &input, &Options::new())?;
    let drawn = files::from_data_url(input.get("signature")).map(|bytes| ("signature.png".to_string(), bytes));
    let laid = match drawn.or(paper) {
        Some((name, bytes)) => Some(ask.app.files.lay(ask, "signature", &name, bytes).await?),
        None => None,
    };
    ask.write(move |tx, ask| {
        let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
        let picture = laid.as_ref().map(|one| files::note(tx, ask, &key.region, one)).transpose()?;
        let (role, name) = (checked.text("role"), checked.text("name"));
        sign::sign(tx, ask, &mut it, &elder, &Signing { role: &role, name: &name, picture })?;
        Ok(it)
    })
    .await
}

/// The picture of a signature; each look is noted.
pub async fn file(ask: Ask, Path((key, file)): Path<(String, Id)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let region = key.region.clone();
    ask.write(move |tx, ask| {
        let (it, elder) = record::find(tx, &ask.who.scope, &key)?;
        if sign::of(tx, &key)?.iter().all(|one| one.picture != Some(file)) {
            return Err(Error::NotFound);
        }
        record::note(tx, ask, "look", &it, &elder, "signature")
    })
    .await?;
    files::answer(&ask, &region, file).await
}
