//! Cases of the yearly check: what its values mean, what is missing, how a laboratory's line is read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    base::YesNo,
    healthcheck::{Form, LabReading, Level, Missing, OfSex, Values, read_lab},
    policy::{InForce, NoPolicy},
    tcm,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filled {
    #[serde(rename = "性别", default)]
    sex: Option<OfSex>,
    #[serde(rename = "填写")]
    values: BTreeMap<String, String>,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct ValuesFound {
    #[serde(rename = "发现")]
    items: Vec<String>,
    #[serde(rename = "紧急")]
    urgent: Vec<String>,
    #[serde(rename = "指导")]
    guidance: Vec<String>,
}

pub(super) fn judged(given: &Filled, policy: &InForce<'_>) -> Result<ValuesFound, NoPolicy> {
    let form = Form::of(policy)?;
    let found = form.judge(&given.values, given.sex);
    let guidance = form.suggested(&found).into_iter().map(str::to_owned).collect();
    let urgent = found.iter().filter(|it| it.level == Level::Urgent).map(|it| it.item.clone()).collect();
    Ok(ValuesFound { items: found.into_iter().map(|it| it.item).collect(), urgent, guidance })
}

/// Everything is filled in but these.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Blank {
    #[serde(rename = "未填")]
    items: Vec<String>,
    #[serde(rename = "自理已评", default)]
    self_care: Option<YesNo>,
}

pub(super) fn missing(given: &Blank, policy: &InForce<'_>) -> Result<Missing, NoPolicy> {
    let form = Form::of(policy)?;
    let filled = form.items().filter(|it| !given.items.contains(&it.id));
    let values: Values = filled.map(|it| (it.id.clone(), String::new())).collect();
    Ok(form.missing(&values, given.self_care.is_none_or(YesNo::is_yes)))
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum LabFound {
    Read {
        #[serde(rename = "项目")]
        item: String,
        #[serde(rename = "值")]
        value: String,
    },
    Refused {
        #[serde(rename = "退回")]
        why: String,
    },
}

pub(super) fn read(given: &LabReading, policy: &InForce<'_>) -> Result<LabFound, NoPolicy> {
    let form = Form::of(policy)?;
    Ok(match read_lab(given, &form, policy)? {
        Ok((item, value)) => LabFound::Read { item, value },
        Err(why) => LabFound::Refused { why: why.text(&form).0.zh },
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measured {
    #[serde(rename = "测量")]
    values: Values,
}

#[derive(Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct Scores {
    #[serde(rename = "得分")]
    scores: BTreeMap<String, String>,
}

pub(super) fn anchored(given: &Measured, policy: &InForce<'_>) -> Result<Scores, NoPolicy> {
    tcm::anchored(&given.values, policy).map(|scores| Scores { scores })
}
