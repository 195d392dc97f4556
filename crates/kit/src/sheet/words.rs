//! One form for words that people type in many: full width and half, with spaces and line breaks, in brackets.

use unicode_normalization::UnicodeNormalization;

/// Full-width letters, digits and signs (and the ideographic space) become the ordinary ones; Chinese characters stay.
pub fn half_width(text: &str) -> String {
    text.chars().map(half_width_char).collect()
}

fn half_width_char(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The text without any space, line break or invisible mark.
pub fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Letters, digits and Chinese characters alone, small and in half width: the form in which headers are compared.
pub fn fold(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The forms of a header worth comparing, the most literal first: whole; without what stands in brackets; the parts
/// between slashes; Chinese and Latin apart; without a number at the end.
pub(super) fn header_forms(text: &str) -> Vec<String> {
    let text: String = text.nfkc().collect();
    let bare = without_brackets(&text);
    let mut forms = vec![fold(&text), fold(&bare)];
    if text.contains(['/', '、', '|', '\\']) {
        forms.extend(bare.split(['/', '、', '|', '\\']).map(fold));
    }
    let folded = fold(&bare);
    let latin: String = folded.chars().filter(char::is_ascii_alphanumeric).collect();
    let chinese: String = folded.chars().filter(|c| !c.is_ascii_alphanumeric()).collect();
    if !latin.is_empty() && !chinese.is_empty() {
        forms.extend([chinese, latin]);
    }
    forms.push(folded.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned());
    forms.retain(|form| !form.is_empty());
    let mut seen = Vec::new();
    forms.retain(|form| {
        !seen.contains(form) && {
            seen.push(form.clone());
            true
        }
    });
    forms
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' | '【' | '〔' | '<' | '《' => depth += 1,
            ')' | ']' | '】' | '〕' | '>' | '》' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}
