//! What people do with a case: take it, hand it back, send somebody, say that they left and arrived, close it, put it right.

use kit::{Ask, Error, Id, Result, Said, Tx, clock::stamp};
use rules::base::Date;

use super::{
    case::{self, Case},
    duty,
    entry::{self, New},
    marks, steps,
    tell::{self, Target, Told},
    words,
};
use crate::{
    elders::{self, Elder, Key, Report, Tone},
    visits, workforce,
};

/// The service of a visit that an alarm asks for.
const SERVICE: &str = "alarm_response";

/// Under which name visits know a case.
fn thing(key: &Key) -> String {
    format!("monitoring:{}", key.id)
}

fn open(it: &Case) -> Result<()> {
    match it.is_open() {
        true => Ok(()),
        false => Err(closed(it)),
    }
}

fn closed(it: &Case) -> Error {
    let at = it.closed.as_deref().map(kit::clock::minute).unwrap_or_default();
    let said = Said::new("{name} 在 {at} 已经结案").with("name", &it.closed_by).with("at", at);
    Error::refused("alarm_closed", said)
}

/// Keeps a change with its entry, the tally of the elder and the trail.
fn keep(tx: &Tx<'_>, ask: &Ask, it: &mut Case, new: &New<'_>) -> Result<()> {
    it.state = state_of(it).into();
    steps::set_next(ask, it)?;
    case::store(tx, ask.now, it)?;
    entry::write(tx, ask.now, &it.key, new)?;
    if let Some(elder) = it.elder_key() {
        marks::keep(tx, &ask.app, &elder)?;
    }
    it.note(tx, ask, "change", new.what)
}

fn state_of(it: &Case) -> &'static str {
    match () {
        () if it.closed.is_some() => "closed",
        () if it.arrived.is_some() => "arrived",
        () if it.departed.is_some() => "departed",
        () if it.acknowledged.is_some() => "acknowledged",
        () => "raised",
    }
}

/// Somebody takes a case upon them: its clock no longer goes from one to the next.
///
/// # Errors
/// `Refused` where it was taken already, with whose name.
pub fn acknowledge(tx: &Tx<'_>, ask: &Ask, it: &mut Case) -> Result<()> {
    open(it)?;
    if it.acknowledged.is_some() {
        let at = it.acknowledged.as_deref().map(kit::clock::minute).unwrap_or_default();
        let said = Said::new("{name} 在 {at} 已经接警").with("name", &it.acknowledged_by).with("at", at);
        return Err(Error::refused("alarm_taken", said));
    }
    take(ask, it);
    keep(tx, ask, it, &New::of("acknowledged", &ask.who.name, "接警"))
}

fn take(ask: &Ask, it: &mut Case) {
    if it.acknowledged.is_none() {
        it.acknowledged = Some(stamp(ask.now));
        it.acknowledged_by.clone_from(&ask.who.name);
    }
}

/// Hands a case back that was taken: whoever is next is told again.
///
/// # Errors
/// `Refused` once somebody is on the way, `Invalid` without a reason.
pub fn hand_back(tx: &Tx<'_>, ask: &Ask, it: &mut Case, reason: &str) -> Result<()> {
    open(it)?;
    if it.acknowledged.is_none() || it.departed.is_some() || it.arrived.is_some() {
        return Err(Error::refused("alarm_not_returnable", "只有已接警、还没有人出发的报警可以交回"));
    }
    (it.acknowledged, it.told_leave) = (None, false);
    it.acknowledged_by = String::new();
    steps::begin_anew(ask, it)?;
    keep(tx, ask, it, &New::of("returned", &ask.who.name, "交回,继续找下一个人").note(required(reason)?))
}

fn required(reason: &str) -> Result<&str> {
    match reason.trim() {
        "" => Err(Error::invalid("reason", "请写明原因")),
        reason => Ok(reason),
    }
}

/// Sends one of the staff: a visit planned for now, which their phone holds, and a message. Whoever sends has taken the case.
///
/// # Errors
/// `Refused` for a case that is closed or where somebody has arrived, `NotFound` for somebody of another county.
pub fn send(tx: &Tx<'_>, ask: &Ask, it: &mut Case, staff: Id) -> Result<()> {
    open(it)?;
    if it.arrived.is_some() {
        return Err(Error::refused("alarm_arrived", "已经有人到达"));
    }
    let staff = workforce::staff_by_key(tx, &Key { region: it.key.region.clone(), id: staff })?;
    let elder = steps::elder_of(tx, ask, it)?;
    take(ask, it);
    if it.visit.is_some() && it.staff != Some(staff.key.id) {
        visits::unwant(tx, ask, &it.key.region, &thing(&it.key), "报警改派他人")?;
        (it.visit, it.departed) = (None, None);
        it.departed_by = String::new();
    }
    it.staff = Some(staff.key.id);
    if let Some(elder) = elder.as_ref().filter(|it| it.is_living()) {
        it.visit = Some(visit(tx, ask, it, elder, &staff)?.id);
    }
    let target = Target::of_staff(ask, &staff)?;
    let told = Told {
        key: format!("send {}", it.version),
        to: "派人",
        entry: "sent",
        title: "报警,请马上上门",
        body: tell::body(ask, it, elder.as_ref(), false),
    };
    tell::tell(tx, ask, it, &target, &told)?;
    let said = Said::new("派 {name} 上门").with("name", &staff.name);
    keep(tx, ask, it, &New::of("sent", &ask.who.name, said))
}

