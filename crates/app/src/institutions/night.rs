//! Every night: what begins or ends with the new day is brought into the list.

use kit::{
    App, Ask, Error, Id, Result, Scope, Who,
    jobs::{Job, Running, Work},
    place::NATION,
};
use serde_json::{Value, json};

use super::{institution, today};
use crate::elders::Key;

pub const JOBS: &[Work] =
    &[Work { kind: "institutions.today", title: "更新机构的当日状态", run, every_minutes: Some(6 * 60) }];

/// Days that are looked back: a night that was missed is made up for.
const DAYS: i32 = 40;

fn run(app: App, _: Job) -> Running {
    Box::pin(async move {
        let scope = Scope::of(&app.places.tree(), NATION);
        let ask = Ask::of(&app, Who::system(scope), app.clock.now());
        let changed = ask.write(bring_up).await?;
        Ok::<Value, Error>(json!({"institutions": changed}))
    })
}

fn bring_up(tx: &kit::Tx<'_>, ask: &Ask) -> Result<usize> {
    let (to, from) = (ask.today().to_string(), ask.today().add_days(-DAYS).to_string());
    let keys = tx.rows(
        "select region, institution from institution_fact where from_day >= $1 and from_day <= $2
         union
         select region, institution from institution_licence
          where (from_day >= $1 and from_day <= $2) or (until_day >= $1 and until_day <= $2)
             or (ended_day >= $1 and ended_day <= $2)
         order by 1, 2",
        &[&from, &to],
        |row| Ok(Key { region: row.get(0)?, id: row.get::<Id>(1)? }),
    )?;
    for key in &keys {
        today::keep(tx, ask, &institution::by_key(tx, key)?)?;
    }
    Ok(keys.len())
}
