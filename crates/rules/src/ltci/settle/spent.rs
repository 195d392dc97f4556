//! How much of its limits a month has used.

use std::collections::HashMap;

use super::{Line, Recipient};
use crate::{
    base::{Date, Money},
    ltci::Cap,
};

/// What the accepted lines so far have used.
pub(super) struct Spent {
    days: HashMap<Date, Money>,
    weeks: HashMap<Date, u32>,
    month: Money,
    minutes: u32,
    bonus_minutes: u32,
    deductible: Money,
}

impl Spent {
    pub(super) fn new(recipient: &Recipient, first: Option<Date>) -> Spent {
        let weeks = first.map(|day| (day.monday(), recipient.minutes_before)).into_iter().collect();
        let (days, month, deductible) = (HashMap::new(), Money::ZERO, Money::ZERO);
        Spent { days, weeks, month, minutes: 0, bonus_minutes: 0, deductible }
    }

    /// The minutes of a line that the limits of hours let through, and of these the minutes of a bonus, and takes them; `bonus`
    /// is how many more a month there are.
    pub(super) fn take_minutes(&mut self, line: &Line, cap: &Cap, bonus: u32) -> (u16, u16) {
        let week = self.weeks.entry(line.day.monday()).or_default();
        let left = |hours: Option<u16>, used: u32| hours.map(|it| (u32::from(it) * 60).saturating_sub(used));
        let limits = [left(cap.hours_per_week, *week), left(cap.hours_per_month, self.minutes)];
        let wanted = u32::from(line.minutes);
        let within = limits.into_iter().flatten().fold(wanted, u32::min);
        let more = (wanted - within).min(bonus.saturating_sub(self.bonus_minutes));
        *week += within;
        self.minutes += within;
        self.bonus_minutes += more;
        let short = |it: u32| u16::try_from(it).unwrap_or(line.minutes);
        (short(within + more), short(more))
    }

    /// The part of an amount that the limits of money by day and month let through, and takes it.
    pub(super) fn take_money(
        &mut self,
        day: Date,
        amount: Money,
        per_day: Option<Money>,
        per_month: Option<Money>,
    ) -> Money {
        let today = self.days.entry(day).or_default();
        let left = |cap: Option<Money>, used: Money| cap.map(|it| (it - used).max(Money::ZERO));
        let limits = [left(per_day, *today), left(per_month, self.month)];
        let within = limits.into_iter().flatten().fold(amount, Money::min);
        *today = *today + within;
        self.month = self.month + within;
        within
    }

    /// What the person pays of an amount before the fund does, and takes it.
    pub(super) fn take_deductible(&mut self, amount: Money, deductible: Money) -> Money {
        let part = (deductible - self.deductible).max(Money::ZERO).min(amount);
        self.deductible = self.deductible + part;
        part
    }
}
