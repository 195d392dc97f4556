//! Lists: said once as data, and from that a page with filters, sorting and keyset paging, an Excel file, and the API.

mod filter;
mod query;
mod show;

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde_json::{Value as Json, json};

pub use query::{Page, Picked, Value, escaped};
use show::{class_of, is_numeric};
pub use show::{grouped, label, text, yuan};

use crate::{
    Ask, Id, Result, Tx, audit,
    db::Bind,
    form::encoded,
    page::{self, Badge, icon},
    place::ScopeColumns,
    sheet::{self, ExportColumn, Exporter},
};

/// A list of things of one kind.
pub struct List {
    /// The word in file names, ids and the audit trail.
    pub name: &'static str,
    pub title: &'static str,
    /// The address of its page.
    pub path: &'static str,
    /// `from` clause, with joins.
    pub from: &'static str,
    /// Condition that always holds; `true` for none.
    pub always: &'static str,
    /// The unique whole-number column that ends every order.
    pub key: &'static str,
    /// How the reader's scope limits the rows; `None` for what belongs to no region.
    pub scope: Option<ScopeColumns>,
    pub columns: &'static [Column],
    pub filters: &'static [Filter],
    /// Key of the column sorted by at first; `-` before it for descending.
    pub sort: &'static str,
    /// What one row is called when counted: `人`, `条`.
    pub unit: &'static str,
    /// Address of one row, or nothing.
    pub link: fn(&Row<'_>) -> Option<String>,
    /// An exact total kept with the facts, where counting would cost too much; `None`: count, up to ten thousand.
    pub total: Option<fn(&Tx<'_>, &Ask, &Picked) -> Result<Option<i64>>>,
    /// What stands where there is no row: a sentence, and what to do.
    pub empty: (&'static str, &'static str),
}

#[derive(Clone, Copy)]
pub struct Column {
    pub key: &'static str,
    pub title: &'static str,
    /// The expression selected. One that can be sorted by is never null.
    pub sql: &'static str,
    pub show: Show,
    pub sorts: bool,
    /// Key of the hidden column whose order this one's head offers, such as a name's pinyin.
    pub order: Option<&'static str>,
    /// Too much for the page: only in the files that people take along.
    pub exported: bool,
}

/// How a cell is shown.
#[derive(Clone, Copy)]
pub enum Show {
    Text,
    /// A number with its unit.
    Number(&'static str),
    /// Money in whole fen, in yuan: a number in Excel.
    Fen,
    /// `2026-11-21`.
    Day,
    /// A stored instant, to the minute.
    Time,
    /// A word of a closed list: (word, title, badge).
    Word(&'static [(&'static str, &'static str, Badge)]),
    /// A place code, in words.
    Place,
    /// A sealed column, opened and masked: (column as sealed, mask).
    Sealed(&'static str, fn(&Ask, &str) -> String),
    /// Anything else, as text; the same text goes to Excel and the API.
    As(fn(&Ask, &Value) -> String),
    /// As `As`, for what is a number: its text, and its unit.
    Counted(fn(&Ask, &Value) -> String, &'static str),
    /// Selected for `link` and others, never shown.
    Hidden,
}

#[derive(Clone, Copy)]
pub struct Filter {
    pub key: &'static str,
    pub title: &'static str,
    pub kind: FilterKind,
    /// The condition; `$?` stands for the value.
    pub sql: &'static str,
}

#[derive(Clone, Copy)]
pub enum FilterKind {
    /// Found anywhere in the text.
    Contains,
    /// The beginning of the text.
    Begins,
    Equals,
    Choice(&'static [(&'static str, &'static str)]),
    Day,
    /// Stored instants from the beginning of a business day on.
    DayFrom,
    /// Stored instants to the end of a business day: `sql` compares with `<`.
    DayUntil,
    Int,
    /// A place of the reader's scope; narrows the scope, `sql` is not used.
    Place,
    /// One of (word, title) made for who asks; the word chooses the condition and its value, `sql` of the filter is not
    /// used. `None`: nothing can match.
    OneOf(fn(&Ask) -> Vec<(String, String)>, fn(&Ask, &str) -> Option<(&'static str, Box<dyn Bind + Send>)>),
    /// As `Chosen`, for a small whole number such as an age.
    Number(fn(&Ask, &str) -> Option<(&'static str, Box<dyn Bind + Send>)>),
    /// A condition chosen by what was typed, with its value in the form the query needs, such as a blind index;
    /// `sql` of the filter is not used. `None`: nothing can match.
    Chosen(fn(&Ask, &str) -> Option<(&'static str, Box<dyn Bind + Send>)>),
    /// As `Chosen`, for what the whole list is of: nobody sees or clears it.
    Fixed(fn(&Ask, &str) -> Option<(&'static str, Box<dyn Bind + Send>)>),
}

/// A condition that a filter chooses, where `$?` is its value; `None`: nothing can match.
pub type Condition = Option<(&'static str, Box<dyn Bind + Send>)>;

/// Words with their titles in the reader's language, for a filter to choose from.
pub fn titled(ask: &Ask, words: &[(&str, &str)]) -> Vec<(String, String)> {
    words.iter().map(|(word, title)| ((*word).to_string(), ask.t(title).to_string())).collect()
}

/// As [`titled`], of words with their badges; a word that stands for nothing is not to choose.
pub fn badged(ask: &Ask, all: &[(&str, &str, Badge)]) -> Vec<(String, String)> {
    let plain: Vec<(&str, &str)> = all.iter().filter(|it| !it.0.is_empty()).map(|it| (it.0, it.1)).collect();
    titled(ask, &plain)
}

/// What a list finds for the words of a search, each row made by `make`.
pub fn found<T>(
    list: &'static List,
    tx: &Tx<'_>,
    ask: &Ask,
    wanted: &str,
    most: usize,
    make: impl Fn(&Row<'_>) -> T,
) -> Result<Vec<T>> {
    let query = BTreeMap::from([("q".to_string(), wanted.to_string())]);
    let page = list.page(tx, &Ask { query: query.into(), ..ask.clone() }, most)?;
    Ok(page.rows.iter().map(|cells| make(&Row { list, cells })).collect())
}

/// Binds ids; gives what stands for them in `id in (…)`.
pub fn bound(values: &mut Vec<Box<dyn Bind + Send>>, ids: &[Id]) -> String {
    let mut places = Vec::with_capacity(ids.len());
    for id in ids {
        values.push(Box::new(*id));
        places.push(format!("${}", values.len()));
    }
    places.join(", ")
}

/// One row with its cells by the key of their column.
pub struct Row<'a> {
    pub list: &'static List,
    pub cells: &'a [Value],
}

impl Row<'_> {
    pub fn get(&self, key: &str) -> &Value {
        let at = self.list.columns.iter().position(|it| it.key == key);
        at.and_then(|it| self.cells.get(it)).unwrap_or(&Value::Null)
    }

    /// What the row is about, as addresses name it: `990101-12`.
    pub fn key(&self) -> Option<String> {
        match (self.get("region"), self.get("id")) {
            (Value::Text(region), Value::Int(id)) => Some(format!("{region}-{id}")),
            _ => None,
        }
    }
}

pub const fn column(key: &'static str, title: &'static str, sql: &'static str, show: Show) -> Column {
    Column { key, title, sql, show, sorts: false, order: None, exported: false }
}

impl Column {
    pub const fn sorts(self) -> Column {
        Column { sorts: true, ..self }
    }

    /// Sorts by another column, which is selected and not shown.
    pub const fn ordered_by(self, key: &'static str) -> Column {
        Column { order: Some(key), ..self }
    }

    /// Only in the Excel file.
    pub const fn exported(self) -> Column {
        Column { exported: true, ..self }
    }

    /// Whether the list on the page has it.
    fn is_on_page(&self) -> bool {
        !self.exported && !matches!(self.show, Show::Hidden)
    }

    /// The key its head sorts by.
    fn sort_key(&self) -> Option<&'static str> {
        self.order.or(self.sorts.then_some(self.key))
    }
}

impl List {
    /// Answers the list as the address asks: page, Excel file.
    pub async fn answer(&'static self, ask: &Ask, head: page::Head<'_>) -> Result<Response> {
        self.answer_below(ask, head, html! {}).await
    }

    /// As [`List::answer`], with something above the filters, such as tabs.
    pub async fn answer_below(&'static self, ask: &Ask, head: page::Head<'_>, above: Markup) -> Result<Response> {
        if ask.param("format") == Some("xlsx") {
            return self.sheet(ask).await;
        }
        let page = ask.read(move |tx, ask| self.page(tx, ask, 25)).await?;
        let content = html! { (above) (self.markup(ask, &page)) };
        Ok(if head.title.is_empty() {
            ask.part(content)
        } else {
            let place = ask.app.places.tree().full_name(&ask.who.scope.place);
            let sub = if head.sub.is_empty() { place } else { head.sub.clone() };
            ask.page(head.line(sub), content)
        })
    }

    /// Answers the list for the API.
    pub async fn json(&'static self, ask: &Ask) -> Result<Response> {
        let most = ask.param("limit").and_then(|it| it.parse().ok()).unwrap_or(50).clamp(1, 500);
        let page = ask.read(move |tx, ask| self.page(tx, ask, most)).await?;
        let items: Vec<Json> = page.rows.iter().map(|cells| self.item(ask, cells)).collect();
        Ok(axum::Json(json!({"items": items, "total": page.total, "more": page.has_more, "next": page.next}))
            .into_response())
    }

    /// `共 4,021 人`.
    fn counted(&self, ask: &Ask, page: &Page) -> String {
        let said = if page.has_more { "超过 {n} {unit}" } else { "共 {n} {unit}" };
        ask.f(said, &[("n", &grouped(page.total)), ("unit", &ask.t(self.unit))])
    }

    fn item(&'static self, ask: &Ask, cells: &[Value]) -> Json {
        let mut item = serde_json::Map::new();
        for (column, cell) in self.columns.iter().zip(cells) {
            let value = match column.show {
                Show::Sealed(..) | Show::As(_) | Show::Counted(..) | Show::Fen => json!(text(ask, column, cell)),
                _ => cell.json(),
            };
            item.insert(column.key.to_string(), value);
        }
        Json::Object(item)
    }

    /// The filters, the table and the pager.
    pub fn markup(&'static self, ask: &Ask, page: &Page) -> Markup {
        html! {
            (self.filter_bar(ask))
            div.tablewrap id=(format!("list-{}", self.name)) {
                @if page.rows.is_empty() {
                    @if self.filters.iter().any(|it| !it.is_fixed() && ask.param(it.key).is_some()) {
                        (page::empty(ask.t(self.empty.0), ask.t("只找了符合条件的;清除条件可看全部。"), html! { a.btn href=(self.cleared(ask)) { (ask.t("清除条件")) } }))
                    } @else { (page::empty(ask.t(self.empty.0), ask.t(self.empty.1), html! {})) }
                } @else {
                    (self.bar(ask, page))
                    table.list {
                        caption.sr { (ask.t(self.title)) }
                        thead { tr { @for it in self.columns.iter().filter(|it| it.is_on_page()) { (self.header(ask, it, page)) } } }
                        tbody { @for cells in &page.rows { (self.row(ask, cells)) } }
                    }
                }
                (self.pager(ask, page))
            }
        }
    }

    /// How many there are, and what can be done with all of them. It is swapped with the list, so that what is
    /// exported is what is shown.
    fn bar(&self, ask: &Ask, page: &Page) -> Markup {
        let sheet = self.address(ask, &[("format", Some("xlsx")), ("after", None), ("before", None)]);
        html! {
            div.list-bar {
                p role="status" { (self.counted(ask, page)) }
                div.actions {
                    a.btn.btn-sm.btn-ghost href=(sheet) { (icon("download")) (ask.t("导出")) }
                    button.btn.btn-sm.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
                }
            }
        }
    }

    fn shown(&self) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().filter(|it| !matches!(it.show, Show::Hidden))
    }

    fn header(&self, ask: &Ask, column: &Column, page: &Page) -> Markup {
        let key = column.sort_key();
        let here = key == Some(page.sort);
        let sorted = here.then_some(if page.descending { "descending" } else { "ascending" });
        html! {
            th scope="col" class=[is_numeric(column.show).then_some("num")] aria-sort=[sorted] {
                @if let Some(key) = key {
                    @let next = if here && !page.descending { format!("-{key}") } else { key.to_string() };
                    a.sort href=(self.address(ask, &[("sort", Some(&next)), ("after", None), ("before", None)])) { (ask.t(column.title)) }
                } @else { (ask.t(column.title)) }
            }
        }
    }

    fn row(&'static self, ask: &Ask, cells: &[Value]) -> Markup {
        let link = (self.link)(&Row { list: self, cells });
        let pairs = self.columns.iter().zip(cells).filter(|it| it.0.is_on_page());
        html! {
            tr {
                @for (i, (column, cell)) in pairs.enumerate() {
                    @let shown = show::markup(ask, column, cell);
                    td data-label=(ask.t(column.title)) class=[class_of(column.show, cell)] {
                        @match (&link, i) {
                            (Some(link), 0) => a.row-link href=(link) { (shown) },
                            _ => (shown),
                        }
                    }
                }
            }
        }
    }

    fn pager(&self, ask: &Ask, page: &Page) -> Markup {
        let back = page.previous.as_deref().map(|it| self.address(ask, &[("before", Some(it)), ("after", None)]));
        let on = page.next.as_deref().map(|it| self.address(ask, &[("after", Some(it)), ("before", None)]));
        if back.is_none() && on.is_none() {
            return html! {};
        }
        html! {
            nav.pager aria-label=(ask.t("分页")) {
                @match back {
                    Some(to) => a.btn.btn-sm rel="prev" href=(to) { (icon("chevron-left")) (ask.t("上一页")) },
                    None => span.btn.btn-sm aria-disabled="true" { (icon("chevron-left")) (ask.t("上一页")) },
                }
                @match on {
                    Some(to) => a.btn.btn-sm rel="next" href=(to) { (ask.t("下一页")) (icon("chevron-right")) },
                    None => span.btn.btn-sm aria-disabled="true" { (ask.t("下一页")) (icon("chevron-right")) },
                }
            }
        }
    }

    /// The list's address with its present parameters, some of them changed or left out.
    fn address(&self, ask: &Ask, changes: &[(&str, Option<&str>)]) -> String {
        let kept = ask.query.iter().filter(|(name, value)| {
            !value.is_empty() && !matches!(&***name, "lang" | "size") && changes.iter().all(|it| it.0 != **name)
        });
        let changed = changes.iter().filter_map(|(name, value)| value.map(|it| (*name, it)));
        let all: Vec<String> = kept
            .map(|(name, value)| (&**name, &**value))
            .chain(changed)
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        format!("{}?{}", ask.path, all.join("&"))
    }

    /// The whole filtered list as an Excel file; the export is noted in the audit trail.
    async fn sheet(&'static self, ask: &Ask) -> Result<Response> {
        let bytes = ask
            .write(move |tx, ask| {
                let columns = self.shown().map(|it| ExportColumn::new(ask.t(it.title), export_kind(it.show))).collect();
                let mut sheet = Exporter::new(ask.t(self.title), columns)?;
                let count = self.each(tx, ask, |cells| {
                    let pairs = self.columns.iter().zip(cells).filter(|(it, _)| !matches!(it.show, Show::Hidden));
                    let texts: Vec<std::result::Result<sheet::Value<'static>, String>> = pairs
                        .map(|(it, cell)| match (export_kind(it.show), cell) {
                            (sheet::Kind::Int, Value::Int(n)) => Ok(sheet::Value::Int(*n)),
                            (sheet::Kind::Money, Value::Int(fen)) => Ok(sheet::Value::Fen(*fen)),
                            _ => Err(text(ask, it, cell)),
                        })
                        .collect();
                    let values: Vec<sheet::Value<'_>> = texts
                        .iter()
                        .map(|it| it.as_ref().map_or_else(|text| sheet::Value::Text(text), |value| *value))
                        .collect();
                    Ok(sheet.push(&values)?)
                })?;
                let detail = json!({"list": self.name, "rows": count, "query": *ask.query}).to_string();
                let entry = audit::Entry {
                    action: "export",
                    subject: self.name,
                    subject_id: None,
                    region: &crate::house::region_of(ask, &ask.who.scope.place),
                    place: &ask.who.scope.place,
                    detail: &detail,
                };
                ask.note(tx, &entry)?;
                Ok(sheet.finish()?)
            })
            .await?;
        Ok(page::download(&format!("{}-{}.xlsx", self.name, ask.today()), bytes))
    }
}

fn export_kind(show: Show) -> sheet::Kind {
    match show {
        Show::Number(_) => sheet::Kind::Int,
        Show::Fen => sheet::Kind::Money,
        _ => sheet::Kind::Text,
    }
}
