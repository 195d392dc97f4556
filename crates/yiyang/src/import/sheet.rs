//! A sheet that comes in row by row through the form of a page: institutions, staff.

use std::path::{Path, PathBuf};

use kit::{
    Ask, Lang, Scope, Who,
    import::{Import, Report},
    place::NATION,
};

use super::{Args, config};
use crate::answer::{Format, print, print_json};

pub async fn run(args: &Args, import: &'static Import) -> Result<(), String> {
    let lang = Lang::from_env();
    let book = kit::sheet::read_path(&args.file).map_err(|e| e.to_string())?;
    let app = app::start::start(config(args)?).await?;
    let tree = app.places.tree();
    let ask = Ask { lang, ..Ask::of(&app, Who::system(Scope::of(&tree, NATION)), app.clock.now()) };
    let place = match &args.place {
        Some(code) if tree.county_of(code).is_some() => code.clone(),
        Some(code) => {
            return Err(format!("--place: “{code}”不是县区、街镇或村的代码 / no code of a county, street or village"));
        }
        None => only_county(&ask).await?,
    };
    let file = args.file.file_name().unwrap_or(args.file.as_os_str()).to_string_lossy().into_owned();
    let done = kit::import::run(&ask, &book, import, &place, &format!("import {file}"), args.dry_run).await;
    let report = done.map_err(|e| e.to_string())?;
    for it in &report.warnings {
        eprintln!("{} {}: {}", it.sheet, it.column, it.reason);
    }
    hand_back(&args.file, &report, lang)?;
    match args.format {
        Format::Json => print_json(&report),
        Format::Text => print(&in_words(&report, args.dry_run, lang)),
    }
    Ok(())
}

/// Without `--place` the one county that has an organisation; of several one has to be named.
async fn only_county(ask: &Ask) -> Result<String, String> {
    let counties = ask.read(|tx, _| {
        tx.rows("select distinct region from organisation order by region limit 2", &[], |row| row.get::<String>(0))
    });
    let used = counties.await.map_err(|e| e.to_string())?;
    let tree = ask.app.places.tree();
    match (&used[..], &tree.counties(NATION)[..]) {
        ([one], _) | ([], [one]) => {
            eprintln!("没有 --place,导入到 / imported into: {one} {}", tree.full_name(one));
            Ok(one.clone())
        }
        _ => Err("请用 --place 指明县区、街镇或村的代码 / name the county, street or village with --place".into()),
    }
}

/// Refused rows go beside the file they came from, to be mended and imported again.
fn hand_back(file: &Path, report: &Report, lang: Lang) -> Result<(), String> {
    if report.refused.is_empty() {
        return Ok(());
    }
    let mut beside = file.as_os_str().to_owned();
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
    let [accepted, unchanged, refused] = [report.accepted, report.unchanged, report.refused.len()];
    let mut lines = vec![match lang {
        Lang::Zh => format!(
            "{}{accepted} 行,无变化 {unchanged} 行,未导入 {refused} 行",
            if dry_run { "检查通过(未写入)" } else { "导入 " }
        ),
        Lang::En => format!(
            "{}{accepted}, unchanged {unchanged}, refused {refused}",
            if dry_run { "checked, nothing written: accepted " } else { "accepted " }
        ),
    }];
    lines.extend(report.refused.iter().map(|it| format!("✗ {} {} {}: {}", it.sheet, it.row, it.column, it.reason)));
    lines.join("\n")
}
