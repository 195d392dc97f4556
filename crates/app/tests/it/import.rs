//! Ledgers come in as townships keep them: what is wrong is handed back, what is known stays, a dry run leaves no trace.

use std::fmt::Write;

use app::elders::{
    import::{self, Options, Outcome},
    ledger,
};
use axum::{body::Body, http::Method};
use kit::{
    Ask, Scope, Who,
    sheet::{Book, Limits, read},
    who::Role,
};
use rules::base::check_character;

use crate::support::{COUNTY, OTHER_COUNTY, TestApp, on_both};

const HEADERS: &str = "姓名,身份证号,出生日期,镇,村,联系电话,人员类别,死亡日期,迁出日期";

/// A number that nobody has: area 990101, a birth date and a sequence.
fn id_of(birth: &str, sequence: u32) -> String {
    let body = format!("990101{birth}{sequence:03}");
    let check = char::from(check_character(body.as_bytes()));
    format!("{body}{check}")
}

fn csv(rows: &[String]) -> Book {
    let text = format!("{HEADERS}\n{}\n", rows.join("\n"));
    read(text.as_bytes(), "台账.csv", &Limits::default()).unwrap()
}

fn options(app: &TestApp, place: &str, dry_run: bool) -> Options {
    let day = app.app.clock.today().civil();
    Options {
        place: place.into(),
        dry_run,
        source: "ledger 台账.csv".into(),
        reading: ledger::Options::on(day),
        job: None,
    }
}

async fn bring_in_at(app: &TestApp, scope: &str, place: &str, book: &Book, dry_run: bool) -> kit::Result<Outcome> {
    let who = Who::system(Scope::of(&app.app.places.tree(), scope));
    let ask = Ask::of(&app.app, who, app.app.clock.now());
    import::run(&ask, book, &options(app, place, dry_run), |_, _| {}).await
}

async fn bring_in(app: &TestApp, rows: &[String]) -> Outcome {
    bring_in_at(app, COUNTY, COUNTY, &csv(rows), false).await.unwrap()
}

/// Accepted, same person again, unchanged, refused.
fn counts(outcome: &Outcome) -> (usize, usize, usize, usize) {
    let it = &outcome.report;
    (it.accepted, it.same_person_again, it.unchanged, it.refused.len())
}

fn reasons(outcome: &Outcome) -> Vec<(u32, &'static str)> {
    outcome.report.refused.iter().map(|it| (it.row, it.reason.code())).collect()
}

async fn elders(app: &TestApp) -> i64 {
    app.count("select count(*) from elder").await
}

async fn text(app: &TestApp, sql: &'static str) -> String {
    app.app.db.read(move |tx| tx.one(sql, &[], |row| row.get::<String>(0))).await.unwrap()
}

