//! The synthetic county: the same for the same seed and day, and taken in as real people are.

use app::generate::{self, Plan, profiles::PROFILES};

use super::assert_counted;
use crate::support::{COUNTY, TestApp, on_both};

async fn generated(app: &TestApp, seed: u64) -> Vec<String> {
    let plan = Plan { profile: &PROFILES[4], scale: 1.0, seed, county: Some((COUNTY, 400)) };
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
        let plan = Plan { profile: &PROFILES[4], scale: 1.0, seed: 1, county: Some((COUNTY, 10)) };
        let refused = generate::run(&app.app, plan, |_, _| {}).await.unwrap_err();
        assert!(matches!(refused, kit::Error::Refused(it) if it.code == "not_empty"));
    })
    .await;
}
