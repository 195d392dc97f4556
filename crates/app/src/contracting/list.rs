//! Contracts as lists: all, what a team still owes, who should be signed and is not, who dropped out of a renewal.

use std::collections::BTreeMap;

use kit::{
    Ask, Result, Said, Tx,
    db::Bind,
    table::{Column, Condition, Filter, FilterKind, List, Picked, Row, Show, Value, column, titled},
    tally::{self, Where},
};
use rules::{base::Date, contracting::Service, elder_groups::Group};

use super::{contract, marks, words};
use crate::elders::{
    self,
    listed::{AGE, ID, NAME, PLACE, PLACES, Q, REGION},
};

const FROM: &str = "contract c join elder e on e.region = c.region and e.id = c.elder
                    join team t on t.region = c.region and t.id = c.team";

pub static CONTRACTS: List = List {
    name: "contracting",
    title: "家庭医生签约",
    path: "/contracting",
    from: FROM,
    always: "1 = 1",
    key: "c.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        AGE,
        TEAM,
        column("packages", "服务包", "c.region || ' ' || c.from_day || ' ' || c.packages", Show::As(packages)),
        column("from", "签约起日", "c.from_day", Show::Day).sorts(),
        column("until", "有效至", "c.until_day", Show::As(last_day)).sorts(),
        column("kept", "履约", "c.done || '/' || c.promised", Show::Text),
        column("served", "最近服务", "coalesce(c.served_day, '')", Show::Day).sorts(),
        column(
            "state",
            "状态",
            "c.from_day || ' ' || c.until_day || ' ' || c.idle_day || ' ' || c.ended_reason",
            Show::As(state),
        ),
        PLACE,
        REGION,
        column("id", "", "c.id", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(states, standing), sql: "" },
        TEAMS,
        PLACES,
        Filter { key: "way", title: "签约方式", kind: FilterKind::Choice(words::WAYS), sql: "c.way = $?" },
        Filter { key: "since", title: "签约起日从", kind: FilterKind::Day, sql: "c.from_day >= $?" },
    ],
    sort: "until",
    unit: "份",
    link,
    total: Some(contracts_kept),
    empty: ("没有符合条件的签约", "在老人的页面上签约。"),
};

/// What a team still owes, item by item.
pub static OWED: List = List {
    name: "contracting-work",
    title: "待履约服务",
    path: "/contracting/work",
    from: "contract_item i join contract c on c.region = i.region and c.id = i.contract
           join elder e on e.region = c.region and e.id = c.elder
           join team t on t.region = c.region and t.id = c.team",
    always: "i.done < i.times and e.state = 'living'",
    key: "i.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        column("service", "服务", "i.service", Show::As(service)),
        column("times", "已做/约定", "i.done || '/' || i.times", Show::Text),
        column("last", "最近服务", "coalesce(i.last_day, '')", Show::Day),
        column("until", "有效至", "c.until_day", Show::As(last_day)).sorts(),
        TEAM,
        PLACE,
        REGION,
        column("id", "", "c.id", Show::Hidden),
    ],
    filters: &[
        Q,
        Filter { key: "service", title: "服务", kind: FilterKind::Choice(Service::WORDS), sql: "i.service = $?" },
        TEAMS,
        PLACES,
        Filter { key: "state", title: "签约", kind: FilterKind::OneOf(running_only, standing), sql: "" },
    ],
    sort: "until",
    unit: "项",
    link,
    total: None,
    empty: ("约定的服务都做完了", "新签约的服务会列在这里。"),
};

