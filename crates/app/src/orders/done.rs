//! An order that was done: charged, told, rated, its complaint answered; and taken back where the visit was declared wrong.

use jiff::Timestamp;
use kit::{Ask, Error, Result, Said, Tx, clock};
use rules::base::Date;
use serde_json::Value;

use super::{
    course, family, price,
    record::{self, Order, step},
    words, yearly,
};
use crate::{
    elders::{self, Elder, Key, Report, Tone},
    tariff, visits,
};

/// What is known of a service that was given.
#[derive(Debug, Clone)]
pub struct Done<'a> {
    pub day: Date,
    /// `hand`, or `visit:KEY`.
    pub source: &'a str,
    /// When it began, where that is known.
    pub began: Option<Timestamp>,
    pub note: &'a str,
}

/// Notes that an order was done, and charges it; the same visit twice is one.
pub fn done(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, done: &Done<'_>) -> Result<()> {
    if !it.done_source.is_empty() && it.done_source == done.source {
        return Ok(());
    }
    if !matches!(&*it.state, "assigned" | "under_way") {
        let said = Said::new("订单{state},不能这样办理").with("state", words::title(words::STATES, &it.state));
        return Err(Error::refused("order_state", said));
    }
    if ask.today() < done.day {
        return Err(Error::invalid("day", "“服务日期”不能晚于今天"));
    }
    // What was rated before its visit was judged anew stays rated.
    it.state = if it.rating.is_some() { "rated" } else { "done" }.to_string();
    (it.done_day, it.done_source) = (Some(done.day), done.source.to_string());
    it.done_note = done.note.chars().take(1000).collect();
    it.on_time = Some(is_on_time(it, done));
    if !done.source.starts_with("visit:") {
        visits::unwant(tx, ask, &it.key.region, &course::thing(it), "订单已经完成")?;
    }
    if it.bill.is_none() {
        price::charge(tx, ask, it, elder, done.day)?;
    }
    record::store(tx, it)?;
    step(tx, ask, it, elder, &Said::new("服务完成:{note}").with("note", done.note))?;
    let report = Report::new("orders", "上门服务完成:{service}").with("service", &it.service.name);
    elders::report(tx, ask.now, &elder.key, &report.link(it.link()).tone(Tone::Ok))?;
    if it.service.yearly.is_yes() {
        yearly::served(tx, ask, elder, done.day)?;
    }
    family::tell(tx, ask, it, elder, "上门服务已完成,请评价", &format!("done {}", done.source))
}

/// Whether it was done on the day agreed on and, where it is known when it began, no later than the end of the time of day.
fn is_on_time(it: &Order, done: &Done<'_>) -> bool {
    let latest = course::window(it).1;
    let began = done.began.map(|at| at.duration_since(clock::begin_of(done.day)).as_mins());
    done.day == it.day && began.zip(latest).is_none_or(|(began, latest)| began <= latest)
}

/// A visit that was done, as the module of visits tells of it.
pub fn of_visit(tx: &Tx<'_>, ask: &Ask, body: &Value) -> Result<()> {
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let Ok(day) = text("day").parse::<Date>() else { return Ok(()) };
    for key in things(body)? {
        let Some((mut it, elder)) = there(tx, ask, &key)? else { continue };
        let note = note_of(body);
        let source = format!("visit:{}", text("visit"));
        if !was_given(body, &key) {
            step(tx, ask, &it, &elder, &Said::new("上门了但没有做完:{note}").with("note", &note))?;
            continue;
        }
        if it.state == "accepted" {
            // Whoever came was chosen where visits are planned.
            it.state = "assigned".to_string();
            it.staff_name = text("carer").to_string();
        }
        if matches!(&*it.state, "assigned" | "under_way") {
            let began = text("began").parse().ok();
            done(tx, ask, &mut it, &elder, &Done { day, source: &source, began, note: &note })?;
            if text("verdict") == "doubtful" {
                step(tx, ask, &it, &elder, &Said::new("上门记录存疑,请核实"))?;
            }
        }
    }
    Ok(())
}

