//! Ids that a statement asks for: `id in ($2, $3, …)`.

use std::rc::Rc;

use super::Bind;
use crate::Id;

/// Some ids, bound behind the other values of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Among(Rc<[Id]>);

impl Among {
    pub fn of(ids: &[Id]) -> Among {
        Among(ids.into())
    }

    pub fn ids(&self) -> &[Id] {
        &self.0
    }

    /// `$3, $4` behind two values: the text is the same for as many ids. Of no ids it is `null`, which nothing is in.
    pub fn after(&self, values: usize) -> String {
        if self.0.is_empty() {
            return "null".to_string();
        }
        let places: Vec<String> = (1..=self.0.len()).map(|nth| format!("${}", values + nth)).collect();
        places.join(", ")
    }

    /// The other values, and behind them the ids.
    pub fn bind<'a>(&'a self, values: &[&'a dyn Bind]) -> Vec<&'a dyn Bind> {
        values.iter().copied().chain(self.0.iter().map(|it| it as &dyn Bind)).collect()
    }
}
