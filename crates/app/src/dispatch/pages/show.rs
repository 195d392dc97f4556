//! One plan: what counts in it, the board, the map, what is left out and why, and what can be done.

use axum::{Json, extract::Path};
use kit::{
    Ask, Error, Id, Result,
    form::csrf,
    page::{Badge, Head, Page, alert, badge, crumbs, empty, icon, stat, time},
};
use maud::{Markup, PreEscaped, html};
use rules::base::Date;
use serde_json::Value;

use super::progress;
use crate::{
    dispatch::{
        PLAN, board,
        figures::Figures,
        kept::{self, Kept},
        publish, run,
        sight::Sight,
        words,
    },
    elders::Key,
};

/// What the page shows beside the plan itself.
pub struct Shown {
    pub sight: Sight,
    last_step: Option<String>,
    asking: Vec<Kept>,
    of: Option<Kept>,
    day: i64,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let shown = load(tx, ask, &key)?;
            shown.sight.kept.note(tx, ask, "look", "")?;
            Ok(shown)
        })
        .await?;
    Ok(whole(&ask, &shown))
}

pub fn load(tx: &kit::Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let sight = Sight::find(tx, ask, key)?.explained();
    let it = &sight.kept;
    let of = it.asks_of.map(|id| kept::by_key(tx, &Key { region: key.region.clone(), id })).transpose()?;
    Ok(Shown {
        last_step: kept::last_step(tx, it)?.map(|it| it.1),
        asking: kept::asking(tx, &Key { region: key.region.clone(), id: it.asks_of.unwrap_or(key.id) })?,
        of,
        day: day(ask, it),
        sight,
    })
}

fn whole(ask: &Ask, shown: &Shown) -> Page {
    let it = &shown.sight.kept;
    let (state, kind) =
        words::STATES.iter().find(|one| one.0 == it.state).map_or(("", Badge::Muted), |one| (one.1, one.2));
    let line = format!("{} · {}", publish::days(it.asked.first, it.last()), it.who);
    let content = html! {
        p { (badge(kind, ask.t(state)))
            @if let Some(at) = &it.published { " " (time(at)) " " (it.published_who) }
            @if !it.what_if.is_empty() { " " (badge(Badge::Example, ask.t("试算,不能发布"))) }
        }
        (plan(ask, shown))
    };
    let way = crumbs(ask, &[("/dispatch", ask.t("上门派单")), ("", &it.name)]);
    ask.page(Head::new(&it.name).line(line).crumbs(way).actions(actions(ask, shown)), content)
}

fn actions(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.sight.kept;
    let link = it.link();
    let may = ask.may(PLAN) && it.state != "dropped";
    html! {
        a.btn href=(format!("{link}/sheets")) { (icon("printer")) (ask.t("打印路线单")) }
        @if may {
            a.btn href=(format!("{link}/what-if")) { (icon("question-circle")) (ask.t("试算")) }
            @if it.state == "draft" {
                form.inline method="post" action=(format!("{link}/drop")) data-confirm=(ask.t("作废这个方案吗?已发布的安排不受影响。")) { (csrf(ask))
                    button.btn.btn-ghost { (ask.t("作废")) } }
            }
        }
    }
}

/// The part of the page that a change by hand or the solver makes anew.
pub fn plan(ask: &Ask, shown: &Shown) -> Markup {
    let sight = &shown.sight;
    let it = &sight.kept;
    let may = ask.may(PLAN) && it.state != "dropped" && !it.progress.is_at_work();
    html! {
        div.flow #plan {
            (progress::card(ask, it))
            (tiles(ask, &it.before, &sight.figures))
            (faults(ask, shown))
            @if may && !sight.built.tours.is_empty() && !sight.built.problem.visits.is_empty() { (deeds(ask, shown)) }
            @if 1 < it.asked.days { (days(ask, shown)) }
            @if sight.built.tours.is_empty() {
                (empty(ask.t("这几天没有人可以派"), ask.t("请核对人员的岗位、工作时间和请假,或在派单设置里打开“参加上门”。"), html! {}))
            } @else if sight.built.problem.visits.is_empty() {
                (empty(ask.t("这几天没有要上门的"), ask.t("各项服务计划了上门,会自动列到这里。"), html! {}))
            } @else {
                (timeline(ask, shown, may))
                (map(ask, shown))
                (left(ask, sight))
            }
            (others(ask, shown))
        }
    }
}

