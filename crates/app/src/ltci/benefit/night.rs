//! Every night: what begins or ends with the new day is brought into the lists.

use kit::{
    App, Ask, Error, Id, Result, Scope, Tx, Who,
    jobs::{Job, Running, Work},
    place::NATION,
};
use serde_json::{Value, json};

use super::recipient;
use crate::{
    elders::Key,
    ltci::{
        insured::{standing, unit},
        provider::course,
    },
};

pub const TODAY: Work =
    Work {
        kind: "ltci.today", title: "更新长护险待遇、机构与欠缴的当日状态", run, every_minutes: Some(6 * 60)
    };

pub const RECOUNT: Work =
    Work { kind: "ltci.recount", title: "核对参保与欠缴人数", run: recount, every_minutes: Some(24 * 60) };

/// Days that are looked back: a night that was missed is made up for.
const DAYS: i32 = 40;

fn run(app: App, _: Job) -> Running {
    Box::pin(async move {
        let scope = Scope::of(&app.places.tree(), NATION);
        let ask = Ask::of(&app, Who::system(scope), app.clock.now());
        let (recipients, providers) = ask.write(bring_up).await?;
        let insured = standing::bring_up(&ask).await?;
        Ok::<Value, Error>(json!({"recipients": recipients, "providers": providers, "insured": insured}))
    })
}

/// Compares what is kept of employers and arrears with a fresh count, a county at a time; what differs is put right.
fn recount(app: App, _: Job) -> Running {
    Box::pin(async move {
        let mut wrong = Vec::new();
        for county in app.places.tree().counties(NATION) {
            wrong.extend(app.db.write(move |tx| unit::recount(tx, &county)).await?);
        }
        for it in &wrong {
            tracing::error!("{it}");
        }
        Ok::<Value, Error>(json!({"wrong": wrong}))
    })
}

fn bring_up(tx: &Tx<'_>, ask: &Ask) -> Result<(usize, usize)> {
    let (from, to) = (ask.today().add_days(-DAYS).to_string(), ask.today().to_string());
    let key = |row: &kit::db::Row<'_>| Ok(Key { region: row.get(0)?, id: row.get::<Id>(1)? });
    let recipients = tx.rows(
        "select region, elder from ltci_benefit where from_day >= $1 and from_day <= $2
         union
         select region, elder from ltci_pause where from_day >= $1 and from_day <= $2
         order by 1, 2",
        &[&from, &to],
        key,
    )?;
    for it in &recipients {
        recipient::keep(tx, &ask.app, it, ask.today())?;
    }
    let providers = tx.rows(
        "select region, organisation from ltci_agreement where from_day >= $1 and from_day <= $2
         union
         select region, organisation from ltci_suspension where from_day >= $1 and from_day <= $2
         order by 1, 2",
        &[&from, &to],
        key,
    )?;
    for it in &providers {
        course::keep(tx, &ask.app, it, ask.today())?;
    }
    Ok((recipients.len(), providers.len()))
}
