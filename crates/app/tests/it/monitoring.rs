//! From an alarm to help at the door: the clock and its restart, two servers, rosters and their gaps, what people do, who listens.

use app::{
    elders::Key,
    monitoring::{self, Raise, Reason, Subject},
};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use kit::{Said, who::Role};
use rules::alarm::Kind;
use serde_json::{Value, json};

use crate::{
    assessment::{elder, elder_with, in_demo, text},
    client::Api,
    orders::deliver,
    support::{COUNTY, ORGANISATION, OTHER_COUNTY, TestApp, no_difference},
    visits::{Phone, at_home, near, nurse, shown as visit_shown},
};

/// A device says it: an urgent call of an elder.
pub async fn raised(app: &TestApp, elder: &str, kind: Kind) -> Key {
    raised_at(app, elder, kind, app.app.clock.now()).await
}

async fn raised_at(app: &TestApp, elder: &str, kind: Kind, now: Timestamp) -> Key {
    let (for_raise, key): (kit::App, Key) = (app.app.clone(), elder.parse().unwrap());
    app.app
        .db
        .write(move |tx| {
            monitoring::raise(
                tx,
                &for_raise,
                now,
                &Raise {
                    region: &key.region,
                    place: "",
                    subject: Subject::Elder(key.id),
                    kind,
                    urgent: true,
                    at: now,
                    device: Some((kit::Id(7), "按钮 7")),
                    reason: Reason { said: Said::new("报警"), because: json!({"button": 1}) },
                    position: None,
                },
            )
        })
        .await
        .unwrap()
}

async fn over(app: &TestApp, elder: &str, kind: Kind) -> bool {
    let (for_over, key): (kit::App, Key) = (app.app.clone(), elder.parse().unwrap());
    let now = app.app.clock.now();
    let reason = Reason { said: Said::new("恢复正常"), because: json!({}) };
    app.app.db.write(move |tx| monitoring::over(tx, &for_over, now, &key, kind, &reason)).await.unwrap()
}

fn later(now: Timestamp, seconds: i64) -> Timestamp {
    now + SignedDuration::from_secs(seconds)
}

async fn shown(api: &Api, case: &Key) -> Value {
    api.get(&format!("/api/v1/monitoring/{case}")).await.ok().json()
}

/// What was entered of some kind, in order.
fn entered<'a>(case: &'a Value, what: &str) -> Vec<&'a str> {
    let all = case["entries"].as_array().unwrap();
    all.iter().filter(|it| it["what"] == what).map(|it| text(it, "said")).collect()
}

/// One of the staff with a phone; gives the number.
async fn staff(app: &TestApp, name: &str) -> String {
    let body = json!({"name": name, "sex": "female", "birth": "1985-01-01", "kind": "nurse", "title": "middle", "phone": "13800138000",
                      "organisation": ORGANISATION.to_string(), "post": "employed", "from": "2020-01-01"});
    let made = app.api(Role::Official).await.post("/api/v1/workforce", body).await.ok().json();
    text(&made, "id").rsplit('-').next().unwrap().to_string()
}

/// The centre of the county with a day and a night shift, and these in its ranks at any hour.
async fn centre(app: &TestApp, ranks: &[&str]) {
    let mut lead = app.client(Role::Lead).await;
    lead.get("/monitoring/duty").await.ok();
    let n = ranks.len().max(1).to_string();
    let fields =
        [("organisation", &*ORGANISATION.to_string()), ("place", COUNTY), ("begins", "20:00 08:00"), ("ranks", &n)];
    let link = lead.post("/monitoring/duty", &fields).await.leads();
    assert_eq!(link, format!("/monitoring/duty/{COUNTY}-{ORGANISATION}"));
    let mut names = Vec::new();
    for weekday in 1..=7 {
        for begins in [480, 1200] {
            for (nth, who) in ranks.iter().enumerate() {
                names.push((format!("w-{weekday}-{begins}-{}", nth + 1), (*who).to_string()));
            }
        }
    }
    let fields: Vec<(&str, &str)> = names.iter().map(|(name, who)| (&**name, &**who)).collect();
    lead.post(&format!("{link}/week"), &fields).await.leads();
}

