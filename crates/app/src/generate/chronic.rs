//! Chronic diseases and vaccinations of the last years: registered, visited by the rules and dosed as real ones are.

use kit::{Ask, Id, Result, Tx, form::Input};
use rules::{base::Date, contracting::Service};

use super::{chance::Chance, people::Person, signed::Served};
use crate::{
    chronic::{self, Past},
    elders::Elder,
    vaccination::{self, Former},
};

/// Of those with a chronic disease, the share with each; surveys of elders give about six in ten with hypertension and two
/// in ten with diabetes.
const DISEASES: &[(&str, f64)] = &[
    ("hypertension", 0.62),
    ("diabetes", 0.22),
    ("coronary", 0.14),
    ("stroke", 0.09),
    ("copd", 0.08),
    ("cancer", 0.02),
    ("mental", 0.01),
];
/// How often a visit that is due takes place, is face to face, and a year has its check.
const KEPT: f64 = 0.86;
const FACE_TO_FACE: f64 = 0.94;
const CHECKED: f64 = 0.78;
/// Shares of those of 65 and more who took a free vaccine: flu each season, pneumococcal once.
const FLU: f64 = 0.31;
const PNEUMOCOCCAL: f64 = 0.24;
const YEARS: i32 = 2;

const PRESSURE_MEDICINES: &[(&str, &str)] =
    &[("氨氯地平", "5 mg"), ("缬沙坦", "80 mg"), ("硝苯地平控释片", "30 mg"), ("吲达帕胺", "1.5 mg")];
const GLUCOSE_MEDICINES: &[(&str, &str)] = &[("二甲双胍", "0.5 g"), ("格列美脲", "2 mg"), ("阿卡波糖", "50 mg")];
const FLU_MAKERS: &[&str] = &["示例生物甲", "示例生物乙"];

/// Writes what happened to one person since their record began; `on` asks as of a day. Of those who died or left, the
/// county that looks after them knows no more. Gives the visits.
pub fn write(
    tx: &Tx<'_>,
    on: &dyn Fn(Date) -> Ask,
    elder: &Elder,
    person: &Person,
    today: Date,
) -> Result<Vec<Served>> {
    if person.died.or(person.moved).is_some() {
        return Ok(Vec::new());
    }
    let mut chance = Chance::new(person.seed());
    let first = person.since.max(today.add_years(-YEARS));
    let is_ill = person.draft.groups.iter().any(|it| it.0 == "chronic");
    let past = if is_ill && first < today { care(&mut chance, person, first, today) } else { Past::default() };
    let visits = chronic::take_past(tx, &on(today), on, elder, &past)?;
    let doses = doses(&mut chance, elder.birth.day, first, today);
    let former: Vec<Former<'_>> = doses
        .iter()
        .map(|it| Former {
            vaccine: it.vaccine,
            day: it.day,
            batch: &it.batch,
            maker: it.maker,
            place: "县疾控中心接种点",
            free: true,
            source: "import",
        })
        .collect();
    vaccination::take_past(tx, &on(today), elder, &former)?;
    let served =
        |(id, day): (Id, Date)| Served { service: Service::FollowUp, day, source: chronic::source(&elder.key, id) };
    Ok(visits.into_iter().map(served).collect())
}

