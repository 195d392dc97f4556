//! The closed lists of Chinese medicine for elders: (word, title).

use kit::page::Badge;

/// What a questionnaire came to.
pub const STATES: &[(&str, &str)] =
    &[("settled", "已判定"), ("tie", "待中医师判定"), ("contradictory", "待核对"), ("nothing", "待重新采集")];

pub const STATE_BADGES: &[(&str, &str, Badge)] = &[
    ("settled", "已判定", Badge::Ok),
    ("tie", "待中医师判定", Badge::Warn),
    ("contradictory", "待核对", Badge::Bad),
    ("nothing", "待重新采集", Badge::Warn),
];

/// The nine types.
pub const CONSTITUTIONS: &[(&str, &str)] = &[
    ("平和质", "平和质"),
    ("气虚质", "气虚质"),
    ("阳虚质", "阳虚质"),
    ("阴虚质", "阴虚质"),
    ("痰湿质", "痰湿质"),
    ("湿热质", "湿热质"),
    ("血瘀质", "血瘀质"),
    ("气郁质", "气郁质"),
    ("特禀质", "特禀质"),
];

pub fn title(all: &[(&str, &'static str)], word: &str) -> &'static str {
    all.iter().find(|it| it.0 == word).map_or("", |it| it.1)
}
