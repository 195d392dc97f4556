//! A month of long-term-care insurance as clerks, institutions, auditors and families live through it: claimed, judged, reviewed,
//! confirmed, paid, objected to, redone.

use kit::{config::Config, who::Role};
use serde_json::{Value, json};

use crate::{
    ltci::{insured, number, text},
    support::{COUNTY, ORGANISATION, OTHER_COUNTY, TestApp, on_both_with},
};

pub const MONTH: &str = "2025-03";
const OTHER: i64 = 4_200;

/// What the county lays down, invented for these tests.
const POLICY: &str = "\
待遇标准:
  说明: 示例
  取值:
    - 起: 2020-01-01
      值:
        - { 方式: 机构上门护理, 等级: [3, 4], 限额: { 每小时: 65 元, 每月小时: 3 }, 支付比例: 90% }
        - { 方式: 居家自主护理, 等级: [3, 4], 限额: { 每日: 30 元 }, 支付比例: 100% }
      状态: 示例
";

pub async fn in_month(test: impl AsyncFn(&TestApp)) {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join(format!("{COUNTY}-own"));
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("ltci.yaml"), POLICY).unwrap();
    let named = format!("\"{COUNTY}\": {{ 名称: 示例县, 英文: Example }}\n");
    std::fs::write(folder.path().join("regions.yaml"), named).unwrap();
    let shipped = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let dirs = [shipped, folder.path().to_path_buf()];
    let change = |config: &mut Config| {
        config.demo = true;
        config.policy = dirs.to_vec();
    };
    on_both_with(app::MODULES, change, async |app| {
        provider(app, ORGANISATION.0, "").await;
        test(app).await;
    })
    .await;
}

/// An institution with an agreement and a carer `C1`; a name makes it first.
async fn provider(app: &TestApp, id: i64, name: &str) {
    if !name.is_empty() {
        app.run(&format!(
            "insert into organisation (region, id, place, name, kind) values ('{COUNTY}', {id}, '990101001', '{name}', 'nursing_home')"
        ))
        .await;
    }
    app.run(&format!(
        "insert into ltci_agreement (region, organisation, from_day, number, level, modes, capacity, reason, who, at)
         values ('{COUNTY}', {id}, '2024-01-01', 'X', 2, 'visiting residential', 50, '', '', '')"
    ))
    .await;
    app.run(&format!(
        "insert into ltci_carer (region, id, organisation, name, initials, qualification, number, from_day, reason, account, created)
         values ('{COUNTY}', {id}, {id}, '李', 'l', 'care_worker', 'C1', '2024-01-01', '', 0, '')"
    ))
    .await;
}

/// A number that nobody has.
fn id_of(sequence: u32) -> String {
    let body = format!("99010119400501{sequence:03}");
    let check = char::from(rules::base::check_character(body.as_bytes()));
    format!("{body}{check}")
}

/// An insured elder of grade 3 with care at home by an institution since January; gives the key.
pub async fn recipient(app: &TestApp, sequence: u32, provider: i64) -> String {
    let change = json!({"name": "王桂芳", "birth": "1940-05-01", "id_kind": "resident", "id_number": id_of(sequence)});
    let key = crate::assessment::elder_with(app, change).await;
    insured(app, &key, "2024-01-01".parse().unwrap()).await;
    granted(app, &key, "2025-01-01", "visiting", Some(provider)).await;
    key
}

async fn granted(app: &TestApp, elder: &str, from: &str, mode: &str, provider: Option<i64>) {
    let (id, provider) = (number(elder), provider.map_or("null".to_string(), |it| it.to_string()));
    app.run(&format!(
        "insert into ltci_benefit (region, elder, from_day, id, grade, mode, provider, bonus, reason, note, decision, who, at)
         values ('{COUNTY}', {id}, '{from}', {id}, 3, '{mode}', {provider}, 'hours', 'granted', '', '', '', '')"
    ))
    .await;
}

/// An hour of help at home, with all that proves it.
pub fn visit(number: &str, elder: &str, day: &str) -> Value {
    json!({
        "number": number, "elder": elder, "provider": ORGANISATION.to_string(), "day": format!("{MONTH}-{day}"), "mode": "visiting",
        "service": "S05", "amount": "65", "begin": "09:00", "end": "10:00", "carer": "C1", "latitude": "41.119",
        "longitude": "122.07", "position_source": "gps"
    })
}

pub fn with(mut line: Value, change: Value) -> Value {
    for (name, value) in change.as_object().unwrap() {
        line[name] = value.clone();
    }
    line
}

