//! What the register tells the tally: where each elder lives and since when, ages, groups.

use std::collections::HashMap;

use kit::{
    App, Id, Result, Tx,
    tally::{self, Facts, Family, Lot, Marks, PERSON, Span, Thing},
};
use rules::base::Date;

use super::{
    elder::{Elder, Key},
    groups::{self, Membership},
};

/// (age, mark): who reached an age counts from the birthday on.
const AGES: &[(i32, &str)] =
    &[(60, "elders.aged60"), (65, "elders.aged65"), (80, "elders.aged80"), (90, "elders.aged90")];

/// The mark of the poor.
pub const POOR: &str = "elders.poor";

/// (group, mark).
pub const GROUPS: &[(&str, &str)] = &[
    ("disabled", "elders.disabled"),
    ("demented", "elders.demented"),
    ("chronic", "elders.chronic"),
    ("oldest", "elders.oldest"),
    ("handicapped", "elders.handicapped"),
    ("homebound", "elders.homebound"),
    ("left_behind", "elders.left_behind"),
    ("alone", "elders.alone"),
    ("poor", POOR),
    ("special_family", "elders.special_family"),
];

/// The mark of those in a group that a programme puts first: 失能、高龄、残疾、困难、计生特殊家庭.
pub const PRIORITY: &str = "elders.priority";
const PRIORITY_GROUPS: &[&str] = &["disabled", "demented", "oldest", "handicapped", "poor", "special_family"];

/// The mark of those in a group of which by policy everybody is to be signed (应签尽签).
pub const MUST_SIGN: &str = "elders.must_sign";

pub fn thing(key: &Key) -> Thing<'_> {
    Thing::new(PERSON, &key.region, key.id)
}

/// What the facts say of persons.
pub fn facts(tx: &Tx<'_>, app: &App, lot: &Lot<'_>) -> Result<Facts> {
    if lot.kind != PERSON {
        return Ok(Facts::new());
    }
    let groups = groups::of_lot(tx, lot)?;
    let births: HashMap<Id, Vec<Date>> =
        lot.rows(tx, "select birth, id from elder where region = $1 and id >= $2 and id <= $3", |row| row.get(0))?;
    lot.each(|it| {
        let Some(birth) = births.get(&it.id).and_then(|it| it.first()) else { return Ok(Vec::new()) };
        Ok(spans(app, lot.region, *birth, groups.get(&it.id).map_or(&[], |it| it)))
    })
}

/// What holds of somebody by birth date and groups.
pub(super) fn spans(app: &App, region: &str, birth: Date, groups: &[Membership]) -> Marks {
    let mut all: Marks = AGES.iter().map(|(age, mark)| (*mark, vec![Span::new(birth.add_years(*age))])).collect();
    let stays: Vec<(&str, Span)> = groups
        .iter()
        .filter_map(|it| {
            let until: Option<Date> = it.until.as_ref().and_then(|day| day.parse().ok());
            Some((&*it.kind, Span::new(it.from.parse().ok()?).until(until)))
        })
        .collect();
    for (kind, mark) in GROUPS {
        let spans = stays.iter().filter(|it| it.0 == *kind).map(|it| it.1.clone()).collect();
        all.push((mark, spans));
    }
    let first = stays.iter().filter(|it| PRIORITY_GROUPS.contains(&it.0)).map(|it| it.1.clone()).collect();
    all.push((PRIORITY, first));
    all.push((MUST_SIGN, must_sign(app, region, &stays)));
    all
}

/// The parts of stays in groups in which policy has everybody of them signed.
fn must_sign(app: &App, region: &str, stays: &[(&str, Span)]) -> Vec<Span> {
    if stays.is_empty() {
        return Vec::new();
    }
    let mut days = app.policy.days_of(|it| &it.contracting.must_sign);
    days.sort_unstable();
    days.dedup();
    let mut all = Vec::new();
    for (at, from) in days.iter().enumerate() {
        let until = days.get(at + 1).copied();
        let policy = app.policy_in(region, *from);
        let Ok(listed) = policy.read(|it| &it.contracting.must_sign) else { continue };
        let stays = stays.iter().filter(|it| listed.iter().any(|group| group.word() == it.0));
        all.extend(stays.map(|(_, stay)| {
            let ends = [stay.until, until].into_iter().flatten().min();
            Span::new(stay.from.max(*from)).until(ends)
        }));
    }
    all
}

