//! The closed lists of long-term-care insurance: (word, title), and what the words stand for in the rules.

use kit::{Error, Result, page::Badge};
use rules::{
    base::Money,
    ltci::{BonusChoice, Kind, Mode, Purse, Qualification},
};

pub const MODES: &[(&str, &str)] = &[
    ("home", "居家组合护理"),
    ("visiting", "机构上门护理"),
    ("residential", "机构集中护理"),
    ("medical", "医疗专护"),
    ("self_arranged", "居家自主护理"),
];

const MODE_VALUES: [Mode; 5] = [Mode::Home, Mode::Visiting, Mode::Residential, Mode::Medical, Mode::SelfArranged];

pub const KINDS: &[(&str, &str)] = &[
    ("employee", "在职职工"),
    ("retiree", "退休人员"),
    ("flexible", "灵活就业人员"),
    ("resident", "城乡居民"),
    ("minor", "未成年人"),
];

const KIND_VALUES: [Kind; 5] = [Kind::Employee, Kind::Retiree, Kind::Flexible, Kind::Resident, Kind::Minor];

pub const QUALIFICATIONS: &[(&str, &str)] = &[
    ("nurse", "执业护士"),
    ("long_term_carer", "长期照护师"),
    ("care_worker", "养老护理员"),
    ("relative", "家属照护者"),
];

const QUALIFICATION_VALUES: [Qualification; 4] =
    [Qualification::Nurse, Qualification::LongTermCarer, Qualification::CareWorker, Qualification::Relative];

pub const BONUSES: &[(&str, &str)] = &[("hours", "增加时长"), ("money", "领取金额")];

pub const APPLICANTS: &[(&str, &str)] =
    &[("self", "老人本人"), ("family", "家属"), ("institution", "机构代办"), ("agent", "其他代办人")];

/// How an application stands.
pub const STATES: &[(&str, &str, Badge)] = &[
    ("assessing", "评估中", Badge::Info),
    ("deciding", "待决定", Badge::Warn),
    ("granted", "已批准", Badge::Ok),
    ("denied", "不符合条件", Badge::Bad),
    ("refused", "不予受理", Badge::Bad),
    ("withdrawn", "已撤回", Badge::Muted),
];

/// The five reasons for which an application is not taken up.
pub use crate::assessment::REJECTIONS as REFUSALS;

/// What the rules say against a claim.
pub const DENIALS: &[(&str, &str)] =
    &[("not_insured", "未参保"), ("grade_too_low", "未达最低失能等级"), ("mode_not_paid", "当地不支付该服务方式")];

/// Why a benefit began, changed or ended.
pub const REASONS: &[(&str, &str)] = &[
    ("granted", "批准待遇"),
    ("grade", "等级变更"),
    ("mode", "变更服务方式"),
    ("provider", "变更机构"),
    ("died", "去世"),
    ("recovered", "恢复,不再符合等级"),
    ("moved", "迁出"),
    ("expired", "评估结论到期"),
    ("not_insured", "停保"),
    ("wish", "本人放弃"),
];

/// The reasons that people give for an end.
pub const ENDS: &[(&str, &str)] = &[REASONS[5], REASONS[8], REASONS[9]];

/// Why a benefit is paused.
pub const PAUSES: &[(&str, &str)] =
    &[("hospital", "住院"), ("away", "外出"), ("other_benefit", "享受其他同类待遇"), ("inquiry", "核查期间暂停")];

/// How a provider stands.
pub const PROVIDER_STATES: &[(&str, &str, Badge)] = &[
    ("planned", "协议未开始", Badge::Info),
    ("running", "协议有效", Badge::Ok),
    ("suspended", "暂停服务", Badge::Warn),
    ("ended", "协议终止", Badge::Muted),
];

/// Why an institution is suspended.
pub const SUSPENSIONS: &[(&str, &str)] =
    &[("violation", "违反协议"), ("inquiry", "接受核查"), ("rectify", "限期整改"), ("request", "机构申请")];

/// What came of a year's evaluation.
pub const RESULTS: &[(&str, &str)] =
    &[("excellent", "优秀"), ("good", "良好"), ("passed", "合格"), ("failed", "不合格")];

/// An amount as people type it, in yuan with or without the word.
pub fn yuan(text: &str) -> Option<Money> {
    let text = text.trim();
    if text.ends_with('元') { text.parse().ok() } else { format!("{text} 元").parse().ok() }
}

/// The title of a word, or the word itself.
pub fn title<'a>(list: &[(&'static str, &'static str)], word: &'a str) -> &'a str {
    list.iter().find(|it| it.0 == word).map_or(word, |it| it.1)
}

/// As [`title`], and the badge it is shown in.
pub fn shown<'a>(list: &[(&'static str, &'static str, Badge)], word: &'a str) -> (&'a str, Badge) {
    list.iter().find(|it| it.0 == word).map_or((word, Badge::Muted), |it| (it.1, it.2))
}

pub fn mode(word: &str) -> Result<Mode> {
    value(MODES, &MODE_VALUES, word)
}

pub fn mode_word(mode: Mode) -> &'static str {
    word(MODES, &MODE_VALUES, mode)
}

pub fn kind(word: &str) -> Result<Kind> {
    value(KINDS, &KIND_VALUES, word)
}

pub fn kind_word(kind: Kind) -> &'static str {
    word(KINDS, &KIND_VALUES, kind)
}

pub fn qualification(word: &str) -> Result<Qualification> {
    value(QUALIFICATIONS, &QUALIFICATION_VALUES, word)
}

pub const PURSES: &[(&str, &str)] =
    &[("employer", "用人单位"), ("person", "个人"), ("treasury", "财政"), ("medical", "医保统筹基金")];

const PURSE_VALUES: [Purse; 4] = [Purse::Employer, Purse::Person, Purse::Treasury, Purse::MedicalFund];

pub fn purse_word(purse: Purse) -> &'static str {
    word(PURSES, &PURSE_VALUES, purse)
}

pub fn purse(word: &str) -> Result<Purse> {
    value(PURSES, &PURSE_VALUES, word)
}

pub fn bonus(word: &str) -> BonusChoice {
    if word == "money" { BonusChoice::Money } else { BonusChoice::Hours }
}

fn value<T: Copy>(words: &[(&str, &str)], values: &[T], word: &str) -> Result<T> {
    let at = words.iter().position(|it| it.0 == word);
    at.and_then(|at| values.get(at)).copied().ok_or_else(|| Error::internal(format!("no such word: {word}")))
}

fn word<T: PartialEq>(words: &[(&'static str, &str)], values: &[T], value: T) -> &'static str {
    values.iter().position(|it| *it == value).map_or("", |at| words[at].0)
}
