//! Why a line came out as it did: the verdict of the latest run with all it rests on.

use kit::{Ask, Id, Result, Tx};
use serde_json::Value;

use super::{judge::Deducted, redo::deductions};
use crate::ltci::claim::Claim;

/// A verdict with the run it belongs to.
#[derive(Debug, Clone)]
pub struct Found {
    pub settlement: Id,
    pub month: String,
    pub run: i64,
    pub state: String,
    pub as_of: String,
    pub confirmed: Option<String>,
    pub fund: i64,
    pub person: i64,
    pub borne: i64,
    pub pending: i64,
    pub minutes: i64,
    pub deductions: Vec<Deducted>,
    pub undecided: String,
    /// What was known of the line and of the person.
    pub line: Value,
    pub recipient: Value,
    /// The policy values of the month.
    pub policy: Vec<Value>,
}

impl Found {
    /// The value of a parameter that held on a day, with its document.
    pub fn value(&self, param: &str, day: &str) -> Option<&Value> {
        let text = |it: &Value, name: &str| it[name].as_str().unwrap_or_default().to_string();
        self.policy
            .iter()
            .find(|it| it["param"] == param && *text(it, "first_day") <= *day && *day <= *text(it, "last_day"))
    }

    pub fn is_confirmed(&self) -> bool {
        self.state != "draft"
    }
}

/// What became of a line in the latest run that whoever asks may see: an institution sees no drafts.
pub fn latest(tx: &Tx<'_>, ask: &Ask, it: &Claim) -> Result<Option<Found>> {
    let hidden = if ask.who.scope.organisation.is_some() { "draft" } else { "" };
    tx.row(
        "select s.id, s.month, s.run, s.state, s.as_of, s.confirmed, v.fund, v.person, v.borne, v.pending, v.minutes, v.deductions,
                v.undecided, v.facts, coalesce(q.facts, p.facts), s.policy
           from ltci_settlement s
           join ltci_verdict v on v.region = s.region and v.settlement = s.id
           join ltci_settled p on p.region = s.region and p.settlement = s.id and p.elder = v.elder
           left join ltci_settled q on q.region = p.region and q.settlement = p.settlement and q.elder = p.judged_as
          where s.region = $1 and s.month = $2 and v.claim = $3 and s.state <> $4 order by s.run desc limit 1",
        &[&it.key.region, &it.month(), &it.key.id, &hidden],
        |row| {
            let json = |at: usize| Ok::<_, kit::Error>(serde_json::from_str(&row.get::<String>(at)?).unwrap_or_default());
            Ok(Found {
                settlement: row.get(0)?,
                month: row.get(1)?,
                run: row.get(2)?,
                state: row.get(3)?,
                as_of: row.get(4)?,
                confirmed: row.get(5)?,
                fund: row.get(6)?,
                person: row.get(7)?,
                borne: row.get(8)?,
                pending: row.get(9)?,
                minutes: row.get(10)?,
                deductions: deductions(&row.get::<String>(11)?),
                undecided: row.get(12)?,
                line: json(13)?,
                recipient: json(14)?,
                policy: serde_json::from_str(&row.get::<String>(15)?)?,
            })
        },
    )
}
