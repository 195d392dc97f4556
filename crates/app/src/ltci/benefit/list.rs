//! Recipients and applications as lists.

use kit::{
    Ask,
    page::Badge,
    place::ScopeColumns,
    table::{Condition, Filter, FilterKind, List, Row, Show, Value, column, titled},
};

use crate::{
    elders::listed::{AGE, NAME, PLACE, PLACES, Q, REGION},
    ltci::words,
};

/// By where the elder lives; whoever works in an institution sees those whom it serves.
const fn scope(organisation: &'static str) -> ScopeColumns {
    ScopeColumns {
        region: "e.region",
        street: Some("e.street"),
        place: "e.place",
        organisation: Some(organisation),
        person: Some("e.id"),
    }
}

pub const OF_RECIPIENT: ScopeColumns = scope("r.provider");
pub const OF_APPLICATION: ScopeColumns = scope("a.provider");

pub static RECIPIENTS: List = List {
    name: "ltci",
    title: "长护险待遇",
    path: "/ltci",
    from: "ltci_recipient r join elder e on e.region = r.region and e.id = r.elder
           left join organisation o on o.region = r.region and o.id = r.provider",
    always: "1 = 1",
    key: "r.elder",
    scope: Some(OF_RECIPIENT),
    columns: &[
        NAME,
        AGE,
        column("grade", "失能等级", "r.grade", Show::Number("级")),
        column("mode", "服务方式", "r.mode", Show::As(mode)),
        column("provider", "服务机构", "coalesce(o.name, '')", Show::Text),
        column("since", "享受起日", "r.since", Show::Day).sorts(),
        column("valid", "评估有效至", "coalesce(r.valid_until, '')", Show::Day),
        column("paused", "状态", "case when r.paused = '' then 'running' else 'paused' end", Show::Word(RUNNING)),
        PLACE,
        REGION,
        column("id", "", "r.elder", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter {
            key: "grade",
            title: "失能等级",
            kind: FilterKind::Choice(GRADES),
            sql: "r.grade = cast($? as bigint)",
        },
        Filter { key: "mode", title: "服务方式", kind: FilterKind::Choice(words::MODES), sql: "r.mode = $?" },
        PROVIDERS,
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(states, standing), sql: "" },
        PLACES,
    ],
    sort: "-since",
    unit: "人",
    link: of_elder,
    total: None,
    empty: ("没有享受待遇的老人", "在老人的页面申请,评估并批准后列在这里。"),
};

pub static APPLICATIONS: List = List {
    name: "ltci-applications",
    title: "待遇申请",
    path: "/ltci/applications",
    from: "ltci_application a join elder e on e.region = a.region and e.id = a.elder
           left join organisation o on o.region = a.region and o.id = a.provider",
    always: "1 = 1",
    key: "a.id",
    scope: Some(OF_APPLICATION),
    columns: &[
        NAME,
        AGE,
        column("state", "状态", "a.state", Show::Word(words::STATES)),
        column("grade", "失能等级", "coalesce(cast(a.grade as text), '')", Show::Text),
        column("mode", "服务方式", "a.mode", Show::As(mode)),
        column("provider", "服务机构", "coalesce(o.name, '')", Show::Text),
        column("applied", "申请时间", "a.applied", Show::Time).sorts(),
        column("due", "办结期限", "coalesce(a.due_day, '')", Show::Day),
        column("decided", "决定日", "coalesce(a.decided_day, '')", Show::Day),
        column("why", "原因", "a.reason", Show::As(why)),
        PLACE,
        REGION,
        column("id", "", "a.id", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(steps, standing_of), sql: "" },
        Filter { key: "mode", title: "服务方式", kind: FilterKind::Choice(words::MODES), sql: "a.mode = $?" },
        PROVIDERS,
        PLACES,
    ],
    sort: "-applied",
    unit: "份",
    link: of_application,
    total: None,
    empty: ("没有符合条件的申请", "在老人的页面申请长护险待遇。"),
};

const RUNNING: &[(&str, &str, Badge)] = &[("running", "享受中", Badge::Ok), ("paused", "暂停", Badge::Warn)];
pub const GRADES: &[(&str, &str)] =
    &[("1", "1 级"), ("2", "2 级"), ("3", "3 级"), ("4", "4 级"), ("5", "5 级"), ("6", "6 级")];
const PROVIDERS: Filter =
    Filter { key: "provider", title: "服务机构", kind: FilterKind::Contains, sql: "o.name like $? escape '\\'" };

fn states(ask: &Ask) -> Vec<(String, String)> {
    titled(ask, &[("running", "享受中"), ("paused", "暂停"), ("expiring", "评估两个月内到期")])
}

fn standing(ask: &Ask, state: &str) -> Condition {
    Some(match state {
        "running" => ("r.paused = $?", Box::new(String::new())),
        "paused" => ("r.paused <> $?", Box::new(String::new())),
        "expiring" => ("r.valid_until < $?", Box::new(ask.today().add_days(60).to_string())),
        _ => return None,
    })
}

fn steps(ask: &Ask) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        words::STATES.iter().map(|it| (it.0.to_string(), ask.t(it.1).to_string())).collect();
    all.push(("overdue".to_string(), ask.t("超过办结期限").to_string()));
    all
}

fn standing_of(ask: &Ask, state: &str) -> Condition {
    if state == "overdue" {
        return Some(("a.state = 'deciding' and a.due_day < $?", Box::new(ask.today().to_string())));
    }
    words::STATES
        .iter()
        .any(|it| it.0 == state)
        .then(|| -> (&'static str, Box<dyn kit::db::Bind + Send>) { ("a.state = $?", Box::new(state.to_string())) })
}

fn mode(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(words::MODES, &cell.text())).to_string()
}

/// Words of reasons, of a denial or of a refusal.
fn why(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let title = |it: &str| {
        let known = [words::DENIALS, words::REFUSALS, words::REASONS].into_iter().flatten().find(|one| one.0 == it);
        ask.t(known.map_or("", |it| it.1)).to_string()
    };
    text.split_whitespace().map(title).collect::<Vec<_>>().join(ask.t("、"))
}

fn of_elder(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/ltci/benefits/{it}"))
}

fn of_application(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/ltci/applications/{it}"))
}
