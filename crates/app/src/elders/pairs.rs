//! Pairs of records that may be one person, as lists: those to be judged, and those that were.

use kit::{
    Ask, Id,
    page::Badge,
    table::{Column, Filter, FilterKind, List, Row, Show, Value, column},
};

use super::list::SCOPE;

pub const STATES: &[(&str, &str)] = &[("merged", "已合并"), ("different", "不是同一人"), ("undone", "已撤销合并")];
const STATE_BADGES: &[(&str, &str, Badge)] = &[
    ("open", "待判断", Badge::Warn),
    ("merged", "已合并", Badge::Ok),
    ("different", "不是同一人", Badge::Muted),
    ("undone", "已撤销合并", Badge::Info),
];

const FROM: &str = "elder_duplicate d join elder e on e.region = d.region and e.id = d.kept
                    join elder o on o.region = d.region and o.id = d.other";

/// Both are in the register, and nobody has said yet whether they are one.
pub static OPEN: List = List {
    name: "elders-duplicates",
    title: "疑似重复",
    path: "/elders/duplicates",
    from: FROM,
    always: "d.state = 'open' and e.state = 'living' and o.state = 'living'",
    key: "d.id",
    scope: Some(SCOPE),
    columns: COLUMNS,
    filters: &[
        Filter { key: "q", title: "姓名", kind: FilterKind::Contains, sql: "e.name like $? escape '\\'" },
        Filter {
            key: "why",
            title: "相同之处",
            kind: FilterKind::Choice(WHY),
            sql: "' ' || d.why || ' ' like '% ' || $? || ' %'",
        },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    ],
    sort: "-at",
    unit: "对",
    link,
    total: None,
    empty: ("没有疑似重复的档案", "登记、修改和导入时,系统会比对姓名、出生日期、电话和住址。"),
};

/// What was decided, to be looked up and taken back.
pub static JUDGED: List = List {
    name: "elders-duplicates-judged",
    title: "已判断的重复档案",
    path: "/elders/duplicates/judged",
    from: FROM,
    always: "d.state <> 'open'",
    key: "d.id",
    scope: Some(SCOPE),
    columns: COLUMNS,
    filters: &[
        Filter { key: "q", title: "姓名", kind: FilterKind::Contains, sql: "e.name like $? escape '\\'" },
        Filter { key: "state", title: "结论", kind: FilterKind::Choice(STATES), sql: "d.state = $?" },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    ],
    sort: "-at",
    unit: "对",
    link,
    total: None,
    empty: ("还没有判断过的档案", "合并过的可以在这里撤销。"),
};

const COLUMNS: &[Column] = &[
    column("name", "姓名", "e.name", Show::Text),
    column("birth", "出生日期", "e.birth", Show::Day),
    column("place", "居住地", "e.place", Show::Place),
    column(
        "other",
        "另一份档案",
        "o.region || '|' || o.place || '|' || coalesce(o.organisation, 0) || '|' || o.id || '|' || o.name",
        Show::As(other),
    ),
    column("why", "相同之处", "d.why", Show::As(why)),
    column("state", "状态", "d.state", Show::Word(STATE_BADGES)),
    column("at", "时间", "d.at", Show::Time).sorts(),
    column("region", "", "d.region", Show::Hidden),
    column("id", "", "d.id", Show::Hidden),
];

const WHY: &[(&str, &str)] = &[
    ("姓名相同", "姓名相同"),
    ("姓名近似", "姓名近似"),
    ("出生日期相同", "出生日期相同"),
    ("电话相同", "电话相同"),
    ("住址相同", "住址相同"),
];

/// The name of the other, unless they live where the reader may not look.
fn other(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let [region, place, organisation, id, name] = text.splitn(5, '|').collect::<Vec<_>>()[..] else {
        return String::new();
    };
    let number = |it: &str| it.parse().ok().map(Id).filter(|it| it.0 != 0);
    let is_held = ask.who.scope.holds(region, place, number(organisation), number(id));
    if is_held { name.to_string() } else { ask.t("管理范围以外").to_string() }
}

fn why(ask: &Ask, cell: &Value) -> String {
    cell.text().split_whitespace().map(|it| ask.t(it)).collect::<Vec<_>>().join(ask.t("、"))
}

fn link(row: &Row<'_>) -> Option<String> {
    match (row.get("region"), row.get("id")) {
        (Value::Text(region), Value::Int(id)) => Some(format!("/elders/duplicates/{region}/{id}")),
        _ => None,
    }
}
