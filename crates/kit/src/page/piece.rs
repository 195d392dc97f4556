//! The small pieces of pages.

use maud::{Markup, PreEscaped, html};
use serde_json::json;

use crate::{Ask, asset};

/// An icon of the sprite; decoration only, say it in words beside it.
pub fn icon(name: &str) -> Markup {
    let sprite = asset::path("icons.svg");
    html! { svg.icon aria-hidden="true" { use href=(format!("{sprite}#{name}")) {} } }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Badge {
    Ok,
    Warn,
    Bad,
    Info,
    Muted,
    /// No badge, the word alone: for kinds that call for no attention.
    Plain,
    /// 示例: invented for demonstration.
    Example,
    /// 待核: not confirmed by enough sources.
    Unconfirmed,
}

pub fn badge(kind: Badge, text: &str) -> Markup {
    let class = match kind {
        Badge::Ok => "badge badge-ok",
        Badge::Warn => "badge badge-warn",
        Badge::Bad => "badge badge-bad",
        Badge::Info => "badge badge-info",
        Badge::Muted => "badge badge-muted",
        Badge::Plain => return html! { (text) },
        Badge::Example => "badge badge-example",
        Badge::Unconfirmed => "badge badge-unconfirmed",
    };
    html! { span class=(class) { (text) } }
}

/// A message above the content. `kind` is `Ok`, `Warn`, `Bad` or `Info`.
pub fn alert(kind: Badge, title: &str, body: Markup) -> Markup {
    let (class, sign, role) = match kind {
        Badge::Ok => ("alert alert-ok", "check-circle", "status"),
        Badge::Warn => ("alert alert-warn", "exclamation-triangle", "status"),
        Badge::Bad => ("alert alert-bad", "x-circle", "alert"),
        _ => ("alert alert-info", "info-circle", "status"),
    };
    html! { div class=(class) role=(role) { (icon(sign)) div { p.alert-title { (title) } (body) } } }
}

/// What stands where there is nothing yet: a sentence, and what to do.
pub fn empty(title: &str, note: &str, action: Markup) -> Markup {
    html! { div.empty { (icon("inbox")) p.empty-title { (title) } p { (note) } (action) } }
}

/// A number of more characters is written smaller.
const LONG: usize = 8;

/// A number that matters. `kind` colours it: `Ok`, `Warn`, `Bad`; anything else is plain.
pub fn stat(kind: Badge, label: &str, value: &str, unit: &str, note: &str, link: Option<&str>) -> Markup {
    let class = match kind {
        Badge::Ok => "stat stat-ok",
        Badge::Warn => "stat stat-warn",
        Badge::Bad => "stat stat-bad",
        _ => "stat",
    };
    let inside = html! {
        span.stat-label { (label) }
        span.stat-value.stat-long[LONG < value.len()] { (value) small { (unit) } }
        @if !note.is_empty() { span.stat-note { (note) } }
    };
    match link {
        Some(link) => html! { a class=(class) href=(link) { (inside) } },
        None => html! { div class=(class) { (inside) } },
    }
}

/// The fields of a form that stands beside others with fields of the same names: its ids are set apart by a word, so that each
/// label finds its own field. Texts cannot be mistaken for attributes: their quotation marks are escaped.
pub fn apart(word: &str, fields: Markup) -> Markup {
    let set_apart = |text: String, name: &&str| text.replace(&format!(" {name}=\""), &format!(" {name}=\"{word}-"));
    PreEscaped(["id", "for", "aria-describedby"].iter().fold(fields.into_string(), set_apart))
}

/// A list of label and value.
pub fn kv(pairs: &[(&str, Markup)]) -> Markup {
    html! { dl.kv { @for (label, value) in pairs { div { dt { (label) } dd { (value) } } } } }
}

/// The way to this page: (address, title); the last is where one is.
pub fn crumbs(ask: &Ask, way: &[(&str, &str)]) -> Markup {
    html! {
        nav.crumbs aria-label=(ask.t("当前位置")) {
            @for (i, (to, title)) in way.iter().enumerate() {
                @if i + 1 == way.len() { span aria-current="page" { (title) } } @else { a href=(to) { (title) } }
            }
        }
    }
}

/// A stored instant in Shanghai time, to the minute.
pub fn time(stored: &str) -> Markup {
    html! { time datetime=(stored) { (crate::clock::minute(stored)) } }
}

/// A small table; columns of whole numbers stand right.
pub fn plain_table(heads: &[&str], rows: &[Vec<Markup>]) -> Markup {
    let is_numeric = |at: usize| rows.iter().filter_map(|row| row.get(at)).all(is_number);
    let classes: Vec<Option<&str>> = (0..heads.len()).map(|at| is_numeric(at).then_some("num")).collect();
    html! {
        div.tablewrap { table.plain.stacks[3 < heads.len()] {
            thead { tr { @for (head, class) in heads.iter().zip(&classes) { th scope="col" class=[*class] { (head) } } } }
            tbody { @for row in rows { tr { @for (at, cell) in row.iter().enumerate() {
                td class=[classes.get(at).copied().flatten()] data-label=[heads.get(at)] { (cell) }
            } } } }
        } }
    }
}

/// `12,345`, `-0.50`.
fn is_number(cell: &Markup) -> bool {
    let text = cell.0.strip_prefix('-').unwrap_or(&cell.0);
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_made_of =
        |text: &str, also: u8| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit() || it == also);
    is_made_of(whole, b',') && is_made_of(part, b'0')
}

