//! The lists, with tabs from one to the other.

use kit::{
    Ask, Result,
    page::{Head, Page, crumbs},
    table::List,
};
use maud::{Markup, html};

use crate::chronic::list;

pub async fn patients(ask: Ask) -> Result<Page> {
    answer(&ask, &list::PATIENTS, Head::new(ask.t("慢病随访"))).await
}

pub async fn referrals(ask: Ask) -> Result<Page> {
    let way = crumbs(&ask, &[("/chronic", ask.t("慢病随访")), ("", ask.t("转诊随访"))]);
    answer(&ask, &list::REFERRALS, Head::new(ask.t("转诊随访")).crumbs(way)).await
}

pub async fn pressure(ask: Ask) -> Result<Page> {
    answer(&ask, &list::PRESSURE, Head::new(ask.t("血压筛查"))).await
}

pub async fn glucose(ask: Ask) -> Result<Page> {
    answer(&ask, &list::GLUCOSE, Head::new(ask.t("血糖筛查"))).await
}

async fn answer(ask: &Ask, list: &'static List, head: Head<'_>) -> Result<Page> {
    if ask.param("format") == Some("xlsx") {
        return list.answer(ask, head).await;
    }
    let page = ask.read(move |tx, ask| list.page(tx, ask, 25)).await?;
    let content = html! { (tabs(ask)) (list.markup(ask, &page)) };
    let place = ask.app.places.tree().full_name(&ask.who.scope.place);
    Ok(ask.page(head.line(place), content))
}

fn tabs(ask: &Ask) -> Markup {
    let work = if &*ask.path == "/chronic" { ask.param("work").unwrap_or("") } else { "-" };
    let here = |path: &str| &*ask.path == path;
    let all = [
        ("/chronic", "全部", work.is_empty()),
        ("/chronic?work=week", "七天内到期", work == "week"),
        ("/chronic?work=overdue", "已逾期", work == "overdue"),
        ("/chronic?work=again", "两周复访与转诊", work == "again"),
        ("/chronic/referrals?state=open", "转诊随访", here("/chronic/referrals")),
        ("/chronic/pressure?work=now", "血压筛查", here("/chronic/pressure")),
        ("/chronic/glucose?work=now", "血糖筛查", here("/chronic/glucose")),
    ];
    html! {
        nav.tabs.no-print aria-label=(ask.t("慢病管理")) {
            @for (to, title, here) in all { a href=(to) aria-current=[here.then_some("page")] { (ask.t(title)) } }
        }
    }
}
