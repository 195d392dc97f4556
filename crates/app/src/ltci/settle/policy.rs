//! The policy values that a month rests on, kept with it so that any line can be explained later, and what of them is
//! otherwise when it is settled again.

use std::collections::BTreeSet;

use kit::{App, Result};
use rules::{base::Date, policy::Because};
use serde::Serialize;
use serde_json::{Value, json};

/// Each value with its document and the days of the month on which it held, as JSON.
pub fn of_month(app: &App, region: &str, first: Date, last: Date) -> Result<String> {
    let mut used: Vec<(Because, Date, Date)> = Vec::new();
    for nth in 0..=first.days_until(last) {
        let day = first.add_days(nth);
        for it in on(app, region, day) {
            let same = used
                .iter_mut()
                .rev()
                .find(|(one, ..)| (one.param, one.from, one.region) == (it.param, it.from, it.region));
            match same {
                Some(one) => one.2 = day,
                None => used.push((it, day, day)),
            }
        }
    }
    let all: Vec<Value> = used
        .into_iter()
        .map(|(it, first, last)| {
            let mut value = serde_json::to_value(&it)?;
            value["first_day"] = json!(first.to_string());
            value["last_day"] = json!(last.to_string());
            Ok(value)
        })
        .collect::<Result<_>>()?;
    Ok(serde_json::to_string(&all)?)
}

fn on(app: &App, region: &str, day: Date) -> Vec<Because> {
    let policy = app.policy_in(region, day);
    // What is not laid down leaves no reason.
    let _ = policy.read(|it| &it.ltci.benefits);
    let _ = policy.read(|it| &it.ltci.services);
    let _ = policy.read(|it| &it.ltci.bonuses);
    let _ = policy.read(|it| &it.ltci.deductible);
    let _ = policy.read(|it| &it.ltci.base);
    policy.because()
}

/// A parameter of which two runs of a month rest on other values.
#[derive(Debug, Serialize)]
pub struct Moved {
    pub param: String,
    /// As [`of_month`] keeps them.
    pub before: Vec<Value>,
    pub after: Vec<Value>,
}

/// What differs between what two runs rest on.
pub fn moved(before: &str, after: &str) -> Result<Vec<Moved>> {
    let (before, after): (Vec<Value>, Vec<Value>) = (serde_json::from_str(before)?, serde_json::from_str(after)?);
    let params: BTreeSet<&str> = before.iter().chain(&after).filter_map(|it| it["param"].as_str()).collect();
    let of = |all: &[Value], param: &str| all.iter().filter(|it| it["param"] == param).cloned().collect::<Vec<_>>();
    let all =
        params.into_iter().map(|it| Moved { param: it.to_string(), before: of(&before, it), after: of(&after, it) });
    Ok(all.filter(|it| it.before != it.after).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_rests_on_another_value_or_other_days_is_otherwise() {
        let value =
            |param: &str, from: &str, last: &str| json!({"param": param, "from": from, "value": 1, "last_day": last});
        let all = |values: &[Value]| serde_json::to_string(values).unwrap();
        let before =
            all(&[value("服务项目", "2018-01-01", "2026-09-30"), value("待遇标准", "2020-09-01", "2026-09-30")]);
        assert!(moved(&before, &before).unwrap().is_empty());
        let now = [
            value("服务项目", "2018-01-01", "2026-09-30"),
            value("待遇标准", "2020-09-01", "2026-09-14"),
            value("待遇标准", "2026-09-15", "2026-09-30"),
        ];
        let moved = moved(&before, &all(&now)).unwrap();
        assert_eq!((moved.len(), &*moved[0].param), (1, "待遇标准"));
        assert_eq!((moved[0].before.len(), moved[0].after.len()), (1, 2));
    }
}
