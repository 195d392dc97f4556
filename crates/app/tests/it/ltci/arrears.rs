//! Who owes contributions, and with whom people are insured: kept to the person with every payment, change and night.

use kit::who::Role;
use rules::base::{Date, check_character};
use serde_json::{Value, json};

use super::{days_go_by, text};
use crate::support::{CITY, COUNTY, OTHER_COUNTY, TestApp, listed, on_both, on_both_with};

fn id_of(sequence: u32) -> String {
    let body = format!("99010119610101{sequence:03}");
    format!("{body}{}", char::from(check_character(body.as_bytes())))
}

async fn enrolled(app: &TestApp, sequence: u32, name: &str, employer: &str, kind: &str, from: Date) -> String {
    let body = json!({"id_number": id_of(sequence), "name": name, "kind": kind, "from": from.to_string(),
                      "base": "5000", "employer": employer});
    let made = app.api(Role::Clerk).await.post("/api/v1/ltci/insured", body).await.ok().json();
    text(&made, "id").to_string()
}

async fn arrears(app: &TestApp, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/ltci/insured/arrears?{query}&limit=500");
    let answer = app.api(Role::Clerk).await.get(&path).await.ok().json();
    answer["items"].as_array().unwrap().clone()
}

/// Since when, how many periods, how many fen somebody owes; nothing for who is not listed.
async fn owes(app: &TestApp, key: &str) -> Option<(String, i64, i64)> {
    let (region, id) = key.split_once('-').unwrap();
    let all = arrears(app, "").await;
    let it = all.iter().find(|it| it["region"] == region && it["id"].to_string().trim_matches('"') == id)?;
    Some((text(it, "since").to_string(), it["periods"].as_i64().unwrap(), it["fen"].as_i64().unwrap()))
}

async fn pay(app: &TestApp, key: &str, month: Date, purse: &str, amount: &str, voucher: &str) {
    let body = json!({"period": month.to_string()[..7], "purse": purse, "amount": amount,
                      "day": app.app.clock.today().to_string(), "voucher": voucher});
    app.api(Role::Clerk).await.post(&format!("/api/v1/ltci/insured/{key}/correct"), body).await.ok();
}

