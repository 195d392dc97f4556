//! The techniques of Chinese medicine that a centre offers: a list the centre keeps itself.

use kit::{Ask, Error, Id, Result, Scope, Tx, place::ScopeColumns};
use rules::tcm::{Offer, offered};
use serde_json::json;

use super::course::policy;
use crate::elders::Key;

/// A health centre with what it offers.
#[derive(Debug, Clone)]
pub struct Centre {
    pub key: Key,
    pub place: String,
    pub name: String,
    /// Ids of techniques.
    pub techniques: Vec<String>,
    /// Against what it is to offer; nothing where no policy says how many.
    pub offer: Option<Offer>,
}

/// Kinds of organisations that are to offer techniques.
const KINDS: &str = "('health_centre', 'community_health_centre', 'township_health_centre')";

/// The health centres of a scope, by place.
pub fn centres(tx: &Tx<'_>, ask: &Ask, scope: &Scope) -> Result<Vec<Centre>> {
    read(tx, ask, scope, None)
}

/// One health centre of the reader's scope.
pub fn find(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Centre> {
    read(tx, ask, &ask.who.scope, Some(key))?.into_iter().next().ok_or(Error::NotFound)
}

fn read(tx: &Tx<'_>, ask: &Ask, scope: &Scope, key: Option<&Key>) -> Result<Vec<Centre>> {
    let columns =
        ScopeColumns { region: "o.region", street: None, place: "o.place", organisation: Some("o.id"), person: None };
    // A centre of the county itself lies above every street.
    let mut values = Vec::new();
    let mut condition = scope.sql(&columns, &mut values);
    if let Some(key) = key {
        values.push(Box::new(key.region.clone()));
        values.push(Box::new(key.id));
        condition.push_str(&format!(" and o.region = ${} and o.id = ${}", values.len() - 1, values.len()));
    }
    let values: Vec<&dyn kit::db::Bind> = values.iter().map(|it| it as &dyn kit::db::Bind).collect();
    let found = tx.rows(
        &format!(
            "select o.region, o.id, o.place, o.name from organisation o
              where {condition} and o.kind in {KINDS} order by o.place, o.id limit 2000"
        ),
        &values,
        |row| {
            let key = Key { region: row.get(0)?, id: row.get(1)? };
            Ok(Centre { key, place: row.get(2)?, name: row.get(3)?, techniques: Vec::new(), offer: None })
        },
    )?;
    found
        .into_iter()
        .map(|it| {
            let techniques = of(tx, &it.key)?;
            let offer = offered(&techniques, &policy(ask, &it.key.region)).ok();
            Ok(Centre { techniques, offer, ..it })
        })
        .collect()
}

fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<String>> {
    tx.rows(
        "select technique from tcm_technique where region = $1 and organisation = $2 order by technique",
        &[&key.region, &key.id],
        |row| row.get(0),
    )
}

/// Says which techniques a centre offers, in place of what was said before; the day on which one began stays.
///
/// # Errors
/// `Invalid` for a technique that the catalogue does not have.
pub fn set(tx: &Tx<'_>, ask: &Ask, centre: &Centre, techniques: &[String]) -> Result<()> {
    let policy = policy(ask, &centre.key.region);
    let catalogue = policy.read(|it| &it.tcm.techniques).map_err(|it| Error::refused("no_policy", it.text()))?;
    let known = |id: &String| catalogue.iter().any(|class| class.items.iter().any(|it| it.id == *id));
    if let Some(other) = techniques.iter().find(|it| !known(it)) {
        let said = kit::Said::new("技术目录里没有“{value}”").with("value", other);
        return Err(Error::invalid("techniques", said));
    }
    let (region, id): (&str, Id) = (&centre.key.region, centre.key.id);
    for gone in centre.techniques.iter().filter(|it| !techniques.contains(it)) {
        tx.run(
            "delete from tcm_technique where region = $1 and organisation = $2 and technique = $3",
            &[&region, &id, gone],
        )?;
    }
    for new in techniques.iter().filter(|it| !centre.techniques.contains(it)) {
        tx.run(
            "insert into tcm_technique (region, organisation, technique, since, who) values ($1, $2, $3, $4, $5)
             on conflict (region, organisation, technique) do nothing",
            &[&region, &id, new, &ask.today().to_string(), &ask.who.name],
        )?;
    }
    let entry = kit::audit::Entry {
        action: "change",
        subject: "tcm_technique",
        subject_id: Some(id),
        region,
        place: &centre.place,
        detail: &json!({"before": centre.techniques, "after": techniques}).to_string(),
    };
    ask.note(tx, &entry)
}
