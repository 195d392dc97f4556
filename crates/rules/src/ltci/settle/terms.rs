//! The policy of each day of a month, read once for all recipients.

use std::collections::HashMap;

use crate::{
    base::{Date, Money},
    ltci::{Benefit, Bonus, Kind, Service, settle::Granted},
    policy::{InForce, NoPolicy},
};

/// What holds on each day of a stretch of days.
pub struct Terms<'a> {
    days: HashMap<Date, Result<Day<'a>, NoPolicy>>,
}

/// What holds on one day.
pub(super) struct Day<'a> {
    policy: InForce<'a>,
    benefits: &'a [Benefit],
    services: HashMap<&'a str, &'a Service>,
    bonuses: &'a [Bonus],
    /// What a person pays in a month before the fund does.
    pub(super) deductible: Money,
}

impl<'a> Terms<'a> {
    /// Reads what holds from the first day to the last. A region that lays down no deductible and no bonus has none.
    ///
    /// 依据: 关于加快建立长期护理保险制度的意见 待遇支付: 各地确定待遇标准与支付范围
    pub fn of(first: Date, last: Date, at: impl Fn(Date) -> InForce<'a>) -> Terms<'a> {
        let days = (0..=first.days_until(last)).map(|it| first.add_days(it));
        Terms { days: days.map(|day| (day, Day::of(at(day)))).collect() }
    }

    /// What holds on a day; nothing outside the stretch.
    pub(super) fn on(&self, day: Date) -> Option<&Result<Day<'a>, NoPolicy>> {
        self.days.get(&day)
    }
}

impl<'a> Day<'a> {
    fn of(policy: InForce<'a>) -> Result<Day<'a>, NoPolicy> {
        let benefits = policy.read(|it| &it.ltci.benefits)?;
        let services = policy.read(|it| &it.ltci.services)?;
        let bonuses = policy.read(|it| &it.ltci.bonuses).map_or(&[][..], |it| it);
        let deductible = policy.read(|it| &it.ltci.deductible).map_or(Money::ZERO, |it| *it);
        let services = services.iter().map(|it| (it.id.as_str(), it)).collect();
        Ok(Day { policy, benefits, services, bonuses, deductible })
    }

    /// A service of the catalogue.
    pub(super) fn service(&self, id: &str) -> Option<&'a Service> {
        self.services.get(id).copied()
    }

    /// The line of the scale for what was granted; that the scale has none is not a refusal.
    pub(super) fn benefit(&self, granted: &Granted, kind: Kind, level: u8) -> Result<&'a Benefit, NoPolicy> {
        let fits = |it: &&Benefit| {
            it.mode == granted.mode
                && it.grades.contains(&granted.grade)
                && (it.kinds.is_empty() || it.kinds.contains(&kind))
                && (it.levels.is_empty() || it.levels.contains(&level))
        };
        self.benefits.iter().find(fits).ok_or_else(|| self.policy.nothing_for("ltci", "待遇标准"))
    }

    /// The most that a benefit pays for in a month, of all its limits of money a month.
    pub(super) fn month_cap(&self, benefit: &Benefit) -> Result<Option<Money>, NoPolicy> {
        let share = match benefit.cap.share_of_base {
            Some(share) => Some(share.of(*self.policy.read(|it| &it.ltci.base)?)),
            None => None,
        };
        Ok([benefit.cap.per_month, share].into_iter().flatten().min())
    }

    /// The bonus that is reached.
    pub(super) fn bonus(&self, granted: &Granted, months: u16) -> Option<&'a Bonus> {
        let reached = |it: &&Bonus| {
            it.mode == granted.mode && it.grades.contains(&granted.grade) && 0 < months && it.from_month <= months
        };
        self.bonuses.iter().filter(reached).max_by_key(|it| it.from_month)
    }
}
