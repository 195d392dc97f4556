//! What institutions tell the tally: since when each is there, its kind, licences, modes, departments and beds.

use kit::{
    App, Result, Tx,
    tally::{self, Family, Lot, Marks, Span, Thing},
};
use rules::{
    base::{Date, Region},
    institution::{self as rule, Asked, Licences},
};

use super::{
    fact::{self, Facts},
    institution::{self, Institution},
    licence::{self, Licence},
    words,
};
use crate::elders::Key;

/// The kind of things that institutions are.
pub const INSTITUTION: &str = "institution";

/// (kind of organisation, mark).
const KINDS: &[(&str, &str)] = &[
    ("community_health_centre", "institutions.community_health_centre"),
    ("township_health_centre", "institutions.township_health_centre"),
    ("community_hospital", "institutions.community_hospital"),
    ("county_subcentre", "institutions.county_subcentre"),
    ("hospital", "institutions.hospital"),
    ("elderly_home", "institutions.elderly_home"),
    ("care_centre", "institutions.care_centre"),
    ("regional_centre", "institutions.regional_centre"),
    ("day_care", "institutions.day_care"),
    ("mutual_house", "institutions.mutual_house"),
];

/// (fact, mark).
const FACTS: &[(&str, &str)] = &[
    ("mode_contracted", "institutions.contracted"),
    ("mode_clinic_inside", "institutions.clinic_inside"),
    ("mode_care_inside", "institutions.care_inside"),
    ("mode_embedded", "institutions.embedded"),
    ("infirmary", "institutions.infirmary"),
    ("tcm_hall", "institutions.tcm_hall"),
    ("geriatrics", "institutions.geriatrics"),
    ("age_friendly", "institutions.age_friendly"),
    ("green_channel", "institutions.green_channel"),
    ("insurance", "institutions.insurance"),
    ("internet_nursing", "institutions.internet_nursing"),
];

/// (fact, mark) of beds, which count their number.
const BEDS: &[(&str, &str)] = &[
    ("beds_medical", "institutions.beds_medical"),
    ("beds_elderly", "institutions.beds_elderly"),
    ("beds_nursing", "institutions.beds_nursing"),
];

/// Any of these makes medical care available to those who live in an institution.
const WITH_MEDICINE: &[&str] =
    &["mode_contracted", "mode_clinic_inside", "mode_care_inside", "mode_embedded", "infirmary"];

pub fn thing(key: &Key) -> Thing<'_> {
    Thing::new(INSTITUTION, &key.region, key.id)
}

/// Says anew what holds of an institution and where it lies.
pub fn keep(tx: &Tx<'_>, app: &App, it: &Institution) -> Result<()> {
    let said = of(tx, app, &thing(&it.key))?;
    tally::set_all(tx, app, &thing(&it.key), &said)?;
    let Some(known) = &it.known else { return Ok(()) };
    let stay = |unit: String| [(unit, known.opened, known.closed)];
    tally::set_units(tx, app, &thing(&it.key), Family::Place, &stay(it.place.clone()))?;
    let own = Family::Organisation.unit(it.key.id);
    tally::set_units(tx, app, &thing(&it.key), Family::Organisation, &stay(own))
}

/// What the facts say of institutions, which are few.
pub fn facts(tx: &Tx<'_>, app: &App, lot: &Lot<'_>) -> Result<tally::Facts> {
    if lot.kind == INSTITUTION { lot.each(|it| of(tx, app, it)) } else { Ok(tally::Facts::new()) }
}

