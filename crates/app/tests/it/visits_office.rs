//! The office side of visits: other vendors, corrections by hand, calls for help, claims, fields changed in two places.

use kit::who::Role;
use serde_json::json;

use crate::{
    assessment::{elder, in_demo, text},
    ltci::{agreed, concluded, in_scheme_with, insured, provider},
    support::{COUNTY, ORGANISATION},
    visits::{Phone, at_home, found, ill, near, nurse, planned, shown, states},
};

/// An hour of care at home, for the heaviest grade.
const HOURS: &str = "\
待遇标准:
  说明: 示例
  取值:
    - 起: 2020-01-01
      值:
        - { 方式: 机构上门护理, 等级: [5], 限额: { 每小时: 60 元 }, 支付比例: 90% }
      状态: 示例
";

#[tokio::test(flavor = "multi_thread")]
async fn what_the_insurance_pays_becomes_a_claim_with_what_was_proved_and_goes_with_the_visit() {
    in_scheme_with(HOURS, async |app| {
        agreed(app, &provider(), 10).await;
        let (key, staff) = nurse(app).await;
        let elder = crate::assessment::elder_with(app, json!({"living": "children"})).await;
        insured(app, &elder, "2024-01-01".parse().unwrap()).await;
        concluded(app, &elder, true).await;
        let body = json!({"elder": elder, "mode": "visiting", "provider": ORGANISATION.to_string(), "applicant": "self"});
        let application = app.api(Role::Clerk).await.post("/api/v1/ltci/applications", body).await.ok().json();
        let path = format!("/api/v1/ltci/applications/{}/decide", text(&application, "id"));
        assert_eq!(text(&app.api(Role::Clerk).await.post(&path, json!({})).await.ok().json(), "state"), "granted");
        crate::ltci::days_go_by(app, 32).await;
        at_home(app, &elder).await;
        let (for_want, wanted): (kit::App, app::elders::Key) = (app.app.clone(), elder.parse().unwrap());
        let staff_id: kit::Id = staff.parse().unwrap();
        let visit = app
            .app
            .db
            .write(move |tx| {
                let ask = kit::Ask::system(&for_want, COUNTY);
                let elder = app::elders::find(tx, &ask.who.scope, &wanted)?;
                let purpose = app::visits::For { programme: "ltci", thing: "ltci:1", service: "S01", payer: "" };
                let day = ask.today();
                app::visits::want(tx, &ask, &app::visits::Wanted {
                    elder: &elder, day, from_minute: None, until_minute: None, minutes: 40, organisation: Some(ORGANISATION),
                    staff: Some(staff_id), second: None, people: 1, note: "", purpose,
                })
            })
            .await
            .unwrap()
            .to_string();
        let mut phone = Phone::of(app, &key).await;
        let task = json!({"service": "S01", "done": true, "reason": "", "values": {}, "note": ""});
        let events = [
            phone.event(app, -41, "begin", &visit, json!({"fix": near(), "why": "", "door": ""})),
            phone.event(app, -20, "task", &visit, task.clone()),
            phone.event(app, -2, "signature", &visit, json!({"by": "family", "name": "张明", "lines": "M 1 1 L 2 2"})),
            phone.event(app, -1, "end", &visit, json!({"fix": null, "why": "timeout", "next": ""})),
        ];
        phone.send(app, &events).await;
        app.settle().await;
        let open = "select count(*) from ltci_claim where state = 'open' and claimed = 4000 and minutes = 40 and service = 'S01'
                       and latitude = 29500000 and began is not null and mode = 'visiting'";
        assert_eq!(app.count(open).await, 1, "forty minutes at sixty yuan an hour");
        let undone = json!({"service": "S01", "done": false, "reason": "记错了", "values": {}, "note": ""});
        let late = phone.event(app, 0, "task", &visit, undone);
        phone.send(app, &[late]).await;
        app.settle().await;
        assert_eq!(app.count("select count(*) from ltci_claim where state = 'withdrawn'").await, 1);
        assert_eq!(app.count(open).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_for_help_reaches_the_lead_once_and_is_closed_with_what_came_of_it() {
    in_demo(async |app| {
        let (key, staff) = nurse(app).await;
        let official = app.api(Role::Official).await;
        app.account(&format!("lead-{COUNTY}"), Role::Lead, COUNTY).await;
        let body = json!({"name": "李强", "kind": "gp", "title": "middle", "organisation": ORGANISATION.to_string(),
                          "post": "employed", "from": "2020-01-01", "login": format!("lead-{COUNTY}")});
        let lead_staff = text(&official.post("/api/v1/workforce", body).await.ok().json(), "id").to_string();
        let team = json!({"organisation": ORGANISATION.to_string(), "name": "第一团队", "phone": "0816-2345678", "opened": "2024-01-01"});
        let team = text(&official.post("/api/v1/workforce/teams", team).await.ok().json(), "id").to_string();
        for (who, role, leads) in [(&*lead_staff, "gp", true), (&*key, "nurse", false)] {
            let member = json!({"staff": who.rsplit('-').next().unwrap(), "role": role, "leads": leads, "from": "2024-01-01"});
            official.post(&format!("/api/v1/workforce/teams/{team}/members"), member).await.ok();
        }
        let _ = staff;
        let mut phone = Phone::of(app, &key).await;
        let sos = phone.event(app, 0, "sos", "", json!({"fix": near(), "note": "狗"}));
        phone.send(app, std::slice::from_ref(&sos)).await;
        phone.send(app, &[sos]).await;
        assert_eq!(app.count("select count(*) from visit_alarm").await, 1);
        let mut lead = app.client(Role::Lead).await;
        assert!(lead.get("/inbox").await.ok().text().contains("上门人员求助"));
        let list = app.api(Role::Lead).await.get("/api/v1/visits/alarms?state=open").await.ok().json();
        let path = format!("/visits/alarms/{COUNTY}-{}", text(&list["items"][0], "id"));
        assert!(lead.get(&path).await.ok().text().contains("29.500500"));
        lead.post(&format!("{path}/take"), &[]).await.leads();
        lead.post(&format!("{path}/close"), &[("outcome", "")]).await.with_status(422);
        lead.post(&format!("{path}/close"), &[("outcome", "已离开,没有受伤")]).await.leads();
        assert_eq!(app.count("select count(*) from visit_alarm where state = 'closed'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_vendors_visits_pass_the_same_checks_and_the_same_number_changes_nothing() {
    in_demo(async |app| {
        let (elder, _) = (elder(app).await, nurse(app).await);
        at_home(app, &elder).await;
        let day = app.app.clock.today().add_days(-1).to_string();
        let one = json!({"number": "A-1", "source": "康养云", "elder": elder, "day": day, "begin": "09:00", "end": "09:40",
                         "services": "home_visit", "latitude": "29.5005", "longitude": "106.5", "signed": "张明",
                         "systolic": "140", "diastolic": "88"});
        let lead = app.api(Role::Lead).await;
        let mut wrong = one.clone();
        wrong["number"] = json!("A-2");
        wrong["end"] = json!("08:00");
        let answer = lead.post("/api/v1/visits/records", json!({"records": [one, wrong]})).await.ok().json();
        assert_eq!((answer["taken"].as_array().unwrap().len(), text(&answer["refused"][0], "field")), (1, "end"));
        let it = shown(app, text(&answer["taken"][0], "id")).await;
        assert_eq!((found(&it, "place"), found(&it, "carer"), text(&it, "verdict")), ("passed", "unknown", "incomplete"));
        assert_eq!(app.count("select count(*) from chronic_measure where systolic = 140").await, 1);
        let again = lead.post("/api/v1/visits/records", one.clone()).await.ok().json();
        assert_eq!(text(&again, "taken"), "unchanged");
        let mut other = one;
        other["end"] = json!("10:00");
        lead.post("/api/v1/visits/records", other).await.with_status(409);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_changed_in_two_places_is_decided_by_a_person() {
    in_demo(async |app| {
        let elder = crate::assessment::elder_with(app, json!({"remark": "先敲门"})).await;
        let (key, _) = nurse(app).await;
        let mut phone = Phone::of(app, &key).await;
        let change =
            |before: &str, after: &str| json!({"elder": elder, "field": "remark", "before": before, "after": after});
        let first = phone.event(app, 0, "change", "", change("先敲门", "按门铃"));
        let second = phone.event(app, 0, "change", "", change("先敲门", "打电话"));
        assert_eq!(states(&phone.send(app, &[first, second]).await), ["received"; 2]);
        assert_eq!(app.count("select count(*) from elder where remark = '按门铃'").await, 1);
        assert_eq!(app.count("select count(*) from visit_conflict where state = 'open'").await, 1);
        let mut lead = app.client(Role::Lead).await;
        let page = lead.get("/visits/desk").await.ok().text();
        assert!(page.contains("打电话") && page.contains("按门铃"));
        let from = page.find("/visits/desk/conflicts/").unwrap();
        let path = page[from..].split('"').next().unwrap().to_string();
        lead.post(&path, &[("which", "theirs")]).await.leads();
        assert_eq!(app.count("select count(*) from elder where remark = '打电话'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_written_down_later_says_so_and_death_ends_what_is_planned() {
    in_demo(async |app| {
        let (elder, (_, staff)) = (elder(app).await, nurse(app).await);
        ill(app, &elder).await;
        let visit = planned(app, &elder, &staff, "follow_up").await;
        let mut nurse = app.client(Role::Clinician).await;
        let path = format!("/visits/{visit}/record");
        nurse.get(&path).await.ok();
        let times = [("begin", "00:00"), ("end", "00:00"), ("why", "手机没电")];
        let lacking = [&times[..], &[("follow_up.done", "yes")]].concat();
        assert!(nurse.post(&path, &lacking).await.with_status(422).text().contains("请填写“收缩压”"));
        let whole = [&lacking[..], &[("follow_up.systolic", "150"), ("follow_up.diastolic", "90"), ("signed", "张明")]]
            .concat();
        nurse.post(&path, &whole).await.leads();
        let it = shown(app, &visit).await;
        assert_eq!(
            (text(&it, "state"), text(&it, "verdict"), found(&it, "begin")),
            ("done", "doubtful", "unknown"),
            "no minutes"
        );
        assert_eq!(app.count("select count(*) from chronic_visit where systolic = 150").await, 1);
        let next = planned(app, &elder, &staff, "nursing").await;
        let body = json!({"day": app.app.clock.today().to_string()});
        app.api(Role::Lead).await.post(&format!("/api/v1/elders/{elder}/died"), body).await.ok();
        app.settle().await;
        assert_eq!(text(&shown(app, &next).await, "state"), "cancelled");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_taken_back_brings_back_what_was_planned_and_is_still_to_come() {
    in_demo(async |app| {
        let (elder, (key, staff)) = (elder(app).await, nurse(app).await);
        let lead = app.api(Role::Lead).await;
        let of_today = planned(app, &elder, &staff, "follow_up").await;
        let plan = async |days: i32| {
            let day = app.app.clock.today().add_days(days).to_string();
            let body =
                json!({"elder": elder, "service": "nursing", "day": day, "minutes": 30, "people": 1, "staff": staff});
            text(&lead.post("/api/v1/visits", body).await.ok().json(), "id").to_string()
        };
        let (tomorrow, by_hand) = (plan(1).await, plan(5).await);
        lead.post(&format!("/api/v1/visits/{by_hand}/cancel"), json!({"reason": "家属不在"})).await.ok();
        let day = app.app.clock.today().to_string();
        lead.post(&format!("/api/v1/elders/{elder}/died"), json!({"day": day})).await.ok();
        app.settle().await;
        for visit in [&of_today, &tomorrow] {
            assert_eq!(text(&shown(app, visit).await, "state"), "cancelled");
        }
        app.app.clock.advance_days(1);
        app.api(Role::Official)
            .await
            .post(&format!("/api/v1/elders/{elder}/not-died"), json!({"reason": "误登"}))
            .await
            .ok();
        app.settle().await;
        assert_eq!(text(&shown(app, &of_today).await, "state"), "cancelled", "yesterday is past");
        let back = shown(app, &tomorrow).await;
        assert_eq!((text(&back, "state"), back["purposes"].as_array().unwrap().len()), ("planned", 1));
        assert_eq!(text(&shown(app, &by_hand).await, "state"), "cancelled", "what a person cancelled stays so");
        let phone = Phone::of(app, &key).await;
        let held = phone.api.get("/api/v1/sync/snapshot").await.ok().json();
        assert!(held["visits"].as_array().unwrap().iter().any(|it| text(it, "id") == tomorrow), "{held}");
    })
    .await;
}
