//! Vaccination as a nurse meets it: invite, ask, consent, dose, refuse, react, recall, and the numbers that follow.

use kit::{
    tally::{self, Count, PERSON, Where},
    who::Role,
};
use rules::base::Date;
use serde_json::{Value, json};

use crate::{
    assessment::{self, SIGNATURE, elder_with},
    elders::{draft, taken},
    support::{COUNTY, OTHER_COUNTY, TestApp, listed, no_difference},
};

/// What is kept agrees with the list of those to be invited and with the facts, whatever was done.
async fn in_demo(test: impl AsyncFn(&TestApp)) {
    assessment::in_demo(async |app| {
        test(app).await;
        let rows = listed(&app.api(Role::Official).await, "/api/v1/vaccination?work=now").await;
        let (at, today) = (Where::Counties(vec![COUNTY.to_string()]), app.app.clock.today());
        let invited = Count::new(PERSON, &["vaccination.invited"]);
        let kept = app.app.db.read(move |tx| tally::amount(tx, &invited, &at, today)).await.unwrap();
        assert_eq!(kept, rows);
        no_difference(app).await;
    })
    .await;
}

/// A batch of a vaccine that can be used until a day; gives its key.
async fn batch(app: &TestApp, vaccine: &str, number: &str, expires: Date) -> String {
    let body = json!({"vaccine": vaccine, "batch": number, "maker": "示例生物甲", "expires": expires, "received": 100});
    let made = app.api(Role::Lead).await.post("/api/v1/vaccination/batches", body).await.ok().json();
    made["id"].as_str().unwrap().to_string()
}

fn number(key: &str) -> &str {
    key.split_once('-').unwrap().1
}

fn dose(vaccine: &str, batch: &str) -> Value {
    json!({"vaccine": vaccine, "batch": number(batch), "site": "left_arm", "asked": true, "consent": "paper"})
}

async fn whole(app: &TestApp, key: &str) -> Value {
    app.api(Role::Official).await.get(&format!("/api/v1/vaccination/{key}")).await.ok().json()
}

