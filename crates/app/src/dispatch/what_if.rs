//! What would be if: one nurse more, somebody away, the break or the hours moved.

use kit::Id;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WhatIf {
    /// Another one like each of these.
    pub more: Vec<Id>,
    pub away: Vec<Id>,
    /// Earliest and latest start in minutes of the day, and length in minutes.
    pub pause: Option<(u16, u16, u16)>,
    /// From and until, in minutes of the day.
    pub hours: Option<(u16, u16)>,
}

impl WhatIf {
    pub fn is_empty(&self) -> bool {
        *self == WhatIf::default()
    }
}
