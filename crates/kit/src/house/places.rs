//! The region tree: from province to village and grid, searched, and brought in from a file.

use maud::{Markup, html};

use super::{PLACES_WRITE, region_of};
use crate::{
    Ask, Error, Id, Result, Tx, audit,
    files::Upload,
    form::{Input, csrf, encoded},
    initials::initials,
    page::{Badge, Head, Page, alert, badge, crumbs, empty, icon, plain_table},
    place::{self, Imported, Level, NATION, Place, Tree},
    sheet,
};

/// Places a search shows.
const MOST: usize = 50;
/// Wrong lines that are shown one by one.
const SHOWN: usize = 100;

pub async fn page(ask: Ask) -> Result<Page> {
    let tree = ask.app.places.tree();
    let at = ask.param("at").unwrap_or(&ask.who.scope.place).to_string();
    if !ask.who.scope.covers(&tree, &at) {
        return Err(Error::NotFound);
    }
    let t = |zh| ask.t(zh);
    let here = tree.get(&at);
    let mut way: Vec<(String, String)> = tree
        .chain(&at)
        .into_iter()
        .filter(|it| ask.who.scope.covers(&tree, &it.code))
        .map(|it| (format!("/places?at={}", it.code), it.name.clone()))
        .collect();
    way.push(("/places".to_string(), t("区划").to_string()));
    way.reverse();
    let way: Vec<(&str, &str)> = way.iter().map(|(to, name)| (&**to, &**name)).collect();
    let content = html! {
        form.filters method="get" action="/places" {
            div.field { label for="q" { (t("名称、拼音首字母或代码")) } input #q name="q" type="search" value=(ask.param("q").unwrap_or("")); }
            div.actions { button.btn { (icon("search")) (t("查找")) } }
        }
        @if let Some(wanted) = ask.param("q") { (found(&ask, &tree, wanted)) }
        @else {
            (children(&ask, &tree, &at))
            @if ask.may(PLACES_WRITE) {
                @if here.is_some_and(|it| it.level == Level::Village) { (grid_form(&ask, &at)) }
                @if ask.who.scope.place == NATION && at == NATION { (import_form(&ask)) }
            }
        }
    };
    let name = if at == NATION { t("区划") } else { tree.name(&at) };
    let sub = here.map_or(String::new(), |it| format!("{} · {}", it.code, t(it.level.title())));
    Ok(ask.page(Head::new(name).line(sub).crumbs(crumbs(&ask, &way)), content))
}

fn row(ask: &Ask, tree: &Tree, place: &Place, name: &str) -> Vec<Markup> {
    let below = tree.children(&place.code).count();
    vec![
        html! { a href=(format!("/places?at={}", place.code)) { (name) } },
        html! { code { (place.code) } },
        html! { (ask.t(place.level.title())) },
        html! { (below) },
        html! { (counted(tree, &place.code)) },
    ]
}

/// Villages and communities in a place.
fn counted(tree: &Tree, code: &str) -> usize {
    tree.children(code).map(|it| if it.level == Level::Village { 1 } else { counted(tree, &it.code) }).sum()
}

const HEADS: [&str; 5] = ["名称", "代码", "级别", "下级", "村(社区)"];

fn children(ask: &Ask, tree: &Tree, at: &str) -> Markup {
    let rows: Vec<Vec<Markup>> =
        tree.children(at).filter(|it| it.code != at).map(|it| row(ask, tree, it, &it.name)).collect();
    if rows.is_empty() {
        return empty(ask.t("下面还没有地区"), ask.t("村(社区)下可以划分网格。"), html! {});
    }
    html! { section.card { (plain_table(&HEADS.map(|it| ask.t(it)), &rows)) } }
}

fn found(ask: &Ask, tree: &Tree, wanted: &str) -> Markup {
    let letters = wanted.to_lowercase();
    let by_letters = letters.bytes().all(|it| it.is_ascii_lowercase());
    let mut hits: Vec<&Place> = tree
        .all()
        .filter(|it| {
            it.name.contains(wanted)
                || it.code.starts_with(wanted)
                || (by_letters && initials(&it.name).starts_with(&letters))
        })
        .filter(|it| ask.who.scope.covers(tree, &it.code))
        .collect();
    hits.sort_by(|a, b| (a.code.len(), &a.code).cmp(&(b.code.len(), &b.code)));
    let rows: Vec<Vec<Markup>> =
        hits.iter().take(MOST).map(|it| row(ask, tree, it, &tree.full_name(&it.code))).collect();
    html! {
        @if rows.is_empty() { (empty(&ask.f("没有找到“{wanted}”", &[("wanted", &wanted)]), ask.t("换一个写法试试,例如拼音首字母。"), html! {})) }
        @else { section.card { (plain_table(&HEADS.map(|it| ask.t(it)), &rows)) } }
        @if MOST < hits.len() { p { (ask.f("共 {n} 处,只列出前 {most} 处,请写得更具体。", &[("n", &hits.len()), ("most", &MOST)])) } }
    }
}

fn grid_form(ask: &Ask, village: &str) -> Markup {
    html! {
        section.card.gap-top { header.card-head { h2 { (ask.t("新增网格")) } } div.card-body {
            form.form method="post" action="/places/grid" {
                (csrf(ask))
                input type="hidden" name="village" value=(village);
                div.field { label for="name" { (ask.t("名称")) } input #name name="name" required maxlength="40"; }
                div.form-foot { button.btn.btn-primary { (icon("plus-lg")) (ask.t("新增网格")) } }
            }
        } }
    }
}

fn import_form(ask: &Ask) -> Markup {
    html! {
        section.card.gap-top { header.card-head { h2 { (ask.t("导入区划")) } } div.card-body {
            p { (ask.t("CSV 文件,列为“代码,名称”,代码看不出上级时加“上级代码”一列(如开发区的街道)。已有的地区更新名称和上级,不会删除。")) }
            form.form method="post" enctype="multipart/form-data" action=(format!("/places/import?csrf={}", encoded(&ask.who.csrf))) {
                div.field { label for="file" { (ask.t("文件")) } input #file name="file" type="file" accept=".csv,text/csv" required; }
                div.form-foot { button.btn { (icon("upload")) (ask.t("导入")) } }
            }
        } }
    }
}

fn note(tx: &Tx<'_>, ask: &Ask, action: &'static str, place: &str, detail: &str) -> Result<()> {
    let region = region_of(ask, place);
    let entry = audit::Entry { action, subject: "place", subject_id: None::<Id>, region: &region, place, detail };
    ask.note(tx, &entry)
}

pub async fn add_grid(ask: Ask, input: Input) -> Result<Page> {
    grid(&ask, &input).await?;
    Ok(ask.go(&format!("/places?at={}", encoded(input.get("village"))), ask.t("已新增网格")))
}

/// Divides a village further; gives the code of the new grid.
pub async fn grid(ask: &Ask, input: &Input) -> Result<String> {
    let (village, name) = (input.get("village").to_string(), input.get("name").to_string());
    let tree = ask.app.places.tree();
    let is_village = tree.get(&village).is_some_and(|it| it.level == Level::Village);
    if !is_village || !ask.who.scope.covers(&tree, &village) {
        return Err(Error::NotFound);
    }
    if name.is_empty() || 40 < name.chars().count() {
        return Err(Error::invalid("name", "网格名称应为 1–40 个字"));
    }
    let made = ask.write(move |tx, ask| {
        let code = place::add_grid(tx, &village, &name)?;
        note(tx, ask, "create", &village, &format!("{code} {name}"))?;
        Ok(code)
    });
    let code = made.await?;
    ask.app.reload_places().await?;
    Ok(code)
}

pub async fn import(ask: Ask, upload: Upload<20>) -> Result<Page> {
    if ask.who.scope.place != NATION {
        return Err(Error::refused("scope", "导入区划会改动各地的名称,只有全国范围的管理员可以办理"));
    }
    let bytes = upload.file("file")?.bytes()?;
    let text = sheet::text_of(&bytes);
    let done = ask
        .write(move |tx, ask| {
            let done = place::import(tx, &text)?;
            let detail = format!("{} new, {} changed, {} refused", done.new, done.renamed, done.refused.len());
            note(tx, ask, "import", NATION, &detail)?;
            Ok(done)
        })
        .await?;
    ask.app.reload_places().await?;
    Ok(result(&ask, &done))
}

fn result(ask: &Ask, done: &Imported) -> Page {
    let t = |zh| ask.t(zh);
    let said = ask.f(
        "新增 {new} 处,改名或改上级 {renamed} 处,未变 {unchanged} 处。",
        &[("new", &done.new), ("renamed", &done.renamed), ("unchanged", &done.unchanged)],
    );
    let rows: Vec<Vec<Markup>> = done
        .refused
        .iter()
        .take(SHOWN)
        .map(|it| vec![html! { (it.line) }, html! { (it.value) }, html! { (t(&it.reason)) }])
        .collect();
    let content = html! {
        (alert(Badge::Ok, &said, html! {}))
        @if !rows.is_empty() {
            p { (badge(Badge::Warn, &ask.f("{n} 行未收", &[("n", &done.refused.len())]))) }
            section.card { (plain_table(&[t("行"), t("内容"), t("原因")], &rows)) }
        }
        p.gap-top { a.btn href="/places" { (t("返回")) } }
    };
    let way = crumbs(ask, &[("/places", t("区划")), ("", t("导入结果"))]);
    ask.page(Head::new(t("导入结果")).crumbs(way), content)
}
