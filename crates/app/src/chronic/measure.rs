//! Numbers that are measured: each with its unit, decimals and plausible limits.

use kit::{Error, Result, Said, error::FieldError, form::Input};
use rules::base::Tenths;

/// One kind of number.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    pub name: &'static str,
    pub label: &'static str,
    pub unit: &'static str,
    /// Plausible limits, in tenths where it has a decimal.
    pub least: i32,
    pub most: i32,
    pub has_decimal: bool,
}

const fn whole(name: &'static str, label: &'static str, unit: &'static str, least: i32, most: i32) -> Measure {
    Measure { name, label, unit, least, most, has_decimal: false }
}

/// Limits in whole units.
const fn decimal(name: &'static str, label: &'static str, unit: &'static str, least: i32, most: i32) -> Measure {
    Measure { name, label, unit, least: least * 10, most: most * 10, has_decimal: true }
}

/// Everything that a visit measures, in the order of the columns.
pub const MEASURES: &[Measure] = &[
    whole("systolic", "收缩压", "mmHg", 60, 280),
    whole("diastolic", "舒张压", "mmHg", 30, 180),
    decimal("fasting", "空腹血糖", "mmol/L", 1, 40),
    decimal("glucose", "餐后或随机血糖", "mmol/L", 1, 40),
    whole("heart_rate", "心率", "次/分", 30, 220),
    decimal("temperature", "体温", "℃", 34, 43),
    decimal("height", "身高", "厘米", 100, 220),
    decimal("weight", "体重", "公斤", 20, 250),
    decimal("waist", "腰围", "厘米", 40, 200),
    whole("cigarettes", "日吸烟", "支", 0, 100),
    whole("alcohol", "日饮酒", "两", 0, 50),
    whole("exercise", "每周运动", "次", 0, 30),
];

const COUNT: usize = MEASURES.len();

/// Numbers by their place in [`MEASURES`]; those with a decimal in tenths. What was not measured is not there.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Values(pub [Option<i64>; COUNT]);

impl Measure {
    /// The number as it is written.
    pub fn text(&self, value: i64) -> String {
        match self.has_decimal {
            true => Tenths::new(i32::try_from(value).unwrap_or(0)).to_string(),
            false => value.to_string(),
        }
    }

    /// A limit as it is written.
    pub fn limit(&self, limit: i32) -> String {
        if self.has_decimal { (limit / 10).to_string() } else { limit.to_string() }
    }

    /// The number that another module measured, with however many decimals.
    pub fn read(&self, text: &str) -> Option<i64> {
        let number: f64 = text.parse().ok()?;
        let scaled = (if self.has_decimal { number * 10.0 } else { number }).round();
        (f64::from(self.least)..=f64::from(self.most)).contains(&scaled).then_some(scaled as i64)
    }

    fn parse(&self, text: &str) -> Option<i64> {
        let value = match self.has_decimal {
            true => text.parse::<Tenths>().ok()?.tenths(),
            false => text.parse().ok()?,
        };
        (self.least..=self.most).contains(&value).then_some(i64::from(value))
    }
}

/// The place of a name in [`MEASURES`].
fn place(name: &str) -> Option<usize> {
    MEASURES.iter().position(|it| it.name == name)
}

/// The kind of number with this name.
pub fn named(name: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|it| it.name == name)
}

impl Values {
    pub fn get(&self, name: &str) -> Option<i64> {
        self.0[place(name)?]
    }

    pub fn set(&mut self, name: &str, value: Option<i64>) {
        if let Some(place) = place(name) {
            self.0[place] = value;
        }
    }

    pub fn small(&self, name: &str) -> Option<u16> {
        u16::try_from(self.get(name)?).ok()
    }

    pub fn tenths(&self, name: &str) -> Option<Tenths> {
        Some(Tenths::new(i32::try_from(self.get(name)?).ok()?))
    }

    /// The number as it is written; empty where it was not measured.
    pub fn text(&self, name: &str) -> String {
        named(name).zip(self.get(name)).map_or(String::new(), |(it, value)| it.text(value))
    }

