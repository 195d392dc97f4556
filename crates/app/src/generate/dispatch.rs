//! What a generated county has to dispatch tomorrow: visits around the health centre that nobody was sent to yet.

use kit::{Error, Id, Result, Tx};
use rules::visit::Point;

use super::Setting;
use crate::{
    elders::{self, Key},
    visits,
};

/// So many homes.
const HOMES: usize = 36;
/// Service, minutes, people, and between which minutes of the day it was agreed.
const WANTED: &[(&str, i64, i64, Option<(i64, i64)>)] = &[
    ("follow_up", 20, 1, None),
    ("home_visit", 30, 1, Some((8 * 60 + 30, 10 * 60 + 30))),
    ("nursing", 40, 1, None),
    ("medication", 15, 1, Some((14 * 60, 16 * 60))),
    ("rehabilitation", 45, 2, None),
    ("follow_up", 20, 1, Some((9 * 60, 11 * 60))),
    ("guidance", 20, 1, None),
    ("home_visit", 30, 1, Some((15 * 60, 17 * 60))),
];

/// Plans what the institution of the person who signs in as clinician has to do tomorrow.
pub fn write(tx: &Tx<'_>, setting: &Setting, county: &str) -> Result<()> {
    let base: Option<(String, Option<Id>, Option<i64>, Option<i64>)> = tx.row(
        "select s.street, s.organisation, i.latitude, i.longitude from staff s
           join account a on a.id = s.account
           left join institution i on i.region = s.region and i.id = s.organisation
          where s.region = $1 and a.login = 'clinician'",
        &[&county],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    let Some((street, organisation, Some(latitude), Some(longitude))) = base else { return Ok(()) };
    let tomorrow = setting.days.today.add_days(1);
    let people: Vec<Id> = tx.rows(
        "select e.id from elder e
          where e.region = $1 and e.street = $2 and e.state = 'living' and e.living <> 'institution'
            and not exists (select 1 from visit v where v.region = e.region and v.elder = e.id and v.day = $3)
          order by e.id desc limit 36",
        &[&county, &street, &tomorrow.to_string()],
        |row| row.get(0),
    )?;
    let ask = setting.on(setting.days.today);
    for (nth, id) in people.iter().enumerate().take(HOMES) {
        let elder = elders::find(tx, &ask.who.scope, &Key { region: county.to_string(), id: *id })?;
        // Three villages, some kilometres apart; a home in nine is not on the map.
        let (village, house) = ((nth % 3) as i64, (nth / 3) as i64);
        let north = [18_000, -26_000, 4_000][nth % 3] + (house % 4) * 2_100;
        let east = [-21_000, 9_000, 33_000][nth % 3] + (house / 4) * 2_600 + village * 300;
        if nth % 9 != 8 {
            let at = Point { latitude: latitude + north, longitude: longitude + east };
            visits::set_home(tx, &ask, &elder, at, "map")?;
        }
        let (service, minutes, count, agreed) = WANTED[nth % WANTED.len()];
        let thing = format!("plan:{county}-{nth}");
        let wanted = visits::Wanted {
            elder: &elder,
            day: tomorrow,
            from_minute: agreed.map(|it| it.0),
            until_minute: agreed.map(|it| it.1),
            minutes,
            organisation,
            staff: None,
            second: None,
            people: count,
            note: "",
            purpose: visits::For { programme: "contract", thing: &thing, service, payer: "" },
        };
        match tx.attempt(|tx| visits::want(tx, &ask, &wanted)) {
            // Who died or moved since is visited no more.
            Ok(_) | Err(Error::Refused(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}
