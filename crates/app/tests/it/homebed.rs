//! Beds at home as doctors, institutions, families and the register meet them: from the application to the bill, one bed of a
//! kind at a time, each visit one round.

use app::elders::{self, Key, Pair};
use kit::{
    Ask, Id, Scope, Tx, Who,
    tally::{self, Count, Where},
    who::Role,
};
use serde_json::{Value, json};

use crate::{
    assessment::{PHOTO, days_go_by, elder, elder_with, in_demo, text},
    client::{Api, Client},
    support::{COUNTY, ORGANISATION, OTHER_COUNTY, TestApp, no_difference, on_both},
    tariff::{fee, public},
};

const NO_OBSTACLE: [&str; 4] = ["critical", "infectious", "home_unfit", "no_consent"];

async fn doctor(app: &TestApp) -> Api {
    app.api(Role::Clinician).await
}

async fn applied(api: &Api, elder: &str) -> Value {
    let body =
        json!({"elder": elder, "kind": "hospital", "institution": ORGANISATION.to_string(), "reason": "脑卒中后卧床"});
    api.post("/api/v1/homebed", body).await.ok().json()
}

async fn act(api: &Api, bed: &Value, deed: &str, body: Value) -> Value {
    api.post(&format!("/api/v1/homebed/{}/{deed}", text(bed, "id")), body).await.ok().json()
}

async fn refused(api: &Api, bed: &Value, deed: &str, body: Value) -> String {
    let answer = api.post(&format!("/api/v1/homebed/{}/{deed}", text(bed, "id")), body).await.with_status(409).json();
    text(&answer, "code").to_string()
}

async fn wrong(api: &Api, bed: &Value, deed: &str, body: Value) {
    api.post(&format!("/api/v1/homebed/{}/{deed}", text(bed, "id")), body).await.with_status(422);
}

async fn seen(api: &Api, bed: &Value) -> Value {
    api.get(&format!("/api/v1/homebed/{}", text(bed, "id"))).await.ok().json()
}

fn opening() -> Value {
    json!({"doctor": "王医生", "diagnosis": "脑梗死恢复期", "first_note": "左侧肢体无力三月,查体肌力三级。",
           "treatment_plan": "康复训练", "nursing_plan": "翻身拍背", "medicines": "阿司匹林", "rounds": 1})
}

/// A bed as far as it may be opened.
async fn ready(api: &Api, elder: &str) -> Value {
    let bed = applied(api, elder).await;
    act(api, &bed, "visit", json!({"doctor": "王医生"})).await;
    act(api, &bed, "findings", json!({"present": ["stroke"], "absent": NO_OBSTACLE})).await;
    act(api, &bed, "consent", json!({"signer": "family", "name": "李梅(女儿)", "pages": 3})).await
}

async fn opened(api: &Api, elder: &str) -> Value {
    let bed = ready(api, elder).await;
    act(api, &bed, "open", opening()).await
}

/// An institution of elderly care.
async fn home(app: &TestApp) -> &'static str {
    app.run("insert into organisation (region, id, place, name, kind) values ('990101', 51, '990101001', '乐善养老院', 'elderly_home')")
        .await;
    "51"
}

async fn contracted(app: &TestApp, api: &Api, elder: &str, institution: &str) -> Value {
    let until = app.app.clock.today().add_days(365);
    let body = json!({"elder": elder, "kind": "care", "institution": institution, "contract_number": "JY-1", "contract_until": until});
    api.post("/api/v1/homebed", body).await.ok().json()
}

