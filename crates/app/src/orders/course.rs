//! From placed to the door: accepted or refused, staff assigned, the time changed, called off, departed.

use kit::{Ask, Error, Id, Result, Role, Said, Tx, clock::stamp};
use rules::{
    base::Date,
    home_service::{self, Answer, CallOff, Calling},
};
use serde_json::Value;

use super::{
    HANDLE, assessed, family, no_policy, place,
    record::{self, Order, step},
    staff, words,
};
use crate::{
    elders::{self, Elder, Key, Report, Tone},
    visits, workforce,
};

/// A time that is wished for.
#[derive(Debug, Clone)]
pub struct Wish {
    pub day: Date,
    pub part: String,
    pub from_minute: Option<i64>,
}

fn must_be(it: &Order, states: &[&str]) -> Result<()> {
    if states.contains(&&*it.state) {
        return Ok(());
    }
    let said = Said::new("订单{state},不能这样办理").with("state", words::title(words::STATES, &it.state));
    Err(Error::refused("order_state", said))
}

/// The institution takes the order.
pub fn accept(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder) -> Result<()> {
    must_be(it, &["placed"])?;
    it.state = "accepted".to_string();
    it.accepted = Some(ask.today());
    record::store(tx, it)?;
    step(tx, ask, it, elder, &Said::new("接单"))?;
    family::tell(tx, ask, it, elder, "上门服务已接单", "accepted")
}

/// The institution does not take the order, and says why: a word of `words::REFUSALS`, and in its own words.
pub fn refuse(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, why: &str, reason: &str) -> Result<()> {
    must_be(it, &["placed", "accepted"])?;
    if reason.is_empty() {
        return Err(Error::invalid("reason", "请写明原因"));
    }
    it.state = "refused".to_string();
    (it.refused, it.refused_why) = (Some(ask.today()), why.to_string());
    it.ended_reason = reason.to_string();
    record::store(tx, it)?;
    step(tx, ask, it, elder, &Said::new("未接单:{reason}").with("reason", reason))?;
    let report = Report::new("orders", "上门服务未接单:{service}").with("service", &it.service.name);
    elders::report(tx, ask.now, &elder.key, &report.link(it.link()).tone(Tone::Warn))?;
    family::tell(tx, ask, it, elder, "上门服务未接单", "refused")
}

/// Says who goes. `looked_up`: whoever assigns has looked up what the records leave open.
///
/// # Errors
/// `Refused` without a first assessment where one is demanded; `Invalid` for who may not go, and for one where two go.
pub fn assign(
    tx: &Tx<'_>,
    ask: &Ask,
    it: &mut Order,
    elder: &Elder,
    (first, second): (Id, Option<Id>),
    looked_up: bool,
) -> Result<()> {
    must_be(it, &["placed", "accepted", "assigned"])?;
    if it.needs_assessment() && assessed::until(tx, ask, &elder.key)?.is_none_or(|until| until < it.day) {
        let why = "派单之前要有在有效期内的首次面对面评估,请先登记";
        return Err(Error::refused("not_seen", why));
    }
    if !it.is_agreed() {
        let why = "派单之前要有知情同意:由老人或家属的账号确认,或当面签名";
        return Err(Error::refused("not_agreed", why));
    }
    if 2 <= it.people && second.is_none() {
        return Err(Error::invalid("second", Said::new("这次要 {n} 人上门").with("n", it.people)));
    }
    if second == Some(first) {
        return Err(Error::invalid("second", "请选另一个人"));
    }
    let first_name = sent(tx, ask, it, "staff", first, looked_up)?;
    let second_name = match second {
        Some(id) => sent(tx, ask, it, "second", id, looked_up)?,
        None => String::new(),
    };
    let was_placed = it.state == "placed";
    it.state = "assigned".to_string();
    it.accepted = it.accepted.or(Some(ask.today()));
    (it.staff, it.staff_name, it.second, it.second_name) = (Some(first), first_name, second, second_name);
    record::store(tx, it)?;
    if was_placed {
        step(tx, ask, it, elder, &Said::new("接单"))?;
    }
    plan(tx, ask, it, elder)?;
    let names =
        [&*it.staff_name, &*it.second_name].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("、");
    step(tx, ask, it, elder, &Said::new("派单:{names}").with("names", &names))?;
    let report = Report::new("orders", "上门服务已派单:{service},{names}").with("service", &it.service.name);
    elders::report(tx, ask.now, &elder.key, &report.with("names", &names).link(it.link()).tone(Tone::Ok))?;
    family::tell(tx, ask, it, elder, "上门服务已派单", &format!("assigned {first} {}", it.when(ask)))
}

