//! The closed lists of leads: (word, title).

use kit::page::Badge;
use rules::ltci::lead::Kind;

pub const KINDS: &[(&str, &str)] = &[
    ("two_homes", "一人两处"),
    ("too_fast", "行程过快"),
    ("not_there", "老人不在"),
    ("same_photo", "照片重复"),
    ("same_place", "定位雷同"),
    ("too_short", "时长过短"),
    ("full_hours", "总是整点"),
    ("assessor_linked", "评估与服务关联"),
    ("ability_differs", "等级与能力不符"),
];

/// How a lead stands.
pub const STATES: &[(&str, &str, Badge)] = &[
    ("open", "待核实", Badge::Warn),
    ("asked", "待机构说明", Badge::Info),
    ("answered", "机构已说明", Badge::Warn),
    ("confirmed", "属实", Badge::Bad),
    ("dismissed", "不属实", Badge::Muted),
];

/// What happened with a lead.
pub const STEPS: &[(&str, &str)] = &[
    ("found", "发现线索"),
    ("ask", "要求说明"),
    ("answer", "机构说明"),
    ("confirm", "认定属实"),
    ("dismiss", "认定不属实"),
    ("recover", "款项追回"),
];

/// The word under which a kind of the rules is kept.
pub fn word(kind: Kind) -> &'static str {
    let at = Kind::ALL.iter().position(|it| *it == kind).unwrap_or(0);
    KINDS[at].0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_those_of_the_rules_with_their_titles() {
        let of_rules: Vec<String> = Kind::ALL.iter().map(|it| it.title().zh).collect();
        let ours: Vec<String> = KINDS.iter().map(|it| it.1.to_string()).collect();
        assert_eq!(ours, of_rules);
    }
}
