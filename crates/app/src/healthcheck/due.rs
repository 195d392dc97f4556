//! When the next check of an elder is due: set when one is finished, and by night for those who came into the register.

use kit::{App, Ask, Error, Result, Scope, Tx, Who, events::Event};
use rules::{
    base::Date,
    healthcheck::{Course, next_due},
};

use super::{calls, record};
use crate::elders::{self, ByAge, DueItem, Elder, Key};

/// The duty's word.
pub const KIND: &str = "healthcheck";

/// Everybody of the age in the policy folder is due.
pub static OF_AGE: ByAge =
    ByAge { kind: KIND, from_age: |policy| policy.read(|it| &it.healthcheck.from_age).ok().copied(), set };

/// Sets the day of the next check of a living elder.
pub fn set(tx: &Tx<'_>, app: &App, elder: &Elder) -> Result<()> {
    if !elder.is_living() {
        return elders::clear_due(tx, &elder.key, KIND);
    }
    match next(app, elder, record::last_finished(tx, &elder.key)?)? {
        Some(item) => elders::set_due_item(tx, elder, &item),
        None => elders::clear_due(tx, &elder.key, KIND),
    }
}

/// What is due next of a living elder whose last finished check was on that day; nothing where no policy says so.
pub fn next(app: &App, elder: &Elder, last: Option<Date>) -> Result<Option<DueItem>> {
    let registered = kit::clock::day_of_stamp(&elder.created).ok_or_else(|| Error::internal("elder.created"))?;
    let course = Course { birth: elder.birth.day, registered, last };
    let day = next_due(&course, &app.policy_in(&elder.key.region, app.clock.today()));
    let link = format!("/healthcheck/due/{}", elder.key);
    Ok(day.ok().map(|day| DueItem::new(KIND, day, "年度健康体检", link)))
}

/// Death and moving away end invitations; the register clears the duty itself.
pub fn listen(app: &App, tx: &Tx<'_>, news: &Event) -> Result<()> {
    if news.kind != elders::DIED && news.kind != elders::MOVED {
        return Ok(());
    }
    let key: Key = news.body["elder"].as_str().unwrap_or_default().parse()?;
    calls::close(tx, &key)?;
    elders::clear_due(tx, &key, KIND)?;
    // Where the person moved to, the duty begins anew at once.
    if let Some(to) = news.body["to"].as_str() {
        let to: Key = to.parse()?;
        let scope = Scope::of(&app.places.tree(), &to.region);
        let ask = Ask::of(app, Who::system(scope), app.clock.now());
        let elder = elders::find(tx, &ask.who.scope, &to)?;
        set(tx, app, &elder)?;
    }
    Ok(())
}
