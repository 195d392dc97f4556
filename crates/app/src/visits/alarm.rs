//! Calls for help of staff: raised by one press, told to those who lead, taken and closed with a name and a time.

use kit::{
    Ask, Error, Id, Result, Tx,
    clock::stamp,
    db::Row,
    notify::{self, Channel, Message, Outgoing},
};
use serde_json::Value;

use super::{phone::Phone, record, told};
use crate::{
    elders::Key,
    workforce::{self, Staff},
};

/// One call.
#[derive(Debug, Clone)]
pub struct Alarm {
    pub key: Key,
    pub place: String,
    pub organisation: Option<Id>,
    pub staff: Id,
    pub visit: Option<Id>,
    pub at: String,
    pub received: String,
    /// Latitude, longitude in millionths of a degree, and metres of accuracy.
    pub position: Option<(i64, i64, i64)>,
    pub note: String,
    /// A word of `words::ALARMS`.
    pub state: String,
    pub taken_by: String,
    pub taken: Option<String>,
    pub outcome: String,
    pub closed: Option<String>,
}

pub const COLUMNS: &str = "region, id, place, organisation, staff, visit, at, received, latitude, longitude, accuracy, note, state, taken_by, \
    taken, outcome, closed";

fn read(row: &Row<'_>) -> Result<Alarm> {
    let position: (Option<i64>, Option<i64>, Option<i64>) = (row.get(8)?, row.get(9)?, row.get(10)?);
    Ok(Alarm {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        place: row.get(2)?,
        organisation: row.get(3)?,
        staff: row.get(4)?,
        visit: row.get(5)?,
        at: row.get(6)?,
        received: row.get(7)?,
        position: position.0.zip(position.1).map(|(a, b)| (a, b, position.2.unwrap_or(0))),
        note: row.get(11)?,
        state: row.get(12)?,
        taken_by: row.get(13)?,
        taken: row.get(14)?,
        outcome: row.get(15)?,
        closed: row.get(16)?,
    })
}

impl Alarm {
    pub fn link(&self) -> String {
        format!("/visits/alarms/{}", self.key)
    }
}

/// A call of the scope, and whose it is.
pub fn find(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<(Alarm, Staff)> {
    let it = tx.one(
        &format!("select {COLUMNS} from visit_alarm where region = $1 and id = $2"),
        &[&key.region, &key.id],
        read,
    )?;
    let held = ask.who.scope.holds(&it.key.region, &it.place, it.organisation, None);
    let staff = workforce::staff_by_key(tx, &Key { region: key.region.clone(), id: it.staff })?;
    if held { Ok((it, staff)) } else { Err(Error::NotFound) }
}

/// A call of staff that is not closed, for the page of the operators.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    pub key: Key,
    pub place: String,
    pub organisation: Option<Id>,
    pub name: String,
    pub received: String,
    /// A word of `words::ALARMS`.
    pub state: String,
    pub taken_by: String,
    /// Latitude and longitude in millionths of a degree.
    pub position: Option<(i64, i64)>,
}

impl Open {
    pub fn link(&self) -> String {
        format!("/visits/alarms/{}", self.key)
    }
}

/// The calls of staff that are not closed in a county, the oldest first.
pub fn open(tx: &Tx<'_>, region: &str) -> Result<Vec<Open>> {
    let mut all = Vec::new();
    for state in ["open", "taken"] {
        let sql = format!("select {COLUMNS} from visit_alarm where region = $1 and state = $2 order by id limit 200");
        all.extend(tx.rows(&sql, &[&region, &state], read)?);
    }
    all.sort_by(|a, b| a.received.cmp(&b.received));
    all.into_iter()
        .map(|it| {
            let staff = workforce::staff_by_key(tx, &Key { region: region.to_string(), id: it.staff })?;
            Ok(Open {
                key: it.key,
                place: it.place,
                organisation: it.organisation,
                name: staff.name,
                received: it.received,
                state: it.state,
                taken_by: it.taken_by,
                position: it.position.map(|at| (at.0, at.1)),
            })
        })
        .collect()
}

/// A call as a phone tells it.
pub struct Call<'a> {
    /// The phone's own id of it.
    pub id: &'a str,
    /// By the phone's clock.
    pub at: &'a str,
    pub body: &'a Value,
    pub visit: Option<Id>,
}

