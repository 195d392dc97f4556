//! What is done at a home hospital bed: opened, seen on rounds, nursed, ordered for, reviewed and closed.

use kit::{Ask, Error, Result, Said, Tx};
use rules::base::Date;

use super::{
    bed::{self, Bed, needed},
    chart::{self, Order, Record},
    course,
    deed::{Sent, past_day},
    doctor,
    home::{self, Review},
    promise::ROUND,
};
use crate::{
    elders::{self, Elder, Report, Tone},
    visits,
};

/// A day on which the bed was there.
pub fn day_in(ask: &Ask, it: &Bed, sent: &Sent, label: &'static str) -> Result<Date> {
    let day = past_day(ask, "day", label, sent.checked.date("day"))?;
    match it.opened {
        Some(opened) if opened <= day => Ok(day),
        _ => Err(Error::invalid("day", Said::new("“{label}”不能早于建床日期").with("label", label))),
    }
}

/// Opens the bed with first note and plan.
///
/// # Errors
/// `Refused` while the doctor has not seen the elder, or nobody signed.
pub fn open(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    if !elder.is_living() {
        return Err(Error::refused("not_living", "老人已故或已迁出,不能建床"));
    }
    if it.visited.is_none() {
        return Err(Error::refused("not_visited", "责任医师还没有上门评估,不能建床"));
    }
    let Some(signed) = it.consent.day else {
        return Err(Error::refused("no_consent", "还没有签署协议,不能建床"));
    };
    let day = past_day(ask, "day", "建床日期", sent.checked.date("day"))?;
    if day < signed {
        return Err(Error::invalid("day", "建床日期不能早于签署协议的日期"));
    }
    set_plan(tx, ask, it, sent, day)?;
    let mut first = Record::new(ask, "first", day, &it.doctor);
    first.findings = sent.checked.text("first_note");
    first.treatment.clone_from(&it.plan.treatment);
    chart::put(tx, ask, it, &first)?;
    course::begin(tx, ask, it, elder, day)
}

fn set_plan(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, sent: &Sent, day: Date) -> Result<()> {
    let least = *needed(bed::policy(ask, &it.key.region, day).read(|it| &it.home_bed.rounds_a_week))?;
    let rounds = sent.checked.int("rounds").unwrap_or_default();
    if rounds < i64::from(least) {
        return Err(Error::invalid("rounds", Said::new("每周至少巡诊 {n} 次").with("n", least)));
    }
    doctor::set(tx, ask, it, sent.checked.id("doctor"))?;
    it.plan = bed::Plan {
        diagnosis: sent.checked.text("diagnosis"),
        treatment: sent.checked.text("treatment_plan"),
        nursing: sent.checked.text("nursing_plan"),
        medicines: sent.checked.text("medicines"),
        rounds,
    };
    Ok(())
}

pub fn plan(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    set_plan(tx, ask, it, sent, ask.today())?;
    course::follow(tx, ask, it, elder)?;
    let report = Report::new("homebed", "修改家庭病床计划").link(it.link());
    elders::report(tx, ask.now, &elder.key, &report)
}

/// Writes an entry, and what follows from it.
pub fn write(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, record: &Record) -> Result<()> {
    chart::put(tx, ask, it, record)?;
    course::follow(tx, ask, it, elder)?;
    let report = Report::new("homebed", "家庭病床{kind}:{who}")
        .with("kind", super::words::title(super::words::RECORDS, &record.kind))
        .with("who", &record.who)
        .link(it.link())
        .tone(Tone::Ok);
    let report = if record.day == ask.today() { report } else { report.at(kit::clock::begin_of(record.day)) };
    elders::report(tx, ask.now, &elder.key, &report)
}

fn record(ask: &Ask, it: &Bed, sent: &Sent, kind: &str, label: &'static str) -> Result<Record> {
    let day = day_in(ask, it, sent, label)?;
    let mut record = Record::new(ask, kind, day, &ask.who.name);
    record.findings = sent.checked.text("findings");
    record.readings = chart::readings(&sent.input)?;
    record.treatment = sent.checked.text("treatment");
    record.advice = sent.checked.text("advice");
    Ok(record)
}

