//! What chronic diseases tell the tally: who is under management since when, by the norm, controlled, and why not.

use kit::{
    App, Result, Said, Tx,
    tally::{self, Count, Facts, Lot, Marks as Told, PERSON, Span},
};
use rules::{
    base::{Date, Text},
    chronic::{ByNorm, Care, Disease as Followed, by_norm},
};

use super::{
    care, check,
    disease::{self, Disease},
    visit,
};
use crate::elders::{self, Key};

/// The next visit is overdue.
const OVERDUE: &str = "chronic.overdue";
/// The two weeks after a referral are over, and nobody has followed it up.
const REFERRAL_LATE: &str = "chronic.referral_late";

pub const LATE: Count = Count::new(PERSON, &[OVERDUE]);
pub const REFERRALS_LATE: Count = Count::new(PERSON, &[REFERRAL_LATE]);
pub const HYPERTENSION: Count = Count::new(PERSON, &["chronic.hypertension"]);
pub const HYPERTENSION_LATE: Count = Count::new(PERSON, &["chronic.hypertension", OVERDUE]);
pub const DIABETES: Count = Count::new(PERSON, &["chronic.diabetes"]);
pub const DIABETES_LATE: Count = Count::new(PERSON, &["chronic.diabetes", OVERDUE]);

pub const COUNTS: &[Count] = &[LATE, REFERRALS_LATE, HYPERTENSION_LATE, DIABETES_LATE];

/// The marks of one disease.
struct Marks {
    disease: Followed,
    managed: &'static str,
    by_norm: &'static str,
    short: &'static str,
    controlled: &'static str,
    uncontrolled: &'static str,
}

const MARKS: [Marks; 2] = [
    Marks {
        disease: Followed::Hypertension,
        managed: "chronic.hypertension",
        by_norm: "chronic.hypertension.managed",
        short: "chronic.hypertension.short",
        controlled: "chronic.hypertension.controlled",
        uncontrolled: "chronic.hypertension.uncontrolled",
    },
    Marks {
        disease: Followed::Diabetes,
        managed: "chronic.diabetes",
        by_norm: "chronic.diabetes.managed",
        short: "chronic.diabetes.short",
        controlled: "chronic.diabetes.controlled",
        uncontrolled: "chronic.diabetes.uncontrolled",
    },
];

/// Days at which control could be judged, and whether the disease was controlled.
type Judged = (Date, bool, bool);

fn judged(it: &visit::Said) -> Option<Judged> {
    Some((it.day, it.controlled?, it.face_to_face))
}

/// What the facts say of persons.
pub fn facts(tx: &Tx<'_>, app: &App, lot: &Lot<'_>) -> Result<Facts> {
    if lot.kind != PERSON {
        return Ok(Facts::new());
    }
    let (diseases, checks) = (disease::of_lot(tx, lot)?, check::days_of_lot(tx, lot)?);
    let (mut said, days) = (visit::said_of_lot(tx, lot)?, care::days_of_lot(tx, lot)?);
    lot.each(|it| {
        let diseases = diseases.get(&it.id).map_or(&[][..], |it| it);
        let checks = checks.get(&it.id).map_or(&[][..], |it| it);
        let said = said.remove(&it.id).unwrap_or_default();
        let mut told = spans(app, lot.region, diseases, checks, |disease| {
            Ok(said.iter().filter(|it| it.0 == disease.word()).filter_map(|it| judged(&it.1)).collect())
        })?;
        told.extend(late(days.get(&it.id).and_then(|it| it.first().copied())));
        Ok(told)
    })
}

/// What diseases, days of checks and verdicts say of a person; verdicts are asked for only of a disease that is there.
fn spans(
    app: &App,
    region: &str,
    diseases: &[Disease],
    checks: &[Date],
    judged: impl Fn(Followed) -> Result<Vec<Judged>>,
) -> Result<Told> {
    let mut all = Vec::new();
    for marks in &MARKS {
        let stays: Vec<&Disease> = diseases.iter().filter(|it| it.followed() == Some(marks.disease)).collect();
        let mut judged = if stays.is_empty() { Vec::new() } else { judged(marks.disease)? };
        judged.sort();
        let mut spans: [Vec<Span>; 5] = Default::default();
        for stay in stays {
            spans[0].push(Span::new(stay.registered).until(stay.ended));
            let years = Years { app, region, stay, judged: &judged, checks };
            years.by_norm(&mut spans);
            years.controlled(&mut spans);
        }
        let names = [marks.managed, marks.by_norm, marks.short, marks.controlled, marks.uncontrolled];
        all.extend(names.into_iter().zip(spans));
    }
    Ok(all)
}

