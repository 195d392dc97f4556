//! The registry of elders as its people use it.

mod age;
mod generated;
mod ledgers;
mod life;
mod merging;
mod pages;

use app::elders::{self, Birth, Document, Draft, Elder, Key};
use kit::{Ask, Scope, Who};

pub use crate::support::CITY;
use crate::support::{COUNTY, OTHER_COUNTY, TestApp};

pub const VILLAGE: &str = "990101001001";

/// What a form would say of somebody, to be changed by a test.
pub fn draft(name: &str, birth: &str) -> Draft {
    Draft {
        name: name.into(),
        sex: "female".into(),
        birth: Birth::parse(birth).unwrap(),
        document: Document { kind: "none", number: None },
        phone: None,
        address: String::new(),
        place: VILLAGE.into(),
        registered_place: None,
        organisation: None,
        living: "unknown".into(),
        insurance: "unknown".into(),
        remark: String::new(),
        groups: Vec::new(),
        source: "form".into(),
    }
}

/// Somebody who may do everything in the city of the tests, now.
pub fn ask(app: &TestApp) -> Ask {
    Ask::of(&app.app, Who::system(Scope::of(&app.app.places.tree(), CITY)), app.app.clock.now())
}

/// Does something as that somebody, in one transaction.
pub async fn write<T: Send + 'static>(
    app: &TestApp,
    work: impl FnOnce(&kit::Tx<'_>, &Ask) -> kit::Result<T> + Send + 'static,
) -> kit::Result<T> {
    ask(app).write(work).await
}

pub async fn taken(app: &TestApp, draft: Draft) -> Elder {
    write(app, move |tx, ask| elders::create(tx, ask, &draft)).await.unwrap()
}

/// The record as it is now.
pub async fn now(app: &TestApp, key: &Key) -> Elder {
    let key = key.clone();
    write(app, move |tx, ask| elders::find(tx, &ask.who.scope, &key)).await.unwrap()
}

/// Kinds of the open groups with the day of entry.
pub async fn open_groups(app: &TestApp, key: &Key) -> Vec<(String, String)> {
    let key = key.clone();
    let all = write(app, move |tx, _| elders::groups_of(tx, &key)).await.unwrap();
    all.into_iter().filter(|it| it.until.is_none()).map(|it| (it.kind, it.from)).collect()
}

/// Every number that is kept says what a fresh count says.
pub async fn assert_counted(app: &TestApp) {
    for county in [COUNTY, OTHER_COUNTY] {
        let wrong = write(app, move |tx, _| elders::recount(tx, county)).await.unwrap();
        assert_eq!(wrong, [""; 0], "{county}");
    }
}
