//! Providers and their carers as lists.

use kit::{
    Ask, Id, Result, Tx,
    place::ScopeColumns,
    table::{Condition, Filter, FilterKind, List, Row, Show, Value, column, titled},
};
use rules::base::Date;

use super::course;
use crate::{elders::Key, ltci::words};

pub const SCOPE: ScopeColumns = ScopeColumns {
    region: "p.region",
    street: None,
    place: "p.place",
    organisation: Some("p.organisation"),
    person: None,
};

pub static PROVIDERS: List = List {
    name: "ltci-providers",
    title: "长护险定点机构",
    path: "/ltci/providers",
    from: "ltci_provider p",
    always: "1 = 1",
    key: "p.organisation",
    scope: Some(SCOPE),
    columns: &[
        column("initials", "机构", "p.initials", Show::Hidden).sorts(),
        column("name", "机构", "p.name", Show::Text).ordered_by("initials"),
        column("state", "状态", "p.state", Show::Word(words::PROVIDER_STATES)),
        column("level", "级别", "p.level", Show::Number("级")),
        column("modes", "服务方式", "p.modes", Show::As(modes)),
        column(
            "recipients",
            "服务人数",
            "(select count(*) from ltci_recipient r where r.region = p.region and r.provider = p.organisation)",
            Show::Number("人"),
        ),
        column("capacity", "最多", "p.capacity", Show::Number("人")),
        column("number", "协议编号", "p.number", Show::Text),
        column("since", "协议起日", "p.since", Show::Day).sorts(),
        column("until", "有效至", "coalesce(p.until_day, '')", Show::As(last_day)),
        column("evaluated", "最近考核", "p.evaluated", Show::As(evaluated)),
        column("place", "所在地", "p.place", Show::Place),
        column("region", "", "p.region", Show::Hidden),
        column("id", "", "p.organisation", Show::Hidden),
    ],
    filters: &[
        Filter { key: "q", title: "名称、拼音", kind: FilterKind::Chosen(by_words), sql: "" },
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(states, standing), sql: "" },
        Filter {
            key: "mode",
            title: "服务方式",
            kind: FilterKind::Choice(words::MODES),
            sql: "' ' || p.modes || ' ' like '% ' || $? || ' %'",
        },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    ],
    sort: "initials",
    unit: "家",
    link: of_provider,
    total: None,
    empty: ("没有符合条件的定点机构", "与机构签订服务协议后列在这里。"),
};

pub static CARERS: List = List {
    name: "ltci-carers",
    title: "长护险护理人员",
    path: "/ltci/carers",
    from: "ltci_carer c join ltci_provider p on p.region = c.region and p.organisation = c.organisation",
    always: "1 = 1",
    key: "c.id",
    scope: Some(SCOPE),
    columns: &[
        column("initials", "姓名", "c.initials", Show::Hidden).sorts(),
        column("name", "姓名", "c.name", Show::Text).ordered_by("initials"),
        column("qualification", "资格", "c.qualification", Show::As(qualification)),
        column("number", "证书(备案)号", "c.number", Show::Text),
        column("provider", "机构", "p.name", Show::Text),
        column("from", "上岗日", "c.from_day", Show::Day),
        column("until", "离岗日", "coalesce(c.until_day, '')", Show::Day),
        column("region", "", "c.region", Show::Hidden),
        column("id", "", "c.organisation", Show::Hidden),
    ],
    filters: &[
        Filter { key: "q", title: "姓名、拼音", kind: FilterKind::Chosen(by_name), sql: "" },
        Filter {
            key: "qualification",
            title: "资格",
            kind: FilterKind::Choice(words::QUALIFICATIONS),
            sql: "c.qualification = $?",
        },
        Filter { key: "provider", title: "机构", kind: FilterKind::Contains, sql: "p.name like $? escape '\\'" },
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(presence, present), sql: "" },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    ],
    sort: "initials",
    unit: "人",
    link: of_provider,
    total: None,
    empty: ("没有符合条件的护理人员", "在定点机构的页面登记,或导入。"),
};

/// The institutions of a county that may give care on a day, by name.
pub fn able(tx: &Tx<'_>, region: &str, day: Date) -> Result<Vec<(Id, String)>> {
    let all = super::agreement::of_county(tx, region)?;
    let names = tx.rows(
        "select organisation, name from ltci_provider where region = $1 order by initials, organisation",
        &[&region],
        |row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?)),
    )?;
    Ok(names.into_iter().filter(|it| all.get(&it.0).is_some_and(|terms| terms.on(day).is_some())).collect())
}

/// How a provider is shown in lists today; none where it never had an agreement.
pub fn state_of(tx: &Tx<'_>, key: &Key) -> Result<Option<String>> {
    tx.row("select state from ltci_provider where region = $1 and organisation = $2", &[&key.region, &key.id], |row| {
        row.get(0)
    })
}

fn modes(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let all: Vec<&str> = text.split_whitespace().map(|it| ask.t(words::title(words::MODES, it))).collect();
    all.join(ask.t("、"))
}

fn qualification(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(words::QUALIFICATIONS, &cell.text())).to_string()
}

fn last_day(_: &Ask, cell: &Value) -> String {
    cell.text().parse::<Date>().map(|it| it.add_days(-1).to_string()).unwrap_or_default()
}

fn evaluated(ask: &Ask, cell: &Value) -> String {
    course::evaluation_in_words(ask, &cell.text())
}

fn by_words(_: &Ask, text: &str) -> Condition {
    if text.bytes().all(|it| it.is_ascii_alphabetic()) {
        return Some(("p.initials >= $? and p.initials < $? || '~'", Box::new(text.to_ascii_lowercase())));
    }
    Some(("p.name like $? escape '\\'", Box::new(part(text))))
}

fn by_name(_: &Ask, text: &str) -> Condition {
    if text.bytes().all(|it| it.is_ascii_alphabetic()) {
        return Some(("c.initials >= $? and c.initials < $? || '~'", Box::new(text.to_ascii_lowercase())));
    }
    Some(("c.name like $? escape '\\'", Box::new(part(text))))
}

fn part(text: &str) -> String {
    format!("%{}%", kit::table::escaped(text))
}

fn states(ask: &Ask) -> Vec<(String, String)> {
    let all = words::PROVIDER_STATES.iter().map(|it| (it.0.to_string(), ask.t(it.1).to_string()));
    all.chain([("ending".to_string(), ask.t("两个月内期满").to_string())]).collect()
}

fn standing(ask: &Ask, state: &str) -> Condition {
    if state == "ending" {
        let soon = ask.today().add_days(60).to_string();
        return Some(("p.state in ('running', 'suspended') and p.until_day < $?", Box::new(soon)));
    }
    Some(("p.state = $?", Box::new(state.to_string())))
}

fn presence(ask: &Ask) -> Vec<(String, String)> {
    titled(ask, &[("present", "在岗"), ("left", "已离岗")])
}

fn present(ask: &Ask, state: &str) -> Condition {
    let today = ask.today().to_string();
    Some(match state {
        "present" => ("(c.until_day is null or c.until_day > $?)", Box::new(today)),
        "left" => ("c.until_day <= $?", Box::new(today)),
        _ => return None,
    })
}

fn of_provider(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/ltci/providers/{it}"))
}
