//! A region by its code: 2 digits province, 2 city, 2 county, 3 township, 3 village (统计用区划代码, GB/T 2260).

use std::{fmt, str::FromStr};

/// A region code. `500103`, `500103001` and `500103001002` are written with 6, 9 and 12 digits; `000000` is the nation.
/// Ordered by code, so that by digits a region and all below it are one range ([`Region::last_below`]).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(u64);

/// How deep in the tree a region stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegionLevel {
    Nation,
    Province,
    City,
    County,
    Township,
    Village,
}

impl Region {
    pub const NATION: Region = Region(0);

    /// The level, by the digits that are not zero.
    pub fn level(self) -> RegionLevel {
        let levels =
            [RegionLevel::Nation, RegionLevel::Province, RegionLevel::City, RegionLevel::County, RegionLevel::Township];
        levels.into_iter().find(|it| self.0.is_multiple_of(it.size())).unwrap_or(RegionLevel::Village)
    }

    /// The region above, by digits; nothing above the nation. Explicit parents (development zones) are the policy library's.
    pub fn parent(self) -> Option<Region> {
        let above = match self.level() {
            RegionLevel::Nation => return None,
            RegionLevel::Province => RegionLevel::Nation,
            RegionLevel::City => RegionLevel::Province,
            RegionLevel::County => RegionLevel::City,
            RegionLevel::Township => RegionLevel::County,
            RegionLevel::Village => RegionLevel::Township,
        };
        Some(self.cut(above))
    }

    /// The county a township or village lies in; the region itself from county up.
    pub fn county(self) -> Region {
        self.cut(RegionLevel::County)
    }

    /// Whether `other` is this region or lies below it, by digits.
    pub fn contains(self, other: Region) -> bool {
        other.cut(self.level()) == self
    }

    /// The greatest code that lies below this region by digits; itself for a village.
    pub fn last_below(self) -> Region {
        Region(self.0 + self.level().size() - 1)
    }

    fn cut(self, level: RegionLevel) -> Region {
        Region(self.0 - self.0 % level.size())
    }
}

impl RegionLevel {
    /// How many twelve-digit codes one region of this level spans.
    fn size(self) -> u64 {
        match self {
            RegionLevel::Nation => 1_000_000_000_000,
            RegionLevel::Province => 10_000_000_000,
            RegionLevel::City => 100_000_000,
            RegionLevel::County => 1_000_000,
            RegionLevel::Township => 1_000,
            RegionLevel::Village => 1,
        }
    }
}

impl FromStr for Region {
    type Err = String;

    fn from_str(text: &str) -> Result<Region, String> {
        let whole = matches!(text.len(), 6 | 9 | 12) && text.bytes().all(|it| it.is_ascii_digit());
        let code = whole.then(|| format!("{text:0<12}").parse().ok()).flatten();
        code.map(Region).ok_or_else(|| {
            format!("区划代码“{text}”应是 6、9 或 12 位数字，如 500103 (a region code has 6, 9 or 12 digits)")
        })
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level() {
            RegionLevel::Village => write!(f, "{:012}", self.0),
            RegionLevel::Township => write!(f, "{:09}", self.0 / 1_000),
            _ => write!(f, "{:06}", self.0 / 1_000_000),
        }
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

super::serde_as_text!(Region);
