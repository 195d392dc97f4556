//! A year of moving, death, hospital and missed nights, and a county of forty thousand.

use std::collections::BTreeSet;

use kit::who::Role;
use rules::{
    base::Date,
    elder_groups::Group,
    rounds::{Life, State, Subject, Task, owed, spells, state},
};
use serde_json::json;

use super::{month_begins, night, night_in};
use crate::{
    assessment::{VILLAGE, elder_with, in_demo, text},
    support::{COUNTY, OTHER_COUNTY, no_difference},
};

/// What is known of one record in the year: from when, until when there; when living alone; when away.
struct Known {
    key: String,
    life: Life,
}

impl Known {
    fn new(key: &str, from: Date, alone: Option<Date>) -> Known {
        let groups = alone.map(|day| (Group::Alone, (day, None))).into_iter().collect();
        Known { key: key.to_string(), life: Life { there: vec![(from, None)], groups, ..Life::default() } }
    }

    fn ends(&mut self, day: Date) {
        self.life.there[0].1 = Some(day);
        self.life.groups.iter_mut().for_each(|it| it.1.1 = Some(day));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_year_of_moving_death_hospital_and_missed_nights_nobody_falls_out() {
    in_demo(async |app| {
        let first = month_begins(app).await;
        night(app).await;
        let mut all = Vec::new();
        for (name, living) in [("甲", "alone"), ("乙", "alone"), ("丙", "alone"), ("丁", "alone"), ("戊", "spouse")] {
            let key = elder_with(app, json!({"name": format!("王{name}"), "living": living})).await;
            all.push(Known::new(&key, first, (living == "alone").then_some(first)));
        }
        let (nurse, official) = (app.api(Role::Clinician).await, app.api(Role::Official).await);
        let (mut away, mut left) = (String::new(), 0);
        for week in 0..52 {
            let today = app.app.clock.today();
            match week {
                6 => {
                    let path = format!("/api/v1/rounds/of/{}/away", all[1].key);
                    away = text(&nurse.post(&path, json!({"kind": "hospital"})).await.ok().json(), "id").to_string();
                    all[1].life.away.push((today, None));
                }
                12 => {
                    nurse.post(&format!("/api/v1/rounds/of/{}/away/{away}/back", all[1].key), json!({})).await.ok();
                    all[1].life.away[0].1 = Some(today);
                }
                17 => {
                    nurse.post(&format!("/api/v1/elders/{}/died", all[2].key), json!({"day": today})).await.ok();
                    all[2].ends(today);
                }
                22 => {
                    let path = format!("/api/v1/elders/{}/moved", all[3].key);
                    let body = json!({"day": today, "to": OTHER_COUNTY, "village": "南门社区"});
                    let new = official.post(&path, body).await.ok().json();
                    all[3].ends(today);
                    all.push(Known::new(text(&new, "moved_to"), today, Some(today)));
                }
                27 => {
                    let body = json!({"name": "王戊", "id_kind": "none", "birth": "1940-05-01", "sex": "female", "place": VILLAGE,
                                      "living": "alone", "insurance": "resident"});
                    let path = format!("/api/v1/elders/{}", all[4].key);
                    official.send(axum::http::Method::PUT, &path, Some(body), &[]).await.ok();
                    all[4].life.groups.push((Group::Alone, (today, None)));
                }
                // A visit now and then, in time or late.
                _ if week % 3 == 1 => {
                    let open = nurse.get("/api/v1/rounds?programme=caring&state=overdue").await.ok().json();
                    if let Some(it) = open["items"].as_array().and_then(|it| it.first()) {
                        let path = format!("/api/v1/rounds/{}-{}/visits", text(it, "region"), text(it, "id"));
                        nurse.post(&path, json!({"found": "well", "reason": "路远"})).await.ok();
                    }
                }
                _ => {}
            }
            // Some nights the machine was off.
            if week % 5 == 3 { left += 1 } else { night(app).await; }
            app.app.clock.advance_days(7);
        }
        assert!(5 < left);
        night(app).await;
        let today = app.app.clock.today();
        for it in &all {
            let spells = spells(&it.life);
            let (region, id) = it.key.split_once('-').unwrap();
            let mut expected: BTreeSet<(String, String, String)> = BTreeSet::new();
            for offset in 0..=first.days_until(today) {
                let day = first.add_days(offset);
                let policy = app.app.policy_in(region, day);
                let tasks = owed(Subject::Elder, &spells, day, &policy).unwrap();
                expected.extend(tasks.into_iter().map(|it| (it.programme, it.from.to_string(), it.by.to_string())));
            }
            let (for_sql, id) = (region.to_string(), id.parse::<kit::Id>().unwrap());
            let kept = app.app.db.read(move |tx| {
                tx.rows(
                    "select programme, from_day, by_day, done_day, open, ended from round_task
                      where region = $1 and elder = $2 and subject = 'elder' order by by_day, id limit 100",
                    &[&for_sql, &id],
                    |row| {
                        let done: Option<Date> = row.get(3)?;
                        let open: bool = row.get(4)?;
                        Ok((row.get::<String>(0)?, row.get::<Date>(1)?, row.get::<Date>(2)?, done, open, row.get::<String>(5)?))
                    },
                )
            });
            let kept = kept.await.unwrap();
            let found: BTreeSet<_> =
                kept.iter().map(|it| (it.0.clone(), it.1.to_string(), it.2.to_string())).collect();
            assert_eq!(found, expected, "{} {:?}", it.key, it.life);
            assert_eq!(found.len(), kept.len());
            for (programme, from, by, done, open, ended) in kept {
                let task = Task { programme, from, by };
                let is = state(&task, &spells, done, today);
                assert_eq!(open, matches!(is, State::Waiting | State::Overdue), "{task:?} {is:?} {ended}");
                assert_eq!(ended.is_empty(), !matches!(is, State::Lapsed | State::Missed), "{task:?} {is:?} {ended}");
            }
        }
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures how long a county of 40,000 takes"]
async fn a_county_of_forty_thousand_is_looked_through_in_seconds() {
    in_demo(async |app| {
        month_begins(app).await;
        let (today, sealing) = (app.app.clock.today().to_string(), app.app.clone());
        let stamp = app.stamp_in(0);
        let loaded = app.app.db.write(move |tx| {
            for n in 0..40_000_i64 {
                let id = kit::Id(1_000 + n);
                let village = ["990101001001", "990101001002", "990101002201"][n as usize % 3];
                let address = sealing.crypt.seal("elder.address", &format!("{} 号", n / 2));
                tx.run(
                    "insert into elder (region, id, street, place, name, initials, sex, birth, birth_precision, id_kind, address,
                            living, insurance, state, remark, source, created, changed)
                     values ($1, $2, $3, $4, '甲', 'j', 'female', '1950-01-01', 'day', 'none', $5, 'spouse', 'resident', 'living', '',
                             '', $6, $6)",
                    &[&COUNTY, &id, &&village[..9], &village, &address, &stamp],
                )?;
                tx.run(
                    "insert into tally_unit (region, kind, thing, family, unit, from_day, until_day)
                     values ($1, 'person', $2, 'place', $3, $4, null)",
                    &[&COUNTY, &id, &village, &today],
                )?;
                if n % 6 == 0 {
                    tx.run(
                        "insert into elder_group (region, elder, kind, from_day, until_day, source, word)
                         values ($1, $2, 'left_behind', $3, null, '', '')",
                        &[&COUNTY, &id, &today],
                    )?;
                }
            }
            Ok(())
        });
        loaded.await.unwrap();
        for what in ["first", "second"] {
            let begun = std::time::Instant::now();
            let found = night_in(app, COUNTY).await;
            eprintln!("{:?} {what}: {:.1} s {found:?}", app.app.db.kind(), begun.elapsed().as_secs_f64());
        }
        app.app.clock.advance_days(31);
        let begun = std::time::Instant::now();
        let found = night_in(app, COUNTY).await;
        eprintln!("{:?} next month: {:.1} s {found:?}", app.app.db.kind(), begun.elapsed().as_secs_f64());
    })
    .await;
}