/// What counts, beside what it was before.
fn tiles(ask: &Ask, before: &Figures, now: &Figures) -> Markup {
    let was = |it: i64| ask.f("原来 {n}", &[("n", &it)]);
    let better = |now: i64, before: i64| {
        if now < before {
            Badge::Ok
        } else if before < now {
            Badge::Warn
        } else {
            Badge::Plain
        }
    };
    let share = |it: &Figures| match it.with_known {
        0 => "—".to_string(),
        all => format!("{}", it.known * 100 / all),
    };
    let kilometres = |it: &Figures| format!("{:.1}", it.metres as f64 / 1_000.0);
    html! {
        div.stats {
            (stat(if 0 < now.left { Badge::Bad } else { Badge::Ok }, ask.t("未排上"), &now.left.to_string(), ask.t("次"), &was(before.left), Some("#left")))
            (stat(Badge::Plain, ask.t("已排"), &now.visits.to_string(), ask.t("次"), &ask.f("{n} 人中用 {used} 个班次", &[("n", &now.staff), ("used", &now.tours)]), None))
            (stat(better(now.way_minutes, before.way_minutes), ask.t("路程"), &now.way_minutes.to_string(), ask.t("分钟"),
                &ask.f("{km} 公里,原来 {n} 分钟", &[("km", &kilometres(now)), ("n", &before.way_minutes)]), None))
            (stat(if 0 < now.late_minutes { Badge::Warn } else { Badge::Ok }, ask.t("迟到"), &now.late_minutes.to_string(), ask.t("分钟"),
                &ask.f("{n} 次,原来 {was} 分钟", &[("n", &now.late), ("was", &before.late_minutes)]), None))
            (stat(better(now.overtime_minutes, before.overtime_minutes), ask.t("加班"), &now.overtime_minutes.to_string(), ask.t("分钟"), &was(before.overtime_minutes), None))
            (stat(Badge::Plain, ask.t("熟悉的人上门"), &share(now), "%", &ask.f("原来 {n} %", &[("n", &share(before))]), None))
            (stat(Badge::Plain, ask.t("最忙和最闲"), &format!("{}/{}", now.longest_minutes, now.shortest_minutes), ask.t("分钟"),
                &ask.f("原来 {n}", &[("n", &format!("{}/{}", before.longest_minutes, before.shortest_minutes))]), None))
            @if 0 < now.changed { (stat(Badge::Warn, ask.t("与已通知的不同"), &now.changed.to_string(), ask.t("次"), "", None)) }
        }
    }
}

fn faults(ask: &Ask, shown: &Shown) -> Markup {
    let sight = &shown.sight;
    let told = sight.told(ask);
    if sight.faults.is_empty() {
        return html! {};
    }
    let said: std::collections::BTreeSet<String> = sight.faults.iter().map(|it| told.fault(it)).collect();
    html! {
        (alert(Badge::Bad, &ask.f("有 {n} 处排不通,改好才能发布", &[("n", &said.len())]), html! {
            ul { @for it in said.iter().take(20) { li { (it) } } }
        }))
    }
}

fn deeds(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.sight.kept;
    let link = it.link();
    let ready = shown.sight.faults.is_empty() && it.what_if.is_empty() && 0 < shown.sight.figures.visits;
    html! {
        div.actions.no-print.gap-top {
            form.inline method="post" action=(format!("{link}/solve")) { (csrf(ask))
                div.field { label.sr for="seconds" { (ask.t("求解时间")) }
                    select #seconds name="seconds" {
                        @for seconds in run::SECONDS { option value=(seconds) selected[seconds == 20] { (ask.f("{n} 秒", &[("n", &seconds)])) } }
                    } }
                button.btn.btn-primary[0 < shown.sight.figures.left || it.steps == 0] { (icon("shuffle")) (ask.t("求解")) }
            }
            @if let Some(said) = &shown.last_step {
                form.inline method="post" action=(format!("{link}/undo")) { (csrf(ask))
                    button.btn { (icon("arrow-left")) (ask.f("撤销:{what}", &[("what", &step(ask, said))])) } }
            }
            @if ready {
                form.inline method="post" action=(format!("{link}/publish")) data-confirm=(confirm(ask, shown)) { (csrf(ask))
                    button.btn.btn-primary[shown.sight.figures.left == 0 && 0 < it.steps] { (icon("send")) (ask.t("发布到手机")) } }
            }
        }
    }
}

