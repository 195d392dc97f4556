//! The pages of dispatch.

pub mod deeds;
pub mod list;
pub mod moves;
pub mod new;
pub mod progress;
pub mod setting;
pub mod sheets;
pub mod show;
pub mod slots;
pub mod visit;
pub mod what_if;

use dispatch::{Fault, Plan};
use kit::{Ask, Result, Tx};

use super::{
    draft::Draft,
    figures::{self, Figures},
    gather::{self, Facts},
    kept::{self, Kept},
    problem::{self, Built},
};
use crate::elders::Key;

/// A plan on the facts as they are now.
pub struct Sight {
    pub kept: Kept,
    pub facts: Facts,
    pub built: Built,
    pub plan: Plan,
    pub faults: Vec<Fault>,
    pub figures: Figures,
}

impl Sight {
    pub fn of(tx: &Tx<'_>, ask: &Ask, kept: Kept) -> Result<Sight> {
        let facts = gather::facts(tx, ask, &kept.asked)?;
        let built = problem::build(ask, &facts, &kept.what_if, &kept.draft)?;
        let (mut plan, faults) = kept.draft.arrange(&facts, &built);
        dispatch::explain(&built.problem, &mut plan);
        let figures = figures::of(&plan, &facts, &built);
        Ok(Sight { kept, facts, built, plan, faults, figures })
    }

    /// The draft with the times that follow, and without what is not there any more.
    pub fn arranged(&self) -> Draft {
        Draft::of(&self.plan, &self.facts, &self.built, &self.kept.draft)
    }

    /// As [`Sight::of`], of a plan in the reader's scope.
    pub fn find(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Sight> {
        let kept = kept::find(tx, &ask.who.scope, key)?;
        Sight::of(tx, ask, kept)
    }
}
