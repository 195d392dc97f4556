//! What keeps an installation running: accounts, tokens, keys, the trail, backup and the way back, health.

mod audit;
mod backup;
mod doctor;
mod keys;
mod migrate;
pub mod regions;
mod restore;
mod token;
mod user;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kit::{App, Lang, config::Config};
use serde_json::Value;

use crate::answer::{Format, print};

#[derive(Subcommand)]
pub enum Operation {
    /// 账号 | accounts
    #[command(subcommand)]
    User(user::Command),
    /// 接口令牌 | API tokens
    #[command(subcommand)]
    Token(token::Command),
    /// 审计记录 | the audit trail
    #[command(subcommand)]
    Audit(audit::Command),
    /// 加密密钥 | encryption keys
    #[command(subcommand)]
    Keys(keys::Command),
    /// 备份数据库和文件 | back up database and files
    Backup(backup::Args),
    /// 从备份恢复 | bring a backup in
    Restore(restore::Args),
    /// 更新数据库结构 | bring the schema up to date
    Migrate(migrate::Args),
    /// 检查系统状态 | say what is well and what is not
    Doctor(doctor::Args),
}

/// Runs one operation.
///
/// # Errors
/// In words: what went wrong and what to do.
pub async fn run(operation: Operation) -> Result<(), String> {
    match operation {
        Operation::User(it) => user::run(it).await,
        Operation::Token(it) => token::run(it).await,
        Operation::Audit(it) => audit::run(it).await,
        Operation::Keys(it) => keys::run(it).await,
        Operation::Backup(it) => backup::run(it).await,
        Operation::Restore(it) => restore::run(it).await,
        Operation::Migrate(it) => migrate::run(it).await,
        Operation::Doctor(it) => doctor::run(it).await,
    }
}

/// Which installation is meant, and how the result is printed.
#[derive(Args)]
pub struct House {
    /// 配置文件 | configuration file
    #[arg(long)]
    pub config: Option<PathBuf>,
    /// 数据目录 | folder of database, keys and files
    #[arg(long)]
    pub data_dir: Option<PathBuf>,
    /// 数据库地址 | sqlite:FILE or postgres://…
    #[arg(long)]
    pub database_url: Option<String>,
    /// 输出格式 | how the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

impl House {
    /// The configuration file, overruled by what the command line says.
    pub fn config(&self) -> Result<Config, String> {
        let mut config = self.config.as_deref().map_or(Ok(Config::default()), Config::read)?;
        if let Some(data_dir) = &self.data_dir {
            config.data_dir.clone_from(data_dir);
        }
        if let Some(url) = &self.database_url {
            config.database_url.clone_from(url);
        }
        Ok(config)
    }

    /// The configuration of an installation that is there already; a mistyped folder is not made.
    pub fn existing(&self) -> Result<Config, String> {
        let config = self.config()?;
        if !config.key_file().exists() {
            return Err(format!(
                "这里没有安装({0} 不存在):请用 --data-dir 或 --config 指明 / \
                 nothing is installed here ({0} is missing): name it with --data-dir or --config",
                config.key_file().display()
            ));
        }
        Ok(config)
    }

    /// The installation, ready to use.
    pub async fn open(&self) -> Result<App, String> {
        app::start::start(self.existing()?).await
    }

    /// Prints the result: as JSON, or the text in the language of the shell.
    pub fn say(&self, json: &Value, zh: &str, en: &str) {
        match (self.format, Lang::from_env()) {
            (Format::Json, _) => print(&json.to_string()),
            (Format::Text, Lang::Zh) => print(zh),
            (Format::Text, Lang::En) => print(en),
        }
    }
}

/// An error of the database or of a rule, in words.
pub fn words(e: kit::Error) -> String {
    e.to_string()
}
