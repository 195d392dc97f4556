//! The kept decisions as a list.

use kit::{
    Ask,
    db::Bind,
    table::{Filter, FilterKind, List, Row, Show, Value, column},
};

use super::{compare, words};

pub static DECISIONS: List = List {
    name: "decisions",
    title: "决定与理由",
    path: "/policy/decisions",
    from: "decision d",
    always: "true",
    key: "d.id",
    scope: Some(compare::SCOPE),
    columns: &[
        column("created", "决定时间", "d.created", Show::Time).sorts(),
        column("topic", "政策主题", "d.topic", Show::As(topic)).sorts(),
        column("subject", "事项", "d.subject", Show::As(subject)),
        column("day", "适用日期", "d.day", Show::Day).sorts(),
        column("place", "所在地", "d.place", Show::Place),
        column("digest", "政策库", "d.policy_digest", Show::As(digest)),
        column("region", "", "d.region", Show::Hidden),
        column("id", "", "d.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "topic", title: "政策主题", kind: FilterKind::OneOf(topics, by_topic), sql: "" },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
        Filter { key: "from", title: "适用日期从", kind: FilterKind::Day, sql: "d.day >= $?" },
        Filter { key: "until", title: "到", kind: FilterKind::Day, sql: "d.day <= $?" },
    ],
    sort: "-created",
    unit: "项",
    link,
    total: None,
    empty: ("没有决定", "各项业务按政策作出决定后,决定和所依据的取值会出现在这里。"),
};

fn link(row: &Row<'_>) -> Option<String> {
    match (row.get("region"), row.get("id")) {
        (Value::Text(region), Value::Int(id)) => Some(format!("/policy/decisions/{region}-{id}")),
        _ => None,
    }
}

fn topics(ask: &Ask) -> Vec<(String, String)> {
    let topics = ask.app.policy.topics().into_iter();
    topics.map(|it| (it.name.to_string(), words::text(ask, &it.title).to_string())).collect()
}

fn by_topic(_: &Ask, word: &str) -> Option<(&'static str, Box<dyn Bind + Send>)> {
    Some(("d.topic = $?", Box::new(word.to_string())))
}

fn topic(ask: &Ask, cell: &Value) -> String {
    words::topic(ask, &cell.text()).into_owned()
}

fn subject(ask: &Ask, cell: &Value) -> String {
    subject_title(ask, &cell.text())
}

/// The title of the module that decided.
pub fn subject_title(ask: &Ask, word: &str) -> String {
    ask.app.modules.iter().find(|it| it.name == word).map_or(word, |it| ask.t(it.title)).to_string()
}

fn digest(ask: &Ask, cell: &Value) -> String {
    let digest = cell.text();
    let short = digest.get(..8).unwrap_or(&digest);
    if digest == ask.app.policy.digest() { ask.f("{digest}(现行)", &[("digest", &short)]) } else { short.to_string() }
}
