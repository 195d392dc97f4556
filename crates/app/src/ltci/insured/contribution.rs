//! What is owed for each period by policy, and what was paid; every payment moves the book of the fund.

use std::collections::{BTreeMap, HashMap};

use kit::{
    Ask, Error, Result, Said, Tx,
    clock::stamp,
    form::{self, Field, Input, Kind as Of, Options, field},
};
use rules::{
    base::{Date, Money},
    ltci::{Contributor, Due, Enrolled, Period, contribution, periods_over},
    policy::{Because, InForce},
};

use super::{record, standing};
use crate::{
    elders::Key,
    ltci::{
        fund::{self, Receipt},
        words,
    },
};

pub const FIELDS: &[Field] = &[
    field("period", "缴费期", Of::Text(7)).required().help("写作 2026-04 或 2026"),
    field("purse", "来源", Of::Choice(words::PURSES)).required(),
    field("amount", "更正金额", Of::Text(20)).required().help("元;退费写负数。原来的记录不改。"),
    field("day", "到账(退费)日", Of::Date).required(),
    field("voucher", "凭证号", Of::Text(40)).required(),
];

/// What one purse owes for a period and what it paid, in fen.
#[derive(Debug, Clone)]
pub struct Line {
    pub period: String,
    pub kind: String,
    pub purse: String,
    pub base: i64,
    /// Nothing where no policy was in force at the end of the period.
    pub due: Option<i64>,
    pub paid: i64,
    pub because: Option<Because>,
    pub is_over: bool,
}

impl Line {
    pub fn owed(&self) -> i64 {
        if self.is_over { (self.due.unwrap_or(0) - self.paid).max(0) } else { 0 }
    }
}

/// Payments before this month are not asked after: nobody is to be chased for what older systems settled.
const YEARS_BACK: i32 = 5;

/// Every period that is over or was paid for, the earliest first.
pub fn lines(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Vec<Line>> {
    let enrolled = record::enrolled(&record::steps(tx, key)?)?;
    let mut paid = tx.rows(
        "select period, purse, cast(sum(amount) as bigint) from ltci_contribution
          where region = $1 and insured = $2 group by period, purse order by period, purse",
        &[&key.region, &key.id],
        |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?)),
    )?;
    let mut all = due(ask, &key.region, &enrolled);
    for line in &mut all {
        if let Some(at) = paid.iter().position(|it| it.0 == line.period && it.1 == line.purse) {
            line.paid = paid.remove(at).2;
        }
    }
    all.extend(paid.into_iter().map(|(period, purse, paid)| Line {
        period,
        kind: String::new(),
        purse,
        base: 0,
        due: None,
        paid,
        because: None,
        is_over: false,
    }));
    all.sort_by(|a, b| (&a.period, &a.purse).cmp(&(&b.period, &b.purse)));
    Ok(all)
}

fn due(ask: &Ask, region: &str, enrolled: &[Enrolled]) -> Vec<Line> {
    let mut all = Vec::new();
    each_due(ask, region, enrolled, |period, it, shares, policy| {
        let because = policy.because().into_iter().next();
        all.extend(shares.into_iter().map(|share| Line {
            period: period.to_string(),
            kind: words::kind_word(it.kind).to_string(),
            purse: words::purse_word(share.purse).to_string(),
            base: it.base.fen(),
            due: Some(share.amount.fen()),
            paid: 0,
            because: because.clone(),
            is_over: true,
        }));
    });
    all
}

/// What is due for each period that is over, with the policy that says so.
fn each_due(
    ask: &Ask,
    region: &str,
    enrolled: &[Enrolled],
    mut with: impl FnMut(Period, Enrolled, Vec<Due>, &InForce<'_>),
) {
    for (period, it) in periods_over(enrolled, first_day(ask), ask.today()) {
        let policy = ask.app.policy_in(region, period.last());
        if let Ok(shares) = contribution(&Contributor { kind: it.kind, base: it.base }, &policy) {
            with(period, it, shares, &policy);
        }
    }
}

/// Periods over before this day are not asked after.
pub fn first_day(ask: &Ask) -> Date {
    ask.today().add_years(-YEARS_BACK)
}

/// What somebody owes on the whole, in fen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owing {
    /// The earliest period that is not paid, and how many there are.
    pub since: Period,
    pub periods: i64,
    pub owed: i64,
}

