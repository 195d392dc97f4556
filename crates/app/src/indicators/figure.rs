//! One indicator, somewhere, on a day: its parts, its value, and the target it is to reach.

use kit::{
    App, Ask, Error, Lang, Result, Said, Scope, Tx,
    place::Level,
    table::grouped,
    tally::{self, Count, Indicator, Unit, Where},
};
use rules::{
    base::{Date, Region},
    targets::{Quantity, Target},
};

/// Every indicator of every module that the region uses on the day.
pub fn all(app: &App, region: &str, day: Date) -> Vec<&'static Indicator> {
    let known = app.modules.iter().flat_map(|it| it.indicators);
    known.filter(|it| (it.used)(app, region, day)).collect()
}

pub fn find(app: &App, id: &str) -> Result<&'static Indicator> {
    app.modules.iter().flat_map(|it| it.indicators).find(|it| it.id == id).ok_or(Error::NotFound)
}

/// Where and on which day somebody looks.
#[derive(Debug, Clone)]
pub struct Asked {
    pub place: String,
    pub scope: Scope,
    pub day: Date,
}

impl Asked {
    /// `place` and `on` of the address; the reader's own place and today without them.
    pub fn of(ask: &Ask) -> Result<Asked> {
        let tree = ask.app.places.tree();
        let place = ask.param("place").unwrap_or(&ask.who.scope.place).to_string();
        if tree.get(&place).is_none() {
            return Err(Error::invalid("place", Said::new("没有区划代码“{value}”").with("value", &place)));
        }
        let scope = ask.who.scope.narrowed(&tree, &place).ok_or(Error::NotFound)?;
        let day = match ask.param("on") {
            Some(text) => text.parse().map_err(|_| {
                Error::invalid("on", Said::new("“{value}”不是日期,应如 2026-11-21").with("value", text))
            })?,
            None => ask.today(),
        };
        Ok(Asked { place, scope, day })
    }

    pub fn at(&self) -> Where {
        Where::of(&self.scope)
    }

    /// The county, city or province whose policy holds here.
    pub fn region(&self, app: &App) -> String {
        let tree = app.places.tree();
        let near = tree.chain(&self.place).into_iter().find(|it| it.level <= Level::County);
        near.map_or(self.place.clone(), |it| it.code.clone())
    }

    /// `place=…&on=…`, for links that stay with both.
    pub fn query(&self) -> String {
        self.query_of(&self.place)
    }

    pub fn query_of(&self, place: &str) -> String {
        format!("place={place}&on={}", self.day)
    }
}

/// Numerator and denominator as they are on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    pub numerator: i64,
    /// Absent for what is a mere number.
    pub denominator: Option<i64>,
}

/// Numbers of one place and day, each read once: many indicators are parts of the same whole.
pub struct Numbers<'a> {
    at: &'a Where,
    day: Date,
    read: Vec<(Count, i64)>,
}

impl Numbers<'_> {
    pub fn new(at: &Where, day: Date) -> Numbers<'_> {
        Numbers { at, day, read: Vec::new() }
    }

    fn amount(&mut self, tx: &Tx<'_>, count: &Count) -> Result<i64> {
        if let Some(it) = self.read.iter().find(|it| it.0 == *count) {
            return Ok(it.1);
        }
        let n = tally::amount(tx, count, self.at, self.day)?;
        self.read.push((*count, n));
        Ok(n)
    }

    pub fn of(&mut self, tx: &Tx<'_>, it: &Indicator) -> Result<Figure> {
        let numerator = self.amount(tx, &it.numerator)?;
        let denominator = it.denominator.map(|count| self.amount(tx, &count)).transpose()?;
        Ok(Figure { numerator, denominator })
    }
}

/// Reads one indicator.
pub fn read(tx: &Tx<'_>, it: &Indicator, at: &Where, day: Date) -> Result<Figure> {
    Numbers::new(at, day).of(tx, it)
}

