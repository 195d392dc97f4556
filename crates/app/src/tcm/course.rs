//! From a questionnaire to advice: asked, concluded, decided where types tie, advised.

use std::collections::BTreeMap;

use kit::{Ask, Error, Result, Said, Tx, clock::stamp};
use rules::{
    assessment::Points,
    assessment_course::{Programme, default_instrument},
    contracting::Service,
    healthcheck::Form,
    policy::InForce,
    tcm::{self, Advice, Answers, State, conclude},
};
use serde_json::json;

use super::{
    due, marks,
    record::{self, Record},
};
use crate::{
    assessment::{self, Assessment, Outcome, scale},
    contracting,
    elders::{self, Elder, Key, Report, Tone},
    healthcheck,
};

fn no_policy(it: rules::policy::NoPolicy) -> Error {
    Error::refused("no_policy", it.text())
}

/// The policy of a county today.
pub fn policy<'a>(ask: &'a Ask, region: &str) -> InForce<'a> {
    ask.app.policy_in(region, ask.today())
}

/// Begins the questionnaire of a living elder, or goes on with the one begun here; what the yearly check measured is answered already.
///
/// # Errors
/// `Refused` before the age, and for who died or moved.
pub fn begin(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Assessment> {
    let elder = elders::find_living(tx, &ask.who.scope, key)?;
    let policy = policy(ask, &key.region);
    let age = *policy.read(|it| &it.tcm.from_age).map_err(no_policy)?;
    if ask.today().year() < elder.birth.day.add_years(i32::from(age)).year() {
        let why = Said::new("年满 {age} 周岁的当年起才有老年人中医药健康管理").with("age", age);
        return Err(Error::refused("too_young", why));
    }
    let id = default_instrument(Programme::TcmConstitution, &policy).map_err(no_policy)?;
    let it = scale::begin(tx, ask, &elder, id.as_str())?;
    if scale::given(tx, &it)?.is_empty() {
        for (item, score) in measured(tx, ask, key)? {
            scale::answer(tx, ask, &it, &item, &score)?;
        }
    }
    Ok(it)
}

/// The answers that the newest check's numbers give.
pub fn measured(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<BTreeMap<String, String>> {
    let Some(readings) = healthcheck::latest(tx, key)? else { return Ok(BTreeMap::new()) };
    let policy = policy(ask, &key.region);
    let form = Form::of(&policy).map_err(no_policy)?;
    tcm::anchored(&form.with_computed(&readings.values), &policy).map_err(no_policy)
}

/// Keeps what a finished questionnaire came to; the same one twice is kept once.
///
/// # Errors
/// `Refused` where the questionnaire is not finished.
pub fn take(tx: &Tx<'_>, ask: &Ask, it: &Assessment, elder: &Elder) -> Result<Record> {
    if let Some(known) = record::of_assessment(tx, &it.key)? {
        return Ok(known);
    }
    let outcome = it.result.as_ref().ok_or_else(|| Error::refused("not_finished", "问卷还没有答完"))?;
    let instrument = ask.app.policy.instrument_edition(&it.instrument, &it.edition).ok_or(Error::NotFound)?;
    let concluded = conclude(&answers(outcome), instrument);
    let day = it.concluded.unwrap_or_else(|| ask.today());
    let again_day = match concluded.state {
        State::Nothing => Some(tcm::ask_again(day, &policy(ask, &elder.key.region)).map_err(no_policy)?),
        _ => None,
    };
    let settled = concluded.state == State::Settled;
    let record = Record {
        key: Key { region: elder.key.region.clone(), id: ask.new_id() },
        elder: elder.key.id,
        assessment: it.key.id,
        day,
        state: concluded.state,
        constitution: if settled { concluded.leading.first().cloned().unwrap_or_default() } else { String::new() },
        types: concluded.types,
        leading: concluded.leading,
        decided_by: String::new(),
        reason: String::new(),
        again_day,
        advice: None,
        advice_note: String::new(),
        advised: None,
        doctor: String::new(),
    };
    record::insert(tx, &record, &stamp(ask.now))?;
    follow(tx, ask, elder)?;
    let (said, tone) = match record.state {
        State::Settled => ("中医体质:{types}", Tone::Ok),
        State::Tie => ("中医体质得分并列,待中医师判定:{types}", Tone::Warn),
        State::Contradictory => ("中医体质结果矛盾,待核对:{types}", Tone::Warn),
        State::Nothing => ("中医体质各型均为否,{day} 重新采集", Tone::Warn),
    };
    let report = Report::new("tcm", said)
        .with("types", record.types.join("、"))
        .with("day", record.again_day.map(|it| it.to_string()).unwrap_or_default())
        .link(record.link())
        .tone(tone);
    elders::report(tx, ask.now, &elder.key, &report)?;
    record::note(tx, ask, "create", &record, elder, &json!({"state": record::word_of(record.state)}).to_string())?;
    Ok(record)
}

/// What the rules conclude from.
pub fn answers(outcome: &Outcome) -> Answers {
    let totals = outcome.totals.iter().filter_map(|(id, total)| Some((id.clone(), Points::parse(&total.to_string())?)));
    Answers { results: outcome.results.clone(), totals: totals.collect() }
}

/// A doctor of Chinese medicine says which of the tied types leads.
pub fn decide(tx: &Tx<'_>, ask: &Ask, it: &mut Record, elder: &Elder, which: &str, reason: &str) -> Result<()> {
    if it.state != State::Tie {
        return Err(Error::refused("no_tie", "只有得分并列的结果需要判定"));
    }
    if !it.leading.iter().any(|one| one == which) {
        let said = Said::new("请在并列的体质中选:{types}").with("types", it.leading.join("、"));
        return Err(Error::invalid("constitution", said));
    }
    it.state = State::Settled;
    it.constitution = which.to_string();
    it.decided_by.clone_from(&ask.who.name);
    it.reason = reason.chars().take(200).collect();
    record::store(tx, it)?;
    follow(tx, ask, elder)?;
    let report = Report::new("tcm", "中医师判定体质:{type}").with("type", which).link(it.link()).tone(Tone::Ok);
    elders::report(tx, ask.now, &elder.key, &report)?;
    record::note(tx, ask, "change", it, elder, &json!({"decided": which, "reason": it.reason}).to_string())
}

/// The advice for a type, where the region has it.
pub fn advice<'a>(ask: &'a Ask, region: &str, constitution: &str) -> Result<Option<&'a Advice>> {
    let all = policy(ask, region).read(|it| &it.tcm.advice).map_err(no_policy)?;
    Ok(all.iter().find(|it| it.constitution == constitution))
}