/// Wants a round of a day; what the visit tells becomes its record.
pub fn plan_visit(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let day = sent.checked.date("day").unwrap_or(ask.today());
    let thing = it.word();
    let wanted = visits::Wanted {
        elder,
        day,
        from_minute: None,
        until_minute: None,
        minutes: 30,
        organisation: Some(it.institution),
        staff: None,
        second: None,
        people: 1,
        note: "",
        // The bed writes its own bill.
        purpose: visits::For { programme: "home_bed", thing: &thing, service: ROUND, payer: "" },
    };
    visits::want(tx, ask, &wanted).map(drop)
}

pub fn round(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let record = record(ask, it, sent, "round", "巡诊日期")?;
    write(tx, ask, it, elder, &record)
}

pub fn nursing(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let record = record(ask, it, sent, "nursing", "护理日期")?;
    write(tx, ask, it, elder, &record)
}

pub fn superior(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let mut record = record(ask, it, sent, "superior", "查床日期")?;
    record.who = sent.checked.text("doctor");
    write(tx, ask, it, elder, &record)
}

pub fn procedure(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let kind = sent.checked.text("kind");
    let mut record = record(ask, it, sent, &kind, "处置日期")?;
    record.code = sent.checked.text("code").trim().to_string();
    record.quantity = sent.checked.int("quantity").unwrap_or(1);
    write(tx, ask, it, elder, &record)
}

pub fn void_record(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    chart::void(tx, it, sent.item()?, &sent.checked.text("reason"))?;
    course::follow(tx, ask, it, elder)
}

pub fn order(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, _: &Elder, sent: &Sent) -> Result<()> {
    let from = day_in(ask, it, sent, "医嘱日期")?;
    let order = Order {
        id: ask.new_id(),
        term: sent.checked.text("term"),
        content: sent.checked.text("content"),
        usage: sent.checked.text("usage"),
        from,
        who: ask.who.name.to_string(),
        until: None,
        stopped_by: String::new(),
    };
    chart::put_order(tx, ask, it, &order)
}

pub fn stop_order(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, _: &Elder, sent: &Sent) -> Result<()> {
    let day = past_day(ask, "day", "停止日期", sent.checked.date("day"))?;
    chart::stop_order(tx, ask, it, sent.item()?, day)
}

pub fn delivery(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, _: &Elder, sent: &Sent) -> Result<()> {
    let day = day_in(ask, it, sent, "开单日期")?;
    home::order_delivery(tx, ask, it, day, &sent.checked.text("items"))
}

pub fn handed(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let day = past_day(ask, "day", "送达日期", sent.checked.date("day"))?;
    home::hand_over(tx, ask, it, sent.item()?, day, &sent.checked.text("to"))?;
    let report = Report::new("homebed", "送药入户:{who}签收").with("who", sent.checked.text("to")).link(it.link());
    elders::report(tx, ask.now, &elder.key, &report)
}

/// What is decided at the end of a course: another follows, or the bed is to be closed.
pub fn review(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let day = day_in(ask, it, sent, "评估日期")?;
    let goes_on = sent.checked.text("decision") == "extend";
    let review = Review {
        id: ask.new_id(),
        day,
        goes_on,
        findings: sent.checked.text("findings"),
        who: ask.who.name.to_string(),
    };
    home::put_review(tx, it, &review)?;
    if let Some(last_day) = it.course_until.filter(|_| goes_on) {
        it.extended = Some(rules::home_bed::extended_from(last_day, day));
    }
    course::follow(tx, ask, it, elder)?;
    let said = if goes_on { "家庭病床疗程评估:续建" } else { "家庭病床疗程评估:不再续建" };
    elders::report(tx, ask.now, &elder.key, &Report::new("homebed", said).link(it.link()))
}

/// Closes a bed of either kind.
pub fn close(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let day = day_in(ask, it, sent, "撤床日期")?;
    let reason = sent.checked.text("reason");
    let last = chart::of(tx, it)?.into_iter().filter(Record::counts).map(|it| it.day).max();
    if let Some(last) = last.filter(|last| day < *last) {
        return Err(Error::invalid("day", Said::new("{day} 还有记录,撤床日期不能更早").with("day", last)));
    }
    it.summary = sent.checked.text("summary");
    course::end(tx, ask, it, elder, day, &reason, "")
}

pub fn withdraw(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    it.summary = sent.checked.text("reason");
    course::end(tx, ask, it, elder, ask.today(), &sent.checked.text("reason"), "")
}
