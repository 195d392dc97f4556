//! What is well and what is not, in words, each finding with what to do: the command `doctor` and the page 系统状态.

mod database;
mod machine;

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use crate::{Db, Lang, Said, config::Config, crypt::Crypt, db::Migration, files::Files};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Ok,
    Warn,
    Bad,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Warn => "warn",
            State::Bad => "bad",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone)]
pub struct Finding {
    pub state: State,
    /// A word for programs, such as `disk`.
    pub name: &'static str,
    /// What was found, and where it is not well, what to do.
    pub said: Said,
}

pub fn ok(name: &'static str, said: impl Into<Said>) -> Finding {
    Finding { state: State::Ok, name, said: said.into() }
}

pub fn warn(name: &'static str, said: impl Into<Said>) -> Finding {
    Finding { state: State::Warn, name, said: said.into() }
}

pub fn bad(name: &'static str, said: impl Into<Said>) -> Finding {
    Finding { state: State::Bad, name, said: said.into() }
}

impl Finding {
    /// `warn  backup  …` in a language.
    pub fn line(&self, lang: Lang) -> String {
        format!("{:<5} {:<14} {}", self.state.word(), self.name, self.said.in_lang(lang))
    }

    pub fn json(&self, lang: Lang) -> serde_json::Value {
        serde_json::json!({"state": self.state, "name": self.name, "said": self.said.in_lang(lang)})
    }
}

/// Looks at an installation that may be too broken to start. Changes nothing, migrates nothing.
pub async fn examine(config: &Config, migrations: &'static [Migration], now: Timestamp) -> Vec<Finding> {
    let mut all = vec![machine::keys(config), machine::assets()];
    all.extend(machine::disk(&config.data_dir));
    if !config.data_dir.exists() && config.database_url.is_empty() {
        all.push(bad(
            "database",
            Said::new("数据目录 {folder} 不存在,请用 --data-dir 指明").with("folder", config.data_dir.display()),
        ));
        return all;
    }
    match Db::open(&config.database_url()).await {
        Err(why) => all.push(bad("database", Said::new("数据库打不开:{why}").with("why", why))),
        Ok(db) => all.extend(database::look(&db, config, Some(migrations), now).await),
    }
    let files = Files::open(&config.files());
    all.push(machine::files(files.as_ref().map_err(Clone::clone)).await);
    all
}

/// Looks at the running server.
pub async fn examine_running(app: &crate::App) -> Vec<Finding> {
    let mut all = vec![machine::keys(&app.config), machine::assets()];
    all.extend(machine::disk(&app.config.data_dir));
    all.extend(database::look(&app.db, &app.config, None, app.clock.now()).await);
    all.push(machine::files(Ok(&app.files)).await);
    all
}

/// The worst state of all findings; `Ok` where there is none.
pub fn worst(findings: &[Finding]) -> State {
    findings.iter().map(|it| it.state).max().unwrap_or(State::Ok)
}

/// Megabytes or gigabytes for people.
fn size(bytes: u64) -> impl fmt::Display {
    if bytes < 10 << 30 { format!("{} MB", bytes >> 20) } else { format!("{} GB", bytes >> 30) }
}

/// Whether the key file opens, for the finding about keys.
fn opens(config: &Config) -> Result<Crypt, String> {
    Crypt::open(config.key_file()).map_err(|e| e.to_string())
}
