//! Bringing in a laboratory's file: choosing it, and what came of it.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Result,
    error::FieldError,
    files::Upload,
    form::{csrf, encoded, summary},
    page::{Badge, Head, Page, alert, crumbs, download, icon, plain_table, stat, time},
    table::grouped,
};
use maud::{Markup, html};

use crate::{
    elders::Key,
    healthcheck::labs::{
        Options, Report,
        api::{MOST, book},
        file::TEMPLATE,
        import,
        record::{self, Import},
    },
};

/// Rows shown on the page; the Excel file has all.
const MOST_SHOWN: usize = 100;

pub async fn form(ask: Ask) -> Result<Page> {
    show_form(&ask, &[]).await
}

async fn show_form(ask: &Ask, errors: &[FieldError]) -> Result<Page> {
    let history = ask.read(|tx, ask| record::latest(tx, ask, 20)).await?;
    let bad = errors.iter().any(|it| it.field == "file");
    let content = html! {
        div.cols {
            section.card { div.card-body {
                form.form method="post" action=(format!("/healthcheck/labs?csrf={}", encoded(&ask.who.csrf))) enctype="multipart/form-data" {
                    (csrf(ask))
                    (summary(ask, &[], errors))
                    div.field.field-bad[bad] {
                        label for="file" { (ask.t("化验文件")) " " span.req { (ask.t("必填")) } }
                        input #file name="file" type="file" required accept=".csv,.xlsx,.xls,.ods" aria-describedby="file-help";
                        p.help #file-help { (ask.f("检验科导出的 CSV 或 Excel,最大 {n} MB。", &[("n", &MOST)])) }
                    }
                    fieldset.field { legend { (ask.t("方式")) } div.options {
                        label.option { input type="radio" name="dry_run" value="yes"; " " (ask.t("先检查,不写入")) }
                        label.option { input type="radio" name="dry_run" value="no" checked; " " (ask.t("直接导入")) }
                    } }
                    div.form-foot { button.btn.btn-primary { (icon("upload")) (ask.t("上传")) } }
                }
            } }
            section.card { header.card-head { h2 { (ask.t("怎样的文件可以导入")) } } div.card-body {
                ul {
                    li { (ask.t("一行一个结果;表头要有“体检号”或“身份证号”,“项目代码”或“项目名称”,以及“结果”。")) }
                    li { (ask.t("项目的代码、名称和单位按政策库“化验对照”对应,单位自动换算。")) }
                    li { (ask.t("没有当年体检的老人,自动开始一份体检。")) }
                    li { (ask.t("不认识的项目、找不到的人、不可能的数,连同原因退回。同一文件再传一次,不会改变什么。")) }
                }
                a.btn href="/healthcheck/labs/template.xlsx" { (icon("download")) (ask.t("下载空白表")) }
                " " a.btn.btn-ghost href=(format!("/policy/healthcheck/{}", encoded("化验对照"))) { (ask.t("看化验对照")) }
            } }
        }
        section.card.gap-top { header.card-head { h2 { (ask.t("导入记录")) } }
            @if history.is_empty() { div.card-body { p.muted { (ask.t("还没有导入过。")) } } }
            @else { (history_table(ask, &history)) } }
    };
    let title = ask.t("导入化验");
    let head = Head::new(title).crumbs(crumbs(ask, &[("/healthcheck", ask.t("健康体检")), ("", title)]));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, head, content))
}

