//! Services at home in a generated county: orders in every state at its first health centres, and some for the elders that the
//! family account sees.

use kit::{Ask, Error, Id, Result, Tx, Who, form::Input, who::Role};
use rules::{base::Date, home_service::Answer};

use super::{Setting, morning, network::Made};
use crate::{
    elders::Key,
    orders::{self, Done},
};

/// How far an order comes, for which day from today, and what is ordered.
const ORDERS: &[(&str, i32, &str)] = &[
    ("placed", 2, "blood"),
    ("late", 3, "doctor_visit"),
    ("accepted", 3, "medication"),
    ("assigned", 1, "blood"),
    ("under_way", 0, "blood"),
    ("done", -2, "blood"),
    ("rated", -9, "blood"),
    ("complaint", -5, "blood"),
    ("cancelled", -3, "blood"),
    ("refused", 4, "blood"),
    ("two", 2, "blood"),
];
/// Health centres that have orders.
const CENTRES: usize = 3;
/// Who orders for their elders.
const FAMILY: &[(&str, i32, &str)] = &[("rated", -20, "blood"), ("done", -1, "blood"), ("assigned", 2, "blood")];

/// Writes the orders of a county. Without example values there is no catalogue, and nobody orders.
pub fn write(tx: &Tx<'_>, setting: &Setting, county: &str, made: &[Made]) -> Result<()> {
    let is_centre = |it: &&Made| matches!(it.kind, "community_health_centre" | "township_health_centre");
    let centres: Vec<&Made> = made.iter().filter(|it| it.region == county).filter(is_centre).take(CENTRES).collect();
    for centre in &centres {
        let people = tx.rows(
            "select e.id from elder e where e.region = $1 and e.street = $2 and e.state = 'living'
                and exists (select 1 from elder_group g where g.region = e.region and g.elder = e.id
                               and g.kind in ('disabled', 'oldest') and g.until_day is null)
              order by e.id limit 40",
            &[&county, &centre.street],
            |row| row.get::<Id>(0),
        )?;
        for (it, person) in ORDERS.iter().zip(&people) {
            attempt(tx, setting, centre, &Key { region: county.to_string(), id: *person }, it)?;
        }
    }
    let own =
        tx.rows("select person from account_person where region = $1 order by person limit 4", &[&county], |row| {
            row.get::<Id>(0)
        })?;
    if let Some(centre) = centres.first() {
        for person in own {
            for it in FAMILY {
                attempt(tx, setting, centre, &Key { region: county.to_string(), id: person }, it)?;
            }
        }
    }
    Ok(())
}

fn attempt(tx: &Tx<'_>, setting: &Setting, centre: &Made, elder: &Key, it: &(&str, i32, &str)) -> Result<()> {
    match tx.attempt(|tx| one(tx, setting, centre, elder, it)) {
        Ok(()) | Err(Error::Refused(_) | Error::Invalid(_)) => Ok(()),
        Err(other) => Err(other),
    }
}

/// Somebody of a role on a day.
fn by(setting: &Setting, role: Role, name: &str, day: Date) -> Ask {
    let who = Who { role, name: name.into(), ..Who::system(setting.scope.clone()) };
    Ask::of(&setting.app, who, morning(day))
}

fn filled(elder: &Key, centre: &Made, day: Date, service: &str, risk: &str) -> Input {
    let mut input = Input::default();
    let fields = [
        ("elder", elder.to_string()),
        ("institution", centre.id.to_string()),
        ("service", service.to_string()),
        ("conditions", "immobile".to_string()),
        ("day", day.to_string()),
        ("part", "morning".to_string()),
        ("consent", "on".to_string()),
        ("signer", "family".to_string()),
        ("signer_name", "家属".to_string()),
    ];
    for (name, value) in fields {
        input.set(name, value);
    }
    for id in
        ["acute", "bleeding", "allergy", "infection", "agitation", "access", "dogs", "lighting", "hygiene", "alone"]
    {
        input.set(&format!("risk_{id}"), if id == risk { "yes" } else { "no" });
    }
    input
}

fn one(
    tx: &Tx<'_>,
    setting: &Setting,
    centre: &Made,
    elder: &Key,
    (end, ahead, service): &(&str, i32, &str),
) -> Result<()> {
    let today = setting.days.today;
    let day = today.add_days(*ahead);
    let ordered = if *end == "late" { today.add_days(-3) } else { day.min(today).add_days(-2) };
    let ordered = if matches!(*end, "placed" | "two") { today } else { ordered };
    let family = by(setting, Role::Family, "家属", ordered);
    let risk = if *end == "two" { "dogs" } else { "" };
    let placed = orders::place_from(tx, &family, &filled(elder, centre, day, service, risk))?;
    let (mut it, person) = orders::find(tx, &family, &placed.key)?;
    let lead = by(setting, Role::Lead, "何秀芳", ordered);
    match *end {
        "placed" | "late" | "two" => return Ok(()),
        "refused" => return orders::refuse(tx, &lead, &mut it, &person, "time", "当天已约满,请改约次日"),
        "cancelled" => return orders::call_off(tx, &family, &mut it, &person, "老人住院").map(drop),
        _ => orders::accept(tx, &lead, &mut it, &person)?,
    }
    if *end == "accepted" {
        return Ok(());
    }
    let able = orders::candidates(tx, &lead, &it)?;
    let Some(first) = able.iter().find(|it| it.may.answer != Answer::No) else { return Ok(()) };
    orders::assign(tx, &lead, &mut it, &person, (first.id, None), true)?;
    if *end == "assigned" {
        return Ok(());
    }
    let on_day = by(setting, Role::Clinician, "李建华", day.min(today));
    orders::depart(tx, &on_day, &mut it, &person)?;
    if *end == "under_way" {
        return Ok(());
    }
    let given = Done { day, source: "hand", began: None, note: "按步骤完成,老人情况平稳" };
    orders::done(tx, &on_day, &mut it, &person, &given)?;
    let family = by(setting, Role::Family, "家属", day.add_days(1).min(today));
    match *end {
        "rated" => orders::rate(tx, &family, &mut it, &person, 5, "护士很细心", false),
        "complaint" => orders::rate(tx, &family, &mut it, &person, 2, "比约好的晚了一个多小时", true),
        _ => Ok(()),
    }
}
