//! All plans, and who has a tier of care and no plan.

use kit::{
    Ask, Result,
    page::{Head, Page},
    table::List,
};
use maud::{Markup, html};

use crate::careplan::{WRITE, list};

pub async fn all(ask: Ask) -> Result<Page> {
    answer(&ask, &list::PLANS).await
}

pub async fn without(ask: Ask) -> Result<Page> {
    answer(&ask, &list::WITHOUT).await
}

async fn answer(ask: &Ask, list: &'static List) -> Result<Page> {
    let head = Head::new(ask.t(list.title)).line(ask.app.places.tree().full_name(&ask.who.scope.place));
    list.answer_below(ask, head, tabs(ask)).await
}

/// The ways between the lists.
fn tabs(ask: &Ask) -> Markup {
    let path = &*ask.path;
    let (state, review) = (ask.param("state"), ask.param("review"));
    let at = |state_is: Option<&str>, review_is: Option<&str>| {
        path == "/careplan" && (state, review) == (state_is, review_is)
    };
    let all = [
        ("/careplan", "全部计划", path == "/careplan" && state != Some("draft") && review != Some("late")),
        ("/careplan?review=late", "逾期未复评", at(None, Some("late"))),
        ("/careplan?state=draft", "待签署", at(Some("draft"), None)),
        ("/careplan/without", "还没有计划", path == "/careplan/without"),
    ];
    html! {
        @if ask.may(WRITE) {
            nav.tabs.no-print aria-label=(ask.t("照护计划")) {
                @for (to, title, here) in all { a href=(to) aria-current=[here.then_some("page")] { (ask.t(title)) } }
            }
        }
    }
}
