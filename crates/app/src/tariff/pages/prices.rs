//! What items cost here on a day, and the catalogue that the county brought in.

use kit::{
    Ask, Error, Result,
    page::{Badge, Head, Page, badge, empty, icon},
    table::titled,
};
use maud::{Markup, html};
use rules::{
    base::Date,
    tariff::{At, Class, Kind, Level, Owner},
};

use super::{example, tabs};
use crate::tariff::{
    CATALOGUE,
    list::{self, of_county},
    price::{self, Priced},
    words,
};

/// Prices that the page shows; the API has all.
const MOST: usize = 300;

/// The place whose prices are asked for: a county, or who works above one, that place.
fn place_of(ask: &Ask) -> Result<String> {
    let tree = ask.app.places.tree();
    let wanted = ask.param("place").unwrap_or(&ask.who.scope.place);
    let county = tree.county_of(&ask.who.scope.place).map(|it| it.code.clone());
    let inside = ask.who.scope.covers(&tree, wanted) || county.as_deref() == Some(wanted);
    if !inside {
        return Err(Error::NotFound);
    }
    Ok(tree.county_of(wanted).map_or_else(|| wanted.to_string(), |it| it.code.clone()))
}

/// The prices the address asks for: day, level, owner, and a part of the name or the beginning of the code.
pub async fn in_force(ask: &Ask) -> Result<(String, Vec<Priced>)> {
    let (place, day) = (place_of(ask)?, ask.day_asked()?);
    let (level, owner) = price::levels_and_owners(ask);
    let region = place.clone();
    let mut all = ask.read(move |tx, ask| price::all(tx, ask, &region, At { level, owner, day })).await?;
    if let Some(wanted) = ask.param("q") {
        let wanted = wanted.to_lowercase();
        let fits = |it: &Priced| {
            it.item.name.contains(&wanted)
                || it.item.name_en.to_lowercase().contains(&wanted)
                || it.item.code.to_lowercase().starts_with(&wanted)
        };
        all.retain(fits);
    }
    if let Some(kind) = ask.param("kind").and_then(Kind::parse) {
        all.retain(|it| it.item.kind == kind);
    }
    Ok((place, all))
}

pub async fn page(ask: Ask) -> Result<Page> {
    let (place, all) = in_force(&ask).await?;
    let day = ask.day_asked()?;
    let content = html! {
        (tabs(&ask))
        (filters(&ask, day))
        @if all.is_empty() {
            (empty(ask.t("没有符合条件的价格"), ask.t("本地当日没有在行的价格;没有价格的项目不能收费,也不当作免费。"), html! {}))
        } @else {
            p role="status" { (ask.f("共 {n} 项", &[("n", &all.len())]))
                @if MOST < all.len() { " · " (ask.f("只显示前 {n} 项,请缩小范围", &[("n", &MOST)])) } }
            (table(&ask, &all))
        }
    };
    let actions = html! {
        @if ask.may(CATALOGUE) { a.btn href="/tariff/import" { (icon("upload")) (ask.t("导入价格目录")) } }
        button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
    };
    let name = ask.app.places.tree().full_name(&place);
    let line = ask.f("{place} · {day} 的价格", &[("place", &name), ("day", &day)]);
    Ok(ask.page(Head::new(ask.t("在行价格")).line(line).actions(actions), content))
}

fn filters(ask: &Ask, day: Date) -> Markup {
    let choice = |name: &str, words: &[(&str, &str)], all: Option<&str>| {
        let chosen = ask.param(name).unwrap_or(if name == "owner" { "public" } else { "" });
        html! {
            select id=(format!("f-{name}")) name=(name) {
                @if let Some(all) = all { option value="" { (ask.t(all)) } }
                @for (word, title) in titled(ask, words) { option value=(word) selected[word == chosen] { (title) } }
            }
        }
    };
    html! {
        form.filters method="get" action="/tariff" {
            @if let Some(place) = ask.param("place") { input type="hidden" name="place" value=(place); }
            div.field { label for="f-q" { (ask.t("名称或编码")) } input #f-q type="search" name="q" value=(ask.param("q").unwrap_or("")); }
            div.field { label for="f-on" { (ask.t("日期")) } input #f-on type="date" name="on" value=(day); }
            div.field { label for="f-level" { (ask.t("机构等级")) } (choice("level", Level::WORDS, Some("不分等级"))) }
            div.field { label for="f-owner" { (ask.t("机构性质")) } (choice("owner", Owner::WORDS, None)) }
            div.field { label for="f-kind" { (ask.t("类别")) } (choice("kind", Kind::WORDS, Some("全部"))) }
            div.actions { button.btn { (icon("funnel")) (ask.t("筛选")) } a.btn.btn-ghost href="/tariff" { (ask.t("清除")) } }
        }
    }
}

fn table(ask: &Ask, all: &[Priced]) -> Markup {
    let document = |it: &Priced| {
        let id = it.item.document.as_deref()?;
        let known = ask.app.policy.document(id);
        Some(known.map_or(id.to_string(), |it| ask.either(&it.title, &it.title_en).to_string()))
    };
    html! {
        div.tablewrap { table.list {
            caption.sr { (ask.t("价格")) }
            thead { tr {
                th scope="col" { (ask.t("名称")) } th scope="col" { (ask.t("编码")) }
                th.num scope="col" { (ask.t("价格")) } th scope="col" { (ask.t("类别")) }
                th scope="col" { (ask.t("医保类别")) } th scope="col" { (ask.t("适用")) }
                th scope="col" { (ask.t("规定者")) } th scope="col" { (ask.t("依据")) }
            } }
            tbody { @for it in all.iter().take(MOST) { tr {
                td data-label=(ask.t("名称")) { (it.name(ask)) (example(ask, it.is_example()))
                    @if it.item.confirmed == 0 && !it.is_example() { " " (badge(Badge::Unconfirmed, ask.t("待核"))) } }
                td data-label=(ask.t("编码")) { (it.item.code) }
                td.num data-label=(ask.t("价格")) { (words::money(ask, it.amount)) (words::per(ask, &it.item.unit)) }
                td data-label=(ask.t("类别")) { (ask.t(it.item.kind.title())) }
                td data-label=(ask.t("医保类别")) { (ask.t(words::title(Class::WORDS, it.item.class.word()))) }
                td data-label=(ask.t("适用")) { (applies(ask, it)) }
                td data-label=(ask.t("规定者")) { (ask.t(&it.region)) " · " (ask.f("{day} 起", &[("day", &it.item.from)])) }
                td data-label=(ask.t("依据")) { @match document(it) { Some(title) => { (title) " " (it.item.clause) }, None => span.muted { "—" } } }
            } } }
        } }
    }
}

fn applies(ask: &Ask, it: &Priced) -> String {
    let level = it.item.level.map_or("不分等级", Level::title);
    let owner = it.item.owner.map_or("不分性质", Owner::title);
    format!("{} · {}", ask.t(level), ask.t(owner))
}

pub async fn catalogue(ask: Ask) -> Result<Page> {
    let actions = html! {
        @if ask.may(CATALOGUE) { a.btn.btn-primary href="/tariff/import" { (icon("upload")) (ask.t("导入价格目录")) } }
    };
    let above = tabs(&ask);
    list::CATALOGUE.answer_below(&of_county(&ask), Head::new(ask.t("本地价格目录")).actions(actions), above).await
}
