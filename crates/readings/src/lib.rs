//! What devices say: messages of many makers into readings in one unit, and readings kept small.
//!
//! `read` turns one message into what it says, by `Adapters`: files that tell where a maker puts things and in which unit.
//! What a device says of the time is believed within limits of the arrival; what cannot be is kept and marked, never dropped and never
//! guessed. `tail` and `hourly` keep series of readings in few bytes. Pure: no clock, no file, no chance.

mod adapter;
mod adapters;
mod either;
mod gatt;
mod json;
mod measure;
mod name;
mod number;
mod path;
mod plausible;
mod read;
mod said;
mod same;
mod time;
mod unit;

pub mod hourly;
pub mod tail;

pub use adapter::{Adapter, Fault};
pub use adapters::Adapters;
pub use gatt::{Float, float, sfloat};
pub use measure::Measure;
pub use name::device_name;
pub use plausible::plausible;
pub use read::{Flag, Message, Read, Setting, Unknown, Why, read};
pub use said::{Alarm, Marks, Meal, Position, Said, Source, Status, What};
pub use same::twin_key;
pub use tail::Reading;
pub use unit::Unit;

#[cfg(test)]
mod tests;