/// Dispatch decided who goes: the order says so as well.
pub fn dispatched(tx: &Tx<'_>, ask: &Ask, body: &Value) -> Result<()> {
    let number = |it: &Value| it.as_str().and_then(|it| it.parse::<Id>().ok());
    let (Some(staff), second) = (number(&body["staff"]), number(&body["second"])) else { return Ok(()) };
    let visit: Key = body["visit"].as_str().unwrap_or_default().parse()?;
    let things = body["things"].as_array().map_or(&[][..], |it| it);
    for thing in things.iter().filter_map(Value::as_str) {
        let Some(id) = thing.strip_prefix("orders:").and_then(|it| it.parse().ok()) else { continue };
        let (mut it, elder) = match record::find_held(tx, ask, &Key { region: visit.region.clone(), id }) {
            Ok(found) => found,
            Err(Error::NotFound) => continue,
            Err(other) => return Err(other),
        };
        if it.state != "assigned" || (it.staff, it.second) == (Some(staff), second) {
            continue;
        }
        let name = |id: Id| -> Result<String> {
            Ok(workforce::staff_by_key(tx, &Key { region: visit.region.clone(), id })?.name)
        };
        (it.staff, it.staff_name) = (Some(staff), name(staff)?);
        (it.second, it.second_name) = (second, second.map(name).transpose()?.unwrap_or_default());
        record::store(tx, &it)?;
        let names = [&*it.staff_name, &*it.second_name].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>();
        step(tx, ask, &it, &elder, &Said::new("派单:{names}").with("names", names.join("、")))?;
    }
    Ok(())
}

/// By what visits know an order.
pub fn thing(it: &Order) -> String {
    format!("orders:{}", it.key.id)
}

/// The minutes of the day between which somebody is to be there.
pub fn window(it: &Order) -> (Option<i64>, Option<i64>) {
    match (it.from_minute, &*it.part) {
        (Some(from), _) => (Some(from), Some(from + 60)),
        (None, "morning") => (Some(8 * 60), Some(12 * 60)),
        (None, "afternoon") => (Some(13 * 60), Some(18 * 60)),
        _ => (None, None),
    }
}

/// The visit of an order follows it: planned once somebody goes, and no longer where nobody does.
fn plan(tx: &Tx<'_>, ask: &Ask, it: &Order, elder: &Elder) -> Result<()> {
    visits::unwant(tx, ask, &it.key.region, &thing(it), "订单改派或改期")?;
    if it.state != "assigned" || it.day < ask.today() {
        return Ok(());
    }
    let (from, until) = window(it);
    let wanted = visits::Wanted {
        elder,
        day: it.day,
        from_minute: from,
        until_minute: until,
        minutes: i64::from(it.service.minutes),
        organisation: Some(it.institution),
        staff: it.staff,
        second: it.second,
        people: it.people,
        note: &it.note,
        // The order writes its own bill.
        purpose: visits::For { programme: "order", thing: &thing(it), service: &it.service.id, payer: "" },
    };
    visits::want(tx, ask, &wanted).map(drop)
}

/// The name of somebody who may go.
fn sent(tx: &Tx<'_>, ask: &Ask, it: &Order, field: &'static str, id: Id, looked_up: bool) -> Result<String> {
    let key = Key { region: it.key.region.clone(), id };
    let one = match workforce::staff_by_key(tx, &key) {
        Err(Error::NotFound) => return Err(Error::invalid(field, "请选择人员")),
        other => other?,
    };
    let found = staff::weigh(tx, ask, it, &one)?;
    let why = |all: &[home_service::Objection]| -> String {
        all.iter().map(|it| ask.t(it.title())).collect::<Vec<_>>().join(ask.t("、"))
    };
    match found.may.answer {
        Answer::Yes => Ok(one.name),
        Answer::Open if looked_up => Ok(one.name),
        Answer::Open => {
            let said = Said::new("{name}的资格还要核对({why}),核对后勾选“已核对”");
            Err(Error::invalid(field, said.with("name", &one.name).with("why", why(&found.may.open))))
        }
        Answer::No => {
            let said = Said::new("{name}不能做这项服务:{why}");
            Err(Error::invalid(field, said.with("name", &one.name).with("why", why(&found.may.against))))
        }
    }
}

