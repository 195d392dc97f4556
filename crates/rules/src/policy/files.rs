//! The files of a policy folder, and what each is by its place.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::Fault;
use crate::base::{Region, Text};

/// What a file of the folder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Sources,
    Regions,
    Instrument,
    Holidays,
    /// A topic of a region, by the file's name.
    Topic(Region, String),
    /// Worked cases of a region's rules or of an instrument.
    Cases,
    /// The price list of a region.
    Prices(Region),
    /// Read by others; part of the digest.
    Table,
    /// Explanations for people.
    Prose,
    /// Nobody reads it: probably a misspelt name.
    Unknown,
}

/// What the file at `path` (relative to the folder, with `/`) is.
pub(super) fn kind(path: &str) -> Kind {
    let parts: Vec<&str> = path.split('/').collect();
    let region_of = |folder: &str| folder.split_once('-').and_then(|(code, _)| code.parse().ok());
    let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
    match parts.as_slice() {
        ["sources.yaml"] => Kind::Sources,
        ["regions.yaml"] => Kind::Regions,
        ["instruments", name] if name.ends_with(".cases.yaml") => Kind::Cases,
        ["instruments", name] if name.ends_with(".yaml") => Kind::Instrument,
        [folder, name] if is_yaml => {
            let Some(region) = region_of(folder) else { return Kind::Unknown };
            match name.strip_suffix(".yaml") {
                Some("holidays") => Kind::Holidays,
                Some(stem) if stem.ends_with(".cases") => Kind::Cases,
                Some(stem) => Kind::Topic(region, stem.to_owned()),
                None => Kind::Unknown,
            }
        }
        _ if is_yaml => Kind::Unknown,
        [folder, "tariff-items.csv"] => region_of(folder).map_or(Kind::Unknown, Kind::Prices),
        _ if path.ends_with(".csv") => Kind::Table,
        _ => Kind::Prose,
    }
}

/// The text files under `dir`, as paths relative to it with `/`, sorted. Hidden files are left out.
/// What cannot be read is told with its path.
pub(super) fn gather(dir: &Path) -> Result<Vec<(String, String)>, (PathBuf, io::Error)> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let at = |error| (folder.clone(), error);
        for entry in fs::read_dir(&folder).map_err(at)? {
            let path = entry.map_err(at)?.path();
            let hidden = path.file_name().is_some_and(|it| it.to_string_lossy().starts_with('.'));
            if hidden {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "yaml" || it == "yml" || it == "csv" || it == "md") {
                let parts = path.strip_prefix(dir).expect("found under dir").components();
                let name = parts.map(|it| it.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
                let text = fs::read_to_string(&path).map_err(|error| (path, error))?;
                files.push((name, text));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Files of one folder that say the same topic of the same region: nobody could tell which holds.
pub(super) fn twice(layer: &[(String, String)]) -> Vec<Fault> {
    let mut first: BTreeMap<(Region, String), &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for (path, _) in layer {
        let (region, topic) = match kind(path) {
            Kind::Topic(region, topic) => (region, topic),
            Kind::Prices(region) => (region, "tariff-items.csv".to_owned()),
            _ => continue,
        };
        let Some(other) = first.insert((region, topic), path) else { continue };
        let zh = format!("与 {other} 是同一地区的同一主题；请合并成一个文件");
        let en = format!("is the same topic of the same region as {other}; join them into one file");
        faults.push(Fault::of_file(path, Text::new(zh, en)));
    }
    faults
}

/// SHA-256 over names and contents in the order of the names, layer by layer; prose for people does not count.
pub(super) fn digest(layers: &[Vec<(String, String)>]) -> String {
    let mut hash = Sha256::new();
    for layer in layers {
        let mut files: Vec<_> = layer.iter().filter(|(path, _)| kind(path) != Kind::Prose).collect();
        files.sort();
        for (path, text) in files {
            // Lengths first, so that no two folders give the same bytes.
            hash.update((path.len() as u64).to_be_bytes());
            hash.update(path);
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        hash.update(u64::MAX.to_be_bytes());
    }
    hex(&hash.finalize())
}

/// SHA-256 of one text, in hexadecimal.
pub(crate) fn text_digest(text: &str) -> String {
    hex(&Sha256::digest(text))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
