//! What a run spends by way of care and grade, payee by payee: what the book of the fund takes in when a payment is made.

use std::collections::BTreeMap;

use kit::{Ask, Id, Result, Tx};
use rules::base::{Date, Money};

use super::{judge, keep::Settlement, pay::Payee};
use crate::{
    elders::{self, Key},
    ltci::{
        benefit::step,
        fund::book::{self, Spending},
        words,
    },
};

/// For what a payee is paid: a word of a way of care, and the grade.
type For = (Payee, String, i64);

/// Fen, and how many recipient-months they pay for.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    amount: i64,
    months: i64,
}

/// What a run owes by payee, way of care and grade. A recipient's month counts once, where most was paid for it.
fn of_run(tx: &Tx<'_>, it: &Settlement) -> Result<BTreeMap<For, Sum>> {
    let (_, last) = judge::days(&it.month)?;
    let merged = elders::merged(tx, &it.key.region)?;
    let steps = step::of_county(tx, &it.key.region, &merged)?;
    let on = |elder: Id, day: Date| {
        let all = steps.get(&elder).map_or(&[][..], |it| it);
        let step = all.iter().rev().find(|it| it.from <= day)?;
        Some((step.mode.clone(), i64::from(u8::from(step.grade?))))
    };
    let payee = |provider: Id, elder: Id| Payee { provider, elder: (provider.0 == 0).then(|| merged.stays(elder)) };
    let mut own: BTreeMap<Id, BTreeMap<For, i64>> = BTreeMap::new();
    tx.each(
        "select v.elder, v.provider, c.mode, v.day, cast(sum(v.fund) as bigint) from ltci_verdict v
           join ltci_claim c on c.region = v.region and c.id = v.claim
          where v.region = $1 and v.settlement = $2 and v.fund <> 0
          group by v.elder, v.provider, c.mode, v.day order by v.elder, v.provider, c.mode, v.day",
        &[&it.key.region, &it.key.id],
        |row| {
            let (elder, provider): (Id, Id) = (row.get(0)?, row.get(1)?);
            let grade = on(elder, row.get(3)?).map_or(0, |it| it.1);
            let key = (payee(provider, elder), row.get(2)?, grade);
            *own.entry(merged.stays(elder)).or_default().entry(key).or_default() += row.get::<i64>(4)?;
            Ok(())
        },
    )?;
    tx.each(
        "select elder, bonus from ltci_settled where region = $1 and settlement = $2 and bonus <> 0 order by elder",
        &[&it.key.region, &it.key.id],
        |row| {
            let elder: Id = row.get(0)?;
            let (mode, grade) = on(elder, last).unwrap_or_default();
            let own = own.entry(merged.stays(elder)).or_default();
            *own.entry((payee(Id(0), elder), mode, grade)).or_default() += row.get::<i64>(1)?;
            Ok(())
        },
    )?;
    let mut all: BTreeMap<For, Sum> = BTreeMap::new();
    for of in own.into_values() {
        let most = of.iter().max_by_key(|it| *it.1).map(|it| it.0.clone());
        for (key, amount) in of {
            let months = i64::from(Some(&key) == most.as_ref());
            let sum = all.entry(key).or_default();
            (sum.amount, sum.months) = (sum.amount + amount, sum.months + months);
        }
    }
    tx.each(
        "select v.elder, v.provider, c.mode, v.day, s.deducted, v.fund from ltci_sample s
           join ltci_verdict v on v.region = s.region and v.claim = s.claim
           join ltci_claim c on c.region = v.region and c.id = v.claim
          where s.region = $1 and s.month = $2 and v.settlement = $3 and s.deducted > 0 order by s.claim",
        &[&it.key.region, &it.month, &it.key.id],
        |row| {
            let (elder, provider): (Id, Id) = (row.get(0)?, row.get(1)?);
            let grade = on(elder, row.get(3)?).map_or(0, |it| it.1);
            let (deducted, fund): (i64, i64) = (row.get(4)?, row.get(5)?);
            all.entry((payee(provider, elder), row.get(2)?, grade)).or_default().amount -= deducted.min(fund);
            Ok(())
        },
    )?;
    Ok(all)
}

/// Writes for what the new payments of a run are: the difference to what earlier payments of the month were for.
pub fn create(tx: &Tx<'_>, it: &Settlement, payments: &BTreeMap<Payee, Id>) -> Result<()> {
    let mut parts = of_run(tx, it)?;
    let merged = elders::merged(tx, &it.key.region)?;
    tx.each(
        "select p.provider, p.elder, t.mode, t.grade, t.amount, t.months from ltci_payment p
           join ltci_payment_part t on t.region = p.region and t.payment = p.id
          where p.region = $1 and p.month = $2 order by p.id, t.mode, t.grade",
        &[&it.key.region, &it.month],
        |row| {
            let elder: Option<Id> = row.get(1)?;
            let payee = Payee { provider: row.get(0)?, elder: elder.map(|it| merged.stays(it)) };
            let sum = parts.entry((payee, row.get(2)?, row.get(3)?)).or_default();
            sum.amount -= row.get::<i64>(4)?;
            sum.months -= row.get::<i64>(5)?;
            Ok(())
        },
    )?;
    for ((payee, mode, grade), sum) in parts.into_iter().filter(|it| it.1.amount != 0) {
        let Some(payment) = payments.get(&payee) else { continue };
        tx.run(
            "insert into ltci_payment_part (region, payment, mode, grade, amount, months) values ($1, $2, $3, $4, $5, $6)",
            &[&it.key.region, payment, &mode, &grade, &sum.amount, &sum.months],
        )?;
    }
    Ok(())
}

/// Books payments that were made, or that came back, on a day.
pub fn book(tx: &Tx<'_>, ask: &Ask, key: &Key, payments: &[Id], day: Date) -> Result<()> {
    for payment in payments {
        let parts = tx.rows(
            "select mode, grade, amount, months from ltci_payment_part
              where region = $1 and payment = $2 order by mode, grade",
            &[&key.region, payment],
            |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?, row.get::<i64>(3)?)),
        )?;
        for (mode, grade, amount, months) in parts {
            let spending = Spending {
                region: &key.region,
                day,
                mode: words::mode(&mode)?,
                grade: step::grade(grade)?,
                amount: Money::from_fen(amount),
                months,
                source: &format!("payment:{payment}:{mode}:{grade}"),
            };
            book::spend(tx, ask, &spending)?;
        }
    }
    Ok(())
}