/// Minutes for which a visit to an alarm is planned.
const MINUTES: i64 = 30;

fn visit(tx: &Tx<'_>, ask: &Ask, it: &Case, elder: &Elder, staff: &workforce::Staff) -> Result<Key> {
    let (day, minute) = duty::moment(ask.now);
    let name = it.kind.title();
    let wanted = visits::Wanted {
        elder,
        day,
        from_minute: Some(i64::from(minute)),
        until_minute: Some((i64::from(minute) + 60).min(24 * 60)),
        minutes: MINUTES,
        organisation: staff.organisation.or(it.organisation),
        staff: Some(staff.key.id),
        second: None,
        people: 1,
        note: name,
        purpose: visits::For { programme: "alarm", thing: &thing(&it.key), service: SERVICE, payer: "" },
    };
    let key = visits::want(tx, ask, &wanted)?;
    let to = visits::Assigned {
        day,
        staff: Some(staff.key.id),
        second: None,
        at_minute: Some((i64::from(minute) + 1).min(24 * 60 - 1)),
    };
    visits::assign(tx, ask, &key, &to)?;
    Ok(key)
}

/// Somebody is on the way.
///
/// # Errors
/// `Refused` where somebody is already.
pub fn depart(tx: &Tx<'_>, ask: &Ask, it: &mut Case) -> Result<()> {
    open(it)?;
    if it.departed.is_some() || it.arrived.is_some() {
        return Err(Error::refused("alarm_departed", "已经有人在路上"));
    }
    take(ask, it);
    it.departed = Some(stamp(ask.now));
    it.departed_by = sent_name(tx, ask, it)?;
    let said = Said::new("{name} 出发").with("name", &it.departed_by);
    keep(tx, ask, it, &New::of("departed", &ask.who.name, said))
}

/// Who was sent; else whoever says it.
fn sent_name(tx: &Tx<'_>, ask: &Ask, it: &Case) -> Result<String> {
    match it.staff {
        Some(id) => Ok(workforce::staff_by_key(tx, &Key { region: it.key.region.clone(), id })?.name),
        None => Ok(ask.who.name.clone()),
    }
}

/// Somebody says that they are at the door: believed, and marked as not proven.
///
/// # Errors
/// `Refused` where somebody is already.
pub fn arrive(tx: &Tx<'_>, ask: &Ask, it: &mut Case) -> Result<()> {
    open(it)?;
    if it.arrived.is_some() {
        return Err(Error::refused("alarm_arrived", "已经有人到达"));
    }
    take(ask, it);
    it.arrived = Some(stamp(ask.now));
    it.arrived_by = sent_name(tx, ask, it)?;
    let said = Said::new("{name} 到达(口头说明,未核验)").with("name", &it.arrived_by);
    keep(tx, ask, it, &New::of("arrived", &ask.who.name, said))
}

/// A visit began or was made: the phone says when, and whether it was there.
pub fn arrived(tx: &Tx<'_>, ask: &Ask, it: &mut Case, began: &str, is_proven: bool) -> Result<()> {
    if it.arrived.is_some() && (it.proven || !is_proven) {
        return Ok(());
    }
    // What was said before the phone told it stays as the first that is known.
    let at = it.arrived.take().map_or_else(|| began.to_string(), |said| said.min(began.to_string()));
    it.arrived = Some(at.max(it.raised.clone()));
    it.proven = is_proven;
    it.arrived_by = sent_name(tx, ask, it)?;
    if it.acknowledged.is_none() {
        it.acknowledged.clone_from(&it.arrived);
        it.acknowledged_by.clone_from(&it.arrived_by);
    }
    let said = match is_proven {
        true => Said::new("{name} 到达,手机记录和地点已核验"),
        false => Said::new("{name} 到达,手机有记录,地点未能核验"),
    };
    keep(tx, ask, it, &New::of("arrived", "", said.with("name", &it.arrived_by)))
}

/// Whoever was sent could do nothing: why, so that the operator sends somebody else or calls for help.
pub fn in_vain(tx: &Tx<'_>, ask: &Ask, it: &mut Case, reason: &str) -> Result<()> {
    let said = Said::new("{name} 上门未服务成:{why}").with("name", sent_name(tx, ask, it)?).with("why", reason);
    keep(tx, ask, it, &New::of("note", "", said))
}

/// What was found in the end.
#[derive(Debug, Clone)]
pub struct Closing {
    /// A word of `words::VERDICTS`.
    pub verdict: String,
    pub found: String,
    /// What is still to be done; empty for nothing.
    pub follow_up: String,
    pub follow_day: Option<Date>,
}

