//! Centres that answer alarms, and their duty rosters as they are kept: a week that repeats, days that differ.

use jiff::Timestamp;
use kit::{
    App, Ask, Error, Id, Result, Said, Scope, Tx,
    clock::{day_of, stamp},
    db::{Bind, Row},
    place::ScopeColumns,
};
use rules::{
    alarm::{Away, Dated, Gap, Rota, Slot},
    base::Date,
};

use crate::{elders::Key, workforce};

/// A centre, and for what it is there.
#[derive(Debug, Clone)]
pub struct Centre {
    pub key: Key,
    pub name: String,
    /// The place whose alarms it answers, with what lies in it and has no centre of its own.
    pub place: String,
    /// Where the institution lies.
    pub lies: String,
    /// Minutes after midnight at which shifts begin.
    pub begins: Vec<u16>,
    pub ranks: u8,
}

/// How a scope limits centres `c`: by where the institution `o` lies, which may answer for more than its own street.
const SCOPE: ScopeColumns = ScopeColumns {
    region: "c.region",
    street: None,
    place: "o.place",
    organisation: Some("c.organisation"),
    person: None,
};

fn read(row: &Row<'_>) -> Result<Centre> {
    let begins: String = row.get(4)?;
    let ranks: i64 = row.get(5)?;
    Ok(Centre {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        name: row.get(2)?,
        place: row.get(3)?,
        begins: begins.split_whitespace().filter_map(|it| it.parse().ok()).collect(),
        ranks: u8::try_from(ranks).unwrap_or(1),
        lies: row.get(6)?,
    })
}

impl Centre {
    pub fn link(&self) -> String {
        format!("/monitoring/duty/{}", self.key)
    }

    /// The minutes as people write them: `08:00 20:00`.
    pub fn begins_said(&self) -> String {
        let all: Vec<String> = self.begins.iter().map(|it| crate::visits::clock(i64::from(*it))).collect();
        all.join(" ")
    }
}

/// The centres of the reader's scope, by name.
pub fn centres(tx: &Tx<'_>, scope: &Scope) -> Result<Vec<Centre>> {
    let mut values = Vec::new();
    let condition = scope.sql(&SCOPE, &mut values);
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    let sql = format!(
        "select c.region, c.organisation, o.name, c.place, c.begins, c.ranks, o.place from alarm_centre c
           join organisation o on o.region = c.region and o.id = c.organisation
          where {condition} order by o.name, c.organisation limit 500"
    );
    tx.rows(&sql, &values, read)
}

/// A centre of the scope.
///
/// # Errors
/// `NotFound` where it is none, or not theirs.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Centre> {
    let it = by_key(tx, key)?.ok_or(Error::NotFound)?;
    if scope.holds(&key.region, &it.lies, Some(key.id), None) { Ok(it) } else { Err(Error::NotFound) }
}

fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Option<Centre>> {
    let sql = "select c.region, c.organisation, o.name, c.place, c.begins, c.ranks, o.place from alarm_centre c
                 join organisation o on o.region = c.region and o.id = c.organisation
                where c.region = $1 and c.organisation = $2";
    tx.row(sql, &[&key.region, &key.id], read)
}

