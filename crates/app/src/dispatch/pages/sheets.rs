//! The route of everybody on paper: one sheet each, in the order of the day.

use std::collections::{BTreeSet, HashMap};

use axum::extract::Path;
use kit::{
    Ask, Id, Result,
    page::{Head, Page, crumbs, empty, icon},
};
use maud::{Markup, html};

use crate::{
    dispatch::{gather::DAY, publish, sight::Sight},
    elders::{self, Elder, Key, People},
    visits,
};

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (sight, elders) = ask
        .write(move |tx, ask| {
            let sight = Sight::find(tx, ask, &key)?;
            let stops = sight.plan.routes.iter().flat_map(|it| &it.stops);
            let ids: Vec<Id> = stops
                .map(|it| sight.built.planned(&sight.facts, it.visit).visit.elder)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect();
            let all = People::of(tx, &key.region, &ids)?.elders(tx)?;
            for elder in &all {
                elders::note(tx, ask, "look", elder, "route sheet")?;
            }
            let all: HashMap<Id, Elder> = all.into_iter().map(|it| (it.key.id, it)).collect();
            Ok((sight, all))
        })
        .await?;
    let it = &sight.kept;
    let title = ask.t("路线单");
    let content = html! {
        @if sight.plan.routes.is_empty() { (empty(ask.t("还没有排上的"), ask.t("求解以后再打印。"), html! {})) }
        @for route in &sight.plan.routes { (sheet(&ask, &sight, &elders, route)) }
    };
    let link = it.link();
    let way = crumbs(&ask, &[("/dispatch", ask.t("上门派单")), (&link, &it.name), ("", title)]);
    let actions =
        html! { button.btn.btn-primary.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    let line = publish::days(it.asked.first, it.last());
    Ok(ask.page(Head::new(title).line(line).crumbs(way).actions(actions), content))
}

fn sheet(ask: &Ask, sight: &Sight, elders: &HashMap<Id, Elder>, route: &dispatch::Route) -> Markup {
    let told = sight.told(ask);
    let tour = &sight.built.tours[route.shift];
    let day = sight.kept.asked.first.add_days(tour.day as i32);
    let clock = |at: i64| visits::clock((at - tour.day * DAY + 30).div_euclid(60));
    let rests = |after: usize| route.breaks.iter().filter(move |it| it.after == after);
    html! {
        section.card.sheet {
            header.card-head { h2 { (told.tour(route.shift)) " · " (day) } p { (ask.f("{n} 户", &[("n", &route.stops.len())])) " · " (ask.f("{time} 回到", &[("time", &clock(route.end))])) } }
            div.tablewrap { table.plain {
                thead { tr { th scope="col" { (ask.t("次序")) } th scope="col" { (ask.t("时间")) } th scope="col" { (ask.t("老人")) } th scope="col" { (ask.t("居住地")) }
                    th scope="col" { (ask.t("服务")) } th scope="col" { (ask.t("约定")) } th scope="col" { (ask.t("备注")) } } }
                tbody {
                    @for (nth, stop) in route.stops.iter().enumerate() {
                        @for rest in rests(nth) { tr { td {} td { (clock(rest.start)) "–" (clock(rest.end)) } td colspan="5" { (ask.t("休息")) } } }
                        @let planned = sight.built.planned(&sight.facts, stop.visit);
                        tr {
                            td { (nth + 1) }
                            td { (clock(stop.start)) "–" (clock(stop.end)) }
                            td { (planned.name) @if let Some(it) = elders.get(&planned.visit.elder) { " " (ask.f("{age} 岁", &[("age", &it.age_on(day))])) } }
                            td { @if let Some(it) = elders.get(&planned.visit.elder) { (ask.app.places.tree().words(&it.place)) } }
                            td { (sight.services(ask, stop.visit)) }
                            td { (visits::window(ask, &planned.visit)) }
                            td { (planned.visit.note) }
                        }
                    }
                    @for rest in rests(route.stops.len()) { tr { td {} td { (clock(rest.start)) "–" (clock(rest.end)) } td colspan="5" { (ask.t("休息")) } } }
                }
            } }
        }
    }
}
