//! The lists of the workforce: staff, those who left, teams.

use kit::{
    Ask,
    crypt::{mask_id_number, mask_phone},
    db::Bind,
    page::Badge,
    place::ScopeColumns,
    table::{Column, Filter, FilterKind, List, Row, Show, Value, column},
};
use rules::base::{Date, IdNumber, normalise_id_number};

use super::{
    certificate,
    staff::{NUMBER_COLUMN, PHONE_COLUMN},
    team, words,
};

pub const SCOPE: ScopeColumns = ScopeColumns {
    region: "s.region",
    street: Some("s.street"),
    place: "s.place",
    organisation: Some("s.organisation"),
    person: None,
};

const FROM: &str = "staff s left join organisation o on o.region = s.region and o.id = s.organisation";

pub static STAFF: List = List {
    name: "workforce",
    title: "从业人员",
    path: "/workforce",
    from: FROM,
    always: "s.state = 'active'",
    key: "s.id",
    scope: Some(SCOPE),
    columns: COLUMNS,
    filters: FILTERS,
    sort: "name",
    unit: "人",
    link,
    total: None,
    empty: ("没有符合条件的人员", "换一个条件,或新增、导入人员。"),
};

/// Those who left: findable, and out of the way.
pub static FORMER: List = List {
    name: "workforce-former",
    title: "已离职人员",
    path: "/workforce/former",
    from: FROM,
    always: "s.state = 'left'",
    key: "s.id",
    scope: Some(SCOPE),
    columns: COLUMNS,
    filters: &[
        Filter { key: "q", title: "姓名、拼音、身份证号", kind: FilterKind::Chosen(by_words), sql: "" },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    ],
    sort: "name",
    unit: "人",
    link,
    total: None,
    empty: ("没有已离职的人员", "办理离职后会出现在这里。"),
};

const COLUMNS: &[Column] = &[
    column("name", "姓名", "s.initials", Show::Hidden).sorts(),
    column("shown_name", "姓名", "s.name", Show::Text).ordered_by("name"),
    column("sex", "性别", "s.sex", Show::As(sex)),
    column("age", "年龄", "s.birth", Show::Counted(age, "岁")),
    column("kind", "岗位", "s.kind", Show::As(kind)).sorts(),
    column("title", "职称", "s.title", Show::As(title)),
    column("organisation", "主要执业机构", "coalesce(o.name, '')", Show::Text).sorts(),
    column("id_number", "身份证号", "s.id_number", Show::Sealed(NUMBER_COLUMN, masked_number)),
    column("phone", "电话", "s.phone", Show::Sealed(PHONE_COLUMN, masked_phone)),
    column("skills", "专长", "s.skills", Show::As(skills)),
    column("place", "所在地", "s.place", Show::Place),
    column("region", "", "s.region", Show::Hidden),
    column("id", "", "s.id", Show::Hidden),
];

const FILTERS: &[Filter] = &[
    Filter { key: "q", title: "姓名、拼音、身份证号", kind: FilterKind::Chosen(by_words), sql: "" },
    Filter { key: "kind", title: "岗位", kind: FilterKind::Choice(words::KINDS), sql: "s.kind = $?" },
    Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    Filter {
        key: "organisation", title: "机构名称", kind: FilterKind::Contains, sql: "o.name like $? escape '\\'"
    },
    Filter { key: "title", title: "职称", kind: FilterKind::Choice(words::TITLES), sql: "s.title = $?" },
    Filter {
        key: "skill",
        title: "专长",
        kind: FilterKind::Choice(words::SKILLS),
        sql: "' ' || s.skills || ' ' like '% ' || $? || ' %'",
    },
    Filter { key: "post", title: "执业方式", kind: FilterKind::OneOf(posts, by_post), sql: "" },
    Filter {
        key: "paper",
        title: "证书",
        kind: FilterKind::Choice(rules::workforce::Certificate::WORDS),
        sql: "exists (select 1 from staff_certificate c where c.region = s.region and c.staff = s.id and c.kind = $?)",
    },
    Filter { key: "papers", title: "证书有效期", kind: FilterKind::OneOf(papers, by_papers), sql: "" },
];

