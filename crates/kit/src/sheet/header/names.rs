//! Which column a header means: by its whole words first, by its ending last.

use std::collections::HashMap;

use crate::sheet::words::header_forms;
use crate::sheet::{Column, Columns, fold};

/// Shorter endings stand below too many words.
const LEAST_ENDING_CHARS: usize = 2;
/// What a parent cell adds without meaning anything: 监护人信息 is 监护人.
const EMPTY_ENDINGS: [&str; 5] = ["信息", "情况", "资料", "基本", "的"];

/// A header recognised.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub column: &'static Column,
    /// The smaller, the more literal.
    pub tier: u8,
    pub detail: Option<String>,
}

/// All names of a table, folded.
pub(super) struct Names {
    exact: HashMap<String, &'static Column>,
    instead: HashMap<String, &'static Column>,
    others: Vec<String>,
}

impl Names {
    pub fn of(columns: &Columns) -> Self {
        let (mut exact, mut instead) = (HashMap::new(), HashMap::new());
        for column in columns.columns {
            instead.extend(column.instead.iter().map(|name| (fold(name), column)));
            for name in column.names {
                if column.under.is_empty() {
                    exact.entry(fold(name)).or_insert(column);
                }
                for under in column.under {
                    exact.entry(fold(&format!("{under}{name}"))).or_insert(column);
                }
            }
        }
        Names { exact, instead, others: columns.others.iter().map(|word| fold(word)).collect() }
    }

    /// What a header of one or more lines, the upper first, means.
    pub fn find(&self, path: &[String]) -> Option<Found> {
        let (leaf, parents) = path.split_last()?;
        // A slash may join two lines (so the refused rows go back) or two names of one thing.
        if let ([], Some((parent, child))) = (parents, leaf.rsplit_once(['/', '／']))
            && let Some(found) = self.find(&[parent.to_owned(), child.to_owned()])
        {
            return Some(found);
        }
        let leaf_forms = header_forms(leaf);
        let found = |column, tier| Some(Found { column, tier, detail: None });
        if let Some(parent) = parents.last() {
            for parent in header_forms(parent) {
                for leaf in &leaf_forms {
                    if let Some(column) = self.exact.get(&format!("{}{leaf}", stem(&parent))) {
                        return found(column, 0);
                    }
                }
            }
        }
        if parents.iter().any(|parent| self.speaks_of_others(&fold(parent))) {
            return None;
        }
        // 身份证号(监护人) must not pass as 身份证号 once its brackets are gone.
        let others = self.speaks_of_others(&fold(leaf));
        let hides_others = |form: &str| others && !self.speaks_of_others(form);
        for (tier, leaf) in (1..).zip(leaf_forms.iter().filter(|form| !hides_others(form))) {
            if let Some(column) = self.exact.get(leaf).or_else(|| self.exact.get(without_question(leaf))) {
                return found(column, tier);
            }
        }
        let mut whole = leaf_forms.iter().filter(|form| !hides_others(form));
        if let Some(column) = whole.find_map(|leaf| self.by_ending(leaf)) {
            return found(column, 20);
        }
        let parent = parents.last()?;
        let column = header_forms(parent).iter().find_map(|parent| self.exact.get(stem(parent)).copied())?;
        column.many.then(|| Found { column, tier: 30, detail: Some(leaf.clone()) })
    }

    /// The column that a header gives where nothing better does.
    pub fn instead(&self, path: &[String]) -> Option<&'static Column> {
        let forms = path.last().map(|leaf| header_forms(leaf)).unwrap_or_default();
        forms.iter().find_map(|form| self.instead.get(form).copied())
    }

    fn by_ending(&self, text: &str) -> Option<&'static Column> {
        let starts = text.char_indices().skip(1).map(|(start, _)| start);
        for start in starts {
            let (before, ending) = text.split_at(start);
            if ending.chars().count() < LEAST_ENDING_CHARS {
                return None;
            }
            // A word of somebody else may reach over the cut: 户主姓名 must not pass as 主姓名.
            if let Some(column) = self.exact.get(ending).filter(|column| !column.exact) {
                return (!self.speaks_of_others(before)).then_some(column);
            }
        }
        None
    }

    fn speaks_of_others(&self, text: &str) -> bool {
        self.others.iter().any(|word| text.contains(word.as_str()))
    }
}

fn stem(parent: &str) -> &str {
    EMPTY_ENDINGS
        .iter()
        .find_map(|ending| parent.strip_suffix(ending).filter(|stem| !stem.is_empty()))
        .unwrap_or(parent)
}

/// 是否独居 asks for what 独居 says.
fn without_question(leaf: &str) -> &str {
    let asked = ["是否为", "是否是", "是否", "有无", "是不是"].iter().find_map(|question| leaf.strip_prefix(question));
    asked.unwrap_or(leaf)
}
