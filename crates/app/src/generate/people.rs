//! One elder after another: age, sex, identity, home, frailty, family.

use std::collections::HashMap;

use rules::base::{Date, Phone};

use super::{
    chance::Chance,
    frail::{self, Assessed},
    names, profiles,
};
use crate::elders::{Birth, Document, Draft};

/// A generated elder and what happened to them.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub draft: Draft,
    /// The day the record begins.
    pub since: Date,
    pub died: Option<Date>,
    pub moved: Option<Date>,
    /// Name and phone of a child.
    pub child: Option<(String, Option<Phone>)>,
    pub assessed: Vec<Assessed>,
}

/// Makes people with ID numbers that no real person can have: area codes beginning with 99 were never given out.
pub struct People {
    chance: Chance,
    today: Date,
    from_age: u16,
    /// How many people were born on a day so far: the sequence in the ID number.
    born: HashMap<Date, u32>,
}

impl People {
    pub fn new(seed: u64, today: Date, from_age: u16) -> People {
        People { chance: Chance::new(seed), today, from_age, born: HashMap::new() }
    }

    /// An elder who lives in `place`.
    pub fn next(&mut self, place: &str) -> Person {
        let age = self.age();
        let is_woman = self.chance.happens(if age < 75 { 0.52 } else { 0.58 });
        let birth = self.today.add_years(-i32::from(age)).add_days(-(self.chance.below(365) as i32));
        let name = names::name(&mut self.chance, is_woman);
        // One in two hundred has no number yet, and of some of those only the year is known.
        let has_number = !self.chance.happens(0.005);
        let number = has_number.then(|| self.number(birth, is_woman));
        let birth = match number.is_none() && self.chance.happens(0.5) {
            true => Birth::year(birth.year()).unwrap_or(Birth::exact(birth)),
            false => Birth::exact(birth),
        };
        let since = self.today.add_days(-(self.chance.below(4 * 365) as i32));
        let after = |chance: &mut Chance| {
            since.add_days(1 + chance.below((since.days_until(self.today)).max(1) as usize) as i32)
        };
        let died =
            self.chance.happens(yearly_death(age) * 2.0).then(|| after(&mut self.chance)).filter(|it| *it < self.today);
        let moved = (died.is_none() && self.chance.happens(0.006))
            .then(|| after(&mut self.chance))
            .filter(|it| *it < self.today);
        let frailty = profiles::frailty(age);
        let alone = self.chance.happens(if age < 80 { 0.10 } else { 0.16 });
        let living = match alone {
            true => "alone",
            false => self.chance.weighed(&[
                ("spouse", 50),
                ("children", 38),
                ("institution", 3),
                ("relatives", 3),
                ("unknown", 6),
            ]),
        };
        let mut groups = Vec::new();
        let chances = [
            ("disabled", frailty.disabled),
            ("demented", frailty.demented),
            ("chronic", profiles::CHRONIC),
            ("handicapped", 0.06),
            ("homebound", frailty.disabled * 0.5),
            ("left_behind", 0.07),
            ("poor", 0.04),
            ("special_family", 0.008),
        ];
        for (kind, share) in chances {
            if self.chance.happens(share) {
                groups.push((kind.to_string(), String::new()));
            }
        }
        let phone = self.chance.happens(0.82).then(|| self.phone()).flatten();
        let child = self.chance.happens(0.6).then(|| (names::name(&mut self.chance, !is_woman), self.phone()));
        let insurance = self.chance.weighed(&[("employee", 30), ("resident", 66), ("none", 1), ("unknown", 3)]);
        let house = 1 + self.chance.below(180);
        let draft = Draft {
            name,
            sex: if is_woman { "female" } else { "male" }.into(),
            birth,
            document: Document { kind: if number.is_some() { "resident" } else { "none" }, number },
            phone,
            address: format!("{house} 号"),
            place: place.to_string(),
            registered_place: None,
            organisation: None,
            living: (*living).to_string(),
            insurance: (*insurance).to_string(),
            remark: String::new(),
            groups,
            source: "示例数据".into(),
        };
        let mut person = Person { draft, since, died, moved, child, assessed: Vec::new() };
        person.assessed = frail::draw(&mut self.chance, &person, self.today);
        person
    }

