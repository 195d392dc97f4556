//! Beds at home beside each other and over an elder's life: two records of one person, both kinds of beds, the adapted home, the
//! institution that runs a bed, and the family that reads it.

use app::elders::{self, Key, Pair};
use kit::{Ask, Id, Scope, Tx, Who, crypt::Algorithm, who::Role};
use serde_json::json;

use crate::{
    assessment::{PHOTO, days_go_by, elder, elder_with, in_demo, text},
    client::{Api, Client},
    homebed::{
        NO_OBSTACLE, act, applied, beds_on, contracted, doctor, home, opened, opening, ready, refused, seen, wrong,
    },
    support::{COUNTY, ORGANISATION, TestApp, no_difference, on_both},
    tariff::{fee, public},
};

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
        judge_pair(app, elders::undo_merging).await;
        assert_eq!((text(&seen(&api, &bed).await, "elder"), beds_on(app, "hospital", 0).await), (&*lost, 1));
        let own = opened(&api, &kept).await;
        let key: Key = kept.parse().unwrap();
        judge_pair(app, move |tx, ask, pair| elders::merge(tx, ask, pair, pair.other.key == key)).await;
        let second = seen(&api, &bed).await;
        assert_eq!((text(&second, "state"), text(&second, "ended_reason")), ("closed", "merged"));
        assert_eq!((text(&seen(&api, &own).await, "state"), beds_on(app, "hospital", 0).await), ("open", 1));
        judge_pair(app, elders::undo_merging).await;
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
        // In the past neither: the days of the closed bed cannot be made to reach into the other's.
        for sql in [
            "update homebed set ended = '9000-01-01' where kind = 'care'",
            "update homebed set opened = '2020-01-01' where kind = 'hospital'",
        ] {
            let overlap = app.app.db.write(move |tx| tx.run(sql, &[])).await;
            assert!(matches!(&overlap, Err(e) if e.is_duplicate()), "{sql}: {overlap:?}");
        }
        app.run("update homebed set opened = '2019-01-01', ended = '2019-02-01' where kind = 'care'").await;
        app.run("update homebed set opened = '2019-02-01' where kind = 'hospital'").await;
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
        // Under a new key the home is known as before.
        app.app.crypt.rotate(Algorithm::Sm4Gcm).unwrap();
        let again = app.again().await;
        assert_eq!(
            app.app.crypt.blind("homebed_adaptation.home", "东街12号"),
            again.crypt.blind("homebed_adaptation.home", "东街12号")
        );
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
        doctor(app).await;
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
        nurse.post(&format!("{here}/visit"), &[]).await.leads();
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
