//! From the text of an adapter to one that reads messages; what does not fit is told with its line.

use std::sync::Arc;

use serde_saphyr::Spanned;

use super::{
    Adapter, AlarmAt, BluetoothAt, Fault, How, NamedAt, StatusAt, Test, TimeAt, UnitAt, ValueAt, Zone,
    file::{self, File},
};
use crate::{either, measure::Measure, path::Path, said::Alarm, unit::Unit};

/// Faults as they are found; the reading goes on, so that all are told.
#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn note(&mut self, word: &Spanned<String>, text: impl Into<String>, text_en: impl Into<String>) {
        let place = word.referenced;
        self.0.push(Fault { line: place.line(), column: place.column(), text: text.into(), text_en: text_en.into() });
    }

    fn path(&mut self, word: &Spanned<String>) -> Option<Path> {
        let path = Path::parse(&word.value);
        if path.is_none() {
            let written = &word.value;
            self.note(
                word,
                format!("“{written}”不是位置；写成 data.value、blood.0 或 {{device}}"),
                format!("“{written}” is no place; write data.value, blood.0 or {{device}}"),
            );
        }
        path
    }

    fn paths(&mut self, words: &[Spanned<String>]) -> Vec<Path> {
        words.iter().filter_map(|it| self.path(it)).collect()
    }

    fn tests(&mut self, words: &[Spanned<String>]) -> Vec<Test> {
        words.iter().filter_map(|it| self.test(it)).collect()
    }

    /// `IMEI` is there, `!humidity` is not, `flag=AL` is that, `model~motion` has that in it.
    fn test(&mut self, word: &Spanned<String>) -> Option<Test> {
        let (not, written) = match word.value.strip_prefix('!') {
            Some(it) => (true, it),
            None => (false, word.value.as_str()),
        };
        let (place, how) = match written.split_once(['=', '~']) {
            Some((place, value)) if written[place.len()..].starts_with('=') => (place, How::Is(value.to_owned())),
            Some((place, value)) => (place, How::Has(value.to_owned())),
            None => (written, How::There),
        };
        match Path::parse(place) {
            Some(path) => Some(Test { not, path, how }),
            None => {
                self.note(
                    word,
                    format!("“{written}”不是条件；写成 IMEI、!IMEI、flag=AL 或 model~motion"),
                    format!("“{written}” is no condition; write IMEI, !IMEI, flag=AL or model~motion"),
                );
                None
            }
        }
    }

    fn alarm(&mut self, word: &Spanned<String>) -> Option<Alarm> {
        let alarm = Alarm::parse(&word.value);
        if alarm.is_none() {
            let words = Alarm::ALL.map(Alarm::word).join(", ");
            let written = &word.value;
            self.note(
                word,
                format!("没有“{written}”这种报警；可以写的有：{words}"),
                format!("there is no alarm “{written}”; the words are {words}"),
            );
        }
        alarm
    }

    fn value(&mut self, it: &file::Value) -> Option<ValueAt> {
        let Some(measure) = Measure::parse(&it.is.value) else {
            let words = Measure::ALL.map(Measure::word).join(", ");
            let written = &it.is.value;
            self.note(
                &it.is,
                format!("没有“{written}”这种测量；可以写的有：{words}"),
                format!("there is no measure “{written}”; the words are {words}"),
            );
            return None;
        };
        let unit = self.unit(measure, it)?;
        if it.at.is_empty() {
            self.note(&it.is, "“at”至少写一个位置", "“at” needs at least one place");
        }
        Some(ValueAt {
            paths: self.paths(&it.at),
            measure,
            unit,
            unit_paths: self.paths(&it.unit_at),
            words: it.words.iter().map(|it| (it.word.clone(), it.means)).collect(),
            none: it.none.clone(),
            tests: self.tests(&it.tests),
        })
    }

    fn unit(&mut self, measure: Measure, it: &file::Value) -> Option<UnitAt> {
        let names = || Unit::names(measure).join(", ");
        let Some(written) = &it.unit else {
            if Unit::names(measure).is_empty() {
                return Some(UnitAt::Is(Unit::own(measure)));
            }
            self.note(
                &it.is,
                format!("“{}”要写明单位 unit；可以写的有：{}", it.is.value, names()),
                format!("“{}” needs its unit; the units are {}", it.is.value, names()),
            );
            return None;
        };
        if written.value == "by size" {
            if either::told_by_size(measure) {
                return Some(UnitAt::BySize);
            }
            self.note(
                written,
                format!("“{}”的单位不能由大小判断；可以写的有：{}", it.is.value, names()),
                format!("the unit of “{}” cannot be told by size; the units are {}", it.is.value, names()),
            );
            return None;
        }
        let unit = Unit::of(measure, &written.value);
        if unit.is_none() {
            let wrong = &written.value;
            self.note(
                written,
                format!("“{}”没有“{wrong}”这个单位；可以写的有：{}", it.is.value, names()),
                format!("“{}” has no unit “{wrong}”; the units are {}", it.is.value, names()),
            );
        }
        unit.map(UnitAt::Is)
    }

    fn time(&mut self, it: &file::Time) -> Option<TimeAt> {
        let (path, and) = (self.path(&it.at), it.and.as_ref().and_then(|it| self.path(it)));
        path.map(|path| TimeAt { path, and, form: it.form })
    }

    fn zone(&mut self, word: &Spanned<String>) -> Zone {
        match word.value.as_str() {
            "device" => Zone::Device,
            "device or UTC" => Zone::Unsure,
            name => match jiff::tz::TimeZone::get(name) {
                Ok(zone) => Zone::Named(zone),
                Err(_) => {
                    self.note(
                        word,
                        format!("没有“{name}”这个时区；写成 device、device or UTC、UTC 或 Asia/Shanghai"),
                        format!("there is no zone “{name}”; write device, device or UTC, UTC or Asia/Shanghai"),
                    );
                    Zone::Device
                }
            },
        }
    }
}

