//! What always holds of visits, years and doses, whatever is measured.

use proptest::prelude::*;
use rules::{
    base::{Date, Region, Tenths},
    chronic::{ByNorm, Care, Class, Disease, Judged, Step, Visit, by_norm, judge, merged},
    policy::Library,
    vaccination::{Again, cover, vaccine},
};

use crate::policy::shipped;

const NATION: &str = "000000";

fn on(library: &Library, day: Date) -> rules::policy::InForce<'_> {
    library.at(NATION.parse::<Region>().unwrap(), day)
}

fn day(offset: i32) -> Date {
    Date::new(2024, 1, 1).unwrap().add_days(offset)
}

fn visit(disease: Disease, values: (u16, u16, i32), bad_in_a_row: u8, troubles: (bool, bool)) -> Visit {
    Visit {
        disease,
        born: Date::new(1950, 6, 1).unwrap(),
        systolic: Some(values.0),
        diastolic: Some(values.1),
        fasting: Some(Tenths::new(values.2)),
        glucose: None,
        heart_rate: None,
        temperature: None,
        signs: Vec::new(),
        adverse: troubles.0.into(),
        complication: troubles.1.into(),
        bad_in_a_row,
    }
}

proptest! {
    #[test]
    fn a_visit_always_has_a_next_one_and_a_graver_step_never_waits_longer(
        systolic in 70_u16..230, diastolic in 40_u16..130, fasting in 20_i32..250, row in 0_u8..4,
        adverse: bool, complication: bool, offset in 0_i32..1000,
    ) {
        let library = shipped();
        let policy = on(library, day(offset));
        let judged: Vec<Judged> = Disease::ALL
            .into_iter()
            .map(|it| judge(&visit(it, (systolic, diastolic, fasting), row, (adverse, complication)), &policy).unwrap())
            .collect();
        for it in &judged {
            prop_assert!(policy.day() < it.next && it.next <= policy.day().add_months(3));
            prop_assert_eq!(it.step == Step::Continue, it.next == policy.day().add_months(3));
            prop_assert_eq!(complication, it.class == Class::Complication);
            prop_assert!(!it.reasons.is_empty());
            prop_assert!(it.class != Class::Complication || it.step.is_referral());
        }
        let (next, step) = merged(&judged).unwrap();
        prop_assert!(judged.iter().all(|it| next <= it.next && it.step <= step));
        let urgent = 180 <= systolic || 110 <= diastolic;
        prop_assert_eq!(judged[0].step == Step::ReferAtOnce, urgent);
        prop_assert_eq!(judged[1].step == Step::ReferAtOnce, urgent || 167 <= fasting || fasting <= 39);
    }

    #[test]
    fn one_more_visit_or_check_never_makes_a_year_worse(
        registered in 0_i32..900, visits in proptest::collection::vec(0_i32..1100, 0..7),
        checks in proptest::collection::vec(0_i32..1100, 0..3), more in 0_i32..1100, asked in 0_i32..1100,
    ) {
        let library = shipped();
        let policy = on(library, day(asked.max(registered)));
        let days = |all: &[i32]| all.iter().map(|it| day(*it)).collect::<Vec<_>>();
        let care = Care { registered: day(registered), visits: days(&visits), checks: days(&checks) };
        let before = by_norm(&care, &policy).unwrap();
        let mut richer = care.clone();
        richer.visits.push(day(more));
        richer.checks.push(day(more));
        let after = by_norm(&richer, &policy).unwrap();
        let is_earlier = |a: &ByNorm, b: &ByNorm| b.since.is_none_or(|b| a.since.is_some_and(|a| a <= b));
        prop_assert!(is_earlier(&after, &before), "{before:?} {after:?}");
        if let Some(since) = before.since {
            prop_assert!(care.registered <= since && since <= policy.day() && since.year() == policy.day().year());
        }
    }

    #[test]
    fn who_is_vaccinated_is_covered_from_the_dose_on_and_never_twice_at_once(
        doses in proptest::collection::vec(0_i32..2500, 0..8),
    ) {
        let library = shipped();
        let policy = on(library, day(2500));
        for id in ["flu", "ppv23", "rzv"] {
            let it = vaccine(id, &policy).unwrap().unwrap();
            let days: Vec<Date> = doses.iter().map(|it| day(*it)).collect();
            let spans = cover(it, &days);
            prop_assert_eq!(spans.is_empty(), days.len() < usize::from(it.doses));
            for pair in spans.windows(2) {
                prop_assert!(pair[0].1.is_some_and(|end| end <= pair[1].0), "{spans:?}");
            }
            for (from, until) in &spans {
                prop_assert!(days.contains(from));
                prop_assert_eq!(until.is_some(), matches!(it.again, Some(Again::EverySeason(_))));
                prop_assert!(until.is_none_or(|until| *from < until && until <= from.add_years(1)));
            }
        }
    }
}
