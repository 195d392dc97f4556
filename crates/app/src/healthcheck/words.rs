//! The closed lists of the yearly check: (word, title).

use kit::page::Badge;

pub const STATES: &[(&str, &str)] = &[("open", "进行中"), ("finished", "已完成")];

pub const STATE_BADGES: &[(&str, &str, Badge)] = &[("open", "进行中", Badge::Warn), ("finished", "已完成", Badge::Ok)];

/// What came of a call.
pub const CALL_RESULTS: &[(&str, &str)] = &[("agreed", "已约"), ("no_answer", "未接"), ("declined", "拒绝")];

pub const CALL_BADGES: &[(&str, &str, Badge)] = &[
    ("", "未联系", Badge::Muted),
    ("agreed", "已约", Badge::Ok),
    ("no_answer", "未接", Badge::Warn),
    ("declined", "拒绝", Badge::Bad),
];

/// The sections by their word, in the order of the form.
pub const SECTIONS: &[(&str, &str)] = &[
    ("lifestyle", "生活方式"),
    ("selfcare", "生活自理"),
    ("examination", "体格检查"),
    ("laboratory", "化验"),
    ("imaging", "心电图与B超"),
    ("guidance", "健康指导"),
];

pub fn title(all: &[(&str, &'static str)], word: &str) -> &'static str {
    all.iter().find(|it| it.0 == word).map_or("", |it| it.1)
}
