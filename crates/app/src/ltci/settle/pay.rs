//! What is to be paid after a run: to each provider, and to each person who takes money, the difference to what earlier runs
//! of the month paid.

use std::collections::BTreeMap;

use kit::{Ask, Error, Id, Result, Said, Tx};
use rules::base::Date;

use super::{
    keep::{self, Settlement},
    spent,
};
use crate::elders::{self, Key};

/// Who is paid: an institution, or a person where that is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Payee {
    pub provider: Id,
    pub elder: Option<Id>,
}

/// What the fund owes for a run, by payee, in fen: the verdicts less what reviews took off, and money in place of hours.
pub fn payable(tx: &Tx<'_>, it: &Settlement) -> Result<BTreeMap<Payee, i64>> {
    let mut all: BTreeMap<Payee, i64> = BTreeMap::new();
    let (region, id) = (&it.key.region, &it.key.id);
    let mut add = |payee: Payee, amount: i64| *all.entry(payee).or_default() += amount;
    let provider = |id: Id| Payee { provider: id, elder: None };
    let merged = elders::merged(tx, region)?;
    let person = |id: Id| Payee { provider: Id(0), elder: Some(merged.stays(id)) };
    tx.each(
        "select provider, cast(sum(fund) as bigint) from ltci_verdict
          where region = $1 and settlement = $2 and provider <> 0 group by provider order by provider",
        &[region, id],
        |row| {
            add(provider(row.get(0)?), row.get(1)?);
            Ok(())
        },
    )?;
    tx.each(
        "select elder, cast(sum(fund) as bigint) from ltci_verdict
          where region = $1 and settlement = $2 and provider = 0 group by elder order by elder",
        &[region, id],
        |row| {
            add(person(row.get(0)?), row.get(1)?);
            Ok(())
        },
    )?;
    tx.each(
        "select elder, bonus from ltci_settled where region = $1 and settlement = $2 and bonus <> 0 order by elder",
        &[region, id],
        |row| {
            add(person(row.get(0)?), row.get(1)?);
            Ok(())
        },
    )?;
    tx.each(
        "select v.provider, s.deducted, v.fund from ltci_sample s
           join ltci_verdict v on v.region = s.region and v.claim = s.claim
          where s.region = $1 and s.month = $2 and v.settlement = $3 and s.deducted > 0 order by s.claim",
        &[region, &it.month, id],
        |row| {
            let (deducted, fund): (i64, i64) = (row.get(1)?, row.get(2)?);
            add(provider(row.get(0)?), -deducted.min(fund));
            Ok(())
        },
    )?;
    Ok(all)
}

/// What the confirmed runs of a month pay already.
pub fn paid(tx: &Tx<'_>, region: &str, month: &str) -> Result<BTreeMap<Payee, i64>> {
    let rows = tx.rows(
        "select provider, elder, amount from ltci_payment where region = $1 and month = $2 order by id",
        &[&region, &month],
        |row| Ok((Payee { provider: row.get(0)?, elder: row.get(1)? }, row.get::<i64>(2)?)),
    )?;
    let merged = elders::merged(tx, region)?;
    let mut all = BTreeMap::new();
    for (payee, amount) in rows {
        let payee = Payee { elder: payee.elder.map(|it| merged.stays(it)), ..payee };
        *all.entry(payee).or_default() += amount;
    }
    Ok(all)
}

/// The difference of a run to what is paid, by payee; nothing where there is none.
pub fn due(tx: &Tx<'_>, it: &Settlement) -> Result<BTreeMap<Payee, i64>> {
    let mut all = payable(tx, it)?;
    for (payee, amount) in paid(tx, &it.key.region, &it.month)? {
        *all.entry(payee).or_default() -= amount;
    }
    all.retain(|_, amount| *amount != 0);
    Ok(all)
}

