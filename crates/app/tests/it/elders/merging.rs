//! Two records of one person: found, merged, and taken apart again exactly as they were.

use app::elders::{self, Document, Draft, Elder};
use kit::{Id, who::Role};

use super::{assert_counted, draft, now, open_groups, taken, write};
use crate::support::{COUNTY, TestApp, on_both};

/// Everything that merging touches, as text. Times of change and the trail stay out: they tell that something happened.
async fn everything(app: &TestApp) -> Vec<String> {
    let mut all = Vec::new();
    for sql in [
        "select 'elder ' || id || ' ' || state || ' ' || coalesce(state_day, '') || ' ' || coalesce(merged_into, 0) || ' '
                || id_kind || ' ' || (id_number is not null) || (phone is not null) || (phone_blind is not null)
                || (address is not null) from elder order by 1",
        "select 'group ' || elder || ' ' || kind || ' ' || from_day || ' ' || coalesce(until_day, '') || ' ' || source
           from elder_group order by 1",
        "select 'index ' || elder from person_index order by 1",
        "select 'due ' || elder || ' ' || kind || ' ' || day from elder_due order by 1",
        "select 'count ' || street || ' ' || facet || ' ' || n from elder_count where n <> 0 order by 1",
        "select 'unit ' || thing || ' ' || unit || ' ' || from_day || ' ' || coalesce(until_day, '') from tally_unit order by 1",
    ] {
        all.extend(app.app.db.read(move |tx| tx.rows(sql, &[], |row| row.get::<String>(0))).await.unwrap());
    }
    all
}

async fn open_pairs(app: &TestApp) -> Vec<Id> {
    let sql = "select id from elder_duplicate where state = 'open' order by id";
    app.app.db.read(move |tx| tx.rows(sql, &[], |row| row.get::<Id>(0))).await.unwrap()
}

fn with(mut draft: Draft, number: Option<&str>, phone: Option<&str>, address: &str, groups: &[&str]) -> Draft {
    if let Some(number) = number {
        draft.document = Document::parse("resident", number).unwrap();
    }
    draft.phone = phone.map(|it| it.parse().unwrap());
    draft.address = address.into();
    draft.groups = groups.iter().map(|it| (it.to_string(), String::new())).collect();
    draft
}

const NUMBER: &str = "11010519491231002X";

#[tokio::test(flavor = "multi_thread")]
async fn merging_and_undoing_leave_everything_as_it_was_whatever_the_two_had() {
    on_both(async |app| {
        // Every mixture of what either has: number, telephone, address, groups, duties, and which one is kept.
        for mixture in 0..64_u32 {
            let has = |bit: u32| mixture & (1 << bit) != 0;
            let groups = |one: bool| if one { vec!["poor", "disabled"] } else { vec!["disabled", "chronic"] };
            let number = |one: bool| one.then_some(NUMBER);
            let phone = |one: bool| one.then_some("13742180967");
            let a =
                with(draft("王桂芳", "1949-12-31"), number(has(0)), phone(has(1)), "河口村三组12号", &groups(has(2)));
            let b = with(draft("王桂芳", "1949-12-31"), number(!has(0) && has(3)), phone(has(4)), "", &groups(!has(2)));
            let (a, b) = (taken(app, a).await, taken(app, b).await);
            let (one, other) = (a.clone(), b.clone());
            write(app, move |tx, ask| {
                elders::set_due(tx, &one, "test.visit", ask.today(), "待办", "/elders")?;
                elders::set_due(tx, &other, "test.visit", ask.today().add_days(3), "待办", "/elders")?;
                elders::set_due(tx, &other, "test.check", ask.today(), "待办", "/elders")
            })
            .await
            .unwrap();
            let before = everything(app).await;
            let pair = *open_pairs(app).await.last().unwrap();
            let keep_other = has(5);
            decide(app, pair, move |tx, ask, pair| elders::merge(tx, ask, pair, keep_other)).await.unwrap();
            assert_counted(app).await;
            let (kept, lost) = if keep_other { (&b, &a) } else { (&a, &b) };
            let merged = now(app, &lost.key).await;
            assert_eq!((&*merged.state, merged.merged_into), ("merged", Some(kept.key.id)));
            assert_eq!(open_groups(app, &kept.key).await.len(), 3, "groups of both");
            decide(app, pair, elders::undo_merging).await.unwrap();
            assert_eq!(everything(app).await, before, "mixture {mixture}");
            assert_counted(app).await;
            for table in
                ["elder", "elder_group", "person_index", "elder_due", "elder_count", "elder_duplicate", "tally_unit"]
            {
                app.run(&format!("delete from {table}")).await;
            }
        }
    })
    .await;
}

