//! An old Excel file passes; its damaged copies are refused before they can do harm.

use super::*;
use crate::sheet::{SheetError, read};

const FILE: &[u8] = include_bytes!("small.xls");

fn find(bytes: &[u8], record: &[u8]) -> usize {
    bytes.windows(record.len()).position(|window| window == record).unwrap()
}

fn refused(bytes: &[u8]) -> SheetError {
    read(bytes, "a.xls", &Limits::default()).unwrap_err()
}

#[test]
fn a_real_file_passes() {
    assert!(check(FILE, &Limits::default()).is_ok());
    assert_eq!(read(FILE, "a.xls", &Limits::default()).unwrap().sheets.len(), 1);
}

#[test]
fn a_file_that_claims_more_cells_than_the_format_has_is_refused() {
    let mut bytes = FILE.to_vec();
    let at = find(&bytes, &[0x00, 0x02, 0x0e, 0x00]);
    bytes[at + 8..at + 12].copy_from_slice(&0x7fff_ffff_u32.to_le_bytes());
    assert!(matches!(refused(&bytes), SheetError::Damaged { .. }));
}

#[test]
fn values_too_far_apart_are_refused() {
    let mut bytes = FILE.to_vec();
    let at = find(&bytes, &[0xfd, 0x00, 0x0a, 0x00]);
    bytes[at + 4..at + 8].copy_from_slice(&[0xff; 4]);
    assert!(matches!(refused(&bytes), SheetError::TooLarge { what: Measure::Cells, .. }));
}

#[test]
fn a_chain_that_bites_its_tail_is_refused() {
    let mut bytes = FILE.to_vec();
    let table = (number_at(&bytes, 76).unwrap_or(0) as usize + 1) * 512;
    let folder = number_at(&bytes, 48).unwrap_or(0);
    let entry = table + folder as usize * 4;
    bytes[entry..entry + 4].copy_from_slice(&folder.to_le_bytes());
    assert!(matches!(refused(&bytes), SheetError::Damaged { .. }));
}

#[test]
fn cycles_are_found_wherever_they_begin() {
    assert!(!has_cycle(&[]));
    assert!(!has_cycle(&[1, 2, u32::MAX]));
    assert!(!has_cycle(&[2, 2, u32::MAX]));
    assert!(has_cycle(&[0]));
    assert!(has_cycle(&[1, 2, 1]));
    assert!(has_cycle(&[u32::MAX, 2, 3, 1]));
}

#[test]
fn a_file_cut_or_changed_anywhere_never_panics() {
    for end in (0..FILE.len()).step_by(61) {
        let _ = read(&FILE[..end], "a.xls", &Limits::default());
    }
    for at in (0..FILE.len()).step_by(7) {
        let mut bytes = FILE.to_vec();
        bytes[at] ^= 0xff;
        let _ = read(&bytes, "a.xls", &Limits::default());
    }
}
