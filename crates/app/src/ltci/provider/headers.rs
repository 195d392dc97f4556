//! What people write above the columns of a sheet of carers.

use kit::sheet::{Column, Columns};

/// The columns of a sheet of carers.
pub const COLUMNS: Columns = Columns {
    columns: &[
        Column::new("organisation", &["机构", "定点机构", "机构名称", "Institution"]).required(),
        Column::new("name", &["姓名", "Name"]),
        Column::new("id_number", &["身份证号", "身份证号码", "证件号码", "ID number"]).required(),
        Column::new("qualification", &["资格", "人员资格", "岗位", "Qualification"]).required(),
        Column::new("number", &["证书编号", "证书号", "备案号", "证书(备案)号", "Certificate"]).required(),
        Column::new("elder", &["照护老人身份证号", "老人身份证号", "Elder's ID number"]),
        Column::new("from", &["上岗日期", "上岗日", "起日", "From"]),
    ],
    others: &[],
};
