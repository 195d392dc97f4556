//! The closed lists of vaccination: (word, title).

use kit::{Ask, page::Badge};

pub const SITES: &[(&str, &str)] = &[("left_arm", "左上臂"), ("right_arm", "右上臂"), ("other", "其他部位")];

pub const CONSENTS: &[(&str, &str)] = &[("signed", "现场签名"), ("paper", "已签纸质同意书")];

pub const REFUSALS: &[(&str, &str)] = &[("refused", "本人不接种"), ("forbidden", "有禁忌"), ("postponed", "暂缓")];

pub const STATES: &[(&str, &str, Badge)] = &[
    ("open", "待接种", Badge::Info),
    ("refused", "本人不接种", Badge::Muted),
    ("forbidden", "有禁忌", Badge::Bad),
    ("postponed", "暂缓", Badge::Warn),
    ("complete", "已完成", Badge::Ok),
];

pub const GRADES: &[(&str, &str)] =
    &[("common", "一般反应"), ("suspected", "疑似异常反应"), ("serious", "严重(死亡、残疾、群体性)")];

pub const GRADE_BADGES: &[(&str, &str, Badge)] = &[
    ("common", "一般反应", Badge::Info),
    ("suspected", "疑似异常反应", Badge::Warn),
    ("serious", "严重(死亡、残疾、群体性)", Badge::Bad),
];

pub const OUTCOMES: &[(&str, &str)] =
    &[("recovered", "痊愈"), ("better", "好转"), ("same", "未好转"), ("sequela", "有后遗症"), ("died", "死亡")];

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