fn some_rows() -> Vec<String> {
    vec![
        format!("王桂芳,{},,河口镇,河口村,13742180967,失能、独居,,", id_of("19440312", 2)),
        format!("李福田,{},,,东街,0432-6892152,低保,,", id_of("19480101", 11)),
        "张秀兰,,1939年,,西街社区,,,,".into(),
        format!("王桂芳,{},,,,13742180968,慢性病,,", id_of("19440312", 2)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_become_people_at_their_places_with_their_groups() {
    on_both(async |app| {
        let outcome = bring_in(app, &some_rows()).await;
        assert_eq!(counts(&outcome), (3, 1, 0, 0));
        assert_eq!(elders(app).await, 3);
        assert_eq!(text(app, "select place from elder where name = '王桂芳'").await, "990101002201");
        assert_eq!(text(app, "select place from elder where name = '李福田'").await, "990101001001");
        assert_eq!(text(app, "select birth_precision from elder where name = '张秀兰'").await, "year");
        assert_eq!(
            app.count("select count(*) from elder_group g join elder e on e.id = g.elder where e.name = '王桂芳' and kind <> 'oldest'")
                .await,
            3,
            "the second row of a person adds its group"
        );
        assert_eq!(app.count("select n from elder_count where facet = 'all' and street = '990101001'").await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_again_changes_nothing() {
    on_both(async |app| {
        bring_in(app, &some_rows()).await;
        let before = text(app, "select max(changed) from elder").await;
        let (audits, told) = ("select count(*) from audit", "select count(*) from elder_timeline");
        let (audit, timeline) = (app.count(audits).await, app.count(told).await);
        let again = bring_in(app, &some_rows()).await;
        assert_eq!(counts(&again), (0, 1, 3, 0));
        assert_eq!(elders(app).await, 3);
        assert_eq!(text(app, "select max(changed) from elder").await, before);
        assert_eq!((app.count(audits).await, app.count(told).await), (audit, timeline));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_the_import_does_and_leaves_no_trace() {
    on_both(async |app| {
        let mut rows = some_rows();
        rows.push("无号无生日,,,,,,,,".into());
        rows.push(format!("赵老六,{},,,,,,2024-05-06,", id_of("19300101", 9)));
        for _ in 0..2 {
            let traces = "select (select count(*) from elder) + (select count(*) from person_index) + (select count(*) from event)
                + (select count(*) from elder_timeline) + (select count(*) from audit) + (select count(*) from elder_count)";
            let before = app.count(traces).await;
            let dry = bring_in_at(app, COUNTY, COUNTY, &csv(&rows), true).await.unwrap();
            assert_eq!(app.count(traces).await, before);
            let real = bring_in(app, &rows).await;
            let shown = |it: &Outcome| serde_json::to_string(&it.report).unwrap();
            assert_eq!(shown(&dry), shown(&real));
            assert_eq!(dry.notices, real.notices);
            assert_eq!(reasons(&real), [(6, "birth date missing")]);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_rows_with_a_bad_one_bring_nine_thousand_nine_hundred_and_ninety_nine() {
    on_both(async |app| {
        let mut rows: Vec<String> = (0..10_000)
            .map(|n| {
                let birth = format!("{}{:02}{:02}", 1930 + n / 1000, 1 + n % 12, 1 + n % 28);
                format!("张三{},{},,河口镇,河口村,,,,", n % 97, id_of(&birth, n % 1000))
            })
            .collect();
        rows[7_777] = "张三,990101400101001,,,,,,,".into();
        let book = csv(&rows);
        let mut watched = Vec::new();
        let who = Who::system(Scope::of(&app.app.places.tree(), COUNTY));
        let ask = Ask::of(&app.app, who, app.app.clock.now());
        let options = options(app, COUNTY, false);
        let outcome = import::run(&ask, &book, &options, |done, total| watched.push((done, total))).await.unwrap();
        assert_eq!(counts(&outcome), (9_999, 0, 0, 1));
        assert_eq!(reasons(&outcome), [(7_779, "id length: old 15-digit number")]);
        assert_eq!(elders(app).await, 9_999);
        assert_eq!((watched.len(), watched.last()), (20, Some(&(10_000, 10_000))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_rows_read_back_and_come_in_when_they_are_mended() {
    on_both(async |app| {
        let wrong = format!("{}9", &id_of("19440312", 2)[..17]);
        let outcome = bring_in(app, &[format!("王桂芳,{wrong},,,河口村,,失能,,")]).await;
        assert_eq!(reasons(&outcome), [(2, "id check digit")]);
        let mut book = read(&outcome.report.refused_workbook().unwrap(), "a.xlsx", &Limits::default()).unwrap();
        let cells = &mut book.sheets[0].rows[1].cells;
        assert_eq!(cells[1], kit::sheet::Cell::text(&wrong));
        cells[1] = kit::sheet::Cell::text(&id_of("19440312", 2));
        let again = bring_in_at(app, COUNTY, COUNTY, &book, false).await.unwrap();
        assert_eq!(counts(&again), (1, 0, 0, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_outside_the_scope_is_refused() {
    on_both(async |app| {
        let book = csv(&some_rows());
        assert!(bring_in_at(app, OTHER_COUNTY, COUNTY, &book, false).await.is_err());
        let outcome = bring_in_at(app, "990101001", "990101001", &book, false).await.unwrap();
        let outside = "place outside your area";
        assert_eq!(
            reasons(&outcome),
            [(2, outside), (5, outside)],
            "a village of another town, and the same number again"
        );
        let other = bring_in_at(app, OTHER_COUNTY, OTHER_COUNTY, &csv(&some_rows()[1..2]), false).await.unwrap();
        assert_eq!(reasons(&other), [(2, "known in another county")]);
        let refused = &other.report.refused[0];
        assert_eq!((&*refused.column, refused.value.len()), ("身份证号", 18));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_ledger_brings_people_up_to_date() {
    on_both(async |app| {
        let id = id_of("19440312", 2);
        bring_in(app, &[format!("王桂芳,{id},,,河口村,13742180967,失能,,")]).await;
        let newer = [format!("王桂芬,{id},,,东街社区,13742180999,独居,,")];
        let outcome = bring_in(app, &newer).await;
        assert_eq!(counts(&outcome), (1, 0, 0, 0));
        let warnings: Vec<&str> = outcome.report.warnings.iter().map(|it| it.reason.code()).collect();
        assert_eq!(warnings, ["name differs from the register"]);
        assert_eq!(text(app, "select place from elder").await, "990101001001");
        assert_eq!(text(app, "select name from elder").await, "王桂芳");
        assert_eq!(app.count("select count(*) from elder_group where until_day is null and kind <> 'oldest'").await, 2);
        assert_eq!(
            app.count("select n from elder_count where facet = 'group:disabled' and street = '990101001'").await,
            1
        );
        let silent = bring_in(app, &[format!("王桂芳,{id},,,,,,,")]).await;
        assert_eq!(counts(&silent), (0, 0, 1, 0), "what a ledger does not say takes nothing away");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deaths_and_moves_are_news() {
    on_both(async |app| {
        let (a, b) = (id_of("19440312", 2), id_of("19480101", 11));
        bring_in(app, &[format!("王桂芳,{a},,,河口村,,失能,,"), format!("李福田,{b},,,东街,,,,")]).await;
        let rows = [
            format!("王桂芳,{a},,,河口村,,失能,2025-03-01,"),
            format!("李福田,{b},,,东街,,,,2025-04-01"),
            "张秀兰,,1939年,,西街社区,,,2025-05-01,".to_string(),
        ];
        assert_eq!(counts(&bring_in(app, &rows).await), (3, 0, 0, 0));
        assert_eq!(app.count("select count(*) from event where kind = 'elder.died'").await, 2);
        assert_eq!(app.count("select count(*) from event where kind = 'elder.moved'").await, 1);
        assert_eq!(text(app, "select state_day from elder where name = '王桂芳'").await, "2025-03-01");
        assert_eq!(app.count("select cast(sum(n) as bigint) from elder_count").await, 0);
        assert_eq!(counts(&bring_in(app, &rows).await), (0, 0, 3, 0));
        let living = bring_in(app, &[format!("王桂芳,{a},,,河口村,,失能,,")]).await;
        assert_eq!(counts(&living), (0, 0, 1, 0));
        assert_eq!(living.report.warnings[0].reason.code(), "known as died");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_no_place_are_told_once_a_sheet_and_kept_in_the_address() {
    on_both(async |app| {
        let rows = |village: &str| vec![format!("王桂芳,{},,,{village},,,,", id_of("19440312", 2))];
        let outcome = bring_in(app, &rows("柳树屯")).await;
        assert_eq!((counts(&outcome), outcome.report.warnings.len()), ((1, 0, 0, 0), 0));
        assert_eq!(outcome.notices.len(), 1);
        assert!(outcome.notices[0].text(kit::Lang::Zh).contains("乐善县"));
        assert_eq!(text(app, "select place from elder").await, COUNTY);
        assert_eq!(app.count("select count(*) from elder where address is not null").await, 1);
    })
    .await;
}

fn ledger_bytes(rows: &[String]) -> Vec<u8> {
    format!("{HEADERS}\n{}\n", rows.join("\n")).into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nurse_checks_a_file_then_imports_it_and_takes_the_refused_rows() {
    on_both(async |app| {
        let mut nurse = app.client(Role::Clinician).await;
        let form = nurse.get("/elders/import").await.ok().text();
        assert!(form.contains("城关镇") && form.contains("/elders/import/template.xlsx"));
        nurse.get("/elders/import/template.xlsx").await.ok();
        let mut rows = some_rows();
        rows.push("王五,123,,,,,,,".into());
        let bytes = ledger_bytes(&rows);
        let to =
            nurse.post_file("/elders/import", &[("place", COUNTY), ("dry_run", "yes")], ("file", "台账.csv", &bytes));
        let to = to.await.leads();
        let waiting = nurse.get(&to).await.ok().text();
        assert!(waiting.contains("js-poll") && waiting.contains("<noscript>"));
        app.settle().await;
        let checked = nurse.get(&to).await.ok().text();
        assert!(checked.contains("正式导入") && checked.contains("身份证号不是 18 位"), "{checked}");
        assert_eq!(elders(app).await, 0);
        let real = nurse.post(&format!("{to}/again"), &[("dry_run", "no")]).await.leads();
        app.settle().await;
        let done = nurse.get(&real).await.ok().text();
        assert!(done.contains("已导入") && !done.contains("正式导入"));
        assert_eq!(elders(app).await, 3);
        let refused = nurse.get(&format!("{real}/refused.xlsx")).await.ok();
        let book = read(&refused.body, "a.xlsx", &Limits::default()).unwrap();
        assert_eq!(book.sheets[0].rows[1].cells[0], kit::sheet::Cell::text("王五"));
        let history = nurse.get("/elders/import").await.ok().text();
        assert!(history.contains("已检查，未写入") && history.contains("已导入"));
        assert_eq!(app.count("select count(*) from audit where action = 'import'").await, 2);
        let mut other = app.client_at(Role::Clinician, OTHER_COUNTY).await;
        assert_eq!(other.get(&real).await.status, 404);
        assert_eq!(other.get(&format!("{real}/refused.xlsx")).await.status, 404);
        assert_eq!(app.client(Role::Auditor).await.get("/elders/import").await.status, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_column_can_be_chosen_and_a_file_of_another_kind_is_refused() {
    on_both(async |app| {
        let mut nurse = app.client(Role::Lead).await;
        nurse.get("/elders/import").await.ok();
        let bytes = format!("姓名,甲,性别\n王桂芳,{},女\n", id_of("19440312", 2)).into_bytes();
        let to = nurse.post_file("/elders/import", &[("place", COUNTY)], ("file", "a.csv", &bytes)).await.leads();
        app.settle().await;
        let page = nurse.get(&to).await.ok().text();
        assert!(page.contains("不认识的列") && page.contains("也没有出生日期"));
        let fields = [("c-0-0", "name"), ("c-0-1", "id"), ("c-0-2", "sex"), ("dry_run", "no")];
        nurse.post(&format!("{to}/again"), &fields).await.leads();
        app.settle().await;
        assert_eq!(text(app, "select id_kind from elder").await, "resident");
        let wrong = nurse.post_file("/elders/import", &[("place", COUNTY)], ("file", "a.pdf", b"%PDF-1.7")).await;
        assert_eq!(wrong.status, 422);
        let wrong = nurse.post_file("/elders/import", &[("place", OTHER_COUNTY)], ("file", "a.csv", &bytes)).await;
        assert_eq!(wrong.status, 422);
        let to = nurse.post_file("/elders/import", &[("place", COUNTY)], ("file", "a.xlsx", b"PK\x03\x04 torn")).await;
        let to = to.leads();
        app.settle().await;
        assert!(nurse.get(&to).await.ok().text().contains("文件没有导入"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_imports_as_the_page_does() {
    on_both(async |app| {
        let api = app.api(Role::Official).await;
        let send = async |query: &str| {
            let mut client = app.visitor();
            let request = client
                .request(Method::POST, &format!("/api/v1/elders/import?name=a.csv{query}"))
                .header("authorization", format!("Bearer {}", api.token))
                .header("content-type", "text/csv");
            client.send(request.body(Body::from(ledger_bytes(&some_rows()))).unwrap()).await
        };
        let dry = send("&dry_run=true").await.ok().json();
        assert_eq!((&dry["accepted"], &dry["same_person_again"]), (&3.into(), &1.into()));
        assert_eq!(elders(app).await, 0);
        let begun = send("").await.ok().json();
        app.settle().await;
        let done = api.get(&format!("/api/v1/elders/import/{}", begun["import"].as_str().unwrap())).await.ok().json();
        assert_eq!((&done["state"], &done["report"]["accepted"]), (&"done".into(), &3.into()));
        assert_eq!(send("&place=990102").await.status, 422);
    })
    .await;
}

/// Prints how fast 100,000 rows come in: `cargo test --release -- --ignored hundred --nocapture`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measure, not a claim"]
async fn a_hundred_thousand_rows_take_minutes_and_not_hours() {
    on_both(async |app| {
        let mut text = format!("{HEADERS}\n");
        for n in 0..100_000_u32 {
            let birth = format!("{}{:02}{:02}", 1920 + n / 3000, 1 + n % 12, 1 + n / 12 % 28);
            let id = id_of(&birth, n % 1000);
            writeln!(text, "张三{},{id},,河口镇,河口村,137{:08},失能、独居,,", n % 9973, n).unwrap();
        }
        let started = std::time::Instant::now();
        let book = read(text.as_bytes(), "台账.csv", &Limits::default()).unwrap();
        let read = started.elapsed();
        let outcome = bring_in_at(app, COUNTY, COUNTY, &book, false).await.unwrap();
        let first = started.elapsed();
        let again = bring_in_at(app, COUNTY, COUNTY, &book, false).await.unwrap();
        println!(
            "read {read:?}, import {:?}, again {:?}: {:?} then {:?}",
            first - read,
            started.elapsed() - first,
            counts(&outcome),
            counts(&again)
        );
    })
    .await;
}
