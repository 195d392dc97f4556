//! What the office does: check the material, send assessors, review the result, deal with objections.

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    notify::{self, Message},
};
use rules::{
    assessment_course::{Event, State, Term, deadline},
    base::Date,
};
use serde_json::json;

use super::{
    apply, course, effect, people,
    record::{self, Assessment, Assessor, Programme},
    sources, words,
};
use crate::elders::{self, Elder, Report, Tone};

/// When the assessors come.
#[derive(Debug, Clone)]
pub struct Plan {
    pub assessors: [Option<Id>; 2],
    pub day: Date,
    /// `09:30`, or nothing.
    pub time: String,
}

fn with_take_up(it: &Assessment, event: Event) -> Vec<Event> {
    if it.state == State::Submitted { vec![Event::TakeUp, event] } else { vec![event] }
}

/// Takes an application up; from today the time limit runs.
///
/// # Errors
/// `Refused` with the document where the disability has not lasted long enough.
pub fn accept(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder) -> Result<()> {
    check_duration(ask, it)?;
    let policy = it.policy(&ask.app, ask.today());
    let due = deadline(Term::DecisionDue, ask.today(), &policy).ok();
    // A year whose holidays are not entered was counted by weekdays: the history says so.
    let note = due.as_ref().and_then(|it| it.note.as_ref()).map_or("", |it| &*it.zh);
    course::advance(tx, ask, it, &with_take_up(it, Event::AcceptMaterials), note)?;
    it.due_day = due.map(|it| it.day.to_string());
    tx.run(
        "update assessment set accepted = $3, due_day = $4 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &ask.today().to_string(), &it.due_day],
    )?;
    record::note(tx, ask, "change", it, elder, "accept")
}

/// 依据: 医保发〔2023〕29号 申请条件 (disabled for some months after standard treatment)
fn check_duration(ask: &Ask, it: &Assessment) -> Result<()> {
    let Some(since) = it.disabled_since.as_deref().and_then(|it| it.parse::<Date>().ok()) else { return Ok(()) };
    let policy = it.policy(&ask.app, ask.today());
    let Ok(months) = policy.read(|it| &it.ltci.months_disabled) else { return Ok(()) };
    let from = since.add_months(i32::from(*months));
    if it.programme != Programme::Ltci || from <= ask.today() {
        return Ok(());
    }
    let said = Said::new("失能始于 {since},持续满 {months} 个月({day} 起)才能受理")
        .with("since", since)
        .with("months", months)
        .with("day", from);
    let because = policy.because();
    Err(sources::refused_by(ask, "disabled_too_short", said, because.last()))
}

pub fn return_materials(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, missing: &str) -> Result<()> {
    if missing.is_empty() {
        return Err(Error::invalid("missing", "请写明要补正的材料"));
    }
    course::advance(tx, ask, it, &with_take_up(it, Event::ReturnMaterials), missing)?;
    report(tx, ask, it, elder, "{programme}申请退回补正:{why}", missing, Tone::Warn)?;
    record::note(tx, ask, "change", it, elder, "return materials")
}

pub fn reject(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, reason: &str, words: &str) -> Result<()> {
    let Some((_, title)) = words::REJECTIONS.iter().find(|it| it.0 == reason) else {
        return Err(Error::invalid("rejection", "请选择不予受理的原因"));
    };
    if reason == "other" && words.is_empty() {
        return Err(Error::invalid("words", "选“其他”时请写明原因"));
    }
    let why = if words.is_empty() { (*title).to_string() } else { format!("{title}:{words}") };
    course::advance(tx, ask, it, &with_take_up(it, Event::Reject), &why)?;
    report(tx, ask, it, elder, "{programme}申请不予受理:{why}", &why, Tone::Bad)?;
    record::note(tx, ask, "change", it, elder, &json!({"rejected": reason}).to_string())
}

