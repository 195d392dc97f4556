//! Reports as a list.

use kit::{
    page::Badge,
    place::ScopeColumns,
    table::{Filter, FilterKind, List, Row, Show, Value, column},
};

use super::report;

const STATE_BADGES: &[(&str, &str, Badge)] = &[
    ("draft", "填报中", Badge::Info),
    ("sent", "已上报", Badge::Warn),
    ("returned", "退回修改", Badge::Bad),
    ("locked", "已锁定", Badge::Ok),
];

pub static REPORTS: List = List {
    name: "indicator-reports",
    title: "指标报表",
    path: "/indicators/reports",
    from: "indicator_report r",
    always: "1 = 1",
    key: "r.id",
    scope: Some(ScopeColumns { region: "", street: None, place: "r.place", organisation: None, person: None }),
    columns: &[
        column("title", "报表", "r.title", Show::Text),
        column("place", "地区", "r.place", Show::Place),
        column("day", "截止日", "r.day", Show::Day).sorts(),
        column("state", "状态", "r.state", Show::Word(STATE_BADGES)).sorts(),
        column("made_at", "填报时间", "r.made_at", Show::Time).sorts(),
        column("sent_at", "上报时间", "coalesce(r.sent_at, '')", Show::Time).sorts(),
        column("region", "", "r.region", Show::Hidden),
        column("id", "", "r.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "q", title: "报表", kind: FilterKind::Contains, sql: "r.title like $? escape '\\'" },
        Filter { key: "state", title: "状态", kind: FilterKind::Choice(report::STATES), sql: "r.state = $?" },
        Filter { key: "day", title: "截止日", kind: FilterKind::Day, sql: "r.day = $?" },
    ],
    sort: "-made_at",
    unit: "份",
    link,
    total: None,
    empty: ("还没有报表", "在截止日新建报表,数字当即冻结。"),
};

fn link(row: &Row<'_>) -> Option<String> {
    match (row.get("region"), row.get("id")) {
        (Value::Text(region), Value::Int(id)) => Some(format!("/indicators/reports/{region}-{id}")),
        _ => None,
    }
}
