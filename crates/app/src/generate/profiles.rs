//! The five cities of the source documents, and how old and how frail their elders are.

use rules::base::Date;

/// One city that can be generated.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    pub word: &'static str,
    /// Region code of the city.
    pub region: &'static str,
    /// People in the register at scale 1.0, where a document prints it.
    pub elders: usize,
    /// The document and its words; what no document prints is said to be assumed.
    pub source: &'static str,
    /// Youngest age in the register.
    pub from_age: u16,
    /// The day of the figures (年、月、日); today where no document prints any.
    pub as_of: Option<(i16, i8, i8)>,
    /// The day of `aged_65`, `signed` and `managed`, where it is another one.
    pub managed_as_of: Option<(i16, i8, i8)>,
    /// Of them 65 and more; all of them where the register begins at 65.
    pub aged_65: Option<u64>,
    /// Signed with a family doctor.
    pub signed: u64,
    /// Whether everybody poor is signed.
    pub poor_signed: bool,
    /// Under yearly health management.
    pub managed: u64,
    /// A county of which the document prints figures, too.
    pub part: Option<Part>,
    /// Of long-term-care insurance, where the document prints figures.
    pub ltci: Option<Ltci>,
    /// The county a county-scale demonstration shows.
    pub county: &'static str,
}

/// What a document prints of one county of its city.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub county: &'static str,
    /// People in the register at scale 1.0, and those of them who are disabled.
    pub elders: usize,
    pub disabled: u64,
}

/// What a document prints of long-term-care insurance, at scale 1.0.
#[derive(Debug, Clone, Copy)]
pub struct Ltci {
    /// The first month of the scheme, and the day of the figures.
    pub since: (i16, i8, i8),
    pub as_of: (i16, i8, i8),
    pub insured: u64,
    /// Commercial insurers that have handled it.
    pub insurers: u64,
    /// Whose benefit runs, and of whom one ever ran.
    pub recipients: u64,
    pub recipients_ever: u64,
    /// Income and spending since the first month, fen.
    pub income: u64,
    pub spending: u64,
    /// Recipient-months the spending is for: so many that the printed mean comes out.
    pub months: u64,
}

/// Liaoning's reply of 2025-05-22: 571,000 insured, 11 insurers, 5,521 recipients, 7,952 ever, 1,867 yuan a month; since
/// September 2020 475 million yuan came in and 232 million were paid.
const PANJIN: Ltci = Ltci {
    since: (2020, 9, 1),
    as_of: (2024, 12, 31),
    insured: 571_000,
    insurers: 11,
    recipients: 5_521,
    recipients_ever: 7_952,
    income: 47_500_000_000,
    spending: 23_200_000_000,
    months: 124_263,
};

impl Profile {
    /// The day of the figures.
    pub fn day(&self, today: Date) -> Date {
        self.as_of.and_then(|(year, month, day)| Date::new(year, month, day)).unwrap_or(today)
    }

    /// The day of the figures of health management and contracts.
    pub fn managed_day(&self, today: Date) -> Date {
        self.managed_as_of.and_then(|(year, month, day)| Date::new(year, month, day)).unwrap_or(self.day(today))
    }
}

pub const PROFILES: &[Profile] = &[
    Profile {
        word: "jilin",
        region: "220200",
        elders: 526_000,
        source: "吉市卫议〔2020〕10号:65 岁以上 52.6 万",
        from_age: 65,
        as_of: Some((2019, 12, 31)),
        managed_as_of: None,
        aged_65: None,
        signed: 362_000,
        poor_signed: true,
        managed: 328_879,
        part: None,
        ltci: None,
        county: "220281",
    },
    Profile {
        word: "mianyang",
        region: "510700",
        elders: 1_198_700,
        source: "绵卫函〔2017〕263号:60 岁以上 119.87 万",
        from_age: 60,
        as_of: Some((2016, 12, 31)),
        managed_as_of: Some((2017, 6, 30)),
        aged_65: Some(546_927),
        // The document prints 76 % of key groups, and of elders nothing.
        signed: 415_665,
        poor_signed: false,
        managed: 376_304,
        part: Some(Part { county: "510704", elders: 95_500, disabled: 16_000 }),
        ltci: None,
        county: "510704",
    },
    Profile {
        word: "chongqing",
        region: "500000",
        elders: 5_884_000,
        source: "渝卫答复函〔2025〕77号:签约 464 万 78.9 %、健康管理 395 万 67.1 %,两者只有 588.24–588.45 万人相符",
        from_age: 65,
        as_of: Some((2024, 12, 31)),
        managed_as_of: None,
        aged_65: None,
        signed: 4_640_000,
        poor_signed: false,
        managed: 3_950_000,
        part: None,
        ltci: None,
        county: "500229",
    },
    Profile {
        word: "xian",
        region: "610100",
        elders: 1_600_000,
        source: "文件未列人数,示例",
        from_age: 65,
        as_of: None,
        managed_as_of: None,
        aged_65: None,
        signed: 1_200_000,
        poor_signed: false,
        managed: 1_080_000,
        part: None,
        ltci: None,
        county: "610118",
    },
    Profile {
        word: "panjin",
        region: "211100",
        elders: 240_000,
        source: "文件未列人数,示例",
        from_age: 65,
        as_of: None,
        managed_as_of: None,
        aged_65: None,
        signed: 180_000,
        poor_signed: false,
        managed: 161_000,
        part: None,
        ltci: Some(PANJIN),
        county: "211122",
    },
];

pub fn find(word: &str) -> Option<&'static Profile> {
    PROFILES.iter().find(|it| it.word == word)
}

/// People of 60 and more by five-year age group, of 1,000. 60–64: census 2020 (264.0 less 190.6 of 264.0 million);
/// the shares above are assumed to fall as in the same census.
pub const AGES: &[(u16, u32)] =
    &[(60, 278), (65, 280), (70, 188), (75, 118), (80, 77), (85, 41), (90, 14), (95, 3), (100, 1)];

/// What is found at an age.
pub struct Frailty {
    pub from_age: u16,
    /// Needs help with daily life, of 1; rises with age as in the surveys of `bench/stats`, about 12 % of all.
    pub disabled: f64,
    /// Dementia, of 1: 6.0 % of 60+ (Jia 2020), more with age.
    pub demented: f64,
}

pub const FRAILTY: &[Frailty] = &[
    Frailty { from_age: 60, disabled: 0.04, demented: 0.020 },
    Frailty { from_age: 65, disabled: 0.06, demented: 0.030 },
    Frailty { from_age: 70, disabled: 0.11, demented: 0.055 },
    Frailty { from_age: 75, disabled: 0.19, demented: 0.090 },
    Frailty { from_age: 80, disabled: 0.32, demented: 0.150 },
    Frailty { from_age: 85, disabled: 0.48, demented: 0.240 },
    Frailty { from_age: 90, disabled: 0.65, demented: 0.330 },
];

pub fn frailty(age: u16) -> &'static Frailty {
    FRAILTY.iter().rev().find(|it| it.from_age <= age).unwrap_or(&FRAILTY[0])
}

/// At least one chronic disease: CLASS 2014, 75.23 %.
pub const CHRONIC: f64 = 0.7523;
