//! Reads an extract of OpenStreetMap (`.osm.pbf`) block by block: its ways, then its nodes.

use std::{fmt, io::Read};

use flate2::read::ZlibDecoder;
use prost::Message;

use crate::messages::{Blob, BlobHeader, Block, Header, Strings};

/// The most bytes a header of a blob may have, by the format.
const HEADER_MAX: usize = 64 * 1024;
/// The most bytes a blob may have, packed or unpacked, by the format.
const BLOB_MAX: usize = 32 * 1024 * 1024;
/// What a reader must know to read the file rightly; these two are known here.
const KNOWN: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bad {
    /// It ends in the middle, after so many bytes.
    Short(usize),
    /// What stands at this byte is not of the format.
    Garbled { at: usize, why: String },
    /// It asks of its readers what this one does not know.
    Needs(String),
    /// There is no road in it.
    NoRoad,
    /// It is no file of ours, or of another edition.
    Foreign,
    /// Its digest is not that of its content.
    Damaged,
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bad::Short(at) => write!(f, "the file ends in the middle, after {at} bytes; fetch it again"),
            Bad::Garbled { at, why } => {
                write!(f, "what stands at byte {at} is not OpenStreetMap PBF ({why}); fetch it again")
            }
            Bad::Needs(what) => write!(f, "the file needs a reader that knows {what}; take an extract without it"),
            Bad::NoRoad => write!(f, "there is no road in the file"),
            Bad::Foreign => write!(f, "this is no file of roads of this edition; make it anew from the extract"),
            Bad::Damaged => write!(f, "the file of roads is damaged; make it anew from the extract"),
        }
    }
}

impl std::error::Error for Bad {}

/// The tags of one thing, in the order of the file.
pub struct Tags<'a> {
    strings: &'a [Vec<u8>],
    pairs: Vec<(usize, usize)>,
}

impl<'a> Tags<'a> {
    fn of(strings: &'a [Vec<u8>], keys: &[u32], values: &[u32]) -> Tags<'a> {
        Tags { strings, pairs: keys.iter().zip(values).map(|(k, v)| (*k as usize, *v as usize)).collect() }
    }

    /// The value of a key; none where it is missing or no text.
    pub fn get(&self, key: &str) -> Option<&'a str> {
        let text = |it: usize| self.strings.get(it).and_then(|bytes| std::str::from_utf8(bytes).ok());
        self.pairs.iter().find(|(k, _)| text(*k) == Some(key)).and_then(|(_, v)| text(*v))
    }

    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

/// Calls `each` with every block of data.
fn blocks(file: &[u8], mut each: impl FnMut(&Block)) -> Result<(), Bad> {
    let mut at = 0;
    while at < file.len() {
        let start = at;
        let garbled = |why: &dyn fmt::Display| Bad::Garbled { at: start, why: why.to_string() };
        let size = take(file, &mut at, 4)?.iter().fold(0usize, |sum, it| sum << 8 | usize::from(*it));
        if size > HEADER_MAX {
            return Err(garbled(&"a header too long"));
        }
        let header = BlobHeader::decode(take(file, &mut at, size)?).map_err(|e| garbled(&e))?;
        let size = usize::try_from(header.size).ok().filter(|it| *it <= BLOB_MAX);
        let size = size.ok_or_else(|| garbled(&"a block too long"))?;
        let blob = Blob::decode(take(file, &mut at, size)?).map_err(|e| garbled(&e))?;
        let data = match blob {
            Blob { raw: Some(raw), .. } => raw,
            Blob { zlib: Some(zlib), .. } => {
                let mut data = Vec::new();
                let most = BLOB_MAX as u64 + 1;
                ZlibDecoder::new(&zlib[..]).take(most).read_to_end(&mut data).map_err(|e| garbled(&e))?;
                data
            }
            _ => return Err(Bad::Needs("another packing than zlib".to_owned())),
        };
        if data.len() > BLOB_MAX {
            return Err(garbled(&"a block too long"));
        }
        match header.kind.as_str() {
            "OSMHeader" => {
                let header = Header::decode(&data[..]).map_err(|e| garbled(&e))?;
                if let Some(what) = header.required.iter().find(|it| !KNOWN.contains(&it.as_str())) {
                    return Err(Bad::Needs(what.clone()));
                }
            }
            "OSMData" => each(&Block::decode(&data[..]).map_err(|e| garbled(&e))?),
            _ => {}
        }
    }
    Ok(())
}

fn take<'a>(file: &'a [u8], at: &mut usize, size: usize) -> Result<&'a [u8], Bad> {
    let bytes = at.checked_add(size).and_then(|end| file.get(*at..end)).ok_or(Bad::Short(file.len()))?;
    *at += size;
    Ok(bytes)
}

fn strings(block: &Block) -> &[Vec<u8>] {
    block.strings.as_ref().map_or(&[], |Strings { all }| all)
}

/// Calls `each` with tags and nodes of every way.
pub fn ways(file: &[u8], mut each: impl FnMut(&Tags<'_>, &[i64])) -> Result<(), Bad> {
    let mut nodes = Vec::new();
    blocks(file, |block| {
        for way in block.groups.iter().flat_map(|it| &it.ways) {
            nodes.clear();
            nodes.extend(way.nodes.iter().scan(0i64, |id, step| {
                *id = id.wrapping_add(*step);
                Some(*id)
            }));
            each(&Tags::of(strings(block), &way.keys, &way.values), &nodes);
        }
    })
}

/// Calls `each` with id, latitude, longitude (both in 10⁻⁷ degrees) and tags of every node that lies on the earth.
pub fn nodes(file: &[u8], mut each: impl FnMut(i64, i32, i32, &Tags<'_>)) -> Result<(), Bad> {
    blocks(file, |block| {
        let step = i64::from(block.granularity.unwrap_or(100));
        let mut one = |id: i64, lat: i64, lon: i64, tags: &Tags<'_>| {
            let lat = degrees(block.lat_offset, step, lat, 90);
            let lon = degrees(block.lon_offset, step, lon, 180);
            if let (Some(lat), Some(lon)) = (lat, lon) {
                each(id, lat, lon, tags);
            }
        };
        for group in &block.groups {
            for it in &group.nodes {
                one(it.id, it.lat, it.lon, &Tags::of(strings(block), &it.keys, &it.values));
            }
            let Some(dense) = &group.dense else { continue };
            let (mut id, mut lat, mut lon) = (0i64, 0i64, 0i64);
            let mut left = dense.tags.iter();
            let mut tags = Tags { strings: strings(block), pairs: Vec::new() };
            for ((more_id, more_lat), more_lon) in dense.ids.iter().zip(&dense.lat).zip(&dense.lon) {
                (id, lat, lon) = (id.wrapping_add(*more_id), lat.wrapping_add(*more_lat), lon.wrapping_add(*more_lon));
                tags.pairs.clear();
                while let Some(key) = left.next().filter(|it| **it != 0) {
                    let place = |it: i32| usize::try_from(it).unwrap_or(usize::MAX);
                    tags.pairs.push((place(*key), left.next().map_or(usize::MAX, |it| place(*it))));
                }
                one(id, lat, lon, &tags);
            }
        }
    })
}

/// Steps of the block as 10⁻⁷ degrees; none where that is not on the earth.
fn degrees(offset: i64, step: i64, value: i64, most: i64) -> Option<i32> {
    let billionths = value.checked_mul(step)?.checked_add(offset)?;
    let tenths = billionths / 100;
    (tenths.abs() <= most * 10_000_000).then(|| i32::try_from(tenths).ok()).flatten()
}
