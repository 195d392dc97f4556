//! The register of several counties, page by page.

use std::collections::BTreeMap;

use app::elders::{Draft, MODULE};
use kit::{
    Ask,
    table::{Page, Row},
};

use super::{VILLAGE, ask, draft, taken};
use crate::support::{TestApp, on_both};

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