async fn beds_on(app: &TestApp, mark: &'static str, days: i32) -> i64 {
    const HOSPITAL: Count = Count::new("person", &["homebed.hospital"]);
    const CARE: Count = Count::new("person", &["homebed.care"]);
    let count = if mark == "hospital" { HOSPITAL } else { CARE };
    let (at, day) = (Where::Counties(vec![COUNTY.to_string()]), app.app.clock.today().add_days(days));
    app.app.db.read(move |tx| tally::amount(tx, &count, &at, day)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bed_is_opened_after_visit_findings_and_agreement_with_a_kept_decision() {
    in_demo(async |app| {
        let (elder, api) = (elder(app).await, doctor(app).await);
        let bed = applied(&api, &elder).await;
        let today = app.app.clock.today();
        assert_eq!((text(&bed, "state"), text(&bed, "visit_by")), ("applied", &*today.add_days(2).to_string()));
        assert_eq!(refused(&api, &bed, "open", opening()).await, "not_now");
        let some = json!({"present": ["stroke"], "absent": ["critical", "infectious"]});
        let undecided = act(&api, &bed, "findings", some).await;
        assert_eq!(
            (text(&undecided, "state"), &undecided["found"]["open"]),
            ("applied", &json!(["home_unfit", "no_consent"]))
        );
        let eligible = act(&api, &bed, "findings", json!({"present": ["stroke"], "absent": NO_OBSTACLE})).await;
        assert_eq!((text(&eligible, "state"), &eligible["found"]["conditions"]), ("eligible", &json!(["stroke"])));
        assert_eq!(app.count("select count(*) from decision where subject = 'homebed'").await, 2);
        assert_eq!(refused(&api, &bed, "open", opening()).await, "not_visited");
        act(&api, &bed, "visit", json!({"doctor": "王医生"})).await;
        assert_eq!(refused(&api, &bed, "open", opening()).await, "no_consent");
        wrong(&api, &bed, "consent", json!({"signer": "self"})).await;
        wrong(&api, &bed, "consent", json!({"signer": "family", "pages": 3})).await;
        act(&api, &bed, "consent", json!({"signer": "self", "pages": 3})).await;
        let mut seldom = opening();
        seldom["rounds"] = json!(0);
        wrong(&api, &bed, "open", seldom).await;
        let open = act(&api, &bed, "open", opening()).await;
        assert_eq!((text(&open, "state"), text(&open, "round_by")), ("open", &*today.add_days(7).to_string()));
        assert_eq!(text(&open, "course_until"), today.add_days(89).to_string());
        assert_eq!(text(&open["records"][0], "kind"), "first");
        assert_eq!((beds_on(app, "hospital", -1).await, beds_on(app, "hospital", 0).await), (0, 1));
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_obstacle_refuses_and_a_second_application_is_refused_while_one_runs() {
    in_demo(async |app| {
        let (elder, api) = (elder(app).await, doctor(app).await);
        let bed = applied(&api, &elder).await;
        let body =
            json!({"elder": elder, "kind": "hospital", "institution": ORGANISATION.to_string(), "reason": "再申请"});
        let second = api.post("/api/v1/homebed", body).await.with_status(409).json();
        assert_eq!(text(&second, "code"), "has_bed");
        let no =
            act(&api, &bed, "findings", json!({"present": ["stroke", "critical"], "absent": ["infectious"]})).await;
        assert_eq!((text(&no, "state"), &no["found"]["obstacles"]), ("refused", &json!(["critical"])));
        assert_eq!(refused(&api, &bed, "visit", json!({})).await, "not_now");
        assert_eq!(
            text(&applied(&api, &elder).await, "state"),
            "applied",
            "a refused application makes room for another"
        );
        let other = json!({"elder": elder, "kind": "hospital", "institution": ORGANISATION.to_string()});
        api.post("/api/v1/homebed", other).await.with_status(422);
        app.api_at(Role::Clinician, OTHER_COUNTY)
            .await
            .get(&format!("/api/v1/homebed/{}", text(&bed, "id")))
            .await
            .with_status(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_late_stands_on_the_workbench_and_a_round_sets_the_next_day() {
    in_demo(async |app| {
        let (one, api) = (elder(app).await, doctor(app).await);
        let two = elder_with(app, json!({"name": "李平"})).await;
        let bed = opened(&api, &one).await;
        applied(&api, &two).await;
        let mut nurse = app.client(Role::Clinician).await;
        assert!(!nurse.get("/").await.ok().words().contains("逾期的家庭病床巡诊"));
        app.app.clock.advance_days(8);
        let page = nurse.get("/").await.ok().words();
        assert!(page.contains("逾期的家庭病床巡诊") && page.contains("逾期的家庭病床上门评估"), "{page}");
        let due = api.get("/api/v1/homebed/due?what=round&when=late").await.ok().json();
        assert_eq!((text(&due["items"][0], "name"), &due["total"]), ("王桂芳", &json!(1)));
        let today = app.app.clock.today();
        wrong(&api, &bed, "round", json!({"findings": "平稳", "systolic": "1320"})).await;
        wrong(&api, &bed, "round", json!({"findings": "平稳", "day": today.add_days(1)})).await;
        wrong(&api, &bed, "round", json!({"findings": "平稳", "day": today.add_days(-9)})).await;
        let round = act(&api, &bed, "round", json!({"findings": "平稳", "systolic": "132", "diastolic": "80"})).await;
        assert_eq!(text(&round, "round_by"), today.add_days(7).to_string());
        assert_eq!(round["records"][1]["readings"]["systolic"], "132");
        assert_eq!(api.get("/api/v1/homebed/due?what=round&when=late").await.ok().json()["total"], 0);
        let id = text(&round["records"][1], "id").to_string();
        let void = act(&api, &bed, "record-void", json!({"item": id, "reason": "记错人"})).await;
        assert_eq!(text(&void, "round_by"), today.add_days(-1).to_string(), "a void round does not count");
        let list = api.get("/api/v1/homebed?kind=hospital&due=late").await.ok().json();
        assert_eq!(list["total"], 2);
        assert_eq!(api.get("/api/v1/homebed?state=open&doctor=王医生").await.ok().json()["total"], 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_stops_what_is_due_and_days_of_service_leave_it_out() {
    in_demo(async |app| {
        let (elder, api) = (elder(app).await, doctor(app).await);
        let bed = opened(&api, &elder).await;
        let first = app.app.clock.today();
        app.app.clock.advance_days(3);
        let paused = act(&api, &bed, "suspend", json!({"reason": "hospital", "note": "肺炎"})).await;
        assert_eq!((text(&paused, "state"), &paused["round_by"]), ("suspended", &Value::Null));
        assert_eq!(refused(&api, &bed, "round", json!({"findings": "x"})).await, "not_now");
        assert_eq!(beds_on(app, "hospital", 0).await, 1, "the bed is kept");
        app.app.clock.advance_days(10);
        let on = act(&api, &bed, "resume", json!({})).await;
        let today = app.app.clock.today();
        assert_eq!(text(&on, "round_by"), today.add_days(7).to_string());
        let path = format!("/api/v1/homebed/{}?from={first}&to={today}", text(&bed, "id"));
        assert_eq!(api.get(&path).await.ok().json()["days_of_service"], 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_deliveries_checks_and_the_course_are_kept_to_the_closing_summary() {
    in_demo(async |app| {
        let (elder, api) = (elder(app).await, doctor(app).await);
        let bed = opened(&api, &elder).await;
        act(&api, &bed, "superior", json!({"doctor": "赵主任", "findings": "同意诊断"})).await;
        act(&api, &bed, "nursing", json!({"findings": "皮肤完整", "temperature": "36.5"})).await;
        act(&api, &bed, "order", json!({"term": "temporary", "content": "血常规"})).await;
        let ordered =
            act(&api, &bed, "order", json!({"term": "long", "content": "阿司匹林 100mg", "usage": "每日一次口服"}))
                .await;
        let long = ordered["orders"].as_array().unwrap().iter().find(|it| it["term"] == "long").unwrap().clone();
        let stopped = act(&api, &bed, "order-stop", json!({"item": text(&long, "id")})).await;
        let stopped = stopped["orders"].as_array().unwrap().iter().find(|it| it["term"] == "long").unwrap().clone();
        assert!(stopped["until"].is_string() && stopped["stopped_by"] == Role::Clinician.title());
        assert_eq!(refused(&api, &bed, "order-stop", json!({"item": text(&long, "id")})).await, "stopped_already");
        let sent = act(&api, &bed, "delivery", json!({"items": "阿司匹林 100mg × 30"})).await;
        let item = text(&sent["deliveries"][0], "id").to_string();
        let handed = act(&api, &bed, "delivery-handed", json!({"item": item, "to": "李梅(女儿)"})).await;
        assert_eq!(text(&handed["deliveries"][0], "handed_to"), "李梅(女儿)");
        assert_eq!(refused(&api, &bed, "delivery-handed", json!({"item": item, "to": "x"})).await, "handed_already");
        act(&api, &bed, "order", json!({"term": "long", "content": "翻身"})).await;
        app.app.clock.advance_days(89);
        let course = text(&seen(&api, &bed).await, "course_until").to_string();
        assert_eq!(course, app.app.clock.today().to_string());
        let longer = act(&api, &bed, "review", json!({"findings": "继续康复", "decision": "extend"})).await;
        assert_eq!(text(&longer, "extended"), app.app.clock.today().add_days(1).to_string());
        assert_eq!(text(&longer, "course_until"), app.app.clock.today().add_days(90).to_string());
        wrong(&api, &bed, "close", json!({"reason": "bored", "summary": "x"})).await;
        let closed = act(&api, &bed, "close", json!({"reason": "cured", "summary": "好转,门诊随访。"})).await;
        assert_eq!((text(&closed, "state"), text(&closed, "ended_reason")), ("closed", "cured"));
        let open =
            closed["orders"].as_array().unwrap().iter().filter(|it| it["term"] == "long" && it["until"].is_null());
        assert_eq!(open.count(), 0, "with the bed, long-term orders end");
        assert_eq!((beds_on(app, "hospital", -1).await, beds_on(app, "hospital", 0).await), (1, 0));
        let mut nurse = app.client(Role::Clinician).await;
        let here = format!("/homebed/{}", text(&bed, "id"));
        for (paper, says) in [
            ("first", "左侧肢体无力三月"),
            ("round", "还没有记录"),
            ("superior", "赵主任"),
            ("nursing", "体温 36.5 ℃"),
            ("orders", "每日一次口服"),
            ("summary", "好转"),
            ("bill", "还没有收费"),
        ] {
            let page = nurse.get(&format!("{here}/papers/{paper}")).await.ok().words();
            assert!(page.contains(says) && page.contains("脑梗死恢复期"), "{paper}: {page}");
        }
        nurse.get(&format!("{here}/papers/nothing")).await.with_status(404);
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_rounds_and_procedures_are_charged_by_the_day_once_and_what_has_no_price_is_said() {
    in_demo(async |app| {
        let institution = public(app).await;
        fee(app, &institution).await;
        let (elder, api) = (elder(app).await, doctor(app).await);
        let bed = opened(&api, &elder).await;
        act(&api, &bed, "round", json!({"findings": "平稳"})).await;
        let done = json!({"kind": "procedure", "treatment": "压力性损伤换药", "code": "120100010", "quantity": 2});
        act(&api, &bed, "procedure", done).await;
        act(&api, &bed, "procedure", json!({"kind": "medication", "treatment": "自备药", "code": "NOPRICE-1"})).await;
        let mut nurse = app.client(Role::Clinician).await;
        let here = format!("/homebed/{}", text(&bed, "id"));
        let page = nurse.get(&here).await.ok().words();
        assert!(page.contains("NOPRICE-1") && page.contains("没有价格") && page.contains("待收费"), "{page}");
        let charged = act(&api, &bed, "bill", json!({"visit": "on", "insured": "on"})).await;
        let bill = &charged["charges"][0];
        // 20 for opening, 10 for the round, twice 30 for the wound, 75 for the visit.
        assert_eq!(bill["amount_fen"], 2000 + 1000 + 6000 + 7500, "{bill}");
        assert_eq!(refused(&api, &bed, "bill", json!({})).await, "not_chargeable", "only what has no price is left");
        assert_eq!(app.count("select count(*) from tariff_bill").await, 1);
        let round = charged["records"].as_array().unwrap().iter().find(|it| it["kind"] == "round").unwrap().clone();
        assert_eq!(
            refused(&api, &bed, "record-void", json!({"item": text(&round, "id"), "reason": "x"})).await,
            "billed"
        );
        act(&api, &bed, "round", json!({"findings": "下午又去一次"})).await;
        let again = act(&api, &bed, "bill", json!({})).await;
        assert_eq!(again["charges"].as_array().unwrap().len(), 2);
        assert_eq!(again["charges"][1]["amount_fen"], 1000);
        let list = nurse.get(&format!("{here}/papers/bill")).await.ok().words();
        assert!(list.contains("家庭病床建床费") && list.contains("175.00 元"), "{list}");
    })
    .await;
}

fn visited(elder: &str, bed: &Value, visit: &str, day: &str) -> Value {
    let thing = format!("homebed:{}", text(bed, "id").rsplit('-').next().unwrap());
    json!({"visit": visit, "elder": elder, "day": day, "began": "2026-03-02T01:00:00Z", "ended": "2026-03-02T01:40:00Z",
           "minutes": 40, "staff": [1], "carer": "王护士", "verdict": "verified",
           "purposes": [{"programme": "home_bed", "thing": thing, "service": "巡诊", "payer": ""},
                        {"programme": "rounds", "thing": "rounds:17", "service": "", "payer": ""}],
           "tasks": [{"service": "测血压", "done": true, "reason": "", "values": {"systolic": "132", "diastolic": "84", "steps": "9"}, "note": "精神好"},
                     {"service": "换药", "done": false, "reason": "拒绝", "values": {}, "note": ""}]})
}

async fn send(app: &TestApp, kind: &'static str, body: Value) {
    let now = app.app.clock.now();
    app.app.db.write(move |tx| kit::events::send(tx, COUNTY, kind, &body, now)).await.unwrap();
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_is_one_round_however_often_it_is_told_and_none_when_it_is_taken_back() {
    in_demo(async |app| {
        let (elder, api) = (elder(app).await, doctor(app).await);
        let bed = opened(&api, &elder).await;
        app.app.clock.advance_days(2);
        let today = app.app.clock.today().to_string();
        let visit = visited(&elder, &bed, "990101-77", &today);
        send(app, "visits.done", visit.clone()).await;
        send(app, "visits.done", visit.clone()).await;
        let told = seen(&api, &bed).await;
        let rounds: Vec<&Value> =
            told["records"].as_array().unwrap().iter().filter(|it| it["kind"] == "round").collect();
        assert_eq!(rounds.len(), 1);
        assert_eq!((text(rounds[0], "source"), text(rounds[0], "who")), ("visit:990101-77", "王护士"));
        assert_eq!(rounds[0]["readings"], json!({"systolic": "132", "diastolic": "84"}));
        assert_eq!((text(rounds[0], "treatment"), text(rounds[0], "findings")), ("测血压、换药:拒绝", "精神好"));
        assert_eq!(text(&told, "last_round"), today);
        send(app, "visits.undone", visit.clone()).await;
        let back = seen(&api, &bed).await;
        assert_eq!((&back["last_round"], text(&back["records"][1], "void")), (&Value::Null, "上门服务已撤销"));
        send(app, "visits.done", visit).await;
        assert_eq!(text(&seen(&api, &bed).await, "last_round"), today, "done after all");
        let mut broken_off = visited(&elder, &bed, "990101-78", &today);
        broken_off["verdict"] = json!("incomplete");
        send(app, "visits.done", broken_off).await;
        let before = visited(&elder, &bed, "990101-79", &app.app.clock.today().add_days(-3).to_string());
        send(app, "visits.done", before).await;
        assert_eq!(app.count("select count(*) from homebed_record where kind = 'round'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn death_and_moving_end_a_bed_and_what_is_taken_back_goes_on() {
    in_demo(async |app| {
        let (one, api) = (elder(app).await, doctor(app).await);
        let bed = opened(&api, &one).await;
        act(&api, &bed, "order", json!({"term": "long", "content": "翻身"})).await;
        let two = elder_with(app, json!({"name": "李平"})).await;
        let wanted = applied(&api, &two).await;
        app.app.clock.advance_days(5);
        let today = app.app.clock.today().to_string();
        let official = app.api(Role::Official).await;
        official.post(&format!("/api/v1/elders/{one}/died"), json!({"day": today})).await.ok();
        official.post(&format!("/api/v1/elders/{two}/moved"), json!({"day": today})).await.ok();
        app.settle().await;
        let closed = seen(&api, &bed).await;
        assert_eq!(
            (text(&closed, "state"), text(&closed, "ended_reason"), text(&closed, "ended")),
            ("closed", "died", &*today)
        );
        assert_eq!((text(&seen(&api, &wanted).await, "state"), beds_on(app, "hospital", 0).await), ("withdrawn", 0));
        official.post(&format!("/api/v1/elders/{one}/not-died"), json!({"reason": "误登"})).await.ok();
        official.post(&format!("/api/v1/elders/{two}/not-moved"), json!({"reason": "误登"})).await.ok();
        app.settle().await;
        let back = seen(&api, &bed).await;
        assert_eq!((text(&back, "state"), &back["ended"]), ("open", &Value::Null));
        assert_eq!(back["orders"][0]["until"], Value::Null, "orders go on");
        assert_eq!((text(&seen(&api, &wanted).await, "state"), beds_on(app, "hospital", 0).await), ("applied", 1));
        act(&api, &bed, "close", json!({"reason": "wish", "summary": "自愿"})).await;
        official.post(&format!("/api/v1/elders/{one}/died"), json!({"day": today})).await.ok();
        official.post(&format!("/api/v1/elders/{one}/not-died"), json!({"reason": "误登"})).await.ok();
        app.settle().await;
        assert_eq!(text(&seen(&api, &bed).await, "state"), "closed", "what a person closed stays closed");
        no_difference(app).await;
    })
    .await;
}

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

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_records_bed_goes_with_it_and_back_and_of_two_beds_one_ends() {
    in_demo(async |app| {
        let (lost, api) = (elder(app).await, doctor(app).await);
        let kept = elder(app).await;
        let bed = opened(&api, &lost).await;
        let key: Key = kept.parse().unwrap();
        judge_pair(app, move |tx, ask, pair| elders::merge(tx, ask, pair, pair.other.key == key)).await;
        assert_eq!((text(&seen(&api, &bed).await, "elder"), beds_on(app, "hospital", 0).await), (&*kept, 1));
        no_difference(app).await;
        judge_pair(app, |tx, ask, pair| elders::undo_merging(tx, ask, pair)).await;
        assert_eq!((text(&seen(&api, &bed).await, "elder"), beds_on(app, "hospital", 0).await), (&*lost, 1));
        let own = opened(&api, &kept).await;
        let key: Key = kept.parse().unwrap();
        judge_pair(app, move |tx, ask, pair| elders::merge(tx, ask, pair, pair.other.key == key)).await;
        let second = seen(&api, &bed).await;
        assert_eq!((text(&second, "state"), text(&second, "ended_reason")), ("closed", "merged"));
        assert_eq!((text(&seen(&api, &own).await, "state"), beds_on(app, "hospital", 0).await), ("open", 1));
        judge_pair(app, |tx, ask, pair| elders::undo_merging(tx, ask, pair)).await;
        assert_eq!((text(&seen(&api, &bed).await, "state"), beds_on(app, "hospital", 0).await), ("open", 2));
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_lies_in_a_hospital_bed_and_a_care_bed_on_one_day() {
    in_demo(async |app| {
        let (elder, api, home) = (elder(app).await, doctor(app).await, home(app).await);
        let care = contracted(app, &api, &elder, home).await;
        assert_eq!((text(&care, "state"), beds_on(app, "care", 0).await), ("open", 1));
        let bed = ready(&api, &elder).await;
        assert_eq!(refused(&api, &bed, "open", opening()).await, "lies_elsewhere");
        app.app.clock.advance_days(1);
        act(&api, &care, "close", json!({"reason": "wish", "summary": "转家庭病床"})).await;
        let mut before = opening();
        before["day"] = json!(app.app.clock.today().add_days(-1));
        assert_eq!(refused(&api, &bed, "open", before).await, "lies_elsewhere", "yesterday the care bed was there");
        assert_eq!(text(&act(&api, &bed, "open", opening()).await, "state"), "open");
        let sql = "update homebed set state = 'open', live = 'care', slot = 'bed', ended = null where kind = 'care'";
        let second = app.app.db.write(move |tx| tx.run(sql, &[])).await;
        assert!(second.is_err_and(|e| e.is_duplicate()), "the database refuses it, too");
        no_difference(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_is_adapted_once_and_again_only_when_the_first_was_voided() {
    in_demo(async |app| {
        let (api, home) = (doctor(app).await, home(app).await);
        let (here, wide) = (json!({"address": "东街 12 号"}), json!({"name": "李平", "address": "东街１２号"}));
        let (one, spouse) = (elder_with(app, here).await, elder_with(app, wide).await);
        let (first, second) = (contracted(app, &api, &one, home).await, contracted(app, &api, &spouse, home).await);
        wrong(&api, &first, "adaptation", json!({"items": "扶手"})).await;
        let done = act(&api, &first, "adaptation", json!({"items": "扶手 350\n防滑地面 1200.50"})).await;
        assert_eq!(done["adaptations"][0]["cost_fen"], 155_050);
        assert_eq!(refused(&api, &first, "adaptation", json!({"items": "坡道 800"})).await, "adapted_already");
        assert_eq!(
            refused(&api, &second, "adaptation", json!({"items": "坡道 800"})).await,
            "adapted_already",
            "one household"
        );
        let other = elder_with(app, json!({"name": "赵红", "address": "西街 3 号"})).await;
        let third = contracted(app, &api, &other, home).await;
        act(&api, &third, "adaptation", json!({"items": "坡道 800"})).await;
        let item = text(&done["adaptations"][0], "id").to_string();
        act(&api, &first, "adaptation-void", json!({"item": item, "reason": "登错住所"})).await;
        act(&api, &second, "adaptation", json!({"items": "坡道 800"})).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_care_bed_has_services_and_devices_and_its_institution_runs_it() {
    in_demo(async |app| {
        app.run("update organisation set kind = 'elderly_home' where id = 41").await;
        let (elder, api) = (elder(app).await, doctor(app).await);
        let care = contracted(app, &api, &elder, "41").await;
        let manager = app.api(Role::Manager).await;
        act(&manager, &care, "service", json!({"name": "助浴", "times": 1, "per": "week"})).await;
        let with = act(&manager, &care, "device", json!({"device": "call", "number": "HJ-7"})).await;
        assert_eq!(refused(&manager, &care, "device", json!({"device": "call", "number": "HJ-7"})).await, "installed_already");
        let item = text(&with["devices"][0], "id").to_string();
        act(&manager, &care, "device-removed", json!({"item": item})).await;
        act(&manager, &care, "device", json!({"device": "call", "number": "HJ-7"})).await;
        act(&manager, &care, "suspend", json!({"reason": "away"})).await;
        act(&manager, &care, "resume", json!({})).await;
        let mut client = app.client(Role::Manager).await;
        let here = format!("/homebed/{}", text(&care, "id"));
        let page = client.get(&here).await.ok().words();
        assert!(page.contains("助浴") && page.contains("紧急呼叫器") && page.contains("补贴依据"), "{page}");
        assert_eq!(manager.get("/api/v1/homebed").await.ok().json()["total"], 1);
        let other = elder_with(app, json!({"name": "李平"})).await;
        app.run("insert into organisation (region, id, place, name, kind) values ('990101', 52, '990101001', '乙院', 'hospital')").await;
        let body = json!({"elder": other, "kind": "hospital", "institution": "52", "reason": "卧床"});
        let bed = api.post("/api/v1/homebed", body).await.ok().json();
        manager.get(&format!("/api/v1/homebed/{}", text(&bed, "id"))).await.with_status(404);
        manager.post(&format!("/api/v1/homebed/{}/findings", text(&care, "id")), json!({"present": ["stroke"]})).await.with_status(403);
        let photos = client.post_file(&format!("{here}/adaptation"), &[("items", "扶手 350")], ("before", "前.jpg", PHOTO)).await;
        assert_eq!(photos.leads(), here);
        let page = client.get(&here).await.ok().text();
        let at = page.find("/files/").unwrap();
        let file: String = page[at + 7..].chars().take_while(char::is_ascii_digit).collect();
        assert_eq!(client.get(&format!("{here}/files/{file}")).await.ok().body, PHOTO);
        client.get(&format!("{here}/files/1")).await.with_status(404);
        client.post(&format!("{here}/close"), &[("reason", "wish"), ("summary", "结束")]).await.leads();
        assert_eq!(beds_on(app, "care", 0).await, 0);
    })
    .await;
}

async fn family(app: &TestApp, elder: &str) -> (Api, Client) {
    let account = app.account("family.bed", Role::Family, COUNTY).await;
    let person: i64 = elder.rsplit('-').next().unwrap().parse().unwrap();
    app.run(&format!(
        "insert into account_person (account, region, person, relation) values ({account}, '{COUNTY}', {person}, '女儿')"
    ))
    .await;
    let mut client = app.visitor();
    client.sign_in("family.bed", crate::support::PASSWORD).await.unwrap();
    (app.token(account, &[]).await, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_applies_for_its_elder_and_reads_plan_records_and_bill() {
    in_demo(async |app| {
        let institution = public(app).await;
        fee(app, &institution).await;
        let (own, api) = (elder(app).await, doctor(app).await);
        let other = elder_with(app, json!({"name": "李平"})).await;
        let (theirs, mut client) = family(app, &own).await;
        let body = |elder: &str| json!({"elder": elder, "kind": "hospital", "institution": ORGANISATION.to_string(), "reason": "卧床"});
        theirs.post("/api/v1/homebed", body(&other)).await.with_status(404);
        let bed = theirs.post("/api/v1/homebed", body(&own)).await.ok().json();
        assert_eq!(text(&bed, "applicant"), "family");
        theirs.post(&format!("/api/v1/homebed/{}/visit", text(&bed, "id")), json!({})).await.with_status(403);
        act(&api, &bed, "visit", json!({})).await;
        act(&api, &bed, "findings", json!({"present": ["stroke"], "absent": NO_OBSTACLE})).await;
        act(&api, &bed, "consent", json!({"signer": "self", "pages": 1})).await;
        act(&api, &bed, "open", opening()).await;
        act(&api, &bed, "bill", json!({})).await;
        let page = client.get(&format!("/homebed/{}", text(&bed, "id"))).await.ok().words();
        assert!(page.contains("康复训练") && page.contains("左侧肢体无力三月") && page.contains("家庭病床建床费"), "{page}");
        assert!(!page.contains("现在可以办理"), "{page}");
        assert_eq!(theirs.get("/api/v1/homebed").await.ok().json()["total"], 1);
        let elsewhere = applied(&api, &other).await;
        theirs.get(&format!("/api/v1/homebed/{}", text(&elsewhere, "id"))).await.with_status(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_lead_from_the_elder_to_the_open_bed_and_show_again_what_was_refused() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let mut nurse = app.client(Role::Clinician).await;
        let page = nurse.get(&format!("/elders/{elder}")).await.ok().text();
        assert!(page.contains(&format!("/homebed/new?elder={elder}&amp;kind=hospital")), "{page}");
        nurse.get(&format!("/homebed/new?elder={elder}&kind=hospital")).await.ok();
        let organisation = ORGANISATION.to_string();
        let fields =
            [("elder", &*elder), ("kind", "hospital"), ("institution", &organisation), ("applicant", "clinician")];
        nurse.post("/homebed/new", &fields).await.with_status(422);
        let here = nurse.post("/homebed/new", &[&fields[..], &[("reason", "卧床")]].concat()).await.leads();
        nurse.post(&format!("{here}/visit"), &[("day", "3000-01-01")]).await.with_status(422);
        nurse.post(&format!("{here}/visit"), &[("doctor", "王医生")]).await.leads();
        let answers: Vec<(String, &str)> = NO_OBSTACLE.iter().map(|id| (format!("f-{id}"), "no")).collect();
        let mut answers: Vec<(&str, &str)> = answers.iter().map(|it| (&*it.0, it.1)).collect();
        answers.push(("f-frail", "yes"));
        nurse.post(&format!("{here}/findings"), &answers).await.leads();
        let refused =
            nurse.post_file(&format!("{here}/consent"), &[("signer", "self")], ("other", "a.jpg", PHOTO)).await;
        assert!(refused.with_status(422).words().contains("上传签好的协议"));
        nurse.post_file(&format!("{here}/consent"), &[("signer", "self")], ("agreement", "a.jpg", PHOTO)).await.leads();
        let open = [("diagnosis", "高龄失能"), ("first_note", "卧床半年"), ("treatment_plan", "对症"), ("rounds", "2")];
        nurse.post(&format!("{here}/open"), &open).await.leads();
        let refused = nurse
            .post(&format!("{here}/round"), &[("findings", "平稳"), ("pulse", "九十")])
            .await
            .with_status(422)
            .text();
        assert!(refused.contains("九十") && refused.contains("round-pulse"), "{refused}");
        nurse.post(&format!("{here}/round"), &[("findings", "平稳"), ("pulse", "90")]).await.leads();
        let page = nurse.get(&here).await.ok().words();
        assert!(page.contains("脉搏 90 次/分") && page.contains("看协议") && page.contains("每周 2 次"), "{page}");
        let beside = nurse.get(&format!("/elders/{elder}")).await.ok().words();
        assert!(beside.contains("家庭病床") && beside.contains("前巡诊"), "{beside}");
        nurse.get("/homebed?format=xlsx").await.ok();
        nurse.get("/homebed/due").await.ok();
        let trail = "select count(*) from audit where subject = 'homebed' and action = 'look'";
        assert!(0 < app.count(trail).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_policy_no_application_is_taken() {
    on_both(async |app| {
        let (elder, api) = (elder(app).await, doctor(app).await);
        let body =
            json!({"elder": elder, "kind": "hospital", "institution": ORGANISATION.to_string(), "reason": "卧床"});
        let no = api.post("/api/v1/homebed", body).await.with_status(409).json();
        assert_eq!(text(&no, "code"), "no_policy");
        days_go_by(app, 0).await;
    })
    .await;
}
