//! Plans as a list, and who has a tier of care and no plan.

use kit::{
    Ask,
    table::{Column, Condition, Filter, FilterKind, List, Row, Show, Value, column, titled},
};

use super::words;
use crate::elders::{
    self,
    listed::{AGE, ID, NAME, PLACE, PLACES, Q, REGION, days_left},
};

pub static PLANS: List = List {
    name: "careplan",
    title: "照护计划",
    path: "/careplan",
    from: "care_plan p join elder e on e.region = p.region and e.id = p.elder",
    always: "1 = 1",
    key: "p.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        AGE,
        column("state", "状态", "p.state", Show::Word(words::STATE_BADGES)),
        column("phase", "阶段", "p.phase", Show::Word(words::PHASE_BADGES)),
        column("from", "执行自", "coalesce(p.from_day, '')", Show::Day),
        column("review", "复评日", "p.review_day", Show::Day).sorts(),
        column("left", "时限", "case when p.state = 'in_force' then p.review_day else '' end", Show::As(days_left)),
        column("version", "版次", "p.version", Show::Number("")),
        PLACE,
        REGION,
        column("id", "", "p.id", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter { key: "state", title: "状态", kind: FilterKind::Choice(words::STATES), sql: "p.state = $?" },
        Filter { key: "phase", title: "阶段", kind: FilterKind::Choice(words::Phase::WORDS), sql: "p.phase = $?" },
        Filter { key: "review", title: "复评", kind: FilterKind::OneOf(reviews, review_is), sql: "" },
        PLACES,
    ],
    sort: "review",
    unit: "份",
    link,
    total: None,
    empty: ("没有符合条件的照护计划", "在老人的页面上拟订照护计划。"),
};

pub static WITHOUT: List = List {
    name: "careplan-without",
    title: "有照护档次、还没有计划的老人",
    path: "/careplan/without",
    from: "care_plan_subject s join elder e on e.region = s.region and e.id = s.elder",
    always:
        "e.state = 'living' and not exists (select 1 from care_plan p where p.region = s.region and p.elder = s.elder
             and p.state <> 'ended')",
    key: "e.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        AGE,
        TIER,
        column("level", "评估等级", "s.level_name", Show::As(translated)),
        column("since", "评估生效日", "s.since", Show::Day).sorts(),
        PLACE,
        REGION,
        ID,
    ],
    filters: &[Q, Filter { key: "tier", title: "照护档次", kind: FilterKind::OneOf(tiers, tier_is), sql: "" }, PLACES],
    sort: "-since",
    unit: "人",
    link: new_link,
    total: None,
    empty: ("有照护档次的老人都有计划", "能力评估生效后定出档次的老人会列在这里。"),
};

const TIER: Column = column("tier", "照护档次", "s.tier_name", Show::As(translated));

fn reviews(ask: &Ask) -> Vec<(String, String)> {
    titled(ask, &[("late", "已逾期"), ("month", "30 天内")])
}

/// The condition under which a plan in force is to be looked at again.
pub fn review_is(ask: &Ask, text: &str) -> Condition {
    let day = match text {
        "late" => ask.today(),
        "month" => ask.today().add_days(31),
        _ => return None,
    };
    Some(("p.state = 'in_force' and p.review_day < $?", Box::new(day.to_string())))
}

fn tiers(ask: &Ask) -> Vec<(String, String)> {
    (1..=4).map(|it| (it.to_string(), ask.f("{n} 档及以上", &[("n", &it)]))).collect()
}

fn tier_is(_: &Ask, text: &str) -> Condition {
    Some(("s.tier >= $?", Box::new(text.parse::<i64>().ok()?)))
}

fn translated(ask: &Ask, cell: &Value) -> String {
    ask.t(&cell.text()).to_string()
}

fn link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/careplan/{it}"))
}

fn new_link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/careplan/new?elder={it}"))
}
