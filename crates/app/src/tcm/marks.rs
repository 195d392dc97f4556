//! What the records tell the tally: in which stretches of a year somebody is managed with Chinese medicine, or not and why.

use kit::{
    App, Result, Said, Tx,
    tally::{self, Facts, Lot, Marks, PERSON, Span},
};
use rules::{base::Date, tcm::State};

use super::record::{self, Record};
use crate::elders::{self, Key};

/// Type found and advice given in the calendar year.
pub const MANAGED: &str = "tcm.managed";
/// Not managed, and why.
pub const SHORT: &str = "tcm.short";

/// What the facts say of persons.
pub fn facts(tx: &Tx<'_>, _: &App, lot: &Lot<'_>) -> Result<Facts> {
    if lot.kind != PERSON {
        return Ok(Facts::new());
    }
    let mut records = record::of_lot(tx, lot)?;
    lot.each(|it| Ok(spans_of(records.remove(&it.id).unwrap_or_default())))
}

/// Says anew what holds of a person.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    tally::set_all(tx, app, &elders::thing(key), &spans_of(record::of_elder(tx, key)?))
}

/// The stretches of all records of a person.
///
/// 依据: 老年人中医药健康管理率 = 年内接受中医药健康管理的65岁及以上居民数 ÷ 分母
fn spans_of(mut all: Vec<Record>) -> Marks {
    all.sort_by_key(|it| (it.day, it.key.id));
    let (mut managed, mut short) = (Vec::new(), Vec::new());
    for (at, it) in all.iter().enumerate() {
        let next = all.get(at + 1).map(|it| it.day);
        // Who is advised next year counts then, not in the year of the questionnaire.
        let advised = it.advised.as_deref().and_then(kit::clock::day_of_stamp).map(|day| day.max(it.day));
        match advised.filter(|_| it.counts()) {
            Some(day) => {
                let year_ends = year_begin(day.year() + 1);
                managed.push(Span::new(day).until(year_ends));
                let said = Said::new("上次中医药健康管理是 {day},本年度还没有").with("day", day);
                short.push(Span::new(year_ends).until(next).note(said.stored()));
            }
            None => short.push(Span::new(it.day).until(next).note(why(it).stored())),
        }
    }
    vec![(MANAGED, managed), (SHORT, short)]
}

fn why(it: &Record) -> Said {
    let said = match it.state {
        State::Settled => "{day} 辨识为{type},还没有给予保健指导",
        State::Tie => "{day} 辨识得分并列,待中医师判定",
        State::Contradictory => "{day} 辨识结果矛盾,待核对",
        State::Nothing => "{day} 辨识各型均为否,待重新采集",
    };
    Said::new(said).with("day", it.day).with("type", &it.constitution)
}

fn year_begin(year: i16) -> Date {
    Date::new(year, 1, 1).unwrap_or_else(|| Date::new(9999, 1, 1).expect("a day of the calendar"))
}
