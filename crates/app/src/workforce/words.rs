//! The closed lists of the workforce: (word, title).

pub const SEXES: &[(&str, &str)] = &[("female", "女"), ("male", "男"), ("unknown", "未说明")];

pub const KINDS: &[(&str, &str)] = &[
    ("gp", "全科医生"),
    ("physician", "临床医生"),
    ("tcm", "中医医生"),
    ("public_health", "公共卫生医生"),
    ("dentist", "口腔医生"),
    ("nurse", "护士"),
    ("village_doctor", "乡村医生"),
    ("pharmacist", "药师"),
    ("therapist", "康复治疗师"),
    ("technician", "医技人员"),
    ("care_worker", "养老护理员"),
    ("social_worker", "社会工作者"),
    ("counsellor", "心理咨询师"),
    ("nutritionist", "营养师"),
    ("health_manager", "健康管理师"),
    ("assessor", "评估员"),
    ("manager", "管理人员"),
    ("other", "其他人员"),
];

pub const TITLES: &[(&str, &str)] =
    &[("none", "无职称"), ("junior", "初级"), ("middle", "中级"), ("deputy_senior", "副高级"), ("senior", "正高级")];

pub const SKILLS: &[(&str, &str)] = &[
    ("geriatrics", "老年医学"),
    ("rehabilitation", "康复"),
    ("hospice", "安宁疗护"),
    ("tcm", "中医适宜技术"),
    ("wound", "伤口造口护理"),
    ("dementia", "失智照护"),
    ("home_care", "居家上门服务"),
    ("chronic", "慢性病管理"),
    ("mental", "心理支持"),
    ("first_aid", "急救"),
];

/// How somebody belongs to their main institution.
pub const MAIN_POSTS: &[(&str, &str)] = &[
    ("employed", "在编在职"),
    ("contract", "合同聘用"),
    ("county_hired", "县聘乡用(县招)"),
    ("rehired", "退休返聘"),
    ("outside", "县外机构人员"),
];

/// Why somebody practises at another institution too.
pub const OTHER_POSTS: &[(&str, &str)] =
    &[("multi_site", "多点执业"), ("seconded", "县聘乡用(下派)"), ("help", "对口支援")];

pub const TOPICS: &[(&str, &str)] = &[
    ("geriatrics", "老年医学"),
    ("integrated", "医养结合"),
    ("general_practice", "全科医学"),
    ("nursing", "护理"),
    ("rehabilitation", "康复"),
    ("tcm", "中医适宜技术"),
    ("hospice", "安宁疗护"),
    ("dementia", "失智照护"),
    ("first_aid", "急救"),
    ("infection", "感染防控"),
    ("safety", "安全生产"),
    ("other", "其他"),
];

pub const ABSENCES: &[(&str, &str)] = &[
    ("annual", "年休假"),
    ("sick", "病假"),
    ("maternity", "产假、陪产假"),
    ("personal", "事假"),
    ("study", "进修学习"),
    ("assigned", "外派"),
    ("other", "其他"),
];

/// The title of a role in a team.
pub fn role_title(word: &str) -> &'static str {
    title(rules::workforce::Role::WORDS, word)
}

/// The title of a post of either kind.
pub fn post_title(word: &str) -> &'static str {
    MAIN_POSTS.iter().chain(OTHER_POSTS).find(|it| it.0 == word).map_or("不详", |it| it.1)
}

/// The title of a word; `不详` where the list does not know it.
pub fn title(list: &'static [(&'static str, &'static str)], word: &str) -> &'static str {
    list.iter().find(|it| it.0 == word).map_or("不详", |it| it.1)
}

/// The titles of the roles a team lacks, as the list keeps them: words parted by blanks.
pub fn roles_of(words: &str) -> Vec<&'static str> {
    words.split_whitespace().map(role_title).collect()
}
