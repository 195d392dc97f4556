//! Review by samples (抽查): some lines of each provider are drawn from a draft, the same whoever draws them; what is found
//! wrong is taken off what the fund pays, and nothing is concluded for lines that were not drawn.

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    clock::stamp,
    digest,
    form::{self, Checked, Field, Input, Kind, Options, field},
};

use super::{keep, words};
use crate::{elders::Key, ltci::claim};

pub const DRAW: &[Field] = &[
    field("count", "每家机构抽几条", Kind::Int { min: 1, max: 1000 }),
    field("percent", "或抽百分之几", Kind::Int { min: 1, max: 100 }).help("与条数填一项;不足一条的抽一条。"),
];
pub const REVIEW: &[Field] = &[
    field("state", "抽查结果", Kind::Choice(words::REVIEWS)).required(),
    field("amount", "扣减金额", Kind::Text(20)).help("元;只在“扣减”时填写,不超过基金支付的金额。"),
    field("reason", "原因", Kind::Text(200)),
];

/// A line that was drawn.
#[derive(Debug, Clone)]
pub struct Sample {
    pub claim: Id,
    pub settlement: Id,
    pub state: String,
    pub deducted: i64,
    pub reason: String,
    pub who: String,
    pub at: String,
}

const COLUMNS: &str = "claim, settlement, state, deducted, reason, who, at";

fn read(row: &kit::db::Row<'_>) -> Result<Sample> {
    Ok(Sample {
        claim: row.get(0)?,
        settlement: row.get(1)?,
        state: row.get(2)?,
        deducted: row.get(3)?,
        reason: row.get(4)?,
        who: row.get(5)?,
        at: row.get(6)?,
    })
}

/// Draws lines of each provider from a draft; gives how many are drawn anew.
///
/// # Errors
/// `Refused` where the run is confirmed, `Invalid` without a number.
pub fn draw(tx: &Tx<'_>, ask: &Ask, key: &Key, input: &Input) -> Result<u64> {
    let it = keep::find_whole(tx, &ask.who.scope, key)?;
    draft_only(it.is_draft())?;
    let checked = form::check(DRAW, input, &Options::new())?;
    let mut drawn = 0;
    for (provider, mut lines) in lines(tx, key)? {
        let most = most(&checked, lines.len())?;
        lines.sort();
        for (_, claim) in lines.into_iter().take(most) {
            drawn += tx.run(
                "insert into ltci_sample (region, claim, id, settlement, month, provider, state, deducted, reason, who, at)
                 values ($1, $2, $3, $4, $5, $6, 'open', 0, '', $7, $8) on conflict (region, claim) do nothing",
                &[
                    &key.region,
                    &claim,
                    &ask.new_id(),
                    &key.id,
                    &it.month,
                    &provider,
                    &ask.who.name,
                    &stamp(ask.now),
                ],
            )?;
        }
    }
    keep::note(tx, ask, key, "sampled")?;
    Ok(drawn)
}

fn draft_only(is_draft: bool) -> Result<()> {
    let why = "结算已经确认,不能再抽查;发现问题请追查后重新结算";
    if is_draft { Ok(()) } else { Err(Error::refused("settlement_confirmed", why)) }
}

fn most(checked: &Checked, all: usize) -> Result<usize> {
    let part = |percent: i64| (all * usize::try_from(percent).unwrap_or(0)).div_ceil(100);
    match (checked.int("count"), checked.int("percent")) {
        (Some(count), None) => Ok(usize::try_from(count).unwrap_or(0)),
        (None, Some(percent)) => Ok(part(percent)),
        _ => Err(Error::invalid("count", "请填写条数或百分比中的一项")),
    }
}

/// The lines of each provider that the fund pays for, each with its place in the draw: it follows from the number of the run
/// and the line's own number.
fn lines(tx: &Tx<'_>, key: &Key) -> Result<Vec<(Id, Vec<(String, Id)>)>> {
    let mut all: Vec<(Id, Vec<(String, Id)>)> = Vec::new();
    tx.each(
        "select v.provider, v.claim, c.number from ltci_verdict v
           join ltci_claim c on c.region = v.region and c.id = v.claim
          where v.region = $1 and v.settlement = $2 and v.provider <> 0 and v.fund > 0 order by v.provider, v.claim",
        &[&key.region, &key.id],
        |row| {
            let (provider, claim, number): (Id, Id, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let place = digest::of(format!("{} {provider} {number}", key.id));
            match all.last_mut() {
                Some(last) if last.0 == provider => last.1.push((place, claim)),
                _ => all.push((provider, vec![(place, claim)])),
            }
            Ok(())
        },
    )?;
    Ok(all)
}

/// Writes down what came of a line that was drawn.
///
/// # Errors
/// `NotFound` where it was not drawn, `Refused` once the run is confirmed, `Invalid` for an amount the fund does not pay.
pub fn review(tx: &Tx<'_>, ask: &Ask, key: &Key, claim: Id, input: &Input) -> Result<()> {
    let it = keep::find_whole(tx, &ask.who.scope, key)?;
    draft_only(it.is_draft())?;
    let fund = tx.one(
        "select v.fund from ltci_sample s
           join ltci_verdict v on v.region = s.region and v.settlement = s.settlement and v.claim = s.claim
          where s.region = $1 and s.claim = $2 and s.settlement = $3",
        &[&key.region, &claim, &key.id],
        |row| row.get::<i64>(0),
    )?;
    let checked = form::check(REVIEW, input, &Options::new())?;
    let (state, reason) = (checked.text("state"), checked.text("reason"));
    let mut deducted = 0;
    if state == "deducted" {
        deducted = claim::amount(&checked.text("amount"))?;
        if fund < deducted {
            let said = Said::new("扣减不能超过基金支付的 {n} 元").with("n", words::yuan(fund));
            return Err(Error::invalid("amount", said));
        }
        if reason.is_empty() {
            return Err(Error::invalid("reason", "扣减请写明原因"));
        }
    }
    tx.run(
        "update ltci_sample set state = $3, deducted = $4, reason = $5, who = $6, at = $7 where region = $1 and claim = $2",
        &[&key.region, &claim, &state, &deducted, &reason, &ask.who.name, &stamp(ask.now)],
    )?;
    keep::note(tx, ask, key, "reviewed")
}

/// The review of a line, if it was drawn.
pub fn of_claim(tx: &Tx<'_>, key: &Key) -> Result<Option<Sample>> {
    tx.row(
        &format!("select {COLUMNS} from ltci_sample where region = $1 and claim = $2"),
        &[&key.region, &key.id],
        read,
    )
}
