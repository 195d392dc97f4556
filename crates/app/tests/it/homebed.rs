//! Beds at home as doctors, institutions, families and the register meet them: from the application to the bill, one bed of a
//! kind at a time, each visit one round.

use kit::{
    tally::{self, Count, Where},
    who::Role,
};
use serde_json::{Value, json};

use crate::{
    assessment::{elder, elder_with, in_demo, text},
    client::Api,
    support::{COUNTY, ORGANISATION, OTHER_COUNTY, TestApp, no_difference},
    tariff::{fee, public},
};

pub const NO_OBSTACLE: [&str; 4] = ["critical", "infectious", "home_unfit", "no_consent"];

/// A clinician, who is a doctor with a licence at the institution of the tests.
pub async fn doctor(app: &TestApp) -> Api {
    let api = app.api(Role::Clinician).await;
    if app.count("select count(*) from staff where account is not null").await == 0 {
        physician(app, "王医生", &format!("clinician-{COUNTY}"), "physician").await;
    }
    api
}

/// One of the staff of the institution with a certificate of a kind; gives their number.
pub async fn physician(app: &TestApp, name: &str, login: &str, certificate: &str) -> String {
    let official = app.api(Role::Official).await;
    let body = json!({"name": name, "kind": "physician", "title": "middle", "organisation": ORGANISATION.to_string(),
                      "post": "employed", "from": "2020-01-01", "login": login});
    let key = text(&official.post("/api/v1/workforce", body).await.ok().json(), "id").to_string();
    let paper = json!({"kind": certificate, "number": "1", "issuer": "卫生局", "from": "2015-01-01"});
    official.post(&format!("/api/v1/workforce/{key}/certificates"), paper).await.ok();
    key.rsplit('-').next().unwrap().to_string()
}

pub async fn applied(api: &Api, elder: &str) -> Value {
    let body =
        json!({"elder": elder, "kind": "hospital", "institution": ORGANISATION.to_string(), "reason": "脑卒中后卧床"});
    api.post("/api/v1/homebed", body).await.ok().json()
}

pub async fn act(api: &Api, bed: &Value, deed: &str, body: Value) -> Value {
    api.post(&format!("/api/v1/homebed/{}/{deed}", text(bed, "id")), body).await.ok().json()
}

pub async fn refused(api: &Api, bed: &Value, deed: &str, body: Value) -> String {
    let answer = api.post(&format!("/api/v1/homebed/{}/{deed}", text(bed, "id")), body).await.with_status(409).json();
    text(&answer, "code").to_string()
}

pub async fn wrong(api: &Api, bed: &Value, deed: &str, body: Value) {
    api.post(&format!("/api/v1/homebed/{}/{deed}", text(bed, "id")), body).await.with_status(422);
}

pub async fn seen(api: &Api, bed: &Value) -> Value {
    api.get(&format!("/api/v1/homebed/{}", text(bed, "id"))).await.ok().json()
}

pub fn opening() -> Value {
    json!({"diagnosis": "脑梗死恢复期", "first_note": "左侧肢体无力三月,查体肌力三级。",
           "treatment_plan": "康复训练", "nursing_plan": "翻身拍背", "medicines": "阿司匹林", "rounds": 1})
}

/// A bed as far as it may be opened.
pub async fn ready(api: &Api, elder: &str) -> Value {
    let bed = applied(api, elder).await;
    act(api, &bed, "visit", json!({})).await;
    act(api, &bed, "findings", json!({"present": ["stroke"], "absent": NO_OBSTACLE})).await;
    act(api, &bed, "consent", json!({"signer": "family", "name": "李梅(女儿)", "pages": 3})).await
}

pub async fn opened(api: &Api, elder: &str) -> Value {
    let bed = ready(api, elder).await;
    act(api, &bed, "open", opening()).await
}

/// An institution of elderly care.
pub async fn home(app: &TestApp) -> &'static str {
    app.run("insert into organisation (region, id, place, name, kind) values ('990101', 51, '990101001', '乐善养老院', 'elderly_home')")
        .await;
    "51"
}

pub async fn contracted(app: &TestApp, api: &Api, elder: &str, institution: &str) -> Value {
    let until = app.app.clock.today().add_days(365);
    let body = json!({"elder": elder, "kind": "care", "institution": institution, "contract_number": "JY-1", "contract_until": until});
    api.post("/api/v1/homebed", body).await.ok().json()
}

pub async fn beds_on(app: &TestApp, mark: &'static str, days: i32) -> i64 {
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
        act(&api, &bed, "visit", json!({})).await;
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
        let mut nurse = app.client(Role::Clinician).await;
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
        assert_eq!(
            refused(&api, &bed, "bill", json!({})).await,
            "not_chargeable",
            "insurance has paid for rounds of that day"
        );
        let again = act(&api, &bed, "bill", json!({"insured": "on"})).await;
        assert_eq!(again["charges"].as_array().unwrap().len(), 2);
        assert_eq!(again["charges"][1]["amount_fen"], 1000);
        let list = nurse.get(&format!("{here}/papers/bill")).await.ok().words();
        assert!(list.contains("家庭病床建床费") && list.contains("175 元"), "{list}");
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
        broken_off["tasks"][0]["done"] = json!(false);
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
