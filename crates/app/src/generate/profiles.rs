//! The five cities of the source documents, and how old and how frail their elders are.

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
    /// The county a county-scale demonstration shows.
    pub county: &'static str,
}

pub const PROFILES: &[Profile] = &[
    Profile {
        word: "jilin",
        region: "220200",
        elders: 526_000,
        source: "吉市卫议〔2020〕10号:65 岁以上 52.6 万",
        from_age: 65,
        county: "220281",
    },
    Profile {
        word: "mianyang",
        region: "510700",
        elders: 1_198_700,
        source: "绵卫函〔2017〕263号:60 岁以上 119.87 万",
        from_age: 60,
        county: "510704",
    },
    Profile {
        word: "chongqing",
        region: "500000",
        elders: 5_881_000,
        source: "渝卫答复函〔2025〕77号:签约 464 万,签约率 78.9 %",
        from_age: 65,
        county: "500229",
    },
    Profile {
        word: "xian",
        region: "610100",
        elders: 1_600_000,
        source: "文件未列人数,示例",
        from_age: 65,
        county: "610118",
    },
    Profile {
        word: "panjin",
        region: "211100",
        elders: 240_000,
        source: "文件未列人数,示例",
        from_age: 65,
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
