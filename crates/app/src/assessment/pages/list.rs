//! The lists: all assessments with tabs for one's own, those on notice, those due again.

use kit::{
    Ask, Result,
    page::{Head, Page, crumbs, icon},
    table::List,
};
use maud::{Markup, html};

use crate::assessment::{ASSESS, NOTICE, list};

pub async fn all(ask: Ask) -> Result<Page> {
    answer(&ask, &list::ASSESSMENTS, Head::new(ask.t("评估")), html! {}).await
}

pub async fn notices(ask: Ask) -> Result<Page> {
    let way = crumbs(&ask, &[("/assessment", ask.t("评估")), ("", ask.t("评估结论公示"))]);
    let actions = html! {
        button.btn.btn-primary.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印公示")) }
    };
    let note = html! {
        div.only-print { p { (ask.today()) } }
        p.muted {
            (ask.t("对结论有异议的,请在异议截止日前向经办机构或乡镇(街道)窗口提出,由其他评估员复评。"))
        }
    };
    let head = Head::new(ask.t("评估结论公示")).crumbs(way).actions(actions);
    answer(&ask, &list::NOTICES, head, note).await
}

pub async fn due(ask: Ask) -> Result<Page> {
    let way = crumbs(&ask, &[("/assessment", ask.t("评估")), ("", ask.t("到期重评"))]);
    answer(&ask, &list::DUE, Head::new(ask.t("到期重评")).crumbs(way), html! {}).await
}

async fn answer(ask: &Ask, list: &'static List, head: Head<'_>, note: Markup) -> Result<Page> {
    if ask.param("format") == Some("xlsx") {
        return list.answer(ask, head).await;
    }
    let page = ask.read(move |tx, ask| list.page(tx, ask, 25)).await?;
    let content = html! { (tabs(ask)) (note) (list.markup(ask, &page)) };
    let place = ask.app.places.tree().full_name(&ask.who.scope.place);
    Ok(ask.page(head.line(place), content))
}

fn tabs(ask: &Ask) -> Markup {
    let path = &*ask.path;
    let mine = ask.param("work") == Some("mine");
    let all = [
        ("/assessment", "全部", true, path == "/assessment" && !mine),
        ("/assessment?work=mine", "我的评估", ask.may(ASSESS), mine),
        ("/assessment/notices", "公示", ask.may(NOTICE), path == "/assessment/notices"),
        ("/assessment/due", "到期重评", true, path == "/assessment/due"),
    ];
    html! {
        nav.tabs.no-print aria-label=(ask.t("评估")) {
            @for (to, title, may, here) in all {
                @if may { a href=(to) aria-current=[here.then_some("page")] { (ask.t(title)) } }
            }
        }
    }
}
