//! How a check goes: begun, filled in by the team, finished by a doctor; and what its values come to each time they change.

use std::collections::BTreeMap;

use kit::{App, Ask, Error, Refusal, Result, Said, Tx, clock::stamp, error::FieldError, events};
use rules::{
    assessment::{Facts, Instrument},
    base::Date,
    healthcheck::{Form, OfSex, Values},
};
use serde_json::json;

use super::{
    FINISHED, calls, due, marks,
    record::{self, Check, SelfCare},
    values,
};
use crate::{
    assessment,
    elders::{self, Elder, Key, Report, Tone},
};

/// Begins this year's check of a living elder of the age, or goes on with it.
///
/// # Errors
/// `Refused` before the age, and for who died or moved.
pub fn begin(tx: &Tx<'_>, ask: &Ask, elder: &Key, day: Date) -> Result<Check> {
    let elder = elders::find_living(tx, &ask.who.scope, elder)?;
    let policy = ask.app.policy_in(&elder.key.region, day);
    let age = *policy.read(|it| &it.healthcheck.from_age).map_err(|it| Error::refused("no_policy", it.text()))?;
    // The year in which somebody reaches the age is the first.
    if day.year() < elder.birth.day.add_years(i32::from(age)).year() {
        let why = Said::new("年满 {age} 周岁的当年起才有老年人健康体检").with("age", age);
        let document = policy.because().into_iter().find_map(|it| it.document);
        return Err(Error::Refused(Refusal { code: "too_young", why, source: document, link: None }));
    }
    let (mut check, is_new) = record::of_year(tx, ask, &elder, day)?;
    if is_new {
        settle(tx, ask, &mut check, &elder)?;
        let report = Report::new("healthcheck", "开始 {year} 年度健康体检").with("year", check.year).link(check.link());
        elders::report(tx, ask.now, &elder.key, &report)?;
    }
    Ok(check)
}

/// Keeps fields of a check; what does not fit comes back, the rest is kept. Gives the fields kept.
pub fn save(
    tx: &Tx<'_>,
    ask: &Ask,
    check: &mut Check,
    elder: &Elder,
    changes: &[(String, String)],
    source: Option<&str>,
) -> Result<(Vec<String>, Vec<FieldError>)> {
    if !elder.is_living() {
        return Err(Error::refused("elder_gone", "老人已不在册,体检内容不能再改"));
    }
    let (saved, wrong) = values::save(tx, ask, check, changes, source)?;
    if !saved.is_empty() {
        let was_urgent = check.is_urgent;
        settle(tx, ask, check, elder)?;
        if check.is_urgent && !was_urgent {
            tell_urgent(tx, ask, check, elder)?;
        }
        let detail = json!({"fields": saved, "source": source}).to_string();
        record::note(tx, ask, "change", check, elder, &detail)?;
    }
    Ok((saved, wrong))
}

/// What cannot wait for the end of the check stands in the record at once.
fn tell_urgent(tx: &Tx<'_>, ask: &Ask, check: &Check, elder: &Elder) -> Result<()> {
    let urgent = check.found.iter().filter(|it| it.level == rules::healthcheck::Level::Urgent);
    let words: Vec<&str> = urgent.map(|it| &*it.doctor.zh).collect();
    let report = Report::new("healthcheck", "体检发现危急情况:{what}")
        .with("what", words.join(";"))
        .link(check.link())
        .tone(Tone::Bad);
    elders::report(tx, ask.now, &elder.key, &report)
}

/// Finds out anew what is missing and what was found, and lets everything follow that depends on it.
pub fn settle(tx: &Tx<'_>, ask: &Ask, check: &mut Check, elder: &Elder) -> Result<()> {
    judge(tx, ask, check, elder)?;
    record::store(tx, check)?;
    marks::keep(tx, &ask.app, &elder.key)
}

/// What is missing and what was found, from what is kept of the check.
pub fn judge(tx: &Tx<'_>, ask: &Ask, check: &mut Check, elder: &Elder) -> Result<()> {
    let sections = values::sections(tx, &check.key)?;
    judge_by(ask, check, elder, &sections)
}

/// As [`judge`], by sections at hand.
pub fn judge_by(ask: &Ask, check: &mut Check, elder: &Elder, sections: &BTreeMap<String, values::Kept>) -> Result<()> {
    let policy = check.policy(ask);
    let form = Form::of(&policy).map_err(|it| Error::refused("no_policy", it.text()))?;
    let fields = values::joined(sections);
    check.self_care = self_care(values::scale(ask, check)?, &values::answers(sections))?;
    check.missing = form.missing(&fields, check.self_care.is_some());
    check.complete = check.missing.parts.is_empty();
    check.counts = check.missing.counting.is_empty();
    let mut found = form.judge(&fields, OfSex::of_word(&elder.sex));
    if let Some(it) = &check.self_care {
        found.extend(form.self_care_found(&it.level, &it.level_en, it.dependent));
    }
    check.set_found(found);
    Ok(())
}

