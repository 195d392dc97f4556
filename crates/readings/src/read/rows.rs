//! The rows of a message, read by one adapter.

use std::sync::Arc;

use super::{Flag, Message, Read, Setting, Why, holds};
use crate::{
    adapter::{Adapter, AlarmAt, UnitAt, ValueAt, Zone},
    either, gatt,
    json::{Json, Name},
    measure::Measure,
    name::{device_name, hash},
    number::Number,
    path::{Found, Parts, Path, Row, topic},
    plausible::plausible,
    said::{Marks, Meal, Position, Said, Status, What},
    time::{self, Believed, Told},
    unit::Unit,
};

/// One message in reading.
struct Reading<'a> {
    adapter: &'a Adapter,
    parts: &'a Parts<'a>,
    message: &'a Message<'a>,
    setting: &'a Setting,
    marks: Marks,
    read: Read,
}

/// Who speaks in a row, and when.
struct Voice {
    device: Option<Arc<str>>,
    gateway: Option<Arc<str>>,
    person: Option<Arc<str>>,
    when: Believed,
    meal: Option<Meal>,
}

pub(super) fn read<'a>(
    adapter: &'a Adapter,
    json: &'a Json,
    parts: &'a Parts<'a>,
    message: &'a Message<'a>,
    setting: &'a Setting,
) -> Result<Read, Why> {
    let read = Read { adapter: adapter.name.clone(), said: Vec::new(), flags: Vec::new() };
    let mut reading = Reading { adapter, parts, message, setting, marks: Marks::NONE, read };
    let root = Path::parse(".").expect("a point is a path");
    let roots = root.rows(json);
    for row in &roots {
        reading.agreement(row);
        reading.count(row);
    }
    let rows: Vec<Row<'_>> = adapter.rows.iter().flat_map(|it| it.rows(json)).collect();
    if rows.len() > setting.most_rows {
        return Err(Why::TooManyRows);
    }
    for row in &rows {
        reading.row(row);
    }
    if reading.read.said.is_empty() {
        for row in roots.iter().filter(|_| !adapter.known.is_empty()) {
            if adapter.known.iter().any(|it| holds(std::slice::from_ref(it), row, parts)) {
                let voice = reading.voice(row);
                reading.say(&voice, Marks::NONE, What::Status(Status::default()));
            }
        }
    }
    Ok(reading.read)
}

pub(super) fn of_bytes<'a>(
    adapter: &'a Adapter,
    measured: &gatt::Measured,
    parts: &'a Parts<'a>,
    message: &'a Message<'a>,
    setting: &'a Setting,
) -> Read {
    let read = Read { adapter: adapter.name.clone(), said: Vec::new(), flags: Vec::new() };
    let mut reading = Reading { adapter, parts, message, setting, marks: Marks::NONE, read };
    let row = Row { scopes: vec![&Json::Null] };
    reading.measured(&row, measured);
    reading.read
}

impl<'a> Reading<'a> {
    fn say(&mut self, voice: &Voice, marks: Marks, what: What) {
        let marks = Marks(voice.when.marks.0 | marks.0 | self.marks.0);
        let meal = voice.meal.filter(|_| matches!(what, What::Value(Measure::Glucose, _)));
        self.read.said.push(Said {
            device: voice.device.clone(),
            gateway: voice.gateway.clone(),
            person: voice.person.clone(),
            at: voice.when.at,
            source: voice.when.source,
            marks,
            meal,
            what,
        });
    }

    fn flag(&mut self, flag: Flag) {
        if !self.read.flags.contains(&flag) {
            self.read.flags.push(flag);
        }
    }

    fn unclear(&mut self, measure: Measure, found: Found<'_>) {
        let written: String = found.text().unwrap_or_default().chars().take(60).collect();
        self.flag(Flag::Unclear { measure, written });
    }

    /// Places that must say the same.
    fn agreement(&mut self, row: &Row<'a>) {
        for (one, other) in &self.adapter.agree {
            let text = |it: &Path| row.look(std::slice::from_ref(it), self.parts).and_then(Found::text);
            if let (Some(one), Some(other)) = (text(one), text(other))
                && one != other
            {
                self.marks = self.marks.with(Marks::DISPUTED);
                self.flag(Flag::Disagree { one, other });
            }
        }
    }

    /// Whether as many rows came as the message says.
    fn count(&mut self, row: &Row<'a>) {
        let Some((told, rows)) = &self.adapter.count else { return };
        let told = told.find(row.own(), self.parts).and_then(Found::number).and_then(|it| it.0.as_whole());
        let delivered = rows.rows(row.own()).len();
        if let Some(told) = told
            && usize::try_from(told) != Ok(delivered)
        {
            self.flag(Flag::Rows { told, delivered });
        }
    }

    fn voice(&self, row: &Row<'a>) -> Voice {
        let text = |paths: &[Path]| row.look(paths, self.parts).and_then(Found::text);
        let device = |paths: &[Path]| text(paths).map(|it| Arc::from(device_name(&it).as_str()));
        Voice {
            device: device(&self.adapter.device).or_else(|| device(&self.adapter.else_device)),
            gateway: device(&self.adapter.gateway),
            person: text(&self.adapter.person).map(|it| Arc::from(it.as_str())),
            when: self.when(row, None),
            meal: text(&self.adapter.meal).and_then(|it| Meal::parse(&it)),
        }
    }

