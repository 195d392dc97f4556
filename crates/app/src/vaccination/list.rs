//! The lists: whom to invite, doses, batches, adverse events.

use kit::{
    Ask, Result, Tx,
    place::ScopeColumns,
    table::{Condition, Filter, FilterKind, List, Picked, Row, Show, Value, column, titled},
    tally::{self, Where},
};
use rules::{base::Date, vaccination::season_begin};

use super::{marks, schedule, words};
use crate::elders::{
    self,
    listed::{AGE, ID, NAME, PLACE, PLACES, Q, REGION, masked_phone},
};

pub static INVITATIONS: List = List {
    name: "vaccination-invitations",
    title: "接种邀请",
    path: "/vaccination",
    from: "vaccination_invitation v join elder e on e.region = v.region and e.id = v.elder",
    always: "e.state = 'living'",
    key: "v.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        AGE,
        column("vaccine", "疫苗", "v.vaccine", Show::As(vaccine)),
        column("state", "状态", "v.state", Show::Word(words::STATES)),
        column("day", "可种日", "v.day", Show::Hidden).sorts(),
        column("from", "可种日", "v.vaccine || ' ' || v.day", Show::As(day)).ordered_by("day"),
        column("number", "第几剂", "v.number", Show::Number("剂")),
        column("said", "原因", "v.said", Show::Text),
        column("phone", "电话", "e.phone", Show::Sealed("elder.phone", masked_phone)),
        PLACE,
        REGION,
        ID,
    ],
    filters: &[
        Q,
        Filter { key: "vaccine", title: "疫苗", kind: FilterKind::OneOf(vaccines, invited_to), sql: "" },
        Filter { key: "work", title: "状态", kind: FilterKind::OneOf(works, work_is), sql: "" },
        PLACES,
    ],
    sort: "day",
    unit: "人次",
    link: person,
    total: Some(invited_kept),
    empty: ("没有要邀请的老人", "免费疫苗的应种老人列在这里;名单每天更新,也可以现在更新。"),
};

pub static DOSES: List = List {
    name: "vaccination-doses",
    title: "接种记录",
    path: "/vaccination/doses",
    from: "vaccination_dose d join elder e on e.region = d.region and e.id = d.elder",
    always: "d.voided is null",
    key: "d.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        AGE,
        column("vaccine", "疫苗", "d.vaccine", Show::As(vaccine)),
        column("number", "第几剂", "d.number", Show::Number("剂")),
        column("day", "接种日期", "d.day", Show::Day).sorts(),
        column("batch_number", "批号", "d.batch_number", Show::Text),
        column("maker", "生产企业", "d.maker", Show::Text),
        column("place_given", "接种单位", "d.place", Show::Text),
        column("vaccinator", "接种人", "d.vaccinator", Show::Text),
        column("phone", "电话", "e.phone", Show::Sealed("elder.phone", masked_phone)),
        PLACE,
        REGION,
        ID,
    ],
    filters: &[
        Q,
        Filter { key: "vaccine", title: "疫苗", kind: FilterKind::OneOf(vaccines, given), sql: "" },
        Filter { key: "batch", title: "批号", kind: FilterKind::Equals, sql: "d.batch_number = $?" },
        PLACES,
        Filter { key: "from", title: "接种从", kind: FilterKind::Day, sql: "d.day >= $?" },
        Filter { key: "to", title: "接种到", kind: FilterKind::Day, sql: "d.day <= $?" },
    ],
    sort: "-day",
    unit: "剂",
    link: person,
    total: None,
    empty: ("没有接种记录", "在老人的页面上登记接种。"),
};

pub static BATCHES: List = List {
    name: "vaccination-batches",
    title: "疫苗批次",
    path: "/vaccination/batches",
    from: "vaccination_batch b",
    always: "1 = 1",
    key: "b.id",
    scope: Some(ScopeColumns { region: "b.region", street: None, place: "b.place", organisation: None, person: None }),
    columns: &[
        column("batch", "批号", "b.batch", Show::Text),
        column("vaccine", "疫苗", "b.vaccine", Show::As(vaccine)),
        column("maker", "生产企业", "b.maker", Show::Text),
        column("expires", "有效期至", "b.expires", Show::Day).sorts(),
        column("left", "时限", "b.expires", Show::As(days_left)),
        column("received", "入库", "b.received", Show::Number("剂")),
        column("used", "已用", USED_SQL, Show::Number("剂")),
        column("recalled", "召回", "coalesce(b.recalled, '')", Show::Day),
        column("place", "存放地", "b.place", Show::Place),
        column("region", "", "b.region", Show::Hidden),
        column("id", "", "b.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "batch", title: "批号", kind: FilterKind::Begins, sql: "b.batch like $? escape '\\'" },
        Filter { key: "vaccine", title: "疫苗", kind: FilterKind::OneOf(vaccines, of_vaccine), sql: "" },
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(batch_states, batch_state), sql: "" },
    ],
    sort: "expires",
    unit: "批",
    link: batch,
    total: None,
    empty: ("没有登记疫苗批次", "在下面登记到货的批次。"),
};

