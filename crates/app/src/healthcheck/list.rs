//! Checks as a list, and those who are due as a list to call from.

use kit::{
    Ask,
    crypt::mask_phone,
    page::Badge,
    place::ScopeColumns,
    table::{Condition, Filter, FilterKind, List, Row, Show, column, titled},
};
use rules::base::Date;

use super::words;
use crate::{
    contracting,
    elders::{
        self, PHONE_COLUMN, REVEAL,
        listed::{NAME, PLACE, PLACES, Q, age, days_left},
    },
};

/// By the check's own region, so that a city's checks are found before whom they are of.
const OF_CHECK: ScopeColumns = ScopeColumns { region: "h.region", ..elders::SCOPE };

pub static CHECKS: List = List {
    name: "healthchecks",
    title: "健康体检",
    path: "/healthcheck",
    from: "healthcheck h join elder e on e.region = h.region and e.id = h.elder",
    always: "1 = 1",
    key: "h.id",
    scope: Some(OF_CHECK),
    columns: &[
        NAME,
        column("birth", "年龄", "e.birth", Show::Counted(age, "岁")),
        PLACE,
        column("day", "体检日期", "h.day", Show::Day).sorts(),
        column("number", "体检号", "h.number", Show::Text),
        column("state", "状态", "h.state", Show::Word(words::STATE_BADGES)),
        column("whole", "完整", WHOLE, Show::Word(WHOLE_BADGES)),
        column("abnormal", "异常", "h.abnormal", Show::Number("项")),
        column("urgent", "危急", URGENT, Show::Word(URGENT_BADGES)),
        column("doctor", "责任医生", "h.doctor", Show::Text),
        column("region", "", "h.region", Show::Hidden),
        column("id", "", "h.id", Show::Hidden),
    ],
    filters: &[
        Q,
        PLACES,
        Filter { key: "state", title: "状态", kind: FilterKind::Choice(words::STATES), sql: "h.state = $?" },
        Filter { key: "finding", title: "发现", kind: FilterKind::OneOf(findings, finding_is), sql: "" },
        Filter { key: "whole", title: "完整", kind: FilterKind::OneOf(wholes, whole_is), sql: "" },
        Filter { key: "year", title: "年度", kind: FilterKind::Int, sql: "h.year = $?" },
    ],
    sort: "-day",
    unit: "份",
    link: check_link,
    total: None,
    empty: ("还没有体检", "在老人的页面上,或从“该体检的”里开始体检。"),
};

pub static DUE: List = List {
    name: "healthchecks-due",
    title: "该体检的老人",
    path: "/healthcheck/due",
    from: "elder_due d join elder e on e.region = d.region and e.id = d.elder",
    always: "d.kind = 'healthcheck' and e.state = 'living'",
    key: "e.id",
    scope: Some(elders::DUE_SCOPE),
    columns: &[
        NAME,
        column("birth", "年龄", "e.birth", Show::Counted(age, "岁")),
        column("phone", "电话", "e.phone", Show::Sealed(PHONE_COLUMN, phone)),
        PLACE,
        column("last", "上次体检", LAST, Show::Day),
        column("day", "应在此日前", "d.day", Show::Day).sorts(),
        column("left", "时限", "d.day", Show::As(days_left)),
        column("call", "联系结果", CALL, Show::Word(words::CALL_BADGES)),
        column("planned", "约定日期", PLANNED, Show::Day),
        column("region", "", "e.region", Show::Hidden),
        column("id", "", "e.id", Show::Hidden),
    ],
    filters: &[
        Q,
        PLACES,
        Filter { key: "when", title: "到期", kind: FilterKind::OneOf(whens, when_is), sql: "" },
        contracting::OF_TEAM,
        Filter { key: "call", title: "联系结果", kind: FilterKind::OneOf(call_results, call_is), sql: "" },
    ],
    sort: "day",
    unit: "人",
    link: due_link,
    total: None,
    empty: ("没有该体检的老人", "新登记的老人夜里会列进来;也可以在老人的页面上直接开始体检。"),
};

