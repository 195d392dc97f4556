//! Nobody falls out of rounds silently, whatever comes between: moving, hospital, death.

use proptest::prelude::*;
use rules::{
    base::{Date, Region},
    elder_groups::Group,
    home_bed::{self, Bed, Findings, Verdict},
    rounds::{Life, Period, Spell, State, Stretch, Subject, Task, owed, spells, state},
};

use crate::policy::shipped;

const YEARS: i32 = 3 * 365;

fn day(offset: i32) -> Date {
    Date::new(2024, 1, 1).unwrap().add_days(offset)
}

/// Stretches of presence with days away between them; the last has an end or none.
fn life() -> impl Strategy<Value = Vec<Spell>> {
    let stretch = (1_i32..200, 0_i32..60, any::<bool>(), any::<bool>(), 0_u8..5);
    (proptest::collection::vec(stretch, 1..9), any::<bool>()).prop_map(|(stretches, has_end)| {
        let mut at = 0;
        let mut spells: Vec<Spell> = Vec::new();
        for (long, away, alone, disabled, tier) in stretches {
            let groups = [alone.then_some(Group::Alone), disabled.then_some(Group::Disabled)];
            let groups = groups.into_iter().flatten().collect();
            spells.push(Spell { from: day(at), until: Some(day(at + long)), groups, tier });
            at += long + away;
        }
        if !has_end && let Some(last) = spells.last_mut() {
            last.until = None;
        }
        spells
    })
}

/// Some stretches within a year, with an end or none.
fn stretches() -> impl Strategy<Value = Vec<Stretch>> {
    let one = (0_i32..400, proptest::option::of(1_i32..200));
    let one = one.prop_map(|(from, long)| (day(from), long.map(|it| day(from + it))));
    proptest::collection::vec(one, 0..4)
}

