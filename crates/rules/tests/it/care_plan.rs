//! Of what falls due in a week nothing is lost, nothing is done twice, and everything is done on a day that fits it.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rules::{
    base::Date,
    care_plan::{Due, Place, Profession, joined, open_slots, slots},
    rounds::Period,
};

const LONGEST: u16 = 120;

fn day(offset: i32) -> Date {
    Date::new(2026, 3, 2).unwrap().add_days(offset)
}

fn dues() -> impl Strategy<Value = Vec<Due>> {
    let professions = proptest::sample::subsequence(Profession::ALL.to_vec(), 0..4);
    let one = (-10_i32..10, 0_i32..20, professions, any::<bool>(), 5_u16..90);
    proptest::collection::vec(one, 0..14).prop_map(|all| {
        let due = |(at, (from, long, can, home, minutes)): (usize, (i32, i32, Vec<Profession>, bool, u16))| Due {
            id: at.to_string(),
            from: day(from),
            by: day(from + long),
            can,
            place: if home { Place::Home } else { Place::Centre },
            minutes,
            item: if minutes < 25 { "a".to_string() } else { String::new() },
        };
        all.into_iter().enumerate().map(due).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_is_lost_nothing_is_done_twice_and_each_is_done_on_a_day_that_fits(dues in dues(), offset in 0_i32..7) {
        let answer = joined(&dues, day(offset), LONGEST);
        let of = |id: &String| dues.iter().find(|it| it.id == *id).unwrap();
        let all: Vec<&String> = answer.visits.iter().flat_map(|it| &it.dues).chain(&answer.left).collect();
        prop_assert_eq!(all.len(), dues.len());
        prop_assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), dues.len());
        for visit in &answer.visits {
            prop_assert!(day(0) <= visit.day && visit.day <= day(6));
            for due in visit.dues.iter().map(of) {
                prop_assert!(due.from <= visit.day && visit.day <= due.by);
                prop_assert!(due.can.contains(&visit.by) && due.place == visit.place);
            }
            prop_assert!(visit.dues.iter().filter(|it| !of(it).item.is_empty()).count() <= 1, "one item is done once in a visit");
            let minutes: u16 = visit.dues.iter().map(|it| of(it).minutes).sum();
            prop_assert!(visit.minutes == minutes && (minutes <= LONGEST || visit.dues.len() == 1));
            prop_assert!(visit.dues.iter().any(|it| of(it).by <= day(6)), "no visit is made for what has time left");
        }
        for due in answer.left.iter().map(of) {
            let must = day(0) <= due.by && due.by <= day(6) && !due.can.is_empty();
            prop_assert!(!must, "{} has its last day this week", due.id);
        }
        // The same week is the same, whichever of its days is asked about.
        prop_assert_eq!(&answer, &joined(&dues, day(0), LONGEST));
    }

    #[test]
    fn no_two_visits_could_have_been_one(dues in dues()) {
        let answer = joined(&dues, day(0), LONGEST);
        let of = |id: &String| dues.iter().find(|it| it.id == *id).unwrap();
        for (a, one) in answer.visits.iter().enumerate() {
            for (b, other) in answer.visits.iter().enumerate().skip(a + 1) {
                let both: Vec<&Due> = one.dues.iter().chain(&other.dues).map(of).collect();
                let somebody = Profession::ALL.iter().any(|who| both.iter().all(|it| it.can.contains(who)));
                let some_day = (0..7).any(|at| both.iter().all(|it| it.from <= day(at) && day(at) <= it.by));
                let same = both.iter().filter(|it| !it.item.is_empty()).count() > 1;
                let fits = !same && one.place == other.place && one.minutes + other.minutes <= LONGEST;
                prop_assert!(!(somebody && some_day && fits), "{:?} and {:?}", one, other);
                prop_assert!(answer.apart.iter().any(|it| (it.0, it.1) == (a, b)), "the reason is said");
            }
        }
    }

    #[test]
    fn so_many_times_have_so_many_slots_one_after_the_other_that_fill_the_period(
        times in 1_u16..40, which in 0_usize..4, offset in 0_i32..800,
    ) {
        let every = [Period::Week, Period::Month, Period::Quarter, Period::Year][which];
        let all = slots(times, every, day(offset));
        let (first, beyond) = every.around(day(offset));
        prop_assert_eq!(all.len(), usize::from(times));
        prop_assert_eq!((all[0].from, all[all.len() - 1].by), (first, beyond.add_days(-1)));
        for (one, next) in all.iter().zip(&all[1..]) {
            prop_assert!(one.from <= one.by && one.from <= next.from && one.by <= next.by);
            let is_crowded = first.days_until(beyond) < i32::from(times);
            prop_assert!(is_crowded || one.by.add_days(1) == next.from);
        }
    }

    #[test]
    fn each_time_done_closes_one_slot_and_its_own_first(times in 1_u16..9, done in proptest::collection::vec(0_i32..7, 0..9)) {
        let all = slots(times, Period::Week, day(0));
        let days: Vec<Date> = done.iter().map(|it| day(*it)).collect();
        let open = open_slots(&all, &days);
        prop_assert_eq!(open.len(), all.len().saturating_sub(days.len()));
        for (at, slot) in &open {
            prop_assert_eq!(slot, &all[*at]);
        }
        if let [only] = days[..] {
            prop_assert!(usize::from(times) > 7 || open.iter().all(|it| !(it.1.from <= only && only <= it.1.by)));
        }
    }
}