/// The centre that answers for a place: its own, or that of the nearest place around it.
pub fn centre_of(tx: &Tx<'_>, app: &App, region: &str, place: &str) -> Result<Option<Id>> {
    let tree = app.places.tree();
    for it in tree.chain(place) {
        let found = tx.row(
            "select organisation from alarm_centre where region = $1 and place = $2",
            &[&region, &it.code],
            |row| row.get::<Id>(0),
        )?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Makes an institution a centre for a place, or changes its shifts; slots of shifts that are no more go with them.
///
/// # Errors
/// `Invalid` for another county's place, and where the place has a centre already.
pub fn set_centre(tx: &Tx<'_>, ask: &Ask, key: &Key, place: &str, begins: &[u16], ranks: u8) -> Result<()> {
    let tree = ask.app.places.tree();
    let is_here = tree.county_of(place).is_some_and(|it| it.code == key.region);
    // Whoever leads a centre keeps the place it answers for, also where that is wider than their own.
    let keeps = find(tx, &ask.who.scope, key).is_ok_and(|it| it.place == place);
    if !is_here || !(keeps || ask.who.scope.covers(&tree, place)) {
        return Err(Error::invalid("place", "请选择您管理范围内的地区"));
    }
    let other = tx.row(
        "select organisation from alarm_centre where region = $1 and place = $2",
        &[&key.region, &place],
        |row| row.get::<Id>(0),
    )?;
    if other.is_some_and(|it| it != key.id) {
        return Err(Error::invalid("place", "这个地区已有处置中心"));
    }
    let text: Vec<String> = begins.iter().map(ToString::to_string).collect();
    tx.run(
        "insert into alarm_centre (region, organisation, place, begins, ranks, changed, who) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (region, organisation) do update set place = excluded.place, begins = excluded.begins,
                ranks = excluded.ranks, changed = excluded.changed, who = excluded.who",
        &[
            &key.region,
            &key.id,
            &place,
            &text.join(" "),
            &i64::from(ranks),
            &stamp(ask.now),
            &ask.who.name,
        ],
    )?;
    let gone =
        |begins_at: i64, rank: i64| i64::from(ranks) < rank || begins.iter().all(|it| i64::from(*it) != begins_at);
    for table in ["alarm_duty", "alarm_duty_day"] {
        let slots: Vec<(i64, i64)> = tx.rows(
            &format!("select distinct begins, rank from {table} where region = $1 and organisation = $2 order by begins, rank"),
            &[&key.region, &key.id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        for (begins_at, rank) in slots.into_iter().filter(|it| gone(it.0, it.1)) {
            tx.run(
                &format!("delete from {table} where region = $1 and organisation = $2 and begins = $3 and rank = $4"),
                &[&key.region, &key.id, &begins_at, &rank],
            )?;
        }
    }
    note(tx, ask, key, place, &format!("shifts {}, ranks {ranks}", text.join(" ")))
}

fn note(tx: &Tx<'_>, ask: &Ask, key: &Key, place: &str, detail: &str) -> Result<()> {
    let entry = kit::audit::Entry {
        action: "change",
        subject: "alarm_centre",
        subject_id: Some(key.id),
        region: &key.region,
        place,
        detail,
    };
    ask.note(tx, &entry)
}

/// The roster of a centre with the days from one until before another.
pub fn rota(tx: &Tx<'_>, centre: &Centre, from: Date, until: Date) -> Result<Rota> {
    let (region, id) = (&centre.key.region, &centre.key.id);
    let small = |it: i64| u16::try_from(it).unwrap_or(0);
    let week = tx.rows(
        "select weekday, begins, rank, staff from alarm_duty where region = $1 and organisation = $2
          order by weekday, begins, rank",
        &[region, id],
        |row| {
            let (weekday, rank): (i64, i64) = (row.get(0)?, row.get(2)?);
            Ok(Slot {
                weekday: small(weekday) as u8,
                begins: small(row.get(1)?),
                rank: small(rank) as u8,
                who: row.get(3)?,
            })
        },
    )?;
    let dated = tx.rows(
        "select day, begins, rank, staff from alarm_duty_day
          where region = $1 and organisation = $2 and day >= $3 and day < $4 order by day, begins, rank",
        &[region, id, &from.to_string(), &until.to_string()],
        |row| {
            let rank: i64 = row.get(2)?;
            Ok(Dated { day: row.get(0)?, begins: small(row.get(1)?), rank: small(rank) as u8, who: row.get(3)? })
        },
    )?;
    let mut persons: Vec<i64> =
        week.iter().map(|it: &Slot| it.who).chain(dated.iter().filter_map(|it: &Dated| it.who)).collect();
    persons.sort_unstable();
    persons.dedup();
    let mut away = Vec::new();
    for who in persons {
        let key = Key { region: region.clone(), id: Id(who) };
        for it in workforce::absences_of(tx, &key)? {
            if it.from < until && it.until.is_none_or(|end| from < end) {
                away.push(Away { who, from: it.from, until: it.until });
            }
        }
        // Who has left for good answers no call.
        if !workforce::staff_by_key(tx, &key)?.is_active() {
            away.push(Away { who, from, until: None });
        }
    }
    Ok(Rota { begins: centre.begins.clone(), ranks: centre.ranks, week, dated, away })
}

/// Who of the staff can be called at an instant, by rank.
pub fn on_duty(tx: &Tx<'_>, region: &str, organisation: Id, now: Timestamp) -> Result<Vec<(u8, workforce::Staff)>> {
    let Some(centre) = by_key(tx, &Key { region: region.to_string(), id: organisation })? else {
        return Ok(Vec::new());
    };
    let (day, minute) = moment(now);
    let rota = rota(tx, &centre, day.add_days(-1), day.add_days(1))?;
    rota.on_duty(day, minute)
        .into_iter()
        .map(|(rank, who)| Ok((rank, workforce::staff_by_key(tx, &Key { region: region.to_string(), id: Id(who) })?)))
        .collect()
}

/// The business day of an instant and the minute of it.
pub fn moment(now: Timestamp) -> (Date, u16) {
    let day = day_of(now);
    let minutes = now.duration_since(kit::clock::begin_of(day)).as_mins();
    (day, u16::try_from(minutes).unwrap_or(0))
}

/// The gaps of a centre in the days ahead that the region looks at; none where it lays none down.
pub fn gaps(tx: &Tx<'_>, ask: &Ask, centre: &Centre) -> Result<Vec<Gap>> {
    let policy = ask.app.policy_in(&centre.key.region, ask.today());
    let Ok(days) = policy.read(|it| &it.monitoring.roster_days).copied() else { return Ok(Vec::new()) };
    let until = ask.today().add_days(i32::from(days));
    Ok(rota(tx, centre, ask.today(), until)?.gaps(ask.today(), days))
}

/// Who stands in a rank of a shift of every week; nobody takes them out.
pub fn set_week(tx: &Tx<'_>, ask: &Ask, centre: &Centre, slots: &[(u8, u16, u8, Option<Id>)]) -> Result<()> {
    hold(tx, centre)?;
    for (weekday, begins, rank, staff) in slots {
        let key: [&dyn Bind; 5] =
            [&centre.key.region, &centre.key.id, &i64::from(*weekday), &i64::from(*begins), &i64::from(*rank)];
        match staff {
            None => tx.run(
                "delete from alarm_duty where region = $1 and organisation = $2 and weekday = $3 and begins = $4 and rank = $5",
                &key,
            )?,
            Some(staff) => {
                let mut values = key.to_vec();
                values.push(staff);
                tx.run(
                    "insert into alarm_duty (region, organisation, weekday, begins, rank, staff) values ($1, $2, $3, $4, $5, $6)
                     on conflict (region, organisation, weekday, begins, rank) do update set staff = excluded.staff",
                    &values,
                )?
            }
        };
    }
    note(tx, ask, &centre.key, &centre.place, "week")
}

/// What holds on one day in a rank of a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfDay {
    /// As every week.
    Week,
    Nobody,
    Staff(Id),
}

/// Sets ranks of shifts of days apart from the week.
pub fn set_days(tx: &Tx<'_>, ask: &Ask, centre: &Centre, slots: &[(Date, u16, u8, OfDay)]) -> Result<()> {
    hold(tx, centre)?;
    for (day, begins, rank, of_day) in slots {
        let (day, begins, rank) = (day.to_string(), i64::from(*begins), i64::from(*rank));
        let key: [&dyn Bind; 5] = [&centre.key.region, &centre.key.id, &day, &begins, &rank];
        let staff = match of_day {
            OfDay::Week => {
                tx.run(
                    "delete from alarm_duty_day where region = $1 and organisation = $2 and day = $3 and begins = $4 and rank = $5",
                    &key,
                )?;
                continue;
            }
            OfDay::Nobody => None,
            OfDay::Staff(id) => Some(*id),
        };
        let mut values = key.to_vec();
        values.push(&staff);
        tx.run(
            "insert into alarm_duty_day (region, organisation, day, begins, rank, staff) values ($1, $2, $3, $4, $5, $6)
             on conflict (region, organisation, day, begins, rank) do update set staff = excluded.staff",
            &values,
        )?;
    }
    note(tx, ask, &centre.key, &centre.place, "days")
}

/// Copies how a week really stands, with its days apart, to another: both by any of their days.
///
/// # Errors
/// `Invalid` for the same week.
pub fn copy_week(tx: &Tx<'_>, ask: &Ask, centre: &Centre, from: Date, to: Date) -> Result<()> {
    let (from, to) = (from.monday(), to.monday());
    if from == to {
        return Err(Error::invalid("to", Said::new("{day} 那一周就是原来的一周").with("day", to)));
    }
    let rota = rota(tx, centre, from, from.add_days(7))?;
    let mut slots = Vec::new();
    for nth in 0..7 {
        for shift in rota.shifts(from.add_days(nth)) {
            for rank in 1..=rota.ranks {
                let of_day = match rota.written(shift, rank) {
                    _ if !rota.is_dated(shift, rank) => OfDay::Week,
                    None => OfDay::Nobody,
                    Some(who) => OfDay::Staff(Id(who)),
                };
                slots.push((to.add_days(nth), shift.begins, rank, of_day));
            }
        }
    }
    set_days(tx, ask, centre, &slots)
}

fn hold(tx: &Tx<'_>, centre: &Centre) -> Result<()> {
    if tx.kind() == kit::db::Kind::Postgres {
        tx.rows(
            "select organisation from alarm_centre where region = $1 and organisation = $2 for update",
            &[&centre.key.region, &centre.key.id],
            |row| row.get::<Id>(0),
        )?;
    }
    Ok(())
}