/// From the day after the one that was to be kept.
fn late(days: Option<care::Days>) -> [(&'static str, Vec<Span>); 2] {
    let (due, referral) = days.unwrap_or_default();
    let after = |day: Option<Date>| day.map(|it| Span::new(it.add_days(1))).into_iter().collect();
    [(OVERDUE, after(due)), (REFERRAL_LATE, after(referral))]
}

/// Says anew what holds of a person.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    let checks: Vec<Date> = check::of(tx, key)?.into_iter().map(|it| it.day).collect();
    let mut said = spans(app, &key.region, &disease::of(tx, key)?, &checks, |disease| {
        Ok(visit::said_of(tx, key, disease)?.iter().filter_map(judged).collect())
    })?;
    said.extend(late(care::days_of(tx, key)?));
    tally::set_all(tx, app, &elders::thing(key), &said)
}

/// One stay under management, year by year.
struct Years<'a> {
    app: &'a App,
    region: &'a str,
    stay: &'a Disease,
    judged: &'a [Judged],
    checks: &'a [Date],
}

impl Years<'_> {
    /// Within the stay, where anything of it is.
    fn clipped(&self, from: Date, until: Option<Date>) -> Option<Span> {
        let from = from.max(self.stay.registered);
        let until = match (until, self.stay.ended) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        until.is_none_or(|until| from < until).then(|| Span::new(from).until(until))
    }

    /// The last year in which anything happened.
    fn last_year(&self) -> i16 {
        let days = self.judged.iter().map(|it| it.0).chain(self.checks.iter().copied());
        days.map(Date::year).max().unwrap_or(0).max(self.stay.registered.year())
    }

    fn norm_on(&self, day: Date) -> Option<ByNorm> {
        let visits = self.judged.iter().filter(|it| it.2).map(|it| it.0).collect();
        let care = Care { registered: self.stay.registered, visits, checks: self.checks.to_vec() };
        by_norm(&care, &self.app.policy_in(self.region, day)).ok()
    }

    fn by_norm(&self, spans: &mut [Vec<Span>; 5]) {
        for year in self.stay.registered.year()..=self.last_year() {
            let Some((first, end)) = bounds(year) else { continue };
            let since = self.norm_on(end.add_days(-1)).and_then(|it| it.since);
            spans[1].extend(since.and_then(|it| self.clipped(it, Some(end))));
            let until = since.unwrap_or(end);
            // What is missing changes with every visit and check.
            let mut days: Vec<Date> = self.judged.iter().map(|it| it.0).chain(self.checks.iter().copied()).collect();
            days.extend([first, self.stay.registered]);
            days.retain(|it| first <= *it && *it < until);
            days.sort();
            days.dedup();
            for (at, from) in days.iter().enumerate() {
                let to = days.get(at + 1).copied().unwrap_or(until);
                let reasons = match self.norm_on(*from) {
                    Some(it) => it.reasons,
                    None => vec![Text::new("当日没有在行的规范", "no norm was in force on that day")],
                };
                spans[2].extend(self.clipped(*from, Some(to)).map(|it| it.note(note(&reasons))));
            }
        }
        if let Some((_, end)) = bounds(self.last_year()) {
            let nothing = Said::new("当年还没有面对面随访和健康检查").stored();
            spans[2].extend(self.clipped(end, None).map(|it| it.note(nothing)));
        }
    }

    /// The last visit of the year decides, until the next one or the end of the year.
    fn controlled(&self, spans: &mut [Vec<Span>; 5]) {
        let nothing = || Said::new("当年没有测量过").stored();
        let mut open = self.stay.registered;
        for (at, (day, controlled, _)) in self.judged.iter().enumerate() {
            let Some((_, end)) = bounds(day.year()) else { continue };
            let next = self.judged.get(at + 1).map(|it| it.0);
            let until = next.map_or(end, |it| it.min(end));
            if open < *day {
                spans[4].extend(self.clipped(open, Some(*day)).map(|it| it.note(nothing())));
            }
            open = until.max(open);
            let span = self.clipped(*day, Some(until));
            if *controlled {
                spans[3].extend(span);
            } else {
                let said = Said::new("最近一次({day})未达标").with("day", day);
                spans[4].extend(span.map(|it| it.note(said.stored())));
            }
        }
        spans[4].extend(self.clipped(open, None).map(|it| it.note(nothing())));
    }
}

/// The first day of a year and of the next.
fn bounds(year: i16) -> Option<(Date, Date)> {
    Some((Date::new(year, 1, 1)?, Date::new(year + 1, 1, 1)?))
}

fn note(reasons: &[Text]) -> String {
    let (zh, en): (Vec<&str>, Vec<&str>) = reasons.iter().map(|it| (&*it.zh, &*it.en)).unzip();
    Said::from(Text::new(zh.join("；"), en.join("; "))).stored()
}
