//! Import of ledgers: choosing the file, watching it being read, and what came of it.

use axum::{extract::Path, response::Response};
use kit::{
    Ask, Error, Id, Result,
    error::FieldError,
    files::{self, Upload},
    form::{Input, csrf, encoded, summary},
    jobs,
    page::{Badge, Head, Page, alert, badge, crumbs, download, icon, plain_table, stat, time},
    place::Level,
    table::grouped,
};
use maud::{Markup, html};
use serde_json::Value;

use crate::elders::{
    elder::Key,
    import::{
        fields,
        job::{self, MOST, Wanted},
        record::{self, Choice, Import, Kept, SheetColumns},
    },
    ledger::Reason,
};

/// Refused rows and warnings shown on the page; the Excel file has all.
const MOST_SHOWN: usize = 200;

pub async fn form(ask: Ask) -> Result<Page> {
    show_form(&ask, &[]).await
}

async fn show_form(ask: &Ask, errors: &[FieldError]) -> Result<Page> {
    let history = ask.read(|tx, ask| record::latest(tx, ask, 20)).await?;
    let options = places(ask);
    let chosen = ask.param("place").unwrap_or(&ask.who.scope.place);
    let action = format!("/elders/import?csrf={}", encoded(&ask.who.csrf));
    let bad = |field: &str| errors.iter().find(|it| it.field == field).map(|it| it.said.in_lang(ask.lang));
    let content = html! {
        div.cols {
            section.card { div.card-body {
                form.form method="post" action=(action) enctype="multipart/form-data" {
                    (csrf(ask))
                    (summary(ask, &[], errors))
                    div.field.field-bad[bad("file").is_some()] {
                        label for="file" { (ask.t("台账文件")) " " span.req { (ask.t("必填")) } }
                        input #file name="file" type="file" required accept=".xlsx,.xls,.ods,.csv" aria-describedby="file-help";
                        p.help #file-help { (ask.t("Excel(.xlsx、.xls)、OpenDocument(.ods)或 CSV(UTF-8、GBK 均可),最大 100 MB。")) }
                    }
                    div.field.field-bad[bad("place").is_some()] {
                        label for="place" { (ask.t("导入到")) " " span.req { (ask.t("必填")) } }
                        select #place name="place" required aria-describedby="place-help" {
                            @for (code, name) in &options { option value=(code) selected[code == chosen] { (name) } }
                        }
                        p.help #place-help { (ask.t("表中写明的镇、村按名称对应;没有写明或找不到的,登记在这里选的地方。")) }
                    }
                    fieldset.field { legend { (ask.t("方式")) }
                        div.options {
                            label.option { input type="radio" name="dry_run" value="yes" checked; " " (ask.t("先检查,不写入")) }
                            label.option { input type="radio" name="dry_run" value="no"; " " (ask.t("直接导入")) }
                        }
                    }
                    div.form-foot { button.btn.btn-primary { (icon("upload")) (ask.t("上传")) } }
                }
            } }
            section.card { header.card-head { h2 { (ask.t("可以导入什么")) } } div.card-body {
                ul {
                    li { (ask.t("各镇、村现有的台账都可以,不必改成统一格式:有标题行、多行或合并的表头、多个工作表、合计和签字行都能识别。")) }
                    li { (ask.t("只有“姓名”一列是必需的。没有身份证号的,要有出生日期或年份。")) }
                    li { (ask.t("身份证号有误、被表格软件改成数字的行不导入,连同原因和修改办法做成 Excel 退回,改好后可直接再传。")) }
                    li { (ask.t("同一文件再导入一次,不会重复登记。在册的老人只更新有变化的内容。")) }
                    li { (ask.t("填了死亡日期或迁出日期的,同时办理死亡或迁出。")) }
                }
                a.btn href="/elders/import/template.xlsx" { (icon("download")) (ask.t("下载空白台账")) }
            } }
        }
        section.card.gap-top aria-labelledby="history" {
            header.card-head { h2 #history { (ask.t("导入记录")) } }
            @if history.is_empty() { div.card-body { p.muted { (ask.t("还没有导入过。")) } } }
            @else { (history_table(ask, &history)) }
        }
    };
    let title = ask.t("导入台账");
    let head = Head::new(title).crumbs(crumbs(ask, &[("/elders", ask.t("老人名册")), ("", title)]));
    let status = if errors.is_empty() { 200 } else { 422 };
    Ok(ask.page_with(axum::http::StatusCode::from_u16(status).unwrap_or_default(), head, content))
}

