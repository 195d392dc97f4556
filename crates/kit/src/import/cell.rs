//! A cell as the value of a field.

use super::Import;
use crate::{
    form::{Field, Kind},
    sheet::{Cell, fold, half_width},
};

/// What a cell says for a field: words of choices for their titles, days in the one form in which they are kept. What is not
/// understood stays as it stands, so that the check of the form names it.
pub fn values(import: &Import, field: &Field, cell: &Cell) -> Vec<String> {
    let text = half_width(&cell.display());
    let text = text.trim();
    match field.kind {
        _ if text.is_empty() => Vec::new(),
        Kind::Choice(all) => vec![word(import, field, all, text)],
        Kind::Many(all) => text
            .split(['、', ',', ';', '/', ' '])
            .filter(|it| !it.is_empty())
            .map(|it| word(import, field, all, it))
            .collect(),
        Kind::Date | Kind::YearOrDate => vec![day(cell, text)],
        Kind::Int { .. } => vec![text.trim_end_matches(".0").replace(',', "")],
        Kind::Check => {
            let is_yes = matches!(text, "是" | "有" | "√" | "✓" | "1" | "合格" | "Y" | "y" | "yes" | "TRUE");
            vec![if is_yes { "on" } else { "0" }.to_string()]
        }
        _ => vec![text.to_string()],
    }
}

fn word(import: &Import, field: &Field, all: &[(&'static str, &'static str)], text: &str) -> String {
    let wanted = fold(text);
    let exact = all.iter().find(|it| it.0 == text || fold(it.1) == wanted).map(|it| it.0);
    let other = || import.synonyms.iter().find(|it| it.0 == field.name && fold(it.1) == wanted).map(|it| it.2);
    let part = || {
        let mut fitting = all.iter().filter(|it| fold(it.1).contains(&wanted));
        match (fitting.next(), fitting.next()) {
            (Some(one), None) => Some(one.0),
            _ => None,
        }
    };
    exact.or_else(other).or_else(part).unwrap_or(text).to_string()
}

/// `2024-01-05` from `2024/1/5`, `2024.1.5`, `2024年1月5日`, `20240105`; 长期 is no day.
fn day(cell: &Cell, text: &str) -> String {
    match cell {
        Cell::Date(it) => return it.to_string(),
        Cell::DateTime(it) => return it.date().to_string(),
        _ => {}
    }
    // 长期, 长期有效.
    if text.starts_with("长期") || matches!(text, "无" | "-" | "—" | "/") {
        return String::new();
    }
    let digits_only = text.len() == 8 && text.bytes().all(|it| it.is_ascii_digit());
    let parts: Vec<&str> = match digits_only {
        true => vec![&text[..4], &text[4..6], &text[6..]],
        false => text.split(|it: char| !it.is_ascii_digit()).filter(|it| !it.is_empty()).collect(),
    };
    match parts[..] {
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            format!("{year}-{month:0>2}-{day:0>2}")
        }
        _ => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_understood_as_people_write_them() {
        for text in ["2024-01-05", "2024/1/5", "2024.1.5", "2024年1月5日", "20240105"] {
            assert_eq!(day(&Cell::text(text), text), "2024-01-05", "{text}");
        }
        assert_eq!(day(&Cell::text("长期"), "长期"), "");
        assert_eq!(day(&Cell::text("明天"), "明天"), "明天");
        assert_eq!(day(&Cell::Date(jiff::civil::date(2024, 1, 5)), "45296"), "2024-01-05");
    }
}