/// A chart and the same numbers as a table.
pub struct Chart<'a> {
    /// `line`, `bar` or `pie`; `bar across` lies on its side, `bar stacked` puts one series on the other.
    pub kind: &'static str,
    pub title: &'a str,
    pub unit: &'a str,
    pub x: Vec<String>,
    pub series: Vec<Series>,
}

pub struct Series {
    pub name: String,
    /// `None` is a gap.
    pub data: Vec<Option<f64>>,
}

pub fn chart(ask: &Ask, chart: &Chart<'_>) -> Markup {
    let series: Vec<_> = chart.series.iter().map(|it| json!({"name": it.name, "data": it.data})).collect();
    let words: Vec<&str> = chart.kind.split(' ').collect();
    let data = json!({"type": words[0], "title": chart.title, "unit": chart.unit, "x": chart.x, "series": series,
                      "horizontal": words.contains(&"across"), "stack": words.contains(&"stacked")});
    // "</" would end the script element; JSON allows the escaped form.
    let data = data.to_string().replace("</", "<\\/");
    let number = |it: Option<f64>| it.map_or(String::new(), |it| format!("{it}"));
    html! {
        figure class=(if words.contains(&"across") && 10 < chart.x.len() { "chart chart-tall js-chart" } else { "chart js-chart" }) {
            figcaption { (chart.title) }
            script type="application/json" { (PreEscaped(data)) }
            details open {
                summary { (ask.t("查看数据")) }
                div.tablewrap { table.plain {
                    thead { tr { th scope="col" { } @for it in &chart.series { th.num scope="col" { (it.name) } } } }
                    tbody {
                        @for (i, x) in chart.x.iter().enumerate() {
                            tr {
                                th scope="row" { (x) }
                                @for it in &chart.series { td.num { (number(it.data.get(i).copied().flatten())) } }
                            }
                        }
                    }
                } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_are_set_apart_keep_their_names_and_texts() {
        let field = html! { label for="from" { "id=\"x\"" } input id="from" name="from" value=" id=\"y\""; };
        let apart = apart("leave", field).into_string();
        assert!(apart.contains("for=\"leave-from\"") && apart.contains("id=\"leave-from\" name=\"from\""));
        assert!(!apart.contains("leave-x") && !apart.contains("leave-y"));
    }
}