    fn age(&mut self) -> u16 {
        loop {
            let group = *self.chance.weighed(profiles::AGES);
            let age = group + self.chance.below(if group == 100 { 6 } else { 5 }) as u16;
            if self.from_age <= age {
                return age;
            }
        }
    }

    fn number(&mut self, birth: Date, is_woman: bool) -> String {
        let nth = self.born.entry(birth).and_modify(|it| *it += 1).or_insert(0);
        // Each of the ten thousand areas 990000–999999 has five hundred numbers a day for either sex.
        let (area, pair) = (*nth / 500, *nth % 500);
        let sequence = pair * 2 + u32::from(!is_woman);
        let digits = format!("99{area:04}{:04}{:02}{:02}{sequence:03}", birth.year(), birth.month(), birth.day());
        let check = rules::base::check_character(digits.as_bytes());
        format!("{digits}{}", char::from(check))
    }

    /// A number in the form of a mobile. It may be somebody's; a demonstration sends no messages.
    fn phone(&mut self) -> Option<Phone> {
        format!("199{:08}", self.chance.below(100_000_000)).parse().ok()
    }
}

/// Share of an age that dies within a year, roughly.
fn yearly_death(age: u16) -> f64 {
    match age {
        ..70 => 0.010,
        70..80 => 0.028,
        80..90 => 0.080,
        _ => 0.19,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        "2026-11-21".parse().unwrap()
    }

    fn some(seed: u64, count: usize) -> Vec<Person> {
        let mut people = People::new(seed, today(), 60);
        (0..count).map(|_| people.next("211122001001")).collect()
    }

    fn share(people: &[Person], fits: impl Fn(&Person) -> bool) -> f64 {
        people.iter().filter(|it| fits(it)).count() as f64 / people.len() as f64
    }

    fn age(person: &Person) -> u16 {
        person.draft.birth.day.age_on(today())
    }

    fn is_of(person: &Person, group: &str) -> bool {
        person.draft.groups.iter().any(|it| it.0 == group)
    }

    #[test]
    fn people_are_who_they_say_they_are() {
        let mut numbers = std::collections::HashSet::new();
        for person in some(7, 5_000) {
            assert!(59 <= age(&person), "only a birth known to the year may look a year younger");
            if let Some(number) = &person.draft.document.number {
                let (birth, sex) = person.draft.document.says().expect("a valid number");
                assert_eq!(birth, person.draft.birth.day);
                assert_eq!(sex == rules::base::Sex::Female, person.draft.sex == "female");
                assert!(number.starts_with("99") && numbers.insert(number.clone()));
            }
            let end = person.died.or(person.moved);
            assert!(end.is_none_or(|it| person.since < it && it < today()));
        }
    }

    #[test]
    fn the_same_seed_and_day_give_the_same_people() {
        assert_eq!(some(7, 300), some(7, 300));
        assert_ne!(some(7, 300), some(8, 300));
    }

    /// The figures of `bench/stats`: census 2020 for the ages, CLASS 2014 for self-care and chronic disease, Jia 2020
    /// for dementia.
    #[test]
    fn shares_are_those_of_the_surveys() {
        let people = some(3, 40_000);
        let oldest = |it: &Person| 80 <= age(it);
        let shares = [
            ("65 and older", share(&people, |it| 65 <= age(it)), 0.7221, 0.01),
            ("70 to 79", share(&people, |it| (70..80).contains(&age(it))), 0.3213, 0.02),
            ("80 and older", share(&people, oldest), 0.1384, 0.01),
            ("not able to care for themselves in full", share(&people, |it| is_of(it, "disabled")), 0.1254, 0.01),
            ("chronic disease", share(&people, |it| is_of(it, "chronic")), 0.7523, 0.01),
            ("dementia", share(&people, |it| is_of(it, "demented")), 0.060, 0.005),
            ("women", share(&people, |it| it.draft.sex == "female"), 0.53, 0.01),
        ];
        for (what, found, published, give) in shares {
            assert!((found - published).abs() <= give, "{what}: {found:.4}, published {published}");
        }
        let mut disabled = Vec::new();
        for from in [60, 70, 80, 90] {
            let decade: Vec<Person> =
                people.iter().filter(|it| (from..from + 10).contains(&age(it))).cloned().collect();
            disabled.push(share(&decade, |it| is_of(it, "disabled")));
        }
        assert!(disabled.is_sorted(), "rises with age: {disabled:?}");
    }
}
