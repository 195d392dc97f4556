//! Those who are not known to be ill: whose pressure and glucose have to be measured, and when again.

use serde::{Deserialize, Serialize};

use crate::{
    base::{Date, Sex, Tenths, Text, YesNo},
    policy::{InForce, NoPolicy},
};

/// What is known of somebody who may not yet be ill.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Measured {
    #[serde(rename = "出生日期")]
    pub born: Option<Date>,
    #[serde(rename = "性别", deserialize_with = "sex")]
    pub sex: Option<Sex>,
    /// The day of the newest blood pressure, in mmHg.
    #[serde(rename = "测压日")]
    pub pressure_day: Option<Date>,
    #[serde(rename = "收缩压")]
    pub systolic: Option<u16>,
    #[serde(rename = "舒张压")]
    pub diastolic: Option<u16>,
    /// The day of the newest fasting glucose, in mmol/L.
    #[serde(rename = "测糖日")]
    pub glucose_day: Option<Date>,
    #[serde(rename = "空腹血糖")]
    pub fasting: Option<Tenths>,
    #[serde(rename = "体质指数")]
    pub body_mass: Option<Tenths>,
    /// cm
    #[serde(rename = "腰围")]
    pub waist: Option<Tenths>,
    #[serde(rename = "家族史")]
    pub family: Option<YesNo>,
    #[serde(rename = "长期过量饮酒")]
    pub drinks: Option<YesNo>,
    #[serde(rename = "已患高血压")]
    pub has_hypertension: Option<YesNo>,
    #[serde(rename = "已患糖尿病")]
    pub has_diabetes: Option<YesNo>,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Kind {
    #[serde(rename = "血压")]
    Pressure,
    #[serde(rename = "空腹血糖")]
    Glucose,
}

/// Why somebody is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Cause {
    /// Everybody of that age.
    #[serde(rename = "一般人群")]
    Everybody,
    /// At risk, so more often.
    #[serde(rename = "高危")]
    AtRisk,
    /// The last value was high: to be measured again before anything is diagnosed.
    #[serde(rename = "复查")]
    Again,
}

/// A measurement that is due on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advice {
    pub kind: Kind,
    pub cause: Cause,
    pub day: Date,
    pub reasons: Vec<Text>,
}

impl Kind {
    pub const ALL: [Kind; 2] = [Kind::Pressure, Kind::Glucose];

    /// The word kept in tables and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Pressure => "pressure",
            Kind::Glucose => "glucose",
        }
    }
}

impl Cause {
    /// The word kept in tables and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Cause::Everybody => "everybody",
            Cause::AtRisk => "at_risk",
            Cause::Again => "again",
        }
    }
}

fn sex<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Sex>, D::Error> {
    let word = String::deserialize(deserializer)?;
    match &*word {
        "男" => Ok(Some(Sex::Male)),
        "女" => Ok(Some(Sex::Female)),
        _ => Err(serde::de::Error::custom(format!("性别写作 男 或 女，不是 {word} (write 男 or 女)"))),
    }
}

/// The measurements somebody should have, each with its day and why. Never measured means: today.
///
/// 依据: 国家基本公共卫生服务规范（第三版） 高血压患者健康管理 筛查（35 岁及以上测血压，高危人群每半年测量）、2型糖尿病患者健康管理 筛查（高危人群每年测空腹血糖）
pub fn advice(it: &Measured, policy: &InForce<'_>) -> Result<Vec<Advice>, NoPolicy> {
    let mut all = Vec::new();
    if !is_yes(it.has_hypertension) {
        all.extend(pressure(it, policy)?);
    }
    if !is_yes(it.has_diabetes) {
        all.extend(glucose(it, policy)?);
    }
    Ok(all)
}

fn is_yes(it: Option<YesNo>) -> bool {
    it.is_some_and(YesNo::is_yes)
}

