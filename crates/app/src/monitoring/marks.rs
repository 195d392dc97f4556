//! What cases tell the tally of an elder: how many alarms in the month so far, how many of them in time, true or false, and how long
//! it took; and the indicators. On the last day of a month a figure is that of the month; on the first of the next it begins anew.

use jiff::Timestamp;
use kit::{
    App, Result, Said, Tx,
    clock::day_of_stamp,
    db::Row,
    tally::{self, Better, Count, Event, Facts, Indicator, Lot, Marks, PERSON, Span, Unit},
};
use rules::base::Date;

use crate::elders::{self, Key};

const RAISED: &str = "monitoring.raised";
const TAKEN: &str = "monitoring.acknowledged";
const IN_TIME: &str = "monitoring.in_time";
const LATE: &str = "monitoring.late";
const TAKE_SECONDS: &str = "monitoring.acknowledge_seconds";
const LEFT: &str = "monitoring.departed";
const LEAVE_SECONDS: &str = "monitoring.leave_seconds";
const ARRIVED: &str = "monitoring.arrived";
const ARRIVE_SECONDS: &str = "monitoring.arrive_seconds";
const CLOSED: &str = "monitoring.closed";
const FALSE: &str = "monitoring.false";
/// By the words of `Kind`, in their order.
const RAISED_OF: [&str; 8] = [
    "monitoring.raised_sos",
    "monitoring.raised_fall",
    "monitoring.raised_smoke",
    "monitoring.raised_gas",
    "monitoring.raised_water",
    "monitoring.raised_vital",
    "monitoring.raised_still",
    "monitoring.raised_silent",
];

const fn of(marks: &'static [&'static str]) -> Count {
    Count::new(PERSON, marks)
}

const fn number(id: &'static str, title: &'static str, marks: &'static [&'static str]) -> Indicator {
    Indicator::number(id, title, "次", of(marks)).formula("当月到当日为止的次数,月末即全月").better(Better::Neither)
}

const fn seconds(
    id: &'static str,
    title: &'static str,
    of_all: &'static [&'static str],
    n: &'static [&'static str],
) -> Indicator {
    Indicator::share(id, title, of(of_all), of(n))
        .unit(Unit::Mean("秒"))
        .better(Better::Less)
        .formula("当月到当日为止各次用时之和 ÷ 次数")
}

pub const INDICATORS: &[Indicator] = &[
    number("alarms_raised", "老人报警", &[RAISED]),
    number("alarms_raised_sos", "老人报警(紧急呼叫)", &["monitoring.raised_sos"]),
    number("alarms_raised_fall", "老人报警(跌倒)", &["monitoring.raised_fall"]),
    number("alarms_raised_smoke", "老人报警(烟雾)", &["monitoring.raised_smoke"]),
    number("alarms_raised_gas", "老人报警(燃气)", &["monitoring.raised_gas"]),
    number("alarms_raised_water", "老人报警(漏水)", &["monitoring.raised_water"]),
    number("alarms_raised_vital", "老人报警(体征异常)", &["monitoring.raised_vital"]),
    number("alarms_raised_still", "老人报警(久无活动)", &["monitoring.raised_still"]),
    number("alarms_raised_silent", "老人报警(设备失联)", &["monitoring.raised_silent"]),
    Indicator::share("alarms_in_time_rate", "报警及时接警率", of(&[IN_TIME]), of(&[TAKEN]))
        .formula("当月到当日为止在时限内接警的 ÷ 接警的")
        .short(LATE),
    seconds("alarms_acknowledge_seconds", "平均接警用时", &[TAKE_SECONDS], &[TAKEN]),
    seconds("alarms_leave_seconds", "平均出发用时", &[LEAVE_SECONDS], &[LEFT]),
    seconds("alarms_arrive_seconds", "平均到达用时", &[ARRIVE_SECONDS], &[ARRIVED]),
    Indicator::share("alarms_false_rate", "报警不实率", of(&[FALSE]), of(&[CLOSED]))
        .formula("当月到当日为止结案为误触误报、测试或设备故障的 ÷ 结案的")
        .better(Better::Less),
];