fn history_table(ask: &Ask, history: &[Import]) -> Markup {
    let heads = ["时间", "文件", "导入到", "状态", "导入", "重复", "无变化", "未导入"].map(|it| ask.t(it));
    let tree = ask.app.places.tree();
    let rows: Vec<Vec<Markup>> = history
        .iter()
        .map(|it| {
            vec![
                time(&it.created),
                html! { a href=(address(&it.key)) { (it.file_name) } },
                html! { (tree.words(&it.place)) },
                state(ask, it),
                html! { (grouped(it.accepted)) },
                html! { (grouped(it.same_again)) },
                html! { (grouped(it.unchanged)) },
                html! { (grouped(it.refused)) },
            ]
        })
        .collect();
    plain_table(&heads, &rows)
}

fn state(ask: &Ask, import: &Import) -> Markup {
    match (&*import.state, import.dry_run) {
        ("done", true) => badge(Badge::Info, ask.t("已检查,未写入")),
        ("done", false) => badge(Badge::Ok, ask.t("已导入")),
        ("failed", _) => badge(Badge::Bad, ask.t("没有完成")),
        _ => badge(Badge::Muted, ask.t("进行中")),
    }
}

fn address(key: &Key) -> String {
    format!("/elders/import/{key}")
}

/// Counties, streets and, within one county, villages that a file can be imported into.
fn places(ask: &Ask) -> Vec<(String, String)> {
    let tree = ask.app.places.tree();
    let scope = &ask.who.scope;
    let deepest = if scope.counties.len() == 1 { Level::Village } else { Level::Street };
    let mut all = Vec::new();
    let mut open: Vec<String> = scope.counties.iter().rev().cloned().collect();
    while let Some(code) = open.pop() {
        let Some(place) = tree.get(&code) else { continue };
        if deepest < place.level {
            continue;
        }
        if scope.covers(&tree, &code) {
            all.push((code.clone(), tree.words(&code)));
        }
        let mut children: Vec<String> = tree.children(&code).map(|it| it.code.clone()).collect();
        children.sort();
        open.extend(children.into_iter().rev());
    }
    all
}

pub async fn template() -> Result<Page> {
    Ok(download("elders-template.xlsx", fields::template()?))
}

pub async fn upload(ask: Ask, upload: Upload<MOST>) -> Result<Page> {
    match receive(&ask, &upload).await {
        Ok((key, _)) => Ok(ask.go(&address(&key), "")),
        Err(Error::Invalid(errors)) => show_form(&ask, &errors).await,
        Err(other) => Err(other),
    }
}

async fn receive(ask: &Ask, upload: &Upload<MOST>) -> Result<(Key, Id)> {
    let file = upload.file("file")?;
    let place = upload.input.get("place").to_string();
    let dry_run = upload.input.get("dry_run") != "no";
    job::keep(ask, &file.name, file.bytes()?, place, dry_run).await
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (import, progress) = ask
        .read(move |tx, ask| {
            let import = record::find(tx, ask, &key)?;
            let progress = import.job.map(|it| jobs::find(tx, it)).transpose()?;
            Ok((import, progress))
        })
        .await?;
    let kept = import.kept(&ask)?;
    let content = html! {
        div.flow #import {
            @match &kept {
                Some(kept) => (result(&ask, &import, kept)),
                None => (running(&ask, &import, progress.as_ref())),
            }
        }
    };
    if ask.partial {
        return Ok(ask.part(content));
    }
    let way =
        crumbs(&ask, &[("/elders", ask.t("老人名册")), ("/elders/import", ask.t("导入台账")), ("", &import.file_name)]);
    let tree = ask.app.places.tree();
    let sub = ask.f("导入到 {place}", &[("place", &tree.full_name(&import.place))]);
    Ok(ask.page(Head::new(&import.file_name).line(sub).crumbs(way), content))
}

