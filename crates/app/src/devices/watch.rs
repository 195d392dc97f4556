//! Values against limits, and silence: what is out of them opens a case, what is back inside is noted there, and what is not urgent
//! waits until the morning. The rules are `rules::limits`.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use kit::{
    Ask, Error, Id, Result, Said, Tx,
    clock::stamp,
    db::{Among, Row},
};
use readings::{Marks, Meal, Measure, Reading};
use rules::limits::{self, DeviceKind, Home, Limits, Own, Raise, State, Trends};
use serde_json::json;

use super::{
    memory::{County, Known},
    model::CHINA,
    own, series,
};
use crate::{
    elders::Key,
    monitoring::{self, Reason, Subject},
};

/// When somebody last moved is written down again after so many milliseconds.
const MOVED_EVERY: i64 = 10 * 60_000;
/// People looked at in one transaction.
pub const STEP: i64 = 500;

/// A value that is new.
pub struct Value {
    pub device: Id,
    pub elder: Option<Id>,
    pub measure: Measure,
    pub reading: Reading,
    pub meal: Option<Meal>,
    /// The message that said it, by its place in the batch.
    pub message: usize,
}

/// What is watched of a person.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Watch {
    pub state: State,
    pub trends: Trends,
    pub waiting: Vec<Raise>,
    pub moved: Option<i64>,
    pub told: Option<i64>,
    pub next_at: Option<i64>,
    pub own: Vec<Own>,
    /// When `moved` was written.
    moved_written: Option<i64>,
}

const COLUMNS: &str = "state, trends, waiting, moved, told, next_at";

fn read(row: &Row<'_>) -> Result<Watch> {
    let moved = row.get(3)?;
    Ok(Watch {
        state: serde_json::from_str(&row.get::<String>(0)?)?,
        trends: serde_json::from_str(&row.get::<String>(1)?)?,
        waiting: serde_json::from_str(&row.get::<String>(2)?)?,
        moved,
        moved_written: moved,
        told: row.get(4)?,
        next_at: row.get(5)?,
        own: Vec::new(),
    })
}

/// What is watched of some people, with the limits their doctors set.
pub fn of(tx: &Tx<'_>, region: &str, elders: &[Id]) -> Result<HashMap<Id, Watch>> {
    let mut all: HashMap<Id, Watch> = elders.iter().map(|it| (*it, Watch::default())).collect();
    for some in elders.chunks(500) {
        let some = Among::of(some);
        let sql =
            format!("select {COLUMNS}, elder from reading_watch where region = $1 and elder in ({})", some.after(1));
        for (id, it) in tx.rows(&sql, &some.bind(&[&region]), |row| Ok((row.get::<Id>(6)?, read(row)?)))? {
            all.insert(id, it);
        }
        for (id, it) in own::of_people(tx, region, &some)? {
            all.entry(id).or_default().own.push(it);
        }
    }
    Ok(all)
}

fn put(tx: &Tx<'_>, region: &str, elder: Id, it: &Watch) -> Result<()> {
    tx.run(
        "insert into reading_watch (region, elder, state, trends, waiting, moved, told, next_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (region, elder) do update set state = excluded.state, trends = excluded.trends, waiting = excluded.waiting,
                moved = excluded.moved, told = excluded.told, next_at = excluded.next_at",
        &[
            &region,
            &elder,
            &serde_json::to_string(&it.state)?,
            &serde_json::to_string(&it.trends)?,
            &serde_json::to_string(&it.waiting)?,
            &it.moved,
            &it.told,
            &it.next_at,
        ],
    )?;
    Ok(())
}

