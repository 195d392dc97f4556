//! Death and moving, and the way back from each with nothing lost.

use app::elders::{self, Document, Draft, Elder, Key};
use kit::{Id, who::Role};
use rules::base::Date;

use super::{VILLAGE, ask, assert_counted, draft, now, open_groups, taken, write};
use crate::support::{COUNTY, OTHER_COUNTY, TestApp, on_both};

async fn in_groups(app: &TestApp) -> Elder {
    let mut draft = draft("王桂芳", "1941-02-03");
    draft.groups = ["disabled", "poor"].map(|it| (it.to_string(), String::new())).to_vec();
    draft.document =
        Document::parse("resident", "11010519410203002X").unwrap_or(Document { kind: "none", number: None });
    let elder = taken(app, draft).await;
    let for_due = elder.clone();
    write(app, move |tx, ask| elders::set_due(tx, &for_due, "test.visit", ask.today(), "待办", "/elders"))
        .await
        .unwrap();
    elder
}

async fn due(app: &TestApp) -> i64 {
    app.count("select count(*) from elder_due where kind = 'test.visit'").await
}

fn yesterday(app: &TestApp) -> Date {
    app.app.clock.today().add_days(-1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_ends_groups_and_duties_and_taking_it_back_restores_them_all() {
    on_both(async |app| {
        let elder = in_groups(app).await;
        let before = open_groups(app, &elder.key).await;
        assert_eq!((before.len(), due(app).await), (3, 1), "disabled, poor, and the oldest by age");
        let day = yesterday(app);
        let one = elder.clone();
        write(app, move |tx, ask| elders::died(tx, ask, &one, day, "")).await.unwrap();
        assert_eq!((open_groups(app, &elder.key).await.len(), due(app).await), (0, 0));
        assert_counted(app).await;
        let dead = now(app, &elder.key).await;
        assert_eq!((&*dead.state, dead.age_on(app.app.clock.today())), ("died", day.year() as u16 - 1941));
        write(app, move |tx, ask| elders::not_died(tx, ask, &dead, "重名误登")).await.unwrap();
        assert_eq!((open_groups(app, &elder.key).await, due(app).await), (before, 1));
        assert_eq!(now(app, &elder.key).await.state, "living");
        assert_eq!(app.count("select count(*) from event where kind = 'elder.returned'").await, 1);
        assert_counted(app).await;
        let living = now(app, &elder.key).await;
        assert!(write(app, move |tx, ask| elders::not_died(tx, ask, &living, "再撤")).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_dies_tomorrow_or_before_their_birth() {
    on_both(async |app| {
        let elder = in_groups(app).await;
        for day in [app.app.clock.today().add_days(1), "1939-01-01".parse().unwrap()] {
            let one = elder.clone();
            let refused = write(app, move |tx, ask| elders::died(tx, ask, &one, day, "")).await;
            assert!(matches!(refused, Err(kit::Error::Invalid(_))), "{day}");
        }
        assert_eq!(now(app, &elder.key).await.state, "living");
    })
    .await;
}

async fn moved(app: &TestApp, elder: &Elder, to: Option<&'static str>) -> Option<Key> {
    let (elder, day) = (elder.clone(), yesterday(app));
    write(app, move |tx, ask| elders::moved(tx, ask, &elder, day, to)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn moving_to_another_county_and_back_leaves_one_record_in_each() {
    on_both(async |app| {
        let elder = in_groups(app).await;
        let there = moved(app, &elder, Some("990102001001")).await.unwrap();
        assert_eq!(there.region, OTHER_COUNTY);
        let mut kinds: Vec<String> = open_groups(app, &there).await.into_iter().map(|it| it.0).collect();
        kinds.sort();
        assert_eq!(kinds, ["disabled", "oldest", "poor"]);
        assert_eq!(open_groups(app, &elder.key).await, []);
        assert_eq!(app.count("select count(*) from elder_due where kind = 'elders.moved_in'").await, 1);
        assert_counted(app).await;

        let back = moved(app, &now(app, &there).await, Some("990101002201")).await.unwrap();
        assert_eq!(back, elder.key, "the record of before is taken up again");
        let record = now(app, &back).await;
        assert_eq!((&*record.state, &*record.place, record.moved_to), ("living", "990101002201", None));
        assert_eq!(now(app, &there).await.moved_to, Some(back.clone()));
        assert_eq!(open_groups(app, &back).await.len(), 3);
        assert_eq!(app.count("select count(*) from elder").await, 2);
        assert_eq!(app.count("select count(*) from elder where state = 'living'").await, 1);
        assert_counted(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_leads_to_where_somebody_lives_now() {
    on_both(async |app| {
        let number = "110105194912310021".replace("0021", "002X");
        let mut known = draft("李福田", "1949-12-31");
        known.document = Document::parse("resident", &number).unwrap();
        let elder = taken(app, known.clone()).await;
        let there = moved(app, &elder, Some("990102001001")).await.unwrap();
        let leads = app.count("select elder from person_index").await;
        assert_eq!(leads, there.id.0);
        let again = known.clone();
        let refused = write(app, move |tx, ask| elders::create(tx, ask, &again)).await.unwrap_err();
        let kit::Error::Refused(refused) = refused else { panic!("{refused:?}") };
        assert_eq!((refused.code, refused.link), ("id_number_taken", Some(format!("/elders/{there}"))));
        let before = now(app, &elder.key).await;
        write(app, move |tx, ask| elders::not_moved(tx, ask, &before, "误登")).await.unwrap();
        assert_eq!(app.count("select elder from person_index").await, elder.key.id.0);
        assert_eq!(now(app, &there).await.moved_to, Some(elder.key.clone()));
        assert_counted(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moving_noted_by_mistake_is_taken_back_with_groups_and_duties() {
    on_both(async |app| {
        for to in [None, Some("990102")] {
            let elder = in_groups(app).await;
            let before = open_groups(app, &elder.key).await;
            moved(app, &elder, to).await;
            assert_eq!((open_groups(app, &elder.key).await.len(), due(app).await), (0, 0));
            let gone = now(app, &elder.key).await;
            write(app, move |tx, ask| elders::not_moved(tx, ask, &gone, "误登")).await.unwrap();
            assert_eq!((open_groups(app, &elder.key).await, due(app).await), (before, 1));
            assert_counted(app).await;
            app.run("delete from elder_due").await;
            app.run("delete from person_index").await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_the_system_comes_back_on_a_day() {
    on_both(async |app| {
        let elder = in_groups(app).await;
        moved(app, &elder, None).await;
        let (gone, day) = (now(app, &elder.key).await, app.app.clock.today());
        let early = gone.clone();
        let too_early = write(app, move |tx, ask| elders::returned(tx, ask, &early, day.add_days(-9), VILLAGE)).await;
        assert!(matches!(too_early, Err(kit::Error::Invalid(_))));
        write(app, move |tx, ask| elders::returned(tx, ask, &gone, day, VILLAGE)).await.unwrap();
        let open = open_groups(app, &elder.key).await;
        assert_eq!(open.len(), 3);
        assert!(open.iter().all(|it| it.1 == day.to_string()), "from the day of the return on: {open:?}");
        assert_eq!(due(app).await, 0, "what was due when they left is due no more");
        assert_counted(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nurse_notes_and_takes_back_on_the_page_as_a_program_does() {
    on_both(async |app| {
        let elder = in_groups(app).await;
        let here = format!("/elders/{}", elder.key);
        let mut nurse = app.client(Role::Clinician).await;
        let today = ask(app).today().to_string();
        assert!(nurse.get(&format!("{here}/life")).await.ok().text().contains("登记迁出"));
        nurse
            .post(&format!("{here}/moved"), &[("day", &today), ("to", OTHER_COUNTY), ("village", "南门社区")])
            .await
            .leads();
        let page = nurse.get(&format!("{here}/life")).await.ok().text();
        assert!(page.contains("撤销迁出登记") && page.contains("另一县区"), "{page}");
        let api = app.api_at(Role::Official, super::CITY).await;
        let path = format!("/api/v1{here}");
        api.post(&format!("{path}/not-moved"), serde_json::json!({"reason": "误登"})).await.ok();
        api.post(&format!("{path}/died"), serde_json::json!({"day": today})).await.ok();
        api.post(&format!("{path}/not-died"), serde_json::json!({"reason": "误登"})).await.ok();
        nurse.post(&format!("{here}/moved"), &[("day", &today)]).await.leads();
        assert!(nurse.get(&format!("{here}/life")).await.ok().text().contains("登记迁回"));
        let wrong = [("day", &*today), ("place", "990102001001")];
        assert_eq!(nurse.post(&format!("{here}/returned"), &wrong).await.status, 422);
        nurse.post(&format!("{here}/returned"), &[("day", &today), ("place", VILLAGE)]).await.leads();
        assert_eq!(now(app, &elder.key).await.state, "living");
        assert_eq!(elder.key.region, COUNTY);
        assert_counted(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_elder_of_an_institution_beyond_the_readers_place_can_be_changed_and_stays_there() {
    on_both(async |app| {
        app.run("insert into organisation (region, id, place, name, kind) values ('990101', 43, '990101001', '近处养老院', 'elderly_home')")
            .await;
        app.run("insert into organisation (region, id, place, name, kind) values ('990101', 44, '990101002', '远处养老院', 'elderly_home')")
            .await;
        let elder = taken(app, Draft { organisation: Some(Id(44)), ..draft("王桂芳", "1950-03-02") }).await;
        let mut nurse = app.client_at(Role::Clinician, "990101001").await;
        let path = format!("/elders/{}/edit", elder.key);
        let form = nurse.get(&path).await.ok().text();
        assert!(form.contains("近处养老院") && form.contains("远处养老院"));
        assert!(!nurse.get("/elders/new").await.ok().text().contains("远处养老院"), "what would be refused is not offered");
        let fields = [
            ("name", "王桂芳"),
            ("sex", "female"),
            ("birth", "1950-03-02"),
            ("id_kind", "none"),
            ("place", VILLAGE),
            ("living", "unknown"),
            ("insurance", "unknown"),
            ("organisation", "44"),
            ("remark", "听力不好"),
        ];
        nurse.post(&path, &fields).await.leads();
        assert_eq!(now(app, &elder.key).await.organisation, Some(Id(44)));
    })
    .await;
}