async fn invite(app: &TestApp) {
    kit::jobs::enqueue_repeated(&app.app).await.unwrap();
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_have_a_vaccine_free_is_invited_until_the_dose_and_again_next_season() {
    in_demo(async |app| {
        let key = elder_with(app, json!({"name": "孙玉兰"})).await;
        elder_with(app, json!({"name": "李小年", "birth": app.app.clock.today().add_years(-62)})).await;
        invite(app).await;
        let api = app.api(Role::Clinician).await;
        let now = "/api/v1/vaccination?vaccine=flu&work=now";
        let list = api.get(now).await.ok().json();
        assert_eq!((&list["total"], &list["items"][0]["name"]), (&json!(1), &json!("孙玉兰")), "62 pays: {list}");

        let today = app.app.clock.today();
        let flu = batch(app, "flu", "F2601", today.add_days(200)).await;
        api.post(&format!("/api/v1/vaccination/{key}/doses"), dose("flu", &flu)).await.ok();
        assert_eq!(api.get(now).await.ok().json()["total"], 0);
        let given = whole(app, &key).await;
        assert_eq!((&given["doses"][0]["free"], &given["doses"][0]["batch"]), (&json!(true), &json!("F2601")));
        let next = given["next"][0]["from"].as_str().unwrap().parse::<Date>().unwrap();
        assert!(next.to_string().ends_with("-09-01") && today < next, "{next}");
        let due = app.count("select count(*) from elder_due where kind = 'vaccination'").await;
        assert_eq!(due, 1, "the next season is a duty");
        let mut nurse = app.client(Role::Clinician).await;
        let elder = nurse.get(&format!("/elders/{key}")).await.ok().text();
        assert!(elder.contains("接种流感疫苗第 1 剂，批号 F2601"));

        let at = Where::Counties(vec![COUNTY.to_string()]);
        let covered = Count::new(PERSON, &["elders.aged65", "vaccination.flu"]);
        let (n, later) = app
            .app
            .db
            .read(move |tx| Ok((tally::amount(tx, &covered, &at, today)?, tally::amount(tx, &covered, &at, next)?)))
            .await
            .unwrap();
        assert_eq!((n, later), (1, 0), "covered this season, not the next");
        let page = nurse.get("/vaccination/coverage").await.ok().text();
        assert!(page.contains("65岁及以上流感疫苗接种率") && page.contains("100.0 %"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_come_into_the_register_at_once_are_invited_as_one_is() {
    in_demo(async |app| {
        for n in 0..110 {
            taken(app, draft(&format!("冯{n}"), "1950-01-01")).await;
        }
        invite(app).await;
        let flu = app.api(Role::Clinician).await.get("/api/v1/vaccination?vaccine=flu&work=now").await.ok().json();
        assert_eq!(flu["total"], 110);
        invite(app).await;
        assert_eq!(app.count("select count(*) from vaccination_invitation where vaccine = 'flu'").await, 110);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_or_recalled_batch_a_contraindication_and_a_dose_too_early_are_refused() {
    in_demo(async |app| {
        let key = elder_with(app, json!({})).await;
        let today = app.app.clock.today();
        let (api, doses) = (app.api(Role::Clinician).await, format!("/api/v1/vaccination/{key}/doses"));
        let lead = app.api(Role::Lead).await;
        let gone =
            json!({"vaccine": "flu", "batch": "F1", "maker": "甲", "expires": today.add_days(-1), "received": 1});
        lead.post("/api/v1/vaccination/batches", gone).await.with_status(422);

        let flu = batch(app, "flu", "F2", today).await;
        let mut allergic = dose("flu", &flu);
        allergic["yes"] = json!(["allergy"]);
        let refused = api.post(&doses, allergic).await.with_status(409).text();
        assert!(refused.contains("过敏"), "{refused}");
        let mut unasked = dose("flu", &flu);
        unasked["asked"] = json!(false);
        api.post(&doses, unasked).await.with_status(422);

        // The last day of the batch is a day it can be used on; the next is not.
        app.app.clock.advance_days(1);
        let refused = api.post(&doses, dose("flu", &flu)).await.with_status(409).text();
        assert!(refused.contains("已过期"), "{refused}");

        let today = app.app.clock.today();
        let good = batch(app, "flu", "F3", today.add_days(90)).await;
        api.post(&doses, dose("flu", &good)).await.ok();
        app.app.clock.advance_days(1);
        let refused = api.post(&doses, dose("flu", &good)).await.with_status(409).text();
        assert!(refused.contains("起可以接种"), "{refused}");

        let other = elder_with(app, json!({"name": "吴桂芳"})).await;
        lead.post(&format!("/api/v1/vaccination/batches/{good}/recall"), json!({"reason": ""})).await.with_status(422);
        lead.post(&format!("/api/v1/vaccination/batches/{good}/recall"), json!({"reason": "冷链中断"})).await.ok();
        let refused = api.post(&format!("/api/v1/vaccination/{other}/doses"), dose("flu", &good)).await;
        assert!(refused.with_status(409).text().contains("召回"));
        let who = lead.get("/api/v1/vaccination/doses?batch=F3").await.ok().json();
        assert_eq!((&who["total"], &who["items"][0]["name"]), (&json!(1), &json!("王桂芳")), "who got the batch");
        assert_eq!(app.count("select count(*) from vaccination_dose").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_is_signed_on_the_spot_and_the_picture_is_for_who_may_see_the_person() {
    in_demo(async |app| {
        let key = elder_with(app, json!({})).await;
        let today = app.app.clock.today();
        let ppv = batch(app, "ppv23", "P1", today.add_days(300)).await;
        let mut nurse = app.client(Role::Clinician).await;
        let form = nurse.get(&format!("/vaccination/{key}/dose?vaccine=ppv23")).await.ok().text();
        assert!(form.contains("P1") && form.contains("免费") && form.contains("js-sign"));
        let path = format!("/vaccination/{key}/dose");
        let mut fields = vec![
            ("vaccine", "ppv23"),
            ("batch", number(&ppv)),
            ("site", "left_arm"),
            ("asked", "on"),
            ("consent", "signed"),
        ];
        let unsigned = nurse.post_file(&path, &fields, ("signature_file", "", b"")).await.with_status(422).text();
        assert!(unsigned.contains("请签名"));
        fields.push(("signature", SIGNATURE));
        let link = nurse.post_file(&path, &fields, ("signature_file", "", b"")).await.leads();
        assert_eq!(link, format!("/vaccination/{key}"));
        let page = nurse.get(&link).await.ok().text();
        assert!(page.contains("知情同意签名"));
        let id = whole(app, &key).await["doses"][0]["id"].as_str().unwrap().to_string();
        let picture = format!("/vaccination/{key}/doses/{id}/consent");
        assert_eq!(nurse.get(&picture).await.ok().header("content-type"), "image/png");
        let mut stranger = app.client_at(Role::Clinician, OTHER_COUNTY).await;
        stranger.get(&picture).await.with_status(404);
        stranger.get(&link).await.with_status(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_want_it_is_asked_again_when_the_reason_has_run_out() {
    in_demo(async |app| {
        let key = elder_with(app, json!({})).await;
        invite(app).await;
        let (today, api) = (app.app.clock.today(), app.api(Role::Clinician).await);
        let refusals = format!("/api/v1/vaccination/{key}/refusals");
        api.post(&refusals, json!({"vaccine": "flu", "kind": "postponed", "reason": "发热"})).await.ok();
        api.post(&refusals, json!({"vaccine": "ppv23", "kind": "forbidden", "reason": "过敏"})).await.ok();
        assert_eq!(api.get("/api/v1/vaccination?work=now&limit=500").await.ok().json()["total"], 0);
        let whole = whole(app, &key).await;
        let until =
            whole["refusals"].as_array().unwrap().iter().find(|it| it["kind"] == "postponed").unwrap()["until"].clone();
        assert_eq!(until, json!(today.add_days(14)));
        app.app.clock.advance_days(13);
        assert_eq!(api.get("/api/v1/vaccination?work=now&limit=500").await.ok().json()["total"], 0);
        app.app.clock.advance_days(1);
        let again = api.get("/api/v1/vaccination?work=now&limit=500").await.ok().json();
        assert_eq!((&again["total"], &again["items"][0]["vaccine"]), (&json!(1), &json!("流感疫苗")));
        let past = json!({"vaccine": "flu", "kind": "refused", "reason": "不愿意", "until": today});
        api.post(&refusals, past).await.with_status(422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adverse_event_is_reported_in_time_and_a_dose_taken_back_counts_no_more() {
    in_demo(async |app| {
        let key = elder_with(app, json!({})).await;
        let (today, api) = (app.app.clock.today(), app.api(Role::Clinician).await);
        let flu = batch(app, "flu", "F9", today.add_days(90)).await;
        let given = api.post(&format!("/api/v1/vaccination/{key}/doses"), dose("flu", &flu)).await.ok().json();
        let id = given["id"].as_str().unwrap();
        let reactions = format!("/api/v1/vaccination/{key}/doses/{id}/reactions");
        api.post(&reactions, json!({"grade": "common", "what": "红肿"})).await.ok();
        api.post(&reactions, json!({"grade": "serious", "what": "过敏性休克"})).await.ok();
        let open = api.get("/api/v1/vaccination/reactions?state=open").await.ok().json();
        assert_eq!(
            (&open["total"], &open["items"][0]["grade"]),
            (&json!(1), &json!("serious")),
            "the ordinary need no report"
        );
        app.app.clock.advance_days(1);
        let mut lead = app.client(Role::Lead).await;
        assert!(lead.get("/").await.ok().text().contains("超过时限未报告的接种反应"));
        let event =
            whole(app, &key).await["reactions"].as_array().unwrap().iter().find(|it| it["grade"] == "serious").unwrap()
                ["id"]
                .as_str()
                .unwrap()
                .to_string();
        let reported = format!("/api/v1/vaccination/{key}/reactions/{event}/reported");
        api.post(&reported, json!({})).await.with_status(422);
        api.post(&reported, json!({"reported_to": "县疾控 2026-017"})).await.ok();
        api.post(&reported, json!({"reported_to": "再报"})).await.with_status(409);

        let void = format!("/api/v1/vaccination/{key}/doses/{id}/void");
        api.post(&void, json!({"reason": "登错人"})).await.ok();
        assert_eq!(app.count("select count(*) from tally_span where mark = 'vaccination.flu'").await, 0);
        assert_eq!(whole(app, &key).await["next"][0]["number"], 1, "the first dose is to come");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn doses_got_elsewhere_count_and_death_ends_the_invitations() {
    in_demo(async |app| {
        let key = elder_with(app, json!({})).await;
        let (today, api) = (app.app.clock.today(), app.api(Role::Clinician).await);
        let former = format!("/api/v1/vaccination/{key}/former");
        let zoster = json!({"vaccine": "rzv", "day": today.add_days(-30), "place": "省城门诊"});
        api.post(&former, zoster.clone()).await.ok();
        api.post(&former, zoster).await.with_status(409);
        api.post(&former, json!({"vaccine": "bcg", "day": today, "place": "省城"})).await.with_status(422);
        api.post(&former, json!({"vaccine": "rzv", "day": today.add_days(1), "place": "省城"})).await.with_status(422);
        let due = "select count(*) from elder_due where kind = 'vaccination'";
        assert_eq!(app.count(due).await, 1, "the second dose is a duty");
        let next = whole(app, &key).await["next"].clone();
        assert_eq!(next[2]["from"], json!(today.add_days(30)));

        let mut official = app.client(Role::Official).await;
        official.get(&format!("/elders/{key}/life")).await.ok();
        official.post(&format!("/elders/{key}/died"), &[("day", &*today.to_string())]).await.leads();
        app.settle().await;
        assert_eq!(app.count("select count(*) from vaccination_invitation").await, 0);
        assert_eq!(app.count(due).await, 0);
    })
    .await;
}

/// A number that nobody has: area 990101, a birth date and a sequence.
fn id_of(birth: &str, sequence: u32) -> String {
    let body = format!("990101{birth}{sequence:03}");
    let check = char::from(rules::base::check_character(body.as_bytes()));
    format!("{body}{check}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_of_doses_comes_in_by_id_number_and_wrong_rows_go_back() {
    in_demo(async |app| {
        let today = app.app.clock.today();
        let (wang, li) = (id_of("19400501", 2), id_of("19410501", 4));
        let key = elder_with(app, json!({"name": "王桂芳", "id_kind": "resident", "id_number": wang})).await;
        let other = json!({"name": "李秀英", "birth": "1941-05-01", "id_kind": "resident", "id_number": li});
        elder_with(app, other).await;
        let (flu, zoster, soon) = (today.add_days(-400), today.add_days(-90), today.add_days(3));
        let rows = [
            format!("{wang},王桂芳,流感,1,{flu},F2501,示例生物甲,城关镇卫生院,是"),
            format!("{wang},王桂芳,重组带状疱疹疫苗,1,{zoster},Z1,,省城门诊,自费"),
            format!("{li},,ppv23,,{zoster},,,城关镇卫生院,"),
            format!("{li},李秀,流感疫苗,1,{flu},,,城关镇卫生院,"),
            format!("{li},李秀英,卡介苗,1,{flu},,,城关镇卫生院,"),
            format!("{li},李秀英,流感疫苗,1,{soon},,,城关镇卫生院,"),
            format!("{},赵六,流感疫苗,1,{flu},,,城关镇卫生院,", id_of("19420501", 6)),
            format!("{wang},王桂芳,带状疱疹,1,{},Z2,,省城门诊,", today.add_days(-10)),
            format!("{wang},王桂芳,流感疫苗,1,{flu},F9999,,城关镇卫生院,"),
            format!("{wang}1,王桂芳,流感疫苗,1,{flu},,,城关镇卫生院,"),
        ];
        let file = format!("身份证号,姓名,疫苗,剂次,接种日期,批号,生产企业,接种单位,是否免费\n{}\n", rows.join("\n"));
        let mut nurse = app.client(Role::Clinician).await;
        assert!(nurse.get("/vaccination/doses").await.ok().text().contains("/vaccination/import"));
        nurse.get("/vaccination/import").await.ok();
        nurse.get("/vaccination/import/template.xlsx").await.ok();
        let counts = "select accepted * 10000 + unchanged * 100 + refused from sheet_import order by id desc limit 1";
        let sent = [("place", COUNTY), ("dry_run", "no")];
        let here = nurse.post_file("/vaccination/import", &sent, ("file", "接种.csv", file.as_bytes())).await.leads();
        assert_eq!(app.count(counts).await, 3_00_07);
        let page = nurse.get(&here).await.ok().text();
        for reason in [
            "与名册中这个身份证号的姓名不符",
            "本地没有“卡介苗”这种疫苗",
            "应在出生之后、今天或以前",
            "名册中没有这位老人",
            "第 1 剂与已有接种记录的先后不符",
            "批号是“F2501”",
            "身份证号不对",
        ] {
            assert!(page.contains(reason), "{reason}: {page}");
        }
        let book = nurse.get(&format!("{here}/refused.xlsx")).await.ok();
        let book = kit::sheet::read(&book.body, "a.xlsx", &kit::sheet::Limits::default()).unwrap();
        assert_eq!(book.sheets[0].rows.len(), 8, "the header and seven rows");
        nurse.post_file("/vaccination/import", &sent, ("file", "接种.csv", file.as_bytes())).await.leads();
        assert_eq!(app.count(counts).await, 3_07, "the same file again changes nothing");
        assert_eq!(app.count("select count(*) from vaccination_dose").await, 3);
        let doses = whole(app, &key).await["doses"].clone();
        assert_eq!((&doses[1]["free"], &doses[1]["batch"]), (&json!(true), &json!("F2501")), "{doses}");
        let mut official = app.client(Role::Official).await;
        official.get("/vaccination/import").await.with_status(403);
        let mut stranger = app.client_at(Role::Clinician, OTHER_COUNTY).await;
        stranger.get("/vaccination/import").await.ok();
        let theirs = [("place", OTHER_COUNTY), ("dry_run", "no")];
        stranger.post_file("/vaccination/import", &theirs, ("file", "接种.csv", file.as_bytes())).await.leads();
        assert_eq!(app.count(counts).await, 10, "nobody of another county is found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_two_fields_of_a_persons_page_share_an_id() {
    in_demo(async |app| {
        let key = elder_with(app, json!({})).await;
        let (today, api) = (app.app.clock.today(), app.api(Role::Clinician).await);
        for (vaccine, days) in [("rzv", 90), ("rzv", 20), ("flu", 30)] {
            let body = json!({"vaccine": vaccine, "day": today.add_days(-days), "place": "省城门诊"});
            api.post(&format!("/api/v1/vaccination/{key}/former"), body).await.ok();
        }
        let page = app.client(Role::Clinician).await.get(&format!("/vaccination/{key}")).await.ok().text();
        let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|it| it.split('"').next()).collect();
        ids.sort_unstable();
        let twice: Vec<&&str> = ids.windows(2).filter(|it| it[0] == it[1]).map(|it| &it[0]).collect();
        assert!(twice.is_empty() && ids.contains(&"former-day") && ids.contains(&"refuse-reason"), "{twice:?} {ids:?}");
        let labels = page.split(" for=\"").skip(1).filter_map(|it| it.split('"').next());
        let lost: Vec<&str> = labels.filter(|it| !ids.contains(it)).collect();
        assert!(lost.is_empty(), "{lost:?}");
    })
    .await;
}
