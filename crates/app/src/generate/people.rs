//! One elder after another: age, sex, identity, home, frailty, family.

use std::collections::HashMap;

use rules::base::{Date, Phone};

use super::{
    chance::Chance,
    frail::{self, Assessed},
    names, profiles,
    quota::Standing,
};
use crate::elders::{Birth, Document, Draft, NewContact};

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
    /// What the published figures say of them.
    pub standing: Standing,
}

impl Person {
    /// The child as a contact.
    pub fn contact(&self) -> Option<NewContact<'_>> {
        let (name, phone) = self.child.as_ref()?;
        let together = self.draft.living == "children";
        let phone = phone.as_ref();
        Some(NewContact { name, relation: "child", phone, is_carer: together, lives_together: together })
    }

    /// The same for the same person, whatever ids the database gave and whatever else is drawn for others.
    pub fn seed(&self) -> u64 {
        let words = [&*self.draft.name, &self.draft.birth.to_string(), &self.draft.place, &self.since.to_string()];
        let bytes = words.iter().flat_map(|it| it.bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
    }
}

/// The days between which people's records run.
#[derive(Debug, Clone, Copy)]
pub struct Days {
    /// The day of the published figures: who is of the population is there and of age on it.
    pub figures: Date,
    /// The day of the figures of 65 and more; nobody of the population leaves before.
    pub managed: Date,
    pub today: Date,
}

/// Gives out ID numbers that no real person can have: area codes beginning with 99 were never given out.
#[derive(Default)]
pub struct Numbering {
    /// How many people were born on a day so far: the sequence in the ID number.
    born: HashMap<Date, u32>,
}

impl Numbering {
    pub fn next(&mut self, birth: Date, is_woman: bool) -> String {
        let nth = self.born.entry(birth).and_modify(|it| *it += 1).or_insert(0);
        // Each of the ten thousand areas 990000–999999 has five hundred numbers a day for either sex.
        let (area, pair) = (*nth / 500, *nth % 500);
        let sequence = pair * 2 + u32::from(!is_woman);
        let digits = format!("99{area:04}{:04}{:02}{:02}{sequence:03}", birth.year(), birth.month(), birth.day());
        let check = rules::base::check_character(digits.as_bytes());
        format!("{digits}{}", char::from(check))
    }
}

/// Makes people.
pub struct People {
    chance: Chance,
    days: Days,
    from_age: u16,
    numbers: Numbering,
}

impl People {
    pub fn new(seed: u64, days: Days, from_age: u16) -> People {
        People { chance: Chance::new(seed), days, from_age, numbers: Numbering::default() }
    }

    /// Whether somebody comes between who has gone again: about one in twenty within the years of the records.
    pub fn has_gone(&mut self) -> bool {
        self.chance.happens(0.046)
    }

    /// An elder who lived in `place` and is no longer there on the day of the figures.
    pub fn gone(&mut self, place: &str) -> Person {
        let aged_65 = 65 <= self.from_age || self.chance.happens(0.7);
        let standing = Standing { aged_65, ..Standing::default() };
        let mut person = self.next(place, standing);
        let days = person.since.days_until(self.days.figures).max(1) as usize;
        let day = person.since.add_days(1 + self.chance.below(days) as i32).min(self.days.figures);
        person.since = person.since.min(day.add_days(-1));
        let died = !self.chance.happens(0.13);
        (person.died, person.moved) = if died { (Some(day), None) } else { (None, Some(day)) };
        person.assessed.clear();
        person
    }

    /// Whether somebody is no longer there on the day of the figures.
    pub fn has_left(&self, person: &Person) -> bool {
        person.died.or(person.moved).is_some_and(|day| day <= self.days.figures)
    }

