//! Constitutions and advice as a list, and those who are due.

use kit::{
    Ask,
    crypt::mask_phone,
    db::Bind,
    page::Badge,
    table::{Filter, FilterKind, List, Row, Show, Value, column},
};
use rules::base::Date;

use super::words;
use crate::elders::{self, PHONE_COLUMN};

pub static RECORDS: List = List {
    name: "tcm",
    title: "中医药健康管理",
    path: "/tcm",
    from: "tcm_record t join elder e on e.region = t.region and e.id = t.elder",
    always: "1 = 1",
    key: "t.id",
    scope: Some(elders::SCOPE),
    columns: &[
        column("name", "姓名", "e.name", Show::Text),
        column("birth", "年龄", "e.birth", Show::Counted(age, "岁")),
        column("place", "居住地", "e.place", Show::Place),
        column("day", "辨识日期", "t.day", Show::Day).sorts(),
        column("state", "结论", "t.state", Show::Word(words::STATE_BADGES)),
        column("constitution", "主要体质", "t.constitution", Show::As(constitution)),
        column("types", "发现的体质", "t.types", Show::As(types)),
        column("advised", "保健指导", ADVISED, Show::Word(ADVISED_BADGES)),
        column("doctor", "指导医生", "t.doctor", Show::Text),
        column("region", "", "t.region", Show::Hidden),
        column("id", "", "t.id", Show::Hidden),
    ],
    filters: &[
        Q,
        PLACE,
        Filter { key: "state", title: "结论", kind: FilterKind::Choice(words::STATES), sql: "t.state = $?" },
        Filter {
            key: "constitution",
            title: "主要体质",
            kind: FilterKind::Choice(words::CONSTITUTIONS),
            sql: "t.constitution = $?",
        },
        Filter { key: "advised", title: "保健指导", kind: FilterKind::OneOf(advised, advised_is), sql: "" },
    ],
    sort: "-day",
    unit: "份",
    link: record_link,
    total: None,
    empty: ("还没有体质辨识", "在老人的页面上开始体质辨识。"),
};

pub static DUE: List = List {
    name: "tcm-due",
    title: "该做中医药健康管理的老人",
    path: "/tcm/due",
    from: "elder_due d join elder e on e.region = d.region and e.id = d.elder",
    always: "d.kind = 'tcm' and e.state = 'living'",
    key: "e.id",
    scope: Some(elders::SCOPE),
    columns: &[
        column("name", "姓名", "e.name", Show::Text),
        column("birth", "年龄", "e.birth", Show::Counted(age, "岁")),
        column("phone", "电话", "e.phone", Show::Sealed(PHONE_COLUMN, phone)),
        column("place", "居住地", "e.place", Show::Place),
        column("said", "要做什么", "d.said", Show::As(said)),
        column("day", "应在此日前", "d.day", Show::Day).sorts(),
        column("left", "时限", "d.day", Show::As(days_left)),
        column("link", "", "d.link", Show::Hidden),
    ],
    filters: &[Q, PLACE, Filter { key: "when", title: "到期", kind: FilterKind::OneOf(whens, when_is), sql: "" }],
    sort: "day",
    unit: "人",
    link: due_link,
    total: None,
    empty: ("没有该做中医药健康管理的老人", "新登记的老人夜里会列进来。"),
};

const Q: Filter = Filter { key: "q", title: "姓名、拼音", kind: FilterKind::Chosen(by_name), sql: "" };
const PLACE: Filter = Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" };
const ADVISED: &str = "case when t.advised is null then 'no' else 'yes' end";
const ADVISED_BADGES: &[(&str, &str, Badge)] = &[("yes", "已指导", Badge::Ok), ("no", "未指导", Badge::Warn)];

type Condition = Option<(&'static str, Box<dyn Bind + Send>)>;
type Choices = Vec<(String, String)>;

fn by_name(_: &Ask, text: &str) -> Condition {
    if text.bytes().all(|it| it.is_ascii_alphabetic()) {
        return Some(("e.initials >= $? and e.initials < $? || '~'", Box::new(text.to_ascii_lowercase())));
    }
    let part = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    Some(("e.name like $? escape '\\'", Box::new(format!("%{part}%"))))
}

fn advised(ask: &Ask) -> Choices {
    [("yes", "已指导"), ("no", "未指导")].map(|(word, title)| (word.to_string(), ask.t(title).to_string())).to_vec()
}

fn advised_is(_: &Ask, text: &str) -> Condition {
    Some((
        "case when t.advised is null then 'no' else 'yes' end = $?",
        Box::new(["yes", "no"].into_iter().find(|it| *it == text)?.to_string()),
    ))
}

fn whens(ask: &Ask) -> Choices {
    [("late", "已逾期"), ("month", "30 天内"), ("quarter", "90 天内")]
        .map(|(word, title)| (word.to_string(), ask.t(title).to_string()))
        .to_vec()
}

fn when_is(ask: &Ask, text: &str) -> Condition {
    let days = match text {
        "late" => 0,
        "month" => 31,
        "quarter" => 91,
        _ => return None,
    };
    Some(("d.day < $?", Box::new(ask.today().add_days(days).to_string())))
}

fn record_link(row: &Row<'_>) -> Option<String> {
    match (row.get("region"), row.get("id")) {
        (Value::Text(region), Value::Int(id)) => Some(format!("/tcm/{region}-{id}")),
        _ => None,
    }
}

fn due_link(row: &Row<'_>) -> Option<String> {
    Some(row.get("link").text())
}

fn age(ask: &Ask, cell: &Value) -> String {
    cell.text().parse::<Date>().map(|it| it.age_on(ask.today()).to_string()).unwrap_or_default()
}

fn phone(_: &Ask, plain: &str) -> String {
    mask_phone(plain)
}

fn said(ask: &Ask, cell: &Value) -> String {
    ask.t(&cell.text()).to_string()
}

fn constitution(ask: &Ask, cell: &Value) -> String {
    ask.t(&cell.text()).to_string()
}

fn types(ask: &Ask, cell: &Value) -> String {
    let all: Vec<String> = serde_json::from_str(&cell.text()).unwrap_or_default();
    all.iter().map(|it| ask.t(it)).collect::<Vec<_>>().join(ask.t("、"))
}

fn days_left(ask: &Ask, cell: &Value) -> String {
    let Ok(day) = cell.text().parse::<Date>() else { return String::new() };
    match ask.today().days_until(day) {
        left if left < 0 => ask.f("逾期 {n} 天", &[("n", &-left)]),
        left => ask.f("还有 {n} 天", &[("n", &left)]),
    }
}
