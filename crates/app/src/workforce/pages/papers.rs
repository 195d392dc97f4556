//! What somebody can show: certificates with their ends, and training with its hours.

use axum::extract::Path;
use kit::{
    Ask, Id, Result, Tx,
    files::{self, Stored, Upload},
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Page, apart, badge, icon},
};
use maud::{Markup, html};

use crate::{
    elders::Key,
    workforce::{
        WRITE,
        certificate::{self, New, Paper},
        form,
        staff::{self, Staff},
        training::{self, Training},
        words,
    },
};

/// Adds the certificate a form stands for.
pub fn add_one(tx: &Tx<'_>, ask: &Ask, it: &Staff, input: &Input, document: Option<&Stored>) -> Result<()> {
    let checked = kit_form::check(form::CERTIFICATE, input, &Options::new())?;
    let new = New {
        kind: form::certificate_kind(&checked)?,
        number: &checked.text("number"),
        issuer: &checked.text("issuer"),
        grade: &checked.text("grade"),
        from: form::day(&checked, "from")?,
        until: checked.date("until"),
        document,
    };
    certificate::add(tx, ask, it, &new)
}

pub async fn add(ask: Ask, Path(key): Path<String>, upload: Upload<20>) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/workforce/{key}#certificates");
    let mut stored = None;
    if let Some(sent) = upload.files.first() {
        stored = Some(ask.app.files.lay(&ask, &sent.field, &sent.name, sent.bytes()?).await?);
    }
    ask.write(move |tx, ask| {
        let it = staff::find(tx, &ask.who.scope, &key)?;
        add_one(tx, ask, &it, &upload.input, stored.as_ref())
    })
    .await?;
    Ok(ask.go(&here, ask.t("证书已登记")))
}

pub async fn remove(ask: Ask, Path((key, id)): Path<(String, Id)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/workforce/{key}#certificates");
    ask.write(move |tx, ask| certificate::remove(tx, ask, &staff::find(tx, &ask.who.scope, &key)?, id)).await?;
    Ok(ask.go(&here, ask.t("已删除")))
}

/// The photo or scan of a certificate; each look is noted.
pub async fn file(ask: Ask, Path((key, file)): Path<(String, Id)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let region = key.region.clone();
    ask.write(move |tx, ask| {
        let it = staff::find(tx, &ask.who.scope, &key)?;
        certificate::check_file(tx, &key, file)?;
        staff::note(tx, ask, "look", &it, &format!("file {file}"))
    })
    .await?;
    files::answer(&ask, &region, file).await
}

pub async fn train(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/workforce/{key}#training");
    ask.write(move |tx, ask| {
        let it = staff::find(tx, &ask.who.scope, &key)?;
        training::add(tx, ask, &it, &form::training(&input)?)
    })
    .await?;
    Ok(ask.go(&here, ask.t("培训已登记")))
}

pub async fn remove_training(ask: Ask, Path((key, id)): Path<(String, Id)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/workforce/{key}#training");
    ask.write(move |tx, ask| training::remove(tx, ask, &staff::find(tx, &ask.who.scope, &key)?, id)).await?;
    Ok(ask.go(&here, ask.t("已删除")))
}

pub fn certificates(ask: &Ask, it: &Staff, all: &[Paper]) -> Markup {
    let here = it.link();
    let may = ask.may(WRITE);
    html! {
        section.card #certificates { header.card-head { h2 { (ask.t("证书")) } }
            @if all.is_empty() { div.card-body { p.muted { (ask.t("还没有登记证书")) } } }
            @else {
                div.tablewrap { table.list {
                    caption.sr { (ask.t("证书")) }
                    thead { tr {
                        th scope="col" { (ask.t("证书")) } th scope="col" { (ask.t("证书编号")) } th scope="col" { (ask.t("有效期")) }
                        th scope="col" { (ask.t("状态")) } @if may { th scope="col" { span.sr { (ask.t("操作")) } } }
                    } }
                    tbody { @for one in all { tr {
                        td data-label=(ask.t("证书")) {
                            (ask.t(one.kind.title())) @if !one.grade.is_empty() { " " (one.grade) }
                            @if let Some(file) = one.file { " " a href=(format!("{here}/files/{file}")) { (icon("file-earmark-text")) (ask.t("查看证书")) } }
                            p.small.muted { (one.issuer) }
                        }
                        td data-label=(ask.t("证书编号")) { (one.number) }
                        td data-label=(ask.t("有效期")) {
                            span.nowrap { (one.from) " —" } " "
                            span.nowrap { @match one.until { Some(end) => (end), None => (ask.t("长期")) } }
                        }
                        td data-label=(ask.t("状态")) { (standing(ask, it, one, all)) }
                        @if may { td.row-actions {
                            form.inline method="post" action=(format!("{here}/certificates/{}/remove", one.id)) data-confirm=(ask.t("要删除这张误登记的证书吗?")) {
                                (csrf(ask)) button.btn.btn-sm.btn-ghost { (icon("trash")) (ask.t("删除")) }
                            }
                        } }
                    } } }
                } }
            }
            @if may { div.card-body.no-print { details { summary { (ask.t("登记一张证书")) }
                form.form.grid method="post" enctype="multipart/form-data" action=(format!("{here}/certificates?csrf={}", ask.who.csrf)) {
                    (csrf(ask)) (apart("certificate", kit_form::fields(ask, form::CERTIFICATE, &Input::default(), &Options::new(), &[])))
                    div.field.js-photo { label for="file" { (ask.t("证书照片或扫描件")) }
                        input #file type="file" name="file" accept="image/*,application/pdf"; }
                    div.form-foot { button.btn { (icon("plus-lg")) (ask.t("登记")) } }
                }
            } } }
        }
    }
}

