//! Whose benefit runs or ran, and who is insured: elders of the register, and younger people who are in none.

use std::collections::HashSet;

use kit::{Ask, Error, Id, Result, Tx, db::Stream, tally::Numbers};
use rules::{
    base::{Date, Money},
    ltci::{Contributor, Grade, Kind, Period, contribution},
};

use super::{Scheme, Slice};
use crate::{
    assessment::{self, Programme},
    elders::{self, Key},
    generate::{chance::Chance, names, people::Numbering},
    ltci::{self, Before, Listed, Payment},
};

/// In a county of its own so many younger people are insured, and one of so many elders is known to the fund by what they
/// earn and pay.
const WORKERS: u64 = 400;
const ONE_PAYS_OF: u64 = 6;
/// Months for which a conclusion is safe to hold.
const HOLDS: i32 = 20;
const SOURCE: &str = "示例数据";

/// An elder of the register, as far as the scheme asks.
struct Known {
    id: Id,
    name: String,
    number: Option<Vec<u8>>,
    is_employee: bool,
    since: Date,
    /// The first day on which they are no longer there, and why.
    gone: Option<(Date, &'static str)>,
    is_disabled: bool,
}

pub fn write(
    tx: &Tx<'_>,
    ask: &Ask,
    scheme: &Scheme,
    chance: &mut Chance,
    region: &str,
    slice: Slice,
    providers: &[Key],
) -> Result<()> {
    let known = known(tx, region)?;
    let recipients = recipients(tx, ask, scheme, chance, (region, slice), &known, providers)?;
    insured(tx, ask, scheme, chance, (region, slice), &known, &recipients)
}

fn known(tx: &Tx<'_>, region: &str) -> Result<Vec<Known>> {
    let gone = elders::gone(tx, region)?;
    let disabled: Vec<Id> = tx.rows(
        "select distinct elder from elder_group where region = $1 and kind = 'disabled' order by elder",
        &[&region],
        |row| row.get(0),
    )?;
    let sql = "select id, name, id_number, insurance, created, state from elder where region = $1 order by id";
    tx.rows(sql, &[&region], |row| {
        let (id, state): (Id, String) = (row.get(0)?, row.get(5)?);
        let since = kit::clock::day_of_stamp(&row.get::<String>(4)?);
        Ok(Known {
            id,
            name: row.get(1)?,
            number: row.get(2)?,
            is_employee: row.get::<String>(3)? == "employee",
            since: since.ok_or_else(|| Error::internal("elder.created"))?,
            gone: gone.get(&id).map(|day| (*day, if state == "died" { "died" } else { "moved" })),
            is_disabled: disabled.binary_search(&id).is_ok(),
        })
    })
}

/// The first of a month, from which a benefit of somebody can have run by the day of the figures.
fn first_month(scheme: &Scheme, it: &Known) -> Option<Date> {
    let from = scheme.since.max(it.since).first_of_month().add_months(1);
    (from.add_months(1) <= scheme.on).then_some(from)
}

/// So many have a benefit on the day of the figures, so many more had one before; gives all of them.
fn recipients(
    tx: &Tx<'_>,
    ask: &Ask,
    scheme: &Scheme,
    chance: &mut Chance,
    (region, slice): (&str, Slice),
    known: &[Known],
    providers: &[Key],
) -> Result<HashSet<Id>> {
    let runs = scheme.within(scheme.of.recipients, slice) as usize;
    let ran = (scheme.within(scheme.of.recipients_ever, slice) as usize).saturating_sub(runs);
    let eligible = |it: &&Known| it.is_disabled && it.number.is_some() && first_month(scheme, it).is_some();
    let (there, left): (Vec<&Known>, Vec<&Known>) =
        known.iter().filter(eligible).partition(|it| it.gone.is_none_or(|(day, _)| scheme.on < day));
    let there = with_grade(tx, scheme, region, chance, there)?;
    let left = left.into_iter().filter(|it| {
        it.gone.is_some_and(|(day, _)| first_month(scheme, it).is_some_and(|from| from.add_months(1) < day))
    });
    let left: Vec<&Known> = left.take(ran).collect();
    let recovered = ran - left.len();
    let mut all = HashSet::new();
    for (nth, (it, grade, assessment)) in there.iter().take(runs + recovered).enumerate() {
        let Some(first) = first_month(scheme, it) else { continue };
        let months = first.days_until(scheme.on) / 31;
        let from = first.add_months(chance.below(months.max(1) as usize) as i32);
        let ended = match it.gone {
            _ if runs <= nth => {
                Some((from.add_months(1 + chance.below(6) as i32).min(scheme.on.first_of_month()), "recovered"))
            }
            gone => gone,
        };
        let ended = ended.filter(|it| from < it.0);
        grant(
            tx,
            ask,
            region,
            providers,
            &Granted { id: it.id, nth, grade: *grade, assessment: *assessment, from, ended },
        )?;
        all.insert(it.id);
    }
    for (nth, it) in left.iter().enumerate() {
        let Some(from) = first_month(scheme, it) else { continue };
        let grade = draw_grade(chance)?;
        grant(tx, ask, region, providers, &Granted { id: it.id, nth, grade, assessment: None, from, ended: it.gone })?;
        all.insert(it.id);
    }
    Ok(all)
}

fn draw_grade(chance: &mut Chance) -> Result<Grade> {
    let grade = *chance.weighed(&[(3_u8, 47), (4, 33), (5, 20)]);
    Grade::try_from(grade).map_err(|_| Error::internal("a grade of ours"))
}

type Graded<'a> = (&'a Known, Grade, Option<Id>);

