//! Prices and charges as clerks, nurses, families and insurers meet them: what it costs is said before, nobody pays twice,
//! bills add up whatever happens to them, institutions are prepaid and settled, elderly care has a book of its own.

use app::{
    elders::Key,
    tariff::{self, Claim},
};
use kit::{Error, who::Role};
use serde_json::{Value, json};

use crate::{
    assessment::{elder, elder_with, in_demo},
    client::Api,
    contracting::{signed, team},
    elders::ask,
    support::{COUNTY, ORGANISATION, OTHER_COUNTY, PASSWORD, TestApp},
};

const EAST: &str = "990101001001";

/// Makes the test institution a public one of level two; gives its key.
pub async fn public(app: &TestApp) -> String {
    let key = format!("{COUNTY}-{ORGANISATION}");
    for (kind, value) in [("level", "level2"), ("owner", "public"), ("insurance", "yes")] {
        let sql = "insert into institution_fact (region, institution, kind, from_day, value, note)";
        app.run(&format!("{sql} values ('{COUNTY}', {ORGANISATION}, '{kind}', '2020-01-01', '{value}', '')")).await;
    }
    key
}

/// Publishes a visit fee of 75 yuan from today on.
pub async fn fee(app: &TestApp, institution: &str) -> Value {
    let body = json!({"radius_km": 5, "minutes": 60, "persons": 2, "hourly": "30", "per_km": "1.5", "demand": 100,
                      "from": app.app.clock.today()});
    app.api(Role::Lead).await.post(&format!("/api/v1/tariff/institutions/{institution}/fees"), body).await.ok().json()
}

pub fn order(elder: &str, items: &[(&str, u16)]) -> Value {
    let codes: Vec<&str> = items.iter().map(|it| it.0).collect();
    let quantities: Vec<u16> = items.iter().map(|it| it.1).collect();
    json!({"elder": elder, "institution": ORGANISATION.to_string(), "code": codes, "quantity": quantities, "insured": true})
}

pub async fn bill(app: &TestApp, elder: &str, items: &[(&str, u16)]) -> Value {
    app.api(Role::Clinician).await.post("/api/v1/tariff/bills", order(elder, items)).await.ok().json()
}

pub async fn asked(api: &Api, elder: &str, rest: &str) -> Value {
    let path = format!("/api/v1/tariff/ask?elder={elder}&institution={ORGANISATION}&{rest}");
    api.get(&path).await.ok().json()
}

pub fn text<'a>(it: &'a Value, name: &str) -> &'a str {
    it[name].as_str().unwrap_or_else(|| panic!("no {name} in {it}"))
}

