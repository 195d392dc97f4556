//! Names of regions and parents that do not follow from the digits (`regions.yaml`).

use std::{collections::BTreeMap, iter::successors};

use serde::{Deserialize, Serialize};

use crate::base::Region;

/// The regions that policy speaks of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Regions(BTreeMap<Region, RegionEntry>);

/// One region.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RegionEntry {
    #[serde(rename(deserialize = "名称"))]
    pub name: String,
    #[serde(rename(deserialize = "英文"), default)]
    pub name_en: Option<String>,
    /// The region it is governed by, where that is not the one its digits name (development zones, for instance).
    #[serde(rename(deserialize = "上级"), default)]
    pub parent: Option<Region>,
    #[serde(rename(deserialize = "备注"), default)]
    pub note: Option<String>,
}

impl Regions {
    /// The region itself and all above it up to the nation: explicit parents first, else by digits.
    pub fn chain(&self, region: Region) -> Vec<Region> {
        // A circle of explicit parents is refused when the folder is read; the bound only keeps this total.
        successors(Some(region), |it| self.parent(*it)).take(16).collect()
    }

    /// The region above.
    pub fn parent(&self, region: Region) -> Option<Region> {
        self.get(region).and_then(|it| it.parent).or_else(|| region.parent())
    }

    /// What is written about a region.
    pub fn get(&self, region: Region) -> Option<&RegionEntry> {
        self.0.get(&region)
    }

    /// The Chinese name, or the code where the region has no entry.
    pub fn name(&self, region: Region) -> String {
        self.get(region).map_or_else(|| region.to_string(), |it| it.name.clone())
    }

    /// All regions with an entry, by code.
    pub fn iter(&self) -> impl Iterator<Item = (Region, &RegionEntry)> {
        self.0.iter().map(|(region, entry)| (*region, entry))
    }

    pub(crate) fn replace_by(&mut self, upper: Regions) {
        self.0.extend(upper.0);
    }

    /// The first region whose explicit parents lead back to itself.
    pub(crate) fn circle(&self) -> Option<Region> {
        self.0.keys().copied().find(|it| self.chain(*it).last() != Some(&Region::NATION))
    }
}
