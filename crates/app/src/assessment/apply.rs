//! How an assessment begins: applied for, or, with the simple scales, begun at once.

use kit::{Ask, Error, Refusal, Result, Said, Tx, clock::stamp};
use rules::{
    assessment::{Facts, Instrument},
    assessment_course::{self, Event, State, Term, deadline},
    base::Date,
};
use serde_json::json;

use super::{
    answers::Given,
    course,
    record::{self, Assessment, Assessor, Programme, word_of},
    result::{Outcome, score_of},
    sources,
};
use crate::elders::{self, Elder, Key, Report};

/// The form by which people rate themselves before they apply.
pub const SELF_RATING: &str = "ltc-self-rating";

/// What somebody applies for.
#[derive(Debug, Clone, Default)]
pub struct Application {
    pub programme: Option<Programme>,
    /// For a scale: which.
    pub instrument: String,
    /// A word of `words::REASONS`; chosen by what went before where it is left out.
    pub reason: Option<String>,
    pub applicant: String,
    pub applicant_name: String,
    pub disabled_since: Option<Date>,
    pub site: String,
    pub informant: String,
    pub remark: String,
}

/// The instrument a programme uses here today.
pub fn instrument_of<'a>(ask: &'a Ask, region: &str, programme: Programme, chosen: &str) -> Result<&'a Instrument> {
    let library = &ask.app.policy;
    let policy = ask.app.policy_in(region, ask.today());
    let by_policy = match programme {
        Programme::Ltci => Some(assessment_course::Programme::LtciDisability),
        Programme::Ability => Some(assessment_course::Programme::ElderAbility),
        Programme::PublicHealth | Programme::Scale => None,
    };
    let id = match by_policy {
        Some(it) => sources::needed(assessment_course::default_instrument(it, &policy))?.as_str(),
        None => chosen,
    };
    let found = library.instrument(id);
    found.ok_or_else(|| Error::invalid("kind", Said::new("没有编号为“{value}”的量表").with("value", id)))
}

/// The instruments of the yearly public-health checks here.
pub fn public_health(ask: &Ask, region: &str) -> Vec<String> {
    let policy = ask.app.policy_in(region, ask.today());
    [assessment_course::Programme::SelfCare, assessment_course::Programme::TcmConstitution]
        .into_iter()
        .filter_map(|it| assessment_course::default_instrument(it, &policy).ok())
        .map(|it| it.as_str().to_string())
        .collect()
}

/// Writes an application down as a draft; a simple scale is open for answers at once.
///
/// # Errors
/// `Refused` where one is under way already, and for a change too soon after the last conclusion.
pub fn create(tx: &Tx<'_>, ask: &Ask, elder: &Elder, application: &Application) -> Result<Assessment> {
    let programme = application.programme.ok_or_else(|| Error::invalid("kind", "请选择评估项目"))?;
    let instrument = instrument_of(ask, &elder.key.region, programme, &application.instrument)?;
    let earlier: Vec<Assessment> = record::of_elder(tx, &elder.key)?
        .into_iter()
        .filter(|it| it.programme == programme && (programme.is_formal() || it.instrument == instrument.id))
        .collect();
    let reason = reason(ask, programme, application, &earlier)?;
    if programme.is_formal()
        && let Some(open) = earlier.iter().find(|it| it.is_under_way())
    {
        let said = Said::new("已有办理中的{programme}").with("programme", ask.t(title_of(programme)));
        return Err(Error::Refused(Refusal { code: "under_way", why: said, source: None, link: Some(open.link()) }));
    }
    let mut it = blank(ask, elder, programme, instrument);
    it.reason = reason;
    it.applicant.clone_from(&application.applicant);
    it.applicant_name.clone_from(&application.applicant_name);
    it.disabled_since = application.disabled_since.map(|it| it.to_string());
    it.site.clone_from(&application.site);
    it.informant.clone_from(&application.informant);
    it.remark.clone_from(&application.remark);
    if !programme.is_formal() {
        it.assessors[0] =
            Assessor { account: Some(ask.who.account), name: ask.who.name.clone(), ..Assessor::default() };
    }
    insert(tx, &it)?;
    if programme.is_formal() {
        course::remark(tx, ask, &it, "登记申请", "")?;
    } else {
        let begun = [Event::Submit, Event::TakeUp, Event::AcceptMaterials, Event::Dispatch];
        course::advance(tx, ask, &mut it, &begun, "")?;
    }
    record::note(
        tx,
        ask,
        "create",
        &it,
        elder,
        &json!({"instrument": it.instrument, "reason": it.reason}).to_string(),
    )?;
    Ok(it)
}

