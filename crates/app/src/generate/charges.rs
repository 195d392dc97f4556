//! What services cost in a generated county: each health centre publishes a visit fee, some elders have bills, paid or not,
//! and the fund has prepaid one centre for last month.

use kit::{Ask, Error, Id, Result, Tx, form::Input, place::NATION};

use super::{Setting, chance::Chance, network::Made};
use crate::{
    elders::{self, Key},
    institutions::{self, Institution},
    tariff::{self, NewBill, Order},
};

/// Days for which the fees have been published.
const PUBLISHED_AGO: i32 = 120;
/// Bills of one health centre.
const BILLS: usize = 12;
/// What is done at home, with what is used for it; codes of the national example list.
const ORDERS: &[&[(&str, u16)]] = &[
    &[("120600001", 1), ("HC-0001", 1)],
    &[("120100001", 1)],
    &[("121600001", 1), ("HC-0002", 1)],
    &[("120100010", 1), ("HC-0001", 2)],
    &[("340200020", 2)],
    &[("YL-0001", 1)],
    &[("430000001", 1)],
];

/// Writes what the health centres of a county charge.
pub fn write(tx: &Tx<'_>, setting: &Setting, seed: u64, county: &str, made: &[Made]) -> Result<()> {
    let is_centre = |it: &&Made| matches!(it.kind, "community_health_centre" | "township_health_centre");
    let centres = made.iter().filter(|it| it.region == county).filter(is_centre);
    let mut chance = Chance::new(seed ^ 0x7461_7269);
    let mut first = None;
    for centre in centres {
        let key = Key { region: county.to_string(), id: centre.id };
        let it = institutions::by_key(tx, &key)?;
        publish(tx, setting, &it, &mut chance)?;
        bills(tx, setting, &it, &centre.street, &mut chance)?;
        first = first.or(Some(it));
    }
    match first {
        Some(it) => prepay(tx, setting, &it),
        None => Ok(()),
    }
}

fn filled(pairs: &[(&str, String)]) -> Input {
    Input::from_pairs(pairs.iter().map(|(name, value)| ((*name).to_string(), value.clone())))
}

fn publish(tx: &Tx<'_>, setting: &Setting, it: &Institution, chance: &mut Chance) -> Result<()> {
    let from = setting.days.today.add_days(-PUBLISHED_AGO);
    let input = filled(&[
        ("radius_km", (3 + chance.below(10)).to_string()),
        ("minutes", "60".to_string()),
        ("persons", "2".to_string()),
        ("hourly", (22 + chance.below(10)).to_string()),
        ("per_km", "1.20".to_string()),
        ("demand", "100".to_string()),
        ("from", from.to_string()),
    ]);
    tariff::publish_fee(tx, &setting.on(from), it, &input).map(drop)
}

fn bills(tx: &Tx<'_>, setting: &Setting, it: &Institution, street: &str, chance: &mut Chance) -> Result<()> {
    let people = tx.rows(
        "select id from elder where region = $1 and street = $2 and state = 'living' order by id limit 200",
        &[&it.key.region, &street],
        |row| row.get::<Id>(0),
    )?;
    for nth in 0..BILLS.min(people.len()) {
        let person = people[nth * people.len() / BILLS.max(1) % people.len()];
        let ask = setting.on(setting.days.today.add_days(-(1 + chance.below(100) as i32)));
        let items = ORDERS[chance.below(ORDERS.len())];
        let items = items.iter().map(|(code, n)| ((*code).to_string(), *n)).collect();
        let order = Order { items, visit: true, insured: true, ..Order::default() };
        let pays = chance.below(4);
        let key = Key { region: it.key.region.clone(), id: person };
        let done = tx.attempt(|tx| one(tx, &ask, &key, it, &order, pays));
        match done {
            // Without example values there are no prices, and who is paid for already is not charged.
            Ok(()) | Err(Error::Refused(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

fn one(tx: &Tx<'_>, ask: &Ask, key: &Key, it: &Institution, order: &Order, pays: usize) -> Result<()> {
    let county = kit::Scope::of(&ask.app.places.tree(), NATION);
    let elder = elders::find(tx, &county, key)?;
    let new = NewBill { day: ask.today(), order, event: "", note: "" };
    let bill = tariff::write_bill(tx, ask, &elder, it, &new)?;
    if pays == 0 || bill.balance <= 0 {
        return Ok(());
    }
    let yuan = format!("{}.{:02}", bill.balance / 100, bill.balance % 100);
    let way = if pays == 1 { "cash" } else { "mobile" };
    let input = filled(&[("amount", yuan), ("way", way.to_string())]);
    tariff::receive(tx, ask, &bill, &elder, &input).map(drop)
}

fn prepay(tx: &Tx<'_>, setting: &Setting, it: &Institution) -> Result<()> {
    let month = setting.days.today.first_of_month().add_months(-1);
    let word = month.to_string().get(..7).unwrap_or_default().to_string();
    let input = filled(&[("amount", "2000".to_string()), ("month", word), ("note", String::new())]);
    tariff::prepay(tx, &setting.on(month), it, &input)
}
