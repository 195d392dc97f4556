//! The lists: tasks, and what is to be followed up.

use kit::{
    Ask, Result,
    page::{Head, Page},
};

use super::{tabs, way};
use crate::rounds::list;

pub async fn tasks(ask: Ask) -> Result<Page> {
    let title = ask.t("巡访任务");
    list::TASKS.answer_below(&ask, Head::new(title).crumbs(way(&ask, title)), tabs(&ask)).await
}

pub async fn follow(ask: Ask) -> Result<Page> {
    let title = ask.t("巡访后要跟进");
    list::FOLLOW.answer_below(&ask, Head::new(title).crumbs(way(&ask, title)), tabs(&ask)).await
}
