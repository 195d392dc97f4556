//! Objections: in time, to other assessors, upheld or not; and the self-rating before an application.

use kit::{config::Config, who::Role};

use super::{
    answered, answers, approved, as_json, assessor, days_go_by, elder, finished, in_demo, photographed, signed, text,
};
use crate::support::{TestApp, on_both_with};

async fn objected(app: &TestApp, key: &str) {
    let mut nurse = app.client(Role::Clinician).await;
    let fields = [("who", "女儿王敏"), ("why", "老人现在不能自己吃饭")];
    nurse.post(&format!("/assessment/{key}/object"), &fields).await.leads();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_is_looked_at_by_others_and_their_conclusion_stands() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let (key, [(a, _), _]) = finished(app, &elder, false, &[]).await;
        approved(app, &key).await;
        objected(app, &key).await;
        assert_eq!(text(&as_json(app, &key).await, "state"), "objected");
        days_go_by(app, 9).await;
        assert_eq!(
            text(&as_json(app, &key).await, "state"),
            "objected",
            "the notice does not end while it is objected to"
        );

        let ((c, mut third), (d, mut fourth)) = (assessor(app, "assessor.c").await, assessor(app, "assessor.d").await);
        let today = app.app.clock.today().to_string();
        let mut clerk = app.client(Role::Clerk).await;
        let page = clerk.get(&format!("/assessment/{key}")).await.ok().text();
        assert!(page.contains("assessor.c") && !page.contains("assessor.a"), "only others are offered");
        let plan = |first: kit::Id, second: kit::Id| {
            [("assessor_1", first.to_string()), ("assessor_2", second.to_string()), ("planned_day", today.clone())]
        };
        let as_fields = |it: &[(&'static str, String); 3]| it.clone().map(|(name, value)| (name, value));
        let same = as_fields(&plan(a, c));
        let same: Vec<(&str, &str)> = same.iter().map(|(name, value)| (*name, &**value)).collect();
        let refused = clerk.post(&format!("/assessment/{key}/begin-review"), &same).await.with_status(409).text();
        assert!(refused.contains("复评须由其他评估员进行") && refused.contains("医保发〔2023〕29号"), "{refused}");
        let others = as_fields(&plan(c, d));
        let others: Vec<(&str, &str)> = others.iter().map(|(name, value)| (*name, &**value)).collect();
        let link = clerk.post(&format!("/assessment/{key}/begin-review"), &others).await.leads();
        let review = link.rsplit('/').next().unwrap().to_string();
        assert_eq!(text(&as_json(app, &key).await, "state"), "reviewing");

        let ltc = app.app.policy.instrument("ltc-2021").unwrap();
        answered(&mut third, &review, &answers(ltc, true, &[]), &[]).await;
        photographed(&mut third, &review).await;
        signed(&mut third, &review).await.leads();
        signed(&mut fourth, &review).await.leads();
        approved(app, &review).await;
        days_go_by(app, 8).await;
        let (old, new) = (as_json(app, &key).await, as_json(app, &review).await);
        assert_eq!((text(&old, "state"), text(&new, "state"), text(&new, "level")), ("ended", "effective", "5"));
        assert_eq!((text(&new, "reason"), text(&new, "supersedes")), ("objection", &*key));
        assert_eq!(text(&old, "level"), "0", "what was concluded before stays as it was");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_that_is_not_upheld_leaves_the_conclusion() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let (key, _) = finished(app, &elder, true, &[]).await;
        approved(app, &key).await;
        objected(app, &key).await;
        let mut lead = app.client(Role::Lead).await;
        lead.post(&format!("/assessment/{key}/dismiss"), &[("why", "复核影像与答案一致")]).await.leads();
        let done = as_json(app, &key).await;
        assert_eq!(
            (text(&done, "state"), text(&done, "valid_from")),
            ("effective", &*app.app.clock.today().to_string())
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_after_its_days_is_refused() {
    in_demo(async |app| {
        let elder = elder(app).await;
        let (key, _) = finished(app, &elder, true, &[]).await;
        approved(app, &key).await;
        days_go_by(app, 30).await;
        let mut nurse = app.client(Role::Clinician).await;
        let refused =
            nurse.post(&format!("/assessment/{key}/object"), &[("why", "太晚")]).await.with_status(409).text();
        assert!(refused.contains("异议期限已于") && refused.contains("异议期限工作日 = 5"), "{refused}");
        assert!(!nurse.get(&format!("/assessment/{key}")).await.ok().text().contains("提出异议"));
    })
    .await;
}

const OVERLAY: &str = "申请前自评:\n  说明: 先自评\n  取值:\n    - { 起: 2020-01-01, 值: 是, 状态: 示例 }\n";

#[tokio::test(flavor = "multi_thread")]
async fn where_people_rate_themselves_first_only_e_f_and_g_may_apply() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("000000-national");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("assessment.yaml"), OVERLAY).unwrap();
    let shipped = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let dirs = [shipped, folder.path().to_path_buf()];
    let change = |config: &mut Config| {
        config.demo = true;
        config.policy = dirs.to_vec();
    };
    on_both_with(app::MODULES, change, async |app| {
        let elder = elder(app).await;
        let mut nurse = app.client(Role::Clinician).await;
        let link = nurse.post("/assessment/new", &[("elder", &elder), ("kind", "ltci")]).await.leads();
        let missing = nurse.post(&format!("{link}/submit"), &[]).await.with_status(409).text();
        assert!(missing.contains("请先自评") && missing.contains("自评表"), "{missing}");
        let mild = ["eat", "control", "bathe", "dress", "toilet", "transfer"].map(|it| (it, "0"));
        nurse.post(&format!("{link}/self-rating"), &mild[..5]).await.with_status(422);
        nurse.post(&format!("{link}/self-rating"), &mild).await.leads();
        assert!(nurse.post(&format!("{link}/submit"), &[]).await.with_status(409).text().contains("自评结果为A 类"));
        let severe = mild.map(|it| (it.0, "2"));
        nurse.post(&format!("{link}/self-rating"), &severe).await.leads();
        assert_eq!(nurse.post(&format!("{link}/submit"), &[]).await.leads(), link);
    })
    .await;
}