/// Ends a case with what was found. After a true alarm somebody looks after the person again.
///
/// # Errors
/// `Refused` where it is closed already, `Invalid` for a day that is past.
pub fn close(tx: &Tx<'_>, ask: &Ask, it: &mut Case, closing: &Closing) -> Result<()> {
    open(it)?;
    if closing.follow_day.is_some_and(|day| day < ask.today()) {
        let said = Said::new("“跟进日期”不能早于今天({day})").with("day", ask.today());
        return Err(Error::invalid("follow_day", said));
    }
    take(ask, it);
    let policy = ask.app.policy_in(&it.key.region, ask.today());
    let days = policy.read(|it| &it.monitoring.follow_up_days).ok().copied();
    let is_true = closing.verdict == "true";
    it.follow_up.clone_from(&closing.follow_up);
    if it.follow_up.is_empty() && is_true && days.is_some() {
        it.follow_up = "再去看望一次".to_string();
    }
    let usual = ask.today().add_days(i32::from(days.unwrap_or(1)));
    it.follow_day = (!it.follow_up.is_empty()).then(|| closing.follow_day.unwrap_or(usual));
    it.verdict.clone_from(&closing.verdict);
    it.found.clone_from(&closing.found);
    it.closed = Some(stamp(ask.now));
    it.closed_by.clone_from(&ask.who.name);
    if it.arrived.is_none() && it.visit.is_some() {
        visits::unwant(tx, ask, &it.key.region, &thing(&it.key), "报警已结案")?;
    }
    let said = Said::new("结案:{verdict}").with("verdict", words::title(words::VERDICTS, &it.verdict));
    keep(tx, ask, it, &New::of("closed", &ask.who.name, said).note(&closing.found))?;
    if let Some(elder) = it.elder_key() {
        let report = Report::new("monitoring", "报警结案:{verdict}")
            .with("verdict", words::title(words::VERDICTS, &it.verdict))
            .link(it.link())
            .tone(if is_true { Tone::Warn } else { Tone::Plain });
        elders::report(tx, ask.now, &elder, &report)?;
    }
    Ok(())
}

/// A case that was closed by mistake is open again.
///
/// # Errors
/// `Refused` where another of its kind is open meanwhile, `Invalid` without a reason.
pub fn reopen(tx: &Tx<'_>, ask: &Ask, it: &mut Case, reason: &str) -> Result<()> {
    let reason = required(reason)?;
    if it.is_open() {
        return Err(Error::refused("alarm_open", "这次报警还没有结案"));
    }
    if case::open_of(tx, &it.key.region, &it.subject, it.kind)?.is_some() {
        return Err(Error::refused("alarm_again", "同一对象同类报警已另有未结的,请在那里处理"));
    }
    (it.closed, it.follow_day) = (None, None);
    for text in [&mut it.closed_by, &mut it.verdict, &mut it.found, &mut it.follow_up] {
        text.clear();
    }
    keep(tx, ask, it, &New::of("reopened", &ask.who.name, "撤销结案").note(reason))
}

/// Puts right what was written when a case was closed; what it was before stays in the entries.
///
/// # Errors
/// `Refused` where it is open, `Invalid` without a reason.
pub fn correct(tx: &Tx<'_>, ask: &Ask, it: &mut Case, verdict: &str, found: &str, reason: &str) -> Result<()> {
    let reason = required(reason)?;
    if it.is_open() {
        return Err(Error::refused("alarm_open", "这次报警还没有结案"));
    }
    let title = |word: &str| words::title(words::VERDICTS, word).to_string();
    let said = Said::new("更正:{before} 改为 {after}(原写:{found})")
        .with("before", title(&it.verdict))
        .with("after", title(verdict))
        .with("found", &it.found);
    it.verdict = verdict.to_string();
    it.found = found.to_string();
    keep(tx, ask, it, &New::of("corrected", &ask.who.name, said).note(reason))
}

/// The family was told, by whom and whom.
pub fn inform(tx: &Tx<'_>, ask: &Ask, it: &mut Case, whom: &str) -> Result<()> {
    if whom.trim().is_empty() {
        return Err(Error::invalid("whom", "请写明告知了谁"));
    }
    it.informed = Some(stamp(ask.now));
    let said = Said::new("已告知 {name}").with("name", whom.trim());
    keep(tx, ask, it, &New::of("informed", &ask.who.name, said))
}

/// What was still to be done is done.
///
/// # Errors
/// `Refused` where nothing is.
pub fn follow(tx: &Tx<'_>, ask: &Ask, it: &mut Case, note: &str) -> Result<()> {
    if it.follow_day.is_none() || it.followed.is_some() {
        return Err(Error::refused("nothing_to_follow", "没有要跟进的事"));
    }
    it.followed = Some(stamp(ask.now));
    keep(tx, ask, it, &New::of("followed", &ask.who.name, "跟进完成").note(note))
}

/// Something worth knowing.
pub fn remark(tx: &Tx<'_>, ask: &Ask, it: &mut Case, note: &str) -> Result<()> {
    if note.trim().is_empty() {
        return Err(Error::invalid("note", "请写明内容"));
    }
    keep(tx, ask, it, &New::of("note", &ask.who.name, "备注").note(note.trim()))
}
