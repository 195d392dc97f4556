//! `yiyang audit`: recomputes the hash chain of every region, and keeps the heads of the chains outside the database.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use kit::{
    Db,
    audit::{self, Head},
    backup,
    clock::{Clock, minute, stamp},
};
use serde_json::json;

use super::{House, words};

/// The first bytes of a tar archive's first entry, by which a backup is told from a file of heads.
const BACKUP: &[u8] = b"database.jsonl.br";

#[derive(Subcommand)]
pub enum Command {
    /// 核对全部审计记录 | recompute the whole trail
    Verify {
        /// 留存的链头文件或备份,可多个 | files of heads or backups that were kept; compare with them
        #[arg(long)]
        against: Vec<PathBuf>,
        #[command(flatten)]
        house: House,
    },
    /// 显示各地区的链头,请留存在别处 | print the head of each region's chain, to be kept elsewhere
    Heads(House),
}

pub async fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Verify { against, house } => verify(&against, &house).await,
        Command::Heads(house) => heads(&house).await,
    }
}

async fn verify(against: &[PathBuf], house: &House) -> Result<(), String> {
    let db = Db::open(&house.existing()?.database_url()).await?;
    let mut kept = Vec::new();
    for file in against {
        kept.extend(read(file).await?);
    }
    let compared = kept.len();
    let (mut verdict, cut) =
        db.read(move |tx| Ok((audit::verify(tx)?, audit::compare(tx, &kept)?))).await.map_err(words)?;
    verdict.broken.extend(cut);
    let (regions, entries, broken) = (verdict.regions, verdict.entries, verdict.broken.len());
    house.say(
        &json!({"regions": regions, "entries": entries, "compared": compared, "broken": verdict.broken}),
        &format!("核对了 {regions} 个地区的 {entries} 条记录、{compared} 个留存的链头,{broken} 处不符。"),
        &format!(
            "{entries} entries of {regions} regions recomputed, {compared} kept heads compared, {broken} do not hold."
        ),
    );
    if verdict.broken.is_empty() { Ok(()) } else { Err(verdict.broken.join("\n")) }
}

/// The heads in a file that was kept: lines of `audit heads`, or the manifest of a backup.
async fn read(file: &Path) -> Result<Vec<Head>, String> {
    let shown = file.display();
    let bytes = std::fs::read(file).map_err(|e| format!("{shown}: {e}"))?;
    if bytes.starts_with(BACKUP) {
        return Ok(backup::manifest(file).await?.audit);
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| format!("{shown}: 不是链头文件,也不是备份 / neither a file of heads nor a backup"))?;
    audit::parse_heads(&text).map_err(|e| format!("{shown}: {e}"))
}

async fn heads(house: &House) -> Result<(), String> {
    let db = Db::open(&house.existing()?.database_url()).await?;
    let heads = db.read(audit::heads).await.map_err(words)?;
    let at = minute(&stamp(Clock::default().now()));
    let lines: Vec<String> = heads.iter().map(Head::to_string).collect();
    let zh = format!("# {at} 各地区审计链的链头:地区、序号、哈希\n{}", lines.join("\n"));
    let en = format!("# {at} heads of the audit's chains: region, sequence, hash\n{}", lines.join("\n"));
    house.say(&json!(heads), &zh, &en);
    Ok(())
}
