//! Who was visited in time in the present month or quarter, of those who were to be.

use kit::tally::{Count, Indicator, PERSON};

use super::marks::{DISABLED, DISABLED_DONE, DISABLED_SHORT, HARDSHIP, HARDSHIP_DONE, HARDSHIP_SHORT};

pub const OWED: Count = Count::new(PERSON, &[HARDSHIP]);
pub const IN_TIME: Count = Count::new(PERSON, &[HARDSHIP, HARDSHIP_DONE]);
const DISABLED_OWED: Count = Count::new(PERSON, &[DISABLED]);
const DISABLED_IN_TIME: Count = Count::new(PERSON, &[DISABLED, DISABLED_DONE]);

pub const ALL: &[Indicator] = &[
    Indicator::share("caring_visit_rate", "特殊困难老年人按期探访率", IN_TIME, OWED)
        .formula("本周期内按期探访的独居、留守、困难、残疾、计生特殊家庭老年人 ÷ 本周期应探访的这些老年人")
        .document("xa-plan-2024")
        .short(HARDSHIP_SHORT),
    Indicator::share("disabled_round_rate", "失能失智老年人按期巡诊率", DISABLED_IN_TIME, DISABLED_OWED)
        .formula("本周期内按期巡诊的失能失智老年人 ÷ 本周期应巡诊的失能失智老年人")
        .document("xa-plan-2024")
        .short(DISABLED_SHORT),
];
