//! Runs over a month as they are kept: drafts that may be computed anew, and what was confirmed.

use kit::{
    Ask, Error, Id, Result, Scope, Tx,
    clock::stamp,
    db::{Bind, Row},
    table::Value,
};
use rules::base::Date;

use super::{
    judge::{Month, PAYER, Totals},
    pay, redo,
};
use crate::{
    elders::{Key, Records},
    ltci::claim,
    tariff,
};

/// A run over a county's month.
#[derive(Debug, Clone)]
pub struct Settlement {
    pub key: Key,
    pub month: String,
    pub run: i64,
    pub as_of: Date,
    /// A word of `words::SETTLEMENT_STATES`.
    pub state: String,
    pub totals: Totals,
    pub digest: String,
    pub policy_digest: String,
    pub created: String,
    pub confirmed_by: String,
    pub confirmed: Option<String>,
}

const COLUMNS: &str = "region, id, month, run, as_of, state, persons, lines, claimed, fund, person, borne, pending, bonus, digest, \
    policy_digest, created, confirmed_by, confirmed";

fn read(row: &Row<'_>) -> Result<Settlement> {
    Ok(Settlement {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        month: row.get(2)?,
        run: row.get(3)?,
        as_of: row.get(4)?,
        state: row.get(5)?,
        totals: Totals {
            persons: row.get(6)?,
            lines: row.get(7)?,
            claimed: row.get(8)?,
            fund: row.get(9)?,
            person: row.get(10)?,
            provider: row.get(11)?,
            pending: row.get(12)?,
            bonus: row.get(13)?,
        },
        digest: row.get(14)?,
        policy_digest: row.get(15)?,
        created: row.get(16)?,
        confirmed_by: row.get(17)?,
        confirmed: row.get(18)?,
    })
}

impl Settlement {
    pub fn link(&self) -> String {
        format!("/ltci/settlements/{}", self.key)
    }

    pub fn is_draft(&self) -> bool {
        self.state == "draft"
    }
}

/// A run of the scope. An institution sees what is confirmed, and of it only its own.
///
/// # Errors
/// `NotFound` where it is not there, or not theirs.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Settlement> {
    let it = by_key(tx, key)?;
    let is_theirs = scope.counties.contains(&key.region) && scope.persons.is_none();
    let is_open_to = if scope.organisation.is_some() { !it.is_draft() } else { scope.under.is_empty() };
    if is_theirs && is_open_to { Ok(it) } else { Err(Error::NotFound) }
}

/// As [`find`], for those who see the whole county.
///
/// # Errors
/// `NotFound` for an institution.
pub fn find_whole(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Settlement> {
    if scope.organisation.is_some() { Err(Error::NotFound) } else { find(tx, scope, key) }
}

/// A run, for whoever may see what is asked of it.
pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Settlement> {
    tx.one(
        &format!("select {COLUMNS} from ltci_settlement where region = $1 and id = $2"),
        &[&key.region, &key.id],
        read,
    )
}

/// What a person gets in a run in the place of more hours, in fen, under any of their records.
pub fn bonus(tx: &Tx<'_>, key: &Key, elder: Id) -> Result<i64> {
    let records = Records::of(tx, &Key { region: key.region.clone(), id: elder })?;
    tx.one(
        &format!(
            "select cast(coalesce(sum(bonus), 0) as bigint) from ltci_settled
              where region = $1 and settlement = $2 and elder in ({})",
            records.after(2)
        ),
        &records.bind(&[&key.region, &key.id]),
        |row| row.get(0),
    )
}

/// The latest confirmed run of a month.
pub fn confirmed(tx: &Tx<'_>, region: &str, month: &str) -> Result<Option<Id>> {
    tx.row(
        "select id from ltci_settlement where region = $1 and month = $2 and state <> 'draft' order by run desc limit 1",
        &[&region, &month],
        |row| row.get(0),
    )
}

/// The policy values a run rests on, as [`super::policy::of_month`] gives them.
pub fn policy(tx: &Tx<'_>, key: &Key) -> Result<String> {
    tx.one("select policy from ltci_settlement where region = $1 and id = $2", &[&key.region, &key.id], |row| {
        row.get(0)
    })
}

/// The latest run of a month, draft or not.
pub fn latest(tx: &Tx<'_>, region: &str, month: &str) -> Result<Option<Settlement>> {
    tx.row(
        &format!("select {COLUMNS} from ltci_settlement where region = $1 and month = $2 order by run desc limit 1"),
        &[&region, &month],
        read,
    )
}

/// The confirmed months of a county from one on, the earliest first.
pub fn confirmed_months(tx: &Tx<'_>, region: &str, from: &str) -> Result<Vec<String>> {
    tx.rows(
        "select distinct month from ltci_settlement where region = $1 and month >= $2 and state <> 'draft' order by month",
        &[&region, &from],
        |row| row.get(0),
    )
}

/// Keeps a month as a draft, in the place of an earlier draft.
pub fn put(tx: &Tx<'_>, ask: &Ask, it: &Month) -> Result<Key> {
    let region = &it.region;
    let draft = tx.row(
        "select id, run from ltci_settlement where region = $1 and month = $2 and state = 'draft'",
        &[region, &it.month],
        |row| Ok((row.get::<Id>(0)?, row.get::<i64>(1)?)),
    )?;
    let (id, run) = match draft {
        Some(same) => same,
        None => {
            let last = tx.count(
                "select coalesce(max(run), 0) from ltci_settlement where region = $1 and month = $2",
                &[region, &it.month],
            )?;
            (ask.new_id(), last + 1)
        }
    };
    let totals = it.totals();
    tx.run("delete from ltci_verdict where region = $1 and settlement = $2", &[region, &id])?;
    tx.run("delete from ltci_settled where region = $1 and settlement = $2", &[region, &id])?;
    tx.run("delete from ltci_settlement where region = $1 and id = $2", &[region, &id])?;
    tx.run(
        "insert into ltci_settlement (region, id, month, run, as_of, state, persons, lines, claimed, fund, person, borne, pending,
                                      bonus, digest, policy_digest, policy, account, created, confirmed_by)
         values ($1, $2, $3, $4, $5, 'draft', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, '')",
        &[
            region,
            &id,
            &it.month,
            &run,
            &ask.today().to_string(),
            &totals.persons,
            &totals.lines,
            &totals.claimed,
            &totals.fund,
            &totals.person,
            &totals.provider,
            &totals.pending,
            &totals.bonus,
            &it.digest,
            &it.policy_digest,
            &it.policy,
            &ask.who.account,
            &stamp(ask.now),
        ],
    )?;
    put_rows(tx, id, it)?;
    let key = Key { region: region.clone(), id };
    note(tx, ask, &key, "computed")?;
    Ok(key)
}

