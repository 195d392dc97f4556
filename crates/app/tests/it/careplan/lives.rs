//! What becomes of a plan when an elder dies, or turns out to be another one.

use app::elders::{self, Key, Pair};
use kit::{Ask, Id, Scope, Tx, Who, who::Role};
use serde_json::json;

use super::{begun, drafted, held, whole};
use crate::{
    assessment::{elder, elder_with, in_demo, text},
    support::{COUNTY, TestApp, no_difference},
};

#[tokio::test(flavor = "multi_thread")]
async fn death_ends_a_plan_and_nothing_is_due_any_more() {
    in_demo(async |app| {
        let (elder, doctor) = (elder(app).await, app.api(Role::Clinician).await);
        let plan = begun(&doctor, &drafted(&doctor, &elder, json!({})).await).await;
        let mut official = app.client(Role::Official).await;
        official.get(&format!("/elders/{elder}/life")).await.ok();
        let today = app.app.clock.today().to_string();
        official.post(&format!("/elders/{elder}/died"), &[("day", &*today), ("cause", "")]).await.leads();
        app.settle().await;
        let now = whole(&doctor, &plan).await;
        assert_eq!((text(&now, "state"), text(&now, "ended_reason"), text(&now, "until")), ("ended", "died", &*today));
        assert_eq!(app.count("select count(*) from elder_due where kind = 'careplan'").await, 0);
        assert_eq!(held(app, &["careplan.in_force"], app.app.clock.today()).await, 0);
        no_difference(app).await;
        let (key, app_too): (Key, _) = (elder.parse().unwrap(), app.app.clone());
        let taken_back = app.app.db.write(move |tx| {
            let ask = Ask::of(&app_too, Who::system(Scope::of(&app_too.places.tree(), COUNTY)), app_too.clock.now());
            elders::not_died(tx, &ask, &elders::find(tx, &ask.who.scope, &key)?, "登记错了人")
        });
        taken_back.await.unwrap();
        app.settle().await;
        assert_eq!(text(&whole(&doctor, &plan).await, "state"), "in_force", "a death by mistake ends nothing");
        assert_eq!(app.count("select count(*) from elder_due where kind = 'careplan'").await, 1);
        no_difference(app).await;
    })
    .await;
}

async fn judged(app: &TestApp, how: impl FnOnce(&Tx<'_>, &Ask, &Pair) -> kit::Result<()> + Send + 'static) {
    let app_too = app.app.clone();
    let done = app.app.db.write(move |tx| {
        let ask = Ask::of(&app_too, Who::system(Scope::of(&app_too.places.tree(), COUNTY)), app_too.clock.now());
        let id: Id = tx.one("select id from elder_duplicate order by id limit 1", &[], |row| row.get(0))?;
        how(tx, &ask, &elders::pair(tx, &ask, COUNTY, id)?)
    });
    done.await.unwrap();
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_goes_with_a_merging_and_comes_back_with_its_undoing() {
    in_demo(async |app| {
        let (lost, doctor) = (elder(app).await, app.api(Role::Clinician).await);
        let kept = elder_with(app, json!({})).await;
        let plan = begun(&doctor, &drafted(&doctor, &lost, json!({})).await).await;
        let to: Key = kept.parse().unwrap();
        judged(app, move |tx, ask, pair| elders::merge(tx, ask, pair, pair.other.key == to)).await;
        let now = whole(&doctor, &plan).await;
        assert_eq!((text(&now, "elder"), text(&now, "state")), (&*kept, "in_force"));
        no_difference(app).await;
        judged(app, elders::undo_merging).await;
        assert_eq!(text(&whole(&doctor, &plan).await, "elder"), lost);
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_plans_that_a_merging_brings_together_one_stays() {
    in_demo(async |app| {
        let (lost, doctor) = (elder(app).await, app.api(Role::Clinician).await);
        let kept = elder_with(app, json!({})).await;
        let (one, other) = (
            begun(&doctor, &drafted(&doctor, &lost, json!({})).await).await,
            begun(&doctor, &drafted(&doctor, &kept, json!({})).await).await,
        );
        let to: Key = kept.parse().unwrap();
        judged(app, move |tx, ask, pair| elders::merge(tx, ask, pair, pair.other.key == to)).await;
        let ended = whole(&doctor, &one).await;
        assert_eq!((text(&ended, "state"), text(&ended, "ended_reason")), ("ended", "merged"));
        assert_eq!(text(&whole(&doctor, &other).await, "state"), "in_force");
        no_difference(app).await;
        judged(app, elders::undo_merging).await;
        assert_eq!(text(&whole(&doctor, &one).await, "state"), "in_force");
        no_difference(app).await;
    })
    .await;
}
