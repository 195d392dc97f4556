//! The files of a policy folder, and what each is by its place.

use std::{fs, io, path::Path};

use sha2::{Digest, Sha256};

use crate::base::Region;

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
    /// Read by others, such as price lists; part of the digest.
    Table,
    /// Explanations for people.
    Prose,
    /// Nobody reads it: probably a misspelt name.
    Unknown,
}

/// What the file at `path` (relative to the folder, with `/`) is.
pub(super) fn kind(path: &str) -> Kind {
    let parts: Vec<&str> = path.split('/').collect();
    let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
    match parts.as_slice() {
        ["sources.yaml"] => Kind::Sources,
        ["regions.yaml"] => Kind::Regions,
        ["instruments", name] if name.ends_with(".cases.yaml") => Kind::Cases,
        ["instruments", name] if name.ends_with(".yaml") => Kind::Instrument,
        [folder, name] if is_yaml => {
            let Some(region) = folder.split_once('-').and_then(|(code, _)| code.parse().ok()) else {
                return Kind::Unknown;
            };
            match name.strip_suffix(".yaml") {
                Some("holidays") => Kind::Holidays,
                Some(stem) if stem.ends_with(".cases") => Kind::Cases,
                Some(stem) => Kind::Topic(region, stem.to_owned()),
                None => Kind::Unknown,
            }
        }
        _ if is_yaml => Kind::Unknown,
        _ if path.ends_with(".csv") => Kind::Table,
        _ => Kind::Prose,
    }
}

/// The text files under `dir`, as paths relative to it with `/`, sorted. Hidden files are left out.
pub(super) fn gather(dir: &Path) -> io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let hidden = path.file_name().is_some_and(|it| it.to_string_lossy().starts_with('.'));
            if hidden {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "yaml" || it == "yml" || it == "csv" || it == "md") {
                let parts = path.strip_prefix(dir).expect("found under dir").components();
                let name = parts.map(|it| it.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
                files.push((name, fs::read_to_string(&path)?));
            }
        }
    }
    files.sort();
    Ok(files)
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
