//! The closed lists of dispatch: (word, title).

use kit::page::Badge;

pub const STATES: &[(&str, &str, Badge)] =
    &[("draft", "编排中", Badge::Info), ("published", "已发布", Badge::Ok), ("dropped", "已作废", Badge::Muted)];

/// How far the solver has come.
pub const PROGRESS: &[(&str, &str, Badge)] = &[
    ("waiting", "等待求解", Badge::Info),
    ("running", "正在求解", Badge::Info),
    ("done", "求解完成", Badge::Ok),
    ("stopped", "已停止,用到目前最好的", Badge::Ok),
    ("failed", "求解失败", Badge::Bad),
];

/// Words that are stored for the audit trail.
pub const STORED: &[(&str, &str)] = &[("dispatch_plan", "派单方案")];
