//! A plan on the facts as they are now.

use std::sync::Arc;

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

pub struct Sight {
    pub kept: Kept,
    pub facts: Arc<Facts>,
    pub built: Built,
    pub plan: Plan,
    pub faults: Vec<Fault>,
    pub figures: Figures,
}

impl Sight {
    pub fn of(tx: &Tx<'_>, ask: &Ask, kept: Kept) -> Result<Sight> {
        let facts = Arc::new(gather::facts(tx, ask, &kept.asked)?);
        Sight::on(ask, kept, facts)
    }

    /// As [`Sight::of`], of a plan in the reader's scope.
    pub fn find(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Sight> {
        let kept = kept::find(tx, &ask.who.scope, key)?;
        Sight::of(tx, ask, kept)
    }

    fn on(ask: &Ask, kept: Kept, facts: Arc<Facts>) -> Result<Sight> {
        let built = problem::build(ask, &facts, &kept.what_if, &kept.draft)?;
        let (plan, faults) = kept.draft.arrange(&built);
        let figures = figures::of(&plan, &facts, &built);
        Ok(Sight { kept, facts, built, plan, faults, figures })
    }

    /// The same plan with another draft, on the same facts.
    pub fn with(&self, ask: &Ask, draft: Draft) -> Result<Sight> {
        Sight::on(ask, Kept { draft, ..self.kept.clone() }, self.facts.clone())
    }

    /// With the reasons of what is left out.
    pub fn explained(mut self) -> Sight {
        dispatch::explain(&self.built.problem, &mut self.plan);
        self
    }

    /// The draft with the times that follow, and without what is not there any more.
    pub fn arranged(&self) -> Draft {
        Draft::of(&self.plan, &self.facts, &self.built, &self.kept.draft)
    }
}
