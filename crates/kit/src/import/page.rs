//! The pages of an import: choosing the file, what came of it, the rows handed back, the file once more in earnest.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::{
    Import,
    record::{self, Kept, New},
    run,
};
use crate::{
    Ask, Error, Id, Result, Said,
    error::FieldError,
    files::{self, Upload},
    form::{csrf, encoded, summary},
    house::options_of_places,
    page::{Badge, Head, Page, alert, badge, crumbs, download, icon, plain_table, stat, time},
    sheet::{self, Limits},
    table::grouped,
};

/// Rows one page takes; more go through the command.
pub const MOST_ROWS: usize = 10_000;

pub async fn form(ask: &Ask, import: &'static Import) -> Result<Page> {
    show_form(ask, import, &[]).await
}

async fn show_form(ask: &Ask, import: &'static Import, errors: &[FieldError]) -> Result<Page> {
    let history = ask.read(move |tx, ask| record::latest(tx, ask, import.kind)).await?;
    let chosen = ask.param("place").unwrap_or(&ask.who.scope.place).to_string();
    let action = format!("{}?csrf={}", import.path, encoded(&ask.who.csrf));
    let content = html! {
        div.cols {
            section.card { div.card-body {
                form.form method="post" action=(action) enctype="multipart/form-data" {
                    (csrf(ask))
                    (summary(ask, &[], errors))
                    div.field {
                        label for="file" { (ask.t("文件")) " " span.req { (ask.t("必填")) } }
                        input #file name="file" type="file" required accept=".xlsx,.xls,.ods,.csv" aria-describedby="file-help";
                        p.help #file-help { (ask.t("Excel(.xlsx、.xls)、OpenDocument(.ods)或 CSV,最多 10,000 行。")) }
                    }
                    div.field {
                        label for="place" { (ask.t("导入到")) " " span.req { (ask.t("必填")) } }
                        select #place name="place" required aria-describedby="place-help" {
                            @for (code, name) in options_of_places(ask, &chosen) { option value=(code) selected[code == chosen] { (name) } }
                        }
                        p.help #place-help { (ask.t("表中写明的镇、村按名称对应;没有写明的,登记在这里选的地方。")) }
                    }
                    fieldset.field { legend { (ask.t("方式")) } div.options {
                        label.option { input type="radio" name="dry_run" value="yes" checked; " " (ask.t("先检查,不写入")) }
                        label.option { input type="radio" name="dry_run" value="no"; " " (ask.t("直接导入")) }
                    } }
                    div.form-foot { button.btn.btn-primary { (icon("upload")) (ask.t("上传")) } }
                }
            } }
            section.card { header.card-head { h2 { (ask.t("可以导入什么")) } } div.card-body {
                ul {
                    @for it in import.help { li { (ask.t(it)) } }
                    li { (ask.t("有误的行不导入,连同原因做成 Excel 退回,改好后可直接再传;同一文件再导入一次不会重复登记。")) }
                }
                a.btn href=(format!("{}/template.xlsx", import.path)) { (icon("download")) (ask.t("下载空白表格")) }
            } }
        }
        section.card.gap-top { header.card-head { h2 { (ask.t("导入记录")) } }
            @if history.is_empty() { div.card-body { p.muted { (ask.t("还没有导入过。")) } } }
            @else { (history_table(ask, import, &history)) }
        }
    };
    let title = ask.t(import.title);
    let way = crumbs(ask, &[(import.list.0, ask.t(import.list.1)), ("", title)]);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(title).crumbs(way), content))
}

