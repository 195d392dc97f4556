//! How a case begins: a device says it, or somebody calls. Raised again it is the same case, and counted.

use jiff::Timestamp;
use kit::{App, Error, Id, Result, Said, Scope, Tx, clock::stamp};
use rules::alarm::{self, Kind};
use serde_json::Value;

use super::{
    case::{self, Case},
    duty,
    entry::{self, New},
    marks, steps,
};
use crate::elders::{self, Key, Report, Tone};

/// Whom or what an alarm is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// The number of an elder of the region.
    Elder(Id),
    /// A home of which no person is known, by its number in the registry of devices, and in words.
    Home(Id, &'a str),
    /// Whoever called, in words.
    Caller(&'a str),
}

/// Why it was raised: a sentence for people, and what it rests on for machines (value, limit, document, day).
#[derive(Debug, Clone)]
pub struct Reason {
    pub said: Said,
    pub because: Value,
}

/// One alarm as it comes in.
#[derive(Debug, Clone)]
pub struct Raise<'a> {
    /// The county.
    pub region: &'a str,
    /// The village or street where it is; of an elder it is their own, and not asked.
    pub place: &'a str,
    pub subject: Subject<'a>,
    pub kind: Kind,
    pub urgent: bool,
    /// When it happened, by the device's clock as far as that is believed.
    pub at: Timestamp,
    /// Number and label of the device; nothing for a call.
    pub device: Option<(Id, &'a str)>,
    pub reason: Reason,
    /// Latitude and longitude in millionths of a degree.
    pub position: Option<(i64, i64)>,
}

/// Raises an alarm of a person or a home, or counts it in the case that is open; in the transaction that keeps the reading. It needs
/// nobody who is signed in. What is due at once of the response is done here; the rest does the clock.
///
/// # Errors
/// `NotFound` for an elder who is not in the region; those of the database.
pub fn raise(tx: &Tx<'_>, app: &App, now: Timestamp, it: &Raise<'_>) -> Result<Key> {
    let elder = match it.subject {
        Subject::Elder(id) => Some(kept(tx, app, Key { region: it.region.to_string(), id })?),
        _ => None,
    };
    let subject = match (&elder, it.subject) {
        (Some(elder), _) => format!("elder:{}", elder.key.id),
        (None, Subject::Home(id, _)) => format!("home:{id}"),
        (None, _) => format!("call:{}", Id::new(now)),
    };
    for _ in 0..2 {
        if let Some(open) = case::open_of(tx, it.region, &subject, it.kind)? {
            case::hold(tx, &open.key)?;
            // Somebody may have closed it meanwhile.
            let mut open = case::by_key(tx, &open.key)?;
            if open.is_open() {
                again(tx, app, now, &mut open, it)?;
                return Ok(open.key);
            }
        }
        if let Some(new) = begin(tx, app, now, it, elder.as_ref(), &subject)? {
            return Ok(new);
        }
        // Another raised it at this moment: it is counted there.
    }
    Err(Error::internal(format!("the case of {subject} was opened and closed at once")))
}

/// The value is back inside: noted in the open case of the elder and kind, which a person closes. Gives whether there is one.
///
/// # Errors
/// Those of the database.
pub fn over(tx: &Tx<'_>, app: &App, now: Timestamp, elder: &Key, kind: Kind, reason: &Reason) -> Result<bool> {
    let elder = kept(tx, app, elder.clone())?;
    let Some(open) = case::open_of(tx, &elder.key.region, &format!("elder:{}", elder.key.id), kind)? else {
        return Ok(false);
    };
    case::hold(tx, &open.key)?;
    let mut open = case::by_key(tx, &open.key)?;
    if !open.is_open() {
        return Ok(false);
    }
    if open.eased.is_none() {
        open.eased = Some(stamp(now));
        case::store(tx, now, &mut open)?;
        entry::write(tx, now, &open.key, &New::of("eased", "", reason.said.clone()))?;
    }
    Ok(true)
}

/// The record that is kept of a person: the one into which theirs was merged.
fn kept(tx: &Tx<'_>, app: &App, key: Key) -> Result<elders::Elder> {
    let scope = Scope::of(&app.places.tree(), &key.region);
    let mut it = elders::find(tx, &scope, &key)?;
    for _ in 0..8 {
        match it.merged_into {
            Some(id) if id != it.key.id => it = elders::find(tx, &scope, &Key { region: key.region.clone(), id })?,
            _ => break,
        }
    }
    Ok(it)
}

fn begin(
    tx: &Tx<'_>,
    app: &App,
    now: Timestamp,
    it: &Raise<'_>,
    elder: Option<&elders::Elder>,
    subject: &str,
) -> Result<Option<Key>> {
    let tree = app.places.tree();
    let place = elder.map_or(it.place, |elder| &elder.place).to_string();
    let street = match elder {
        Some(elder) => elder.street.clone(),
        None => tree.street_code(&place, it.region),
    };
    let policy = app.policy_in(it.region, kit::clock::day_of(now));
    let plan = alarm::plan(it.kind, it.urgent, &policy).ok().flatten();
    let mut new = Case {
        street,
        organisation: duty::centre_of(tx, app, it.region, &place)?,
        place,
        subject: subject.to_string(),
        elder: elder.map(|it| it.key.id),
        about: match it.subject {
            Subject::Elder(_) => String::new(),
            Subject::Home(_, about) | Subject::Caller(about) => about.chars().take(100).collect(),
        },
        at: stamp(it.at),
        source: if it.device.is_some() { "device" } else { "call" }.into(),
        device: it.device.map(|it| it.0),
        device_label: it.device.map_or("", |it| it.1).chars().take(60).collect(),
        position: it.position,
        next_at: plan.is_some().then(|| stamp(now)),
        allowed: plan.map(|it| i64::from(it.acknowledge)),
        ..Case::begun(now, it.region, it.kind, it.urgent)
    };
    if !case::insert(tx, &new)? {
        return Ok(None);
    }
    write_raise(tx, now, &new.key, it)?;
    entry::write(tx, now, &new.key, &New::of("raised", "", it.reason.said.clone()))?;
    if plan.is_none() {
        let said = Said::new("本地没有这类报警的处置步骤,不会自动升级");
        entry::write(tx, now, &new.key, &New::of("unsent", "", said))?;
    }
    if let Some(elder) = elder {
        let report = Report::new("monitoring", "报警:{kind}")
            .with("kind", it.kind.title())
            .link(new.link())
            .tone(if it.urgent { Tone::Bad } else { Tone::Warn });
        elders::report(tx, now, &elder.key, &report)?;
        marks::keep(tx, app, &elder.key)?;
    }
    steps::begin(tx, app, now, &mut new)?;
    Ok(Some(new.key))
}

fn again(tx: &Tx<'_>, app: &App, now: Timestamp, open: &mut Case, it: &Raise<'_>) -> Result<()> {
    write_raise(tx, now, &open.key, it)?;
    open.raises += 1;
    open.last_raised = stamp(now);
    open.eased = None;
    open.position = it.position.or(open.position);
    let became_urgent = it.urgent && !open.urgent;
    open.urgent |= it.urgent;
    if became_urgent {
        // The steps of an urgent one begin from the first.
        (open.steps, open.since) = (0, stamp(now));
        open.next_at = Some(stamp(now));
        entry::write(tx, now, &open.key, &New::of("again", "", it.reason.said.clone()).note("urgent"))?;
        case::store(tx, now, open)?;
        return steps::begin(tx, app, now, open);
    }
    case::store(tx, now, open)
}

fn write_raise(tx: &Tx<'_>, now: Timestamp, case: &Key, it: &Raise<'_>) -> Result<()> {
    tx.run(
        "insert into alarm_raise (region, alarm, id, at, received, device, device_label, said, because, latitude, longitude)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            &case.region,
            &case.id,
            &Id::new(now),
            &stamp(it.at),
            &stamp(now),
            &it.device.map(|it| it.0),
            &it.device.map_or("", |it| it.1),
            &it.reason.said.stored(),
            &it.reason.because.to_string(),
            &it.position.map(|it| it.0),
            &it.position.map(|it| it.1),
        ],
    )?;
    Ok(())
}