async fn tick(app: &TestApp, now: Timestamp) {
    while monitoring::tick(&app.app, now).await.unwrap() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_nobody_takes_goes_from_one_to_the_next_to_the_end() {
    in_demo(async |app| {
        let (first, second) = (staff(app, "张一").await, staff(app, "李二").await);
        centre(app, &[&first, &second]).await;
        let elder = elder(app).await;
        let mut official = app.client(Role::Official).await;
        official.get(&format!("/elders/{elder}")).await.ok();
        let contact = [("name", "王敏"), ("relation", "child"), ("phone", "13912345678"), ("is_carer", "on")];
        official.post(&format!("/elders/{elder}/contacts"), &contact).await.leads();
        let operator = app.api(Role::Operator).await;
        let begun = app.app.clock.now();
        let case = raised_at(app, &elder, Kind::Sos, begun).await;
        let it = shown(&operator, &case).await;
        assert_eq!((text(&it, "state"), it["raises"].as_i64()), ("raised", Some(1)));
        assert_eq!(entered(&it, "step"), ["值班人员：已通知 张一（短信）"], "the first is told at once");
        tick(app, later(begun, 59)).await;
        assert_eq!(entered(&shown(&operator, &case).await, "step").len(), 1, "not a second early");
        tick(app, later(begun, 61)).await;
        let it = shown(&operator, &case).await;
        assert_eq!(entered(&it, "step")[1], "下一顺位：已通知 李二（短信）");
        tick(app, later(begun, 121)).await;
        assert_eq!(entered(&shown(&operator, &case).await, "unsent"), ["团队长：没有登记"]);
        tick(app, later(begun, 181)).await;
        assert_eq!(entered(&shown(&operator, &case).await, "step")[2], "家属：已通知 王敏（短信）");
        tick(app, later(begun, 301)).await;
        let it = shown(&operator, &case).await;
        let steps = entered(&it, "step");
        assert!(steps.contains(&"300 秒没有人接警，请拨打120"), "{steps:?}");
        assert!(steps.iter().any(|it| it.starts_with("主管：已通知")), "{steps:?}");
        assert_eq!(it["next_at"], Value::Null);
        let before = it["entries"].as_array().unwrap().len();
        tick(app, later(begun, 9_000)).await;
        assert_eq!(shown(&operator, &case).await["entries"].as_array().unwrap().len(), before, "the end is the end");
        assert!(app.client(Role::Operator).await.get("/inbox").await.ok().text().contains("请拨打120"));
        let sealed = "select count(*) from message where channel = 'sms' and body like '%139123%'";
        assert_eq!(app.count(sealed).await, 0, "no number stands in a text");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_standstill_everything_overdue_goes_on_once_with_the_real_time() {
    in_demo(async |app| {
        let (first, second) = (staff(app, "张一").await, staff(app, "李二").await);
        centre(app, &[&first, &second]).await;
        let begun = app.app.clock.now();
        let elder = elder(app).await;
        let case = raised_at(app, &elder, Kind::Fall, begun).await;
        let (one, other) = (app.again().await, app.again().await);
        let now = later(begun, 130);
        let (a, b) = tokio::join!(monitoring::tick(&one, now), monitoring::tick(&other, now));
        assert!(a.unwrap() || b.unwrap());
        let it = shown(&app.api(Role::Operator).await, &case).await;
        assert_eq!(entered(&it, "step"), ["值班人员：已通知 张一（短信）", "下一顺位：已通知 李二（短信）"]);
        let entries = it["entries"].as_array().unwrap();
        let second = entries.iter().find(|it| text(it, "said").starts_with("下一顺位")).unwrap();
        assert_eq!(text(second, "at"), kit::clock::stamp(now));
        assert_eq!(text(&it, "next_at"), kit::clock::stamp(later(begun, 180)));
        assert_eq!(app.count("select count(*) from message where channel = 'sms'").await, 2, "nobody was told twice");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn raised_again_it_is_one_case_and_every_raise_is_kept() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let first = raised(app, &elder, Kind::Sos).await;
        let again = join_all((0..5).map(|_| raised(app, &elder, Kind::Sos))).await;
        assert!(again.iter().all(|it| *it == first));
        let fall = raised(app, &elder, Kind::Fall).await;
        assert_ne!(fall, first, "another kind is another case");
        let operator = app.api(Role::Operator).await;
        assert_eq!(shown(&operator, &first).await["raises"], json!(6));
        assert_eq!(app.count("select count(*) from alarm_raise").await, 7);
        assert!(over(app, &elder, Kind::Sos).await);
        assert!(!over(app, &elder, Kind::Gas).await, "there is no such case");
        let it = shown(&operator, &first).await;
        assert_eq!((text(&it, "state"), entered(&it, "eased").len()), ("raised", 1), "it is noted, and closes nothing");
        let closing = json!({"verdict": "mistake", "found": "老人说是误按"});
        operator.post(&format!("/api/v1/monitoring/{first}/close"), closing.clone()).await.ok();
        operator.post(&format!("/api/v1/monitoring/{first}/close"), closing).await.with_status(409);
        assert_ne!(raised(app, &elder, Kind::Sos).await, first, "a closed one stays closed");
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_raise_at_one_moment_find_one_case() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let all = join_all((0..8).map(|_| raised(app, &elder, Kind::Vital))).await;
        assert!(all.iter().all(|it| *it == all[0]));
        assert_eq!(app.count("select raises from alarm_case").await, 8);
        assert_eq!(app.count("select count(*) from alarm_case").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_is_taken_once_somebody_is_sent_arrives_by_phone_and_it_is_closed_with_a_name() {
    in_demo(async |app| {
        let elder = elder(app).await;
        at_home(app, &elder).await;
        let (nurse_key, nurse_id) = nurse(app).await;
        let mut phone = Phone::of(app, &nurse_key).await;
        let case = raised(app, &elder, Kind::Fall).await;
        let operator = app.api(Role::Operator).await;
        let path = |deed: &str| format!("/api/v1/monitoring/{case}/{deed}");
        let taken = operator.post(&path("acknowledge"), json!({})).await.ok().json();
        assert_eq!((text(&taken, "state"), text(&taken, "acknowledged_by")), ("acknowledged", "话务员"));
        let second = app.api(Role::Lead).await.post(&path("acknowledge"), json!({})).await.with_status(409);
        assert!(second.text().contains("话务员"), "the second learns whose it is: {}", second.text());
        let sent = operator.post(&path("send"), json!({"staff": nurse_id})).await.ok().json();
        let visit = text(&sent, "visit").to_string();
        assert_eq!(visit_shown(app, &visit).await["state"], "planned");
        assert!(app.client(Role::Clinician).await.get("/inbox").await.ok().text().contains("报警,请马上上门"));
        let begin = phone.event(app, 0, "begin", &visit, json!({"fix": near(), "why": "", "door": ""}));
        phone.send(app, &[begin]).await;
        deliver(app).await;
        let it = shown(&operator, &case).await;
        assert_eq!((text(&it, "state"), &it["proven"], text(&it, "arrived_by")), ("arrived", &json!(true), "王丽"));
        assert!(entered(&it, "arrived")[0].contains("已核验"));
        operator.post(&path("close"), json!({"verdict": "true"})).await.with_status(422);
        let closing = json!({"verdict": "true", "found": "在卫生间摔倒,送医"});
        let closed = operator.post(&path("close"), closing).await.ok().json();
        assert_eq!((text(&closed, "state"), text(&closed, "closed_by")), ("closed", "话务员"));
        let tomorrow = app.app.clock.today().add_days(1).to_string();
        assert_eq!(text(&closed, "follow_day"), tomorrow, "after a true alarm somebody looks again");
        let mut desk = app.client(Role::Operator).await;
        let page = desk.get(&format!("/monitoring/{case}")).await.ok();
        assert!(page.text().contains("在卫生间摔倒"));
        desk.post(&format!("/monitoring/{case}/inform"), &[("whom", "女儿 王敏")]).await.leads();
        desk.post(
            &format!("/monitoring/{case}/correct"),
            &[("verdict", "mistake"), ("found", "坐在地上"), ("reason", "")],
        )
        .await
        .with_status(422);
        let right = [("verdict", "mistake"), ("found", "坐在地上"), ("reason", "护士更正")];
        desk.post(&format!("/monitoring/{case}/correct"), &right).await.leads();
        let it = shown(&operator, &case).await;
        assert_eq!(text(&it, "verdict"), "mistake");
        assert!(entered(&it, "corrected")[0].contains("在卫生间摔倒"), "what it was before stays");
        desk.post(&format!("/monitoring/{case}/follow"), &[("note", "已看望")]).await.leads();
        desk.post(&format!("/monitoring/{case}/follow"), &[("note", "again")]).await.with_status(409);
        assert_eq!(app.count("select count(*) from audit where subject = 'alarm_case' and action = 'look'").await, 3);
        assert_eq!(app.count("select take_seconds from alarm_case").await, 0);
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_sent_in_vain_is_told_to_the_operator_and_the_case_stays_open() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let (_, nurse_id) = nurse(app).await;
        let case = raised(app, &elder, Kind::Sos).await;
        let operator = app.api(Role::Operator).await;
        let path = |deed: &str| format!("/api/v1/monitoring/{case}/{deed}");
        operator.post(&path("acknowledge"), json!({})).await.ok();
        let sent = operator.post(&path("send"), json!({"staff": nurse_id})).await.ok().json();
        let missed = format!("/api/v1/visits/{}/missed", text(&sent, "visit"));
        app.api(Role::Clinician).await.post(&missed, json!({"reason": "nobody", "note": "敲门没人应"})).await.ok();
        deliver(app).await;
        let it = shown(&operator, &case).await;
        let said = entered(&it, "note");
        assert!(said[0].contains("王丽 上门未服务成") && said[0].contains("敲门没人应"), "{it}");
        assert!(it["arrived"].is_null() && text(&it, "state") != "closed", "{it}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_only_said_is_not_proven_and_who_hands_back_lets_the_clock_run_on() {
    in_demo(async |app| {
        let (first, second) = (staff(app, "张一").await, staff(app, "李二").await);
        centre(app, &[&first, &second]).await;
        let elder = elder(app).await;
        let begun = app.app.clock.now();
        let case = raised_at(app, &elder, Kind::Sos, begun).await;
        let mut desk = app.client(Role::Operator).await;
        desk.get(&format!("/monitoring/{case}")).await.ok();
        let path = |deed: &str| format!("/monitoring/{case}/{deed}");
        desk.post(&path("return"), &[("reason", "x")]).await.with_status(409);
        desk.post(&path("acknowledge"), &[]).await.leads();
        let operator = app.api(Role::Operator).await;
        tick(app, later(begun, 200)).await;
        assert_eq!(entered(&shown(&operator, &case).await, "step").len(), 1, "taken, it goes to nobody else");
        desk.post(&path("return"), &[("reason", "占线")]).await.leads();
        tick(app, later(begun, 200)).await;
        assert!(1 < entered(&shown(&operator, &case).await, "step").len());
        desk.post(&path("acknowledge"), &[]).await.leads();
        tick(app, later(begun, 900)).await;
        let it = shown(&operator, &case).await;
        assert_eq!(entered(&it, "late")[0], "已接警，到时限还没有人出发");
        let told = entered(&it, "late").len();
        tick(app, later(begun, 1_900)).await;
        assert_eq!(entered(&shown(&operator, &case).await, "late").len(), told, "it is said once");
        desk.post(&path("depart"), &[]).await.leads();
        desk.post(&path("arrive"), &[]).await.leads();
        let it = shown(&operator, &case).await;
        assert_eq!((text(&it, "state"), &it["proven"]), ("arrived", &json!(false)));
        desk.post(&path("arrive"), &[]).await.with_status(409);
        desk.post(&path("close"), &[("verdict", "test"), ("found", "演练")]).await.leads();
        desk.post(&path("reopen"), &[("reason", "结错了")]).await.leads();
        assert_eq!(text(&shown(&operator, &case).await, "state"), "arrived");
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_could_not_leave_is_an_entry() {
    in_demo(async |app| {
        let first = staff(app, "张一").await;
        centre(app, &[&first]).await;
        let case = raised(app, &elder(app).await, Kind::Sos).await;
        let operator = app.api(Role::Operator).await;
        assert_eq!(entered(&shown(&operator, &case).await, "unsent"), Vec::<&str>::new());
        kit::notify::send_waiting(&app.app).await.unwrap();
        tick(app, app.app.clock.now()).await;
        let it = shown(&operator, &case).await;
        assert!(entered(&it, "unsent")[0].contains("没有配置发送渠道"), "{it}");
        tick(app, app.app.clock.now()).await;
        assert_eq!(entered(&shown(&operator, &case).await, "unsent").len(), 1, "once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_the_oldest_that_nobody_took_first_and_only_what_is_theirs() {
    in_demo(async |app| {
        let (old, new) = (elder(app).await, elder_with(app, json!({"name": "李平", "place": "990101002201"})).await);
        let now = app.app.clock.now();
        let taken = raised_at(app, &old, Kind::Gas, later(now, -300)).await;
        let operator = app.api(Role::Operator).await;
        operator.post(&format!("/api/v1/monitoring/{taken}/acknowledge"), json!({})).await.ok();
        let younger = raised_at(app, &new, Kind::Sos, later(now, -60)).await;
        let older = raised_at(app, &old, Kind::Sos, later(now, -120)).await;
        let mut desk = app.client(Role::Operator).await;
        let page = desk.get("/monitoring").await.ok().text();
        let at = |key: &Key| page.find(&format!("data-key=\"{key}\"")).unwrap();
        assert!(at(&older) < at(&younger) && at(&younger) < at(&taken));
        let town = desk.get("/monitoring?place=990101002").await.ok().text();
        assert!(town.contains("李平") && !town.contains("王桂芳"));
        assert!(!desk.get("/monitoring?kind=gas").await.ok().text().contains("李平"));
        desk.get("/monitoring?kind=none").await.with_status(422);
        desk.get("/monitoring?place=990102").await.with_status(404);
        let neighbour = app.api_at(Role::Operator, OTHER_COUNTY).await;
        neighbour.get(&format!("/api/v1/monitoring/{older}")).await.with_status(404);
        neighbour.post(&format!("/api/v1/monitoring/{older}/acknowledge"), json!({})).await.with_status(404);
        assert!(
            !app.client_at(Role::Operator, OTHER_COUNTY).await.get("/monitoring").await.ok().text().contains("李平")
        );
        let carer = app.api(Role::Carer).await;
        carer.get(&format!("/api/v1/monitoring/{older}")).await.with_status(404);
        let listed = operator.get("/api/v1/monitoring?state=raised").await.ok().json();
        assert_eq!(listed["total"], json!(2));
        assert!(desk.get("/").await.ok().words().contains("报警没有人接"));
        desk.get("/monitoring/history?state=open&format=xlsx").await.ok();
        desk.get("/monitoring/figures").await.ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gaps_of_a_roster_are_shown_before_they_happen() {
    in_demo(async |app| {
        let (first, second) = (staff(app, "张一").await, staff(app, "李二").await);
        centre(app, &[&first, &second]).await;
        let mut lead = app.client(Role::Lead).await;
        let path = format!("/monitoring/duty/{COUNTY}-{ORGANISATION}");
        assert!(lead.get(&path).await.ok().words().contains("近期的值班没有空档"));
        let today = app.app.clock.today();
        let (from, until) = (today.add_days(3).to_string(), today.add_days(4).to_string());
        let leave = json!({"kind": "annual", "from": from, "until": until});
        lead_api(app).await.post(&format!("/api/v1/workforce/{COUNTY}-{second}/absences"), leave).await.ok();
        let page = lead.get(&path).await.ok().words();
        assert!(page.contains("近期的值班有 4 处空档") && page.contains("李二 不在岗"), "{page}");
        assert!(lead.get("/").await.ok().words().contains("近期的值班有空档"));
        let week = today.add_days(3).monday();
        let day = today.add_days(3);
        let slot = format!("d-{day}-480-2");
        lead.post(&format!("{path}/days?week={week}"), &[(&slot, &first)]).await.leads();
        let page = lead.get(&path).await.ok().words();
        assert!(page.contains("张一 已在前面的顺位"), "{page}");
        lead.post(&format!("{path}/copy"), &[("from", &week.to_string()), ("to", &week.add_days(7).to_string())])
            .await
            .leads();
        assert_eq!(app.count("select count(*) from alarm_duty_day").await, 2);
        lead.post(&format!("{path}/copy"), &[("from", &week.to_string()), ("to", &week.to_string())])
            .await
            .with_status(422);
        lead.get(&format!("{path}?format=xlsx")).await.ok();
        let taken = [("organisation", "41"), ("place", OTHER_COUNTY), ("begins", "08:00"), ("ranks", "1")];
        lead.post("/monitoring/duty", &taken).await.with_status(422);
        let wrong = [("organisation", "41"), ("place", COUNTY), ("begins", "25:00"), ("ranks", "1")];
        lead.post("/monitoring/duty", &wrong).await.with_status(422);
        let fewer = [("organisation", "41"), ("place", COUNTY), ("begins", "08:00"), ("ranks", "1")];
        lead.post("/monitoring/duty", &fewer).await.leads();
        assert_eq!(app.count("select count(*) from alarm_duty").await, 7, "one shift, one rank, a week");
        app.client(Role::Operator).await.post(&format!("{path}/week"), &[("w-1-480-1", "")]).await.with_status(403);
    })
    .await;
}

async fn lead_api(app: &TestApp) -> Api {
    app.api(Role::Lead).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_on_the_phone_is_written_down_with_or_without_a_person() {
    in_demo(async |app| {
        let operator = app.api(Role::Operator).await;
        let body = json!({"kind": "sos", "said": "邻居说没人开门"});
        operator.post("/api/v1/monitoring", body.clone()).await.with_status(422);
        let mut with_place = body.clone();
        (with_place["about"], with_place["place"]) = (json!("北街 3 号楼"), json!("990101001001"));
        let made = operator.post("/api/v1/monitoring", with_place.clone()).await.ok().json();
        let case: Key = text(&made, "key").parse().unwrap();
        let it = shown(&operator, &case).await;
        assert_eq!((text(&it, "about"), &it["elder"]), ("北街 3 号楼", &Value::Null));
        assert_ne!(
            operator.post("/api/v1/monitoring", with_place).await.ok().json()["key"],
            made["key"],
            "each call its own"
        );
        let mut with_elder = body;
        with_elder["elder"] = json!(elder(app).await);
        operator.post("/api/v1/monitoring", with_elder).await.ok();
        let mut desk = app.client(Role::Operator).await;
        let page = desk.get("/monitoring").await.ok().text();
        assert!(page.contains("北街 3 号楼") && page.contains("王桂芳"));
        desk.get(&format!("/monitoring/{case}")).await.ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_stand_in_full_only_while_a_case_is_open_and_how_to_get_in_is_sealed() {
    in_demo(async |app| {
        let elder = elder_with(app, json!({"phone": "13712345678"})).await;
        let case = raised(app, &elder, Kind::Sos).await;
        let mut desk = app.client(Role::Operator).await;
        let path = format!("/monitoring/{case}");
        assert!(desk.get(&path).await.ok().text().contains("13712345678"));
        desk.post(&format!("{path}/access"), &[("note", "钥匙在隔壁 3 号老李家")]).await.leads();
        assert!(desk.get(&path).await.ok().text().contains("隔壁 3 号老李家"));
        assert!(!app.client(Role::Official).await.get(&path).await.ok().text().contains("13712345678"));
        let plain = "select count(*) from alarm_access where length(note) > 0";
        assert_eq!(app.count(plain).await, 1);
        let notes: Vec<Vec<u8>> =
            app.app.db.read(|tx| tx.rows("select note from alarm_access", &[], |row| row.get(0))).await.unwrap();
        assert!(!String::from_utf8_lossy(&notes[0]).contains("老李"));
        desk.post(&format!("{path}/close"), &[("verdict", "test"), ("found", "演练")]).await.leads();
        let page = desk.get(&path).await.ok().text();
        assert!(!page.contains("13712345678") && !page.contains("老李"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_staff_stand_on_the_page_too() {
    in_demo(async |app| {
        let (key, _) = nurse(app).await;
        let mut phone = Phone::of(app, &key).await;
        let sos = phone.event(app, 0, "sos", "", json!({"fix": near(), "note": "狗"}));
        phone.send(app, &[sos]).await;
        let page = app.client(Role::Operator).await.get("/monitoring").await.ok().text();
        assert!(page.contains("王丽") && page.contains("/visits/alarms/"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_steps_laid_down_an_alarm_is_there_and_says_so() {
    let app = TestApp::sqlite().await;
    let case = raised(&app, &elder(&app).await, Kind::Sos).await;
    let it = shown(&app.api(Role::Operator).await, &case).await;
    assert_eq!(entered(&it, "unsent"), ["本地没有这类报警的处置步骤，不会自动升级"]);
    assert_eq!(it["next_at"], Value::Null);
}
