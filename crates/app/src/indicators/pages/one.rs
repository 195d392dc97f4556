//! One indicator: its value and where it comes from, its course over three years, and who is ahead and behind.

use axum::extract::Path;
use kit::{
    Ask, Result,
    page::Badge,
    page::{Chart, Head, Page, Series, chart, crumbs, icon, kv, stat},
    place::Level,
    table::grouped,
    tally::{Indicator, Unit},
};
use maud::{Markup, html};
use serde_json::json;

use crate::workforce::Team;

use super::{
    super::{
        PERSONS,
        figure::{self, Asked, Figure, Shown},
        series,
    },
    document,
    overview::{Line, part, target},
    picker,
};

struct Read {
    line: Line,
    course: Vec<(rules::base::Date, Figure)>,
    places: Vec<(String, Figure)>,
    teams: Vec<(Option<Team>, Figure)>,
    /// The teams are counted only for whoever asks for them.
    must_wait: bool,
}

pub async fn page(ask: Ask, Path(id): Path<String>) -> Result<Page> {
    let it = figure::find(&ask.app, &id)?;
    let asked = Asked::of(&ask)?;
    let for_query = asked.clone();
    let read = ask
        .read(move |tx, ask| {
            let asked = for_query;
            let at = asked.at();
            let region = asked.region(&ask.app);
            let line = Line {
                indicator: it,
                figure: figure::read(tx, it, &at, asked.day)?,
                target: figure::target(&ask.app, it, &region, asked.day),
            };
            let course = series::over(tx, it, &at, &series::months(asked.day, 36))?;
            let places = series::below(tx, &ask.app, it, &asked)?;
            let must_wait = series::are_many(it, &line.figure) && ask.param("teams").is_none();
            let teams = if must_wait { Vec::new() } else { series::by_team(tx, it, &asked)? };
            Ok(Read { line, course, places, teams, must_wait })
        })
        .await?;
    let here = format!("/indicators/{id}");
    let is_county = ask.app.places.tree().get(&asked.place).is_some_and(|it| it.level == Level::County);
    let content = html! {
        (picker(&ask, &asked, &here))
        div.stats { (tiles(&ask, &asked, &read.line)) }
        div.cols {
            div.stack {
                (course(&ask, it, &read.course))
                @if !read.places.is_empty() { (ranking(&ask, it, &asked, &read.places)) }
                @if !read.teams.is_empty() { (teams(&ask, it, &read.teams)) }
                @if read.must_wait && is_county {
                    section.card { header.card-head { h2 { (ask.t("各团队")) } } div.card-body {
                        p.muted { (ask.t("人数多,逐人统计要等几秒。")) }
                        a.btn href=(format!("{here}?{}&teams=1", asked.query())) { (ask.t("统计各团队")) }
                    } }
                }
            }
            div.stack { (about(&ask, &read.line)) }
        }
    };
    let sub = ask
        .f("{place} · 截至 {day}", &[("place", &ask.app.places.tree().full_name(&asked.place)), ("day", &asked.day)]);
    let back = format!("/indicators?{}", asked.query());
    let way = crumbs(&ask, &[(&back, ask.t("指标看板")), ("", ask.t(it.title))]);
    let actions = html! { button.btn.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    Ok(ask.page(Head::new(ask.t(it.title)).line(sub).crumbs(way).actions(actions), content))
}

fn tiles(ask: &Ask, asked: &Asked, line: &Line) -> Markup {
    let it = line.indicator;
    let shown = Shown::of(ask.lang, it, &line.figure);
    let opens =
        |part: &str| ask.may(PERSONS).then(|| format!("/indicators/{}/persons?part={part}&{}", it.id, asked.query()));
    // What is counted by its amount is of persons, and yet no number of them.
    let is_amount = matches!(it.unit, Unit::Mean(_) | Unit::Number("次"));
    let unit = if it.numerator.kind == kit::tally::PERSON && !is_amount { ask.t("人") } else { "" };
    let kind = match line.lacking() {
        Some(0) => Badge::Ok,
        Some(_) => Badge::Warn,
        None => Badge::Muted,
    };
    let name = ask.t("点开名单");
    html! {
        (stat(kind, ask.t("数值"), &shown.value, &shown.unit, "", None))
        @if let Some(whole) = line.figure.denominator {
            (stat(Badge::Muted, ask.t("分子"), &part(it, line.figure.numerator), unit, name, opens("counted").as_deref()))
            (stat(Badge::Muted, ask.t("分母"), &grouped(whole), unit, name, opens("all").as_deref()))
            @if it.denominator.is_some_and(|count| count.kind == it.numerator.kind) && it.unit == Unit::Share {
                (stat(Badge::Muted, ask.t("未计入"), &grouped(whole - line.figure.numerator), unit, ask.t("名单附原因"), opens("missing").as_deref()))
            }
        } @else if it.unit != Unit::Money {
            (stat(Badge::Muted, ask.t("名单"), &grouped(line.figure.numerator), unit, name, opens("counted").as_deref()))
        }
    }
}

fn about(ask: &Ask, line: &Line) -> Markup {
    let it = line.indicator;
    let pairs = [
        (ask.t("编号"), html! { code { (it.id) } }),
        (ask.t("公式"), html! { (ask.t(it.formula)) }),
        (ask.t("依据"), document(ask, it.document)),
        (ask.t("目标"), target(ask, line)),
    ];
    html! {
        section.card { header.card-head { h2 { (ask.t("这个数怎么来的")) } } div.card-body {
            (kv(&pairs))
            p.small.muted { (ask.t("数字由业务记录即时汇总,补录、改正会改变过去各日的数字;每夜与原始记录核对。")) }
        } }
    }
}

/// The value as a chart takes it.
fn number(it: &Indicator, figure: &Figure) -> Option<f64> {
    figure.hundredths(it.unit).map(|it| it as f64 / 100.0)
}

fn unit(ask: &Ask, it: &Indicator) -> String {
    Shown::of(ask.lang, it, &Figure { numerator: 0, denominator: None }).unit
}

fn course(ask: &Ask, it: &Indicator, course: &[(rules::base::Date, Figure)]) -> Markup {
    let line = Chart {
        kind: "line",
        title: ask.t("近三年走势(每月末)"),
        unit: &unit(ask, it),
        x: course.iter().map(|it| it.0.to_string()).collect(),
        series: vec![Series {
            name: ask.t(it.title).to_string(),
            data: course.iter().map(|(_, figure)| number(it, figure)).collect(),
        }],
    };
    html! { section.card { div.card-body { (chart(ask, &line)) } } }
}

fn ranking(ask: &Ask, it: &Indicator, asked: &Asked, places: &[(String, Figure)]) -> Markup {
    let tree = ask.app.places.tree();
    let mut ranked: Vec<_> = places.iter().collect();
    let worth = |figure: &Figure| figure.hundredths(it.unit).unwrap_or(i64::MIN);
    ranked.sort_by(|a, b| worth(&b.1).cmp(&worth(&a.1)).then(a.0.cmp(&b.0)));
    let most = ranked.iter().map(|it| worth(&it.1)).max().unwrap_or(0).max(1);
    let most = if it.unit == Unit::Share { 10_000 } else { most };
    let link = |code: &str| format!("/indicators/{}?{}", it.id, asked.query_of(code));
    // Borders are known of counties.
    let has_map = tree.get(&asked.place).is_some_and(|it| it.level <= Level::City);
    let values: Vec<_> = places
        .iter()
        .filter_map(|(code, figure)| {
            let shown = Shown::of(ask.lang, it, figure);
            let text = format!("{} {}", shown.value, shown.unit);
            Some(json!({"name": tree.name(code), "code": code, "value": number(it, figure)?, "text": text, "href": link(code)}))
        })
        .collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("各地")) } } div.card-body {
            div class=(if has_map { "map-pair" } else { "" }) {
                @if has_map {
                    div.map.js-map role="region" aria-label=(ask.t(it.title)) data-title=(ask.t(it.title)) data-unit=(unit(ask, it))
                        data-borders=(format!("/borders/{}", asked.place)) data-values=(json!(values)) {}
                }
                ol.ranking { @for (code, figure) in ranked {
                    @let shown = Shown::of(ask.lang, it, figure);
                    li {
                        a href=(link(code)) { (tree.name(code)) }
                        meter min="0" max=(most) value=(worth(figure).clamp(0, most)) { (shown.value) }
                        span.num { (shown.value) " " (shown.unit) }
                    }
                } }
            }
        } }
    }
}

fn teams(ask: &Ask, it: &Indicator, teams: &[(Option<Team>, Figure)]) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("各团队")) } } div.tablewrap { table.list {
            thead { tr {
                th scope="col" { (ask.t("团队")) }
                th.num scope="col" { (ask.t("数值")) }
                th.num scope="col" { (ask.t("分子")) }
                th.num scope="col" { (ask.t("分母")) }
            } }
            tbody { @for (team, figure) in teams {
                @let shown = Shown::of(ask.lang, it, figure);
                tr {
                    td data-label=(ask.t("团队")) {
                        @match team {
                            Some(team) => a.row-link href=(team.link()) { (team.name) },
                            None => span.muted { (ask.t("没有团队负责的地方")) },
                        }
                    }
                    td.num data-label=(ask.t("数值")) { (shown.value) " " small { (shown.unit) } }
                    td.num data-label=(ask.t("分子")) { (part(it, figure.numerator)) }
                    td.num data-label=(ask.t("分母")) { @match figure.denominator { Some(n) => (grouped(n)), None => "—" } }
                }
            } }
        } }
        div.card-body { p.small.muted { (ask.t("按居住地计:团队所负责的村(社区)、网格里的人,不论与谁签约。")) } } }
    }
}
