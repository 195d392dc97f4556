//! Promised against done, item by item, from what other modules report.

use kit::{App, Ask, Error, Result, Tx, clock::stamp, db::Put};
use rules::{
    base::Date,
    contracting::{self, Service},
};

use super::{
    contract::{self, Contract, needed},
    marks,
};
use crate::elders::{self, Elder, Key};

/// One promised service of a contract.
#[derive(Debug, Clone)]
pub struct Item {
    /// The word of a `Service`.
    pub service: String,
    pub times: i64,
    pub done: i64,
    pub last: Option<Date>,
}

/// One service that was given.
#[derive(Debug, Clone)]
pub struct Given {
    pub service: String,
    pub day: Date,
    pub who: String,
    pub note: String,
    /// Who reports it: `healthcheck:42`, or `hand:…` where somebody of the team wrote it down.
    pub source: String,
}

/// A service as another module reports it.
#[derive(Debug, Clone)]
pub struct Done<'a> {
    pub service: Service,
    pub day: Date,
    /// The reporting module's word and its own number, such as `healthcheck:42`: the same source counts once.
    pub source: &'a str,
    pub who: &'a str,
    pub note: &'a str,
}

/// A service was given to an elder: it counts for the contract that runs on that day. Gives that contract, or nothing where
/// nobody had signed.
pub fn done(tx: &Tx<'_>, app: &App, elder: &Key, it: &Done<'_>) -> Result<Option<Key>> {
    let Some(contract) = contract::in_force(tx, elder, it.day)? else { return Ok(None) };
    // What was told before is told in vain.
    if put(tx, &contract.key, it, &stamp(app.clock.now()))? {
        recount(tx, app, &contract)?;
    }
    Ok(Some(contract.key))
}

const GIVEN: &str = "insert into contract_service (region, contract, source, service, day, who, note, at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (region, contract, source) do update set service = excluded.service, day = excluded.day,
             who = excluded.who, note = excluded.note
       where contract_service.service <> excluded.service or contract_service.day <> excluded.day
          or contract_service.who <> excluded.who or contract_service.note <> excluded.note";

/// Writes down what was given under a contract; gives whether that was news.
pub fn put(tx: &Tx<'_>, key: &Key, it: &Done<'_>, at: &str) -> Result<bool> {
    let written = tx.run(
        GIVEN,
        &[&key.region, &key.id, &it.source, &it.service.word(), &it.day.to_string(), &it.who, &it.note, &at],
    )?;
    Ok(0 < written)
}

/// As [`put`], for a contract that is new.
pub fn put_new(to: &impl Put, key: &Key, it: &Done<'_>, at: &str) -> Result<()> {
    to.put(GIVEN, &[&key.region, &key.id, &it.source, &it.service.word(), &it.day.to_string(), &it.who, &it.note, &at])
}

/// What a source reported was a mistake.
pub fn undone(tx: &Tx<'_>, app: &App, elder: &Key, source: &str) -> Result<()> {
    for contract in contract::of_elder(tx, elder)? {
        let gone = tx.run(
            "delete from contract_service where region = $1 and contract = $2 and source = $3",
            &[&contract.key.region, &contract.key.id, &source],
        )?;
        if 0 < gone {
            recount(tx, app, &contract)?;
        }
    }
    Ok(())
}

/// What packages promise together; two that promise one service promise the larger.
pub fn of_packages(packages: &[&contracting::Package]) -> Vec<(Service, i64)> {
    let mut items: Vec<(Service, i64)> = Vec::new();
    for it in packages.iter().flat_map(|it| &it.items) {
        match items.iter_mut().find(|one| one.0 == it.service) {
            Some(one) => one.1 = one.1.max(i64::from(it.times)),
            None => items.push((it.service, i64::from(it.times))),
        }
    }
    items
}

/// Promises a service so many times; it was given on these days already.
pub fn write(to: &impl Put, ask: &Ask, key: &Key, service: Service, times: i64, given: &[Date]) -> Result<()> {
    to.put(
        "insert into contract_item (region, contract, service, id, times, done, last_day) values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            &key.region,
            &key.id,
            &service.word(),
            &ask.new_id(),
            &times,
            &(given.len() as i64),
            &given.iter().max().map(|it| it.to_string()),
        ],
    )
}

/// Counts anew what was done, and moves the day from which the contract counts as not kept.
fn recount(tx: &Tx<'_>, app: &App, it: &Contract) -> Result<()> {
    let key = &it.key;
    tx.run(
        "update contract_item set
            done = (select count(*) from contract_service s where s.region = contract_item.region
                      and s.contract = contract_item.contract and s.service = contract_item.service),
            last_day = (select max(s.day) from contract_service s where s.region = contract_item.region
                      and s.contract = contract_item.contract and s.service = contract_item.service)
          where region = $1 and contract = $2",
        &[&key.region, &key.id],
    )?;
    let kept: i64 = items(tx, key)?.iter().map(|it| it.done.min(it.times)).sum();
    let served: Option<Date> = tx
        .row(
            "select max(day) from contract_service where region = $1 and contract = $2",
            &[&key.region, &key.id],
            |row| row.get(0),
        )?
        .flatten();
    let idle = needed(contracting::idle_from(it.from, served, &app.policy_in(&key.region, it.from)))?;
    tx.run(
        "update contract set done = $3, served_day = $4, idle_day = $5 where region = $1 and id = $2",
        &[&key.region, &key.id, &kept, &served.map(|it| it.to_string()), &idle.to_string()],
    )?;
    if idle == it.idle { Ok(()) } else { marks::keep(tx, app, &it.elder_key()) }
}

pub fn items(tx: &Tx<'_>, key: &Key) -> Result<Vec<Item>> {
    let mut all = tx.rows(
        "select service, times, done, last_day from contract_item where region = $1 and contract = $2",
        &[&key.region, &key.id],
        |row| Ok(Item { service: row.get(0)?, times: row.get(1)?, done: row.get(2)?, last: row.get(3)? }),
    )?;
    all.sort_by_key(|it| Service::WORDS.iter().position(|word| word.0 == it.service));
    Ok(all)
}

/// What was given under a contract, the newest first.
pub fn given(tx: &Tx<'_>, key: &Key) -> Result<Vec<Given>> {
    tx.rows(
        "select service, day, who, note, source from contract_service where region = $1 and contract = $2
          order by day desc, source desc",
        &[&key.region, &key.id],
        |row| {
            Ok(Given {
                service: row.get(0)?,
                day: row.get(1)?,
                who: row.get(2)?,
                note: row.get(3)?,
                source: row.get(4)?,
            })
        },
    )
}

/// Somebody of the team writes down what no module reports.
pub fn by_hand(
    tx: &Tx<'_>,
    ask: &Ask,
    it: &Contract,
    elder: &Elder,
    service: &str,
    day: Date,
    note: &str,
) -> Result<()> {
    let service = Service::parse(service).ok_or_else(|| Error::invalid("service", "请选择服务"))?;
    if ask.today() < day || !it.runs_on(day) {
        return Err(Error::invalid("day", "“日期”应在签约有效期内,不晚于今天"));
    }
    let source = format!("hand:{}", ask.new_id());
    let served = Done { service, day, source: &source, who: &ask.who.name, note };
    done(tx, &ask.app, &elder.key, &served)?;
    let title = super::words::title(Service::WORDS, service.word());
    let report = elders::Report::new("contracting", "签约服务:{service}").with("service", title).link(it.link());
    elders::report(tx, ask.now, &elder.key, &report)?;
    elders::note(tx, ask, "change", elder, &format!("contract {} service", it.key))
}
