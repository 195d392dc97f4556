//! Which techniques the health centres offer, against what they are to offer.

use axum::extract::Path;
use kit::{
    Ask, Error, Lang, Result,
    form::{Input, csrf},
    page::{Badge, Head, Page, badge, crumbs, empty, icon, stat},
    table::grouped,
};
use maud::{Markup, html};
use rules::tcm::TechniqueClass;

use crate::{
    elders::Key,
    tcm::{
        TECHNIQUES, course,
        techniques::{self, Centre},
    },
};

pub async fn all(ask: Ask) -> Result<Page> {
    let centres = ask.read(|tx, ask| techniques::centres(tx, ask, &ask.who.scope)).await?;
    let enough = centres.iter().filter(|it| it.offer.as_ref().is_some_and(|it| it.enough.is_yes())).count();
    let region = ask.who.scope.counties.first().map_or("", |it| &**it);
    let policy = course::policy(&ask, region);
    let wanted = policy.read(|it| &it.tcm.classes).ok().zip(policy.read(|it| &it.tcm.items).ok());
    let tree = ask.app.places.tree();
    let content = html! {
        div.stats {
            (stat(Badge::Muted, ask.t("卫生院和社区卫生服务中心"), &grouped(centres.len() as i64), ask.t("家"), "", None))
            (stat(if enough == centres.len() { Badge::Ok } else { Badge::Warn }, ask.t("技术达标"), &grouped(enough as i64), ask.t("家"),
                  &wanted.map(|it| ask.f("不少于 {classes} 类 {items} 项", &[("classes", it.0), ("items", it.1)])).unwrap_or_default(), None))
        }
        @if centres.is_empty() { (empty(ask.t("没有卫生院或社区卫生服务中心"), ask.t("先在机构里登记。"), html! {})) }
        @else { div.tablewrap.gap-top { table.list {
            caption.sr { (ask.t("各机构开展的中医技术")) }
            thead { tr { th scope="col" { (ask.t("机构")) } th scope="col" { (ask.t("所在地")) } th.num scope="col" { (ask.t("技术类别")) }
                th.num scope="col" { (ask.t("技术项目")) } th scope="col" { (ask.t("达标")) } } }
            tbody { @for it in &centres { tr {
                td data-label=(ask.t("机构")) { @if ask.may(TECHNIQUES) { a.row-link href=(format!("/tcm/techniques/{}", it.key)) { (it.name) } } @else { (it.name) } }
                td data-label=(ask.t("所在地")) { (tree.words(&it.place)) }
                td.num data-label=(ask.t("技术类别")) { (it.offer.as_ref().map_or(0, |it| it.classes)) }
                td.num data-label=(ask.t("技术项目")) { (it.offer.as_ref().map_or(it.techniques.len(), |it| it.items)) }
                td data-label=(ask.t("达标")) { (verdict(&ask, it)) }
            } } }
        } } }
    };
    let title = ask.t("中医技术");
    let way = crumbs(&ask, &[("/tcm", ask.t("中医药健康管理")), ("", title)]);
    let actions = html! { button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    Ok(ask.page(Head::new(title).line(tree.full_name(&ask.who.scope.place)).crumbs(way).actions(actions), content))
}

fn verdict(ask: &Ask, it: &Centre) -> Markup {
    match &it.offer {
        None => badge(Badge::Muted, ask.t("本地当日没有在行政策")),
        Some(offer) if offer.enough.is_yes() => badge(Badge::Ok, ask.t("达标")),
        Some(_) => badge(Badge::Warn, ask.t("未达标")),
    }
}

pub async fn edit(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let centre = ask.read(move |tx, ask| techniques::find(tx, ask, &key)).await?;
    let policy = course::policy(&ask, &centre.key.region);
    let catalogue = policy.read(|it| &it.tcm.techniques).map_err(|it| Error::refused("no_policy", it.text()))?;
    let content = html! {
        form.form method="post" action=(format!("/tcm/techniques/{}", centre.key)) data-guard { (csrf(&ask))
            @for class in catalogue { (one_class(&ask, class, &centre)) }
            div.form-foot { button.btn.btn-primary { (ask.t("保存")) } a.btn.btn-ghost href="/tcm/techniques" { (ask.t("取消")) } }
        }
        p.small.muted { (ask.t("类别和项目名称凭记忆整理,未经证实;各地可在政策库改写。")) " " (badge(Badge::Unconfirmed, ask.t("待核"))) }
    };
    let way =
        crumbs(&ask, &[("/tcm", ask.t("中医药健康管理")), ("/tcm/techniques", ask.t("中医技术")), ("", &centre.name)]);
    Ok(ask.page(Head::new(&centre.name).line(ask.t("勾选已经开展的技术")).crumbs(way), content))
}

fn one_class(ask: &Ask, class: &TechniqueClass, centre: &Centre) -> Markup {
    let english = ask.lang == Lang::En;
    html! {
        fieldset.field.wide { legend { @if english { (class.name_en) } @else { (class.name) } }
            div.options { @for it in &class.items {
                label.option { input type="checkbox" name="techniques" value=(it.id) checked[centre.techniques.contains(&it.id)];
                    " " @if english { (it.name_en) } @else { (it.name) } }
            } }
        }
    }
}

pub async fn save(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let wanted: Vec<String> = input.all("techniques").iter().filter(|it| !it.is_empty()).cloned().collect();
    ask.write(move |tx, ask| {
        let centre = techniques::find(tx, ask, &key)?;
        techniques::set(tx, ask, &centre, &wanted)
    })
    .await?;
    Ok(ask.go("/tcm/techniques", ask.t("中医技术已保存")))
}
