//! What people write above the columns of a sheet of claims.

use kit::sheet::{Column, Columns};

/// The columns of a sheet of claims.
pub const COLUMNS: Columns = Columns {
    columns: &[
        Column::new("number", &["申报编号", "明细编号", "流水号", "单据号", "Number"]).required(),
        Column::new("provider", &["机构", "机构名称", "护理机构", "Provider"]),
        Column::new("id_number", &["身份证号", "身份证号码", "身份证", "证件号码", "ID number"]).required(),
        Column::new("day", &["日期", "服务日期", "Day"]).required(),
        Column::new("mode", &["服务方式", "护理方式", "Way of care"]).required(),
        Column::new("service", &["服务项目", "项目", "项目编号", "项目名称", "Service"]),
        Column::new("amount", &["金额", "申报金额", "费用", "Amount"]).required(),
        Column::new("begin", &["开始时间", "上门时间", "签到时间", "Begin"]),
        Column::new("end", &["结束时间", "离开时间", "签退时间", "End"]),
        Column::new("minutes", &["分钟", "时长", "服务分钟", "Minutes"]),
        Column::new("second", &["第二人", "双人", "Second carer"]),
        Column::new("carer", &["人员编号", "护理人员编号", "证书编号", "Carer"]),
        Column::new("latitude", &["纬度", "Latitude"]),
        Column::new("longitude", &["经度", "Longitude"]),
        Column::new("position_source", &["定位方式", "Position"]),
        Column::new("photo", &["照片摘要", "照片", "Photo"]),
    ],
    others: &["姓名", "老人姓名", "序号", "备注"],
};
