//! Leads as a list.

use kit::{
    Ask,
    place::ScopeColumns,
    table::{Condition, Filter, FilterKind, List, Row, Show, Value, column},
};

use super::words;
use crate::ltci::words::title;

pub const SCOPE: ScopeColumns =
    ScopeColumns { region: "l.region", street: None, place: "o.place", organisation: Some("l.provider"), person: None };

pub static LEADS: List = List {
    name: "ltci-leads",
    title: "疑点线索",
    path: "/ltci/leads",
    from: "ltci_lead l join organisation o on o.region = l.region and o.id = l.provider",
    always: "1 = 1",
    key: "l.id",
    scope: Some(SCOPE),
    columns: &[
        column("kind", "情形", "l.kind", Show::As(kind)),
        column("said", "看到什么", "l.said || '\n' || l.said_en", Show::As(said)),
        column("state", "状态", "l.state", Show::Word(words::STATES)),
        column("provider", "机构", "o.name", Show::Text),
        column("carer", "护理人员编号", "l.carer", Show::Text),
        column("month", "月份", "l.month", Show::Text),
        column("day", "日期", "l.day", Show::Day),
        column("due", "答复期限", "coalesce(l.due_day, '')", Show::Day),
        column("recovery", "应追回", "nullif(l.recovery, 0)", Show::Fen),
        column("recovered", "追回日", "coalesce(l.recovered_day, '')", Show::Day),
        column("found", "发现时间", "l.found", Show::Time).sorts(),
        column("region", "", "l.region", Show::Hidden),
        column("id", "", "l.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(states, standing), sql: "" },
        Filter { key: "kind", title: "情形", kind: FilterKind::Choice(words::KINDS), sql: "l.kind = $?" },
        Filter { key: "month", title: "月份", kind: FilterKind::Equals, sql: "l.month = $?" },
        Filter { key: "provider", title: "机构", kind: FilterKind::Contains, sql: "o.name like $? escape '\\'" },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    ],
    sort: "-found",
    unit: "条",
    link,
    total: None,
    empty: ("没有符合条件的线索", "每晚查找本月和上月的申报明细;线索不是结论,需要核实。"),
};

fn kind(ask: &Ask, cell: &Value) -> String {
    ask.t(title(words::KINDS, &cell.text())).to_string()
}

/// Chinese, and in the line below English.
fn said(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let (zh, en) = text.split_once('\n').unwrap_or((&text, &text));
    ask.either(zh, en).to_string()
}

fn states(ask: &Ask) -> Vec<(String, String)> {
    let all = words::STATES.iter().map(|it| (it.0.to_string(), ask.t(it.1).to_string()));
    let more = [("overdue", "超过答复期限"), ("recover", "待追回")];
    all.chain(more.map(|it| (it.0.to_string(), ask.t(it.1).to_string()))).collect()
}

fn standing(ask: &Ask, state: &str) -> Condition {
    Some(match state {
        "overdue" => ("l.state = 'asked' and l.due_day < $?", Box::new(ask.today().to_string())),
        "recover" => (
            "l.state = 'confirmed' and l.recovery > 0 and l.recovered_day is null and l.state <> $?",
            Box::new(String::new()),
        ),
        _ => ("l.state = $?", Box::new(state.to_string())),
    })
}

/// What a reader sees without a filter: an institution only what it was asked.
pub fn asked(ask: &Ask) -> Ask {
    if ask.who.scope.organisation.is_none() {
        return ask.clone();
    }
    let mut query = (*ask.query).clone();
    let known = query.get("state").is_some_and(|it| it != "open" && !it.is_empty());
    if !known {
        query.insert("state".into(), "asked".into());
    }
    Ask { query: query.into(), ..ask.clone() }
}

fn link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/ltci/leads/{it}"))
}
