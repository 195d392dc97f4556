//! The closed lists of institutions: (word, title).

use kit::page::Badge;

pub use kit::house::ORGANISATION_KINDS as KINDS;

/// Kinds that practise medicine.
pub const MEDICAL: &[&str] = &[
    "community_health_centre",
    "township_health_centre",
    "community_hospital",
    "county_subcentre",
    "hospital",
    "tcm_hospital",
    "nursing_home",
    "rehabilitation",
    "hospice",
    "health_station",
    "village_clinic",
    "clinic",
];
/// Kinds that care for elders.
pub const CARE: &[&str] =
    &["elderly_home", "care_centre", "regional_centre", "day_care", "station", "mutual_house", "home_care"];

pub const LEVELS: &[(&str, &str)] = &[
    ("none", "未定级"),
    ("level1", "一级"),
    ("level2", "二级"),
    ("level3", "三级"),
    ("grade_a", "甲级"),
    ("grade_b", "乙级"),
];

pub const OWNERS: &[(&str, &str)] =
    &[("public", "公办"), ("public_private", "公建民营"), ("private_nonprofit", "民办非营利"), ("private", "民办营利")];

/// How medical and elderly care are joined.
pub const MODES: &[(&str, &str)] = &[
    ("mode_contracted", "签约合作"),
    ("mode_clinic_inside", "养老机构内设医疗机构"),
    ("mode_care_inside", "医疗机构内设养老"),
    ("mode_embedded", "社区嵌入"),
];

pub const MARKS: &[(&str, &str)] = &[
    ("infirmary", "设医务室"),
    ("tcm_hall", "中医馆"),
    ("geriatrics", "老年医学科"),
    ("age_friendly", "老年友善医疗机构"),
    ("green_channel", "老年人绿色通道"),
    ("insurance", "医保定点"),
    ("ltci", "长护险定点"),
    ("internet_nursing", "互联网+护理服务"),
];

pub const SERVICES: &[(&str, &str)] = &[
    ("service_outpatient", "门诊"),
    ("service_inpatient", "住院"),
    ("service_contract", "家庭医生签约"),
    ("service_home_bed", "家庭病床"),
    ("service_visit", "上门服务"),
    ("service_round", "巡诊"),
    ("service_rehabilitation", "康复"),
    ("service_hospice", "安宁疗护"),
    ("service_tcm", "中医药服务"),
    ("service_day_care", "日间照料"),
    ("service_stay", "全托照护"),
    ("service_respite", "喘息服务"),
    ("service_meals", "助餐"),
    ("service_bath", "助浴"),
    ("service_assessment", "能力评估"),
];

/// Beds by kind.
pub const BEDS: &[(&str, &str)] = &[
    ("beds_medical", "医疗床位"),
    ("beds_elderly", "养老床位"),
    ("beds_nursing", "其中护理型床位"),
    ("beds_rehabilitation", "康复床位"),
    ("beds_hospice", "安宁疗护床位"),
    ("beds_home_hospital", "家庭病床"),
    ("beds_home_care", "家庭养老床位"),
];

pub const ENDINGS: &[(&str, &str)] =
    &[("closed", "停业"), ("merged", "合并"), ("moved", "迁出本县(区)"), ("mistake", "误登记")];

pub const LICENSED_BADGES: &[(&str, &str, Badge)] = &[
    ("both", "两证齐全", Badge::Ok),
    ("medical", "仅医疗资质", Badge::Info),
    ("care", "仅养老资质", Badge::Info),
    ("none", "无有效证照", Badge::Warn),
    ("unknown", "待补充", Badge::Muted),
];

/// The title of a word; `不详` where the list does not know it.
pub fn title(list: &'static [(&'static str, &'static str)], word: &str) -> &'static str {
    list.iter().find(|it| it.0 == word).map_or("不详", |it| it.1)
}

/// The title of a fact by its kind.
pub fn fact_title(kind: &str) -> &'static str {
    match kind {
        "level" => "等级",
        "owner" => "举办性质",
        _ => MODES.iter().chain(MARKS).chain(SERVICES).chain(BEDS).find(|it| it.0 == kind).map_or("不详", |it| it.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kinds that are none of both and are not kept here beyond their name.
    const OFFICES: &[&str] = &["assessment", "insurer", "hotline", "authority"];

    #[test]
    fn every_kind_of_organisation_is_medical_or_care_or_an_office() {
        for (word, _) in KINDS.iter().filter(|it| it.0 != "other") {
            let n = [MEDICAL, CARE, OFFICES].iter().filter(|it| it.contains(word)).count();
            assert_eq!(n, 1, "{word}");
        }
    }
}
