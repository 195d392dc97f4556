//! For which values and signs somebody is referred at once.

use super::{Disease, Visit};
use crate::{
    base::Text,
    policy::{InForce, NoPolicy},
};

/// The signs that are asked about for a disease, in the words of the policy.
///
/// 依据: 国家基本公共卫生服务规范（第三版） 高血压患者健康管理、2型糖尿病患者健康管理 随访评估（危急情况）
pub fn signs<'a>(disease: Disease, policy: &InForce<'a>) -> Result<&'a [String], NoPolicy> {
    let signs = match disease {
        Disease::Hypertension => policy.read(|it| &it.chronic.hypertension_signs)?,
        Disease::Diabetes => policy.read(|it| &it.chronic.diabetes_signs)?,
    };
    Ok(signs)
}

/// Every reason for which somebody is referred at once.
pub(super) fn found(visit: &Visit, policy: &InForce<'_>) -> Result<Vec<Text>, NoPolicy> {
    let (systolic, diastolic) = match visit.disease {
        Disease::Hypertension => {
            (policy.read(|it| &it.chronic.emergency_systolic)?, policy.read(|it| &it.chronic.emergency_diastolic)?)
        }
        Disease::Diabetes => {
            (policy.read(|it| &it.chronic.diabetes_systolic)?, policy.read(|it| &it.chronic.diabetes_diastolic)?)
        }
    };
    let mut found = Vec::new();
    if let Some(it) = visit.systolic.filter(|it| systolic <= it) {
        found.push(Text::new(
            format!("收缩压 {it} mmHg，达到 {systolic}，紧急转诊"),
            format!("systolic {it} mmHg reaches {systolic}: refer at once"),
        ));
    }
    if let Some(it) = visit.diastolic.filter(|it| diastolic <= it) {
        found.push(Text::new(
            format!("舒张压 {it} mmHg，达到 {diastolic}，紧急转诊"),
            format!("diastolic {it} mmHg reaches {diastolic}: refer at once"),
        ));
    }
    if visit.disease == Disease::Diabetes {
        found.extend(of_diabetes(visit, policy)?);
    }
    let signs = signs(visit.disease, policy)?;
    for sign in visit.signs.iter().filter(|it| signs.contains(it)) {
        found.push(Text::new(format!("危急症状：{sign}，紧急转诊"), format!("sign of danger: {sign}: refer at once")));
    }
    Ok(found)
}

fn of_diabetes(visit: &Visit, policy: &InForce<'_>) -> Result<Vec<Text>, NoPolicy> {
    let high = *policy.read(|it| &it.chronic.emergency_glucose_high)?;
    let low = *policy.read(|it| &it.chronic.emergency_glucose_low)?;
    let heart_rate = *policy.read(|it| &it.chronic.diabetes_heart_rate)?;
    let temperature = *policy.read(|it| &it.chronic.diabetes_temperature)?;
    let mut found = Vec::new();
    for it in [visit.fasting, visit.glucose].into_iter().flatten() {
        if high <= it {
            found.push(Text::new(
                format!("血糖 {it} mmol/L，达到 {high}，紧急转诊"),
                format!("glucose {it} mmol/L reaches {high}: refer at once"),
            ));
        }
        if it <= low {
            found.push(Text::new(
                format!("血糖 {it} mmol/L，不高于 {low}，紧急转诊"),
                format!("glucose {it} mmol/L is not above {low}: refer at once"),
            ));
        }
    }
    if let Some(it) = visit.heart_rate.filter(|it| heart_rate < *it) {
        found.push(Text::new(
            format!("心率 {it} 次/分，超过 {heart_rate}，紧急转诊"),
            format!("heart rate {it} a minute, above {heart_rate}: refer at once"),
        ));
    }
    if let Some(it) = visit.temperature.filter(|it| temperature < *it) {
        found.push(Text::new(
            format!("体温 {it} ℃，超过 {temperature}，紧急转诊"),
            format!("temperature {it} ℃, above {temperature}: refer at once"),
        ));
    }
    Ok(found)
}
