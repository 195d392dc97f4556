//! Names of people in one form, whoever writes them: a form, a ledger, a program.

use kit::sheet::half_width;
use kit::{Error, Result, Said};

/// The dot between the parts of a name, and what people type for it.
const DOT: char = '·';
const DOTS: [char; 12] = ['•', '・', '･', '‧', '∙', '⋅', '●', '．', '᛫', '⸱', '˙', '。'];
/// Longer than any name the household register has.
const MOST_CHARS: usize = 60;

/// A name, and whether a character of it can be shown on some computers only.
#[derive(Debug, PartialEq, Eq)]
pub struct Name {
    pub name: String,
    pub has_private: bool,
}

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoName {
    Missing,
    /// Without any letter, broken, or longer than any name.
    Unreadable,
}

/// The name that a text stands for: every kind of dot as `·`, no blank inside a Chinese name, full width as half width.
///
/// # Errors
/// What is no name at all; nothing is guessed.
pub fn read(text: &str) -> Result<Name, NoName> {
    let name = normalise(text);
    if name.is_empty() {
        return Err(NoName::Missing);
    }
    let has_private = name.chars().any(is_private);
    let is_name = has_private || name.chars().any(char::is_alphabetic);
    let is_broken = name.contains('\u{fffd}') || name.starts_with('#') || MOST_CHARS < name.chars().count();
    if is_name && !is_broken { Ok(Name { name, has_private }) } else { Err(NoName::Unreadable) }
}

/// The name as it is kept, for those who type it: they can be asked again, so a name with a digit in it is refused too.
///
/// # Errors
/// `Invalid` for the field `name`.
pub fn clean_name(text: &str) -> Result<String> {
    match read(text) {
        Ok(Name { name, .. }) if !name.chars().any(|it| it.is_ascii_digit()) => Ok(name),
        Err(NoName::Missing) => Err(Error::invalid("name", "请填写姓名")),
        _ => Err(Error::invalid("name", Said::new("姓名“{value}”过长或含有数字,请核对").with("value", text.trim()))),
    }
}

fn normalise(text: &str) -> String {
    let text = half_width(&text.replace('．', "·"));
    let visible = text.chars().filter(|it| !matches!(it, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'));
    let mut name = String::new();
    let mut pending_space = false;
    for it in visible.map(|it| if DOTS.contains(&it) { DOT } else { it }) {
        if it.is_whitespace() || it.is_control() {
            pending_space = true;
            continue;
        }
        let last = name.chars().next_back();
        // A blank is part of a name only between two Latin words.
        let is_latin = |it: char| it.is_alphabetic() && !is_chinese(it) || matches!(it, '.' | '-' | '\'');
        if pending_space && last.is_some_and(is_latin) && is_latin(it) {
            name.push(' ');
        }
        pending_space = false;
        if !(it == DOT && name.ends_with(DOT)) {
            name.push(it);
        }
    }
    with_chinese_dots(&name).trim_matches(DOT).to_owned()
}

/// A full stop between two Chinese characters stands for the dot.
fn with_chinese_dots(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let between = |at: usize| 0 < at && is_chinese(chars[at - 1]) && chars.get(at + 1).copied().is_some_and(is_chinese);
    chars.iter().enumerate().map(|(at, &it)| if it == '.' && between(at) { DOT } else { it }).collect()
}

fn is_chinese(it: char) -> bool {
    matches!(it, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        || it == '〇'
        || is_private(it)
}

fn is_private(it: char) -> bool {
    matches!(it, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_dots_and_lose_their_wide_setting() {
        assert_eq!(clean_name(" 周 凤长 ").unwrap(), "周凤长");
        assert_eq!(clean_name("买买提•艾力").unwrap(), "买买提·艾力");
        assert_eq!(clean_name("Anna  Smith").unwrap(), "Anna Smith");
        assert_eq!(clean_name("㛃珍琴").unwrap(), "㛃珍琴");
        assert!(clean_name("  ").is_err());
        assert!(clean_name("王5").is_err());
        assert!(clean_name("??").is_err());
    }
}