/// A visit that was declared wrong takes back what it did.
pub fn of_visit_undone(tx: &Tx<'_>, ask: &Ask, body: &Value) -> Result<()> {
    let source = format!("visit:{}", body["visit"].as_str().unwrap_or_default());
    for key in things(body)? {
        let Some((mut it, elder)) = there(tx, ask, &key)?.filter(|it| it.0.done_source == source) else { continue };
        it.state = "assigned".to_string();
        it.departed = None;
        (it.done_day, it.done_source, it.done_note) = (None, String::new(), String::new());
        it.on_time = None;
        // A visit that is only judged anew tells at once that it was made; its bill stands.
        let visit = body["visit"].as_str().unwrap_or_default().parse::<Key>();
        let stands = match visit {
            Ok(visit) => visits::gave(tx, &visit, &it.service.id)?,
            Err(_) => false,
        };
        let number = if stands { None } else { take_bill_back(tx, ask, &mut it, &elder)? };
        record::store(tx, &it)?;
        let said = match number {
            Some(number) => Said::new("上门记录被撤销,账单{number}已全部冲正").with("number", number),
            None => Said::new("上门记录被撤销"),
        };
        step(tx, ask, &it, &elder, &said)?;
        if !stands {
            family::tell(tx, ask, &it, &elder, "上门记录被撤销,收费已冲正", &format!("undone {source}"))?;
        }
    }
    Ok(())
}

/// The bill of what was not done is corrected, entry by entry; what was paid of it stands as to be given back. Gives its number.
fn take_bill_back(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder) -> Result<Option<String>> {
    let Some(id) = it.bill.take() else { return Ok(None) };
    it.former_bills.push(id);
    it.charge_note.clear();
    let key = Key { region: it.key.region.clone(), id };
    tariff::take_back_bill(tx, ask, &key, elder, "上门记录被撤销").map(Some)
}

fn there(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Option<(Order, Elder)>> {
    match record::find_held(tx, ask, key) {
        Ok(it) => Ok(Some(it)),
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The orders among the purposes of a visit.
fn things(body: &Value) -> Result<Vec<Key>> {
    let elder: Key = body["elder"].as_str().or(body["visit"].as_str()).unwrap_or_default().parse()?;
    let purposes = body["purposes"].as_array().map_or(&[][..], |it| it);
    let ours = purposes.iter().filter(|it| it["programme"] == "order");
    let ids = ours.filter_map(|it| it["thing"].as_str()?.strip_prefix("orders:")?.parse().ok());
    Ok(ids.map(|id| Key { region: elder.region.clone(), id }).collect())
}

/// Whether the visit gave what the order wanted of it.
fn was_given(body: &Value, key: &Key) -> bool {
    let thing = format!("orders:{}", key.id);
    let wanted = body["purposes"].as_array().and_then(|all| all.iter().find(|it| it["thing"] == *thing));
    let service = wanted.map(|it| &it["service"]);
    let tasks = body["tasks"].as_array().map_or(&[][..], |it| it);
    tasks.iter().any(|it| it["done"] == true && Some(&it["service"]) == service)
}

/// What was not done, and what was noted at the visit.
fn note_of(body: &Value) -> String {
    let tasks = body["tasks"].as_array().map_or(&[][..], |it| it);
    let text = |it: &Value, name: &str| it[name].as_str().unwrap_or_default().to_string();
    let said = tasks.iter().map(|it| match it["done"].as_bool() {
        Some(false) => format!("{} ✕ {}", text(it, "service"), text(it, "reason")),
        _ => text(it, "note"),
    });
    said.map(|it| it.trim().to_string()).filter(|it| !it.is_empty()).collect::<Vec<_>>().join(";")
}

/// Elder or family say how it was.
pub fn rate(
    tx: &Tx<'_>,
    ask: &Ask,
    it: &mut Order,
    elder: &Elder,
    rating: i64,
    words: &str,
    complaint: bool,
) -> Result<()> {
    if it.state != "done" {
        return Err(Error::refused("not_done", "服务完成后才能评价,一次服务评价一次"));
    }
    if complaint && words.is_empty() {
        return Err(Error::invalid("words", "请写明要投诉什么"));
    }
    it.state = "rated".to_string();
    it.rated = Some(ask.today());
    (it.rating, it.rating_words, it.complaint) = (Some(rating), words.to_string(), complaint);
    record::store(tx, it)?;
    let said = match complaint {
        true => Said::new("评价 {n} 分并投诉:{words}"),
        false => Said::new("评价 {n} 分:{words}"),
    };
    step(tx, ask, it, elder, &said.with("n", rating).with("words", words))
}

/// The institution answers a complaint.
pub fn answer(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, words: &str) -> Result<()> {
    if !it.complaint || !it.complaint_answer.is_empty() {
        return Err(Error::refused("no_complaint", "没有待答复的投诉"));
    }
    it.complaint_answer = words.to_string();
    record::store(tx, it)?;
    step(tx, ask, it, elder, &Said::new("答复投诉:{words}").with("words", words))?;
    family::tell(tx, ask, it, elder, "投诉已答复", "answered")
}
