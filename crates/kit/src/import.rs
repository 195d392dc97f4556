//! Sheets as forms: every row of a spreadsheet is filled into the form that a page has, so that one check serves both. Rows
//! that are refused are handed back with the reason.
//!
//! Ledgers of elders, which come in any shape, have an import of their own; what is asked for with a template comes in here.

mod api;
mod cell;
mod page;
mod record;
mod run;

pub use api::{DOC, json};
pub use page::{again, form, refused, show, template, upload};
pub use run::{Refused, Report, run};

use crate::{
    Ask, Perm, Result, Tx,
    form::{Field, Input},
    sheet::Columns,
};

/// What can be brought in from a sheet.
pub struct Import {
    /// The word of it: `institutions`, `staff`.
    pub kind: &'static str,
    pub title: &'static str,
    /// The address of its page.
    pub path: &'static str,
    /// The list it belongs to: (address, title).
    pub list: (&'static str, &'static str),
    pub perm: Perm,
    /// Words above the columns; the key of each is the name of a field.
    pub columns: Columns,
    pub fields: &'static [Field],
    /// What people write for a choice beside its title: (field, what is written, word).
    pub synonyms: &'static [(&'static str, &'static str, &'static str)],
    /// Sentences that say what the sheet may hold.
    pub help: &'static [&'static str],
    /// Takes one row, in the place chosen for the whole sheet; called within a transaction of its own.
    pub take: fn(&Tx<'_>, &Ask, &Input, &Row<'_>) -> Result<Taken>,
}

/// Where a row comes from.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// County, street or village for what names none.
    pub place: &'a str,
    /// `import 机构.xlsx`.
    pub source: &'a str,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    New,
    Changed,
    /// It says nothing that was not known.
    Unchanged,
}
