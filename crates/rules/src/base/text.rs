//! A sentence in the two languages of the product, and text as people type it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The language a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

/// One sentence, Chinese first and English second.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Text {
    pub zh: String,
    pub en: String,
}

impl Text {
    /// The same sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Text {
        Text { zh: zh.into(), en: en.into() }
    }

    /// The sentence in one language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Chinese, with the English in parentheses: for readers whose language is not known.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.zh, self.en)
    }
}

/// Text without what spreadsheets and input methods leave in it: full-width letters, digits and signs become half-width;
/// every kind of space, invisible marks and a leading apostrophe go.
pub fn half_width(text: &str) -> String {
    let narrow = text.chars().map(|it| match it {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(it as u32 - 0xfee0).expect("full-width forms map onto ASCII"),
        _ => it,
    });
    let invisible = |it: &char| {
        it.is_whitespace() || matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
    };
    let kept: String = narrow.filter(|it| !invisible(it)).collect();
    kept.trim_start_matches(['\'', '’', '‘']).to_owned()
}
