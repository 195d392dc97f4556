//! Applying, and what is decided: what the rules say of an application, with the values they rest on.

use kit::{Ask, Error, Id, Result, Said, Tx};
use rules::{
    assessment_course::{Term, deadline},
    base::Date,
    ltci::{self, Claim, Entitlement, Grade, Refusal},
    policy::{InForce, NoPolicy},
};
use serde_json::json;

use super::{
    application::{self, Application, Closed},
    pause, recipient,
    step::{self, Step},
};
use crate::{
    assessment::{self, Assessment, Programme},
    elders::{self, Elder, Key, Report, Tone},
    ltci::{insured, provider::agreement, words},
    policy::{About, decide},
};

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Wish {
    pub applicant: String,
    pub applicant_name: String,
    pub mode: String,
    pub provider: Option<Id>,
    pub bonus: String,
    pub note: String,
    pub disabled_since: Option<Date>,
    pub site: String,
}

/// Writes an application down. Where no conclusion of an assessment is in force, one is applied for at the same time.
///
/// # Errors
/// `Refused` where an application is open or the benefit runs already.
pub fn apply(tx: &Tx<'_>, ask: &Ask, elder: &Elder, wish: &Wish) -> Result<(Application, Option<Assessment>)> {
    if let Some(other) = application::open(tx, &elder.key)? {
        return Err(application::under_way(&other));
    }
    if step::on(tx, &elder.key, ask.today())?.is_some_and(|it| it.grade.is_some()) {
        return Err(Error::refused("has_benefit", "老人正在享受待遇;要换方式或机构,请在待遇页面变更"));
    }
    check_provider(tx, ask, &elder.key, &wish.mode, wish.provider, ask.today())?;
    insured::record::link(tx, ask, elder)?;
    let current = assessment::current(tx, &elder.key, Programme::Ltci)?;
    let begun = match &current {
        Some(_) => None,
        None => Some(assess(tx, ask, elder, wish)?),
    };
    let mut it = blank(ask, &elder.key, wish);
    it.assessment = current.as_ref().or(begun.as_ref()).map(|it| it.key.id);
    if let Some(current) = &current {
        it.state = "deciding".into();
        it.grade = Some(grade_of(current)?);
        it.due = due(ask, &elder.key.region, ask.today());
    }
    application::insert(tx, ask, &it)?;
    let report =
        Report::new("ltci", "申请长护险待遇:{mode}").with("mode", words::title(words::MODES, &it.mode)).link(it.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "create", elder, &format!("ltci application {}", it.key))?;
    Ok((it, begun))
}

fn blank(ask: &Ask, elder: &Key, wish: &Wish) -> Application {
    Application {
        key: Key { region: elder.region.clone(), id: ask.new_id() },
        elder: elder.id,
        applicant: wish.applicant.clone(),
        applicant_name: wish.applicant_name.clone(),
        mode: wish.mode.clone(),
        provider: wish.provider,
        bonus: wish.bonus.clone(),
        note: wish.note.clone(),
        state: "assessing".into(),
        assessment: None,
        grade: None,
        applied: String::new(),
        due: None,
        decided: None,
        decided_by: String::new(),
        reason: String::new(),
        reason_note: String::new(),
        decision: String::new(),
    }
}

/// The assessment that is under way, or a new application for one.
fn assess(tx: &Tx<'_>, ask: &Ask, elder: &Elder, wish: &Wish) -> Result<Assessment> {
    let under_way = assessment::of_elder(tx, &elder.key)?
        .into_iter()
        .find(|it| it.programme == Programme::Ltci && it.is_under_way());
    match under_way {
        Some(it) => Ok(it),
        None => assessment::apply(
            tx,
            ask,
            elder,
            &assessment::Application {
                programme: Some(Programme::Ltci),
                applicant: if wish.applicant == "institution" { "agent".into() } else { wish.applicant.clone() },
                applicant_name: wish.applicant_name.clone(),
                disabled_since: wish.disabled_since,
                site: wish.site.clone(),
                ..assessment::Application::default()
            },
        ),
    }
}