/// Those of the groups of which everybody is to be signed, without a contract today.
pub static UNSIGNED: List = List {
    name: "contracting-unsigned",
    title: "应签未签",
    path: "/contracting/unsigned",
    from: "elder e",
    always: "e.state = 'living'",
    key: "e.id",
    scope: Some(elders::SCOPE),
    columns: &[
        column("initials", "姓名", "e.initials", Show::Hidden).sorts(),
        column("name", "姓名", "e.name", Show::Text).ordered_by("initials"),
        AGE,
        column("groups", "人群", GROUPS_SQL, Show::As(groups)),
        column("refused", "拒绝签约", REFUSED_SQL, Show::As(refused)),
        column("ended", "上次签约", ENDED_SQL, Show::As(ended)),
        PLACE,
        REGION,
        ID,
    ],
    filters: &[
        Q,
        Filter { key: "wanted", title: "签约", kind: FilterKind::OneOf(wanted, wanted_is), sql: "" },
        Filter { key: "group", title: "人群", kind: FilterKind::Choice(elders::words::GROUPS), sql: IN_GROUP },
        PLACES,
    ],
    sort: "initials",
    unit: "人",
    link: sign_link,
    total: Some(unsigned_kept),
    empty: ("应签的老人都签了", "应签尽签人群由政策库规定。"),
};

/// Who dropped out of a renewal, and why.
pub static DROPPED: List = List {
    name: "contracting-dropped",
    title: "未能续签",
    path: "/contracting/dropped",
    from: "contract_dropped d join contract c on c.region = d.region and c.id = d.contract
           join elder e on e.region = c.region and e.id = c.elder
           join team t on t.region = c.region and t.id = c.team",
    always: "1 = 1",
    key: "d.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        column("why", "原因", "d.why", Show::As(why)),
        column("until", "有效至", "c.until_day", Show::As(last_day)).sorts(),
        TEAM,
        column("at", "时间", "d.at", Show::Time).sorts(),
        column("who", "办理人", "d.who", Show::Text),
        PLACE,
        REGION,
        column("id", "", "c.id", Show::Hidden),
    ],
    filters: &[Q, TEAMS, PLACES],
    sort: "-at",
    unit: "人",
    link,
    total: None,
    empty: ("没有未能续签的老人", "批量续签时没有续上的会列在这里,写明原因。"),
};

const TEAM: Column = column("team", "团队", "t.name", Show::Text);
const TEAMS: Filter =
    Filter { key: "team", title: "团队", kind: FilterKind::Contains, sql: "t.name like $? escape '\\'" };
/// Lists of elders by the team they are signed with today, for the modules whose work teams do.
pub const OF_TEAM: Filter = Filter { key: "team", title: "团队", kind: FilterKind::Chosen(of_team), sql: "" };
const IN_GROUP: &str = "exists (select 1 from elder_group g where g.region = e.region and g.elder = e.id and g.kind = $? and g.until_day is null)";
const REFUSED_SQL: &str = "coalesce((select max(r.day || ' ' || r.reason) from contract_refusal r
    where r.region = e.region and r.elder = e.id), '')";
const ENDED_SQL: &str = "coalesce((select max(c.until_day || ' ' || c.ended_reason) from contract c
    where c.region = e.region and c.elder = e.id), '')";
const GROUPS_SQL: &str = "(select coalesce(max(case g.kind when 'disabled' then 'disabled ' end), '')
    || coalesce(max(case g.kind when 'demented' then 'demented ' end), '')
    || coalesce(max(case g.kind when 'oldest' then 'oldest ' end), '')
    || coalesce(max(case g.kind when 'handicapped' then 'handicapped ' end), '')
    || coalesce(max(case g.kind when 'poor' then 'poor ' end), '')
    || coalesce(max(case g.kind when 'special_family' then 'special_family ' end), '')
  from elder_group g where g.region = e.region and g.elder = e.id and g.until_day is null)";

/// One value carries the day and a part of the team's name.
fn of_team(ask: &Ask, text: &str) -> Condition {
    const SIGNED_WITH: &str = "exists (select 1 from contract k join team t on t.region = k.region and t.id = k.team
        where k.region = e.region and k.elder = e.id and k.from_day <= substr($?, 1, 10) and substr($?, 1, 10) < k.until_day
          and t.name like substr($?, 12) escape '\\')";
    let part = kit::table::escaped(text);
    Some((SIGNED_WITH, Box::new(format!("{} %{part}%", ask.today()))))
}

