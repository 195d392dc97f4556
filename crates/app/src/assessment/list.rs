//! Assessments as lists: all, those on public notice, and those whose validity ends.

use kit::{
    Ask,
    page::Badge,
    table::{Column, Condition, Filter, FilterKind, List, Row, Show, Value, column, titled},
};

use super::{record, words};
use crate::elders::{
    self,
    listed::{NAME, PLACE, PLACES, Q, REGION, days_left},
};

const FROM: &str = "assessment a join elder e on e.region = a.region and e.id = a.elder";

pub static ASSESSMENTS: List = List {
    name: "assessments",
    title: "评估",
    path: "/assessment",
    from: FROM,
    always: "1 = 1",
    key: "a.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        column("what", "评估项目", "a.programme || ' ' || a.instrument", Show::As(what)),
        column("programme", "", "a.programme", Show::Hidden),
        column("instrument", "", "a.instrument", Show::Hidden),
        column("reason", "", "a.reason", Show::Hidden),
        column("state", "状态", "a.state", Show::Word(words::STATE_BADGES)),
        LEVEL,
        column("assessors", "评估员", ASSESSORS_SQL, Show::Text),
        column("planned_day", "上门日期", "coalesce(a.planned_day, '')", Show::Day).sorts(),
        column("due_day", "办结期限", "coalesce(a.due_day, '')", Show::Day).sorts(),
        column("applied", "申请时间", "a.applied", Show::Time).sorts(),
        PLACE,
        REGION,
        ID,
    ],
    filters: &[
        Q,
        Filter { key: "state", title: "状态", kind: FilterKind::Choice(words::STATES), sql: "a.state = $?" },
        Filter {
            key: "programme",
            title: "评估项目",
            kind: FilterKind::Choice(words::PROGRAMMES),
            sql: "a.programme = $?",
        },
        Filter { key: "instrument", title: "量表", kind: FilterKind::OneOf(instruments, instrument_is), sql: "" },
        PLACES,
        Filter { key: "work", title: "办理", kind: FilterKind::OneOf(works, work_is), sql: "" },
    ],
    sort: "-applied",
    unit: "份",
    link,
    total: None,
    empty: ("还没有评估", "在老人的页面上新建评估。"),
};

/// What hangs out at the village's window.
pub static NOTICES: List = List {
    name: "assessment-notices",
    title: "评估结论公示",
    path: "/assessment/notices",
    from: FROM,
    always: "a.state = 'on_notice'",
    key: "a.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        column("sex", "性别", "e.sex", Show::As(sex)),
        PLACE,
        column("programme", "评估项目", "a.programme", Show::As(programme)),
        LEVEL,
        column("concluded", "结论日期", "coalesce(a.concluded, '')", Show::Day),
        column("notice_from", "公示起", "coalesce(a.notice_from, '')", Show::Day),
        column("notice_until", "公示止", "coalesce(a.notice_until, '')", Show::Day).sorts(),
        column("objection_until", "异议截止", "coalesce(a.objection_until, '')", Show::Day),
        REGION,
        ID,
    ],
    filters: &[PLACES],
    sort: "notice_until",
    unit: "份",
    link,
    total: None,
    empty: ("现在没有公示中的结论", "复核通过的失能等级评估会在这里公示。"),
};

/// What is due again: conclusions by the end of their validity.
pub static DUE: List = List {
    name: "assessments-due",
    title: "到期重评",
    path: "/assessment/due",
    from: FROM,
    always: "a.valid_until is not null and a.superseded_by is null and e.state = 'living' \
             and a.state in ('effective', 'expired', 'change_reported', 'objected', 'reviewing')",
    key: "a.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        column("programme", "评估项目", "a.programme", Show::Word(words::PROGRAMME_BADGES)),
        LEVEL,
        column("valid_from", "生效", "coalesce(a.valid_from, '')", Show::Day),
        column("valid_until", "到期", "coalesce(a.valid_until, '')", Show::Day).sorts(),
        column("late", "时限", "coalesce(a.valid_until, '')", Show::As(days_left)),
        PLACE,
        REGION,
        ID,
    ],
    filters: &[
        Q,
        Filter {
            key: "programme",
            title: "评估项目",
            kind: FilterKind::Choice(words::PROGRAMMES),
            sql: "a.programme = $?",
        },
        PLACES,
        Filter { key: "within", title: "到期时间", kind: FilterKind::OneOf(withins, within), sql: "" },
    ],
    sort: "valid_until",
    unit: "份",
    link,
    total: None,
    empty: ("没有要重评的", "有效期内的结论会按到期日列在这里。"),
};