impl Figure {
    /// The value in hundredths of its unit (per cent, per thousand, yuan), rounded half up; nothing where there is nothing
    /// to divide by.
    pub fn hundredths(&self, unit: Unit) -> Option<i64> {
        let times = match unit {
            Unit::Number(_) => return Some(self.numerator * 100),
            // Fen are hundredths of a yuan already.
            Unit::Money => 1,
            Unit::Share => 10_000,
            Unit::PerThousand => 100_000,
            Unit::Mean(_) => 100,
        };
        let Some(whole) = self.denominator else { return Some(self.numerator * times) };
        if whole == 0 {
            return None;
        }
        let product = i128::from(self.numerator) * i128::from(times);
        i64::try_from((product * 2 + i128::from(whole)).div_euclid(i128::from(whole) * 2)).ok()
    }
}

/// A figure as people read it.
pub struct Shown {
    pub value: String,
    pub unit: String,
}

impl Shown {
    pub fn of(lang: Lang, it: &Indicator, figure: &Figure) -> Shown {
        let unit = match it.unit {
            Unit::Share => "%",
            Unit::PerThousand => "‰",
            Unit::Number(unit) | Unit::Mean(unit) => unit,
            Unit::Money => "元",
        };
        let value = match (figure.hundredths(it.unit), it.unit) {
            (None, _) => "—".to_string(),
            (Some(hundredths), Unit::Number(_)) => grouped(hundredths / 100),
            (Some(hundredths), _) => format!("{}.{:02}", grouped(hundredths / 100), hundredths.rem_euclid(100)),
        };
        let n = if matches!(it.unit, Unit::Number(_)) { figure.numerator } else { 0 };
        Shown { value, unit: lang.unit(n, unit).to_string() }
    }
}

/// The nearest target that a region has set for an indicator and whose day has not passed, else the last one that has.
pub fn target(app: &App, it: &Indicator, region: &str, day: Date) -> Option<Target> {
    let region: Region = region.parse().ok()?;
    let policy = app.policy.at(region, day);
    let mut all: Vec<&Target> = policy.read(|it| &it.targets.targets).ok()?.iter().collect();
    all.retain(|target| target.indicator == it.id);
    all.sort_by_key(|it| it.by);
    all.iter().find(|it| day <= it.by).or(all.last()).map(|it| (*it).clone())
}

/// How many more have to be counted to reach a target; 0 where it is reached.
pub fn lacking(target: &Target, figure: &Figure) -> i64 {
    let whole = u64::try_from(figure.denominator.unwrap_or(0)).unwrap_or(0);
    let wanted = match target.at_least {
        Quantity::Share(rate) => rate.at_least_of(whole),
        Quantity::Count(n) => n,
    };
    (i64::try_from(wanted).unwrap_or(i64::MAX) - figure.numerator).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_half_up_to_hundredths_of_a_per_cent() {
        let share =
            |numerator, denominator| Figure { numerator, denominator: Some(denominator) }.hundredths(Unit::Share);
        assert_eq!(share(376_304, 546_927), Some(6_880));
        assert_eq!(share(218, 266), Some(8_195));
        assert_eq!(share(271, 289), Some(9_377));
        assert_eq!(share(1, 8), Some(1_250));
        assert_eq!(share(1, 16_000), Some(1));
        assert_eq!(share(0, 0), None);
    }

    #[test]
    fn beds_are_told_per_thousand_and_money_in_yuan() {
        let beds = Figure { numerator: 38_000, denominator: Some(1_198_700) };
        assert_eq!(beds.hundredths(Unit::PerThousand), Some(3_170));
        let money = Figure { numerator: 186_712, denominator: None };
        assert_eq!(money.hundredths(Unit::Money), Some(186_712));
        let stars = Figure { numerator: 14, denominator: Some(3) };
        assert_eq!(stars.hundredths(Unit::Mean("分")), Some(467), "fourteen stars of three are 4.67");
    }
}
