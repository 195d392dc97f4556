//! What the register itself is governed by: how many elders there are, of which age, in which group.

use kit::tally::{Better, Count, Indicator, PERSON, Unit};

const AGED_60: Count = Count::new(PERSON, &["elders.aged60"]);
/// The population of most programmes: residents of 65 and more.
pub const AGED_65: Count = Count::new(PERSON, &["elders.aged65"]);

const fn share(id: &'static str, title: &'static str, marks: &'static [&'static str]) -> Indicator {
    Indicator::share(id, title, Count::new(PERSON, marks), AGED_60)
        .formula("60岁及以上在册老年人中列入该人群的 ÷ 60岁及以上在册老年人")
        .document("xa-plan-2024")
        .better(Better::Neither)
}

pub const ALL: &[Indicator] = &[
    Indicator::number("elders_60", "60岁及以上老年人", "人", AGED_60)
        .formula("当日在册、年满60周岁的老年人")
        .document("my-reply-2017")
        .better(Better::Neither),
    Indicator::number("elders_65", "65岁及以上老年人", "人", AGED_65)
        .formula("当日在册、年满65周岁的老年人")
        .document("jl-reply-2020")
        .better(Better::Neither),
    Indicator::share(
        "elders_80_share",
        "80岁及以上占比",
        Count::new(PERSON, &["elders.aged60", "elders.aged80"]),
        AGED_60,
    )
    .formula("年满80周岁的在册老年人 ÷ 年满60周岁的在册老年人")
    .document("xa-plan-2024")
    .unit(Unit::Share)
    .better(Better::Neither),
    share("elders_disabled_share", "失能老年人占比", &["elders.aged60", "elders.disabled"]),
    share("elders_demented_share", "失智老年人占比", &["elders.aged60", "elders.demented"]),
    share("elders_alone_share", "独居老年人占比", &["elders.aged60", "elders.alone"]),
    share("elders_poor_share", "困难老年人占比", &["elders.aged60", "elders.poor"]),
];
