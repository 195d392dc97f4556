//! The list of institutions.

use kit::{
    Ask,
    db::Bind,
    page::Badge,
    table::{Column, Filter, FilterKind, List, Row, Show, Value, column, grouped},
};

use super::{institution::SCOPE, words};

pub static INSTITUTIONS: List = List {
    name: "institutions",
    title: "医养机构",
    path: "/institutions",
    from: "organisation o left join institution i on i.region = o.region and i.id = o.id",
    always: "o.kind not in ('assessment', 'insurer', 'hotline', 'authority')",
    key: "o.id",
    scope: Some(SCOPE),
    columns: COLUMNS,
    filters: FILTERS,
    sort: "name",
    unit: "家",
    link,
    total: None,
    empty: ("没有符合条件的机构", "换一个条件,或新增、导入机构。"),
};

/// Both licences, one of them, none; or nothing known yet.
const LICENSED: &str = "case when i.id is null then 'unknown'
    when i.licensed_medical <> '' and i.licensed_care <> '' then 'both'
    when i.licensed_medical <> '' then 'medical' when i.licensed_care <> '' then 'care' else 'none' end";

const COLUMNS: &[Column] = &[
    column("name", "名称", "coalesce(i.initials, o.name)", Show::Hidden).sorts(),
    column("shown_name", "名称", "o.name", Show::Text).ordered_by("name"),
    column("kind", "类别", "o.kind", Show::As(kind)).sorts(),
    column("level", "等级", "coalesce(i.level, 'none')", Show::As(level)),
    column("licensed", "证照", LICENSED, Show::Word(words::LICENSED_BADGES)),
    column("licence_end", "最近到期", "coalesce(i.licence_end, '')", Show::Day).sorts(),
    column("modes", "医养结合方式", "coalesce(i.modes, '')", Show::As(modes)),
    column("beds", "床位", "coalesce(i.beds, 0)", Show::As(beds)).sorts(),
    column("place", "所在地", "o.place", Show::Place).sorts(),
    column("code", "统一社会信用代码", "coalesce(i.code, '')", Show::Text).exported(),
    column("state", "状态", "case when i.closed is null then 'open' else 'closed' end", Show::Word(STATES)),
    column("region", "", "o.region", Show::Hidden),
    column("id", "", "o.id", Show::Hidden),
];

const STATES: &[(&str, &str, Badge)] = &[("open", "在用", Badge::Ok), ("closed", "已停用", Badge::Muted)];

const FILTERS: &[Filter] = &[
    Filter { key: "q", title: "名称、拼音、信用代码", kind: FilterKind::Chosen(by_words), sql: "" },
    Filter { key: "kind", title: "类别", kind: FilterKind::Choice(words::KINDS), sql: "o.kind = $?" },
    Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    Filter { key: "licences", title: "证照", kind: FilterKind::OneOf(licences, by_licences), sql: "" },
    Filter {
        key: "mode",
        title: "医养结合方式",
        kind: FilterKind::Choice(words::MODES),
        sql: "' ' || i.modes || ' ' like '% ' || $? || ' %'",
    },
    Filter {
        key: "mark",
        title: "科室与资质",
        kind: FilterKind::Choice(words::MARKS),
        sql: "' ' || i.marks || ' ' like '% ' || $? || ' %'",
    },
    Filter { key: "level", title: "等级", kind: FilterKind::Choice(words::LEVELS), sql: "i.level = $?" },
    Filter { key: "state", title: "状态", kind: FilterKind::OneOf(states, by_state), sql: "" },
];

type Chosen = Option<(&'static str, Box<dyn Bind + Send>)>;

fn said(ask: &Ask, all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(word, title)| ((*word).to_string(), ask.t(title).to_string())).collect()
}

fn licences(ask: &Ask) -> Vec<(String, String)> {
    said(
        ask,
        &[
            ("both", "两证齐全"),
            ("medical", "仅医疗资质"),
            ("care", "仅养老资质"),
            ("none", "无有效证照"),
            ("soon", "证照将到期"),
            ("expired", "证照已过期"),
            ("unknown", "待补充"),
        ],
    )
}

fn by_licences(ask: &Ask, word: &str) -> Chosen {
    let today = ask.today().to_string();
    let sql = match word {
        "both" => "i.licensed_medical <> '' and i.licensed_care <> '' and o.name <> $?",
        "medical" => "i.licensed_medical <> '' and i.licensed_care = '' and o.name <> $?",
        "care" => "i.licensed_medical = '' and i.licensed_care <> '' and o.name <> $?",
        "none" => "i.licensed_medical = '' and i.licensed_care = '' and o.name <> $?",
        "soon" => "i.closed is null and i.licence_warned <= $? and i.licence_end >= $?",
        "expired" => "i.closed is null and i.licence_end < $?",
        "unknown" => "i.id is null and o.name <> $?",
        _ => return None,
    };
    Some((sql, Box::new(if matches!(word, "soon" | "expired") { today } else { String::new() })))
}

fn states(ask: &Ask) -> Vec<(String, String)> {
    said(ask, &[("open", "在用"), ("closed", "已停用")])
}

fn by_state(_: &Ask, word: &str) -> Chosen {
    let sql = match word {
        "open" => "i.closed is null and o.name <> $?",
        "closed" => "i.closed is not null and o.name <> $?",
        _ => return None,
    };
    Some((sql, Box::new(String::new())))
}

/// What was typed decides what is searched: a code, pinyin initials, or a part of the name.
fn by_words(_: &Ask, text: &str) -> Chosen {
    let compact: String = text.chars().filter(|it| !it.is_whitespace()).collect();
    if compact.parse::<rules::base::Uscc>().is_ok() {
        return Some(("i.code = $?", Box::new(compact.to_ascii_uppercase())));
    }
    if text.bytes().all(|it| it.is_ascii_alphabetic()) {
        return Some(("i.initials >= $? and i.initials < $? || '~'", Box::new(text.to_ascii_lowercase())));
    }
    let part = kit::table::escaped(text);
    Some(("o.name like $? escape '\\'", Box::new(format!("%{part}%"))))
}

fn link(row: &Row<'_>) -> Option<String> {
    match (row.get("region"), row.get("id")) {
        (Value::Text(region), Value::Int(id)) => Some(format!("/institutions/{region}-{id}")),
        _ => None,
    }
}

fn kind(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(words::KINDS, &cell.text())).to_string()
}

fn level(ask: &Ask, cell: &Value) -> String {
    match &*cell.text() {
        "none" => String::new(),
        it => ask.t(words::title(words::LEVELS, it)).to_string(),
    }
}

fn modes(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let all: Vec<&str> = text.split_whitespace().map(|it| ask.t(words::title(words::MODES, it))).collect();
    all.join(ask.t("、"))
}

fn beds(_: &Ask, cell: &Value) -> String {
    match cell {
        Value::Int(0) => String::new(),
        Value::Int(n) => grouped(*n),
        other => other.text(),
    }
}
