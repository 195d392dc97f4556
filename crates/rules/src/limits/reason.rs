//! What is raised, and why; kept with the case, so that anybody can read later what it rested on.

use serde::{Deserialize, Serialize};

use super::{Bound, Item};
use crate::{
    alarm::Kind,
    base::{Date, Text},
    policy::{Because, Status},
};

/// An alarm to be raised.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Raise {
    pub kind: Kind,
    pub urgent: bool,
    /// Milliseconds since 1970 UTC: of the reading that raised it, or the instant at which something was missed.
    pub at: i64,
    pub reason: Reason,
}

/// That what raised an alarm is no more; it closes no case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Over {
    pub kind: Kind,
    pub at: i64,
    pub text: Text,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Reason {
    /// One sentence with value and limit.
    pub text: Text,
    /// Word of the measure, where it is one.
    pub measure: Option<String>,
    /// As kept, in 1/10^scale of the measure's unit.
    pub value: Option<i64>,
    pub limit: Option<i64>,
    /// Whose limit of the person's own went before that of policy.
    pub own: Option<OwnSaid>,
    /// The values of policy it rests on; those of a limit that the doctor replaced as well.
    pub policy: Vec<Ground>,
}

/// Which doctor set a limit for a person, and when.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OwnSaid {
    #[serde(rename = "医生")]
    pub by: String,
    #[serde(rename = "日期")]
    pub day: Date,
}

/// A value of policy, as it is kept with a reason.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Ground {
    pub topic: String,
    pub param: String,
    pub document: Option<String>,
    pub clause: Option<String>,
    pub from: Date,
    /// Invented for demonstration.
    pub example: bool,
    pub confirmed: u8,
}

impl Ground {
    pub(super) fn of(because: &Because) -> Ground {
        Ground {
            topic: because.topic.to_owned(),
            param: because.param.to_owned(),
            document: because.document.clone(),
            clause: because.clause.clone(),
            from: because.from,
            example: because.status == Status::Example,
            confirmed: because.confirmed,
        }
    }
}

impl Reason {
    /// Of something that rests on values of policy alone.
    pub(super) fn of_policy(text: Text, policy: Vec<Ground>) -> Reason {
        Reason { text, measure: None, value: None, limit: None, own: None, policy }
    }

    /// Of a value beyond a limit.
    pub(super) fn of_value(item: Item, value: i64, bound: &Bound, text: Text) -> Reason {
        Reason {
            text,
            measure: Some(item.0.word().to_owned()),
            value: Some(value),
            limit: Some(bound.at),
            own: bound.own.clone(),
            policy: bound.policy.clone(),
        }
    }
}
