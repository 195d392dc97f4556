//! Assessments of former years: answers drawn by how frail somebody is, scored by the same rules as real ones.

use kit::{Ask, Error, Id, Result, Tx};
use rules::{
    assessment::{Direction, Facts, Instrument},
    base::Date,
};

use super::{chance::Chance, people::Person};
use crate::{
    assessment::{self, Given, Past, Programme},
    elders::Elder,
};

/// Two people who may assess together.
pub type Assessors = [(Id, &'static str); 2];

/// What was assessed of one person, and when; decided before anything is written, so that the seed decides alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessed {
    programme: Programme,
    pub day: Date,
    /// 0 is well, 1 is wholly dependent.
    frailty: f64,
    seed: u64,
}

/// Share of disabled people with an ability assessment, and of those with a long-term-care one.
const ABILITY: f64 = 0.5;
const LTCI: f64 = 0.4;

/// Draws what was assessed of a person in the years since the record began.
pub fn draw(chance: &mut Chance, person: &Person, today: Date) -> Vec<Assessed> {
    let is_disabled = person.draft.groups.iter().any(|it| it.0 == "disabled");
    let is_gone = person.died.is_some() || person.moved.is_some();
    if !is_disabled || is_gone {
        return Vec::new();
    }
    let mut all = Vec::new();
    let severe = 0.25 + chance.below(70) as f64 / 100.0;
    let span = person.since.days_until(today).max(1) as usize;
    for (programme, share) in [(Programme::Ability, ABILITY), (Programme::Ltci, LTCI)] {
        if !chance.happens(share) {
            continue;
        }
        let first = person.since.add_days(chance.below(span) as i32);
        // Who was assessed more than a year ago was often assessed again, a little worse.
        let again = first.add_months(13).add_days(chance.below(60) as i32);
        let days = if again < today { vec![(first, severe - 0.12), (again, severe)] } else { vec![(first, severe)] };
        for (day, frailty) in days {
            all.push(Assessed { programme, day, frailty, seed: chance.next() });
        }
    }
    all
}

/// Writes one of them, on its day.
pub fn write(tx: &Tx<'_>, ask: &Ask, elder: &Elder, it: &Assessed, assessors: &Assessors) -> Result<()> {
    let policy = ask.app.policy_in(&elder.key.region, it.day);
    let id = match it.programme {
        Programme::Ltci => rules::assessment_course::Programme::LtciDisability,
        _ => rules::assessment_course::Programme::ElderAbility,
    };
    let Ok(id) = rules::assessment_course::default_instrument(id, &policy) else { return Ok(()) };
    let Some(instrument) = ask.app.policy.instrument(id.as_str()) else { return Ok(()) };
    let answers = answers(&mut Chance::new(it.seed), instrument, it.frailty);
    let [first, second] = *assessors;
    let past = Past {
        programme: it.programme,
        instrument: "",
        reason: "regular",
        site: "home",
        answers: &answers,
        facts: &Facts::default(),
        assessors: [Some(first), Some(second)],
    };
    match tx.attempt(|tx| assessment::take(tx, ask, elder, &past)) {
        // Nobody was assessed before the rules that it needs were in force.
        Err(Error::Refused(it)) if it.code == "no_policy" => Ok(()),
        other => other.map(drop),
    }
}

/// One answer to every item, around a frailty from 0 to 1.
fn answers(chance: &mut Chance, instrument: &Instrument, frailty: f64) -> Given {
    let mut given = Given::new();
    for item in &instrument.items {
        let mut scores: Vec<_> = item.choices.iter().map(|it| it.score).collect();
        scores.sort();
        if instrument.direction == Direction::HigherIsBetter {
            scores.reverse();
        }
        let noise = (chance.below(41) as f64 - 20.0) / 100.0;
        let place = (frailty + noise).clamp(0.0, 1.0) * (scores.len() - 1) as f64;
        given.insert(item.id.clone(), scores[place.round() as usize].to_string());
    }
    given
}
