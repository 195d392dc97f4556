//! The tally: numbers move with the facts, on any day of past and future, and a recount agrees.

use std::{collections::BTreeSet, sync::Arc};

use app::elders::{self, Birth, Document, Draft, Key};
use kit::{
    Ask, Scope, Who,
    place::NATION,
    tally::{self, Count, Indicator, Part, Where},
};
use proptest::prelude::*;
use rules::base::Date;

use crate::support::{COUNTY, OTHER_COUNTY, TestApp, no_difference, on_both};

const AGED_65: Count = Count::new("person", &["elders.aged65"]);
const DISABLED: Count = Count::new("person", &["elders.aged60", "elders.disabled"]);

fn indicator(id: &str) -> &'static Indicator {
    elders::MODULE.indicators.iter().find(|it| it.id == id).unwrap()
}

fn ask(app: &TestApp, day: Date) -> Ask {
    let noon = kit::clock::begin_of(day) + jiff::SignedDuration::from_hours(12);
    Ask::of(&app.app, Who::system(Scope::of(&app.app.places.tree(), NATION)), noon)
}

fn draft(name: &str, birth: &str, place: &str, groups: &[&str]) -> Draft {
    Draft {
        name: name.into(),
        sex: "female".into(),
        birth: Birth::parse(birth).unwrap(),
        document: Document::parse("none", "").unwrap(),
        phone: None,
        address: String::new(),
        place: place.into(),
        registered_place: None,
        organisation: None,
        living: "spouse".into(),
        insurance: "resident".into(),
        remark: String::new(),
        groups: groups.iter().map(|it| ((*it).to_string(), String::new())).collect(),
        source: "测试".into(),
    }
}

async fn add(app: &TestApp, day: &str, draft: Draft) -> Key {
    let ask = ask(app, day.parse().unwrap());
    ask.write(move |tx, ask| Ok(elders::create(tx, ask, &draft)?.key)).await.unwrap()
}

async fn number(app: &TestApp, count: Count, at: Where, day: &str) -> i64 {
    let day: Date = day.parse().unwrap();
    app.app.db.read(move |tx| tally::amount(tx, &count, &at, day)).await.unwrap()
}

fn county() -> Where {
    Where::Counties(vec![COUNTY.to_string()])
}

