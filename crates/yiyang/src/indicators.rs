//! `yiyang indicators`: every indicator of a region on a day, or the persons behind one.

use std::path::PathBuf;

use app::indicators::{self, Asked, Figure, Shown};
use kit::{
    App, Ask, Lang, Scope, Who,
    config::Config,
    tally::{Indicator, Part},
};
use rules::base::Date;
use serde_json::Value;

use crate::answer::{Format, print, print_json};

#[derive(clap::Args)]
pub struct Args {
    #[arg(
        long,
        value_name = "R",
        help = "区划代码：省、市、县、乡镇或村 | Code of a province, city, county, street or village"
    )]
    region: String,
    #[arg(
        long,
        value_name = "DAY",
        help = "哪一天，如 2025-12-31；不写为今天 | The day, such as 2025-12-31; today without it"
    )]
    on: Option<String>,
    #[arg(long, value_name = "ID", help = "只要这一个指标 | Only this indicator")]
    id: Option<String>,
    #[arg(long, requires = "id", help = "连同名单：计入的与未计入的 | With the persons: those counted and those not")]
    persons: bool,
    #[arg(long, value_name = "D", default_value = "data", help = "数据目录 | Data folder")]
    data_dir: PathBuf,
    #[arg(
        long,
        value_name = "U",
        default_value = "",
        help = "数据库地址：sqlite:文件 或 postgres://… | Database: sqlite:FILE or postgres://…"
    )]
    database_url: String,
    #[arg(long, value_enum, default_value = "text", help = "输出格式 | Output format")]
    format: Format,
}

pub async fn run(args: &Args) -> Result<(), String> {
    let config = Config {
        data_dir: args.data_dir.clone(),
        database_url: args.database_url.clone(),
        demo: true,
        ..Config::default()
    };
    let app = app::start::start(config).await?;
    let asked = asked(&app, args)?;
    let mut wanted = indicators::all(&app, &asked.region(&app), asked.day);
    if let Some(id) = &args.id {
        wanted.retain(|it| it.id == *id);
        if wanted.is_empty() {
            return Err(format!("--id: 没有指标“{id}” / there is no indicator “{id}”"));
        }
    }
    let for_query = asked.clone();
    let figures: Vec<(&'static Indicator, Figure)> = app
        .db
        .read(move |tx| {
            let at = for_query.at();
            wanted.into_iter().map(|it| Ok((it, indicators::read(tx, it, &at, for_query.day)?))).collect()
        })
        .await
        .map_err(|e| e.to_string())?;
    let mut items: Vec<Value> = figures.iter().map(|(it, figure)| indicators::item(&app, it, &asked, figure)).collect();
    if args.persons {
        for (item, (it, _)) in items.iter_mut().zip(&figures) {
            item["persons"] = Value::Array(persons(&app, &asked, it).await.map_err(|e| e.to_string())?);
        }
    }
    match args.format {
        Format::Json => print_json(&items),
        Format::Text => {
            for (it, figure) in &figures {
                print(&line(it, figure));
            }
            for person in items.iter().filter_map(|it| it["persons"].as_array()).flatten() {
                let text = |name: &str| person[name].as_str().unwrap_or_default().to_string();
                print(&format!("  {} {} {} {}", text("part"), text("name"), text("place"), text("why")));
            }
        }
    }
    Ok(())
}

fn asked(app: &App, args: &Args) -> Result<Asked, String> {
    let tree = app.places.tree();
    if tree.get(&args.region).is_none() {
        return Err(format!("--region: 没有区划“{0}” / there is no place “{0}”", args.region));
    }
    let day: Date = match &args.on {
        Some(text) => text.parse().map_err(|e| format!("--on: {e}"))?,
        None => app.clock.today(),
    };
    Ok(Asked { place: args.region.clone(), scope: Scope::of(&tree, &args.region), day })
}

fn line(it: &Indicator, figure: &Figure) -> String {
    let lang = Lang::from_env();
    let shown = Shown::of(lang, it, figure);
    let parts = figure.denominator.map_or(String::new(), |whole| format!("  ({}/{whole})", figure.numerator));
    format!("{:<28} {} {}{parts}  {}", it.id, shown.value, shown.unit, lang.t(it.title))
}

/// Everybody counted, then everybody who is not, with the reason.
async fn persons(app: &App, asked: &Asked, it: &'static Indicator) -> kit::Result<Vec<Value>> {
    let ask = Ask::of(app, Who::system(asked.scope.clone()), app.clock.now());
    let asked = asked.clone();
    ask.read(move |tx, ask| {
        let mut all = Vec::new();
        for (word, part) in [("counted", Part::Counted), ("missing", Part::Missing)] {
            for mut person in indicators::persons(tx, ask, it, part, &asked)? {
                person["part"] = word.into();
                all.push(person);
            }
        }
        Ok(all)
    })
    .await
}
