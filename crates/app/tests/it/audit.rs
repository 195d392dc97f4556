//! The audit trail: what was changed, taken out or cut off is found.

use kit::{Id, audit};

use crate::support::{COUNTY, OTHER_COUNTY, TestApp, on_both};

async fn write(app: &TestApp, region: &'static str, count: usize) {
    for n in 0..count {
        let now = app.app.clock.now();
        app.app
            .db
            .write(move |tx| {
                let entry = audit::Entry {
                    action: "look",
                    subject: "elder",
                    subject_id: Some(Id(n as i64)),
                    region,
                    place: "990101001",
                    detail: "",
                };
                audit::write(tx, None, &entry, now)
            })
            .await
            .unwrap();
    }
}

async fn broken(app: &TestApp) -> Vec<String> {
    app.app.db.read(audit::verify).await.unwrap().broken
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untouched_trail_holds() {
    on_both(async |app| {
        write(app, COUNTY, 5).await;
        write(app, OTHER_COUNTY, 3).await;
        let verdict = app.app.db.read(audit::verify).await.unwrap();
        assert_eq!((verdict.regions, verdict.entries, verdict.broken), (2, 8, Vec::new()));
        let last = app.app.db.read(|tx| audit::verify_last(tx, Some(2))).await.unwrap();
        assert_eq!((last.entries, last.broken), (4, Vec::new()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_entry_is_found() {
    on_both(async |app| {
        write(app, COUNTY, 5).await;
        app.run("update audit set who = 'somebody else' where seq = 3").await;
        let broken = broken(app).await;
        assert!(broken.len() == 1 && broken[0].contains("entry 3 was changed"), "{broken:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_entry_is_found() {
    on_both(async |app| {
        write(app, COUNTY, 5).await;
        app.run("delete from audit where seq = 3").await;
        let broken = broken(app).await;
        assert!(broken.len() == 1 && broken[0].contains("entry 3 is missing"), "{broken:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trail_that_is_cut_off_is_found() {
    on_both(async |app| {
        write(app, COUNTY, 5).await;
        app.run("delete from audit where seq > 3").await;
        assert!(broken(app).await[0].contains("cut off after entry 3"));
        app.run("delete from audit_head").await;
        assert!(broken(app).await[0].contains("head of the chain is missing"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_at_the_same_time_keep_one_chain() {
    on_both(async |app| {
        let writers = (0..8).map(|_| write(app, COUNTY, 10));
        futures_util::future::join_all(writers).await;
        let verdict = app.app.db.read(audit::verify).await.unwrap();
        assert_eq!((verdict.entries, verdict.broken), (80, Vec::new()));
    })
    .await;
}
