//! How the cells of a list look on the page, and the same as plain text for Excel and print.

use maud::{Markup, html};
use rules::base::Date;

use super::{Column, Show, Value};
use crate::{
    Ask,
    page::{badge, time},
};

pub fn markup(ask: &Ask, column: &Column, cell: &Value) -> Markup {
    match (column.show, cell) {
        (_, Value::Null) => html! { "—" },
        (Show::Day, Value::Text(day)) if day.is_empty() => html! { "—" },
        (Show::Word(words), Value::Text(word)) => match words.iter().find(|it| it.0 == word) {
            Some((_, title, kind)) => badge(*kind, ask.t(title)),
            None => html! { (word) },
        },
        (Show::Time, Value::Text(stored)) => time(stored),
        (Show::Number(unit), Value::Int(n)) => html! { (grouped(*n)) " " small { (ask.t(unit)) } },
        (Show::Fen, Value::Int(fen)) => html! { (yuan(*fen)) " " small { (ask.t("元")) } },
        (Show::Counted(make, unit), cell) => html! { (make(ask, cell)) " " small { (ask.t(unit)) } },
        (Show::As(make), cell) => {
            let text = make(ask, cell);
            html! { @if text.parse::<Date>().is_ok() { time datetime=(text) { (text) } } @else { (text) } }
        }
        (Show::Sealed(..), _) => html! { span.masked { (text(ask, column, cell)) } },
        _ => html! { (text(ask, column, cell)) },
    }
}

/// A cell as plain text in the reader's language; sealed columns are opened and masked.
pub fn text(ask: &Ask, column: &Column, cell: &Value) -> String {
    match (column.show, cell) {
        (_, Value::Null) => String::new(),
        (Show::Word(words), Value::Text(word)) => label(ask, words, word).to_string(),
        (Show::Time, Value::Text(stored)) => crate::clock::minute(stored),
        (Show::Place, Value::Text(code)) => ask.app.places.tree().words(code),
        (Show::Sealed(column, mask), Value::Bytes(sealed)) => match ask.app.crypt.open_sealed(column, sealed) {
            Ok(plain) => mask(ask, &plain),
            Err(e) => {
                tracing::error!("{column}: {e}");
                ask.t("无法解密").to_string()
            }
        },
        (Show::As(make) | Show::Counted(make, _), cell) => make(ask, cell),
        (Show::Fen, Value::Int(fen)) => yuan(*fen),
        (_, cell) => cell.text(),
    }
}

/// The title of a word in a closed list.
pub fn label<'a>(ask: &Ask, words: &[(&'static str, &'static str, crate::page::Badge)], word: &'a str) -> &'a str {
    match words.iter().find(|it| it.0 == word) {
        Some((_, title, _)) => ask.t(title),
        None => word,
    }
}

/// `4,021`.
pub fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if 0 < i && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if n < 0 { format!("-{out}") } else { out }
}

/// Fen as people read them: `1,234.50`.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let whole = i64::try_from(fen.unsigned_abs() / 100).unwrap_or(i64::MAX);
    format!("{sign}{}.{:02}", grouped(whole), fen.unsigned_abs() % 100)
}

/// Numbers stand right; days, places and masked numbers are read as one word; what is empty takes no room on a phone.
pub fn class_of(show: Show, cell: &Value) -> Option<&'static str> {
    let empty = matches!(cell, Value::Null) || matches!(cell, Value::Text(it) if it.is_empty());
    match show {
        _ if empty => Some("none"),
        Show::Number(_) | Show::Counted(..) | Show::Fen => Some("num"),
        Show::Day | Show::Time | Show::Place | Show::Sealed(..) => Some("nowrap"),
        _ => None,
    }
}

pub fn is_numeric(show: Show) -> bool {
    matches!(show, Show::Number(_) | Show::Counted(..) | Show::Fen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fen_are_read_as_yuan() {
        assert_eq!([yuan(0), yuan(5), yuan(123_450), yuan(-7)], ["0.00", "0.05", "1,234.50", "-0.07"]);
    }

    #[test]
    fn long_numbers_are_grouped_by_thousands() {
        assert_eq!([grouped(0), grouped(999), grouped(4021), grouped(-1_234_567)], ["0", "999", "4,021", "-1,234,567"]);
    }
}
