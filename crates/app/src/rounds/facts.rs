//! What is known of everybody and every village of a county: their spells, as `rules::rounds` asks for them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kit::{
    App, Id, Result, Tx,
    place::{Level, Tree},
    tally::{self, Family, Lot, PERSON, Stay},
};
use rules::{
    base::Date,
    elder_groups::Group,
    rounds::{Life, Spell, Stretch, Subject, spells},
};

use super::{
    away,
    home::{self, Homes},
    task::Spot,
};
use crate::{
    assessment,
    elders::{self, Key, Membership, Registered},
    institutions, workforce,
};

/// To whom tasks belong.
#[derive(Debug, Clone)]
pub struct Owner {
    pub subject: Subject,
    pub thing: String,
    /// The elder, or the one by whom a household is called.
    pub elder: Option<Id>,
    pub spot: Spot,
    pub spells: Vec<Spell>,
    /// Why nobody is there any more, should that be so.
    pub fate: &'static str,
}

/// Teams by their places; a grid that has none of its own has its village's.
pub struct Teams(HashMap<String, Id>);

impl Teams {
    pub fn of(tx: &Tx<'_>, region: &str, today: Date) -> Result<Teams> {
        Ok(Teams(workforce::teams_of_places(tx, region, today)?.into_iter().collect()))
    }

    fn of_place(&self, place: &str) -> Option<Id> {
        let own = self.0.get(place);
        own.or_else(|| self.0.get(place.get(..12)?)).copied()
    }

    fn spot(&self, it: &Registered) -> Spot {
        Spot {
            place: it.place.clone(),
            street: it.street.clone(),
            team: self.of_place(&it.place),
            organisation: it.organisation,
        }
    }
}

/// Facts of records, by record.
struct Known {
    stays: HashMap<Id, Vec<Stay>>,
    groups: HashMap<Id, Vec<Membership>>,
    tiers: HashMap<Id, Vec<(u8, Date, Option<Date>)>>,
    aways: HashMap<Id, Vec<Stretch>>,
    /// The records merged into one that stays.
    merged: HashMap<Id, Vec<Id>>,
}

impl Known {
    /// What is known of a person by all their records; where they live, by the one that stays.
    fn life(&self, id: Id) -> Life {
        let there = self.stays.get(&id).into_iter().flatten().map(|it| (it.1, it.2)).collect();
        let mut life = Life { there, ..Life::default() };
        let merged = self.merged.get(&id).map_or(&[][..], |it| it);
        for record in std::iter::once(&id).chain(merged) {
            let groups = self.groups.get(record).into_iter().flatten();
            life.groups.extend(groups.filter_map(|it| {
                let until = it.until.as_ref().and_then(|day| day.parse().ok());
                Some((Group::from_word(&it.kind)?, (it.from.parse().ok()?, until)))
            }));
            let tiers = self.tiers.get(record).into_iter().flatten();
            life.tiers.extend(tiers.map(|(tier, from, until)| (*tier, (*from, *until))));
            life.away.extend(self.aways.get(record).into_iter().flatten());
        }
        life
    }

    fn owner(&self, it: &Registered, teams: &Teams) -> Owner {
        Owner {
            subject: Subject::Elder,
            thing: it.id.to_string(),
            elder: Some(it.id),
            spot: teams.spot(it),
            spells: spells(&self.life(it.id)),
            fate: fate(&it.state),
        }
    }
}

fn fate(state: &str) -> &'static str {
    match state {
        "died" => "died",
        "moved" => "moved",
        "merged" => "merged",
        _ => "away",
    }
}

/// A household of some members.
fn household(id: Id, members: &[(&Registered, &[Spell])], teams: &Teams) -> Option<Owner> {
    let head = members.iter().find(|it| it.0.state == "living").or(members.first())?.0;
    let are_gone = members.iter().all(|it| it.0.state != "living");
    let present = members.iter().flat_map(|it| it.1);
    Some(Owner {
        subject: Subject::Household,
        thing: id.to_string(),
        elder: Some(head.id),
        spot: Spot { organisation: None, ..teams.spot(head) },
        spells: present.map(|it| Spell { groups: Vec::new(), tier: 0, ..it.clone() }).collect(),
        fate: if are_gone { "gone" } else { "away" },
    })
}