fn confirm(ask: &Ask, shown: &Shown) -> String {
    let it = &shown.sight.figures;
    match it.left {
        0 => ask.f("发布 {n} 次上门吗?服务人员和家属会收到通知。", &[("n", &it.visits)]),
        left => ask.f(
            "发布 {n} 次上门吗?还有 {left} 次没有排上,服务人员和家属会收到通知。",
            &[("n", &it.visits), ("left", &left)],
        ),
    }
}

/// What a change was: `solve 20`, `move 李桂芳`.
pub fn step(ask: &Ask, said: &str) -> String {
    match said.split_once(' ') {
        Some(("solve", seconds)) => ask.f("求解 {n} 秒", &[("n", &seconds)]),
        Some(("move", name)) => ask.f("移动{name}", &[("name", &name)]),
        Some(("fix", name)) => ask.f("固定{name}", &[("name", &name)]),
        Some(("free", name)) => ask.f("取消固定{name}", &[("name", &name)]),
        _ => said.to_string(),
    }
}

/// The days of a plan of several: who is how busy when.
fn days(ask: &Ask, shown: &Shown) -> Markup {
    let sight = &shown.sight;
    let it = &sight.kept;
    let date = |nth: i64| -> Date { it.asked.first.add_days(nth as i32) };
    let mut people: Vec<(Id, String)> = Vec::new();
    for tour in sight.built.tours.iter().filter(|it| it.staff.len() == 1 && !it.is_thought_of) {
        if people.iter().all(|one| one.0 != tour.staff[0]) {
            people.push((tour.staff[0], tour.titles.concat()));
        }
    }
    let cell = |staff: Id, day: i64| {
        let routes = sight.plan.routes.iter().filter(|route| {
            let tour = &sight.built.tours[route.shift];
            tour.day == day && tour.staff.contains(&staff)
        });
        routes.fold((0, 0), |sum, route| (sum.0 + route.stops.len(), sum.1 + route.work / 60))
    };
    html! {
        nav.tabs aria-label=(ask.t("日期")) {
            @for nth in 0..it.asked.days {
                a href=(format!("{}?day={nth}", it.link())) aria-current=[(nth == shown.day).then_some("page")] { (date(nth)) }
            }
        }
        details.card { summary.card-head { (ask.t("一周总览:每人每天几户、多少分钟")) }
            div.tablewrap { table.ledger.list {
                thead { tr { th scope="col" { (ask.t("服务人员")) } @for nth in 0..it.asked.days { th.num scope="col" { (&date(nth).to_string()[5..]) } } } }
                tbody { @for (id, name) in &people { tr {
                    th scope="row" { (name) }
                    @for nth in 0..it.asked.days {
                        @let (stops, minutes) = cell(*id, nth);
                        td.num data-label=(date(nth)) { @if 0 < stops { (ask.f("{n} 户 {m} 分", &[("n", &stops), ("m", &minutes)])) } }
                    }
                } } }
            } }
        }
    }
}

fn json(data: &Value) -> Markup {
    // "</" would end the script element; JSON allows the escaped form.
    PreEscaped(data.to_string().replace("</", "<\\/"))
}

fn timeline(ask: &Ask, shown: &Shown, may: bool) -> Markup {
    let sight = &shown.sight;
    let link = sight.kept.link();
    let day = shown.day;
    html! {
        section.card aria-labelledby="lanes" {
            header.card-head { h2 #lanes { (ask.t("时间轴")) } p.small.muted.needs-js { (ask.t("拖动一户,马上看到影响;放下即改,可以撤销。")) } }
            div.board.js-board #board data-try=(format!("{link}/try?day={day}")) data-move=[may.then(|| format!("{link}/move?day={day}"))] {
                script type="application/json" { (json(&board::data(ask, sight, day, may))) }
                details open { summary { (ask.t("按文字看")) } (board::table(ask, sight, day)) }
            }
        }
    }
}

