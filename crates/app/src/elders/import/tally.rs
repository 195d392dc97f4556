//! What the rows of one sheet have in common: places that nobody knows, deaths and moves without a day.

use std::collections::BTreeMap;

use super::notice::Notice;
use super::place::{Fit, How};

/// Names and rows said in one sentence; more would not be read.
const MOST_NAMED: usize = 20;

#[derive(Default)]
pub struct Tally {
    sheets: Vec<(String, OfSheet)>,
}

#[derive(Default)]
struct OfSheet {
    found: usize,
    unknown: BTreeMap<String, usize>,
    died_some_day: Vec<u32>,
    moved_some_day: Vec<u32>,
}

impl Tally {
    fn of(&mut self, sheet: &str) -> &mut OfSheet {
        let at = self.sheets.iter().position(|it| it.0 == sheet).unwrap_or_else(|| {
            self.sheets.push((sheet.to_string(), OfSheet::default()));
            self.sheets.len() - 1
        });
        &mut self.sheets[at].1
    }

    pub fn place(&mut self, sheet: &str, fit: &Fit) {
        let of = self.of(sheet);
        match &fit.how {
            How::Found => of.found += 1,
            How::Unknown(words) => *of.unknown.entry(words.clone()).or_default() += 1,
            How::Unsaid => {}
        }
    }

    pub fn died_some_day(&mut self, sheet: &str, row: u32) {
        self.of(sheet).died_some_day.push(row);
    }

    pub fn moved_some_day(&mut self, sheet: &str, row: u32) {
        self.of(sheet).moved_some_day.push(row);
    }

    /// `base`: the place in words that those without a known place were put in.
    pub fn notices(&self, base: &str) -> Vec<Notice> {
        let mut all = Vec::new();
        for (sheet, of) in &self.sheets {
            let rows: usize = of.unknown.values().sum();
            if 0 < rows && of.found == 0 {
                let said = "工作表“{sheet}”的村(社区)名都不在{base}的地名中,{rows} 人登记在{base};地名留在住址里。";
                all.push(Notice::new(said, sheet).with("base", base).with("rows", rows));
            } else if 0 < rows {
                let named: Vec<String> =
                    of.unknown.iter().take(MOST_NAMED).map(|(words, n)| format!("{words}({n})")).collect();
                let said = "工作表“{sheet}”有 {rows} 人的地名不在{base},登记在上一级,地名留在住址里:{words}。";
                let words = named.join("、");
                all.push(Notice::new(said, sheet).with("base", base).with("rows", rows).with("words", words));
            }
            let rows_of =
                |rows: &[u32]| rows.iter().take(MOST_NAMED).map(u32::to_string).collect::<Vec<_>>().join("、");
            if !of.died_some_day.is_empty() {
                let said = "工作表“{sheet}”有 {n} 人死亡但没有日期,按导入当日登记:第 {rows} 行。";
                let rows = rows_of(&of.died_some_day);
                all.push(Notice::new(said, sheet).with("n", of.died_some_day.len()).with("rows", rows));
            }
            if !of.moved_some_day.is_empty() {
                let said = "工作表“{sheet}”有 {n} 人迁出但没有日期,按导入当日登记:第 {rows} 行。";
                let rows = rows_of(&of.moved_some_day);
                all.push(Notice::new(said, sheet).with("n", of.moved_some_day.len()).with("rows", rows));
            }
        }
        all
    }
}