fn is_there(spells: &[Spell], at: Date, fits: impl Fn(&Spell) -> bool) -> bool {
    spells.iter().any(|it| it.from <= at && it.until.is_none_or(|until| at < until) && fits(it))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whoever_is_there_for_a_whole_period_is_owed_one_visit_and_no_task_is_forgotten(spells in life()) {
        let library = shipped();
        let nation: Region = "000000".parse().unwrap();
        for offset in 0..YEARS {
            let today = day(offset);
            let policy = library.at(nation, today);
            let tasks = owed(Subject::Elder, &spells, today, &policy).unwrap();
            for (programme, period, fits) in [
                ("caring", Period::Month, (|it| it.groups.contains(&Group::Alone)) as fn(&Spell) -> bool),
                ("disabled", Period::Quarter, |it| it.groups.contains(&Group::Disabled)),
                ("tier", Period::Month, |it| 3 <= it.tier),
            ] {
                let of: Vec<&Task> = tasks.iter().filter(|it| it.programme == programme).collect();
                prop_assert!(of.len() <= 1);
                let (first, beyond) = period.around(today);
                let days = first.days_until(beyond);
                let whole = (0..days).all(|it| is_there(&spells, first.add_days(it), fits));
                prop_assert!(!whole || of.len() == 1, "{programme} {today} is owed to who is there all the time");
                let none = (0..days).all(|it| !is_there(&spells, first.add_days(it), fits));
                prop_assert!(!none || of.is_empty(), "{programme} {today} is owed to nobody");
                let Some(task) = of.first() else { continue };
                prop_assert!(first <= task.from && task.from <= task.by && task.by < beyond);
                prop_assert!(is_there(&spells, task.from, fits));
                // Asked on any day of the period it is the same task.
                let again = owed(Subject::Elder, &spells, first, &library.at(nation, first)).unwrap();
                prop_assert!(again.contains(task));
                // After its day it is done, overdue, or there is nobody to be visited; it never just waits.
                let after = state(task, &spells, None, beyond);
                let there = is_there(&spells, task.by, |_| true);
                let gone = spells.iter().all(|it| it.until.is_some_and(|until| until <= beyond));
                let expected = match (there, gone) {
                    (false, _) => State::Lapsed,
                    (true, true) => State::Missed,
                    (true, false) => State::Overdue,
                };
                prop_assert_eq!(after, expected);
                prop_assert_eq!(state(task, &spells, Some(task.by), beyond), State::Done);
                prop_assert_eq!(state(task, &spells, Some(task.by.add_days(1)), beyond), State::Late);
            }
        }
    }

    #[test]
    fn spells_say_of_every_day_what_the_facts_say(
        there in stretches(), away in stretches(), alone in stretches(), disabled in stretches(), tier in stretches(),
    ) {
        let groups = alone.iter().map(|it| (Group::Alone, *it)).chain(disabled.iter().map(|it| (Group::Disabled, *it)));
        let life = Life {
            there: there.clone(), away: away.clone(), groups: groups.collect(),
            tiers: tier.iter().map(|it| (3, *it)).collect(),
        };
        let found = spells(&life);
        let on = |all: &[Stretch], at: Date| all.iter().any(|it| it.0 <= at && it.1.is_none_or(|until| at < until));
        for offset in -1..420 {
            let at = day(offset);
            let of: Vec<&Spell> = found.iter().filter(|it| is_there(std::slice::from_ref(it), at, |_| true)).collect();
            prop_assert_eq!(of.len(), usize::from(on(&there, at) && !on(&away, at)), "{}", at);
            let Some(spell) = of.first() else { continue };
            prop_assert_eq!(spell.groups.contains(&Group::Alone), on(&alone, at));
            prop_assert_eq!(spell.groups.contains(&Group::Disabled), on(&disabled, at));
            prop_assert_eq!(spell.tier, if on(&tier, at) { 3 } else { 0 });
        }
    }

    #[test]
    fn rounds_at_a_home_bed_are_never_further_apart_than_policy_allows(
        opened in 0_i32..900, round in proptest::option::of(0_i32..60), resumed in proptest::option::of(0_i32..60),
    ) {
        let library = shipped();
        let policy = library.at("000000".parse().unwrap(), day(opened));
        let from = |it: i32| day(opened + it);
        let bed = Bed {
            opened: day(opened), extended: None, resumed: resumed.map(from), last_round: round.map(from), last_superior: None,
        };
        let dues = home_bed::dues(&bed, &policy).unwrap();
        let last = bed.opened.max(bed.resumed.unwrap_or(bed.opened)).max(bed.last_round.unwrap_or(bed.opened));
        prop_assert!(last < dues.round && dues.round <= last.add_days(7));
        prop_assert!(bed.opened <= dues.last_day);
    }

    #[test]
    fn no_bed_is_opened_with_an_obstacle_or_one_that_nobody_looked_for(said in proptest::collection::vec(0_u8..3, 12)) {
        let library = shipped();
        let policy = library.at("000000".parse().unwrap(), day(0));
        let (conditions, obstacles) = (
            policy.read(|it| &it.home_bed.conditions).unwrap(), policy.read(|it| &it.home_bed.obstacles).unwrap(),
        );
        let ids: Vec<&String> = conditions.iter().chain(obstacles).map(|it| &it.id).collect();
        let of = |word: u8| ids.iter().zip(&said).filter(|it| *it.1 == word).map(|it| (*it.0).clone()).collect::<Vec<_>>();
        let found = Findings { present: of(1), absent: of(2) };
        let answer = home_bed::eligibility(&found, &policy).unwrap();
        let is_clear = obstacles.iter().all(|it| found.absent.contains(&it.id));
        let is_met = conditions.iter().any(|it| found.present.contains(&it.id));
        prop_assert_eq!(answer.verdict == Verdict::Eligible, is_clear && is_met);
        prop_assert_eq!(answer.verdict == Verdict::Undecided, !answer.open.is_empty());
        prop_assert!(answer.obstacles.is_empty() || answer.verdict == Verdict::Refused);
    }
}
