//! What people write above the columns of a sheet of institutions, and for the choices in it.

use kit::sheet::{Column, Columns};

/// The columns of a sheet of institutions.
pub const COLUMNS: Columns = Columns {
    columns: &[
        Column::new("name", &["机构名称", "名称", "单位名称", "Name"]).required(),
        Column::new("kind", &["类别", "机构类别", "机构类型", "Kind"]).required().exact(),
        Column::new("code", &["统一社会信用代码", "信用代码", "机构代码", "Code"]),
        Column::new("legal_person", &["负责人", "法定代表人", "院长", "Head"]),
        Column::new("opened", &["开业日", "开业日期", "成立日期", "成立时间", "Opened"]),
        Column::new("place", &["所在地", "乡镇街道", "所属乡镇", "所在乡镇", "乡镇", "所在乡镇(街道)", "Place"]),
        Column::new("address", &["详细地址", "地址", "Address"]),
        Column::new("position", &["位置", "经纬度", "坐标", "Position"]),
        Column::new("phone", &["联系电话", "电话", "Phone"]),
        Column::new("hours", &["开放时间", "营业时间", "服务时间", "Hours"]),
        Column::new("level", &["等级", "医院等级", "级别", "Level"]).exact(),
        Column::new("owner", &["举办性质", "办医性质", "经营性质", "Owner"]),
        Column::new("modes", &["医养结合方式", "医养结合模式", "Modes"]),
        Column::new("marks", &["科室与资质", "Marks"]),
        Column::new("services", &["服务项目", "服务内容", "Services"]),
        Column::new("beds_medical", &["医疗床位", "医疗床位数", "Medical beds"]),
        Column::new("beds_elderly", &["养老床位", "养老床位数", "床位数", "Elderly-care beds"]),
        Column::new("beds_nursing", &["护理型床位", "其中护理型床位", "Nursing beds"]),
        Column::new("practice", &["医疗机构执业许可证号", "执业许可证号", "Practice licence"]),
        Column::new("practice_until", &["执业许可证有效期至", "许可证有效期至", "Practice licence until"]),
        Column::new("care_filing", &["养老机构备案号", "备案编号", "Filing"]),
        Column::new("issuer", &["发证(备案)机关", "发证机关", "Issuer"]),
        Column::new("remark", &["备注", "说明", "Remark"]),
    ],
    others: &[],
};

/// What people write for a choice beside its title: (field, what is written, word).
pub const SYNONYMS: &[(&str, &str, &str)] = &[
    ("kind", "养老院", "elderly_home"),
    ("kind", "敬老院", "elderly_home"),
    ("kind", "福利院", "elderly_home"),
    ("kind", "老年公寓", "elderly_home"),
    ("kind", "卫生院", "township_health_centre"),
    ("kind", "中心卫生院", "township_health_centre"),
    ("kind", "社区卫生中心", "community_health_centre"),
    ("kind", "卫生室", "village_clinic"),
    ("kind", "卫生服务站", "health_station"),
    ("kind", "医院", "hospital"),
    ("kind", "综合医院", "hospital"),
    ("kind", "护理院", "nursing_home"),
    ("kind", "幸福院", "mutual_house"),
    ("kind", "互助养老院", "mutual_house"),
    ("kind", "日间照料", "day_care"),
    ("level", "二甲", "level2"),
    ("level", "三甲", "level3"),
    ("owner", "公立", "public"),
    ("owner", "公办民营", "public_private"),
    ("owner", "民营", "private"),
    ("owner", "民办", "private"),
    ("modes", "签约", "mode_contracted"),
    ("modes", "内设", "mode_clinic_inside"),
];
