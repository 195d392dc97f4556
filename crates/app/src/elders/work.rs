//! What the registry puts on the workbench, into the search, and does by night.

use kit::{
    App, Ask, Error, Id, Result, Tx,
    jobs::{Job, Running, Work},
    module::{Due, Figure, Found, Named, Person, Urgency},
    tally::PERSON,
};
use rules::base::Date;
use serde_json::{Value, json};

use super::{counts, elder, list, moving, words};

pub fn due(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    if ask.may(super::MERGE) {
        let open = duplicates_open(tx, ask)?;
        if 0 < open {
            all.push(Due {
                urgency: Urgency::Wrong,
                title: ask.t("疑似重复的档案").to_string(),
                note: ask.t("判断是不是同一个人").to_string(),
                link: "/elders/duplicates".into(),
                icon: "link-45deg",
                count: open,
            });
        }
    }
    if ask.may(super::WRITE) {
        let newcomers = super::due::count(tx, &ask.who.scope, moving::MOVED_IN, "", "9999")?;
        if 0 < newcomers {
            all.push(Due {
                urgency: Urgency::Today,
                title: ask.t("新迁入的老人").to_string(),
                note: ask.t("核实现居住地").to_string(),
                link: format!("/elders?due={}", moving::MOVED_IN),
                icon: "house-check",
                count: newcomers,
            });
        }
    }
    Ok(all)
}

/// The groups an official asks for first, each with its share of the register.
const FIGURES: &[&str] = &["oldest", "disabled", "demented", "alone", "poor"];

/// All elders of the scope and the groups among them; nothing where the scope is finer than what is counted.
pub fn figures(tx: &Tx<'_>, ask: &Ask) -> Result<Vec<Figure>> {
    if !ask.may(super::READ) {
        return Ok(Vec::new());
    }
    let Some(all) = counts::total(tx, &ask.who.scope, "all")? else { return Ok(Vec::new()) };
    let mut figures = vec![Figure {
        label: ask.t("在册老人").to_string(),
        value: all,
        unit: ask.t("人").to_string(),
        note: String::new(),
        link: "/elders".into(),
    }];
    for word in FIGURES {
        let n = counts::total(tx, &ask.who.scope, &format!("group:{word}"))?.unwrap_or(0);
        let tenths = if all == 0 { 0 } else { (n * 1000 + all / 2) / all };
        let share = format!("{}.{}", tenths / 10, tenths % 10);
        figures.push(Figure {
            label: ask.t(words::title(words::GROUPS, word)).to_string(),
            value: n,
            unit: ask.t("人").to_string(),
            note: ask.f("占在册老人 {share} %", &[("share", &share)]),
            link: format!("/elders?group={word}"),
        });
    }
    Ok(figures)
}

/// Pairs to be judged in the reader's scope, counted as what is due.
pub fn duplicates_open(tx: &Tx<'_>, ask: &Ask) -> Result<i64> {
    let mut values = Vec::new();
    let condition = ask.who.scope.sql(&list::SCOPE, &mut values);
    let values: Vec<&dyn kit::db::Bind> = values.iter().map(|it| it as &dyn kit::db::Bind).collect();
    let from = format!(
        "from elder_duplicate d join elder e on e.region = d.region and e.id = d.kept where d.state = 'open' and {condition}"
    );
    tx.count_to(Due::MOST, &from, &values)
}

pub fn search(tx: &Tx<'_>, ask: &Ask, wanted: &str) -> Result<Vec<Found>> {
    if !ask.may(super::READ) {
        return Ok(Vec::new());
    }
    let tree = ask.app.places.tree();
    kit::table::found(&list::ELDERS, tx, ask, wanted, 20, |row| {
        let birth: Option<elder::Birth> = elder::Birth::parse(&row.get("birth").text());
        let age = birth.map_or(0, |it| it.day.age_on(ask.today()));
        let sex = ask.t(words::title(words::SEXES, &row.get("sex").text())).to_string();
        Found {
            group: "老人",
            title: row.get("shown_name").text(),
            note: ask.f(
                "{sex},{age} 岁 · {place}",
                &[("sex", &sex), ("age", &age), ("place", &tree.words(&row.get("place").text()))],
            ),
            link: (list::ELDERS.link)(row).unwrap_or_default(),
        }
    })
}

