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

async fn against(app: &TestApp, kept: &[audit::Head]) -> Vec<String> {
    let kept = kept.to_vec();
    app.app.db.read(move |tx| audit::compare(tx, &kept)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trail_cut_off_with_its_head_or_written_anew_is_found_by_a_head_kept_elsewhere() {
    on_both(async |app| {
        write(app, COUNTY, 5).await;
        let kept = app.app.db.read(audit::heads).await.unwrap();
        assert_eq!((kept.len(), kept[0].seq), (1, 5));
        write(app, COUNTY, 2).await;
        assert_eq!(against(app, &kept).await, Vec::<String>::new(), "a chain that grew goes through its earlier head");

        app.run("delete from audit where seq > 3").await;
        app.run("update audit_head set seq = 3, hash = (select hash from audit where seq = 3)").await;
        assert_eq!(broken(app).await, Vec::<String>::new(), "from inside, nothing is to be seen");
        let found = against(app, &kept).await;
        assert!(found.len() == 1 && found[0].contains("cut off") && found[0].contains("被截断"), "{found:?}");

        app.run("delete from audit").await;
        app.run("delete from audit_head").await;
        write(app, COUNTY, 9).await;
        assert_eq!(broken(app).await, Vec::<String>::new());
        let found = against(app, &kept).await;
        assert!(found.len() == 1 && found[0].contains("written anew"), "{found:?}");
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