/// Another time. Whoever handles orders may change it at any time before departure, the others until the hours of the service.
pub fn change(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, wish: &Wish) -> Result<()> {
    must_be(it, &["placed", "accepted", "assigned"])?;
    let hours = record::hours_until(ask.now, it.begins());
    if hours < i64::from(it.service.change_hours) && !ask.may(HANDLE) {
        let why = Said::new("预约时间前 {n} 小时内不能自己改期,请打电话给机构").with("n", it.service.change_hours);
        return Err(Error::refused("too_late", why));
    }
    if wish.day == it.day && wish.part == it.part && wish.from_minute == it.from_minute {
        return Err(Error::invalid("day", "时间没有变"));
    }
    place::in_time(ask, &it.service, wish.day, &wish.part, wish.from_minute)?;
    let before = it.when(ask);
    (it.day, it.part, it.from_minute) = (wish.day, wish.part.clone(), wish.from_minute);
    let said = Said::new("改期:{before} 改为 {after}").with("before", before).with("after", it.when(ask));
    // Who was to come may be away on the new day.
    if it.state == "assigned" {
        let ids = [it.staff, it.second].into_iter().flatten();
        let fits = ids.map(|id| sent(tx, ask, it, "staff", id, true)).all(|it| it.is_ok());
        if !fits {
            it.state = "accepted".to_string();
            (it.staff, it.second) = (None, None);
            (it.staff_name, it.second_name) = (String::new(), String::new());
        }
    }
    record::store(tx, it)?;
    plan(tx, ask, it, elder)?;
    step(tx, ask, it, elder, &said)?;
    family::tell(tx, ask, it, elder, "上门服务时间已更改", &format!("changed {}", stamp(ask.now)))
}

/// How an order would be called off now.
pub fn calling(ask: &Ask, it: &Order) -> Result<CallOff> {
    let hours = record::hours_until(ask.now, it.begins());
    let calling = Calling { hours, departed: it.departed.is_some().into() };
    home_service::call_off(&calling, &ask.app.policy_in(&it.key.region, ask.today())).map_err(no_policy)
}

/// Calls an order off: freely in time, later with a reason; after departure it is said that a visit fee may fall due.
pub fn call_off(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, reason: &str) -> Result<CallOff> {
    must_be(it, &words::OPEN)?;
    let how = calling(ask, it)?;
    if how != CallOff::Free && reason.is_empty() {
        return Err(Error::invalid("reason", "请写明原因"));
    }
    let said = match how {
        CallOff::FeeMayFall => Said::new("出发后取消,可能产生上门服务费,由机构说明:{reason}"),
        _ => Said::new("取消:{reason}"),
    };
    end(tx, ask, it, elder, &said.with("reason", reason), reason)?;
    Ok(how)
}

fn end(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, said: &Said, reason: &str) -> Result<()> {
    it.state = "cancelled".to_string();
    it.ended_reason = reason.to_string();
    record::store(tx, it)?;
    visits::unwant(tx, ask, &it.key.region, &thing(it), reason)?;
    step(tx, ask, it, elder, said)?;
    let report = Report::new("orders", "取消上门服务:{service}").with("service", &it.service.name);
    elders::report(tx, ask.now, &elder.key, &report.link(it.link()).tone(Tone::Warn))?;
    if ask.who.role == Role::Family {
        return Ok(());
    }
    family::tell(tx, ask, it, elder, "上门服务已取消", "cancelled")
}

/// Death and moving away end what is open.
pub fn end_all(tx: &Tx<'_>, ask: &Ask, key: &Key, reason: &'static str) -> Result<()> {
    let elder = elders::find(tx, &ask.who.scope, key)?;
    for mut it in record::of_elder(tx, key)? {
        if it.is_open() {
            end(tx, ask, &mut it, &elder, &Said::new("取消:{reason}").with("reason", reason), reason)?;
        }
    }
    Ok(())
}

/// Somebody is on the way.
pub fn depart(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder) -> Result<()> {
    must_be(it, &["assigned"])?;
    it.state = "under_way".to_string();
    it.departed = Some(stamp(ask.now));
    record::store(tx, it)?;
    step(tx, ask, it, elder, &Said::new("已出发"))?;
    family::tell(tx, ask, it, elder, "服务人员已出发", "departed")
}
