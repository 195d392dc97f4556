//! A city's catalogue, payment by bed-day, prepayment to institutions, and the separate books of their income.

use kit::who::Role;
use serde_json::{Value, json};

use crate::{
    assessment::{elder, in_demo},
    support::{CITY, COUNTY, ORGANISATION, OTHER_COUNTY},
    tariff::{adds_up, asked, bill, public, text},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_comes_in_with_its_bad_row_handed_back_and_the_same_file_changes_nothing() {
    in_demo(async |app| {
        public(app).await;
        let elder = elder(app).await;
        let file = "编码,名称,单位,医保类别,机构等级,机构性质,价格,执行日期,文件\n\
                    120100001,静脉采血,次,甲类,,公立,5.20,2026-01-01,某市医保〔2025〕9号\n\
                    120600001,换药（小）,次,丁类,,公立,22,2026-01-01,某市医保〔2025〕9号\n\
                    130600002,家庭病床巡诊费,次,甲,二级,公立,15元,2026/1/1,某市医保〔2025〕9号\n\
                    YL-0003,助餐,餐,丙,,,,2026-01-01,某市医保〔2025〕9号\n";
        let mut clerk = app.client(Role::Clerk).await;
        clerk.get("/tariff/import").await.ok();
        clerk.get("/tariff/import/template.xlsx").await.ok();
        let counts = "select accepted * 10000 + unchanged * 100 + refused from sheet_import order by id desc limit 1";
        let send = async |clerk: &mut crate::client::Client, dry: &str, file: &str| {
            let sent = [("place", COUNTY), ("dry_run", dry)];
            clerk.post_file("/tariff/import", &sent, ("file", "价格.csv", file.as_bytes())).await.leads()
        };
        let here = send(&mut clerk, "yes", file).await;
        assert_eq!(app.count(counts).await, 30001, "three rows would be taken, one is refused");
        assert_eq!(app.count("select count(*) from tariff_price").await, 0, "a dry run writes nothing");
        let page = clerk.get(&here).await.ok().words();
        assert!(page.contains("丁类"), "{page}");
        clerk.get(&format!("{here}/refused.xlsx")).await.ok();
        send(&mut clerk, "no", file).await;
        assert_eq!((app.count(counts).await, app.count("select count(*) from tariff_price").await), (30001, 3));
        send(&mut clerk, "no", file).await;
        assert_eq!(app.count(counts).await, 301, "the same file again changes nothing");
        let raised =
            "编码,名称,单位,医保类别,机构性质,价格,执行日期,文件\n120100001,静脉采血,次,甲,公立,6,2026-01-01,某文件\n";
        send(&mut clerk, "no", raised).await;
        assert_eq!(app.count(counts).await, 1, "a price in force is not changed");

        let api = app.api(Role::Clinician).await;
        let quote = asked(&api, &elder, "code=120100001&code=130600002&code=120600001&code=YL-0003").await;
        let prices: Vec<&Value> = quote["lines"].as_array().unwrap().iter().map(|it| &it["price_fen"]).collect();
        assert_eq!(prices, [520, 1500, 2000], "the city's own price first, else that of policy");
        assert_eq!(quote["unpriced"], json!(["YL-0003"]), "what the city abolished is not charged by policy");
        assert_eq!(quote["lines"][0]["example"], json!(false));
        let before = asked(&api, &elder, "code=120100001&day=2025-12-31").await;
        assert_eq!(before["lines"][0]["price_fen"], 450, "the day before it began");
        let listed = app.api(Role::Family).await.get("/api/v1/tariff?q=120100001").await.ok().json();
        assert_eq!((&listed["items"][0]["price_fen"], &listed["items"][0]["imported"]), (&json!(520), &json!(true)));
        let catalogue =
            app.api(Role::Manager).await.get("/api/v1/tariff/catalogue?q=%E9%87%87%E8%A1%80").await.ok().json();
        assert_eq!(catalogue["total"], 1);
        let page = clerk.get("/tariff?q=%E9%87%87%E8%A1%80").await.ok().words();
        assert!(page.contains("5.20 元") && page.contains("乐善县"), "{page}");
        let other = app.api_at(Role::Official, OTHER_COUNTY).await.get("/api/v1/tariff/catalogue").await.ok().json();
        assert_eq!(other["total"], 0, "the other county has its own");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_for_the_whole_city_is_taken_for_all_its_counties_by_an_account_of_the_city_alone() {
    in_demo(async |app| {
        let file = "编码,名称,单位,医保类别,价格,执行日期,文件,适用范围\nA-1,甲项目,次,丙,9,2026-01-01,某文件,全市\n";
        let send = async |role: Role, place: &str| {
            let mut client = app.client_at(role, place).await;
            let sent = [("place", COUNTY), ("dry_run", "no")];
            client.post_file("/tariff/import", &sent, ("file", "a.csv", file.as_bytes())).await.leads()
        };
        send(Role::Clerk, COUNTY).await;
        assert_eq!(app.count("select count(*) from tariff_price").await, 0, "not for a clerk of one county");
        send(Role::Clerk, CITY).await;
        assert_eq!(app.count("select count(distinct region) from tariff_price").await, 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_prepaid_settled_once_and_its_difference_paid_or_carried() {
    in_demo(async |app| {
        let (institution, elder) = (public(app).await, elder(app).await);
        // 300 × 4.50 at 85 % are due from the fund.
        bill(app, &elder, &[("120100001", 300)]).await;
        let api = app.api(Role::Clerk).await;
        let month = app.app.clock.today().to_string()[..7].to_string();
        let path = format!("/api/v1/tariff/institutions/{institution}");
        let prepaid = json!({"amount": "2,000", "month": month, "note": "首笔预付"});
        api.post(&format!("{path}/advances"), prepaid.clone()).await.ok();
        let settle = json!({"month": month, "rest": "carried"});
        let early = api.post(&format!("{path}/settlements"), settle.clone()).await.with_status(422).text();
        assert!(early.contains("还没有过完"), "{early}");
        assert!(!app.client(Role::Clerk).await.get("/").await.ok().words().contains("预付待清算"));

        app.app.clock.advance_days(40);
        let api = app.api(Role::Clerk).await;
        assert!(app.client(Role::Clerk).await.get("/").await.ok().words().contains("预付待清算"));
        let listed = api.get("/api/v1/tariff/institutions?with=unsettled").await.ok().json();
        assert_eq!(listed["total"], 1);
        let next = app.app.clock.today().to_string()[..7].to_string();
        api.post(&format!("{path}/advances"), json!({"amount": "500", "month": next})).await.ok();
        let settled = api.post(&format!("{path}/settlements"), settle.clone()).await.ok().json();
        assert_eq!(settled["advances"][0]["kind"], "due");
        assert_eq!(
            (&settled["advances"][0]["amount_fen"], &settled["advance_balance_fen"]),
            (&json!(-114_750), &json!(135_250))
        );
        let again = api.post(&format!("{path}/settlements"), settle).await.with_status(409).json();
        assert_eq!(again["code"], "settled_already");
        api.post(&format!("{path}/advances"), prepaid).await.with_status(409);

        app.app.clock.advance_days(31);
        let api = app.api(Role::Clerk).await;
        let paid = api.post(&format!("{path}/settlements"), json!({"month": next, "rest": "paid"})).await.ok().json();
        assert_eq!(paid["advance_balance_fen"], 0, "nothing was due, so the institution gave back what it held");
        assert_eq!(
            (&paid["advances"][0]["kind"], &paid["advances"][0]["amount_fen"]),
            (&json!("paid"), &json!(-135_250))
        );
        let mut clerk = app.client(Role::Clerk).await;
        let page = clerk.get(&format!("/tariff/institutions/{institution}")).await.ok().words();
        assert!(page.contains("首笔预付") && page.contains("1147.50 元"), "{page}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn elderly_care_income_stands_in_a_book_of_its_own() {
    in_demo(async |app| {
        let (institution, elder) = (public(app).await, elder(app).await);
        let made = bill(app, &elder, &[("YL-0001", 2), ("120100001", 2)]).await;
        let month = app.app.clock.today().to_string()[..7].to_string();
        let api = app.api(Role::Manager).await;
        let path = format!("/api/v1/tariff/institutions/{institution}");
        let by_hand =
            |kind: &str, amount: &str| json!({"book": "care", "kind": kind, "item": "护理员工资", "amount": amount});
        api.post(&format!("{path}/book"), by_hand("expense", "80")).await.ok();
        api.post(&format!("{path}/book"), by_hand("expense", "0")).await.with_status(422);
        let statement = async |month: &str| {
            let path = format!("{path}/statement?month={month}");
            app.api(Role::Auditor).await.get(&path).await.ok().json()["books"].clone()
        };
        let books = statement(&month).await;
        let sums = |it: &Value| {
            ["opening", "income", "expense", "closing"].map(|name| it[format!("{name}_fen")].as_i64().unwrap())
        };
        assert_eq!(sums(&books[0]), [0, 900, 0, 900], "medical");
        assert_eq!(sums(&books[1]), [0, 12_000, 8_000, 4_000], "elderly care");

        // Corrections are of their own day and month.
        app.app.clock.advance_days(40);
        let (api, clinician) = (app.api(Role::Manager).await, app.api(Role::Clinician).await);
        let entry = &made["entries"][0];
        assert_eq!(entry["code"], "YL-0001");
        let bill = format!("/api/v1/tariff/bills/{}/corrections", text(&made, "id"));
        clinician.post(&bill, json!({"entry": entry["id"], "reason": "没有做"})).await.ok();
        let movement = books[1]["entries"].as_array().unwrap().iter().find(|it| it["kind"] == "expense").unwrap();
        let back = json!({"entry": movement["id"], "reason": "记错了"});
        api.post(&format!("{path}/book/corrections"), back.clone()).await.ok();
        api.post(&format!("{path}/book/corrections"), back).await.with_status(409);
        assert_eq!(statement(&month).await, books, "the month that was handed in stays as it was");
        let next = app.app.clock.today().to_string()[..7].to_string();
        let after = statement(&next).await;
        assert_eq!(sums(&after[1]), [4_000, -12_000, -8_000, 0]);
        assert_eq!(sums(&after[0]), [900, 0, 0, 900]);
        let mut manager = app.client(Role::Manager).await;
        let page =
            manager.get(&format!("/tariff/institutions/{institution}/statement?month={month}")).await.ok().words();
        assert!(page.contains("助浴") && page.contains("护理员工资") && page.contains("单独核算"), "{page}");
        manager.get(&format!("/tariff/institutions/{institution}/statement?month={month}&format=xlsx")).await.ok();
        manager.get(&format!("/tariff/institutions/{institution}/statement?month=2026-13")).await.with_status(422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_stable_stay_is_paid_by_the_day() {
    in_demo(async |app| {
        public(app).await;
        let elder = elder(app).await;
        let api = app.api(Role::Clinician).await;
        let today = app.app.clock.today();
        let stay = |admitted: i32, more: &str| {
            format!(
                "phase=%E7%A8%B3%E5%AE%9A%E6%9C%9F&admitted={}&stay_from={}&stay_until={today}&insured=true{more}",
                today.add_days(-admitted),
                today.add_days(-10),
            )
        };
        let quote = asked(&api, &elder, &stay(60, "&pathway=true&stable=true")).await;
        let line = &quote["lines"][0];
        assert_eq!((&line["quantity"], &line["price_fen"], &line["amount_fen"]), (&json!(10), &json!(18_000), &json!(180_000)));
        assert_eq!(line["insurance_fen"], 153_000);
        for (path, why) in [(stay(59, "&pathway=true&stable=true"), "住院天数不够"), (stay(60, "&pathway=true"), "病情不稳定")] {
            let quote = asked(&api, &elder, &path).await;
            assert!(quote["refused"][0].as_str().unwrap().contains(why) && quote["lines"] == json!([]), "{quote}");
        }
        let body = json!({"elder": elder, "institution": ORGANISATION.to_string(), "phase": "稳定期", "insured": true,
            "admitted": today.add_days(-60), "stay_from": today.add_days(-10), "stay_until": today, "pathway": true, "stable": true});
        let made = api.post("/api/v1/tariff/bills", body).await.ok().json();
        adds_up(&made);
        assert_eq!(made["amount_fen"], 180_000);
    })
    .await;
}
