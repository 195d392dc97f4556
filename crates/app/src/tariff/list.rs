//! Lists of tariff: the county's own catalogue, bills, institutions with their fees and prepayments.

use std::sync::Arc;

use kit::{
    Ask, Scope, Who,
    db::Bind,
    place::ScopeColumns,
    table::{Condition, Filter, FilterKind, List, Show, Value, column, titled},
};
use rules::{
    base::Money,
    tariff::{Class, Kind},
};

use super::words;
use crate::elders::listed::{AGE, NAME, PLACE, PLACES, Q, REGION};

pub static CATALOGUE: List = List {
    name: "tariff-catalogue",
    title: "本地价格目录",
    path: "/tariff/catalogue",
    from: "tariff_price p",
    always: "1 = 1",
    key: "p.id",
    scope: Some(ScopeColumns { region: "p.region", street: None, place: "p.region", organisation: None, person: None }),
    columns: &[
        column("name", "名称", "p.name", Show::Text).sorts(),
        column("code", "编码", "p.code", Show::Text).sorts(),
        column("price", "价格", "coalesce(p.price, -1)", Show::As(price)),
        column("unit", "单位", "p.unit", Show::Text),
        column("kind", "类别", "p.kind", Show::As(kind)),
        column("class", "医保类别", "p.class", Show::As(class)),
        column("level", "机构等级", "p.level", Show::As(level)),
        column("owner", "机构性质", "p.owner", Show::As(owner)),
        column("from", "执行日期", "p.from_day", Show::Day).sorts(),
        column("document", "依据文件", "p.document", Show::Text),
        column("source", "来源", "p.source", Show::Text).exported(),
        column("who", "办理人", "p.who", Show::Text).exported(),
        column("region", "县区", "p.region", Show::Place).exported(),
    ],
    filters: &[
        Filter { key: "q", title: "名称", kind: FilterKind::Contains, sql: "p.name like $? escape '\\'" },
        Filter { key: "code", title: "编码", kind: FilterKind::Begins, sql: "p.code like $? escape '\\'" },
        Filter { key: "kind", title: "类别", kind: FilterKind::Choice(Kind::WORDS), sql: "p.kind = $?" },
        Filter { key: "class", title: "医保类别", kind: FilterKind::Choice(Class::WORDS), sql: "p.class = $?" },
        Filter { key: "since", title: "执行日期从", kind: FilterKind::Day, sql: "p.from_day >= $?" },
    ],
    sort: "name",
    unit: "条",
    link: |_| None,
    total: None,
    empty: ("还没有本地价格目录", "导入本市的医疗服务价格目录;没有导入的项目用政策库里的价格。"),
};

pub static BILLS: List = List {
    name: "tariff-bills",
    title: "账单",
    path: "/tariff/bills",
    from: "tariff_bill b join elder e on e.region = b.region and e.id = b.elder
           join organisation o on o.region = b.region and o.id = b.institution",
    always: "1 = 1",
    key: "b.id",
    scope: Some(BILL_SCOPE),
    columns: &[
        column("number", "账单号", "b.number", Show::Text),
        NAME,
        AGE,
        column("day", "服务日期", "b.day", Show::Day).sorts(),
        column("institution", "机构", "o.name", Show::Text),
        column("amount", "金额", "b.amount", Show::Fen),
        column("person", "个人部分", "b.person", Show::Fen),
        column("balance", "还应付", "b.balance", Show::Fen).sorts(),
        column("state", "状态", STATE, Show::Word(words::STATES)),
        PLACE,
        REGION,
        column("id", "", "b.id", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(states, standing), sql: "" },
        Filter { key: "from", title: "服务日期从", kind: FilterKind::Day, sql: "b.day >= $?" },
        Filter { key: "to", title: "服务日期至", kind: FilterKind::Day, sql: "b.day <= $?" },
        Filter { key: "number", title: "账单号", kind: FilterKind::Begins, sql: "b.number like $? escape '\\'" },
        Filter { key: "institution", title: "机构", kind: FilterKind::Contains, sql: "o.name like $? escape '\\'" },
        PLACES,
    ],
    sort: "-day",
    unit: "张账单",
    link: |row| row.key().map(|key| format!("/tariff/bills/{key}")),
    total: None,
    empty: ("没有符合条件的账单", "在老人的页面上询价,再按询价开账单。"),
};

/// A manager sees the bills of the own institution, a family those of the own elder.
pub const BILL_SCOPE: ScopeColumns = ScopeColumns {
    region: "b.region",
    street: Some("e.street"),
    place: "e.place",
    organisation: Some("b.institution"),
    person: Some("b.elder"),
};
const STATE: &str = "case when b.balance > 0 then 'open' when b.balance < 0 then 'over' else 'settled' end";

