//! What people write above the columns of a price catalogue.

use kit::sheet::{Column, Columns};

/// The columns of a catalogue.
pub const COLUMNS: Columns = Columns {
    columns: &[
        Column::new("code", &["编码", "项目编码", "医保编码", "项目代码", "国家编码", "Code"]).required(),
        Column::new("name", &["名称", "项目名称", "Name"]).required(),
        Column::new("unit", &["单位", "计价单位", "Unit"]).required(),
        Column::new("kind", &["类别", "项目类别", "费用类别", "Kind"]),
        Column::new("class", &["医保类别", "甲乙丙类", "支付类别", "Class"]).required(),
        Column::new("level", &["机构等级", "医院等级", "适用等级", "Level"]),
        Column::new("owner", &["机构性质", "适用机构", "Owner"]),
        Column::new("price", &["价格", "单价", "价格(元)", "单价(元)", "Price"]).required(),
        Column::new("from", &["起", "起日", "执行日期", "生效日期", "From"]).required(),
        Column::new("document", &["文件", "依据", "文号", "Document"]).required(),
        Column::new("range", &["适用范围", "Range"]),
    ],
    others: &[],
};
