//! What orders put on the workbench and beside an elder, and what they hear from others.

use kit::{
    App, Ask, Error, Id, Result, Role, Tx,
    clock::stamp,
    db::Bind,
    events::Event,
    module::{Beside, Due, Figure, Urgency},
};
use rules::home_service::Answer;

use super::{DO, HANDLE, PLACE, RATE, READ, course, done, list, marks, record, words, yearly};
use crate::{
    elders::{self, Key},
    visits,
};

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    if ask.may(HANDLE) {
        let lines = [
            (
                Urgency::Wrong,
                "上门服务投诉",
                "答复老人或家属",
                "/orders?what=complaint",
                "chat-dots",
                list::COMPLAINT,
                String::new(),
            ),
            (
                Urgency::Late,
                "超时未答复的上门服务订单",
                "接单,或说明不接的原因",
                "/orders?what=late",
                "house-heart",
                list::LATE,
                stamp(ask.now),
            ),
            (
                Urgency::Today,
                "待接单的上门服务",
                "接单并派人",
                "/orders?state=placed",
                "house-heart",
                WAITING,
                stamp(ask.now),
            ),
            (
                Urgency::Today,
                "已接单待派单",
                "按资格派人",
                "/orders?state=accepted",
                "house-heart",
                ACCEPTED,
                String::new(),
            ),
        ];
        for (urgency, title, note, link, icon, condition, value) in lines {
            let n = count(tx, ask, condition, value)?;
            all.extend(Due::counted(ask, urgency, [title, note], link, icon, n));
        }
    }
    if ask.may(DO) {
        let year_end = format!("{}-12-31", ask.today().year());
        let n = elders::count_due(tx, &ask.who.scope, yearly::KIND, "", &year_end)?;
        let said = ["失能老人年度健康服务", "今年还没有做的申请人"];
        all.extend(Due::counted(ask, Urgency::Soon, said, "/orders/yearly?year=open", "person-badge", n));
    }
    if ask.may(RATE) && ask.who.role == Role::Family {
        let n = count(tx, ask, UNRATED, String::new())?;
        let said = ["评价上门服务", "说说这次服务怎么样"];
        all.extend(Due::counted(ask, Urgency::Soon, said, "/orders?what=unrated", "star", n));
    }
    Ok(all)
}

const WAITING: &str = "o.state = 'placed' and o.answer_by >= $?";
const ACCEPTED: &str = "o.state = 'accepted' and o.day >= $?";
const UNRATED: &str = "o.state = 'done' and o.day >= $?";
const OPEN: &str = "o.state in ('placed', 'accepted', 'assigned', 'under_way') and o.day >= $?";
const WITHOUT_BED: &str = "o.without_bed and o.state not in ('refused', 'cancelled') and o.day >= $?";

/// Orders of the reader's scope for which a condition with one value holds.
fn count(tx: &Tx<'_>, ask: &Ask, condition: &str, value: String) -> Result<i64> {
    let mut values = Vec::new();
    let scope = ask.who.scope.sql(&list::SCOPE, &mut values);
    values.push(Box::new(value));
    let condition = condition.replace("$?", &format!("${}", values.len()));
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    tx.count(
        &format!(
            "select count(*) from home_order o join elder e on e.region = o.region and e.id = o.elder where {scope} and ({condition})"
        ),
        &values,
    )
}

pub fn figures(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Figure>> {
    if !ask.may(READ) || ask.who.role == Role::Family {
        return Ok(Vec::new());
    }
    let open = count(tx, ask, OPEN, String::new())?;
    let year = format!("{}-01-01", ask.today().year());
    let without = count(tx, ask, WITHOUT_BED, year)?;
    Ok(vec![Figure {
        label: ask.t("未完成的上门服务").to_string(),
        value: open,
        unit: ask.t("张订单").to_string(),
        note: ask.f("今年 {n} 张给有需要而未建家庭病床的老人", &[("n", &without)]),
        link: "/orders?what=open".into(),
    }])
}

/// The way to order, and the next order that is open.
pub fn beside(tx: &Tx<'_>, ask: &Ask, region: &str, person: Id) -> Result<Vec<Beside>> {
    let key = Key { region: region.to_string(), id: person };
    let mut all = Vec::new();
    if !ask.may(READ) {
        return Ok(all);
    }
    let living = match elders::find(tx, &ask.who.scope, &key) {
        Ok(it) => it.is_living(),
        // Whoever serves an elder of another institution sees what is known, and orders nothing.
        Err(Error::NotFound) => false,
        Err(other) => return Err(other),
    };
    if ask.may(PLACE) && living {
        let (title, link) = (ask.t("预约上门服务").to_string(), format!("/orders/new?elder={key}"));
        all.push(Beside::Action { title, icon: "house-heart", link });
    }
    let orders = record::of_elder(tx, &key)?;
    if let Some(it) = orders.iter().rfind(|it| it.is_open()).or(orders.first()) {
        all.push(Beside::Fact {
            title: ask.t("上门服务").to_string(),
            text: it.name(ask).to_string(),
            note: format!("{} · {}", it.when(ask), ask.t(words::title(words::STATES, &it.state))),
            link: it.link(),
        });
    }
    if let Some(it) = yearly::of(tx, &key)? {
        all.push(Beside::Fact {
            title: ask.t("失能老人健康服务").to_string(),
            text: match it.last {
                Some(day) => ask.f("上次 {day}", &[("day", &day)]),
                None => ask.t("还没有做").to_string(),
            },
            note: ask.f("{day} 申请", &[("day", &it.day)]),
            link: "/orders/yearly".into(),
        });
    }
    Ok(all)
}

/// Whether the application can be made on the page of a new order.
pub fn may_apply(tx: &Tx<'_>, ask: &Ask, elder: &elders::Elder) -> Result<bool> {
    if yearly::of(tx, &elder.key)?.is_some() {
        return Ok(false);
    }
    // Where nothing is laid down nobody is asked.
    Ok(yearly::may(tx, ask, elder).is_ok_and(|it| it == Answer::Yes))
}

/// Death and moving away end what is open, merging moves it; visits tell what was done.
pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    let text = |name: &str| news.body[name].as_str().unwrap_or_default();
    match &*news.kind {
        elders::DIED | elders::MOVED => {
            let reason = if news.kind == elders::DIED { "老人去世" } else { "老人迁出" };
            let key: Key = text("elder").parse()?;
            let ask = Ask::system(app, &key.region);
            course::end_all(tx, &ask, &key, reason)?;
            yearly::end(tx, &ask, &key)
        }
        elders::MERGED => {
            let (kept, lost): (Key, Key) = (text("kept").parse()?, text("lost").parse()?);
            record::merged(tx, &kept.region, kept.id, lost.id)?;
            marks::keep(tx, app, &kept)?;
            marks::keep(tx, app, &lost)
        }
        elders::UNMERGED => {
            let (kept, lost): (Key, Key) = (text("kept").parse()?, text("lost").parse()?);
            record::unmerged(tx, &kept.region, kept.id, lost.id)?;
            marks::keep(tx, app, &kept)?;
            marks::keep(tx, app, &lost)
        }
        visits::ASSIGNED => course::dispatched(tx, &Ask::system(app, &news.region), &news.body),
        visits::DONE => done::of_visit(tx, &Ask::system(app, &news.region), &news.body),
        visits::UNDONE => done::of_visit_undone(tx, &Ask::system(app, &news.region), &news.body),
        _ => Ok(()),
    }
}
