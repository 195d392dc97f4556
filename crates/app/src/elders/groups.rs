//! Groups (人群): who entered which, from when to when, on whose word.

use std::collections::HashMap;

use kit::{
    App, Ask, Error, Id, Result, Tx,
    db::{Put, Row},
    tally::Lot,
};
use rules::base::Date;

use super::{
    age, counts,
    elder::{Elder, Key},
    life, marks,
    people::People,
    timeline::{self, Report},
    words,
};

/// One stay in a group.
#[derive(Debug, Clone)]
pub struct Membership {
    pub kind: String,
    pub from: String,
    pub until: Option<String>,
    pub source: String,
    /// The word of the source, such as 低保 for the poor.
    pub word: String,
}

impl Membership {
    /// The same group entered on another day or by another record.
    pub fn again(&self, day: Date) -> Entry<'_> {
        Entry { kind: &self.kind, day, source: &self.source, word: &self.word }
    }
}

fn read(row: &Row<'_>) -> Result<Membership> {
    Ok(Membership { kind: row.get(0)?, from: row.get(1)?, until: row.get(2)?, source: row.get(3)?, word: row.get(4)? })
}

pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Membership>> {
    tx.rows(
        "select kind, from_day, until_day, source, word from elder_group
          where region = $1 and elder = $2 order by until_day is not null, kind, from_day",
        &[&key.region, &key.id],
        read,
    )
}

/// As [`of`], of each person of a lot, in no order.
pub fn of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<Membership>>> {
    lot.rows(
        tx,
        "select kind, from_day, until_day, source, word, elder from elder_group
          where region = $1 and elder >= $2 and elder <= $3",
        read,
    )
}

/// As [`of`], of each of some people.
pub fn of_people(tx: &Tx<'_>, people: &People) -> Result<HashMap<Id, Vec<Membership>>> {
    let sql = format!(
        "select kind, from_day, until_day, source, word, elder from elder_group
          where region = $1 and elder in ({}) order by elder, until_day is not null, kind, from_day",
        people.own_listed()
    );
    people.own_rows(tx, &sql, read)
}

/// How somebody enters a group.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub kind: &'a str,
    pub day: Date,
    pub source: &'a str,
    pub word: &'a str,
}

/// Enters a group; gives whether the elder was not in it yet.
pub fn enter(tx: &Tx<'_>, app: &App, key: &Key, street: &str, entry: &Entry<'_>) -> Result<bool> {
    let entered = put(tx, key, street, entry)?;
    if entered {
        marks::keep(tx, app, key)?;
        life::changed(tx, key, "groups", app.clock.now())?;
    }
    Ok(entered)
}

/// As [`enter`], for whoever tells the tally afterwards.
pub(super) fn put(tx: &Tx<'_>, key: &Key, street: &str, entry: &Entry<'_>) -> Result<bool> {
    let open = tx.count(
        "select count(*) from elder_group where region = $1 and elder = $2 and kind = $3 and until_day is null",
        &[&key.region, &key.id, &entry.kind],
    )?;
    if 0 < open {
        return Ok(false);
    }
    put_row(tx, key, entry, None)?;
    counts::add(tx, &key.region, street, &format!("group:{}", entry.kind), 1)?;
    Ok(true)
}

/// Writes a stay in a group, which `until` may have ended.
pub(super) fn put_row(to: &impl Put, key: &Key, entry: &Entry<'_>, until: Option<Date>) -> Result<()> {
    to.put(
        "insert into elder_group (region, elder, kind, from_day, until_day, source, word) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (region, elder, kind, from_day)
         do update set until_day = excluded.until_day, source = excluded.source, word = excluded.word",
        &[
            &key.region,
            &key.id,
            &entry.kind,
            &entry.day.to_string(),
            &until.map(|it| it.to_string()),
            &entry.source,
            &entry.word,
        ],
    )
}

