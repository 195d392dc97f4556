//! A person with two records: benefit, claims, settlement and the month are found under the one that stays, and apart again
//! when the merging is undone.

use app::elders::{self, Key, Pair};
use kit::{Ask, Id, Scope, Tx, Who, who::Role};
use serde_json::{Value, json};

use crate::{
    ltci::{benefit, days_go_by, number, text},
    ltci_settle::{MONTH, claim, confirm, in_month, line, recipient, settle, visit, with},
    support::{COUNTY, ORGANISATION, TestApp},
};

async fn judge_pair(app: &TestApp, how: impl FnOnce(&Tx<'_>, &Ask, &Pair) -> kit::Result<()> + Send + 'static) {
    let app_too = app.app.clone();
    let done = app.app.db.write(move |tx| {
        let scope = Scope::of(&app_too.places.tree(), COUNTY);
        let ask = Ask::of(&app_too, Who::system(scope), app_too.clock.now());
        let id: Id = tx.one("select id from elder_duplicate order by id limit 1", &[], |row| row.get(0))?;
        how(tx, &ask, &elders::pair(tx, &ask, COUNTY, id)?)
    });
    done.await.unwrap();
    app.settle().await;
}

async fn merged(app: &TestApp, kept: &str) {
    let kept: Key = kept.parse().unwrap();
    judge_pair(app, move |tx, ask, pair| elders::merge(tx, ask, pair, pair.other.key == kept)).await;
}

async fn month(app: &TestApp, elder: &str) -> Value {
    app.api(Role::Clerk).await.get(&format!("/api/v1/ltci/{elder}/month?month={MONTH}")).await.ok().json()
}

/// The elders whose benefit runs, as the list says.
async fn listed(app: &TestApp) -> Vec<String> {
    let list = app.api(Role::Clerk).await.get("/api/v1/ltci").await.ok().json();
    let all = list["items"].as_array().unwrap().iter();
    all.map(|it| format!("{COUNTY}-{}", it["id"].to_string().trim_matches('"'))).collect()
}

async fn to_redo(app: &TestApp) -> i64 {
    app.run("delete from job").await;
    days_go_by(app, 1).await;
    app.api(Role::Clerk).await.get("/api/v1/ltci/redo").await.ok().json()["total"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_record_had_the_other_has_and_the_months_stay_as_they_were() {
    in_month(async |app| {
        let lost = recipient(app, 2, ORGANISATION.0).await;
        let kept = crate::assessment::elder_with(app, json!({"name": "王桂芳", "birth": "1940-05-01"})).await;
        claim(app, vec![visit("A1", &lost, "04")]).await;
        confirm(app, &settle(app).await).await;
        assert_eq!(line(app, "A1").await["verdict"]["fund_fen"], 5850);
        assert_eq!(to_redo(app).await, 0);
        assert_eq!(
            (
                month(app, &kept).await["lines"].as_array().unwrap().len(),
                benefit(app, &kept).await["steps"] == json!([])
            ),
            (0, true)
        );

        merged(app, &kept).await;
        let had = benefit(app, &kept).await;
        assert_eq!((&had["steps"][0]["grade"], &had["steps"][0]["mode"]), (&json!(3), &json!("visiting")), "{had}");
        assert_eq!(to_redo(app).await, 0, "the same person, the same month");
        assert_eq!(listed(app).await, [kept.clone()]);
        let seen = month(app, &kept).await;
        assert_eq!((&seen["lines"][0]["fund_fen"], &seen["settled"]), (&json!(5850), &json!(true)), "{seen}");
        let mut nurse = app.client(Role::Clinician).await;
        let page = nurse.get(&format!("/ltci/benefits/{kept}")).await.ok().text();
        assert!(page.contains("享受中"), "{page}");
        assert!(nurse.get(&format!("/elders/{kept}")).await.ok().text().contains(&format!("/ltci/benefits/{kept}")));
        assert!(nurse.get(&format!("/ltci/{kept}/month?month={MONTH}")).await.ok().text().contains("58.50"));

        // Whatever record a claim names, it is one person's: the second hour at the same time is not paid again.
        let same_time = with(visit("A3", &kept, "04"), json!({"begin": "09:30", "end": "10:30"}));
        claim(app, vec![visit("A2", &kept, "05"), same_time, visit("A4", &lost, "06")]).await;
        let run = confirm(app, &settle(app).await).await;
        let paid: i64 = run["payments"].as_array().unwrap().iter().map(|it| it["amount_fen"].as_i64().unwrap()).sum();
        for (number, fund) in [("A1", 5850), ("A2", 5850), ("A4", 5850)] {
            let it = line(app, number).await;
            assert_eq!(it["verdict"]["fund_fen"], fund, "{number}: {it} {run}");
        }
        let overlapping = line(app, "A3").await["verdict"]["fund_fen"].as_i64().unwrap();
        assert!(overlapping < 5850, "{overlapping}");
        assert_eq!(paid, 2 * 5850 + overlapping, "only what is new");
        assert_eq!(month(app, &kept).await["lines"].as_array().unwrap().len(), 4);
        let first = text(&line(app, "A1").await, "id").to_string();
        let said = format!("/api/v1/ltci/{kept}/month/{}/complaint", number(&first));
        app.api(Role::Clerk).await.post(&said, json!({"said": "没有来"})).await.ok();

        let pause = json!({"reason": "hospital", "from": "2025-04-01"});
        app.api(Role::Clerk).await.post(&format!("/api/v1/ltci/benefits/{kept}/pause"), pause).await.ok();
        assert_eq!(benefit(app, &kept).await["pauses"].as_array().unwrap().len(), 1);
        let day = json!({"day": app.app.clock.today().to_string()});
        app.api(Role::Clerk).await.post(&format!("/api/v1/ltci/benefits/{kept}/resume"), day).await.ok();

        judge_pair(app, elders::undo_merging).await;
        assert_eq!(benefit(app, &kept).await["steps"], json!([]));
        assert_eq!(benefit(app, &lost).await["steps"], had["steps"]);
        assert_eq!(listed(app).await, [lost.clone()]);
        let numbers = month(app, &lost).await["lines"].as_array().unwrap().len();
        assert_eq!(
            (numbers, month(app, &kept).await["lines"].as_array().unwrap().len()),
            (2, 2),
            "each has the lines that name it"
        );
    })
    .await;
}
