//! When Chinese medicine is next due for an elder, and for what.

use kit::{App, Ask, Error, Result, Scope, Tx, Who, events::Event};
use rules::{
    healthcheck::Course,
    tcm::{State, next_due},
};

use super::{
    course,
    record::{self, Record},
};
use crate::{
    assessment,
    elders::{self, ByAge, DueItem, Elder, Key},
};

/// The duty's word.
pub const KIND: &str = "tcm";

/// Everybody of the age in the policy folder is due.
pub static OF_AGE: ByAge =
    ByAge { kind: KIND, from_age: |policy| policy.read(|it| &it.tcm.from_age).ok().copied(), set };

/// Sets what is due next of a living elder.
pub fn set(tx: &Tx<'_>, app: &App, elder: &Elder) -> Result<()> {
    if !elder.is_living() {
        return elders::clear_due(tx, &elder.key, KIND);
    }
    let last = record::last(tx, &elder.key)?;
    match next(app, elder, last.as_ref())? {
        Some(item) => elders::set_due_item(tx, elder, &item),
        None => elders::clear_due(tx, &elder.key, KIND),
    }
}

/// What is due next of a living elder with this last record; nothing where no policy says so.
pub fn next(app: &App, elder: &Elder, last: Option<&Record>) -> Result<Option<DueItem>> {
    let registered = kit::clock::day_of_stamp(&elder.created).ok_or_else(|| Error::internal("elder.created"))?;
    let counted = last.filter(|it| it.counts()).map(|it| it.day);
    let course = Course { birth: elder.birth.day, registered, last: counted };
    let policy = app.policy_in(&elder.key.region, app.clock.today());
    let Ok(yearly) = next_due(&course, &policy) else { return Ok(None) };
    let open = last.filter(|it| !it.counts());
    let link = open.map_or_else(|| format!("/tcm/of/{}", elder.key), |it| it.link());
    let (day, said) = match open.map(|it| (it.state, it)) {
        None => (yearly, "中医药健康管理"),
        Some((State::Settled, it)) => (it.day, "给予中医药保健指导"),
        Some((State::Tie, it)) => (it.day, "中医师判定体质"),
        Some((State::Contradictory, it)) => (it.day, "核对体质问卷"),
        Some((State::Nothing, it)) => (it.again_day.unwrap_or(it.day), "重新采集体质问卷"),
    };
    Ok(Some(DueItem::new(KIND, day, said, link)))
}

/// A finished questionnaire concludes; death and moving away end the duty, and it begins anew where the person moved to.
pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    let system = |region: &str| {
        let scope = Scope::of(&app.places.tree(), region);
        Ask::of(app, Who::system(scope), app.clock.now())
    };
    match &*news.kind {
        assessment::EFFECTIVE => course::of_news(tx, &system(&news.region), &news.body),
        elders::DIED | elders::MOVED => {
            let key: Key = news.body["elder"].as_str().unwrap_or_default().parse()?;
            elders::clear_due(tx, &key, KIND)?;
            if let Some(to) = news.body["to"].as_str() {
                let to: Key = to.parse()?;
                let elder = elders::find(tx, &system(&to.region).who.scope, &to)?;
                set(tx, app, &elder)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
