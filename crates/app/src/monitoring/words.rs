//! The closed lists of alarms: (word, title).

use kit::page::Badge;
use rules::alarm::Kind;

/// How far a case has come.
pub const STATES: &[(&str, &str, Badge)] = &[
    ("raised", "待接警", Badge::Bad),
    ("acknowledged", "已接警", Badge::Warn),
    ("departed", "在路上", Badge::Warn),
    ("arrived", "已到达", Badge::Info),
    ("closed", "已结案", Badge::Ok),
];

/// What an alarm was about, with how it looks in a list.
pub const KINDS: &[(&str, &str, Badge)] = &[
    ("sos", "紧急呼叫", Badge::Plain),
    ("fall", "跌倒", Badge::Plain),
    ("smoke", "烟雾", Badge::Plain),
    ("gas", "燃气", Badge::Plain),
    ("water", "漏水", Badge::Plain),
    ("vital", "体征异常", Badge::Plain),
    ("still", "久无活动", Badge::Plain),
    ("silent", "设备失联", Badge::Plain),
];

/// Whether there was need of help, and if not, why it was raised.
pub const VERDICTS: &[(&str, &str)] =
    &[("true", "情况属实"), ("mistake", "误触误报"), ("test", "测试"), ("device", "设备故障")];

pub const VERDICT_BADGES: &[(&str, &str, Badge)] = &[
    ("", "—", Badge::Plain),
    ("true", "情况属实", Badge::Bad),
    ("mistake", "误触误报", Badge::Muted),
    ("test", "测试", Badge::Muted),
    ("device", "设备故障", Badge::Warn),
];

/// Where an alarm came from.
pub const SOURCES: &[(&str, &str)] = &[("device", "设备"), ("call", "电话")];

/// What happened to a case.
pub const ENTRIES: &[(&str, &str)] = &[
    ("raised", "报警"),
    ("again", "再次报警"),
    ("eased", "恢复正常"),
    ("step", "自动升级"),
    ("late", "催办"),
    ("unsent", "没有通知到"),
    ("acknowledged", "接警"),
    ("returned", "交回"),
    ("sent", "派人"),
    ("departed", "出发"),
    ("arrived", "到达"),
    ("closed", "结案"),
    ("reopened", "撤销结案"),
    ("informed", "告知家属"),
    ("followed", "跟进完成"),
    ("note", "备注"),
    ("corrected", "更正"),
];

/// Words that are stored for the audit trail.
pub const STORED: &[(&str, &str)] = &[("alarm_case", "报警事件"), ("alarm_centre", "报警处置中心")];

pub const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

/// The title of a word; the word itself where the list has none.
pub fn title<'a>(all: &[(&str, &'static str)], word: &'a str) -> &'a str {
    all.iter().find(|it| it.0 == word).map_or(word, |it| it.1)
}

/// As [`title`], of a list with badges.
pub fn badge_of(all: &[(&str, &'static str, Badge)], word: &str) -> (&'static str, Badge) {
    all.iter().find(|it| it.0 == word).map_or(("", Badge::Muted), |it| (it.1, it.2))
}

/// The sign of a kind.
pub fn icon_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Sos => "bell",
        Kind::Fall => "person-exclamation",
        Kind::Smoke | Kind::Gas => "fire",
        Kind::Water => "droplet",
        Kind::Vital => "heart-pulse",
        Kind::Still => "hourglass-split",
        Kind::Silent => "wifi-off",
    }
}
