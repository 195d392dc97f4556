//! The ledger of a group: who is in it, since when and on whose word, and who has left.

use kit::{
    sheet::{Limits, read},
    who::Role,
};

use super::{draft, taken, write};
use crate::support::{COUNTY, TestApp, on_both};

async fn poor(app: &TestApp, name: &str, place: &str) -> app::elders::Elder {
    let mut draft = draft(name, "1955-02-03");
    draft.groups = vec![("poor".into(), "低保".into())];
    draft.place = place.into();
    taken(app, draft).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_says_entry_exit_and_basis_and_goes_to_excel() {
    on_both(async |app| {
        let stays = poor(app, "王桂芳", super::VILLAGE).await;
        let leaves = poor(app, "李福田", "990101002201").await;
        let one = leaves.clone();
        write(app, move |tx, ask| {
            app::elders::leave_group(tx, &ask.app, &one.key, &one.street, "poor", ask.today()).map(drop)
        })
        .await
        .unwrap();
        let mut official = app.client(Role::Official).await;
        let open = official.get("/elders/ledgers/list?group=poor&state=open").await.ok().text();
        assert!(open.contains("共 1 人") && open.contains("王桂芳") && !open.contains("李福田"), "{open}");
        assert!(open.contains("民政认定列入") && open.contains("页面登记") && open.contains("低保"));
        let all = official.get("/elders/ledgers/list?group=poor").await.ok().text();
        assert!(all.contains("已退出") && all.contains("李福田"));
        let left = official.get("/elders/ledgers/list?group=poor&state=left&place=990101002").await.ok().text();
        assert!(left.contains("共 1 人") && left.contains("李福田"));
        let sheet = official.get("/elders/ledgers/list?group=poor&format=xlsx").await.ok();
        let book = read(&sheet.body, "a.xlsx", &Limits::default()).unwrap();
        let text = format!("{:?}", book.sheets[0].rows);
        assert!(text.contains("李福田") && text.contains("退出日期"));
        official.get("/elders/ledgers/list").await.leads();
        let overview = official.get("/elders/ledgers").await.ok().text();
        assert!(overview.contains("/elders/ledgers/list?group=poor&amp;state=open"), "{overview}");
        let mut elsewhere = app.client_at(Role::Official, "990102").await;
        let none = elsewhere.get("/elders/ledgers/list?group=poor&state=open").await.ok().text();
        assert!(none.contains("这个人群现在没有老人"));
        assert_eq!(stays.key.region, COUNTY);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lives_alone_is_in_that_ledger_as_long_as_the_record_says_so() {
    on_both(async |app| {
        let elder = taken(app, draft("王桂芳", "1955-02-03")).await;
        for (living, is_in) in [("alone", true), ("spouse", false), ("alone", true)] {
            let (before, mut now) = (super::now(app, &elder.key).await, draft("王桂芳", "1955-02-03"));
            now.living = living.into();
            write(app, move |tx, ask| app::elders::change(tx, ask, &before, &now)).await.unwrap();
            assert_eq!(!super::open_groups(app, &elder.key).await.is_empty(), is_in, "{living}");
            super::assert_counted(app).await;
        }
    })
    .await;
}
