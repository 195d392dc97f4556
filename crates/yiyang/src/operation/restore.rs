//! `yiyang restore FILE`: into an empty installation, or over another one when told so. The server must not run meanwhile.

use std::path::PathBuf;

use app::MIGRATIONS;
use kit::{Db, backup, clock::Clock, crypt::Crypt, files::Files};
use serde_json::json;

use super::House;

#[derive(clap::Args)]
pub struct Args {
    /// 备份文件 | the backup
    file: PathBuf,
    /// 覆盖已有数据 | replace the data that is there
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    house: House,
}

pub async fn run(args: Args) -> Result<(), String> {
    let config = args.house.config()?;
    // The key file is put in place before; without it the backup's sealed columns stay closed.
    let crypt = Crypt::open(config.key_file()).map_err(|e| e.to_string())?;
    config.make_data_dir()?;
    let db = Db::open(&config.database_url()).await?;
    let files = Files::open(&config.files())?;
    let now = Clock::default().now();
    let done = backup::restore(&db, &files, &crypt, MIGRATIONS, &args.file, args.overwrite, now).await?;
    let rows: u64 = done.rows.values().sum();
    let zh = format!(
        "已恢复 {} 的备份:{rows} 行、{} 个文件。登录已全部失效,待发消息已暂停;请执行 yiyang doctor 检查。",
        kit::clock::minute(&done.created),
        done.files
    );
    let en = format!(
        "Restored the backup of {}: {rows} rows, {} files. Everybody must sign in again, waiting messages are held back; \
         run yiyang doctor.",
        kit::clock::minute(&done.created),
        done.files
    );
    args.house.say(&json!({"rows": rows, "manifest": done}), &zh, &en);
    Ok(())
}
