//! What people write above the columns of the months before.

use kit::sheet::{Column, Columns};

pub const BEFORE: Columns = Columns {
    columns: &[
        Column::new("month", &["月份", "年月", "Month"]).required(),
        Column::new("purse", &["来源", "收入来源", "Purse"]),
        Column::new("mode", &["服务方式", "Way of care"]),
        Column::new("grade", &["失能等级", "等级", "Grade"]),
        Column::new("amount", &["金额", "金额(元)", "Amount"]).required(),
        Column::new("months", &["人月", "享受人月", "Recipient-months"]),
    ],
    others: &[],
};