/// Judges new values of a batch.
pub fn judge(tx: &Tx<'_>, ask: &Ask, county: &mut County, region: &str, values: &[Value]) -> Result<()> {
    let mut of_person: BTreeMap<Id, Vec<&Value>> = BTreeMap::new();
    for it in values {
        if let Some(elder) = it.elder {
            of_person.entry(elder).or_default().push(it);
        }
    }
    let missing: Vec<Id> = of_person.keys().filter(|it| !county.watches.contains_key(it)).copied().collect();
    county.watches.extend(of(tx, region, &missing)?);
    let laid = limits::limits(&[], &ask.app.policy_in(region, ask.today()));
    for (elder, values) in of_person {
        let Some(watch) = county.watches.get_mut(&elder) else { continue };
        let own;
        let limits = if watch.own.is_empty() {
            &laid
        } else {
            own = limits::limits(&watch.own, &ask.app.policy_in(region, ask.today()));
            &own
        };
        let before = watch.clone();
        let new: Vec<(Measure, Reading)> = values.iter().map(|it| (it.measure, it.reading)).collect();
        let judged = limits::judge(limits, &watch.state, &new, ask.now.as_millisecond());
        watch.state = judged.state;
        let moved = values.iter().filter(|it| tells_of_movement(it)).map(|it| it.reading.at).max();
        watch.moved = watch.moved.max(moved);
        if watch.moved.is_some() && watch.next_at.is_none() {
            watch.next_at = still(limits, watch, ask, watch.moved).again;
        }
        let device = values.first().and_then(|it| county.devices.get(&it.device));
        let teller = device.map(|it| Teller { place: &it.place, id: it.key.id, label: &it.label });
        tell(tx, ask, region, elder, limits, watch, judged.raises, teller.as_ref())?;
        for it in judged.overs {
            over(tx, ask, region, elder, &it)?;
        }
        let moved_on = watch.moved.unwrap_or(0) - before.moved_written.unwrap_or(0) >= MOVED_EVERY;
        let differs = (&watch.state, &watch.waiting, watch.next_at) != (&before.state, &before.waiting, before.next_at);
        if differs || moved_on {
            watch.moved_written = watch.moved;
            put(tx, region, elder, watch)?;
        }
    }
    Ok(())
}

/// Whether a value says that somebody moved just then.
fn tells_of_movement(it: &Value) -> bool {
    let doubtful = it.reading.marks.has(Marks::IMPLAUSIBLE) || it.reading.marks.has(Marks::DISPUTED);
    let moves = match it.measure {
        Measure::Motion | Measure::Door => true,
        Measure::Steps => 0 < it.reading.value,
        _ => false,
    };
    moves && !doubtful && (it.measure != Measure::Motion || it.reading.value == 1)
}

/// Looks at the home of a person; `alive` is when its devices last said anything.
fn still(limits: &Limits, it: &Watch, ask: &Ask, alive: Option<i64>) -> limits::Still {
    let home = Home { moved: it.moved, alive, told: it.told };
    limits::still(limits, &home, ask.now.as_millisecond(), CHINA)
}

/// Raises what is to be told now, and keeps what waits.
#[allow(clippy::too_many_arguments, reason = "one person, one call")]
fn tell(
    tx: &Tx<'_>,
    ask: &Ask,
    region: &str,
    elder: Id,
    limits: &Limits,
    watch: &mut Watch,
    new: Vec<Raise>,
    teller: Option<&Teller<'_>>,
) -> Result<()> {
    if new.is_empty() && watch.waiting.is_empty() {
        return Ok(());
    }
    let told = limits::tell(limits, &watch.waiting, new, ask.now.as_millisecond(), CHINA);
    watch.waiting = told.waiting;
    watch.next_at = [watch.next_at, told.again].into_iter().flatten().min();
    for it in told.now {
        raise(tx, ask, region, Subject::Elder(elder), &it, teller)?;
    }
    Ok(())
}

/// The device that told it: where it stands, its number and label.
struct Teller<'a> {
    place: &'a str,
    id: Id,
    label: &'a str,
}

fn raise(
    tx: &Tx<'_>,
    ask: &Ask,
    region: &str,
    subject: Subject<'_>,
    it: &Raise,
    teller: Option<&Teller<'_>>,
) -> Result<()> {
    let reason = Reason { said: Said::Rule(it.reason.text.clone()), because: json!(it.reason) };
    let raise = monitoring::Raise {
        region,
        place: teller.map_or("", |it| it.place),
        subject,
        kind: it.kind,
        urgent: it.urgent,
        at: series::timestamp(it.at),
        device: teller.map(|it| (it.id, it.label)),
        reason,
        position: None,
    };
    match monitoring::raise(tx, &ask.app, ask.now, &raise) {
        // The person is no more in the registry of this county; the device is to be taken back, which the workbench says.
        Err(Error::NotFound) => Ok(()),
        other => other.map(drop),
    }
}

fn over(tx: &Tx<'_>, ask: &Ask, region: &str, elder: Id, it: &limits::Over) -> Result<()> {
    let key = Key { region: region.to_string(), id: elder };
    let reason = Reason { said: Said::Rule(it.text.clone()), because: json!({"at": it.at}) };
    match monitoring::over(tx, &ask.app, ask.now, &key, it.kind, &reason) {
        Err(Error::NotFound) => Ok(()),
        other => other.map(drop),
    }
}