pub static INSTITUTIONS: List = List {
    name: "tariff-institutions",
    title: "收费机构",
    path: "/tariff/institutions",
    from: "organisation o",
    always: "o.kind not in ('assessment', 'insurer', 'hotline', 'authority')",
    key: "o.id",
    scope: Some(ScopeColumns {
        region: "o.region",
        street: None,
        place: "o.place",
        organisation: Some("o.id"),
        person: None,
    }),
    columns: &[
        column("name", "名称", "o.name", Show::Text).sorts(),
        column("kind", "类别", "o.kind", Show::As(organisation_kind)).sorts(),
        column("fee", "上门服务费", FEE, Show::As(fee)),
        column("advance", "预付结余", ADVANCE, Show::Fen),
        column("place", "所在地", "o.place", Show::Place).sorts(),
        column("region", "", "o.region", Show::Hidden),
        column("id", "", "o.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "q", title: "名称", kind: FilterKind::Contains, sql: "o.name like $? escape '\\'" },
        Filter {
            key: "kind",
            title: "类别",
            kind: FilterKind::Choice(kit::house::ORGANISATION_KINDS),
            sql: "o.kind = $?",
        },
        Filter { key: "with", title: "条件", kind: FilterKind::OneOf(withs, with), sql: "" },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    ],
    sort: "name",
    unit: "家",
    link: |row| row.key().map(|key| format!("/tariff/institutions/{key}")),
    total: None,
    empty: ("没有符合条件的机构", "机构在“医养机构”里登记。"),
};

const FEE: &str = "coalesce((select max(f.from_day || ' ' || coalesce(f.fee, -1)) from tariff_fee f
    where f.region = o.region and f.institution = o.id), '')";
const ADVANCE: &str =
    "coalesce((select a.balance from tariff_advance a where a.region = o.region and a.institution = o.id
    order by a.id desc limit 1), 0)";
/// Months that were prepaid, have ended before the one bound, and are not settled.
pub const UNSETTLED: &str = "exists (select 1 from tariff_advance a where a.region = o.region and a.institution = o.id
    and a.kind = 'prepaid' and a.month < $? and not exists (select 1 from tariff_advance d where d.region = a.region
    and d.institution = a.institution and d.kind = 'due' and d.month >= a.month))";
const WITH_FEE: &str =
    "exists (select 1 from tariff_fee f where f.region = o.region and f.institution = o.id and f.from_day <= $?)";

fn states(ask: &Ask) -> Vec<(String, String)> {
    let words: Vec<(&str, &str)> = words::STATES.iter().map(|it| (it.0, it.1)).collect();
    titled(ask, &words)
}

fn standing(_: &Ask, word: &str) -> Condition {
    let sql = match word {
        "open" => "b.balance > $?",
        "over" => "b.balance < $?",
        "settled" => "b.balance = $?",
        _ => return None,
    };
    Some((sql, Box::new(0_i64)))
}

fn withs(ask: &Ask) -> Vec<(String, String)> {
    titled(ask, &[("fee", "已公布上门服务费"), ("unsettled", "有预付待清算")])
}

fn with(ask: &Ask, word: &str) -> Condition {
    let today = ask.today().to_string();
    match word {
        "fee" => Some((WITH_FEE, Box::new(today))),
        "unsettled" => {
            Some((UNSETTLED, Box::new(today.get(..7).unwrap_or_default().to_string()) as Box<dyn Bind + Send>))
        }
        _ => None,
    }
}

/// Prices are public: whoever may read them sees those of the own county, wherever in it.
pub fn of_county(ask: &Ask) -> Ask {
    let tree = ask.app.places.tree();
    let place = tree.county_of(&ask.who.scope.place).map_or(ask.who.scope.place.clone(), |it| it.code.clone());
    let who = Who { scope: Scope::of(&tree, &place), ..(*ask.who).clone() };
    Ask { who: Arc::new(who), ..ask.clone() }
}

fn price(ask: &Ask, cell: &Value) -> String {
    match cell {
        Value::Int(-1) => ask.t("已取消").to_string(),
        Value::Int(fen) => words::fen(ask, *fen),
        other => other.text(),
    }
}

fn fee(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let Some((day, fee)) = text.split_once(' ') else { return String::new() };
    let money = match fee.parse::<i64>() {
        Ok(fen) if 0 <= fen => words::money(ask, Money::from_fen(fen)),
        _ => ask.t("不上门").to_string(),
    };
    format!("{money} ({})", ask.f("{day} 起", &[("day", &day)]))
}

fn kind(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(Kind::WORDS, &cell.text())).to_string()
}

fn class(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(Class::WORDS, &cell.text())).to_string()
}

fn level(ask: &Ask, cell: &Value) -> String {
    any(ask, words::ALL_LEVELS, &cell.text())
}

fn owner(ask: &Ask, cell: &Value) -> String {
    any(ask, words::ALL_OWNERS, &cell.text())
}

fn any(ask: &Ask, list: &[(&'static str, &'static str)], word: &str) -> String {
    ask.t(words::title(list, if word.is_empty() { "all" } else { word })).to_string()
}

fn organisation_kind(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(kit::house::ORGANISATION_KINDS, &cell.text())).to_string()
}
