//! What is measured: its word, its names, its unit and how exactly it is kept.

/// One thing that devices measure. Its number in this order is kept in databases: new ones are added at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Measure {
    Systolic,
    Diastolic,
    MeanPressure,
    HeartRate,
    Spo2,
    Perfusion,
    Respiration,
    /// Of the body.
    Temperature,
    Glucose,
    Cholesterol,
    UricAcid,
    Weight,
    BodyFat,
    /// Of the day so far.
    Steps,
    /// 1 somebody moved, 0 nobody moves.
    Motion,
    /// 1 in bed, 0 out of it.
    Bed,
    /// 1 open, 0 closed.
    Door,
    /// Of the room.
    RoomTemperature,
    Humidity,
    /// Of the device; a message says it as `Status`.
    Battery,
    /// Of the device's network; a message says it as `Status`.
    Signal,
}

struct Row {
    word: &'static str,
    title: &'static str,
    title_en: &'static str,
    unit: &'static str,
    scale: u8,
    /// The least and the most that a living person or a working device has, in 1/10^scale units.
    plausible: (i64, i64),
}

const fn row(
    word: &'static str,
    title: &'static str,
    title_en: &'static str,
    unit: &'static str,
    scale: u8,
    plausible: (i64, i64),
) -> Row {
    Row { word, title, title_en, unit, scale, plausible }
}

const ROWS: [Row; 21] = [
    row("systolic", "收缩压", "Systolic pressure", "mmHg", 0, (40, 300)),
    row("diastolic", "舒张压", "Diastolic pressure", "mmHg", 0, (20, 200)),
    row("mean_pressure", "平均动脉压", "Mean arterial pressure", "mmHg", 0, (25, 250)),
    row("heart_rate", "心率", "Heart rate", "/min", 0, (20, 250)),
    row("spo2", "血氧饱和度", "Oxygen saturation", "%", 1, (400, 1000)),
    row("perfusion", "灌注指数", "Perfusion index", "%", 1, (0, 300)),
    row("respiration", "呼吸", "Respiration", "/min", 0, (3, 70)),
    row("temperature", "体温", "Body temperature", "℃", 2, (3000, 4500)),
    row("glucose", "血糖", "Blood glucose", "mmol/L", 2, (50, 4500)),
    row("cholesterol", "总胆固醇", "Total cholesterol", "mmol/L", 2, (50, 2500)),
    row("uric_acid", "血尿酸", "Uric acid", "μmol/L", 0, (30, 1500)),
    row("weight", "体重", "Weight", "kg", 2, (1500, 30000)),
    row("body_fat", "体脂率", "Body fat", "%", 1, (20, 750)),
    row("steps", "步数", "Steps", "步", 0, (0, 100_000)),
    row("motion", "活动", "Movement", "", 0, (0, 1)),
    row("bed", "在床", "In bed", "", 0, (0, 1)),
    row("door", "门开", "Door open", "", 0, (0, 1)),
    row("room_temperature", "室温", "Room temperature", "℃", 2, (-5000, 7000)),
    row("humidity", "湿度", "Humidity", "%", 1, (0, 1000)),
    row("battery", "电量", "Battery", "%", 0, (0, 100)),
    row("signal", "信号", "Signal", "%", 0, (0, 100)),
];

impl Measure {
    /// Every one, in the order of their numbers.
    pub const ALL: [Measure; 21] = [
        Measure::Systolic,
        Measure::Diastolic,
        Measure::MeanPressure,
        Measure::HeartRate,
        Measure::Spo2,
        Measure::Perfusion,
        Measure::Respiration,
        Measure::Temperature,
        Measure::Glucose,
        Measure::Cholesterol,
        Measure::UricAcid,
        Measure::Weight,
        Measure::BodyFat,
        Measure::Steps,
        Measure::Motion,
        Measure::Bed,
        Measure::Door,
        Measure::RoomTemperature,
        Measure::Humidity,
        Measure::Battery,
        Measure::Signal,
    ];

    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The number it is kept under in rows of readings.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The one of a kept number.
    pub fn numbered(number: u8) -> Option<Measure> {
        Measure::ALL.get(usize::from(number)).copied()
    }

    /// The word it is called by in messages, adapters and addresses.
    pub fn word(self) -> &'static str {
        self.row().word
    }

    pub fn parse(word: &str) -> Option<Measure> {
        Measure::ALL.into_iter().find(|it| it.word() == word)
    }

    pub fn title(self) -> &'static str {
        self.row().title
    }

    pub fn title_en(self) -> &'static str {
        self.row().title_en
    }

    /// The unit it is kept in, as it is written behind a number; empty where a value is a state.
    pub fn unit(self) -> &'static str {
        self.row().unit
    }

    /// How many digits behind the point are kept: a value is a whole number of 1/10^scale units.
    pub fn scale(self) -> u8 {
        self.row().scale
    }

    /// The least and the most that can be true, in kept units.
    pub fn plausible(self) -> (i64, i64) {
        self.row().plausible
    }

    /// A kept value as people write it: `599` of glucose is `5.99`, `7930` of weight is `79.3`.
    pub fn written(self, value: i64) -> String {
        let ten = 10_u64.pow(u32::from(self.scale()));
        let (whole, part) = (value.unsigned_abs() / ten, value.unsigned_abs() % ten);
        let sign = if value < 0 { "-" } else { "" };
        if part == 0 {
            return format!("{sign}{whole}");
        }
        let part = format!("{part:0width$}", width = usize::from(self.scale()));
        format!("{sign}{whole}.{}", part.trim_end_matches('0'))
    }

    /// The kept value of what people write, rounded half up to the scale: `"5.99"` of glucose is 599.
    pub fn kept(self, written: &str) -> Option<i64> {
        let (number, rest) = crate::number::Number::parse(written.trim())?;
        rest.trim().is_empty().then(|| number.kept(self, crate::unit::Unit::own(self)))?
    }
}
