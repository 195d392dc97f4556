//! Rules of the database: the dictionary, the region that leads every key, whose tables are whose, and every SQL text on both engines.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use app::MODULES;
use kit::{
    Ask, Tx, Who,
    db::{Kind, Row},
    place::Scope,
    table::{FilterKind, List},
};

use super::{
    all_sources,
    allowed::{ENGINE_MARKS, FILLS_ALL_TABLES, REACHES, REFERENCES, SHARED_TABLES},
    module_of, none, schema,
    source::{Source, Token},
};
use crate::support::{CITY, on_both};

#[tokio::test]
async fn every_column_has_a_chinese_name_and_a_privacy_class() {
    const CLASSES: [&str; 5] = ["public", "internal", "personal", "sensitive", "sealed"];
    let (columns, dictionary) = (schema::columns().await, schema::dictionary());
    let mut wrong = Vec::new();
    for it in &columns {
        let entry = dictionary.get(&it.table).and_then(|columns| columns.get(&it.name));
        match entry {
            None => wrong.push(format!("{}.{} is missing", it.table, it.name)),
            Some((name, _)) if name.is_ascii() => wrong.push(format!("{}.{} has no Chinese name", it.table, it.name)),
            Some((_, class)) if !CLASSES.contains(&&**class) => {
                wrong.push(format!("{}.{}: there is no class “{class}”", it.table, it.name));
            }
            Some((_, class)) if class == "sealed" && it.kind != "bytea" => {
                wrong.push(format!("{}.{} is {} and cannot be sealed", it.table, it.name, it.kind));
            }
            Some(_) => {}
        }
    }
    let named = dictionary.iter().flat_map(|(table, all)| all.keys().map(move |it| (table, it)));
    for (table, name) in named.filter(|it| it.1 != "*") {
        if !columns.iter().any(|it| it.table == *table && it.name == *name) {
            wrong.push(format!("{table}.{name} stands there, but not in the database"));
        }
    }
    let tables = dictionary.iter().filter(|it| it.1.get("*").is_none_or(|name| name.0.is_empty()));
    wrong.extend(tables.map(|it| format!("{}: the table has no name (\"*\")", it.0)));
    none("migrations/dictionary.toml", wrong);
}

#[tokio::test]
async fn tables_about_people_are_led_by_their_region() {
    let columns = schema::columns().await;
    let tables: BTreeSet<&str> = columns.iter().map(|it| &*it.table).collect();
    let first = |table: &str| columns.iter().find(|it| it.table == table && it.key == 1).map(|it| &*it.name);
    let led = |table: &&str| first(table) == Some("region");
    let is_reference = |table: &&str| REFERENCES.iter().any(|it| it.0 == *table);
    none(
        "tables whose primary key does not begin with region",
        tables.iter().filter(|it| !led(it) && !is_reference(it)).map(ToString::to_string),
    );
    let unknown = REFERENCES.iter().map(|it| it.0).filter(|it| !tables.contains(it));
    none("REFERENCES names what is no table", unknown.map(ToString::to_string));
}

/// The tables a text names behind `from`, `join`, `into` or `update`.
fn tables_in(text: &str) -> Vec<&str> {
    let words: Vec<&str> =
        text.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_')).filter(|it| !it.is_empty()).collect();
    let named = words.windows(2).filter(|it| matches!(it[0], "from" | "join" | "into" | "update"));
    named.map(|it| it[1]).collect()
}

#[test]
fn no_module_names_another_modules_tables() {
    let owners = schema::owners();
    let mut wrong = Vec::new();
    for it in all_sources().iter().filter(|it| !FILLS_ALL_TABLES.iter().any(|skip| it.path.starts_with(skip))) {
        let place = module_of(&it.path);
        let mut named: Vec<&str> = it.texts().flat_map(tables_in).collect();
        let froms = it.tokens.windows(3).filter(|it| it[0].is_word("from") && it[1].is_mark(':'));
        named.extend(froms.filter_map(|it| match &it[2] {
            Token::Text(from) => from.split(' ').next(),
            _ => None,
        }));
        for table in named {
            let Some(owner) = owners.get(table) else { continue };
            let is_known = REACHES.iter().any(|known| known.0 == it.path && known.1 == table);
            if owner != place && !SHARED_TABLES.contains(&table) && !is_known {
                wrong.push(format!("{}: {table} is of {owner}", it.path));
            }
        }
    }
    none("SQL that reaches into another module", wrong);
}

#[test]
fn every_list_is_known_to_the_tests() {
    let said: usize = all_sources().iter().map(|it| count(it, "List = List {")).sum();
    let known: usize = MODULES.iter().map(|it| it.lists.len()).sum();
    assert_eq!(said, known, "a List does not stand in its MODULE's lists");
}

fn count(source: &Source, words: &str) -> usize {
    let words: Vec<&str> = words.split(' ').collect();
    let is = |token: &Token, word: &str| {
        token.is_word(word)
            || word.chars().eq(match token {
                Token::Mark(it) => Some(*it),
                _ => None,
            })
    };
    source.tokens.windows(words.len()).filter(|it| it.iter().zip(&words).all(|(token, word)| is(token, word))).count()
}

