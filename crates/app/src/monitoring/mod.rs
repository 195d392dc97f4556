//! Monitoring (报警处置): from an alarm to help at the door. A case with a clock that goes from who is on duty to 120, duty rosters,
//! the page of the operators, and how long it all took (S27, S28). The rules are `rules::alarm`; devices raise through [`raise`].

mod case;
mod duty;
mod entry;
mod marks;
mod raise;
mod steps;
mod tell;
mod words;

pub use case::{Case, of_elder};
pub use raise::{Raise, Reason, Subject, over, raise};
pub use steps::tick;

use kit::{Module, module::EMPTY};

pub const MODULE: Module = Module {
    name: "monitoring",
    title: "报警处置",
    every_second: Some(|app| {
        Box::pin(async move {
            let now = app.clock.now();
            tick(&app, now).await
        })
    }),
    indicators: marks::INDICATORS,
    facts: Some(marks::facts),
    words: words::STORED,
    english: include_str!("en.toml"),
    ..EMPTY
};
