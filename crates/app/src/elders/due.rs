//! What is due for elders: modules set one day for each of their duties; lists and the workbench read them together.

use kit::{App, Error, Id, Result, Scope, Tx, db::Put, module::Due, place::ScopeColumns};
use rules::{base::Date, policy::InForce};
use serde::{Deserialize, Serialize};

use super::elder::{self, Elder, Key};

/// How many elders a transaction of the night gives a day.
const AT_ONCE: usize = 500;

/// A duty of everybody who has reached an age, by policy.
pub struct ByAge {
    pub kind: &'static str,
    /// The age; nothing where no policy lays one down, and then nobody is due.
    pub from_age: fn(&InForce<'_>) -> Option<u16>,
    /// Sets the day of one elder.
    pub set: fn(&Tx<'_>, &App, &Elder) -> Result<()>,
}

/// How a scope limits duties `d` of elders `e`: their street stands in the index by which they are read.
pub const SCOPE: ScopeColumns = ScopeColumns {
    region: "d.region",
    street: Some("d.street"),
    place: "e.place",
    organisation: Some("e.organisation"),
    person: Some("e.id"),
};

/// One duty with its day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DueItem {
    pub kind: String,
    pub day: String,
    /// A sentence of the catalogue.
    pub said: String,
    pub link: String,
}

const SET: &str =
    "insert into elder_due (region, elder, kind, day, street, said, link) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (region, elder, kind)
    do update set day = excluded.day, street = excluded.street, said = excluded.said, link = excluded.link
     where elder_due.day <> excluded.day or elder_due.street <> excluded.street or elder_due.said <> excluded.said
        or elder_due.link <> excluded.link";

impl DueItem {
    pub fn new(kind: &str, day: Date, said: &str, link: impl Into<String>) -> DueItem {
        DueItem { kind: kind.to_string(), day: day.to_string(), said: said.to_string(), link: link.into() }
    }
}

/// Sets when a duty is due; there is one day for each kind of duty and elder.
pub fn set(tx: &Tx<'_>, elder: &Elder, kind: &str, day: Date, said: &'static str, link: &str) -> Result<()> {
    put_item(tx, elder, &DueItem::new(kind, day, said, link))
}

/// Sets what was worked out as a whole.
pub fn put_item(to: &impl Put, elder: &Elder, it: &DueItem) -> Result<()> {
    to.put(SET, &[&elder.key.region, &elder.key.id, &it.kind, &it.day, &elder.street, &it.said, &it.link])
}

/// Makes something due again that was cleared, unless another day was set since; gives whether it is.
pub fn put_back(tx: &Tx<'_>, elder: &Elder, item: &DueItem) -> Result<bool> {
    let put = tx.run(
        "insert into elder_due (region, elder, kind, day, street, said, link) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (region, elder, kind) do nothing",
        &[&elder.key.region, &elder.key.id, &item.kind, &item.day, &elder.street, &item.said, &item.link],
    )?;
    Ok(0 < put)
}

/// The duty is done or no longer there.
pub fn clear(tx: &Tx<'_>, key: &Key, kind: &str) -> Result<()> {
    tx.run("delete from elder_due where region = $1 and elder = $2 and kind = $3", &[&key.region, &key.id, &kind])?;
    Ok(())
}

/// Nothing is due any more, as after death.
pub fn clear_all(tx: &Tx<'_>, key: &Key) -> Result<()> {
    tx.run("delete from elder_due where region = $1 and elder = $2", &[&key.region, &key.id])?;
    Ok(())
}

/// Sets the day of those of a county who have reached the age and have none yet; gives how many.
pub async fn catch_up(app: &App, county: &str, duty: &'static ByAge) -> Result<usize> {
    let mut done = 0;
    let mut after = Id(0);
    loop {
        let (app_too, county) = (app.clone(), county.to_string());
        let lacking = app
            .db
            .write(move |tx| {
                let today = app_too.clock.today();
                let Some(age) = (duty.from_age)(&app_too.policy_in(&county, today)) else {
                    return Ok(Vec::new());
                };
                // Who reaches the age this year is due this year.
                let until = Date::new(today.year() - age as i16 + 1, 1, 1).ok_or_else(|| Error::internal("year"))?;
                let lacking = without(tx, &county, duty.kind, until, after, AT_ONCE)?;
                for elder in &lacking {
                    (duty.set)(tx, &app_too, elder)?;
                }
                Ok(lacking)
            })
            .await?;
        done += lacking.len();
        match lacking.last() {
            Some(last) => after = last.key.id,
            None => return Ok(done),
        }
    }
}

/// Living elders of a county born before a day for whom no day of a duty is set, in the order of their ids after `after`.
fn without(tx: &Tx<'_>, region: &str, kind: &str, born: Date, after: Id, most: usize) -> Result<Vec<Elder>> {
    tx.rows(
        &format!(
            "select {} from elder
              where region = $1 and state = 'living' and id > $2 and birth < $3
                and not exists (select 1 from elder_due d where d.region = $1 and d.elder = elder.id and d.kind = $4)
              order by id limit {most}",
            elder::COLUMNS
        ),
        &[&region, &after, &born.to_string(), &kind],
        elder::read,
    )
}

/// The day of one duty of an elder.
pub fn day_of(tx: &Tx<'_>, key: &Key, kind: &str) -> Result<Option<String>> {
    tx.row(
        "select day from elder_due where region = $1 and elder = $2 and kind = $3",
        &[&key.region, &key.id, &kind],
        |row| row.get(0),
    )
}

pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<DueItem>> {
    tx.rows(
        "select kind, day, said, link from elder_due where region = $1 and elder = $2 order by day, kind",
        &[&key.region, &key.id],
        |row| Ok(DueItem { kind: row.get(0)?, day: row.get(1)?, said: row.get(2)?, link: row.get(3)? }),
    )
}

/// How many duties of a kind fall from a day up to another (exclusive), in a scope; counted to [`Due::MOST`] and one more.
pub fn count(tx: &Tx<'_>, scope: &Scope, kind: &str, from: &str, to: &str) -> Result<i64> {
    let mut values = Vec::new();
    let condition = scope.sql(&SCOPE, &mut values);
    for value in [kind, from, to] {
        values.push(Box::new(value.to_string()));
    }
    let n = values.len();
    let (kind, first, beyond) = (n - 2, n - 1, n);
    // Of a street or a county the duties themselves say enough.
    let from = if condition.contains("e.") {
        format!(
            "from elder_due d join elder e on e.region = d.region and e.id = d.elder
              where {condition} and d.kind = ${kind} and d.day >= ${first} and d.day < ${beyond}"
        )
    } else {
        format!("from elder_due d where {condition} and d.kind = ${kind} and d.day >= ${first} and d.day < ${beyond}")
    };
    let values: Vec<&dyn kit::db::Bind> = values.iter().map(|it| it as &dyn kit::db::Bind).collect();
    tx.count_to(Due::MOST, &from, &values)
}