/// Sums are the sums of what is listed, and what is listed is what each person's page says.
async fn counted(app: &TestApp) {
    for (kept, of) in [
        (
            "select cast(coalesce(sum(persons), 0) as bigint) from ltci_arrears_total",
            "select count(*) from ltci_arrears",
        ),
        (
            "select cast(coalesce(sum(owed), 0) as bigint) from ltci_arrears_total",
            "select cast(coalesce(sum(owed), 0) as bigint) from ltci_arrears",
        ),
        ("select cast(sum(insured) as bigint) from ltci_unit", "select count(*) from ltci_insured where kind <> ''"),
        (
            "select cast(sum(employee + retiree + flexible + resident + minor) as bigint) from ltci_unit",
            "select count(*) from ltci_insured where kind <> ''",
        ),
        ("select cast(sum(debtors) as bigint) from ltci_unit", "select count(*) from ltci_arrears"),
        (
            "select count(*) from ltci_arrears_total t where t.persons <>
               (select count(*) from ltci_arrears a where a.region = t.region and a.kind = t.kind)",
            "select 0",
        ),
        (
            "select count(*) from ltci_unit u where u.insured <> (select count(*) from ltci_insured i
                where i.region = u.region and i.employer = u.name and i.kind <> '')
                or u.owed <> (select coalesce(sum(a.owed), 0) from ltci_arrears a join ltci_insured i
                    on i.region = a.region and i.id = a.insured where i.region = u.region and i.employer = u.name)",
            "select 0",
        ),
    ] {
        assert_eq!(app.count(kept).await, app.count(of).await, "{kept}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_did_not_pay_when_a_month_is_over_is_listed_until_all_is_paid() {
    on_both(async |app| {
        let month = app.app.clock.today().first_of_month();
        let next = month.add_months(1);
        let one = enrolled(app, 1, "王桂芳", "安宁一中", "employee", month).await;
        let other = enrolled(app, 2, "李建国", "", "flexible", month).await;
        assert_eq!(owes(app, &one).await, None, "the month is not over");
        let last = i64::from(app.app.clock.today().days_until(next)) - 1;
        days_go_by(app, last).await;
        assert_eq!(owes(app, &one).await, None, "nor on its last day");
        days_go_by(app, 1).await;
        let word = month.to_string()[..7].to_string();
        assert_eq!(owes(app, &one).await, Some((word.clone(), 1, 1_500)));
        assert_eq!(owes(app, &other).await, Some((word.clone(), 1, 1_500)));
        counted(app).await;

        pay(app, &one, month, "person", "7.50", "一").await;
        assert_eq!(owes(app, &one).await, Some((word.clone(), 1, 750)), "half is left");
        pay(app, &one, month, "employer", "7.50", "二").await;
        assert_eq!(owes(app, &one).await, None);
        pay(app, &one, month, "employer", "-2.50", "退").await;
        assert_eq!(owes(app, &one).await, Some((word.clone(), 1, 250)), "given back, and owed again");
        counted(app).await;

        days_go_by(app, i64::from(next.days_until(next.add_months(1)))).await;
        assert_eq!(owes(app, &one).await, Some((word, 2, 1_750)));
        let api = app.api(Role::Clerk).await;
        let change = json!({"kind": "minor", "from": month.to_string(), "base": ""});
        api.post(&format!("/api/v1/ltci/insured/{other}/change"), change).await.ok();
        assert_eq!(owes(app, &other).await, None, "minors pay nothing");
        let end = json!({"from": next.to_string()});
        api.post(&format!("/api/v1/ltci/insured/{one}/end"), end).await.ok();
        assert_eq!(owes(app, &one).await.map(|it| (it.1, it.2)), Some((1, 250)), "the second month was not insured");
        counted(app).await;
        assert_eq!(listed(&api, "/api/v1/ltci/insured/arrears?kind=ended").await, 1);
        assert_eq!(listed(&api, "/api/v1/ltci/insured/arrears?kind=employee").await, 0);
    })
    .await;
}

const GIVEN: &str = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日";

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_searched_summed_paged_and_taken_along_and_only_by_those_who_may() {
    on_both(async |app| {
        let from = app.app.clock.today().first_of_month().add_months(-2);
        for nth in 1..=31 {
            let employer = if nth <= 30 { "安宁一中" } else { "安宁一中附属幼儿园" };
            let kind = if nth % 2 == 0 { "flexible" } else { "retiree" };
            let from = if nth == 31 { from.add_months(1) } else { from };
            let name = format!("王{}", GIVEN.chars().nth(nth as usize - 1).unwrap());
            enrolled(app, nth, &name, employer, kind, from).await;
        }
        counted(app).await;
        let api = app.api(Role::Clerk).await;
        let total = api.get("/api/v1/ltci/insured/arrears/total").await.ok().json();
        // Retirees pay 7.50 a month, the flexibly employed 15.00.
        let retirees = 15 * 1_500 + 750;
        assert_eq!((&total["persons"], &total["owed"]), (&json!(31), &json!(retirees + 15 * 3_000)));
        assert_eq!(total["by_kind"]["retiree"], json!({"persons": 16, "owed": retirees}));
        assert_eq!(total["by_kind"]["ended"], json!({"persons": 0, "owed": 0}));
        for (query, persons) in [
            ("kind=retiree", 16),
            ("least=15", 30),
            ("least=15.01", 15),
            ("kind=retiree&least=15", 15),
            ("unit=安宁一中", 30),
            ("employer=安宁一中", 31),
            ("q=王日", 1),
            ("kind=nonsense", 0),
            ("least=viel", 0),
        ] {
            let query =
                query.replace("安宁一中", &kit::form::encoded("安宁一中")).replace("王日", &kit::form::encoded("王日"));
            assert_eq!(listed(&api, &format!("/api/v1/ltci/insured/arrears?{query}")).await, persons, "{query}");
            let first = api.get(&format!("/api/v1/ltci/insured/arrears?{query}&limit=1")).await.ok().json();
            assert_eq!((&first["total"], &first["more"]), (&json!(persons), &json!(false)), "{query}: exact");
        }
        let number = api.get(&format!("/api/v1/ltci/insured/arrears?q={}", id_of(7))).await.ok().json();
        assert_eq!((&number["total"], &number["items"][0]["name"]), (&json!(1), &json!("王庚")));

        let mut clerk = app.client(Role::Clerk).await;
        let page = clerk.get("/ltci/insured/arrears?least=15.01").await.ok().text();
        assert!(page.contains("682.50") && page.contains("450.00"), "all that is owed, and of those found");
        assert!(page.contains("/ltci/insured/arrears?least=15.01&amp;format=xlsx") || page.contains("format=xlsx"));
        let first = clerk.get("/ltci/insured/arrears").await.ok().text();
        assert!(first.contains("共 31 人") && first.contains("rel=\"next\""));
        let file = clerk.get("/ltci/insured/arrears?format=xlsx").await.ok();
        let book = kit::sheet::read(&file.body, "a.xlsx", &kit::sheet::Limits::default()).unwrap();
        assert_eq!(book.sheets[0].rows.len(), 33, "a title, a head and everybody");
        assert!(clerk.get("/ltci/insured").await.ok().text().contains("href=\"/ltci/insured/arrears\""));

        for role in [Role::Official, Role::Manager, Role::Family] {
            app.client(role).await.get("/ltci/insured/arrears").await.with_status(403);
            app.client(role).await.get("/ltci/insured/units").await.with_status(403);
        }
        let far = app.api_at(Role::Clerk, OTHER_COUNTY).await;
        assert_eq!(far.get("/api/v1/ltci/insured/arrears/total").await.ok().json()["persons"], 0);
        far.get(&format!("/api/v1/ltci/insured/arrears/total?place={COUNTY}")).await.with_status(404);
        let city = app.api_at(Role::Auditor, CITY).await;
        assert_eq!(city.get("/api/v1/ltci/insured/arrears/total").await.ok().json()["persons"], 31);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_employer_and_village_has_its_number_and_its_list() {
    on_both(async |app| {
        let month = app.app.clock.today().first_of_month();
        for (nth, employer, kind) in [
            (1, "安宁一中", "employee"),
            (2, "安宁一中", "retiree"),
            (3, "安宁一中附属幼儿园", "employee"),
            (4, "河口村", "resident"),
            (5, "", "flexible"),
        ] {
            enrolled(app, nth, "王桂芳", employer, kind, month).await;
        }
        counted(app).await;
        let api = app.api(Role::Clerk).await;
        let units = api.get("/api/v1/ltci/insured/units?sort=-insured").await.ok().json();
        let first = &units["items"][0];
        assert_eq!((&units["total"], &first["name"], &first["insured"]), (&json!(4), &json!("安宁一中"), &json!(2)));
        assert_eq!((&first["employee"], &first["retiree"], &first["resident"]), (&json!(1), &json!(1), &json!(0)));
        assert_eq!(listed(&api, "/api/v1/ltci/insured/units?kind=employee").await, 2);
        let name = kit::form::encoded("安宁一中");
        assert_eq!(listed(&api, &format!("/api/v1/ltci/insured?unit={name}")).await, 2, "not the nursery");
        assert_eq!(listed(&api, &format!("/api/v1/ltci/insured?employer={name}")).await, 3);
        let none = kit::form::encoded("—");
        assert_eq!(listed(&api, &format!("/api/v1/ltci/insured?unit={none}")).await, 1, "of whom none is known");
        let mut clerk = app.client(Role::Clerk).await;
        let page = clerk.get("/ltci/insured/units").await.ok().text();
        assert!(page.contains(&format!("/ltci/insured?unit={name}&amp;place={COUNTY}")), "{page}");
        assert!(page.contains(&format!("/ltci/insured?unit={}&amp;place={COUNTY}", kit::form::encoded("—"))));
        let shown = clerk.get(&format!("/ltci/insured?unit={name}&place={COUNTY}")).await.ok().text();
        assert!(shown.contains("共 2 人"));
        let file = clerk.get("/ltci/insured/units?format=xlsx").await.ok();
        let book = kit::sheet::read(&file.body, "a.xlsx", &kit::sheet::Limits::default()).unwrap();
        assert_eq!(book.sheets[0].rows.len(), 6, "a title, a head and each");

        enrolled(app, 1, "王桂芳", "安宁二中", "employee", month).await;
        counted(app).await;
        assert_eq!(listed(&api, &format!("/api/v1/ltci/insured?unit={name}")).await, 1, "she works elsewhere now");
        enrolled(app, 2, "王桂芳", "安宁二中", "retiree", month).await;
        counted(app).await;
        assert_eq!(listed(&api, "/api/v1/ltci/insured/units?sort=initials").await, 4, "nobody is left at the first");

        // What was counted wrongly is put right by night, and told.
        app.run("update ltci_unit set employee = employee + 3, insured = insured + 3 where name = '安宁一中'").await;
        app.run("insert into ltci_arrears_total (region, kind, persons, owed) values ('990101', 'minor', 2, 500)").await;
        days_go_by(app, 1).await;
        counted(app).await;
        let told = "select count(*) from job where kind = 'ltci.recount' and result like '%ltci_arrears_total 990101 minor: (-2, -500)%'
                      and result like '%ltci_unit 990101%: [-3, +0, +0, +0, +0, +0, +0]%'";
        assert_eq!(app.count(told).await, 1);

        // Loaded behind the application's back: the night counts them.
        app.run("update ltci_insured set unit = null, look_day = ''").await;
        app.run("delete from ltci_unit").await;
        days_go_by(app, 1).await;
        counted(app).await;
        assert_eq!(listed(&api, "/api/v1/ltci/insured/units?sort=initials").await, 4);
    })
    .await;
}

fn policy(folder: &std::path::Path, entries: &[(Date, &str)]) {
    let own = folder.join(format!("{COUNTY}-own"));
    std::fs::create_dir_all(&own).unwrap();
    let mut said = "筹资标准:\n  说明: 示例\n  取值:\n".to_string();
    for (from, amount) in entries {
        said.push_str(&format!(
            "    - 起: {from}\n      值:\n        - {{ 参保类别: 在职职工, 基数: 示例, 来源: [{{ 谁: 个人, 多少: {amount} }}] }}\n      状态: 示例\n"
        ));
    }
    std::fs::write(own.join("ltci.yaml"), said).unwrap();
    let named = format!("\"{COUNTY}\": {{ 名称: 示例县, 英文: Example }}\n");
    std::fs::write(folder.join("regions.yaml"), named).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn each_month_is_owed_by_the_rate_of_its_last_day_also_when_the_document_comes_late() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let dirs = [shipped, folder.path().to_path_buf()];
    let change = |config: &mut kit::config::Config| {
        config.demo = true;
        config.policy = dirs.to_vec();
    };
    let begin: Date = "2020-01-01".parse().unwrap();
    policy(folder.path(), &[(begin, "10 元")]);
    on_both_with(app::MODULES, change, async |app| {
        let month = app.app.clock.today().first_of_month();
        let key = enrolled(app, 1, "王桂芳", "", "employee", month.add_months(-3)).await;
        assert_eq!(owes(app, &key).await.map(|it| (it.1, it.2)), Some((3, 3_000)));
        days_go_by(app, 0).await;
        assert_eq!(owes(app, &key).await.map(|it| (it.1, it.2)), Some((3, 3_000)));

        // From the middle of the second month on it is 25 yuan: by its last day, the second month owes that already.
        policy(folder.path(), &[(month.add_months(-2).add_days(14), "25 元"), (begin, "10 元")]);
        let again = app.again().await;
        app.run("delete from job").await;
        kit::jobs::enqueue_repeated(&again).await.unwrap();
        while kit::jobs::run_next(&again).await.unwrap() {}
        let since = month.add_months(-3).to_string()[..7].to_string();
        assert_eq!(owes(app, &key).await, Some((since, 3, 1_000 + 2 * 2_500)));
        counted(app).await;
        policy(folder.path(), &[(begin, "10 元")]);
    })
    .await;
}
