//! What is printed of beds at home, who is responsible for one, what its institution has to do, and pictures sent by programs.

use kit::who::Role;
use serde_json::{Value, json};

use crate::{
    assessment::{PHOTO, elder, elder_with, in_demo, text},
    client::Api,
    homebed::{act, contracted, doctor, home, opened, opening, physician, ready, refused, seen, wrong},
    support::TestApp,
};

/// A bed of elderly care at the institution in which the manager of the tests works.
async fn at_own(app: &TestApp, api: &Api, elder: &str) -> Value {
    app.run("update organisation set kind = 'elderly_home' where id = 41").await;
    contracted(app, api, elder, "41").await
}

async fn due(api: &Api, query: &str) -> Vec<String> {
    let all = api.get(&format!("/api/v1/homebed/due?{query}")).await.ok().json();
    all["items"].as_array().unwrap().iter().map(|it| text(it, "said").to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_care_bed_is_printed_as_contract_adaptation_list_and_settlement() {
    in_demo(async |app| {
        let (elder, api) = (elder(app).await, doctor(app).await);
        let care = at_own(app, &api, &elder).await;
        let with =
            act(&api, &care, "service", json!({"name": "助浴", "times": 1, "per": "week", "code": "NOPRICE-2"})).await;
        act(&api, &care, "device", json!({"device": "call", "number": "HJ-7"})).await;
        act(&api, &care, "adaptation", json!({"items": "扶手 350\n防滑地面 1200.50"})).await;
        let item = text(&with["services"][0], "id").to_string();
        let path = format!("/api/v1/homebed/{}/adaptation-after", text(&care, "id"));
        let adaptation = text(&seen(&api, &care).await["adaptations"][0], "id").to_string();
        api.post(&path, json!({"item": adaptation})).await.with_status(422);
        let done = api.post_file(&path, &[("item", &adaptation)], ("after", "后.jpg", PHOTO)).await.ok().json();
        let file = &done["adaptations"][0]["after"];
        let there =
            api.get(&format!("/api/v1/homebed/{}/files/{}", text(&care, "id"), file.as_str().unwrap())).await.ok();
        assert_eq!(there.body, PHOTO);
        app.app.clock.advance_days(6);
        act(&api, &care, "service-given", json!({"item": item, "who": "陈护理员"})).await;
        act(&api, &care, "check", json!({"satisfied": "partly", "findings": "水温再高些"})).await;
        let mut client = app.client(Role::Manager).await;
        let here = format!("/homebed/{}", text(&care, "id"));
        for (paper, says) in [
            ("contract", "每周 1 次"),
            ("contract", "JY-1"),
            ("adaptation", "1,550.50"),
            ("adaptation", "没有改造前照片"),
            ("services", "HJ-7"),
            ("settlement", "床位还没有结束"),
        ] {
            let page = client.get(&format!("{here}/papers/{paper}")).await.ok().words();
            assert!(page.contains(says) && page.contains("王桂芳"), "{paper}: {page}");
        }
        assert!(client.get(&format!("{here}/papers/adaptation")).await.ok().text().contains("<img"));
        client.get(&format!("{here}/papers/first")).await.with_status(404);
        app.app.clock.advance_days(4);
        act(&api, &care, "close", json!({"reason": "wish", "summary": "搬去女儿家"})).await;
        let mut client = app.client(Role::Manager).await;
        let page = client.get(&format!("{here}/papers/settlement")).await.ok().words();
        for says in ["服务 10 天", "回访 1 次", "还有 1 台设备没有拆除", "NOPRICE-2", "搬去女儿家", "1550.50 元"]
        {
            assert!(page.contains(says), "{says}: {page}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_has_the_list_of_what_is_due_at_the_beds_of_the_own_institution() {
    in_demo(async |app| {
        let (one, api) = (elder(app).await, doctor(app).await);
        let other = elder_with(app, json!({"name": "李平"})).await;
        let elsewhere = home(app).await;
        let theirs = contracted(app, &api, &other, elsewhere).await;
        act(&api, &theirs, "service", json!({"name": "助餐", "times": 1, "per": "day"})).await;
        let care = at_own(app, &api, &one).await;
        let manager = app.api(Role::Manager).await;
        let with = act(&manager, &care, "service", json!({"name": "助浴", "times": 1, "per": "week"})).await;
        let today = app.app.clock.today();
        assert_eq!(text(&with, "service_by"), today.add_days(7).to_string());
        assert_eq!(text(&with, "check_by"), today.add_days(30).to_string());
        act(&manager, &care, "adaptation", json!({"items": "扶手 350"})).await;
        app.app.clock.advance_days(8);
        assert_eq!(due(&manager, "when=late").await, ["适老化改造缺改造后照片", "家庭养老床位服务"]);
        assert_eq!(due(&manager, "what=service").await.len(), 1, "of the own institution alone");
        let mut client = app.client(Role::Manager).await;
        let page = client.get("/").await.ok().words();
        assert!(page.contains("逾期的家庭养老床位服务") && page.contains("缺改造后照片"), "{page}");
        client.get("/homebed/due?when=late").await.ok();
        let item = text(&with["services"][0], "id").to_string();
        wrong(&manager, &care, "service-given", json!({"item": item, "day": today.add_days(-1)})).await;
        let given = act(&manager, &care, "service-given", json!({"item": item, "day": today.add_days(6)})).await;
        assert_eq!(text(&given, "service_by"), today.add_days(13).to_string());
        let record = text(&given["records"][0], "id").to_string();
        let void = act(&manager, &care, "record-void", json!({"item": record, "reason": "记错"})).await;
        assert_eq!(text(&void, "service_by"), today.add_days(7).to_string(), "a void service was not given");
        let paused = act(&manager, &care, "suspend", json!({"reason": "away"})).await;
        assert_eq!((&paused["service_by"], &paused["check_by"]), (&Value::Null, &Value::Null));
        assert_eq!(due(&manager, "what=service").await, [""; 0]);
        act(&manager, &care, "resume", json!({})).await;
        app.app.clock.advance_days(340);
        assert_eq!(due(&manager, "what=contract&when=month").await, ["家庭养老床位合同到期"]);
        act(&manager, &care, "close", json!({"reason": "expired", "summary": "到期"})).await;
        assert_eq!(due(&manager, "").await, [""; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_holds_a_licence_at_the_institution_is_responsible_and_a_bed_has_a_short_number() {
    in_demo(async |app| {
        let (one, api) = (elder(app).await, doctor(app).await);
        for login in ["a.li", "b.he"] {
            app.account(login, Role::Clinician, crate::support::COUNTY).await;
        }
        let nurse = physician(app, "李护士", "a.li", "nurse").await;
        let he = physician(app, "何医生", "b.he", "physician").await;
        let bed = ready(&api, &one).await;
        assert_eq!(text(&bed, "doctor"), "王医生", "whoever came, where nobody was chosen");
        for nobody in ["王医生", "1", &nurse] {
            let mut plan = opening();
            plan["doctor"] = json!(nobody);
            wrong(&api, &bed, "open", plan).await;
        }
        let mut plan = opening();
        plan["doctor"] = json!(he);
        let open = act(&api, &bed, "open", plan).await;
        let year = app.app.clock.today().year();
        assert_eq!((text(&open, "doctor"), text(&open, "number")), ("何医生", &*format!("{year}-0001")));
        let two = elder_with(app, json!({"name": "李平"})).await;
        assert_eq!(text(&opened(&api, &two).await, "number"), format!("{year}-0002"));
        let mut client = app.client(Role::Clinician).await;
        let page = client.get(&format!("/homebed/{}/papers/first", text(&open, "id"))).await.ok().words();
        assert!(page.contains(&format!("床号 {year}-0001")) && page.contains("何医生"), "{page}");
        // A licence that ran out, and one who left.
        app.run("update staff_certificate set until_day = '2016-01-01'").await;
        wrong(&api, &bed, "plan", json!({"doctor": he, "diagnosis": "x", "treatment_plan": "x", "rounds": 1})).await;
        let kept = json!({"diagnosis": "脑梗死", "treatment_plan": "康复", "rounds": 2});
        assert_eq!(text(&act(&api, &bed, "plan", kept).await, "doctor"), "何医生", "who is responsible stays so");
        let three = elder_with(app, json!({"name": "赵红"})).await;
        let wanted = crate::homebed::applied(&api, &three).await;
        wrong(&api, &wanted, "visit", json!({})).await;
        assert_eq!(refused(&api, &wanted, "round", json!({"findings": "x"})).await, "not_now");
    })
    .await;
}
