//! The closed lists of the elder registry: (word, title). Titles are the field's standard terms.

use kit::page::Badge;

pub const SEXES: &[(&str, &str)] = &[("female", "女"), ("male", "男"), ("unknown", "未说明")];

/// GB/T 42195-2022 annex A, living situation.
pub const LIVING: &[(&str, &str)] = &[
    ("alone", "独居"),
    ("spouse", "与配偶居住"),
    ("children", "与子女居住"),
    ("parents", "与父母居住"),
    ("siblings", "与兄弟姐妹居住"),
    ("relatives", "与其他亲属居住"),
    ("others", "与非亲属居住"),
    ("institution", "养老机构"),
    ("unknown", "不详"),
];

pub const INSURANCE: &[(&str, &str)] = &[
    ("employee", "职工基本医疗保险"),
    ("resident", "城乡居民基本医疗保险"),
    ("other", "其他"),
    ("none", "未参保"),
    ("unknown", "不详"),
];

pub const ID_KINDS: &[(&str, &str)] = &[
    ("resident", "居民身份证"),
    ("passport", "护照"),
    ("hmt_permit", "港澳台居民居住证"),
    ("foreign_permit", "外国人永久居留身份证"),
    ("travel_permit", "来往内地通行证"),
    ("other", "其他证件"),
    ("none", "暂无证件"),
];

/// The groups of the registry (S01).
pub const GROUPS: &[(&str, &str)] = &[
    ("disabled", "失能"),
    ("demented", "失智"),
    ("chronic", "慢性病"),
    ("oldest", "高龄"),
    ("handicapped", "残疾"),
    ("homebound", "居家行动不便"),
    ("left_behind", "留守"),
    ("alone", "独居"),
    ("poor", "困难"),
    ("special_family", "计生特殊家庭"),
];

pub const STATES: &[(&str, &str)] = &[("living", "在册"), ("died", "已故"), ("moved", "已迁出"), ("merged", "已合并")];

pub const STATE_BADGES: &[(&str, &str, Badge)] = &[
    ("living", "在册", Badge::Ok),
    ("died", "已故", Badge::Muted),
    ("moved", "已迁出", Badge::Muted),
    ("merged", "已合并", Badge::Muted),
];

pub const RELATIONS: &[(&str, &str)] = &[
    ("spouse", "配偶"),
    ("child", "子女"),
    ("grandchild", "孙辈"),
    ("sibling", "兄弟姐妹"),
    ("relative", "其他亲属"),
    ("neighbour", "邻居"),
    ("hired", "雇佣照护者"),
    ("other", "其他"),
];

/// The word of a list as the list has it; `other` where the list does not know it.
pub fn word(list: &'static [(&'static str, &'static str)], word: &str) -> &'static str {
    list.iter().find(|it| it.0 == word).map_or("other", |it| it.0)
}

/// The title of a word; the word itself where the list does not know it.
pub fn title(list: &'static [(&'static str, &'static str)], word: &str) -> &'static str {
    list.iter().find(|it| it.0 == word).map_or("不详", |it| it.1)
}

/// What the audit trail and the sources of facts say of elders.
pub const STORED: &[(&str, &str)] = &[
    ("elder", "老人"),
    ("elder.died", "老人去世"),
    ("elder.changed", "老人情况变化"),
    ("elder.moved", "老人迁出"),
    ("elders", "老人名册"),
    ("elders-archive", "已故、迁出与合并"),
    ("elder_import", "台账导入"),
    ("ledger", "台账"),
    ("form", "页面登记"),
    ("api", "接口"),
    ("edit", "修改页"),
    ("life", "死亡、迁出页"),
    ("timeline", "健康档案"),
    ("duplicates", "疑似重复"),
    ("reveal", "显示完整"),
    ("id_number", "证件号码"),
    ("phone", "电话"),
    ("address", "详细地址"),
    ("contact added", "添加联系人"),
    ("contact removed", "删除联系人"),
];
