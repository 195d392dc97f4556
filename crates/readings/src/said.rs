//! What a message says, one thing at a time.

use std::sync::Arc;

use crate::measure::Measure;

/// One thing that a device said.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// What the maker calls the device (IMEI, MAC, number), as `device_name` writes it; nothing where the message does not say, and
    /// the connection it came by tells.
    pub device: Option<Arc<str>>,
    /// The gateway or kiosk that passed it on.
    pub gateway: Option<Arc<str>>,
    /// Card or citizen number of whoever stood before a kiosk.
    pub person: Option<Arc<str>>,
    /// Milliseconds since 1970 UTC: when it was, as far as it can be believed.
    pub at: i64,
    pub source: Source,
    pub marks: Marks,
    /// Of a glucose value, where the device says so.
    pub meal: Option<Meal>,
    pub what: What,
}

/// Whose time `at` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Device,
    Arrival,
}

#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A value in 1/10^scale of the measure's unit.
    Value(Measure, i64),
    Alarm(Alarm),
    /// What a device says of itself; a status with nothing in it says that the device lives.
    Status(Status),
    Position(Position),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// Percent.
    pub battery: Option<u8>,
    /// Millivolts, of devices that say no percent.
    pub voltage: Option<u16>,
    /// Percent.
    pub signal: Option<u8>,
    pub online: Option<bool>,
    pub firmware: Option<Arc<str>>,
}

/// Millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub latitude: i32,
    pub longitude: i32,
}

/// What a device itself raises an alarm about. The words are those of `rules::alarm::Kind` where there is such a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Alarm {
    Sos,
    Fall,
    Smoke,
    Gas,
    /// Water where none should be.
    Water,
    /// Out of bed for longer than the device was told to bear.
    LeaveBed,
    /// A value that the device itself finds wrong.
    Vital,
    /// Nobody moved for longer than the device was told to bear.
    Still,
    /// Outside the area that was agreed.
    Strayed,
    /// Taken off the wrist.
    TakenOff,
}

impl Alarm {
    pub const ALL: [Alarm; 10] = [
        Alarm::Sos,
        Alarm::Fall,
        Alarm::Smoke,
        Alarm::Gas,
        Alarm::Water,
        Alarm::LeaveBed,
        Alarm::Vital,
        Alarm::Still,
        Alarm::Strayed,
        Alarm::TakenOff,
    ];

    /// (word, title, title in English)
    const WORDS: [(&str, &str, &str); 10] = [
        ("sos", "紧急呼叫", "Emergency call"),
        ("fall", "跌倒", "Fall"),
        ("smoke", "烟雾", "Smoke"),
        ("gas", "燃气", "Gas"),
        ("water", "漏水", "Water leak"),
        ("leave_bed", "离床", "Out of bed"),
        ("vital", "体征异常", "Abnormal value"),
        ("still", "久无活动", "No movement"),
        ("strayed", "离开活动范围", "Outside the area"),
        ("taken_off", "设备取下", "Taken off"),
    ];

    pub fn word(self) -> &'static str {
        Alarm::WORDS[self as usize].0
    }

    pub fn title(self) -> &'static str {
        Alarm::WORDS[self as usize].1
    }

    pub fn title_en(self) -> &'static str {
        Alarm::WORDS[self as usize].2
    }

    pub fn parse(word: &str) -> Option<Alarm> {
        Alarm::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// When a glucose value was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meal {
    Fasting,
    Before,
    After,
}

impl Meal {
    /// A maker's word for it; nothing where it is none of the three.
    pub(crate) fn parse(word: &str) -> Option<Meal> {
        let has = |words: &[&str]| words.iter().any(|it| crate::name::within(word, it));
        if has(&["fasting", "空腹"]) {
            Some(Meal::Fasting)
        } else if has(&["before", "pre", "餐前", "饭前"]) {
            Some(Meal::Before)
        } else if has(&["after", "post", "餐后", "饭后"]) {
            Some(Meal::After)
        } else {
            None
        }
    }
}

/// Why something said is to be read with care. Kept as one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Marks(pub u8);

impl Marks {
    pub const NONE: Marks = Marks(0);
    /// Older than the limit when it arrived: kept with its time, never a live alarm.
    pub const LATE: Marks = Marks(1);
    /// The device's clock is ahead: the time is the arrival's, or so long before it as the device itself told between two times.
    pub const CLOCK_AHEAD: Marks = Marks(2);
    /// The device's clock is years behind: the time is the arrival's.
    pub const CLOCK_BEHIND: Marks = Marks(4);
    /// The message has no time, or none that can be read: the time is the arrival's.
    pub const NO_TIME: Marks = Marks(8);
    /// A value that no living person has, or no working device.
    pub const IMPLAUSIBLE: Marks = Marks(16);
    /// The message's time had no zone; it was read in the device's.
    pub const ZONE_ASSUMED: Marks = Marks(32);
    /// Two places of the message contradict each other about whose it is.
    pub const DISPUTED: Marks = Marks(64);

    /// (mark, word, title, title in English)
    pub const ALL: [(Marks, &str, &str, &str); 7] = [
        (Marks::LATE, "late", "迟到", "Late"),
        (Marks::CLOCK_AHEAD, "clock_ahead", "设备时钟超前", "Clock ahead"),
        (Marks::CLOCK_BEHIND, "clock_behind", "设备时钟落后", "Clock behind"),
        (Marks::NO_TIME, "no_time", "没有时间", "No time"),
        (Marks::IMPLAUSIBLE, "implausible", "数值不可信", "Implausible"),
        (Marks::ZONE_ASSUMED, "zone_assumed", "时区为推定", "Zone assumed"),
        (Marks::DISPUTED, "disputed", "归属矛盾", "Disputed"),
    ];

    pub fn has(self, mark: Marks) -> bool {
        self.0 & mark.0 == mark.0
    }

    #[must_use]
    pub fn with(self, mark: Marks) -> Marks {
        Marks(self.0 | mark.0)
    }

    /// Whether a live alarm may rest on it. What has no time may: it says what is now.
    pub fn live(self) -> bool {
        self.0
            & (Marks::LATE.0 | Marks::CLOCK_AHEAD.0 | Marks::CLOCK_BEHIND.0 | Marks::IMPLAUSIBLE.0 | Marks::DISPUTED.0)
            == 0
    }
}

impl Said {
    /// Whether an alarm that the device itself raised is to be answered now. A wrong clock does not silence an emergency call, only
    /// a long way does. Where it is disputed whose it is, it is raised for the device and not for a person.
    pub fn urgent_now(&self) -> bool {
        matches!(self.what, What::Alarm(_)) && !self.marks.has(Marks::LATE)
    }
}
