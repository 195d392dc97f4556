//! What the registry puts on the workbench, into the search, and does by night.

use kit::{
    App, Ask, Result, Tx,
    jobs::{Job, Running, Work},
    module::{Due, Found, Urgency},
};
use serde_json::{Value, json};

use super::{counts, elder, list, words};

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
    Ok(all)
}

/// Pairs to be judged in the reader's scope.
pub fn duplicates_open(tx: &Tx<'_>, ask: &Ask) -> Result<i64> {
    let mut values = Vec::new();
    let condition = ask.who.scope.sql(&list::SCOPE, &mut values);
    let values: Vec<&dyn kit::db::Bind> = values.iter().map(|it| it as &dyn kit::db::Bind).collect();
    tx.count(
        &format!(
            "select count(*) from elder_duplicate d join elder e on e.region = d.region and e.id = d.kept
              where d.state = 'open' and {condition}"
        ),
        &values,
    )
}

pub fn search(tx: &Tx<'_>, ask: &Ask, wanted: &str) -> Result<Vec<Found>> {
    if !ask.may(super::READ) {
        return Ok(Vec::new());
    }
    let asked =
        Ask { query: std::collections::BTreeMap::from([("q".to_string(), wanted.to_string())]).into(), ..ask.clone() };
    let page = list::ELDERS.page(tx, &asked, 20)?;
    let tree = ask.app.places.tree();
    Ok(page
        .rows
        .iter()
        .map(|cells| {
            let row = kit::table::Row { list: &list::ELDERS, cells };
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
                link: (list::ELDERS.link)(&row).unwrap_or_default(),
            }
        })
        .collect())
}

pub const JOBS: &[Work] = &[
    Work { kind: "elders.recount", title: "核对老人数", run: recount, every_minutes: Some(24 * 60) },
    super::import::job::WORK,
];

/// Compares every number kept with a fresh count; what differs is put right, and the job's result says it.
fn recount(app: App, _: Job) -> Running {
    Box::pin(async move {
        let wrong = app.db.write(counts::recount).await?;
        for it in &wrong {
            tracing::error!("elder_count: {it}");
        }
        Ok::<Value, kit::Error>(json!({"wrong": wrong}))
    })
}
