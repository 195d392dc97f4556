//! What a bed brings into a home: services of its plan, medicines delivered, devices, and the adaptation of the home.

use kit::{Ask, Error, Id, Result, Said, Tx, clock::stamp};
use rules::{
    base::{Date, Money},
    home_bed::Per,
};
use serde::{Deserialize, Serialize};

use super::bed::{self, Bed};
use crate::elders::{ADDRESS_COLUMN, Elder};

#[derive(Debug, Clone)]
pub struct Service {
    pub id: Id,
    pub name: String,
    pub code: String,
    pub times: i64,
    pub per: String,
    pub from: Date,
    pub until: Option<Date>,
}

impl Service {
    /// The period in which it is given so many times; a course has none.
    pub fn period(&self) -> Option<Per> {
        match &*self.per {
            "day" => Some(Per::Day),
            "week" => Some(Per::Week),
            "month" => Some(Per::Month),
            _ => None,
        }
    }
}

pub fn services(tx: &Tx<'_>, bed: &Bed) -> Result<Vec<Service>> {
    tx.rows(
        "select id, name, code, times, per, from_day, until_day from homebed_service
          where region = $1 and bed = $2 order by from_day, id limit 200",
        &[&bed.key.region, &bed.key.id],
        |row| {
            Ok(Service {
                id: row.get(0)?,
                name: row.get(1)?,
                code: row.get(2)?,
                times: row.get(3)?,
                per: row.get(4)?,
                from: row.get(5)?,
                until: row.get(6)?,
            })
        },
    )
}

pub fn put_service(tx: &Tx<'_>, ask: &Ask, bed: &Bed, it: &Service) -> Result<()> {
    tx.run(
        "insert into homebed_service (region, bed, id, name, code, times, per, from_day, until_day, who)
         values ($1, $2, $3, $4, $5, $6, $7, $8, null, $9)",
        &[
            &bed.key.region,
            &bed.key.id,
            &it.id,
            &it.name,
            &it.code,
            &it.times,
            &it.per,
            &it.from.to_string(),
            &&*ask.who.name,
        ],
    )?;
    Ok(())
}

/// A service is given no more from a day on.
pub fn end_service(tx: &Tx<'_>, bed: &Bed, id: Id, day: Date) -> Result<()> {
    let it = services(tx, bed)?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if it.until.is_some() {
        return Err(Error::refused("ended_already", "这项服务已经停止"));
    }
    if day < it.from {
        return Err(Error::invalid("day", "停止日期不能早于起日"));
    }
    tx.run(
        "update homebed_service set until_day = $4 where region = $1 and bed = $2 and id = $3",
        &[&bed.key.region, &bed.key.id, &id, &day.to_string()],
    )?;
    Ok(())
}

/// Medicines on their way into a home.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub id: Id,
    pub day: Date,
    pub items: String,
    pub who: String,
    pub handed: Option<Date>,
    pub handed_to: String,
    pub handed_by: String,
}

pub fn deliveries(tx: &Tx<'_>, bed: &Bed) -> Result<Vec<Delivery>> {
    tx.rows(
        "select id, day, items, who, handed_day, handed_to, handed_by from homebed_delivery
          where region = $1 and bed = $2 order by day, id limit 500",
        &[&bed.key.region, &bed.key.id],
        |row| {
            Ok(Delivery {
                id: row.get(0)?,
                day: row.get(1)?,
                items: row.get(2)?,
                who: row.get(3)?,
                handed: row.get(4)?,
                handed_to: row.get(5)?,
                handed_by: row.get(6)?,
            })
        },
    )
}

pub fn order_delivery(tx: &Tx<'_>, ask: &Ask, bed: &Bed, day: Date, items: &str) -> Result<()> {
    tx.run(
        "insert into homebed_delivery (region, bed, id, day, items, who, handed_day, handed_to, handed_by, account, created)
         values ($1, $2, $3, $4, $5, $6, null, '', '', $7, $8)",
        &[
            &bed.key.region,
            &bed.key.id,
            &ask.new_id(),
            &day.to_string(),
            &items,
            &&*ask.who.name,
            &ask.who.account,
            &stamp(ask.now),
        ],
    )?;
    Ok(())
}

