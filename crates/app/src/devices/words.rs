//! The closed lists of devices: (word, title).

use kit::page::Badge;
use rules::limits::DeviceKind;

/// Kinds of devices.
pub const KINDS: &[(&str, &str)] = &DeviceKind::WORDS;

/// Kinds that several persons use, each known by a card or number.
pub const SHARED: &[&str] = &["kiosk"];

pub const STATES: &[(&str, &str, Badge)] = &[
    ("stock", "在库", Badge::Muted),
    ("out", "使用中", Badge::Ok),
    ("lost", "遗失", Badge::Warn),
    ("retired", "报废", Badge::Muted),
];

pub const OWNERS: &[(&str, &str)] =
    &[("government", "政府购买"), ("institution", "机构"), ("family", "家庭自购"), ("insurance", "长护险租赁")];

/// Why a device came back.
pub const REASONS: &[(&str, &str)] = &[
    ("returned", "不再使用,退回"),
    ("repair", "送修"),
    ("swapped", "换机"),
    ("moved", "搬家"),
    ("died", "老人已故"),
    ("lost", "遗失"),
    ("retired", "报废"),
];

/// What became of a message nobody understood.
pub const MESSAGES: &[(&str, &str, Badge)] =
    &[("waiting", "待处理", Badge::Warn), ("replayed", "已重放", Badge::Ok), ("dropped", "已忽略", Badge::Muted)];

/// Words that are stored for the audit trail.
pub const STORED: &[(&str, &str)] = &[("device", "设备"), ("device_message", "设备消息"), ("values", "监测数值")];

pub fn title(list: &[(&'static str, &'static str)], word: &str) -> &'static str {
    list.iter().find(|it| it.0 == word).map_or("", |it| it.1)
}
