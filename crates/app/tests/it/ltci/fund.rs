//! Who is insured, what they owe and paid, and what the fund has.

use kit::who::Role;
use rules::base::check_character;
use serde_json::{Value, json};

use super::text;
use crate::support::{CITY, COUNTY, OTHER_COUNTY, TestApp, no_difference, on_both};

fn id_of(sequence: u32) -> String {
    let body = format!("99010119600101{sequence:03}");
    format!("{body}{}", char::from(check_character(body.as_bytes())))
}

async fn enrolled(app: &TestApp, sequence: u32, kind: &str, from: &str, base: &str) -> String {
    let body = json!({"id_number": id_of(sequence), "name": "王桂芳", "kind": kind, "from": from, "base": base});
    let made = app.api(Role::Clerk).await.post("/api/v1/ltci/insured", body).await.ok().json();
    text(&made, "id").to_string()
}

async fn insured(app: &TestApp, key: &str) -> Value {
    app.api(Role::Clerk).await.get(&format!("/api/v1/ltci/insured/{key}")).await.ok().json()
}

async fn fund(app: &TestApp, place: &str, year: i16) -> Value {
    let path = format!("/api/v1/ltci/fund?place={place}&year={year}");
    app.api_at(Role::Official, CITY).await.get(&path).await.ok().json()
}

/// Due in fen by purse in a month.
fn due(of: &Value, month: &str) -> Vec<(String, i64)> {
    let all = of["contributions"].as_array().unwrap().iter().filter(|it| it["period"] == month);
    all.map(|it| (text(it, "purse").to_string(), it["due"].as_i64().unwrap())).collect()
}

/// How many rows the last import took, left as they were, and handed back.
const COUNTS: &str = "select accepted * 10000 + unchanged * 100 + refused from sheet_import order by id desc limit 1";

