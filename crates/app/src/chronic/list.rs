//! The lists: patients by the day of their next visit, referrals whose result is open, and who is to be measured.

use kit::{
    Ask, Result, Tx,
    lang::Said,
    table::{Condition, Filter, FilterKind, List, Picked, Row, Show, Value, column, titled},
    tally::{self, Where},
};
use rules::base::Tenths;

use super::{marks, words};
use crate::{
    contracting,
    elders::{
        self,
        listed::{AGE, ID, NAME, PLACE, PLACES, Q, REGION, days_left},
    },
};

pub static PATIENTS: List = List {
    name: "chronic-patients",
    title: "慢病随访",
    path: "/chronic",
    from: "chronic_care c join elder e on e.region = c.region and e.id = c.elder",
    always: "e.state = 'living'",
    key: "c.elder",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        AGE,
        column("diseases", "病种", DISEASES_SQL, Show::As(diseases)),
        column("due_day", "下次随访", "coalesce(c.due_day, '9999-12-31')", Show::As(day)).sorts(),
        column("due_why", "缘由", "c.due_why", Show::Word(words::DUE)),
        column("late", "时限", "coalesce(c.due_day, '')", Show::As(days_left)),
        column("last_day", "上次随访", "coalesce(c.last_day, '')", Show::Day).sorts(),
        column("pressure", "血压", PRESSURE_SQL, Show::Text),
        column("fasting", "空腹血糖", "c.fasting", Show::As(tenths)),
        column("class_hypertension", "高血压控制", "c.class_hypertension", Show::Word(words::CLASSES)),
        column("class_diabetes", "血糖控制", "c.class_diabetes", Show::Word(words::CLASSES)),
        PLACE,
        REGION,
        ID,
    ],
    filters: &[
        Q,
        Filter { key: "work", title: "随访", kind: FilterKind::OneOf(works, work_is), sql: "" },
        Filter { key: "disease", title: "病种", kind: FilterKind::OneOf(kinds, has_disease), sql: "" },
        PLACES,
        contracting::OF_TEAM,
        Filter { key: "class", title: "控制情况", kind: FilterKind::OneOf(classes, class_is), sql: "" },
    ],
    sort: "due_day",
    unit: "人",
    link: person,
    total: Some(patients_kept),
    empty: ("没有符合条件的患者", "在老人的页面上登记慢性病。"),
};

pub static REFERRALS: List = List {
    name: "chronic-referrals",
    title: "转诊随访",
    path: "/chronic/referrals",
    from: "chronic_referral r join elder e on e.region = r.region and e.id = r.elder",
    always: "e.state = 'living'",
    key: "r.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        AGE,
        column("urgent", "紧急", "case when r.urgent then 'urgent' else 'plain' end", Show::Word(URGENCY)),
        column("day", "转诊日", "r.day", Show::Day).sorts(),
        column("reason", "原因", "r.reason", Show::As(reasons)),
        column("hospital", "转往", "r.hospital", Show::Text),
        column("follow_until", "应随访日", "r.follow_until", Show::Day).sorts(),
        column("late", "时限", "case when r.closed is null then r.follow_until else '' end", Show::As(days_left)),
        column("result", "结果", "r.result", Show::As(result)),
        PLACE,
        REGION,
        ID,
    ],
    filters: &[
        Q,
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(states, state_is), sql: "" },
        PLACES,
        contracting::OF_TEAM,
    ],
    sort: "follow_until",
    unit: "次",
    link: person,
    total: None,
    empty: ("没有转诊要随访", "需要转诊的随访会列在这里,直到写下结果。"),
};

pub static PRESSURE: List = List {
    name: "chronic-pressure",
    title: "血压筛查",
    path: "/chronic/pressure",
    from: "elder e left join chronic_screening s on s.region = e.region and s.elder = e.id and s.kind = 'pressure' \
           left join chronic_care c on c.region = e.region and c.elder = e.id",
    always: "e.state = 'living' and (c.hypertension is null or c.hypertension = false)",
    key: "e.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        AGE,
        column("cause", "原因", "coalesce(s.cause, 'never')", Show::Word(words::CAUSES)),
        column("day", "应测日", "coalesce(s.day, '')", Show::Day).sorts(),
        column("last_day", "上次测量", "coalesce(s.last_day, '')", Show::Day),
        column("last_value", "上次血压", "coalesce(s.last_value, '')", Show::Text),
        column("reasons", "理由", "coalesce(s.reasons, '')", Show::As(reasons)),
        PLACE,
        REGION,
        ID,
    ],
    filters: &[
        Q,
        Filter { key: "work", title: "筛查", kind: FilterKind::OneOf(screenings, screening_is), sql: "" },
        PLACES,
    ],
    sort: "day",
    unit: "人",
    link: person,
    total: None,
    empty: ("没有要测血压的人", "未患高血压的老人按规则列在这里。"),
};

pub static GLUCOSE: List = List {
    name: "chronic-glucose",
    title: "血糖筛查",
    path: "/chronic/glucose",
    from: "chronic_screening s join elder e on e.region = s.region and e.id = s.elder",
    always: "e.state = 'living' and s.kind = 'glucose'",
    key: "s.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        AGE,
        column("cause", "原因", "s.cause", Show::Word(words::CAUSES)),
        column("day", "应测日", "s.day", Show::Day).sorts(),
        column("last_day", "上次测量", "s.last_day", Show::Day),
        column("last_value", "上次血糖", "s.last_value", Show::Text),
        column("reasons", "理由", "s.reasons", Show::As(reasons)),
        PLACE,
        REGION,
        ID,
    ],
    filters: &[
        Q,
        Filter { key: "work", title: "筛查", kind: FilterKind::OneOf(screenings, screening_is), sql: "" },
        PLACES,
    ],
    sort: "day",
    unit: "人",
    link: person,
    total: None,
    empty: ("没有要测血糖的人", "有高危因素的老人按规则列在这里。"),
};

