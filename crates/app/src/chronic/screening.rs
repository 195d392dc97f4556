//! Who is to be measured: what was measured of a person, and from it the day of the next pressure and glucose.

use std::collections::HashMap;

use kit::{
    Ask, Error, Id, Result, Tx,
    db::Row,
    form::{self, Field, Input, Kind, Options, field},
};
use rules::{
    base::{Date, Sex},
    chronic::{self, Disease as Followed, Measured},
};

use super::{
    care, disease,
    measure::{self, Values},
    visit::{self, Visit},
};
use crate::{
    elders::{self, Elder, Key, People, Records, Report},
    healthcheck,
};

pub const FIELDS: &[Field] = &[
    field("day", "测量日期", Kind::Date).help("不填时为今天。"),
    field("systolic", "收缩压", Kind::Text(6)).help("mmHg"),
    field("diastolic", "舒张压", Kind::Text(6)).help("mmHg"),
    field("fasting", "空腹血糖", Kind::Text(6)).help("mmol/L"),
    field("height", "身高", Kind::Text(6)).help("厘米"),
    field("weight", "体重", Kind::Text(6)).help("公斤"),
    field("waist", "腰围", Kind::Text(6)).help("厘米"),
    field("family", "父母兄弟姐妹患高血压或糖尿病", Kind::Check),
    field("drinks", "长期过量饮酒", Kind::Check),
];

/// One measurement outside of visits.
#[derive(Debug, Clone)]
pub struct Taken {
    pub day: Date,
    pub values: Values,
    pub family: Option<bool>,
    pub drinks: Option<bool>,
    pub who: String,
}

/// The newest measurements of a person.
pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Taken>> {
    let records = Records::of(tx, key)?;
    let sql = format!(
        "select day, systolic, diastolic, fasting, height, weight, waist, family, drinks, who from chronic_measure
          where region = $1 and elder in ({}) order by day desc, id desc limit 50",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&key.region]), |row| {
        Ok(Taken { day: row.get(0)?, values: values(row)?, family: row.get(7)?, drinks: row.get(8)?, who: row.get(9)? })
    })
}

/// What was measured, of each of some people, the newest first.
pub fn measured_of_people(tx: &Tx<'_>, people: &People) -> Result<HashMap<Id, Vec<(Date, Values)>>> {
    let sql = format!(
        "select day, systolic, diastolic, fasting, height, weight, waist, elder from chronic_measure
          where region = $1 and elder in ({}) order by day desc, id desc",
        people.listed()
    );
    people.rows(tx, &sql, |row| Ok((row.get(0)?, values(row)?)))
}

/// The numbers of a row from its second column on.
fn values(row: &Row<'_>) -> Result<Values> {
    let mut values = Values::default();
    for (at, name) in ["systolic", "diastolic", "fasting", "height", "weight", "waist"].into_iter().enumerate() {
        values.set(name, row.get(1 + at)?);
    }
    Ok(values)
}

/// Takes a measurement in.
///
/// # Errors
/// `Invalid` where nothing was measured, or on a day to come.
pub fn add(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input) -> Result<Id> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let values = Values::from_input(input)?;
    if values == Values::default() {
        return Err(Error::invalid("systolic", "请至少填写一项测量值"));
    }
    let day = checked.date("day").unwrap_or(ask.today());
    if ask.today() < day {
        return Err(Error::invalid("day", "“测量日期”不能晚于今天"));
    }
    let id = put(tx, ask, elder, day, &values, Some(checked.on("family")), Some(checked.on("drinks")), "screening")?;
    let mut numbers = Vec::new();
    if values.get("systolic").is_some() {
        numbers.push(format!("{}/{} mmHg", values.text("systolic"), values.text("diastolic")));
    }
    if values.get("fasting").is_some() {
        numbers.push(format!("{} mmol/L", values.text("fasting")));
    }
    let report =
        Report::new("chronic", "慢病筛查 {numbers}").with("numbers", numbers.join(" · ")).link(care::link(&elder.key));
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &serde_json::json!({"measured": id}).to_string())?;
    renew(tx, ask, elder, &visit::standing(tx, &elder.key)?)?;
    Ok(id)
}

/// Keeps what was measured on another occasion, such as a visit; of family and drink it says nothing. Gives nothing where nothing
/// was measured that this record keeps.
///
/// # Errors
/// `Invalid` for numbers that cannot be.
pub fn keep(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date, input: &Input, source: &str) -> Result<Option<Id>> {
    let values = Values::from_input(input)?;
    if ["systolic", "fasting", "height", "weight", "waist"].iter().all(|name| values.get(name).is_none()) {
        return Ok(None);
    }
    let id = put(tx, ask, elder, day, &values, None, None, source)?;
    renew(tx, ask, elder, &visit::standing(tx, &elder.key)?)?;
    Ok(Some(id))
}

/// What was measured turned out not to be this person's, or not measured at all.
pub fn take_back(tx: &Tx<'_>, ask: &Ask, elder: &Elder, id: Id) -> Result<()> {
    tx.run("delete from chronic_measure where region = $1 and id = $2", &[&elder.key.region, &id])?;
    elders::note(tx, ask, "change", elder, &serde_json::json!({"measured taken back": id}).to_string())?;
    renew(tx, ask, elder, &visit::standing(tx, &elder.key)?)
}

