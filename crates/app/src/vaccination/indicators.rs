//! What vaccination is governed by: how many of those of 65 and more are vaccinated.

use kit::tally::{Count, Indicator, PERSON};

use crate::elders::AGED_65;

pub const ALL: &[Indicator] = &[
    Indicator::share(
        "flu_vaccination",
        "65岁及以上流感疫苗接种率",
        Count::new(PERSON, &["elders.aged65", "vaccination.flu"]),
        AGED_65,
    )
    .formula("本流感季已接种流感疫苗的65岁及以上老年人 ÷ 65岁及以上老年人")
    .document("flu-guide")
    .short("vaccination.flu.short")
    .nothing("本季没有接种"),
    Indicator::share(
        "pneumococcal_vaccination",
        "65岁及以上肺炎疫苗接种率",
        Count::new(PERSON, &["elders.aged65", "vaccination.pneumococcal"]),
        AGED_65,
    )
    .formula("接种过肺炎球菌疫苗的65岁及以上老年人 ÷ 65岁及以上老年人")
    .document("ppv23-label")
    .short("vaccination.pneumococcal.short")
    .nothing("从未接种"),
];
