//! What chronic-disease management is governed by.

use kit::tally::{Count, Indicator, PERSON};

use super::marks::{DIABETES, HYPERTENSION};

pub const ALL: &[Indicator] = &[
    Indicator::share(
        "htn_norm",
        "高血压规范管理率",
        Count::new(PERSON, &["chronic.hypertension", "chronic.hypertension.managed"]),
        HYPERTENSION,
    )
    .formula("当年已按规范随访和检查的在管高血压患者 ÷ 在管高血压患者")
    .document("phs-third-edition")
    .short("chronic.hypertension.short"),
    Indicator::share(
        "htn_ctrl",
        "高血压控制率",
        Count::new(PERSON, &["chronic.hypertension", "chronic.hypertension.controlled"]),
        HYPERTENSION,
    )
    .formula("当年最近一次随访血压达标的在管高血压患者 ÷ 在管高血压患者")
    .document("phs-third-edition")
    .short("chronic.hypertension.uncontrolled"),
    Indicator::share(
        "dm_norm",
        "2型糖尿病规范管理率",
        Count::new(PERSON, &["chronic.diabetes", "chronic.diabetes.managed"]),
        DIABETES,
    )
    .formula("当年已按规范随访和检查的在管2型糖尿病患者 ÷ 在管2型糖尿病患者")
    .document("phs-third-edition")
    .short("chronic.diabetes.short"),
    Indicator::share(
        "dm_ctrl",
        "2型糖尿病血糖控制率",
        Count::new(PERSON, &["chronic.diabetes", "chronic.diabetes.controlled"]),
        DIABETES,
    )
    .formula("当年最近一次随访空腹血糖达标的在管2型糖尿病患者 ÷ 在管2型糖尿病患者")
    .document("phs-third-edition")
    .short("chronic.diabetes.uncontrolled"),
];