fn running(ask: &Ask, import: &Import, progress: Option<&jobs::Shown>) -> Markup {
    let (done, total) = progress.map_or((0, 0), |it| (it.done, it.total));
    let percent = if total == 0 { 0 } else { done * 100 / total };
    let failed = progress.filter(|it| it.state == "failed");
    let here = address(&import.key);
    html! {
        @if failed.is_some() {
            (alert(Badge::Bad, ask.t("没有完成"), html! { p { (ask.t("系统出错,已记录。可以再传一次,已经导入的不会重复。")) } }))
        } @else {
            div.js-poll hx-get=(here) hx-trigger="every 1s" hx-target="#import" hx-swap="outerHTML" aria-live="polite" {
                p.strong {
                    @if total == 0 { (ask.t("正在读取文件")) }
                    @else { (ask.f("已处理 {done} 行,共 {total} 行", &[("done", &grouped(done)), ("total", &grouped(total))])) }
                }
                div.progress {
                    progress max=(total.max(1)) value=(done) aria-label=(ask.t("导入进度")) { (percent) " %" }
                    span { (percent) " %" }
                }
                noscript { a.btn href=(here) { (ask.t("刷新看进度")) } }
            }
        }
    }
}

fn result(ask: &Ask, import: &Import, kept: &Kept) -> Markup {
    if let Some(failure) = &kept.failure {
        return alert(
            Badge::Bad,
            ask.t("文件没有导入"),
            html! { p { (failure) } p { a.btn href="/elders/import" { (ask.t("重新上传")) } } },
        );
    }
    let unit = ask.t("人");
    let number = |kind, label, value: i64, unit| stat(kind, ask.t(label), &grouped(value), unit, "", None);
    let accepted = if import.dry_run { "可以导入" } else { "已导入" };
    let refused_kind = if import.refused == 0 { Badge::Ok } else { Badge::Bad };
    html! {
        @if import.dry_run {
            (alert(Badge::Info, ask.t("这是检查结果,还没有写入名册"), html! {}))
        }
        div.stats {
            (number(Badge::Ok, accepted, import.accepted, unit))
            (number(Badge::Muted, "同一人重复", import.same_again, ask.t("行")))
            (number(Badge::Muted, "已在册、无变化", import.unchanged, unit))
            (number(refused_kind, "未导入", import.refused, ask.t("行")))
        }
        div.actions.gap-top {
            @if import.dry_run && import.file.is_some() && 0 < import.accepted + import.same_again {
                form method="post" action=(format!("{}/again", address(&import.key))) {
                    (csrf(ask))
                    input type="hidden" name="dry_run" value="no";
                    button.btn.btn-primary { (icon("check-circle")) (ask.t("正式导入")) }
                }
            }
            @if import.refused_file.is_some() {
                a.btn href=(format!("{}/refused.xlsx", address(&import.key))) { (icon("download")) (ask.t("下载未导入的行")) }
            }
            a.btn href="/elders/import" { (ask.t("再传一个文件")) }
        }
        @if !kept.notices.is_empty() {
            (alert(Badge::Warn, ask.t("请留意"), html! { ul { @for it in &kept.notices { li { (it.text(ask.lang)) } } } }))
        }
        (rows(ask, &kept.report["refused"], "未导入的行", import.refused, true))
        (rows(ask, &kept.report["warnings"], if import.dry_run { "可以导入,请核对" } else { "已导入,请核对" }, kept.report["warnings"].as_array().map_or(0, Vec::len) as i64, false))
        @if import.file.is_some() { (columns(ask, import, &kept.sheets)) }
    }
}

