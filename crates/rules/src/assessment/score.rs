//! Scoring: totals, bands, the level, and what facts do to it.

use std::{collections::BTreeMap, slice};

use super::{
    Answers, BadAnswer, Facts, Instrument, Item, Level, LevelFound, Points, Reason, Scored,
    facts::{IcdRange, Known},
    file::{Adjustment, Condition, Grading, Matrix, RaiseLevel},
    instrument::{Term, Total},
    judge,
};
use crate::base::Text;

/// Scores the answers, or says everything that is wrong with them: a missing, unknown or impossible answer is refused, nothing
/// is guessed.
///
/// 依据: each instrument's own document, which its reasons name.
pub fn score(instrument: &Instrument, answers: &Answers, facts: &Facts) -> Result<Scored, Vec<BadAnswer>> {
    let (scores, known) = match (answers.read(instrument), facts.read()) {
        (Ok(scores), Ok(known)) => (scores, known),
        (scores, known) => return Err([scores.err(), known.err()].into_iter().flatten().flatten().collect()),
    };
    let mut sheet =
        Sheet { instrument, scores, known, totals: BTreeMap::new(), bands: BTreeMap::new(), reasons: Vec::new() };
    for sum in &instrument.sums {
        sheet.add_up(sum);
    }
    let level = instrument.grading.as_ref().map(|it| {
        let place = sheet.graded(it);
        sheet.adjusted(place)
    });
    let results = judge::results(&mut sheet, level.as_ref());
    sheet.mention_unused_facts();
    Ok(Scored {
        instrument: instrument.id.clone(),
        edition: instrument.edition.clone(),
        totals: sheet.totals,
        bands: sheet.bands,
        level: level.map(|it| LevelFound { code: it.code, name: it.name, name_en: it.name_en }),
        results,
        reasons: sheet.reasons,
        confirmed: instrument.confirmed(),
    })
}

/// One assessment while it is scored.
pub(super) struct Sheet<'a> {
    pub instrument: &'a Instrument,
    /// One score an item, in the instrument's order.
    pub scores: Vec<Points>,
    pub known: Known,
    pub totals: BTreeMap<String, Points>,
    pub bands: BTreeMap<String, usize>,
    pub reasons: Vec<Reason>,
}

impl Total {
    /// What one answer brings to the total.
    pub(super) fn part(&self, instrument: &Instrument, term: &Term, score: Points) -> Points {
        if let Some(counted) = self.counted {
            return Points::whole(i32::from(score == counted));
        }
        let (lowest, highest) = instrument.items[term.item].ends();
        let score = if term.reversed { score.mirrored(lowest, highest) } else { score };
        score.times(term.weight)
    }
}

impl<'a> Sheet<'a> {
    /// A reason that rests on a clause of the instrument's document; the instrument's own clause where `clause` is empty.
    pub(super) fn say(&mut self, clause: &str, zh: String, en: String) {
        let basis = &self.instrument.basis;
        let clause = if clause.is_empty() { basis.clause() } else { clause };
        let (document, clause) = (basis.document().to_owned(), clause.to_owned());
        self.reasons.push(Reason { text: Text { zh, en }, document, clause });
    }

    fn add_up(&mut self, sum: &Total) {
        let instrument = self.instrument;
        let parts: Vec<(&Term, Points)> =
            sum.terms.iter().map(|term| (term, sum.part(instrument, term, self.scores[term.item]))).collect();
        let total: Points = parts.iter().map(|(_, part)| *part).sum();
        let (zh, en) = match sum.of_sums.as_slice() {
            [] => (self.addends(&parts, |it| &it.name), self.addends(&parts, |it| &it.name_en)),
            sums => (self.sum_addends(sums, |it| &it.name), self.sum_addends(sums, |it| &it.name_en)),
        };
        self.say("", format!("{}合计 {total}：{zh}", sum.name), format!("{}: {total} = {en}", sum.name_en));
        if let Some(place) = sum.bands.iter().position(|it| it.first <= total && total <= it.last) {
            let band = &sum.bands[place];
            self.bands.insert(sum.id.clone(), place);
            let range = if band.first == band.last {
                band.first.to_string()
            } else {
                format!("{}–{}", band.first, band.last)
            };
            let (name, name_en) = (&band.level.name, &band.level.name_en);
            self.say(
                "",
                format!("{} {total} 在 {range}：{name}", sum.name),
                format!("{} {total} lies in {range}: {name_en}", sum.name_en),
            );
        }
        self.totals.insert(sum.id.clone(), total);
    }

    /// `进食 5 + 穿衣 0 + …`, with an arrow where an answer counts for something else than its score.
    fn addends(&self, parts: &[(&Term, Points)], name: fn(&Item) -> &str) -> String {
        let one = |(term, part): &(&Term, Points)| {
            let (name, score) = (name(&self.instrument.items[term.item]), self.scores[term.item]);
            if *part == score { format!("{name} {part}") } else { format!("{name} {score}→{part}") }
        };
        parts.iter().map(one).collect::<Vec<_>>().join(" + ")
    }

    fn sum_addends(&self, sums: &[String], name: fn(&Total) -> &str) -> String {
        sums.iter()
            .map(|id| format!("{} {}", name(self.instrument.sum(id)), self.totals[id]))
            .collect::<Vec<_>>()
            .join(" + ")
    }

    fn band(&self, sum: &str) -> usize {
        *self.bands.get(sum).expect("every reachable total has its band, as checked when the instrument was read")
    }

