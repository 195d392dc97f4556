//! A value of policy as people read it: in one line where many stand together, and whole where one looks it up.

use kit::{Ask, page::kv};
use maud::{Markup, html};
use serde_json::{Map, Value};

use crate::policy::words::{self, Fields};

/// A value of more characters is summed up in a line.
const LINE: usize = 36;
/// So many names stand for all of a list.
const FIRST: usize = 3;
/// Of so many the whole is shown at once; of more, the names, each to be opened.
const OPEN: usize = 5;
/// A table of more columns is no longer read across.
const COLUMNS: usize = 6;

/// In one line: the value itself, or how many there are and what the first are called.
pub fn line(ask: &Ask, param: &str, it: &Value) -> Markup {
    if !is_long(ask, it) {
        return words::measured(ask, param, it);
    }
    let names = names(ask, it);
    let first = names.iter().take(FIRST).map(String::as_str).collect::<Vec<_>>().join(words::separator(ask));
    let more = if FIRST < names.len() { " …" } else { "" };
    html! { (ask.f("{n} 项:", &[("n", &names.len())])) (first) (more) }
}

/// In one line that opens to the whole value where it is long.
pub fn folded(ask: &Ask, param: &str, it: &Value) -> Markup {
    if !is_long(ask, it) {
        return line(ask, param, it);
    }
    html! { details data-paper { summary { span { (line(ask, param, it)) } } (whole(ask, it)) } }
}

pub fn is_long(ask: &Ask, it: &Value) -> bool {
    match it {
        Value::Array(items) if items.iter().any(Value::is_object) => true,
        Value::Array(_) | Value::Object(_) => LINE < words::value(ask, it).chars().count(),
        _ => false,
    }
}

/// All of it: a list, a table, or lists within a list.
pub fn whole(ask: &Ask, it: &Value) -> Markup {
    match it {
        Value::Array(items) if items.iter().any(Value::is_object) => {
            let rows: Vec<Fields<'_>> = items.iter().filter_map(Value::as_object).map(|it| fields(ask, it)).collect();
            match heads(ask, &rows) {
                Some(heads) => table(ask, &heads, &rows),
                None => html! {
                    @for it in items { details data-paper open[items.len() <= OPEN] { summary { (name(ask, it)) } (unnamed(ask, it)) } }
                },
            }
        }
        Value::Array(items) if is_long(ask, it) => html! { ul { @for it in items { li { (words::value(ask, it)) } } } },
        Value::Object(map) => {
            let fields = fields(ask, map);
            let pairs: Vec<_> = fields.iter().map(|(key, value)| (ask.t(key), whole(ask, value))).collect();
            kv(&pairs)
        }
        _ => html! { (words::value(ask, it)) },
    }
}

/// All of it below its name.
fn unnamed(ask: &Ask, it: &Value) -> Markup {
    let mut rest = it.clone();
    if let Some(map) = rest.as_object_mut() {
        map.shift_remove("名称");
        map.shift_remove("编号");
    }
    whole(ask, &rest)
}

/// The fields people read: what is empty says nothing, and a name makes the id that programs know it by superfluous.
fn fields<'a>(ask: &Ask, map: &'a Map<String, Value>) -> Fields<'a> {
    let is_named = map.contains_key("名称") || map.contains_key("问题");
    let is_empty = |it: &Value| it.is_null() || it.as_str() == Some("") || it.as_array().is_some_and(Vec::is_empty);
    let read = |it: &(&str, &Value)| !(is_empty(it.1) || is_named && it.0 == "编号");
    words::fields(ask, map).into_iter().filter(read).collect()
}

/// The columns of a table, where every field of every row is one thing and there are few of them.
fn heads<'a>(ask: &Ask, rows: &[Fields<'a>]) -> Option<Vec<&'a str>> {
    let mut heads: Vec<&str> = Vec::new();
    for (key, value) in rows.iter().flatten() {
        if value.is_object() || is_long(ask, value) {
            return None;
        }
        if !heads.contains(key) {
            heads.push(key);
        }
    }
    (heads.len() <= COLUMNS).then_some(heads)
}

fn table(ask: &Ask, heads: &[&str], rows: &[Fields<'_>]) -> Markup {
    let titles: Vec<&str> = heads.iter().map(|it| ask.t(it)).collect();
    let cell = |row: &Fields<'_>, head: &str| {
        let found = row.iter().find(|it| it.0 == head);
        html! { @if let Some((_, value)) = found { (words::value(ask, value)) } }
    };
    let rows: Vec<Vec<Markup>> = rows.iter().map(|row| heads.iter().map(|it| cell(row, it)).collect()).collect();
    kit::page::plain_table(&titles, &rows)
}

fn names(ask: &Ask, it: &Value) -> Vec<String> {
    match it {
        Value::Array(items) => items.iter().map(|it| name(ask, it)).collect(),
        Value::Object(map) => map.iter().map(|(key, it)| format!("{} {}", ask.t(key), words::value(ask, it))).collect(),
        one => vec![words::value(ask, one)],
    }
}

/// What one of a list is called: its name, or the first thing it says of itself.
fn name(ask: &Ask, it: &Value) -> String {
    let Some(map) = it.as_object() else { return words::value(ask, it) };
    let fields = fields(ask, map);
    let named = fields.iter().find(|it| it.0 == "名称").map(|it| it.1);
    // Of several names the first is the usual one.
    let named = named.map(|it| it.get(0).unwrap_or(it));
    let first = || fields.iter().find(|it| it.1.is_string()).map(|it| it.1);
    words::value(ask, named.or_else(first).unwrap_or(it))
}
