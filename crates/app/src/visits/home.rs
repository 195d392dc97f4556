//! Where an elder's home lies, and the code at its door.

use std::collections::HashMap;

use kit::{Ask, Error, Id, Result, Said, Tx, clock::stamp, db::Row};
use rules::visit::{Door, Point};

use super::told;
use crate::elders::{self, Elder, Key};

/// What is known of a home.
#[derive(Debug, Clone, Default)]
pub struct Home {
    pub at: Option<Point>,
    pub who: String,
    pub since: Option<String>,
    /// Which printing of the code holds; 0 where none was printed.
    pub printing: i64,
    pub printed: Option<String>,
}

pub fn of(tx: &Tx<'_>, elder: &Key) -> Result<Home> {
    let found = tx.row(
        "select latitude, longitude, who, at, printing, printed from visit_home where region = $1 and elder = $2",
        &[&elder.region, &elder.id],
        read,
    )?;
    Ok(found.unwrap_or_default())
}

/// As [`of`], of each of some people of whom something is known.
pub fn of_people(tx: &Tx<'_>, people: &elders::People) -> Result<HashMap<Id, Home>> {
    let sql = format!(
        "select latitude, longitude, who, at, printing, printed, elder from visit_home
          where region = $1 and elder in ({}) order by elder",
        people.own_listed()
    );
    let found = people.own_rows(tx, &sql, read)?;
    Ok(found.into_iter().filter_map(|(id, all)| Some((id, all.into_iter().next()?))).collect())
}

fn read(row: &Row<'_>) -> Result<Home> {
    let at: (Option<i64>, Option<i64>) = (row.get(0)?, row.get(1)?);
    Ok(Home {
        at: at.0.zip(at.1).map(|(latitude, longitude)| Point { latitude, longitude }),
        who: row.get(2)?,
        since: row.get(3)?,
        printing: row.get(4)?,
        printed: row.get(5)?,
    })
}

/// Says where a home lies; visits from now on are measured by it.
pub fn set(tx: &Tx<'_>, ask: &Ask, elder: &Elder, at: Point, source: &str) -> Result<()> {
    tx.run(
        "insert into visit_home (region, elder, latitude, longitude, source, who, at, printing) values ($1, $2, $3, $4, $5, $6, $7, 0)
         on conflict (region, elder) do update set latitude = excluded.latitude, longitude = excluded.longitude,
                source = excluded.source, who = excluded.who, at = excluded.at",
        &[&elder.key.region, &elder.key.id, &at.latitude, &at.longitude, &source, &ask.who.name, &stamp(ask.now)],
    )?;
    elders::note(tx, ask, "change", elder, "home position")
}

/// Millionths of a degree from two texts such as `29.512345`.
///
/// # Errors
/// `Invalid` for what is no place on the earth.
pub fn parse(latitude: &str, longitude: &str) -> Result<Point> {
    let read = |name: &str, text: &str, most: f64| -> Result<i64> {
        let value = text.trim().parse::<f64>().ok().filter(|it| it.is_finite() && it.abs() <= most);
        let wrong = || Error::invalid(name, Said::new("“{value}”不是经纬度,请写作 31.123456").with("value", text));
        value.map(|it| (it * 1e6).round() as i64).ok_or_else(wrong)
    };
    Ok(Point { latitude: read("latitude", latitude, 90.0)?, longitude: read("longitude", longitude, 180.0)? })
}

/// Degrees as people write them.
pub fn degrees(millionths: i64) -> String {
    format!("{:.6}", millionths as f64 / 1e6)
}

/// Prints the code anew: the former one proves nothing any more.
pub fn print(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<i64> {
    tx.run(
        "insert into visit_home (region, elder, source, who, printing, printed) values ($1, $2, '', '', 1, $3)
         on conflict (region, elder) do update set printing = visit_home.printing + 1, printed = excluded.printed",
        &[&elder.key.region, &elder.key.id, &stamp(ask.now)],
    )?;
    elders::note(tx, ask, "change", elder, "door code printed")?;
    Ok(of(tx, &elder.key)?.printing)
}

/// The code of one printing: eight digits that nobody can work out without the key of the installation.
pub fn code(ask: &Ask, elder: &Key, printing: i64) -> String {
    let blind = ask.app.crypt.blind("visit_home.door", &format!("{elder} {printing}"));
    let number = blind.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    let digits = format!("{:08}", number % 100_000_000);
    format!("{} {}", &digits[..4], &digits[4..])
}

/// What a code that was read says of this home.
pub fn door(ask: &Ask, elder: &Key, home: &Home, read: &str) -> Door {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    // What a camera reads may carry words around the digits.
    let read = digits(read.rsplit(['#', '=', '/']).next().unwrap_or(read));
    if read.is_empty() {
        return Door::NotRead;
    }
    let is = |printing: i64| digits(&code(ask, elder, printing)) == read;
    if 0 < home.printing && is(home.printing) {
        return Door::Matches;
    }
    if (1..home.printing).rev().take(20).any(is) { Door::Former } else { Door::Other }
}

/// The positions that verified visits took at this home, newest first: (day, latitude, longitude, accuracy).
pub fn fixes(tx: &Tx<'_>, ask: &Ask, elder: &Key) -> Result<Vec<(String, rules::visit::Fix)>> {
    let mut all = Vec::new();
    for visit in super::record::of_elder(tx, elder, 10)? {
        for event in super::event::of_visit(tx, ask, &visit.key)? {
            if event.kind == "begin"
                && let Some(fix) = told::fix(&event.body["fix"])
            {
                all.push((visit.day.to_string(), fix));
            }
        }
    }
    Ok(all)
}
