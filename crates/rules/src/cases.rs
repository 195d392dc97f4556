//! Worked cases (`*.cases.yaml`): written by policy officers beside the files they prove, run with every test.

mod alarm;
mod bed;
mod care_plan;
mod check;
mod chronic;
mod contracting;
mod home;
mod instrument;
mod limits;
mod ltci;
mod outcome;
mod rule;
mod vaccination;
mod visit;

use crate::policy::{Faults, Library};

pub use outcome::Outcome;

/// Runs every case of the library, in the order of the files. Case files that cannot be read are faults.
pub fn run(library: &Library) -> Result<Vec<Outcome>, Faults> {
    run_files(library, library.case_files())
}

/// Runs the cases of some files, given as path and text; the folder in the path tells the region.
pub fn run_files(library: &Library, files: &[(String, String)]) -> Result<Vec<Outcome>, Faults> {
    let (mut outcomes, mut faults) = (Vec::new(), Vec::new());
    for (path, text) in files {
        let in_instruments = path.rsplit('/').nth(1) == Some("instruments");
        let run = if in_instruments { instrument::run(library, path, text) } else { rule::run(library, path, text) };
        match run {
            Ok(of_file) => outcomes.extend(of_file),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(outcomes) } else { Err(Faults(faults)) }
}

/// The cases that read a parameter: they are what proves it.
pub fn proving<'a>(outcomes: &'a [Outcome], topic: &str, param: &str) -> Vec<&'a Outcome> {
    outcomes
        .iter()
        .filter(|it| it.because.iter().any(|because| because.topic == topic && because.param == param))
        .collect()
}