fn history_table(ask: &Ask, import: &Import, history: &[Kept]) -> Markup {
    let heads = ["时间", "文件", "办理人", "状态", "导入", "无变化", "未导入"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = history
        .iter()
        .map(|it| {
            vec![
                time(&it.created),
                html! { a href=(format!("{}/{}", import.path, it.id)) { (it.file_name) } },
                html! { (it.who) },
                state(ask, it),
                html! { (grouped(it.accepted)) },
                html! { (grouped(it.unchanged)) },
                html! { (grouped(it.refused)) },
            ]
        })
        .collect();
    plain_table(&heads, &rows)
}

fn state(ask: &Ask, it: &Kept) -> Markup {
    match it.dry_run {
        true => badge(Badge::Info, ask.t("已检查,未写入")),
        false => badge(Badge::Ok, ask.t("已导入")),
    }
}

/// An empty table to be filled in.
pub fn template(ask: &Ask, import: &Import) -> Result<Page> {
    let headers: Vec<&str> = import.columns.columns.iter().filter_map(|it| it.names.first().copied()).collect();
    Ok(download(&format!("{}-template.xlsx", import.kind), sheet::write_template(ask.t(import.title), &headers)?))
}

pub async fn upload(ask: &Ask, import: &'static Import, upload: &Upload<20>) -> Result<Page> {
    match receive(ask, import, upload).await {
        Ok(id) => Ok(ask.go(&format!("{}/{id}", import.path), "")),
        Err(Error::Invalid(errors)) => show_form(ask, import, &errors).await,
        Err(other) => Err(other),
    }
}

async fn receive(ask: &Ask, import: &'static Import, upload: &Upload<20>) -> Result<Id> {
    let file = upload.file("file")?;
    let place = upload.input.get("place").to_string();
    let region = region_of(ask, &place)?;
    let bytes = file.bytes()?;
    let stored = ask.app.files.lay(ask, "file", &file.name, bytes.clone()).await?;
    let name = stored.name.clone();
    let for_note = region.clone();
    let id = ask.write(move |tx, ask| files::note(tx, ask, &for_note, &stored)).await?;
    let dry_run = upload.input.get("dry_run") != "no";
    bring_in(ask, import, bytes, New { region: &region, place: &place, file: id, file_name: &name, dry_run }).await
}

/// The county of a place of the reader's scope.
pub fn region_of(ask: &Ask, place: &str) -> Result<String> {
    let tree = ask.app.places.tree();
    let county = tree.county_of(place).filter(|_| ask.who.scope.covers(&tree, place)).map(|it| it.code.clone());
    county.ok_or_else(|| Error::invalid("place", "请选择您管理范围内的县区、街镇或村(社区)"))
}

async fn bring_in(ask: &Ask, import: &'static Import, bytes: Vec<u8>, new: New<'_>) -> Result<Id> {
    let name = new.file_name.to_string();
    let read = move || sheet::read(&bytes, &name, &Limits::default());
    let book = tokio::task::spawn_blocking(read).await.map_err(Error::internal)??;
    let rows: usize = book.sheets.iter().map(|it| it.rows.len()).sum();
    if MOST_ROWS < rows {
        let said = Said::new("文件有 {n} 行,请分成几个文件,或请管理员用命令 yiyang import 导入").with("n", rows);
        return Err(Error::invalid("file", said));
    }
    let source = format!("import {}", new.file_name);
    let report = run(ask, &book, import, new.place, &source, new.dry_run).await?;
    let mut refused = None;
    if !report.refused.is_empty() {
        let bytes = report.refused_workbook()?;
        refused = Some(ask.app.files.lay(ask, "file", &format!("{}.errors.xlsx", new.file_name), bytes).await?);
    }
    let (region, place) = (new.region.to_string(), new.place.to_string());
    let (file, file_name, dry_run) = (new.file, new.file_name.to_string(), new.dry_run);
    ask.write(move |tx, ask| {
        let new = New { region: &region, place: &place, file, file_name: &file_name, dry_run };
        record::keep(tx, ask, import, &new, &report, refused.as_ref())
    })
    .await
}

pub async fn show(ask: &Ask, import: &'static Import, id: Id) -> Result<Page> {
    let it = ask.read(move |tx, ask| record::find(tx, ask, import.kind, id)).await?;
    let rows = it.rows(ask)?;
    let here = format!("{}/{}", import.path, it.id);
    let number = |kind, label, value: i64| stat(kind, ask.t(label), &grouped(value), ask.t("行"), "", None);
    let accepted = if it.dry_run { "可以导入" } else { "已导入" };
    let content = html! {
        @if it.dry_run { (alert(Badge::Info, ask.t("这是检查结果,还没有写入"), html! {})) }
        div.stats {
            (number(Badge::Ok, accepted, it.accepted))
            (number(Badge::Muted, "无变化", it.unchanged))
            (number(if it.refused == 0 { Badge::Ok } else { Badge::Bad }, "未导入", it.refused))
        }
        div.actions.gap-top {
            @if it.dry_run && 0 < it.accepted {
                form method="post" action=(format!("{here}/again")) {
                    (csrf(ask)) button.btn.btn-primary { (icon("check-circle")) (ask.t("正式导入")) }
                }
            }
            @if it.refused_file.is_some() {
                a.btn href=(format!("{here}/refused.xlsx")) { (icon("download")) (ask.t("下载未导入的行")) }
            }
            a.btn href=(import.path) { (ask.t("再传一个文件")) }
        }
        @if !rows.warnings.is_empty() {
            (alert(Badge::Warn, ask.t("请留意"), html! { ul { @for (sheet, column, reason) in &rows.warnings { li { (sheet) " " (column) ": " (reason) } } } }))
        }
        @if !rows.refused.is_empty() { (refused_table(ask, &rows)) }
    };
    let way =
        crumbs(ask, &[(import.list.0, ask.t(import.list.1)), (import.path, ask.t(import.title)), ("", &it.file_name)]);
    let tree = ask.app.places.tree();
    let sub = ask.f("导入到 {place}", &[("place", &tree.full_name(&it.place))]);
    Ok(ask.page(Head::new(&it.file_name).line(sub).crumbs(way), content))
}

fn refused_table(ask: &Ask, rows: &record::Rows) -> Markup {
    html! {
        section.card.gap-top {
            header.card-head { h2 { (ask.t("未导入的行")) } }
            div.tablewrap { table.list {
                caption.sr { (ask.t("未导入的行")) }
                thead { tr {
                    th scope="col" { (ask.t("工作表")) } th.num scope="col" { (ask.t("行")) } th scope="col" { (ask.t("列")) }
                    th scope="col" { (ask.t("内容")) } th scope="col" { (ask.t("原因")) }
                } }
                tbody { @for (sheet, row, column, value, reason) in &rows.refused { tr {
                    td data-label=(ask.t("工作表")) { (sheet) }
                    td.num data-label=(ask.t("行")) { (row) }
                    td data-label=(ask.t("列")) { (column) }
                    td data-label=(ask.t("内容")) { (value) }
                    td data-label=(ask.t("原因")) { (reason) }
                } } }
            } }
        }
    }
}

pub async fn refused(ask: &Ask, import: &'static Import, id: Id) -> Result<Page> {
    let it = ask.read(move |tx, ask| record::find(tx, ask, import.kind, id)).await?;
    files::answer(ask, &it.region, it.refused_file.ok_or(Error::NotFound)?).await
}

/// The file of a dry run once more, in earnest.
pub async fn again(ask: &Ask, import: &'static Import, id: Id) -> Result<Page> {
    let it = ask.read(move |tx, ask| record::find(tx, ask, import.kind, id)).await?;
    let (region, file) = (it.region.clone(), it.file);
    let kept = ask.read(move |tx, _| files::find(tx, &region, file)).await?;
    let app = ask.app.clone();
    let bytes =
        tokio::task::spawn_blocking(move || app.files.bytes(&app.crypt, &kept)).await.map_err(Error::internal)??;
    let new = New { region: &it.region, place: &it.place, file: it.file, file_name: &it.file_name, dry_run: false };
    let id = bring_in(ask, import, bytes, new).await?;
    Ok(ask.go(&format!("{}/{id}", import.path), ""))
}
