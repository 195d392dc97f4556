//! What always holds of a month of long-term-care insurance, whatever is claimed.

use proptest::prelude::*;
use rules::{
    base::{Date, Money, Region},
    ltci::{
        BonusChoice, Kind, Mode,
        lead::{Thresholds, Visit, leads},
        settle::{Granted, Insured, Line, Recipient, Settled, Terms, settle},
    },
};

use crate::policy::shipped;

const SHANGHAI: &str = "310000";
const PANJIN: &str = "211100";

fn first() -> Date {
    Date::new(2025, 3, 1).unwrap()
}

fn judged(region: &str, recipient: &Recipient, lines: &[Line]) -> Settled {
    let region: Region = region.parse().unwrap();
    let terms = Terms::of(first(), first().add_days(30), |day| shipped().at(region, day));
    settle(recipient, lines, &terms)
}

fn recipient(grade: u8, mode: Mode, months: u16) -> Recipient {
    let from = Date::new(2024, 1, 1).unwrap();
    Recipient {
        insured: vec![Insured { from, until: None, kind: Kind::Resident }],
        granted: vec![Granted {
            from, until: None, grade: grade.try_into().unwrap(), mode, provider: "甲".to_owned()
        }],
        suspended: Vec::new(),
        gone: None,
        months_at_home: months,
        bonus: BonusChoice::Hours,
        minutes_before: 0,
    }
}

fn line((id, day, begin, minutes, fen, service): (u16, i32, u16, u16, i64, u8), mode: Mode) -> Line {
    Line {
        id: format!("L{id}"),
        day: first().add_days(day),
        mode,
        service: format!("S{service:02}"),
        claimed: Money::from_fen(fen),
        begin: Some(begin),
        minutes,
        second: false.into(),
        provider: if id.is_multiple_of(11) { "乙" } else { "甲" }.to_owned(),
        level: if id.is_multiple_of(13) { None } else { Some(2) },
        qualifications: Vec::new(),
        missing: Vec::new(),
        paid_by: (id % 17 == 3).then(|| "家庭医生签约".to_owned()),
        waived: Vec::new(),
    }
}

type Drawn = (u16, i32, u16, u16, i64, u8);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let one = (0..31i32, 0..1_380u16, 0..181u16, 0..30_000i64, 1..45u8);
    proptest::collection::vec(one, 0..60).prop_map(|all| {
        let numbered = (1u16..).zip(all);
        numbered.map(|(id, (day, begin, minutes, fen, service))| (id, day, begin, minutes, fen, service)).collect()
    })
}

proptest! {
    #[test]
    fn every_line_adds_up_and_nothing_is_below_zero(all in drawn(), grade in 2..6u8, months in 0..9u16, panjin: bool) {
        let lines: Vec<Line> = all.into_iter().map(|it| line(it, Mode::Visiting)).collect();
        let region = if panjin { PANJIN } else { SHANGHAI };
        let settled = judged(region, &recipient(grade, Mode::Visiting, months), &lines);
        prop_assert_eq!(settled.verdicts.len(), lines.len());
        for it in &settled.verdicts {
            prop_assert_eq!(it.claimed, it.fund + it.person + it.provider + it.pending);
            prop_assert!([it.fund, it.person, it.provider, it.pending].iter().all(|it| Money::ZERO <= *it));
            let cut: Money = it.deductions.iter().map(|it| it.amount).sum();
            prop_assert!(cut <= it.claimed);
        }
    }

    #[test]
    fn the_order_of_claims_does_not_matter_and_the_same_again_gives_the_same(
        (all, shuffled) in drawn().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        grade in 2..7u8,
    ) {
        let of = |all: Vec<Drawn>| {
            let lines: Vec<Line> = all.into_iter().map(|it| line(it, Mode::Visiting)).collect();
            judged(SHANGHAI, &recipient(grade, Mode::Visiting, 3), &lines)
        };
        prop_assert_eq!(of(all), of(shuffled));
    }

    #[test]
    fn hours_a_week_are_never_exceeded(all in drawn(), months in 0..9u16) {
        let lines: Vec<Line> = all.into_iter().map(|it| line(it, Mode::Visiting)).collect();
        let settled = judged(SHANGHAI, &recipient(5, Mode::Visiting, months), &lines);
        let mut weeks = std::collections::BTreeMap::<i32, u32>::new();
        for it in &settled.verdicts {
            // 2025-03-03 is a Monday.
            let week = (first().days_until(it.day) - 2).div_euclid(7);
            *weeks.entry(week).or_default() += u32::from(it.minutes);
        }
        let bonus = match months { 0 => 0, 1..=6 => 60, _ => 120 };
        let above: u32 = weeks.values().map(|it| it.saturating_sub(7 * 60)).sum();
        prop_assert!(above <= bonus, "{} minutes above", above);
    }

    #[test]
    fn money_a_day_and_a_month_is_never_exceeded(all in drawn()) {
        let lines: Vec<Line> = all.into_iter().map(|it| Line { service: "BED".into(), ..line(it, Mode::Residential) }).collect();
        let settled = judged(PANJIN, &recipient(4, Mode::Residential, 0), &lines);
        // Of 90 yuan a day and 2,700 a month the fund pays seven tenths.
        let mut days = std::collections::BTreeMap::<Date, Money>::new();
        for it in &settled.verdicts {
            let day = days.entry(it.day).or_insert(Money::ZERO);
            *day = *day + it.fund;
        }
        let half_a_fen_each = Money::from_fen(i64::try_from(settled.verdicts.len()).unwrap());
        prop_assert!(days.values().all(|it| *it <= Money::from_fen(6_300) + half_a_fen_each));
        prop_assert!(settled.fund() <= Money::from_yuan(1_890) + half_a_fen_each);
    }
}

fn visit((id, day, begin, minutes, elder, carer, photo, cell): (u16, i32, u16, u16, u8, u8, u8, i64)) -> Visit {
    Visit {
        id: format!("V{id}"),
        day: first().add_days(day),
        begin: Some(begin),
        minutes,
        elder: format!("E{elder}"),
        provider: "甲".to_owned(),
        carer: format!("H{carer}"),
        photo: if photo < 20 { format!("p{photo}") } else { String::new() },
        fix: Some((41_000_000 + cell * 270, 122_000_000)),
        least_minutes: Some(10),
        away: None,
    }
}

fn thresholds() -> Thresholds {
    let library = shipped().at("000000".parse().unwrap(), first());
    library.read(|it| &it.ltci.thresholds).unwrap().clone()
}

proptest! {
    #[test]
    fn leads_do_not_depend_on_the_order_of_visits_and_name_only_visits_there_are(
        drawn in proptest::collection::vec(
            (0_u16..500, 0_i32..5, 480_u16..1000, 0_u16..150, 0_u8..6, 0_u8..4, 0_u8..200, 0_i64..50), 0..60),
        turned in 0_usize..60,
    ) {
        let mut visits: Vec<Visit> = drawn.into_iter().map(visit).collect();
        visits.sort_by(|a, b| a.id.cmp(&b.id));
        visits.dedup_by(|a, b| a.id == b.id);
        let all = leads(&visits, &[], &thresholds());
        for it in &all {
            prop_assert!(it.lines.iter().all(|line| visits.iter().any(|one| one.id == *line)));
        }
        if !visits.is_empty() {
            let at = turned % visits.len();
            visits.rotate_left(at);
        }
        prop_assert_eq!(leads(&visits, &[], &thresholds()), all);
    }
}
