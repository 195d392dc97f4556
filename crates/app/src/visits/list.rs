//! Visits as lists: all, calls for help, phones.

use kit::{
    Ask,
    clock::minute,
    page::Badge,
    place::ScopeColumns,
    table::{Condition, Filter, FilterKind, List, Row, Show, Value, badged, column},
};

use super::{record::SCOPE, words};
use crate::elders::listed::{NAME, PLACE, PLACES, Q};

pub static VISITS: List = List {
    name: "visits",
    title: "上门服务",
    path: "/visits",
    from: "visit v join elder e on e.region = v.region and e.id = v.elder
           left join staff s on s.region = v.region and s.id = v.staff",
    always: "1 = 1",
    key: "v.id",
    scope: Some(SCOPE),
    columns: &[
        column("day", "日期", "v.day", Show::Day).sorts(),
        column(
            "window",
            "时间",
            "coalesce(v.from_minute, -1) || '-' || coalesce(v.until_minute, -1)",
            Show::As(window),
        ),
        NAME,
        column("carer", "服务人员", "coalesce(s.name, '')", Show::Text),
        column("state", "状态", "v.state", Show::Word(words::STATES)),
        column("verdict", "核验", "v.verdict", Show::Word(words::VERDICTS)),
        PLACE,
        column("began", "开始", "coalesce(v.began, '')", Show::As(clock)),
        column("ended", "结束", "coalesce(v.ended, '')", Show::As(clock)),
        column("reason", "原因", "v.reason", Show::Text).exported(),
        column("region", "", "v.region", Show::Hidden),
        column("id", "", "v.id", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(states, state_is), sql: "" },
        Filter { key: "verdict", title: "核验", kind: FilterKind::OneOf(verdicts, verdict_is), sql: "" },
        PLACES,
        Filter { key: "from", title: "日期从", kind: FilterKind::Day, sql: "v.day >= $?" },
        Filter { key: "until", title: "到", kind: FilterKind::Day, sql: "v.day <= $?" },
        Filter { key: "carer", title: "服务人员", kind: FilterKind::Contains, sql: "s.name like $? escape '\\'" },
    ],
    sort: "-day",
    unit: "次",
    link: visit_link,
    total: None,
    empty: ("没有符合条件的上门", "在老人的页面上计划上门,或由各项服务自动安排。"),
};

/// Calls for help.
pub static ALARMS: List = List {
    name: "visits-alarms",
    title: "上门人员求助",
    path: "/visits/alarms",
    from: "visit_alarm a join staff s on s.region = a.region and s.id = a.staff",
    always: "1 = 1",
    key: "a.id",
    scope: Some(ScopeColumns {
        region: "a.region",
        street: Some("a.street"),
        place: "a.place",
        organisation: Some("a.organisation"),
        person: None,
    }),
    columns: &[
        column("received", "收到", "a.received", Show::Time).sorts(),
        column("name", "人员", "s.name", Show::Text),
        column("at", "按下", "a.at", Show::Time),
        column("state", "状态", "a.state", Show::Word(words::ALARMS)),
        column("taken_by", "处理人", "a.taken_by", Show::Text),
        column("place", "所在地", "a.place", Show::Place),
        column("outcome", "结果", "a.outcome", Show::Text),
        column("region", "", "a.region", Show::Hidden),
        column("id", "", "a.id", Show::Hidden),
    ],
    filters: &[Filter { key: "state", title: "状态", kind: FilterKind::OneOf(alarms, alarm_is), sql: "" }, PLACES],
    sort: "-received",
    unit: "次",
    link: alarm_link,
    total: None,
    empty: ("没有求助", "手机上按住“求助”即刻通知团队长。"),
};

