//! The list of what providers claim.

use kit::{
    Ask,
    place::ScopeColumns,
    table::{Filter, FilterKind, List, Row, Show, Value, column},
};

use crate::{
    elders::listed::{NAME, PLACE, PLACES, Q},
    ltci::{settle::words::CLAIM_STATES, words},
};

pub static CLAIMS: List = List {
    name: "ltci-claims",
    title: "申报明细",
    path: "/ltci/claims",
    from: "ltci_claim c join elder e on e.region = c.region and e.id = c.elder
             left join organisation o on o.id = c.provider and o.region = c.region",
    always: "1 = 1",
    key: "c.id",
    scope: Some(ScopeColumns {
        region: "c.region",
        street: Some("e.street"),
        place: "e.place",
        organisation: Some("c.provider"),
        person: Some("c.elder"),
    }),
    columns: &[
        NAME,
        column("day", "日期", "c.day", Show::Day).sorts(),
        column("service", "服务项目", "c.service", Show::Text),
        column("mode", "服务方式", "c.mode", Show::As(mode)),
        column("minutes", "时长", "c.minutes", Show::Number("分钟")),
        column("amount", "金额", "c.claimed", Show::Fen),
        column("provider", "机构", "coalesce(o.name, '')", Show::Text),
        column("number", "申报编号", "c.number", Show::Text),
        column("state", "状态", "c.state", Show::Word(CLAIM_STATES)),
        column("begin", "开始时间", "coalesce(c.began, '')", Show::Time).exported(),
        column("end", "结束时间", "coalesce(c.ended, '')", Show::Time).exported(),
        column("carer", "人员编号", "c.carer", Show::Text).exported(),
        column("source", "来源", "c.source", Show::Text).exported(),
        PLACE,
        column("region", "", "c.region", Show::Hidden),
        column("id", "", "c.id", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter { key: "month", title: "月份", kind: FilterKind::Equals, sql: "c.month = $?" },
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(states, state), sql: "" },
        Filter { key: "provider", title: "机构", kind: FilterKind::Contains, sql: "o.name like $? escape '\\'" },
        Filter { key: "number", title: "申报编号", kind: FilterKind::Equals, sql: "c.number = $?" },
        Filter { key: "mode", title: "服务方式", kind: FilterKind::Choice(words::MODES), sql: "c.mode = $?" },
        Filter { key: "from", title: "日期从", kind: FilterKind::Day, sql: "c.day >= $?" },
        Filter { key: "to", title: "日期到", kind: FilterKind::Day, sql: "c.day <= $?" },
        PLACES,
    ],
    sort: "-day",
    unit: "条",
    link,
    total: None,
    empty: ("没有申报明细", "从表格导入、由接口报入,或逐条录入。"),
};

fn states(ask: &Ask) -> Vec<(String, String)> {
    CLAIM_STATES.iter().map(|it| (it.0.to_string(), ask.t(it.1).to_string())).collect()
}

fn state(_: &Ask, text: &str) -> kit::table::Condition {
    Some(("c.state = $?", Box::new(text.to_string())))
}

fn mode(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(words::MODES, &cell.text())).to_string()
}

fn link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/ltci/claims/{it}"))
}
