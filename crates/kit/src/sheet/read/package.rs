//! The zip container of .xlsx and .ods, measured before anything of it is trusted.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::grid::Merge;
use super::{Limits, Problem, open_document};
use crate::sheet::Measure;

/// No spreadsheet has more parts; a container made to exhaust us does.
const MOST_PARTS: usize = 20_000;

pub(super) enum Kind {
    Xlsx,
    OpenDocument { merges: Vec<(String, Vec<Merge>)> },
    Other,
}

/// Unpacks every part into nothing and counts, because the sizes that a container declares may lie.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<Kind, Problem> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(zip_problem)?;
    if archive.len() > MOST_PARTS {
        return Err(Problem::Damaged("too many parts".to_owned()));
    }
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(zip_problem)?;
        let left = limits.unpacked_bytes - unpacked;
        unpacked += std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(Problem::damaged)?;
        if unpacked > limits.unpacked_bytes {
            return Err(Problem::TooLarge(Measure::UnpackedBytes, limits.unpacked_bytes));
        }
    }
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("[Content_Types].xml") {
        return Ok(Kind::Xlsx);
    }
    if has("content.xml") && has("mimetype") {
        let content = archive.by_name("content.xml").map_err(zip_problem)?;
        return Ok(Kind::OpenDocument { merges: open_document::check(content, limits)? });
    }
    Ok(Kind::Other)
}

fn zip_problem(error: ZipError) -> Problem {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Problem::Password,
        other => Problem::damaged(other),
    }
}
