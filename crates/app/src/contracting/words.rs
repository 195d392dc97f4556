//! The closed lists of contracting: (word, title); and money in words.

use kit::{Ask, Lang};
use rules::base::Money;

/// How a contract was signed.
pub const WAYS: &[(&str, &str)] =
    &[("onsite", "当面签字"), ("paper", "纸质协议"), ("online", "网上签约"), ("renewal", "续签")];

pub const SIGNERS: &[(&str, &str)] = &[("self", "老人本人"), ("family", "家属"), ("guardian", "监护人")];

/// Why a contract ended before its time; the first four are given by people.
pub const ENDS: &[(&str, &str)] = &[
    ("wish", "老人或家属要求"),
    ("other_team", "改到其他机构签约"),
    ("mistake", "登记有误"),
    ("other", "其他原因"),
    ("died", "老人去世"),
    ("moved", "老人迁出"),
];

/// The reasons that people give.
pub const ENDS_GIVEN: &[(&str, &str)] = &[ENDS[0], ENDS[1], ENDS[2], ENDS[3]];

pub const REFUSALS: &[(&str, &str)] = &[
    ("no_need", "自觉健康,不需要"),
    ("elsewhere", "在外地或其他机构就医"),
    ("distrust", "不了解或不信任签约服务"),
    ("cost", "担心收费"),
    ("not_reached", "联系不上"),
    ("other", "其他原因"),
];

pub use rules::contracting::Service;

/// The title of a word, or the word itself.
pub fn title(list: &'static [(&'static str, &'static str)], word: &str) -> &'static str {
    list.iter().find(|it| it.0 == word).map_or("", |it| it.1)
}

/// `10 元`, in the reader's language.
pub fn money(ask: &Ask, it: Money) -> String {
    match ask.lang {
        Lang::Zh => it.to_string(),
        Lang::En => it.to_string().replace('元', "yuan"),
    }
}
