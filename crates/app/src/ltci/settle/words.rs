//! The closed lists of settlement, and the rules by which lines are judged: (word, title).

use kit::page::Badge;
pub use kit::table::yuan;
use rules::ltci::settle::Rule;

pub const POSITIONS: &[(&str, &str)] =
    &[("gps", "卫星定位"), ("network", "网络定位"), ("beacon", "室内信标"), ("manual", "人工填写")];

pub const CLAIM_STATES: &[(&str, &str, Badge)] =
    &[("open", "未结算", Badge::Info), ("settled", "已结算", Badge::Ok), ("withdrawn", "已撤回", Badge::Muted)];

pub const SETTLEMENT_STATES: &[(&str, &str, Badge)] =
    &[("draft", "草稿", Badge::Warn), ("confirmed", "已确认", Badge::Info), ("paid", "已支付", Badge::Ok)];

pub const PAYMENT_KINDS: &[(&str, &str, Badge)] =
    &[("month", "月结算", Badge::Plain), ("more", "补发", Badge::Info), ("back", "追回", Badge::Warn)];

pub const PAYMENT_STATES: &[(&str, &str, Badge)] = &[("due", "待办理", Badge::Warn), ("done", "已办理", Badge::Ok)];

pub const SAMPLE_STATES: &[(&str, &str, Badge)] =
    &[("open", "待抽查", Badge::Warn), ("agreed", "相符", Badge::Ok), ("deducted", "扣减", Badge::Bad)];

pub const OBJECTION_STATES: &[(&str, &str, Badge)] =
    &[("open", "待答复", Badge::Warn), ("upheld", "异议成立", Badge::Ok), ("dismissed", "异议不成立", Badge::Muted)];

pub const COMPLAINT_STATES: &[(&str, &str, Badge)] =
    &[("open", "待核查", Badge::Warn), ("founded", "属实", Badge::Bad), ("unfounded", "不属实", Badge::Muted)];

/// What a complaint can be closed with.
pub const FINDINGS: &[(&str, &str)] = &[("founded", "属实"), ("unfounded", "不属实")];

/// What an objection can be answered with.
pub const ANSWERS: &[(&str, &str)] = &[("upheld", "异议成立"), ("dismissed", "异议不成立")];

/// What came of a line that was drawn.
pub const REVIEWS: &[(&str, &str)] = &[("agreed", "相符"), ("deducted", "扣减")];

/// What a rule is called, in its order, and the policy value it rests on; none where it rests on what is known of the person
/// or the institution.
const RULES: [(&str, &str); 18] = [
    ("未参保", ""),
    ("没有待遇", ""),
    ("待遇暂停", ""),
    ("已去世或迁出", ""),
    ("服务方式不符", ""),
    ("不是选定的机构", ""),
    ("机构当日没有协议", ""),
    ("项目不在目录", "服务项目"),
    ("人员没有资格", "服务项目"),
    ("证据不全", ""),
    ("时长不足", "服务项目"),
    ("重复申报", ""),
    ("时间重叠", ""),
    ("超过最高价", "服务项目"),
    ("超过时长限额", "待遇标准"),
    ("超过金额限额", "待遇标准"),
    ("起付线", "每月起付线"),
    ("已由其他保障支付", ""),
];

pub fn rule(number: u8) -> &'static str {
    RULES.get(usize::from(number).wrapping_sub(1)).map_or("", |it| it.0)
}

/// The parameter a rule rests on; empty where it rests on none.
pub fn rests_on(number: u8) -> &'static str {
    RULES.get(usize::from(number).wrapping_sub(1)).map_or("", |it| it.1)
}

/// The rules that an objection can set aside: (number, title).
pub fn waivable() -> Vec<(String, &'static str)> {
    let all = Rule::ALL.into_iter().filter(|it| it.can_be_waived());
    all.map(|it| (it.number().to_string(), rule(it.number()))).collect()
}