async fn decide(
    app: &TestApp,
    pair: Id,
    how: impl FnOnce(&kit::Tx<'_>, &kit::Ask, &elders::Pair) -> kit::Result<()> + Send + 'static,
) -> kit::Result<()> {
    write(app, move |tx, ask| how(tx, ask, &elders::pair(tx, ask, COUNTY, pair)?)).await
}

async fn two(app: &TestApp) -> (Elder, Elder, Id) {
    let a = taken(app, draft("王桂芳", "1949-12-31")).await;
    let b = taken(app, with(draft("王桂芳", "1949-12-31"), Some(NUMBER), Some("13742180967"), "", &["poor"])).await;
    let pair = open_pairs(app).await[0];
    (a, b, pair)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_right_since_the_merging_stays() {
    on_both(async |app| {
        let (a, b, pair) = two(app).await;
        decide(app, pair, |tx, ask, pair| elders::merge(tx, ask, pair, false)).await.unwrap();
        let merged = now(app, &a.key).await;
        let newer = with(draft("王桂芳", "1949-12-31"), Some(NUMBER), Some("13742180000"), "", &[]);
        write(app, move |tx, ask| elders::change(tx, ask, &merged, &newer)).await.unwrap();
        decide(app, pair, elders::undo_merging).await.unwrap();
        let (a, b) = (now(app, &a.key).await, now(app, &b.key).await);
        assert!(a.phone.is_some(), "the telephone was noted after the merging");
        assert!(a.id_number.is_none() && b.id_number.is_some() && b.is_living());
        assert_eq!(app.count("select elder from person_index").await, b.key.id.0);
        assert_counted(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_records_of_one_person_have_one_history_and_come_apart_from_the_last() {
    on_both(async |app| {
        let (a, b, first) = two(app).await;
        let c = taken(app, draft("王桂芳", "1949-12-31")).await;
        decide(app, first, |tx, ask, pair| elders::merge(tx, ask, pair, false)).await.unwrap();
        let pairs = open_pairs(app).await;
        let mut second = None;
        for id in pairs {
            let both = write(app, move |tx, ask| elders::pair(tx, ask, COUNTY, id)).await.unwrap();
            if both.kept.key == a.key && both.other.key == c.key {
                second = Some(id);
            }
        }
        let second = second.expect("the pair of the kept one and the third");
        decide(app, second, |tx, ask, pair| elders::merge(tx, ask, pair, true)).await.unwrap();
        let key = c.key.clone();
        let records = write(app, move |tx, _| elders::records(tx, &key)).await.unwrap();
        assert_eq!(records, [c.key.id, a.key.id, b.key.id], "the history of all three");
        let refused = decide(app, first, elders::undo_merging).await;
        assert!(matches!(refused, Err(kit::Error::Refused(it)) if it.code == "merged_further"));
        decide(app, second, elders::undo_merging).await.unwrap();
        decide(app, first, elders::undo_merging).await.unwrap();
        assert_eq!(app.count("select count(*) from elder where state = 'living'").await, 3);
        assert_counted(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn likely_duplicates_are_those_of_whom_two_things_agree() {
    on_both(async |app| {
        let address = "河口镇河口村三组12号";
        taken(app, with(draft("王桂芳", "1949-12-31"), None, Some("13742180967"), address, &[])).await;
        let cases = [
            (draft("王桂芳", "1949-12-31"), true, "name and birth date"),
            (draft("王桂芳", "1949"), true, "name and year, where only the year is known"),
            (draft("王桂芳", "1949-11-30"), false, "a name alone"),
            (draft("王贵芳", "1949-12-31"), true, "a name that sounds the same, and the birth date"),
            (draft("李秀英", "1949-12-31"), false, "a birth date alone"),
            (with(draft("王桂芳", "1950-01-01"), None, None, address, &[]), false, "another year"),
            (
                with(draft("王桂方", "1951-05-05"), None, Some("13742180967"), "", &[]),
                false,
                "a telephone in the family",
            ),
            (with(draft("王桂芳", "1951-05-05"), None, Some("13742180967"), "", &[]), true, "name and telephone"),
            (with(draft("李福田", "1945-05-05"), None, Some("13742180967"), address, &[]), false, "a couple at home"),
            (with(draft("李福田", "1949-12-31"), None, None, address, &[]), true, "birth date and address"),
        ];
        for (one, likely, what) in cases {
            let id = taken(app, one).await.key.id.0;
            let pairs = app.count("select count(*) from elder_duplicate").await;
            assert_eq!(0 < pairs, likely, "{what}");
            app.run("delete from elder_duplicate").await;
            app.run(&format!("delete from elder where id = {id}")).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_judges_pairs_from_a_list_and_an_official_takes_it_back() {
    on_both(async |app| {
        let (a, b, pair) = two(app).await;
        let mut lead = app.client(Role::Lead).await;
        let list = lead.get("/elders/duplicates").await.ok().text();
        let here = format!("/elders/duplicates/{COUNTY}/{pair}");
        assert!(list.contains(&here) && list.contains("共 1 对"), "{list}");
        let page = lead.get(&here).await.ok().text();
        assert!(page.contains("同一人，保留左边") && !page.contains(NUMBER), "masked");
        lead.post(&format!("{here}/merge"), &[("keep", "left")]).await.leads();
        assert!(lead.get("/elders/duplicates").await.ok().text().contains("没有疑似重复的档案"));
        assert_eq!(now(app, &b.key).await.merged_into, Some(a.key.id));
        let mut official = app.client(Role::Official).await;
        assert!(official.get("/elders/duplicates/judged").await.ok().text().contains("已合并"));
        official.get(&here).await.ok();
        official.post(&format!("{here}/undo"), &[]).await.leads();
        assert!(now(app, &b.key).await.is_living());
        let sheet = official.get("/elders/duplicates/judged?format=xlsx").await.ok();
        assert!(sheet.body.starts_with(b"PK"));
        let mut street = app.client_at(Role::Lead, "990101002").await;
        assert_eq!(street.get(&here).await.status, 404, "both live elsewhere");
        app.run(&format!("update elder set place = '990101002001' where id = {}", b.key.id)).await;
        let beyond = street.get(&here).await.with_status(409).text();
        assert!(beyond.contains("管理范围以外"), "{beyond}");
        let api = app.api(Role::Official).await;
        api.post(&format!("/api/v1{here}/merge"), serde_json::json!({"keep": "right"})).await.ok();
        assert_eq!(now(app, &a.key).await.merged_into, Some(b.key.id));
    })
    .await;
}
