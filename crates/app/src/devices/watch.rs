//! Values against limits: what is out of them opens a case, and what is back inside is noted there.

use kit::Id;
use readings::{Meal, Measure, Reading};

/// A value that is new.
pub struct Value {
    pub device: Id,
    pub elder: Option<Id>,
    pub measure: Measure,
    pub reading: Reading,
    pub meal: Option<Meal>,
    /// The message that said it, by its place in the batch.
    pub message: usize,
}