/// Sends two assessors; they may be changed until one of them has signed.
pub fn assign(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, plan: &Plan) -> Result<()> {
    let pair = people::pair(tx, ask, elder, it, plan.assessors)?;
    if plan.day < ask.today() {
        return Err(Error::invalid("planned_day", Said::new("上门日期“{value}”不能早于今天").with("value", plan.day)));
    }
    check_time(&plan.time)?;
    let names = format!("{}、{} {} {}", pair[0].name, pair[1].name, plan.day, plan.time);
    if it.is_open_to_answers() {
        course::remark(tx, ask, it, "改派评估员", &names)?;
    } else {
        course::advance(tx, ask, it, &[Event::Dispatch], &names)?;
    }
    tx.run(
        "update assessment set assessor_1 = $3, assessor_1_name = $4, assessor_2 = $5, assessor_2_name = $6,
                planned_day = $7, planned_time = $8
          where region = $1 and id = $2",
        &[
            &it.key.region,
            &it.key.id,
            &pair[0].id,
            &pair[0].name,
            &pair[1].id,
            &pair[1].name,
            &plan.day.to_string(),
            &plan.time,
        ],
    )?;
    let body = format!("{} {} {}", elder.name, plan.day, plan.time);
    for one in &pair {
        let message = Message {
            account: one.id,
            title: "新的上门评估",
            body: &body,
            link: Some(&it.link()),
            unique_key: &format!("assessment {} {} {}", it.key, plan.day, plan.time),
        };
        notify::inbox(tx, &message, ask.now)?;
    }
    it.assessors = pair.map(|one| Assessor { account: Some(one.id), name: one.name, ..Assessor::default() });
    it.planned_day = Some(plan.day.to_string());
    record::note(tx, ask, "change", it, elder, &json!({"assessors": names}).to_string())
}

fn check_time(text: &str) -> Result<()> {
    let number = |it: &str, most: u8| it.len() == 2 && it.parse::<u8>().is_ok_and(|it| it <= most);
    let fits =
        text.is_empty() || text.split_once(':').is_some_and(|(hour, minute)| number(hour, 23) && number(minute, 59));
    if fits {
        Ok(())
    } else {
        Err(Error::invalid("planned_time", Said::new("“{value}”不是时间,请写作 09:30").with("value", text)))
    }
}

/// Reviews a finished assessment and lets it stand: it goes on public notice, or takes effect at once.
///
/// # Errors
/// `Refused` where the reviewer is one of the assessors.
pub fn approve(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, words: &str) -> Result<()> {
    if it.place_of(ask.who.account).is_some() {
        return Err(Error::refused("own_assessment", "不能复核自己做的评估"));
    }
    let (today, policy) = (ask.today(), it.policy(&ask.app, ask.today()));
    it.concluded = Some(today);
    tx.run(
        "update assessment set reviewer = $3, reviewer_name = $4, concluded = $5 where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &ask.who.account, &ask.who.name, &today.to_string()],
    )?;
    if !it.programme.has_notice() {
        course::advance(tx, ask, it, &[Event::Sign, Event::EndNotice], words)?;
        effect::take_effect(tx, ask, it, elder, today)?;
        return record::note(tx, ask, "change", it, elder, "approve");
    }
    let until = sources::needed(deadline(Term::NoticeEnds, today, &policy))?.day;
    let objection = deadline(Term::ObjectionUntil, until, &policy).map_or(until, |it| it.day);
    course::advance(tx, ask, it, &[Event::Sign], words)?;
    (it.notice_from, it.notice_until, it.objection_until) = (Some(today), Some(until), Some(objection));
    it.because = serde_json::to_string(&policy.because())?;
    let answer = json!({"level": it.level, "level_name": it.level_name, "notice_until": until.to_string(),
                        "objection_until": objection.to_string()});
    effect::keep(tx, ask, it, elder, "assessment", &policy.decided(answer))?;
    tx.run(
        "update assessment set notice_from = $3, notice_until = $4, objection_until = $5, because = $6
          where region = $1 and id = $2",
        &[&it.key.region, &it.key.id, &today.to_string(), &until.to_string(), &objection.to_string(), &it.because],
    )?;
    let level = it.level_name.clone();
    report(tx, ask, it, elder, "{programme}结论公示:{why}", &level, Tone::Plain)?;
    record::note(tx, ask, "change", it, elder, "approve")
}

/// Sends a finished assessment back to its assessors; they sign anew.
pub fn send_back(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, why: &str) -> Result<()> {
    if why.is_empty() {
        return Err(Error::invalid("why", "请写明退回的原因"));
    }
    course::advance(tx, ask, it, &[Event::SendBack], why)?;
    tx.run(
        "update assessment set signed_1 = null, signature_1 = null, signed_2 = null, signature_2 = null, ended = null,
                answers = null, result = null, level = '', level_name = '', total = ''
          where region = $1 and id = $2",
        &[&it.key.region, &it.key.id],
    )?;
    record::note(tx, ask, "change", it, elder, "send back")
}

