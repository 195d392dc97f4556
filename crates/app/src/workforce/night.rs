//! Every night: what begins or ends with the new day is brought into the lists.

use kit::{
    App, Ask, Error, Id, Result, Scope, Who,
    jobs::{Job, Running, Work},
    place::NATION,
};
use serde_json::{Value, json};

use super::{post, team};
use crate::elders::Key;

pub const JOBS: &[Work] =
    &[Work {
        kind: "workforce.today", title: "更新人员与团队的当日状态", run, every_minutes: Some(6 * 60)
    }];

/// Those of whom a step begins within the last days: a night that was missed is made up for.
fn run(app: App, _: Job) -> Running {
    Box::pin(async move {
        let scope = Scope::of(&app.places.tree(), NATION);
        let ask = Ask::of(&app, Who::system(scope), app.clock.now());
        let (staff, teams) = ask.write(bring_up).await?;
        Ok::<Value, Error>(json!({"staff": staff, "teams": teams}))
    })
}

/// Days that are looked back.
const DAYS: i32 = 40;

fn bring_up(tx: &kit::Tx<'_>, ask: &Ask) -> Result<(usize, usize)> {
    let (to, from) = (ask.today().to_string(), ask.today().add_days(-DAYS).to_string());
    let key = |row: &kit::db::Row<'_>| Ok(Key { region: row.get(0)?, id: row.get::<Id>(1)? });
    let staff = tx.rows(
        "select distinct region, staff from staff_post where from_day >= $1 and from_day <= $2 order by region, staff",
        &[&from, &to],
        key,
    )?;
    for it in &staff {
        post::today(tx, ask, it, ask.today())?;
    }
    let teams = tx.rows(
        "select region, team from team_member where from_day >= $1 and from_day <= $2
         union
         select p.region, q.team from team_place p
           join team_place q on q.region = p.region and q.place = p.place and q.team is not null
          where p.from_day >= $1 and p.from_day <= $2
         order by 1, 2",
        &[&from, &to],
        key,
    )?;
    for it in &teams {
        team::today(tx, ask, &team::by_key(tx, it)?, ask.today())?;
    }
    Ok((staff.len(), teams.len()))
}
