//! Villages for which no team is responsible.

use kit::{
    Ask, Result,
    page::{Head, Page, crumbs, empty, icon},
};
use maud::html;

use crate::workforce::{TEAMS, work};

pub async fn page(ask: Ask) -> Result<Page> {
    let gaps = ask.read(work::places_without_team).await?;
    let tree = ask.app.places.tree();
    let content = html! {
        @if gaps.is_empty() {
            (empty(ask.t("每个村(社区)都有团队负责"), ask.t("有空出的村(社区)时会列在这里。"), html! {}))
        } @else {
            p { (ask.f("共 {n} 个村(社区)没有团队负责。在团队页面的“负责地区”中指定。", &[("n", &gaps.len())])) }
            section.card { ul.tasks { @for code in &gaps {
                li.task { (icon("geo-alt")) div { span.strong { (tree.words(code)) }
                    small { @if ask.may(TEAMS) {
                        @let street = tree.street_of(code).map_or("", |it| &*it.code);
                        a href=(format!("/workforce/teams?place={street}")) { (ask.t("本乡镇(街道)的团队")) }
                    } } } }
            } } }
        }
    };
    let title = ask.t("无团队的村(社区)");
    let way = crumbs(&ask, &[("/workforce/teams", ask.t("家庭医生团队")), ("", title)]);
    Ok(ask.page(Head::new(title).crumbs(way), content))
}