/// The scale's result, once every item is answered.
fn self_care(scale: &Instrument, answers: &Values) -> Result<Option<SelfCare>> {
    if scale.items.iter().any(|it| !answers.contains_key(&it.id)) {
        return Ok(None);
    }
    let answers: BTreeMap<String, String> = answers.clone();
    let outcome = assessment::score_of(scale, &answers, &Facts::default())?;
    let Some(level) = &outcome.level else { return Ok(None) };
    let best = outcome.bands.get("total").is_some_and(|it| *it == 0);
    Ok(Some(SelfCare {
        instrument: scale.id.clone(),
        edition: scale.edition.clone(),
        digest: scale.digest().to_string(),
        total: outcome.total(scale),
        level: level.name.clone(),
        level_en: level.name_en.clone(),
        dependent: !best,
    }))
}

/// Finishes the check: the doctor signs for it, the elder's record says it, the next one is due.
///
/// # Errors
/// `Invalid` where parts are missing and no reason is given; `Refused` where it is finished already.
pub fn finish(tx: &Tx<'_>, ask: &Ask, check: &mut Check, elder: &Elder, reason: &str) -> Result<()> {
    if check.is_finished {
        return Err(Error::refused("finished_already", "这次体检已经完成"));
    }
    if !elder.is_living() {
        return Err(Error::refused("elder_gone", "老人已不在册,体检内容不能再改"));
    }
    settle(tx, ask, check, elder)?;
    if !check.complete && reason.is_empty() {
        let said = Said::new("还缺:{parts}。请补上,或写明没做的原因").with("parts", check.missing.parts.join("、"));
        return Err(Error::invalid("reason", said));
    }
    check.note = reason.chars().take(200).collect();
    close(tx, ask, check, elder, &ask.who.name)?;
    let detail = json!({"finished": true, "complete": check.complete, "reason": check.note}).to_string();
    record::note(tx, ask, "change", check, elder, &detail)
}

/// The doctor signs for the check.
pub fn sign(ask: &Ask, check: &mut Check, doctor: &str) {
    check.is_finished = true;
    check.doctor = doctor.to_string();
    check.finished = Some(stamp(ask.now));
}

/// What the elder's record says of a finished check.
pub fn closed(check: &Check) -> Report {
    let (said, tone) = match (check.found.len(), check.is_urgent) {
        (0, _) => ("{year} 年度健康体检完成,未见异常", Tone::Ok),
        (_, true) => ("{year} 年度健康体检完成,{n} 项异常,有危急情况", Tone::Bad),
        (_, false) => ("{year} 年度健康体检完成,{n} 项异常", Tone::Warn),
    };
    Report::new("healthcheck", said).with("year", check.year).with("n", check.found.len()).link(check.link()).tone(tone)
}

/// The doctor finishes the check, and everything follows from it.
fn close(tx: &Tx<'_>, ask: &Ask, check: &mut Check, elder: &Elder, doctor: &str) -> Result<()> {
    sign(ask, check, doctor);
    record::store(tx, check)?;
    elders::report(tx, ask.now, &elder.key, &closed(check))?;
    follow(tx, &ask.app, elder)?;
    tell(tx, ask, check, elder)
}

/// What the checks of an elder come to is kept, nobody calls them any more, and the next one is due.
pub fn follow(tx: &Tx<'_>, app: &App, elder: &Elder) -> Result<()> {
    marks::keep(tx, app, &elder.key)?;
    calls::close(tx, &elder.key)?;
    due::set(tx, app, elder)
}

/// Those who count checks hear that one is finished.
pub fn tell(tx: &Tx<'_>, ask: &Ask, check: &Check, elder: &Elder) -> Result<()> {
    let items: Vec<&str> = check.found.iter().map(|it| &*it.item).collect();
    let body = json!({"healthcheck": check.key, "elder": elder.key, "day": check.day, "complete": check.complete,
                      "counts": check.counts, "found": items, "urgent": check.is_urgent});
    events::send(tx, &check.key.region, FINISHED, &body, ask.now)?;
    Ok(())
}

/// Takes the finishing back, so that the team can go on.
pub fn reopen(tx: &Tx<'_>, ask: &Ask, check: &mut Check, elder: &Elder, reason: &str) -> Result<()> {
    if !check.is_finished {
        return Err(Error::refused("not_finished", "这次体检还没有完成"));
    }
    check.is_finished = false;
    check.finished = None;
    record::store(tx, check)?;
    settle(tx, ask, check, elder)?;
    due::set(tx, &ask.app, elder)?;
    let report = Report::new("healthcheck", "{year} 年度健康体检退回补充:{reason}")
        .with("year", check.year)
        .with("reason", reason)
        .link(check.link())
        .tone(Tone::Warn);
    elders::report(tx, ask.now, &elder.key, &report)?;
    record::note(tx, ask, "change", check, elder, &json!({"reopened": reason}).to_string())
}