pub async fn claim(app: &TestApp, lines: Vec<Value>) -> Value {
    let taken = app.api(Role::Clerk).await.post("/api/v1/ltci/claims", json!({"lines": lines})).await.ok().json();
    assert_eq!(taken["refused"], json!([]));
    taken
}

/// The number of the first thing of a list.
fn id_in(list: &Value) -> String {
    let id = &list["items"][0]["id"];
    assert!(id.is_string() || id.is_i64(), "{list}");
    id.to_string().trim_matches('"').to_string()
}

/// Computes the month; gives the draft as programs get it.
pub async fn settle(app: &TestApp) -> Value {
    let api = app.api(Role::Clerk).await;
    api.post("/api/v1/ltci/settlements", json!({"month": MONTH})).await.ok();
    app.settle().await;
    let list = api.get("/api/v1/ltci/settlements?state=draft").await.ok().json();
    assert_eq!(list["total"], 1, "{list}");
    let id = id_in(&list);
    api.get(&format!("/api/v1/ltci/settlements/{COUNTY}-{id}")).await.ok().json()
}

pub async fn confirm(app: &TestApp, run: &Value) -> Value {
    let path = format!("/api/v1/ltci/settlements/{}", text(run, "id"));
    let api = app.api(Role::Clerk).await;
    api.post(&format!("{path}/confirm"), json!({})).await.ok();
    api.get(&path).await.ok().json()
}

/// A line by its number, with what became of it.
pub async fn line(app: &TestApp, number: &str) -> Value {
    let api = app.api(Role::Clerk).await;
    let list = api.get(&format!("/api/v1/ltci/claims?number={number}")).await.ok().json();
    let id = id_in(&list);
    api.get(&format!("/api/v1/ltci/claims/{COUNTY}-{id}")).await.ok().json()
}

async fn fund(app: &TestApp, number: &str) -> i64 {
    line(app, number).await["verdict"]["fund_fen"].as_i64().unwrap()
}