fn care(chance: &mut Chance, person: &Person, first: Date, end: Date) -> Past {
    let mut past = Past { hospital: "县人民医院".into(), ..Past::default() };
    for (kind, share) in DISEASES {
        if chance.happens(*share) {
            let years = 1 + chance.below(15) as i32;
            past.diseases.push((*kind, first.add_years(-years).year().to_string(), first));
        }
    }
    let has = |kind: &str| past.diseases.iter().any(|it| it.0 == kind);
    let (pressure, glucose) = (has("hypertension"), has("diabetes"));
    if !pressure && !glucose {
        return past;
    }
    // Most are treated well enough; a third hover around the limit, some lie far above it.
    let systolic = 124 + chance.below(18) as i64 + *chance.weighed(&[(0, 62), (10, 28), (22, 10)]);
    let fasting = 52 + chance.below(14) as i64 + *chance.weighed(&[(0, 58), (10, 30), (32, 12)]);
    for (is_taken, all) in [(pressure, PRESSURE_MEDICINES), (glucose, GLUCOSE_MEDICINES)] {
        if is_taken && chance.happens(0.88) {
            let (name, dose) = chance.pick(all);
            let times = if chance.happens(0.7) { "daily1" } else { "daily2" };
            past.medicines.push((first, form(&[("name", *name), ("dose", *dose), ("times", times)])));
        }
    }
    let mut day = first.add_days(chance.below(20) as i32);
    while day < end {
        if chance.happens(KEPT) {
            past.visits.push((day, visit(chance, pressure, glucose, systolic, fasting)));
        }
        day = day.add_days(78 + chance.below(20) as i32);
    }
    let mut year = first.year();
    while year <= end.year() {
        let check = Date::new(year, 3 + chance.below(8) as i8, 1 + chance.below(28) as i8);
        let there = |day: &Date| person.since <= *day && *day < end;
        // From 65 on the yearly check of public health is the check.
        let own = |day: &Date| person.draft.birth.day.age_on(*day) < 65 && chance.happens(CHECKED);
        past.checks.extend(check.filter(there).filter(own));
        year += 1;
    }
    past
}

fn visit(chance: &mut Chance, pressure: bool, glucose: bool, systolic: i64, fasting: i64) -> Input {
    let mode = match chance.happens(FACE_TO_FACE) {
        true => *chance.weighed(&[("clinic", 7), ("home", 3)]),
        false => "phone",
    };
    let measured = mode != "phone";
    let mut input =
        form(&[("mode", mode), ("adherence", *chance.weighed(&[("regular", 82), ("irregular", 15), ("none", 3)]))]);
    // Taken down where a referral waits for its result.
    input.set("referral_result", "treated");
    if measured {
        let (up, down) = (chance.below(21) as i64 - 10, chance.below(15) as i64 - 7);
        let systolic = systolic + up;
        input.set("systolic", systolic.to_string());
        input.set("diastolic", (systolic * 56 / 100 + down).clamp(50, systolic - 20).to_string());
        input.set("heart_rate", (64 + chance.below(24)).to_string());
    }
    if measured && glucose {
        let value = fasting + chance.below(13) as i64 - 6;
        input.set("fasting", format!("{}.{}", value / 10, value % 10));
    }
    if pressure && chance.happens(0.015) {
        input.set("adverse", "on");
        input.set("adverse_text", "踝部水肿");
    }
    input
}

fn form(pairs: &[(&str, &str)]) -> Input {
    Input::from_pairs(pairs.iter().map(|it| (it.0.to_string(), it.1.to_string())))
}

struct Dose {
    vaccine: &'static str,
    day: Date,
    batch: String,
    maker: &'static str,
}

fn doses(chance: &mut Chance, born: Date, first: Date, end: Date) -> Vec<Dose> {
    let mut all = Vec::new();
    let of_age = born.add_years(65);
    // Who takes it one year mostly takes it the next.
    let willing = chance.happens(FLU * 1.25);
    for year in first.year()..=end.year() {
        let day = Date::new(year, 9 + chance.below(3) as i8, 1 + chance.below(28) as i8);
        let takes = willing && chance.happens(0.8);
        let maker = *chance.pick(FLU_MAKERS);
        let lot = 1 + chance.below(4);
        if let Some(day) = day.filter(|it| takes && first.max(of_age) <= *it && *it < end) {
            all.push(Dose { vaccine: "flu", day, batch: format!("F{year}{lot:02}"), maker });
        }
    }
    let span = first.max(of_age).days_until(end);
    if 0 < span && chance.happens(PNEUMOCOCCAL) {
        let day = first.max(of_age).add_days(chance.below(span as usize) as i32);
        all.push(Dose { vaccine: "ppv23", day, batch: format!("P{}01", day.year()), maker: "示例生物丙" });
    }
    all
}
