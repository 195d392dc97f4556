//! Sex in the words and codes of ledgers.

use kit::sheet::{Cell, fold};

use rules::base::Sex;

use super::Reason;

/// 依据: GB/T 2261.1 (1 男, 2 女, 0 and 9 unknown)
pub(super) fn read_sex(cell: &Cell) -> Result<Option<Sex>, Reason> {
    match fold(&cell.display()).as_str() {
        "男" | "男性" | "1" | "m" | "male" => Ok(Some(Sex::Male)),
        "女" | "女性" | "2" | "f" | "female" => Ok(Some(Sex::Female)),
        "" | "0" | "9" | "未知" | "未说明" | "不详" => Ok(None),
        _ => Err(Reason::SexUnreadable),
    }
}
