//! The register (老人名册) as a list: columns, filters, and the totals that are kept for it.

use kit::{
    Ask,
    crypt::{mask_id_number, mask_phone},
    db::Bind,
    place::ScopeColumns,
    table::{Column, Filter, FilterKind, List, Row, Show, Value, column},
};
use rules::base::{Date, IdNumber, Phone, normalise_id_number};

use super::{
    counts,
    intake::{NUMBER_COLUMN, PHONE_COLUMN},
    listed, moving, words,
};

pub const SCOPE: ScopeColumns = ScopeColumns {
    region: "e.region",
    street: Some("e.street"),
    place: "e.place",
    organisation: Some("e.organisation"),
    person: Some("e.id"),
};

pub static ELDERS: List = List {
    name: "elders",
    title: "老人名册",
    path: "/elders",
    from: "elder e",
    always: "e.state = 'living'",
    key: "e.id",
    scope: Some(SCOPE),
    columns: COLUMNS,
    filters: FILTERS,
    sort: "name",
    unit: "人",
    link,
    total: Some(counts::of_list),
    empty: ("没有符合条件的老人", "换一个条件,或新增、导入老人。"),
};

/// Those who died, moved away or were merged: the register's archive.
pub static ARCHIVE: List = List {
    name: "elders-archive",
    title: "已故、迁出与合并",
    path: "/elders/archive",
    from: "elder e",
    always: "e.state <> 'living'",
    key: "e.id",
    scope: Some(SCOPE),
    columns: ARCHIVE_COLUMNS,
    filters: &[
        Filter { key: "q", title: "姓名", kind: FilterKind::Contains, sql: "e.name like $? escape '\\'" },
        Filter { key: "state", title: "状态", kind: FilterKind::Choice(words::STATES), sql: "e.state = $?" },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    ],
    sort: "-day",
    unit: "人",
    link,
    total: None,
    empty: ("没有已故、迁出或合并的档案", "办理后会出现在这里。"),
};

const COLUMNS: &[Column] = &[
    column("name", "姓名", "e.initials", Show::Hidden).sorts(),
    column("shown_name", "姓名", "e.name", Show::Text).ordered_by("name"),
    column("sex", "性别", "e.sex", Show::As(sex)),
    column("birth", "出生日期", "e.birth", Show::Day).sorts(),
    column("age", "年龄", "e.birth", Show::Counted(age, "岁")),
    column("id_number", "证件号码", "e.id_number", Show::Sealed(NUMBER_COLUMN, masked_number)),
    column("phone", "电话", "e.phone", Show::Sealed(PHONE_COLUMN, masked_phone)),
    column("place", "居住地", "e.place", Show::Place),
    column("groups", "人群", GROUPS_SQL, Show::As(groups)),
    column("region", "", "e.region", Show::Hidden),
    column("id", "", "e.id", Show::Hidden),
];

const ARCHIVE_COLUMNS: &[Column] = &[
    column("shown_name", "姓名", "e.name", Show::Text),
    column("sex", "性别", "e.sex", Show::As(sex)),
    column("birth", "出生日期", "e.birth", Show::Day).sorts(),
    column("state", "状态", "e.state", Show::Word(words::STATE_BADGES)).sorts(),
    column("day", "日期", "coalesce(e.state_day, '')", Show::Day).sorts(),
    column("place", "居住地", "e.place", Show::Place),
    column("region", "", "e.region", Show::Hidden),
    column("id", "", "e.id", Show::Hidden),
];

/// The open groups of a row in one cell; the words are short and few.
const GROUPS_SQL: &str = "(select coalesce(max(case g.kind when 'disabled' then 'disabled ' end), '')
    || coalesce(max(case g.kind when 'demented' then 'demented ' end), '')
    || coalesce(max(case g.kind when 'chronic' then 'chronic ' end), '')
    || coalesce(max(case g.kind when 'oldest' then 'oldest ' end), '')
    || coalesce(max(case g.kind when 'handicapped' then 'handicapped ' end), '')
    || coalesce(max(case g.kind when 'homebound' then 'homebound ' end), '')
    || coalesce(max(case g.kind when 'left_behind' then 'left_behind ' end), '')
    || coalesce(max(case g.kind when 'alone' then 'alone ' end), '')
    || coalesce(max(case g.kind when 'poor' then 'poor ' end), '')
    || coalesce(max(case g.kind when 'special_family' then 'special_family ' end), '')
  from elder_group g where g.region = e.region and g.elder = e.id and g.until_day is null)";

