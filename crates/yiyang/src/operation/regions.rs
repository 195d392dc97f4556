//! `yiyang import regions FILE`: another city's places, from a CSV file of the Bureau of Statistics' codes.

use std::path::PathBuf;

use kit::{place, sheet};
use serde_json::json;

use super::{House, words};
use crate::answer::Format;

#[derive(clap::Args)]
pub struct Args {
    /// CSV 文件:代码、名称,可有上级代码 | columns code, name and optionally parent
    pub file: PathBuf,
    /// 只检查不写入 | check without writing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub house: House,
}

pub async fn run(args: Args) -> Result<(), String> {
    let bytes = std::fs::read(&args.file)
        .map_err(|e| format!("文件“{0}”读不到({e}) / the file {0} cannot be read: {e}", args.file.display()))?;
    let text = sheet::text_of(&bytes);
    let app = app::start::start(args.house.config()?).await?;
    let dry_run = args.dry_run;
    let done = app
        .db
        .write(move |tx| {
            let mut done = None;
            let kept = tx.attempt(|tx| {
                done = Some(place::import(tx, &text)?);
                // A dry run does everything and keeps nothing.
                if dry_run { Err(kit::Error::NotFound) } else { Ok(()) }
            });
            match (done, kept) {
                (Some(done), _) => Ok(done),
                (None, Err(e)) => Err(e),
                (None, Ok(())) => Err(kit::Error::internal("an import gives what it did")),
            }
        })
        .await
        .map_err(words)?;
    for it in done.refused.iter().filter(|_| args.house.format == Format::Text) {
        eprintln!("{}:{}: {} {}", args.file.display(), it.line, it.value, it.reason);
    }
    let (new, renamed, unchanged, refused) = (done.new, done.renamed, done.unchanged, done.refused.len());
    args.house.say(
        &json!(done),
        &format!("新增 {new},改名或改上级 {renamed},未变 {unchanged},未收 {refused}。"),
        &format!("{new} new, {renamed} changed, {unchanged} unchanged, {refused} refused."),
    );
    Ok(())
}
