//! What every module stands on: the web, the database, people and permissions. Knows no module by name.

pub mod clock;
pub mod db;
pub mod error;
pub mod id;
pub mod lang;

pub use db::{Db, Tx};
pub use error::{Error, Refusal, Result};
pub use id::Id;
pub use lang::{Lang, Said};