pub static TEAMS: List = List {
    name: "workforce-teams",
    title: "家庭医生团队",
    path: "/workforce/teams",
    from: "team t join organisation o on o.region = t.region and o.id = t.organisation",
    always: "1 = 1",
    key: "t.id",
    scope: Some(team::SCOPE),
    columns: &[
        column("name", "团队名称", "t.initials", Show::Hidden).sorts(),
        column("shown_name", "团队名称", "t.name", Show::Text).ordered_by("name"),
        column("organisation", "所属机构", "o.name", Show::Text).sorts(),
        column("leader", "团队长", "t.leader", Show::Text),
        column("members", "成员", "t.members", Show::Number("人")).sorts(),
        column("lacks", "3+2+X", "case when t.closed is null then t.lacks else '-' end", Show::As(lacks)),
        column("places", "负责地区", "t.places", Show::Number("个")).sorts(),
        column("phone", "联系电话", "t.phone", Show::Text),
        column("state", "状态", "case when t.closed is null then 'open' else 'closed' end", Show::Word(TEAM_STATES)),
        column("region", "", "t.region", Show::Hidden),
        column("id", "", "t.id", Show::Hidden),
    ],
    filters: &[
        Filter { key: "q", title: "团队、机构或团队长", kind: FilterKind::Chosen(team_by_words), sql: "" },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
        Filter { key: "state", title: "状态", kind: FilterKind::OneOf(team_states, team_by_state), sql: "" },
    ],
    sort: "name",
    unit: "个团队",
    link: |row| match (row.get("region"), row.get("id")) {
        (Value::Text(region), Value::Int(id)) => Some(format!("/workforce/teams/{region}-{id}")),
        _ => None,
    },
    total: None,
    empty: ("没有符合条件的团队", "换一个条件,或组建团队。"),
};

const TEAM_STATES: &[(&str, &str, Badge)] = &[("open", "在用", Badge::Ok), ("closed", "已撤销", Badge::Muted)];

fn team_states(ask: &Ask) -> Vec<(String, String)> {
    let all = [("open", "在用"), ("lacking", "缺人"), ("placeless", "没有负责地区"), ("closed", "已撤销")];
    all.iter().map(|(word, title)| ((*word).to_string(), ask.t(title).to_string())).collect()
}

fn team_by_state(_: &Ask, word: &str) -> Option<(&'static str, Box<dyn Bind + Send>)> {
    let sql = match word {
        "open" => "t.closed is null and t.name <> $?",
        "lacking" => "t.closed is null and t.lacks <> $?",
        "placeless" => "t.closed is null and t.places = 0 and t.name <> $?",
        "closed" => "t.closed is not null and t.name <> $?",
        _ => return None,
    };
    Some((sql, Box::new(String::new())))
}

fn team_by_words(_: &Ask, text: &str) -> Option<(&'static str, Box<dyn Bind + Send>)> {
    if is_initials(text) {
        return Some(("t.initials >= $? and t.initials < $? || '~'", Box::new(text.to_ascii_lowercase())));
    }
    Some(("t.name || ' ' || o.name || ' ' || t.leader like $? escape '\\'", Box::new(part(text))))
}

fn is_initials(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_alphabetic())
}

/// The text anywhere inside another.
fn part(text: &str) -> String {
    format!("%{}%", kit::table::escaped(text))
}

/// What was typed decides what is searched: an ID number, pinyin initials, or a part of the name.
fn by_words(ask: &Ask, text: &str) -> Option<(&'static str, Box<dyn Bind + Send>)> {
    let number = normalise_id_number(text);
    if number.parse::<IdNumber>().is_ok() {
        return Some(("s.id_blind = $?", Box::new(ask.app.crypt.blind(NUMBER_COLUMN, &number))));
    }
    if is_initials(text) {
        return Some(("s.initials >= $? and s.initials < $? || '~'", Box::new(text.to_ascii_lowercase())));
    }
    Some(("s.name like $? escape '\\'", Box::new(part(text))))
}

