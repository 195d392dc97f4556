//! What people write above the columns of enrolment lists and payment files.

use kit::sheet::{Column, Columns};

pub const ENROLMENT: Columns = Columns {
    columns: &[
        Column::new("id_number", &["身份证号", "身份证号码", "身份证", "证件号码", "ID number"]).required(),
        Column::new("name", &["姓名", "参保人", "Name"]).required(),
        Column::new("kind", &["参保类别", "人员类别", "类别", "Kind"]).required(),
        Column::new("from", &["参保日期", "参保起日", "起日", "From"]).required(),
        Column::new("employer", &["用人单位", "单位名称", "单位", "村(社区)", "Employer"]),
        Column::new("base", &["缴费基数", "基数", "Base"]),
    ],
    others: &[],
};

pub const PAYMENTS: Columns = Columns {
    columns: &[
        Column::new("id_number", &["身份证号", "身份证号码", "身份证", "证件号码", "ID number"]).required(),
        Column::new("period", &["缴费期", "费款所属期", "所属期", "Period"]).required(),
        Column::new("employer", &["用人单位", "单位缴费", "单位", "Employer"]),
        Column::new("person", &["个人", "个人缴费", "Person"]),
        Column::new("treasury", &["财政", "财政补助", "Treasury"]),
        Column::new("medical", &["医保统筹基金", "统筹基金", "医保基金", "Medical fund"]),
        Column::new("day", &["到账日期", "入账日期", "到账日", "Day"]).required(),
        Column::new("voucher", &["凭证号", "票据号", "Voucher"]),
    ],
    others: &[],
};
