//! Extracts drawn by hand: nodes on a square grid of hundredths of a degree near Panjin, and ways through them.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use prost::Message;

use crate::{
    Bus, Car, GreatCircle, Pace, Place, Roads, Travel,
    messages::{Blob, BlobHeader, Block, Dense, Group, Header, Strings, Way},
};

type Tags<'a> = &'a [(&'a str, &'a str)];

/// What is drawn: nodes by their number with tags, ways with the numbers of their nodes.
#[derive(Default)]
pub struct Drawing {
    strings: Vec<String>,
    nodes: Vec<(i64, Place, Vec<i32>)>,
    ways: Vec<Way>,
}

/// The place at a column and row of the grid, some 85 and 111 metres apart.
pub fn at(column: f64, row: f64) -> Place {
    Place { lat: 41.0 + row / 1000.0, lon: 122.0 + column / 1000.0 }
}

impl Drawing {
    pub fn new() -> Drawing {
        Drawing { strings: vec![String::new()], ..Drawing::default() }
    }

    pub fn node(self, id: i64, column: f64, row: f64) -> Drawing {
        self.tagged(id, column, row, &[])
    }

    pub fn tagged(mut self, id: i64, column: f64, row: f64, tags: Tags<'_>) -> Drawing {
        let tags = tags.iter().flat_map(|(k, v)| [self.string(k) as i32, self.string(v) as i32]).collect();
        self.nodes.push((id, at(column, row), tags));
        self
    }

    pub fn way(mut self, nodes: &[i64], tags: Tags<'_>) -> Drawing {
        let (keys, values) = tags.iter().map(|(k, v)| (self.string(k), self.string(v))).unzip();
        let steps = nodes.iter().scan(0, |last, id| Some(id - std::mem::replace(last, *id))).collect();
        self.ways.push(Way { id: self.ways.len() as i64, keys, values, nodes: steps });
        self
    }

    fn string(&mut self, text: &str) -> u32 {
        let found = self.strings.iter().position(|it| it == text);
        found.unwrap_or_else(|| {
            self.strings.push(text.to_owned());
            self.strings.len() - 1
        }) as u32
    }

    /// The extract as a file.
    pub fn file(self) -> Vec<u8> {
        let mut dense = Dense::default();
        let mut last = (0, 0, 0);
        for (id, place, tags) in &self.nodes {
            let here = (*id, (place.lat * 1e7).round() as i64, (place.lon * 1e7).round() as i64);
            dense.ids.push(here.0 - last.0);
            dense.lat.push(here.1 - last.1);
            dense.lon.push(here.2 - last.2);
            dense.tags.extend(tags);
            dense.tags.push(0);
            last = here;
        }
        let strings = Strings { all: self.strings.into_iter().map(String::into_bytes).collect() };
        let groups =
            vec![Group { dense: Some(dense), ..Group::default() }, Group { ways: self.ways, ..Group::default() }];
        let block = Block { strings: Some(strings), groups, ..Block::default() };
        let header = Header { required: vec!["OsmSchema-V0.6".to_owned(), "DenseNodes".to_owned()] };
        let mut file = blob("OSMHeader", &header.encode_to_vec());
        file.extend(blob("OSMData", &block.encode_to_vec()));
        file
    }

    pub fn travel(self) -> Travel {
        Travel::new(Some(Roads::read(&self.file()).unwrap()), pace()).unwrap()
    }
}

pub fn blob(kind: &str, data: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(data).unwrap();
    let blob = Blob { raw: None, zlib: Some(packed.finish().unwrap()) }.encode_to_vec();
    let header = BlobHeader { kind: kind.to_owned(), size: blob.len() as i32 }.encode_to_vec();
    [&(header.len() as u32).to_be_bytes()[..], &header, &blob].concat()
}

/// Round speeds: 3.6 km/h on foot is a metre a second.
pub fn pace() -> Pace {
    Pace {
        walk: 3.6,
        steps: 1.8,
        cycle: 14.4,
        ferry: 7.2,
        car: Car {
            motorway: 90.0,
            trunk: 72.0,
            primary: 54.0,
            secondary: 45.0,
            tertiary: 36.0,
            unclassified: 36.0,
            residential: 18.0,
            service: 10.8,
            track: 7.2,
            of_limit: 0.8,
        },
        bus: Bus { wait_seconds: 300, speed: 18.0 },
        great_circle: GreatCircle { factor: 1.5, walk: 3.6, cycle: 14.4, bus: 10.8, car: 18.0 },
        snap_m: 300,
        reach_seconds: 7200,
    }
}
