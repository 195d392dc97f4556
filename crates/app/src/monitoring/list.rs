//! Every case as a list: the history.

use kit::{
    Ask,
    clock::stamp,
    page::Badge,
    table::{Column, Condition, Filter, FilterKind, List, Row, Show, Value, badged, column, titled},
};

use super::{case::SCOPE, words};
use crate::elders::listed::PLACES;

const PLACE: Column = column("place", "所在地", "c.place", Show::Place);

pub static CASES: List = List {
    name: "monitoring",
    title: "报警记录",
    path: "/monitoring/history",
    from: "alarm_case c left join elder e on e.region = c.region and e.id = c.elder",
    always: "1 = 1",
    key: "c.id",
    scope: Some(SCOPE),
    columns: &[
        column("raised", "报警时间", "c.raised", Show::Time).sorts(),
        column("name", "对象", "coalesce(e.name, c.about)", Show::Text),
        column("kind", "报警", "c.kind", Show::Word(words::KINDS)),
        column("urgent", "紧急", "case when c.urgent then 'yes' else 'no' end", Show::Word(URGENT)).exported(),
        column("state", "状态", "c.state", Show::Word(words::STATES)),
        column("raises", "报警次数", "c.raises", Show::Number("次")),
        PLACE,
        column("acknowledged_by", "接警人", "c.acknowledged_by", Show::Text),
        column("acknowledged", "接警时间", "coalesce(c.acknowledged, '')", Show::As(moment)).exported(),
        column("departed", "出发时间", "coalesce(c.departed, '')", Show::As(moment)).exported(),
        column("arrived", "到达时间", "coalesce(c.arrived, '')", Show::As(moment)).exported(),
        column("arrived_by", "到达人员", "c.arrived_by", Show::Text).exported(),
        column("proven", "到达核验", PROVEN, Show::Word(PROVENS)).exported(),
        column("closed", "结案时间", "coalesce(c.closed, '')", Show::As(moment)).exported(),
        column("closed_by", "结案人", "c.closed_by", Show::Text).exported(),
        column("verdict", "是否属实", "c.verdict", Show::Word(words::VERDICT_BADGES)),
        column("found", "现场情况", "c.found", Show::Text).exported(),
        column("device", "设备", "c.device_label", Show::Text).exported(),
        column("region", "", "c.region", Show::Hidden),
        column("id", "", "c.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "q", title: "姓名或对象", kind: FilterKind::Chosen(by_name), sql: "" },
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(states, state_is), sql: "" },
        Filter {
            key: "kind",
            title: "报警类别",
            kind: FilterKind::Choice(&rules::alarm::Kind::WORDS),
            sql: "c.kind = $?",
        },
        PLACES,
        Filter {
            key: "verdict", title: "是否属实", kind: FilterKind::Choice(words::VERDICTS), sql: "c.verdict = $?"
        },
        Filter { key: "from", title: "日期从", kind: FilterKind::DayFrom, sql: "c.raised >= $?" },
        Filter { key: "until", title: "到", kind: FilterKind::DayUntil, sql: "c.raised < $?" },
        Filter {
            key: "who",
            title: "接警人",
            kind: FilterKind::Contains,
            sql: "c.acknowledged_by like $? escape '\\'",
        },
    ],
    sort: "-raised",
    unit: "件",
    link,
    total: None,
    empty: ("没有符合条件的报警", "设备报警和电话报警都记在这里。"),
};

const URGENT: &[(&str, &str, Badge)] = &[("yes", "紧急", Badge::Bad), ("no", "—", Badge::Plain)];
const PROVEN: &str = "case when c.arrived is null then '' when c.proven then 'proven' else 'said' end";
const PROVENS: &[(&str, &str, Badge)] =
    &[("", "—", Badge::Plain), ("proven", "已核验", Badge::Ok), ("said", "口头说明", Badge::Warn)];

fn by_name(_: &Ask, text: &str) -> Condition {
    let part = format!("%{}%", kit::table::escaped(text));
    Some(("coalesce(e.name, c.about) like $? escape '\\'", Box::new(part)))
}

fn moment(_: &Ask, cell: &Value) -> String {
    let stored = cell.text();
    if stored.is_empty() { stored } else { kit::clock::minute(&stored) }
}

fn states(ask: &Ask) -> Vec<(String, String)> {
    let mut all = titled(ask, &[("open", "未结案的"), ("follow", "到期要跟进的"), ("late", "超时接警的")]);
    all.extend(badged(ask, words::STATES));
    all
}

pub fn state_is(ask: &Ask, word: &str) -> Condition {
    match word {
        "open" => Some(("c.closed is null and c.raised < $?", Box::new(stamp(ask.now)))),
        "follow" => Some(("c.followed is null and c.follow_day <= $?", Box::new(ask.today().to_string()))),
        "late" => Some(("c.take_seconds > c.allowed and c.raised < $?", Box::new(stamp(ask.now)))),
        other => Some(("c.state = $?", Box::new(other.to_string()))),
    }
}

fn link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/monitoring/{it}"))
}
