//! The closed lists of orders: (word, title).

use kit::page::Badge;

pub const STATES: &[(&str, &str)] = &[
    ("placed", "待接单"),
    ("accepted", "已接单,待派单"),
    ("assigned", "已派单"),
    ("under_way", "服务中"),
    ("done", "已完成"),
    ("rated", "已评价"),
    ("refused", "未接单"),
    ("cancelled", "预约已取消"),
];

pub const STATE_BADGES: &[(&str, &str, Badge)] = &[
    ("placed", "待接单", Badge::Warn),
    ("accepted", "已接单,待派单", Badge::Warn),
    ("assigned", "已派单", Badge::Info),
    ("under_way", "服务中", Badge::Info),
    ("done", "已完成", Badge::Ok),
    ("rated", "已评价", Badge::Ok),
    ("refused", "未接单", Badge::Bad),
    ("cancelled", "预约已取消", Badge::Muted),
];

/// Those in which something is still to be done.
pub const OPEN: [&str; 4] = ["placed", "accepted", "assigned", "under_way"];

/// Through whom an order came.
pub const CHANNELS: &[(&str, &str)] =
    &[("family", "家属"), ("hotline", "服务热线"), ("clinician", "医务人员"), ("system", "系统")];

pub const PARTS: &[(&str, &str)] =
    &[("any", "全天都可以"), ("morning", "上午"), ("afternoon", "下午"), ("time", "指定时间")];

pub const SIGNERS: &[(&str, &str)] = &[("self", "老人本人"), ("family", "家属"), ("guardian", "监护人")];

/// Why an institution does not take an order.
pub const REFUSALS: &[(&str, &str)] =
    &[("staff", "没有可派的人"), ("time", "时间约满"), ("unfit", "不适合上门"), ("other", "其他原因")];

/// Conditions that whoever orders may state; the others are in the registry.
pub const STATED: &[(&str, &str)] =
    &[("immobile", "行动不便"), ("recovering", "康复期"), ("terminal", "终末期"), ("discharged", "出院")];

pub const RATINGS: &[(&str, &str)] =
    &[("5", "很满意"), ("4", "满意"), ("3", "一般"), ("2", "不满意"), ("1", "很不满意")];

pub fn title(all: &[(&str, &'static str)], word: &str) -> &'static str {
    all.iter().find(|it| it.0 == word).map_or("", |it| it.1)
}

pub fn badge(state: &str) -> Badge {
    STATE_BADGES.iter().find(|it| it.0 == state).map_or(Badge::Muted, |it| it.2)
}