/// Elders for an administrator who lets a family account see one; the administrator may know name, birth and place only.
pub fn persons(tx: &Tx<'_>, ask: &Ask, wanted: &str) -> Result<Vec<Person>> {
    let key: Option<elder::Key> = wanted.parse().ok();
    let found = match key {
        Some(key) => vec![elder::find(tx, &ask.who.scope, &key)],
        None => {
            let query = std::collections::BTreeMap::from([("q".to_string(), wanted.to_string())]);
            let asked = Ask { query: query.into(), ..ask.clone() };
            let rows = list::ELDERS.page(tx, &asked, 20)?.rows;
            rows.iter()
                .filter_map(|cells| (list::ELDERS.link)(&kit::table::Row { list: &list::ELDERS, cells }))
                .filter_map(|it| it.rsplit_once('/')?.1.parse().ok())
                .map(|key| elder::find(tx, &ask.who.scope, &key))
                .collect()
        }
    };
    let tree = ask.app.places.tree();
    let mut persons = Vec::new();
    for it in found {
        match it {
            Ok(it) => persons.push(Person {
                region: it.key.region.clone(),
                id: it.key.id,
                name: it.name.clone(),
                note: format!("{} · {}", it.birth, tree.words(&it.place)),
            }),
            Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(persons)
}

/// The names of elders in a list of things counted; who lies outside the reader's scope is not named.
pub fn named(tx: &Tx<'_>, ask: &Ask, kind: &str, region: &str, ids: &[Id]) -> Result<Vec<Named>> {
    if kind != PERSON || !ask.may(super::READ) || ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    let condition = ask.who.scope.sql(&list::SCOPE, &mut values);
    values.push(Box::new(region.to_string()));
    let region = format!("${}", values.len());
    let ids = kit::table::bound(&mut values, ids);
    let values: Vec<&dyn kit::db::Bind> = values.iter().map(|it| it as &dyn kit::db::Bind).collect();
    let tree = ask.app.places.tree();
    tx.rows(
        &format!(
            "select e.id, e.name, e.sex, e.birth, e.place, e.region from elder e
              where e.region = {region} and e.id in ({ids}) and {condition} order by e.id"
        ),
        &values,
        |row| {
            let (id, name, sex): (Id, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (birth, place, region): (Date, String, String) = (row.get(3)?, row.get(4)?, row.get(5)?);
            let sex = ask.t(words::title(words::SEXES, &sex)).to_string();
            let age = birth.age_on(ask.today());
            Ok(Named {
                id,
                title: name,
                note: ask.f("{sex},{age} 岁", &[("sex", &sex), ("age", &age)]),
                place: tree.words(&place),
                link: format!("/elders/{region}-{id}"),
            })
        },
    )
}

pub const JOBS: &[Work] = &[
    Work { kind: "elders.recount", title: "核对老人数", run: recount, every_minutes: Some(24 * 60) },
    super::age::WORK,
    super::import::job::WORK,
];

/// Compares every number kept with a fresh count; what differs is put right, and the job's result says it.
fn recount(app: App, _: Job) -> Running {
    Box::pin(async move {
        let mut wrong = Vec::new();
        // A county at a time, so that nobody waits long to write.
        for county in app.places.tree().counties(kit::place::NATION) {
            wrong.extend(app.db.write(move |tx| counts::recount(tx, &county)).await?);
        }
        for it in &wrong {
            tracing::error!("elder_count: {it}");
        }
        Ok::<Value, Error>(json!({"wrong": wrong}))
    })
}
