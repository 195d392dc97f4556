//! The closed lists of beds at home: (word, title).

use kit::page::Badge;

pub const KINDS: &[(&str, &str)] = &[("hospital", "家庭病床"), ("care", "家庭养老床位")];
pub const KIND_BADGES: &[(&str, &str, Badge)] =
    &[("hospital", "家庭病床", Badge::Plain), ("care", "家庭养老床位", Badge::Plain)];

pub const STATES: &[(&str, &str)] = &[
    ("applied", "已申请"),
    ("eligible", "可以建床"),
    ("open", "在床"),
    ("suspended", "暂停"),
    ("closed", "已撤床"),
    ("refused", "不予建床"),
    ("withdrawn", "已撤回"),
];
pub const STATE_BADGES: &[(&str, &str, Badge)] = &[
    ("applied", "已申请", Badge::Info),
    ("eligible", "可以建床", Badge::Info),
    ("open", "在床", Badge::Ok),
    ("suspended", "暂停", Badge::Warn),
    ("closed", "已撤床", Badge::Muted),
    ("refused", "不予建床", Badge::Bad),
    ("withdrawn", "已撤回", Badge::Muted),
];

pub const APPLICANTS: &[(&str, &str)] =
    &[("self", "老人本人"), ("family", "家属"), ("clinician", "医务人员"), ("hospital", "出院医院转介")];
pub const SIGNERS: &[(&str, &str)] = &[("self", "本人"), ("family", "家属"), ("guardian", "监护人")];

/// What is written about a patient.
pub const RECORDS: &[(&str, &str)] = &[
    ("first", "首次病程记录"),
    ("round", "巡诊记录"),
    ("superior", "上级查床"),
    ("nursing", "护理记录"),
    ("procedure", "上门处置"),
    ("medication", "居家给药"),
    ("service", "服务记录"),
    ("check", "服务回访"),
];
pub const PROCEDURES: &[(&str, &str)] = &[("procedure", "上门处置"), ("medication", "居家给药")];
pub const TERMS: &[(&str, &str)] = &[("long", "长期医嘱"), ("temporary", "临时医嘱")];
pub const PERS: &[(&str, &str)] = &[("day", "每天"), ("week", "每周"), ("month", "每月"), ("course", "每疗程")];
pub const PAUSES: &[(&str, &str)] = &[("hospital", "住院"), ("away", "外出"), ("other", "其他")];
/// What an elder says of the services of an elderly-care bed.
pub const SATISFIED: &[(&str, &str)] = &[("yes", "满意"), ("partly", "基本满意"), ("no", "不满意")];
pub const REVIEWS: &[(&str, &str)] = &[("extend", "续建一个疗程"), ("end", "不再续建")];

/// How a care bed ends; a hospital bed ends as the policy says.
pub const CARE_ENDS: &[(&str, &str)] = &[
    ("expired", "合同到期"),
    ("wish", "自行要求"),
    ("admitted", "入住机构"),
    ("moved", "迁出"),
    ("died", "死亡"),
    ("breach", "机构不再服务"),
];
/// Endings that events of the register bring about, whatever a policy lists.
pub const SYSTEM_ENDS: &[(&str, &str)] = &[("died", "死亡"), ("moved", "迁出"), ("merged", "档案合并")];

pub const DEVICES: &[(&str, &str)] = &[
    ("call", "紧急呼叫器"),
    ("smoke", "烟雾报警器"),
    ("gas", "燃气报警器"),
    ("fall", "跌倒监测"),
    ("sleep", "睡眠监测带"),
    ("door", "门磁"),
    ("bed", "护理床"),
    ("other", "其他设备"),
];

/// What is measured: (name, title, unit, least, most). Numbers may have one decimal.
pub const READINGS: &[(&str, &str, &str, f64, f64)] = &[
    ("temperature", "体温", "℃", 30.0, 45.0),
    ("pulse", "脉搏", "次/分", 20.0, 250.0),
    ("breaths", "呼吸", "次/分", 4.0, 80.0),
    ("systolic", "收缩压", "mmHg", 50.0, 280.0),
    ("diastolic", "舒张压", "mmHg", 30.0, 180.0),
    ("oxygen", "血氧饱和度", "%", 40.0, 100.0),
    ("glucose", "血糖", "mmol/L", 1.0, 40.0),
    ("pain", "疼痛评分", "分", 0.0, 10.0),
];

pub fn title<'a>(all: &[(&str, &'static str)], word: &'a str) -> &'a str {
    all.iter().find(|it| it.0 == word).map_or(word, |it| it.1)
}

/// The words of a list with badges.
pub fn badge_of(all: &[(&str, &'static str, Badge)], word: &str) -> (Badge, &'static str) {
    all.iter().find(|it| it.0 == word).map_or((Badge::Muted, ""), |it| (it.2, it.1))
}
