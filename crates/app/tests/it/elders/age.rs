//! The oldest: who enters the group by a birthday, and who leaves it when the birthday was wrong.

use app::elders::Birth;
use kit::who::Role;

use super::{assert_counted, draft, now, open_groups, taken};
use crate::support::{TestApp, on_both};

/// Born eighty years ago tomorrow.
fn eighty_tomorrow(app: &TestApp) -> String {
    app.app.clock.today().add_days(1).add_years(-80).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_turns_eighty_enters_the_oldest_on_that_day_by_itself() {
    on_both(async |app| {
        let elder = taken(app, draft("王桂芳", &eighty_tomorrow(app))).await;
        app.settle().await;
        kit::jobs::enqueue_repeated(&app.app).await.unwrap();
        app.settle().await;
        assert_eq!(open_groups(app, &elder.key).await, [], "the day before");
        for days in [1, 3] {
            app.app.clock.advance_days(days);
            kit::jobs::enqueue_repeated(&app.app).await.unwrap();
            app.settle().await;
            let birthday = elder.birth.day.add_years(80).to_string();
            assert_eq!(open_groups(app, &elder.key).await, [("oldest".to_string(), birthday)]);
        }
        assert_eq!(app.count("select count(*) from event where kind = 'elder.oldest'").await, 1);
        assert_counted(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_the_age_already_enters_on_the_day_of_the_record() {
    on_both(async |app| {
        let elder = taken(app, draft("王桂芳", "1931-02-03")).await;
        let today = app.app.clock.today().to_string();
        assert_eq!(open_groups(app, &elder.key).await, [("oldest".to_string(), today)]);
        let young = taken(app, draft("李福田", &app.app.clock.today().add_years(-79).to_string())).await;
        assert_eq!(open_groups(app, &young.key).await, []);
        assert_counted(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_birth_put_right_moves_somebody_in_and_out_of_the_oldest() {
    on_both(async |app| {
        let elder = taken(app, draft("王桂芳", "1931-02-03")).await;
        let mut nurse = app.client(Role::Clinician).await;
        let edit = format!("/elders/{}/edit", elder.key);
        let mut save = async |birth: &str| {
            nurse.get(&edit).await.ok();
            let fields = [
                ("name", "王桂芳"),
                ("id_kind", "none"),
                ("sex", "female"),
                ("birth", birth),
                ("place", super::VILLAGE),
                ("groups", "oldest"),
            ];
            nurse.post(&edit, &fields).await.leads();
        };
        save("1961-02-03").await;
        assert_eq!(now(app, &elder.key).await.birth, Birth::parse("1961-02-03").unwrap());
        assert_eq!(open_groups(app, &elder.key).await, [], "age decides, not the tick that was left in the form");
        save("1931-02-03").await;
        assert_eq!(open_groups(app, &elder.key).await.len(), 1);
        assert_counted(app).await;
    })
    .await;
}
