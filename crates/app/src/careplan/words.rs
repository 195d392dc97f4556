//! The closed lists of care plans: (word, title).

use kit::{Ask, page::Badge};
pub use rules::care_plan::{Payer, Phase, Place, Profession};
use rules::{contracting::Service, rounds::Period};

pub const STATES: &[(&str, &str)] =
    &[("draft", "拟订中"), ("agreed", "已签署"), ("in_force", "执行中"), ("ended", "已终止")];

pub const STATE_BADGES: &[(&str, &str, Badge)] = &[
    ("draft", "拟订中", Badge::Warn),
    ("agreed", "已签署", Badge::Info),
    ("in_force", "执行中", Badge::Ok),
    ("ended", "已终止", Badge::Muted),
];

pub const PHASE_BADGES: &[(&str, &str, Badge)] = &[
    ("treatment", "治疗期", Badge::Warn),
    ("recovery", "康复期", Badge::Info),
    ("stable", "稳定期", Badge::Ok),
    ("hospice", "安宁疗护期", Badge::Muted),
];

/// What nobody but the elder and those around them can say.
pub const WISHES: &[(&str, &str)] = &[
    ("under_treatment", "正在家中治疗"),
    ("discharged", "近期出院"),
    ("hospice", "希望以舒适为主,不再积极治疗"),
    ("at_home", "希望留在家里"),
    ("institution", "愿意住养老机构"),
    ("tcm", "愿意接受中医服务"),
];

/// Why there is a new version.
pub const KINDS: &[(&str, &str)] = &[("draft", "拟订"), ("change", "修改"), ("phase", "变更阶段"), ("review", "复评")];

/// What a line says.
pub const LINES: &[(&str, &str)] = &[("service", "照护服务"), ("problem", "照护问题"), ("goal", "照护目标")];

pub const EVERY: &[(&str, &str)] = &[("week", "每周"), ("month", "每月"), ("quarter", "每季"), ("year", "每年")];

/// Who signs.
pub const SIGNERS: &[(&str, &str)] =
    &[("doctor", "医生"), ("self", "老人本人"), ("family", "家属"), ("guardian", "监护人")];
/// Those of them who sign for the elder.
pub const FOR_ELDER: &[(&str, &str)] = &[SIGNERS[1], SIGNERS[2], SIGNERS[3]];

/// Why a plan ended; the first four are given by people.
pub const ENDS: &[(&str, &str)] = &[
    ("refused", "老人或家属拒绝"),
    ("institution", "入住机构,改由机构制定"),
    ("reached", "目标达到,不再需要"),
    ("other", "其他原因"),
    ("died", "老人去世"),
    ("moved", "老人迁出"),
    ("merged", "档案合并,以另一份计划为准"),
];
pub const ENDS_GIVEN: &[(&str, &str)] = &[ENDS[0], ENDS[1], ENDS[2], ENDS[3]];

/// The title of a word, or nothing.
pub fn title(list: &'static [(&'static str, &'static str)], word: &str) -> &'static str {
    list.iter().find(|it| it.0 == word).map_or("", |it| it.1)
}

/// What another programme owes, in words.
pub fn duty(stem: &str) -> &'static str {
    match stem {
        "chronic" => "慢病随访",
        "healthcheck" => "健康体检",
        "tcm" => "中医药健康管理",
        "vaccination" => "老年人接种",
        "assessment" => "评估",
        other => title(Service::WORDS, other.strip_prefix("contract:").unwrap_or(other)),
    }
}

pub fn every(word: &str) -> Period {
    match word {
        "week" => Period::Week,
        "month" => Period::Month,
        "quarter" => Period::Quarter,
        _ => Period::Year,
    }
}

pub fn every_word(it: Period) -> &'static str {
    match it {
        Period::Week => "week",
        Period::Month => "month",
        Period::Quarter => "quarter",
        Period::Year => "year",
    }
}

/// Professions as they are kept, one after the other.
pub fn professions(kept: &str) -> Vec<Profession> {
    kept.split_whitespace().filter_map(Profession::parse).collect()
}

pub fn professions_word(all: &[Profession]) -> String {
    all.iter().map(|it| it.word()).collect::<Vec<_>>().join(" ")
}

/// Professions in the reader's language.
pub fn professions_title(ask: &Ask, all: &[Profession]) -> String {
    all.iter().map(|it| ask.t(it.title())).collect::<Vec<_>>().join(ask.t("、"))
}

/// `每周 3 次`, in the reader's language.
pub fn often(ask: &Ask, times: i64, every: &str) -> String {
    match every {
        "week" => ask.f("每周 {n} 次", &[("n", &times)]),
        "month" => ask.f("每月 {n} 次", &[("n", &times)]),
        "quarter" => ask.f("每季 {n} 次", &[("n", &times)]),
        _ => ask.f("每年 {n} 次", &[("n", &times)]),
    }
}
