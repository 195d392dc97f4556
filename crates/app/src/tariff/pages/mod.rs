//! The pages of tariff.

pub mod ask;
pub mod bill;
pub mod bills;
pub mod institutions;
pub mod prices;
pub mod statement;

use kit::{
    Ask,
    page::{Badge, badge},
};
use maud::{Markup, html};

use super::{BILLS, BOOK, READ};

/// From one list to the other.
fn tabs(ask: &Ask) -> Markup {
    let all = [
        ("/tariff", "在行价格", READ),
        ("/tariff/catalogue", "本地价格目录", READ),
        ("/tariff/bills", "账单", BILLS),
        ("/tariff/institutions", "收费机构", BOOK),
    ];
    html! {
        nav.tabs.no-print aria-label=(ask.t("价格与收费")) {
            @for (to, title, perm) in all {
                @if ask.may(perm) { a href=(to) aria-current=[(*ask.path == *to).then_some("page")] { (ask.t(title)) } }
            }
        }
    }
}

/// 示例, where a price was invented for demonstration.
fn example(ask: &Ask, is_example: bool) -> Markup {
    html! { @if is_example { " " (badge(Badge::Example, ask.t("示例"))) } }
}