/// Everybody and every village of a county.
pub fn of_county(tx: &Tx<'_>, app: &App, region: &str, homes: &Homes, register: &[Registered]) -> Result<Vec<Owner>> {
    let today = app.clock.today();
    let teams = Teams::of(tx, region, today)?;
    let ids: Vec<Id> = register.iter().map(|it| it.id).collect();
    let lot = Lot { kind: PERSON, region, ids: &ids };
    let mut merged: HashMap<Id, Vec<Id>> = HashMap::new();
    for (lost, stays) in elders::merged(tx, region)?.all() {
        merged.entry(stays).or_default().push(lost);
    }
    let known = Known {
        stays: tally::units_of_county(tx, PERSON, region, Family::Place)?,
        groups: elders::groups_of_lot(tx, &lot)?,
        tiers: assessment::tiers_of_lot(tx, &lot)?,
        aways: away::of_lot(tx, &lot)?,
        merged,
    };
    let mut owners: Vec<Owner> = register.iter().map(|it| known.owner(it, &teams)).collect();
    let mut members: BTreeMap<Id, Vec<(&Registered, &[Spell])>> = BTreeMap::new();
    for (it, owner) in register.iter().zip(&owners) {
        if let Some(id) = homes.get(&it.id) {
            members.entry(*id).or_default().push((it, &owner.spells));
        }
    }
    let households: Vec<Owner> = members.iter().filter_map(|(id, of)| household(*id, of, &teams)).collect();
    let clinics = institutions::medical_places(tx, region)?;
    let tree = app.places.tree();
    owners.extend(households);
    owners.extend(villages(&tree, region, register, &known.stays, &clinics, &teams));
    Ok(owners)
}

/// The villages of a county in which elders live, since the first of them came; none is owed while somebody practises
/// medicine there.
fn villages(
    tree: &Tree,
    region: &str,
    register: &[Registered],
    stays: &HashMap<Id, Vec<Stay>>,
    clinics: &[(String, Option<Date>, Option<Date>)],
    teams: &Teams,
) -> Vec<Owner> {
    let mut lived: BTreeMap<&str, (&str, Date)> = BTreeMap::new();
    let is_lived_in: BTreeSet<&str> =
        register.iter().filter(|it| it.state == "living").filter_map(|it| it.place.get(..12)).collect();
    for it in register {
        let Some(village) = it.place.get(..12).filter(|it| is_lived_in.contains(it)) else { continue };
        let of = stays.get(&it.id).into_iter().flatten().filter(|stay| stay.0.starts_with(village));
        let Some(since) = of.map(|stay| stay.1).min() else { continue };
        let known = lived.entry(village).or_insert((&it.street, since));
        known.1 = known.1.min(since);
    }
    let is_here = |code: &str| {
        tree.get(code).is_some_and(|it| it.level == Level::Village)
            && tree.county_of(code).is_some_and(|it| it.code == region)
    };
    let owner = |(code, (street, since)): (&str, (&str, Date))| {
        let practised = clinics.iter().filter(|it| it.0.starts_with(code));
        let life = Life {
            there: vec![(since, None)],
            away: practised.map(|it| (it.1.unwrap_or(since), it.2)).collect(),
            ..Life::default()
        };
        let spot = Spot {
            place: code.to_string(),
            street: street.to_string(),
            team: teams.of_place(code),
            organisation: None,
        };
        Owner {
            subject: Subject::Village,
            thing: code.to_string(),
            elder: None,
            spot,
            spells: spells(&life),
            fate: "not_owed",
        }
    };
    lived.into_iter().filter(|it| is_here(it.0)).map(owner).collect()
}

/// One elder, and the households that concerns.
pub fn of_elder(tx: &Tx<'_>, app: &App, key: &Key, households: &[Id]) -> Result<Vec<Owner>> {
    let region = &key.region;
    let teams = Teams::of(tx, region, app.clock.today())?;
    let mut owners = Vec::new();
    if let Some((it, known)) = one(tx, key)? {
        owners.push(known.owner(&it, &teams));
    }
    for id in households {
        let mut all = Vec::new();
        for member in home::members(tx, region, *id)? {
            if let Some((it, known)) = one(tx, &Key { region: region.clone(), id: member })? {
                let spells = known.owner(&it, &teams).spells;
                all.push((it, spells));
            }
        }
        let members: Vec<(&Registered, &[Spell])> = all.iter().map(|it| (&it.0, &*it.1)).collect();
        owners.extend(household(*id, &members, &teams));
    }
    Ok(owners)
}

fn one(tx: &Tx<'_>, key: &Key) -> Result<Option<(Registered, Known)>> {
    let Some(it) = elders::registered(tx, key)? else { return Ok(None) };
    let mut records = elders::records(tx, key)?;
    records.sort_unstable();
    let lot = Lot { kind: PERSON, region: &key.region, ids: &records };
    let mut known = Known {
        stays: HashMap::from([(key.id, tally::units(tx, &elders::thing(key), Family::Place)?)]),
        groups: HashMap::new(),
        tiers: HashMap::new(),
        aways: HashMap::new(),
        merged: HashMap::from([(key.id, records.iter().copied().filter(|it| *it != key.id).collect())]),
    };
    // One by one: between two records of a person lie those of others.
    for id in &records {
        let lot = Lot { ids: std::slice::from_ref(id), ..lot };
        known.groups.extend(elders::groups_of_lot(tx, &lot)?);
        known.tiers.extend(assessment::tiers_of_lot(tx, &lot)?);
        known.aways.extend(away::of_lot(tx, &lot)?);
    }
    Ok(Some((it, known)))
}