const FILTERS: &[Filter] = &[
    Filter { key: "q", title: "姓名、证件号、电话", kind: FilterKind::Chosen(by_words), sql: "" },
    Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    Filter {
        key: "group",
        title: "人群",
        kind: FilterKind::Choice(words::GROUPS),
        sql: "exists (select 1 from elder_group g where g.region = e.region and g.elder = e.id and g.kind = $? and g.until_day is null)",
    },
    Filter { key: "sex", title: "性别", kind: FilterKind::Choice(words::SEXES), sql: "e.sex = $?" },
    Filter { key: "living", title: "居住情况", kind: FilterKind::Choice(words::LIVING), sql: "e.living = $?" },
    Filter {
        key: "due",
        title: "待办",
        kind: FilterKind::Choice(&[(moving::MOVED_IN, "新迁入,待核实居住地")]),
        sql: "exists (select 1 from elder_due d where d.region = e.region and d.elder = e.id and d.kind = $?)",
    },
    Filter { key: "from_age", title: "年龄从", kind: FilterKind::Number(from_age), sql: "" },
    Filter { key: "to_age", title: "年龄到", kind: FilterKind::Number(to_age), sql: "" },
];

/// What was typed decides what is searched: an ID number, a phone, pinyin initials, or a part of the name.
fn by_words(ask: &Ask, text: &str) -> Option<(&'static str, Box<dyn Bind + Send>)> {
    let number = normalise_id_number(text);
    if number.parse::<IdNumber>().is_ok() {
        let blind = ask.app.crypt.blind(NUMBER_COLUMN, &number);
        return Some(("e.id in (select p.elder from person_index p where p.blind = $?)", Box::new(blind)));
    }
    if let Ok(phone) = text.parse::<Phone>() {
        return Some(("e.phone_blind = $?", Box::new(ask.app.crypt.blind(PHONE_COLUMN, phone.as_str()))));
    }
    if text.bytes().all(|it| it.is_ascii_alphabetic()) {
        let (from, sql) = (text.to_ascii_lowercase(), "e.initials >= $? and e.initials < $? || '~'");
        return Some((sql, Box::new(from)));
    }
    listed::named(ask, text)
}

fn from_age(ask: &Ask, text: &str) -> Option<(&'static str, Box<dyn Bind + Send>)> {
    let age: u16 = text.parse().ok().filter(|it| *it < 200)?;
    Some(("e.birth <= $?", Box::new(ask.today().add_years(-i32::from(age)).to_string())))
}

fn to_age(ask: &Ask, text: &str) -> Option<(&'static str, Box<dyn Bind + Send>)> {
    let age: u16 = text.parse().ok().filter(|it| *it < 200)?;
    Some(("e.birth > $?", Box::new(ask.today().add_years(-i32::from(age) - 1).to_string())))
}

pub(super) fn link(row: &Row<'_>) -> Option<String> {
    match (row.get("region"), row.get("id")) {
        (Value::Text(region), Value::Int(id)) => Some(format!("/elders/{region}-{id}")),
        _ => None,
    }
}

pub(super) fn sex(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(words::SEXES, &cell.text())).to_string()
}

pub(super) fn age(ask: &Ask, cell: &Value) -> String {
    cell.text().parse::<Date>().map(|it| it.age_on(ask.today()).to_string()).unwrap_or_default()
}

fn groups(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let titles: Vec<&str> = text.split_whitespace().map(|it| ask.t(words::title(words::GROUPS, it))).collect();
    titles.join(ask.t("、"))
}

fn masked_number(_: &Ask, plain: &str) -> String {
    mask_id_number(plain)
}

fn masked_phone(_: &Ask, plain: &str) -> String {
    mask_phone(plain)
}
