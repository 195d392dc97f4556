//! The closed lists of tariff: (word, title); money in words and as it is typed.

use kit::{Ask, Error, Lang, Result, page::Badge};
use rules::base::Money;

/// Kinds of entries of a bill.
pub const ENTRIES: &[(&str, &str)] =
    &[("charge", "收费"), ("correction", "更正"), ("receipt", "收款"), ("refund", "退款")];

pub const WAYS: &[(&str, &str)] = &[("cash", "现金"), ("mobile", "移动支付"), ("card", "银行卡"), ("transfer", "转账")];

/// Who pays a line, `self` beside the words of `Payer`.
pub const PAYERS: &[(&str, &str)] = &[
    ("contract", "家庭医生签约"),
    ("ltci", "长期护理保险"),
    ("public_health", "基本公共卫生服务"),
    ("insurance", "基本医疗保险"),
    (SELF, "个人"),
];
pub const SELF: &str = "self";

/// How a bill stands.
pub const STATES: &[(&str, &str, Badge)] =
    &[("open", "待收款", Badge::Warn), ("over", "待退款", Badge::Bad), ("settled", "已结清", Badge::Ok)];

/// What happens in the book of prepayments.
pub const ADVANCES: &[(&str, &str)] = &[("prepaid", "预付"), ("due", "当月应付"), ("paid", "支付差额")];

pub const RESTS: &[(&str, &str)] = &[("paid", "支付差额"), ("carried", "结转下月")];

/// The two books of an institution.
pub const BOOKS: &[(&str, &str)] = &[("medical", "医疗收支"), ("care", "养老收支")];

/// What is written into a book by hand.
pub const MOVEMENTS: &[(&str, &str)] = &[("income", "收入"), ("expense", "支出")];

/// What a price holds for: levels and owners, and all of them.
pub const ALL_LEVELS: &[(&str, &str)] =
    &[("all", "不分等级"), ("level1", "一级"), ("level2", "二级"), ("level3", "三级")];
pub const ALL_OWNERS: &[(&str, &str)] = &[("all", "不分性质"), ("public", "公立"), ("private", "非公立")];

/// The title of a word, or the word itself.
pub fn title<'a>(list: &[(&'static str, &'static str)], word: &'a str) -> &'a str {
    list.iter().find(|it| it.0 == word).map_or(word, |it| it.1)
}

/// `10 元`, in the reader's language.
pub fn money(ask: &Ask, it: Money) -> String {
    match ask.lang {
        Lang::Zh => it.to_string(),
        Lang::En => it.to_string().replace('元', "yuan"),
    }
}

/// As [`money`], of so many fen.
pub fn fen(ask: &Ask, it: i64) -> String {
    money(ask, Money::from_fen(it))
}

/// What a price is for: `/次`.
pub fn per(ask: &Ask, unit: &str) -> String {
    ask.t(&format!("/{unit}")).to_string()
}

/// An amount as people type it: `12.5`, `12.50 元`, `1,200`.
///
/// # Errors
/// `Invalid` for what is no amount of whole fen, or a negative one.
pub fn typed(field: &'static str, text: &str) -> Result<Money> {
    let mut plain: String = text.chars().filter(|it| !matches!(it, ',' | '，' | '元' | '¥' | ' ')).collect();
    plain.push('元');
    let amount = plain.parse::<Money>().ok().filter(|it| Money::ZERO <= *it);
    amount.filter(|it| it.fen() <= 10_000_000_000).ok_or_else(|| {
        let said = kit::Said::new("“{value}”不是金额,请写作 12.50").with("value", text);
        Error::invalid(field, said)
    })
}

/// The title of a payer; the word itself where it is none.
pub fn payer_title(word: &str) -> &str {
    PAYERS.iter().find(|it| it.0 == word).map_or(word, |it| it.1)
}