/// Phones with what they have not sent.
pub static PHONES: List = List {
    name: "visits-phones",
    title: "上门手机",
    path: "/visits/phones",
    from: "visit_phone p join staff s on s.region = p.region and s.id = p.staff",
    always: "1 = 1",
    key: "p.id",
    scope: Some(ScopeColumns {
        region: "p.region",
        street: Some("s.street"),
        place: "s.place",
        organisation: Some("s.organisation"),
        person: None,
    }),
    columns: &[
        column("staff", "人员", "s.name", Show::Text),
        column("name", "手机", "p.name", Show::Text),
        column("seen", "最近连线", "coalesce(p.seen, '')", Show::Time).sorts(),
        column("unsent", "未上传", "p.unsent", Show::Number("条")),
        column("oldest", "最早未上传", "coalesce(p.oldest, '')", Show::Time),
        column("app", "版本", "p.app", Show::Text),
        column("state", "状态", "case when p.revoked is null then 'open' else 'revoked' end", Show::Word(PHONE_STATES)),
        column("region", "", "p.region", Show::Hidden),
        column("id", "", "p.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "staff", title: "人员", kind: FilterKind::Contains, sql: "s.name like $? escape '\\'" },
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(phone_states, phone_is), sql: "" },
        PLACES,
    ],
    sort: "-seen",
    unit: "部",
    link: phone_link,
    total: None,
    empty: ("还没有手机", "在人员的页面上为手机生成登记码。"),
};

pub const PHONE_STATES: &[(&str, &str, Badge)] = &[("open", "在用", Badge::Ok), ("revoked", "已停用", Badge::Muted)];

fn window(_: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let clock = |text: &str| text.parse::<i64>().ok().filter(|it| 0 <= *it).map(super::clock);
    // The first is `-1` where it is missing, so the sign is not the dash between.
    let (from, until) = match text.strip_prefix('-') {
        Some(rest) => (None, rest.split_once('-').and_then(|it| clock(it.1))),
        None => text.split_once('-').map_or((None, None), |(from, until)| (clock(from), clock(until))),
    };
    match (from, until) {
        (Some(from), Some(until)) => format!("{from}-{until}"),
        (Some(from), None) => from,
        (None, Some(until)) => format!("-{until}"),
        (None, None) => String::new(),
    }
}

fn clock(_: &Ask, cell: &Value) -> String {
    let shown = minute(&cell.text());
    shown.rsplit(' ').next().unwrap_or_default().to_string()
}

fn states(ask: &Ask) -> Vec<(String, String)> {
    let mut all = badged(ask, words::STATES);
    all.insert(0, ("late".into(), ask.t("逾期未上门").into()));
    all
}

pub fn state_is(ask: &Ask, word: &str) -> Condition {
    match word {
        "late" => Some(("v.state = 'planned' and v.day < $?", Box::new(ask.today().to_string()))),
        _ => Some(("v.state = $?", Box::new(word.to_string()))),
    }
}

fn verdicts(ask: &Ask) -> Vec<(String, String)> {
    badged(ask, words::VERDICTS)
}

pub fn verdict_is(_: &Ask, word: &str) -> Condition {
    match words::VERDICTS.iter().any(|it| it.0 == word) {
        true => Some(("v.verdict <> '' and v.verdict = $?", Box::new(word.to_string()))),
        false => None,
    }
}

fn alarms(ask: &Ask) -> Vec<(String, String)> {
    badged(ask, words::ALARMS)
}

fn alarm_is(_: &Ask, word: &str) -> Condition {
    Some(("a.state = $?", Box::new(word.to_string())))
}

fn phone_states(ask: &Ask) -> Vec<(String, String)> {
    let mut all = badged(ask, PHONE_STATES);
    all.push(("unsent".into(), ask.t("有久未上传的记录").into()));
    all
}

/// Phones whose oldest unsent event waits longer than a day, and by state.
fn phone_is(ask: &Ask, word: &str) -> Condition {
    match word {
        "unsent" => {
            let since = ask.now.checked_sub(jiff::SignedDuration::from_hours(24)).unwrap_or(ask.now);
            Some(("p.revoked is null and p.unsent > 0 and p.oldest < $?", Box::new(kit::clock::stamp(since))))
        }
        state => Some(("(p.revoked is null) = $?", Box::new(state == "open"))),
    }
}

fn visit_link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/visits/{it}"))
}

fn alarm_link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/visits/alarms/{it}"))
}

fn phone_link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/visits/phones/{it}"))
}
