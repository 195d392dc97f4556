//! `yiyang generate` and `yiyang demo`: a synthetic county or city.

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
};

use app::generate::{Plan, Summary, profiles};
use kit::{App, Lang, config::Config};

#[derive(clap::Args)]
pub struct GenerateArgs {
    /// 城市 | city: jilin, mianyang, chongqing, xian, panjin
    #[arg(long)]
    profile: String,
    /// 规模,1.0 为全市 | 1.0 is the whole city
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// 随机种子 | seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 数据目录 | data folder
    #[arg(long, default_value = "data")]
    data_dir: PathBuf,
    /// 数据库地址 | sqlite:FILE or postgres://…
    #[arg(long, default_value = "")]
    database_url: String,
    /// 输出格式 | text or json
    #[arg(long, default_value = "text", value_parser = ["text", "json"])]
    format: String,
}

#[derive(clap::Args)]
pub struct DemoArgs {
    /// 规模 | county (40,000 elders) or city (240,000)
    #[arg(long, default_value = "county", value_parser = ["county", "city"])]
    scale: String,
    /// 县级规模的老人数 | elders at county scale
    #[arg(long, default_value_t = 40_000)]
    elders: usize,
    /// 随机种子 | seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 数据目录 | data folder
    #[arg(long, default_value = "data/demo")]
    data_dir: PathBuf,
    /// 监听地址 | address to listen on
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// 只生成,不启动服务 | generate only
    #[arg(long)]
    generate_only: bool,
}

pub async fn generate(args: &GenerateArgs) -> Result<(), String> {
    let profile = profiles::find(&args.profile).ok_or_else(|| {
        let words: Vec<&str> = profiles::PROFILES.iter().map(|it| it.word).collect();
        format!("--profile: 没有“{0}” / no profile “{0}”: {1}", args.profile, words.join(", "))
    })?;
    if !(0.0..=10.0).contains(&args.scale) {
        return Err(format!("--scale: 应在 0 到 10 之间 / between 0 and 10, not {}", args.scale));
    }
    let config = demo_config(&args.data_dir, &args.database_url, "127.0.0.1:8080");
    let app = app::start::start(config).await?;
    let plan = Plan { profile, scale: args.scale, seed: args.seed, county: None, one_by_one: false };
    let summary = run(&app, plan).await?;
    keep_logins(&args.data_dir, &summary)?;
    if args.format == "json" {
        println!("{}", serde_json::to_string_pretty(&summary).map_err(|e| e.to_string())?);
    } else {
        say(&summary);
    }
    Ok(())
}

pub async fn demo(args: &DemoArgs) -> Result<(), String> {
    let app = app::start::start(demo_config(&args.data_dir, "", &args.listen)).await?;
    let is_new = app.db.read(|tx| tx.count("select count(*) from elder", &[])).await.map_err(|e| e.to_string())? == 0;
    if is_new {
        let profile = profiles::find("panjin").ok_or("no profile")?;
        let county = (args.scale == "county").then_some((profile.county, args.elders));
        let summary = run(&app, Plan { profile, scale: 1.0, seed: args.seed, county, one_by_one: false }).await?;
        keep_logins(&args.data_dir, &summary)?;
        say(&summary);
    }
    if args.generate_only {
        return Ok(());
    }
    show_logins(&args.data_dir)?;
    crate::serve::listen(app).await
}

/// Demonstrations need no second factor, and may show values that are marked 示例.
fn demo_config(data_dir: &Path, database_url: &str, listen: &str) -> Config {
    Config {
        data_dir: data_dir.to_path_buf(),
        database_url: database_url.to_string(),
        listen: listen.to_string(),
        demo: true,
        require_second_factor: Vec::new(),
        ..Config::default()
    }
}

async fn run(app: &App, plan: Plan) -> Result<Summary, String> {
    let is_shown = std::io::stderr().is_terminal();
    let progress = |done: usize, total: usize| {
        let percent = done * 100 / total.max(1);
        if is_shown {
            let filled = percent / 4;
            eprint!("\r[{}{}] {percent:3} %  {done}/{total}", "█".repeat(filled), "·".repeat(25 - filled));
            let _ = std::io::stderr().flush();
            if done == total {
                eprintln!();
            }
        } else if done.is_multiple_of(10_000) || done == total {
            eprintln!("{done}/{total}");
        }
    };
    app::generate::run(app, plan, progress).await.map_err(|e| e.to_string())
}

fn say(summary: &Summary) {
    let speed = summary.rows as f64 / summary.seconds.max(0.001);
    println!(
        "{} 位老人 / elders, {} 行 / rows, {:.1} s, {speed:.0} 行/秒 rows/s",
        summary.elders, summary.rows, summary.seconds
    );
}

fn logins_file(data_dir: &Path) -> PathBuf {
    data_dir.join("logins.json")
}

fn keep_logins(data_dir: &Path, summary: &Summary) -> Result<(), String> {
    let text = serde_json::to_string_pretty(&summary.logins).map_err(|e| e.to_string())?;
    std::fs::write(logins_file(data_dir), text).map_err(|e| e.to_string())
}

/// One login for each role, as the generator kept them.
fn show_logins(data_dir: &Path) -> Result<(), String> {
    let Ok(text) = std::fs::read_to_string(logins_file(data_dir)) else { return Ok(()) };
    let logins: Vec<serde_json::Value> = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    let english = Lang::from_env() == Lang::En;
    println!("{}", if english { "Logins (role, user, password):" } else { "登录(角色、登录名、密码):" });
    for it in logins {
        let text = |name: &str| it[name].as_str().unwrap_or_default().to_string();
        let role = text(if english { "role" } else { "title" });
        println!("  {:<16} {:<16} {}", text("user"), text("password"), role);
    }
    Ok(())
}
