//! What every module stands on: the web, the database, people and permissions. Knows no module by name.

pub mod api;
mod app;
pub mod ask;
pub mod asset;
pub mod audit;
mod background;
pub mod backup;
pub mod changes;
pub mod clock;
pub mod config;
pub mod crypt;
pub mod db;
pub mod digest;
pub mod doctor;
pub mod error;
pub mod events;
pub mod files;
pub mod form;
pub mod house;
pub mod id;
mod idempotency;
pub mod import;
mod initials;
pub mod jobs;
pub mod keys;
pub mod lang;
pub mod metrics;
pub mod module;
pub mod notify;
pub mod page;
pub mod place;
pub mod rotate;
pub mod server;
pub mod sheet;
pub mod table;
pub mod tally;
pub mod trouble;
mod typeset;
pub mod who;

pub use app::{App, Parts};
pub use ask::Ask;
pub use db::{Db, Tx};
pub use error::{Error, Refusal, Result};
pub use id::Id;
pub use initials::initials;
pub use lang::{Lang, Said};
pub use module::{Module, Routes};
pub use place::Scope;
pub use who::{Perm, Role, Who};

/// The English of the house's own sentences.
pub const ENGLISH: &str = include_str!("en.toml");