/// The list asked plainly and once with each of its filters.
pub fn asks_of(list: &'static List, ask: &Ask) -> Vec<Ask> {
    let with = |key: &str, value: &str| {
        let query = BTreeMap::from([(key.to_string(), value.to_string())]);
        Ask { query: Arc::new(query), ..ask.clone() }
    };
    let mut all = vec![ask.clone()];
    for filter in list.filters {
        let values: Vec<String> = match filter.kind {
            FilterKind::Contains | FilterKind::Begins | FilterKind::Equals => vec!["甲".into()],
            FilterKind::Choice(words) => words.iter().take(1).map(|it| it.0.to_string()).collect(),
            FilterKind::Day | FilterKind::DayFrom | FilterKind::DayUntil => vec!["2026-11-21".into()],
            FilterKind::Int => vec!["1".into()],
            FilterKind::Place => vec!["990101".into(), "990101001".into(), "990101001001".into()],
            FilterKind::OneOf(options, _) => options(ask).into_iter().map(|it| it.0).collect(),
            // What may be typed decides what is asked: a name, letters, a phone, an ID number, an age, a day.
            FilterKind::Chosen(_) | FilterKind::Fixed(_) | FilterKind::Number(_) => {
                ["王", "wgf", "13800000000", "99010119440203123X", "80", "2026-11-21"].map(String::from).into()
            }
        };
        all.extend(values.iter().map(|it| with(filter.key, it)));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_can_be_asked_on_both_engines() {
    on_both(async |app| {
        let scope = Scope::of(&app.app.places.tree(), CITY);
        let ask = Ask::of(&app.app, Who::system(scope), app.app.clock.now());
        let mut wrong = Vec::new();
        for list in MODULES.iter().flat_map(|it| it.lists) {
            for ask in asks_of(list, &ask) {
                let texts = list.texts(&ask).unwrap();
                let query = format!("{:?}", ask.query);
                if let Err(e) = ask.read(move |tx, _| texts.iter().try_for_each(|it| tx.prepare(it))).await {
                    wrong.push(format!("{} {query}: {e}", list.name));
                }
            }
        }
        none("lists", wrong);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sql_text_is_understood_by_both_engines() {
    let mut texts: Vec<(String, String)> = Vec::new();
    for it in all_sources() {
        let begins = |text: &&str| {
            let start = text.trim_start();
            ["select ", "insert into ", "update ", "delete from "].iter().any(|it| start.starts_with(it))
        };
        // A text with a gap is completed when it runs; the lists' texts are prepared above.
        let whole = it.texts().filter(begins).filter(|it| !it.contains('{'));
        texts.extend(whole.map(|text| (it.path.clone(), text.to_string())));
    }
    assert!(100 < texts.len(), "only {} texts were found", texts.len());
    let texts = Arc::new(texts);
    on_both(async |app| {
        let kind = app.app.db.kind();
        let mut wrong = Vec::new();
        for (path, text) in texts.iter() {
            if ENGINE_MARKS.iter().any(|(mark, only)| text.contains(mark) && *only != kind) {
                continue;
            }
            let sql = text.clone();
            if let Err(e) = app.app.db.read(move |tx| tx.prepare(&sql)).await {
                wrong.push(format!("{path}: {e}: {text}"));
            }
        }
        none("SQL", wrong);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_register_of_a_city_reads_the_first_rows_of_each_county_by_its_index() {
    on_both(async |app| {
        let scope = Scope::of(&app.app.places.tree(), CITY);
        let counties = scope.counties.len();
        let ask = Ask::of(&app.app, Who::system(scope), app.app.clock.now());
        let list = MODULES.iter().flat_map(|it| it.lists).find(|it| it.name == "elders").unwrap();
        let indexes = [("e.initials", "elder_by_initials"), ("e.birth", "elder_by_birth")];
        for (sort, index) in indexes.iter().flat_map(|it| [(it.0.to_string(), it.1), (format!("{} desc", it.0), it.1)])
        {
            let ordered = format!("order by {sort}, ");
            let mut text = list.texts(&ask).unwrap().into_iter().find(|it| it.contains(&ordered)).unwrap();
            for nth in (1..20).rev() {
                text = text.replace(&format!("${nth}"), "'1'");
            }
            let steps = ask.read(move |tx, _| plan_of(tx, &text)).await.unwrap();
            let by_index: Vec<&Step> = steps.iter().filter(|it| it.does.contains(&format!(" {index} "))).collect();
            assert_eq!(by_index.len(), counties, "{sort}: {steps:#?}");
            let sorts = |it: &&Step| it.does.contains("TEMP B-TREE") || it.does.contains("Sort");
            // A sort stands beside what it reads in a plan of SQLite, and around it in one of PostgreSQL.
            let is_of = |it: &&Step| by_index.iter().any(|one| one.within == it.within || one.within == it.id);
            let sorted = steps.iter().filter(sorts).filter(is_of);
            assert_eq!(sorted.count(), 0, "{sort}: {steps:#?}");
        }
    })
    .await;
}

/// One step of a plan, and which step it is a part of.
#[derive(Debug)]
struct Step {
    id: i64,
    within: i64,
    does: String,
}

fn plan_of(tx: &Tx<'_>, text: &str) -> kit::Result<Vec<Step>> {
    if tx.kind() == Kind::Sqlite {
        let step = |row: &Row<'_>| Ok(Step { id: row.get(0)?, within: row.get(1)?, does: row.get(3)? });
        return tx.rows(&format!("explain query plan {text}"), &[], step);
    }
    tx.batch("set local enable_seqscan = off; set local enable_bitmapscan = off")?;
    let lines = tx.rows(&format!("explain (costs off) {text}"), &[], |row| row.get::<String>(0))?;
    // A step is a part of the last one before it that stands further left.
    let depth = |it: &String| it.len() - it.trim_start().len();
    let within =
        |nth: usize| lines[..nth].iter().rposition(|it| depth(it) < depth(&lines[nth])).map_or(-1, |it| it as i64);
    let step = |nth: usize| Step { id: nth as i64, within: within(nth), does: format!("{} ", lines[nth]) };
    Ok((0..lines.len()).map(step).collect())
}
