//! What an import answers: how many came in, and for each row that did not, why and how to repair it.

use std::fmt;
use std::sync::Arc;

use kit::sheet::{Cell, Header, Labels, RefusedRow, Row, SheetError, write_refused};
use serde::{Serialize, Serializer};

use super::{Line, Outcome, Reason};

/// A row that was not accepted. The value goes back to whoever uploaded the file; `Debug` hides it from logs.
#[derive(Clone, Eq, PartialEq)]
pub struct Refusal {
    pub sheet: Arc<str>,
    /// As the spreadsheet numbers it.
    pub row: u32,
    /// What stands above the column at fault.
    pub column: String,
    /// What stands in the cell at fault.
    pub value: String,
    pub reason: Reason,
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Refusal");
        shown.field("sheet", &self.sheet).field("row", &self.row).field("reason", &self.reason).finish_non_exhaustive()
    }
}

impl Serialize for Refusal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            sheet: &'a str,
            row: u32,
            column: &'a str,
            value: &'a str,
            reason: Reason,
            repair: String,
        }
        let Refusal { sheet, row, column, value, reason } = self;
        Shown { sheet, row: *row, column, value, reason: *reason, repair: reason.repair() }.serialize(serializer)
    }
}

/// Something to check in a row that was accepted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Warning {
    pub sheet: Arc<str>,
    pub row: u32,
    pub column: String,
    pub reason: Reason,
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            sheet: &'a str,
            row: u32,
            column: &'a str,
            reason: Reason,
        }
        let Warning { sheet, row, column, reason } = self;
        Shown { sheet, row: *row, column, reason: *reason }.serialize(serializer)
    }
}

/// The answer of an import, in the shape that `import --format json` prints.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub accepted: usize,
    pub same_person_again: usize,
    /// People whom the registry has exactly so already; the caller counts them.
    pub unchanged: usize,
    pub refused: Vec<Refusal>,
    pub warnings: Vec<Warning>,
    #[serde(skip)]
    returned: Vec<Returned>,
}

/// The cells of a refused row, to hand it back.
struct Returned {
    header: Arc<Header>,
    cells: Vec<Cell>,
}

impl fmt::Debug for Returned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Returned").field("cells", &self.cells.len()).finish_non_exhaustive()
    }
}

impl Report {
    /// Counts a line.
    pub fn add(&mut self, line: &Line<'_>) {
        match &line.outcome {
            Outcome::Accepted(_) => self.accepted += 1,
            Outcome::Again { .. } => self.same_person_again += 1,
            Outcome::Refused(refusal) => {
                self.refuse(line.row, &line.header, refusal.clone());
            }
        }
        self.warnings.extend(line.warnings.iter().cloned());
    }

    /// Refuses a row, to be handed back with its cells.
    pub fn refuse(&mut self, row: &Row, header: &Arc<Header>, refusal: Refusal) {
        self.returned.push(Returned { header: header.clone(), cells: row.cells.clone() });
        self.refused.push(refusal);
    }

    /// The refused rows as an .xlsx file, with where, why and what to do in both languages.
    pub fn refused_workbook(&self) -> Result<Vec<u8>, SheetError> {
        let words: Vec<(String, String)> = self
            .refused
            .iter()
            .map(|refusal| {
                let reason = refusal.reason;
                (format!("{} {}", reason.zh(), reason.en()), reason.repair())
            })
            .collect();
        let rows =
            self.refused.iter().zip(&self.returned).zip(&words).map(|((refusal, returned), (reason, repair))| {
                RefusedRow {
                    sheet: &refusal.sheet,
                    row: refusal.row,
                    headers: &returned.header.texts,
                    cells: &returned.cells,
                    column: &refusal.column,
                    reason,
                    repair,
                }
            });
        write_refused(rows, &Labels::BOTH)
    }
}
