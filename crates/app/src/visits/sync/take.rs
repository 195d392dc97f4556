//! Events taken in: each once, in whatever order they come; what cannot be used is set aside with its reason.

use kit::{Ask, Error, Id, Lang, Result, Said, Scope, Tx};
use rules::base::Date;
use serde_json::{Value, json};

use super::signed::Sent;
use crate::{
    elders::{self, Key},
    visits::{
        alarm, conflict,
        event::{self, New},
        follow, lost,
        phone::{self, Phone},
        plan,
        record::{self, Visit},
        words,
    },
};

/// So many events one request may bring.
pub const MOST: usize = 200;

/// What a request says besides its events.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Batch {
    /// The phone's clock.
    pub now: String,
    #[serde(default)]
    pub unsent: i64,
    #[serde(default)]
    pub oldest: Option<String>,
    #[serde(default)]
    pub app: String,
    pub events: Vec<Value>,
}

/// Takes a batch in; gives the receipts and the highest number up to which everything is here.
pub fn take(tx: &Tx<'_>, ask: &Ask, phone: &Phone, batch: &Batch) -> Result<(Vec<Value>, i64)> {
    let ahead = batch
        .now
        .parse::<jiff::Timestamp>()
        .map(|it| it.as_second() - ask.now.as_second())
        .map_err(|_| Error::invalid("now", "“now”应是手机时钟的时间"))?;
    if MOST < batch.events.len() {
        return Err(Error::invalid("events", Said::new("一次最多 {n} 条").with("n", MOST)));
    }
    let mut receipts = Vec::new();
    let mut touched: Vec<Id> = Vec::new();
    // From the first taken number on, a restored phone counts anew: what follows it has no link to what is here.
    let mut taken = None;
    for it in &batch.events {
        let sent: Sent = match serde_json::from_value(it.clone()) {
            Ok(sent) => sent,
            // Without an id and a number it cannot be told from others: only that is refused outright.
            Err(e) => {
                let why = Said::new("记录不完整:{why}").with("why", e);
                receipts.push(receipt(it["id"].as_str().unwrap_or_default(), "aside", &why));
                continue;
            }
        };
        let counts_anew = taken.is_some_and(|first| first < sent.number);
        let (state, why) = one(tx, ask, phone, &sent, ahead, counts_anew, &mut touched)?;
        if state == "taken" {
            taken = taken.or(Some(sent.number));
        }
        receipts.push(receipt(&sent.id, state, &why));
    }
    follow::judge_all(tx, ask, &phone.key.region, touched)?;
    let knows = event::known_of(tx, &phone.key.region, phone.key.id, phone.knows)?;
    // What this very request brought waits no longer.
    let unsent = (batch.unsent - batch.events.len() as i64).max(0);
    let oldest = batch.oldest.as_deref().filter(|_| 0 < unsent);
    phone::seen(tx, ask, phone, unsent, oldest, &batch.app, knows)?;
    Ok((receipts, knows))
}

fn receipt(id: &str, state: &str, why: &Said) -> Value {
    json!({"id": id, "state": state, "reason": why.in_lang(Lang::Zh), "reason_en": why.in_lang(Lang::En)})
}

fn nothing() -> Said {
    Said::new("")
}

fn one(
    tx: &Tx<'_>,
    ask: &Ask,
    phone: &Phone,
    sent: &Sent,
    ahead: i64,
    counts_anew: bool,
    touched: &mut Vec<Id>,
) -> Result<(&'static str, Said)> {
    let region = &phone.key.region;
    if let Some(known) = event::by_id(tx, ask, region, &sent.id)? {
        // The same id with other words is another phone's, or a forgery.
        let is_same = known.hash == sent.hash && known.phone == phone.key.id;
        let why = if is_same { nothing() } else { Said::new("这个编号已经有另一条记录") };
        return Ok((if is_same { "again" } else { "aside" }, why));
    }
    if counts_anew || event::hash_of(tx, region, phone.key.id, sent.number)?.is_some() {
        // The phone was restored from an older state: it gives this one another number.
        return Ok(("taken", Said::new("这个序号已经有另一条记录")));
    }
    let right = sent.is_right(&phone.public_key);
    let chain = match sent.number {
        _ if !right => "broken",
        1 if sent.previous.is_empty() => "whole",
        1 => "broken",
        _ => match event::hash_of(tx, region, phone.key.id, sent.number - 1)? {
            Some(hash) if hash == sent.previous => "whole",
            Some(_) => "broken",
            None if lost::covering(tx, region, phone.key.id, sent.number - 1)?.is_some() => "lost",
            None => "waiting",
        },
    };
    let applied = if right {
        tx.attempt(|tx| apply(tx, ask, phone, sent, touched))
    } else {
        Err(Error::refused("not_signed", "签名或摘要不对,记录可能被改过"))
    };
    let (visit, why) = match applied {
        Ok(visit) => (visit, nothing()),
        Err(Error::Refused(it)) => (None, it.why),
        Err(Error::Invalid(all)) => (None, all.into_iter().next().map_or(nothing(), |it| it.said)),
        Err(Error::NotFound) => (None, Said::new("没有这次上门,或不是这位人员的")),
        Err(other) => return Err(other),
    };
    let reason = if why.stored().is_empty() || why.in_lang(Lang::Zh).is_empty() { String::new() } else { why.stored() };
    let new = New {
        id: &sent.id,
        visit: visit.filter(|it| it.0 != 0),
        phone: phone.key.id,
        number: sent.number,
        kind: &sent.kind,
        named: &sent.visit,
        at: &sent.at,
        ahead,
        body: &sent.body,
        previous: &sent.previous,
        hash: &sent.hash,
        signature: &sent.signature,
        chain,
        reason: &reason,
    };
    event::put(tx, ask, region, &new)?;
    event::chain_on(tx, region, phone.key.id, sent.number, &sent.hash)?;
    if let Some(id) = new.visit {
        if sent.kind == "unplanned" {
            for waiting in event::waiting_for(tx, region, &sent.id)? {
                event::assign(tx, region, &waiting, id)?;
                event::settle(tx, region, &waiting, "")?;
            }
        }
        if !touched.contains(&id) {
            touched.push(id);
        }
    }
    Ok(if reason.is_empty() { ("received", why) } else { ("aside", why) })
}

