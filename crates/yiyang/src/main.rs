//! The command line: each command is one file, and this is the list of them.

mod answer;
mod dispatch;
mod generate;
mod import;
mod indicators;
mod labs;
mod language;
mod operation;
mod policy;
mod policy_folder;
mod roads;
mod score;
mod serve;
mod settle;

use std::{
    future::Future,
    io::{self, Write},
    process::ExitCode,
};

use answer::Failure;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// Pages, rows and reasons are made of many small strings.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Help texts say it in Chinese, then in English after a bar; one of the two is shown, by LANG.
#[derive(Parser)]
#[command(name = "yiyang", version, about = "医养结合平台 | The platform for integrated medical and elderly care")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 启动服务 | Run the server
    Serve(serve::Args),
    /// 生成一个县的示例数据并启动 | Generate a synthetic county and serve it
    Demo(generate::DemoArgs),
    /// 生成一个城市的示例数据 | Generate a synthetic city
    Generate(generate::GenerateArgs),
    /// 导入表格 | Import a spreadsheet
    #[command(subcommand)]
    Import(import::Command),
    /// 指标及其名单 | Indicators, and the persons behind them
    Indicators(indicators::Args),
    /// 结算一个月的长护险 | Settle a month of long-term-care insurance
    Settle(settle::Args),
    #[command(subcommand)]
    Dispatch(dispatch::Dispatch),
    Score(score::Score),
    Policy(policy::Policy),
    Roads(roads::Roads),
    #[command(flatten)]
    Operation(operation::Operation),
}

fn main() -> ExitCode {
    let lang = language::of_environment();
    let command = language::in_lang(Arguments::command(), lang);
    let Arguments { command } = Arguments::from_arg_matches(&command.get_matches()).unwrap_or_else(|it| it.exit());
    let outcome = match command {
        Command::Serve(args) => wait(serve::run(&args)),
        Command::Demo(args) => wait(generate::demo(&args)),
        Command::Generate(args) => wait(generate::generate(&args)),
        Command::Import(it) => wait(it.run()),
        Command::Indicators(args) => wait(indicators::run(&args)),
        Command::Settle(args) => wait(settle::run(&args)),
        Command::Dispatch(it) => it.run(lang),
        Command::Score(it) => it.run(lang),
        Command::Policy(it) => it.run(lang),
        Command::Roads(it) => it.run(lang),
        Command::Operation(it) => wait(operation::run(it)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "{failure}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a command that needs the database, with a log on the error stream.
fn wait(work: impl Future<Output = Result<(), String>>) -> Result<(), Failure> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(io::stderr).init();
    let runtime = tokio::runtime::Runtime::new().map_err(|e| Failure::lines([e.to_string()]))?;
    runtime.block_on(work).map_err(|e| Failure::lines([e]))
}
