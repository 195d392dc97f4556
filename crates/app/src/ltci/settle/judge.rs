//! A month judged: every fact of a county is read once, and every line judged by it.

use std::collections::HashMap;

use kit::{App, Error, Id, Result, Tx, digest};
use rules::{
    base::{Date, Money},
    ltci::{
        BonusChoice, Mode, Qualification,
        settle::{Deduction, Evidence, Granted, Line, Recipient, Rule, Terms, Verdict, settle},
    },
};
use serde::{Deserialize, Serialize};

use super::{objection, policy};
use crate::{
    elders::{self, Key},
    ltci::{
        benefit::{pause, step},
        claim::{self, Claim},
        insured,
        provider::{agreement, carer},
        words,
    },
    tariff,
};

/// The word under which payments of long-term-care insurance are recorded.
pub const PAYER: &str = "ltci";

/// A month of a county as it comes out today.
pub struct Month {
    pub region: String,
    /// `2025-03`.
    pub month: String,
    pub persons: Vec<Person>,
    /// The policy values it rests on, as JSON.
    pub policy: String,
    pub policy_digest: String,
    pub digest: String,
}

/// A recipient's month. Of a person with several records `elder` is the one that stays; each line keeps its own.
pub struct Person {
    pub elder: Id,
    pub bonus: Money,
    /// The recipient as the rules knew them, as JSON.
    pub facts: String,
    pub lines: Vec<Judged>,
}

/// A line and what became of it.
pub struct Judged {
    pub claim: Claim,
    pub verdict: Verdict,
    /// [`Known`] as JSON.
    pub facts: String,
    /// A list of [`Deducted`] as JSON; empty where nothing was deducted.
    pub deductions: String,
}

/// What was known of a line besides what it says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Known {
    pub level: Option<u8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qualifications: Vec<Qualification>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Evidence>,
    /// Who else pays for the service of the day, in Chinese; empty where nobody does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub paid_by: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waived: Vec<Rule>,
}

/// A deduction as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deducted {
    pub rule: u8,
    /// Fen.
    pub amount: i64,
    pub zh: String,
    pub en: String,
}

/// Sums of a month, in fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub persons: i64,
    pub lines: i64,
    pub claimed: i64,
    pub fund: i64,
    pub person: i64,
    pub provider: i64,
    pub pending: i64,
    pub bonus: i64,
}

impl Month {
    pub fn totals(&self) -> Totals {
        let mut all = Totals { persons: self.persons.len() as i64, ..Totals::default() };
        for person in &self.persons {
            all.bonus += person.bonus.fen();
            for Judged { verdict: it, .. } in &person.lines {
                all.lines += 1;
                all.claimed += it.claimed.fen();
                all.fund += it.fund.fen();
                all.person += it.person.fen();
                all.provider += it.provider.fen();
                all.pending += it.pending.fen();
            }
        }
        all
    }
}

/// The first and the last day of `2025-03`.
///
/// # Errors
/// `Invalid` for what is no month.
pub fn days(month: &str) -> Result<(Date, Date)> {
    let first = if month.len() == 7 { format!("{month}-01").parse::<Date>().ok() } else { None };
    let first = first.ok_or_else(|| {
        Error::invalid("month", kit::Said::new("“{value}”不是月份,请写作 2026-01").with("value", month))
    })?;
    Ok((first, first.last_of_month()))
}

/// What a county knows of its recipients, providers and carers.
struct Facts {
    insured: HashMap<Id, Vec<rules::ltci::settle::Insured>>,
    steps: HashMap<Id, Vec<step::Step>>,
    pauses: HashMap<Id, Vec<pause::Pause>>,
    gone: HashMap<Id, Date>,
    agreements: HashMap<Id, agreement::Terms>,
    carers: HashMap<String, Vec<carer::Carer>>,
    waived: HashMap<Id, Vec<Rule>>,
    paid: tariff::Paid,
    minutes_before: HashMap<Id, u32>,
    /// Who has several records is one person.
    merged: elders::Merged,
}

impl Facts {
    fn read(tx: &Tx<'_>, region: &str, month: &str, (first, last): (Date, Date)) -> Result<Facts> {
        let merged = elders::merged(tx, region)?;
        let mut carers: HashMap<String, Vec<carer::Carer>> = HashMap::new();
        for it in carer::of_county(tx, region)? {
            carers.entry(it.number.clone()).or_default().push(it);
        }
        Ok(Facts {
            insured: insured::of_recipients(tx, region, &merged)?,
            steps: step::of_county(tx, region, &merged)?,
            pauses: pause::of_county(tx, region, &merged)?,
            gone: elders::gone(tx, region)?,
            agreements: agreement::of_county(tx, region)?,
            carers,
            waived: objection::waived(tx, region, month)?,
            paid: tariff::paid_in(tx, region, first, last)?,
            minutes_before: minutes_before(tx, region, first, &merged)?,
            merged,
        })
    }

