//! Kinds of devices, and what they raise themselves.

use readings::{Alarm, Marks};
use serde::{Deserialize, Serialize};

use super::{Raise, Reason};
use crate::{alarm::Kind, base::Text};

/// A kind of device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum DeviceKind {
    #[serde(rename = "紧急呼叫器")]
    Button,
    #[serde(rename = "穿戴设备")]
    Wearable,
    #[serde(rename = "血压计")]
    Cuff,
    #[serde(rename = "血氧仪")]
    Oximeter,
    #[serde(rename = "血糖仪")]
    GlucoseMeter,
    #[serde(rename = "体温计")]
    Thermometer,
    #[serde(rename = "体重秤")]
    Scale,
    #[serde(rename = "床垫传感器")]
    BedSensor,
    #[serde(rename = "跌倒雷达")]
    FallRadar,
    #[serde(rename = "人体红外")]
    MotionSensor,
    #[serde(rename = "门磁")]
    DoorSensor,
    #[serde(rename = "烟雾报警器")]
    SmokeSensor,
    #[serde(rename = "燃气报警器")]
    GasSensor,
    #[serde(rename = "健康一体机")]
    Kiosk,
    #[serde(rename = "网关")]
    Gateway,
}

impl DeviceKind {
    pub const ALL: [DeviceKind; 15] = [
        DeviceKind::Button,
        DeviceKind::Wearable,
        DeviceKind::Cuff,
        DeviceKind::Oximeter,
        DeviceKind::GlucoseMeter,
        DeviceKind::Thermometer,
        DeviceKind::Scale,
        DeviceKind::BedSensor,
        DeviceKind::FallRadar,
        DeviceKind::MotionSensor,
        DeviceKind::DoorSensor,
        DeviceKind::SmokeSensor,
        DeviceKind::GasSensor,
        DeviceKind::Kiosk,
        DeviceKind::Gateway,
    ];

    /// (word as kept, title).
    pub const WORDS: [(&str, &str); 15] = [
        ("sos", "紧急呼叫器"),
        ("wearable", "穿戴设备"),
        ("cuff", "血压计"),
        ("oximeter", "血氧仪"),
        ("glucose", "血糖仪"),
        ("thermometer", "体温计"),
        ("scale", "体重秤"),
        ("bed", "床垫传感器"),
        ("radar", "跌倒雷达"),
        ("motion", "人体红外"),
        ("door", "门磁"),
        ("smoke", "烟雾报警器"),
        ("gas", "燃气报警器"),
        ("kiosk", "健康一体机"),
        ("gateway", "网关"),
    ];

    pub fn word(self) -> &'static str {
        DeviceKind::WORDS[self as usize].0
    }

    pub fn title(self) -> &'static str {
        DeviceKind::WORDS[self as usize].1
    }

    pub fn parse(word: &str) -> Option<DeviceKind> {
        DeviceKind::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// Of which kind an alarm is that a device raises itself; nothing where no response is laid down for it.
pub fn kind_of(alarm: Alarm) -> Option<Kind> {
    match alarm {
        Alarm::LeaveBed | Alarm::Strayed => Some(Kind::Still),
        // Off the wrist for a bath is no alarm; where it stays off, its silence is one.
        Alarm::TakenOff => None,
        other => Kind::parse(other.word()),
    }
}

/// What a device raises itself: a call, a fall, smoke and gas are always urgent and never wait, whatever its clock says. What was long ago
/// when it came raises nothing live.
pub fn of_device(alarm: Alarm, marks: Marks, at: i64) -> Option<Raise> {
    let kind = kind_of(alarm).filter(|_| !marks.has(Marks::LATE))?;
    let text = Text::new(format!("设备报警：{}", alarm.title()), format!("raised by the device: {}", alarm.title_en()));
    Some(Raise { kind, urgent: kind.is_emergency(), at, reason: Reason::of_policy(text, Vec::new()) })
}
