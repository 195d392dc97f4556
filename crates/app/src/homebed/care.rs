//! What is done at a home elderly-care bed: services, devices, adaptation, contract; and what both kinds share: suspending and
//! going on.

use kit::{Ask, Error, Result, Tx};
use rules::{
    base::Date,
    home_bed::{self, Stay},
};

use super::{
    bed::Bed,
    chart::{self, Record},
    course,
    deed::{Sent, past_day},
    home::{self, Adaptation, Pause, Service},
    hospital::day_in,
    words,
};
use crate::{
    elders::{self, Elder, Report, Tone},
    visits,
};

pub fn service(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let from = day_in(ask, it, sent, "服务起日")?;
    let service = Service {
        id: ask.new_id(),
        name: sent.checked.text("name"),
        code: sent.checked.text("code").trim().to_string(),
        times: sent.checked.int("times").unwrap_or(1),
        per: sent.checked.text("per"),
        from,
        until: None,
    };
    home::put_service(tx, ask, it, &service)?;
    course::follow(tx, ask, it, elder)
}

pub fn end_service(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let day = past_day(ask, "day", "停止日期", sent.checked.date("day"))?;
    home::end_service(tx, it, sent.item()?, day)?;
    course::follow(tx, ask, it, elder)
}

/// A service was given once.
pub fn given(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let day = day_in(ask, it, sent, "服务日期")?;
    let id = sent.item()?;
    let service = home::services(tx, it)?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    if day < service.from || service.until.is_some_and(|until| until <= day) {
        return Err(Error::invalid("day", "这一天没有约定这项服务"));
    }
    let who = sent.checked.optional("who").unwrap_or_else(|| ask.who.name.to_string());
    let mut record = Record::new(ask, "service", day, &who);
    record.service = Some(id);
    (record.treatment, record.code) = (service.name, service.code);
    record.findings = sent.checked.text("note");
    chart::put(tx, ask, it, &record)?;
    course::follow(tx, ask, it, elder)
}

/// Somebody asked how the bed serves.
pub fn check(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let day = day_in(ask, it, sent, "回访日期")?;
    let mut record = Record::new(ask, "check", day, &ask.who.name);
    record.treatment = words::title(words::SATISFIED, &sent.checked.text("satisfied")).to_string();
    record.findings = sent.checked.text("findings");
    chart::put(tx, ask, it, &record)?;
    course::follow(tx, ask, it, elder)?;
    let report = Report::new("homebed", "家庭养老床位服务回访:{how}").with("how", &record.treatment).link(it.link());
    elders::report(tx, ask.now, &elder.key, &report.tone(Tone::Ok))
}

pub fn install(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, _: &Elder, sent: &Sent) -> Result<()> {
    let day = day_in(ask, it, sent, "安装日期")?;
    home::install(tx, ask, it, &sent.checked.text("device"), sent.checked.text("number").trim(), day)
}

pub fn remove(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, _: &Elder, sent: &Sent) -> Result<()> {
    let day = past_day(ask, "day", "拆除日期", sent.checked.date("day"))?;
    home::remove(tx, it, sent.item()?, day)
}

pub fn adapt(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let day = past_day(ask, "day", "完工日期", sent.checked.date("day"))?;
    let lines = home::lines(&sent.checked.text("items"))?;
    let adaptation = Adaptation {
        id: ask.new_id(),
        day,
        cost: lines.iter().map(|it| it.fen).sum(),
        lines,
        before: sent.keep(tx, ask, &it.key.region, "before")?,
        after: sent.keep(tx, ask, &it.key.region, "after")?,
        note: sent.checked.text("note"),
        void_reason: String::new(),
    };
    home::adapt(tx, ask, it, elder, &adaptation)?;
    course::follow(tx, ask, it, elder)?;
    let report = Report::new("homebed", "家庭适老化改造,{money}")
        .with("money", rules::base::Money::from_fen(adaptation.cost))
        .link(it.link());
    elders::report(tx, ask.now, &elder.key, &report)
}

/// A picture from after an adaptation.
pub fn after(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let file = sent.keep(tx, ask, &it.key.region, "after")?;
    let file = file.ok_or_else(|| Error::invalid("after", "请选择改造后照片"))?;
    home::put_after(tx, it, sent.item()?, file)?;
    course::follow(tx, ask, it, elder)
}

pub fn void_adaptation(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    home::void_adaptation(tx, it, sent.item()?, &sent.checked.text("reason"))?;
    course::follow(tx, ask, it, elder)
}

pub fn renew(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let until = sent.checked.date("contract_until");
    let until = until.filter(|until| it.contract_until.is_none_or(|before| before < *until));
    let until = until.ok_or_else(|| Error::invalid("contract_until", "新的合同止日应晚于原来的止日"))?;
    it.contract_until = Some(until);
    if let Some(number) = sent.checked.optional("contract_number") {
        it.contract_number = number;
    }
    course::follow(tx, ask, it, elder)?;
    let report = Report::new("homebed", "家庭养老床位合同续至 {day}").with("day", until).link(it.link()).tone(Tone::Ok);
    elders::report(tx, ask.now, &elder.key, &report)
}

/// Suspends a bed of either kind.
pub fn suspend(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let from = day_in(ask, it, sent, "暂停日期")?;
    if it.resumed.is_some_and(|resumed| from < resumed) || home::pauses(tx, it)?.iter().any(|one| from <= one.from) {
        return Err(Error::invalid("day", "暂停日期不能早于上次恢复,同一天也不能暂停两次"));
    }
    let expected = sent.checked.date("expected");
    if expected.is_some_and(|it| it < from) {
        return Err(Error::invalid("expected", "预计恢复日期不能早于暂停日期"));
    }
    let pause =
        Pause { from, until: None, expected, reason: sent.checked.text("reason"), note: sent.checked.text("note") };
    home::begin_pause(tx, ask, it, &pause)?;
    (it.state, it.suspended) = ("suspended".to_string(), Some(from));
    visits::unwant(tx, ask, &it.key.region, &it.word(), "家庭床位暂停")?;
    course::follow(tx, ask, it, elder)?;
    let report = Report::new("homebed", "家庭床位 {day} 起暂停:{why}")
        .with("day", from)
        .with("why", words::title(words::PAUSES, &pause.reason))
        .link(it.link())
        .tone(Tone::Warn);
    elders::report(tx, ask.now, &elder.key, &report)
}

/// The bed goes on from a day.
pub fn resume(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, elder: &Elder, sent: &Sent) -> Result<()> {
    let day = past_day(ask, "day", "恢复日期", sent.checked.date("day"))?;
    let Some(since) = it.suspended else { return Err(Error::refused("not_suspended", "床位没有暂停")) };
    if day < since {
        return Err(Error::invalid("day", "恢复日期不能早于暂停日期"));
    }
    home::end_pause(tx, it, since, Some(day))?;
    (it.state, it.suspended, it.resumed) = ("open".to_string(), None, Some(day));
    course::follow(tx, ask, it, elder)?;
    let report = Report::new("homebed", "家庭床位 {day} 起恢复").with("day", day).link(it.link()).tone(Tone::Ok);
    elders::report(tx, ask.now, &elder.key, &report)
}

/// On how many days of a stretch a bed served; what a subsidy may be reckoned from. No amount is made of it here.
pub fn days_served(it: &Bed, pauses: &[Pause], from: Date, to: Date) -> u32 {
    let Some(opened) = it.opened else { return 0 };
    let pauses = pauses.iter().map(|it| home_bed::Pause { from: it.from, until: it.until }).collect();
    home_bed::days_served(&Stay { opened, ended: it.ended, pauses }, from, to)
}
