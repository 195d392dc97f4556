//! Where the institutions of the scope stand: on a map of the counties, and beside it as a list.

use kit::{
    Ask, Result,
    db::Bind,
    page::{Head, Page, crumbs, empty, icon},
};
use maud::{Markup, html};
use serde_json::json;

use crate::institutions::{institution::SCOPE, position::Position, words};

/// Points one map shows.
const MOST: i64 = 3000;

struct Point {
    name: String,
    kind: String,
    position: Option<Position>,
    link: String,
}

pub async fn page(ask: Ask) -> Result<Page> {
    let kind = ask.param("kind").unwrap_or_default().to_string();
    let points = ask
        .read(move |tx, ask| {
            let mut values: Vec<Box<dyn Bind + Send>> = Vec::new();
            let scope = ask.who.scope.sql(&SCOPE, &mut values);
            values.push(Box::new(kind));
            let at = values.len();
            let values: Vec<&dyn Bind> = values.iter().map(|it| it as &dyn Bind).collect();
            let sql = format!(
                "select o.name, o.kind, i.latitude, i.longitude, o.region, o.id
                   from organisation o join institution i on i.region = o.region and i.id = o.id
                  where {scope} and i.closed is null and (${at} = '' or o.kind = ${at})
                  order by o.name, o.id limit {MOST}"
            );
            tx.rows(&sql, &values, |row| {
                let at: (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
                let (region, id): (String, kit::Id) = (row.get(4)?, row.get(5)?);
                Ok(Point {
                    name: row.get(0)?,
                    kind: row.get(1)?,
                    position: at.0.zip(at.1).map(|it| Position { latitude: it.0, longitude: it.1 }),
                    link: format!("/institutions/{region}-{id}"),
                })
            })
        })
        .await?;
    let (placed, homeless): (Vec<&Point>, Vec<&Point>) = points.iter().partition(|it| it.position.is_some());
    let title = ask.t("机构地图");
    let content = html! {
        form.filters method="get" action="/institutions/map" {
            div.field { label for="kind" { (ask.t("类别")) }
                select #kind name="kind" {
                    option value="" { (ask.t("全部")) }
                    @for (word, text) in words::KINDS { option value=(word) selected[ask.param("kind") == Some(word)] { (ask.t(text)) } }
                }
            }
            div.actions { button.btn { (icon("funnel")) (ask.t("筛选")) } }
        }
        p role="status" { (ask.f("地图上有 {n} 家机构", &[("n", &placed.len())])) }
        @if placed.is_empty() {
            (empty(ask.t("还没有机构填写位置"), ask.t("在机构的“修改”页面填写经纬度,或在地图上点选。"), html! {}))
        } @else {
            (map(&ask, &placed))
            details.card.gap-top open[placed.len() <= 30] { summary.card-head { (ask.t("地图上的机构")) }
                div.card-body { ul { @for it in &placed { li { a href=(it.link) { (it.name) } " " small.muted { (ask.t(words::title(words::KINDS, &it.kind))) } } } } }
            }
        }
        @if !homeless.is_empty() {
            details.card.gap-top { summary.card-head { (ask.f("{n} 家机构没有位置", &[("n", &homeless.len())])) }
                div.card-body { ul { @for it in &homeless { li { a href=(it.link) { (it.name) } } } } }
            }
        }
    };
    let way = crumbs(&ask, &[("/institutions", ask.t("医养机构")), ("", title)]);
    Ok(ask.page(Head::new(title).crumbs(way), content))
}

fn map(ask: &Ask, points: &[&Point]) -> Markup {
    let all: Vec<_> = points
        .iter()
        .filter_map(|it| {
            let (latitude, longitude) = it.position?.degrees();
            let kind = ask.t(words::title(words::KINDS, &it.kind));
            let group = if words::MEDICAL.contains(&&*it.kind) { "medical" } else { "care" };
            Some(json!({"lat": latitude, "lon": longitude, "name": it.name, "text": kind, "group": group, "href": it.link}))
        })
        .collect();
    html! {
        div.map.js-map role="region" aria-label=(ask.t("机构地图")) data-borders=(format!("/borders/{}", ask.who.scope.place))
            data-title=(ask.t("医养机构")) data-values="[]" data-points=(json!(all).to_string())
            data-groups=(json!([["medical", ask.t("医疗卫生机构")], ["care", ask.t("养老服务机构")]]).to_string()) {}
    }
}

/// A map on which the position of a field can be picked; without script the field is typed.
pub fn picker(ask: &Ask, field: &str) -> Markup {
    html! {
        div.needs-js {
            p.help { (ask.t("在地图上点击可填写位置;放大后更准确。")) }
            div.map.js-map role="region" aria-label=(ask.t("在地图上点选位置")) data-borders=(format!("/borders/{}", ask.who.scope.place))
                data-title=(ask.t("地图位置")) data-values="[]" data-points="[]" data-pick=(format!("#{field}")) {}
        }
    }
}
