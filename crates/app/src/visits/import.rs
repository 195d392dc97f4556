//! Visits of other vendors from a sheet: a row is a visit.

use kit::{
    Ask, Result, Tx,
    form::Input,
    import::{Import, Row, Taken},
    sheet::{Column, Columns},
};

use super::{
    IMPORT,
    written::{self, FIELDS},
};

pub static VISITS: Import = Import {
    kind: "visits",
    title: "导入上门记录",
    path: "/visits/import",
    list: ("/visits", "上门服务"),
    perm: IMPORT,
    columns: Columns {
        columns: &[
            Column::new("number", &["记录编号", "编号", "单据号", "Number"]).required(),
            Column::new("source", &["来源系统", "来源", "Source"]).required(),
            Column::new("id_number", &["身份证号", "老人身份证号", "证件号码", "ID number"]).required(),
            Column::new("day", &["日期", "服务日期", "Day"]).required(),
            Column::new("begin", &["开始时间", "签到时间", "Begin"]).required(),
            Column::new("end", &["结束时间", "签退时间", "End"]).required(),
            Column::new("services", &["服务项目", "项目", "Services"]).required(),
            Column::new("carer", &["人员身份证号", "服务人员身份证号", "Carer"]),
            Column::new("latitude", &["纬度", "Latitude"]),
            Column::new("longitude", &["经度", "Longitude"]),
            Column::new("accuracy", &["定位误差", "误差", "Accuracy"]),
            Column::new("signed", &["签名人", "签名", "Signed"]),
            Column::new("systolic", &["收缩压", "Systolic"]),
            Column::new("diastolic", &["舒张压", "Diastolic"]),
            Column::new("remark", &["备注", "Remark"]),
        ],
        others: &["姓名", "老人姓名", "序号"],
    },
    fields: FIELDS,
    synonyms: &[],
    help: &[
        "必需的列:记录编号、来源系统、身份证号、日期、开始时间、结束时间、服务项目。",
        "与手机上的记录用同样的字段,通过同样的核验;没有证据链和定位的,按不明处理。",
        "编号相同、内容也相同的不再导入;内容不同的退回,请在上门页面更正。",
    ],
    take,
};

fn take(tx: &Tx<'_>, ask: &Ask, input: &Input, _: &Row<'_>) -> Result<Taken> {
    written::take(tx, ask, input).map(|it| it.1)
}
