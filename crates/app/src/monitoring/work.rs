//! What monitoring puts on the workbench and beside an elder, and what it hears from visits.

use kit::{
    App, Ask, Id, Result, Tx,
    events::Event,
    module::{Beside, Due, Urgency},
};
use rules::alarm::Gap;

use super::{DUTY, RAISE, READ, RESPOND, case, deeds, duty, list, words};
use crate::{elders::Key, visits};

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    if !ask.may(READ) || ask.who.scope.persons.is_some() {
        return Ok(all);
    }
    let mut add =
        |urgency, texts, link: &str, icon, count| all.extend(Due::counted(ask, urgency, texts, link, icon, count));
    if ask.may(RESPOND) {
        let waiting = list::CASES.count(tx, ask, &[("state", "raised")])?;
        add(Urgency::Wrong, ["报警没有人接", "马上接警,联系本人"], "/monitoring?state=raised", "bell", waiting);
        let open = list::CASES.count(tx, ask, &[("state", "open")])?;
        add(Urgency::Today, ["报警还没有结案", "派人、到达、结案"], "/monitoring", "bell", open - waiting);
        let follow = list::CASES.count(tx, ask, &[("state", "follow")])?;
        let texts = ["报警结案后要跟进", "再看望一次,或完成交代的事"];
        add(Urgency::Today, texts, "/monitoring/history?state=follow", "arrow-repeat", follow);
    }
    if ask.may(DUTY) {
        let (mut now, mut soon, mut link) = (0, 0, String::from("/monitoring/duty"));
        for centre in duty::centres(tx, &ask.who.scope)? {
            let gaps = duty::gaps(tx, ask, &centre)?;
            if !gaps.is_empty() && soon + now == 0 {
                link = centre.link();
            }
            let is_today = |it: &&Gap| it.shift.day == ask.today();
            let today = i64::try_from(gaps.iter().filter(is_today).count()).unwrap_or(0);
            now += today;
            soon += i64::try_from(gaps.len()).unwrap_or(0) - today;
        }
        add(Urgency::Late, ["今天的值班有空档", "补上人,或调整班次"], &link, "calendar-event", now);
        add(Urgency::Soon, ["近期的值班有空档", "提前排好人"], &link, "calendar-event", soon);
    }
    Ok(all)
}

/// The last alarm at a glance, and the way to write one down.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    let key = Key { region: region.to_string(), id: person };
    let mut all = Vec::new();
    if !ask.may(READ) {
        return Ok(all);
    }
    if ask.may(RAISE) {
        let (title, link) = (ask.t("登记报警").to_string(), format!("/monitoring/new?elder={key}"));
        all.push(Beside::Action { title, icon: "bell", link });
    }
    if let Some(last) = case::of_elder(tx, &key, 1)?.into_iter().next() {
        all.push(Beside::Fact {
            title: ask.t("最近报警").to_string(),
            text: format!("{} {}", ask.t(last.kind.title()), kit::clock::minute(&last.raised)),
            note: ask.t(words::badge_of(words::STATES, &last.state).0).to_string(),
            link: last.link(),
        });
    }
    Ok(all)
}

/// A visit that is made to an alarm tells when somebody was there.
pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    let text = |name: &str| news.body[name].as_str().unwrap_or_default();
    let is_proven = match &*news.kind {
        visits::BEGUN => news.body["by_phone"] == true && text("place") == "passed",
        visits::DONE => news.body["proved"].as_array().is_some_and(|all| all.iter().any(|it| it == "place")),
        visits::MISSED => false,
        _ => return Ok(()),
    };
    let visit: Key = text("visit").parse()?;
    let Some(it) = case::of_visit(tx, &visit.region, visit.id)? else { return Ok(()) };
    case::hold(tx, &it.key)?;
    let mut it = case::by_key(tx, &it.key)?;
    let ask = Ask::system(app, &visit.region);
    match text("began") {
        "" if news.kind == visits::MISSED => deeds::in_vain(tx, &ask, &mut it, text("reason")),
        "" => Ok(()),
        began => deeds::arrived(tx, &ask, &mut it, began, is_proven),
    }
}
