//! Licences of an institution: one more, one given back, one entered by mistake; and the document of each.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result, Tx,
    files::{self, Stored, Upload},
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Page, apart, badge, icon},
};
use maud::{Markup, html};
use rules::institution::Standing;

use crate::{
    elders::Key,
    institutions::{
        WRITE, form,
        institution::{self, Institution},
        licence::{self, Licence, New},
    },
};

/// Adds the licence a form stands for.
pub fn add_one(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input, document: Option<&Stored>) -> Result<()> {
    let checked = kit_form::check(form::LICENCE, input, &Options::new())?;
    let new = New {
        kind: form::licence_kind(&checked)?,
        number: &checked.text("number"),
        issuer: &checked.text("issuer"),
        from: form::day(&checked, "from")?,
        until: checked.date("until"),
        remark: &checked.text("remark"),
        document,
    };
    licence::add(tx, ask, it, &new)
}

pub async fn add(ask: Ask, Path(key): Path<String>, upload: Upload<20>) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/institutions/{key}#licences");
    let mut stored = None;
    if let Some(sent) = upload.files.first() {
        stored = Some(ask.app.files.lay(&ask, &sent.field, &sent.name, sent.bytes()?).await?);
    }
    ask.write(move |tx, ask| {
        let it = institution::find(tx, &ask.who.scope, &key)?;
        add_one(tx, ask, &it, &upload.input, stored.as_ref())
    })
    .await?;
    Ok(ask.go(&here, ask.t("证照已登记")))
}

pub async fn end(ask: Ask, Path((key, id)): Path<(String, Id)>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/institutions/{key}#licences");
    ask.write(move |tx, ask| {
        let it = institution::find(tx, &ask.who.scope, &key)?;
        let checked = kit_form::check(form::END_LICENCE, &input, &Options::new())?;
        licence::end(tx, ask, &it, id, form::day(&checked, "day")?, &checked.text("reason"))
    })
    .await?;
    Ok(ask.go(&here, ask.t("已注销")))
}

pub async fn remove(ask: Ask, Path((key, id)): Path<(String, Id)>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/institutions/{key}#licences");
    let reason: String = input.get("reason").chars().take(100).collect();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "请填写原因"));
    }
    ask.write(move |tx, ask| {
        let it = institution::find(tx, &ask.who.scope, &key)?;
        licence::remove(tx, ask, &it, id, &reason)
    })
    .await?;
    Ok(ask.go(&here, ask.t("已删除")))
}

/// The photo or scan of a licence; each look is noted.
pub async fn file(ask: Ask, Path((key, file)): Path<(String, Id)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let region = key.region.clone();
    ask.write(move |tx, ask| {
        let it = institution::find(tx, &ask.who.scope, &key)?;
        licence::check_file(tx, &it.key, file)?;
        let entry = kit::audit::Entry {
            action: "look",
            subject: "organisation",
            subject_id: Some(it.key.id),
            region: &it.key.region,
            place: &it.place,
            detail: &format!("file {file}"),
        };
        ask.note(tx, &entry)
    })
    .await?;
    files::answer(&ask, &region, file).await
}

/// All licences with how each stands today, and the forms.
pub fn card(ask: &Ask, it: &Institution, all: &[Licence]) -> Markup {
    let here = it.link();
    let may = ask.may(WRITE) && it.known.is_some();
    html! {
        section.card #licences { header.card-head { h2 { (ask.t("证照与备案")) } }
            @if all.is_empty() { div.card-body { p.muted { (ask.t("还没有登记证照")) } } }
            @else {
                div.tablewrap { table.list {
                    caption.sr { (ask.t("证照与备案")) }
                    thead { tr {
                        th scope="col" { (ask.t("证照")) } th scope="col" { (ask.t("证照编号")) } th scope="col" { (ask.t("发证(备案)机关")) }
                        th scope="col" { (ask.t("有效期")) } th scope="col" { (ask.t("状态")) }
                        @if may { th scope="col" { span.sr { (ask.t("操作")) } } }
                    } }
                    tbody { @for one in all { (row(ask, it, one, &here, may)) } }
                } }
            }
            @if may { div.card-body.no-print { details { summary { (ask.t("登记证照")) } (new(ask, &here)) } } }
        }
    }
}

