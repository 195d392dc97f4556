//! `yiyang import labs`: a laboratory's results into the health checks, with the refused rows handed back beside the file.

use std::path::PathBuf;

use app::healthcheck::labs::{self, Options, Report};
use kit::{Ask, Lang, Scope, Who, config::Config, place::NATION};

use crate::answer::{Format, print, print_json};

#[derive(clap::Args)]
pub struct Args {
    /// 文件:.csv .xlsx .xls .ods | file: .csv .xlsx .xls .ods
    file: PathBuf,
    /// 只检查,不写入 | check only, write nothing
    #[arg(long)]
    dry_run: bool,
    /// 配置文件 | configuration file
    #[arg(long)]
    config: Option<PathBuf>,
    /// 数据目录 | folder of database, keys and files
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// 数据库地址 | sqlite:FILE or postgres://…
    #[arg(long)]
    database_url: Option<String>,
    /// 结果的格式 | format of the result
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
}

pub async fn run(args: &Args) -> Result<(), String> {
    let lang = Lang::from_env();
    let book = kit::sheet::read_path(&args.file).map_err(|e| e.to_string())?;
    let mut config = args.config.as_deref().map_or(Ok(Config::default()), Config::read)?;
    if let Some(data_dir) = &args.data_dir {
        config.data_dir.clone_from(data_dir);
    }
    if let Some(url) = &args.database_url {
        config.database_url.clone_from(url);
    }
    let app = app::start::start(config).await?;
    let ask = Ask { lang, ..Ask::of(&app, Who::system(Scope::of(&app.places.tree(), NATION)), app.clock.now()) };
    let file = args.file.file_name().unwrap_or(args.file.as_os_str()).to_string_lossy().into_owned();
    let options = Options { dry_run: args.dry_run, file };
    let report = labs::import(&ask, &book, &options, |_, _| {}).await.map_err(|e| e.summary(lang).2)?;
    hand_back(args, &report, lang)?;
    match args.format {
        Format::Json => print_json(&report.plain()),
        Format::Text => print(&in_words(&report, args.dry_run, lang)),
    }
    Ok(())
}

/// Refused rows go beside the file they came from, to be mended and imported again.
fn hand_back(args: &Args, report: &Report, lang: Lang) -> Result<(), String> {
    if report.refused.is_empty() {
        return Ok(());
    }
    let mut beside = args.file.as_os_str().to_owned();
    beside.push(".errors.xlsx");
    let beside = PathBuf::from(beside);
    let bytes = report.refused_workbook().map_err(|e| e.to_string())?;
    std::fs::write(&beside, bytes).map_err(|e| format!("{}: {e}", beside.display()))?;
    match lang {
        Lang::Zh => eprintln!("未导入的行和修改办法:{}", beside.display()),
        Lang::En => eprintln!("Refused rows and how to repair them: {}", beside.display()),
    }
    Ok(())
}

fn in_words(report: &Report, dry_run: bool, lang: Lang) -> String {
    let Report { accepted, unchanged, persons, refused, .. } = report;
    let refused = refused.len();
    match (lang, dry_run) {
        (Lang::Zh, true) => format!("可以导入 {accepted} 个结果,{persons} 人;无变化 {unchanged},退回 {refused} 行"),
        (Lang::Zh, false) => format!("导入 {accepted} 个结果,{persons} 人;无变化 {unchanged},退回 {refused} 行"),
        (Lang::En, true) => {
            format!(
                "{accepted} results of {persons} people can be imported; {unchanged} unchanged, {refused} rows refused"
            )
        }
        (Lang::En, false) => {
            format!("{accepted} results of {persons} people imported; {unchanged} unchanged, {refused} rows refused")
        }
    }
}
