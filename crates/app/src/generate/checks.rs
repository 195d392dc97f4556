//! Three years of health checks and this year's constitutions: who comes, what is measured, and what is left half done.
//! Calibrated with the published rate; values drawn around what surveys of elders report.

use std::collections::BTreeMap;

use kit::{App, Ask, Result, Tx, Who};
use rules::{
    assessment::Facts,
    base::Date,
    contracting::Service,
    healthcheck::{Form, Values},
};

use super::{
    History,
    chance::Chance,
    people::{Days, Person},
    signed::Served,
};
use crate::{
    assessment::{self, Past, Programme},
    chronic,
    elders::{Elder, Key},
    healthcheck, tcm,
};

/// Share of elders of 65 and more under health management in the years before: 67.1 % (渝卫答复函〔2025〕77号).
const MANAGED: f64 = 0.671;
/// Checks that were begun and not finished, and finished ones that lack a main part: what a county has to look after.
const HALF_DONE: f64 = 0.05;
const SHORT: f64 = 0.02;
/// Finished checks that lack something small.
const INCOMPLETE: f64 = 0.12;
/// Share of those checked this year who were asked about their constitution as well.
const ASKED: f64 = 0.5;

pub const DOCTORS: &[&str] = &["李建华", "何秀芳", "王建国", "刘桂英", "陈志强"];

/// What happens in one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Year {
    Whole,
    /// Finished without the ultrasound.
    Incomplete,
    /// Finished without blood pressure.
    Short,
    HalfDone,
}

/// A check that a person is to have had.
pub struct Drawn {
    pub day: Date,
    pub values: Values,
    pub doctor: &'static str,
    pub finished: bool,
    /// Whether the person is asked about their constitution as well.
    asked: bool,
}

/// Draws the checks of a person in so many years up to that of the published figures, in which exactly those are managed
/// whom the figures count; gives the chance that is left, too.
pub fn draw_all(app: &App, region: &str, person: &Person, days: Days, years: i16) -> (Vec<Drawn>, Chance) {
    let mut all = Vec::new();
    let mut chance = Chance::new(person.seed());
    let body = Body::of(&mut chance, person);
    let gone = person.died.or(person.moved);
    let last = days.managed.year();
    let has_rules = |day: Date| app.policy_in(region, day).read(|it| &it.healthcheck.items).is_ok();
    for year in last - years + 1..=last {
        let managed = if year == last { person.standing.managed } else { chance.happens(MANAGED) };
        let drawn = draw(&mut chance, managed);
        let (day_drawn, asked) = (chance.below(10_000), chance.happens(ASKED));
        let Some(drawn) = drawn else { continue };
        let Some(day) = day_of(&has_rules, person, year, days.managed, gone, day_drawn) else { continue };
        let mut values = body.values(&mut chance, year - last);
        leave_out(app, region, day, drawn, &mut values);
        all.push(Drawn {
            day,
            values,
            doctor: DOCTORS[day_drawn % DOCTORS.len()],
            // Nobody leaves a check of a former year half done for ever: it is finished without what is missing.
            finished: drawn != Year::HalfDone || year < last,
            asked: asked && year == last && drawn == Year::Whole,
        });
    }
    (all, chance)
}

impl Drawn {
    pub fn past(&self) -> healthcheck::Past<'_> {
        healthcheck::Past { values: &self.values, doctor: self.doctor, finished: self.finished }
    }

    /// What a finished check is told to contracts as.
    pub fn served(&self, check: &Key) -> Option<Served> {
        let source = format!("healthcheck:{check}");
        self.finished.then_some(Served { service: Service::HealthCheck, day: self.day, source })
    }
}

/// Who tells other modules of finished checks, as of today: nobody in person.
pub fn told(now: &Ask) -> Ask {
    Ask::of(&now.app, Who::system(now.who.scope.clone()), now.now)
}

