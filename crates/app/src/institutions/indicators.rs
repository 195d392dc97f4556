//! The numbers institutions are governed by.

use kit::tally::{Better, Count, Indicator, PERSON, Unit};

use super::marks::INSTITUTION;

const fn count(marks: &'static [&'static str]) -> Count {
    Count::new(INSTITUTION, marks)
}

const HOMES: Count = count(&["institutions.elderly_home"]);

/// A share of the residential elderly-care institutions.
const fn of_homes(id: &'static str, title: &'static str, marks: &'static [&'static str]) -> Indicator {
    Indicator::share(id, title, count(marks), HOMES).document("my-reply-2017")
}

const fn number(id: &'static str, title: &'static str, marks: &'static [&'static str]) -> Indicator {
    Indicator::number(id, title, "家", count(marks)).formula("当日在册、未停用的机构数")
}

pub const ALL: &[Indicator] = &[
    number("elderly_institutions", "养老机构数", &["institutions.elderly_home"]).document("my-reply-2017"),
    number("medical_institutions", "医疗卫生机构数", &["institutions.medical"]).document("my-reply-2017"),
    number("community_health_centres", "社区卫生服务中心数", &["institutions.community_health_centre"])
        .document("jl-reply-2020"),
    number("township_health_centres", "乡镇卫生院数", &["institutions.township_health_centre"])
        .document("jl-reply-2020"),
    of_homes("inst_med_cover", "养老机构医养结合覆盖率", &["institutions.elderly_home", "institutions.with_medicine"])
        .formula("签约合作、内设医疗机构、医疗机构举办、社区嵌入或设医务室的养老机构 ÷ 养老机构")
        .document("jl-reply-2020"),
    of_homes("contract_share", "养老机构签约合作比例", &["institutions.elderly_home", "institutions.contracted"])
        .formula("与医疗机构签约合作的养老机构 ÷ 养老机构"),
    of_homes("infirmary_share", "设医务室的养老机构比例", &["institutions.elderly_home", "institutions.infirmary"])
        .formula("设有医务室的养老机构 ÷ 养老机构"),
    of_homes(
        "internal_medical_share",
        "内设医疗机构的养老机构比例",
        &["institutions.elderly_home", "institutions.clinic_inside"],
    )
    .formula("内设医疗机构的养老机构 ÷ 养老机构"),
    number(
        "internal_medical",
        "内设医疗机构的养老机构数",
        &["institutions.elderly_home", "institutions.clinic_inside"],
    )
    .document("ln-reply-2025"),
    number("medical_with_care", "延伸养老服务的医疗机构数", &["institutions.medical", "institutions.care_inside"])
        .document("ln-reply-2025"),
    number("paired_cert", "两证齐全的医养结合机构数", &["institutions.both_licences"])
        .formula("当日医疗、养老资质证照都有效的机构")
        .document("nhc-ageing-2022-25"),
    number(
        "care_centres",
        "两证齐全的社区(乡镇)医养结合中心数",
        &["institutions.care_centre", "institutions.both_licences"],
    )
    .document("cq-reply-2025"),
    Indicator::number(
        "care_centre_beds",
        "医养结合中心床位数",
        "张",
        count(&["institutions.care_centre", "institutions.both_licences", "institutions.beds_elderly"]),
    )
    .formula("两证齐全的社区(乡镇)医养结合中心的养老床位")
    .document("cq-reply-2025"),
    Indicator::share(
        "township_grade_a",
        "甲级乡镇卫生院比例",
        count(&["institutions.township_health_centre", "institutions.grade_a"]),
        count(&["institutions.township_health_centre"]),
    )
    .formula("甲级乡镇卫生院 ÷ 乡镇卫生院")
    .document("cq-reply-2025"),
    number("county_subcentres", "县域医疗次中心数", &["institutions.county_subcentre"]).document("cq-reply-2025"),
    number("community_hospitals", "社区医院数", &["institutions.community_hospital"]).document("cq-reply-2025"),
    Indicator::share(
        "green_channel",
        "老年人绿色通道开通率",
        count(&["institutions.green_due", "institutions.green_channel"]),
        count(&["institutions.green_due"]),
    )
    .formula("已开通绿色通道的医疗机构 ÷ 应开通的医疗机构(不含诊所、门诊部、村卫生室、社区卫生服务站)")
    .document("my-reply-2017"),
    Indicator::share(
        "geri_dept",
        "二级及以上综合医院老年医学科设置率",
        count(&["institutions.geriatrics_due", "institutions.geriatrics"]),
        count(&["institutions.geriatrics_due"]),
    )
    .formula("设老年医学科的二级及以上公立综合医院 ÷ 二级及以上公立综合医院")
    .document("xa-plan-2024"),
    number(
        "geriatric_hospitals",
        "设老年医学科的二级及以上医院数",
        &["institutions.level2", "institutions.geriatrics"],
    )
    .document("my-reply-2017"),
    number("tcm_halls", "设中医馆的机构数", &["institutions.tcm_hall"]).document("xa-plan-2024"),
    number("age_friendly_institutions", "老年友善医疗机构数", &["institutions.medical", "institutions.age_friendly"])
        .document("nhc-ageing-2022-25"),
    number(
        "internet_nursing_institutions",
        "开展“互联网+护理服务”的医疗机构数",
        &["institutions.medical", "institutions.internet_nursing"],
    )
    .document("ln-reply-2025"),
    number("day_care_centres", "日间照料中心数", &["institutions.day_care"]).document("my-reply-2017"),
    number("mutual_houses", "农村互助养老院数", &["institutions.mutual_house"]).document("my-reply-2017"),
    number("regional_centres", "区域养老服务中心数", &["institutions.regional_centre"]).document("my-reply-2017"),
    Indicator::number("elderly_beds", "养老床位数", "张", count(&["institutions.beds_elderly"]))
        .formula("当日未停用机构的养老床位")
        .document("my-reply-2017"),
    Indicator::share(
        "beds_per_1000",
        "每千名老年人养老床位数",
        count(&["institutions.beds_elderly"]),
        Count::new(PERSON, &["elders.aged60"]),
    )
    .formula("养老床位 ÷ 60岁及以上老年人 × 1000")
    .unit(Unit::PerThousand)
    .document("my-reply-2017")
    .better(Better::More),
];
