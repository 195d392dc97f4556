//! What checks tell the tally: in which stretches of a year somebody is under health management, with a complete check, or
//! not and why.

use kit::{
    App, Result, Said, Tx,
    tally::{self, Facts, Lot, Marks, PERSON, Span},
};
use rules::base::Date;

use super::record::{self, Check};
use crate::elders::{self, Key};

/// Was under health management in the calendar year.
pub const MANAGED: &str = "healthcheck.managed";
/// Every part of the year's check was done.
pub const COMPLETE: &str = "healthcheck.complete";
/// Is not under health management, and why.
pub const SHORT: &str = "healthcheck.short";

/// What the facts say of persons.
pub fn facts(tx: &Tx<'_>, _: &App, lot: &Lot<'_>) -> Result<Facts> {
    if lot.kind != PERSON {
        return Ok(Facts::new());
    }
    let mut checks = record::of_lot(tx, lot)?;
    lot.each(|it| Ok(spans(checks.remove(&it.id).unwrap_or_default())))
}

fn spans(mut checks: Vec<Check>) -> Marks {
    checks.sort_by_key(|it| (it.day, it.key.id));
    spans_of(&checks)
}

/// Says anew what holds of a person.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    tally::set_all(tx, app, &elders::thing(key), &spans(record::of_elder(tx, key)?))
}

/// The stretches of checks in the order of their days.
///
/// 依据: 国家基本公共卫生服务规范（第三版） 老年人健康管理率 = 年内接受健康管理人数 ÷ 年内辖区内65岁及以上常住居民数
pub fn spans_of(checks: &[Check]) -> Marks {
    let (mut managed, mut complete, mut short) = (Vec::new(), Vec::new(), Vec::new());
    for (at, it) in checks.iter().enumerate() {
        let year_ends = year_begin(it.day.year() + 1);
        let next = checks.get(at + 1).map(|it| it.day);
        if it.counts && it.is_finished {
            managed.push(Span::new(it.day).until(year_ends));
            let said = Said::new("上次体检是 {day},本年度还没有体检").with("day", it.day);
            short.push(Span::new(year_ends).until(next).note(said.stored()));
        } else {
            short.push(Span::new(it.day).until(next).note(why(it).stored()));
        }
        if it.complete && it.is_finished {
            complete.push(Span::new(it.day).until(year_ends));
        }
    }
    vec![(MANAGED, managed), (COMPLETE, complete), (SHORT, short)]
}

fn why(it: &Check) -> Said {
    let day = it.day.to_string();
    if it.missing.counting.is_empty() {
        return Said::new("{day} 的体检还没有完成").with("day", day);
    }
    Said::new("{day} 的体检缺{parts}").with("day", day).with("parts", it.missing.counting.join("、"))
}

fn year_begin(year: i16) -> Date {
    Date::new(year, 1, 1).unwrap_or_else(|| Date::new(9999, 1, 1).expect("a day of the calendar"))
}
