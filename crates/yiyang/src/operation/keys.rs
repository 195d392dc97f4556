//! `yiyang keys rotate` makes a new key, `keys reseal` moves everything under it; between the two the servers restart.

use std::sync::Arc;

use clap::Subcommand;
use kit::{
    Db,
    crypt::{Algorithm, Crypt},
    files::Files,
    rotate,
};
use serde_json::json;

use super::{House, words};

#[derive(Subcommand)]
pub enum Command {
    /// 生成新密钥,此后的数据用它加密 | make a new key for what is sealed from now on
    Rotate {
        /// aes 或 sm4;不写则按配置 | aes or sm4; by default as configured
        #[arg(long)]
        cipher: Option<String>,
        #[command(flatten)]
        house: House,
    },
    /// 把旧密钥下的数据改用现用密钥加密 | seal everything anew under the active key
    Reseal(House),
}

pub async fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Rotate { cipher, house } => make(cipher, &house),
        Command::Reseal(house) => reseal(&house).await,
    }
}

fn make(cipher: Option<String>, house: &House) -> Result<(), String> {
    let config = house.existing()?;
    let algorithm = match cipher.as_deref().unwrap_or(&config.cipher) {
        "aes" => Algorithm::Aes256Gcm,
        "sm4" => Algorithm::Sm4Gcm,
        other => return Err(format!("--cipher: 应为 / must be aes or sm4, not “{other}”")),
    };
    let crypt = Crypt::open(config.key_file()).and_then(|it| it.rotate(algorithm)).map_err(|e| e.to_string())?;
    let (file, id) = (config.key_file().display().to_string(), crypt.active_key_id());
    house.say(
        &json!({"active": id, "fingerprint": crypt.fingerprint()}),
        &format!("{id} 号密钥已加入 {file} 并启用。请备份密钥文件,重启服务,再执行 yiyang keys reseal。"),
        &format!("Key {id} was added to {file} and is active. Copy the key file to a safe place, restart the servers, then run yiyang keys reseal."),
    );
    Ok(())
}

async fn reseal(house: &House) -> Result<(), String> {
    let config = house.existing()?;
    let db = Db::open(&config.database_url()).await?;
    let files = Files::open(&config.files())?;
    let crypt = Arc::new(kit::keys::open(&db, &config).await?);
    let done = rotate::reseal(&db, &files, &crypt).await.map_err(words)?;
    let id = crypt.active_key_id();
    house.say(
        &json!({"active": id, "resealed": done}),
        &format!("{} 个值和 {} 个文件已改用 {id} 号密钥加密。", done.values, done.files),
        &format!("{} values and {} files are now sealed under key {id}.", done.values, done.files),
    );
    Ok(())
}
