//! How long the way is from one place to another: by the roads of an OpenStreetMap extract on foot, by bicycle, bus
//! or car, or as the crow flies.
//!
//! [`Roads::read`] reads an extract, [`Roads::to_bytes`] keeps what is needed of it, [`Travel::new`] prepares it for
//! the speeds of a [`Pace`], and
//! [`Travel::matrix`], [`Travel::legs`] and [`Travel::path`] answer. No file is opened here and no clock is read; the
//! same roads, speeds and places give the same answer on every machine.

mod access;
mod file;
mod graph;
mod grid;
mod hierarchy;
mod many;
mod messages;
mod network;
mod pace;
mod pbf;
mod search;
mod sphere;
#[cfg(test)]
mod tests;
mod travel;

pub use graph::Roads;
pub use grid::Snap;
pub use pace::{BadPace, Bus, Car, GreatCircle, Kind, Pace};
pub use pbf::Bad;
pub use sphere::Place;
pub use travel::{By, Leg, Matrix, Travel};