#[allow(clippy::too_many_arguments, reason = "one row, written once")]
pub fn put(
    tx: &Tx<'_>,
    ask: &Ask,
    elder: &Elder,
    day: Date,
    values: &Values,
    family: Option<bool>,
    drinks: Option<bool>,
    source: &str,
) -> Result<Id> {
    let id = ask.new_id();
    tx.run(
        "insert into chronic_measure (region, id, elder, day, systolic, diastolic, fasting, height, weight, waist, family,
                                      drinks, source, account, who)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &[
            &elder.key.region,
            &id,
            &elder.key.id,
            &day.to_string(),
            &values.get("systolic"),
            &values.get("diastolic"),
            &values.get("fasting"),
            &values.get("height"),
            &values.get("weight"),
            &values.get("waist"),
            &family,
            &drinks,
            &source,
            &ask.who.account,
            &ask.who.name,
        ],
    )?;
    Ok(id)
}

/// Our numbers and the fields of a yearly check that measure the same.
const OF_CHECK: &[(&str, &str)] = &[
    ("systolic", "sbp"),
    ("diastolic", "dbp"),
    ("fasting", "glucose"),
    ("height", "height"),
    ("weight", "weight"),
    ("waist", "waist"),
];

/// What the newest yearly check measured.
fn of_check(tx: &Tx<'_>, key: &Key) -> Result<Option<(Date, Values)>> {
    let Some(check) = healthcheck::latest(tx, key)? else { return Ok(None) };
    let mut values = Values::default();
    for (ours, theirs) in OF_CHECK {
        let read = |text: &String| measure::named(ours)?.read(text);
        values.set(ours, check.values.get(*theirs).and_then(read));
    }
    Ok(Some((check.day, values)))
}

/// What is known of a person for the rules: the newest of each number, from measurements, visits and yearly checks alike.
fn facts(tx: &Tx<'_>, elder: &Elder, visits: &[Visit]) -> Result<Measured> {
    let key = &elder.key;
    let taken = of(tx, key)?;
    let mut all: Vec<(Date, Values)> = taken.iter().map(|it| (it.day, it.values)).collect();
    all.extend(visits.iter().map(|it| (it.day, it.values)));
    all.extend(of_check(tx, key)?);
    all.sort_by_key(|it| std::cmp::Reverse(it.0));
    let newest = |name: &str| all.iter().find(|it| it.1.get(name).is_some());
    let has = |kind: Followed, all: &[disease::Disease]| {
        all.iter().any(|it| it.ended.is_none() && it.followed() == Some(kind)).into()
    };
    let diseases = disease::of(tx, key)?;
    let pressure = newest("systolic");
    let mut body = Values::default();
    body.set("height", newest("height").and_then(|it| it.1.get("height")));
    body.set("weight", newest("weight").and_then(|it| it.1.get("weight")));
    Ok(Measured {
        born: Some(elder.birth.day),
        sex: match &*elder.sex {
            "male" => Some(Sex::Male),
            "female" => Some(Sex::Female),
            _ => None,
        },
        pressure_day: pressure.map(|it| it.0),
        systolic: pressure.and_then(|it| it.1.small("systolic")),
        diastolic: pressure.and_then(|it| it.1.small("diastolic")),
        glucose_day: newest("fasting").map(|it| it.0),
        fasting: newest("fasting").and_then(|it| it.1.tenths("fasting")),
        body_mass: body.body_mass(),
        waist: newest("waist").and_then(|it| it.1.tenths("waist")),
        family: taken.iter().find_map(|it| it.family).map(Into::into),
        drinks: taken.iter().find_map(|it| it.drinks).map(Into::into),
        has_hypertension: Some(has(Followed::Hypertension, &diseases)),
        has_diabetes: Some(has(Followed::Diabetes, &diseases)),
    })
}

/// Keeps anew what a person should have measured, after the newest visits that stand. Who was never measured has no row:
/// the list finds them by that.
pub fn renew(tx: &Tx<'_>, ask: &Ask, elder: &Elder, visits: &[Visit]) -> Result<()> {
    let key = &elder.key;
    tx.run("delete from chronic_screening where region = $1 and elder = $2", &[&key.region, &key.id])?;
    if !elder.is_living() {
        return Ok(());
    }
    let facts = facts(tx, elder, visits)?;
    let policy = ask.app.policy_in(&key.region, ask.today());
    // Without a policy nobody is asked to be measured.
    let Ok(all) = chronic::advice(&facts, &policy) else { return Ok(()) };
    for it in all {
        let (last_day, last_value) = match it.kind {
            chronic::Kind::Pressure => {
                let value = facts.systolic.zip(facts.diastolic).map(|(a, b)| format!("{a}/{b} mmHg"));
                (facts.pressure_day, value)
            }
            chronic::Kind::Glucose => (facts.glucose_day, facts.fasting.map(|it| format!("{it} mmol/L"))),
        };
        if it.kind == chronic::Kind::Pressure && last_day.is_none() {
            continue;
        }
        let zh: Vec<&str> = it.reasons.iter().map(|it| &*it.zh).collect();
        let en: Vec<&str> = it.reasons.iter().map(|it| &*it.en).collect();
        let reasons = serde_json::json!({"zh": zh.join("；"), "en": en.join("; ")}).to_string();
        tx.run(
            "insert into chronic_screening (region, elder, kind, id, day, cause, reasons, last_day, last_value)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                &key.region,
                &key.id,
                &it.kind.word(),
                &ask.new_id(),
                &it.day.to_string(),
                &it.cause.word(),
                &reasons,
                &last_day.map(|it| it.to_string()).unwrap_or_default(),
                &last_value.unwrap_or_default(),
            ],
        )?;
    }
    Ok(())
}