/// Refused rows with how to repair them, or rows to be checked.
fn rows(ask: &Ask, all: &Value, title: &str, total: i64, refused: bool) -> Markup {
    let all = all.as_array().map_or(&[][..], |it| it);
    if all.is_empty() {
        return html! {};
    }
    let text = |it: &Value, name: &str| match &it[name] {
        Value::String(it) => it.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let said = |it: &Value| {
        let code = text(it, "reason");
        let english = ask.lang == kit::Lang::En;
        match Reason::from_code(&code) {
            Some(it) if english => (it.en().to_string(), it.repair_en()),
            Some(it) => (it.zh().to_string(), it.repair_zh()),
            None => (code, ""),
        }
    };
    html! {
        section.card.gap-top {
            header.card-head { h2 { (ask.t(title)) } span.count { (grouped(total)) } }
            div.tablewrap { table.list {
                caption.sr { (ask.t(title)) }
                thead { tr {
                    th scope="col" { (ask.t("行号")) } th scope="col" { (ask.t("列")) }
                    @if refused { th scope="col" { (ask.t("内容")) } }
                    th scope="col" { (ask.t("原因")) } th scope="col" { (ask.t("如何修改")) } th scope="col" { (ask.t("工作表")) }
                } }
                tbody { @for it in all.iter().take(MOST_SHOWN) { @let (why, repair) = said(it); tr {
                    td.strong data-label=(ask.t("行号")) { (ask.f("第 {n} 行", &[("n", &text(it, "row"))])) }
                    td data-label=(ask.t("列")) { (text(it, "column")) }
                    @if refused { td data-label=(ask.t("内容")) { (text(it, "value")) } }
                    td data-label=(ask.t("原因")) { (why) }
                    td data-label=(ask.t("如何修改")) { (repair) }
                    td data-label=(ask.t("工作表")) { (text(it, "sheet")) }
                } } }
            } }
            @if MOST_SHOWN < all.len() {
                footer.card-foot { p.muted { (ask.f("只显示前 {n} 行。", &[("n", &MOST_SHOWN)])) } }
            }
        }
    }
}

/// Which column was taken for what, to be changed and tried again.
fn columns(ask: &Ask, import: &Import, sheets: &[SheetColumns]) -> Markup {
    let all = fields::all();
    html! {
        section.card.gap-top aria-labelledby="columns" {
            header.card-head { h2 #columns { (ask.t("各列的含义")) } }
            div.card-body { form.form method="post" action=(format!("{}/again", address(&import.key))) {
                (csrf(ask))
                p.muted { (ask.t("认错或没有认出的列,可以在这里改,再检查一次。")) }
                @for (s, sheet) in sheets.iter().enumerate() {
                    fieldset.grid { legend { (ask.f("工作表“{sheet}”,表头在第 {row} 行", &[("sheet", &sheet.sheet), ("row", &sheet.header_row)])) }
                        @for column in &sheet.columns {
                            @let name = format!("c-{s}-{}", column.at);
                            div.field {
                                label for=(name) { (column.header) }
                                select id=(name) name=(name) {
                                    option value="" selected[column.key.is_none()] { (ask.t("不导入")) }
                                    @if column.key.as_deref() == Some("serial") { option value="serial" selected { (ask.t("序号")) } }
                                    @for (key, title) in &all {
                                        option value=(key) selected[column.key.as_deref() == Some(*key)] { (ask.t(title)) }
                                    }
                                }
                            }
                        }
                    }
                }
                div.form-foot { button.btn name="dry_run" value="yes" { (ask.t("按所选的列再检查")) } }
            } }
        }
    }
}

pub async fn refused(ask: Ask, Path(key): Path<String>) -> Result<Response> {
    let key: Key = key.parse()?;
    let for_query = key.clone();
    let import = ask.read(move |tx, ask| record::find(tx, ask, &for_query)).await?;
    files::answer(&ask, &key.region, import.refused_file.ok_or(Error::NotFound)?).await
}

/// The same file once more: after a check in earnest, or with other columns.
pub async fn again(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let key = ask
        .write(move |tx, ask| {
            let import = record::find(tx, ask, &key)?;
            let file = import.file.ok_or(Error::NotFound)?;
            let sheets = import.kept(ask)?.map(|it| it.sheets).unwrap_or_default();
            let choice = choice(&import.choice, &sheets, &input);
            let dry_run = input.get("dry_run") != "no";
            let wanted = Wanted { file, file_name: import.file_name, place: import.place, dry_run, choice };
            job::enqueue(tx, ask, &wanted).map(|it| it.0)
        })
        .await?;
    Ok(ask.go(&address(&key), ""))
}

/// What was chosen before, with the columns that the form gives another meaning.
fn choice(before: &Choice, sheets: &[SheetColumns], input: &Input) -> Choice {
    let mut choice = before.clone();
    let names: Vec<&str> = input.names().collect();
    for (s, sheet) in sheets.iter().enumerate() {
        for column in &sheet.columns {
            let name = format!("c-{s}-{}", column.at);
            let wanted = input.get(&name);
            let was = column.key.as_deref().filter(|it| *it != "left_out").unwrap_or_default();
            if !names.contains(&&*name) || wanted == was {
                continue;
            }
            let columns = choice.entry(sheet.sheet.clone()).or_default();
            columns.retain(|it| it.1 != column.at);
            columns.push((if wanted.is_empty() { "left_out" } else { wanted }.to_string(), column.at));
        }
    }
    choice
}
