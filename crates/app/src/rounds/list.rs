//! Tasks as a list, and visits after which somebody has to follow up.

use kit::{
    Ask,
    table::{Condition, Filter, FilterKind, List, Row, Show, Value, column, titled},
};
use rules::base::Date;

use super::{task, words};
use crate::elders::{self, listed::Q};

const FROM: &str = "round_task t left join elder e on e.region = t.region and e.id = t.elder
                    left join team x on x.region = t.region and x.id = t.team";

pub static TASKS: List = List {
    name: "rounds",
    title: "巡访任务",
    path: "/rounds/list",
    from: FROM,
    always: "1 = 1",
    key: "t.id",
    scope: Some(task::SCOPE),
    columns: &[
        column("name", "巡访对象", "t.subject || ' ' || t.place || ' ' || coalesce(e.name, '')", Show::As(whom)),
        column("programme", "安排", "t.programme", Show::As(programme)),
        column("state", "状态", "t.by_day || ' ' || coalesce(t.done_day, '-') || ' ' || t.ended", Show::As(state)),
        column("from", "可做自", "t.from_day", Show::Day),
        column("by", "最迟", "t.by_day", Show::Day).sorts(),
        column("done", "完成日期", "coalesce(t.done_day, '')", Show::Day).sorts(),
        column("who", "完成人", "t.who", Show::Text),
        column("reason", "逾期原因", "t.reason", Show::Text),
        column("place", "所在地", "t.place", Show::Place),
        column("team", "团队", "coalesce(x.name, '')", Show::Text),
        column("region", "", "t.region", Show::Hidden),
        column("id", "", "t.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(states, state_is), sql: "" },
        Filter { key: "place", title: "村(社区)", kind: FilterKind::Place, sql: "" },
        Filter { key: "programme", title: "安排", kind: FilterKind::OneOf(programmes, programme_is), sql: "" },
        Q,
        Filter { key: "team", title: "团队", kind: FilterKind::Contains, sql: "x.name like $? escape '\\'" },
        Filter {
            key: "subject", title: "对象种类", kind: FilterKind::Choice(words::SUBJECTS), sql: "t.subject = $?"
        },
        Filter { key: "by", title: "最迟在这一天", kind: FilterKind::Day, sql: "t.by_day = $?" },
        Filter { key: "by_from", title: "最迟从", kind: FilterKind::Day, sql: "t.by_day >= $?" },
        Filter { key: "by_until", title: "最迟到", kind: FilterKind::Day, sql: "t.by_day <= $?" },
        Filter { key: "done_on", title: "完成日期", kind: FilterKind::Day, sql: "t.done_day = $?" },
    ],
    sort: "by",
    unit: "项",
    link,
    total: None,
    empty: ("没有这样的任务", "任务按政策库的巡访安排每夜列出。"),
};

pub static FOLLOW: List = List {
    name: "rounds-follow",
    title: "巡访后要跟进",
    path: "/rounds/follow",
    from: "round_visit v left join elder e on e.region = v.region and e.id = v.elder",
    always: "v.follow <> '' and v.voided is null",
    key: "v.id",
    scope: Some(kit::place::ScopeColumns {
        region: "v.region",
        street: Some("v.street"),
        place: "v.place",
        organisation: Some("v.organisation"),
        person: Some("v.elder"),
    }),
    columns: &[
        column(
            "name",
            "巡访对象",
            "case when v.elder is null then 'village ' else 'elder ' end || v.place || ' ' || coalesce(e.name, '')",
            Show::As(whom),
        ),
        column("found", "看到的情况", "v.found", Show::Word(words::FOUND_BADGES)),
        column("text", "要跟进什么", "v.follow_text", Show::Text),
        column("day", "巡访日期", "v.day", Show::Day).sorts(),
        column("until", "最迟跟进", "coalesce(v.follow_day, v.day)", Show::Day).sorts(),
        column("left", "时限", "v.follow || ' ' || coalesce(v.follow_day, v.day)", Show::As(left)),
        column("follow", "跟进", "v.follow", Show::Word(words::FOLLOWS)),
        column("who", "巡访人", "v.who", Show::Text),
        column("place", "所在地", "v.place", Show::Place),
        column("region", "", "v.region", Show::Hidden),
        column("id", "", "v.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "follow", title: "跟进", kind: FilterKind::OneOf(follows, follow_is), sql: "" },
        Filter { key: "found", title: "看到的情况", kind: FilterKind::Choice(words::FOUND), sql: "v.found = $?" },
        Filter { key: "place", title: "村(社区)", kind: FilterKind::Place, sql: "" },
        Q,
    ],
    sort: "until",
    unit: "条",
    link: visit_link,
    total: None,
    empty: ("没有要跟进的", "巡访时看到身体不适、需要帮助的,会列在这里。"),
};

type Choices = Vec<(String, String)>;

fn states(ask: &Ask) -> Choices {
    words::STATES.iter().map(|it| (it.0.to_string(), ask.t(it.1).to_string())).collect()
}

/// A state as a condition of today.
fn state_is(ask: &Ask, word: &str) -> Condition {
    let sql = match word {
        "waiting" => "t.open = true and t.by_day >= $?",
        "overdue" => "t.open = true and t.by_day < $?",
        "done" => "t.done_day <= t.by_day and t.done_day <= $?",
        "late" => "t.done_day > t.by_day and t.done_day <= $?",
        "missed" => "t.done_day is null and t.ended = 'missed' and t.by_day <= $?",
        "lapsed" => "t.done_day is null and t.ended not in ('', 'missed') and t.from_day <= $?",
        _ => return None,
    };
    Some((sql, Box::new(ask.today().to_string())))
}

fn programmes(ask: &Ask) -> Choices {
    words::programmes(ask)
}

fn programme_is(ask: &Ask, id: &str) -> Condition {
    let known = words::programmes(ask).into_iter().find(|it| it.0 == id)?;
    Some(("t.programme = $?", Box::new(known.0)))
}

fn follows(ask: &Ask) -> Choices {
    titled(ask, &[("open", "待跟进"), ("closed", "已跟进")])
}

fn follow_is(_: &Ask, word: &str) -> Condition {
    let known = ["open", "closed"].into_iter().find(|it| *it == word)?;
    Some(("v.follow = $?", Box::new(known.to_string())))
}

/// Who or what is visited, by subject, place and name.
pub fn called(ask: &Ask, subject: &str, place: &str, name: &str) -> String {
    match subject {
        "household" if !name.is_empty() => ask.f("{name}家", &[("name", &name)]),
        "elder" if !name.is_empty() => name.to_string(),
        _ => ask.app.places.tree().name(place).to_string(),
    }
}

fn whom(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let mut parts = text.splitn(3, ' ');
    let mut next = || parts.next().unwrap_or_default();
    let (subject, place, name) = (next(), next(), next());
    called(ask, subject, place, name)
}

fn programme(ask: &Ask, cell: &Value) -> String {
    words::programme(ask, &cell.text())
}

/// `逾期 3 天`, `还有 5 天`, `按期完成`.
fn state(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let mut parts = text.splitn(3, ' ');
    let by: Option<Date> = parts.next().and_then(|it| it.parse().ok());
    let done: Option<Date> = parts.next().and_then(|it| it.parse().ok());
    let ended = parts.next().unwrap_or_default();
    let Some(by) = by else { return String::new() };
    in_words(ask, task::stands(by, done, ended, ask.today()), by, done, ended)
}

/// How a task stands, with days and reasons.
pub fn in_words(ask: &Ask, state: &str, by: Date, done: Option<Date>, ended: &str) -> String {
    let today = ask.today();
    let (title, _) = words::badge(words::STATES, state);
    match (state, done) {
        ("overdue", _) => ask.f("逾期 {n} 天", &[("n", &by.days_until(today))]),
        ("waiting", _) if today == by => ask.t("今天").to_string(),
        ("waiting", _) => ask.f("还有 {n} 天", &[("n", &today.days_until(by))]),
        ("late", Some(day)) => ask.f("逾期 {n} 天完成", &[("n", &by.days_until(day))]),
        ("lapsed", _) => format!("{}({})", ask.t(title), ask.t(words::title(words::ENDED, ended))),
        _ => ask.t(title).to_string(),
    }
}

fn left(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    match text.split_once(' ') {
        Some(("open", day)) => elders::listed::days_left(ask, &Value::Text(day.to_string())),
        _ => String::new(),
    }
}

fn link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/rounds/{it}"))
}

fn visit_link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/rounds/visits/{it}"))
}