/// The last day to decide, counted in working days.
///
/// 依据: 医保发〔2023〕29号 办理时限: 以工作日计算
fn due(ask: &Ask, region: &str, from: Date) -> Option<Date> {
    deadline(Term::DecisionDue, from, &ask.app.policy_in(region, from)).ok().map(|it| it.day)
}

/// The grade a conclusion gives.
pub fn grade_of(it: &Assessment) -> Result<Grade> {
    let level = it.result.as_ref().and_then(assessment::Outcome::level_number);
    let grade = level.and_then(|it| Grade::try_from(it).ok());
    grade.ok_or_else(|| Error::refused("no_grade", "评估结论没有失能等级"))
}

/// Refuses a provider that cannot give the care on a day.
pub fn check_provider(tx: &Tx<'_>, ask: &Ask, elder: &Key, mode: &str, provider: Option<Id>, day: Date) -> Result<()> {
    let Some(id) = provider else {
        return if mode == "self_arranged" {
            Ok(())
        } else {
            Err(Error::invalid("provider", "请选择定点服务机构"))
        };
    };
    let key = Key { region: elder.region.clone(), id };
    let terms = agreement::of_organisation(tx, &key)?;
    let Some(it) = terms.on(day) else {
        let said = Said::new("这家机构 {day} 没有有效协议或暂停服务").with("day", day);
        return Err(Error::invalid("provider", said));
    };
    if !it.modes.iter().any(|one| one == mode) {
        let said = Said::new("这家机构的协议不含{mode}").with("mode", ask.t(words::title(words::MODES, mode)));
        return Err(Error::invalid("provider", said));
    }
    let served = recipient::served_by(tx, &key, elder.id)?;
    if it.capacity <= served {
        let said = Said::new("这家机构已满:最多 {most} 人,现有 {n} 人").with("most", it.capacity).with("n", served);
        return Err(Error::invalid("provider", said));
    }
    Ok(())
}

/// What the rules say of an application.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// What cannot be decided says which value is missing.
    pub entitlement: Result<Entitlement, NoPolicy>,
    /// From when the benefit would run.
    pub from: Result<Date, NoPolicy>,
}

/// Asks the rules about an application with a conclusion, as of today; the policy remembers which values it gave.
pub fn propose(tx: &Tx<'_>, ask: &Ask, it: &Application, policy: &InForce<'_>) -> Result<Proposal> {
    let today = ask.today();
    let insured = insured::of_elder(tx, &it.elder_key())?;
    let is_insured = insured.iter().any(|it| it.from <= today && it.until.is_none_or(|end| today < end));
    let grade = it.grade.ok_or_else(|| Error::refused("no_conclusion", "评估还没有结论"))?;
    let claim = Claim { insured: is_insured.into(), grade, mode: words::mode(&it.mode)? };
    let entitlement = ltci::entitlement(&claim, policy);
    let all = assessment::of_elder(tx, &it.elder_key())?;
    let concluded = all.into_iter().find(|one| Some(one.key.id) == it.assessment).and_then(|it| it.valid_from);
    let applied = it.applied_day()?;
    let counts_from = concluded.map_or(applied, |it| it.max(applied));
    let from = policy.read(|it| &it.ltci.start).map(|start| start.from(counts_from));
    Ok(Proposal { entitlement, from })
}

