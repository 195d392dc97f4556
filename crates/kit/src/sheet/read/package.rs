//! The zip container of .xlsx and .ods, measured before anything of it is trusted.

use std::io::{BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
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
        let is_strings = |name: &&String| name.to_lowercase().ends_with("sharedstrings.xml");
        let names = archive.file_names().map(|name| name.map(|name| name.into_owned()));
        let names: Vec<String> = names.collect::<Result<_, _>>().map_err(zip_problem)?;
        for name in names.iter().filter(is_strings) {
            check_strings(archive.by_name(name).map_err(zip_problem)?, limits)?;
        }
        return Ok(Kind::Xlsx);
    }
    if has("content.xml") && has("mimetype") {
        let content = archive.by_name("content.xml").map_err(zip_problem)?;
        return Ok(Kind::OpenDocument { merges: open_document::check(content, limits)? });
    }
    Ok(Kind::Other)
}

/// The reader reserves room for as many texts as the file claims to have; the claim must be one that a file can keep.
fn check_strings(part: impl Read, limits: &Limits) -> Result<(), Problem> {
    let mut reader = Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(Problem::damaged)? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "sst" => {
                let claim = element.try_get_attribute("uniqueCount").map_err(Problem::damaged)?;
                let claimed = claim.and_then(|claim| claim.value.trim().parse::<u64>().ok()).unwrap_or(0);
                let is_possible = claimed <= limits.cells as u64;
                return if is_possible { Ok(()) } else { Err(Problem::TooLarge(Measure::Cells, limits.cells as u64)) };
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn zip_problem(error: ZipError) -> Problem {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Problem::Password,
        other => Problem::damaged(other),
    }
}
