//! `yiyang migrate`: brings the schema up to date, as a start of the server does.

use app::MIGRATIONS;
use kit::Db;
use serde_json::json;

use super::House;

#[derive(clap::Args)]
pub struct Args {
    /// 只显示将要执行的迁移 | only show what would run
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    house: House,
}

pub async fn run(args: Args) -> Result<(), String> {
    let config = args.house.config()?;
    if config.database_url.is_empty() {
        config.make_data_dir()?;
    }
    let db = Db::open(&config.database_url()).await?;
    let names: Vec<&str> = match args.dry_run {
        true => db.pending(MIGRATIONS).await?.missing,
        false => db.migrate(MIGRATIONS).await?,
    };
    let list = names.join(", ");
    let (zh, en) = match (names.len(), args.dry_run) {
        (0, _) => ("数据库结构已是最新。".to_string(), "The schema is up to date.".to_string()),
        (n, true) => (format!("将执行 {n} 个迁移:{list}"), format!("{n} migrations would run: {list}")),
        (n, false) => (format!("已执行 {n} 个迁移:{list}"), format!("{n} migrations ran: {list}")),
    };
    args.house.say(&json!({"migrations": names, "dry_run": args.dry_run}), &zh, &en);
    Ok(())
}
