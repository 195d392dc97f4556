//! The rate of management with Chinese medicine, by each of the two denominators that reporting systems use.

use kit::{
    App,
    tally::{Count, Indicator, PERSON},
};
use rules::{base::Date, tcm::Denominator};

use super::marks::{MANAGED, SHORT};
use crate::{
    elders::AGED_65,
    healthcheck::{self, MANAGED_65},
};

/// Residents of 65 and more managed with Chinese medicine this year.
pub const TCM_65: Count = Count::new(PERSON, &["elders.aged65", MANAGED]);
/// What is said of whoever has no record at all.
const NEVER: &str = "从未做过中医体质辨识";
/// Those of them who are under health management as well.
const TCM_MANAGED: Count = Count::new(PERSON, &["elders.aged65", healthcheck::MANAGED, MANAGED]);

pub const ALL: &[Indicator] = &[
    Indicator::share("tcm_hm_rate", "老年人中医药健康管理率", TCM_65, AGED_65)
        .formula("年内接受中医药健康管理的65岁及以上居民 ÷ 辖区65岁及以上常住居民")
        .document("phs-third-edition")
        .short(SHORT)
        .nothing(NEVER)
        .used(of_residents),
    Indicator::share("tcm_hm_rate_of_managed", "老年人中医药健康管理率(占健康管理人数)", TCM_MANAGED, MANAGED_65)
        .formula("年内接受中医药健康管理的65岁及以上居民 ÷ 年内接受健康管理的65岁及以上居民")
        .document("phs-third-edition")
        .short(SHORT)
        .nothing(NEVER)
        .used(of_managed),
];

/// The denominator a region counts by.
pub fn denominator(app: &App, region: &str, day: Date) -> Option<Denominator> {
    app.policy_in(region, day).read(|it| &it.tcm.denominator).ok().copied()
}

fn of_residents(app: &App, region: &str, day: Date) -> bool {
    denominator(app, region, day) == Some(Denominator::Residents)
}

fn of_managed(app: &App, region: &str, day: Date) -> bool {
    denominator(app, region, day) == Some(Denominator::Managed)
}

/// Numerator and denominator as the region counts.
pub fn counted(app: &App, region: &str, day: Date) -> (Count, Count) {
    match denominator(app, region, day) {
        Some(Denominator::Managed) => (TCM_MANAGED, MANAGED_65),
        _ => (TCM_65, AGED_65),
    }
}