/// Writes the checks of a person, each on its day. `on` gives the `Ask` of a day. Gives what is finished.
pub fn write(
    tx: &Tx<'_>,
    on: &dyn Fn(Date) -> Ask,
    elder: &Elder,
    person: &Person,
    days: Days,
    history: History,
) -> Result<Vec<Served>> {
    let mut served = Vec::new();
    let now = on(days.today);
    let told = told(&now);
    let (checks, mut chance) = draw_all(&now.app, &elder.key.region, person, days, history.years);
    let had_any = !checks.is_empty();
    for drawn in checks {
        let ask = on(drawn.day);
        let check = healthcheck::put(tx, &ask, elder, &drawn.past())?;
        if let Some(it) = drawn.served(&check.key) {
            chronic::put_check(tx, &told, elder, it.day, "")?;
            served.push(it);
        }
        if drawn.asked && history.with_visits {
            let record = constitution(tx, &ask, elder, &mut chance)?;
            let source = format!("tcm:{record}");
            served.push(Served { service: Service::TcmConstitution, day: drawn.day, source });
        }
    }
    if had_any {
        healthcheck::keep_marks(tx, &now.app, &elder.key)?;
    }
    let is_called = is_called(person, elder, days);
    if is_called || !served.is_empty() {
        healthcheck::set_due(tx, &now.app, elder)?;
    }
    if is_called {
        tcm::set_due(tx, &now.app, elder)?;
    }
    Ok(served)
}

/// Whether somebody is called to the next check.
pub fn is_called(person: &Person, elder: &Elder, days: Days) -> bool {
    person.died.or(person.moved).is_none() && 65 <= elder.birth.day.age_on(days.today)
}

fn draw(chance: &mut Chance, managed: bool) -> Option<Year> {
    if managed {
        return Some(if chance.happens(INCOMPLETE) { Year::Incomplete } else { Year::Whole });
    }
    if chance.happens(HALF_DONE) {
        return Some(Year::HalfDone);
    }
    chance.happens(SHORT).then_some(Year::Short)
}

/// A day of the year on which the person was in the register and of the age, and rules were in force.
fn day_of(
    has_rules: &dyn Fn(Date) -> bool,
    person: &Person,
    year: i16,
    until: Date,
    gone: Option<Date>,
    drawn: usize,
) -> Option<Date> {
    let reached = person.draft.birth.day.add_years(65);
    let mut first = Date::new(year, 1, 2)?.max(person.since).max(reached);
    let mut last = Date::new(year, 12, 31)?.min(until);
    if let Some(gone) = gone {
        last = last.min(gone.add_days(-1));
    }
    // Rules that come into force within the year leave the days after; those of a year without any leave none.
    loop {
        let span = first.days_until(last);
        let day = (0 <= span).then(|| first.add_days((drawn % (span as usize + 1)) as i32))?;
        if has_rules(day) {
            return Some(day);
        }
        first = day.add_days(1);
    }
}

fn leave_out(app: &App, region: &str, day: Date, drawn: Year, values: &mut Values) {
    let policy = app.policy_in(region, day);
    let Ok(form) = Form::of(&policy) else { return };
    let parts: &[&str] = match drawn {
        Year::Whole => &[],
        Year::Incomplete => &["腹部B超"],
        Year::Short => &["血压"],
        Year::HalfDone => {
            &["血常规", "尿常规", "空腹血糖", "肝功能", "肾功能", "血脂", "腹部B超", "健康指导", "结果告知"]
        }
    };
    values.retain(|id, _| form.item(id).is_none_or(|it| !parts.contains(&&*it.part)));
}

/// What somebody's values lie around.
struct Body {
    is_woman: bool,
    frail: bool,
    sbp: f64,
    glucose: f64,
    height: f64,
    weight: f64,
    cholesterol: f64,
    hemoglobin: f64,
}

impl Body {
    fn of(chance: &mut Chance, person: &Person) -> Body {
        let is_woman = person.draft.sex == "female";
        let is_chronic = person.draft.groups.iter().any(|it| it.0 == "chronic");
        let has_diabetes = chance.happens(if is_chronic { 0.24 } else { 0.04 });
        let height = if is_woman { 152.0 } else { 163.0 } + bell(chance) * 6.0;
        Body {
            is_woman,
            frail: person.draft.groups.iter().any(|it| it.0 == "disabled"),
            sbp: if is_chronic { 139.0 } else { 126.0 } + bell(chance) * 12.0,
            glucose: if has_diabetes { 8.1 } else { 5.2 } + bell(chance) * if has_diabetes { 1.8 } else { 0.5 },
            weight: (height / 100.0).powi(2) * (23.4 + bell(chance) * 3.0),
            height,
            cholesterol: 4.7 + bell(chance) * 0.8,
            hemoglobin: if is_woman { 128.0 } else { 141.0 } + bell(chance) * 12.0,
        }
    }

