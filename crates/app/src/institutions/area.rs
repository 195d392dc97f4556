//! Whom an institution serves: villages and grids, from day to day. Several institutions may serve one place.

use kit::{Ask, Error, Id, Result, Said, Tx, place::Level};
use rules::base::Date;

use super::institution::{self, Institution};
use crate::elders::Key;

/// The places an institution serves on a day, by code.
pub fn of(tx: &Tx<'_>, key: &Key, day: Date) -> Result<Vec<String>> {
    tx.rows(
        "select a.place from institution_area a
          where a.region = $1 and a.institution = $2 and a.serves and a.from_day =
                (select max(x.from_day) from institution_area x
                  where x.region = a.region and x.place = a.place and x.institution = a.institution and x.from_day <= $3)
          order by a.place",
        &[&key.region, &key.id, &day.to_string()],
        |row| row.get(0),
    )
}

/// The institutions that serve a village or grid on a day; those of a grid's village serve the grid too.
pub fn of_place(tx: &Tx<'_>, region: &str, place: &str, day: Date) -> Result<Vec<Institution>> {
    let village = place.get(..12).unwrap_or(place);
    let ids = tx.rows(
        "select distinct a.institution from institution_area a
          where a.region = $1 and a.place in ($2, $3) and a.serves and a.from_day =
                (select max(x.from_day) from institution_area x
                  where x.region = a.region and x.place = a.place and x.institution = a.institution and x.from_day <= $4)
          order by a.institution",
        &[&region, &place, &village, &day.to_string()],
        |row| row.get::<Id>(0),
    )?;
    let all: Result<Vec<Institution>> =
        ids.into_iter().map(|id| institution::by_key(tx, &Key { region: region.to_string(), id })).collect();
    Ok(all?.into_iter().filter(|it| it.is_open(day)).collect())
}

/// Makes an institution serve exactly these places from a day on.
///
/// # Errors
/// `Invalid` for what is no village or grid of the institution's county.
pub fn set(tx: &Tx<'_>, ask: &Ask, it: &Institution, places: &[String], from: Date) -> Result<()> {
    let tree = ask.app.places.tree();
    for code in places {
        let place = tree.get(code).filter(|it| matches!(it.level, Level::Village | Level::Grid));
        let in_county = tree.county_of(code).is_some_and(|county| county.code == it.key.region);
        if place.is_none() || !in_county {
            return Err(Error::invalid(
                "places",
                Said::new("“{value}”不是本县(区)的村(社区)或网格").with("value", code),
            ));
        }
    }
    let before = of(tx, &it.key, from)?;
    let (mut gained, mut lost) = (Vec::new(), Vec::new());
    for code in places.iter().filter(|it| !before.contains(it)) {
        write(tx, &it.key, code, from, true)?;
        gained.push(tree.words(code));
    }
    for code in before.iter().filter(|it| !places.contains(it)) {
        write(tx, &it.key, code, from, false)?;
        lost.push(tree.words(code));
    }
    let mut said = Vec::new();
    if !gained.is_empty() {
        said.push(ask.f("{day} 起服务 {places}", &[("day", &from), ("places", &gained.join("、"))]));
    }
    if !lost.is_empty() {
        said.push(ask.f("{day} 起不再服务 {places}", &[("day", &from), ("places", &lost.join("、"))]));
    }
    it.told(tx, ask, "change", &said.join(";"))
}

fn write(tx: &Tx<'_>, key: &Key, place: &str, from: Date, serves: bool) -> Result<()> {
    tx.run(
        "insert into institution_area (region, place, institution, from_day, serves) values ($1, $2, $3, $4, $5)
         on conflict (region, place, institution, from_day) do update set serves = excluded.serves",
        &[&key.region, &place, &key.id, &from.to_string(), &serves],
    )?;
    Ok(())
}
