//! The closed lists of assessments: (word, title). Titles are the field's standard terms.

use kit::page::Badge;

/// What an assessment is for.
pub const PROGRAMMES: &[(&str, &str)] = &[
    ("ltci", "长护险失能等级评估"),
    ("ability", "老年人能力评估"),
    ("public_health", "公共卫生健康评估"),
    ("scale", "专项量表"),
];

pub const REASONS: &[(&str, &str)] = &[
    ("first", "首次评估"),
    ("regular", "常规评估"),
    ("change", "状态变更"),
    ("review", "复评"),
    ("objection", "异议"),
];

/// The reasons a person can apply with; an objection begins from the assessment it is against.
pub const REASONS_TO_APPLY: &[(&str, &str)] =
    &[("first", "首次评估"), ("regular", "常规评估"), ("change", "状态变更"), ("review", "复评")];

pub const APPLICANTS: &[(&str, &str)] =
    &[("self", "本人"), ("family", "家属"), ("institution", "机构代办"), ("on_behalf", "村(社区)代办")];

pub const SITES: &[(&str, &str)] =
    &[("home", "老人家中"), ("institution", "养老机构"), ("hospital", "医疗机构"), ("centre", "评估站点")];

/// Why an application is not taken up.
///
/// 依据: 医保发〔2023〕29号 不予受理情形 (five, as one city's official page lists them)
pub const REJECTIONS: &[(&str, &str)] = &[
    ("not_enrolled", "未参加长期护理保险"),
    ("not_entitled", "不符合享受待遇的条件"),
    ("outside_fund", "所需费用不属于基金支付范围"),
    ("bad_material", "申请材料不全或不实"),
    ("other", "其他"),
];

pub const EVIDENCE: &[(&str, &str)] = &[("photo", "现场照片"), ("material", "申请材料")];

pub const STATES: &[(&str, &str)] = &[
    ("draft", "草稿"),
    ("submitted", "已提交"),
    ("checking_materials", "材料审核"),
    ("returned", "退补"),
    ("rejected", "不予受理"),
    ("awaiting_dispatch", "待派单"),
    ("assessing", "评估中"),
    ("awaiting_second_signature", "待复核"),
    ("on_notice", "公示"),
    ("effective", "已生效"),
    ("objected", "异议"),
    ("reviewing", "复评"),
    ("expired", "到期"),
    ("change_reported", "变更重评"),
    ("ended", "终止"),
];

pub const STATE_BADGES: &[(&str, &str, Badge)] = &[
    ("draft", "草稿", Badge::Muted),
    ("submitted", "已提交", Badge::Info),
    ("checking_materials", "材料审核", Badge::Info),
    ("returned", "退补", Badge::Warn),
    ("rejected", "不予受理", Badge::Bad),
    ("awaiting_dispatch", "待派单", Badge::Info),
    ("assessing", "评估中", Badge::Warn),
    ("awaiting_second_signature", "待复核", Badge::Info),
    ("on_notice", "公示", Badge::Info),
    ("effective", "已生效", Badge::Ok),
    ("objected", "异议", Badge::Bad),
    ("reviewing", "复评", Badge::Warn),
    ("expired", "到期", Badge::Muted),
    ("change_reported", "变更重评", Badge::Warn),
    ("ended", "终止", Badge::Muted),
];

pub const PROGRAMME_BADGES: &[(&str, &str, Badge)] = &[
    ("ltci", "长护险失能等级评估", Badge::Plain),
    ("ability", "老年人能力评估", Badge::Plain),
    ("public_health", "公共卫生健康评估", Badge::Plain),
    ("scale", "专项量表", Badge::Plain),
];

/// What the audit trail and kept decisions say of assessments.
pub const STORED: &[(&str, &str)] = &[
    ("assessment", "评估"),
    ("assessment.effective", "评估结论生效"),
    ("assessment.expired", "评估结论到期"),
    ("assessment.closed", "评估未作出结论"),
    ("assessments", "评估"),
    ("assessment-notices", "评估结论公示"),
    ("assessments-due", "到期重评"),
    ("answers", "逐项答案"),
    ("sign", "签名"),
    ("self-rating", "申请前自评"),
    ("file", "附件"),
    ("submit", "提交申请"),
    ("accept", "受理"),
    ("return materials", "退补"),
    ("send back", "退回重评"),
    ("approve", "复核通过"),
    ("object", "提出异议"),
    ("dismiss objection", "不支持异议"),
    ("restart", "重新申请"),
    ("reopen", "重新打开"),
    ("end", "终止"),
    ("level", "等级"),
    ("level_name", "等级名称"),
    ("valid_from", "生效"),
    ("valid_until", "到期"),
];

/// The title of a word; the word itself where the list does not know it.
pub fn title<'a>(list: &[(&'static str, &'static str)], word: &'a str) -> &'a str {
    list.iter().find(|it| it.0 == word).map_or(word, |it| it.1)
}

#[cfg(test)]
mod tests {
    use rules::assessment_course::State;

    use super::*;

    #[test]
    fn states_are_those_of_the_rules_with_their_titles() {
        let of_rules: Vec<(String, String)> = State::ALL
            .iter()
            .map(|it| (serde_json::to_value(it).unwrap().as_str().unwrap().to_string(), it.text().zh))
            .collect();
        let ours: Vec<(String, String)> = STATES.iter().map(|it| (it.0.to_string(), it.1.to_string())).collect();
        let badges: Vec<(String, String)> =
            STATE_BADGES.iter().map(|it| (it.0.to_string(), it.1.to_string())).collect();
        assert_eq!(ours, of_rules);
        assert_eq!(badges, of_rules);
    }
}
