//! Orders as a list, and the applicants of the action for disabled elders.

use kit::{
    Ask,
    clock::stamp,
    page::Badge,
    place::ScopeColumns,
    table::{Condition, Filter, FilterKind, List, Row, Show, Value, column, titled},
};
use rules::home_service::Class;

use super::words;
use crate::elders::{
    self,
    listed::{AGE, ID, NAME, PLACE, PLACES, Q, REGION},
};

/// Whoever works in an institution sees its orders, a family those of the own elder, others by where the elder lives.
pub const SCOPE: ScopeColumns = ScopeColumns {
    region: "o.region",
    street: Some("e.street"),
    place: "e.place",
    organisation: Some("o.institution"),
    person: Some("o.elder"),
};

pub static ORDERS: List = List {
    name: "orders",
    title: "上门服务",
    path: "/orders",
    from: "home_order o join elder e on e.region = o.region and e.id = o.elder
           join organisation i on i.region = o.region and i.id = o.institution",
    always: "1 = 1",
    key: "o.id",
    scope: Some(SCOPE),
    columns: &[
        column("day", "日期", "o.day", Show::Day).sorts(),
        NAME,
        AGE,
        column("service", "服务", "o.name || '|' || o.name_en", Show::As(service)),
        column("class", "类别", "o.class", Show::As(class)),
        column("state", "状态", "o.state", Show::Word(words::STATE_BADGES)),
        column("institution", "机构", "i.name", Show::Text),
        column("staff", "服务人员", "o.staff_name || ' ' || o.second_name", Show::Text),
        column("channel", "由谁预约", "o.channel", Show::As(channel)).exported(),
        column("placed", "预约时间", "o.placed", Show::Time).exported(),
        column("amount", "预计金额", "o.amount", Show::Fen).exported(),
        column("person", "预计个人付", "o.person", Show::Fen),
        column("rating", "评分", "coalesce(o.rating, 0)", Show::As(rating)),
        column("bed", "家庭病床", BED, Show::Word(BEDS)).exported(),
        PLACE,
        column("region", "", "o.region", Show::Hidden),
        column("id", "", "o.id", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter { key: "state", title: "状态", kind: FilterKind::Choice(words::STATES), sql: "o.state = $?" },
        Filter { key: "what", title: "要处理的", kind: FilterKind::OneOf(whats, what), sql: "" },
        Filter { key: "class", title: "类别", kind: FilterKind::Choice(Class::WORDS), sql: "o.class = $?" },
        Filter { key: "from", title: "日期从", kind: FilterKind::Day, sql: "o.day >= $?" },
        Filter { key: "to", title: "日期至", kind: FilterKind::Day, sql: "o.day <= $?" },
        Filter { key: "institution", title: "机构", kind: FilterKind::Contains, sql: "i.name like $? escape '\\'" },
        PLACES,
    ],
    sort: "-day",
    unit: "张订单",
    link,
    total: None,
    empty: ("还没有上门服务订单", "在老人的页面上点“预约上门服务”。"),
};

const BED: &str = "case when o.without_bed then 'without' else 'other' end";
const BEDS: &[(&str, &str, Badge)] = &[("without", "有需要而未建床", Badge::Warn), ("other", "—", Badge::Muted)];

pub static APPLICANTS: List = List {
    name: "orders-yearly",
    title: "失能老人健康服务申请",
    path: "/orders/yearly",
    from: "home_applicant o join elder e on e.region = o.region and e.id = o.elder",
    always: "o.ended is null",
    key: "o.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        AGE,
        PLACE,
        column("applied", "申请日期", "o.applied", Show::Day).sorts(),
        column("last", "上次年度服务", "coalesce(o.last_day, '')", Show::Text),
        column("this_year", "今年", "coalesce(o.last_day, '')", Show::As(this_year)),
        REGION,
        ID,
    ],
    filters: &[Q, Filter { key: "year", title: "今年", kind: FilterKind::OneOf(years, year), sql: "" }, PLACES],
    sort: "applied",
    unit: "人",
    link: |row| row.key().map(|it| format!("/orders/new?elder={it}")),
    total: None,
    empty: ("还没有人申请", "在失能老人的页面上申请健康服务。"),
};

fn service(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let (zh, en) = text.split_once('|').unwrap_or((&text, &text));
    ask.either(zh, en).to_string()
}

fn class(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(Class::WORDS, &cell.text())).to_string()
}

fn channel(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(words::CHANNELS, &cell.text())).to_string()
}

fn rating(_: &Ask, cell: &Value) -> String {
    match cell {
        Value::Int(0) | Value::Null => String::new(),
        other => other.text(),
    }
}

type Choices = Vec<(String, String)>;

fn whats(ask: &Ask) -> Choices {
    titled(
        ask,
        &[
            ("open", "未完成"),
            ("late", "超时未答复"),
            ("complaint", "投诉待答复"),
            ("unrated", "完成未评价"),
            ("without_bed", "有需要而未建床"),
        ],
    )
}

fn what(ask: &Ask, text: &str) -> Condition {
    Some(match text {
        "open" => {
            ("o.state in ('placed', 'accepted', 'assigned', 'under_way') and o.day >= $?", Box::new(String::new()))
        }
        "late" => (LATE, Box::new(stamp(ask.now))),
        "complaint" => (COMPLAINT, Box::new(String::new())),
        "unrated" => ("o.state = 'done' and o.done_source <> $?", Box::new(String::new())),
        "without_bed" => {
            ("o.without_bed and o.state not in ('refused', 'cancelled') and o.day >= $?", Box::new(String::new()))
        }
        _ => return None,
    })
}

/// Nobody answered in time.
pub const LATE: &str = "o.state = 'placed' and o.answer_by < $?";
/// A complaint nobody answered.
pub const COMPLAINT: &str = "o.state = 'rated' and o.complaint and o.complaint_answer = $?";

fn years(ask: &Ask) -> Choices {
    titled(ask, &[("open", "还没有做"), ("done", "已做")])
}

fn year(ask: &Ask, text: &str) -> Condition {
    let begins = Box::new(format!("{}-01-01", ask.today().year()));
    match text {
        "open" => Some(("coalesce(o.last_day, '') < $?", begins)),
        "done" => Some(("coalesce(o.last_day, '') >= $?", begins)),
        _ => None,
    }
}

fn this_year(ask: &Ask, cell: &Value) -> String {
    let is_done = cell.text().starts_with(&ask.today().year().to_string());
    ask.t(if is_done { "已做" } else { "还没有做" }).to_string()
}

fn link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/orders/{it}"))
}