    /// The level before facts are looked at, by its place in the instrument's list.
    fn graded(&mut self, grading: &Grading) -> usize {
        match grading {
            Grading::Band(sum) => self.band(sum),
            Grading::Matrix(matrix) => self.in_matrix(matrix),
        }
    }

    fn in_matrix(&mut self, matrix: &Matrix) -> usize {
        let row = self.band(&matrix.row);
        let worst =
            matrix.columns.iter().max_by_key(|it| self.band(it)).expect("a matrix has columns, as checked when read");
        let column = self.band(worst);
        let code = &matrix.cells[row][column];
        let place =
            matrix.levels.iter().position(|it| it.code == *code).expect("cells hold levels, as checked when read");
        let (rows, columns) = (self.instrument.sum(&matrix.row), self.instrument.sum(worst));
        let (row, column, level) = (&rows.bands[row].level, &columns.bands[column].level, &matrix.levels[place]);
        let (among, among_en) =
            if matrix.columns.len() > 1 { ("（取较重者）", " (the worse one)") } else { ("", "") };
        self.say(
            "",
            format!(
                "组合：{}“{}”，{}“{}”{among}，查表为 {}：{}",
                rows.name, row.name, columns.name, column.name, level.code, level.name
            ),
            format!(
                "Combined: {} “{}” with {} “{}”{among_en} gives {}: {}",
                rows.name_en, row.name_en, columns.name_en, column.name_en, level.code, level.name_en
            ),
        );
        place
    }

    /// The level after facts: set at once, or worse by steps, once.
    fn adjusted(&mut self, mut place: usize) -> Level {
        let levels = self.instrument.levels();
        for adjustment in &self.instrument.adjustments {
            match adjustment {
                Adjustment::Set(it) => {
                    let Some((zh, en)) = self.met(&it.when, slice::from_ref(&it.when)) else { continue };
                    let place = levels.iter().position(|level| level.code == it.level).expect("checked when read");
                    let level = levels[place].clone();
                    self.say(
                        &it.clause,
                        format!("{zh}，直接定为 {}：{}", level.code, level.name),
                        format!("{en}, so the level is {}: {}", level.code, level.name_en),
                    );
                    return level;
                }
                Adjustment::Raise(it) => place = self.raised(it, place, &levels),
            }
        }
        levels[place].clone()
    }

    fn raised(&mut self, raise: &RaiseLevel, place: usize, levels: &[Level]) -> usize {
        let met: Vec<(String, String)> = raise.when_any.iter().filter_map(|it| self.met(it, &raise.when_any)).collect();
        if met.is_empty() {
            return place;
        }
        let worst = levels.len() - 1;
        let raised = (place + raise.steps).min(worst);
        let (zh, en): (Vec<String>, Vec<String>) = met.into_iter().unzip();
        let (level, steps) = (&levels[raised], raise.steps);
        let (capped, capped_en) =
            if raised == place { ("，已是最重一级", ", already the worst") } else { ("", "") };
        self.say(
            &raise.clause,
            format!("{}，加重 {steps} 级（不累加）{capped}：{} {}", zh.join("；"), level.code, level.name),
            format!("{}, so worse by {steps} (once only){capped_en}: {} {}", en.join("; "), level.code, level.name_en),
        );
        raised
    }

    /// The condition in words, where the facts meet it. A range of diagnoses may lie in this condition and its `siblings` together.
    fn met(&self, condition: &Condition, siblings: &[Condition]) -> Option<(String, String)> {
        match condition {
            Condition::Coma => (self.known.coma == Some(true)).then(|| ("处于昏迷状态".into(), "In a coma".into())),
            Condition::Diagnosis(range) => {
                let wanted = range.icd()?;
                let together: Vec<IcdRange> = siblings.iter().filter_map(Condition::icd).collect();
                let found = self.known.diagnoses.iter().find(|it| it.meets(wanted) && it.lies_in(&together))?;
                Some((format!("诊断 {found}（{}）", range.name), format!("Diagnosis {found} ({})", range.name_en)))
            }
            Condition::RiskEvents(least) => {
                let events: u32 = self.known.risk_events.values().fold(0, |sum, it| sum.saturating_add(*it));
                let words = (
                    format!("近 30 天照护风险事件 {events} 次"),
                    format!("{events} care-risk events in the last 30 days"),
                );
                (*least <= events).then_some(words)
            }
        }
    }

    /// A fact the instrument has no use for is said, so that nobody believes it counted.
    fn mention_unused_facts(&mut self) {
        let uses = |wanted: fn(&Condition) -> bool| {
            self.instrument.adjustments.iter().any(|it| match it {
                Adjustment::Set(it) => wanted(&it.when),
                Adjustment::Raise(it) => it.when_any.iter().any(wanted),
            })
        };
        let unused = [
            ("昏迷", "coma", self.known.coma == Some(true) && !uses(|it| matches!(it, Condition::Coma))),
            (
                "诊断",
                "diagnoses",
                !self.known.diagnoses.is_empty() && !uses(|it| matches!(it, Condition::Diagnosis(_))),
            ),
            (
                "风险事件",
                "risk_events",
                !self.known.risk_events.is_empty() && !uses(|it| matches!(it, Condition::RiskEvents(_))),
            ),
            ("受教育程度", "education", self.known.education.is_some() && !judge::uses_education(self.instrument)),
        ];
        for (zh, en, _) in unused.into_iter().filter(|(_, _, unused)| *unused) {
            self.say(
                "",
                format!("这份量表不看“{zh}”，未计入"),
                format!("This scale has no use for “{en}”; it did not count"),
            );
        }
    }
}
