//! `yiyang import`: a spreadsheet into the registry, row by row, with the refused rows handed back beside it.

mod sheet;

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
};

use app::elders::{
    import::{self, Because, Guess, Options, Outcome},
    ledger::{self, Reason},
};
use kit::{App, Ask, Lang, Scope, Who, config::Config, place::NATION, sheet::Book};

use crate::{
    answer::{Format, print, print_json},
    labs,
    operation::regions,
};

/// What is imported.
#[derive(clap::Subcommand)]
pub enum Command {
    /// 老人台账 | A ledger of elders
    Elders(Args),
    /// 化验结果 | Results of a laboratory
    Labs(labs::Args),
    /// 机构 | Institutions
    Institutions(Args),
    /// 人员 | Staff
    Staff(Args),
    /// 长护险申报明细 | Claims of long-term-care insurance
    Claims(Args),
    /// 区划 | Places
    Regions(regions::Args),
}

impl Command {
    pub async fn run(self) -> Result<(), String> {
        match self {
            Command::Elders(args) => run(&args).await,
            Command::Labs(args) => labs::run(&args).await,
            Command::Institutions(args) => sheet::run(&args, &app::institutions::import::INSTITUTIONS).await,
            Command::Staff(args) => sheet::run(&args, &app::workforce::import::STAFF).await,
            Command::Claims(args) => sheet::run(&args, &app::ltci::CLAIMS).await,
            Command::Regions(args) => regions::run(args).await,
        }
    }
}

#[derive(clap::Args)]
pub struct Args {
    /// 文件:.xlsx .xls .ods .csv | file: .xlsx .xls .ods .csv
    pub file: PathBuf,
    /// 只检查,不写入 | check only, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// 没有写明地名的登记到的县区、街镇或村代码 | code of the county, street or village of rows that name none
    #[arg(long, value_name = "CODE")]
    pub place: Option<String>,
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
    pub format: Format,
}

async fn run(args: &Args) -> Result<(), String> {
    let lang = Lang::from_env();
    let book = kit::sheet::read_path(&args.file).map_err(|e| e.to_string())?;
    let app = app::start::start(config(args)?).await?;
    let ask = Ask { lang, ..Ask::of(&app, Who::system(Scope::of(&app.places.tree(), NATION)), app.clock.now()) };
    let reading = ledger::Options::on(ask.today().civil());
    let place = place(args, &app, &ask, &book, &reading).await?;
    let file = args.file.file_name().unwrap_or(args.file.as_os_str()).to_string_lossy().into_owned();
    let options = Options { place, dry_run: args.dry_run, source: format!("ledger {file}"), reading, job: None };
    let outcome = import::run(&ask, &book, &options, progress()).await.map_err(|e| e.to_string())?;
    for notice in &outcome.notices {
        eprintln!("{}", notice.text(lang));
    }
    if outcome.headers.is_empty() {
        let name = args.file.display();
        return Err(format!("“{name}”中没有可以导入的工作表。 “{name}” has no sheet that can be imported."));
    }
    if !args.dry_run {
        import::note(&ask, &options, &file, &outcome).await.map_err(|e| e.to_string())?;
    }
    hand_back(&args.file, &outcome, lang)?;
    match args.format {
        Format::Json => print_json(&outcome.report),
        Format::Text => print(&in_words(&outcome, args.dry_run, lang)),
    }
    Ok(())
}

pub fn config(args: &Args) -> Result<Config, String> {
    let mut config = args.config.as_deref().map_or(Ok(Config::default()), Config::read)?;
    if let Some(data_dir) = &args.data_dir {
        config.data_dir.clone_from(data_dir);
    }
    if let Some(url) = &args.database_url {
        config.database_url.clone_from(url);
    }
    Ok(config)
}

