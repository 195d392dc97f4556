//! What contracts tell the tally: who is signed on which days and with which team, and who did not want to.

use kit::{
    App, Result, Said, Tx,
    tally::{self, Count, Family, Indicator, PERSON, Span, Thing},
};
use rules::base::Date;

use super::{
    contract::{self, Contract},
    refusal::{self, Refusal},
    words,
};
use crate::elders::{self, Key};

pub const SIGNED: &str = "contracting.signed";
/// Why somebody is not signed: how the last contract ended, or the refusal since, as long as no contract follows.
pub const UNSIGNED: &str = "contracting.unsigned";

pub const INDICATORS: &[Indicator] = &[
    Indicator::share(
        "sign_rate",
        "65岁及以上老年人家庭医生签约率",
        Count::new(PERSON, &["elders.aged65", SIGNED]),
        elders::AGED_65,
    )
    .formula("当日签约有效的65岁及以上在册老年人 ÷ 65岁及以上在册老年人")
    .document("cq-reply-2025")
    .short(UNSIGNED),
    Indicator::share(
        "special_sign_2027",
        "特殊困难老年人家庭医生签约覆盖率",
        Count::new(PERSON, &[elders::PRIORITY, SIGNED]),
        Count::new(PERSON, &[elders::PRIORITY]),
    )
    .formula("当日签约有效的失能、失智、高龄、残疾、困难、计生特殊家庭老年人 ÷ 这些老年人")
    .document("promotion-2025")
    .short(UNSIGNED),
    Indicator::share(
        "poor_sign",
        "困难老年人家庭医生签约率",
        Count::new(PERSON, &[elders::POOR, SIGNED]),
        Count::new(PERSON, &[elders::POOR]),
    )
    .formula("当日签约有效的困难老年人 ÷ 困难老年人")
    .document("jl-reply-2020")
    .short(UNSIGNED),
];

/// What the contracts say of one person.
pub fn facts(tx: &Tx<'_>, _: &App, thing: &Thing<'_>) -> Result<Vec<(&'static str, Vec<Span>)>> {
    if thing.kind != PERSON {
        return Ok(Vec::new());
    }
    let key = Key { region: thing.region.to_string(), id: thing.id };
    Ok(spans(&contract::of_elder(tx, &key)?, &refusal::of(tx, &key)?))
}

/// What contracts and refusals say, the newest contract first.
pub fn spans(contracts: &[Contract], refusals: &[Refusal]) -> Vec<(&'static str, Vec<Span>)> {
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
    vec![(SIGNED, signed), (UNSIGNED, unsigned)]
}

/// Says anew what holds of a person, and with which team.
pub fn keep(tx: &Tx<'_>, app: &App, key: &Key) -> Result<()> {
    keep_of(tx, app, key, &contract::of_elder(tx, key)?)
}

/// As [`keep`], for whoever has read all contracts of the person, the newest first.
pub fn keep_of(tx: &Tx<'_>, app: &App, key: &Key, contracts: &[Contract]) -> Result<()> {
    let thing = elders::thing(key);
    tally::set_all(tx, app, &thing, &spans(contracts, &refusal::of(tx, key)?))?;
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
