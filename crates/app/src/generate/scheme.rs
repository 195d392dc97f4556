//! The long-term-care insurance of a generated place: institutions with an agreement and their carers, the insured, whose
//! benefit runs or ran, and the fund's book: as many and as much as the city's document prints.

mod months;
mod people;

use kit::{Ask, Id, Result, Tx};
use rules::{
    base::{Date, Money},
    ltci::{Mode, Purse},
};

use super::{Plan, Setting, chance::Chance, network::Made, profiles::Ltci};
use crate::{
    elders::Key,
    institutions,
    ltci::{self, Agreement, NewCarer, fund::before},
};

/// What is to be made: the printed figures, and the share of them that the place has.
#[derive(Clone, Copy)]
struct Scheme {
    of: Ltci,
    since: Date,
    /// The day on which the figures hold.
    on: Date,
    /// (part, whole): people in the register of all that a document prints.
    share: (u64, u64),
    /// A county of its own has the elders among the insured, what they paid, and months that are settled.
    is_county: bool,
    seed: u64,
}

/// From one part of all elders up to another, county by county.
#[derive(Clone, Copy)]
struct Slice {
    from: u64,
    to: u64,
    all: u64,
}

impl Scheme {
    fn of(plan: &Plan, today: Date, total: usize) -> Option<Scheme> {
        let of = plan.profile.ltci?;
        let day = |(year, month, day): (i16, i8, i8)| Date::new(year, month, day);
        let is_county = plan.county.is_some();
        let on = if is_county { Some(today) } else { day(of.as_of) };
        Some(Scheme {
            of,
            since: day(of.since)?,
            on: on?,
            share: (total as u64, plan.profile.elders as u64),
            is_county,
            seed: plan.seed ^ 0x6c74_6369,
        })
    }

    /// So much of a printed figure as the place has, to the nearest whole.
    fn scaled(&self, n: u64) -> u64 {
        let (part, whole) = (u128::from(self.share.0), u128::from(self.share.1));
        ((u128::from(n) * part * 2 + whole) / (whole * 2)) as u64
    }

    /// So much of it as a slice has; the slices of a place have all of it.
    fn within(&self, n: u64, slice: Slice) -> u64 {
        let upto = |to: u64| (u128::from(self.scaled(n)) * u128::from(to) / u128::from(slice.all.max(1))) as u64;
        upto(slice.to) - upto(slice.from)
    }
}

/// Writes it, county by county.
pub async fn write(setting: &Setting, plan: &Plan, counties: &[String], made: &[Made], total: usize) -> Result<()> {
    let Some(scheme) = Scheme::of(plan, setting.days.today, total) else { return Ok(()) };
    let elders = setting.app.db.read({
        let counties = counties.to_vec();
        move |tx| {
            let count = |it: &String| tx.count("select count(*) from elder where region = $1", &[it]);
            counties.iter().map(|it| count(it).map(|n| n.unsigned_abs())).collect::<Result<Vec<u64>>>()
        }
    });
    let elders = elders.await?;
    let (all, mut from) = (elders.iter().sum(), 0);
    for (nth, (region, elders)) in counties.iter().zip(&elders).enumerate() {
        let slice = Slice { from, to: from + elders, all };
        from = slice.to;
        let (for_county, region_too) = (setting.clone(), region.clone());
        let providers: Vec<Key> = made
            .iter()
            .filter(|it| it.region == *region && it.ltci)
            .map(|it| Key { region: region.clone(), id: it.id })
            .collect();
        let work = move |tx: &Tx<'_>| county(tx, &for_county, &scheme, nth, &region_too, slice, &providers);
        setting.app.db.write(work).await?;
        if scheme.is_county {
            months::write(setting, plan.seed, region).await?;
        }
    }
    Ok(())
}

fn county(
    tx: &Tx<'_>,
    setting: &Setting,
    scheme: &Scheme,
    nth: usize,
    region: &str,
    slice: Slice,
    providers: &[Key],
) -> Result<()> {
    let ask = setting.on(setting.days.today);
    let mut chance = Chance::new(scheme.seed ^ (nth as u64 + 1));
    for (nth, it) in providers.iter().enumerate() {
        agree(tx, &ask, scheme, it, nth)?;
        employ(tx, &ask, scheme, it)?;
    }
    insurers(tx, &setting.on(scheme.since), scheme, region, slice)?;
    people::write(tx, &ask, scheme, &mut chance, region, slice, providers)?;
    book(tx, setting, scheme, region, slice)
}

fn agree(tx: &Tx<'_>, ask: &Ask, scheme: &Scheme, key: &Key, nth: usize) -> Result<()> {
    let it = institutions::by_key(tx, key)?;
    let terms = Agreement {
        number: format!("长护协字第 {:03} 号", nth + 1),
        level: 1 + nth as i64 % 3,
        modes: ["visiting", "residential"].map(str::to_string).to_vec(),
        capacity: 400,
    };
    let last = Date::new(ask.today().year() + 1, 12, 31).unwrap_or(ask.today());
    ltci::sign_agreement(tx, ask, &it, scheme.since, last, &terms)
}

/// Each insurer of a county handles a township of its own; a county of its own has one at least.
fn insurers(tx: &Tx<'_>, ask: &Ask, scheme: &Scheme, region: &str, slice: Slice) -> Result<()> {
    let n = scheme.within(scheme.of.insurers, slice).max(u64::from(scheme.is_county)) as usize;
    let tree = ask.app.places.tree();
    for (nth, street) in tree.children(region).take(n).enumerate() {
        let name = format!("{}第{}商业保险公司", tree.name(region), nth + 1);
        ltci::hand_to(tx, ask, &street.code, scheme.since, Some(&name))?;
    }
    Ok(())
}

