//! The route sheet of a week, to be printed and taken along: one village a page.

use std::collections::{BTreeMap, HashMap};

use kit::{
    Ask, Id, Result,
    page::{Badge, Head, Page, alert, crumbs, empty, icon},
};
use maud::{Markup, html};
use rules::base::Date;

use super::{choices, narrowing, state};
use crate::{
    elders,
    rounds::{
        calendar::{self, Part},
        list,
        task::{self, Task},
    },
};

/// A page more is more than anybody walks in a week.
const MOST: usize = 1_500;

pub async fn page(ask: Ask) -> Result<Page> {
    let day = ask.day_asked()?;
    let (monday, sunday) = (day.monday(), day.monday().add_days(6));
    let (part, options, tasks, names) = ask
        .write(move |tx, ask| {
            let part = Part::asked(ask)?;
            let options = choices(tx, ask, &part)?;
            let tasks = calendar::of_week(tx, &part, sunday, MOST)?;
            let mut by_region: BTreeMap<&str, Vec<Id>> = BTreeMap::new();
            for it in &tasks {
                by_region.entry(&it.key.region).or_default().extend(it.elder);
            }
            let mut names: HashMap<Id, String> = HashMap::new();
            for (region, ids) in by_region {
                names.extend(elders::names(tx, region, &ids)?);
            }
            for it in tasks.iter().filter(|it| it.subject == "elder") {
                task::note(tx, ask, "look", it, "route sheet")?;
            }
            Ok((part, options, tasks, names))
        })
        .await?;
    let mut villages: BTreeMap<&str, Vec<&Task>> = BTreeMap::new();
    for it in &tasks {
        villages.entry(it.spot.place.get(..12).unwrap_or(&it.spot.place)).or_default().push(it);
    }
    let content = html! {
        (narrowing(&ask, &part, &options, &[("on", &day.to_string())]))
        @if tasks.is_empty() { section.card { (empty(ask.t("这一周没有要上门的"), ask.t("换一周、一个地区或团队。"), html! {})) } }
        @if MOST <= tasks.len() { (alert(Badge::Warn, ask.t("只列出最先到期的"), html! { p { (ask.t("请选一个乡镇、村或团队再打印。")) } })) }
        @for (village, of) in &villages { (sheet(&ask, village, of, &names, monday, sunday)) }
    };
    let title = ask.t("本周路线单");
    let way = crumbs(&ask, &[("/rounds", ask.t("巡诊和探访")), ("", title)]);
    let actions =
        html! { button.btn.btn-primary.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    let line = ask.f("{from} 至 {until},可做且本月到期的和逾期的", &[("from", &monday), ("until", &sunday)]);
    Ok(ask.page(Head::new(title).line(line).crumbs(way).actions(actions), content))
}

fn sheet(ask: &Ask, village: &str, tasks: &[&Task], names: &HashMap<Id, String>, monday: Date, sunday: Date) -> Markup {
    let tree = ask.app.places.tree();
    let name = |it: &Task| {
        let name = it.elder.and_then(|id| names.get(&id)).map_or("", |it| it);
        list::called(ask, &it.subject, &it.spot.place, name)
    };
    html! {
        section.card.gap-top.new-page {
            header.card-head { h2 { (tree.words(village)) } span.muted { (monday) " – " (sunday) } }
            div.tablewrap { table.plain.stacks {
                thead { tr {
                    th scope="col" { (ask.t("巡访对象")) } th scope="col" { (ask.t("安排")) } th scope="col" { (ask.t("最迟")) }
                    th scope="col" { (ask.t("看到的情况")) } th scope="col" { (ask.t("血压")) } th scope="col" { (ask.t("签字")) }
                } }
                tbody { @for it in tasks { tr {
                    td data-label=(ask.t("巡访对象")) { a href=(it.link()) { (name(it)) } " " small { (tree.name(&it.spot.place)) } }
                    td data-label=(ask.t("安排")) { (it.programme_name(ask)) }
                    td data-label=(ask.t("最迟")) { (it.by) " " (state(ask, it)) }
                    td data-label=(ask.t("看到的情况")) { (ask.t("□ 良好 □ 不适 □ 要帮助 □ 没见到")) }
                    td data-label=(ask.t("血压")) { "____/____" }
                    td data-label=(ask.t("签字")) { "________" }
                } } }
            } }
        }
    }
}