/// Rows one statement takes.
const STEP: usize = 200;

fn put_rows(tx: &Tx<'_>, id: Id, it: &Month) -> Result<()> {
    let (region, settlement) = (Value::Text(it.region.clone()), Value::Int(id.0));
    let text = |it: &str| Value::Text(it.to_string());
    for some in it.persons.chunks(STEP) {
        let mut values = Vec::with_capacity(some.len() * 5);
        for one in some {
            values.extend([
                region.clone(),
                settlement.clone(),
                Value::Int(one.elder.0),
                Value::Int(one.bonus.fen()),
                text(&one.facts),
            ]);
        }
        tx.run(
            &format!(
                "insert into ltci_settled (region, settlement, elder, bonus, facts) values {}",
                rows_of(some.len(), 5)
            ),
            &refs(&values),
        )?;
    }
    // What names a record that was merged was judged as the person's.
    for one in &it.persons {
        let mut others: Vec<Id> =
            one.lines.iter().map(|it| it.claim.said.elder).filter(|it| *it != one.elder).collect();
        others.sort_unstable();
        others.dedup();
        for other in others {
            tx.run(
                "insert into ltci_settled (region, settlement, elder, bonus, facts, judged_as) values ($1, $2, $3, 0, '', $4)",
                &[&it.region, &id, &other, &one.elder],
            )?;
        }
    }
    let lines: Vec<_> = it.persons.iter().flat_map(|person| &person.lines).collect();
    for some in lines.chunks(STEP) {
        let mut values = Vec::with_capacity(some.len() * 16);
        for one in some {
            let (claim, verdict) = (&one.claim, &one.verdict);
            let undecided = match (&verdict.undecided, verdict.pending.fen()) {
                (Some(none), _) => none.text().zh,
                (None, 0) => String::new(),
                (None, _) => "不在结算的月份内".to_string(),
            };
            values.extend([
                region.clone(),
                settlement.clone(),
                Value::Int(claim.key.id.0),
                Value::Int(claim.said.elder.0),
                Value::Int(claim.provider.0),
                Value::Text(claim.said.day.to_string()),
                Value::Int(verdict.claimed.fen()),
                Value::Int(verdict.fund.fen()),
                Value::Int(verdict.person.fen()),
                Value::Int(verdict.provider.fen()),
                Value::Int(verdict.pending.fen()),
                Value::Int(i64::from(verdict.minutes)),
                Value::Int(i64::from(verdict.bonus_minutes)),
                text(&one.facts),
                text(&one.deductions),
                Value::Text(undecided),
            ]);
        }
        tx.run(
            &format!(
                "insert into ltci_verdict (region, settlement, claim, elder, provider, day, claimed, fund, person, borne, pending,
                                           minutes, bonus_minutes, facts, deductions, undecided) values {}",
                rows_of(some.len(), 16)
            ),
            &refs(&values),
        )?;
    }
    Ok(())
}

