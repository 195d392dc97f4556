//! Names in one form: 少数民族 names with one kind of dot, no blank inside a Chinese name.

use kit::sheet::{Cell, half_width};

use super::Reason;

/// The dot between the parts of a name, and what people type for it.
const DOT: char = '·';
const DOTS: [char; 12] = ['•', '・', '･', '‧', '∙', '⋅', '●', '．', '᛫', '⸱', '˙', '。'];
/// Longer than any name the household register has.
const MOST_CHARS: usize = 60;

/// A name, and whether a character of it can be shown on some computers only.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct ReadName {
    pub name: String,
    pub has_private: bool,
}

pub(super) fn read_name(cell: &Cell) -> Result<ReadName, Reason> {
    let text = match cell {
        Cell::Empty => return Err(Reason::NameMissing),
        Cell::Text(text) => text,
        _ => return Err(Reason::NameUnreadable),
    };
    let name = normalise(text);
    let is_name = name.chars().any(char::is_alphabetic) || name.chars().any(is_private);
    let is_broken = name.contains('\u{fffd}') || name.starts_with('#') || name.chars().count() > MOST_CHARS;
    if name.is_empty() {
        return Err(Reason::NameMissing);
    }
    if !is_name || is_broken {
        return Err(Reason::NameUnreadable);
    }
    let has_private = name.chars().any(is_private);
    Ok(ReadName { name, has_private })
}

fn normalise(text: &str) -> String {
    let text = half_width(&text.replace('．', "·"));
    let visible = text.chars().filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'));
    let mut name = String::new();
    let mut pending_space = false;
    for c in visible.map(|c| if DOTS.contains(&c) { DOT } else { c }) {
        if c.is_whitespace() || c.is_control() {
            pending_space = true;
            continue;
        }
        let last = name.chars().next_back();
        // A blank is part of a name only between two Latin words.
        let is_latin = |c: char| c.is_alphabetic() && !is_chinese(c) || matches!(c, '.' | '-' | '\'');
        if pending_space && last.is_some_and(is_latin) && is_latin(c) {
            name.push(' ');
        }
        pending_space = false;
        if !(c == DOT && name.ends_with(DOT)) {
            name.push(c);
        }
    }
    with_chinese_dots(&name).trim_matches(DOT).to_owned()
}

/// A full stop between two Chinese characters stands for the dot.
fn with_chinese_dots(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let between = |at: usize| at > 0 && is_chinese(chars[at - 1]) && chars.get(at + 1).copied().is_some_and(is_chinese);
    let dot = |(at, &c): (usize, &char)| if c == '.' && between(at) { DOT } else { c };
    chars.iter().enumerate().map(dot).collect()
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        || c == '〇'
        || is_private(c)
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}
