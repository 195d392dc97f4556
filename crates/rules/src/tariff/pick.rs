//! Which of several prices of an item holds at an institution on a day.

use std::cmp::Reverse;

use super::{Level, Owner, Price};
use crate::{base::Date, policy::Status};

/// Where a service is given, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub level: Option<Level>,
    pub owner: Option<Owner>,
    pub day: Date,
}

/// The price of `code` that holds: that of the institution's own level and owner before one for all, and of these the latest
/// that has begun. A price abolished for the institution ends the search; prices only announced never hold.
///
/// 依据: 重庆医保医疗服务项目目录（2021年） 按机构等级定价: 同一项目按机构等级分别定价
pub fn pick<'a>(prices: impl IntoIterator<Item = &'a Price>, code: &str, at: At) -> Option<&'a Price> {
    let fits = |it: &&Price| {
        it.code == code
            && it.status != Status::Planned
            && it.from <= at.day
            && it.level.is_none_or(|level| at.level == Some(level))
            && it.owner.is_none_or(|owner| at.owner == Some(owner))
    };
    let nearest = |it: &&Price| (it.level.is_some(), it.owner.is_some(), it.from, Reverse(it.line));
    prices.into_iter().filter(fits).max_by_key(nearest)
}
