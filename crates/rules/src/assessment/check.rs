//! What could make scoring ambiguous or impossible is found when an instrument is read, not when somebody is assessed.

use std::collections::BTreeSet;

use super::{
    Code, Instrument, InstrumentId, Points,
    file::{Adjustment, Condition, Grading, Judgement, Matrix},
    instrument::Total,
};
use crate::base::Text;

pub(super) fn missing(what: &str, what_en: &str, name: &str) -> Text {
    Text::new(format!("没有{what}“{name}”"), format!("there is no {what_en} “{name}”"))
}

/// Everything wrong with an instrument whose items and totals are in place.
pub(super) fn faults(it: &Instrument) -> Vec<Text> {
    let mut wrong = Vec::new();
    if InstrumentId::new(&it.id).as_str() != it.id {
        wrong.push(Text::new(
            format!("编号“{}”应为小写字母、数字和“-”", it.id),
            format!("write the id “{}” in lower case with dashes", it.id),
        ));
    }
    names_once(it, &mut wrong);
    for sum in &it.sums {
        bands_cover(it, sum, &mut wrong);
    }
    references(it, &mut wrong);
    if wrong.is_empty() {
        levels_known(it, &mut wrong);
    }
    wrong
}

fn names_once(it: &Instrument, wrong: &mut Vec<Text>) {
    let mut seen = BTreeSet::new();
    for item in &it.items {
        // Answers may come by id or by name, so neither may mean two items.
        let own: BTreeSet<&String> = [&item.id, &item.name].into_iter().chain(&item.also_called).collect();
        for key in own {
            if !seen.insert(key) {
                wrong.push(Text::new(format!("“{key}”指两个条目"), format!("“{key}” means two items")));
            }
        }
        let scores: BTreeSet<Points> = item.choices.iter().map(|it| it.score).collect();
        if scores.len() != item.choices.len() || scores.is_empty() {
            wrong.push(Text::new(
                format!("条目“{}”没有选项，或两个选项同分", item.name),
                format!("item “{}” has no choices, or two with one score", item.name_en),
            ));
        }
    }
    let sums: BTreeSet<&String> = it.sums.iter().map(|it| &it.id).collect();
    if sums.len() != it.sums.len() || it.sums.is_empty() {
        wrong.push(Text::new("没有合计，或两个合计同编号", "there is no total, or two with one id"));
    }
}

/// Every total that answers can give lies in exactly one band.
fn bands_cover(it: &Instrument, sum: &Total, wrong: &mut Vec<Text>) {
    if sum.bands.is_empty() {
        return;
    }
    for total in reachable(it, sum) {
        let fitting = sum.bands.iter().filter(|it| it.first <= total && total <= it.last).count();
        if fitting != 1 {
            let zh = format!("合计“{}”为 {total} 分时落在 {fitting} 个分段里，应为 1 个", sum.name);
            wrong.push(Text::new(
                zh,
                format!("a total “{}” of {total} lies in {fitting} bands instead of one", sum.name_en),
            ));
        }
    }
}

fn reachable(it: &Instrument, sum: &Total) -> BTreeSet<Points> {
    let mut totals = BTreeSet::from([Points::default()]);
    for term in &sum.terms {
        let scores: BTreeSet<Points> =
            it.items[term.item].choices.iter().map(|choice| sum.part(it, term, choice.score)).collect();
        totals = totals.iter().flat_map(|total| scores.iter().map(|score| *total + *score)).collect();
    }
    totals
}

/// Totals and items named by grading and judgements exist, totals with bands where a band is asked for.
fn references(it: &Instrument, wrong: &mut Vec<Text>) {
    let banded = |id: &str| it.sums.iter().any(|sum| sum.id == id && !sum.bands.is_empty());
    let mut with_bands: Vec<&String> = Vec::new();
    let mut plain: Vec<&String> = Vec::new();
    match &it.grading {
        Some(Grading::Band(sum)) => with_bands.push(sum),
        Some(Grading::Matrix(matrix)) => with_bands.extend(matrix.columns.iter().chain([&matrix.row])),
        None => {}
    }
    for judgement in &it.judgements {
        match judgement {
            Judgement::Bands(sums) => with_bands.extend(sums),
            Judgement::Ceiling(it) => plain.extend(it.others.iter().chain([&it.sum])),
            Judgement::Lead(it) => plain.extend(it.sums.iter().chain(it.contradictory.iter().flatten())),
            Judgement::Education(it) => plain.push(&it.sum),
            Judgement::Hint(hint) if it.item_index(&hint.when.id).is_none() => plain.push(&hint.when.id),
            Judgement::Hint(_) | Judgement::ByLevel(_) => {}
        }
    }
    wrong.extend(
        with_bands.into_iter().filter(|id| !banded(id)).map(|id| missing("带分段的合计", "total with bands", id)),
    );
    let exists = |id: &str| it.sums.iter().any(|sum| sum.id == id);
    wrong.extend(plain.into_iter().filter(|id| !exists(id)).map(|id| missing("合计", "total", id)));
    for range in it
        .adjustments
        .iter()
        .flat_map(conditions)
        .filter_map(|it| if let Condition::Diagnosis(it) = it { Some(it) } else { None })
    {
        if range.icd().is_none() {
            wrong.push(missing("ICD-10 范围", "ICD-10 range", &format!("{}-{}", range.first, range.last)));
        }
    }
}

fn conditions(it: &Adjustment) -> Vec<&Condition> {
    match it {
        Adjustment::Set(it) => vec![&it.when],
        Adjustment::Raise(it) => it.when_any.iter().collect(),
    }
}

/// The matrix has the shape of its bands, and every level it or an adjustment gives exists.
fn levels_known(it: &Instrument, wrong: &mut Vec<Text>) {
    if let Some(Grading::Matrix(matrix)) = &it.grading {
        shape(it, matrix, wrong);
    }
    let levels = it.levels();
    let mut given: Vec<&Code> = Vec::new();
    if let Some(Grading::Matrix(matrix)) = &it.grading {
        given.extend(matrix.cells.iter().flatten());
    }
    given.extend(
        it.adjustments.iter().filter_map(|it| if let Adjustment::Set(it) = it { Some(&it.level) } else { None }),
    );
    given.extend(
        it.judgements.iter().flat_map(|it| if let Judgement::ByLevel(it) = it { it.positive.as_slice() } else { &[] }),
    );
    for code in given {
        if !levels.iter().any(|it| it.code == *code) {
            wrong.push(missing("等级", "level", &code.to_string()));
        }
    }
}

fn shape(it: &Instrument, matrix: &Matrix, wrong: &mut Vec<Text>) {
    let rows = it.sum(&matrix.row).bands.len();
    let columns: BTreeSet<usize> = matrix.columns.iter().map(|id| it.sum(id).bands.len()).collect();
    let fits =
        matrix.cells.len() == rows && columns.len() == 1 && matrix.cells.iter().all(|row| columns.contains(&row.len()));
    if !fits {
        wrong.push(Text::new(
            "矩阵的行数、列数与分段数不一致",
            "the matrix does not have one row and one column a band",
        ));
    }
}
