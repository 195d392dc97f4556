//! Eight in the morning: a first synchronisation of a thousand households, and a thousand phones at once. Prints, and asserts no seconds.
//! `cargo test --release -p app --test it -- --ignored --nocapture visits_morning`

use std::time::Instant;

use kit::{Id, clock::stamp, who::Role};

use crate::{
    assessment::{elder, in_demo},
    client::Api,
    support::{COUNTY, ORGANISATION, TestApp},
};

const HOUSEHOLDS: i64 = 1_000;
const PHONES: i64 = 1_000;
/// Visits of each phone of the morning.
const EACH: i64 = 10;

/// Copies one elder, so that there are as many homes as are wanted.
async fn homes(app: &TestApp, many: i64) {
    let known = elder(app).await;
    let first: Id = known.rsplit('-').next().unwrap().parse().unwrap();
    app.app
        .db
        .write(move |tx| {
            for nth in 1..=many {
                tx.run(
                    "insert into elder (region, id, street, place, organisation, name, initials, sex, birth, birth_precision,
                                        id_kind, living, insurance, state, remark, source, created, changed, phone, address)
                     select region, $3, street, place, organisation, name, initials, sex, birth, birth_precision, id_kind,
                            living, insurance, state, remark, source, created, changed, phone, address
                       from elder where region = $1 and id = $2",
                    &[&COUNTY, &first, &Id(nth)],
                )?;
                tx.run(
                    "insert into visit_home (region, elder, latitude, longitude, source, who, at, printing)
                     values ($1, $2, 29500000, 106500000, 'map', '', '', 1)",
                    &[&COUNTY, &Id(nth)],
                )?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

/// A phone with a token of its own, written straight into the tables.
async fn phone(app: &TestApp, account: Id, staff: i64) -> Api {
    let now = app.app.clock.now();
    let key = format!("{COUNTY}-{staff}");
    let token = app
        .app
        .db
        .write(move |tx| {
            let expires = now + jiff::SignedDuration::from_hours(1_000);
            let perms = ["visits.sync".to_string()];
            let token = kit::who::token::create(tx, account, &format!("visits {key}"), &perms, expires, now)?;
            tx.run(
                "insert into visit_phone (region, id, account, staff, token, name, public_key, help_key, app, created, revoked_reason, unsent, knows)
                 values ($1, $2, $3, $2, $2, 'x', 'x', '', '', $4, '', 0, 0)",
                &[&COUNTY, &Id(staff), &account, &stamp(now)],
            )?;
            Ok(token)
        })
        .await
        .unwrap();
    Api::new(app.router.clone(), token)
}

async fn staff(app: &TestApp, id: i64) {
    let now = stamp(app.app.clock.now());
    app.app
        .db
        .write(move |tx| {
            tx.run(
                "insert into staff (region, id, name, initials, sex, kind, title, skills, organisation, street, place, state, remark,
                                    source, created, changed)
                 values ($1, $2, '王丽', 'wl', 'female', 'nurse', 'middle', '', $3, '990101001', '990101001', 'active', '', 'x', $4, $4)",
                &[&COUNTY, &Id(id), &ORGANISATION, &now],
            )?;
            Ok(())
        })
        .await
        .unwrap();
}

async fn planned(app: &TestApp, staff: i64, elders: std::ops::RangeInclusive<i64>) {
    let (day, now) = (app.app.clock.today().to_string(), app.app.clock.now());
    app.app
        .db
        .write(move |tx| {
            for elder in elders {
                let id = Id::new(now);
                tx.run(
                    "insert into visit (region, id, street, place, elder, organisation, staff, people, day, minutes, state, note, source,
                                        number, reason, verdict, outcome, version, created)
                     values ($1, $2, '990101001', '990101001001', $3, $4, $5, 1, $6, 30, 'planned', '', 'plan', '', '', '', '', $2, $7)",
                    &[&COUNTY, &id, &Id(elder), &ORGANISATION, &Id(staff), &day, &stamp(now)],
                )?;
                tx.run(
                    "insert into visit_purpose (region, visit, thing, service, programme, payer) values ($1, $2, 'plan:1', 'follow_up', 'contract', '')",
                    &[&COUNTY, &id],
                )?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn a_thousand_households_and_a_thousand_phones() {
    in_demo(async |app| {
        homes(app, HOUSEHOLDS).await;
        let account = app.account(&format!("clinician-{COUNTY}"), Role::Clinician, COUNTY).await;
        staff(app, 1).await;
        planned(app, 1, 1..=HOUSEHOLDS).await;
        let first = phone(app, account, 1).await;
        let begun = Instant::now();
        let answer = first.get("/api/v1/sync/snapshot").await.ok();
        println!(
            "{:?}: first synchronisation of {} visits {} ms, {} kB before compression",
            app.app.db.kind(),
            answer.json()["visits"].as_array().unwrap().len(),
            begun.elapsed().as_millis(),
            answer.body.len() / 1024
        );
        let mut phones = Vec::new();
        for nth in 2..=PHONES + 1 {
            staff(app, nth).await;
            let from = (nth * EACH) % (HOUSEHOLDS - EACH) + 1;
            planned(app, nth, from..=from + EACH - 1).await;
            phones.push(phone(app, account, nth).await);
        }
        let begun = Instant::now();
        let asked = phones.into_iter().map(|it| async move {
            let mut again = 0;
            // As the app does: no answer is asked for again after a while.
            let snapshot = loop {
                let answer = it.get("/api/v1/sync/snapshot").await;
                if answer.status != 503 {
                    break answer.ok().json();
                }
                again += 1;
                tokio::time::sleep(std::time::Duration::from_secs(4)).await;
            };
            (snapshot["visits"].as_array().unwrap().len() as i64, again)
        });
        let all = futures_util::future::join_all(asked).await;
        let (held, again) = all.into_iter().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        let (kind, took) = (app.app.db.kind(), begun.elapsed().as_millis());
        println!("{kind:?}: {PHONES} phones at once, {held} visits held, {again} asked again, {took} ms");
        assert_eq!(held, PHONES * EACH);
    })
    .await;
}