/// What of a case is counted.
struct Counted {
    kind: String,
    raised: String,
    since: String,
    allowed: Option<i64>,
    acknowledged: Option<String>,
    departed: Option<String>,
    arrived: Option<String>,
    closed: Option<String>,
    verdict: String,
}

const OF_LOT: &str = "select kind, raised, since, allowed, acknowledged, departed, arrived, closed, verdict, elder
    from alarm_case where region = $1 and elder >= $2 and elder <= $3";

fn read(row: &Row<'_>) -> Result<Counted> {
    Ok(Counted {
        kind: row.get(0)?,
        raised: row.get(1)?,
        since: row.get(2)?,
        allowed: row.get(3)?,
        acknowledged: row.get(4)?,
        departed: row.get(5)?,
        arrived: row.get(6)?,
        closed: row.get(7)?,
        verdict: row.get(8)?,
    })
}

/// What the facts say of persons.
pub fn facts(tx: &Tx<'_>, _: &App, lot: &Lot<'_>) -> Result<Facts> {
    if lot.kind != PERSON {
        return Ok(Facts::new());
    }
    let mut cases = elders::rows_of(tx, lot, OF_LOT, read)?;
    lot.each(|it| Ok(spans_of(&cases.remove(&it.id).unwrap_or_default())))
}

/// Says anew what holds of a person.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    elders::keep_facts(tx, app, key, facts)
}

fn spans_of(all: &[Counted]) -> Marks {
    let on = |at: &Option<String>| at.as_deref().and_then(day_of_stamp);
    let once = |day: Option<Date>| day.map(|day| (day, 1, String::new()));
    let taking = |from: &str, until: &Option<String>| {
        let (from, until): (Timestamp, Timestamp) = (from.parse().ok()?, until.as_deref()?.parse().ok()?);
        Some((kit::clock::day_of(until), until.duration_since(from).as_secs().max(0), String::new()))
    };
    let in_time = |it: &Counted| Some(taking(&it.since, &it.acknowledged)?.1 <= it.allowed?);
    let events =
        |of: &dyn Fn(&Counted) -> Option<Event>| -> Vec<Span> { tally::in_months(all.iter().filter_map(of).collect()) };
    let late = |it: &Counted| {
        let seconds = taking(&it.since, &it.acknowledged)?.1;
        let said = Said::new("接警用了 {n} 秒").with("n", seconds).stored();
        Some((on(&it.acknowledged)?, 1, said)).filter(|_| in_time(it) == Some(false))
    };
    let mut marks = vec![
        (RAISED, events(&|it| once(day_of_stamp(&it.raised)))),
        (TAKEN, events(&|it| once(on(&it.acknowledged)))),
        (IN_TIME, events(&|it| once(on(&it.acknowledged)).filter(|_| in_time(it) == Some(true)))),
        (LATE, events(&late)),
        (TAKE_SECONDS, events(&|it| taking(&it.since, &it.acknowledged))),
        (LEFT, events(&|it| once(on(&it.departed)))),
        (LEAVE_SECONDS, events(&|it| taking(it.acknowledged.as_deref().unwrap_or(&it.since), &it.departed))),
        (ARRIVED, events(&|it| once(on(&it.arrived)))),
        (ARRIVE_SECONDS, events(&|it| taking(&it.since, &it.arrived))),
        (CLOSED, events(&|it| once(on(&it.closed)))),
        (FALSE, events(&|it| once(on(&it.closed)).filter(|_| it.verdict != "true"))),
    ];
    for (mark, (kind, _)) in RAISED_OF.iter().zip(rules::alarm::Kind::WORDS) {
        marks.push((mark, events(&|it| once(day_of_stamp(&it.raised)).filter(|_| it.kind == kind))));
    }
    marks
}