    /// Weight over the square of height.
    pub fn body_mass(&self) -> Option<Tenths> {
        let (height, weight) = (self.get("height")?, self.get("weight")?);
        // Both in tenths: weight/10 over (height/1000)², in tenths.
        let mass = (weight * 1_000_000 + height * height / 2) / (height * height).max(1);
        Some(Tenths::new(i32::try_from(mass).ok()?))
    }

    /// The numbers of a form, without what it leaves out.
    ///
    /// # Errors
    /// `Invalid` with every number that cannot be one, and for a pressure whose lower value is not lower.
    pub fn from_input(input: &Input) -> Result<Values> {
        let (mut values, mut errors) = (Values::default(), Vec::new());
        for (at, it) in MEASURES.iter().enumerate() {
            let text = kit::sheet::half_width(input.get(it.name));
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            values.0[at] = it.parse(text);
            if values.0[at].is_none() {
                let said = Said::new("“{label}”应在 {least} 到 {most} {unit} 之间,而不是“{value}”,请核对")
                    .with("label", it.label)
                    .with("least", it.limit(it.least))
                    .with("most", it.limit(it.most))
                    .with("unit", it.unit)
                    .with("value", text);
                errors.push(FieldError { field: it.name.to_string(), said });
            }
        }
        let pressure = values.get("systolic").zip(values.get("diastolic"));
        if pressure.is_some_and(|(systolic, diastolic)| systolic <= diastolic) {
            errors.push(FieldError {
                field: "diastolic".into(), said: Said::new("舒张压应低于收缩压,请核对")
            });
        }
        let half = values.get("systolic").is_some() != values.get("diastolic").is_some();
        if half && errors.is_empty() {
            let missing = if values.get("systolic").is_some() { "diastolic" } else { "systolic" };
            errors.push(FieldError {
                field: missing.into(), said: Said::new("血压请填写收缩压和舒张压两个数")
            });
        }
        if errors.is_empty() { Ok(values) } else { Err(Error::Invalid(errors)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Result<Values> {
        Values::from_input(&Input::from_pairs(pairs.iter().map(|it| (it.0.to_string(), it.1.to_string()))))
    }

    #[test]
    fn a_number_beyond_its_plausible_limits_is_refused_with_its_field() {
        assert_eq!(typed(&[("systolic", "280"), ("diastolic", "30")]).unwrap().get("systolic"), Some(280));
        for wrong in [
            [("systolic", "281"), ("diastolic", "80")],
            [("systolic", "59"), ("diastolic", "30")],
            [("systolic", "120"), ("diastolic", "120")],
            [("systolic", "120"), ("diastolic", "")],
            [("fasting", "40.1"), ("glucose", "")],
            [("fasting", "0.9"), ("glucose", "")],
            [("fasting", "6.05"), ("glucose", "")],
            [("systolic", "12O"), ("diastolic", "80")],
        ] {
            assert!(matches!(typed(&wrong), Err(Error::Invalid(_))), "{wrong:?}");
        }
    }

    #[test]
    fn what_another_module_measured_is_rounded_to_our_decimals_within_our_limits() {
        let read = |name: &str, text: &str| named(name).unwrap().read(text);
        assert_eq!([read("fasting", "6.14"), read("fasting", "6.15")], [Some(61), Some(62)]);
        assert_eq!([read("systolic", "131"), read("systolic", "131.4")], [Some(131), Some(131)]);
        assert_eq!([read("systolic", "13"), read("systolic", "NaN"), read("systolic", "高")], [None; 3]);
    }

    #[test]
    fn full_width_digits_are_read_and_a_missing_number_stays_missing() {
        let values = typed(&[("fasting", "６.８"), ("weight", "60"), ("height", "160")]).unwrap();
        assert_eq!((values.get("fasting"), values.get("glucose")), (Some(68), None));
        assert_eq!(values.body_mass(), Some(Tenths::new(234)));
        assert_eq!((values.text("fasting"), values.text("glucose")), ("6.8".into(), String::new()));
    }
}
