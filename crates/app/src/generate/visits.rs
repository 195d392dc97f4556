//! Visits of a generated county: homes with their places, what a nurse has before her today, and what another vendor told.

use kit::{Error, Id, Result, Tx, form::Input};
use rules::visit::Point;

use super::Setting;
use crate::{
    elders::{self, Key},
    visits,
};

/// Minutes after midnight at which the visits of a day begin, and who comes for what.
const DAY: &[(i64, &str)] = &[
    (8 * 60 + 30, "follow_up"),
    (9 * 60 + 15, "home_visit"),
    (10 * 60, "follow_up"),
    (10 * 60 + 45, "nursing"),
    (14 * 60, "follow_up"),
    (15 * 60, "medication"),
];
/// What the other vendor told: days ago, begin, end, metres away, whether signed.
const TOLD: &[(i32, &str, &str, i64, bool)] = &[
    (1, "09:00", "09:40", 30, true),
    (1, "10:30", "11:05", 80, true),
    (2, "09:10", "09:45", 20, true),
    (3, "14:00", "14:35", 2_500, true),
    (4, "15:00", "15:30", 60, false),
];
const SOURCE: &str = "康养示例";

/// Writes the visits of the person who signs in as clinician.
pub fn write(tx: &Tx<'_>, setting: &Setting, county: &str) -> Result<()> {
    let nurse: Option<(Id, String, Option<Id>)> = tx.row(
        "select s.id, s.street, s.organisation from staff s join account a on a.id = s.account
          where s.region = $1 and a.login = 'clinician'",
        &[&county],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let Some((staff, street, organisation)) = nurse else { return Ok(()) };
    let base: Option<(Option<i64>, Option<i64>)> = tx.row(
        "select latitude, longitude from institution where region = $1 and id = $2",
        &[&county, &organisation],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let Some((Some(latitude), Some(longitude))) = base else { return Ok(()) };
    let people: Vec<Id> = tx.rows(
        "select distinct e.id from elder e join chronic_disease c on c.region = e.region and c.elder = e.id
          where e.region = $1 and e.street = $2 and e.state = 'living' and e.living <> 'institution' and c.ended is null
          order by e.id limit 24",
        &[&county, &street],
        |row| row.get(0),
    )?;
    let ask = setting.on(setting.days.today);
    for (nth, id) in people.iter().enumerate() {
        let elder = elders::find(tx, &ask.who.scope, &Key { region: county.to_string(), id: *id })?;
        // Around the health centre, a few hundred metres apart.
        let (row, column) = ((nth / 5) as i64 - 2, (nth % 5) as i64 - 2);
        let at = Point { latitude: latitude + row * 2_300 + 700, longitude: longitude + column * 2_900 - 400 };
        visits::set_home(tx, &ask, &elder, at, "map")?;
        if let Some((from, service)) = DAY.get(nth % DAY.len()).filter(|_| nth < 2 * DAY.len()) {
            let day = setting.days.today.add_days((nth / DAY.len()) as i32);
            let thing = format!("plan:{nth}");
            let wanted = visits::Wanted {
                elder: &elder,
                day,
                from_minute: Some(*from),
                until_minute: Some(from + 60),
                minutes: 30,
                organisation,
                staff: Some(staff),
                second: None,
                people: 1,
                note: "",
                purpose: visits::For { programme: "contract", thing: &thing, service, payer: "" },
            };
            visits::want(tx, &ask, &wanted)?;
        }
        let told = nth.checked_sub(2 * DAY.len()).and_then(|nth| TOLD.get(nth).map(|it| (nth, it)));
        if let Some((number, (ago, begin, end, metres, signed))) = told {
            let degrees = |millionths: i64| format!("{:.6}", millionths as f64 / 1e6);
            let day = setting.days.today.add_days(-ago);
            let pairs = [
                ("number", format!("SY-{}", number + 1)),
                ("source", SOURCE.to_string()),
                ("elder", elder.key.to_string()),
                ("day", day.to_string()),
                ("begin", (*begin).to_string()),
                ("end", (*end).to_string()),
                ("services", "home_visit".to_string()),
                // A metre to the north is nine millionths of a degree.
                ("latitude", degrees(at.latitude + metres * 9)),
                ("longitude", degrees(at.longitude)),
                ("accuracy", "25".to_string()),
                ("signed", if *signed { "家属".to_string() } else { String::new() }),
                ("systolic", format!("{}", 128 + 4 * number)),
                ("diastolic", "82".to_string()),
            ];
            let input = Input::from_pairs(pairs.into_iter().map(|(name, value)| (name.to_string(), value)));
            match tx.attempt(|tx| visits::take_told(tx, &ask, &input)) {
                Ok(_) | Err(Error::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
    }
    Ok(())
}
