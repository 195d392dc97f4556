//! The pages of orders.

pub mod catalogue;
pub mod deeds;
pub mod list;
pub mod new;
pub mod paper;
pub mod show;
pub mod staff;

use kit::{Ask, Role};

/// An elder's family reads large print, whatever their setting.
fn for_family(ask: Ask) -> Ask {
    let large = ask.large || ask.who.role == Role::Family;
    Ask { large, ..ask }
}
