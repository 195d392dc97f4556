//! What an item costs at an institution on a day: by the catalogue that the county brought in, else by policy.

use std::collections::{BTreeMap, BTreeSet};

use kit::{Ask, Error, Lang, Result, Tx, db::Row};
use rules::{
    base::{Date, Money},
    policy::Status,
    tariff::{At, Class, Kind, Level, Owner, Price, pick},
};

use crate::{
    elders::Key,
    institutions::{self, Institution},
};

/// A price that holds, and whose it is.
#[derive(Debug, Clone)]
pub struct Priced {
    pub item: Price,
    pub amount: Money,
    /// Of the county's own catalogue; else of the policy of `region`.
    pub imported: bool,
    /// In Chinese, as policy names it.
    pub region: String,
}

impl Priced {
    pub fn is_example(&self) -> bool {
        self.item.status == Status::Example
    }

    /// The name in the reader's language.
    pub fn name<'a>(&'a self, ask: &Ask) -> &'a str {
        if ask.lang == Lang::En && !self.item.name_en.is_empty() { &self.item.name_en } else { &self.item.name }
    }

    /// What it rests on, as it is kept with a bill.
    pub fn basis(&self) -> String {
        let it = &self.item;
        let document = it.document.as_deref().unwrap_or_default();
        let mark = if self.is_example() { "示例" } else { "" };
        let parts = [&*self.region, &it.from.to_string(), document, &it.clause, mark].map(str::to_string);
        parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// What prices depend on at an institution on a day.
pub fn at(tx: &Tx<'_>, institution: &Institution, day: Date) -> Result<At> {
    let facts = institutions::facts(tx, &institution.key)?;
    let owner = match institutions::fact_on(&facts, "owner", day) {
        "" => None,
        "public" => Some(Owner::Public),
        _ => Some(Owner::Private),
    };
    Ok(At { level: Level::parse(institutions::fact_on(&facts, "level", day)), owner, day })
}

/// The price of an item; nothing where it has none here on that day.
pub fn find(tx: &Tx<'_>, ask: &Ask, region: &str, at: At, code: &str) -> Result<Option<Priced>> {
    let own = rows(tx, region, Some(code))?;
    if let Some(item) = pick(&own, code, at) {
        return Ok(of_catalogue(ask, region, item));
    }
    let policy = ask.app.policy_in(region, at.day);
    Ok(policy.price(code, at.level, at.owner).ok().and_then(|(from, item)| {
        let amount = item.price?;
        Some(Priced { item: item.clone(), amount, imported: false, region: policy.region_name(from) })
    }))
}

/// Every item that has a price here on that day, by code.
pub fn all(tx: &Tx<'_>, ask: &Ask, region: &str, at: At) -> Result<Vec<Priced>> {
    let policy = ask.app.policy_in(region, at.day);
    let laid = policy.price_list(at.level, at.owner).into_iter().filter_map(|(from, item)| {
        let amount = item.price?;
        let priced = Priced { item: item.clone(), amount, imported: false, region: policy.region_name(from) };
        Some((item.code.clone(), priced))
    });
    let mut all: BTreeMap<String, Priced> = laid.collect();
    let mut own: BTreeMap<String, Vec<Price>> = BTreeMap::new();
    for it in rows(tx, region, None)? {
        own.entry(it.code.clone()).or_default().push(it);
    }
    for (code, prices) in &own {
        if let Some(item) = pick(prices, code, at) {
            // A price that the county abolished is not replaced by that of policy.
            match of_catalogue(ask, region, item) {
                Some(it) => all.insert(code.clone(), it),
                None => all.remove(code),
            };
        }
    }
    Ok(all.into_values().collect())
}

/// The words of the list that holds everywhere: for who looks at prices without an institution in mind.
pub fn levels_and_owners(ask: &Ask) -> (Option<Level>, Option<Owner>) {
    let owner = match ask.param("owner") {
        None => Some(Owner::Public),
        Some(word) => Owner::parse(word),
    };
    (ask.param("level").and_then(Level::parse), owner)
}

fn of_catalogue(ask: &Ask, region: &str, item: &Price) -> Option<Priced> {
    let name = ask.app.places.tree().name(region).to_string();
    Some(Priced { item: item.clone(), amount: item.price?, imported: true, region: name })
}

const COLUMNS: &str = "code, name, unit, kind, class, level, owner, price, from_day, document, source";

fn rows(tx: &Tx<'_>, region: &str, code: Option<&str>) -> Result<Vec<Price>> {
    match code {
        Some(code) => tx.rows(
            &format!("select {COLUMNS} from tariff_price where region = $1 and code = $2 order by from_day"),
            &[&region, &code],
            read,
        ),
        None => tx.rows(
            &format!("select {COLUMNS} from tariff_price where region = $1 order by code, from_day"),
            &[&region],
            read,
        ),
    }
}

fn read(row: &Row<'_>) -> Result<Price> {
    let word = |what: &str, word: &str| Error::internal(format!("tariff_price: {what} {word}"));
    let (kind, class): (String, String) = (row.get(3)?, row.get(4)?);
    Ok(Price {
        code: row.get(0)?,
        name: row.get(1)?,
        name_en: String::new(),
        unit: row.get(2)?,
        kind: Kind::parse(&kind).ok_or_else(|| word("kind", &kind))?,
        class: Class::parse(&class).ok_or_else(|| word("class", &class))?,
        level: Level::parse(&row.get::<String>(5)?),
        owner: Owner::parse(&row.get::<String>(6)?),
        price: row.get::<Option<i64>>(7)?.map(Money::from_fen),
        from: row.get(8)?,
        document: Some(row.get(9)?),
        clause: String::new(),
        status: Status::InForce,
        confirmed: 1,
        checked: None,
        note: row.get(10)?,
        line: 0,
    })
}

/// The institutions of a county at which somebody may ask for services: those that practise medicine or care, by name.
pub fn institutions_of(tx: &Tx<'_>, ask: &Ask, region: &str) -> Result<Vec<(String, String)>> {
    let kinds: BTreeSet<&str> = institutions::MEDICAL_KINDS.iter().chain(institutions::CARE_KINDS).copied().collect();
    let all = tx.rows(
        "select id, name, kind from organisation where region = $1 order by name, id limit 2000",
        &[&region],
        |row| Ok((row.get::<kit::Id>(0)?, row.get::<String>(1)?, row.get::<String>(2)?)),
    )?;
    let own = ask.who.scope.organisation;
    let fits = |it: &(kit::Id, String, String)| kinds.contains(&*it.2) && own.is_none_or(|own| own == it.0);
    Ok(all.into_iter().filter(fits).map(|it| (it.0.to_string(), it.1)).collect())
}

/// The institution of a form, of the same county as `key`.
pub fn institution(tx: &Tx<'_>, ask: &Ask, key: &Key, id: kit::Id) -> Result<Institution> {
    let wanted = Key { region: key.region.clone(), id };
    if ask.who.scope.organisation.is_some_and(|own| own != id) {
        return Err(Error::NotFound);
    }
    let it = institutions::by_key(tx, &wanted)?;
    if it.is_open(ask.today()) { Ok(it) } else { Err(Error::invalid("institution", "这家机构已停用")) }
}
