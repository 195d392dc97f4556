//! Whose benefit runs today, as lists show it.

use kit::{App, Id, Result, Tx};
use rules::base::Date;

use super::{pause, promise, step};
use crate::{
    assessment::{self, Programme},
    elders::{self, Key},
    ltci::marks,
};

/// Brings what lists and numbers show of an elder up to a day; of several records of one person the one that stays is listed.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key, today: Date) -> Result<()> {
    let key = &elders::stays(tx, key)?;
    for record in elders::records(tx, key)? {
        marks::keep_benefit(tx, app, &Key { region: key.region.clone(), id: record })?;
        tx.run("delete from ltci_recipient where region = $1 and elder = $2", &[&key.region, &record])?;
    }
    promise::tell(tx, app, key, today)?;
    let steps = step::of_elder(tx, key)?;
    let Some(now) = steps.iter().rev().find(|it| it.from <= today) else { return Ok(()) };
    let Some(grade) = now.grade else { return Ok(()) };
    let gap = steps.iter().rev().skip_while(|it| today < it.from).find(|it| it.grade.is_none());
    let first = steps.iter().filter(|it| gap.is_none_or(|gap| gap.from < it.from)).map(|it| it.from).min();
    let paused = pause::of_elder(tx, key)?.into_iter().find(|it| it.holds(today));
    let valid = assessment::current(tx, key, Programme::Ltci)?.and_then(|it| it.valid_until);
    tx.run(
        "insert into ltci_recipient (region, elder, since, grade, mode, provider, paused, valid_until)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            &key.region,
            &key.id,
            &first.unwrap_or(now.from).to_string(),
            &i64::from(u8::from(grade)),
            &now.mode,
            &now.provider,
            &paused.map_or(String::new(), |it| it.reason),
            &valid.map(|it| it.to_string()),
        ],
    )?;
    Ok(())
}

/// How many recipients an institution serves today, `but` one.
pub fn served_by(tx: &Tx<'_>, provider: &Key, but: Id) -> Result<i64> {
    tx.count(
        "select count(*) from ltci_recipient where region = $1 and provider = $2 and elder <> $3",
        &[&provider.region, &provider.id, &but],
    )
}