const ID: Column = column("id", "", "a.id", Show::Hidden);
const LEVEL: Column = column("level", "结果", "a.level_name", Show::As(level));
const ASSESSORS_SQL: &str =
    "case when a.assessor_2_name = '' then a.assessor_1_name else a.assessor_1_name || '、' || a.assessor_2_name end";

fn instruments(ask: &Ask) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for it in ask.app.policy.instruments() {
        if it.id != super::apply::SELF_RATING && all.iter().all(|one| one.0 != it.id) {
            all.push((it.id.clone(), instrument_name(ask, &it.id)));
        }
    }
    all
}

fn instrument_is(_: &Ask, text: &str) -> Condition {
    Some(("a.instrument = $?", Box::new(text.to_string())))
}

fn works(ask: &Ask) -> Vec<(String, String)> {
    titled(ask, &[("mine", "我的评估"), ("open", "办理中"), ("overdue", "超过办结期限"), ("late", "超过上门日期")])
}

fn work_is(ask: &Ask, text: &str) -> Condition {
    let today = ask.today().to_string();
    Some(match text {
        "mine" => ("(a.assessor_1 = $? or a.assessor_2 = $?)", Box::new(ask.who.account)),
        "open" => ("a.concluded is null and a.state not in ('rejected', $?)", Box::new("ended".to_string())),
        "overdue" => (
            "a.due_day < $? and a.state in ('awaiting_dispatch', 'assessing', 'awaiting_second_signature')",
            Box::new(today),
        ),
        "late" => ("a.state = 'assessing' and a.planned_day < $?", Box::new(today)),
        _ => return None,
    })
}

fn withins(ask: &Ask) -> Vec<(String, String)> {
    titled(ask, &[("0", "已到期"), ("30", "30 天内"), ("60", "60 天内"), ("90", "90 天内")])
}

fn within(ask: &Ask, text: &str) -> Condition {
    let days: i32 = text.parse().ok().filter(|it| (0..=3650).contains(it))?;
    Some(("a.valid_until < $?", Box::new(ask.today().add_days(days).to_string())))
}

/// The name of an instrument in the reader's language.
pub fn instrument_name(ask: &Ask, id: &str) -> String {
    let known = ask.app.policy.instrument(id);
    known.map_or(id.to_string(), |it| ask.either(&it.name, &it.name_en).to_string())
}

/// The programme where it has one scale, else the scale.
fn what(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    match text.split_once(' ') {
        Some((programme @ ("ltci" | "ability"), _)) => ask.t(words::title(words::PROGRAMMES, programme)).to_string(),
        Some((_, id)) => instrument_name(ask, id),
        None => text,
    }
}

fn programme(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(words::PROGRAMMES, &cell.text())).to_string()
}

fn sex(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(elders::words::SEXES, &cell.text())).to_string()
}

fn level(ask: &Ask, cell: &Value) -> String {
    ask.t(&cell.text()).to_string()
}

/// The badge of a state.
pub fn state_badge(ask: &Ask, state: rules::assessment_course::State) -> maud::Markup {
    let word = record::word_of(state);
    let (title, kind) =
        words::STATE_BADGES.iter().find(|it| it.0 == word).map_or((word, Badge::Muted), |it| (it.1, it.2));
    kit::page::badge(kind, ask.t(title))
}

fn link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/assessment/{it}"))
}