    /// An elder who lives in `place` on the day of the figures.
    pub fn next(&mut self, place: &str, standing: Standing) -> Person {
        let birth = self.birth(standing.aged_65);
        let age = birth.age_on(self.days.figures);
        let is_woman = self.chance.happens(if age < 75 { 0.52 } else { 0.58 });
        let name = names::name(&mut self.chance, is_woman);
        // One in two hundred has no number yet, and of some of those only the year is known.
        let has_number = !self.chance.happens(0.005);
        let number = has_number.then(|| self.numbers.next(birth, is_woman));
        // A birth known to the year alone counts from its last day on, which must not make anybody too young.
        let year = Birth::year(birth.year())
            .filter(|it| self.is_aged_65(it.day) == standing.aged_65 && self.is_of_age(it.day));
        let birth = match year {
            Some(year) if number.is_none() && self.chance.happens(0.5) => year,
            _ => Birth::exact(birth),
        };
        let since = self.days.figures.add_days(-(self.chance.below(4 * 365) as i32));
        let stays = self.days.managed.max(self.days.figures);
        let years = f64::from(stays.days_until(self.days.today)) / 365.25;
        let leaves = |chance: &mut Chance, share: f64| {
            let day = stays.add_days(1 + chance.below(stays.days_until(self.days.today).max(1) as usize) as i32);
            chance.happens(1.0 - (1.0 - share).powf(years)).then_some(day).filter(|it| *it < self.days.today)
        };
        let died = leaves(&mut self.chance, yearly_death(age));
        let moved = if died.is_none() { leaves(&mut self.chance, 0.003) } else { None };
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
            let drawn = self.chance.happens(share);
            if standing.disabled.filter(|_| kind == "disabled").unwrap_or(drawn) {
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
        let mut person = Person { draft, since, died, moved, child, assessed: Vec::new(), standing };
        person.assessed = frail::draw(&mut self.chance, &person, self.days.today);
        person
    }

    /// A birth date of somebody of the register's ages, of 65 and more or younger.
    fn birth(&mut self, aged_65: bool) -> Date {
        loop {
            let group = *self.chance.weighed(profiles::AGES);
            let age = group + self.chance.below(if group == 100 { 6 } else { 5 }) as u16;
            let birth = self.days.figures.add_years(-i32::from(age)).add_days(-(self.chance.below(365) as i32));
            if self.is_of_age(birth) && self.is_aged_65(birth) == aged_65 {
                return birth;
            }
        }
    }

    fn is_of_age(&self, birth: Date) -> bool {
        self.from_age <= birth.age_on(self.days.figures)
    }

    fn is_aged_65(&self, birth: Date) -> bool {
        65 <= birth.age_on(self.days.managed)
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
    use super::{super::quota::Quota, *};

    fn today() -> Date {
        "2026-11-21".parse().unwrap()
    }

    /// Ages as in the census: 72.21 % are 65 and older.
    fn some(seed: u64, count: usize) -> Vec<Person> {
        let days = Days { figures: today(), managed: today(), today: today() };
        let mut people = People::new(seed, days, 60);
        let aged_65 = Quota::new(7_221, 10_000, 0);
        let standing = |nth: usize| Standing { aged_65: aged_65.takes(nth as u64), ..Standing::default() };
        (0..count).map(|nth| people.next("211122001001", standing(nth))).collect()
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
            assert!(60 <= age(&person));
            if let Some(number) = &person.draft.document.number {
                let (birth, sex) = person.draft.document.says().expect("a valid number");
                assert_eq!(birth, person.draft.birth.day);
                assert_eq!(sex == rules::base::Sex::Female, person.draft.sex == "female");
                assert!(number.starts_with("99") && numbers.insert(number.clone()));
            }
            assert_eq!(person.died.or(person.moved), None, "all are there on the day of the figures");
        }
    }

    #[test]
    fn who_has_gone_left_after_coming_and_by_the_day_of_the_figures() {
        let figures: Date = "2019-12-31".parse().unwrap();
        let mut people = People::new(5, Days { figures, managed: figures, today: today() }, 65);
        for _ in 0..2_000 {
            let person = people.gone("211122001001");
            let end = person.died.or(person.moved).unwrap();
            assert!(person.since < end && end <= figures);
            let stays =
                people.next("211122001001", Standing { aged_65: true, signed: true, managed: true, disabled: None });
            assert!(stays.since <= figures && 65 <= stays.draft.birth.day.age_on(figures));
            assert!(stays.died.or(stays.moved).is_none_or(|it| figures < it && it < today()));
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