/// Does what an event asks for besides being kept; gives the visit to which it belongs.
fn apply(tx: &Tx<'_>, ask: &Ask, phone: &Phone, sent: &Sent, touched: &mut Vec<Id>) -> Result<Option<Id>> {
    let body: Value = serde_json::from_str(&sent.body)
        .map_err(|e| Error::invalid("body", Said::new("记录的内容读不出来:{why}").with("why", e)))?;
    sent.at.parse::<jiff::Timestamp>().map_err(|_| Error::invalid("at", "记录的时间读不出来"))?;
    if !words::EVENTS.iter().any(|it| it.0 == sent.kind) {
        let said = Said::new("不认识的记录“{kind}”,请更新服务器").with("kind", &sent.kind);
        return Err(Error::invalid("kind", said));
    }
    match &*sent.kind {
        "sos" => {
            let visit = visit_of(tx, phone, sent).ok().flatten();
            alarm::raise(tx, ask, phone, &alarm::Call { id: &sent.id, at: &sent.at, body: &body, visit })?;
            Ok(None)
        }
        "lost" => {
            for id in lost::told(tx, ask, phone, sent.number, &body)? {
                if !touched.contains(&id) {
                    touched.push(id);
                }
            }
            Ok(None)
        }
        "change" => {
            conflict::change(tx, ask, phone, sent, &body)?;
            Ok(None)
        }
        "unplanned" => unplanned(tx, ask, phone, sent, &body).map(Some),
        _ => visit_of(tx, phone, sent)?.map_or_else(|| Err(waiting()), |id| Ok(Some(id))),
    }
}

fn waiting() -> Error {
    Error::refused("visit_unknown", "开始这次上门的记录还没有传到")
}

/// The visit that an event names, if it is one of this person's.
fn visit_of(tx: &Tx<'_>, phone: &Phone, sent: &Sent) -> Result<Option<Id>> {
    let region = &phone.key.region;
    if let Ok(key) = sent.visit.parse::<Key>() {
        let visit = record::by_key(tx, &key).map_err(|_| Error::NotFound)?;
        let is_theirs = key.region == *region && is_of(tx, &visit, phone.staff)?;
        return if is_theirs { Ok(Some(key.id)) } else { Err(Error::NotFound) };
    }
    let begun: Option<Option<Id>> = tx.row(
        "select visit from visit_event where region = $1 and id = $2 and phone = $3",
        &[region, &sent.visit, &phone.key.id],
        |row| row.get(0),
    )?;
    Ok(begun.flatten())
}

/// A visit of somebody now, or before it was given to another: what they did stays theirs to tell.
fn is_of(tx: &Tx<'_>, visit: &Visit, staff: Id) -> Result<bool> {
    if visit.staff_ids().any(|it| it == staff) {
        return Ok(true);
    }
    let gone = tx.count(
        "select count(*) from visit_gone where region = $1 and staff = $2 and visit = $3",
        &[&visit.key.region, &staff, &visit.key.id],
    )?;
    Ok(0 < gone)
}

/// A visit that nobody planned, to an elder whom the phone held.
fn unplanned(tx: &Tx<'_>, ask: &Ask, phone: &Phone, sent: &Sent, body: &Value) -> Result<Id> {
    let key: Key = body["elder"].as_str().unwrap_or_default().parse()?;
    if key.region != phone.key.region {
        return Err(Error::NotFound);
    }
    let elder = elders::find(tx, &Scope::of(&ask.app.places.tree(), &key.region), &key)?;
    let staff = crate::workforce::staff_by_key(tx, &Key { region: key.region.clone(), id: phone.staff })?;
    let at: jiff::Timestamp = sent.at.parse().map_err(|_| Error::invalid("at", "记录的时间读不出来"))?;
    let day: Date = kit::clock::day_of(at).min(ask.today());
    let it = Visit {
        organisation: staff.organisation,
        staff: Some(phone.staff),
        source: "phone".into(),
        note: body["reason"].as_str().unwrap_or_default().chars().take(300).collect(),
        minutes: 1,
        ..record::new(ask, &elder, day)
    };
    record::insert(tx, &it)?;
    for service in body["services"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let thing = follow::source(&it);
        let purpose = plan::For { programme: "visit", thing: &thing, service, payer: "" };
        plan::put_purpose(tx, &it.key, &purpose)?;
    }
    Ok(it.key.id)
}
