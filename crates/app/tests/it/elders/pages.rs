//! The register of several counties, page by page.

use std::collections::BTreeMap;

use app::elders::{Draft, MODULE};
use kit::{
    Ask, Role,
    table::{Page, Row},
};

use super::{CITY, VILLAGE, ask, assert_counted, draft, taken, write};
use crate::support::{COUNTY, TestApp, on_both};

async fn page(app: &TestApp, asked: &[(&str, &str)]) -> Page {
    let query: BTreeMap<String, String> =
        asked.iter().map(|(key, value)| ((*key).to_string(), (*value).to_string())).collect();
    let list = MODULE.lists.iter().find(|it| it.name == "elders").unwrap();
    Ask { query: query.into(), ..ask(app) }.read(move |tx, ask| list.page(tx, ask, 5)).await.unwrap()
}

fn births(page: &Page) -> Vec<String> {
    let list = MODULE.lists.iter().find(|it| it.name == "elders").unwrap();
    page.rows.iter().map(|cells| Row { list, cells }.get("birth").text()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_counties_are_one_order_forwards_and_backwards() {
    on_both(async |app| {
        let mut all = Vec::new();
        for n in 0..23 {
            let birth = format!("19{}-03-05", 30 + n * 7 % 23);
            let place = if n % 3 == 0 { "990102001001" } else { VILLAGE };
            taken(app, Draft { place: place.into(), ..draft(&format!("王{n}"), &birth) }).await;
            all.push(birth);
        }
        all.sort();
        for sort in ["birth", "-birth"] {
            let mut seen = Vec::new();
            let mut here = page(app, &[("sort", sort)]).await;
            loop {
                assert_eq!(here.total, 23);
                seen.extend(births(&here));
                let Some(next) = here.next else { break };
                here = page(app, &[("sort", sort), ("after", &next)]).await;
            }
            assert_eq!(seen, all, "{sort}");
            let mut back = births(&here);
            while let Some(previous) = here.previous {
                here = page(app, &[("sort", sort), ("before", &previous)]).await;
                back.splice(0..0, births(&here));
            }
            assert_eq!(back, all, "{sort}");
            all.reverse();
        }
    })
    .await;
}

/// What the age chart of a workbench is drawn from.
async fn ages(app: &TestApp, place: &str) -> String {
    let page = app.client_at(Role::Official, place).await.get("/").await.ok().text();
    let from = page.find("年龄结构").unwrap_or_else(|| panic!("no chart: {page}"));
    let data = &page[from..];
    data[data.find("\"series\"").unwrap_or(0)..data.find("</script>").unwrap()].to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn ages_kept_of_a_county_are_those_counted_in_its_street() {
    on_both(async |app| {
        let today = app.app.clock.today();
        for (nth, age) in [59, 60, 64, 65, 65, 70, 80, 90, 101].into_iter().enumerate() {
            let birthday = today.add_years(-age);
            for birth in [birthday, birthday.add_days(1), birthday.add_days(-40)] {
                taken(app, draft(&format!("王{nth}{birth}"), &birth.to_string())).await;
            }
        }
        let street = ages(app, &VILLAGE[..9]).await;
        assert!(street.contains("[4.0,"), "{street}");
        assert_eq!((ages(app, COUNTY).await, ages(app, CITY).await), (street.clone(), street));
        // A birth date that is put right moves the number.
        let elder = taken(app, draft("李秀兰", "1940-05-05")).await;
        write(app, move |tx, ask| app::elders::change(tx, ask, &elder, &draft("李秀兰", "1955-05-06"))).await.unwrap();
        assert_eq!(ages(app, COUNTY).await, ages(app, &VILLAGE[..9]).await);
        assert_counted(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_several_counties_are_found_by_their_beginning_and_counted_to_a_thousand() {
    on_both(async |app| {
        let first = taken(app, draft("王建国", "1950-01-01")).await;
        taken(app, draft("李王氏", "1950-01-01")).await;
        let found = |page: &Page| (page.total, page.has_more);
        assert_eq!(found(&page(app, &[("q", "王")]).await), (1, false));
        assert_eq!(found(&page(app, &[("q", "王"), ("place", COUNTY)]).await), (2, false));
        assert_eq!(found(&page(app, &[("q", "建国")]).await), (0, false));
        app.run(&format!(
            "insert into elder (region, id, street, place, name, initials, sex, birth, birth_precision, id_kind, living,
                                insurance, state, remark, source, created, changed)
             with recursive n(i) as (select 1 union all select i + 1 from n where i < 10000)
             select e.region, n.i, e.street, e.place, '王' || cast(n.i as text), 'w', e.sex, e.birth, e.birth_precision, e.id_kind,
                    e.living, e.insurance, e.state, e.remark, e.source, e.created, e.changed
               from n, elder e where e.region = '{COUNTY}' and e.id = {}",
            first.key.id
        ))
        .await;
        assert_eq!(found(&page(app, &[("q", "王")]).await), (1_000, true));
        assert_eq!(found(&page(app, &[("q", "王"), ("place", COUNTY)]).await), (10_000, true));
        assert!(!found(&page(app, &[("q", "王10"), ("place", COUNTY)]).await).1);
        let said = app.client_at(Role::Official, CITY).await.get("/elders?q=%E7%8E%8B").await.ok().text();
        assert!(said.contains("超过 1,000 人"), "{said}");
    })
    .await;
}