/// Notes to whom medicines were handed over.
pub fn hand_over(tx: &Tx<'_>, ask: &Ask, bed: &Bed, id: Id, day: Date, to: &str) -> Result<()> {
    let it = deliveries(tx, bed)?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if it.handed.is_some() {
        return Err(Error::refused("handed_already", "这份药品已经送达"));
    }
    if day < it.day {
        return Err(Error::invalid("day", "送达日期不能早于开单日期"));
    }
    tx.run(
        "update homebed_delivery set handed_day = $4, handed_to = $5, handed_by = $6
          where region = $1 and bed = $2 and id = $3",
        &[&bed.key.region, &bed.key.id, &id, &day.to_string(), &to, &&*ask.who.name],
    )?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct Device {
    pub id: Id,
    pub device: String,
    pub number: String,
    pub installed: Date,
    pub removed: Option<Date>,
}

pub fn devices(tx: &Tx<'_>, bed: &Bed) -> Result<Vec<Device>> {
    tx.rows(
        "select id, device, number, installed, removed from homebed_device
          where region = $1 and bed = $2 order by installed, id limit 200",
        &[&bed.key.region, &bed.key.id],
        |row| {
            Ok(Device {
                id: row.get(0)?,
                device: row.get(1)?,
                number: row.get(2)?,
                installed: row.get(3)?,
                removed: row.get(4)?,
            })
        },
    )
}

/// # Errors
/// `Refused` for a device that hangs in another home.
pub fn install(tx: &Tx<'_>, ask: &Ask, bed: &Bed, device: &str, number: &str, day: Date) -> Result<()> {
    let made = tx.attempt(|tx| {
        tx.run(
            "insert into homebed_device (region, bed, id, device, number, installed, removed, who)
             values ($1, $2, $3, $4, $5, $6, null, $7)",
            &[&bed.key.region, &bed.key.id, &ask.new_id(), &device, &number, &day.to_string(), &&*ask.who.name],
        )
    });
    match made {
        Err(e) if e.is_duplicate() => {
            let why = Said::new("设备“{number}”已装在一处,请先登记拆除").with("number", number);
            Err(Error::refused("installed_already", why))
        }
        other => other.map(drop),
    }
}

pub fn remove(tx: &Tx<'_>, bed: &Bed, id: Id, day: Date) -> Result<()> {
    let it = devices(tx, bed)?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if it.removed.is_some() {
        return Err(Error::refused("removed_already", "这台设备已经拆除"));
    }
    if day < it.installed {
        return Err(Error::invalid("day", "拆除日期不能早于安装日期"));
    }
    tx.run(
        "update homebed_device set removed = $4 where region = $1 and bed = $2 and id = $3",
        &[&bed.key.region, &bed.key.id, &id, &day.to_string()],
    )?;
    Ok(())
}

/// One line of an adaptation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub name: String,
    pub fen: i64,
}

/// What was changed in a home.
#[derive(Debug, Clone)]
pub struct Adaptation {
    pub id: Id,
    pub day: Date,
    pub lines: Vec<Line>,
    pub cost: i64,
    pub before: Option<Id>,
    pub after: Option<Id>,
    pub note: String,
    pub void_reason: String,
}

/// Lines as they are typed: `扶手 350` or `防滑地面 1200.50`, one below the other.
///
/// # Errors
/// `Invalid` for a line without a cost.
pub fn lines(text: &str) -> Result<Vec<Line>> {
    let mut all = Vec::new();
    for typed in text.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let (name, cost) = typed.rsplit_once(char::is_whitespace).unwrap_or((typed, ""));
        let cost = cost.trim_end_matches('元');
        let money = format!("{cost} 元").parse::<Money>().ok().filter(|it| 0 <= it.fen());
        let Some(money) = money.filter(|_| !name.trim().is_empty()) else {
            return Err(Error::invalid("items", Said::new("“{value}”请写作“扶手 350.00”").with("value", typed)));
        };
        all.push(Line { name: name.trim().to_string(), fen: money.fen() });
    }
    match all.is_empty() {
        true => Err(Error::invalid("items", "请填写改造项目")),
        false => Ok(all),
    }
}

pub fn adaptations(tx: &Tx<'_>, bed: &Bed) -> Result<Vec<Adaptation>> {
    tx.rows(
        "select id, day, items, cost, before_file, after_file, note, void_reason from homebed_adaptation
          where region = $1 and bed = $2 order by day, id limit 50",
        &[&bed.key.region, &bed.key.id],
        |row| {
            let items: String = row.get(2)?;
            Ok(Adaptation {
                id: row.get(0)?,
                day: row.get(1)?,
                lines: serde_json::from_str(&items)?,
                cost: row.get(3)?,
                before: row.get(4)?,
                after: row.get(5)?,
                note: row.get(6)?,
                void_reason: row.get(7)?,
            })
        },
    )
}

/// How a home is known again: by its address, spaces and the width of characters aside; where no address is known, by the
/// elder.
fn home_of(ask: &Ask, elder: &Elder) -> Result<String> {
    let Some(sealed) = &elder.address else { return Ok(format!("elder {}", elder.key.id)) };
    let address = ask.app.crypt.open_sealed(ADDRESS_COLUMN, sealed).map_err(Error::internal)?;
    let plain: String = rules::base::half_width(&address).chars().filter(|it| !it.is_whitespace()).collect();
    let blind = ask.app.crypt.blind("homebed_adaptation.home", &plain);
    Ok(blind.iter().map(|it| format!("{it:02x}")).collect())
}