/// Elders with the grade of their assessment, where the register has one; spread over the county, so that the first of
/// them are of every place.
fn with_grade<'a>(
    tx: &Tx<'_>,
    scheme: &Scheme,
    region: &str,
    chance: &mut Chance,
    there: Vec<&'a Known>,
) -> Result<Vec<Graded<'a>>> {
    let mut all = Vec::with_capacity(there.len());
    for it in there {
        let key = Key { region: region.to_string(), id: it.id };
        // A loaded city has no assessments; to ask for them would be in vain.
        let assessed = if scheme.is_county { assessment::of_elder(tx, &key)? } else { Vec::new() };
        let concluded = assessed.into_iter().filter(|it| it.programme == Programme::Ltci && it.result.is_some());
        let latest = concluded.filter_map(|it| Some((it.concluded?, it))).max_by_key(|it| it.0);
        match latest {
            None => all.push((it, draw_grade(chance)?, None)),
            Some((day, one)) if scheme.on.add_months(-HOLDS) < day => {
                let found = ltci::grade_of(&one)?;
                if 3 <= u8::from(found) {
                    all.push((it, found, Some(one.key.id)));
                }
            }
            // It has run out, or soon will.
            Some(_) => {}
        }
    }
    // Whoever was assessed first, then as chance has it.
    let mut order: Vec<(bool, u64, Graded<'a>)> =
        all.into_iter().map(|it| (it.2.is_none(), chance.next(), it)).collect();
    order.sort_by_key(|it| (it.0, it.1));
    Ok(order.into_iter().map(|it| it.2).collect())
}