/// Decides as the rules say: the benefit is granted from its day, or denied with every reason.
///
/// # Errors
/// `Refused` where the rules cannot decide, and where the provider cannot give the care any more.
pub fn decide_on(tx: &Tx<'_>, ask: &Ask, it: &Application, elder: &Elder) -> Result<bool> {
    if it.state != "deciding" {
        return Err(Error::refused("wrong_state", "只有待决定的申请可以决定"));
    }
    let policy = ask.app.policy_in(&it.key.region, ask.today());
    let proposal = propose(tx, ask, it, &policy)?;
    let entitlement = assessment::needed(proposal.entitlement)?;
    let granted = entitlement.entitled.is_yes();
    let from = assessment::needed(proposal.from)?;
    if granted {
        check_provider(tx, ask, &elder.key, &it.mode, it.provider, from.max(ask.today()))?;
    }
    let reasons: Vec<&str> = entitlement.refusals.iter().map(|it| refusal_word(*it)).collect();
    let answer = json!({
        "granted": granted, "grade": it.grade, "mode": it.mode, "from": granted.then(|| from.to_string()), "reasons": reasons,
    });
    let about = About {
        region: &it.key.region,
        place: &elder.place,
        organisation: elder.organisation,
        person: Some(elder.key.id),
        subject: "ltci",
        subject_id: it.key.id,
        link: &it.link(),
        topic: "ltci",
    };
    let decision = decide(tx, ask, &about, &policy.decided(answer))?;
    let decision = format!("{}-{decision}", it.key.region);
    let state = if granted { "granted" } else { "denied" };
    let closed = Closed { state, reason: &reasons.join(" "), note: "", decision: &decision };
    application::close(tx, ask, it, &closed)?;
    if granted {
        let before = step::on(tx, &elder.key, from)?.filter(|it| it.grade.is_some());
        let reason = if before.is_some() { "grade" } else { "granted" };
        begin(tx, ask, elder, it, from, reason, &decision)?;
    } else if step::on(tx, &elder.key, from)?.is_some_and(|it| it.grade.is_some()) {
        end(tx, ask, elder, from, "recovered", "")?;
    }
    let mut report = match granted {
        true => Report::new("ltci", "批准长护险待遇:{mode},{day} 起")
            .with("mode", words::title(words::MODES, &it.mode))
            .with("day", from),
        false => Report::new("ltci", "不符合长护险待遇条件:{why}").with("why", titles(&entitlement.refusals)),
    };
    report = report.link(it.link()).tone(if granted { Tone::Ok } else { Tone::Warn });
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &format!("ltci application {} {state}", it.key))?;
    Ok(granted)
}

fn begin(
    tx: &Tx<'_>,
    ask: &Ask,
    elder: &Elder,
    it: &Application,
    from: Date,
    reason: &str,
    decision: &str,
) -> Result<()> {
    let step = Step {
        elder: elder.key.id,
        from,
        grade: it.grade,
        mode: it.mode.clone(),
        provider: it.provider,
        bonus: it.bonus.clone(),
        application: Some(it.key.id),
        assessment: it.assessment,
        reason: reason.into(),
        note: String::new(),
        decision: decision.into(),
        who: String::new(),
        at: String::new(),
    };
    step::put(tx, ask, &elder.key.region, &step)?;
    recipient::keep(tx, &ask.app, &elder.key, ask.today())
}

/// A benefit that was granted before the scheme was kept here, from a day to another where it has ended.
#[derive(Debug, Clone)]
pub struct Before<'a> {
    pub grade: Grade,
    /// A word of `words::MODES`.
    pub mode: &'a str,
    pub provider: Option<Id>,
    pub assessment: Option<Id>,
    pub from: Date,
    /// The day from which there is none any more, and a word of `words::REASONS`.
    pub ended: Option<(Date, &'a str)>,
}

/// Takes over a benefit that others granted.
pub fn grant_before(tx: &Tx<'_>, ask: &Ask, elder: &Key, it: &Before<'_>) -> Result<()> {
    let granted = Step {
        elder: elder.id,
        from: it.from,
        grade: Some(it.grade),
        mode: it.mode.into(),
        provider: it.provider,
        bonus: "hours".into(),
        application: None,
        assessment: it.assessment,
        reason: "granted".into(),
        note: String::new(),
        decision: String::new(),
        who: String::new(),
        at: String::new(),
    };
    step::put(tx, ask, &elder.region, &granted)?;
    if let Some((day, reason)) = it.ended {
        step::put(tx, ask, &elder.region, &granted.ended(day, reason, ""))?;
    }
    recipient::keep(tx, &ask.app, elder, ask.today())
}

