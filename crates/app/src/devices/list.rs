//! Lists: devices, and messages that nobody understood.

use jiff::SignedDuration;
use kit::{
    Ask,
    clock::stamp,
    place::ScopeColumns,
    table::{Condition, Filter, FilterKind, List, Row, Show, Value, badged, column, titled},
};

use super::{device, words};
use crate::elders::{Key, listed::PLACES};

pub const SCOPE: ScopeColumns = ScopeColumns {
    region: "d.region",
    street: Some("d.street"),
    place: "d.place",
    organisation: Some("d.organisation"),
    person: Some("d.elder"),
};

pub static DEVICES: List = List {
    name: "devices",
    title: "设备台账",
    path: "/devices",
    from: "device d left join device_model m on m.region = d.region and m.id = d.model
           left join elder e on e.region = d.region and e.id = d.elder",
    always: "1 = 1",
    key: "d.id",
    scope: Some(SCOPE),
    columns: &[
        column("kind", "种类", "d.kind", Show::As(kind)),
        column("model", "型号", "m.maker || ' ' || m.name", Show::Text),
        column("serial", "设备编号", "d.serial", Show::Text).sorts(),
        column("elder", "老人", "coalesce(e.name, '')", Show::Text),
        column("spot", "位置", "d.spot", Show::Text),
        column("state", "状态", "d.state", Show::Word(words::STATES)),
        column("seen", "最近上线", "coalesce(d.seen, '')", Show::Time).sorts(),
        column("battery", "电量", "coalesce(d.battery, -1)", Show::Counted(percent, "%")),
        column("signal", "信号", "coalesce(d.signal, -1)", Show::Counted(percent, "%")),
        column("place", "所在地", "d.place", Show::Place),
        column("since", "状态自", "d.since", Show::Time),
        column("region", "", "d.region", Show::Hidden),
        column("id", "", "d.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "q", title: "编号或老人姓名", kind: FilterKind::Chosen(by_words), sql: "" },
        Filter { key: "kind", title: "种类", kind: FilterKind::Choice(words::KINDS), sql: "d.kind = $?" },
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(states, state_is), sql: "" },
        Filter { key: "fault", title: "要处理的", kind: FilterKind::OneOf(faults, fault_is), sql: "" },
        Filter { key: "elder", title: "老人", kind: FilterKind::Fixed(elder_is), sql: "" },
        Filter {
            key: "model",
            title: "型号",
            kind: FilterKind::Contains,
            sql: "m.maker || ' ' || m.name like $? escape '\\'",
        },
        PLACES,
    ],
    sort: "-seen",
    unit: "台",
    link: device_link,
    total: None,
    empty: ("还没有设备", "登记一台,或从表格批量导入。"),
};

fn kind(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(words::KINDS, &cell.text())).to_string()
}

fn percent(_: &Ask, cell: &Value) -> String {
    match cell {
        Value::Int(it) if 0 <= *it => it.to_string(),
        _ => "—".to_string(),
    }
}

fn states(ask: &Ask) -> Vec<(String, String)> {
    badged(ask, words::STATES)
}

fn state_is(_: &Ask, word: &str) -> Condition {
    Some(("d.state = $?", Box::new(word.to_string())))
}

/// What is wrong with devices in use: (word, title).
pub const FAULTS: &[(&str, &str)] =
    &[("silent", "失联"), ("weak", "电量低"), ("idle", "闲置"), ("never", "从未上线"), ("gone", "待收回")];

fn faults(ask: &Ask) -> Vec<(String, String)> {
    titled(ask, FAULTS)
}

/// Before when a device that said nothing since is silent, and the percent below which a battery is weak; nothing where no
/// policy says it.
pub fn limits(ask: &Ask) -> Option<(String, i64)> {
    let county = ask.who.scope.counties.first().map_or("", |it| it);
    let policy = ask.app.policy_in(county, ask.today());
    let hours = *policy.read(|it| &it.devices.silent_hours).ok()?;
    let weak = *policy.read(|it| &it.devices.weak_percent).ok()?;
    Some((stamp(ask.now - SignedDuration::from_hours(hours.into())), weak.into()))
}