/// Says anew what holds of a person.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    let birth: Option<Date> =
        tx.row("select birth from elder where region = $1 and id = $2", &[&key.region, &key.id], |row| row.get(0))?;
    let Some(birth) = birth else { return Ok(()) };
    tally::set_all(tx, app, &thing(key), &spans(app, &key.region, birth, &groups::of(tx, key)?))
}

/// Keeps anew what the facts of a module say of one person.
pub fn keep_facts(
    tx: &Tx<'_>,
    app: &App,
    key: &Key,
    facts: fn(&Tx<'_>, &App, &Lot<'_>) -> Result<Facts>,
) -> Result<()> {
    let ids: [Id; 1] = [key.id];
    let lot = Lot { kind: PERSON, region: &key.region, ids: &ids };
    let said = facts(tx, app, &lot)?.remove(&key.id).unwrap_or_default();
    tally::set_all(tx, app, &thing(key), &said)
}

/// The person lives in `place` from `day` on, and no longer where they lived before.
pub fn settled(tx: &Tx<'_>, app: &App, key: &Key, place: &str, day: Date) -> Result<()> {
    belongs(tx, app, key, Family::Place, Some(place.to_string()), day)
}

/// The person lives in an institution from `day` on, or in none.
pub fn housed(tx: &Tx<'_>, app: &App, key: &Key, organisation: Option<Id>, day: Date) -> Result<()> {
    belongs(tx, app, key, Family::Organisation, organisation.map(|it| Family::Organisation.unit(it)), day)
}

fn belongs(tx: &Tx<'_>, app: &App, key: &Key, family: Family, unit: Option<String>, day: Date) -> Result<()> {
    let mut stays = tally::units(tx, &thing(key), family)?;
    match stays.last_mut().filter(|it| it.2.is_none()) {
        Some(last) if unit.as_ref() == Some(&last.0) => return Ok(()),
        Some(last) => last.2 = Some(day),
        None if unit.is_none() => return Ok(()),
        None => {}
    }
    // Who settles twice on one day has lived in the last place alone.
    stays.retain(|it| it.2 != Some(it.1));
    stays.extend(unit.map(|it| (it, day, None)));
    tally::set_units(tx, app, &thing(key), family, &stays)
}

/// Where somebody lives, and in which institution.
const HOMES: [Family; 2] = [Family::Place, Family::Organisation];

/// The person is no longer in the register from `day` on; without a day, never was.
pub fn left(tx: &Tx<'_>, app: &App, key: &Key, day: Option<Date>) -> Result<()> {
    for family in HOMES {
        let mut stays = tally::units(tx, &thing(key), family)?;
        match (day, stays.last_mut()) {
            (Some(day), Some(last)) if last.2.is_none() => last.2 = Some(day),
            (Some(_), _) => continue,
            (None, _) => stays.clear(),
        }
        tally::set_units(tx, app, &thing(key), family, &stays)?;
    }
    Ok(())
}

/// The person is in the register again as if never gone.
pub fn returned(tx: &Tx<'_>, app: &App, elder: &Elder, since: Date) -> Result<()> {
    let key = &elder.key;
    let organisation = elder.organisation.map(|it| Family::Organisation.unit(it));
    for (family, unit) in HOMES.into_iter().zip([Some(elder.place.clone()), organisation]) {
        let mut stays = tally::units(tx, &thing(key), family)?;
        match stays.last_mut() {
            Some(last) if unit.as_ref() == Some(&last.0) || family == Family::Place => last.2 = None,
            _ => stays.extend(unit.map(|it| (it, since, None))),
        }
        tally::set_units(tx, app, &thing(key), family, &stays)?;
    }
    Ok(())
}
