//! The container of the old .xls, walked through before its reader is let in: chains must end, and no record may claim
//! more cells than a file may have. What the reader would reserve on such a claim alone would end the server.

use super::{Limits, Problem};
use crate::sheet::Measure;

const HEADER_BYTES: usize = 512;
const ENTRY_BYTES: usize = 128;
const SMALL_SECTOR_BYTES: usize = 64;
const SMALL_STREAM_END: u64 = 4096;
/// From here on numbers of sectors are marks: end of chain, free, table.
const MARKS: u32 = 0xffff_fffa;
/// Rows and columns of the old format.
const LARGEST_AREA: u64 = 65_536 * 256;

/// Fails on whatever the reader would not get to the end of or would fill the memory for.
///
/// Source: [MS-CFB] 2.2 to 2.6, [MS-XLS] 2.4
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), Problem> {
    let file = Container::of(bytes)?;
    for entry in file.entries()? {
        let name: Vec<u16> = entry[..64].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        let name = String::from_utf16_lossy(&name).to_lowercase();
        let name = name.split('\0').next().unwrap_or_default();
        if matches!(name, "workbook" | "book") {
            check_records(&file.stream(entry)?, limits)?;
        }
    }
    Ok(())
}

fn damaged() -> Problem {
    Problem::Damaged("the container contradicts itself".to_owned())
}

fn number_at(bytes: &[u8], at: usize) -> Result<u32, Problem> {
    let four = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()).ok_or_else(damaged)?;
    Ok(u32::from_le_bytes(*four))
}

fn short_at(bytes: &[u8], at: usize) -> Result<u16, Problem> {
    let two = bytes.get(at..).and_then(|rest| rest.first_chunk::<2>()).ok_or_else(damaged)?;
    Ok(u16::from_le_bytes(*two))
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

struct Container<'a> {
    bytes: &'a [u8],
    sector_bytes: usize,
    /// The sector that follows each sector.
    next: Vec<u32>,
}

impl<'a> Container<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self, Problem> {
        let header = bytes.get(..HEADER_BYTES).ok_or_else(damaged)?;
        let sector_bytes = match short_at(header, 30)? {
            9 => 512,
            12 => 4096,
            _ => return Err(damaged()),
        };
        let mut file = Container { bytes, sector_bytes, next: Vec::new() };
        let mut tables: Vec<u32> = numbers(&header[76..]).collect();
        let mut table = number_at(header, 68)?;
        for _ in 0..=bytes.len() / sector_bytes {
            if table >= MARKS {
                break;
            }
            tables.extend(numbers(file.sector(table)?));
            table = tables.pop().ok_or_else(damaged)?;
        }
        for table in tables.into_iter().filter(|&table| table < MARKS) {
            let sector = file.sector(table)?;
            file.next.extend(numbers(sector));
            if file.next.len() > bytes.len() {
                return Err(damaged());
            }
        }
        if has_cycle(&file.next) { Err(damaged()) } else { Ok(file) }
    }

    fn sector(&self, number: u32) -> Result<&'a [u8], Problem> {
        let start = (number as usize).checked_add(1).and_then(|place| place.checked_mul(self.sector_bytes));
        let rest = start.and_then(|start| self.bytes.get(start..)).ok_or_else(damaged)?;
        // The last sector of a file may be short.
        Ok(&rest[..rest.len().min(self.sector_bytes)])
    }

    fn chain(&self, first: u32) -> Result<Vec<u8>, Problem> {
        let mut chain = Vec::new();
        let mut sector = first;
        while sector < MARKS {
            chain.extend_from_slice(self.sector(sector)?);
            sector = *self.next.get(sector as usize).ok_or_else(damaged)?;
        }
        Ok(chain)
    }

    fn entries(&self) -> Result<Vec<Vec<u8>>, Problem> {
        let folder = self.chain(number_at(self.bytes, 48)?)?;
        Ok(folder.chunks_exact(ENTRY_BYTES).map(<[u8]>::to_vec).collect())
    }

    fn stream(&self, entry: Vec<u8>) -> Result<Vec<u8>, Problem> {
        let first = number_at(&entry, 116)?;
        let length = u64::from(number_at(&entry, 120)?);
        let mut stream = if length < SMALL_STREAM_END { self.small_stream(first, length)? } else { self.chain(first)? };
        stream.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        Ok(stream)
    }

    /// Small streams share one, the root's, cut into small sectors with a table of their own.
    fn small_stream(&self, first: u32, length: u64) -> Result<Vec<u8>, Problem> {
        let entries = self.entries()?;
        let shared = self.chain(number_at(entries.first().ok_or_else(damaged)?, 116)?)?;
        let next: Vec<u32> = numbers(&self.chain(number_at(self.bytes, 60)?)?).collect();
        let mut stream = Vec::new();
        let mut sector = first;
        while sector < MARKS && (stream.len() as u64) < length {
            let start = sector as usize * SMALL_SECTOR_BYTES;
            stream.extend_from_slice(shared.get(start..start + SMALL_SECTOR_BYTES).ok_or_else(damaged)?);
            sector = *next.get(sector as usize).ok_or_else(damaged)?;
        }
        Ok(stream)
    }
}