/// By what the policy of the reader's first county lays down today; without it nothing is said to be wrong.
fn fault_is(ask: &Ask, word: &str) -> Condition {
    let county = ask.who.scope.counties.first().map_or("", |it| it);
    let policy = ask.app.policy_in(county, ask.today());
    let before = |hours: i64| stamp(ask.now - SignedDuration::from_hours(hours));
    match word {
        "silent" => Some(("d.state = 'out' and d.seen < $?", Box::new(limits(ask)?.0))),
        "weak" => Some(("d.state = 'out' and d.battery < $?", Box::new(limits(ask)?.1))),
        "idle" => {
            let days = *policy.read(|it| &it.devices.idle_days).ok()?;
            Some((
                "d.state = 'out' and d.kind in ('wearable', 'cuff', 'oximeter', 'glucose', 'thermometer', 'scale', 'bed')
                 and coalesce(d.last_reading, d.since) < $?",
                Box::new(before(24 * i64::from(days))),
            ))
        }
        "never" => Some(("d.state = 'out' and d.seen is null and d.since < $?", Box::new(before(1)))),
        "gone" => Some(("d.state = 'out' and e.state <> $?", Box::new("living".to_string()))),
        _ => None,
    }
}

/// In the home of one elder.
fn elder_is(_: &Ask, key: &str) -> Condition {
    let key: Key = key.parse().ok()?;
    Some(("d.elder = $?", Box::new(key.id)))
}

/// A number of a maker, or a part of a name.
fn by_words(_: &Ask, text: &str) -> Condition {
    let number = device::serial(text);
    if 3 < number.len() && number.chars().any(|it| it.is_ascii_digit()) {
        return Some(("d.serial like '%' || $? || '%'", Box::new(number)));
    }
    Some(("e.name like $? escape '\\'", Box::new(format!("%{}%", kit::table::escaped(text)))))
}

fn device_link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/devices/{it}"))
}

pub static MESSAGES: List = List {
    name: "devices-messages",
    title: "未识别的消息",
    path: "/devices/messages",
    from: "device_message x left join device d on d.region = x.region and d.id = x.device",
    always: "1 = 1",
    key: "x.id",
    scope: Some(ScopeColumns { region: "x.region", street: None, place: "x.region", organisation: None, person: None }),
    columns: &[
        column("received", "收到时间", "x.received", Show::Time).sorts(),
        column("why", "原因", "x.why", Show::As(why)),
        column("device", "设备", "coalesce(d.serial, '')", Show::Text),
        column("source", "来源", "x.source", Show::Text),
        column("topic", "主题", "x.topic", Show::Text),
        column("times", "次数", "x.times", Show::Number("次")),
        column("state", "状态", "x.state", Show::Word(words::MESSAGES)),
        column("region", "", "x.region", Show::Hidden),
        column("id", "", "x.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(message_states, message_is), sql: "" },
        Filter { key: "topic", title: "主题", kind: FilterKind::Contains, sql: "x.topic like $? escape '\\'" },
        PLACES,
    ],
    sort: "-received",
    unit: "条",
    link: message_link,
    total: None,
    empty: ("没有未识别的消息", "设备发来的消息都读懂了。"),
};

fn why(ask: &Ask, cell: &Value) -> String {
    kit::Said::shown(&cell.text(), ask.lang)
}

fn message_states(ask: &Ask) -> Vec<(String, String)> {
    badged(ask, words::MESSAGES)
}

fn message_is(_: &Ask, word: &str) -> Condition {
    Some(("x.state = $?", Box::new(word.to_string())))
}

fn message_link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/devices/messages/{it}"))
}
