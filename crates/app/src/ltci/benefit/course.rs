//! What happens to a benefit that runs: another way of care or provider, pauses, its end, and the news of other modules.

use kit::{App, Ask, Error, Id, Result, Said, Tx, events::Event};
use rules::base::Date;

use super::{
    application::{self, Closed},
    decide, pause, recipient,
    step::{self, Step},
};
use crate::{
    assessment::{self, Programme},
    elders::{self, Elder, Key, Report, Tone},
    ltci::words,
};

/// Another way of care, provider or bonus.
#[derive(Debug, Clone)]
pub struct Change {
    pub from: Date,
    pub mode: String,
    pub provider: Option<Id>,
    pub bonus: String,
    pub note: String,
}

/// Changes how the care is given from a day on; the grade stays.
///
/// # Errors
/// `Refused` without a benefit on that day; `Invalid` where nothing would change, the provider cannot give the care or the
/// way of care is not paid here.
pub fn change(tx: &Tx<'_>, ask: &Ask, elder: &Elder, to: &Change) -> Result<()> {
    let last = running(tx, &elder.key, to.from)?;
    let (mode_differs, provider_differs) = (last.mode != to.mode, last.provider != to.provider);
    if !mode_differs && !provider_differs && last.bonus == to.bonus {
        return Err(Error::invalid("mode", "方式、机构和加成都没有变"));
    }
    if to.from < ask.today() {
        return Err(Error::invalid("from", "变更从今天或以后起"));
    }
    let policy = ask.app.policy_in(&elder.key.region, to.from);
    let modes = assessment::needed(policy.read(|it| &it.ltci.modes))?;
    if !modes.contains(&words::mode(&to.mode)?) {
        return Err(Error::invalid("mode", "当地不支付该服务方式"));
    }
    decide::check_provider(tx, ask, &elder.key, &to.mode, to.provider, to.from)?;
    let reason = if mode_differs { "mode" } else { "provider" };
    let step = Step {
        from: to.from,
        mode: to.mode.clone(),
        provider: to.provider,
        bonus: to.bonus.clone(),
        reason: reason.into(),
        note: to.note.clone(),
        decision: String::new(),
        ..last
    };
    step::put(tx, ask, &elder.key.region, &step)?;
    recipient::keep(tx, &ask.app, &elder.key, ask.today())?;
    let report = Report::new("ltci", "长护险待遇 {day} 起{why}:{mode}")
        .with("day", to.from)
        .with("why", words::title(words::REASONS, reason))
        .with("mode", words::title(words::MODES, &to.mode))
        .link(format!("/ltci/benefits/{}", elder.key));
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &format!("ltci benefit: {reason} from {}", to.from))
}

/// The step of a day, which must be a benefit.
fn running(tx: &Tx<'_>, key: &Key, day: Date) -> Result<Step> {
    let step = step::on(tx, key, day)?.filter(|it| it.grade.is_some());
    step.ok_or_else(|| Error::refused("no_benefit", Said::new("{day} 没有享受待遇").with("day", day)))
}

/// Pauses the benefit from a day on, to the day it goes on again where that is known.
///
/// # Errors
/// `Refused` without a benefit on that day; `Invalid` where it is paused then already.
pub fn stop(
    tx: &Tx<'_>,
    ask: &Ask,
    elder: &Elder,
    from: Date,
    until: Option<Date>,
    reason: &str,
    note: &str,
) -> Result<()> {
    running(tx, &elder.key, from)?;
    if until.is_some_and(|it| it <= from) {
        return Err(Error::invalid("until", "恢复日应晚于暂停日"));
    }
    let meets = |it: &&pause::Pause| until.is_none_or(|end| it.from < end) && it.until.is_none_or(|end| from < end);
    if let Some(other) = pause::of_elder(tx, &elder.key)?.iter().find(meets) {
        return Err(Error::invalid("from", Said::new("与 {day} 起的暂停重叠").with("day", other.from)));
    }
    pause::put(tx, ask, &elder.key, from, Some(reason), note)?;
    if let Some(until) = until {
        pause::put_end(tx, ask, &elder.key, until)?;
    }
    recipient::keep(tx, &ask.app, &elder.key, ask.today())?;
    let report = Report::new("ltci", "长护险待遇 {day} 起暂停:{why}")
        .with("day", from)
        .with("why", words::title(words::PAUSES, reason))
        .link(format!("/ltci/benefits/{}", elder.key))
        .tone(Tone::Warn);
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &format!("ltci benefit paused from {from}"))
}

