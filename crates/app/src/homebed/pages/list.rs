//! All beds, and what is due at them.

use kit::{
    Ask, Result,
    page::{Head, Page, crumbs, icon},
};
use maud::html;

use crate::homebed::{CARE, list};

pub async fn all(ask: Ask) -> Result<Page> {
    let actions = html! {
        @if ask.may(CARE) { a.btn.btn-primary href="/homebed/due" { (icon("calendar-event")) (ask.t("家庭床位待办")) } }
    };
    list::BEDS.answer(&ask, Head::new(ask.t("家庭床位")).actions(actions)).await
}

pub async fn due(ask: Ask) -> Result<Page> {
    let title = ask.t("家庭床位待办");
    let way = crumbs(&ask, &[("/homebed", ask.t("家庭床位")), ("", title)]);
    list::DUE.answer(&ask, Head::new(title).crumbs(way)).await
}
