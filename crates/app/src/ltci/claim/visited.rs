//! A verified visit of somebody with a benefit becomes a line of the claim: what the checks proved is its evidence.

use kit::{App, Ask, Error, Id, Result, Tx, events::Event};
use rules::{base::Date, ltci::hourly, policy::InForce};
use serde_json::Value;

use super::line::{self, Said};
use crate::{
    elders::{self, Key},
    ltci::{benefit::step, provider::carer, words},
    visits,
};

/// Claims what a visit did for the insurance, and withdraws it where the visit turned out otherwise.
pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    if ![visits::DONE, visits::UNDONE].contains(&&*news.kind) {
        return Ok(());
    }
    let body = &news.body;
    let text = |it: &Value, name: &str| it[name].as_str().unwrap_or_default().to_string();
    let purposes = body["purposes"].as_array().map_or(&[][..], |it| it);
    let ours: Vec<String> =
        purposes.iter().filter(|it| text(it, "programme") == "ltci").map(|it| text(it, "service")).collect();
    let (Ok(visit), Ok(elder)) = (text(body, "visit").parse::<Key>(), text(body, "elder").parse::<Key>()) else {
        return Ok(());
    };
    // Care that no institution gives is claimed by nobody.
    let (Ok(provider), false) = (text(body, "organisation").parse::<Id>(), ours.is_empty()) else { return Ok(()) };
    let ask = Ask::system(app, &elder.region);
    for (nth, service) in ours.into_iter().enumerate() {
        let number = format!("SM{}-{service}-{}", visit.id, text(body, "outcome"));
        if news.kind == visits::UNDONE {
            withdraw(tx, &ask, &elder.region, provider, &number)?;
        } else if let Some(said) = said(tx, &ask, body, &elder, provider, &service, nth == 0)? {
            line::put(tx, &ask, &elder.region, provider, &number, &said, &format!("visit:{visit}"))?;
        }
    }
    Ok(())
}

/// The line of one service; nothing where it was not done, has no price, or no benefit ran.
fn said(
    tx: &Tx<'_>,
    ask: &Ask,
    body: &Value,
    elder: &Key,
    provider: Id,
    service: &str,
    is_first: bool,
) -> Result<Option<Said>> {
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let Ok(day) = text("day").parse::<Date>() else { return Ok(None) };
    let tasks = body["tasks"].as_array().map_or(&[][..], |it| it);
    let is_done = tasks.iter().any(|it| it["service"] == service && it["done"] == true);
    let key = elders::stays(tx, elder)?;
    let granted = step::on(tx, &key, day)?.filter(|it| it.grade.is_some());
    let policy = ask.app.policy_in(&elder.region, day);
    let (true, Some(granted)) = (is_done, granted) else { return Ok(None) };
    let minutes = body["minutes"].as_i64().unwrap_or(0);
    let Some(price) = price(&granted, service, is_first, minutes, &policy)? else { return Ok(None) };
    let proved = |element: &str| body["proved"].as_array().is_some_and(|all| all.iter().any(|it| it == element));
    let first: Option<Id> = body["staff"][0].as_str().and_then(|it| it.parse().ok());
    let carers = carer::of_county(tx, &elder.region)?;
    let carer = carers
        .into_iter()
        .find(|it| it.organisation == provider && it.staff.is_some() && it.staff == first && it.works_on(day));
    let instant =
        |name: &str, element: &str| proved(element).then(|| text(name).to_string()).filter(|it| !it.is_empty());
    let (began, ended) = (instant("began", "begin"), instant("ended", "end"));
    let millionths = |name: &str| body["place"][name].as_i64().filter(|_| proved("place"));
    let begin = text("began").parse::<jiff::Timestamp>().ok();
    Ok(Some(Said {
        elder: elder.id,
        day,
        mode: granted.mode,
        service: service.to_string(),
        claimed: price,
        begin_minute: begin.map(|it| it.duration_since(kit::clock::begin_of(day)).as_mins()),
        minutes: if is_first { minutes } else { 0 },
        second: false,
        carer: carer.filter(|_| proved("carer")).map_or(String::new(), |it| it.number),
        began,
        ended,
        latitude: millionths("latitude"),
        longitude: millionths("longitude"),
        position_source: "gps".to_string(),
        photo: String::new(),
    }))
}

/// Fen: the price of the service, or the time of the whole visit at the hour of the scale, claimed once with its first service.
fn price(
    granted: &step::Step,
    service: &str,
    is_first: bool,
    minutes: i64,
    policy: &InForce<'_>,
) -> Result<Option<i64>> {
    if let Some(price) = policy.care_service(service).and_then(|it| it.highest_price) {
        return Ok(Some(price.fen()));
    }
    let (Some(grade), true) = (granted.grade, is_first && 0 < minutes) else { return Ok(None) };
    let hour = hourly(words::mode(&granted.mode)?, grade, policy).unwrap_or_default();
    // Whole fen, what is less than one is not claimed.
    Ok(hour.map(|it| it.fen() * minutes / 60).filter(|it| 0 < *it))
}

fn withdraw(tx: &Tx<'_>, ask: &Ask, region: &str, provider: Id, number: &str) -> Result<()> {
    let Some(it) = line::by_number(tx, region, provider, number)? else { return Ok(()) };
    match line::withdraw(tx, ask, &it) {
        // What is settled is put right by an objection, as any line is.
        Ok(()) | Err(Error::Refused(_)) => Ok(()),
        Err(other) => Err(other),
    }
}