fn place(code: &str) -> Where {
    Where::Place { county: COUNTY.to_string(), place: code.to_string() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_counts_from_the_65th_birthday_until_death() {
    on_both(async |app| {
        let key = add(app, "2020-03-01", draft("王桂芳", "1958-06-15", "990101001001", &[])).await;
        assert_eq!(number(app, AGED_65, county(), "2023-06-14").await, 0);
        assert_eq!(number(app, AGED_65, county(), "2023-06-15").await, 1);
        assert_eq!(number(app, AGED_65, county(), "2031-01-01").await, 1, "the future is counted as it stands today");
        let on = ask(app, "2025-02-03".parse().unwrap());
        on.write(move |tx, ask| {
            let elder = elders::find(tx, &ask.who.scope, &key)?;
            elders::died(tx, ask, &elder, "2025-02-01".parse().unwrap(), "")
        })
        .await
        .unwrap();
        assert_eq!(number(app, AGED_65, county(), "2025-01-31").await, 1);
        assert_eq!(number(app, AGED_65, county(), "2025-02-01").await, 0);
        assert_eq!(number(app, AGED_65, place("990101001001"), "2025-01-31").await, 1);
        assert_eq!(number(app, AGED_65, place("990101001"), "2025-02-01").await, 0);
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_moves_house_counts_there_from_that_day_on() {
    on_both(async |app| {
        let key = add(app, "2024-01-10", draft("李秀英", "1950-01-01", "990101001001", &["disabled"])).await;
        let on = ask(app, "2024-07-01".parse().unwrap());
        on.write(move |tx, ask| {
            elders::moved(tx, ask, &elders::find(tx, &ask.who.scope, &key)?, ask.today(), Some("990102001001"))
        })
        .await
        .unwrap();
        let other = || Where::Counties(vec![OTHER_COUNTY.to_string()]);
        for (day, here, there) in [("2024-06-30", 1, 0), ("2024-07-01", 0, 1)] {
            assert_eq!(number(app, DISABLED, county(), day).await, here, "{day}");
            assert_eq!(number(app, DISABLED, other(), day).await, there, "{day}");
        }
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_behind_a_number_has_as_many_as_the_number_says() {
    on_both(async |app| {
        for n in 0..30 {
            let groups: &[&str] = if n % 3 == 0 { &["disabled"] } else { &[] };
            let village = if n % 2 == 0 { "990101001001" } else { "990101002201" };
            add(app, "2024-01-10", draft(&format!("赵{n}"), "1945-05-05", village, groups)).await;
        }
        let share = indicator("elders_disabled_share");
        let day: Date = "2026-01-01".parse().unwrap();
        for at in [county(), place("990101001"), place("990101002201")] {
            for (part, marks) in [(Part::Counted, 1), (Part::Missing, 2), (Part::All, 3)] {
                let (for_query, mut seen) = (at.clone(), Vec::new());
                let mut after = None;
                loop {
                    let (at, from) = (for_query.clone(), after.clone());
                    let page = app
                        .app
                        .db
                        .read(move |tx| tally::members(tx, share, part, &at, day, from.as_ref(), 7))
                        .await
                        .unwrap();
                    seen.extend(page.things.iter().map(|it| it.id));
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
                let (for_query, count) = (at.clone(), [share.numerator, share.denominator.unwrap()]);
                let [counted, all] = app
                    .app
                    .db
                    .read(move |tx| {
                        Ok([
                            tally::amount(tx, &count[0], &for_query, day)?,
                            tally::amount(tx, &count[1], &for_query, day)?,
                        ])
                    })
                    .await
                    .unwrap();
                let expected = match marks {
                    1 => counted,
                    2 => all - counted,
                    _ => all,
                };
                assert_eq!(seen.len() as i64, expected, "{at:?} {part:?}");
                assert!(seen.windows(2).all(|it| it[0] < it[1]));
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_by_place_add_up_and_a_series_agrees_with_each_day() {
    on_both(async |app| {
        for n in 0..24_i32 {
            let village = ["990101001001", "990101001002", "990101002201"][n as usize % 3];
            let since = Date::new(2024, 1, 10).unwrap().add_days(n * 17).to_string();
            add(app, &since, draft(&format!("钱{n}"), "1945-05-05", village, &["disabled"])).await;
        }
        let days: Vec<Date> = (0..20).map(|n| Date::new(2024, 1, 1).unwrap().add_days(n * 29)).collect();
        for at in [county(), place("990101001")] {
            let (for_series, for_days) = (at.clone(), days.clone());
            let points = app.app.db.read(move |tx| tally::series(tx, &DISABLED, &for_series, &for_days)).await.unwrap();
            for point in points {
                assert_eq!(
                    point.n,
                    number(app, DISABLED, at.clone(), &point.day.to_string()).await,
                    "{at:?} {}",
                    point.day
                );
            }
        }
        let day: Date = "2025-03-03".parse().unwrap();
        let all = number(app, DISABLED, county(), "2025-03-03").await;
        for length in [9, 12] {
            let by_place =
                app.app.db.read(move |tx| tally::by_place(tx, &DISABLED, &county(), length, day)).await.unwrap();
            assert_eq!(by_place.values().sum::<i64>(), all);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recount_finds_and_repairs_what_was_changed_behind_its_back() {
    on_both(async |app| {
        let key = add(app, "2024-01-10", draft("孙玉兰", "1945-05-05", "990101001001", &["disabled"])).await;
        no_difference(app).await;
        app.app
            .db
            .write(move |tx| {
                tx.run("update tally set n = n + 3 where region = $1 and bucket = 'd2024-01-10'", &[&COUNTY])?;
                tx.run(
                    "delete from tally_span where region = $1 and thing = $2 and mark = 'elders.disabled'",
                    &[&COUNTY, &key.id],
                )
            })
            .await
            .unwrap();
        let for_recount = app.app.clone();
        let found = app.app.db.read(move |tx| tally::recount(tx, &for_recount, COUNTY)).await.unwrap().0;
        assert!(found.iter().any(|it| it.what.ends_with("elders.disabled") && it.kept.is_empty()), "{found:?}");
        assert!(found.iter().any(|it| it.what.contains("county d2024-01-10")), "{found:?}");
        let for_repair = app.app.clone();
        assert!(0 < app.app.db.write(move |tx| tally::repair(tx, &for_repair, COUNTY)).await.unwrap());
        no_difference(app).await;
        assert_eq!(number(app, DISABLED, county(), "2024-02-01").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recount_by_the_lot_names_the_one_whose_facts_were_changed_behind_its_back() {
    on_both(async |app| {
        let mut keys = Vec::new();
        for n in 0..30 {
            let groups: &[&str] = if n % 3 == 0 { &["disabled"] } else { &[] };
            keys.push(add(app, "2024-01-10", draft(&format!("郑{n}"), "1955-05-05", "990101001001", groups)).await);
        }
        no_difference(app).await;
        let (younger, no_more) = (keys[10].clone(), keys[12].clone());
        app.app
            .db
            .write(move |tx| {
                tx.run(
                    "update elder set birth = '1962-05-05' where region = $1 and id = $2",
                    &[&younger.region, &younger.id],
                )?;
                tx.run("delete from elder_group where region = $1 and elder = $2", &[&no_more.region, &no_more.id])
            })
            .await
            .unwrap();
        let wrong = recount_by_night(app).await;
        let named: BTreeSet<&str> = wrong.iter().filter_map(|it| it.strip_prefix("person ")).collect();
        let of = |key: &Key, marks: &[&str]| marks.iter().map(|it| format!("{} {it}", key.id)).collect::<Vec<_>>();
        let mut expected = of(&keys[10], &["elders.aged60", "elders.aged65", "elders.aged80"]);
        expected.extend(of(&keys[12], &["elders.disabled", "elders.must_sign", "elders.priority"]));
        assert_eq!(named, expected.iter().map(|it| &**it).collect());
        let for_repair = app.app.clone();
        assert!(0 < app.app.db.write(move |tx| tally::repair(tx, &for_repair, COUNTY)).await.unwrap());
        assert_eq!(recount_by_night(app).await, [""; 0]);
        assert_eq!(number(app, AGED_65, county(), "2021-01-01").await, 0, "not in the register yet");
        assert_eq!(number(app, AGED_65, county(), "2024-01-10").await, 29);
        assert_eq!(number(app, DISABLED, county(), "2024-01-10").await, 9);
    })
    .await;
}

/// What the nightly recount reports.
async fn recount_by_night(app: &TestApp) -> Vec<String> {
    app.app.clock.advance_days(1);
    kit::jobs::enqueue_repeated(&app.app).await.unwrap();
    app.settle().await;
    let last = app.app.db.read(|tx| kit::jobs::last_result(tx, "indicators.recount")).await.unwrap().unwrap().1;
    last["differences"].as_array().unwrap().iter().map(|it| it["what"].as_str().unwrap().to_string()).collect()
}

/// What may happen to an elder, in the order of days.
#[derive(Debug, Clone)]
enum Deed {
    Enter(&'static str),
    Leave(&'static str),
    Move(&'static str),
    Die,
    Rise,
}

fn deeds() -> impl Strategy<Value = Vec<(i32, Deed)>> {
    let groups = prop_oneof![Just("disabled"), Just("alone"), Just("poor")];
    let deed = prop_oneof![
        groups.clone().prop_map(Deed::Enter),
        groups.prop_map(Deed::Leave),
        prop_oneof![Just("990101001002"), Just("990101002201"), Just("990101001001")].prop_map(Deed::Move),
        Just(Deed::Die),
        Just(Deed::Rise),
    ];
    proptest::collection::vec((1..40_i32, deed), 0..12)
}

#[test]
fn after_any_life_a_recount_agrees() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let app = runtime.block_on(TestApp::sqlite());
    let app = Arc::new(app);
    let mut config = proptest::test_runner::Config::with_cases(24);
    config.failure_persistence = None;
    proptest!(config, |(deeds in deeds())| {
        runtime.block_on(async {
            let key = add(&app, "2023-01-01", draft("周兰英", "1959-03-03", "990101001001", &["chronic"])).await;
            let mut day = Date::new(2023, 1, 1).unwrap();
            for (later, deed) in deeds {
                day = day.add_days(later);
                let (key, on) = (key.clone(), ask(&app, day));
                // What the register refuses, such as a second death, leaves no trace.
                let _ = on.write(move |tx, ask| {
                    let elder = elders::find(tx, &ask.who.scope, &key)?;
                    match deed {
                        Deed::Enter(kind) if elder.is_living() => {
                            let entry = elders::GroupEntry { kind, day: ask.today(), source: "测试", word: "" };
                            elders::enter_group(tx, &ask.app, &key, &elder.street, &entry).map(drop)
                        }
                        Deed::Leave(kind) if elder.is_living() => {
                            elders::leave_group(tx, &ask.app, &key, &elder.street, kind, ask.today()).map(drop)
                        }
                        Deed::Move(village) if elder.is_living() => {
                            let form = draft("周兰英", "1959-03-03", village, &[]);
                            elders::change(tx, ask, &elder, &form)
                        }
                        Deed::Die if elder.is_living() => elders::died(tx, ask, &elder, ask.today(), ""),
                        Deed::Rise => elders::not_died(tx, ask, &elder, "误报"),
                        _ => Ok(()),
                    }
                }).await;
            }
            no_difference(&app).await;
        });
    });
}
