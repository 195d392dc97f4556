//! From a file to a book: the kind is told by the content, the size is bounded before anything is unpacked.

mod compound;
mod csv;
mod excel;
mod grid;
mod open_document;
mod package;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

pub use csv::text_of;

use super::{Book, Measure, SheetError};

/// How much of a file is read at most. The default lets 100,000 rows of a wide ledger pass with room to spare.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub file_bytes: u64,
    /// What a packed file may unpack to, over all its parts.
    pub unpacked_bytes: u64,
    pub sheets: usize,
    /// Rows with a value, over all sheets.
    pub rows: usize,
    pub columns: usize,
    pub cells: usize,
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            file_bytes: 100 << 20,
            unpacked_bytes: 1 << 30,
            sheets: 200,
            rows: 500_000,
            columns: 1_000,
            cells: 12_000_000,
            text_bytes: 512 << 20,
        }
    }
}

/// Reads a file from disk within the default limits.
pub fn read_path(path: impl AsRef<Path>) -> Result<Book, SheetError> {
    let path = path.as_ref();
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let limits = Limits::default();
    let unreadable = |cause| SheetError::Unreadable { file: file.clone(), cause };
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    if bytes > limits.file_bytes {
        return Err(SheetError::TooLarge { file, what: Measure::FileBytes, limit: limits.file_bytes });
    }
    read(&std::fs::read(path).map_err(unreadable)?, &file, &limits)
}

/// Reads a file's bytes: .xlsx, .xls, .ods, or CSV in UTF-8, UTF-16 or GB18030. The name serves messages and, for text
/// files, to tell a table from any other text.
pub fn read(bytes: &[u8], file: &str, limits: &Limits) -> Result<Book, SheetError> {
    let file = file.to_owned();
    if bytes.len() as u64 > limits.file_bytes {
        return Err(SheetError::TooLarge { file, what: Measure::FileBytes, limit: limits.file_bytes });
    }
    // The readers of other people's formats meet damage that nobody foresaw; it must cost the file, not the server.
    let outcome = catch_unwind(AssertUnwindSafe(|| read_kind(bytes, &file, limits)));
    let problem = match outcome {
        Ok(Ok(book)) => return Ok(book),
        Ok(Err(problem)) => problem,
        Err(_) => Problem::Damaged("unexpected structure".to_owned()),
    };
    Err(match problem {
        Problem::UnknownKind => SheetError::UnknownKind { file },
        Problem::Disguised => SheetError::Disguised { file },
        Problem::Password => SheetError::Password { file },
        Problem::Damaged(problem) => SheetError::Damaged { file, problem },
        Problem::TooLarge(what, limit) => SheetError::TooLarge { file, what, limit },
    })
}

/// What a reader found wrong, before the file's name joins it.
enum Problem {
    UnknownKind,
    Disguised,
    Password,
    Damaged(String),
    TooLarge(Measure, u64),
}

impl Problem {
    fn damaged(problem: impl std::fmt::Display) -> Self {
        Problem::Damaged(problem.to_string())
    }
}

fn read_kind(bytes: &[u8], file: &str, limits: &Limits) -> Result<Book, Problem> {
    const ZIP: &[u8] = b"PK\x03\x04";
    const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    if bytes.starts_with(ZIP) {
        return match package::check(bytes, limits)? {
            package::Kind::Xlsx => excel::read_xlsx(bytes, limits),
            package::Kind::OpenDocument { merges } => excel::read_ods(bytes, &merges, limits),
            package::Kind::Other => Err(Problem::UnknownKind),
        };
    }
    if bytes.starts_with(COMPOUND) {
        // An .xlsx with a password is packed into the container of the old format.
        let sealed: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let has_password = bytes.windows(sealed.len()).any(|window| window == sealed);
        if has_password {
            return Err(Problem::Password);
        }
        compound::check(bytes, limits)?;
        return excel::read_xls(bytes, limits);
    }
    csv::read(bytes, file, limits)
}

#[cfg(test)]
mod tests;
