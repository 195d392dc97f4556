//! When the next check of an elder is due: set when one is finished, and by night for those who came into the register.

use kit::{App, Ask, Error, Result, Scope, Tx, Who, events::Event};
use rules::healthcheck::{Course, next_due};

use super::{calls, record};
use crate::{
    assessment::region_of,
    elders::{self, Elder, Key},
};

/// The duty's word.
pub const KIND: &str = "healthcheck";

/// Sets the day of the next check of a living elder.
pub fn set(tx: &Tx<'_>, app: &App, elder: &Elder) -> Result<()> {
    if !elder.is_living() {
        return elders::clear_due(tx, &elder.key, KIND);
    }
    let last = record::of_elder(tx, &elder.key)?.into_iter().find(|it| it.is_finished);
    let registered = kit::clock::day_of_stamp(&elder.created).ok_or_else(|| Error::internal("elder.created"))?;
    let course = Course { birth: elder.birth.day, registered, last: last.as_ref().map(|it| it.day) };
    let policy = app.policy.at(region_of(&elder.key.region), app.clock.today());
    match next_due(&course, &policy) {
        Ok(day) => {
            let link = format!("/healthcheck/due/{}", elder.key);
            elders::set_due(tx, elder, KIND, day, "年度健康体检", &link)
        }
        // Without a policy nobody is due.
        Err(_) => elders::clear_due(tx, &elder.key, KIND),
    }
}

/// Sets the day of those of a county who have none yet; gives how many.
pub async fn catch_up(app: &App, county: &str) -> Result<usize> {
    let mut done = 0;
    let mut after = kit::Id(0);
    loop {
        let (app_too, county) = (app.clone(), county.to_string());
        let (last, count) = app
            .db
            .write(move |tx| {
                let policy = app_too.policy.at(region_of(&county), app_too.clock.today());
                let Ok(age) = policy.read(|it| &it.healthcheck.from_age).copied() else { return Ok((None, 0)) };
                // Who reaches the age this year is due this year.
                let year = app_too.clock.today().year() - age as i16;
                let until = rules::base::Date::new(year + 1, 1, 1).ok_or_else(|| Error::internal("year"))?;
                let lacking = elders::without_due(tx, &county, KIND, until, after, 500)?;
                for elder in &lacking {
                    set(tx, &app_too, elder)?;
                }
                Ok((lacking.last().map(|it| it.key.id), lacking.len()))
            })
            .await?;
        done += count;
        match last {
            Some(id) => after = id,
            None => return Ok(done),
        }
    }
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