/// The routes of a day along the roads, for the map: it shows straight lines until they are there.
pub async fn ways(ask: Ask, Path(key): Path<String>) -> Result<Json<Vec<Vec<[f64; 2]>>>> {
    let key: Key = key.parse()?;
    let (sight, day) = ask
        .read(move |tx, ask| {
            let sight = Sight::find(tx, ask, &key)?;
            let day = day(ask, &sight.kept);
            Ok((sight, day))
        })
        .await?;
    let found = tokio::task::spawn_blocking(move || board::along_roads(&ask, &sight, day));
    Ok(Json(found.await.map_err(Error::internal)??))
}

/// The day of a plan that is looked at, counted from its first.
fn day(ask: &Ask, it: &Kept) -> i64 {
    ask.param("day").and_then(|it| it.parse::<i64>().ok()).unwrap_or(0).clamp(0, it.asked.days - 1)
}

fn map(ask: &Ask, shown: &Shown) -> Markup {
    let sight = &shown.sight;
    let lines = board::lines(ask, sight, &sight.plan, shown.day);
    let is_empty = lines.as_array().is_none_or(Vec::is_empty);
    let has_roads = !ask.app.config.roads.as_os_str().is_empty();
    let homeless = sight.facts.visits.iter().filter(|it| it.home.is_none()).count();
    if is_empty {
        return html! {};
    }
    html! {
        section.card aria-labelledby="routes" {
            header.card-head { h2 #routes { (ask.t("路线图")) } }
            @if 0 < homeless { p.card-body.small { (ask.f("{n} 户没有定位,不在图上,路程按约数算;在老人的住处页面可以补。", &[("n", &homeless)])) } }
            div.map-pair {
                div.map.js-map role="region" aria-label=(ask.t("路线图")) data-values="[]" data-title=(ask.t("路线图"))
                    data-borders=(format!("/borders/{}", sight.kept.key.region)) data-lines=(lines.to_string())
                    data-ways=[has_roads.then(|| format!("{}/ways?day={}", sight.kept.link(), shown.day))] {}
            }
        }
    }
}

fn left(ask: &Ask, sight: &Sight) -> Markup {
    let left = board::left(ask, sight);
    if left.is_empty() {
        return html! {};
    }
    html! {
        section.card #left aria-labelledby="left-title" {
            header.card-head { h2 #left-title { (ask.f("未排上 {n} 次", &[("n", &left.len())])) } }
            ul.tasks { @for it in left.iter().take(SHOWN) { (left_out(ask, sight, it)) } }
            @if SHOWN < left.len() {
                details data-paper { summary.card-foot { (ask.f("另外 {n} 次", &[("n", &(left.len() - SHOWN))])) }
                    ul.tasks { @for it in left.iter().skip(SHOWN) { (left_out(ask, sight, it)) } } }
            }
        }
    }
}

/// So many of those left out are seen without opening the rest.
const SHOWN: usize = 8;

fn left_out(ask: &Ask, sight: &Sight, it: &board::LeftOut) -> Markup {
    let planned = sight.built.planned(&sight.facts, it.visit);
    html! {
        li.task.task-wrong {
            (icon("exclamation-triangle"))
            div {
                a.row-link href=(sight.link(it.visit)) { (planned.name) " · " (sight.services(ask, it.visit)) }
                @for (why, help) in it.why.iter().take(2) { small { (why) (ask.t("。")) (help) } }
            }
            span { (crate::visits::window(ask, &planned.visit)) }
        }
    }
}

/// What would be if, beside each other.
fn others(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.sight.kept;
    if shown.asking.is_empty() && shown.of.is_none() {
        return html! {};
    }
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("方案和试算")) } }
            ul.tasks {
                @for one in shown.of.iter().chain(&shown.asking) {
                    li.task { (icon("signpost-split"))
                        div { a.row-link href=(one.link()) { (one.name) }
                            @if one.key == it.key { small { (ask.t("正在看的")) } } }
                    }
                }
            }
        }
    }
}

/// # Errors
/// As of the plan itself.
pub async fn part(ask: &Ask, key: Key) -> Result<Page> {
    let shown = ask.read(move |tx, ask| load(tx, ask, &key)).await?;
    Ok(ask.part(plan(ask, &shown)))
}
