//! Households (户): elders who live together. The register has no households; those are of one who live at the same numbered
//! address of the same village. Who lives in an institution is of none, whoever's address is not known is one alone.
//!
//! A household goes by a number that its elders keep: it lives on while one of them lives there, wherever they move together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kit::{Ask, Id, Result, Tx, db::Among};

use crate::elders::{self, Elder, Key, Registered};

/// Of which household each elder of a county is, or was when they were last there.
pub type Homes = BTreeMap<Id, Id>;

/// As it is kept.
pub fn of_county(tx: &Tx<'_>, region: &str) -> Result<Homes> {
    let rows =
        tx.rows("select elder, household from round_home where region = $1 order by elder", &[&region], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(rows.into_iter().collect())
}

/// The elders of a household.
pub fn members(tx: &Tx<'_>, region: &str, household: Id) -> Result<Vec<Id>> {
    tx.rows(
        "select elder from round_home where region = $1 and household = $2 order by elder limit 100",
        &[&region, &household],
        |row| row.get(0),
    )
}

pub fn of(tx: &Tx<'_>, elder: &Key) -> Result<Option<Id>> {
    let sql = "select household from round_home where region = $1 and elder = $2";
    tx.row(sql, &[&elder.region, &elder.id], |row| row.get(0))
}

/// Groups elders by their homes; gives who is of another household than was kept.
pub fn grouped(register: &[Registered], kept: &Homes, new_id: impl Fn() -> Id) -> Vec<(Id, Id)> {
    let mut homes: BTreeMap<(&str, &str, Option<Id>), Vec<Id>> = BTreeMap::new();
    for it in register.iter().filter(|it| it.state == "living" && it.living != "institution") {
        let alone = it.home.is_none().then_some(it.id);
        homes.entry((&it.place, it.home.as_deref().unwrap_or(""), alone)).or_default().push(it.id);
    }
    // The home where most of a household are keeps its number.
    let mut all: Vec<(usize, Option<Id>, Vec<Id>)> = Vec::with_capacity(homes.len());
    for ids in homes.into_values() {
        let mut holders: HashMap<Id, usize> = HashMap::new();
        ids.iter().filter_map(|it| kept.get(it)).for_each(|it| *holders.entry(*it).or_default() += 1);
        let most = holders.into_iter().max_by_key(|it| (it.1, std::cmp::Reverse(it.0)));
        all.push((most.map_or(0, |it| it.1), most.map(|it| it.0), ids));
    }
    all.sort_by(|a, b| (std::cmp::Reverse(a.0), &a.2).cmp(&(std::cmp::Reverse(b.0), &b.2)));
    let (mut taken, mut changed) = (BTreeSet::new(), Vec::new());
    for (_, known, ids) in all {
        let number = known.filter(|it| taken.insert(*it)).unwrap_or_else(&new_id);
        changed.extend(ids.into_iter().filter(|it| kept.get(it) != Some(&number)).map(|it| (it, number)));
    }
    changed
}

/// The homes of some elders, as they are kept.
fn among(tx: &Tx<'_>, region: &str, ids: &[Id]) -> Result<Homes> {
    let mut all = Homes::new();
    for some in ids.chunks(500) {
        let some = Among::of(some);
        let sql = format!(
            "select elder, household from round_home where region = $1 and elder in ({}) order by elder",
            some.after(1)
        );
        all.extend(tx.rows(&sql, &some.bind(&[&region]), |row| Ok((row.get::<Id>(0)?, row.get::<Id>(1)?)))?);
    }
    Ok(all)
}

pub const KEEP: &str = "insert into round_home (region, elder, household, since) values ($1, $2, $3, $4)
    on conflict (region, elder) do update set household = excluded.household, since = excluded.since";

/// Brings the home of one elder up to what the register says; gives the households they left and joined.
pub fn renew(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<BTreeSet<Id>> {
    let region = &elder.key.region;
    let mut touched: BTreeSet<Id> = of(tx, &elder.key)?.into_iter().collect();
    if elder.is_living() {
        let around = elders::register(tx, &ask.app, region, &elder.place)?;
        let around: Vec<Registered> = around.into_iter().filter(|it| it.place == elder.place).collect();
        let ids: Vec<Id> = around.iter().map(|it| it.id).collect();
        let kept = among(tx, region, &ids)?;
        for (id, household) in grouped(&around, &kept, || ask.new_id()) {
            touched.extend(kept.get(&id));
            touched.insert(household);
            tx.run(KEEP, &[region, &id, &household, &ask.today().to_string()])?;
        }
    }
    Ok(touched)
}
