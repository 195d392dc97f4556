//! Adding evidence and looking at it.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result,
    files::{self, Upload},
    form::csrf,
    page::{Page, icon, time},
};
use maud::{Markup, html};

use crate::{
    assessment::{
        APPLY,
        evidence::{self, Evidence, New},
        record::{self, Assessment},
        words,
    },
    elders::Key,
};

pub async fn add(ask: Ask, Path(key): Path<String>, upload: Upload<20>) -> Result<Page> {
    let key: Key = key.parse()?;
    let back = match upload.input.get("back") {
        "sign" => format!("/assessment/{key}/sign"),
        _ => format!("/assessment/{key}"),
    };
    let kind = upload.input.get("kind").to_string();
    let note: String = upload.input.get("note").chars().take(200).collect();
    if upload.files.is_empty() {
        return Err(Error::invalid("file", "请选择文件"));
    }
    let mut stored = Vec::new();
    for sent in &upload.files {
        stored.push(ask.app.files.lay(&ask, &sent.field, &sent.name, sent.bytes()?).await?);
    }
    ask.write(move |tx, ask| {
        let (it, elder) = record::find(tx, &ask.who.scope, &key)?;
        for stored in &stored {
            evidence::add(tx, ask, &it, &elder, &New { kind: &kind, note: &note, stored })?;
        }
        Ok(())
    })
    .await?;
    Ok(ask.go(&back, ask.t("已上传")))
}

/// A photo, a document or a signature; each look is noted.
pub async fn show(ask: Ask, Path((key, file)): Path<(String, Id)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let region = key.region.clone();
    ask.write(move |tx, ask| {
        let (it, elder) = record::find(tx, &ask.who.scope, &key)?;
        evidence::check(tx, &it, file)?;
        record::note(tx, ask, "look", &it, &elder, &format!("file {file}"))
    })
    .await?;
    files::answer(&ask, &region, file).await
}

/// What there is, with pictures.
pub fn card(ask: &Ask, it: &Assessment, all: &[Evidence]) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("附件")) } }
            div.card-body {
                @if all.is_empty() { p.muted { (ask.t("还没有附件")) } }
                (pictures(ask, it, all))
                @if ask.may(APPLY) && !it.state.is_final() {
                    details.no-print { summary { (ask.t("添加附件")) }
                        (form(ask, it, None, ""))
                    }
                }
            }
        }
    }
}

pub fn pictures(ask: &Ask, it: &Assessment, all: &[Evidence]) -> Markup {
    html! {
        @if !all.is_empty() {
            ul.photo-list {
                @for one in all {
                    @let address = format!("{}/files/{}", it.link(), one.file);
                    @let title = ask.t(words::title(words::EVIDENCE, &one.kind));
                    li {
                        a href=(address) {
                            @if one.kind == "photo" { img src=(address) alt=(format!("{title} {}", one.note)) loading="lazy"; }
                            @else { (icon("file-earmark-text")) (title) }
                        }
                        small { (one.note) " " (one.who) " " (time(&one.at)) }
                    }
                }
            }
        }
    }
}

/// The form that adds files; of one kind, or with the kind to choose.
pub fn form(ask: &Ask, it: &Assessment, kind: Option<&str>, back: &str) -> Markup {
    html! {
        form.form method="post" enctype="multipart/form-data" action=(format!("{}/evidence?csrf={}", it.link(), ask.who.csrf)) {
            (csrf(ask))
            input type="hidden" name="back" value=(back);
            @match kind {
                Some(kind) => input type="hidden" name="kind" value=(kind);,
                None => fieldset.field { legend { (ask.t("种类")) } div.options {
                    @for (i, (word, title)) in words::EVIDENCE.iter().enumerate() {
                        label.option { input type="radio" name="kind" value=(word) checked[i == 1] required; " " (ask.t(title)) }
                    }
                } },
            }
            div.field.js-photo {
                label for="file" { @if kind == Some("photo") { (ask.t("现场照片")) } @else { (ask.t("文件")) } }
                @if kind == Some("photo") {
                    input #file type="file" name="file" accept="image/*" capture="environment" multiple required;
                } @else {
                    input #file type="file" name="file" accept="image/*,application/pdf" multiple required;
                }
                p.help { (ask.t("图片(JPEG、PNG、WebP)或 PDF,每个不超过 20 MB;照片自动缩小后上传。")) }
            }
            div.field { label for="note" { (ask.t("说明")) } input #note name="note" maxlength="200" autocomplete="off"; }
            button.btn { (icon("upload")) (ask.t("上传")) }
        }
    }
}
