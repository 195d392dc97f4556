//! Groups that follow from age alone: on their birthday people become one of the oldest (高龄), without anybody's doing.

use kit::{
    App, Ask, Error, Result, Scope, Tx, Who,
    clock::day_of_stamp,
    events,
    jobs::{Job, Running, Work},
    place::NATION,
};
use rules::base::Date;
use serde_json::{Value, json};

use super::{
    elder::{self, Birth, Elder, Key},
    groups::{self, Entry},
    marks,
    timeline::{self, Report},
    words,
};

/// Sent when somebody has become one of the oldest: `{"elder", "day"}`.
pub const OLDEST: &str = "elder.oldest";

pub const WORK: Work =
    Work { kind: "elders.age", title: "按年龄列入高龄人群", run: work, every_minutes: Some(60) };

pub const GROUP: &str = "oldest";
/// People one transaction takes.
const BATCH: i64 = 500;

/// From which age somebody is one of the oldest, in a county on the day that is asked; nothing where no policy says so.
///
/// 依据: 老年人权益保障法 第三十三条 (80 周岁); the age itself is 高龄起始年龄 of the policy folder.
pub fn oldest_age(ask: &Ask, region: &str) -> Option<u16> {
    let policy = ask.app.policy_in(region, ask.today());
    policy.read(|it| &it.elders.oldest_age).ok().copied()
}

/// The day on which somebody reaches an age; for those born on 29 February the day after, where the year has none.
fn birthday(birth: Birth, age: u16) -> Date {
    let day = birth.day.add_years(i32::from(age));
    if birth.day.age_on(day) < age { day.add_days(1) } else { day }
}

/// The day on which an elder becomes one of the oldest by the policy of that county.
pub fn oldest_from(ask: &Ask, elder: &Elder) -> Option<Date> {
    oldest_age(ask, &elder.key.region).map(|age| birthday(elder.birth, age))
}

/// Whether age says who is one of the oldest, whatever a form or a ledger says: not where no policy has an age, nor in
/// the year of the birthday of somebody of whom only the year of birth is known.
pub fn decides(ask: &Ask, region: &str, birth: Birth) -> bool {
    let Some(age) = oldest_age(ask, region) else { return false };
    let (first, today) = (birthday(birth, age), ask.today());
    birth.exact || first <= today || today.year() < first.year()
}

/// Brings the membership into line with the birth date: who has the age enters on the birthday, or on the day the
/// record began where that is later; who turns out to be younger leaves. Gives whether anything changed, for the tally.
pub fn settle(tx: &Tx<'_>, ask: &Ask, key: &Key, street: &str, birth: Birth, begun: Date) -> Result<bool> {
    let Some(age) = oldest_age(ask, &key.region) else { return Ok(false) };
    let birthday = birthday(birth, age);
    let group = words::title(words::GROUPS, GROUP);
    if ask.today() < birthday {
        let leaves = decides(ask, &key.region, birth) && groups::leave(tx, &ask.app, key, street, GROUP, ask.today())?;
        if leaves {
            timeline::report(tx, ask.now, key, &Report::new("elders", "退出人群:{group}").with("group", group))?;
        }
        return Ok(leaves);
    }
    let (day, source) = (birthday.max(begun), source(age));
    let enters = groups::put(tx, key, street, &Entry { kind: GROUP, day, source: &source, word: "" })?;
    if enters {
        timeline::report(tx, ask.now, key, &entered(age))?;
        events::send(tx, &key.region, OLDEST, &json!({"elder": key, "day": day}), ask.now)?;
    }
    Ok(enters)
}

/// The age and the day of entry of somebody who has it on the day that is asked, with a record since `begun`.
pub(super) fn entry(ask: &Ask, region: &str, birth: Birth, begun: Date) -> Option<(u16, Date)> {
    let age = oldest_age(ask, region)?;
    let birthday = birthday(birth, age);
    (birthday <= ask.today()).then(|| (age, birthday.max(begun)))
}

/// On whose word somebody is one of the oldest.
pub(super) fn source(age: u16) -> String {
    format!("age {age}")
}

pub(super) fn entered(age: u16) -> Report {
    let group = words::title(words::GROUPS, GROUP);
    Report::new("elders", "年满 {age} 周岁,列入人群:{group}").with("age", age).with("group", group)
}

/// The same for somebody whose record is at hand, told to the tally.
pub fn settle_elder(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<()> {
    let begun = day_of_stamp(&elder.created).unwrap_or(elder.birth.day);
    if settle(tx, ask, &elder.key, &elder.street, elder.birth, begun)? {
        marks::keep(tx, &ask.app, &elder.key)?;
    }
    Ok(())
}

/// Every hour: whoever has had the birthday since, county by county. Nothing is remembered between two runs, so a server
/// that stood still for a month makes up for it at once.
fn work(app: App, _: Job) -> Running {
    Box::pin(async move {
        let mut entered = 0;
        let regions = app
            .db
            .read(|tx| tx.rows("select distinct region from elder order by region", &[], |row| row.get::<String>(0)))
            .await?;
        let scope = Scope::of(&app.places.tree(), NATION);
        for region in regions {
            let ask = Ask::of(&app, Who::system(scope.clone()), app.clock.now());
            let Some(age) = oldest_age(&ask, &region) else { continue };
            loop {
                let (ask, region) = (ask.clone(), region.clone());
                let n = app.db.write(move |tx| enter_some(tx, &ask, &region, age)).await?;
                entered += n;
                if n < BATCH {
                    break;
                }
            }
        }
        Ok::<Value, Error>(json!({"entered": entered}))
    })
}

fn enter_some(tx: &Tx<'_>, ask: &Ask, region: &str, age: u16) -> Result<i64> {
    let born_until = ask.today().add_years(-i32::from(age));
    let due = tx.rows(
        &format!(
            "select {} from elder e
              where e.region = $1 and e.state = 'living' and e.birth <= $2
                and not exists (select 1 from elder_group g
                                 where g.region = e.region and g.elder = e.id and g.kind = '{GROUP}' and g.until_day is null)
              order by e.birth, e.id limit {BATCH}",
            elder::COLUMNS
        ),
        &[&region, &born_until.to_string()],
        elder::read,
    )?;
    for elder in &due {
        settle_elder(tx, ask, elder)?;
    }
    Ok(due.len() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_birthday_is_the_first_day_of_the_age() {
        for (born, age, day) in
            [("1944-03-12", 80, "2024-03-12"), ("1944-02-29", 80, "2024-02-29"), ("1936-02-29", 90, "2026-03-01")]
        {
            let birth = Birth::parse(born).unwrap();
            let first = birthday(birth, age);
            assert_eq!(first.to_string(), day);
            assert_eq!((birth.day.age_on(first), birth.day.age_on(first.add_days(-1))), (age, age - 1), "{born}");
        }
    }
}
