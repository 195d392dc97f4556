//! What every module stands on: the web, the database, people and permissions. Knows no module by name.

pub mod crypt;
pub mod sheet;
