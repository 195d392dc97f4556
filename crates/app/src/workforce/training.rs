//! Training of staff: what, by whom, how many hours, passed or not.

use kit::{Ask, Error, Id, Result, Tx, clock::stamp};
use rules::base::Date;

use super::{
    marks,
    staff::{self, Staff},
};
use crate::elders::Key;

#[derive(Debug, Clone)]
pub struct Training {
    pub id: Id,
    /// A word of `words::TOPICS`.
    pub topic: String,
    pub title: String,
    pub organiser: String,
    pub from: Date,
    pub until: Date,
    pub hours: i64,
    pub passed: bool,
}

/// All training, newest first.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Training>> {
    tx.rows(
        "select id, topic, title, organiser, from_day, until_day, hours, passed from staff_training
          where region = $1 and staff = $2 order by from_day desc, id desc",
        &[&key.region, &key.id],
        |row| {
            Ok(Training {
                id: row.get(0)?,
                topic: row.get(1)?,
                title: row.get(2)?,
                organiser: row.get(3)?,
                from: row.get(4)?,
                until: row.get(5)?,
                hours: row.get(6)?,
                passed: row.get(7)?,
            })
        },
    )
}

/// Hours of a year: a training belongs to the year in which it ended.
pub fn hours_in(all: &[Training], year: i16) -> i64 {
    all.iter().filter(|it| it.until.year() == year).map(|it| it.hours).sum()
}

/// Adds a training; the id of `new` is not looked at.
///
/// # Errors
/// `Invalid` for an end before the beginning, and for one that overlaps another of the same title.
pub fn add(tx: &Tx<'_>, ask: &Ask, staff: &Staff, new: &Training) -> Result<()> {
    if new.until < new.from {
        return Err(Error::invalid("until", "止日不能早于起日"));
    }
    let key = &staff.key;
    let twice = of(tx, key)?.iter().any(|it| it.title == new.title && it.from <= new.until && new.from <= it.until);
    if twice {
        return Err(Error::invalid("title", "这次培训已登记"));
    }
    tx.run(
        "insert into staff_training (region, staff, id, topic, title, organiser, from_day, until_day, hours, passed, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            &key.region,
            &key.id,
            &ask.new_id(),
            &new.topic,
            &new.title,
            &new.organiser,
            &new.from.to_string(),
            &new.until.to_string(),
            &new.hours,
            &new.passed,
            &stamp(ask.now),
        ],
    )?;
    let said = ask.f("培训:{title},{n} 学时", &[("title", &new.title), ("n", &new.hours)]);
    staff::told(tx, ask, "add", staff, &said)?;
    marks::keep_staff(tx, &ask.app, key)
}

pub fn remove(tx: &Tx<'_>, ask: &Ask, staff: &Staff, id: Id) -> Result<()> {
    let key = &staff.key;
    let it = of(tx, key)?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    tx.run("delete from staff_training where region = $1 and staff = $2 and id = $3", &[&key.region, &key.id, &id])?;
    let said = ask.f("培训:{title},{n} 学时", &[("title", &it.title), ("n", &it.hours)]);
    staff::told(tx, ask, "remove", staff, &said)?;
    marks::keep_staff(tx, &ask.app, key)
}