/// Writes what was adapted: a home once.
///
/// # Errors
/// `Refused` for a home that was adapted before, under this bed or another, unless that was voided.
pub fn adapt(tx: &Tx<'_>, ask: &Ask, bed: &Bed, elder: &Elder, it: &Adaptation) -> Result<()> {
    let home = home_of(ask, elder)?;
    let made = tx.attempt(|tx| {
        tx.run(
            "insert into homebed_adaptation (region, bed, id, home, day, items, cost, before_file, after_file, note, void_reason,
                                             who)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11)",
            &[
                &bed.key.region,
                &bed.key.id,
                &it.id,
                &home,
                &it.day.to_string(),
                &serde_json::to_string(&it.lines)?,
                &it.cost,
                &it.before,
                &it.after,
                &it.note,
                &&*ask.who.name,
            ],
        )
    });
    match made {
        Err(e) if e.is_duplicate() => {
            let day: Option<String> = tx.row(
                "select day from homebed_adaptation where region = $1 and home = $2",
                &[&bed.key.region, &home],
                |row| row.get(0),
            )?;
            let why = Said::new("这处住所已在 {day} 登记过适老化改造,一处住所只改造一次")
                .with("day", day.unwrap_or_default());
            Err(Error::refused("adapted_already", why))
        }
        other => other.map(drop),
    }
}

/// A picture from after an adaptation that was written down without one, or instead of the one there.
pub fn put_after(tx: &Tx<'_>, bed: &Bed, id: Id, file: Id) -> Result<()> {
    let it = adaptations(tx, bed)?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if !it.void_reason.is_empty() {
        return Err(Error::refused("void_already", "这条记录已经作废"));
    }
    tx.run(
        "update homebed_adaptation set after_file = $4 where region = $1 and bed = $2 and id = $3",
        &[&bed.key.region, &bed.key.id, &id, &file],
    )?;
    Ok(())
}

/// Voids an adaptation; its home may be adapted then.
pub fn void_adaptation(tx: &Tx<'_>, bed: &Bed, id: Id, reason: &str) -> Result<()> {
    let it = adaptations(tx, bed)?.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if !it.void_reason.is_empty() {
        return Err(Error::refused("void_already", "这条记录已经作废"));
    }
    tx.run(
        "update homebed_adaptation set home = null, void_reason = $4 where region = $1 and bed = $2 and id = $3",
        &[&bed.key.region, &bed.key.id, &id, &reason],
    )?;
    Ok(())
}

/// A stretch without service.
#[derive(Debug, Clone)]
pub struct Pause {
    pub from: Date,
    pub until: Option<Date>,
    pub expected: Option<Date>,
    pub reason: String,
    pub note: String,
}

pub fn pauses(tx: &Tx<'_>, bed: &Bed) -> Result<Vec<Pause>> {
    tx.rows(
        "select from_day, until_day, expected, reason, note from homebed_pause
          where region = $1 and bed = $2 order by from_day limit 200",
        &[&bed.key.region, &bed.key.id],
        |row| {
            Ok(Pause {
                from: row.get(0)?,
                until: row.get(1)?,
                expected: row.get(2)?,
                reason: row.get(3)?,
                note: row.get(4)?,
            })
        },
    )
}

pub fn begin_pause(tx: &Tx<'_>, ask: &Ask, bed: &Bed, it: &Pause) -> Result<()> {
    tx.run(
        "insert into homebed_pause (region, bed, from_day, until_day, expected, reason, note, who)
         values ($1, $2, $3, null, $4, $5, $6, $7)",
        &[
            &bed.key.region,
            &bed.key.id,
            &it.from.to_string(),
            &bed::day(it.expected),
            &it.reason,
            &it.note,
            &&*ask.who.name,
        ],
    )?;
    Ok(())
}

pub fn end_pause(tx: &Tx<'_>, bed: &Bed, from: Date, until: Option<Date>) -> Result<()> {
    tx.run(
        "update homebed_pause set until_day = $4 where region = $1 and bed = $2 and from_day = $3",
        &[&bed.key.region, &bed.key.id, &from.to_string(), &bed::day(until)],
    )?;
    Ok(())
}

/// What was decided at the end of a course.
#[derive(Debug, Clone)]
pub struct Review {
    pub id: Id,
    pub day: Date,
    pub goes_on: bool,
    pub findings: String,
    pub who: String,
}

pub fn reviews(tx: &Tx<'_>, bed: &Bed) -> Result<Vec<Review>> {
    tx.rows(
        "select id, day, goes_on, findings, who from homebed_review
          where region = $1 and bed = $2 order by day, id limit 100",
        &[&bed.key.region, &bed.key.id],
        |row| {
            Ok(Review {
                id: row.get(0)?,
                day: row.get(1)?,
                goes_on: row.get(2)?,
                findings: row.get(3)?,
                who: row.get(4)?,
            })
        },
    )
}

pub fn put_review(tx: &Tx<'_>, bed: &Bed, it: &Review) -> Result<()> {
    tx.run(
        "insert into homebed_review (region, bed, id, day, goes_on, findings, who) values ($1, $2, $3, $4, $5, $6, $7)",
        &[&bed.key.region, &bed.key.id, &it.id, &it.day.to_string(), &it.goes_on, &it.findings, &it.who],
    )?;
    Ok(())
}
