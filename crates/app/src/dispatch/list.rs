//! Plans as a list.

use kit::{
    Ask,
    table::{Condition, Filter, FilterKind, List, Row, Show, Value, badged, column},
};
use serde_json::Value as Json;

use super::{kept::SCOPE, words};
use crate::elders::listed::PLACES;

pub static PLANS: List = List {
    name: "dispatch",
    title: "上门派单",
    path: "/dispatch",
    from: "dispatch_plan p",
    always: "1 = 1",
    key: "p.id",
    scope: Some(SCOPE),
    columns: &[
        column("day", "第一天", "p.first_day", Show::Day).sorts(),
        column("name", "方案", "p.name", Show::Text),
        column("days", "天数", "p.days", Show::Number("天")),
        column("state", "状态", "p.state", Show::Word(words::STATES)),
        column("visits", "已排", "p.figures", Show::As(visits)),
        column("left", "未排上", "p.figures", Show::As(left)),
        column("way", "路程", "p.figures", Show::As(way)),
        column("kind", "种类", "p.what_if", Show::As(kind)),
        column("who", "编排人", "p.who", Show::Text),
        column("changed", "修改时间", "p.changed", Show::Time).sorts(),
        column("published", "发布时间", "coalesce(p.published, '')", Show::Time),
        column("region", "", "p.region", Show::Hidden),
        column("id", "", "p.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(states, state_is), sql: "" },
        Filter { key: "from", title: "日期从", kind: FilterKind::Day, sql: "p.first_day >= $?" },
        Filter { key: "until", title: "到", kind: FilterKind::Day, sql: "p.first_day <= $?" },
        PLACES,
    ],
    sort: "-day",
    unit: "个",
    link,
    total: None,
    empty: ("还没有派单方案", "选机构和日期新建方案,系统按路程、资质、时间排好,您再调整和发布。"),
};

fn figure(cell: &Value, name: &str) -> Option<i64> {
    serde_json::from_str::<Json>(&cell.text()).ok()?[name].as_i64()
}

fn visits(_: &Ask, cell: &Value) -> String {
    figure(cell, "visits").map_or(String::new(), |it| it.to_string())
}

fn left(_: &Ask, cell: &Value) -> String {
    figure(cell, "left").map_or(String::new(), |it| it.to_string())
}

fn way(ask: &Ask, cell: &Value) -> String {
    figure(cell, "way_minutes").map_or(String::new(), |it| ask.f("{n} 分", &[("n", &it)]))
}

fn kind(ask: &Ask, cell: &Value) -> String {
    let is_plan = serde_json::from_str::<super::what_if::WhatIf>(&cell.text()).is_ok_and(|it| it.is_empty());
    ask.t(if is_plan { "方案" } else { "试算" }).to_string()
}

fn states(ask: &Ask) -> Vec<(String, String)> {
    badged(ask, words::STATES)
}

fn state_is(_: &Ask, word: &str) -> Condition {
    Some(("p.state = $?", Box::new(word.to_string())))
}

fn link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/dispatch/{it}"))
}
