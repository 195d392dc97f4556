//! Devices of a generated county: in homes around the health centre, some silent or weak, with readings of the last two weeks; a
//! kiosk, some in stock, and a message that nobody understands.

use jiff::{SignedDuration, Timestamp};
use kit::{Id, Result, Tx};
use serde_json::{Value, json};

use super::{Setting, chance::Chance};
use crate::{
    devices::{self, Draft},
    elders::{self, Elder, Key},
};

/// So many homes with devices.
const HOMES: usize = 30;
/// Days that they tell of.
const DAYS: i64 = 14;
/// Kind, maker, model: what a home has, and of how many homes each has it.
const KINDS: &[(&str, &str, &str, usize)] = &[
    ("sos", "安康", "一键呼 A2", 1),
    ("wearable", "乐行", "护腕 W3", 2),
    ("cuff", "康测", "BP-12", 2),
    ("motion", "安康", "红外 M1", 3),
    ("smoke", "守家", "烟感 S1", 4),
    ("glucose", "康测", "GM-5", 6),
    ("scale", "康测", "体重秤 T2", 7),
];

/// Writes devices, whose they are, and what they said.
pub fn write(tx: &Tx<'_>, setting: &Setting, seed: u64, county: &str) -> Result<()> {
    let base: Option<(String, Option<Id>, String)> = tx.row(
        "select s.street, s.organisation, s.place from staff s join account a on a.id = s.account
          where s.region = $1 and a.login = 'clinician'",
        &[&county],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let Some((street, Some(organisation), place)) = base else { return Ok(()) };
    let people: Vec<Id> = tx.rows(
        "select e.id from elder e
          where e.region = $1 and e.street = $2 and e.state = 'living' and e.living <> 'institution'
          order by e.id limit 30",
        &[&county, &street],
        |row| row.get(0),
    )?;
    let ask = setting.on(setting.days.today);
    let now = setting.app.clock.now();
    let mut chance = Chance::new(seed ^ 0xde7);
    let mut messages = Vec::new();
    for (nth, id) in people.iter().enumerate().take(HOMES) {
        let elder = elders::find(tx, &ask.who.scope, &Key { region: county.to_string(), id: *id })?;
        for (at, (kind, maker, model, every)) in KINDS.iter().enumerate().filter(|(_, it)| nth % it.3 == 0) {
            let serial = format!("{}{nth:03}{at:02}", 86_506_712 + at);
            let draft = draft(organisation, (kind, maker, model), &serial);
            let (key, _) = devices::add(tx, &ask, county, &place, &draft)?;
            devices::put_into_home(tx, &ask, &key, &elder, spot(kind), "王敏")?;
            // One in nine has fallen silent for some days.
            let quiet = (nth + at) % 9 == 8 && *every < 4;
            told(&mut messages, &mut chance, now, &elder, kind, &serial, if quiet { 3 } else { 0 });
        }
    }
    for (nth, kind) in KINDS.iter().enumerate().take(4) {
        devices::add(
            tx,
            &ask,
            county,
            &place,
            &draft(organisation, (kind.0, kind.1, kind.2), &format!("STOCK{nth:04}")),
        )?;
    }
    devices::add(tx, &ask, county, &place, &draft(organisation, ("kiosk", "康测", "体检站 K9"), "KIOSK0001"))?;
    let strange = json!({"mac": "08:F9:E0:D1:F7:B4", "attribute": "SLEEP_PAD", "value": {"turns": 3}});
    messages.push((now.as_millisecond() - 3_600_000, strange));
    messages.sort_by_key(|it| it.0);
    devices::sent(tx, &setting.app, county, messages)
}

fn draft(organisation: Id, (kind, maker, model): (&str, &str, &str), serial: &str) -> Draft {
    Draft {
        organisation,
        kind: kind.into(),
        maker: maker.into(),
        model: model.into(),
        adapter: String::new(),
        zone: String::new(),
        serial: serial.into(),
        gateway: String::new(),
        owner: "government".into(),
        firmware: "1.4.2".into(),
        remark: String::new(),
    }
}

fn spot(kind: &str) -> &'static str {
    match kind {
        "sos" => "卧室床头",
        "wearable" => "随身",
        "motion" => "客厅",
        "smoke" => "厨房",
        _ => "客厅柜子",
    }
}

/// What one device said in two weeks, up to so many days ago.
fn told(
    to: &mut Vec<(i64, Value)>,
    chance: &mut Chance,
    now: Timestamp,
    elder: &Elder,
    kind: &str,
    serial: &str,
    silent_days: i64,
) {
    // Some run high, as people do.
    let base = (elder.key.id.0 % 5) * 6;
    let mut say = |hours_ago: i64, values: Value| {
        let at = now - SignedDuration::from_hours(hours_ago) - SignedDuration::from_mins(chance.below(40) as i64);
        to.push((at.as_millisecond(), json!({"device": serial, "time": at.as_millisecond(), "values": values})));
    };
    let swing = |hours: i64, by: i64| (hours * 7 + elder.key.id.0) % (2 * by + 1) - by;
    for day in silent_days..DAYS {
        match kind {
            "wearable" => {
                for hour in [2, 6, 10, 14, 18, 22] {
                    let ago = day * 24 + hour;
                    say(
                        ago,
                        json!({"heart_rate": 66 + base / 3 + swing(ago, 9), "spo2": 96 + swing(ago, 2), "steps": 400 * (24 - hour)}),
                    );
                }
            }
            "cuff" => say(
                day * 24 + 3,
                json!({"systolic": 124 + base + swing(day, 8), "diastolic": 74 + base / 2 + swing(day, 5)}),
            ),
            "glucose" if day % 2 == 0 => say(day * 24 + 4, json!({"glucose": 5.4 + (base as f64) / 12.0})),
            "scale" if day % 3 == 0 => {
                say(day * 24 + 5, json!({"weight": 58.0 + (base as f64) / 2.0 - (day as f64) * 0.05}))
            }
            "motion" => [1, 5, 9, 13].into_iter().for_each(|hour| say(day * 24 + hour, json!({"motion": 1}))),
            _ => {}
        }
    }
    if matches!(kind, "sos" | "smoke") {
        let battery = if elder.key.id.0 % 6 == 0 { 12 } else { 60 + (elder.key.id.0 % 40) };
        let at = now - SignedDuration::from_hours(24 * silent_days + 1);
        to.push((
            at.as_millisecond(),
            json!({"device": serial, "time": at.as_millisecond(), "status": {"battery": battery, "signal": 80}}),
        ));
    }
}