    /// Everything a check asks for, `ago` years from now.
    fn values(&self, chance: &mut Chance, ago: i16) -> Values {
        let mut all = Values::new();
        let later = f64::from(ago);
        let mut number = |id: &str, value: f64, decimals: usize, least: f64, most: f64| {
            all.insert(id.to_string(), format!("{:.decimals$}", value.clamp(least, most)));
        };
        let sbp = self.sbp + later * 1.2 + bell(chance) * 9.0;
        number("sbp", sbp, 0, 84.0, 204.0);
        number("dbp", 76.0 + (sbp - 130.0) * 0.32 + bell(chance) * 6.0, 0, 48.0, 118.0);
        number("glucose", self.glucose + bell(chance) * 0.5, 1, 3.8, 19.0);
        number("height", self.height, 1, 130.0, 190.0);
        let weight = self.weight + bell(chance) * 1.2;
        number("weight", weight, 1, 34.0, 120.0);
        number("waist", weight / self.height * 212.0 + bell(chance) * 3.0, 1, 58.0, 130.0);
        number("temperature", 36.5 + bell(chance) * 0.2, 1, 35.8, 37.6);
        number("pulse", 74.0 + bell(chance) * 9.0, 0, 48.0, 118.0);
        number("respiration", 18.0 + bell(chance) * 1.5, 0, 13.0, 25.0);
        number("vision_left", 4.7 + bell(chance) * 0.2, 1, 3.8, 5.2);
        number("vision_right", 4.7 + bell(chance) * 0.2, 1, 3.8, 5.2);
        number("hemoglobin", self.hemoglobin + bell(chance) * 4.0, 0, 72.0, 180.0);
        number("wbc", 6.2 + bell(chance) * 1.4, 2, 2.6, 14.0);
        number("platelets", 208.0 + bell(chance) * 45.0, 0, 80.0, 420.0);
        number("alt", 20.0 + bell(chance) * 9.0, 0, 6.0, 120.0);
        number("ast", 22.0 + bell(chance) * 7.0, 0, 8.0, 110.0);
        number("bilirubin", 12.5 + bell(chance) * 4.0, 1, 4.0, 40.0);
        number("creatinine", if self.is_woman { 62.0 } else { 80.0 } + bell(chance) * 12.0, 1, 38.0, 210.0);
        number("urea", 5.6 + bell(chance) * 1.3, 1, 2.4, 18.0);
        let cholesterol = self.cholesterol + bell(chance) * 0.3;
        number("cholesterol", cholesterol, 2, 2.4, 9.0);
        number("triglycerides", 1.45 + bell(chance) * 0.5, 2, 0.4, 7.5);
        number("ldl", cholesterol * 0.58 + bell(chance) * 0.2, 2, 0.8, 6.5);
        number("hdl", 1.32 + bell(chance) * 0.22, 2, 0.7, 2.4);
        self.words(chance, &mut all);
        all
    }