    /// When a row was; `clock` is what its bytes say themselves.
    fn when(&self, row: &Row<'a>, clock: Option<Told>) -> Believed {
        let told = |scope: &'a Json| {
            self.adapter.time.iter().find_map(|it| {
                let found = it.path.find(scope, self.parts)?;
                match &it.and {
                    None => time::told(found, it.form, self.zone()),
                    Some(and) => {
                        let both = format!("{} {}", found.text()?, and.find(scope, self.parts)?.text()?);
                        time::told(Found::Piece(&both), it.form, self.zone())
                    }
                }
            })
        };
        let (own, around) = match row.scopes.split_last() {
            Some((own, around)) => (clock.or_else(|| told(own)), around),
            None => (clock, &[][..]),
        };
        let message = around.iter().rev().find_map(|it| told(it));
        let unsure = matches!(self.adapter.zone, Zone::Unsure);
        time::believed(own, message, unsure, self.message.arrived, self.setting)
    }

    fn zone(&self) -> &jiff::tz::TimeZone {
        match &self.adapter.zone {
            Zone::Named(zone) => zone,
            Zone::Device | Zone::Unsure => &self.setting.zone,
        }
    }

    fn row(&mut self, row: &Row<'a>) {
        let adapter = self.adapter;
        let mut voice = None;
        if let Some(named) = &adapter.named {
            let own = row.own();
            let found = |paths: &[Path]| paths.iter().find_map(|it| it.find(own, self.parts));
            if let (Some(name), Some(Found::Json(value))) =
                (found(&named.name).and_then(Found::text), found(&named.value))
            {
                let unit = found(&named.unit).and_then(Found::text);
                let one = Json::Map(vec![(Name { hash: hash(&name), text: name }, value.clone())]);
                let voice = voice.get_or_insert_with(|| self.voice(row));
                self.values(voice, row, &one, unit.as_deref());
                self.alarms(voice, row, &one);
            }
        }
        if let Some(bluetooth) = &adapter.bluetooth {
            let text = |paths: &[Path]| row.look(paths, self.parts).and_then(Found::text);
            let measured = text(&bluetooth.characteristic)
                .and_then(|it| gatt::characteristic(&it))
                .zip(text(&bluetooth.hex).and_then(|it| gatt::hex(&it)))
                .and_then(|(uuid, bytes)| gatt::read(uuid, &bytes));
            if let Some(it) = measured {
                self.measured(row, &it);
            }
        }
        let voice = voice.unwrap_or_else(|| self.voice(row));
        self.alarms(&voice, row, row.own());
        self.values(&voice, row, row.own(), None);
        self.status(&voice, row);
        self.position(&voice, row);
    }

    fn values(&mut self, voice: &Voice, row: &Row<'a>, own: &Json, told_unit: Option<&str>) {
        let adapter = self.adapter;
        for value in &adapter.values {
            let Some(found) = find(&value.paths, own) else { continue };
            if !holds(&value.tests, row, self.parts) {
                continue;
            }
            let unit_here = find(&value.unit_paths, own).and_then(Found::text);
            match kept(value, found, told_unit.or(unit_here.as_deref())) {
                Kept::Value(kept) => {
                    let marks = if plausible(value.measure, kept) { Marks::NONE } else { Marks::IMPLAUSIBLE };
                    self.say(voice, marks, What::Value(value.measure, kept));
                }
                Kept::Unclear => self.unclear(value.measure, found),
                Kept::None => (),
            }
        }
    }

    fn measured(&mut self, row: &Row<'a>, measured: &gatt::Measured) {
        let mut voice = self.voice(row);
        if let Some(clock) = measured.clock.and_then(|it| time::of_clock(it, self.zone())) {
            voice.when = self.when(row, Some(clock));
        }
        for (measure, number, unit) in &measured.values {
            match number.kept(*measure, *unit) {
                Some(it) if *measure == Measure::Battery => {
                    let battery = u8::try_from(it).ok();
                    self.say(&voice, Marks::NONE, What::Status(Status { battery, ..Status::default() }));
                }
                Some(it) => {
                    let marks = if plausible(*measure, it) { Marks::NONE } else { Marks::IMPLAUSIBLE };
                    self.say(&voice, marks, What::Value(*measure, it));
                }
                None => self.flag(Flag::Unclear { measure: *measure, written: String::new() }),
            }
        }
    }

    fn alarms(&mut self, voice: &Voice, row: &Row<'a>, own: &Json) {
        let adapter = self.adapter;
        for alarm in &adapter.alarms {
            let raised =
                |it: &Said| it.what == What::Alarm(alarm.alarm) && it.device == voice.device && it.at == voice.when.at;
            let is_new = is_raised(alarm, own, self.message.topic, row.scopes.len() == 1)
                && holds(&alarm.tests, row, self.parts)
                && !self.read.said.iter().any(raised);
            if is_new {
                self.say(voice, Marks::NONE, What::Alarm(alarm.alarm));
            }
        }
    }

    fn status(&mut self, voice: &Voice, row: &Row<'a>) {
        let at = &self.adapter.status;
        let own = row.own();
        let number = |paths: &[Path]| find(paths, own).and_then(Found::number).and_then(|it| it.0.cut());
        let percent = |it: Option<i64>| it.and_then(|it| u8::try_from(it).ok()).filter(|it| *it <= 100);
        let on = |patterns: &[String]| patterns.iter().any(|it| topic(it, self.message.topic).is_some());
        let by_topic = |is_root: bool| match is_root {
            true if on(&at.online_topics) => Some(true),
            true if on(&at.offline_topics) => Some(false),
            _ => None,
        };
        let battery = number(&at.battery);
        let status = Status {
            battery: percent(battery),
            voltage: number(&at.voltage).and_then(|it| u16::try_from(it).ok()),
            signal: percent(number(&at.signal)),
            online: find(&at.online, own)
                .and_then(online)
                .or_else(|| find(&at.state, own).filter(|it| it.number().is_none()).and_then(online))
                .or_else(|| by_topic(row.scopes.len() == 1)),
            firmware: find(&at.firmware, own).and_then(Found::text).map(|it| Arc::from(it.as_str())),
        };
        if let Some(battery) = battery.filter(|_| status.battery.is_none()) {
            self.flag(Flag::Unclear { measure: Measure::Battery, written: battery.to_string() });
        }
        if status != Status::default() {
            self.say(voice, Marks::NONE, What::Status(status));
        }
    }

    fn position(&mut self, voice: &Voice, row: &Row<'a>) {
        let own = row.own();
        let found = self.adapter.position.iter().find_map(|(latitude, longitude)| {
            let number = |it: &Path| it.find(own, self.parts).and_then(Found::number).and_then(|it| it.0.millionths());
            Some((number(latitude)?, number(longitude)?))
        });
        let Some((latitude, longitude)) = found else { return };
        // 0/0 is what receivers without a fix send, and no place where anybody lives.
        let fix = (latitude, longitude) != (0, 0)
            && latitude.unsigned_abs() <= 90_000_000
            && longitude.unsigned_abs() <= 180_000_000;
        match (fix, i32::try_from(latitude), i32::try_from(longitude)) {
            (true, Ok(latitude), Ok(longitude)) => {
                self.say(voice, Marks::NONE, What::Position(Position { latitude, longitude }));
            }
            _ => self.flag(Flag::NoFix),
        }
    }
}