/// Raises a call, once whatever often it is told; gives whether it is new. One that `follows` another only says where that one came from.
pub fn raise(tx: &Tx<'_>, ask: &Ask, phone: &Phone, call: &Call<'_>) -> Result<bool> {
    let body = call.body;
    let follows = body["follows"].as_str().unwrap_or_default();
    if !follows.is_empty() && placed(tx, phone, follows, told::fix(&body["fix"]))? {
        return Ok(false);
    }
    let staff = workforce::staff_by_key(tx, &Key { region: phone.key.region.clone(), id: phone.staff })?;
    let fix = told::fix(&body["fix"]);
    let (id, region) = (ask.new_id(), &phone.key.region);
    let visit = match call.visit {
        None => under_way(tx, ask, phone)?,
        named => named,
    };
    let written = tx.run(
        "insert into visit_alarm (region, id, street, place, organisation, event, staff, visit, at, received, latitude,
                                  longitude, accuracy, note, state, taken_by, outcome)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'open', '', '') on conflict do nothing",
        &[
            region,
            &id,
            &staff.street,
            &staff.place,
            &staff.organisation,
            &call.id,
            &staff.key.id,
            &visit,
            &call.at,
            &stamp(ask.now),
            &fix.map(|it| it.at.latitude),
            &fix.map(|it| it.at.longitude),
            &fix.map(|it| i64::from(it.accuracy)),
            &body["note"].as_str().unwrap_or_default().chars().take(200).collect::<String>(),
        ],
    )?;
    if written == 0 {
        return Ok(false);
    }
    let place = ask.app.places.tree().name(&staff.place).to_string();
    let body = format!("{} {} {}", staff.name, place, kit::clock::minute(call.at));
    let link = format!("/visits/alarms/{region}-{id}");
    for lead in leads(tx, ask, &staff)? {
        let unique = format!("sos {region}-{id} {}", lead.key);
        if let Some(account) = lead.account {
            let message =
                Message { account, title: "上门人员求助", body: &body, link: Some(&link), unique_key: &unique };
            notify::inbox(tx, &message, ask.now)?;
        }
        if let Some(sealed) = &lead.phone {
            let number = ask.app.crypt.open_sealed(workforce::PHONE_COLUMN, sealed).map_err(Error::internal)?;
            let message = Outgoing {
                channel: Channel::Sms,
                address: &number,
                title: "上门人员求助",
                body: &body,
                unique_key: &unique,
                account: lead.account,
            };
            notify::outgoing(tx, &ask.app.crypt, &message, ask.now)?;
        }
    }
    Ok(true)
}

/// Says where a call came from that is known already and has no position; gives whether it is known.
fn placed(tx: &Tx<'_>, phone: &Phone, event: &str, fix: Option<rules::visit::Fix>) -> Result<bool> {
    let (region, staff) = (&phone.key.region, phone.staff);
    if let Some(fix) = fix {
        tx.run(
            "update visit_alarm set latitude = $4, longitude = $5, accuracy = $6
              where region = $1 and event = $2 and staff = $3 and latitude is null",
            &[region, &event, &staff, &fix.at.latitude, &fix.at.longitude, &i64::from(fix.accuracy)],
        )?;
    }
    let known = tx.count(
        "select count(*) from visit_alarm where region = $1 and event = $2 and staff = $3",
        &[region, &event, &staff],
    )?;
    Ok(0 < known)
}

/// The visit at which whoever calls is, as far as it has been told.
fn under_way(tx: &Tx<'_>, ask: &Ask, phone: &Phone) -> Result<Option<Id>> {
    let (from, until) = (ask.today(), ask.today().add_days(1));
    let all = record::of_staff(tx, &phone.key.region, phone.staff, from, until)?;
    Ok(all.into_iter().rev().find(|it| it.state == "under_way").map(|it| it.key.id))
}

/// Those who lead the teams in which somebody is.
fn leads(tx: &Tx<'_>, ask: &Ask, staff: &Staff) -> Result<Vec<Staff>> {
    let mut all = Vec::new();
    for (team, _) in workforce::teams_of(tx, &staff.key, ask.today())? {
        for member in workforce::members(tx, &team.key, ask.today())?.into_iter().filter(|it| it.leads) {
            let lead = workforce::staff_by_key(tx, &member.staff)?;
            if lead.key != staff.key && all.iter().all(|it: &Staff| it.key != lead.key) {
                all.push(lead);
            }
        }
    }
    Ok(all)
}

/// Somebody takes a call upon them.
pub fn take(tx: &Tx<'_>, ask: &Ask, it: &Alarm) -> Result<()> {
    let taken = tx.run(
        "update visit_alarm set state = 'taken', taken_by = $3, taken = $4 where region = $1 and id = $2 and state = 'open'",
        &[&it.key.region, &it.key.id, &ask.who.name, &stamp(ask.now)],
    )?;
    if taken == 0 {
        return Err(Error::refused("taken_already", "这次求助已经有人处理"));
    }
    note(tx, ask, it, "taken")
}

/// What came of a call.
pub fn close(tx: &Tx<'_>, ask: &Ask, it: &Alarm, outcome: &str) -> Result<()> {
    if outcome.is_empty() {
        return Err(Error::invalid("outcome", "请写明情况和处理结果"));
    }
    let closed = tx.run(
        "update visit_alarm set state = 'closed', outcome = $3, closed = $4,
                taken_by = case when taken_by = '' then $5 else taken_by end
          where region = $1 and id = $2 and state <> 'closed'",
        &[&it.key.region, &it.key.id, &outcome, &stamp(ask.now), &ask.who.name],
    )?;
    if closed == 0 {
        return Err(Error::refused("closed_already", "这次求助已经解除"));
    }
    note(tx, ask, it, "closed")
}

fn note(tx: &Tx<'_>, ask: &Ask, it: &Alarm, detail: &str) -> Result<()> {
    let entry = kit::audit::Entry {
        action: "change",
        subject: "visit_alarm",
        subject_id: Some(it.key.id),
        region: &it.key.region,
        place: &it.place,
        detail,
    };
    ask.note(tx, &entry)
}
