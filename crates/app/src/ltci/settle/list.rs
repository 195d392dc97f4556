//! The lists: runs, their lines, payments, samples, objections, complaints, months to redo.

use kit::{
    Ask, Id,
    place::ScopeColumns,
    table::{Condition, Filter, FilterKind, List, Row, Show, Value, column},
};

use rules::ltci::settle::Rule;

use super::words::{
    CLAIM_STATES, COMPLAINT_STATES, OBJECTION_STATES, PAYMENT_KINDS, PAYMENT_STATES, SAMPLE_STATES, SETTLEMENT_STATES,
};
use crate::elders::listed::{NAME, PLACE, PLACES, Q};

/// Of a county as a whole.
const fn county(region: &'static str, organisation: Option<&'static str>) -> ScopeColumns {
    ScopeColumns { region, street: None, place: region, organisation, person: None }
}

/// Of the elder `e`; institutions see none.
const fn persons(region: &'static str, organisation: Option<&'static str>) -> ScopeColumns {
    ScopeColumns { region, street: Some("e.street"), place: "e.place", organisation, person: Some("e.id") }
}

pub static SETTLEMENTS: List = List {
    name: "ltci-settlements",
    title: "月结算",
    path: "/ltci/settlements",
    from: "ltci_settlement s",
    always: "1 = 1",
    key: "s.id",
    scope: Some(county("s.region", None)),
    columns: &[
        column("month", "月份", "s.month", Show::Text).sorts(),
        column("place", "地区", "s.region", Show::Place),
        column("run", "第几次", "s.run", Show::Number("")),
        column("state", "状态", "s.state", Show::Word(SETTLEMENT_STATES)),
        column("persons", "人数", "s.persons", Show::Number("")),
        column("lines", "明细", "s.lines", Show::Number("")),
        column("claimed", "申报", "s.claimed", Show::Fen),
        column("fund", "基金支付", "s.fund + s.bonus", Show::Fen),
        column("person", "个人负担", "s.person", Show::Fen),
        column("borne", "机构负担", "s.borne", Show::Fen),
        column("pending", "待定", "s.pending", Show::Fen),
        column("as_of", "结算日", "s.as_of", Show::Day),
        column("region", "", "s.region", Show::Hidden),
        column("id", "", "s.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "month", title: "月份", kind: FilterKind::Equals, sql: "s.month = $?" },
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(settlement_states, settlement_state), sql: "" },
        PLACES,
    ],
    sort: "-month",
    unit: "次结算",
    link: settlement,
    total: None,
    empty: ("还没有结算", "选择月份计算草稿,核对后确认。"),
};