/// The parts of every entry make its amount, the sums of the bill are those of its entries.
pub fn adds_up(bill: &Value) {
    let fen = |it: &Value, name: &str| it[format!("{name}_fen")].as_i64().unwrap();
    let (mut amount, mut person, mut balance) = (0, 0, 0);
    for it in bill["entries"].as_array().unwrap() {
        let parts = ["insurance", "ltci", "package", "public_health", "person"].map(|name| fen(it, name));
        assert_eq!(parts.iter().sum::<i64>(), fen(it, "amount"), "{it}");
        balance += fen(it, "person");
        if matches!(text(it, "kind"), "charge" | "correction") {
            amount += fen(it, "amount");
            person += fen(it, "person");
        }
    }
    assert_eq!((fen(bill, "amount"), fen(bill, "person"), fen(bill, "balance")), (amount, person, balance), "{bill}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_elder_knows_before_the_order_what_it_costs_and_who_pays() {
    in_demo(async |app| {
        let (institution, elder) = (public(app).await, elder(app).await);
        let api = app.api(Role::Clinician).await;
        let quote =
            asked(&api, &elder, "code=120100001&quantity=2&code=GW-0001&code=999&visit=true&insured=true").await;
        assert_eq!(quote["unpriced"], json!(["999"]), "what has no price is said, and is not free");
        assert_eq!(quote["refused"].as_array().unwrap().len(), 1, "no fee was published yet: {quote}");
        let line = &quote["lines"][0];
        assert_eq!(
            (&line["amount_fen"], &line["insurance_fen"], &line["person_fen"]),
            (&json!(900), &json!(765), &json!(135))
        );
        assert_eq!((&line["example"], &line["payer"]), (&json!(true), &Value::Null));
        let check = &quote["lines"][1];
        assert_eq!((&check["payer"], &check["person_fen"]), (&json!("public_health"), &json!(0)));

        let published = fee(app, &institution).await;
        assert_eq!(published["fees"][0]["fee_fen"], 7500);
        let quote = asked(&api, &elder, "code=120100001&visit=true").await;
        assert_eq!(quote["total"]["person_fen"], 450 + 7500);
        assert_eq!(quote["fee_from"], json!(app.app.clock.today()));
        let mut nurse = app.client(Role::Clinician).await;
        let page = nurse
            .get(&format!("/tariff/ask?elder={elder}&institution={ORGANISATION}&code=120100001&visit=on"))
            .await
            .ok()
            .words();
        assert!(page.contains("静脉采血") && page.contains("79.50 元") && page.contains("示例"), "{page}");
        assert!(nurse.get(&format!("/elders/{elder}")).await.ok().text().contains("/tariff/ask?elder="));
        app.run("insert into organisation (region, id, place, name, kind) values ('990101', 42, '990101001', '乙院', 'hospital')")
            .await;
        let path = format!("/api/v1/tariff/ask?elder={elder}&institution=42&code=HC-0001&insured=true");
        let elsewhere = api.get(&path).await.ok().json();
        assert!(elsewhere["refused"][0].as_str().unwrap().contains("医保定点"), "{elsewhere}");
        api.get(&format!("/api/v1/tariff/ask?elder={elder}&institution={ORGANISATION}&code=120100001&quantity=0"))
            .await
            .with_status(422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_fee_is_published_ahead_holds_from_its_day_and_keeps_its_history() {
    in_demo(async |app| {
        let institution = public(app).await;
        fee(app, &institution).await;
        let (api, today) = (app.api(Role::Lead).await, app.app.clock.today());
        let path = format!("/api/v1/tariff/institutions/{institution}/fees");
        let with = |from: String, fee: &str, reason: &str| {
            json!({"radius_km": 5, "minutes": 60, "persons": 2, "hourly": "30", "per_km": "1.5", "demand": 110, "fee": fee,
                   "from": from, "reason": reason})
        };
        api.post(&path, with(today.add_days(-1).to_string(), "70", "")).await.with_status(422);
        api.post(&path, with(today.to_string(), "70", "")).await.with_status(422);
        let high = api.post(&path, with(today.add_days(10).to_string(), "90", "")).await.with_status(422).text();
        assert!(high.contains("82.50 元"), "{high}");
        api.post(&path, with(today.add_days(10).to_string(), "90", "山区道路")).await.ok();
        api.post(&path, with(today.add_days(10).to_string(), "abc", "")).await.with_status(422);
        let elder = elder(app).await;
        let on = async |day: i32| {
            let day = today.add_days(day);
            asked(&api, &elder, &format!("visit=true&day={day}")).await["total"]["person_fen"].as_i64().unwrap()
        };
        assert_eq!((on(9).await, on(10).await), (7500, 9000));
        let body = json!({"from": today.add_days(20), "reason": "暂停上门"});
        let all = api.post(&format!("{path}/end"), body).await.ok().json();
        assert_eq!(all["fees"].as_array().unwrap().len(), 3);
        assert_eq!(on(20).await, 0, "no visits are offered any more");
        let page = app.client(Role::Lead).await.get(&format!("/tariff/institutions/{institution}")).await.ok().words();
        assert!(page.contains("山区道路") && page.contains("在行") && page.contains("暂停上门"), "{page}");
        let tried = "radius_km=5&minutes=60&persons=2&hourly=30&per_km=1.5&demand=110";
        let page = app.client(Role::Lead).await.get(&format!("/tariff/institutions/{institution}?{tried}")).await;
        assert!(page.ok().words().contains("测算金额 82.50 元"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_second_is_refused_with_both_payers_and_the_clause() {
    in_demo(async |app| {
        public(app).await;
        let elder = elder(app).await;
        let key: Key = elder.parse().unwrap();
        let today = app.app.clock.today();
        let claim = async |event: &'static str, service: &'static str, payer: &'static str| {
            let (key, ask) = (key.clone(), ask(app));
            let claim = Claim { event, service, payer, day: today, basis: "月结算" };
            app.app.db.write(move |tx| tariff::claim_payer(tx, &ask, &key, &claim)).await
        };
        // The item of the long-term-care catalogue is the bath of the price list under another code.
        claim("ltci:1", "LTC-BATH", "ltci").await.unwrap();
        claim("ltci:1", "LTC-BATH", "ltci").await.unwrap();
        claim("ltci:2", "YL-0001", "ltci").await.unwrap();
        let Err(Error::Refused(refused)) = claim("bill:9", "YL-0001", "self").await else { panic!("paid twice") };
        let said = refused.why.in_lang(kit::Lang::Zh);
        assert!(said.contains("长期护理保险") && said.contains("个人") && said.contains("“助浴”"), "{said}");
        assert_eq!(refused.link, Some(format!("/ltci/claims/{COUNTY}-1")), "what was paid can be looked at");
        assert_eq!(refused.source.as_deref(), Some("不得重复收费的保障"), "the clause of policy, an example without a document");
        // Behind the application's back the database itself refuses.
        let row = format!(
            "insert into tariff_event (region, id, elder, service, day, event, payer, basis, account, who, created, release_reason)
             values ('{COUNTY}', 7, {}, 'YL-0001', '{today}', 'x', 'self', '', 1, '', '', '')",
            key.id
        );
        let raw = app.app.db.write(move |tx| tx.run(&row, &[])).await;
        assert!(raw.unwrap_err().is_duplicate());

        let api = app.api(Role::Clinician).await;
        let quote = asked(&api, &elder, "code=YL-0001").await;
        let line = &quote["lines"][0];
        assert_eq!((&line["payer"], &line["person_fen"], &line["blocked"]["event"]), (&json!("ltci"), &json!(0), &json!("ltci:1")));
        let refused = api.post("/api/v1/tariff/bills", order(&elder, &[("YL-0001", 1)])).await.with_status(409).json();
        assert_eq!(refused["code"], "paid_already");
        let page = app.client(Role::Clinician).await;
        let mut page = page;
        let page = page.get(&format!("/tariff/ask?elder={elder}&institution={ORGANISATION}&code=YL-0001")).await.ok().words();
        assert!(page.contains("不再收费") && page.contains("长期护理保险") && page.contains("不能开账单"), "{page}");
        assert!(page.contains("没有生效的签约和长护险待遇"), "{page}");
        assert_eq!(app.count("select count(*) from tariff_bill").await, 0);

        // Once the claim is taken back, the person may be charged, and then the insurance is second.
        let (for_release, asker) = (key.clone(), ask(app));
        let released = app
            .app
            .db
            .write(move |tx| tariff::release_payer(tx, &asker, &for_release, "ltci:1", "LTC-BATH", today, "申报有误"))
            .await
            .unwrap();
        assert!(released);
        adds_up(&bill(app, &elder, &[("YL-0001", 1)]).await);
        let Err(Error::Refused(refused)) = claim("ltci:3", "LTC-BATH", "ltci").await else { panic!("paid twice") };
        assert_eq!(refused.code, "paid_already");
        // Another bill charges for the same day: taking the first back leaves the second on record.
        let first = api.get(&format!("/api/v1/tariff/elders/{elder}")).await.ok().json()["bills"][0].clone();
        bill(app, &elder, &[("YL-0001", 1)]).await;
        let path = format!("/api/v1/tariff/bills/{}", text(&first, "id"));
        let charge = api.get(&path).await.ok().json()["entries"][0]["id"].clone();
        api.post(&format!("{path}/corrections"), json!({"entry": charge, "reason": "重复"})).await.ok();
        let Err(Error::Refused(_)) = claim("ltci:3", "LTC-BATH", "ltci").await else { panic!("paid twice") };
        let known = api.get(&format!("/api/v1/tariff/elders/{elder}")).await.ok().json();
        assert_eq!((known["bills"].as_array().unwrap().len(), known["payers"].as_array().unwrap().len()), (2, 3));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_package_promises_is_not_charged_within_its_times() {
    in_demo(async |app| {
        public(app).await;
        let elder = elder_with(app, json!({"name": "李秀英", "groups": []})).await;
        let api = app.api(Role::Lead).await;
        let before = asked(&api, &elder, "code=JY-0002").await;
        assert_eq!((&before["lines"][0]["payer"], &before["lines"][0]["person_fen"]), (&Value::Null, &json!(2000)));
        let team = team(app, "第一团队", &[EAST]).await;
        let contract = signed(&api, app, &elder, &team).await;
        let after = asked(&api, &elder, "code=JY-0002").await;
        assert_eq!(after["lines"][0]["payer"], "contract", "the basic package promises guidance: {contract}");
        let page = app.client(Role::Lead).await.get(&format!("/tariff/ask?elder={elder}")).await.ok().words();
        assert!(
            page.contains("已有的保障") && page.contains("第一团队"),
            "what the elder has is said before ordering: {page}"
        );
        let made = bill(app, &elder, &[("JY-0002", 1), ("120100001", 1)]).await;
        adds_up(&made);
        assert_eq!((&made["entries"][0]["package_fen"], &made["entries"][0]["person_fen"]), (&json!(2000), &json!(0)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_adds_up_through_receipts_corrections_and_refunds_and_nothing_is_changed() {
    in_demo(async |app| {
        public(app).await;
        let elder = elder(app).await;
        let api = app.api(Role::Clinician).await;
        let mut made = order(&elder, &[("120100001", 3), ("HC-0001", 2), ("120600001", 1)]);
        made["event"] = json!("visit:1");
        let made = api.post("/api/v1/tariff/bills", made).await.ok().json();
        adds_up(&made);
        // 4.50 × 3 and 20.00 at 85 %, rounded once a line; 6.80 × 2 is not insured.
        assert_eq!(
            (&made["amount_fen"], &made["person_fen"]),
            (&json!(4710), &json!(1350 - 1148 + 1360 + 2000 - 1700))
        );
        let year = app.app.clock.today().year();
        assert_eq!(text(&made, "number"), format!("B{year}000001"));
        let mut again = order(&elder, &[("HC-0001", 1)]);
        again["event"] = json!("visit:1");
        let refused = api.post("/api/v1/tariff/bills", again).await.with_status(409).json();
        assert_eq!(refused["code"], "billed_already");

        let path = format!("/api/v1/tariff/bills/{}", text(&made, "id"));
        let owed = made["person_fen"].as_i64().unwrap();
        let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
        let pay = |fen: i64| json!({"amount": yuan(fen), "way": "mobile"});
        api.post(&format!("{path}/receipts"), pay(owed + 1)).await.with_status(422);
        api.post(&format!("{path}/receipts"), json!({"amount": "0", "way": "cash"})).await.with_status(422);
        let paid = api.post(&format!("{path}/receipts"), pay(owed)).await.ok().json();
        adds_up(&paid);
        assert_eq!((&paid["balance_fen"], text(&paid, "state")), (&json!(0), "settled"));

        let wrong = made["entries"][1]["id"].clone();
        let back = json!({"entry": wrong, "reason": "没有用换药包"});
        api.post(&format!("{path}/corrections"), json!({"entry": wrong, "reason": ""})).await.with_status(422);
        let corrected = api.post(&format!("{path}/corrections"), back.clone()).await.ok().json();
        adds_up(&corrected);
        assert_eq!((&corrected["balance_fen"], text(&corrected, "state")), (&json!(-1360), "over"));
        assert_eq!(corrected["entries"][1], made["entries"][1], "the charge stays as it was");
        let twice = api.post(&format!("{path}/corrections"), back).await.with_status(409).json();
        assert_eq!(twice["code"], "corrected_already");
        let give = |fen: i64| json!({"amount": yuan(fen), "way": "mobile", "reason": "更正后退款"});
        api.post(&format!("{path}/refunds"), give(1361)).await.with_status(422);
        let refunded = api.post(&format!("{path}/refunds"), give(1360)).await.ok().json();
        adds_up(&refunded);
        assert_eq!((&refunded["balance_fen"], refunded["entries"].as_array().unwrap().len()), (&json!(0), 6));
        let numbers: Vec<&str> = refunded["entries"].as_array().unwrap().iter().map(|it| text(it, "number")).collect();
        assert_eq!(numbers[3..], [format!("R{year}000001"), String::new(), format!("R{year}000002")]);

        let mut nurse = app.client(Role::Clinician).await;
        let page = nurse.get(&format!("/tariff/bills/{}", text(&made, "id"))).await.ok().words();
        assert!(page.contains("没有用换药包") && page.contains("已更正") && page.contains("更正后退款"), "{page}");
        assert!(nurse.get("/tariff/bills").await.ok().words().contains("已结清"));
        let file = nurse.get("/tariff/bills?format=xlsx").await.ok();
        let book = kit::sheet::read(&file.body, "a.xlsx", &kit::sheet::Limits::default()).unwrap();
        let amount = book.sheets[0].rows[2].cell(5);
        let yuan = refunded["amount_fen"].as_i64().unwrap() as f64 / 100.0;
        assert_eq!(amount, &kit::sheet::Cell::Number(yuan), "a number that can be summed, in yuan");
        let beside = nurse.get(&format!("/elders/{elder}")).await.ok().words();
        assert!(beside.contains("费用"), "{beside}");
    })
    .await;
}

/// A row that does not add up, and a charge corrected twice, are refused by the tables themselves; no statement changes entries.
#[tokio::test(flavor = "multi_thread")]
async fn the_tables_refuse_what_does_not_add_up_and_nothing_changes_an_entry() {
    in_demo(async |app| {
        let row = |id: i64, amount: i64, corrects: &str| {
            format!(
                "insert into tariff_entry (region, bill, id, institution, kind, day, code, name, unit, item_kind, class, quantity,
                   price, amount, insurance, ltci, package, public_health, person, payer, why, basis, number, way, corrects, reason,
                   account, who, created)
                 values ('{COUNTY}', 1, {id}, 1, 'correction', '2026-01-01', '', '', '', '', '', 1, 0, {amount}, 0, 0, 0, 0, 100, '',
                   '', '', '', '', {corrects}, '', 1, '', '')"
            )
        };
        let put = async |sql: String| app.app.db.write(move |tx| tx.run(&sql, &[])).await;
        put(row(1, 101, "null")).await.unwrap_err();
        put(row(2, 100, "9")).await.unwrap();
        assert!(put(row(3, 100, "9")).await.unwrap_err().is_duplicate());
    })
    .await;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tariff");
    for file in std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).filter(|it| it.is_file()) {
        let source = std::fs::read_to_string(&file).unwrap();
        for table in ["tariff_entry", "tariff_advance", "tariff_book"] {
            for verb in ["update", "delete from"] {
                assert!(!source.contains(&format!("{verb} {table}")), "{}: {verb} {table}", file.display());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_institution_and_another_family_see_nothing() {
    in_demo(async |app| {
        let institution = public(app).await;
        let (elder, other) = (elder(app).await, elder_with(app, json!({"name": "赵大山"})).await);
        let made = bill(app, &elder, &[("120100001", 1)]).await;
        let path = format!("/api/v1/tariff/bills/{}", text(&made, "id"));
        app.api(Role::Manager).await.get(&path).await.ok();
        app.run("insert into organisation (region, id, place, name, kind) values ('990101', 42, '990101001', '乙院', 'hospital')")
            .await;
        let stranger = app.account("stranger", Role::Manager, COUNTY).await;
        app.run(&format!("update account set organisation = 42 where id = {stranger}")).await;
        let stranger = app.token(stranger, &[]).await;
        stranger.get(&path).await.with_status(404);
        assert_eq!(stranger.get("/api/v1/tariff/bills").await.ok().json()["total"], 0);
        stranger.get(&format!("/api/v1/tariff/institutions/{institution}")).await.with_status(404);
        stranger.get(&format!("/api/v1/tariff/institutions/{institution}/statement")).await.with_status(404);
        stranger.get(&format!("/api/v1/tariff/elders/{elder}")).await.with_status(404);
        app.api_at(Role::Official, OTHER_COUNTY).await.get(&path).await.with_status(404);

        let grant = async |login: &str, elder: &str| {
            let account = app.account(login, Role::Family, COUNTY).await;
            let key: Key = elder.parse().unwrap();
            let sql = "insert into account_person (account, region, person, relation) values ($1, $2, $3, '女儿')";
            app.app.db.write(move |tx| tx.run(sql, &[&account, &key.region, &key.id])).await.unwrap();
            app.token(account, &[]).await
        };
        let (own, theirs) = (grant("daughter", &elder).await, grant("son", &other).await);
        own.get(&path).await.ok();
        assert_eq!(own.get("/api/v1/tariff/bills").await.ok().json()["total"], 1);
        assert!(asked(&own, &elder, "code=120100001").await["lines"][0]["amount_fen"] == 450);
        own.post(&format!("{path}/receipts"), json!({"amount": "1", "way": "cash"})).await.with_status(403);
        theirs.get(&path).await.with_status(404);
        assert_eq!(theirs.get("/api/v1/tariff/bills").await.ok().json()["total"], 0);
        theirs.get(&format!("/api/v1/tariff/ask?elder={elder}&institution={ORGANISATION}&code=A")).await.with_status(404);
        let mut daughter = app.visitor();
        daughter.sign_in("daughter", PASSWORD).await.unwrap();
        let home = daughter.get("/").await.ok().words();
        assert!(home.contains("费用") && home.contains("还应付"), "{home}");
        let here = format!("/tariff/elders/{elder}");
        let (hers, clinicians) = (daughter.get(&here).await.ok().text(), app.client(Role::Clinician).await.get(&here).await.ok().text());
        let way = format!("href=\"/elders/{elder}\"");
        assert!(clinicians.contains(&way) && !hers.contains(&way), "a page offers nobody what they may not open");
        let origin = format!("href=\"/tariff/bills/{}\">账单</a>", path.rsplit('/').next().unwrap());
        assert!(hers.contains(&origin) && !hers.contains("visit_fee") && !hers.contains("bill:"), "{hers}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_examples_nothing_is_quoted_that_no_document_gives() {
    crate::support::on_both(async |app| {
        public(app).await;
        let elder = elder(app).await;
        let quote = asked(&app.api(Role::Clinician).await, &elder, "code=120100001").await;
        assert_eq!((&quote["unpriced"], &quote["lines"]), (&json!(["120100001"]), &json!([])));
        let body = order(&elder, &[("120100001", 1)]);
        let refused = app.api(Role::Clinician).await.post("/api/v1/tariff/bills", body).await.with_status(409).json();
        assert_eq!(refused["code"], "no_price");
    })
    .await;
}
