//! What the yearly check is governed by.

use kit::tally::{Count, Indicator, PERSON};

use super::marks::{COMPLETE, MANAGED, SHORT};
use crate::elders::AGED_65;

/// Residents of 65 and more under health management this year.
pub const MANAGED_65: Count = Count::new(PERSON, &["elders.aged65", MANAGED]);
/// Those of them whose check is complete.
pub const COMPLETE_65: Count = Count::new(PERSON, &["elders.aged65", MANAGED, COMPLETE]);

pub const ALL: &[Indicator] = &[
    Indicator::share("elder_hm_rate", "老年人健康管理率", MANAGED_65, AGED_65)
        .formula("年内接受健康管理的65岁及以上常住居民 ÷ 辖区65岁及以上常住居民")
        .document("phs-third-edition")
        .short(SHORT)
        .nothing("从未体检"),
    Indicator::share("elder_exam_complete", "老年人体检完整率", COMPLETE_65, MANAGED_65)
        .formula("体检各分项齐全的 ÷ 年内接受健康管理的65岁及以上常住居民")
        .document("phs-third-edition"),
];