/// The place of the command line, or a county that is found out and told.
async fn place(args: &Args, app: &App, ask: &Ask, book: &Book, reading: &ledger::Options) -> Result<String, String> {
    let tree = app.places.tree();
    if let Some(code) = &args.place {
        return match tree.county_of(code) {
            Some(_) => Ok(code.clone()),
            None => Err(format!("--place: “{code}”不是县区、街镇或村的代码 / no code of a county, street or village")),
        };
    }
    let file = args.file.file_name().unwrap_or_default().to_string_lossy();
    let (county, because) = match import::county(ask, book, reading, &file).await.map_err(|e| e.to_string())? {
        Guess::County(county, because) => (county, because),
        Guess::Nowhere => return Err("没有任何地区,请先导入地区 / no places are known: import regions first".into()),
        Guess::Ask(counties) => {
            let all: Vec<String> = counties.iter().map(|it| format!("{it} {}", tree.full_name(it))).collect();
            return Err(format!(
                "不能确定是哪个县区的台账,请用 --place 指明 / it is not clear which county this ledger is of, say --place:\n{}",
                all.join("\n")
            ));
        }
    };
    let (zh, en) = match because {
        Because::Named => ("文件写明的县区或乡镇", "the county or town that the file names"),
        Because::NamesFit => ("地名相符的县区", "the county whose villages the file names"),
        Because::OnlyOneInUse => ("唯一在用的县区", "the only county in use"),
        Because::Unsure => (
            "表中地名不能确定县区,名册又是空的;如不对,请用 --place 指明",
            "the names in the file do not tell the county and the register is empty; if this is wrong, say --place",
        ),
    };
    let name = tree.full_name(&county);
    eprintln!("没有 --place,导入到 / imported into: {county} {name} ({zh} / {en})");
    Ok(county)
}

fn progress() -> impl FnMut(usize, usize) + Send {
    let is_shown = std::io::stderr().is_terminal();
    move |done, total| {
        if is_shown {
            eprint!("\r{done}/{total}");
            let _ = std::io::stderr().flush();
            if done == total {
                eprintln!();
            }
        } else if done.is_multiple_of(10_000) {
            eprintln!("{done}/{total}");
        }
    }
}

/// Refused rows go beside the file they came from, to be mended and imported again.
fn hand_back(file: &Path, outcome: &Outcome, lang: Lang) -> Result<(), String> {
    if outcome.report.refused.is_empty() {
        return Ok(());
    }
    let mut beside = file.as_os_str().to_owned();
    beside.push(".errors.xlsx");
    let beside = PathBuf::from(beside);
    let bytes = outcome.report.refused_workbook().map_err(|e| e.to_string())?;
    if let Err(e) = std::fs::write(&beside, bytes) {
        // The folder may be one for reading only; what came of the import is said all the same.
        eprintln!("未能写出未导入的行 / the refused rows could not be written: {}: {e}", beside.display());
        return Ok(());
    }
    match lang {
        Lang::Zh => eprintln!("未导入的行和修改办法:{}", beside.display()),
        Lang::En => eprintln!("Refused rows and how to repair them: {}", beside.display()),
    }
    Ok(())
}

fn in_words(outcome: &Outcome, dry_run: bool, lang: Lang) -> String {
    let report = &outcome.report;
    let counts = [report.accepted, report.same_person_again, report.unchanged, report.refused.len()];
    let [accepted, again, unchanged, refused] = counts;
    let said = |it: Reason| if lang == Lang::Zh { it.zh() } else { it.en() };
    let mut lines = vec![match lang {
        Lang::Zh => format!(
            "{}{accepted} 人,同一人重复 {again} 行,无变化 {unchanged} 人,未导入 {refused} 行",
            if dry_run { "检查通过(未写入)" } else { "导入 " }
        ),
        Lang::En => format!(
            "{}{accepted}, same person again {again}, unchanged {unchanged}, refused {refused}",
            if dry_run { "checked, nothing written: accepted " } else { "accepted " }
        ),
    }];
    for it in &report.refused {
        let repair = if lang == Lang::Zh { it.reason.repair_zh() } else { it.reason.repair_en() };
        lines.push(format!("✗ {} {} {}: {} {repair}", it.sheet, it.row, it.column, said(it.reason)));
    }
    lines.extend(
        report.warnings.iter().map(|it| format!("! {} {} {}: {}", it.sheet, it.row, it.column, said(it.reason))),
    );
    lines.join("\n")
}