    /// The fields that are chosen: mostly what is usual, now and then something else.
    fn words(&self, chance: &mut Chance, all: &mut Values) {
        let usual: &[(&str, &[(&str, u32)])] = &[
            ("symptoms", &[("none", 72), ("dizziness", 9), ("joints", 10), ("cough", 5), ("chest_pain", 2)]),
            (
                "self_rated",
                &[("content", 30), ("rather_content", 48), ("unsure", 10), ("rather_discontent", 9), ("discontent", 3)],
            ),
            ("cognition", &[("negative", 92), ("positive", 8)]),
            ("mood", &[("negative", 94), ("positive", 6)]),
            ("exercise", &[("daily", 42), ("weekly", 24), ("rarely", 20), ("never", 14)]),
            ("diet", &[("balanced", 66), ("vegetable", 12), ("salt", 14), ("oil", 5), ("sugar", 3)]),
            ("drinking", &[("never", 74), ("rarely", 15), ("often", 7), ("daily", 4)]),
            ("adherence", &[("none", 38), ("regular", 50), ("irregular", 10), ("refuses", 2)]),
            ("mouth", &[("normal", 34), ("missing", 42), ("denture", 18), ("decay", 6)]),
            ("hearing", &[("hears", 84), ("unclear", 16)]),
            ("skin", &[("normal", 97), ("other", 3)]),
            ("lymph", &[("none", 995), ("enlarged", 5)]),
            ("lungs", &[("normal", 94), ("breath", 3), ("dry_rales", 2), ("wet_rales", 1)]),
            ("heart", &[("normal", 90), ("irregular", 6), ("fibrillation", 2), ("murmur", 2)]),
            ("abdomen", &[("normal", 98), ("tender", 2)]),
            ("edema", &[("none", 95), ("both", 4), ("one", 1)]),
            ("urine_protein", &[("-", 90), ("±", 6), ("+", 3), ("++", 1)]),
            ("urine_glucose", &[("-", 93), ("±", 2), ("+", 3), ("++", 2)]),
            ("urine_blood", &[("-", 90), ("±", 6), ("+", 4)]),
            (
                "ecg",
                &[
                    ("normal", 66),
                    ("st_t", 12),
                    ("bradycardia", 8),
                    ("premature", 6),
                    ("fibrillation", 3),
                    ("other", 5),
                ],
            ),
            ("ultrasound", &[("normal", 70), ("abnormal", 30)]),
            ("told", &[("in_person", 60), ("on_paper", 24), ("by_phone", 10), ("family", 6)]),
        ];
        for (id, choices) in usual {
            all.insert((*id).to_string(), (*chance.weighed(choices)).to_string());
        }
        let smokes = chance.weighed(&[("never", 70), ("stopped", 12), ("smokes", 18)]);
        all.insert("smoking".into(), if self.is_woman { "never" } else { smokes }.to_string());
        let hypertension = 142.0 <= self.sbp;
        let diabetes = 7.0 <= self.glucose;
        let history = [(hypertension, "hypertension"), (diabetes, "diabetes")];
        let history: Vec<&str> = history.iter().filter(|it| it.0).map(|it| it.1).collect();
        all.insert("history".into(), if history.is_empty() { "none".to_string() } else { history.join(" ") });
        all.insert("movement".into(), if self.frail { "unable" } else { "able" }.to_string());
        let mut guidance = vec!["falls", "bones", "accidents", "vaccines", "next_year"];
        guidance.extend(hypertension.then_some("salt"));
        guidance.extend(diabetes.then_some("sugar"));
        all.insert("guidance".into(), guidance.join(" "));
        let score = |chance: &mut Chance, heavy: &[(&'static str, u32)]| (*chance.weighed(heavy)).to_string();
        for (id, well, frail) in [
            ("eat", &[("0", 97), ("3", 3)][..], &[("0", 45), ("3", 40), ("5", 15)][..]),
            ("wash", &[("0", 93), ("1", 7)], &[("1", 40), ("3", 45), ("7", 15)]),
            ("dress", &[("0", 97), ("3", 3)], &[("0", 35), ("3", 45), ("5", 20)]),
            ("toilet", &[("0", 95), ("1", 5)], &[("1", 45), ("5", 40), ("10", 15)]),
            ("move", &[("0", 88), ("1", 12)], &[("1", 35), ("5", 45), ("10", 20)]),
        ] {
            all.insert(id.into(), score(chance, if self.frail { frail } else { well }));
        }
    }
}

/// Roughly a standard normal deviate.
fn bell(chance: &mut Chance) -> f64 {
    let sum: f64 = (0..6).map(|_| chance.below(1_000) as f64 / 1_000.0).sum();
    (sum - 3.0) * std::f64::consts::SQRT_2
}

/// One questionnaire around a type, and in most cases the advice for it; gives the record.
fn constitution(tx: &Tx<'_>, ask: &Ask, elder: &Elder, chance: &mut Chance) -> Result<Key> {
    let leaning: &[(&[u8], u32)] = &[
        (&[], 34),
        (&[2, 3, 4, 14], 16),
        (&[11, 12, 13, 29], 14),
        (&[10, 21, 26, 31], 10),
        (&[9, 16, 28, 32], 14),
        (&[23, 25, 27, 30], 4),
        (&[19, 22, 24, 33], 5),
        (&[5, 6, 7, 8], 3),
    ];
    let leaning = *chance.weighed(leaning);
    let mut given: BTreeMap<String, String> = BTreeMap::new();
    for item in 1..=33_u8 {
        let usual = if item == 1 { 4 } else { 1 + chance.below(2) };
        let score = if leaning.contains(&item) { 3 + chance.below(2) } else { usual };
        given.insert(item.to_string(), score.to_string());
    }
    let past = Past {
        programme: Programme::PublicHealth,
        instrument: "tcm-33",
        reason: "regular",
        site: "home",
        answers: &given,
        facts: &Facts::default(),
        assessors: [None, None],
    };
    let it = assessment::take(tx, ask, elder, &past)?;
    let mut record = tcm::take(tx, ask, &it, elder)?;
    if record.state == rules::tcm::State::Settled && chance.happens(0.9) {
        tcm::advise(tx, ask, &mut record, elder, "")?;
    }
    Ok(record.key)
}