fn history_table(ask: &Ask, history: &[Import]) -> Markup {
    let heads = ["时间", "文件", "老人", "导入", "无变化", "退回"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = history
        .iter()
        .map(|it| {
            vec![
                time(&it.created),
                html! { a href=(format!("/healthcheck/labs/{}", it.key)) { (it.file_name) } },
                html! { (grouped(it.persons)) },
                html! { (grouped(it.accepted)) },
                html! { (grouped(it.unchanged)) },
                html! { (grouped(it.refused)) },
            ]
        })
        .collect();
    plain_table(&heads, &rows)
}

pub async fn template(ask: Ask) -> Result<Page> {
    let bytes = kit::sheet::write_template(ask.t("化验"), TEMPLATE)?;
    Ok(download("labs-template.xlsx", bytes))
}

pub async fn upload(ask: Ask, upload: Upload<MOST>) -> Result<Page> {
    match receive(&ask, &upload).await {
        Ok(page) => Ok(page),
        Err(Error::Invalid(errors)) => show_form(&ask, &errors).await,
        Err(other) => Err(other),
    }
}

async fn receive(ask: &Ask, upload: &Upload<MOST>) -> Result<Page> {
    let file = upload.file("file")?;
    let name = file.name.clone();
    let book = book(file.bytes()?, name.clone()).await?;
    let dry_run = upload.input.get("dry_run") == "yes";
    let report = import(ask, &book, &Options { dry_run, file: name.clone() }, |_, _| {}).await?;
    if dry_run {
        return Ok(ask.page(head(ask, &name), result(ask, &report, true, None)));
    }
    let key = ask.write(move |tx, ask| record::keep(tx, ask, &name, &report)).await?;
    Ok(ask.go(&format!("/healthcheck/labs/{key}"), ""))
}

fn head<'a>(ask: &Ask, name: &'a str) -> Head<'a> {
    let way = crumbs(ask, &[("/healthcheck", ask.t("健康体检")), ("/healthcheck/labs", ask.t("导入化验")), ("", name)]);
    Head::new(name).crumbs(way)
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let import = ask.read(move |tx, ask| record::find(tx, ask, &key)).await?;
    let report = import.report(&ask)?;
    let link = format!("/healthcheck/labs/{}/refused.xlsx", import.key);
    Ok(ask.page(head(&ask, &import.file_name), result(&ask, &report, false, Some(&link))))
}

pub async fn refused(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let import = ask.read(move |tx, ask| record::find(tx, ask, &key)).await?;
    Ok(download("labs-refused.xlsx", import.report(&ask)?.refused_workbook()?))
}

fn result(ask: &Ask, report: &Report, dry_run: bool, download: Option<&str>) -> Markup {
    let number = |kind, label: &'static str, n: usize, unit: &'static str| {
        stat(kind, ask.t(label), &grouped(n as i64), ask.t(unit), "", None)
    };
    let refused_kind = if report.refused.is_empty() { Badge::Ok } else { Badge::Bad };
    let heads = ["行", "列", "内容", "原因", "怎么办"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = report
        .refused
        .iter()
        .take(MOST_SHOWN)
        .map(|it| {
            vec![
                html! { (it.row) },
                html! { (it.column) },
                html! { (masked(it)) },
                html! { (it.reason) },
                html! { (it.repair) },
            ]
        })
        .collect();
    html! {
        @if dry_run { (alert(Badge::Info, ask.t("这是检查结果,还没有写入"), html! {})) }
        div.stats {
            (number(Badge::Muted, "老人", report.persons, "人"))
            (number(Badge::Ok, if dry_run { "可以导入" } else { "已导入" }, report.accepted, "个结果"))
            (number(Badge::Muted, "无变化", report.unchanged, "个结果"))
            (number(refused_kind, "退回", report.refused.len(), "行"))
        }
        div.actions.gap-top {
            @if let (Some(link), false) = (download, report.refused.is_empty()) { a.btn href=(link) { (icon("download")) (ask.t("下载退回的行")) } }
            a.btn href="/healthcheck/labs" { (ask.t("再传一个文件")) }
        }
        @if !rows.is_empty() {
            section.card.gap-top { header.card-head { h2 { (ask.t("退回的行")) } } (plain_table(&heads, &rows)) }
        }
        @if !report.warnings.is_empty() {
            section.card.gap-top { header.card-head { h2 { (ask.t("提醒")) } } div.card-body { ul {
                @for it in report.warnings.iter().take(MOST_SHOWN) { li { (ask.f("第 {row} 行:{why}", &[("row", &it.row), ("why", &it.reason)])) } }
            } } }
        }
    }
}

/// What stands in a refused cell; an ID number is masked, the Excel file has it whole.
fn masked(it: &crate::healthcheck::labs::run::Refused) -> String {
    if it.column == "身份证号" { kit::crypt::mask_id_number(&it.value) } else { it.value.clone() }
}
