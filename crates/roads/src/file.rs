//! Roads as a file of ours: a tenth of a second to load, where reading the extract takes longer. Numbers are written
//! as differences of seven bits a byte,
//! with the digest of the extract in front and that of everything at the end.

use sha2::{Digest, Sha256};

use crate::{
    Bad, Roads,
    access::{Class, Use},
    graph::{Crossing, Piece},
};

const MAGIC: &[u8; 8] = b"yiroads1";

/// Longer than around the earth is no piece of road.
pub(crate) const LONGEST_DM: u32 = 500_000_000;

pub(crate) fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

impl Roads {
    /// The roads as a file; [`Roads::load`] reads it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(self.source);
        number(&mut out, self.crossings.len() as u64);
        let mut last = (0, 0);
        for it in &self.crossings {
            step(&mut out, &mut last, it.at);
            out.push(it.closed);
        }
        number(&mut out, self.pieces.len() as u64);
        let mut from = 0;
        for it in &self.pieces {
            signed(&mut out, i64::from(it.from) - from);
            signed(&mut out, i64::from(it.to) - i64::from(it.from));
            number(&mut out, u64::from(it.length_dm));
            out.extend([it.way.class as u8, it.way.open, it.way.limit]);
            number(&mut out, u64::from(it.end - it.first));
            from = i64::from(it.from);
            let mut last = self.crossings[it.from as usize].at;
            for point in &self.points[it.first as usize..it.end as usize] {
                step(&mut out, &mut last, *point);
            }
        }
        let end = digest(&out);
        out.extend(end);
        out
    }

    /// Reads what [`Roads::to_bytes`] wrote.
    pub fn load(bytes: &[u8]) -> Result<Roads, Bad> {
        if !bytes.starts_with(MAGIC) {
            return Err(Bad::Foreign);
        }
        let (content, end) = bytes.split_last_chunk::<32>().map(|(a, b)| (a, *b)).ok_or(Bad::Damaged)?;
        if digest(content) != end {
            return Err(Bad::Damaged);
        }
        // The digest is no secret: whoever writes a wrong file with a right digest must not stop the server.
        parse(&mut &content[MAGIC.len()..]).ok_or(Bad::Damaged)
    }
}

fn parse(left: &mut &[u8]) -> Option<Roads> {
    let mut roads = Roads { source: *chunk(left)?, crossings: Vec::new(), pieces: Vec::new(), points: Vec::new() };
    let count = counted(left)?;
    roads.crossings.reserve_exact(count);
    let mut last = (0, 0);
    for _ in 0..count {
        let at = stepped(left, &mut last)?;
        roads.crossings.push(Crossing { at, closed: chunk::<1>(left)?[0] });
    }
    let count = counted(left)?;
    roads.pieces.reserve_exact(count);
    let mut from = 0i64;
    for _ in 0..count {
        from = from.checked_add(read_signed(left)?)?;
        let to = from.checked_add(read_signed(left)?)?;
        let length_dm = u32::try_from(read(left)?).ok().filter(|it| (1..=LONGEST_DM).contains(it))?;
        let [class, open, limit] = *chunk(left)?;
        let way = Use { class: Class::of(class)?, open, limit };
        let crossing = |it: i64| usize::try_from(it).ok().filter(|it| *it < roads.crossings.len()).map(|it| it as u32);
        let (start, to) = (crossing(from)?, crossing(to)?);
        let first = u32::try_from(roads.points.len()).ok()?;
        let mut last = roads.crossings[start as usize].at;
        for _ in 0..counted(left)? {
            let point = stepped(left, &mut last)?;
            roads.points.push(point);
        }
        let end = u32::try_from(roads.points.len()).ok()?;
        roads.pieces.push(Piece { from: start, to, length_dm, way, first, end });
    }
    roads.points.shrink_to_fit();
    (left.is_empty() && !roads.pieces.is_empty()).then_some(roads)
}

fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn signed(out: &mut Vec<u8>, value: i64) {
    number(out, (value << 1 ^ value >> 63).cast_unsigned());
}

fn step(out: &mut Vec<u8>, last: &mut (i32, i32), at: (i32, i32)) {
    signed(out, i64::from(at.0) - i64::from(last.0));
    signed(out, i64::from(at.1) - i64::from(last.1));
    *last = at;
}

fn chunk<'a, const N: usize>(left: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (chunk, rest) = left.split_first_chunk()?;
    *left = rest;
    Some(chunk)
}

fn read(left: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let byte = chunk::<1>(left)?[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// A count of things of which each takes a byte at least: a larger one is no count.
fn counted(left: &mut &[u8]) -> Option<usize> {
    read(left).and_then(|it| usize::try_from(it).ok()).filter(|it| *it <= left.len())
}

fn read_signed(left: &mut &[u8]) -> Option<i64> {
    read(left).map(|it| (it >> 1).cast_signed() ^ -((it & 1).cast_signed()))
}

fn stepped(left: &mut &[u8], last: &mut (i32, i32)) -> Option<(i32, i32)> {
    let lat = i32::try_from(i64::from(last.0).checked_add(read_signed(left)?)?).ok()?;
    let lon = i32::try_from(i64::from(last.1).checked_add(read_signed(left)?)?).ok()?;
    *last = (lat, lon);
    Some(*last)
}
