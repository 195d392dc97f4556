//! What the events of a visit tell together, whatever the order in which they came.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kit::clock::stamp;
use rules::{
    base::Date,
    visit::{Chain, Fix, Point, Signature},
};
use serde_json::{Map, Value};

use super::{
    event::{Event, NO_PHONE},
    record::Task,
};

/// A clock is taken as right within so many seconds; beyond, instants are converted by what it was ahead.
const CLOCK_NOISE: i64 = 120;

#[derive(Debug, Clone, Default)]
pub struct Told {
    pub began: Option<String>,
    pub ended: Option<String>,
    pub begin_fix: Option<Fix>,
    pub end_fix: Option<Fix>,
    /// The code read at the door, as it was read.
    pub door: String,
    pub tasks: Vec<Task>,
    pub photos: Vec<Photo>,
    /// Why a service has not the photos it asks for, by the service.
    pub no_photo: BTreeMap<String, String>,
    pub signature: Signature,
    pub signed_by: String,
    pub signed_why: String,
    pub materials: Vec<(String, i64)>,
    pub next: Option<Date>,
    pub note: String,
    /// A word of `words::MISSED`.
    pub missed: Option<String>,
    pub clock_ahead: Option<i64>,
    pub chain: Chain,
    pub by_phone: bool,
    /// Who made the visit, where the phone is not a plan's.
    pub phones: Vec<kit::Id>,
    /// Of each phone the least and the greatest number of its events.
    pub spans: BTreeMap<kit::Id, (i64, i64)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    pub hash: String,
    /// A word of `rules::visit::Photo`.
    pub kind: String,
    /// The service that asks for it; empty for one of the visit as a whole.
    pub service: String,
}

/// A fix as a phone tells it.
pub fn fix(it: &Value) -> Option<Fix> {
    let degrees = |name: &str, most: f64| {
        let value = it[name].as_f64().filter(|it| it.abs() <= most)?;
        Some((value * 1e6).round() as i64)
    };
    let at = Point { latitude: degrees("latitude", 90.0)?, longitude: degrees("longitude", 180.0)? };
    // Nobody stands in the Gulf of Guinea: a position of zeros is none.
    if at.latitude == 0 && at.longitude == 0 {
        return None;
    }
    let accuracy = it["accuracy"].as_f64().unwrap_or(10_000.0).clamp(0.0, 1e6).round() as u32;
    Some(Fix { at, accuracy, mock: it["mock"].as_bool() })
}

/// The instant by the server's clock.
pub fn instant(event: &Event) -> Option<Timestamp> {
    let at: Timestamp = event.at.parse().ok()?;
    let ahead = if event.ahead.abs() <= CLOCK_NOISE { 0 } else { event.ahead };
    at.checked_sub(jiff::SignedDuration::from_secs(ahead)).ok()
}

impl Told {
    /// Puts together what events tell; those set aside tell nothing.
    pub fn of(events: &[Event]) -> Told {
        let mut told = Told::default();
        let mut last_at = String::new();
        let mut went_back = false;
        for event in events.iter().filter(|it| it.state == "received") {
            told.take(event);
            if event.phone == NO_PHONE {
                continue;
            }
            told.by_phone = true;
            if !told.phones.contains(&event.phone) {
                told.phones.push(event.phone);
            }
            let span = told.spans.entry(event.phone).or_insert((event.number, event.number));
            *span = (span.0.min(event.number), span.1.max(event.number));
            went_back |= event.at < last_at;
            last_at.clone_from(&event.at);
            let ahead = told.clock_ahead.filter(|it| event.ahead.abs() < it.abs()).unwrap_or(event.ahead);
            told.clock_ahead = Some(ahead);
            told.chain = match &*event.chain {
                "broken" => Chain::Broken,
                "waiting" if told.chain != Chain::Broken => Chain::Waiting,
                "lost" if told.chain == Chain::Whole => Chain::Lost,
                _ => told.chain,
            };
        }
        if went_back {
            // The clock was changed between: nobody knows by how much it was off then.
            told.clock_ahead = None;
        }
        told
    }

    fn take(&mut self, event: &Event) {
        let body = &event.body;
        let text = |name: &str| body[name].as_str().unwrap_or_default().trim().to_string();
        let at = instant(event).map(stamp);
        match &*event.kind {
            "begin" | "unplanned" if self.began.is_none() => {
                if event.kind == "begin" {
                    self.began = at;
                    self.begin_fix = fix(&body["fix"]);
                }
                self.door = text("door");
            }
            "begin" => {
                // Read again at the door, after the visit had begun.
                if !text("door").is_empty() {
                    self.door = text("door");
                }
                self.begin_fix = self.begin_fix.or_else(|| fix(&body["fix"]));
            }
            "task" => {
                self.no_photo.insert(text("service"), text("no_photo"));
                let answers = body["values"].as_object().cloned().unwrap_or_default();
                self.put_task(Task {
                    service: text("service"),
                    done: body["done"].as_bool().unwrap_or(false),
                    reason: text("reason"),
                    answers: answers.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>(),
                    note: text("note"),
                });
            }
            "photo" => self.photos.push(Photo { hash: text("hash"), kind: text("kind"), service: text("service") }),
            "signature" => {
                self.signed_by = text("name");
                self.signed_why = text("reason");
                self.signature = match &*text("by") {
                    "elder" | "family" if !text("lines").is_empty() => Signature::Given,
                    "none" if !self.signed_why.is_empty() => Signature::Impossible,
                    _ => Signature::Missing,
                };
            }
            "material" => self.materials.push((text("name"), body["count"].as_i64().unwrap_or(1))),
            "end" => {
                self.ended = at;
                self.end_fix = fix(&body["fix"]);
                self.next = text("next").parse().ok();
                self.note = text("note");
            }
            "missed" => {
                self.missed = Some(text("reason"));
                self.note = text("note");
                self.begin_fix = self.begin_fix.or_else(|| fix(&body["fix"]));
                self.began = self.began.take().or(at);
            }
            _ => {}
        }
    }

    /// Whether a photo of this kind was taken of a service, or of the visit as a whole.
    pub fn has_photo(&self, service: &str, kind: &str) -> bool {
        self.photos.iter().any(|it| it.kind == kind && (it.service == service || it.service.is_empty()))
    }

    fn put_task(&mut self, new: Task) {
        match self.tasks.iter_mut().find(|it| it.service == new.service) {
            Some(it) => *it = new,
            None => self.tasks.push(new),
        }
    }
}
