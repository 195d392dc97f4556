//! What the register tells the tally: where each elder lives and since when, ages, groups.

use kit::{
    App, Result, Tx,
    tally::{self, Family, PERSON, Span, Thing},
};
use rules::base::Date;

use super::{
    elder::Key,
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

pub fn thing(key: &Key) -> Thing<'_> {
    Thing::new(PERSON, &key.region, key.id)
}

/// What the facts say of one person.
pub fn facts(tx: &Tx<'_>, _: &App, thing: &Thing<'_>) -> Result<Vec<(&'static str, Vec<Span>)>> {
    if thing.kind != PERSON {
        return Ok(Vec::new());
    }
    let birth: Option<Date> =
        tx.row("select birth from elder where region = $1 and id = $2", &[&thing.region, &thing.id], |row| row.get(0))?;
    let Some(birth) = birth else { return Ok(Vec::new()) };
    let key = Key { region: thing.region.to_string(), id: thing.id };
    Ok(spans(birth, &groups::of(tx, &key)?))
}

/// What holds of somebody by birth date and groups.
pub(super) fn spans(birth: Date, groups: &[Membership]) -> Vec<(&'static str, Vec<Span>)> {
    let mut all: Vec<(&'static str, Vec<Span>)> =
        AGES.iter().map(|(age, mark)| (*mark, vec![Span::new(birth.add_years(*age))])).collect();
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
    all
}

/// Says anew what holds of a person.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    let said = facts(tx, app, &thing(key))?;
    tally::set_all(tx, app, &thing(key), &said)
}

/// The person lives in `place` from `day` on, and no longer where they lived before.
pub fn settled(tx: &Tx<'_>, app: &App, key: &Key, place: &str, day: Date) -> Result<()> {
    let mut stays = tally::units(tx, &thing(key), Family::Place)?;
    match stays.last_mut() {
        Some(last) if last.2.is_none() && last.0 == place => return Ok(()),
        Some(last) if last.2.is_none() => last.2 = Some(day),
        _ => {}
    }
    // Who settles twice on one day has lived in the last place alone.
    stays.retain(|it| it.2 != Some(it.1));
    stays.push((place.to_string(), day, None));
    tally::set_units(tx, app, &thing(key), Family::Place, &stays)
}

/// The person is no longer in the register from `day` on; without a day, never was.
pub fn left(tx: &Tx<'_>, app: &App, key: &Key, day: Option<Date>) -> Result<()> {
    let mut stays = tally::units(tx, &thing(key), Family::Place)?;
    match (day, stays.last_mut()) {
        (Some(day), Some(last)) if last.2.is_none() => last.2 = Some(day),
        (Some(_), _) => return Ok(()),
        (None, _) => stays.clear(),
    }
    tally::set_units(tx, app, &thing(key), Family::Place, &stays)
}

/// The person is in the register again as if never gone.
pub fn returned(tx: &Tx<'_>, app: &App, key: &Key, place: &str, since: Date) -> Result<()> {
    let mut stays = tally::units(tx, &thing(key), Family::Place)?;
    match stays.last_mut() {
        Some(last) => last.2 = None,
        None => stays.push((place.to_string(), since, None)),
    }
    tally::set_units(tx, app, &thing(key), Family::Place, &stays)
}