fn find<'j>(paths: &[Path], own: &'j Json) -> Option<Found<'j>> {
    let found = paths.iter().find_map(|it| it.find(own, &Parts::new()))?;
    // Platforms of things write `{"heartRate": {"value": 72, "time": …}}`.
    match found {
        Found::Json(it @ Json::Map(_)) => Some(it.get(hash("value"), "value").map_or(found, Found::Json)),
        other => Some(other),
    }
}

/// What became of something that stands where a value is.
enum Kept {
    Value(i64),
    Unclear,
    /// The maker says that there is none.
    None,
}

fn kept(value: &ValueAt, found: Found<'_>, told_unit: Option<&str>) -> Kept {
    let own = Unit::own(value.measure);
    if let Some((_, means)) = value.words.iter().find(|it| found.is(&it.0)) {
        return Number::whole(*means).kept(value.measure, own).map_or(Kept::Unclear, Kept::Value);
    }
    let Some((number, behind)) = found.number() else { return Kept::Unclear };
    if number.as_whole().is_some_and(|it| value.none.contains(&it)) {
        return Kept::None;
    }
    let written = if behind.trim().is_empty() { told_unit } else { Some(behind) };
    let unit = match (written, value.unit) {
        (Some(written), _) => Unit::of(value.measure, written),
        (None, UnitAt::Is(unit)) => Some(unit),
        (None, UnitAt::BySize) => either::unit(value.measure, number),
    };
    unit.and_then(|it| number.kept(value.measure, it)).map_or(Kept::Unclear, Kept::Value)
}

fn is_raised(alarm: &AlarmAt, own: &Json, of: &str, is_root: bool) -> bool {
    if !alarm.topics.is_empty() && !alarm.topics.iter().any(|it| topic(it, of).is_some()) {
        return false;
    }
    if alarm.paths.is_empty() {
        return is_root;
    }
    find(&alarm.paths, own).is_some_and(|found| {
        let any = alarm.equals.is_empty() && alarm.has.is_empty();
        any && found.yes() || alarm.equals.iter().any(|it| found.is(it)) || alarm.has.iter().any(|it| found.has(it))
    })
}

fn online(found: Found<'_>) -> Option<bool> {
    const YES: [&str; 6] = ["online", "1", "true", "on", "connected", "在线"];
    const NO: [&str; 7] = ["offline", "0", "false", "off", "disconnected", "离线", "lost"];
    if YES.iter().any(|it| found.is(it)) {
        Some(true)
    } else if NO.iter().any(|it| found.is(it)) {
        Some(false)
    } else {
        None
    }
}