/// Writes down what a run that is being confirmed pays; gives how many payments there are.
pub fn create(tx: &Tx<'_>, ask: &Ask, it: &Settlement) -> Result<usize> {
    let all = due(tx, it)?;
    let mut ids = BTreeMap::new();
    for (payee, amount) in &all {
        let id = ask.new_id();
        ids.insert(*payee, id);
        let kind = match (it.run, *amount) {
            (_, amount) if amount < 0 => "back",
            (1, _) => "month",
            _ => "more",
        };
        tx.run(
            "insert into ltci_payment (region, id, settlement, month, provider, elder, kind, amount, state, created_day, reference, who)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'due', $9, '', '')",
            &[
                &it.key.region,
                &id,
                &it.key.id,
                &it.month,
                &payee.provider,
                &payee.elder,
                &kind,
                amount,
                &ask.today().to_string(),
            ],
        )?;
    }
    spent::create(tx, it, &ids)?;
    Ok(all.len())
}

/// A payment as files and pages show it.
#[derive(Debug, Clone)]
pub struct Payment {
    pub id: Id,
    pub month: String,
    pub payee: Payee,
    pub kind: String,
    pub amount: i64,
    pub state: String,
    pub paid_day: Option<Date>,
    pub reference: String,
}

/// The payments of a run, institutions first, each by number.
pub fn of_settlement(tx: &Tx<'_>, key: &Key) -> Result<Vec<Payment>> {
    let mut all = tx.rows(
        "select id, month, provider, elder, kind, amount, state, paid_day, reference from ltci_payment
          where region = $1 and settlement = $2 order by id",
        &[&key.region, &key.id],
        |row| {
            Ok(Payment {
                id: row.get(0)?,
                month: row.get(1)?,
                payee: Payee { provider: row.get(2)?, elder: row.get(3)? },
                kind: row.get(4)?,
                amount: row.get(5)?,
                state: row.get(6)?,
                paid_day: row.get(7)?,
                reference: row.get(8)?,
            })
        },
    )?;
    all.sort_by_key(|it| (it.payee.elder.is_some(), it.payee));
    Ok(all)
}

/// Notes that payments of a run were made, or came back, on a day: one, or all that are left.
///
/// # Errors
/// `Refused` where none is left, `Invalid` for a day to come.
pub fn done(tx: &Tx<'_>, ask: &Ask, key: &Key, payment: Option<Id>, day: Date, reference: &str) -> Result<u64> {
    let it = keep::find_whole(tx, &ask.who.scope, key)?;
    if ask.today() < day {
        return Err(Error::invalid("day", Said::new("支付日“{value}”不能晚于今天").with("value", day)));
    }
    let due = tx.rows(
        "select id from ltci_payment
          where region = $1 and settlement = $2 and state = 'due' and (cast($3 as bigint) = 0 or id = $3) order by id",
        &[&key.region, &key.id, &payment.map_or(0, |it| it.0)],
        |row| row.get::<Id>(0),
    )?;
    let changed = tx.run(
        "update ltci_payment set state = 'done', paid_day = $3, reference = $4, who = $5
          where region = $1 and settlement = $2 and state = 'due' and (cast($6 as bigint) = 0 or id = $6)",
        &[&key.region, &key.id, &day.to_string(), &reference, &ask.who.name, &payment.map_or(0, |it| it.0)],
    )?;
    if changed == 0 {
        return Err(Error::refused("nothing_due", "没有待办理的支付"));
    }
    spent::book(tx, ask, key, &due, day)?;
    let left = tx.count(
        "select count(*) from ltci_payment where region = $1 and settlement = $2 and state = 'due'",
        &[&key.region, &key.id],
    )?;
    if left == 0 && it.state == "confirmed" {
        tx.run("update ltci_settlement set state = 'paid' where region = $1 and id = $2", &[&key.region, &key.id])?;
    }
    keep::note(tx, ask, key, "paid")?;
    Ok(changed)
}
