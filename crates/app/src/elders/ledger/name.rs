//! The name in a cell.

use kit::sheet::Cell;

use super::Reason;
use crate::elders::name::{self, Name, NoName};

pub(super) fn read_name(cell: &Cell) -> Result<Name, Reason> {
    let text = match cell {
        Cell::Empty => return Err(Reason::NameMissing),
        Cell::Text(text) => text,
        _ => return Err(Reason::NameUnreadable),
    };
    name::read(text).map_err(|it| match it {
        NoName::Missing => Reason::NameMissing,
        NoName::Unreadable => Reason::NameUnreadable,
    })
}