pub static VERDICTS: List = List {
    name: "ltci-verdicts",
    title: "审核明细",
    path: "/ltci/verdicts",
    from: "ltci_verdict v join ltci_claim c on c.region = v.region and c.id = v.claim
             join elder e on e.region = v.region and e.id = v.elder
             left join organisation o on o.id = v.provider and o.region = v.region",
    always: "1 = 1",
    key: "v.claim",
    scope: Some(persons("v.region", None)),
    columns: &[
        NAME,
        column("day", "日期", "v.day", Show::Day).sorts(),
        column("service", "服务项目", "c.service", Show::Text),
        column("provider", "机构", "coalesce(o.name, '')", Show::Text),
        column("number", "申报编号", "c.number", Show::Text),
        column("claimed", "申报", "v.claimed", Show::Fen).sorts(),
        column("fund", "基金支付", "v.fund", Show::Fen),
        column("person", "个人负担", "v.person", Show::Fen),
        column("borne", "机构负担", "v.borne", Show::Fen).sorts(),
        column("pending", "待定", "v.pending", Show::Fen),
        column("rules", "规则", "v.deductions", Show::As(rules)),
        PLACE,
        column("region", "", "v.region", Show::Hidden),
        column("id", "", "v.claim", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter { key: "settlement", title: "结算", kind: FilterKind::Fixed(of_run), sql: "" },
        Filter { key: "provider", title: "机构", kind: FilterKind::Contains, sql: "o.name like $? escape '\\'" },
        Filter { key: "rule", title: "规则", kind: FilterKind::OneOf(all_rules, of_rule), sql: "" },
        PLACES,
    ],
    sort: "day",
    unit: "条",
    link: claim,
    total: None,
    empty: ("没有审核明细", "这次结算没有符合条件的明细。"),
};

pub static PAYMENTS: List = List {
    name: "ltci-payments",
    title: "支付",
    path: "/ltci/payments",
    from: "ltci_payment p left join elder e on e.region = p.region and e.id = p.elder
             left join organisation o on o.id = p.provider and o.region = p.region",
    always: "1 = 1",
    key: "p.id",
    scope: Some(county("p.region", Some("p.provider"))),
    columns: &[
        column("month", "月份", "p.month", Show::Text).sorts(),
        column("payee", "收款人", "coalesce(o.name, e.name, '')", Show::Text),
        column("kind", "种类", "p.kind", Show::Word(PAYMENT_KINDS)),
        column("amount", "金额", "p.amount", Show::Fen),
        column("state", "状态", "p.state", Show::Word(PAYMENT_STATES)),
        column("paid_day", "支付日", "coalesce(p.paid_day, '')", Show::Day),
        column("reference", "凭证号", "p.reference", Show::Text),
        column("place", "地区", "p.region", Show::Place),
        column("settlement", "", "p.settlement", Show::Hidden),
        column("provider", "", "p.provider", Show::Hidden),
        column("region", "", "p.region", Show::Hidden),
        column("id", "", "p.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "month", title: "月份", kind: FilterKind::Equals, sql: "p.month = $?" },
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(payment_states, payment_state), sql: "" },
        Filter { key: "kind", title: "种类", kind: FilterKind::OneOf(payment_kinds, payment_kind), sql: "" },
        PLACES,
    ],
    sort: "-month",
    unit: "笔",
    link: payment,
    total: None,
    empty: ("没有支付", "结算确认后,在这里办理支付。"),
};

pub static SAMPLES: List = List {
    name: "ltci-samples",
    title: "抽查",
    path: "/ltci/samples",
    from: "ltci_sample s join ltci_claim c on c.region = s.region and c.id = s.claim
             join elder e on e.region = c.region and e.id = c.elder
             left join organisation o on o.id = s.provider and o.region = s.region",
    always: "1 = 1",
    key: "s.id",
    scope: Some(persons("s.region", None)),
    columns: &[
        NAME,
        column("month", "月份", "s.month", Show::Text).sorts(),
        column("day", "日期", "c.day", Show::Day),
        column("service", "服务项目", "c.service", Show::Text),
        column("provider", "机构", "coalesce(o.name, '')", Show::Text),
        column("number", "申报编号", "c.number", Show::Text),
        column("state", "状态", "s.state", Show::Word(SAMPLE_STATES)),
        column("deducted", "扣减", "s.deducted", Show::Fen),
        column("reason", "原因", "s.reason", Show::Text),
        PLACE,
        column("region", "", "s.region", Show::Hidden),
        column("id", "", "s.claim", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter { key: "month", title: "月份", kind: FilterKind::Equals, sql: "s.month = $?" },
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(sample_states, sample_state), sql: "" },
        PLACES,
    ],
    sort: "-month",
    unit: "条",
    link: claim,
    total: None,
    empty: ("没有抽查", "在结算草稿上抽取明细。"),
};

pub static OBJECTIONS: List = List {
    name: "ltci-objections",
    title: "异议",
    path: "/ltci/objections",
    from: "ltci_objection b join ltci_claim c on c.region = b.region and c.id = b.claim
             join elder e on e.region = c.region and e.id = c.elder
             left join organisation o on o.id = b.provider and o.region = b.region",
    always: "1 = 1",
    key: "b.id",
    scope: Some(persons("b.region", Some("b.provider"))),
    columns: &[
        NAME,
        column("due", "答复期限", "b.due_day", Show::Day).sorts(),
        column("provider", "机构", "coalesce(o.name, '')", Show::Text),
        column("day", "日期", "c.day", Show::Day),
        column("claimed", "申报", "c.claimed", Show::Fen),
        column("reason", "异议理由", "b.reason", Show::Text),
        column("state", "状态", "b.state", Show::Word(OBJECTION_STATES)),
        column("answer", "答复", "b.answer", Show::Text),
        PLACE,
        column("region", "", "b.region", Show::Hidden),
        column("id", "", "b.claim", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter { key: "month", title: "月份", kind: FilterKind::Equals, sql: "b.month = $?" },
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(objection_states, objection_state), sql: "" },
        PLACES,
    ],
    sort: "due",
    unit: "件",
    link: claim,
    total: None,
    empty: ("没有异议", "机构在结算明细上提出异议。"),
};

pub static COMPLAINTS: List = List {
    name: "ltci-complaints",
    title: "服务未发生的反映",
    path: "/ltci/complaints",
    from: "ltci_complaint t join ltci_claim c on c.region = t.region and c.id = t.claim
             join elder e on e.region = t.region and e.id = t.elder
             left join organisation o on o.id = t.provider and o.region = t.region",
    always: "1 = 1",
    key: "t.id",
    scope: Some(persons("t.region", None)),
    columns: &[
        NAME,
        column("created", "反映时间", "t.created", Show::Time).sorts(),
        column("day", "日期", "c.day", Show::Day),
        column("service", "服务项目", "c.service", Show::Text),
        column("provider", "机构", "coalesce(o.name, '')", Show::Text),
        column("said", "补充说明", "t.said", Show::Text),
        column("state", "状态", "t.state", Show::Word(COMPLAINT_STATES)),
        column("claim_state", "结算", "c.state", Show::Word(CLAIM_STATES)),
        PLACE,
        column("region", "", "t.region", Show::Hidden),
        column("id", "", "t.id", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(complaint_states, complaint_state), sql: "" },
        PLACES,
    ],
    sort: "-created",
    unit: "件",
    link: complaint,
    total: None,
    empty: ("没有反映", "老人和家属在月度明细上反映没有发生的服务。"),
};

pub static REDO: List = List {
    name: "ltci-redo",
    title: "应重算的月份",
    path: "/ltci/redo",
    from: "ltci_redo r",
    always: "1 = 1",
    key: "r.id",
    scope: Some(county("r.region", None)),
    columns: &[
        column("month", "月份", "r.month", Show::Text).sorts(),
        column("place", "地区", "r.region", Show::Place),
        column("lines", "有变化的明细", "r.lines", Show::Number("条")),
        column("difference", "基金差额", "r.difference", Show::Fen),
        column("found", "发现时间", "r.found", Show::Time),
        column("region", "", "r.region", Show::Hidden),
        column("id", "", "r.id", Show::Hidden),
    ],
    filters: &[PLACES],
    sort: "month",
    unit: "个月",
    link: redo,
    total: None,
    empty: ("没有应重算的月份", "每夜按当前的事实和政策核对已确认的月份。"),
};

type Words = Vec<(String, String)>;

fn titles(ask: &Ask, all: &[(&str, &str, kit::page::Badge)]) -> Words {
    all.iter().map(|it| (it.0.to_string(), ask.t(it.1).to_string())).collect()
}

fn settlement_states(ask: &Ask) -> Words {
    titles(ask, SETTLEMENT_STATES)
}

fn settlement_state(_: &Ask, text: &str) -> Condition {
    Some(("s.state = $?", Box::new(text.to_string())))
}

fn payment_states(ask: &Ask) -> Words {
    titles(ask, PAYMENT_STATES)
}

fn payment_state(_: &Ask, text: &str) -> Condition {
    Some(("p.state = $?", Box::new(text.to_string())))
}

fn payment_kinds(ask: &Ask) -> Words {
    titles(ask, PAYMENT_KINDS)
}

fn payment_kind(_: &Ask, text: &str) -> Condition {
    Some(("p.kind = $?", Box::new(text.to_string())))
}

fn sample_states(ask: &Ask) -> Words {
    titles(ask, SAMPLE_STATES)
}

fn sample_state(_: &Ask, text: &str) -> Condition {
    Some(("s.state = $?", Box::new(text.to_string())))
}

fn objection_states(ask: &Ask) -> Words {
    titles(ask, OBJECTION_STATES)
}

fn objection_state(_: &Ask, text: &str) -> Condition {
    Some(("b.state = $?", Box::new(text.to_string())))
}

fn complaint_states(ask: &Ask) -> Words {
    titles(ask, COMPLAINT_STATES)
}

fn complaint_state(_: &Ask, text: &str) -> Condition {
    Some(("t.state = $?", Box::new(text.to_string())))
}

/// The number of a run as addresses name it: `990101-12`.
fn of_run(_: &Ask, text: &str) -> Condition {
    let id: Id = text.rsplit('-').next().unwrap_or_default().parse().ok()?;
    Some(("v.settlement = $?", Box::new(id)))
}

fn all_rules(ask: &Ask) -> Words {
    (1..=Rule::ALL.len() as u8)
        .map(|nth| (nth.to_string(), format!("{nth} {}", ask.t(super::words::rule(nth)))))
        .collect()
}

fn of_rule(_: &Ask, text: &str) -> Condition {
    let number: u8 = text.parse().ok()?;
    Some(("v.deductions like $?", Box::new(format!("%\"rule\":{number},%"))))
}

fn rules(_: &Ask, cell: &Value) -> String {
    let all = super::redo::deductions(&cell.text());
    all.iter().map(|it| it.rule.to_string()).collect::<Vec<_>>().join(" ")
}

fn settlement(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/ltci/settlements/{it}"))
}

fn claim(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/ltci/claims/{it}"))
}

fn complaint(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/ltci/complaints/{it}"))
}

fn redo(row: &Row<'_>) -> Option<String> {
    let Value::Text(region) = row.get("region") else { return None };
    Some(format!("/ltci/settlements?place={region}&month={}", row.get("month").text()))
}

/// A provider's payment leads to its statement, another to its run.
fn payment(row: &Row<'_>) -> Option<String> {
    let (Value::Text(region), Value::Int(run), Value::Int(provider)) =
        (row.get("region"), row.get("settlement"), row.get("provider"))
    else {
        return None;
    };
    Some(match provider {
        0 => format!("/ltci/settlements/{region}-{run}"),
        one => format!("/ltci/settlements/{region}-{run}/providers/{one}"),
    })
}
