//! 是 and 否, as policy officers write them.

use serde::{Deserialize, Serialize};

/// A yes or a no, written `是` or `否`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum YesNo {
    #[serde(rename = "是")]
    Yes,
    #[serde(rename = "否")]
    No,
}

impl YesNo {
    /// Whether it is a yes.
    pub fn is_yes(self) -> bool {
        self == YesNo::Yes
    }
}

impl From<bool> for YesNo {
    fn from(it: bool) -> YesNo {
        if it { YesNo::Yes } else { YesNo::No }
    }
}