fn standing(ask: &Ask, it: &Staff, one: &Paper, all: &[Paper]) -> Markup {
    let today = ask.today();
    let renewed = all.iter().any(|other| other.kind == one.kind && other.from > one.from);
    match one.until {
        _ if today < one.from => badge(Badge::Info, ask.t("未生效")),
        Some(end) if end < today && renewed => badge(Badge::Muted, ask.t("已换证")),
        Some(end) if end < today => badge(Badge::Bad, ask.t("已过期")),
        Some(end) if certificate::warned_from(ask, &it.key.region, end) <= today && !renewed => {
            badge(Badge::Warn, &ask.f("还有 {n} 天到期", &[("n", &today.days_until(end))]))
        }
        _ => badge(Badge::Ok, ask.t("有效")),
    }
}

pub fn trainings(ask: &Ask, it: &Staff, all: &[Training]) -> Markup {
    let here = it.link();
    let may = ask.may(WRITE);
    let today = ask.today();
    let done = training::hours_in(all, today.year());
    let wanted = it
        .key
        .region
        .parse()
        .ok()
        .and_then(|region| ask.app.policy.at(region, today).read(|it| &it.workforce.yearly_hours).ok().copied());
    html! {
        section.card #training { header.card-head { h2 { (ask.t("培训")) } }
            div.card-body {
                p { (ask.f("今年 {n} 学时", &[("n", &done)]))
                    @if let Some(wanted) = wanted {
                        " " @if i64::from(wanted) <= done { (badge(Badge::Ok, ask.t("已达标"))) }
                        @else { (badge(Badge::Warn, &ask.f("还差 {n} 学时", &[("n", &(i64::from(wanted) - done))]))) }
                    } }
            }
            @if !all.is_empty() {
                div.tablewrap { table.list {
                    caption.sr { (ask.t("培训")) }
                    thead { tr {
                        th scope="col" { (ask.t("培训名称")) } th scope="col" { (ask.t("培训类别")) } th scope="col" { (ask.t("起止")) }
                        th.num scope="col" { (ask.t("学时")) } th scope="col" { (ask.t("考核")) }
                        @if may { th scope="col" { span.sr { (ask.t("操作")) } } }
                    } }
                    tbody { @for one in all { tr {
                        td data-label=(ask.t("培训名称")) { (one.title) p.small.muted { (one.organiser) } }
                        td data-label=(ask.t("培训类别")) { (ask.t(words::title(words::TOPICS, &one.topic))) }
                        td data-label=(ask.t("起止")) { span.nowrap { (one.from) " —" } " " span.nowrap { (one.until) } }
                        td.num data-label=(ask.t("学时")) { (one.hours) }
                        td data-label=(ask.t("考核")) {
                            @if one.passed { (badge(Badge::Ok, ask.t("合格"))) } @else { (badge(Badge::Muted, ask.t("未考核"))) }
                        }
                        @if may { td.row-actions {
                            form.inline method="post" action=(format!("{here}/training/{}/remove", one.id)) data-confirm=(ask.t("要删除这次培训吗?")) {
                                (csrf(ask)) button.btn.btn-sm.btn-ghost { (icon("trash")) (ask.t("删除")) }
                            }
                        } }
                    } } }
                } }
            }
            @if may { div.card-body.no-print { details { summary { (ask.t("登记培训")) }
                form.form.grid method="post" action=(format!("{here}/training")) {
                    (csrf(ask)) (apart("training", kit_form::fields(ask, form::TRAINING, &Input::default(), &Options::new(), &[])))
                    div.form-foot { button.btn { (icon("plus-lg")) (ask.t("登记")) } }
                }
            } } }
        }
    }
}
