//! `yiyang settle`: a month of long-term-care insurance, computed for a county or for all counties of a city.

use std::path::{Path, PathBuf};

use app::ltci::{self, Outcome};
use kit::{Ask, Scope, Who, config::Config};

use crate::answer::{Format, print, print_json};

#[derive(clap::Args)]
pub struct Args {
    #[arg(long, value_name = "R", help = "区划代码：县区或市 | Code of a county or a city")]
    region: String,
    #[arg(long, value_name = "YYYY-MM", help = "月份，如 2026-01 | The month, such as 2026-01")]
    month: String,
    #[arg(long, help = "只计算，不写草稿 | Compute only, write no draft")]
    dry_run: bool,
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with = "dry_run",
        help = "把最近一次结算写成文件，供别人复算 | Write the latest run as files from which others can compute it again"
    )]
    export: Option<PathBuf>,
    #[arg(long, value_name = "FILE", help = "配置文件 | Configuration file")]
    config: Option<PathBuf>,
    #[arg(long, value_name = "D", help = "数据目录 | Data folder")]
    data_dir: Option<PathBuf>,
    #[arg(long, value_name = "U", help = "数据库地址 | Database: sqlite:FILE or postgres://…")]
    database_url: Option<String>,
    #[arg(long, value_enum, default_value = "text", help = "输出格式 | Output format")]
    format: Format,
}

pub async fn run(args: &Args) -> Result<(), String> {
    let mut config = args.config.as_deref().map_or(Ok(Config::default()), Config::read)?;
    if let Some(data_dir) = &args.data_dir {
        config.data_dir.clone_from(data_dir);
    }
    if let Some(url) = &args.database_url {
        config.database_url.clone_from(url);
    }
    let app = app::start::start(config).await?;
    let tree = app.places.tree();
    let counties = if tree.get(&args.region).is_some() { tree.counties(&args.region) } else { Vec::new() };
    if counties.is_empty() {
        return Err(format!("--region: 没有县区或市“{0}” / there is no county or city “{0}”", args.region));
    }
    let ask = Ask::of(&app, Who::system(Scope::of(&tree, &args.region)), app.clock.now());
    let mut all: Vec<Outcome> = Vec::new();
    for county in &counties {
        // With files wanted of a month that is settled already, nothing is computed anew.
        let done = ltci::settle_month(&ask, county, &args.month, args.dry_run || args.export.is_some());
        all.push(done.await.map_err(|e| e.to_string())?);
    }
    if let Some(folder) = &args.export {
        for outcome in &mut all {
            export(&ask, outcome, folder, counties.len() == 1).await?;
        }
    }
    match args.format {
        Format::Json => print_json(&all),
        Format::Text => all.iter().for_each(|it| print(&line(it))),
    }
    Ok(())
}

fn line(it: &Outcome) -> String {
    let (totals, yuan) = (&it.totals, |fen: i64| format!("{}.{:02}", fen / 100, fen % 100));
    format!(
        "{} {} {}: {} 人 / persons, {} 条 / lines, 申报 / claimed {}, 基金 / fund {}, 个人 / person {}, 机构 / provider {}, \
         待定 / undecided {}, 加成 / bonus {} ({})",
        it.region,
        it.name,
        it.month,
        totals.persons,
        totals.lines,
        yuan(totals.claimed),
        yuan(totals.fund),
        yuan(totals.person),
        yuan(totals.provider),
        yuan(totals.pending),
        yuan(totals.bonus),
        &it.digest[..12],
    )
}

/// Writes the files of the latest run; where there is none yet, of a draft that is made for it.
async fn export(ask: &Ask, outcome: &mut Outcome, folder: &Path, is_only: bool) -> Result<(), String> {
    let (region, month) = (outcome.region.clone(), outcome.month.clone());
    let latest = {
        let (region, month) = (region.clone(), month.clone());
        ask.read(move |tx, _| ltci::latest_run(tx, &region, &month)).await.map_err(|e| e.to_string())?
    };
    if latest.is_none() {
        *outcome = ltci::settle_month(ask, &region, &month, false).await.map_err(|e| e.to_string())?;
    }
    let county = region.clone();
    let files = ask.read(move |tx, _| {
        let latest = ltci::latest_run(tx, &county, &month)?;
        latest.map_or(Ok(Vec::new()), |it| ltci::export_files(tx, &it))
    });
    let files = files.await.map_err(|e| e.to_string())?;
    let folder = if is_only { folder.to_path_buf() } else { folder.join(&region) };
    let failed = |e: std::io::Error| format!("{}: {e}", folder.display());
    std::fs::create_dir_all(&folder).map_err(failed)?;
    for (name, content) in files {
        std::fs::write(folder.join(name), content).map_err(failed)?;
    }
    Ok(())
}
