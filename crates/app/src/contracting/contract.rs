//! One contract of an elder with a family-doctor team.

use std::collections::HashMap;

use kit::{
    Ask, Error, Id, Result, Scope, Tx,
    db::{Put, Row},
    tally::Lot,
};
use rules::{base::Date, policy::NoPolicy};

use crate::elders::{self, Elder, Key};

#[derive(Debug, Clone)]
pub struct Contract {
    pub key: Key,
    pub elder: Id,
    pub team: Id,
    pub from: Date,
    /// The first day on which it no longer runs.
    pub until: Date,
    /// The ids of its packages.
    pub packages: Vec<String>,
    pub way: String,
    pub signer: String,
    pub signer_name: String,
    pub signature: Option<Id>,
    pub paper: Option<Id>,
    pub doctor_name: String,
    pub signed: String,
    /// What the person pays, in fen.
    pub fee: i64,
    /// The digest of the policy values it rests on.
    pub reasons: String,
    pub ended_reason: String,
    pub ended_note: String,
    pub promised: i64,
    pub done: i64,
    pub served: Option<Date>,
    pub idle: Date,
}

/// How a contract stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Signed, and begins later.
    Planned,
    Running,
    Ended,
}

const COLUMNS: &str = "region, id, elder, team, from_day, until_day, packages, way, signer, signer_name, signature, paper, \
    doctor_name, signed, fee, reasons, ended_reason, ended_note, promised, done, served_day, idle_day";

fn read(row: &Row<'_>) -> Result<Contract> {
    Ok(Contract {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        elder: row.get(2)?,
        team: row.get(3)?,
        from: row.get(4)?,
        until: row.get(5)?,
        packages: row.get::<String>(6)?.split_whitespace().map(str::to_string).collect(),
        way: row.get(7)?,
        signer: row.get(8)?,
        signer_name: row.get(9)?,
        signature: row.get(10)?,
        paper: row.get(11)?,
        doctor_name: row.get(12)?,
        signed: row.get(13)?,
        fee: row.get(14)?,
        reasons: row.get(15)?,
        ended_reason: row.get(16)?,
        ended_note: row.get(17)?,
        promised: row.get(18)?,
        done: row.get(19)?,
        served: row.get(20)?,
        idle: row.get(21)?,
    })
}

impl Contract {
    pub fn link(&self) -> String {
        format!("/contracting/{}", self.key)
    }

    pub fn elder_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.elder }
    }

    pub fn team_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.team }
    }

    pub fn last_day(&self) -> Date {
        self.until.add_days(-1)
    }

    pub fn standing(&self, day: Date) -> Standing {
        match () {
            () if day < self.from => Standing::Planned,
            () if day < self.until => Standing::Running,
            () => Standing::Ended,
        }
    }

    pub fn runs_on(&self, day: Date) -> bool {
        self.standing(day) == Standing::Running
    }

    /// The titles of its packages as they were on its first day.
    pub fn package_titles(&self, ask: &Ask) -> String {
        package_titles(ask, &self.key.region, self.from, &self.packages)
    }
}

pub fn package_titles(ask: &Ask, region: &str, day: Date, ids: &[String]) -> String {
    let policy = ask.app.policy_in(region, day);
    let known = policy.read(|it| &it.contracting.packages).ok();
    let title = |id: &String| {
        let package = known.and_then(|all| all.iter().find(|it| it.id == *id));
        package.map_or(id.clone(), |it| ask.either(&it.name, &it.name_en).to_string())
    };
    ids.iter().map(title).collect::<Vec<_>>().join(ask.t("、"))
}

/// The policy values a contract rests on, as JSON.
pub fn because(tx: &Tx<'_>, it: &Contract) -> Result<String> {
    let kept = tx.row(
        "select because from contract_reasons where region = $1 and digest = $2",
        &[&it.key.region, &it.reasons],
        |row| row.get(0),
    )?;
    Ok(kept.unwrap_or_default())
}

/// Says once what contracts of a county rest on.
pub fn put_reasons(to: &impl Put, region: &str, digest: &str, because: &str) -> Result<()> {
    to.put_shared(
        "insert into contract_reasons (region, digest, because) values ($1, $2, $3) on conflict (region, digest) do nothing",
        region,
        digest,
        because,
    )
}

/// A value that a deed cannot do without.
pub fn needed<T>(found: Result<T, NoPolicy>) -> Result<T> {
    found.map_err(|it| Error::refused("no_policy", it.text()))
}

/// The contract and its elder, if the scope holds them; otherwise `NotFound`, as if they did not exist.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<(Contract, Elder)> {
    let contract = by_key(tx, key)?;
    let elder = elders::find(tx, scope, &contract.elder_key())?;
    Ok((contract, elder))
}

pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Contract> {
    tx.one(&format!("select {COLUMNS} from contract where region = $1 and id = $2"), &[&key.region, &key.id], read)
}

/// All contracts of an elder, the newest first.
pub fn of_elder(tx: &Tx<'_>, key: &Key) -> Result<Vec<Contract>> {
    tx.rows(
        &format!("select {COLUMNS} from contract where region = $1 and elder = $2 order by from_day desc"),
        &[&key.region, &key.id],
        read,
    )
}

/// As [`of_elder`], of each person of a lot, in no order.
pub fn of_lot(tx: &Tx<'_>, lot: &Lot<'_>) -> Result<HashMap<Id, Vec<Contract>>> {
    lot.rows(
        tx,
        &format!("select {COLUMNS}, elder from contract where region = $1 and elder >= $2 and elder <= $3"),
        read,
    )
}

/// The contract that runs on a day: there is one at most.
pub fn in_force(tx: &Tx<'_>, elder: &Key, day: Date) -> Result<Option<Contract>> {
    tx.row(
        &format!(
            "select {COLUMNS} from contract where region = $1 and elder = $2 and from_day <= $3 and $3 < until_day
              order by from_day limit 1"
        ),
        &[&elder.region, &elder.id, &day.to_string()],
        read,
    )
}