/// Objects to a conclusion, in the days that are given for it.
pub fn object(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, who: &str, why: &str) -> Result<()> {
    if why.is_empty() {
        return Err(Error::invalid("why", "请写明异议的理由"));
    }
    if it.objection_until.is_some_and(|until| until < ask.today()) {
        let policy = it.policy(&ask.app, it.concluded.unwrap_or(ask.today()));
        let _ = policy.read(|it| &it.assessment.objection_days);
        let said = Said::new("异议期限已于 {day} 届满").with("day", it.objection_until.unwrap_or(ask.today()));
        return Err(sources::refused_by(ask, "objection_too_late", said, policy.because().last()));
    }
    let words = if who.is_empty() { why.to_string() } else { format!("{who}:{why}") };
    course::advance(tx, ask, it, &[Event::Object], &words)?;
    report(tx, ask, it, elder, "对{programme}结论提出异议:{why}", why, Tone::Warn)?;
    record::note(tx, ask, "change", it, elder, "object")
}

/// Lets other assessors look anew; gives the new assessment.
pub fn begin_review(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, plan: &Plan) -> Result<Assessment> {
    let instrument = apply::instrument_of(ask, &it.key.region, it.programme, &it.instrument)?;
    let mut new = apply::blank(ask, elder, it.programme, instrument);
    new.reason = "objection".into();
    new.supersedes = Some(it.key.id);
    new.applicant.clone_from(&it.applicant);
    new.applicant_name.clone_from(&it.applicant_name);
    new.site.clone_from(&it.site);
    apply::insert(tx, &new)?;
    course::advance(tx, ask, &mut new, &[Event::Submit, Event::TakeUp, Event::AcceptMaterials], "")?;
    let policy = it.policy(&ask.app, ask.today());
    let due = deadline(Term::DecisionDue, ask.today(), &policy).ok().map(|it| it.day.to_string());
    tx.run(
        "update assessment set accepted = $3, due_day = $4 where region = $1 and id = $2",
        &[&new.key.region, &new.key.id, &ask.today().to_string(), &due],
    )?;
    assign(tx, ask, &mut new, elder, plan)?;
    course::advance(tx, ask, it, &[Event::BeginReview], &new.key.to_string())?;
    record::note(tx, ask, "change", it, elder, &json!({"review": new.key}).to_string())?;
    Ok(new)
}

/// Lets the conclusion stand against an objection.
pub fn dismiss(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, why: &str) -> Result<()> {
    if why.is_empty() {
        return Err(Error::invalid("why", "请写明维持原结论的理由"));
    }
    course::advance(tx, ask, it, &[Event::DismissObjection], why)?;
    report(tx, ask, it, elder, "{programme}维持原结论:{why}", why, Tone::Plain)?;
    if it.valid_from.is_none() {
        effect::take_effect(tx, ask, it, elder, ask.today())?;
    }
    record::note(tx, ask, "change", it, elder, "dismiss objection")
}

/// Ends an assessment that will not be finished.
pub fn end(tx: &Tx<'_>, ask: &Ask, it: &mut Assessment, elder: &Elder, why: &str) -> Result<()> {
    if why.is_empty() {
        return Err(Error::invalid("why", "请写明终止的原因"));
    }
    if it.valid_from.is_some() {
        return Err(Error::refused("in_force", "已生效的结论不能终止,可提出异议或申请重新评估"));
    }
    if it.reason == "objection" {
        return Err(Error::refused("review_must_end", "复评须有结论,不能终止"));
    }
    course::advance(tx, ask, it, &[Event::End], why)?;
    record::note(tx, ask, "change", it, elder, "end")
}

fn report(
    tx: &Tx<'_>,
    ask: &Ask,
    it: &Assessment,
    elder: &Elder,
    said: &'static str,
    why: &str,
    tone: Tone,
) -> Result<()> {
    let report = Report::new("assessment", said)
        .with("programme", apply::title_of(it.programme))
        .with("why", why)
        .link(it.link())
        .tone(tone);
    elders::report(tx, ask.now, &elder.key, &report)
}
