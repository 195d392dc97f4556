//! The project's sources as words, texts and marks, without comments: enough to check rules that the compiler does not.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// One source file outside the tests, named relative to the project's root.
pub struct Source {
    pub path: String,
    /// As it is written, tests and comments included.
    pub text: String,
    /// Without comments and without what is compiled only for tests.
    pub tokens: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Word(String),
    /// A string literal with its escapes resolved.
    Text(String),
    Mark(char),
}

impl Token {
    pub fn is_word(&self, word: &str) -> bool {
        matches!(self, Token::Word(it) if it == word)
    }

    pub fn is_mark(&self, mark: char) -> bool {
        *self == Token::Mark(mark)
    }
}

impl Source {
    /// The string literals, in order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(|it| match it {
            Token::Text(it) => Some(&**it),
            _ => None,
        })
    }

    /// Whether these words and marks follow one another, as `Instant :: now`.
    pub fn has(&self, words: &str) -> bool {
        let wanted: Vec<&str> = words.split(' ').collect();
        self.tokens.windows(wanted.len()).any(|found| {
            found.iter().zip(&wanted).all(|(token, wanted)| match token {
                Token::Word(it) => it == wanted,
                Token::Mark(it) => wanted.chars().eq([*it]),
                Token::Text(_) => false,
            })
        })
    }
}

/// The project's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every file with this ending below a folder of the project, as relative path and text.
pub fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let (root, mut found) = (root(), Vec::new());
    let mut open = vec![root.join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !matches!(&*name, "target" | "node_modules" | "dist" | ".git") {
                open.push(path);
            } else if name.ends_with(ending) {
                let relative = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                found.push((relative, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Every Rust file below a folder but those that are tests.
pub fn sources(folder: &str) -> Vec<Source> {
    let of_tests = |path: &str| path.contains("/tests/") || path.ends_with("/tests.rs");
    let all = files(folder, ".rs").into_iter().filter(|it| !of_tests(&it.0));
    all.map(|(path, text)| Source { tokens: without_tests(tokens(&text)), path, text }).collect()
}

fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let (mut all, mut at) = (Vec::new(), 0);
    let found = |at: usize, what: &str| what.chars().enumerate().all(|(i, it)| chars.get(at + i) == Some(&it));
    while at < chars.len() {
        let it = chars[at];
        if found(at, "//") {
            while at < chars.len() && chars[at] != '\n' {
                at += 1;
            }
        } else if found(at, "/*") {
            while at < chars.len() && !found(at, "*/") {
                at += 1;
            }
            at += 2;
        } else if it == '"' {
            let (text, next) = plain_text(&chars, at + 1);
            all.push(Token::Text(text));
            at = next;
        } else if it == 'r' && (found(at, "r\"") || found(at, "r#\"")) {
            let end = if chars[at + 1] == '#' { "\"#" } else { "\"" };
            let start = at + 1 + end.len();
            at = start;
            while at < chars.len() && !found(at, end) {
                at += 1;
            }
            all.push(Token::Text(chars[start..at].iter().collect()));
            at += end.len();
        } else if it == '\'' {
            // A character ends with a quote, a lifetime does not.
            let width = if chars.get(at + 1) == Some(&'\\') { 2 } else { 1 };
            let end = (at + 1 + width..chars.len().min(at + 12)).find(|it| chars[*it] == '\'');
            at = end.filter(|it| width == 2 || *it == at + 2).map_or(at + 1, |it| it + 1);
        } else if it.is_alphanumeric() || it == '_' {
            let start = at;
            while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_') {
                at += 1;
            }
            all.push(Token::Word(chars[start..at].iter().collect()));
        } else {
            if !it.is_whitespace() {
                all.push(Token::Mark(it));
            }
            at += 1;
        }
    }
    all
}

/// The text from behind its opening quote, and where the source goes on.
fn plain_text(chars: &[char], mut at: usize) -> (String, usize) {
    let mut text = String::new();
    while at < chars.len() && chars[at] != '"' {
        if chars[at] != '\\' {
            text.push(chars[at]);
            at += 1;
            continue;
        }
        at += 1;
        match chars[at] {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            '0' => text.push('\0'),
            '\n' => {
                while chars[at].is_whitespace() {
                    at += 1;
                }
                continue;
            }
            'u' => {
                let digits: String = chars[at + 2..].iter().take_while(|it| **it != '}').collect();
                text.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
                at += digits.len() + 2;
            }
            other => text.push(other),
        }
        at += 1;
    }
    (text, at + 1)
}

/// Leaves out every item behind `#[cfg(test)]`.
fn without_tests(all: Vec<Token>) -> Vec<Token> {
    let mark = [('#', ""), ('[', ""), (' ', "cfg"), ('(', ""), (' ', "test"), (')', ""), (']', "")];
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < all.len() {
        let here = &all[at..];
        let is_mark = here.len() > mark.len()
            && here
                .iter()
                .zip(mark)
                .all(|(it, (sign, word))| it.is_mark(sign) || (!word.is_empty() && it.is_word(word)));
        if !is_mark {
            kept.push(all[at].clone());
            at += 1;
            continue;
        }
        at += mark.len();
        let mut depth = 0_usize;
        while at < all.len() {
            match all[at] {
                Token::Mark('{') => depth += 1,
                Token::Mark('}') => depth -= 1,
                _ => {}
            }
            let ended = depth == 0 && matches!(all[at], Token::Mark(';' | '}'));
            at += 1;
            if ended {
                break;
            }
        }
    }
    kept
}

#[test]
fn the_reader_of_sources_knows_texts_comments_characters_and_tests() {
    let text = "fn a<'x>() { b(\"q\\\"\\u{4e00} \\\n   z\", '\"', '\\'') } // \"no\"\n/* no */ #[cfg(test)]\nmod tests { c() } r#\"raw\"#";
    let all = without_tests(tokens(text));
    let texts: Vec<&Token> = all.iter().filter(|it| matches!(it, Token::Text(_))).collect();
    assert_eq!(texts, [&Token::Text("q\"一 z".into()), &Token::Text("raw".into())]);
    assert!(all.iter().any(|it| it.is_word("b")) && !all.iter().any(|it| it.is_word("c") || it.is_word("no")));
}
