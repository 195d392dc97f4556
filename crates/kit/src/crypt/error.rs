//! What can go wrong with keys and sealed values, said so that an operator knows the next step.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a key file cannot be used or a value cannot be opened. Never contains a key or a plain value.
#[derive(Debug)]
pub enum CryptError {
    /// There is no key file at the configured place.
    Missing { path: PathBuf },
    /// The key file is there but cannot be read or written.
    Unreadable { path: PathBuf, cause: std::io::Error },
    /// `create` found a file where the new one should go.
    Exists { path: PathBuf },
    /// Others than its owner may read the key file.
    OpenToOthers { path: PathBuf, mode: u32 },
    /// The key file's content is not what it should be.
    Malformed { path: PathBuf, problem: String },
    /// The operating system gave no randomness for a new key.
    NoRandomness,
    /// The bytes were never sealed by this product.
    NotSealed,
    /// The value is sealed under a key that the key file does not hold.
    KeyMissing { id: u16 },
    /// The value was changed, or belongs to another column or row.
    Tampered { column: String },
    /// The opened bytes are not text.
    NotText,
}

impl CryptError {
    pub(super) fn malformed(path: &Path, problem: &str) -> Self {
        CryptError::Malformed { path: path.to_owned(), problem: problem.to_owned() }
    }
}

impl fmt::Display for CryptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CryptError::Missing { path } => {
                let path = path.display();
                write!(f, "密钥文件“{path}”不存在:请恢复原来的密钥文件;全新安装才可新建。 ")?;
                write!(
                    f,
                    "There is no key file “{path}”: put the original back; create one only for a new installation."
                )
            }
            CryptError::Unreadable { path, cause } => {
                let path = path.display();
                write!(f, "密钥文件“{path}”无法读写({cause}):请检查所有者和权限。 ")?;
                write!(f, "The key file “{path}” cannot be read or written ({cause}): check its owner and permissions.")
            }
            CryptError::Exists { path } => {
                let path = path.display();
                write!(f, "“{path}”已经存在,不会覆盖:请直接使用它,或换一个位置。 ")?;
                write!(f, "“{path}” exists already and is not overwritten: use it, or choose another place.")
            }
            CryptError::OpenToOthers { path, mode } => {
                let path = path.display();
                write!(f, "密钥文件“{path}”权限为 {mode:03o},他人可读:请执行 chmod 600。 ")?;
                write!(f, "The key file “{path}” has mode {mode:03o}, others may read it: run chmod 600 on it.")
            }
            CryptError::Malformed { path, problem } => {
                let path = path.display();
                write!(f, "密钥文件“{path}”内容有误({problem}):请从备份恢复。 ")?;
                write!(f, "The key file “{path}” is malformed ({problem}): restore it from its backup.")
            }
            CryptError::NoRandomness => {
                f.write_str("操作系统没有提供随机数,未生成密钥。 The system gave no random bytes; no key was made.")
            }
            CryptError::NotSealed => {
                f.write_str("该值不是本系统加密的数据。 The value was not sealed by this product.")
            }
            CryptError::KeyMissing { id } => {
                write!(f, "密钥文件中没有 {id} 号密钥:请使用加密该数据时的密钥文件。 ")?;
                write!(f, "The key file holds no key {id}: use the key file under which the value was sealed.")
            }
            CryptError::Tampered { column } => {
                write!(f, "“{column}”的密文被改动,或不属于这一列、这一行。 ")?;
                write!(f, "The sealed value of “{column}” was changed, or belongs to another column or row.")
            }
            CryptError::NotText => f.write_str("解密后的内容不是文字。 The opened value is not text."),
        }
    }
}

impl std::error::Error for CryptError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            CryptError::Unreadable { cause, .. } => Some(cause),
            _ => None,
        }
    }
}
