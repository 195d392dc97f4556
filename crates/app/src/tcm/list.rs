//! Constitutions and advice as a list, and those who are due.

use kit::{
    Ask,
    page::Badge,
    table::{Condition, Filter, FilterKind, List, Row, Show, Value, column, titled},
};

use super::words;
use crate::elders::{
    self, PHONE_COLUMN,
    listed::{NAME, PLACE, PLACES, Q, age, days_left, masked_phone},
};

pub static RECORDS: List = List {
    name: "tcm",
    title: "中医药健康管理",
    path: "/tcm",
    from: "tcm_record t join elder e on e.region = t.region and e.id = t.elder",
    always: "1 = 1",
    key: "t.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        column("birth", "年龄", "e.birth", Show::Counted(age, "岁")),
        PLACE,
        column("day", "辨识日期", "t.day", Show::Day).sorts(),
        column("state", "结论", "t.state", Show::Word(words::STATE_BADGES)),
        column("constitution", "主要体质", "t.constitution", Show::As(constitution)),
        column("types", "发现的体质", "t.types", Show::As(types)),
        column("advised", "保健指导", ADVISED, Show::Word(ADVISED_BADGES)),
        column("doctor", "指导医生", "t.doctor", Show::Text),
        column("region", "", "t.region", Show::Hidden),
        column("id", "", "t.id", Show::Hidden),
    ],
    filters: &[
        Q,
        PLACES,
        Filter { key: "state", title: "结论", kind: FilterKind::Choice(words::STATES), sql: "t.state = $?" },
        Filter {
            key: "constitution",
            title: "主要体质",
            kind: FilterKind::Choice(words::CONSTITUTIONS),
            sql: "t.constitution = $?",
        },
        Filter { key: "advised", title: "保健指导", kind: FilterKind::OneOf(advised, advised_is), sql: "" },
    ],
    sort: "-day",
    unit: "份",
    link: record_link,
    total: None,
    empty: ("还没有体质辨识", "在老人的页面上开始体质辨识。"),
};

pub static DUE: List = List {
    name: "tcm-due",
    title: "该做中医药健康管理的老人",
    path: "/tcm/due",
    from: "elder_due d join elder e on e.region = d.region and e.id = d.elder",
    always: "d.kind = 'tcm' and e.state = 'living'",
    key: "e.id",
    scope: Some(elders::DUE_SCOPE),
    columns: &[
        NAME,
        column("birth", "年龄", "e.birth", Show::Counted(age, "岁")),
        column("phone", "电话", "e.phone", Show::Sealed(PHONE_COLUMN, masked_phone)),
        PLACE,
        column("said", "要做什么", "d.said", Show::As(said)),
        column("day", "应在此日前", "d.day", Show::Day).sorts(),
        column("left", "时限", "d.day", Show::As(days_left)),
        column("link", "", "d.link", Show::Hidden),
    ],
    filters: &[Q, PLACES, Filter { key: "when", title: "到期", kind: FilterKind::OneOf(whens, when_is), sql: "" }],
    sort: "day",
    unit: "人",
    link: due_link,
    total: None,
    empty: ("没有该做中医药健康管理的老人", "新登记的老人夜里会列进来。"),
};

const ADVISED: &str = "case when t.advised is null then 'no' else 'yes' end";
const ADVISED_BADGES: &[(&str, &str, Badge)] = &[("yes", "已指导", Badge::Ok), ("no", "未指导", Badge::Warn)];

type Choices = Vec<(String, String)>;

fn advised(ask: &Ask) -> Choices {
    titled(ask, &[("yes", "已指导"), ("no", "未指导")])
}

fn advised_is(_: &Ask, text: &str) -> Condition {
    Some((
        "case when t.advised is null then 'no' else 'yes' end = $?",
        Box::new(["yes", "no"].into_iter().find(|it| *it == text)?.to_string()),
    ))
}

fn whens(ask: &Ask) -> Choices {
    titled(ask, &[("late", "已逾期"), ("month", "30 天内"), ("quarter", "90 天内")])
}

fn when_is(ask: &Ask, text: &str) -> Condition {
    let days = match text {
        "late" => 0,
        "month" => 31,
        "quarter" => 91,
        _ => return None,
    };
    Some(("d.day < $?", Box::new(ask.today().add_days(days).to_string())))
}

fn due_link(row: &Row<'_>) -> Option<String> {
    Some(row.get("link").text())
}

fn said(ask: &Ask, cell: &Value) -> String {
    ask.t(&cell.text()).to_string()
}

fn constitution(ask: &Ask, cell: &Value) -> String {
    ask.t(&cell.text()).to_string()
}

fn types(ask: &Ask, cell: &Value) -> String {
    let all: Vec<String> = serde_json::from_str(&cell.text()).unwrap_or_default();
    all.iter().map(|it| ask.t(it)).collect::<Vec<_>>().join(ask.t("、"))
}

fn record_link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/tcm/{it}"))
}
