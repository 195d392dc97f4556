//! The closed lists of visits: (word, title).

use kit::page::Badge;

/// How far a visit has come.
pub const STATES: &[(&str, &str, Badge)] = &[
    ("planned", "待上门", Badge::Info),
    ("under_way", "进行中", Badge::Info),
    ("done", "已完成", Badge::Ok),
    ("missed", "未服务成", Badge::Warn),
    ("cancelled", "上门已取消", Badge::Muted),
];

/// What the checks come to.
pub const VERDICTS: &[(&str, &str, Badge)] = &[
    ("", "—", Badge::Muted),
    ("verified", "已核验", Badge::Ok),
    ("incomplete", "证据不全", Badge::Warn),
    ("doubtful", "存疑", Badge::Bad),
];

pub const FINDINGS: &[(&str, &str, Badge)] =
    &[("passed", "通过", Badge::Ok), ("unknown", "不明", Badge::Warn), ("failed", "不符", Badge::Bad)];

/// For which programme somebody comes.
pub const PROGRAMMES: &[(&str, &str)] = &[
    ("public_health", "公共卫生"),
    ("contract", "家庭医生签约"),
    ("home_bed", "家庭病床"),
    ("order", "上门服务订单"),
    ("rounds", "巡诊和探访"),
    ("care_plan", "照护计划"),
    ("ltci", "长期护理保险"),
    ("alarm", "报警处置"),
    ("visit", "上门"),
];

/// Why nobody was served.
pub const MISSED: &[(&str, &str)] =
    &[("nobody", "家里没人"), ("refused", "老人或家属拒绝"), ("hospital", "老人住院"), ("other", "其他原因")];

/// What somebody did on a phone.
pub const EVENTS: &[(&str, &str)] = &[
    ("begin", "到达"),
    ("task", "服务项目"),
    ("photo", "照片"),
    ("signature", "签名"),
    ("material", "用料"),
    ("end", "离开"),
    ("missed", "未服务成"),
    ("unplanned", "临时上门"),
    ("change", "更正资料"),
    ("sos", "求助"),
    ("lost", "声明记录丢失"),
];

pub const ALARMS: &[(&str, &str, Badge)] =
    &[("open", "待处理", Badge::Bad), ("taken", "处理中", Badge::Warn), ("closed", "已解除", Badge::Ok)];

pub const CORRECTIONS: &[(&str, &str, Badge)] = &[
    ("waiting", "待第二人确认", Badge::Warn),
    ("confirmed", "已更正", Badge::Ok),
    ("refused", "未同意", Badge::Muted),
];

/// Words that are stored for the audit trail.
pub const STORED: &[(&str, &str)] = &[
    ("visit", "上门"),
    ("visit_phone", "上门手机"),
    ("visit_alarm", "上门人员求助"),
    ("offer", "登记码"),
    ("revoke", "停用"),
    ("lost", "声明记录丢失"),
];

/// The title of a word; the word itself where the list has none.
pub fn title<'a>(all: &[(&str, &'static str)], word: &'a str) -> &'a str {
    all.iter().find(|it| it.0 == word).map_or(word, |it| it.1)
}

/// As [`title`], of a list with badges.
pub fn badge_of(all: &[(&str, &'static str, Badge)], word: &str) -> (&'static str, Badge) {
    all.iter().find(|it| it.0 == word).map_or(("", Badge::Muted), |it| (it.1, it.2))
}
