//! What follows beside the level: types, cut-offs by education, hints.

use std::collections::BTreeMap;

use super::{
    Education, Instrument, Level, Points,
    file::{Ceiling, EducationCut, Hint, Judgement, Lead},
    score::Sheet,
};

type Results = BTreeMap<String, String>;

/// Which of several types leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leading {
    /// The positive types with the highest total: one leads, several tie, none is none.
    pub highest: Vec<String>,
    /// Pairs that cannot both be true.
    pub contradictory: Vec<[String; 2]>,
    /// No type at all was found.
    pub all_negative: bool,
}

/// All judgements of the instrument, in its order.
pub(super) fn results(sheet: &mut Sheet<'_>, level: Option<&Level>) -> Results {
    let mut results = Results::new();
    for judgement in &sheet.instrument.judgements {
        match judgement {
            Judgement::Bands(sums) => by_bands(sheet, sums, &mut results),
            Judgement::Ceiling(it) => by_ceiling(sheet, it, &mut results),
            Judgement::Lead(it) => leading(sheet, it, &results),
            Judgement::Education(it) => by_education(sheet, it, &mut results),
            Judgement::Hint(it) => hint(sheet, it, &mut results),
            Judgement::ByLevel(it) => {
                let positive = level.is_some_and(|level| it.positive.contains(&level.code));
                let (zh, en) = if positive { ("是", "yes") } else { ("否", "no") };
                sheet.say("", format!("{}：{zh}", it.name), format!("{}: {en}", it.name_en));
                results.insert(it.name.clone(), zh.to_owned());
            }
        }
    }
    results
}

/// Whether a judgement of the instrument asks for education.
pub(super) fn uses_education(instrument: &Instrument) -> bool {
    instrument.judgements.iter().any(|it| matches!(it, Judgement::Education(_)))
}

fn by_bands(sheet: &Sheet<'_>, sums: &[String], results: &mut Results) {
    for id in sums {
        let sum = sheet.instrument.sum(id);
        let band = sheet.bands.get(id).expect("every reachable total has its band, as checked when read");
        results.insert(sum.id.clone(), sum.bands[*band].level.name.clone());
    }
}

fn by_ceiling(sheet: &mut Sheet<'_>, it: &Ceiling, results: &mut Results) {
    let total = sheet.totals[&it.sum];
    let highest = it.others.iter().map(|id| sheet.totals[id]).max().unwrap_or_default();
    let line = it.lines.iter().find(|line| line.at_least <= total && highest <= line.others_at_most);
    let name = line.map_or(&it.otherwise, |line| &line.name);
    let sum = &sheet.instrument.sum(&it.sum);
    let (zh, en) = (
        format!("{} {total} 分，其他最高 {highest} 分：{name}", sum.name),
        format!("{} {total}, the highest of the others {highest}: {name}", sum.name_en),
    );
    sheet.say("", zh, en);
    results.insert(it.sum.clone(), name.clone());
}

/// Several types can be positive: all are recorded, and the reasons say which leads or who has to decide.
fn leading(sheet: &mut Sheet<'_>, it: &Lead, results: &Results) {
    let found = Leading::of(it, &sheet.totals, results);
    match found.highest.as_slice() {
        [] => {}
        [one] => sheet.say(
            &it.clause,
            format!("得分最高的是{one}，以它为主"),
            format!("{one} has the highest total and leads"),
        ),
        many => {
            let names = many.join("、");
            sheet.say(
                &it.clause,
                format!("{names}得分相同，由中医师判定主次"),
                format!("{names} tie; a TCM doctor decides which leads"),
            );
        }
    }
    for [one, other] in &found.contradictory {
        sheet.say(
            &it.clause,
            format!("{one}与{other}同时为是，相互矛盾，请核对答案"),
            format!("{one} and {other} contradict each other; check the answers"),
        );
    }
    if found.all_negative {
        sheet.say(
            &it.clause,
            "各型均为否，请核对答案，或两周后重新采集".into(),
            "No type is found; check the answers or ask again in two weeks".into(),
        );
    }
}

impl Leading {
    fn of(it: &Lead, totals: &BTreeMap<String, Points>, results: &Results) -> Leading {
        let is = |id: &String| results.get(id).is_some_and(|found| *found == it.positive);
        let positive: Vec<&String> = it.sums.iter().filter(|id| is(id)).collect();
        let most = positive.iter().filter_map(|id| totals.get(*id)).max();
        let highest = positive.iter().filter(|id| totals.get(**id) == most).map(|id| (*id).clone()).collect();
        let contradictory = it.contradictory.iter().filter(|[one, other]| is(one) && is(other)).cloned().collect();
        let all_negative = !results.is_empty() && results.values().all(|result| *result == it.negative);
        Leading { highest, contradictory, all_negative }
    }
}

impl Instrument {
    /// Which of the positive types leads; nothing where the instrument finds no types.
    ///
    /// 依据: 中医药健康管理服务规范 附件2 体质判定标准表
    pub fn leading(&self, totals: &BTreeMap<String, Points>, results: &BTreeMap<String, String>) -> Option<Leading> {
        self.judgements.iter().find_map(|it| match it {
            Judgement::Lead(lead) => Some(Leading::of(lead, totals, results)),
            _ => None,
        })
    }
}

fn by_education(sheet: &mut Sheet<'_>, it: &EducationCut, results: &mut Results) {
    let total = sheet.totals[&it.sum];
    let known: Option<(Education, Points)> =
        sheet.known.education.and_then(|education| Some((education, *it.at_most.get(&education)?)));
    let Some((education, at_most)) = known else {
        let (zh, en) = (&it.name, &it.name_en);
        return sheet.say(
            "",
            format!("不知道受教育程度（education），不判“{zh}”"),
            format!("Education is not known, so “{en}” is not judged"),
        );
    };
    let (zh, en) = if total <= at_most { ("是", "yes") } else { ("否", "no") };
    let education = education.name();
    sheet.say(
        "",
        format!("受教育程度{education}，界值 {at_most}，得分 {total}：{}{zh}", it.name),
        format!("Education {education}, cut-off {at_most}, total {total}: {} {en}", it.name_en),
    );
    results.insert(it.name.clone(), zh.to_owned());
}

fn hint(sheet: &mut Sheet<'_>, it: &Hint, results: &mut Results) {
    let value = match sheet.instrument.item_index(&it.when.id) {
        Some(item) => sheet.scores[item],
        None => sheet.totals[&it.when.id],
    };
    let holds = it.when.at_least.is_none_or(|least| least <= value) && it.when.at_most.is_none_or(|most| value <= most);
    if holds {
        sheet.say("", format!("{}：{}", it.name, it.result), it.result_en.clone());
        results.insert(it.name.clone(), it.result.clone());
    }
}