pub static REACTIONS: List = List {
    name: "vaccination-reactions",
    title: "接种后反应",
    path: "/vaccination/reactions",
    from: "vaccination_event v join elder e on e.region = v.region and e.id = v.elder",
    always: "1 = 1",
    key: "v.id",
    scope: Some(elders::SCOPE),
    columns: &[
        NAME,
        AGE,
        column("vaccine", "疫苗", "v.vaccine", Show::As(vaccine)),
        column("day", "发生日期", "v.day", Show::Day).sorts(),
        column("grade", "程度", "v.grade", Show::Word(words::GRADE_BADGES)),
        column("what", "表现", "v.what", Show::Text),
        column("report_until", "报告时限", "v.report_until", Show::As(minute)),
        column("reported", "报告时间", "coalesce(v.reported, '')", Show::As(minute)),
        column("reported_to", "报告单位及编号", "v.reported_to", Show::Text),
        PLACE,
        REGION,
        ID,
    ],
    filters: &[
        Q,
        Filter { key: "grade", title: "程度", kind: FilterKind::Choice(words::GRADES), sql: "v.grade = $?" },
        Filter { key: "state", title: "报告", kind: FilterKind::OneOf(report_states, report_state), sql: "" },
        PLACES,
    ],
    sort: "-day",
    unit: "次",
    link: person,
    total: None,
    empty: ("没有接种后反应", "在老人的接种记录上登记。"),
};

const USED_SQL: &str =
    "(select count(*) from vaccination_dose d where d.region = b.region and d.batch = b.id and d.voided is null)";

type Words = Vec<(String, String)>;

/// How many are to be invited now, where that is all that is asked and it is kept.
fn invited_kept(tx: &Tx<'_>, ask: &Ask, picked: &Picked) -> Result<Option<i64>> {
    match (Where::of_people(&picked.scope), &*picked.filters) {
        (Some(at), [("work", work)]) if work == "now" => {
            tally::amount(tx, &marks::TO_VACCINATE, &at, ask.today()).map(Some)
        }
        _ => Ok(None),
    }
}

/// The county whose policy names the vaccines of a list: the reader's, or the nation above several.
fn county(ask: &Ask) -> String {
    let place = &ask.who.scope.place;
    ask.app.places.tree().county_of(place).map_or_else(|| place.clone(), |it| it.code.clone())
}

fn vaccines(ask: &Ask) -> Words {
    let county = county(ask);
    let all = schedule::offered(ask, &county).iter();
    all.map(|it| (it.id.clone(), schedule::name(ask, &county, &it.id))).collect()
}

fn invited_to(_: &Ask, text: &str) -> Condition {
    Some(("v.vaccine = $?", Box::new(text.to_string())))
}

fn given(_: &Ask, text: &str) -> Condition {
    Some(("d.vaccine = $?", Box::new(text.to_string())))
}

fn of_vaccine(_: &Ask, text: &str) -> Condition {
    Some(("b.vaccine = $?", Box::new(text.to_string())))
}

fn works(ask: &Ask) -> Words {
    titled(
        ask,
        &[
            ("now", "现在应种"),
            ("later", "以后应种"),
            ("refused", "本人不接种"),
            ("forbidden", "有禁忌"),
            ("postponed", "暂缓"),
            ("complete", "已完成"),
        ],
    )
}

fn work_is(ask: &Ask, text: &str) -> Condition {
    let today = ask.today().to_string();
    Some(match text {
        // Whose refusal has run out is asked again.
        "now" => ("v.day <= $? and v.state not in ('forbidden', 'complete')", Box::new(today)),
        "later" => ("v.day > $? and v.state = 'open'", Box::new(today)),
        "refused" | "forbidden" | "postponed" | "complete" => ("v.state = $?", Box::new(text.to_string())),
        _ => return None,
    })
}

fn batch_states(ask: &Ask) -> Words {
    titled(ask, &[("usable", "可用"), ("expired", "已过期"), ("recalled", "已召回")])
}

fn batch_state(ask: &Ask, text: &str) -> Condition {
    let today = ask.today().to_string();
    Some(match text {
        "usable" => ("b.recalled is null and b.expires >= $?", Box::new(today)),
        "expired" => ("b.expires < $?", Box::new(today)),
        "recalled" => ("b.recalled <= $?", Box::new("9999-12-31".to_string())),
        _ => return None,
    })
}

fn report_states(ask: &Ask) -> Words {
    titled(ask, &[("open", "待报告"), ("reported", "已报告或不需报告")])
}

fn report_state(_: &Ask, text: &str) -> Condition {
    Some(match text {
        "open" => ("v.reported is null and v.report_until > $?", Box::new(String::new())),
        "reported" => ("v.reported > $?", Box::new(String::new())),
        _ => return None,
    })
}

fn vaccine(ask: &Ask, cell: &Value) -> String {
    schedule::name(ask, &county(ask), &cell.text())
}

fn minute(_: &Ask, cell: &Value) -> String {
    match &*cell.text() {
        "" => String::new(),
        stored => kit::clock::minute(stored),
    }
}

/// Since when a vaccine can be given to somebody; one of every season that was missed, since the present one began.
fn day(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let Some((id, day)) = text.split_once(' ').filter(|it| it.1 != "9999-12-31") else { return String::new() };
    let Ok(day) = day.parse::<Date>() else { return String::new() };
    let offered = schedule::offered(ask, &county(ask)).iter().find(|it| it.id == id);
    let begin = offered.and_then(|it| season_begin(it, ask.today()));
    begin.map_or(day, |begin| day.max(begin)).to_string()
}

fn days_left(ask: &Ask, cell: &Value) -> String {
    let Ok(day) = cell.text().parse::<Date>() else { return String::new() };
    match ask.today().days_until(day) {
        left if left < 0 => ask.f("过期 {n} 天", &[("n", &-left)]),
        left => ask.f("还有 {n} 天", &[("n", &left)]),
    }
}

fn person(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/vaccination/{it}"))
}

fn batch(row: &Row<'_>) -> Option<String> {
    row.key().map(|it| format!("/vaccination/batches/{it}"))
}
