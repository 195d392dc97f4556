//! Spreadsheets in and out: Excel, OpenDocument and CSV become rows of cells, header rows are found by their words,
//! lists become workbooks, and refused rows go back as they came.

mod book;
mod classify;
mod columns;
mod error;
mod header;
mod read;
mod refused;
mod template;
mod words;
mod write;

pub use book::{Book, Cell, Row, Sheet};
pub use classify::{RowClass, classify};
pub use columns::{Column, Columns};
pub use error::{Measure, SheetError};
pub use header::{Ambiguous, Header, HeaderError, Mapped, Override, find_header};
pub use read::{Limits, read, read_path, text_of};
pub use refused::{Labels, RefusedRow, write_refused};
pub use template::write_template;
pub use words::{fold, half_width, without_spaces};
pub use write::{ExportColumn, Exporter, Kind, Value};
