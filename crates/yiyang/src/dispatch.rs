//! `yiyang dispatch solve`: plans visits from a file, without a database.

use std::{
    fs,
    io::{self, Read},
    path::PathBuf,
    time::Instant,
};

use clap::{Subcommand, ValueEnum};
use dispatch::{Limits, Plan, Problem, hhcrsp};
use rules::base::{Lang, Text};
use serde::de::DeserializeOwned;

use crate::answer::{Failure, print_json};

#[derive(Subcommand)]
#[command(about = "排班派单 | Plan visits")]
pub enum Dispatch {
    Solve(Solve),
}

/// What a file of visits looks like.
#[derive(Clone, Copy, ValueEnum)]
enum Shape {
    /// The public instances of home health care routing and scheduling.
    Hhcrsp,
    /// A problem of the crate `dispatch` as JSON.
    Problem,
}

#[derive(clap::Args)]
#[command(about = "求解一个排班问题，结果写到标准输出 | Solve a problem and write the plan to standard output")]
pub struct Solve {
    #[arg(help = "问题文件（JSON），- 为标准输入 | File of the problem (JSON), - is standard input")]
    file: PathBuf,
    #[arg(long, value_enum, default_value = "problem", help = "文件的格式 | Format of the file")]
    format: Shape,
    #[arg(
        long,
        value_name = "N",
        help = "最多计算的秒数，不填则 100 个访视以内 10 秒，以上 60 秒 | Seconds to search; 10 up to 100 patients or visits, else 60"
    )]
    seconds: Option<f64>,
    #[arg(long, value_name = "S", default_value_t = 1, help = "随机种子 | Seed of chance")]
    seed: u64,
    #[arg(
        long,
        value_name = "N",
        help = "最多迭代次数；只给它时结果可重现 | Most iterations; given alone, the result can be repeated"
    )]
    iterations: Option<u64>,
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=8), help = "线程数 | Threads")]
    threads: u8,
}

impl Dispatch {
    pub fn run(self, lang: Lang) -> Result<(), Failure> {
        let Self::Solve(solve) = self;
        match solve.format {
            Shape::Hhcrsp => {
                let instance: hhcrsp::Instance = solve.read(lang)?;
                let reading = instance.read().map_err(|it| solve.wrong(&it, lang))?;
                let plan = solve.plan(&reading.problem, instance.patients.len(), lang)?;
                print_json(&instance.solution(&reading, &plan));
            }
            Shape::Problem => {
                let problem: Problem = solve.read(lang)?;
                print_json(&solve.plan(&problem, problem.visits.len(), lang)?);
            }
        }
        Ok(())
    }
}

impl Solve {
    fn read<T: DeserializeOwned>(&self, lang: Lang) -> Result<T, Failure> {
        let text = if self.file.as_os_str() == "-" {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map(|_| text)
        } else {
            fs::read_to_string(&self.file)
        };
        let name = self.file.display();
        let text = text.map_err(|error| {
            Failure::new(&Text::new(format!("读不了 {name}：{error}"), format!("cannot read {name}: {error}")), lang)
        })?;
        serde_json::from_str(&text).map_err(|error| self.wrong(&error.to_string(), lang))
    }

    fn wrong(&self, error: &str, lang: Lang) -> Failure {
        let name = self.file.display();
        let zh = format!("{name} 不是所说格式的问题：{error}");
        Failure::new(&Text::new(zh, format!("{name} is no problem of that format: {error}")), lang)
    }

    fn plan(&self, problem: &Problem, visits: usize, lang: Lang) -> Result<Plan, Failure> {
        let began = Instant::now();
        let seconds = match (self.seconds, self.iterations) {
            (Some(it), _) => it,
            (None, Some(_)) => f64::INFINITY,
            (None, None) if visits <= 100 => 10.0,
            (None, None) => 60.0,
        };
        let limits = Limits {
            seed: self.seed,
            iterations: self.iterations.unwrap_or(u64::MAX),
            threads: usize::from(self.threads),
            ..Limits::default()
        };
        dispatch::solve(problem, None, &limits, &mut |_| began.elapsed().as_secs_f64() / seconds)
            .map_err(|it| self.wrong(&it.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "), lang))
    }
}
