//! What people write above the columns of a sheet of doses.

use kit::sheet::{Column, Columns};

/// The columns of a sheet of doses.
pub const COLUMNS: Columns = Columns {
    columns: &[
        Column::new("id_number", &["身份证号", "身份证号码", "身份证", "证件号码", "ID number"]).required(),
        Column::new("name", &["姓名", "老人姓名", "受种者姓名", "Name"]),
        Column::new("vaccine", &["疫苗", "疫苗名称", "疫苗种类", "Vaccine"]).required(),
        Column::new("number", &["剂次", "针次", "剂次号", "Dose"]),
        Column::new("day", &["接种日期", "接种时间", "Day"]).required(),
        Column::new("batch_number", &["批号", "疫苗批号", "Batch"]),
        Column::new("maker", &["生产企业", "厂家", "生产厂家", "Maker"]),
        Column::new("place", &["接种单位", "接种地点", "接种门诊", "Place"]).required(),
        Column::new("free", &["免费", "是否免费", "费用", "Free"]),
    ],
    others: &[],
};