    fn recipient(&mut self, tx: &Tx<'_>, region: &str, elder: Id, first: Date, last: Date) -> Result<Recipient> {
        let steps = self.steps.remove(&elder).unwrap_or_default();
        // Who never had a benefit is not among those that were read at once.
        let insured = match self.insured.remove(&elder) {
            Some(it) => it,
            None if steps.is_empty() => insured::of_elder(tx, &Key { region: region.to_string(), id: elder })?,
            None => Vec::new(),
        };
        let granted = step::granted(&steps)?;
        let pauses = self.pauses.remove(&elder).unwrap_or_default();
        let bonus = steps.iter().rev().find(|it| it.from <= last && it.grade.is_some());
        Ok(Recipient {
            insured,
            months_at_home: months_at_home(&granted, first, last),
            granted,
            suspended: pauses.iter().map(pause::Pause::suspended).collect(),
            gone: self.gone.get(&elder).copied(),
            bonus: bonus.map_or(BonusChoice::default(), |it| words::bonus(&it.bonus)),
            minutes_before: self.minutes_before.get(&elder).copied().unwrap_or(0),
        })
    }

    fn known(&self, app: &App, it: &Claim) -> Known {
        let (said, day) = (&it.said, it.said.day);
        let agreement = self.agreements.get(&it.provider).and_then(|all| all.on(day));
        let level = agreement.filter(|one| one.modes.contains(&said.mode)).map(|one| one.level);
        let carers = self.carers_of(it);
        let mut qualifications = Vec::new();
        for one in &carers {
            if let Ok(found) = words::qualification(&one.qualification)
                && !qualifications.contains(&found)
            {
                qualifications.push(found);
            }
        }
        qualifications.sort_by_key(|it| *it as u8);
        Known {
            level: level.and_then(|it| u8::try_from(it).ok()),
            qualifications,
            missing: claim::missing(said, !carers.is_empty()),
            paid_by: self.paid.by_other(app, said.elder, &said.service, day, PAYER).unwrap_or_default().to_string(),
            waived: self.waived.get(&it.key.id).cloned().unwrap_or_default(),
        }
    }

    /// What the carer of a line was that day, for that provider: one person may be several things. A relative cares for
    /// their own.
    fn carers_of(&self, it: &Claim) -> Vec<&carer::Carer> {
        let said = &it.said;
        let fits = |one: &&carer::Carer| {
            let is_theirs = match one.elder {
                Some(own) => self.merged.stays(own) == self.merged.stays(said.elder),
                None => one.organisation == it.provider,
            };
            is_theirs && one.works_on(said.day)
        };
        if said.carer.is_empty() {
            return Vec::new();
        }
        self.carers.get(&said.carer).into_iter().flatten().filter(fits).collect()
    }
}

/// Which month of care at home without a gap a month is, from 1; 0 where there was none in it.
fn months_at_home(granted: &[Granted], first: Date, last: Date) -> u16 {
    let at_home = |it: &&Granted| matches!(it.mode, Mode::Home | Mode::Visiting | Mode::SelfArranged);
    let in_month = |it: &Granted| it.from <= last && it.until.is_none_or(|until| first < until);
    let home: Vec<&Granted> = granted.iter().filter(at_home).collect();
    let Some(mut at) = home.iter().rposition(|it| in_month(it)) else { return 0 };
    while 0 < at && home[at - 1].until == Some(home[at].from) {
        at -= 1;
    }
    let from = home[at].from;
    let months =
        (i32::from(first.year()) - i32::from(from.year())) * 12 + i32::from(first.month()) - i32::from(from.month());
    u16::try_from(months + 1).unwrap_or(0)
}

/// Minutes that the confirmed month before paid in the week that goes over into this one.
fn minutes_before(tx: &Tx<'_>, region: &str, first: Date, merged: &elders::Merged) -> Result<HashMap<Id, u32>> {
    let monday = first.add_days(-i32::from(first.civil().weekday().to_monday_zero_offset()));
    if monday == first {
        return Ok(HashMap::new());
    }
    let before = claim::month_of(first.add_days(-1));
    let Some(id) = super::keep::confirmed(tx, region, &before)? else { return Ok(HashMap::new()) };
    let rows = tx.rows(
        "select elder, cast(sum(minutes - bonus_minutes) as bigint) from ltci_verdict
          where region = $1 and settlement = $2 and day >= $3 group by elder order by elder",
        &[&region, &id, &monday.to_string()],
        |row| Ok((row.get::<Id>(0)?, row.get::<i64>(1)?)),
    )?;
    let mut all: HashMap<Id, u32> = HashMap::new();
    for (elder, minutes) in rows {
        *all.entry(merged.stays(elder)).or_default() += u32::try_from(minutes).unwrap_or(0);
    }
    Ok(all)
}