/// A new record of today that nobody has worked on.
pub fn blank(ask: &Ask, elder: &Elder, programme: Programme, instrument: &Instrument) -> Assessment {
    Assessment {
        key: Key { region: elder.key.region.clone(), id: ask.new_id() },
        elder: elder.key.id,
        provider: elder.organisation,
        programme,
        instrument: instrument.id.clone(),
        edition: instrument.edition.clone(),
        digest: instrument.digest().to_string(),
        reason: String::new(),
        state: State::Draft,
        applicant: "self".into(),
        applicant_name: String::new(),
        disabled_since: None,
        site: "home".into(),
        informant: String::new(),
        remark: String::new(),
        self_rating: None,
        applied: stamp(ask.now),
        accepted: None,
        due_day: None,
        planned_day: None,
        planned_time: String::new(),
        assessors: Default::default(),
        started: None,
        ended: None,
        facts: "{}".into(),
        answers: None,
        result: None,
        level: String::new(),
        level_name: String::new(),
        total: String::new(),
        reviewer: None,
        reviewer_name: String::new(),
        concluded: None,
        because: "[]".into(),
        notice_from: None,
        notice_until: None,
        objection_until: None,
        valid_from: None,
        valid_until: None,
        supersedes: None,
        superseded_by: None,
        tier: None,
    }
}

pub fn insert(tx: &Tx<'_>, it: &Assessment) -> Result<()> {
    tx.run(
        "insert into assessment (region, id, elder, provider, programme, instrument, edition, digest, reason, state,
                                 applicant, applicant_name, disabled_since, site, informant, remark, applied, planned_time,
                                 assessor_1, assessor_1_name, assessor_2_name, facts, level, level_name, total,
                                 reviewer_name, because, supersedes)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, '', $18, $19, '', $20, '', '',
                 '', '', '[]', $21)",
        &[
            &it.key.region,
            &it.key.id,
            &it.elder,
            &it.provider,
            &it.programme.word(),
            &it.instrument,
            &it.edition,
            &it.digest,
            &it.reason,
            &word_of(it.state),
            &it.applicant,
            &it.applicant_name,
            &it.disabled_since,
            &it.site,
            &it.informant,
            &it.remark,
            &it.applied,
            &it.assessors[0].account,
            &it.assessors[0].name,
            &it.facts,
            &it.supersedes,
        ],
    )?;
    Ok(())
}

/// The reason asked for, if it fits what went before; without one, first or regular.
fn reason(ask: &Ask, programme: Programme, application: &Application, earlier: &[Assessment]) -> Result<String> {
    let concluded: Vec<&Assessment> = earlier.iter().filter(|it| it.concluded.is_some()).collect();
    let usual = if concluded.is_empty() { "first" } else { "regular" };
    let Some(asked) = application.reason.as_deref() else { return Ok(usual.to_string()) };
    match asked {
        "first" if !concluded.is_empty() => {
            Err(Error::invalid("reason", "这位老人做过这项评估,原因请选常规评估或状态变更"))
        }
        "change" if concluded.is_empty() => Err(Error::invalid("reason", "还没有评估结论,原因请选首次评估")),
        "change" if programme.is_formal() => {
            let last = concluded.iter().filter_map(|it| it.concluded).max();
            check_change(ask, &concluded[0].key.region, last)?;
            Ok(asked.to_string())
        }
        "first" | "regular" | "review" | "change" => Ok(asked.to_string()),
        _ => Err(Error::invalid("reason", Said::new("“评估原因”没有“{value}”这一项").with("value", asked))),
    }
}