/// Leaves a group on a day; gives whether the elder was in it.
pub fn leave(tx: &Tx<'_>, app: &App, key: &Key, street: &str, kind: &str, day: Date) -> Result<bool> {
    let left = tx.run(
        "update elder_group set until_day = $4
          where region = $1 and elder = $2 and kind = $3 and until_day is null",
        &[&key.region, &key.id, &kind, &day.to_string()],
    )?;
    if 0 < left {
        counts::add(tx, &key.region, street, &format!("group:{kind}"), -1)?;
        marks::keep(tx, app, key)?;
        life::changed(tx, key, "groups", app.clock.now())?;
    }
    Ok(0 < left)
}

/// Makes the elder's open groups exactly these; each change is reported with who said so.
pub fn set(tx: &Tx<'_>, ask: &Ask, elder: &Elder, kinds: &[String], source: &str) -> Result<()> {
    if let Some(odd) = kinds.iter().find(|it| words::GROUPS.iter().all(|group| group.0 != **it)) {
        let said = kit::Said::new("没有“{value}”这个人群").with("value", odd);
        return Err(Error::invalid("groups", said));
    }
    let before: Vec<String> =
        of(tx, &elder.key)?.into_iter().filter(|it| it.until.is_none()).map(|it| it.kind).collect();
    // Age decides who is one of the oldest, and what is known of how somebody lives, who lives alone.
    let by_age = age::decides(ask, &elder.key.region, elder.birth);
    let by_hand = |kind: &str| match kind {
        age::GROUP => !by_age,
        "alone" => elder.living == "unknown",
        _ => true,
    };
    for (kind, title) in words::GROUPS.iter().filter(|it| by_hand(it.0)) {
        let (was, is) = (before.iter().any(|it| it == kind), kinds.iter().any(|it| it == kind));
        let said = match (was, is) {
            (false, true) => {
                let entry = Entry { kind, day: ask.today(), source, word: "" };
                enter(tx, &ask.app, &elder.key, &elder.street, &entry)?;
                "列入人群:{group}"
            }
            (true, false) => {
                leave(tx, &ask.app, &elder.key, &elder.street, kind, ask.today())?;
                "退出人群:{group}"
            }
            _ => continue,
        };
        timeline::report(tx, ask.now, &elder.key, &Report::new("elders", said).with("group", title))?;
    }
    Ok(())
}

/// Ends all groups, as death and moving away do; gives (group, day of entry) of those that were open. A group entered
/// after the day that is said has lasted no day at all.
pub fn leave_all(tx: &Tx<'_>, app: &App, elder: &Elder, day: Date) -> Result<Vec<(String, String)>> {
    let key = &elder.key;
    let open: Vec<(String, String)> =
        of(tx, key)?.into_iter().filter(|it| it.until.is_none()).map(|it| (it.kind, it.from)).collect();
    tx.run(
        "update elder_group set until_day = case when from_day > $3 then from_day else $3 end
          where region = $1 and elder = $2 and until_day is null",
        &[&key.region, &key.id, &day.to_string()],
    )?;
    for (kind, _) in &open {
        counts::add(tx, &key.region, &elder.street, &format!("group:{kind}"), -1)?;
    }
    if !open.is_empty() {
        marks::keep(tx, app, key)?;
    }
    Ok(open)
}

/// Opens stays again, by (group, day of entry), as if they had never ended.
pub fn reopen(tx: &Tx<'_>, app: &App, elder: &Elder, stays: &[(String, String)]) -> Result<()> {
    let key = &elder.key;
    for (kind, from) in stays {
        let reopened = tx.run(
            "update elder_group set until_day = null
              where region = $1 and elder = $2 and kind = $3 and from_day = $4 and until_day is not null
                and not exists (select 1 from elder_group o where o.region = $1 and o.elder = $2 and o.kind = $3
                                   and o.until_day is null)",
            &[&key.region, &key.id, kind, from],
        )?;
        if 0 < reopened {
            counts::add(tx, &key.region, &elder.street, &format!("group:{kind}"), 1)?;
        }
    }
    marks::keep(tx, app, key)
}
