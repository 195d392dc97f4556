//! What of the machine fails, told apart so that people read what to do: the reader on the page, the operator in the log.

use std::io::ErrorKind;

use rusqlite::ErrorCode;
use tokio_postgres::error::SqlState;

/// A failure that is neither the reader's nor the program's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The database does not answer.
    Away,
    /// Another program or transaction is in the way; the next attempt may succeed.
    Busy,
    /// The disk is full.
    Full,
    /// The database or its folder cannot be written.
    Closed,
    /// The file is not, or no longer, a database.
    Damaged,
    /// The store of photos and documents does not answer.
    Files,
}

impl Trouble {
    /// The stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Trouble::Away => "database_away",
            Trouble::Busy => "busy",
            Trouble::Full => "disk_full",
            Trouble::Closed => "database_closed",
            Trouble::Damaged => "database_damaged",
            Trouble::Files => "files_away",
        }
    }

    /// For the person whose request failed.
    pub fn sentence(self) -> &'static str {
        match self {
            Trouble::Away => "数据库暂时连不上,这次没有保存;请稍后重试",
            Trouble::Busy => "系统正忙,这次没有保存;请再试一次",
            Trouble::Full => "服务器磁盘已满,这次没有保存;请通知系统管理员清理后重试",
            Trouble::Closed => "数据库现在不能写入,这次没有保存;请通知系统管理员",
            Trouble::Damaged => "数据库文件已损坏;请通知系统管理员从备份恢复",
            Trouble::Files => "文件库暂时不能使用,照片和附件没有保存;请稍后重试",
        }
    }

    /// For the operator at the terminal.
    pub fn advice(self) -> &'static str {
        match self {
            Trouble::Away => {
                "数据库连不上:请确认它在运行,地址、端口和防火墙无误 / \
                 the database does not answer: see that it runs and that address, port and firewall are right"
            }
            Trouble::Busy => {
                "数据库被其他程序占用:请稍后重试 / another program holds the database: try again in a moment"
            }
            Trouble::Full => "磁盘已满:请清理或扩容后重试 / the disk is full: free some space, then try again",
            Trouble::Closed => {
                "数据库打不开或不能写入:请检查数据目录是否存在、所有者和权限 / \
                 the database cannot be opened or written: check that the data folder exists, its owner and permissions"
            }
            Trouble::Damaged => {
                "数据库文件损坏或不是数据库:请核对地址,或从备份恢复 / \
                 the file is damaged or no database: check the address, or restore a backup"
            }
            Trouble::Files => {
                "文件库不可用:请检查地址、凭证和网络 / \
                 the store of files cannot be used: check its address, credentials and network"
            }
        }
    }

    pub(crate) fn of_sqlite(e: &rusqlite::Error) -> Option<Trouble> {
        Some(match e.sqlite_error_code()? {
            ErrorCode::DiskFull => Trouble::Full,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Trouble::Busy,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Trouble::Damaged,
            ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::SystemIoFailure
            | ErrorCode::FileLockingProtocolFailed => Trouble::Closed,
            _ => return None,
        })
    }

    pub(crate) fn of_postgres(e: &tokio_postgres::Error) -> Option<Trouble> {
        let Some(state) = e.code() else {
            let is_wire = std::error::Error::source(e).is_some_and(|it| it.is::<std::io::Error>());
            return (e.is_closed() || is_wire).then_some(Trouble::Away);
        };
        Some(match *state {
            SqlState::ADMIN_SHUTDOWN
            | SqlState::CRASH_SHUTDOWN
            | SqlState::CANNOT_CONNECT_NOW
            | SqlState::TOO_MANY_CONNECTIONS
            | SqlState::CONNECTION_FAILURE
            | SqlState::CONNECTION_DOES_NOT_EXIST => Trouble::Away,
            SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED | SqlState::LOCK_NOT_AVAILABLE => {
                Trouble::Busy
            }
            SqlState::DISK_FULL | SqlState::OUT_OF_MEMORY => Trouble::Full,
            SqlState::READ_ONLY_SQL_TRANSACTION => Trouble::Closed,
            SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => Trouble::Damaged,
            _ => return None,
        })
    }

    pub(crate) fn of_disk(e: &std::io::Error) -> Option<Trouble> {
        match e.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some(Trouble::Full),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Some(Trouble::Files),
            _ => None,
        }
    }
}