/// Looks at people of a county whose time has come without a reading: what waited for the morning, and whether somebody moved.
/// Gives how many there were.
pub fn look(tx: &Tx<'_>, ask: &Ask, region: &str) -> Result<i64> {
    let now = ask.now.as_millisecond();
    let sql =
        format!("select elder from reading_watch where region = $1 and next_at <= $2 order by next_at limit {STEP}");
    let due: Vec<Id> = tx.rows(&sql, &[&region, &now], |row| row.get(0))?;
    let policy = ask.app.policy_in(region, ask.today());
    for (elder, mut watch) in of(tx, region, &due)? {
        let limits = limits::limits(&watch.own, &policy);
        watch.next_at = None;
        let alive = tx.row(
            "select max(seen) from device where region = $1 and elder = $2 and kind in ('motion', 'door', 'wearable', 'radar')",
            &[&region, &elder],
            |row| row.get::<Option<String>>(0),
        )?;
        let alive = alive.flatten().and_then(|it| it.parse::<Timestamp>().ok()).map(Timestamp::as_millisecond);
        let found = still(&limits, &watch, ask, alive);
        watch.told = found.home.told;
        watch.next_at = found.again.filter(|_| watch.moved.is_some());
        tell(tx, ask, region, elder, &limits, &mut watch, found.raise.into_iter().collect(), None)?;
        if let Some(it) = &found.over {
            over(tx, ask, region, elder, it)?;
        }
        put(tx, region, elder, &watch)?;
    }
    Ok(due.len() as i64)
}

/// Devices of a county that have been silent for longer than their kind allows; gives how many were found.
pub fn miss(tx: &Tx<'_>, ask: &Ask, region: &str) -> Result<i64> {
    let now = ask.now.as_millisecond();
    let limits = limits::limits(&[], &ask.app.policy_in(region, ask.today()));
    let mut found = 0;
    for (silence, _) in &limits.silence {
        let before = stamp(ask.now - jiff::SignedDuration::from_hours(silence.hours.into()));
        let sql = format!(
            "select d.id, d.elder, d.place, d.seen, m.maker || ' ' || m.name
               from device d join device_model m on m.region = d.region and m.id = d.model
              where d.region = $1 and d.kind = $2 and d.seen < $3 and d.state = 'out' and d.silent_told is null
              order by d.seen limit {STEP}"
        );
        let silent: Vec<(Id, Option<Id>, String, String, String)> =
            tx.rows(&sql, &[&region, &silence.kind.word(), &before], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })?;
        for (id, elder, place, seen, label) in silent {
            let heard = seen.parse::<Timestamp>().map_err(Error::internal)?.as_millisecond();
            let look = limits::silent(&limits, silence.kind, heard, false, now);
            if let Some(it) = look.raise {
                let subject = elder.map_or(Subject::Home(id, &label), Subject::Elder);
                raise(tx, ask, region, subject, &it, Some(&Teller { place: &place, id, label: &label }))?;
            }
            tx.run(
                "update device set silent_told = $3 where region = $1 and id = $2",
                &[&region, &id, &stamp(ask.now)],
            )?;
            found += 1;
        }
    }
    if 0 < found {
        super::device::moves_on(tx, region)?;
    }
    Ok(found)
}

/// A device whose silence was told is heard again.
pub fn heard_again(tx: &Tx<'_>, ask: &Ask, region: &str, it: &Known) -> Result<()> {
    tx.run("update device set silent_told = null where region = $1 and id = $2", &[&region, &it.key.id])?;
    let Some(kind) = DeviceKind::parse(&it.kind) else { return Ok(()) };
    let limits = limits::limits(&[], &ask.app.policy_in(region, ask.today()));
    let look = limits::silent(&limits, kind, it.now.seen, true, ask.now.as_millisecond());
    match (look.over, it.elder) {
        (Some(said), Some(elder)) => over(tx, ask, region, elder, &said),
        _ => Ok(()),
    }
}

/// Judges the days of a person's measures, once a day.
pub fn trends(tx: &Tx<'_>, ask: &Ask, region: &str, elder: Id, days: &[(Measure, Vec<limits::Day>)]) -> Result<()> {
    let Some(mut watch) = of(tx, region, &[elder])?.remove(&elder) else { return Ok(()) };
    let limits = limits::limits(&watch.own, &ask.app.policy_in(region, ask.today()));
    let before = watch.clone();
    for (measure, days) in days {
        let at = ask.now.as_millisecond();
        let (open, raises, overs) = limits::trends(&limits, &watch.trends, *measure, days, ask.today(), at);
        watch.trends = open;
        tell(tx, ask, region, elder, &limits, &mut watch, raises, None)?;
        for it in &overs {
            over(tx, ask, region, elder, it)?;
        }
    }
    if watch != before {
        put(tx, region, elder, &watch)?;
    }
    Ok(())
}
