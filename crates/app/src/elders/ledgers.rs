//! The ledger of one group (台账): who is in it, since when and on whose word, who left, and by which rule.

use kit::{
    Ask, Result, Tx,
    page::Badge,
    table::{Column, Filter, FilterKind, List, Picked, Show, Value, column},
};

use super::{age, counts, list, list::SCOPE, words};

const STATES: &[(&str, &str)] = &[("open", "在列"), ("left", "已退出")];
const STATE_BADGES: &[(&str, &str, Badge)] = &[("open", "在列", Badge::Ok), ("left", "已退出", Badge::Muted)];

/// One group, named by the filter: the newest stay of each person in it.
pub static LEDGER: List = List {
    name: "elders-ledger",
    title: "人群台账",
    path: "/elders/ledgers/list",
    from: "elder_group g join elder e on e.region = g.region and e.id = g.elder",
    always: "e.state <> 'merged' and g.from_day = (select max(h.from_day) from elder_group h
               where h.region = g.region and h.elder = g.elder and h.kind = g.kind)",
    key: "e.id",
    scope: Some(SCOPE),
    columns: COLUMNS,
    filters: &[
        Filter { key: "group", title: "人群", kind: FilterKind::Choice(words::GROUPS), sql: "g.kind = $?" },
        Filter {
            key: "state",
            title: "状态",
            kind: FilterKind::Choice(STATES),
            sql: "case when g.until_day is null then 'open' else 'left' end = $?",
        },
        Filter { key: "q", title: "姓名", kind: FilterKind::Contains, sql: "e.name like $? escape '\\'" },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
        Filter { key: "from", title: "列入自", kind: FilterKind::Day, sql: "g.from_day >= $?" },
        Filter { key: "until", title: "列入至", kind: FilterKind::Day, sql: "g.from_day <= $?" },
    ],
    sort: "-from_day",
    unit: "人",
    link: list::link,
    total: Some(total),
    empty: ("这个人群现在没有老人", "换一个条件,或在老人档案中办理列入。"),
};

const COLUMNS: &[Column] = &[
    column("name", "姓名", "e.initials", Show::Hidden).sorts(),
    column("shown_name", "姓名", "e.name", Show::Text).ordered_by("name"),
    column("sex", "性别", "e.sex", Show::As(list::sex)),
    column("age", "年龄", "e.birth", Show::Counted(list::age, "岁")),
    column("place", "居住地", "e.place", Show::Place),
    column("from_day", "列入日期", "g.from_day", Show::Day).sorts(),
    column("source", "依据", "g.source", Show::As(source)),
    column("word", "具体名称", "g.word", Show::Text),
    column("until_day", "退出日期", "coalesce(g.until_day, '')", Show::Day).sorts(),
    column("state", "状态", "case when g.until_day is null then 'open' else 'left' end", Show::Word(STATE_BADGES)),
    column("region", "", "e.region", Show::Hidden),
    column("id", "", "e.id", Show::Hidden),
];

fn source(ask: &Ask, cell: &Value) -> String {
    source_words(ask, &cell.text())
}

/// Where something comes from, in words. What people typed stays as they typed it.
pub fn source_words(ask: &Ask, source: &str) -> String {
    if let Some(age) = source.strip_prefix("age ") {
        return ask.f("年满 {age} 周岁", &[("age", &age)]);
    }
    if let Some(file) = source.strip_prefix("ledger ") {
        return ask.f("台账 {file}", &[("file", &file)]);
    }
    match source {
        "form" => ask.t("页面登记").to_string(),
        "api" => ask.t("接口").to_string(),
        "living" => ask.t("居住情况").to_string(),
        other => ask.t(ask.word(other)).to_string(),
    }
}

/// Those who are in the group now are counted with every change.
fn total(tx: &Tx<'_>, _: &Ask, picked: &Picked) -> Result<Option<i64>> {
    let group = match &*picked.filters {
        [("group", group), ("state", state)] | [("state", state), ("group", group)] if *state == "open" => group,
        _ => return Ok(None),
    };
    counts::total(tx, &picked.scope, &format!("group:{group}"))
}

/// How somebody enters a group and leaves it.
pub fn rule(ask: &Ask, region: &str, group: &str) -> [String; 2] {
    let said = |text: &str| ask.t(text).to_string();
    let by_hand = "按所列依据退出,记录日期;去世、迁出时自动退出。";
    match group {
        "oldest" => [
            match age::oldest_age(ask, region) {
                Some(age) => ask.f("年满 {age} 周岁当日由系统自动列入(政策库“高龄起始年龄”)。", &[("age", &age)]),
                None => said("本地当日没有在行政策,按所列依据列入。"),
            },
            said("出生日期更正后不足年龄的,当日退出;去世、迁出时自动退出。"),
        ],
        "disabled" => [
            said("失能等级评估或能力评估结论生效,达到政策库“失能起始等级”的,自动列入;也可凭依据列入。"),
            said("复评结论不再达到等级的,自动退出;去世、迁出时自动退出。"),
        ],
        "alone" => [
            said("档案中居住情况登记为独居的,当日自动列入。"),
            said("居住情况改为其他的,当日退出;去世、迁出时自动退出。"),
        ],
        "handicapped" => [said("凭残疾人证列入。"), said(by_hand)],
        "poor" => [said("凭低保、特困供养等民政认定列入。"), said(by_hand)],
        "special_family" => [said("凭卫生健康部门的计划生育特殊家庭认定列入。"), said(by_hand)],
        "demented" | "chronic" => [said("凭医疗机构诊断列入。"), said(by_hand)],
        _ => [said("凭入户核实列入。"), said(by_hand)],
    }
}