fn pressure(it: &Measured, policy: &InForce<'_>) -> Result<Option<Advice>, NoPolicy> {
    let age = it.born.map(|born| born.age_on(policy.day()));
    let from_age = *policy.read(|it| &it.chronic.screening_age)?;
    if age.is_some_and(|age| age < from_age) {
        return Ok(None);
    }
    let advice = |cause, day, reasons| Ok(Some(Advice { kind: Kind::Pressure, cause, day, reasons }));
    let high_systolic = *policy.read(|it| &it.chronic.high_systolic)?;
    let high_diastolic = *policy.read(|it| &it.chronic.high_diastolic)?;
    let (Some(day), Some((systolic, diastolic))) = (it.pressure_day, it.systolic.zip(it.diastolic)) else {
        let reasons = vec![Text::new("还没有血压记录", "no blood pressure is on record")];
        return advice(Cause::Everybody, policy.day(), reasons);
    };
    if high_systolic <= systolic || high_diastolic <= diastolic {
        let days = *policy.read(|it| &it.chronic.again_days)?;
        let reasons = vec![Text::new(
            format!("{day} 血压 {systolic}/{diastolic} mmHg，须非同日复查"),
            format!("{systolic}/{diastolic} mmHg on {day}: to be measured again on another day"),
        )];
        return advice(Cause::Again, day.add_days(i32::from(days)), reasons);
    }
    let mut reasons = factors(it, policy)?;
    let normal_systolic = *policy.read(|it| &it.chronic.high_normal_systolic)?;
    let normal_diastolic = *policy.read(|it| &it.chronic.high_normal_diastolic)?;
    if normal_systolic <= systolic || normal_diastolic <= diastolic {
        reasons.push(Text::new(
            format!("血压高值 {systolic}/{diastolic} mmHg"),
            format!("high-normal {systolic}/{diastolic} mmHg"),
        ));
    }
    let risk_age = *policy.read(|it| &it.chronic.risk_age)?;
    if let Some(age) = age.filter(|it| risk_age <= *it) {
        reasons.push(Text::new(format!("{age} 岁，不低于 {risk_age}"), format!("aged {age}, at least {risk_age}")));
    }
    if reasons.is_empty() {
        let months = *policy.read(|it| &it.chronic.pressure_months)?;
        let reasons = vec![Text::new(format!("上次测量 {day}"), format!("last measured on {day}"))];
        return advice(Cause::Everybody, day.add_months(i32::from(months)), reasons);
    }
    let months = *policy.read(|it| &it.chronic.risk_pressure_months)?;
    advice(Cause::AtRisk, day.add_months(i32::from(months)), reasons)
}

/// Factors of risk that count for pressure and glucose alike.
fn factors(it: &Measured, policy: &InForce<'_>) -> Result<Vec<Text>, NoPolicy> {
    let mut found = Vec::new();
    let overweight = *policy.read(|it| &it.chronic.overweight)?;
    if let Some(value) = it.body_mass.filter(|it| overweight <= *it) {
        found.push(Text::new(format!("体质指数 {value}，超重"), format!("body-mass index {value}: overweight")));
    }
    let (man, woman) = (*policy.read(|it| &it.chronic.waist_man)?, *policy.read(|it| &it.chronic.waist_woman)?);
    let limit = it.sex.map(|it| if it == Sex::Male { man } else { woman });
    if let Some((waist, _)) = it.waist.zip(limit).filter(|(waist, limit)| limit <= waist) {
        found.push(Text::new(format!("腰围 {waist} 厘米"), format!("waist {waist} cm")));
    }
    if is_yes(it.family) {
        found.push(Text::new("家族史", "in the family"));
    }
    if is_yes(it.drinks) {
        found.push(Text::new("长期过量饮酒", "drinks too much, for years"));
    }
    Ok(found)
}

fn glucose(it: &Measured, policy: &InForce<'_>) -> Result<Option<Advice>, NoPolicy> {
    let high = *policy.read(|it| &it.chronic.high_glucose)?;
    let impaired = *policy.read(|it| &it.chronic.impaired_glucose)?;
    let measured = it.glucose_day.zip(it.fasting);
    if let Some((day, fasting)) = measured.filter(|(_, it)| high <= *it) {
        let days = i32::from(*policy.read(|it| &it.chronic.again_days)?);
        let reasons = vec![Text::new(
            format!("{day} 空腹血糖 {fasting} mmol/L，须复查"),
            format!("fasting glucose {fasting} mmol/L on {day}: to be measured again"),
        )];
        return Ok(Some(Advice { kind: Kind::Glucose, cause: Cause::Again, day: day.add_days(days), reasons }));
    }
    let mut reasons = factors(it, policy)?;
    if let Some((_, fasting)) = measured.filter(|(_, it)| impaired <= *it) {
        reasons.push(Text::new(
            format!("空腹血糖 {fasting} mmol/L，受损"),
            format!("impaired fasting glucose {fasting} mmol/L"),
        ));
    }
    if is_yes(it.has_hypertension) {
        reasons.push(Text::new("患高血压", "has hypertension"));
    }
    if reasons.is_empty() {
        return Ok(None);
    }
    let months = i32::from(*policy.read(|it| &it.chronic.glucose_months)?);
    let day = measured.map_or(policy.day(), |(day, _)| day.add_months(months));
    Ok(Some(Advice { kind: Kind::Glucose, cause: Cause::AtRisk, day, reasons }))
}
