//! What the fund is to have in the coming years: its books carried on by stated assumptions. A model of our own, not of a
//! document; whoever reads it sees every assumption.

use super::{Grade, Mode};
use crate::base::Money;

/// Recipients of one way of care and grade, and what the fund pays each of them a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub mode: Mode,
    pub grade: Grade,
    pub recipients: i64,
    pub monthly: Money,
}

/// The books a forecast begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Books {
    pub year: i16,
    pub cells: Vec<Cell>,
    /// Of a year.
    pub income: Money,
    pub balance: Money,
}

/// What is assumed; changes are per cent a year where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assumptions {
    pub years: u8,
    /// Recipients below this grade end; below the lowest of the books others come.
    pub lowest_grade: u8,
    pub price: i64,
    pub ageing: i64,
    /// Growth of what contributions are taken of.
    pub income: i64,
    /// The contribution, per cent of what it is now.
    pub contribution: i64,
    /// Of those in institutions, so many per cent are cared for at home by an institution instead.
    pub to_home: i64,
    /// One grade lower there are so many per cent as many recipients, and each is paid so many per cent as much.
    pub lower_count: i64,
    pub lower_pay: i64,
}

/// One year that is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Year {
    pub year: i16,
    pub recipients: i64,
    pub income: Money,
    pub spending: Money,
    pub balance: Money,
}

/// The years after the books, in their order.
pub fn forecast(books: &Books, by: &Assumptions) -> Vec<Year> {
    let cells = changed(books, by);
    let (mut recipients, mut spending) = (0, 0);
    for it in &cells {
        recipients += i128::from(it.recipients);
        spending += i128::from(it.recipients) * i128::from(it.monthly.fen()) * 12;
    }
    let mut recipients = recipients * 1_000;
    let mut income = part(i128::from(books.income.fen()), by.contribution);
    let mut balance = books.balance;
    let mut all = Vec::new();
    for nth in 1..=i16::from(by.years) {
        recipients = part(recipients, 100 + by.ageing);
        income = part(income, 100 + by.income);
        spending = part(part(spending, 100 + by.ageing), 100 + by.price);
        let (income, spending) = (money(income), money(spending));
        balance = balance + income - spending;
        all.push(Year {
            year: books.year.saturating_add(nth),
            recipients: whole((recipients + 500) / 1_000),
            income,
            spending,
            balance,
        });
    }
    all
}

/// The recipients with another lowest grade and another mix of ways of care.
fn changed(books: &Books, by: &Assumptions) -> Vec<Cell> {
    let lowest = books.cells.iter().filter(|it| 0 < it.recipients).map(|it| u8::from(it.grade)).min();
    let mut cells: Vec<Cell> = books.cells.iter().filter(|it| by.lowest_grade <= u8::from(it.grade)).copied().collect();
    let mut below: Vec<Cell> = cells.iter().filter(|it| Some(u8::from(it.grade)) == lowest).copied().collect();
    for grade in (by.lowest_grade.max(1)..lowest.unwrap_or(0)).rev() {
        let Ok(grade) = Grade::try_from(grade) else { break };
        for it in &mut below {
            it.grade = grade;
            it.recipients = whole(part(i128::from(it.recipients), by.lower_count));
            it.monthly = money(part(i128::from(it.monthly.fen()), by.lower_pay));
        }
        cells.extend(&below);
    }
    let mut moved = Vec::new();
    for it in cells.iter_mut().filter(|it| it.mode == Mode::Residential) {
        let at_home = books.cells.iter().find(|one| one.mode == Mode::Visiting && one.grade == it.grade);
        // What care at home costs is known only where somebody of the grade has it.
        let Some(at_home) = at_home else { continue };
        let recipients = whole(part(i128::from(it.recipients), by.to_home));
        it.recipients -= recipients;
        moved.push(Cell { recipients, ..*at_home });
    }
    cells.extend(moved);
    cells
}

/// So many per cent, half upwards.
fn part(of: i128, percent: i64) -> i128 {
    (of.saturating_mul(i128::from(percent)) + 50).div_euclid(100)
}

fn whole(n: i128) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn money(fen: i128) -> Money {
    Money::from_fen(whole(fen))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cell(mode: Mode, grade: u8, recipients: i64, yuan: i64) -> Cell {
        Cell { mode, grade: Grade::try_from(grade).unwrap(), recipients, monthly: Money::from_yuan(yuan) }
    }

    fn books() -> Books {
        let cells = vec![
            cell(Mode::Residential, 3, 100, 2_000),
            cell(Mode::Visiting, 3, 50, 1_000),
            cell(Mode::Residential, 5, 10, 3_000),
        ];
        Books { year: 2026, cells, income: Money::from_yuan(4_000_000), balance: Money::from_yuan(1_000_000) }
    }

    const AS_NOW: Assumptions = Assumptions {
        years: 3,
        lowest_grade: 3,
        price: 0,
        ageing: 0,
        income: 0,
        contribution: 100,
        to_home: 0,
        lower_count: 100,
        lower_pay: 80,
    };

    #[test]
    fn where_nothing_changes_each_year_is_as_the_last() {
        let all = forecast(&books(), &AS_NOW);
        let spending = Money::from_yuan(12 * (200_000 + 50_000 + 30_000));
        assert_eq!(all.iter().map(|it| it.year).collect::<Vec<_>>(), [2027, 2028, 2029]);
        assert!(all.iter().all(|it| (it.recipients, it.spending) == (160, spending)));
        assert_eq!(all[2].balance, Money::from_yuan(1_000_000 + 3 * (4_000_000 - 3_360_000)));
    }

    #[test]
    fn a_lower_threshold_brings_others_and_a_higher_one_ends_some() {
        let of = |lowest_grade| forecast(&books(), &Assumptions { lowest_grade, ..AS_NOW })[0];
        assert_eq!((of(2).recipients, of(3).recipients, of(4).recipients), (310, 160, 10));
        assert_eq!(of(2).spending - of(3).spending, Money::from_yuan(12 * 250_000 * 8 / 10));
    }

    #[test]
    fn whoever_goes_home_costs_what_care_at_home_costs() {
        let all = forecast(&books(), &Assumptions { to_home: 50, ..AS_NOW });
        assert_eq!((all[0].recipients, all[0].spending), (160, Money::from_yuan(12 * 230_000)));
    }

    proptest! {
        #[test]
        fn the_balance_is_the_one_before_with_income_and_without_spending(
            price in -20..50_i64, ageing in -10..30_i64, income in -10..20_i64, to_home in 0..100_i64, lowest_grade in 1..6_u8
        ) {
            let all = forecast(&books(), &Assumptions { years: 20, price, ageing, income, to_home, lowest_grade, ..AS_NOW });
            let mut before = books().balance;
            for it in all {
                prop_assert_eq!(it.balance, before + it.income - it.spending);
                before = it.balance;
            }
        }

        #[test]
        fn with_higher_prices_nothing_costs_less(price in -20..50_i64, ageing in -10..30_i64) {
            let of = |price| forecast(&books(), &Assumptions { years: 10, price, ageing, ..AS_NOW });
            for (low, high) in of(price).iter().zip(of(price + 1)) {
                prop_assert!(low.spending <= high.spending && high.balance <= low.balance);
            }
        }
    }
}