const DISEASES_SQL: &str = "case when c.hypertension then 'hypertension ' else '' end \
    || case when c.diabetes then 'diabetes ' else '' end || c.other";
const PRESSURE_SQL: &str =
    "case when c.systolic is null then '' else cast(c.systolic as text) || '/' || cast(c.diastolic as text) end";
const URGENCY: &[(&str, &str, kit::page::Badge)] =
    &[("urgent", "紧急", kit::page::Badge::Bad), ("plain", "一般", kit::page::Badge::Warn)];

type Words = Vec<(String, String)>;

/// How many patients there are, where what is asked is kept.
fn patients_kept(tx: &Tx<'_>, ask: &Ask, picked: &Picked) -> Result<Option<i64>> {
    let (Some(at), [(filter, chosen)]) = (Where::of_people(&picked.scope), &*picked.filters) else { return Ok(None) };
    let kept = match (*filter, &**chosen) {
        ("work", "overdue") => marks::LATE,
        ("disease", "hypertension") => marks::HYPERTENSION,
        ("disease", "diabetes") => marks::DIABETES,
        _ => return Ok(None),
    };
    tally::amount(tx, &kept, &at, ask.today()).map(Some)
}

fn works(ask: &Ask) -> Words {
    titled(
        ask,
        &[("overdue", "已逾期"), ("week", "七天内到期"), ("again", "两周复访与转诊"), ("first", "还没有首次随访")],
    )
}

fn work_is(ask: &Ask, text: &str) -> Condition {
    let today = ask.today();
    Some(match text {
        "overdue" => ("c.due_day < $?", Box::new(today.to_string())),
        // The week ends seven days on; what is late is shown too, or it would be forgotten.
        "week" => ("c.due_day <= $?", Box::new(today.add_days(6).to_string())),
        "again" => ("c.due_why in ('again', $?)", Box::new("referral".to_string())),
        "first" => ("c.due_why = $?", Box::new("first".to_string())),
        _ => return None,
    })
}

fn kinds(ask: &Ask) -> Words {
    let mut all = titled(ask, words::DISEASES);
    all.insert(2, ("both".to_string(), ask.t("高血压合并糖尿病").to_string()));
    all
}

fn has_disease(_: &Ask, text: &str) -> Condition {
    Some(match text {
        "hypertension" => ("c.hypertension = $?", Box::new(true)),
        "diabetes" => ("c.diabetes = $?", Box::new(true)),
        "both" => ("c.hypertension = $? and c.diabetes = $?", Box::new(true)),
        other => ("c.other like $?", Box::new(format!("%{other}%"))),
    })
}

fn classes(ask: &Ask) -> Words {
    let all: Vec<(&str, &str)> = words::CLASSES.iter().skip(1).map(|it| (it.0, it.1)).collect();
    titled(ask, &all)
}

fn class_is(_: &Ask, text: &str) -> Condition {
    Some(("(c.class_hypertension = $? or c.class_diabetes = $?)", Box::new(text.to_string())))
}

fn states(ask: &Ask) -> Words {
    titled(ask, &[("open", "待随访"), ("late", "逾期未随访"), ("closed", "已随访")])
}

fn state_is(ask: &Ask, text: &str) -> Condition {
    Some(match text {
        "open" => ("r.closed is null and r.result = $?", Box::new(String::new())),
        "late" => ("r.closed is null and r.follow_until < $?", Box::new(ask.today().to_string())),
        "closed" => ("r.closed <= $?", Box::new("9999-12-31".to_string())),
        _ => return None,
    })
}

fn screenings(ask: &Ask) -> Words {
    titled(ask, &[("now", "现在应测"), ("again", "须复查"), ("at_risk", "高危"), ("never", "没有记录")])
}

fn screening_is(ask: &Ask, text: &str) -> Condition {
    Some(match text {
        "now" => ("coalesce(s.day, '') <= $?", Box::new(ask.today().to_string())),
        "again" | "at_risk" => ("s.cause = $?", Box::new(text.to_string())),
        "never" => ("coalesce(s.last_day, '') = $?", Box::new(String::new())),
        _ => return None,
    })
}

fn diseases(ask: &Ask, cell: &Value) -> String {
    words::diseases(ask, &cell.text())
}

fn result(ask: &Ask, cell: &Value) -> String {
    match &*cell.text() {
        "" => ask.t("待随访").to_string(),
        word => ask.t(words::title(words::REFERRAL_RESULTS, word)).to_string(),
    }
}

fn reasons(ask: &Ask, cell: &Value) -> String {
    Said::shown(&cell.text(), ask.lang)
}

fn day(_: &Ask, cell: &Value) -> String {
    cell.text().replace("9999-12-31", "")
}

fn tenths(_: &Ask, cell: &Value) -> String {
    match cell {
        Value::Int(it) => Tenths::new(i32::try_from(*it).unwrap_or(0)).to_string(),
        _ => String::new(),
    }
}

fn person(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/chronic/{it}"))
}