pub(super) fn adapter(it: File) -> Result<Adapter, Vec<Fault>> {
    let mut faults = Faults::default();
    let name = &it.adapter.value;
    if name.is_empty() || !name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-') {
        faults.note(
            &it.adapter,
            "名称只用小写字母、数字和“-”，如 imede-watch",
            "a name has small letters, digits and “-” only, as in imede-watch",
        );
    }
    let reads_nothing = it.values.is_empty()
        && it.alarms.is_empty()
        && it.known.is_empty()
        && it.named.is_none()
        && it.bluetooth.is_none();
    if reads_nothing {
        faults.note(
            &it.adapter,
            "没有写从报文里读什么；至少写 values、alarms、named、bluetooth、known 之一",
            "it does not say what to read; write one of values, alarms, named, bluetooth, known",
        );
    }
    for pair in it.agree.iter().filter(|it| it.len() != 2) {
        if let Some(first) = pair.first() {
            faults.note(first, "“agree”每一条写两个位置", "“agree” takes pairs of two places");
        }
    }
    for one in it.alarms.iter().filter(|it| it.at.is_empty() && it.topics.is_empty() && it.tests.is_empty()) {
        faults.note(&one.is, "要写报警在哪里：at、topics 或 if", "say where the alarm is: at, topics or if");
    }
    let adapter = Adapter {
        name: Arc::from(name.as_str()),
        title: it.title,
        topics: it.topics,
        fields: it.fields.iter().map(|it| faults.tests(it)).collect(),
        bytes: it.bytes.as_ref().and_then(|it| faults.path(it)),
        rows: if it.rows.is_empty() { Path::parse(".").into_iter().collect() } else { faults.paths(&it.rows) },
        device: faults.paths(&it.device),
        else_device: faults.paths(&it.else_device),
        gateway: faults.paths(&it.gateway),
        person: faults.paths(&it.person),
        time: it.time.iter().filter_map(|it| faults.time(it)).collect(),
        zone: it.zone.as_ref().map_or(Zone::Device, |it| faults.zone(it)),
        values: it.values.iter().filter_map(|it| faults.value(it)).collect(),
        named: it.named.as_ref().map(|it| NamedAt {
            name: faults.paths(&it.name),
            value: faults.paths(&it.value),
            unit: faults.paths(&it.unit),
        }),
        bluetooth: it
            .bluetooth
            .as_ref()
            .map(|it| BluetoothAt { characteristic: faults.paths(&it.characteristic), hex: faults.paths(&it.hex) }),
        meal: faults.paths(&it.meal),
        alarms: it
            .alarms
            .into_iter()
            .filter_map(|it| {
                let alarm = faults.alarm(&it.is);
                let (paths, tests) = (faults.paths(&it.at), faults.tests(&it.tests));
                Some(AlarmAt { alarm: alarm?, paths, equals: it.equals, has: it.has, topics: it.topics, tests })
            })
            .collect(),
        status: StatusAt {
            battery: faults.paths(&it.status.battery),
            voltage: faults.paths(&it.status.voltage),
            signal: faults.paths(&it.status.signal),
            firmware: faults.paths(&it.status.firmware),
            online: faults.paths(&it.status.online),
            state: faults.paths(&it.status.state),
            online_topics: it.status.online_topics,
            offline_topics: it.status.offline_topics,
        },
        position: it
            .position
            .iter()
            .filter_map(|it| Some((faults.path(&it.latitude)?, faults.path(&it.longitude)?)))
            .collect(),
        agree: it
            .agree
            .iter()
            .filter_map(|it| match it.as_slice() {
                [one, other] => Some((faults.path(one)?, faults.path(other)?)),
                _ => None,
            })
            .collect(),
        count: it.count.as_ref().and_then(|it| Some((faults.path(&it.told)?, faults.path(&it.rows)?))),
        known: faults.tests(&it.known),
    };
    if faults.0.is_empty() { Ok(adapter) } else { Err(faults.0) }
}
