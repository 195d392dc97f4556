//! What the operators see: every open case of a county and every open call of staff, the oldest that nobody took first.

use std::cmp::Reverse;

use kit::{Id, Result, Scope, Tx, db::Row};
use rules::alarm::Kind;

use crate::{
    elders::{self, Key},
    visits::{self, OpenCall},
};

/// An open case as the page shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    pub key: Key,
    pub place: String,
    pub organisation: Option<Id>,
    pub elder: Option<Id>,
    /// The elder's name, or what it is about in words.
    pub name: String,
    pub kind: Kind,
    pub urgent: bool,
    pub state: String,
    pub since: String,
    pub raised: String,
    pub raises: i64,
    pub is_eased: bool,
    pub allowed: Option<i64>,
    pub acknowledged_by: String,
    pub departed_by: String,
    pub next_at: Option<String>,
    pub steps: i64,
    pub device_label: String,
    /// Latitude and longitude in millionths of a degree: of the alarm, or of the home.
    pub at: Option<(i64, i64)>,
}

impl Card {
    pub fn link(&self) -> String {
        format!("/monitoring/{}", self.key)
    }

    /// Those that nobody took come first, the oldest of them on top; then the others, the urgent ones and the oldest first.
    fn order(&self) -> (bool, Reverse<bool>, String, Id) {
        let is_taken = self.state != "raised";
        (is_taken, Reverse(is_taken && self.urgent), self.since.clone(), self.key.id)
    }
}

/// Everything open in a county.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct County {
    /// By what it is known whether anything changed.
    pub marks: Marks,
    pub cards: Vec<Card>,
    pub calls: Vec<OpenCall>,
}

/// The version of each open case, and the open calls.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {
    cases: Vec<(Id, Id)>,
    calls: Vec<OpenCall>,
}

/// So many cases a county has open at most; more than anybody could look at.
const MOST: usize = 1_000;

pub fn marks(tx: &Tx<'_>, region: &str) -> Result<Marks> {
    let sql =
        format!("select id, version from alarm_case where region = $1 and closed is null order by id limit {MOST}");
    let cases = tx.rows(&sql, &[&region], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Marks { cases, calls: visits::open_calls(tx, region)? })
}

/// Everything open in a county, as of one moment.
pub fn county(tx: &Tx<'_>, region: &str) -> Result<County> {
    let marks = marks(tx, region)?;
    let sql = format!(
        "select c.region, c.id, c.place, c.organisation, c.elder, c.about, c.kind, c.urgent, c.state, c.since,
                c.raised, c.raises, c.eased is not null, c.allowed, c.acknowledged_by, c.departed_by, c.next_at, c.steps,
                c.device_label, c.latitude, c.longitude
           from alarm_case c
          where c.region = $1 and c.closed is null order by c.id limit {MOST}"
    );
    let mut cards = tx.rows(&sql, &[&region], read)?;
    let elders: Vec<Id> = cards.iter().filter_map(|it: &Card| it.elder).collect();
    let names = elders::names(tx, region, &elders)?;
    for it in &mut cards {
        let Some(id) = it.elder else { continue };
        if let Some(name) = names.get(&id) {
            it.name.clone_from(name);
        }
        if it.at.is_some() {
            continue;
        }
        let home = visits::home_of(tx, &Key { region: region.to_string(), id })?;
        it.at = home.at.map(|at| (at.latitude, at.longitude));
    }
    cards.sort_by_cached_key(Card::order);
    let calls = marks.calls.clone();
    Ok(County { marks, cards, calls })
}

fn read(row: &Row<'_>) -> Result<Card> {
    let kind: String = row.get(6)?;
    let at: (Option<i64>, Option<i64>) = (row.get(19)?, row.get(20)?);
    Ok(Card {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        place: row.get(2)?,
        organisation: row.get(3)?,
        elder: row.get(4)?,
        name: row.get(5)?,
        kind: Kind::parse(&kind).ok_or_else(|| kit::Error::internal(format!("alarm_case.kind = {kind}")))?,
        urgent: row.get(7)?,
        state: row.get(8)?,
        since: row.get(9)?,
        raised: row.get(10)?,
        raises: row.get(11)?,
        is_eased: row.get(12)?,
        allowed: row.get(13)?,
        acknowledged_by: row.get(14)?,
        departed_by: row.get(15)?,
        next_at: row.get(16)?,
        steps: row.get(17)?,
        device_label: row.get(18)?,
        at: at.0.zip(at.1),
    })
}

/// By what a reader narrows the page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    pub kind: Option<Kind>,
    /// A word of `words::STATES`; empty for all.
    pub state: String,
}

/// What a reader sees of some counties.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub cards: Vec<Card>,
    pub calls: Vec<OpenCall>,
    /// How many there are in the scope by state, whatever the filter: raised, acknowledged, departed, arrived.
    pub counts: [usize; 4],
}

/// What of these counties a scope holds and a filter lets through.
pub fn seen<'a>(all: impl Iterator<Item = &'a County>, scope: &Scope, filter: &Filter) -> Seen {
    let mut seen = Seen::default();
    for county in all {
        let held = county.cards.iter().filter(|it| scope.holds(&it.key.region, &it.place, it.organisation, it.elder));
        for it in held {
            let nth = ["raised", "acknowledged", "departed", "arrived"].iter().position(|one| *one == it.state);
            if let Some(n) = nth.and_then(|nth| seen.counts.get_mut(nth)) {
                *n += 1;
            }
            let fits =
                filter.kind.is_none_or(|kind| kind == it.kind) && (filter.state.is_empty() || filter.state == it.state);
            if fits {
                seen.cards.push(it.clone());
            }
        }
        let calls = county.calls.iter().filter(|it| scope.holds(&it.key.region, &it.place, it.organisation, None));
        seen.calls.extend(calls.cloned());
    }
    seen.cards.sort_by_cached_key(Card::order);
    seen
}
