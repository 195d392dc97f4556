//! Beds as a list, and what is due at them.

use kit::{
    Ask,
    table::{Condition, Filter, FilterKind, List, Row, Show, Value, column, titled},
};

use super::{bed, words};
use crate::elders::listed::{AGE, NAME, PLACE, PLACES, Q, REGION, days_left};

pub static BEDS: List = List {
    name: "homebed",
    title: "家庭床位",
    path: "/homebed",
    from: "homebed b join elder e on e.region = b.region and e.id = b.elder
           join organisation o on o.region = b.region and o.id = b.institution",
    always: "1 = 1",
    key: "b.id",
    scope: Some(bed::SCOPE),
    columns: &[
        NAME,
        AGE,
        column("kind", "床位种类", "b.kind", Show::Word(words::KIND_BADGES)),
        column("number", "床号", "b.number", Show::Text),
        column("state", "状态", "b.state", Show::Word(words::STATE_BADGES)),
        column("institution", "机构", "o.name", Show::Text),
        column("doctor", "责任医师", "b.doctor", Show::Text),
        column("applied", "申请日期", "b.applied", Show::Day).sorts(),
        column("opened", "建床日期", "coalesce(b.opened, '')", Show::Day),
        column("due_day", "最早到期", "coalesce(b.due_day, '9999-12-31')", Show::As(day)).sorts(),
        column("left", "时限", "coalesce(b.due_day, '')", Show::As(days_left)),
        column("last_round", "上次巡诊", "coalesce(b.last_round, '')", Show::Day),
        column("ended", "撤床日期", "coalesce(b.ended, '')", Show::Day),
        PLACE,
        REGION,
        column("id", "", "b.id", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter { key: "kind", title: "床位种类", kind: FilterKind::Choice(words::KINDS), sql: "b.kind = $?" },
        Filter { key: "state", title: "状态", kind: FilterKind::Choice(words::STATES), sql: "b.state = $?" },
        Filter { key: "due", title: "到期", kind: FilterKind::OneOf(whens, due_is), sql: "" },
        PLACES,
        Filter { key: "institution", title: "机构", kind: FilterKind::Contains, sql: "o.name like $? escape '\\'" },
        Filter {
            key: "doctor", title: "责任医师", kind: FilterKind::Contains, sql: "b.doctor like $? escape '\\'"
        },
    ],
    sort: "-applied",
    unit: "张",
    link,
    total: None,
    empty: ("还没有家庭床位", "在老人的页面上申请家庭病床,或建家庭养老床位。"),
};

pub static DUE: List = List {
    name: "homebed-due",
    title: "家庭床位待办",
    path: "/homebed/due",
    from: "homebed_due d join homebed b on b.region = d.region and b.id = d.bed
           join elder e on e.region = b.region and e.id = b.elder
           join organisation o on o.region = b.region and o.id = b.institution",
    always: "e.state = 'living'",
    key: "d.id",
    scope: Some(bed::SCOPE),
    columns: &[
        NAME,
        AGE,
        column("kind", "床位种类", "b.kind", Show::Word(words::KIND_BADGES)),
        column("said", "要做什么", "d.said", Show::As(said)),
        column("day", "应在此日前", "d.day", Show::Day).sorts(),
        column("left", "时限", "d.day", Show::As(days_left)),
        column("institution", "机构", "o.name", Show::Text),
        PLACE,
        REGION,
        column("bed", "", "b.id", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter { key: "what", title: "要做什么", kind: FilterKind::OneOf(whats, what_is), sql: "" },
        Filter { key: "when", title: "到期", kind: FilterKind::OneOf(whens, when_is), sql: "" },
        PLACES,
    ],
    sort: "day",
    unit: "项",
    link: |row| Some(format!("/homebed/{}-{}", row.get("region").text(), row.get("bed").text())),
    total: None,
    empty: ("没有家庭床位待办", "评估、巡诊、查床、疗程、服务、回访和合同到期前会列在这里。"),
};

type Choices = Vec<(String, String)>;

const WHATS: &[(&str, &str)] = &[
    ("visit", "上门评估"),
    ("round", "巡诊"),
    ("superior", "上级查床"),
    ("course", "疗程评估"),
    ("contract", "合同到期"),
    ("photo", "缺改造后照片"),
    ("service", "服务"),
    ("check", "服务回访"),
];

fn whats(ask: &Ask) -> Choices {
    titled(ask, WHATS)
}

fn what_is(_: &Ask, text: &str) -> Condition {
    let known = WHATS.iter().find(|it| it.0 == text)?;
    Some(("d.kind = $?", Box::new(format!("homebed.{}", known.0))))
}

fn whens(ask: &Ask) -> Choices {
    titled(ask, &[("late", "已逾期"), ("week", "7 天内"), ("month", "30 天内")])
}

fn days(text: &str) -> Option<i32> {
    match text {
        "late" => Some(0),
        "week" => Some(8),
        "month" => Some(31),
        _ => None,
    }
}

fn due_is(ask: &Ask, text: &str) -> Condition {
    Some(("b.due_day < $?", Box::new(ask.today().add_days(days(text)?).to_string())))
}

fn when_is(ask: &Ask, text: &str) -> Condition {
    Some(("d.day < $?", Box::new(ask.today().add_days(days(text)?).to_string())))
}

fn said(ask: &Ask, cell: &Value) -> String {
    ask.t(&cell.text()).to_string()
}

/// A day; far away where there is none.
fn day(_: &Ask, cell: &Value) -> String {
    let text = cell.text();
    if text.starts_with("9999") { String::new() } else { text }
}

fn link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/homebed/{it}"))
}