/// Judges every line of a county's month by what is known today; writes nothing.
///
/// # Errors
/// `Invalid` for what is no month.
pub fn judge(tx: &Tx<'_>, app: &App, region: &str, month: &str) -> Result<Month> {
    let (first, last) = days(month)?;
    let mut facts = Facts::read(tx, region, month, (first, last))?;
    let terms = Terms::of(first, last, |day| app.policy_in(region, day));
    let mut claims = claim::of_month(tx, region, month, &facts.merged)?.into_iter().peekable();
    let mut persons = Vec::new();
    while let Some(elder) = claims.peek().map(|it| facts.merged.stays(it.said.elder)) {
        let mut own = Vec::new();
        while let Some(it) = claims.next_if(|it| facts.merged.stays(it.said.elder) == elder) {
            own.push(it);
        }
        let recipient = facts.recipient(tx, region, elder, first, last)?;
        persons.push(person(app, elder, &recipient, own, &facts, &terms)?);
    }
    let policy = policy::of_month(app, region, first, last)?;
    let digest = digest_of(&persons);
    let policy_digest = app.policy.digest().to_string();
    Ok(Month { region: region.to_string(), month: month.to_string(), persons, policy, policy_digest, digest })
}

fn person(
    app: &App,
    elder: Id,
    recipient: &Recipient,
    claims: Vec<Claim>,
    facts: &Facts,
    terms: &Terms<'_>,
) -> Result<Person> {
    let known: Vec<Known> = claims.iter().map(|it| facts.known(app, it)).collect();
    let lines = claims.iter().zip(&known).map(|(it, known)| line(it, known)).collect::<Result<Vec<Line>>>()?;
    let settled = settle(recipient, &lines, terms);
    let mut judged = Vec::with_capacity(claims.len());
    // Claims and verdicts stand in one order.
    for ((claim, known), verdict) in claims.into_iter().zip(&known).zip(settled.verdicts) {
        let deducted: Vec<Deducted> = verdict.deductions.iter().map(Deducted::of).collect();
        let deductions = if deducted.is_empty() { String::new() } else { serde_json::to_string(&deducted)? };
        judged.push(Judged { claim, facts: serde_json::to_string(known)?, verdict, deductions });
    }
    Ok(Person { elder, bonus: settled.bonus, facts: serde_json::to_string(recipient)?, lines: judged })
}

fn line(it: &Claim, known: &Known) -> Result<Line> {
    let said = &it.said;
    Ok(Line {
        id: it.number.clone(),
        day: said.day,
        mode: words::mode(&said.mode)?,
        service: said.service.clone(),
        claimed: Money::from_fen(said.claimed),
        begin: said.begin_minute.and_then(|it| u16::try_from(it).ok()),
        minutes: u16::try_from(said.minutes).unwrap_or(0),
        second: said.second.into(),
        provider: if it.provider.0 == 0 { String::new() } else { it.provider.to_string() },
        level: known.level,
        qualifications: known.qualifications.clone(),
        missing: known.missing.clone(),
        paid_by: (!known.paid_by.is_empty()).then(|| known.paid_by.clone()),
        waived: known.waived.clone(),
    })
}

impl Deducted {
    fn of(it: &Deduction) -> Deducted {
        let Deduction { rule, amount, said } = it;
        Deducted { rule: rule.number(), amount: amount.fen(), zh: said.zh.clone(), en: said.en.clone() }
    }
}

/// The digest of all that was known and of all that came of it; the same facts give the same, whatever came in first.
fn digest_of(persons: &[Person]) -> String {
    let mut all = String::new();
    for person in persons {
        all.push_str(&format!("{} {} {}\n", person.elder, person.bonus.fen(), person.facts));
        for Judged { claim, verdict: it, facts, deductions } in &person.lines {
            all.push_str(&format!(
                "{} {} {} {} {} {} {} {facts} {deductions}\n",
                claim.provider,
                claim.number,
                it.claimed.fen(),
                it.fund.fen(),
                it.person.fen(),
                it.provider.fen(),
                it.pending.fen(),
            ));
        }
    }
    digest::of(all)
}
