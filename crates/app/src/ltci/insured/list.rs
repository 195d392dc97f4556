//! The insured as a list.

use kit::{
    Ask,
    crypt::mask_id_number,
    place::ScopeColumns,
    table::{Condition, Filter, FilterKind, List, Row, Show, Value, column},
};
use rules::base::{IdNumber, normalise_id_number};

use super::{record::NUMBER_COLUMN, unit};
use crate::ltci::words;

pub static INSURED: List = List {
    name: "ltci-insured",
    title: "长护险参保",
    path: "/ltci/insured",
    from: "ltci_insured i",
    always: "1 = 1",
    key: "i.id",
    scope: Some(ScopeColumns {
        region: "i.region",
        street: None,
        place: "i.region",
        organisation: None,
        person: Some("i.elder"),
    }),
    columns: &[
        column("initials", "姓名", "i.initials", Show::Hidden).sorts(),
        column("name", "姓名", "i.name", Show::Text).ordered_by("initials"),
        column("id_number", "身份证号", "i.id_number", Show::Sealed(NUMBER_COLUMN, masked)),
        column("kind", "参保类别", "i.kind", Show::As(kind)),
        column("employer", "用人单位或村(社区)", "i.employer", Show::Text),
        column("region", "县(区)", "i.region", Show::Place),
        column("id", "", "i.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "q", title: "姓名、身份证号", kind: FilterKind::Chosen(by_words), sql: "" },
        Filter { key: "kind", title: "参保类别", kind: FilterKind::Choice(words::KINDS), sql: "i.kind = $?" },
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(states, state), sql: "" },
        EMPLOYER,
        UNIT,
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    ],
    sort: "initials",
    unit: "人",
    link,
    total: None,
    empty: ("没有参保人", "导入参保名单,或在下面登记。"),
};

pub const EMPLOYER: Filter = Filter {
    key: "employer",
    title: "用人单位或村(社区)",
    kind: FilterKind::Contains,
    sql: "i.employer like $? escape '\\'",
};
pub const UNIT: Filter =
    Filter { key: "unit", title: "单位或村全称", kind: FilterKind::Chosen(unit::wholly), sql: "" };

pub fn by_words(ask: &Ask, text: &str) -> Condition {
    let number = normalise_id_number(text);
    if number.parse::<IdNumber>().is_ok() {
        return Some(("i.id_blind = $?", Box::new(ask.app.crypt.blind(NUMBER_COLUMN, &number))));
    }
    if text.bytes().all(|it| it.is_ascii_alphabetic()) {
        return Some(("i.initials >= $? and i.initials < $? || '~'", Box::new(text.to_ascii_lowercase())));
    }
    let part = kit::table::escaped(text);
    Some(("i.name like $? escape '\\'", Box::new(format!("%{part}%"))))
}

fn states(ask: &Ask) -> Vec<(String, String)> {
    kit::table::titled(ask, &[("insured", "参保中"), ("ended", "已停保")])
}

fn state(_: &Ask, text: &str) -> Condition {
    let sql = match text {
        "insured" => "i.kind <> $?",
        "ended" => "i.kind = $?",
        _ => return None,
    };
    Some((sql, Box::new(String::new())))
}

pub fn masked(_: &Ask, plain: &str) -> String {
    mask_id_number(plain)
}

pub fn kind(ask: &Ask, cell: &Value) -> String {
    match &*cell.text() {
        "" => ask.t("已停保").to_string(),
        word => ask.t(words::title(words::KINDS, word)).to_string(),
    }
}

fn link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/ltci/insured/{it}"))
}
