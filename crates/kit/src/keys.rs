//! Which keys a database was written under: a lost or mistaken key file is noticed at start, not at the first elder.

use std::path::Path;

use crate::{
    Db, Result, Tx,
    config::Config,
    crypt::{Algorithm, Crypt},
    house::{set_setting, setting},
};

/// Name of the setting that holds the fingerprint of the keys.
const FINGERPRINT: &str = "keys";

/// The key file of an installation. Made anew only for a database that was never written under one, since lost keys mean
/// lost data.
///
/// # Errors
/// In words: the file is missing, unusable, or belongs to another database.
pub async fn open(db: &Db, config: &Config) -> Result<Crypt, String> {
    let file = config.key_file();
    let noted = db.read(|tx| setting(tx, FINGERPRINT)).await.map_err(|e| e.to_string())?;
    let crypt = match noted {
        None if !file.exists() => {
            let algorithm = if config.cipher == "sm4" { Algorithm::Sm4Gcm } else { Algorithm::Aes256Gcm };
            Crypt::create(&file, algorithm).map_err(|e| e.to_string())?
        }
        None => Crypt::open(&file).map_err(|e| e.to_string())?,
        Some(noted) => {
            let crypt = Crypt::open(&file).map_err(|e| e.to_string())?;
            if !crypt.opens_backup(&noted) {
                return Err(foreign(&file, &noted));
            }
            crypt
        }
    };
    let print = crypt.fingerprint();
    db.write(move |tx| if mismatch(tx, &print)? { set_setting(tx, FINGERPRINT, &print) } else { Ok(()) })
        .await
        .map_err(|e| e.to_string())?;
    Ok(crypt)
}

fn mismatch(tx: &Tx<'_>, print: &str) -> Result<bool> {
    Ok(setting(tx, FINGERPRINT)?.as_deref() != Some(print))
}

/// Why the key file of this configuration does not fit the database; `None` where it does or is not to be opened at all.
pub(crate) fn wrong(tx: &Tx<'_>, config: &Config) -> Result<Option<String>> {
    let Ok(crypt) = Crypt::open(config.key_file()) else { return Ok(None) };
    let noted = setting(tx, FINGERPRINT)?;
    Ok(noted.filter(|it| !crypt.opens_backup(it)).map(|it| foreign(&config.key_file(), &it)))
}

fn foreign(file: &Path, noted: &str) -> String {
    format!(
        "密钥文件“{0}”不是这个数据库的(需要指纹 {noted}):请放回原来的密钥文件 / \
         the key file {0} is not the one of this database (it needs {noted}): put the original back",
        file.display()
    )
}
