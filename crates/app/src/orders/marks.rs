//! What orders tell the tally of an elder: how many were placed, accepted, refused, done, in time and rated in the month so far; and the
//! indicators. On the last day of a month a figure is that of the month; on the first of the next it begins anew.

use kit::{
    App, Result, Said, Tx,
    clock::day_of_stamp,
    db::Row,
    tally::{self, Count, Event, Facts, Indicator, Lot, Marks, PERSON, Span, Unit},
};
use rules::base::Date;

use super::words;
use crate::elders::{self, Key};

const PLACED: &str = "orders.placed";
const ACCEPTED: &str = "orders.accepted";
const DONE: &str = "orders.done";
const ON_TIME: &str = "orders.on_time";
const RATED: &str = "orders.rated";
const STARS: &str = "orders.stars";
/// By the words of `words::REFUSALS`, in their order.
const REFUSED: [&str; 4] =
    ["orders.refused_staff", "orders.refused_time", "orders.refused_unfit", "orders.refused_other"];
/// By the words of `Class`, in their order.
const PLACED_OF: [&str; 5] = [
    "orders.placed_medical",
    "orders.placed_nursing",
    "orders.placed_rehabilitation",
    "orders.placed_pharmacy",
    "orders.placed_guidance",
];
const DONE_OF: [&str; 5] = [
    "orders.done_medical",
    "orders.done_nursing",
    "orders.done_rehabilitation",
    "orders.done_pharmacy",
    "orders.done_guidance",
];
/// Why a service that was done was not in time.
const LATE: &str = "orders.late";

const NURSING: &str = "nhc-internet-nursing-2019-80";

const fn of(marks: &'static [&'static str]) -> Count {
    Count::new(PERSON, marks)
}

const fn number(id: &'static str, title: &'static str, marks: &'static [&'static str]) -> Indicator {
    Indicator::number(id, title, "次", of(marks)).formula("当月到当日为止的次数,月末即全月").document(NURSING)
}

pub const INDICATORS: &[Indicator] = &[
    number("orders_placed", "上门服务预约", &[PLACED]),
    number("orders_placed_medical", "上门服务预约(医疗)", &["orders.placed_medical"]),
    number("orders_placed_nursing", "上门服务预约(护理)", &["orders.placed_nursing"]),
    number("orders_placed_rehabilitation", "上门服务预约(康复)", &["orders.placed_rehabilitation"]),
    number("orders_placed_pharmacy", "上门服务预约(药学)", &["orders.placed_pharmacy"]),
    number("orders_placed_guidance", "上门服务预约(健康指导)", &["orders.placed_guidance"]),
    number("orders_accepted", "上门服务接单", &[ACCEPTED]),
    number("orders_refused_staff", "上门服务未接单:没有可派的人", &["orders.refused_staff"]),
    number("orders_refused_time", "上门服务未接单:时间约满", &["orders.refused_time"]),
    number("orders_refused_unfit", "上门服务未接单:不适合上门", &["orders.refused_unfit"]),
    number("orders_refused_other", "上门服务未接单:其他原因", &["orders.refused_other"]),
    number("orders_done", "上门服务完成", &[DONE]),
    number("orders_done_medical", "上门服务完成(医疗)", &["orders.done_medical"]),
    number("orders_done_nursing", "上门服务完成(护理)", &["orders.done_nursing"]),
    number("orders_done_rehabilitation", "上门服务完成(康复)", &["orders.done_rehabilitation"]),
    number("orders_done_pharmacy", "上门服务完成(药学)", &["orders.done_pharmacy"]),
    number("orders_done_guidance", "上门服务完成(健康指导)", &["orders.done_guidance"]),
    Indicator::share("orders_on_time_rate", "上门服务按时完成率", of(&[ON_TIME]), of(&[DONE]))
        .formula("当月到当日为止在约定的日期和时段完成的 ÷ 完成的")
        .document(NURSING)
        .short(LATE),
    number("orders_rated", "上门服务评价", &[RATED]),
    Indicator::share("orders_rating", "上门服务平均评分", of(&[STARS]), of(&[RATED]))
        .unit(Unit::Mean("分"))
        .formula("当月到当日为止评分之和 ÷ 评价次数")
        .document(NURSING),
];

/// What of an order is counted.
struct Counted {
    placed: String,
    accepted: Option<Date>,
    refused: Option<Date>,
    refused_why: String,
    reason: String,
    done: Option<Date>,
    on_time: Option<bool>,
    rated: Option<Date>,
    rating: Option<i64>,
    class: String,
}

const OF_LOT: &str =
    "select placed, accepted, refused, refused_why, ended_reason, done_day, on_time, rated, rating, class, elder
    from home_order where region = $1 and elder >= $2 and elder <= $3";

fn read(row: &Row<'_>) -> Result<Counted> {
    Ok(Counted {
        placed: row.get(0)?,
        accepted: row.get(1)?,
        refused: row.get(2)?,
        refused_why: row.get(3)?,
        reason: row.get(4)?,
        done: row.get(5)?,
        on_time: row.get(6)?,
        rated: row.get(7)?,
        rating: row.get(8)?,
        class: row.get(9)?,
    })
}

/// What the facts say of persons.
pub fn facts(tx: &Tx<'_>, _: &App, lot: &Lot<'_>) -> Result<Facts> {
    if lot.kind != PERSON {
        return Ok(Facts::new());
    }
    let mut orders = elders::rows_of(tx, lot, OF_LOT, read)?;
    lot.each(|it| Ok(spans_of(&orders.remove(&it.id).unwrap_or_default())))
}

/// Says anew what holds of a person.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    elders::keep_facts(tx, app, key, facts)
}

fn spans_of(all: &[Counted]) -> Marks {
    let once = |day: Option<Date>| day.map(|day| (day, 1, String::new()));
    let events =
        |of: &dyn Fn(&Counted) -> Option<Event>| -> Vec<Span> { tally::in_months(all.iter().filter_map(of).collect()) };
    let placed = |it: &Counted| once(day_of_stamp(&it.placed));
    let late = |it: &Counted| {
        let day = it.done.filter(|_| it.on_time == Some(false))?;
        Some((day, 1, Said::new("没有在约定的日期和时段完成").stored()))
    };
    let mut marks = vec![
        (PLACED, events(&placed)),
        (ACCEPTED, events(&|it| once(it.accepted))),
        (DONE, events(&|it| once(it.done))),
        (ON_TIME, events(&|it| once(it.done.filter(|_| it.on_time == Some(true))))),
        (LATE, events(&late)),
        (RATED, events(&|it| once(it.rated))),
        (STARS, events(&|it| Some((it.rated?, it.rating?, String::new())))),
    ];
    for (mark, (why, _)) in REFUSED.iter().zip(words::REFUSALS) {
        let refused = |it: &Counted| Some((it.refused.filter(|_| it.refused_why == *why)?, 1, it.reason.clone()));
        marks.push((mark, events(&refused)));
    }
    for (nth, (class, _)) in rules::home_service::Class::WORDS.iter().enumerate() {
        marks.push((PLACED_OF[nth], events(&|it| placed(it).filter(|_| it.class == *class))));
        marks.push((DONE_OF[nth], events(&|it| once(it.done.filter(|_| it.class == *class)))));
    }
    marks
}