fn posts(ask: &Ask) -> Vec<(String, String)> {
    let all = words::MAIN_POSTS.iter().chain(words::OTHER_POSTS);
    all.map(|(word, title)| ((*word).to_string(), ask.t(title).to_string())).collect()
}

fn papers(ask: &Ask) -> Vec<(String, String)> {
    [("soon", "将到期"), ("expired", "已过期")].map(|(word, title)| (word.to_string(), ask.t(title).to_string())).into()
}

/// Those with a certificate that runs out, or ran out, without another of its kind in its place.
fn by_papers(ask: &Ask, word: &str) -> Option<(&'static str, Box<dyn Bind + Send>)> {
    let today = ask.today();
    match word {
        "expired" => Some((
            "exists (select 1 from staff_certificate c
                      where c.region = s.region and c.staff = s.id and c.until_day < $?
                        and not exists (select 1 from staff_certificate x
                              where x.region = c.region and x.staff = c.staff and x.kind = c.kind
                                and (x.until_day is null or x.until_day > c.until_day)))",
            Box::new(today.to_string()),
        )),
        // Both days in one value: from today to the last day that is announced today.
        "soon" => {
            let region = ask.who.scope.counties.first().map_or("", |it| it);
            let days = certificate::warned_from(ask, region, today).days_until(today);
            let last = today.add_days(days);
            Some((
                "exists (select 1 from staff_certificate c
                      where c.region = s.region and c.staff = s.id
                        and c.until_day >= substr($?, 1, 10) and c.until_day <= substr($?, 12, 10)
                        and not exists (select 1 from staff_certificate x
                              where x.region = c.region and x.staff = c.staff and x.kind = c.kind
                                and (x.until_day is null or x.until_day > c.until_day)))",
                Box::new(format!("{today} {last}")),
            ))
        }
        _ => None,
    }
}

/// Those who have a post of this kind today.
fn by_post(ask: &Ask, word: &str) -> Option<(&'static str, Box<dyn Bind + Send>)> {
    // One value: the word and the day, so that the step that holds today can be found.
    Some((
        "exists (select 1 from staff_post p
                  where p.region = s.region and p.staff = s.id
                    and p.kind || ' ' || substr($?, length($?) - 9, 10) = $?
                    and p.from_day <= substr($?, length($?) - 9, 10)
                    and not exists (select 1 from staff_post x
                          where x.region = p.region and x.staff = p.staff and x.line = p.line
                            and x.from_day > p.from_day and x.from_day <= substr($?, length($?) - 9, 10)))",
        Box::new(format!("{word} {}", ask.today())),
    ))
}

fn link(row: &Row<'_>) -> Option<String> {
    match (row.get("region"), row.get("id")) {
        (Value::Text(region), Value::Int(id)) => Some(format!("/workforce/{region}-{id}")),
        _ => None,
    }
}

fn sex(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(words::SEXES, &cell.text())).to_string()
}

fn age(ask: &Ask, cell: &Value) -> String {
    cell.text().parse::<Date>().map(|it| it.age_on(ask.today()).to_string()).unwrap_or_default()
}

fn kind(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(words::KINDS, &cell.text())).to_string()
}

fn title(ask: &Ask, cell: &Value) -> String {
    ask.t(words::title(words::TITLES, &cell.text())).to_string()
}

fn skills(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    let all: Vec<&str> = text.split_whitespace().map(|it| ask.t(words::title(words::SKILLS, it))).collect();
    all.join(ask.t("、"))
}

/// `齐全`, or which roles are missing.
fn lacks(ask: &Ask, cell: &Value) -> String {
    let text = cell.text();
    if text == "-" {
        return "—".to_string();
    }
    let all: Vec<&str> = words::roles_of(&text).into_iter().map(|it| ask.t(it)).collect();
    if all.is_empty() {
        ask.t("齐全").to_string()
    } else {
        ask.f("缺{roles}", &[("roles", &all.join(ask.t("、")))])
    }
}

fn masked_number(_: &Ask, plain: &str) -> String {
    mask_id_number(plain)
}

fn masked_phone(_: &Ask, plain: &str) -> String {
    mask_phone(plain)
}