fn row(ask: &Ask, it: &Institution, one: &Licence, here: &str, may: bool) -> Markup {
    let until = one.until.map_or_else(|| ask.t("长期").to_string(), |it| it.to_string());
    html! {
        tr {
            td data-label=(ask.t("证照")) {
                (ask.t(one.kind.title()))
                @if let Some(file) = one.file { " " a href=(format!("{here}/files/{file}")) { (icon("file-earmark-text")) (ask.t("查看证照")) } }
                @if !one.remark.is_empty() { p.small.muted { (one.remark) } }
            }
            td data-label=(ask.t("证照编号")) { (one.number) }
            td data-label=(ask.t("发证(备案)机关")) { (one.issuer) }
            td data-label=(ask.t("有效期")) { span.nowrap { (one.from) " —" } " " span.nowrap { (until) } }
            td data-label=(ask.t("状态")) { (standing(ask, it, one)) }
            @if may { td.row-actions { details.drop {
                summary.btn.btn-sm { (ask.t("更多")) }
                div.drop-list { div.card-body {
                    @if one.ended.is_none() {
                        form.form method="post" action=(format!("{here}/licences/{}/end", one.id)) {
                            (csrf(ask))
                            div.field { label { (ask.t("注销日")) input type="date" name="day" required value=(ask.today()); } }
                            div.field { label { (ask.t("原因")) input name="reason" required maxlength="100" autocomplete="off"; } }
                            button.btn.btn-sm { (ask.t("注销")) }
                        }
                    }
                    form.form method="post" action=(format!("{here}/licences/{}/remove", one.id)) data-confirm=(ask.t("要删除这条误登记的证照吗?")) {
                        (csrf(ask))
                        div.field { label { (ask.t("误登记的原因")) input name="reason" required maxlength="100" autocomplete="off"; } }
                        button.btn.btn-sm.btn-danger { (ask.t("删除")) }
                    }
                } }
            } } }
        }
    }
}

fn standing(ask: &Ask, it: &Institution, one: &Licence) -> Markup {
    match licence::standing(ask, &it.key, one, ask.today()) {
        None => badge(Badge::Muted, ask.t("本地当日没有在行政策")),
        Some(Standing::Valid) => badge(Badge::Ok, ask.t("有效")),
        Some(Standing::ToCome) => badge(Badge::Info, ask.t("未生效")),
        Some(Standing::RunsOut { days }) => badge(Badge::Warn, &ask.f("还有 {n} 天到期", &[("n", &days)])),
        Some(Standing::Expired) => badge(Badge::Bad, ask.t("已过期")),
        Some(Standing::Ended) => html! {
            (badge(Badge::Muted, ask.t("已注销")))
            @if let Some(day) = one.ended { p.small.muted { (day) " " (one.ended_reason) } }
        },
    }
}

fn new(ask: &Ask, here: &str) -> Markup {
    html! {
        form.form.grid method="post" enctype="multipart/form-data" action=(format!("{here}/licences?csrf={}", ask.who.csrf)) {
            (csrf(ask))
            (apart("licence", kit_form::fields(ask, form::LICENCE, &Input::default(), &Options::new(), &[])))
            div.field.js-photo {
                label for="file" { (ask.t("证照照片或扫描件")) }
                input #file type="file" name="file" accept="image/*,application/pdf";
                p.help { (ask.t("图片(JPEG、PNG、WebP)或 PDF,不超过 20 MB;可不附。")) }
            }
            div.form-foot { button.btn { (icon("plus-lg")) (ask.t("登记")) } }
        }
    }
}