/// Lets a paused benefit go on from a day.
///
/// # Errors
/// `Invalid` where it is not paused on the day before.
pub fn resume(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date) -> Result<()> {
    let before = day.add_days(-1);
    let Some(paused) =
        pause::of_elder(tx, &elder.key)?.into_iter().find(|it| it.holds(before) && it.until != Some(day))
    else {
        return Err(Error::invalid("day", Said::new("{day} 前一天没有暂停").with("day", day)));
    };
    let of = Key { region: elder.key.region.clone(), id: paused.elder };
    if let Some(planned) = paused.until.filter(|it| day < *it) {
        pause::take_back_end(tx, &of, planned)?;
    }
    pause::put(tx, ask, &of, day, None, "")?;
    recipient::keep(tx, &ask.app, &elder.key, ask.today())?;
    let report = Report::new("ltci", "长护险待遇 {day} 起恢复")
        .with("day", day)
        .link(format!("/ltci/benefits/{}", elder.key))
        .tone(Tone::Ok);
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &format!("ltci benefit goes on from {day}"))
}

/// Conclusions go to the clerk; a conclusion that ran out, death and moving away end the benefit; of two records of one person
/// the one that stays is listed.
pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    let text = |name: &str| news.body[name].as_str().unwrap_or_default();
    let of_ltci = text("programme") == Programme::Ltci.word();
    match &*news.kind {
        assessment::EFFECTIVE if of_ltci => {
            let key: Key = text("assessment").parse()?;
            let ask = Ask::system(app, &key.region);
            let (it, _) = assessment::find(tx, &ask.who.scope, &key)?;
            decide::concluded(tx, &ask, &it)?;
            recipient::keep(tx, &ask.app, &it.elder_key(), ask.today())
        }
        assessment::EXPIRED if of_ltci => {
            let key: Key = text("elder").parse()?;
            let ask = Ask::system(app, &key.region);
            if assessment::current(tx, &key, Programme::Ltci)?.is_some() {
                return Ok(());
            }
            let last_day: Date = text("valid_until").parse().unwrap_or(ask.today());
            let elder = elders::find(tx, &ask.who.scope, &key)?;
            decide::end(tx, &ask, &elder, last_day.add_days(1), "expired", "")
        }
        assessment::CLOSED if of_ltci => {
            let key: Key = text("elder").parse()?;
            let ask = Ask::system(app, &key.region);
            let assessment: Key = text("assessment").parse()?;
            let Some(open) = application::open(tx, &key)?.filter(|it| it.assessment == Some(assessment.id)) else {
                return Ok(());
            };
            let (state, reason) = if text("state") == "rejected" { ("refused", "other") } else { ("withdrawn", "") };
            application::close(tx, &ask, &open, &Closed { state, reason, note: text("reason"), decision: "" })
        }
        elders::DIED | elders::MOVED => {
            let reason = if news.kind == elders::DIED { "died" } else { "moved" };
            let key: Key = text("elder").parse()?;
            let ask = Ask::system(app, &key.region);
            let day: Date = text("day").parse().unwrap_or(ask.today());
            let elder = elders::find(tx, &ask.who.scope, &key)?;
            if let Some(open) = application::open(tx, &key)? {
                let why = words::title(words::REASONS, reason);
                let closed = Closed { state: "withdrawn", reason, note: why, decision: "" };
                application::close(tx, &ask, &open, &closed)?;
            }
            // Care may still have been given on the day of a death.
            let from = if reason == "died" { day.add_days(1) } else { day };
            decide::end(tx, &ask, &elder, from, reason, "")
        }
        elders::MERGED | elders::UNMERGED => {
            for name in ["kept", "lost"] {
                let key: Key = text(name).parse()?;
                recipient::keep(tx, app, &key, Ask::system(app, &key.region).today())?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
