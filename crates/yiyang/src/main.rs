//! The command line of yiyang (医养).

mod generate;
mod serve;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "yiyang",
    version,
    about = "县(市)医养结合平台 / integrated medical and elderly care for a county or city"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 启动服务 / run the server
    Serve(serve::Args),
    /// 生成一个县的示例数据并启动 / generate a synthetic county and serve it
    Demo(generate::DemoArgs),
    /// 生成一个城市的示例数据 / generate a synthetic city
    Generate(generate::GenerateArgs),
}

#[tokio::main]
async fn main() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    let result = match Cli::parse().command {
        Command::Serve(args) => serve::run(&args).await,
        Command::Demo(args) => generate::demo(&args).await,
        Command::Generate(args) => generate::generate(&args).await,
    };
    if let Err(e) = result {
        eprintln!("{e}");
        std::process::exit(1);
    }
}
