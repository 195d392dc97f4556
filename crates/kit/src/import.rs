//! Sheets as forms: every row of a spreadsheet is filled into the form that a page has, so that one check serves both. Rows
//! that are refused are handed back with the reason.
//!
//! Ledgers of elders, which come in any shape, have an import of their own; what is asked for with a template comes in here.

mod api;
mod cell;
mod page;
mod record;
mod run;

pub use run::{Refused, Report, run};

use axum::{
    extract::{Path, Request},
    http::Method,
};

use crate::{
    Ask, Id, Perm, Result, Routes, Tx,
    files::Upload,
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

impl Routes {
    /// Every address of an import: its page and template, what came of a file, and the same for programs.
    pub fn import(self, import: &'static Import) -> Routes {
        let (path, perm) = (import.path, import.perm);
        self.page(path, perm, move |ask: Ask| async move { page::form(&ask, import).await })
            .action(
                path,
                perm,
                move |ask: Ask, upload: Upload<20>| async move { page::upload(&ask, import, &upload).await },
            )
            .page(&format!("{path}/template.xlsx"), perm, move |ask: Ask| async move { page::template(&ask, import) })
            .page(&format!("{path}/{{id}}"), perm, move |ask: Ask, Path(id): Path<Id>| async move {
                page::show(&ask, import, id).await
            })
            .page(&format!("{path}/{{id}}/refused.xlsx"), perm, move |ask: Ask, Path(id): Path<Id>| async move {
                page::refused(&ask, import, id).await
            })
            .action(&format!("{path}/{{id}}/again"), perm, move |ask: Ask, Path(id): Path<Id>| async move {
                page::again(&ask, import, id).await
            })
            .api(Method::POST, path, perm, api::DOC, move |ask: Ask, request: Request| async move {
                api::json(&ask, import, request).await
            })
    }
}
