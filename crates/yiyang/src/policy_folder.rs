//! Which policy a command uses: folders named, `./policy`, or the one built in.

use std::path::{Path, PathBuf};

use rules::{base::Lang, policy::Library};
use rust_embed::RustEmbed;

use crate::answer::Failure;

/// The policy folder as it was when the program was built.
#[derive(RustEmbed)]
#[folder = "../../policy"]
struct BuiltIn;

/// Reads the folders, each laid over those before it; without any, `./policy`, and without that what is built in.
pub fn library(dirs: &[PathBuf], lang: Lang) -> Result<Library, Failure> {
    let here = PathBuf::from("policy");
    let read = match dirs {
        [] if Path::new(&here).is_dir() => Library::load(&[here]),
        [] => Library::from_files(built_in()),
        dirs => Library::load(dirs),
    };
    read.map_err(|faults| Failure::lines(faults.0.iter().map(|it| it.in_lang(lang))))
}

fn built_in() -> Vec<(String, String)> {
    let file = |path: &str| BuiltIn::get(path).map(|it| String::from_utf8_lossy(&it.data).into_owned());
    BuiltIn::iter().filter_map(|path| Some((path.to_string(), file(&path)?))).collect()
}
