//! Which policy a command uses: folders named, `./policy`, or the one built in.

use std::path::{Path, PathBuf};

use rules::{base::Lang, policy::Library};

use crate::answer::Failure;

/// Reads the folders, each laid over those before it; without any, `./policy`, and without that what is built in.
pub fn library(dirs: &[PathBuf], lang: Lang) -> Result<Library, Failure> {
    let here = PathBuf::from("policy");
    let read = match dirs {
        [] if Path::new(&here).is_dir() => Library::load(&[here]),
        [] => Library::from_files(app::policy_files::built_in()),
        dirs => Library::load(dirs),
    };
    read.map_err(|faults| Failure::lines(faults.0.iter().map(|it| it.in_lang(lang))))
}