/// `($1, $2), ($3, $4)`.
fn rows_of(rows: usize, columns: usize) -> String {
    let row = |nth: usize| {
        let places: Vec<String> = (1..=columns).map(|it| format!("${}", nth * columns + it)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

fn refs(values: &[Value]) -> Vec<&dyn Bind> {
    values.iter().map(|it| it as &dyn Bind).collect()
}

/// Confirms a draft: it is frozen, its lines are settled, and what it pays more or less than the runs before is to be paid.
/// `now` is the digest of the month as it comes out at this moment.
///
/// # Errors
/// `Refused` where it is confirmed already, where something changed since it was computed, or a review is not done.
pub fn confirm(tx: &Tx<'_>, ask: &Ask, key: &Key, now: &str) -> Result<Settlement> {
    let it = find_whole(tx, &ask.who.scope, key)?;
    if !it.is_draft() {
        return Err(Error::refused("settlement_confirmed", "这次结算已经确认"));
    }
    if it.digest != now {
        return Err(Error::refused("settlement_stale", "计算之后明细、参保、待遇或政策有变化,请重新计算再确认"));
    }
    let open = tx.count(
        "select count(*) from ltci_sample where region = $1 and settlement = $2 and state = 'open'",
        &[&key.region, &key.id],
    )?;
    if 0 < open {
        let why = kit::Said::new("还有 {n} 条抽查没有结果,请先完成抽查").with("n", open);
        return Err(Error::refused("samples_open", why));
    }
    record_payer(tx, ask, &it)?;
    let payments = pay::create(tx, ask, &it)?;
    // Where nothing is to be paid all is paid.
    let state = if payments == 0 { "paid" } else { "confirmed" };
    tx.run(
        "update ltci_settlement set state = $3, confirmed_by = $4, confirmed = $5 where region = $1 and id = $2",
        &[&key.region, &key.id, &state, &ask.who.name, &stamp(ask.now)],
    )?;
    claim::settled(tx, &key.region, &it.month)?;
    redo::done(tx, &key.region, &it.month)?;
    note(tx, ask, key, "confirmed")?;
    find(tx, &ask.who.scope, key)
}

/// Records for which services the fund pays, and takes back those for which it no longer does: nobody else is asked for them.
///
/// # Errors
/// `Refused` where somebody else paid for one since the run was computed.
fn record_payer(tx: &Tx<'_>, ask: &Ask, it: &Settlement) -> Result<()> {
    let mut paid = Vec::new();
    tx.each(
        "select v.elder, c.service, v.day, v.claim, v.fund from ltci_verdict v
           join ltci_claim c on c.region = v.region and c.id = v.claim
          where v.region = $1 and v.settlement = $2 order by v.elder, v.day, c.service, v.claim",
        &[&it.key.region, &it.key.id],
        |row| {
            let event = format!("{PAYER}:{}", row.get::<Id>(3)?);
            paid.push((
                tariff::Service { elder: row.get(0)?, code: row.get(1)?, day: row.get(2)?, event },
                0 < row.get::<i64>(4)?,
            ));
            Ok(())
        },
    )?;
    let basis = format!("{} {}", "长护险结算", it.month);
    if 1 < it.run {
        for (service, _) in paid.iter().filter(|it| !it.1) {
            tariff::release_service(tx, ask, &it.key.region, service, &basis)?;
        }
    }
    let paid: Vec<tariff::Service> = paid.into_iter().filter(|it| it.1).map(|it| it.0).collect();
    tariff::claim_all(tx, ask, &it.key.region, PAYER, &basis, &paid)
}

/// Throws a draft away, such as a second run that turned out needless.
///
/// # Errors
/// `Refused` where it is confirmed.
pub fn discard(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<()> {
    let it = find_whole(tx, &ask.who.scope, key)?;
    if !it.is_draft() {
        return Err(Error::refused("settlement_confirmed", "这次结算已经确认"));
    }
    tx.run("delete from ltci_sample where region = $1 and settlement = $2", &[&key.region, &key.id])?;
    tx.run("delete from ltci_verdict where region = $1 and settlement = $2", &[&key.region, &key.id])?;
    tx.run("delete from ltci_settled where region = $1 and settlement = $2", &[&key.region, &key.id])?;
    tx.run("delete from ltci_settlement where region = $1 and id = $2", &[&key.region, &key.id])?;
    note(tx, ask, key, "discarded")
}

/// Notes in the audit trail what was done with a run.
pub fn note(tx: &Tx<'_>, ask: &Ask, key: &Key, detail: &str) -> Result<()> {
    let action = match detail {
        "look" => "look",
        "export" => "export",
        _ => "change",
    };
    let (region, id) = (&key.region, Some(key.id));
    ask.note(
        tx,
        &kit::audit::Entry { action, subject: "ltci_settlement", subject_id: id, region, place: region, detail },
    )
}
