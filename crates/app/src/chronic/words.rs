//! The closed lists of chronic-disease management: (word, title).

use kit::{Ask, page::Badge};
use rules::chronic::Step;

/// The diseases kept, with the usual code of each; the first two are followed up by the norm.
pub const DISEASES: &[(&str, &str)] = &[
    ("hypertension", "高血压"),
    ("diabetes", "2型糖尿病"),
    ("copd", "慢性阻塞性肺疾病"),
    ("stroke", "脑卒中"),
    ("coronary", "冠心病"),
    ("cancer", "恶性肿瘤"),
    ("mental", "严重精神障碍"),
    ("kidney", "慢性肾脏病"),
    ("other", "其他慢性病"),
];

/// The code of ICD-10 that is meant where none is written.
pub const CODES: &[(&str, &str)] = &[
    ("hypertension", "I10"),
    ("diabetes", "E11"),
    ("copd", "J44"),
    ("stroke", "I64"),
    ("coronary", "I25"),
    ("cancer", "C80"),
    ("mental", "F20"),
    ("kidney", "N18"),
];

pub const END_REASONS: &[(&str, &str)] = &[
    ("mistake", "误诊或登记有误"),
    ("cured", "已治愈"),
    ("elsewhere", "转由其他机构管理"),
    ("unwilling", "本人不愿接受管理"),
];

pub const MODES: &[(&str, &str)] = &[("clinic", "门诊"), ("home", "上门"), ("phone", "电话"), ("family", "询问家属")];

pub const CLASSES: &[(&str, &str, Badge)] = &[
    ("", "—", Badge::Muted),
    ("not_measured", "未测", Badge::Muted),
    ("satisfactory", "控制满意", Badge::Ok),
    ("unsatisfactory", "控制不满意", Badge::Warn),
    ("adverse", "不良反应", Badge::Warn),
    ("complication", "并发症", Badge::Bad),
];

pub const STEPS: &[(&str, &str, Badge)] = &[
    ("continue", "按期随访", Badge::Ok),
    ("adjust", "调整用药,两周内复访", Badge::Warn),
    ("refer", "建议转诊,两周内随访", Badge::Bad),
    ("refer_at_once", "紧急转诊,两周内随访", Badge::Bad),
];

pub const ADHERENCE: &[(&str, &str)] = &[("regular", "规律"), ("irregular", "间断"), ("none", "不服药")];

pub const SALT: &[(&str, &str)] = &[("light", "轻"), ("medium", "中"), ("heavy", "重")];

/// 足背动脉搏动 of people with diabetes.
pub const FOOT: &[(&str, &str)] = &[("present", "触及正常"), ("weak", "减弱"), ("absent", "消失")];

pub const DUE: &[(&str, &str, Badge)] = &[
    ("", "—", Badge::Muted),
    ("first", "首次随访", Badge::Info),
    ("visit", "定期随访", Badge::Info),
    ("again", "两周复访", Badge::Warn),
    ("referral", "转诊随访", Badge::Bad),
];

pub const CAUSES: &[(&str, &str, Badge)] = &[
    ("never", "没有记录", Badge::Warn),
    ("everybody", "一般人群", Badge::Info),
    ("at_risk", "高危", Badge::Warn),
    ("again", "须复查", Badge::Bad),
];

pub const REFERRAL_RESULTS: &[(&str, &str)] = &[
    ("treated", "已就诊,调整治疗"),
    ("admitted", "已住院"),
    ("unchanged", "已就诊,治疗不变"),
    ("not_gone", "未就诊,已再次劝诊"),
];

/// The title of a word.
pub fn title<'a>(words: &[(&'static str, &'static str)], word: &'a str) -> &'a str {
    words.iter().find(|it| it.0 == word).map_or(word, |it| it.1)
}

/// The badge of a word.
pub fn badge(ask: &Ask, words: &[(&'static str, &'static str, Badge)], word: &str) -> maud::Markup {
    let found = words.iter().find(|it| it.0 == word);
    let (title, kind) = found.map_or((word, Badge::Muted), |it| (it.1, it.2));
    kit::page::badge(kind, ask.t(title))
}

/// The title of a step.
pub fn step(step: Step) -> &'static str {
    STEPS.iter().find(|it| it.0 == step.word()).map_or("", |it| it.1)
}

/// Titles of several diseases kept as `hypertension diabetes`.
pub fn diseases(ask: &Ask, kept: &str) -> String {
    let titles: Vec<&str> = kept.split_whitespace().map(|it| ask.t(title(DISEASES, it))).collect();
    titles.join(ask.t("、"))
}
