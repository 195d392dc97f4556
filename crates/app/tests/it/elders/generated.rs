//! The synthetic county: the same for the same seed and day, and taken in as real people are.

use app::generate::{self, Plan, profiles::PROFILES};

use super::assert_counted;
use crate::support::{COUNTY, TestApp, on_both, on_both_with};

async fn generated(app: &TestApp, seed: u64) -> Vec<String> {
    let plan = Plan { profile: &PROFILES[4], scale: 1.0, seed, county: Some((COUNTY, 400)), one_by_one: true };
    let summary = generate::run(&app.app, plan, |_, _| {}).await.unwrap();
    assert_eq!(summary.elders, 400);
    let mut all = Vec::new();
    for sql in [
        "select e.name || e.sex || e.birth || e.birth_precision || e.id_kind || e.place || e.living || e.insurance
                || e.state || coalesce(e.state_day, '') || e.created from elder e order by 1",
        "select e.name || g.kind || g.from_day || coalesce(g.until_day, '') || g.source
           from elder_group g join elder e on e.region = g.region and e.id = g.elder order by 1",
        "select e.name || c.name || c.relation
           from elder_contact c join elder e on e.region = c.region and e.id = c.elder order by 1",
        "select e.name || t.at || t.said || t.said_values
           from elder_timeline t join elder e on e.region = t.region and e.id = t.elder order by 1",
    ] {
        let rows = app.app.db.read(move |tx| tx.rows(sql, &[], |row| row.get::<String>(0))).await.unwrap();
        assert!(!rows.is_empty(), "{sql}");
        all.extend(rows);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_and_day_give_the_same_county_on_both_engines() {
    let counties = std::sync::Mutex::new(Vec::new());
    on_both(async |app| {
        let all = generated(app, 7).await;
        assert_counted(app).await;
        counties.lock().unwrap().push(all);
    })
    .await;
    on_both(async |app| {
        let all = generated(app, 7).await;
        counties.lock().unwrap().push(all);
    })
    .await;
    let counties = counties.into_inner().unwrap();
    assert!(counties.windows(2).all(|it| it[0] == it[1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_generated_into_a_register_with_people() {
    on_both(async |app| {
        generated(app, 8).await;
        let plan = Plan { profile: &PROFILES[4], scale: 1.0, seed: 1, county: Some((COUNTY, 10)), one_by_one: true };
        let refused = generate::run(&app.app, plan, |_, _| {}).await.unwrap_err();
        assert!(matches!(refused, kit::Error::Refused(it) if it.code == "not_empty"));
    })
    .await;
}

/// Packages hold where examples of policy hold: in a demonstration.
#[tokio::test(flavor = "multi_thread")]
async fn a_county_to_show_has_contracts_of_every_kind_the_same_on_both_engines() {
    let counties = std::sync::Mutex::new(Vec::new());
    on_both_with(
        app::MODULES,
        |config: &mut kit::config::Config| config.demo = true,
        async |app| {
            let plan = Plan { profile: &PROFILES[4], scale: 1.0, seed: 7, county: Some((COUNTY, 200)), one_by_one: true };
            generate::run(&app.app, plan, |_, _| {}).await.unwrap();
            assert_counted(app).await;
            let today = app.app.clock.today();
            let count = async |sql: &'static str, day: rules::base::Date| {
                app.app.db.read(move |tx| tx.count(sql, &[&day.to_string()])).await.unwrap()
            };
            let running = "select count(*) from contract where from_day <= $1 and $1 < until_day";
            assert_eq!(count(running, today).await, 150, "three quarters, as in Panjin");
            for (what, sql, day) in [
                ("due for renewal", "select count(*) from contract where until_day <= $1", today.add_days(60)),
                ("signed and not kept", "select count(*) from contract where idle_day <= $1", today),
                ("kept in part", "select count(*) from contract where 0 < done and served_day <= $1", today),
                (
                    "to be signed and not signed",
                    "select count(*) from elder_group g join elder e on e.region = g.region and e.id = g.elder
                      where g.kind = 'poor' and g.from_day <= $1 and g.until_day is null and e.state = 'living' and not exists
                            (select 1 from contract c where c.region = e.region and c.elder = e.id)",
                    today,
                ),
                (
                    "with the team of the village",
                    "select count(*) from contract c join elder e on e.region = c.region and e.id = c.elder
                       join team_place p on p.region = c.region and p.team = c.team and p.place = e.place
                      where p.from_day <= $1",
                    today,
                ),
            ] {
                assert!(0 < count(sql, day).await, "{what}");
            }
            let sql = "select e.name || ' ' || c.from_day || ' ' || c.until_day || ' ' || c.packages || ' ' || c.way || ' '
                        || c.signer_name || ' ' || c.promised || ' ' || c.done || ' ' || c.idle_day || ' ' || t.name
                         from contract c join elder e on e.region = c.region and e.id = c.elder
                         join team t on t.region = c.region and t.id = c.team order by 1";
            let all = app.app.db.read(move |tx| tx.rows(sql, &[], |row| row.get::<String>(0))).await.unwrap();
            counties.lock().unwrap().push(all);
        },
    )
    .await;
    let counties = counties.into_inner().unwrap();
    assert!(counties.windows(2).all(|it| it[0] == it[1]));
}