fn of(tx: &Tx<'_>, app: &App, thing: &Thing<'_>) -> Result<Marks> {
    let key = Key { region: thing.region.to_string(), id: thing.id };
    let it = institution::by_key(tx, &key)?;
    let Some(known) = &it.known else { return Ok(Vec::new()) };
    let life = Span::new(known.opened).until(known.closed);
    let (facts, licences) = (fact::of(tx, &key)?, licence::of(tx, &key)?);
    let mut all: Marks = vec![
        ("institutions.medical", if words::MEDICAL.contains(&&*it.kind) { vec![life.clone()] } else { Vec::new() }),
        ("institutions.care", if words::CARE.contains(&&*it.kind) { vec![life.clone()] } else { Vec::new() }),
    ];
    for (kind, mark) in KINDS {
        all.push((mark, if it.kind == *kind { vec![life.clone()] } else { Vec::new() }));
    }
    let held = |kind: &str| within(&life, stretches(&facts, kind).into_iter().map(|it| (it.0, it.1, 1)));
    for (kind, mark) in FACTS {
        all.push((mark, held(kind)));
    }
    all.push(("institutions.with_medicine", WITH_MEDICINE.iter().flat_map(|kind| held(kind)).collect()));
    for (kind, mark) in BEDS {
        let beds = stretches(&facts, kind).into_iter().map(|it| (it.0, it.1, it.2.parse().unwrap_or(0)));
        all.push((mark, within(&life, beds)));
    }
    let grade_a = stretches(&facts, "level").into_iter().filter(|it| it.2 == "grade_a").map(|it| (it.0, it.1, 1));
    all.push(("institutions.grade_a", within(&life, grade_a)));
    let level_2 = stretches(&facts, "level").into_iter().filter(|it| matches!(&*it.2, "level2" | "level3"));
    all.push(("institutions.level2", within(&life, level_2.map(|it| (it.0, it.1, 1)))));
    let region: Region = key.region.parse().map_err(kit::Error::internal)?;
    all.extend(by_policy(app, region, &it, &life, &facts, &licences));
    Ok(all)
}

fn stretches(facts: &Facts, kind: &str) -> Vec<(Date, Option<Date>, String)> {
    facts.get(kind).map_or(Vec::new(), |it| it.stretches())
}

/// The parts of stretches in which the institution is there, each with its amount.
fn within(life: &Span, all: impl Iterator<Item = (Date, Option<Date>, i64)>) -> Vec<Span> {
    all.filter(|it| 0 < it.2)
        .filter_map(|(from, until, amount)| {
            let from = from.max(life.from);
            let until = match (until, life.until) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            until.is_none_or(|it| from < it).then(|| Span::new(from).until(until).amount(amount))
        })
        .collect()
}

/// What depends on policy as well as on facts: between the days on which either changes nothing does.
fn by_policy(app: &App, region: Region, it: &Institution, life: &Span, facts: &Facts, licences: &[Licence]) -> Marks {
    let all: Vec<rule::Licence> = licences.iter().map(Licence::fact).collect();
    let mut days = vec![life.from];
    days.extend(all.iter().flat_map(|it| [Some(it.from), it.ends()]).flatten());
    days.extend(["level", "owner"].iter().filter_map(|kind| facts.get(*kind)).flat_map(|it| it.days()));
    days.extend(policy_days(app));
    days.retain(|it| life.from <= *it && life.until.is_none_or(|end| *it < end));
    days.sort_unstable();
    days.dedup();
    let licences = Licences { all };
    let marks = ["institutions.both_licences", "institutions.green_due", "institutions.geriatrics_due"];
    let mut said: Marks = marks.iter().map(|it| (*it, Vec::new())).collect();
    for (at, day) in days.iter().enumerate() {
        let policy = app.policy.at(region, *day);
        let asked = Asked {
            kind: it.kind.clone(),
            level: fact::on(facts, "level", *day).to_string(),
            is_public: fact::on(facts, "owner", *day).starts_with("public").into(),
        };
        let owes = rule::owes(&asked, &policy).ok();
        let holds = [
            rule::licensed(&licences, &policy).is_ok_and(|it| it.both()),
            owes.as_ref().is_some_and(|it| it.green_channel.is_yes()),
            owes.as_ref().is_some_and(|it| it.geriatrics.is_yes()),
        ];
        let until = days.get(at + 1).copied().or(life.until);
        for (spans, _) in said.iter_mut().map(|it| &mut it.1).zip(holds).filter(|it| it.1) {
            match spans.last_mut() {
                Some(last) if last.until == Some(*day) => last.until = until,
                _ => spans.push(Span::new(*day).until(until)),
            }
        }
    }
    said
}

/// The days on which some region lays down something new about institutions.
fn policy_days(app: &App) -> Vec<Date> {
    let mut days = app.policy.days_of(|it| &it.institutions.medical_licences);
    days.extend(app.policy.days_of(|it| &it.institutions.care_licences));
    days.extend(app.policy.days_of(|it| &it.institutions.green_channel_kinds));
    days.extend(app.policy.days_of(|it| &it.institutions.geriatrics_levels));
    days
}