impl Owing {
    /// The day on which the earliest period is no longer asked after.
    pub fn forgotten(&self) -> Date {
        self.since.next().first().add_years(YEARS_BACK)
    }
}

/// The sum of what [`lines`] owe; `paid` in fen by period and purse.
pub fn owing(ask: &Ask, region: &str, enrolled: &[Enrolled], paid: &HashMap<(String, String), i64>) -> Option<Owing> {
    let mut all: BTreeMap<String, (Period, i64)> = BTreeMap::new();
    each_due(ask, region, enrolled, |period, _, shares, _| {
        for share in shares {
            let word = period.to_string();
            let key = (word.clone(), words::purse_word(share.purse).to_string());
            let owed = share.amount.fen() - paid.get(&key).copied().unwrap_or(0);
            if 0 < owed {
                all.entry(word).or_insert((period, 0)).1 += owed;
            }
        }
    });
    let (_, (since, _)) = all.first_key_value()?;
    Some(Owing { since: *since, periods: all.len() as i64, owed: all.values().map(|it| it.1).sum() })
}

/// One payment of one purse.
#[derive(Debug, Clone, Copy)]
pub struct Payment<'a> {
    pub period: Period,
    /// A word of `words::PURSES`.
    pub purse: &'a str,
    pub amount: Money,
    pub day: Date,
    pub voucher: &'a str,
    pub source: &'a str,
}

/// Writes a payment down and books it; `false` where it is known.
///
/// # Errors
/// `Invalid` where another amount is known under the same voucher.
pub fn pay(tx: &Tx<'_>, ask: &Ask, key: &Key, it: &Payment<'_>) -> Result<bool> {
    let period = it.period.to_string();
    let known: Option<i64> = tx.row(
        "select amount from ltci_contribution
          where region = $1 and insured = $2 and period = $3 and purse = $4 and voucher = $5",
        &[&key.region, &key.id, &period, &it.purse, &it.voucher],
        |row| row.get(0),
    )?;
    match known {
        Some(known) if known == it.amount.fen() => return Ok(false),
        Some(known) => {
            let said = Said::new("缴费期 {period} 已登记 {amount};多缴、补缴或退费请另写凭证号")
                .with("period", &period)
                .with("amount", Money::from_fen(known));
            return Err(Error::invalid("voucher", said));
        }
        None => {}
    }
    if ask.today() < it.day {
        return Err(Error::invalid("day", Said::new("到账日期 {day} 还没有到").with("day", it.day)));
    }
    let id = ask.new_id();
    tx.run(
        "insert into ltci_contribution (region, insured, period, purse, voucher, id, amount, day, source, who, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            &key.region,
            &key.id,
            &period,
            &it.purse,
            &it.voucher,
            &id,
            &it.amount.fen(),
            &it.day.to_string(),
            &it.source,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    let source = format!("contribution:{id}");
    let receipt = Receipt {
        region: &key.region,
        day: it.day,
        purse: words::purse(it.purse)?,
        amount: it.amount,
        source: &source,
    };
    fund::receive(tx, ask, &receipt)?;
    standing::keep(tx, ask, key);
    Ok(true)
}

/// A correction or refund, as an entry of its own.
pub fn correct(tx: &Tx<'_>, ask: &Ask, key: &Key, input: &Input) -> Result<()> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    record::find(tx, ask, key)?;
    let it = Payment {
        period: period(&checked.text("period"))?,
        purse: &checked.text("purse"),
        amount: record::amount("amount", &checked.text("amount"))?,
        day: checked.date("day").unwrap_or(ask.today()),
        voucher: &checked.text("voucher"),
        source: "form",
    };
    pay(tx, ask, key, &it)?;
    record::note(tx, ask, key, "change", &format!("contribution {}", it.period))
}

/// A period as people write it.
///
/// # Errors
/// `Invalid` for what is none.
pub fn period(text: &str) -> Result<Period> {
    let plain = text.replace(['年', '/', '.'], "-").replace('月', "");
    let plain = match plain.trim_end_matches('-') {
        it if it.len() == 6 && it.bytes().all(|it| it.is_ascii_digit()) => format!("{}-{}", &it[..4], &it[4..]),
        it => it.to_string(),
    };
    plain
        .parse()
        .map_err(|_| Error::invalid("period", Said::new("缴费期“{value}”应写作 2026-04 或 2026").with("value", text)))
}
