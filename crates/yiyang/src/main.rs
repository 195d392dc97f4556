//! The command line: each command is one file, and this is the list of them.

mod answer;
mod language;
mod policy;
mod policy_folder;
mod score;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// Help texts say it in Chinese, then in English after a bar; one of the two is shown, by LANG.
#[derive(Parser)]
#[command(name = "yiyang", version, about = "医养结合平台 | The platform for integrated medical and elderly care")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Score(score::Score),
    Policy(policy::Policy),
}

fn main() -> ExitCode {
    let lang = language::of_environment();
    let command = language::in_lang(Arguments::command(), lang);
    let Arguments { command } = Arguments::from_arg_matches(&command.get_matches()).unwrap_or_else(|it| it.exit());
    let outcome = match command {
        Command::Score(it) => it.run(lang),
        Command::Policy(it) => it.run(lang),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
