//! What holds of an institution from day to day: level, mode of integration, departments, services, beds.

use std::collections::BTreeMap;

use kit::{Ask, Error, Result, Said, Tx};
use rules::{base::Date, steps::Steps};

use super::{institution::Institution, today, words};
use crate::elders::Key;

/// Every fact there ever was: kind → its steps.
pub type Facts = BTreeMap<String, Steps<String>>;

pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Facts> {
    let mut rows: BTreeMap<String, Vec<(Date, Option<String>)>> = BTreeMap::new();
    tx.each(
        "select kind, from_day, value from institution_fact
          where region = $1 and institution = $2 order by kind, from_day",
        &[&key.region, &key.id],
        |row| {
            rows.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
            Ok(())
        },
    )?;
    Ok(rows.into_iter().map(|(kind, all)| (kind, Steps::new(all))).collect())
}

/// The value of a fact on a day; empty where nothing holds.
pub fn on<'a>(facts: &'a Facts, kind: &str, day: Date) -> &'a str {
    facts.get(kind).and_then(|it| it.on(day)).map_or("", |it| it)
}

/// The words of a list that hold on a day.
pub fn held(facts: &Facts, list: &[(&'static str, &str)], day: Date) -> Vec<&'static str> {
    list.iter().map(|it| it.0).filter(|word| !on(facts, word, day).is_empty()).collect()
}

/// Beds of a kind on a day.
pub fn beds(facts: &Facts, kind: &str, day: Date) -> i64 {
    on(facts, kind, day).parse().unwrap_or(0)
}

/// Sets what holds from a day on: (kind, value), `None` for what no longer holds. Only what differs is written; gives how
/// much that was.
///
/// # Errors
/// `Invalid` for more nursing beds than elderly-care beds, and for a day before the institution opened.
pub fn set(
    tx: &Tx<'_>,
    ask: &Ask,
    it: &Institution,
    from: Date,
    wanted: &[(&'static str, Option<String>)],
    note: &str,
) -> Result<usize> {
    if it.known.as_ref().is_some_and(|it| from < it.opened) {
        return Err(Error::invalid("from", "起日不能早于开业日"));
    }
    let before = of(tx, &it.key)?;
    let number = |kind: &str| {
        let new = wanted.iter().find(|it| it.0 == kind).map(|it| it.1.clone().unwrap_or_default());
        new.unwrap_or_else(|| on(&before, kind, from).to_string()).parse::<i64>().unwrap_or(0)
    };
    if number("beds_elderly") < number("beds_nursing") {
        let said = Said::new("护理型床位不能多于养老床位({n} 张)").with("n", number("beds_elderly"));
        return Err(Error::invalid("beds_nursing", said));
    }
    let mut said = Vec::new();
    for (kind, value) in wanted {
        let old = on(&before, kind, from);
        if old == value.as_deref().unwrap_or("") {
            continue;
        }
        tx.run(
            "insert into institution_fact (region, institution, kind, from_day, value, note)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (region, institution, kind, from_day) do update set value = excluded.value, note = excluded.note",
            &[&it.key.region, &it.key.id, kind, &from.to_string(), value, &note],
        )?;
        let title = ask.t(words::fact_title(kind));
        said.push(format!("{title}: {} → {}", shown(ask, kind, old), shown(ask, kind, value.as_deref().unwrap_or(""))));
    }
    if !said.is_empty() {
        let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
        let what = ask.f("{day} 起", &[("day", &from)]);
        it.told(tx, ask, "change", &format!("{what} {}{note}", said.join(";")))?;
        today::keep(tx, ask, it)?;
    }
    Ok(said.len())
}

/// A value in words.
pub fn shown(ask: &Ask, kind: &str, value: &str) -> String {
    match (kind, value) {
        (_, "") => ask.t("无").to_string(),
        ("level", it) => ask.t(words::title(words::LEVELS, it)).to_string(),
        ("owner", it) => ask.t(words::title(words::OWNERS, it)).to_string(),
        (_, "yes") => ask.t("有").to_string(),
        (_, number) => number.to_string(),
    }
}
