//! Renewal in bulk: who is signed again for the next term, and who drops out and why.

use std::collections::{BTreeMap, HashMap};

use kit::{Ask, Error, Id, Result, Said, Tx, clock::stamp, db::Bind};
use rules::{base::Date, contracting};

use super::{
    contract::{self, Contract, needed},
    list::renewable_before,
    refusal,
    sign::{self, Signing},
};
use crate::{
    elders::{self, Key},
    workforce,
};

/// Contracts renewed at once; more are renewed by pressing again.
const MOST: i64 = 2000;
/// So many days after its end a contract is still renewed rather than signed anew.
const GRACE: i32 = 90;

/// How a renewal went.
#[derive(Debug, Default)]
pub struct Renewed {
    pub renewed: i64,
    pub dropped: i64,
}

/// The contracts that can be renewed today and have none after them, of the reader's scope and of one team or all.
pub fn due(tx: &Tx<'_>, ask: &Ask, team: Option<Id>) -> Result<Vec<Key>> {
    let (mut from, mut values) = waiting(ask);
    if let Some(id) = team {
        values.push(Box::new(id));
        from.push_str(&format!(" and c.team = ${}", values.len()));
    }
    values.push(Box::new(MOST));
    let sql = format!("select c.region, c.id {from} order by c.until_day, c.id limit ${}", values.len());
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    tx.rows(&sql, &values, |row| Ok(Key { region: row.get(0)?, id: row.get(1)? }))
}

/// How many of them each team has, for the teams that have any.
pub fn due_by_team(tx: &Tx<'_>, ask: &Ask) -> Result<HashMap<Key, i64>> {
    let (from, values) = waiting(ask);
    let sql = format!("select c.region, c.team, count(*) {from} group by c.region, c.team order by c.region, c.team");
    let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
    let all = tx.rows(&sql, &values, |row| Ok((Key { region: row.get(0)?, id: row.get(1)? }, row.get(2)?)))?;
    Ok(all.into_iter().collect())
}

/// The first of the days on which a contract can have ended that is still renewed on a day.
pub fn earliest(today: Date) -> Date {
    today.add_days(-GRACE)
}

/// What waits for its renewal, from `from` on, with the values: so many days ahead as the policy of each county says.
fn waiting(ask: &Ask) -> (String, Vec<Box<dyn Bind + Send>>) {
    let mut by_day: BTreeMap<Date, Vec<&String>> = BTreeMap::new();
    for county in ask.who.scope.counties.iter() {
        by_day.entry(renewable_before(ask, county)).or_default().push(county);
    }
    let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
    let scope = ask.who.scope.sql(&elders::SCOPE, &mut values);
    let mut bind = |text: String| {
        values.push(Box::new(text));
        format!("${}", values.len())
    };
    // A scope without any county has nothing that waits.
    let mut in_time = vec!["1 = 0".to_string()];
    for (before, counties) in by_day {
        let counties: Vec<String> = counties.into_iter().map(|it| bind(it.clone())).collect();
        in_time.push(format!("c.region in ({}) and c.until_day <= {}", counties.join(", "), bind(before.to_string())));
    }
    let (in_time, earliest) = (in_time.join(" or "), bind(earliest(ask.today()).to_string()));
    let from = format!(
        "from contract c join elder e on e.region = c.region and e.id = c.elder
          where {scope} and ({in_time}) and c.until_day >= {earliest} and c.ended_reason = ''
            and not exists (select 1 from contract n where n.region = c.region and n.elder = c.elder and n.from_day >= c.until_day)
            and not exists (select 1 from contract_dropped d where d.region = c.region and d.contract = c.id)"
    );
    (from, values)
}

/// Renews these contracts; whoever cannot be renewed is written down with the reason.
pub fn renew_all(tx: &Tx<'_>, ask: &Ask, keys: &[Key]) -> Result<Renewed> {
    let mut all = Renewed::default();
    for key in keys {
        match tx.attempt(|tx| renew(tx, ask, key)) {
            Ok(_) => all.renewed += 1,
            Err(why) => {
                let why = match why {
                    Error::Refused(it) => it.why,
                    Error::Invalid(fields) if !fields.is_empty() => {
                        fields.into_iter().next().map_or("".into(), |it| it.said)
                    }
                    other => return Err(other),
                };
                drop_out(tx, ask, key, &why)?;
                all.dropped += 1;
            }
        }
    }
    Ok(all)
}

/// Signs the next term with the same team and packages.
///
/// # Errors
/// `Refused` with the reason for which there is no next term.
pub fn renew(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Contract> {
    let (it, _) = contract::find(tx, &ask.who.scope, key)?;
    let elder = elders::find_living(tx, &ask.who.scope, &it.elder_key())?;
    let policy = ask.app.policy_in(&key.region, ask.today());
    let opens = needed(contracting::renewable_from(it.until, &policy))?;
    if ask.today() < opens {
        return Err(Error::refused("not_yet", Said::new("{day} 起可以续签").with("day", opens)));
    }
    if !it.ended_reason.is_empty() {
        return Err(Error::refused("contract_ended", "签约已提前终止,请重新签约"));
    }
    if let Some(no) = refusal::of(tx, &elder.key)?.into_iter().find(|it| opens <= it.day) {
        let why = super::words::title(super::words::REFUSALS, &no.reason);
        return Err(Error::refused("refused", Said::new("拒绝签约:{why}").with("why", why)));
    }
    let from = it.until.max(ask.today());
    let teams = sign::teams(tx, ask, &elder, from)?;
    let of_place = workforce::team_of_place(tx, &key.region, &elder.place, from)?;
    let team = teams.iter().find(|one| one.key.id == it.team).cloned().or(of_place);
    let team = team.ok_or_else(|| Error::refused("no_team", "原团队已撤销,居住地没有负责的团队"))?;
    let offered = sign::fitting(tx, ask, &elder, from)?;
    let mut packages: Vec<String> =
        it.packages.iter().filter(|id| offered.iter().any(|one| one.id == **id)).cloned().collect();
    if packages.is_empty() {
        // What was signed is offered no more: the best that fits takes its place.
        packages.extend(offered.first().map(|it| it.id.clone()));
    }
    if packages.is_empty() {
        return Err(Error::refused("no_package", "没有适合的服务包"));
    }
    let signing = Signing {
        team,
        packages,
        from,
        way: "renewal".into(),
        signer: it.signer.clone(),
        signer_name: it.signer_name.clone(),
        signature: None,
        paper: None,
    };
    sign::sign(tx, ask, &elder, &signing)
}

fn drop_out(tx: &Tx<'_>, ask: &Ask, key: &Key, why: &Said) -> Result<()> {
    let it = contract::by_key(tx, key)?;
    tx.run(
        "insert into contract_dropped (region, contract, elder, id, at, who, why) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (region, contract) do update set at = excluded.at, who = excluded.who, why = excluded.why",
        &[&key.region, &key.id, &it.elder, &ask.new_id(), &stamp(ask.now), &ask.who.name, &why.stored()],
    )?;
    Ok(())
}