/// The care workers of an institution.
fn employ(tx: &Tx<'_>, ask: &Ask, scheme: &Scheme, key: &Key) -> Result<()> {
    let it = institutions::by_key(tx, key)?;
    let staff: Vec<Id> = tx.rows(
        "select id from staff where region = $1 and organisation = $2 and kind = 'care_worker' order by id",
        &[&key.region, &key.id],
        |row| row.get(0),
    )?;
    for (nth, id) in staff.into_iter().enumerate() {
        let new = NewCarer {
            staff: Some(Key { region: key.region.clone(), id }),
            elder: None,
            name: String::new(),
            qualification: "care_worker".into(),
            number: format!("HL{:06}{nth:03}", key.id.0 % 1_000_000),
            from: scheme.since,
        };
        ltci::register_carer(tx, ask, &it, &new)?;
    }
    Ok(())
}

/// Whose money comes in, of a hundred parts.
const PURSES: [(Purse, u64); 4] =
    [(Purse::Employer, 38), (Purse::Person, 34), (Purse::MedicalFund, 20), (Purse::Treasury, 8)];

/// For what it is spent: recipients of a hundred, and what one of them costs next to the others.
const CARE: [(Mode, i64, u64, u64); 6] = [
    (Mode::Residential, 3, 22, 85),
    (Mode::Residential, 4, 17, 95),
    (Mode::Residential, 5, 11, 105),
    (Mode::Visiting, 3, 25, 95),
    (Mode::Visiting, 4, 16, 112),
    (Mode::Visiting, 5, 9, 128),
];

/// The months before the scheme was kept here, as they are taken over: the printed sums up to the day of the figures, then
/// as much as at the end of it. In a county the last months are settled here and not taken over; what came in is.
fn book(tx: &Tx<'_>, setting: &Setting, scheme: &Scheme, region: &str, slice: Slice) -> Result<()> {
    let kept_here = if scheme.is_county { months::SETTLED } else { 0 };
    let end = setting.days.today.first_of_month();
    let settled_from = end.add_months(-kept_here);
    let printed_end = Date::new(scheme.of.as_of.0, scheme.of.as_of.1, scheme.of.as_of.2).unwrap_or(end);
    let mut all = Vec::new();
    let mut month = scheme.since;
    while month < end {
        all.push(month);
        month = month.add_months(1);
    }
    let printed = all.iter().filter(|it| **it <= printed_end).count() as u64;
    // Contributions grow a little with wages, recipients a lot, as the scheme becomes known.
    let income = |nth: u64| 100 + nth.min(printed);
    let months = |nth: u64| 40 + 4 * nth.min(printed);
    let sum = |of: &dyn Fn(u64) -> u64| (0..printed).map(of).sum::<u64>();
    let mut came = Portion::of(scheme.within(scheme.of.income, slice), sum(&income) * 100);
    let each: u64 = CARE.iter().map(|it| it.2 * it.3).sum();
    let mut paid = Portion::of(scheme.within(scheme.of.spending, slice), sum(&months) * each);
    let mut lived = Portion::of(scheme.within(scheme.of.months, slice), sum(&months) * 100);
    for (nth, month) in all.iter().enumerate() {
        let nth = nth as u64;
        let ask = setting.on(month.add_months(1));
        for (purse, part) in PURSES {
            let amount = Money::from_fen(came.next(income(nth) * part));
            before::income(tx, &ask, region, *month, purse, amount)?;
        }
        for (mode, grade, persons, cost) in CARE.iter().copied().filter(|_| *month < settled_from) {
            let amount = Money::from_fen(paid.next(months(nth) * persons * cost));
            let recipients = lived.next(months(nth) * persons);
            before::spending(tx, &ask, region, *month, (mode, grade), amount, recipients)?;
        }
    }
    Ok(())
}

/// Deals out a sum by weights, so that what a whole of weights gets is the sum to the last fen.
struct Portion {
    sum: u64,
    whole: u64,
    weight: u64,
}

impl Portion {
    fn of(sum: u64, whole: u64) -> Portion {
        Portion { sum, whole: whole.max(1), weight: 0 }
    }

    fn next(&mut self, weight: u64) -> i64 {
        let upto = |it: u64| u128::from(self.sum) * u128::from(it) / u128::from(self.whole);
        let (before, after) = (upto(self.weight), upto(self.weight + weight));
        self.weight += weight;
        (after - before) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_dealt_out_to_the_last_fen() {
        let mut portion = Portion::of(23_200_000_001, 7 * 13);
        let all: i64 = (0..13).map(|_| portion.next(7)).sum();
        assert_eq!(all, 23_200_000_001);
    }

    #[test]
    fn counties_share_a_figure_without_a_rest() {
        let of = super::super::profiles::find("panjin").and_then(|it| it.ltci).unwrap();
        let scheme = Scheme {
            of,
            since: Date::new(2020, 9, 1).unwrap(),
            on: Date::new(2024, 12, 31).unwrap(),
            share: (2_400, 240_000),
            is_county: false,
            seed: 1,
        };
        let bounds = [0, 7, 1_000, 2_399, 2_400];
        let parts = bounds.windows(2).map(|it| scheme.within(571_000, Slice { from: it[0], to: it[1], all: 2_400 }));
        assert_eq!(parts.sum::<u64>(), 5_710);
    }
}
