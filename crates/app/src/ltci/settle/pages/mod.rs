//! The pages of settlement.

pub mod complaints;
pub mod month;
pub mod review;
pub mod run;
pub mod runs;
pub mod statements;

use kit::{
    Ask, Result,
    page::{Head, Page},
    table::List,
};
use maud::{Markup, html};

use crate::ltci::{AUDIT, COMPLAINTS};

/// A list below the ways between the lists.
pub async fn answer(ask: &Ask, list: &'static List) -> Result<Page> {
    list.answer_below(ask, Head::new(ask.t(list.title)), tabs(ask)).await
}

/// The ways between the lists.
pub fn tabs(ask: &Ask) -> Markup {
    let path = &*ask.path;
    let is_whole = ask.who.scope.organisation.is_none();
    let all = [
        ("/ltci/claims", "申报明细", true),
        ("/ltci/settlements", "月结算", is_whole),
        ("/ltci/samples", "抽查", is_whole && ask.may(AUDIT)),
        ("/ltci/objections", "异议", true),
        ("/ltci/payments", "支付", true),
        ("/ltci/redo", "应重算的月份", is_whole),
        ("/ltci/complaints", "反映", is_whole && ask.may(COMPLAINTS)),
    ];
    html! {
        nav.tabs.no-print aria-label=(ask.t("长护险结算")) {
            @for (to, title, shown) in all {
                @if shown { a href=(to) aria-current=[(path == to).then_some("page")] { (ask.t(title)) } }
            }
        }
    }
}