/// Ends what runs, from a day on; what was to begin later is taken back.
pub fn end(tx: &Tx<'_>, ask: &Ask, elder: &Elder, from: Date, reason: &'static str, note: &str) -> Result<()> {
    let before = step::on(tx, &elder.key, from)?;
    let Some(last) = before.filter(|it| it.grade.is_some()) else { return Ok(()) };
    step::put(tx, ask, &elder.key.region, &last.ended(from, reason, note))?;
    for it in pause::of_elder(tx, &elder.key)?.iter().filter(|it| it.holds(from) && it.from < from) {
        let of = Key { region: elder.key.region.clone(), id: it.elder };
        pause::put(tx, ask, &of, from.max(it.from), None, "")?;
    }
    recipient::keep(tx, &ask.app, &elder.key, ask.today())?;
    let report = Report::new("ltci", "长护险待遇 {day} 起停止:{why}")
        .with("day", from)
        .with("why", words::title(words::REASONS, reason))
        .link(format!("/ltci/benefits/{}", elder.key))
        .tone(Tone::Warn);
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &format!("ltci benefit ended: {reason}"))
}

/// Does not take an application up, for one of the five reasons.
pub fn refuse(tx: &Tx<'_>, ask: &Ask, it: &Application, elder: &Elder, reason: &str, note: &str) -> Result<()> {
    let Some((_, title)) = words::REFUSALS.iter().find(|one| one.0 == reason) else {
        return Err(Error::invalid("reason", "请选择不予受理的原因"));
    };
    if reason == "other" && note.is_empty() {
        return Err(Error::invalid("note", "选“其他”时请写明原因"));
    }
    application::close(tx, ask, it, &Closed { state: "refused", reason, note, decision: "" })?;
    let report = Report::new("ltci", "长护险待遇申请不予受理:{why}").with("why", title).link(it.link()).tone(Tone::Bad);
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &format!("ltci application {} refused: {reason}", it.key))
}

/// The applicant takes the application back.
pub fn withdraw(tx: &Tx<'_>, ask: &Ask, it: &Application, elder: &Elder, note: &str) -> Result<()> {
    application::close(tx, ask, it, &Closed { state: "withdrawn", reason: "", note, decision: "" })?;
    elders::note(tx, ask, "change", elder, &format!("ltci application {} withdrawn", it.key))
}

/// A new conclusion took effect, and none has taken its place since: an application that waited for it goes to the clerk; for whoever has a benefit already, the
/// clerk decides anew.
pub fn concluded(tx: &Tx<'_>, ask: &Ask, it: &Assessment) -> Result<()> {
    if it.superseded_by.is_some() {
        return Ok(());
    }
    let (grade, today) = (grade_of(it)?, ask.today());
    let due = |applied: Date| due(ask, &it.key.region, it.valid_from.unwrap_or(today).max(applied));
    if let Some(open) = application::open(tx, &it.elder_key())? {
        return application::concluded(tx, &open.key, it.key.id, Some(grade), due(open.applied_day()?));
    }
    let Some(last) = step::on(tx, &it.elder_key(), today)?.filter(|it| it.grade.is_some()) else { return Ok(()) };
    if last.grade == Some(grade) {
        return Ok(());
    }
    let wish = Wish {
        applicant: "self".into(),
        applicant_name: String::new(),
        mode: last.mode,
        provider: last.provider,
        bonus: last.bonus,
        note: String::new(),
        disabled_since: None,
        site: String::new(),
    };
    let mut anew = blank(ask, &it.elder_key(), &wish);
    anew.state = "deciding".into();
    anew.assessment = Some(it.key.id);
    anew.grade = Some(grade);
    anew.due = due(today);
    application::insert(tx, ask, &anew)
}

/// The word under which a reason of the rules is kept.
pub fn refusal_word(it: Refusal) -> &'static str {
    match it {
        Refusal::NotInsured => "not_insured",
        Refusal::GradeTooLow => "grade_too_low",
        Refusal::ModeNotPaid => "mode_not_paid",
    }
}

fn titles(all: &[Refusal]) -> String {
    let titles: Vec<&str> = all.iter().map(|it| words::title(words::DENIALS, refusal_word(*it))).collect();
    titles.join("、")
}