/// Notes that the advice was given; it is kept as it was worded on that day.
///
/// # Errors
/// `Refused` while no type leads, or where it was given already.
pub fn advise(tx: &Tx<'_>, ask: &Ask, it: &mut Record, elder: &Elder, note: &str) -> Result<()> {
    if it.state != State::Settled {
        return Err(Error::refused("not_settled", "还没有判定主要体质,不能给予指导"));
    }
    if it.advised.is_some() {
        return Err(Error::refused("advised_already", "已经给予过指导"));
    }
    let advice = advice(ask, &elder.key.region, &it.constitution)?;
    let advice = advice.ok_or_else(|| Error::refused("no_advice", "政策库里没有这种体质的调护内容"))?;
    it.advice = Some(serde_json::to_string(advice)?);
    it.advice_note = note.chars().take(500).collect();
    it.advised = Some(stamp(ask.now));
    it.doctor.clone_from(&ask.who.name);
    record::store(tx, it)?;
    follow(tx, ask, elder)?;
    let report =
        Report::new("tcm", "中医药保健指导:{type}").with("type", &it.constitution).link(it.link()).tone(Tone::Ok);
    elders::report(tx, ask.now, &elder.key, &report)?;
    record::note(tx, ask, "change", it, elder, &json!({"advised": it.constitution}).to_string())
}

/// Everything that depends on an elder's records.
fn follow(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<()> {
    marks::keep(tx, &ask.app, &elder.key)?;
    due::set(tx, &ask.app, elder)
}

/// A questionnaire that was finished on the page of assessments concludes here as well.
pub fn of_news(tx: &Tx<'_>, ask: &Ask, body: &serde_json::Value) -> Result<()> {
    let key: Key = body["assessment"].as_str().unwrap_or_default().parse()?;
    let (it, elder) = assessment::find(tx, &ask.who.scope, &key)?;
    let id = default_instrument(Programme::TcmConstitution, &policy(ask, &key.region));
    let is_ours = id.is_ok_and(|id| ask.app.policy.instrument(id.as_str()).is_some_and(|one| one.id == it.instrument));
    if is_ours && it.result.is_some() {
        let record = take(tx, ask, &it, &elder)?;
        let source = format!("tcm:{}", record.key);
        let served = contracting::Done {
            service: Service::TcmConstitution,
            day: record.day,
            source: &source,
            who: "",
            note: "",
        };
        contracting::done(tx, &ask.app, &elder.key, &served)?;
    }
    Ok(())
}
