//! Why a file cannot be read or written, said so that the person who uploaded it can mend it.

use std::fmt;

/// The whole file is refused. Rows that are refused one by one are the caller's matter.
#[derive(Debug)]
pub enum SheetError {
    /// Neither Excel nor OpenDocument nor CSV.
    UnknownKind { file: String },
    /// A web page or an XML sheet that only bears the name of an Excel file.
    Disguised { file: String },
    /// Protected by a password.
    Password { file: String },
    /// The file cannot be read from where it lies.
    Unreadable { file: String, cause: std::io::Error },
    /// The content breaks off or contradicts itself.
    Damaged { file: String, problem: String },
    /// Larger than what is read; `what` and `limit` say which measure.
    TooLarge { file: String, what: Measure, limit: u64 },
    /// The workbook could not be written.
    Write { problem: String },
}

/// What of a file can be too large.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Measure {
    FileBytes,
    UnpackedBytes,
    Sheets,
    Rows,
    Columns,
    Cells,
    TextBytes,
}

impl Measure {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Measure::FileBytes => ("文件字节数", "bytes"),
            Measure::UnpackedBytes => ("解压后字节数", "bytes when unpacked"),
            Measure::Sheets => ("工作表数", "sheets"),
            Measure::Rows => ("行数", "rows"),
            Measure::Columns => ("列数", "columns"),
            Measure::Cells => ("单元格数", "cells"),
            Measure::TextBytes => ("文字总量", "bytes of text"),
        }
    }
}

impl fmt::Display for SheetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SheetError::UnknownKind { file } => {
                write!(f, "“{file}”不是 Excel、OpenDocument 或 CSV 文件:请另存为 .xlsx 后再上传。 ")?;
                write!(f, "“{file}” is neither Excel nor OpenDocument nor CSV: save it as .xlsx and upload that.")
            }
            SheetError::Disguised { file } => {
                write!(f, "“{file}”其实是网页或 XML,只是用了 Excel 的扩展名:请用 Excel 或 WPS 打开,另存为 .xlsx。 ")?;
                write!(
                    f,
                    "“{file}” is a web page or XML under an Excel name: open it in Excel or WPS, save it as .xlsx."
                )
            }
            SheetError::Password { file } => {
                write!(f, "“{file}”有密码保护:请取消密码后再上传。 ")?;
                write!(f, "“{file}” is protected by a password: remove it and upload again.")
            }
            SheetError::Unreadable { file, cause } => {
                write!(f, "“{file}”无法读取({cause})。 “{file}” cannot be read ({cause}).")
            }
            SheetError::Damaged { file, problem } => {
                write!(f, "“{file}”已损坏({problem}):请用 Excel 或 WPS 打开并另存为 .xlsx。 ")?;
                write!(f, "“{file}” is damaged ({problem}): open it in Excel or WPS and save it as .xlsx.")
            }
            SheetError::TooLarge { file, what, limit } => {
                let (zh, en) = what.words();
                write!(f, "“{file}”太大({zh}上限 {limit}):请拆成几个文件。 ")?;
                write!(f, "“{file}” is too large (at most {limit} {en}): split it into several files.")
            }
            SheetError::Write { problem } => {
                write!(f, "无法生成 Excel 文件({problem})。 The workbook could not be written ({problem}).")
            }
        }
    }
}

impl std::error::Error for SheetError {}