/// A change of state is assessed anew only some months after the last conclusion.
///
/// 依据: 医保发〔2023〕29号 状态变更重新评估
fn check_change(ask: &Ask, region: &str, last: Option<Date>) -> Result<()> {
    let Some(last) = last else { return Ok(()) };
    let policy = ask.app.policy_in(region, ask.today());
    let from = sources::needed(deadline(Term::ReassessmentFrom, last, &policy))?.day;
    if from <= ask.today() {
        return Ok(());
    }
    let said = Said::new("上次结论作出于 {last},{day} 起才能因状态变更重新评估").with("last", last).with("day", from);
    let because = policy.because();
    Err(sources::refused_by(ask, "change_too_soon", said, because.last()))
}

/// The title of a programme in Chinese.
pub fn title_of(programme: Programme) -> &'static str {
    super::words::PROGRAMMES.iter().find(|it| it.0 == programme.word()).map_or("", |it| it.1)
}

/// Whether people here rate themselves before they apply for the LTCI assessment.
pub fn needs_self_rating(ask: &Ask, it: &Assessment) -> bool {
    let policy = it.policy(&ask.app, ask.today());
    it.programme == Programme::Ltci && policy.read(|it| &it.assessment.self_rating).is_ok_and(|it| it.is_yes())
}

/// Keeps the self-rating with the application.
pub fn rate_oneself(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, given: &Given) -> Result<Outcome> {
    if !matches!(it.state, State::Draft | State::Returned) {
        return Err(Error::refused("submitted_already", "申请已提交,自评不能再改"));
    }
    let form = ask.app.policy.instrument(SELF_RATING).ok_or(Error::NotFound)?;
    let outcome = score_of(form, given, &Facts::default())?;
    let kept = json!({"edition": form.edition, "answers": given, "result": outcome}).to_string();
    tx.run(
        "update assessment set self_rating = $3 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &kept],
    )?;
    it.self_rating = Some(kept);
    Ok(outcome)
}

/// What came of the self-rating.
pub fn self_rating(it: &Assessment) -> Result<Option<Outcome>> {
    let Some(kept) = &it.self_rating else { return Ok(None) };
    let mut kept: serde_json::Value = serde_json::from_str(kept)?;
    Ok(Some(serde_json::from_value(kept["result"].take())?))
}

/// Hands the application in.
///
/// # Errors
/// `Refused` where people here rate themselves first, and the rating is missing or says no.
pub fn submit(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder) -> Result<()> {
    if needs_self_rating(ask, it) {
        let form = ask.app.policy.instrument(SELF_RATING).ok_or(Error::NotFound)?;
        let refused = |code, why| sources::refused(ask, code, why, form.basis.document(), form.basis.clause());
        match self_rating(it)? {
            None => return Err(refused("self_rating_missing", Said::new("本地要求先填自评表,请先自评再提交"))),
            Some(outcome) if outcome.results.get("可以申请评估").is_none_or(|it| it != "是") => {
                let class = outcome.level.map(|it| it.name).unwrap_or_default();
                let why = Said::new("自评结果为{class},E、F、G 类才可以申请评估").with("class", class);
                return Err(refused("self_rating_gate", why));
            }
            Some(_) => {}
        }
    }
    course::advance(tx, ask, it, &[Event::Submit], "")?;
    tx.run(
        "update assessment set applied = $3 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &stamp(ask.now)],
    )?;
    let report = Report::new("assessment", "申请{programme}").with("programme", title_of(it.programme)).link(it.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    record::note(tx, ask, "change", it, elder, "submit")
}
