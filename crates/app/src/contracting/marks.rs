//! What contracts tell the tally: who is signed on which days and with which team, and who did not want to.

use kit::{
    App, Result, Said, Tx,
    tally::{self, Count, Facts, Family, Indicator, Lot, Marks, PERSON, Span, Where},
};
use rules::{base::Date, contracting::renewable_from};

use super::{
    contract::{self, Contract},
    refusal::{self, Refusal},
    words,
};
use crate::elders::{self, Key};

pub const SIGNED: &str = "contracting.signed";
/// Why somebody is not signed: how the last contract ended, or the refusal since, as long as no contract follows.
pub const UNSIGNED: &str = "contracting.unsigned";
const NEVER: &str = "从未签约";

/// Signed, and for long no service.
const IDLE: &str = "contracting.idle";
/// The last contract ends soon or has ended, and no other follows.
const RENEWABLE: &str = "contracting.renewable";

/// Who is signed.
pub const RUNNING: Count = Count::new(PERSON, &[SIGNED]);
/// Whose contract is not kept.
pub const NOT_KEPT: Count = Count::new(PERSON, &[IDLE]);
/// Whose contract can be renewed.
pub const TO_RENEW: Count = Count::new(PERSON, &[RENEWABLE]);
/// Who is to be signed by policy, and who of them is.
const TO_SIGN: Count = Count::new(PERSON, &[elders::MUST_SIGN]);
const TO_SIGN_SIGNED: Count = Count::new(PERSON, &[elders::MUST_SIGN, SIGNED]);

pub const COUNTS: &[Count] = &[RUNNING, NOT_KEPT, TO_RENEW, TO_SIGN, TO_SIGN_SIGNED];

/// How many of those who are to be signed are not.
pub fn unsigned(tx: &Tx<'_>, at: &Where, day: Date) -> Result<i64> {
    Ok(tally::amount(tx, &TO_SIGN, at, day)? - tally::amount(tx, &TO_SIGN_SIGNED, at, day)?)
}

pub const INDICATORS: &[Indicator] = &[
    Indicator::share(
        "sign_rate",
        "65岁及以上老年人家庭医生签约率",
        Count::new(PERSON, &["elders.aged65", SIGNED]),
        elders::AGED_65,
    )
    .formula("当日签约有效的65岁及以上在册老年人 ÷ 65岁及以上在册老年人")
    .document("cq-reply-2025")
    .short(UNSIGNED)
    .nothing(NEVER),
    Indicator::share(
        "special_sign_2027",
        "特殊困难老年人家庭医生签约覆盖率",
        Count::new(PERSON, &[elders::PRIORITY, SIGNED]),
        Count::new(PERSON, &[elders::PRIORITY]),
    )
    .formula("当日签约有效的失能、失智、高龄、残疾、困难、计生特殊家庭老年人 ÷ 这些老年人")
    .document("promotion-2025")
    .short(UNSIGNED)
    .nothing(NEVER),
    Indicator::share(
        "poor_sign",
        "困难老年人家庭医生签约率",
        Count::new(PERSON, &[elders::POOR, SIGNED]),
        Count::new(PERSON, &[elders::POOR]),
    )
    .formula("当日签约有效的困难老年人 ÷ 困难老年人")
    .document("jl-reply-2020")
    .short(UNSIGNED)
    .nothing(NEVER),
];

/// What the contracts say of persons.
pub fn facts(tx: &Tx<'_>, app: &App, lot: &Lot<'_>) -> Result<Facts> {
    if lot.kind != PERSON {
        return Ok(Facts::new());
    }
    let (contracts, refusals) = (contract::of_lot(tx, lot)?, refusal::of_lot(tx, lot)?);
    lot.each(|it| {
        let contracts = contracts.get(&it.id).map_or(&[][..], |it| it);
        let refusals = refusals.get(&it.id).map_or(&[][..], |it| it);
        Ok(spans(app, lot.region, contracts, refusals))
    })
}

/// What contracts and refusals say, the newest contract first.
pub fn spans(app: &App, region: &str, contracts: &[Contract], refusals: &[Refusal]) -> Marks {
    let signed = contracts.iter().map(|it| Span::new(it.from).until(it.until)).collect();
    let next = |day: Date| contracts.iter().map(|one| one.from).filter(move |from| day <= *from).min();
    let refused = refusals.iter().map(|it| {
        let why = Said::new("拒绝签约:{why}").with("why", words::title(words::REFUSALS, &it.reason));
        Span::new(it.day).until(next(it.day)).note(why.stored())
    });
    let ended = contracts.iter().map(|it| {
        let why = match &*it.ended_reason {
            "" => Said::new("签约 {day} 到期,没有续签").with("day", it.last_day()),
            reason => {
                Said::new("签约 {day} 终止:{why}").with("day", it.until).with("why", words::title(words::ENDS, reason))
            }
        };
        let refused = refusals.iter().map(|one| one.day).filter(|day| it.until <= *day).min();
        let until = [next(it.until), refused].into_iter().flatten().min();
        Span::new(it.until).until(until).note(why.stored())
    });
    let unsigned = refused.chain(ended).filter(|it| it.until != Some(it.from)).collect();
    let idle = contracts.iter().map(|it| Span::new(it.from.max(it.idle)).until(it.until)).collect();
    let last = contracts.iter().max_by_key(|it| it.from).filter(|it| it.ended_reason.is_empty());
    let renewable = last.map(|it| {
        let from = renewable_from(it.until, &app.policy_in(region, it.until));
        Span::new(from.unwrap_or(it.until).max(it.from))
    });
    vec![(SIGNED, signed), (UNSIGNED, unsigned), (IDLE, idle), (RENEWABLE, renewable.into_iter().collect())]
}

/// Says anew what holds of a person, and with which team.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    keep_of(tx, app, key, &contract::of_elder(tx, key)?)
}

/// As [`keep`], for whoever has read all contracts of the person, the newest first.
pub fn keep_of(tx: &Tx<'_>, app: &App, key: &Key, contracts: &[Contract]) -> Result<()> {
    let thing = elders::thing(key);
    tally::set_all(tx, app, &thing, &spans(app, &key.region, contracts, &refusal::of(tx, key)?))?;
    tally::set_units(tx, app, &thing, Family::Team, &teams(tx, contracts)?)
}

/// With which team an elder was signed, and when.
fn teams(tx: &Tx<'_>, contracts: &[Contract]) -> Result<Vec<(String, Date, Option<Date>)>> {
    let mut all = Vec::new();
    for it in contracts.iter().rev() {
        let steps: Vec<(Date, kit::Id)> = tx.rows(
            "select from_day, team from contract_team where region = $1 and contract = $2 order by from_day",
            &[&it.key.region, &it.key.id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        for (at, (from, team)) in steps.iter().enumerate() {
            let until = steps.get(at + 1).map_or(it.until, |next| next.0.min(it.until));
            all.push((Family::Team.unit(team), *from, Some(until)));
        }
    }
    Ok(all)
}