const STATES: &[(&str, &str)] =
    &[("running", "有效"), ("planned", "未开始"), ("ended", "已结束"), ("renewable", "可以续签"), ("idle", "签而不约")];

fn states(ask: &Ask) -> Vec<(String, String)> {
    titled(ask, STATES)
}

fn running_only(ask: &Ask) -> Vec<(String, String)> {
    states(ask).into_iter().filter(|it| matches!(&*it.0, "running" | "idle" | "ended")).collect()
}

/// How many contracts stand so, where that is all that is asked and it is kept.
fn contracts_kept(tx: &Tx<'_>, ask: &Ask, picked: &Picked) -> Result<Option<i64>> {
    let (Some(at), [("state", state)]) = (Where::of_people(&picked.scope), &*picked.filters) else { return Ok(None) };
    let kept = match &**state {
        "running" => marks::RUNNING,
        "idle" => marks::NOT_KEPT,
        "renewable" => marks::TO_RENEW,
        _ => return Ok(None),
    };
    tally::amount(tx, &kept, &at, ask.today()).map(Some)
}

fn unsigned_kept(tx: &Tx<'_>, ask: &Ask, picked: &Picked) -> Result<Option<i64>> {
    let (Some(at), [("wanted", wanted)]) = (Where::of_people(&picked.scope), &*picked.filters) else { return Ok(None) };
    if wanted == "yes" { marks::unsigned(tx, &at, ask.today()).map(Some) } else { Ok(None) }
}

/// The condition under which a contract stands so today.
pub fn standing(ask: &Ask, state: &str) -> Condition {
    let today = ask.today();
    let day = |it: Date| -> Box<dyn Bind + Send> { Box::new(it.to_string()) };
    Some(match state {
        "running" => ("c.from_day <= $? and $? < c.until_day", day(today)),
        "planned" => ("$? < c.from_day", day(today)),
        "ended" => ("c.until_day <= $?", day(today)),
        "idle" => ("c.from_day <= $? and $? < c.until_day and c.idle_day <= $?", day(today)),
        "renewable" => (
            "c.until_day <= $? and c.from_day < $? and c.ended_reason = '' and e.state = 'living' and not exists
             (select 1 from contract n where n.region = c.region and n.elder = c.elder and n.from_day >= c.until_day)",
            day(renewable_before(ask, &home(ask))),
        ),
        _ => return None,
    })
}

/// Contracts of a county that no longer run from this day on can be renewed today.
pub fn renewable_before(ask: &Ask, county: &str) -> Date {
    let policy = ask.app.policy_in(county, ask.today());
    let days = policy.read(|it| &it.contracting.renewal_days).copied().unwrap_or_default();
    ask.today().add_days(i32::from(days))
}

/// The place by whose policy a list of the reader's scope is made: six digits.
fn home(ask: &Ask) -> String {
    let tree = ask.app.places.tree();
    let near = tree.chain(&ask.who.scope.place).into_iter().find(|it| it.code.len() == 6).map(|it| it.code.clone());
    near.unwrap_or_else(|| kit::place::NATION.to_string())
}

fn wanted(ask: &Ask) -> Vec<(String, String)> {
    titled(ask, &[("yes", "应签未签"), ("refused", "应签、已拒签")])
}

const UNSIGNED_SQL: &str = "exists (select 1 from elder_group g where g.region = e.region and g.elder = e.id
      and g.until_day is null and ($? like '% ' || g.kind || ' %' or $? like '% ' || g.region || ':' || g.kind || ' %'))
    and not exists (select 1 from contract c where c.region = e.region and c.elder = e.id
      and c.from_day <= substr($?, 1, 10) and substr($?, 1, 10) < c.until_day)";
const REFUSED_TOO: &str = "exists (select 1 from elder_group g where g.region = e.region and g.elder = e.id
      and g.until_day is null and ($? like '% ' || g.kind || ' %' or $? like '% ' || g.region || ':' || g.kind || ' %'))
    and not exists (select 1 from contract c where c.region = e.region and c.elder = e.id
      and c.from_day <= substr($?, 1, 10) and substr($?, 1, 10) < c.until_day)
    and exists (select 1 from contract_refusal r where r.region = e.region and r.elder = e.id)";