async fn pay(app: &TestApp, rows: &[String]) -> i64 {
    let mut clerk = app.client(Role::Clerk).await;
    clerk.get("/ltci/insured/payments").await.ok();
    let file = format!("身份证号,缴费期,用人单位,个人,到账日期,凭证号\n{}\n", rows.join("\n"));
    let fields = [("place", COUNTY), ("dry_run", "no")];
    clerk.post_file("/ltci/insured/payments", &fields, ("file", "缴费.csv", file.as_bytes())).await.leads();
    app.count(COUNTS).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_owes_by_the_policy_at_the_end_of_the_month_and_nothing_before_there_was_one() {
    on_both(async |app| {
        let employee = enrolled(app, 1, "employee", "2026-01-01", "5000").await;
        let retiree = enrolled(app, 2, "retiree", "2026-01-01", "3,000").await;
        let flexible = enrolled(app, 3, "flexible", "2026-01-01", "5000.00").await;
        let resident = enrolled(app, 4, "resident", "2026-01-01", "60000").await;
        let employee = insured(app, &employee).await;
        assert!(due(&employee, "2026-02").is_empty(), "the opinion holds from 25 March 2026 on: {employee}");
        let both = [("employer".to_string(), 750), ("person".to_string(), 750)];
        assert_eq!(due(&employee, "2026-03"), both);
        assert_eq!(due(&insured(app, &retiree).await, "2026-04"), [("person".to_string(), 450)]);
        assert_eq!(due(&insured(app, &flexible).await, "2026-04"), [("person".to_string(), 1_500)]);
        let year = insured(app, &resident).await;
        let over = app.app.clock.today().year() > 2026;
        assert_eq!(due(&year, "2026").len(), if over { 2 } else { 0 }, "a year is owed when it is over");
        let why = &employee["contributions"][0]["because"];
        assert_eq!((&why["document"], &why["from"]), (&json!("ltci-opinion-2026"), &json!("2026-03-25")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_file_moves_arrears_and_the_book_once_and_hands_a_bad_row_back() {
    on_both(async |app| {
        let key = enrolled(app, 1, "employee", "2026-03-01", "5000").await;
        let owed = insured(app, &key).await["owed"].as_i64().unwrap();
        let rows = [
            format!("{},2026-03,7.50,7.50,2026-04-10,", id_of(1)),
            format!("{},2026-04,7.5,7.5,2026-05-10,", id_of(1)),
            format!("{},2026-03,7.50,7.50,2026-04-10,", id_of(9)),
        ];
        assert_eq!(pay(app, &rows).await, 2_00_01, "two are taken, one is handed back");
        assert_eq!(insured(app, &key).await["owed"].as_i64().unwrap(), owed - 3_000);
        assert_eq!(pay(app, &rows).await, 2_01, "the same file again changes nothing");
        let said = fund(app, COUNTY, 2026).await;
        assert_eq!((&said["income"], &said["balance"]), (&json!(3_000), &json!(3_000)));
        assert_eq!(said["by_purse"], json!({"employer": 1_500, "person": 1_500}));

        let other = [format!("{},2026-03,9,7.50,2026-04-10,", id_of(1))];
        assert_eq!(pay(app, &other).await, 1, "another amount under the same voucher is a question");
        let api = app.api(Role::Clerk).await;
        let back =
            json!({"period": "2026-04", "purse": "person", "amount": "-7.50", "day": "2026-06-01", "voucher": "退1"});
        for _ in 0..2 {
            api.post(&format!("/api/v1/ltci/insured/{key}/correct"), back.clone()).await.ok();
        }
        assert_eq!(fund(app, COUNTY, 2026).await["income"], 2_250, "given back once");
        assert_eq!(insured(app, &key).await["owed"].as_i64().unwrap(), owed - 2_250);
        let sums = app.count("select cast(sum(amount) as bigint) from ltci_fund_entry").await;
        assert_eq!(sums, app.count("select cast(sum(amount) as bigint) from ltci_fund_total").await);
        let mut clerk = app.client(Role::Clerk).await;
        let page = clerk.get(&format!("/ltci/insured/{key}")).await.ok().text();
        assert!(page.contains("欠缴") && page.contains("ltci-opinion-2026") && !page.contains(&id_of(1)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn spending_is_booked_once_and_a_city_has_what_its_counties_have() {
    on_both(async |app| {
        let app_too = app.app.clone();
        let booked = app
            .app
            .db
            .write(move |tx| {
                let scope = kit::Scope::of(&app_too.places.tree(), CITY);
                let ask = kit::Ask::of(&app_too, kit::Who::system(scope), app_too.clock.now());
                let mut all = Vec::new();
                for (region, source, yuan) in
                    [(COUNTY, "payment:1", 1_000), (COUNTY, "payment:1", 1_000), (OTHER_COUNTY, "payment:1", 500)]
                {
                    let it = app::ltci::fund::Spending {
                        region,
                        day: "2026-05-31".parse().unwrap(),
                        mode: rules::ltci::Mode::Residential,
                        grade: rules::ltci::Grade::try_from(3).unwrap(),
                        amount: rules::base::Money::from_yuan(yuan),
                        months: 1,
                        source,
                    };
                    all.push(app::ltci::fund::spend(tx, &ask, &it)?);
                }
                Ok(all)
            })
            .await
            .unwrap();
        assert_eq!(booked, [true, false, true]);
        assert_eq!(fund(app, COUNTY, 2026).await["spending"], 100_000);
        let city = fund(app, CITY, 2026).await;
        assert_eq!((&city["spending"], &city["balance"]), (&json!(150_000), &json!(-150_000)));
        assert_eq!((&city["recipient_months"], &city["mean_recipient_month"]), (&json!(2), &json!(75_000)));
        assert_eq!(fund(app, CITY, 2025).await["spending"], 0);
        let path = format!("/api/v1/ltci/fund/forecast?place={CITY}&year=2026&years=2&price=0&ageing=0&growth=0");
        let years = app.api_at(Role::Official, CITY).await.get(&path).await.ok().json();
        assert_eq!(
            (&years["years"][0]["spending"], &years["years"][1]["balance"]),
            (&json!(1_800_000), &json!(-3_750_000))
        );
        let mut official = app.client_at(Role::Official, CITY).await;
        assert!(official.get("/ltci/fund?year=2026").await.ok().text().contains("1,500.00"));
        assert!(official.get("/ltci/fund/forecast?year=2026&price=5").await.ok().text().contains("js-chart"));
        official.get("/ltci/fund/forecast?price=900").await.with_status(422);

        let file = official.get("/ltci/fund?year=2026&format=csv").await.ok();
        assert!(file.header("content-disposition").contains("ltci-fund-990100-2026.csv"));
        let lines: Vec<String> = file.text().lines().map(str::to_string).collect();
        assert!(lines[0].contains("项目,来源、服务方式或月份"), "{lines:?}");
        assert_eq!(lines[1], "合计,,,0.00,1500.00,2,750.00,-1500.00,");
        assert_eq!(lines[2], "支出构成,机构集中护理,3,,1500.00,2,750.00,,");
        assert_eq!(lines[3], "各月收支,2026-05,,0.00,1500.00,,,-1500.00,");
        assert_eq!(lines.len(), 4);
        let file = official.get(&format!("/ltci/fund?year=2026&month=5&place={COUNTY}&format=xlsx")).await.ok();
        assert!(file.header("content-disposition").contains(&format!("ltci-fund-{COUNTY}-2026-05.xlsx")));
        let book = kit::sheet::read(&file.body, "a.xlsx", &kit::sheet::Limits::default()).unwrap();
        let sum = &book.sheets[0].rows[2];
        assert_eq!((sum.cell(0).display(), sum.cell(4).display()), ("合计".to_string(), "1000".to_string()));
        let exports = "select count(*) from audit where action = 'export' and subject = 'ltci_fund'";
        assert_eq!(app.count(exports).await, 2, "what is taken along is in the trail");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn officials_see_numbers_only_families_nothing_and_the_neighbour_nobody() {
    on_both(async |app| {
        let key = enrolled(app, 1, "resident", "2026-01-01", "").await;
        let path = format!("/api/v1/ltci/insured/{key}");
        app.api(Role::Official).await.get(&path).await.with_status(403);
        app.api(Role::Official).await.get("/api/v1/ltci/insured").await.with_status(403);
        app.api(Role::Official).await.get("/api/v1/ltci/fund").await.ok();
        app.api(Role::Family).await.get(&path).await.with_status(403);
        app.api(Role::Family).await.get("/api/v1/ltci/fund").await.with_status(403);
        app.api_at(Role::Clerk, OTHER_COUNTY).await.get(&path).await.with_status(404);
        app.api(Role::Auditor).await.get(&path).await.ok();
        app.api(Role::Auditor).await.post(&format!("{path}/end"), json!({"from": "2026-02-01"})).await.with_status(403);
        let listed = app.api(Role::Clerk).await.get(&format!("/api/v1/ltci/insured?q={}", id_of(1))).await.ok().json();
        assert_eq!(listed["total"], 1);
        app.api(Role::Clerk).await.post(&format!("{path}/end"), json!({"from": "2026-02-01"})).await.ok();
        let ended = app.api(Role::Clerk).await.get("/api/v1/ltci/insured?state=ended").await.ok().json();
        assert_eq!(ended["total"], 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn months_from_before_come_in_once_and_stand_in_the_numbers() {
    on_both(async |app| {
        let mut clerk = app.client(Role::Clerk).await;
        let send = async |clerk: &mut crate::client::Client, rows: &[&str]| {
            clerk.get("/ltci/fund/import").await.ok();
            let file = format!("月份,来源,服务方式,失能等级,金额,人月\n{}\n", rows.join("\n"));
            let fields = [("place", COUNTY), ("dry_run", "no")];
            clerk.post_file("/ltci/fund/import", &fields, ("file", "收支.csv", file.as_bytes())).await.leads();
            app.settle().await;
            app.count(COUNTS).await
        };
        let rows = [
            "2024-11,用人单位,,,5000.00,",
            "2024年11月,个人,,,1000.50,",
            "2024-11,,机构集中护理,4,3734.00,2",
            "2024-12,医保,,,20,",
            "2999-01,个人,,,1,",
            "2024-11,,机构集中护理,,1,1",
            "2024-11,个人,机构集中护理,4,1,1",
        ];
        assert_eq!(send(&mut clerk, &rows).await, 40_003, "four come in, three are handed back");
        assert_eq!(send(&mut clerk, &rows[..4]).await, 400, "the same again changes nothing");
        assert_eq!(send(&mut clerk, &["2024-11,用人单位,,,5000.01,"]).await, 1, "another amount is handed back");
        let figure = async |id: &str, on: &str| {
            let path = format!("/api/v1/indicators/{id}?place={COUNTY}&on={on}");
            let it = app.api(Role::Official).await.get(&path).await.ok().json();
            (it["numerator"].as_i64().unwrap(), it["denominator"].as_i64())
        };
        assert_eq!(figure("fund_income", "2024-11-29").await.0, 0, "a month counts from its last day on");
        assert_eq!(figure("fund_income", "2024-11-30").await.0, 600_050);
        assert_eq!(figure("fund_balance", "2024-12-31").await.0, 602_050 - 373_400);
        assert_eq!(figure("ltci_benefit_mean", "2024-12-31").await, (373_400, Some(2)));
        no_difference(app).await;
    })
    .await;
}
