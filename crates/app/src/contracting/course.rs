//! What happens to a contract: another team, an early end, death and moving away.

use kit::{Ask, Error, Result, Said, Tx};
use rules::base::Date;

use super::{
    contract::{self, Contract, Standing},
    marks,
    sign::RENEWAL,
    words,
};
use crate::{
    elders::{self, Elder, Key, Report, Tone},
    workforce::Team,
};

/// From a day on another team keeps the contract.
pub fn change_team(tx: &Tx<'_>, ask: &Ask, it: &Contract, elder: &Elder, team: &Team, from: Date) -> Result<()> {
    if it.team == team.key.id {
        return Err(Error::invalid("team", "现在就是这个团队"));
    }
    if !it.runs_on(from.max(it.from)) || from < ask.today() || ask.today() < from && it.runs_on(ask.today()) {
        return Err(Error::invalid("from", "团队从今天起变更;尚未开始的签约从它的起日起"));
    }
    if !team.is_open(from) || team.key.region != it.key.region {
        return Err(Error::invalid("team", "这个团队当日不在"));
    }
    let from = from.max(it.from);
    tx.run(
        "insert into contract_team (region, contract, from_day, team) values ($1, $2, $3, $4)
         on conflict (region, contract, from_day) do update set team = excluded.team",
        &[&it.key.region, &it.key.id, &from.to_string(), &team.key.id],
    )?;
    tx.run("update contract set team = $3 where region = $1 and id = $2", &[&it.key.region, &it.key.id, &team.key.id])?;
    marks::keep(tx, &ask.app, &elder.key)?;
    let report = Report::new("contracting", "签约团队改为{team}").with("team", &team.name).link(it.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &format!("contract {} team {}", it.key, team.key))
}

/// Ends a contract before its time. One that has not begun, or begins on that very day, is taken back whole.
pub fn end(
    tx: &Tx<'_>,
    ask: &Ask,
    it: &Contract,
    elder: &Elder,
    day: Date,
    reason: &'static str,
    note: &str,
) -> Result<()> {
    if it.standing(ask.today()) == Standing::Ended {
        return Err(Error::refused("contract_ended", "签约已结束"));
    }
    if it.until <= day || ask.today() < day && it.from < day {
        return Err(Error::invalid("day", Said::new("终止日应在今天或以前,早于 {day}").with("day", it.until)));
    }
    let key = &it.key;
    // What follows it, such as a renewal signed early, is taken back first.
    for next in contract::of_elder(tx, &elder.key)?.iter().filter(|one| it.until <= one.from) {
        take_back(tx, &next.key)?;
    }
    let taken_back = day <= it.from;
    if taken_back {
        take_back(tx, key)?;
    } else {
        tx.run(
            "update contract set until_day = $3, ended_reason = $4, ended_note = $5 where region = $1 and id = $2",
            &[&key.region, &key.id, &day.to_string(), &reason, &note],
        )?;
    }
    marks::keep(tx, &ask.app, &elder.key)?;
    elders::clear_due(tx, &elder.key, RENEWAL)?;
    let mut report = ended(reason);
    if !taken_back {
        report = report.link(it.link());
    }
    elders::report(tx, ask.now, &elder.key, &report)?;
    let done = if taken_back { "taken back" } else { "ended" };
    elders::note(tx, ask, "change", elder, &format!("contract {key} {done}: {reason}"))
}

/// What the elder's record says of an end.
pub fn ended(reason: &str) -> Report {
    Report::new("contracting", "家庭医生签约终止:{why}").with("why", words::title(words::ENDS, reason)).tone(Tone::Warn)
}

fn take_back(tx: &Tx<'_>, key: &Key) -> Result<()> {
    for sql in [
        "delete from contract_service where region = $1 and contract = $2",
        "delete from contract_item where region = $1 and contract = $2",
        "delete from contract_team where region = $1 and contract = $2",
        "delete from contract where region = $1 and id = $2",
    ] {
        tx.run(sql, &[&key.region, &key.id])?;
    }
    Ok(())
}

/// Death and moving away end what runs and take back what was to follow.
pub fn end_all(tx: &Tx<'_>, ask: &Ask, key: &Key, day: Date, reason: &'static str) -> Result<()> {
    let elder = elders::find(tx, &ask.who.scope, key)?;
    for it in contract::of_elder(tx, key)? {
        // Taken back together with the one before it.
        let still_there = contract::in_force(tx, key, it.from)?.is_some_and(|one| one.key == it.key);
        if still_there && day < it.until && it.standing(ask.today()) != Standing::Ended {
            end(tx, ask, &it, &elder, day, reason, "")?;
        }
    }
    Ok(())
}