/// One value carries the day, the groups of all counties, and with its county before it a group of some only:
/// `2026-11-25 disabled poor 990102:oldest `.
fn wanted_is(ask: &Ask, text: &str) -> Condition {
    let must_sign = |county: &String| -> Vec<Group> {
        let policy = ask.app.policy_in(county, ask.today());
        policy.read(|it| &it.contracting.must_sign).cloned().unwrap_or_default()
    };
    let counties = ask.who.scope.counties.iter();
    let by_county: Vec<(&String, Vec<Group>)> = counties.map(|it| (it, must_sign(it))).collect();
    let is_of_all = |group: &Group| by_county.iter().all(|it| it.1.contains(group));
    let mut words: Vec<String> = Vec::new();
    for (county, groups) in &by_county {
        words.extend(groups.iter().map(|it| match is_of_all(it) {
            true => it.word().to_string(),
            false => format!("{county}:{}", it.word()),
        }));
    }
    words.sort();
    words.dedup();
    let value = format!("{} {} ", ask.today(), words.join(" "));
    match text {
        "yes" => Some((UNSIGNED_SQL, Box::new(value))),
        "refused" => Some((REFUSED_TOO, Box::new(value))),
        _ => None,
    }
}

/// The list of the unsigned as it is asked for; who says nothing wants all of them.
pub fn unsigned_asked(ask: &Ask) -> Ask {
    with(ask, "wanted", "yes")
}

/// What is owed under contracts that run, unless others are asked for.
pub fn owed_asked(ask: &Ask) -> Ask {
    with(ask, "state", "running")
}

fn with(ask: &Ask, name: &str, usual: &str) -> Ask {
    let mut query: BTreeMap<String, String> = (*ask.query).clone();
    query.entry(name.to_string()).or_insert_with(|| usual.to_string());
    Ask { query: query.into(), ..ask.clone() }
}

fn last_day(_: &Ask, cell: &Value) -> String {
    cell.text().parse::<Date>().map(|it| it.add_days(-1).to_string()).unwrap_or_default()
}

/// `region from-day package package`.
fn packages(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let mut words = text.split_whitespace();
    let (region, from) = (words.next().unwrap_or_default(), words.next().and_then(|it| it.parse().ok()));
    let ids: Vec<String> = words.map(str::to_string).collect();
    contract::package_titles(ask, region, from.unwrap_or(ask.today()), &ids)
}

/// `from-day until-day idle-day reason`.
fn state(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let words: Vec<&str> = text.split_whitespace().collect();
    let [from, until, idle, reason @ ..] = &*words else { return String::new() };
    let today = ask.today().to_string();
    let title = match () {
        () if *today < **from => "未开始",
        () if **until <= *today => match reason.first() {
            Some(why) => words::title(words::ENDS, why),
            None => "已到期",
        },
        () if **idle <= *today => "签而不约",
        () => "有效",
    };
    ask.t(title).to_string()
}

fn service(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(Service::WORDS, &cell.text())).to_string()
}

fn groups(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let titles: Vec<&str> = text.split_whitespace().map(|it| ask.t(words::title(elders::words::GROUPS, it))).collect();
    titles.join(ask.t("、"))
}

/// `day reason`.
fn refused(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let Some((day, reason)) = text.split_once(' ') else { return String::new() };
    format!("{day} {}", ask.t(words::title(words::REFUSALS, reason)))
}

/// `until-day reason`.
fn ended(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let (until, reason) = text.split_once(' ').unwrap_or((&text, ""));
    let Ok(until) = until.parse::<Date>() else { return String::new() };
    let why = if reason.is_empty() { "已到期" } else { words::title(words::ENDS, reason) };
    format!("{} {}", until.add_days(-1), ask.t(why))
}

fn why(ask: &Ask, cell: &Value) -> String {
    Said::shown(&cell.text(), ask.lang)
}

fn link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/contracting/{it}"))
}

fn sign_link(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/contracting/new?elder={it}"))
}
