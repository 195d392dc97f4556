//! `yiyang audit verify`: recomputes the hash chain of every region.

use clap::Subcommand;
use kit::{Db, audit};
use serde_json::json;

use super::{House, words};

#[derive(Subcommand)]
pub enum Command {
    /// 核对全部审计记录 | recompute the whole trail
    Verify(House),
}

pub async fn run(command: Command) -> Result<(), String> {
    let Command::Verify(house) = command;
    let db = Db::open(&house.existing()?.database_url()).await?;
    let verdict = db.read(audit::verify).await.map_err(words)?;
    let (regions, entries) = (verdict.regions, verdict.entries);
    house.say(
        &json!(verdict),
        &format!("核对了 {regions} 个地区的 {entries} 条记录,{} 处不符。", verdict.broken.len()),
        &format!("{entries} entries of {regions} regions recomputed, {} do not hold.", verdict.broken.len()),
    );
    if verdict.broken.is_empty() { Ok(()) } else { Err(verdict.broken.join("\n")) }
}