const WHOLE: &str = "case when h.complete then 'complete' when h.counts then 'counts' else 'short' end";
const WHOLE_BADGES: &[(&str, &str, Badge)] =
    &[("complete", "完整", Badge::Ok), ("counts", "缺项", Badge::Warn), ("short", "缺主要项目", Badge::Bad)];
const URGENT: &str = "case when h.urgent then 'yes' else '' end";
const URGENT_BADGES: &[(&str, &str, Badge)] = &[("yes", "危急", Badge::Bad)];
const LAST: &str = "(select coalesce(max(h.day), '') from healthcheck h
    where h.region = e.region and h.elder = e.id and h.state = 'finished')";
/// The newest call that still counts.
const CALL: &str = "coalesce((select c.result from healthcheck_call c where c.region = e.region and c.elder = e.id
    and not c.closed order by c.id desc limit 1), '')";
const PLANNED: &str =
    "coalesce((select c.planned_day from healthcheck_call c where c.region = e.region and c.elder = e.id
    and not c.closed order by c.id desc limit 1), '')";

type Choices = Vec<(String, String)>;

fn findings(ask: &Ask) -> Choices {
    titled(ask, &[("urgent", "危急"), ("abnormal", "有异常"), ("none", "未见异常")])
}

fn finding_is(_: &Ask, text: &str) -> Condition {
    Some(match text {
        "urgent" => ("h.urgent = $?", Box::new(true)),
        "abnormal" => ("h.abnormal >= $?", Box::new(1_i64)),
        "none" => ("h.state = 'finished' and h.abnormal = $?", Box::new(0_i64)),
        _ => return None,
    })
}

fn wholes(ask: &Ask) -> Choices {
    titled(ask, &[("complete", "完整"), ("incomplete", "缺项"), ("short", "缺主要项目,不计入管理")])
}

fn whole_is(_: &Ask, text: &str) -> Condition {
    Some(match text {
        "complete" => ("h.complete = $?", Box::new(true)),
        "incomplete" => ("h.complete = $?", Box::new(false)),
        "short" => ("h.counts = $?", Box::new(false)),
        _ => return None,
    })
}

/// Overdue, this month, and each month of the year to come.
fn whens(ask: &Ask) -> Choices {
    let mut all = titled(ask, &[("late", "已逾期"), ("month", "本月底前")]);
    let first = ask.today().first_of_month();
    for ahead in 0..12 {
        let month = first.add_months(ahead);
        let word = format!("{}-{:02}", month.year(), month.month());
        all.push((word.clone(), word));
    }
    all
}

fn when_is(ask: &Ask, text: &str) -> Condition {
    Some(match text {
        "late" => ("d.day < $?", Box::new(ask.today().to_string())),
        "month" => ("d.day <= $?", Box::new(ask.today().last_of_month().to_string())),
        month => {
            let first: Date = format!("{month}-01").parse().ok()?;
            ("d.day >= $? and d.day <= $? || '-31'", Box::new(first.to_string()[..7].to_string()))
        }
    })
}

fn call_results(ask: &Ask) -> Choices {
    let mut all = titled(ask, &[("none", "未联系")]);
    all.extend(titled(ask, words::CALL_RESULTS));
    all
}

fn call_is(_: &Ask, text: &str) -> Condition {
    const IS: &str = "coalesce((select c.result from healthcheck_call c where c.region = e.region and c.elder = e.id
        and not c.closed order by c.id desc limit 1), 'none') = $?";
    Some((IS, Box::new(text.to_string())))
}

/// Whole for those who may reveal it, since they are to call.
fn phone(ask: &Ask, plain: &str) -> String {
    if ask.may(REVEAL) { plain.to_string() } else { mask_phone(plain) }
}

fn check_link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/healthcheck/{it}"))
}

fn due_link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/healthcheck/due/{it}"))
}