/// True when following the table comes back to where it was.
fn has_cycle(next: &[u32]) -> bool {
    const UNSEEN: u32 = 0;
    let mut seen = vec![UNSEEN; next.len()];
    for start in 0..next.len() {
        let walk = start as u32 + 1;
        let mut at = start;
        while seen[at] == UNSEEN {
            seen[at] = walk;
            match next.get(at).map(|&follower| follower as usize) {
                Some(follower) if follower < next.len() => at = follower,
                _ => break,
            }
            if seen[at] == walk {
                return true;
            }
        }
    }
    false
}

/// Records of cells, of the kinds the reader keeps.
const CELLS: [u16; 9] = [0x0203, 0x0204, 0x00d6, 0x0205, 0x027e, 0x00fd, 0x00bd, 0x0006, 0x0207];
const DIMENSIONS: u16 = 0x0200;
const SHEET: u16 = 0x0085;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;

fn check_records(stream: &[u8], limits: &Limits) -> Result<(), Problem> {
    let mut places = Vec::new();
    for_each_record(stream, |kind, data| {
        if kind == SHEET {
            places.push(number_at(data, 0)? as usize);
        }
        Ok(kind != END)
    })?;
    if places.len() > limits.sheets {
        return Err(Problem::TooLarge(Measure::Sheets, limits.sheets as u64));
    }
    let mut area = 0_u64;
    for place in places {
        area = area.saturating_add(sheet_area(stream.get(place..).ok_or_else(damaged)?)?);
        if area > limits.cells as u64 {
            return Err(Problem::TooLarge(Measure::Cells, limits.cells as u64));
        }
    }
    Ok(())
}

/// The cells of the rectangle around all values of a sheet, which is what the reader lays out.
fn sheet_area(sheet: &[u8]) -> Result<u64, Problem> {
    let (mut rows, mut columns) = (None, None);
    let mut depth = 0_u32;
    for_each_record(sheet, |kind, data| {
        match kind {
            BEGIN => depth += 1,
            END if depth <= 1 => return Ok(false),
            END => depth -= 1,
            DIMENSIONS if depth <= 1 => {
                let claimed = if data.len() >= 14 {
                    let rows = number_at(data, 4)?.saturating_sub(number_at(data, 0)?);
                    u64::from(rows) * u64::from(short_at(data, 10)?)
                } else {
                    u64::from(short_at(data, 2)?) * u64::from(short_at(data, 6)?)
                };
                if claimed > LARGEST_AREA {
                    return Err(damaged());
                }
            }
            kind if depth <= 1 && CELLS.contains(&kind) && data.len() >= 4 => {
                let (row, column) = (short_at(data, 0)?, short_at(data, 2)?);
                // A record of several cells ends with the number of its last column.
                let last = if kind == 0x00bd { short_at(data, data.len() - 2)? } else { column };
                widen(&mut rows, row, row);
                widen(&mut columns, column.min(last), column.max(last));
            }
            _ => {}
        }
        Ok(true)
    })?;
    let span = |bounds: Option<(u16, u16)>| bounds.map_or(0, |(first, last)| u64::from(last - first) + 1);
    Ok(span(rows) * span(columns))
}

fn widen(bounds: &mut Option<(u16, u16)>, first: u16, last: u16) {
    let (low, high) = bounds.unwrap_or((first, last));
    *bounds = Some((low.min(first), high.max(last)));
}

/// Hands each record to `each` until it says that it has seen enough or the stream ends.
fn for_each_record(
    mut stream: &[u8],
    mut each: impl FnMut(u16, &[u8]) -> Result<bool, Problem>,
) -> Result<(), Problem> {
    while stream.len() >= 4 {
        let (kind, length) = (short_at(stream, 0)?, usize::from(short_at(stream, 2)?));
        let data = stream.get(4..4 + length).ok_or_else(damaged)?;
        if !each(kind, data)? {
            break;
        }
        stream = &stream[4 + length..];
    }
    Ok(())
}

#[cfg(test)]
mod tests;
