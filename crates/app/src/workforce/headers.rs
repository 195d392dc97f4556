//! What people write above the columns of a sheet of staff, and for the choices in it.

use kit::sheet::{Column, Columns};

/// The columns of a sheet of staff.
pub const COLUMNS: Columns = Columns {
    columns: &[
        Column::new("name", &["姓名", "Name"]).required(),
        Column::new("id_number", &["身份证号", "身份证号码", "证件号码", "ID number"]),
        Column::new("sex", &["性别", "Sex"]),
        Column::new("birth", &["出生日期", "出生年月日", "Born"]),
        Column::new("phone", &["电话", "联系电话", "手机号", "Phone"]),
        Column::new("kind", &["岗位", "人员类别", "专业类别", "Kind"]).required(),
        Column::new("title", &["职称", "Title"]).exact(),
        Column::new("organisation", &["执业机构", "主要执业机构", "所在机构", "工作单位", "单位", "Institution"])
            .required(),
        Column::new("post", &["用工方式", "用工性质", "Employment"]),
        Column::new("from", &["到岗日期", "起日", "入职日期", "From"]),
        Column::new("skills", &["专长", "技能", "Skills"]),
        Column::new("certificate", &["证书编号", "执业证编号", "执业证书编号", "护理员证编号", "Certificate"]),
        Column::new("issued", &["发证日", "发证日期", "Issued"]),
        Column::new("grade", &["证书等级", "执业范围", "Grade"]),
        Column::new("remark", &["备注", "Remark"]),
    ],
    others: &["紧急联系人", "团队长"],
};

/// What people write for a choice beside its title: (field, what is written, word).
pub const SYNONYMS: &[(&str, &str, &str)] = &[
    ("kind", "医生", "physician"),
    ("kind", "医师", "physician"),
    ("kind", "全科医师", "gp"),
    ("kind", "公卫医生", "public_health"),
    ("kind", "公卫医师", "public_health"),
    ("kind", "护师", "nurse"),
    ("kind", "村医", "village_doctor"),
    ("kind", "护理员", "care_worker"),
    ("kind", "护工", "care_worker"),
    ("kind", "社工", "social_worker"),
    ("kind", "康复师", "therapist"),
    ("title", "主任医师", "senior"),
    ("title", "副主任医师", "deputy_senior"),
    ("title", "主治医师", "middle"),
    ("title", "主管护师", "middle"),
    ("title", "医师", "junior"),
    ("title", "护士", "junior"),
    ("title", "护师", "junior"),
    ("title", "无", "none"),
    ("post", "在编", "employed"),
    ("post", "编制", "employed"),
    ("post", "合同", "contract"),
    ("post", "聘用", "contract"),
    ("post", "返聘", "rehired"),
];
