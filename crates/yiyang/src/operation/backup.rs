//! `yiyang backup FILE`: every row and file, while the server goes on working.

use std::path::PathBuf;

use kit::{Db, backup, clock::Clock, files::Files, keys};
use serde_json::json;

use super::House;

#[derive(clap::Args)]
pub struct Args {
    /// 备份文件,不能已存在 | the file to write; it must not exist
    file: PathBuf,
    #[command(flatten)]
    house: House,
}

pub async fn run(args: Args) -> Result<(), String> {
    let config = args.house.existing()?;
    let db = Db::open(&config.database_url()).await?;
    let crypt = keys::open(&db, &config).await?;
    let files = Files::open(&config.files())?;
    let made = backup::write(&db, &files, &crypt, &args.file, Clock::default().now()).await?;
    let (rows, missing) = (made.rows.values().sum::<u64>(), made.files_missing.len());
    let file = args.file.display();
    let zh = format!(
        "已备份到 {file}:{rows} 行、{} 个文件。密钥文件不在其中,请另行保管(指纹 {})。",
        made.files, made.key_fingerprint
    );
    let en = format!(
        "Backed up to {file}: {rows} rows, {} files. The key file is not part of it; keep it apart (fingerprint {}).",
        made.files, made.key_fingerprint
    );
    args.house.say(&json!({"file": args.file, "rows": rows, "manifest": made}), &zh, &en);
    if 0 < missing {
        eprintln!(
            "有 {missing} 个文件的内容丢失,未能备份 / {missing} files are missing from the store and were not backed up"
        );
    }
    Ok(())
}