struct Granted {
    id: Id,
    nth: usize,
    grade: Grade,
    assessment: Option<Id>,
    from: Date,
    ended: Option<(Date, &'static str)>,
}

fn grant(tx: &Tx<'_>, ask: &Ask, region: &str, providers: &[Key], it: &Granted) -> Result<()> {
    let key = Key { region: region.to_string(), id: it.id };
    let before = Before {
        grade: it.grade,
        mode: if it.nth.is_multiple_of(2) { "residential" } else { "visiting" },
        provider: providers.get(it.nth % providers.len().max(1)).map(|it| it.id),
        assessment: it.assessment,
        from: it.from,
        ended: it.ended,
    };
    ltci::grant_before(tx, ask, &key, &before)
}

/// Elders who were employees and whoever has a benefit, then as many younger people as are still wanting.
fn insured(
    tx: &Tx<'_>,
    ask: &Ask,
    scheme: &Scheme,
    chance: &mut Chance,
    (region, slice): (&str, Slice),
    known: &[Known],
    recipients: &HashSet<Id>,
) -> Result<()> {
    let to = Stream::new(tx);
    let mut numbers = Numbers::default();
    let (mut there, mut paying) = (0, Vec::new());
    let is_insured = |it: &&Known| it.is_employee || recipients.contains(&it.id);
    for (nth, it) in known.iter().filter(is_insured).enumerate() {
        let Some(sealed) = &it.number else { continue };
        let number = ask.app.crypt.open_sealed(elders::NUMBER_COLUMN, sealed).map_err(Error::internal)?;
        let until = it.gone.map(|it| it.0);
        if until.is_some_and(|day| day <= scheme.since) {
            continue;
        }
        there += u64::from(until.is_none_or(|day| scheme.on < day));
        let pays = scheme.is_county && (recipients.contains(&it.id) || (nth as u64).is_multiple_of(ONE_PAYS_OF));
        let pension = Money::from_fen(280_000 + 1_000 * chance.below(200) as i64);
        let listed = Listed {
            id: ask.new_id(),
            elder: Some(it.id),
            name: &it.name,
            number: &number,
            employer: "",
            kind: "retiree",
            base: if pays { pension } else { Money::ZERO },
            from: scheme.since,
            until,
        };
        ltci::put_insured(&to, ask, region, &listed, SOURCE, &mut numbers)?;
        if pays {
            paying.push((listed.id, pension, until));
        }
    }
    let wanted = scheme.within(scheme.of.insured, slice).saturating_sub(there);
    let wanted = if scheme.is_county { WORKERS } else { wanted };
    workers(&to, ask, scheme, chance, region, wanted, &mut numbers)?;
    numbers.write(&to, &ask.app, region)?;
    to.end()?;
    for (insured, base, until) in paying {
        pay(tx, ask, region, insured, base, until, chance)?;
    }
    Ok(())
}

const EMPLOYERS: [&str; 8] = ["机械制造", "商贸", "物流", "建筑工程", "食品", "科技", "环保", "纺织"];

fn workers(
    to: &Stream<'_, '_>,
    ask: &Ask,
    scheme: &Scheme,
    chance: &mut Chance,
    region: &str,
    wanted: u64,
    numbers: &mut Numbers,
) -> Result<()> {
    let county = ask.app.places.tree().name(region).trim_end_matches(['区', '县', '市']).to_string();
    let firms = (wanted / 60).clamp(1, 400) as usize;
    let mut numbering = Numbering::default();
    for _ in 0..wanted {
        let is_woman = chance.happens(0.47);
        let birth = scheme.on.add_years(-20).add_days(-(chance.below(39 * 365) as i32));
        let firm = chance.below(firms);
        let kind = *chance.weighed(&[("employee", 84), ("flexible", 16)]);
        let (name, number) = (names::name(chance, is_woman), numbering.next(birth, is_woman));
        let employer =
            format!("{county}{}{}有限公司", names::firm(firm / EMPLOYERS.len()), EMPLOYERS[firm % EMPLOYERS.len()]);
        let listed = Listed {
            id: ask.new_id(),
            elder: None,
            name: &name,
            number: &number,
            employer: if kind == "employee" { &employer } else { "" },
            kind,
            base: Money::ZERO,
            from: scheme.since,
            until: None,
        };
        ltci::put_insured(to, ask, region, &listed, SOURCE, numbers)?;
    }
    Ok(())
}

/// The months since contributions are due by policy, for most of them.
fn pay(
    tx: &Tx<'_>,
    ask: &Ask,
    region: &str,
    insured: Id,
    base: Money,
    until: Option<Date>,
    chance: &mut Chance,
) -> Result<()> {
    if chance.happens(0.03) {
        return Ok(());
    }
    let this_month = ask.today().first_of_month();
    for back in (1..=12).rev() {
        let month = this_month.add_months(-back);
        if until.is_some_and(|day| day <= month) || (back == 1 && chance.happens(0.1)) {
            continue;
        }
        let last = month.last_of_month();
        let policy = ask.app.policy_in(region, last);
        let Ok(shares) = contribution(&Contributor { kind: Kind::Retiree, base }, &policy) else { continue };
        let period: Period = month.to_string()[..7].parse().map_err(|_| Error::internal("a month of ours"))?;
        for share in shares {
            let payment = Payment {
                period,
                purse: ltci::words::purse_word(share.purse),
                amount: share.amount,
                day: last,
                voucher: "",
                source: SOURCE,
            };
            ltci::pay_contribution(tx, ask, &Key { region: region.to_string(), id: insured }, &payment)?;
        }
    }
    Ok(())
}
