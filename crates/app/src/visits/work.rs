//! What visits put on the workbench and beside an elder, and what they hear from others.

use kit::{
    App, Ask, Id, Result, Tx,
    db::Bind,
    events::Event,
    module::{Beside, Due, Urgency},
};

use super::{
    READ, RESPOND, follow, list, plan,
    record::{self, Visit},
    words,
};
use crate::{
    devices,
    elders::{self, Key},
};

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    if !ask.may(READ) || ask.who.scope.persons.is_some() {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    let mut add =
        |urgency, texts, link: &str, icon, count| all.extend(Due::counted(ask, urgency, texts, link, icon, count));
    if ask.may(RESPOND) {
        let open = list::ALARMS.count(tx, ask, &[("state", "open")])?;
        add(
            Urgency::Wrong,
            ["上门人员求助", "马上联系本人,再派人去"],
            "/visits/alarms?state=open",
            "exclamation-octagon",
            open,
        );
        let unsent = list::PHONES.count(tx, ask, &[("state", "unsent")])?;
        let texts = ["手机上有一天以上没有上传的记录", "请本人连上网络"];
        add(Urgency::Late, texts, "/visits/phones?state=unsent", "phone", unsent);
    }
    let late = list::VISITS.count(tx, ask, &[("state", "late")])?;
    add(Urgency::Late, ["逾期未上门", "补做、改期或写明原因"], "/visits?state=late", "house-door", late);
    if ask.may(RESPOND) {
        let doubtful = list::VISITS.count(tx, ask, &[("verdict", "doubtful")])?;
        add(
            Urgency::Today,
            ["核验存疑的上门", "看看哪一项不符"],
            "/visits?verdict=doubtful",
            "question-octagon",
            doubtful,
        );
    }
    let mine = of_today(tx, ask)?;
    add(Urgency::Today, ["今天我的上门", "按时间和路线排好"], "/visits/day", "house-door", mine);
    Ok(all)
}

fn of_today(tx: &Tx<'_>, ask: &Ask) -> Result<i64> {
    let Some(staff) = crate::workforce::staff_of_account(tx, ask)? else { return Ok(0) };
    let mut n = 0;
    for column in ["staff", "second"] {
        let values: [&dyn Bind; 3] = [&staff.key.region, &staff.key.id, &ask.today().to_string()];
        n += tx.count(
            &format!(
                "select count(*) from visit where region = $1 and {column} = $2 and day = $3 and state = 'planned'"
            ),
            &values,
        )?;
    }
    Ok(n)
}

/// The last visit and the next one at a glance, and the way to plan one.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    let key = Key { region: region.to_string(), id: person };
    if !ask.may(READ) {
        return Ok(Vec::new());
    }
    let mut all = vec![Beside::Action {
        title: ask.t("计划上门").to_string(),
        icon: "house-door",
        link: format!("/visits/plan/{key}"),
    }];
    let visits = record::of_elder(tx, &key, 10)?;
    let next = visits.iter().filter(|it| it.state == "planned" && ask.today() <= it.day).min_by_key(|it| it.day);
    let last = visits.iter().find(|it| it.state == "done");
    for (title, it) in [("下次上门", next), ("最近上门", last)] {
        let Some(it) = it else { continue };
        let verdict = words::badge_of(words::VERDICTS, &it.verdict).0;
        let note = if it.verdict.is_empty() { String::new() } else { ask.t(verdict).to_string() };
        all.push(Beside::Fact { title: ask.t(title).to_string(), text: it.day.to_string(), note, link: it.link() });
    }
    Ok(all)
}

/// Death and moving away end what was planned; what is still to come of it goes on where they were noted by mistake. A device of
/// the home that was heard only after a visit is its witness all the same.
pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    let text = |name: &str| news.body[name].as_str().unwrap_or_default();
    if news.kind == devices::MEASURED {
        let elder: Key = text("elder").parse()?;
        let visits = record::made_within(tx, &elder, text("from"), text("until"))?;
        return follow::judge_all(tx, &Ask::system(app, &elder.region), &elder.region, visits);
    }
    let reason = match (&*news.kind, text("after")) {
        (elders::DIED, _) | (elders::RETURNED, "died") => "老人已故",
        (elders::MOVED, _) | (elders::RETURNED, "moved") => "老人已迁出",
        _ => return Ok(()),
    };
    let is_back = news.kind == elders::RETURNED;
    // Who came back later is planned for anew.
    if is_back && news.body.get("day").is_some() {
        return Ok(());
    }
    let key: Key = text("elder").parse()?;
    let ask = Ask::system(app, &key.region);
    let concerned = |it: &Visit| match is_back {
        true => it.state == "cancelled" && it.reason == reason && ask.today() <= it.day,
        false => it.state == "planned",
    };
    for it in record::of_elder(tx, &key, 500)?.into_iter().filter(|it| concerned(it)) {
        record::hold(tx, &it.key)?;
        let mut it = record::by_key(tx, &it.key)?;
        match concerned(&it) {
            true if is_back => plan::take_up(tx, &ask, &mut it)?,
            true => plan::cancel(tx, &ask, &mut it, reason)?,
            false => {}
        }
    }
    Ok(())
}