fn paid(run: &Value) -> i64 {
    run["payments"].as_array().unwrap().iter().map(|it| it["amount_fen"].as_i64().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_judged_line_by_line_and_all_money_adds_up_whatever_came_in_first() {
    in_month(async |app| {
        let (one, other) = (recipient(app, 2, ORGANISATION.0).await, recipient(app, 4, ORGANISATION.0).await);
        let lines = |elder: &str, mark: &str| {
            vec![
                visit(&format!("{mark}1"), elder, "03"),
                visit(&format!("{mark}2"), elder, "04"),
                with(visit(&format!("{mark}3"), elder, "05"), json!({"latitude": ""})),
                visit(&format!("{mark}4"), elder, "06"),
                visit(&format!("{mark}5"), elder, "07"),
                with(visit(&format!("{mark}6"), elder, "04"), json!({"begin": "09:30", "end": "10:30"})),
                with(visit(&format!("{mark}7"), elder, "08"), json!({"service": "S36", "carer": "C9"})),
            ]
        };
        claim(app, lines(&one, "A")).await;
        let mut backwards = lines(&other, "B");
        backwards.reverse();
        claim(app, backwards).await;
        let again = claim(app, lines(&one, "A")).await;
        assert!(again["taken"].as_array().unwrap().iter().all(|it| it["taken"] == "unchanged"), "{again}");

        let run = settle(app).await;
        let totals = &run["totals"];
        let fen = |name: &str| totals[name].as_i64().unwrap();
        assert_eq!((fen("lines"), fen("persons"), fen("claimed")), (14, 2, 14 * 6500));
        assert_eq!(fen("claimed"), fen("fund") + fen("person") + fen("provider") + fen("pending"));
        assert_eq!(fen("fund"), 6 * 5850, "three hours of each, nine tenths");
        for nth in 1..=7 {
            let (a, b) = (line(app, &format!("A{nth}")).await, line(app, &format!("B{nth}")).await);
            assert_eq!(a["verdict"]["fund_fen"], b["verdict"]["fund_fen"], "{nth}: {a} {b}");
        }
        let rules = async |number: &str| {
            let all = line(app, number).await["verdict"]["deductions"].clone();
            all.as_array().unwrap().iter().map(|it| it["rule"].as_i64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(rules("A3").await, [10], "the place is missing");
        assert_eq!(rules("A5").await, [15], "the fourth hour");
        assert_eq!(rules("A6").await, [13], "at the time of another");
        assert_eq!(rules("A7").await, [9, 10], "a nurse's work by somebody unknown");

        let second = settle(app).await;
        assert_eq!((&second["digest"], &second["id"]), (&run["digest"], &run["id"]), "the same day, the same bytes");
        let key = text(&line(app, "A5").await, "id").to_string();
        let page = app.client(Role::Clerk).await.get(&format!("/ltci/claims/{key}")).await.ok().text();
        assert!(
            page.contains("超过时长限额") && page.contains("示例") && page.contains("示例县"),
            "the rule, its value, its badge"
        );
        let mut clerk = app.client(Role::Clerk).await;
        let of_run = format!("/ltci/verdicts?settlement={}", text(&run, "id"));
        let page = clerk.get(&format!("{of_run}&rule=15")).await.ok().text();
        assert!(page.contains(&format!("href=\"{of_run}\"")), "clearing the filters stays in the run: {page}");
        assert!(!page.contains("id=\"f-settlement\""), "nobody types the number of a run");
        assert_eq!(clerk.get("/ltci/verdicts").await.location(), "/ltci/settlements", "a run is always named");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_month_is_frozen_and_a_late_line_pays_the_difference() {
    in_month(async |app| {
        let elder = recipient(app, 2, ORGANISATION.0).await;
        claim(app, vec![visit("A1", &elder, "03"), visit("A2", &elder, "04")]).await;
        let draft = settle(app).await;
        assert_eq!(draft["payments"], json!([]), "a draft pays nothing");
        let clerk = app.api(Role::Clerk).await;
        let confirm_path = format!("/api/v1/ltci/settlements/{}/confirm", text(&draft, "id"));
        claim(app, vec![with(visit("A2", &elder, "04"), json!({"amount": "60"}))]).await;
        let stale = clerk.post(&confirm_path, json!({})).await.with_status(409).text();
        assert!(stale.contains("重新计算"), "{stale}");
        let draft = settle(app).await;
        let first = confirm(app, &draft).await;
        assert_eq!((paid(&first), &first["payments"][0]["kind"]), (5850 + 5400, &json!("month")));
        clerk.post(&confirm_path, json!({})).await.with_status(409);
        let changed = json!({"lines": [with(visit("A1", &elder, "03"), json!({"amount": "64"}))]});
        let refused = clerk.post("/api/v1/ltci/claims", changed).await.ok().json();
        assert_eq!(refused["refused"][0]["code"], "claim_settled");
        let key = text(&line(app, "A1").await, "id").to_string();
        clerk.post(&format!("/api/v1/ltci/claims/{key}/withdraw"), json!({})).await.with_status(409);

        // A document comes late: the benefit ended on the 4th; and a line comes late.
        claim(app, vec![visit("A3", &elder, "02")]).await;
        app.run(&format!(
            "insert into ltci_pause (region, elder, from_day, reason, note, who, at) values ('{COUNTY}', {}, '2025-03-04', 'hospital', '', '', '')",
            number(&elder)
        ))
        .await;
        kit::jobs::enqueue_repeated(&app.app).await.unwrap();
        app.settle().await;
        let redo = clerk.get("/api/v1/ltci/redo").await.ok().json();
        assert_eq!((&redo["items"][0]["month"], &redo["items"][0]["lines"]), (&json!(MONTH), &json!(2)), "{redo}");
        let draft = settle(app).await;
        let differs = clerk.get(&format!("/api/v1/ltci/settlements/{}/differences", text(&draft, "id"))).await.ok().json();
        let all: Vec<i64> = differs["items"].as_array().unwrap().iter().map(|it| it["difference_fen"].as_i64().unwrap()).collect();
        assert_eq!(all.iter().sum::<i64>(), 5850 - 5400, "{differs}");
        assert!(differs.to_string().contains("住院"), "the reason is said");
        app.client(Role::Clerk).await.get(&format!("/ltci/settlements/{}/differences", text(&draft, "id"))).await.ok();
        let second = confirm(app, &draft).await;
        assert_eq!((paid(&second), &second["payments"][0]["kind"]), (5850 - 5400, &json!("more")));
        assert_eq!(clerk.get("/api/v1/ltci/redo").await.ok().json()["total"], 0);

        // What was paid too much comes back.
        app.run(&format!("update ltci_pause set from_day = '2025-03-01' where region = '{COUNTY}'")).await;
        let third = confirm(app, &settle(app).await).await;
        assert_eq!((paid(&third), &third["payments"][0]["kind"]), (-5850 - 5850, &json!("back")));
        assert_eq!(app.count("select cast(coalesce(sum(amount), 0) as bigint) from ltci_payment").await, 0);
        let nothing = confirm(app, &settle(app).await).await;
        assert_eq!((&nothing["payments"], &nothing["state"]), (&json!([]), &json!("paid")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_are_made_by_a_file_that_is_always_the_same() {
    in_month(async |app| {
        let elder = recipient(app, 2, ORGANISATION.0).await;
        claim(app, vec![visit("A1", &elder, "03")]).await;
        let home = recipient(app, 4, ORGANISATION.0).await;
        app.run(&format!("delete from ltci_benefit where elder = {}", number(&home))).await;
        granted(app, &home, "2025-01-01", "self_arranged", None).await;
        app.run(&format!(
            "insert into ltci_carer (region, id, organisation, elder, name, initials, qualification, number, from_day, reason, account, created)
             values ('{COUNTY}', 77, 0, {}, '女儿', 'ne', 'relative', 'R1', '2024-01-01', '', 0, '')",
            number(&home)
        ))
        .await;
        let own = json!({"number": "H1", "elder": home, "day": "2025-03-03", "mode": "self_arranged", "service": "S05", "amount": "40", "carer": "R1"});
        claim(app, vec![own]).await;
        let run = confirm(app, &settle(app).await).await;
        assert_eq!(paid(&run), 5850 + 3000, "{run}");
        let mut clerk = app.client(Role::Clerk).await;
        let here = format!("/ltci/settlements/{}", text(&run, "id"));
        let file = clerk.get(&format!("{here}/payments.csv")).await.ok();
        assert_eq!(file.body, clerk.get(&format!("{here}/payments.csv")).await.ok().body);
        let words = file.text();
        assert!(words.contains("城关镇卫生院,月结算,58.50") && words.contains("王桂芳,月结算,30.00"), "{words}");
        let packed = clerk.get(&format!("{here}/export.zip")).await.ok().body;
        assert_eq!(packed, clerk.get(&format!("{here}/export.zip")).await.ok().body);
        for page in ["", "/insurer", &format!("/elders/{}", number(&elder)), &format!("/providers/{ORGANISATION}"), "/providers/0"] {
            clerk.get(&format!("{here}{page}")).await.ok();
        }
        let today = app.app.clock.today();
        let paid_path = format!("{here}/paid");
        clerk.post(&paid_path, &[("day", &*today.add_days(1).to_string())]).await.with_status(422);
        clerk.post(&paid_path, &[("day", &*today.to_string()), ("reference", "V7")]).await.leads();
        assert_eq!(app.count("select count(*) from ltci_payment where state = 'done' and reference = 'V7'").await, 2);
        assert_eq!(app.count("select count(*) from ltci_settlement where state = 'paid'").await, 1);
        clerk.post(&paid_path, &[("day", &*today.to_string())]).await.with_status(409);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_institution_claims_and_sees_its_own_and_wrong_rows_go_back() {
    in_month(async |app| {
        provider(app, OTHER, "别家护理院").await;
        let (own, foreign) = (recipient(app, 2, ORGANISATION.0).await, recipient(app, 4, OTHER).await);
        claim(app, vec![with(visit("Z1", &foreign, "03"), json!({"provider": OTHER.to_string()}))]).await;
        let rows = [
            format!("A1,{},2025-03-03,机构上门护理,沐浴,65,09:00,10:00,C1,41.1,122.1", id_of(2)),
            format!("A2,{},2025/3/4,上门护理,S06,65.50,9:00,10:00,C1,41.1,122.1", id_of(2)),
            format!("A3,{},2025-03-05,机构上门护理,S06,65,09:00,10:00,C1,41.1,122.1", id_of(4)),
            format!("A4,{},2025-03-05,机构上门护理,S06,一百,09:00,10:00,C1,41.1,122.1", id_of(2)),
            format!("A5,{},2999-03-05,机构上门护理,S06,65,09:00,10:00,C1,41.1,122.1", id_of(2)),
        ];
        let file = format!(
            "申报编号,身份证号,日期,服务方式,服务项目,金额,开始时间,结束时间,人员编号,纬度,经度\n{}\n",
            rows.join("\n")
        );
        let mut manager = app.client(Role::Manager).await;
        manager.get("/ltci/claims/import").await.ok();
        let counts = "select accepted * 10000 + unchanged * 100 + refused from sheet_import order by id desc limit 1";
        let sent = [("place", COUNTY), ("dry_run", "no")];
        let here = manager.post_file("/ltci/claims/import", &sent, ("file", "申报.csv", file.as_bytes())).await.leads();
        let page = manager.get(&here).await.ok().text();
        assert_eq!(app.count(counts).await, 2_00_03, "{page}");
        for reason in ["不是您这里的享受人", "“金额”应写作", "应在 2016-06-01 到今天之间"] {
            assert!(page.contains(reason), "{reason}: {page}");
        }
        manager.post_file("/ltci/claims/import", &sent, ("file", "申报.csv", file.as_bytes())).await.leads();
        assert_eq!(app.count(counts).await, 2_03, "the same file again changes nothing");
        let list = app.api(Role::Manager).await.get("/api/v1/ltci/claims").await.ok().json();
        assert_eq!(list["total"], 2);
        let theirs = text(&line(app, "Z1").await, "id").to_string();
        manager.get(&format!("/ltci/claims/{theirs}")).await.with_status(404);

        let draft = settle(app).await;
        let here = format!("/ltci/settlements/{}", text(&draft, "id"));
        manager.get(&format!("{here}/providers/{ORGANISATION}")).await.with_status(404);
        let run = confirm(app, &draft).await;
        let statement = manager.get(&format!("{here}/providers/{ORGANISATION}")).await.ok().text();
        assert!(statement.contains("王桂芳") && statement.contains("沐浴"), "{statement}");
        for hidden in
            [format!("{here}/providers/{OTHER}"), here.clone(), format!("{here}/export.zip"), format!("{here}/insurer")]
        {
            manager.get(&hidden).await.with_status(404);
        }
        let seen = app.api(Role::Manager).await.get(&format!("/api/v1{here}")).await.ok().json();
        assert_eq!((seen["providers"].as_array().unwrap().len(), seen.get("totals")), (1, None), "{seen}");
        assert_eq!(app.api(Role::Manager).await.get("/api/v1/ltci/payments").await.ok().json()["total"], 1);
        assert!(!manager.get(&format!("{here}/providers/{ORGANISATION}/lines.csv")).await.ok().text().contains("Z1"));
        let mut stranger = app.client_at(Role::Clerk, OTHER_COUNTY).await;
        stranger.get(&format!("/ltci/settlements/{}", text(&run, "id"))).await.with_status(404);
        stranger.get(&format!("/ltci/{own}/month?month={MONTH}")).await.with_status(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_takes_off_before_the_confirmation_and_an_upheld_objection_pays_after_it() {
    in_month(async |app| {
        let elder = recipient(app, 2, ORGANISATION.0).await;
        let unplaced = with(visit("A2", &elder, "04"), json!({"longitude": ""}));
        claim(app, vec![visit("A1", &elder, "03"), unplaced]).await;
        let draft = settle(app).await;
        let (clerk, auditor, manager) =
            (app.api(Role::Clerk).await, app.api(Role::Auditor).await, app.api(Role::Manager).await);
        let here = format!("/api/v1/ltci/settlements/{}", text(&draft, "id"));
        auditor.post(&format!("{here}/samples"), json!({})).await.with_status(422);
        let drawn = auditor.post(&format!("{here}/samples"), json!({"percent": 10})).await.ok().json();
        assert_eq!(drawn["drawn"], 1, "one line that the fund pays for");
        assert_eq!(
            auditor.post(&format!("{here}/samples"), json!({"count": 1})).await.ok().json()["drawn"],
            0,
            "the same line"
        );
        clerk.post(&format!("{here}/confirm"), json!({})).await.with_status(409);
        let one = text(&line(app, "A1").await, "id").to_string();
        let review = format!("{here}/samples/{}", number(&one));
        auditor
            .post(&review, json!({"state": "deducted", "amount": "58.51", "reason": "时间不符"}))
            .await
            .with_status(422);
        auditor.post(&review, json!({"state": "deducted", "amount": "10", "reason": "时间不符"})).await.ok();
        let run = confirm(app, &settle(app).await).await;
        assert_eq!(paid(&run), 5850 - 1000);
        assert_eq!(fund(app, "A1").await, 5850, "the verdict is kept");
        auditor.post(&review, json!({"state": "agreed"})).await.with_status(409);

        let other = text(&line(app, "A2").await, "id").to_string();
        let objection = format!("/api/v1/ltci/claims/{other}/objection");
        manager.post(&format!("/api/v1/ltci/claims/{one}/objection"), json!({"reason": "不服"})).await.with_status(409);
        manager.post(&objection, json!({"reason": "终端故障,附照片"})).await.ok();
        manager.post(&objection, json!({"reason": "再提"})).await.with_status(409);
        let mut desk = app.client(Role::Clerk).await;
        assert!(desk.get("/").await.ok().text().contains("待答复的异议"));
        desk.get(&format!("/ltci/claims/{other}")).await.ok();
        let answer = format!("/api/v1/ltci/claims/{other}/answer");
        let wrong = json!({"state": "upheld", "answer": "属实", "waived": "2"});
        assert!(clerk.post(&answer, wrong).await.with_status(422).text().contains("不能由异议放过"));
        clerk.post(&answer, json!({"state": "upheld", "answer": "属实", "waived": "10"})).await.ok();
        app.settle().await;
        assert_eq!(clerk.get("/api/v1/ltci/redo").await.ok().json()["total"], 1, "the month is found at once");
        let second = confirm(app, &settle(app).await).await;
        assert_eq!(paid(&second), 5850, "the line, and the review stays as it was");

        manager.post(&objection, json!({"reason": "已付"})).await.with_status(409);
        claim(app, vec![with(visit("A3", &elder, "05"), json!({"end": ""}))]).await;
        confirm(app, &settle(app).await).await;
        app.app.clock.advance_days(11);
        let late = format!("/api/v1/ltci/claims/{}/objection", text(&line(app, "A3").await, "id"));
        let refused = manager.post(&late, json!({"reason": "迟到"})).await.with_status(409).text();
        assert!(refused.contains("异议应在"), "{refused}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_sees_the_month_and_says_what_did_not_happen_without_the_provider_knowing() {
    in_month(async |app| {
        let elder = recipient(app, 2, ORGANISATION.0).await;
        claim(app, vec![visit("A1", &elder, "03")]).await;
        let account = app.account("family-990101", Role::Family, COUNTY).await;
        let person = number(&elder);
        app.run(&format!(
            "insert into account_person (account, person, region, relation) values ({account}, {person}, '{COUNTY}', 'child')"
        ))
        .await;
        let mut family = app.client(Role::Family).await;
        let here = format!("/ltci/{elder}/month?month={MONTH}");
        let looks = "select count(*) from audit where subject = 'elder' and action = 'look' and detail like 'ltci 2025%'";
        let before = app.count(looks).await;
        let page = family.get(&here).await.ok().text();
        assert!(page.contains("这个月还没有结算") && page.contains("09:00") && page.contains("data-size=\"large\""), "{page}");
        assert!(page.contains("护理人员 李"), "who came has a name: {page}");
        assert_eq!(app.count(looks).await, before + 1, "each look is noted");
        confirm(app, &settle(app).await).await;
        assert!(family.get(&here).await.ok().text().contains("基金支付 58.50 元，我付 6.50 元"));
        let key = text(&line(app, "A1").await, "id").to_string();
        let complaint = format!("/ltci/{elder}/month/{}/complaint", number(&key));
        family.post(&complaint, &[("said", "当天在医院")]).await.leads();
        family.post(&complaint, &[]).await.with_status(409);
        assert!(family.get(&here).await.ok().text().contains("已反映这次服务没有发生"));
        let mut manager = app.client(Role::Manager).await;
        manager.get("/ltci/complaints").await.with_status(403);
        assert!(!manager.get(&format!("/ltci/claims/{key}")).await.ok().text().contains("没有发生"));
        let auditor = app.api(Role::Auditor).await;
        let list = auditor.get("/api/v1/ltci/complaints?state=open").await.ok().json();
        assert_eq!((&list["total"], &list["items"][0]["said"]), (&json!(1), &json!("当天在医院")));
        let id = id_in(&list);
        let page = app.client(Role::Auditor).await.get(&format!("/ltci/complaints/{COUNTY}-{id}")).await.ok().text();
        assert!(page.contains("不得告知机构"));
        let close = format!("/api/v1/ltci/complaints/{COUNTY}-{id}/close");
        auditor.post(&close, json!({"state": "founded"})).await.with_status(422);
        auditor.post(&close, json!({"state": "founded", "finding": "住院记录相符"})).await.ok();
        auditor.post(&close, json!({"state": "founded", "finding": "再核"})).await.with_status(409);
        let stranger = recipient(app, 4, ORGANISATION.0).await;
        family.get(&format!("/ltci/{stranger}/month")).await.with_status(404);
    })
    .await;
}
