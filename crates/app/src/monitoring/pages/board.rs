//! The page of the operators: what waits, the oldest on top, live, with a map, by keyboard alone.

use std::{convert::Infallible, time::Duration};

use axum::extract::Path;
use axum::response::{
    IntoResponse, Response,
    sse::{Event, KeepAlive, Sse},
};
use futures_util::stream;
use jiff::Timestamp;
use kit::{
    Ask, Error, Result, Scope,
    form::{csrf, encoded},
    page::{Badge, Head, Page, badge, empty, icon, stat},
};
use maud::{Markup, html};
use rules::alarm::Kind;
use serde_json::json;

use crate::{
    monitoring::{
        DUTY, RAISE, RESPOND,
        board::{self, Card, Filter, Seen},
        live, words,
    },
    visits::OpenCall,
};

/// Whoever listens signs in again, as it were, after so long: the browser asks anew, and what changed of their rights holds.
const LONGEST: Duration = Duration::from_secs(300);
/// After how long a browser asks anew.
const RETRY: Duration = Duration::from_secs(1);

fn filter(ask: &Ask) -> Result<Filter> {
    let kind = match ask.param("kind") {
        None => None,
        Some(word) => Some(Kind::parse(word).ok_or_else(|| Error::invalid("kind", "没有这类报警"))?),
    };
    Ok(Filter { kind, state: ask.param("state").unwrap_or_default().to_string() })
}

/// The reader's scope, or the part of it that lies in a place.
fn scope(ask: &Ask, place: &str) -> Result<Scope> {
    ask.who.scope.narrowed(&ask.app.places.tree(), place).ok_or(Error::NotFound)
}

pub async fn page(ask: Ask) -> Result<Page> {
    let filter = filter(&ask)?;
    let place = ask.param("place").unwrap_or(&ask.who.scope.place).to_string();
    let scope = scope(&ask, &place)?;
    let of = scope.counties.clone();
    let counties = ask.read(move |tx, _| of.iter().map(|it| board::county(tx, it)).collect::<Result<Vec<_>>>()).await?;
    let seen = board::seen(counties.iter(), &scope, &filter);
    let query: Vec<String> =
        [("kind", ask.param("kind")), ("state", ask.param("state")), ("place", ask.param("place"))]
            .iter()
            .filter_map(|(name, value)| value.map(|it| format!("{name}={}", encoded(it))))
            .collect();
    let live = format!("/monitoring/live/{place}?{}", query.join("&"));
    let again = format!("/monitoring?place={place}&{}", query.join("&"));
    let content = html! {
        div.js-alarms {
            (filters(&ask, &filter, &place))
            div.cols {
                div.stack {
                    div.js-live.flow #board data-src=(live) { (inside(&ask, &seen)) }
                    p.no-js { a href=(again) { (ask.t("刷新")) } }
                }
                div.stack { (sound(&ask)) (map(&ask, &seen)) (keys(&ask)) }
            }
        }
    };
    let actions = html! {
        a.btn.btn-ghost href="/monitoring/history" { (icon("clock-history")) (ask.t("报警记录")) }
        a.btn.btn-ghost href="/monitoring/figures" { (icon("graph-up")) (ask.t("接警统计")) }
        @if ask.may(DUTY) { a.btn.btn-ghost href="/monitoring/duty" { (icon("calendar-event")) (ask.t("值班表")) } }
        @if ask.may(RAISE) { a.btn.btn-primary href="/monitoring/new" data-hotkey="n" { (icon("telephone-inbound")) (ask.t("登记电话报警")) } }
    };
    let place = ask.app.places.tree().full_name(&ask.who.scope.place);
    Ok(ask.page(Head::new(ask.t("报警处置")).line(place).actions(actions), content))
}

/// What is open, told again whenever anything of it changes.
pub async fn stream(ask: Ask, Path(place): Path<String>) -> Result<Response> {
    let (filter, scope) = (filter(&ask)?, scope(&ask, &place)?);
    let listener = live::listen(&ask.app, scope.counties.clone()).await?;
    let end = tokio::time::Instant::now() + LONGEST;
    let told = stream::unfold(
        (ask, listener, (filter, scope), false),
        move |(mut ask, mut listener, sight, is_later)| async move {
            if is_later {
                let more = tokio::select! {
                    more = listener.changed() => more,
                    () = tokio::time::sleep_until(end) => false,
                };
                if !more {
                    return None;
                }
            }
            ask.now = ask.app.clock.now();
            let counties = listener.counties();
            let seen = board::seen(counties.iter().map(|it| &**it), &sight.1, &sight.0);
            let event = Event::default().retry(RETRY).data(inside(&ask, &seen).into_string());
            Some((Ok::<_, Infallible>(event), (ask, listener, sight, true)))
        },
    );
    Ok(Sse::new(told).keep_alive(KeepAlive::default()).into_response())
}

fn filters(ask: &Ask, filter: &Filter, place: &str) -> Markup {
    let tree = ask.app.places.tree();
    let children: Vec<(String, String)> =
        tree.children(&ask.who.scope.place).map(|it| (it.code.clone(), it.name.clone())).collect();
    html! {
        form.filters method="get" action="/monitoring" {
            div.field { label for="kind" { (ask.t("报警类别")) } select #kind name="kind" {
                option value="" { (ask.t("全部")) }
                @for (word, title) in Kind::WORDS { option value=(word) selected[filter.kind.is_some_and(|it| it.word() == word)] { (ask.t(title)) } }
            } }
            div.field { label for="state" { (ask.t("状态")) } select #state name="state" {
                option value="" { (ask.t("全部")) }
                @for (word, title, _) in words::STATES.iter().filter(|it| it.0 != "closed") { option value=(word) selected[filter.state == *word] { (ask.t(title)) } }
            } }
            @if !children.is_empty() {
                div.field { label for="place" { (ask.t("地区")) } select #place name="place" {
                    option value="" { (ask.t("全部")) }
                    @for (code, name) in &children { option value=(code) selected[place == code] { (name) } }
                } }
            }
            div.actions { button.btn { (icon("funnel")) (ask.t("筛选")) } a.btn.btn-ghost href="/monitoring" { (ask.t("清除")) } }
        }
    }
}

/// What changes: numbers, calls of staff, cases. The points of the map and how many wait stand in it as data.
pub fn inside(ask: &Ask, seen: &Seen) -> Markup {
    let [raised, taken, departed, arrived] = seen.counts;
    let oldest = seen.cards.iter().find(|it| it.state == "raised");
    let waits = oldest.map(|it| super::lasting(ask, waited(ask, &it.since)));
    html! {
        span hidden .js-alarm-facts data-waiting=(raised + seen.calls.iter().filter(|it| it.state == "open").count()) data-points=(points(ask, seen)) {}
        p.sr.live-say { (ask.f("{n} 件报警没有人接,{all} 件未结案", &[("n", &raised), ("all", &(raised + taken + departed + arrived))])) }
        div.stats {
            (stat(if 0 < raised { Badge::Bad } else { Badge::Ok }, ask.t("待接警"), &raised.to_string(), ask.t("件"), "", Some("/monitoring?state=raised")))
            @match (&waits, oldest) {
                (Some(text), Some(it)) => div.stat.stat-bad { span.stat-label { (ask.t("最久已等")) } span.stat-value.stat-long.js-since data-seconds=(waited(ask, &it.since)) { (text) } },
                _ => (stat(Badge::Plain, ask.t("最久已等"), "—", "", "", None)),
            }
            (stat(Badge::Plain, ask.t("处理中"), &(taken + departed).to_string(), ask.t("件"), &ask.f("{n} 件有人在路上", &[("n", &departed)]), Some("/monitoring?state=acknowledged")))
            (stat(Badge::Plain, ask.t("已到达"), &arrived.to_string(), ask.t("件"), ask.t("还要结案"), Some("/monitoring?state=arrived")))
        }
        @if !seen.calls.is_empty() {
            section.card aria-labelledby="staff-calls" { header.card-head { h2 #staff-calls { (ask.t("上门人员求助")) } }
                ul.alarms { @for it in &seen.calls { (call(ask, it)) } } }
        }
        section.card aria-labelledby="cases" { header.card-head { h2 #cases { (ask.t("未结案的报警")) } }
            @if seen.cards.is_empty() { (empty(ask.t("现在没有未结案的报警"), ask.t("有报警时会自动出现在这里,不用刷新。"), html! {})) }
            @else { ol.alarms { @for it in &seen.cards { (card(ask, it)) } } }
        }
    }
}

/// Seconds since an instant as it is stored.
fn waited(ask: &Ask, since: &str) -> i64 {
    since.parse::<Timestamp>().map_or(0, |it| ask.now.duration_since(it).as_secs().max(0))
}

fn card(ask: &Ask, it: &Card) -> Markup {
    let (state, kind) = words::badge_of(words::STATES, &it.state);
    let is_waiting = it.state == "raised";
    let seconds = waited(ask, &it.since);
    let is_late = is_waiting && it.allowed.is_some_and(|allowed| allowed < seconds);
    let place = ask.app.places.tree().words(&it.place);
    html! {
        li.alarm.alarm-raised[is_waiting].alarm-urgent[it.urgent].alarm-late[is_late] data-key=(it.key) {
            span.alarm-sign { (icon(words::icon_of(it.kind))) }
            div.alarm-what {
                p { a.row-link.js-alarm href=(it.link()) { span.strong { (ask.t(it.kind.title())) } " " (it.name) }
                    @if it.urgent { " " (badge(Badge::Bad, ask.t("紧急"))) }
                    @if 1 < it.raises { " " (badge(Badge::Warn, &ask.f("{n} 次报警", &[("n", &it.raises)]))) }
                    @if it.is_eased { " " (badge(Badge::Ok, ask.t("已恢复正常"))) }
                }
                p.small.muted { (place) " · " (kit::page::time(&it.raised)) @if !it.device_label.is_empty() { " · " (it.device_label) } }
            }
            div.alarm-wait {
                span.strong.js-since data-seconds=(seconds) data-allowed=[it.allowed.filter(|_| is_waiting)] { (super::lasting(ask, seconds)) }
                @if is_waiting { @if let Some(allowed) = it.allowed { small.muted { (ask.f("时限 {n} 秒", &[("n", &allowed)])) } } }
            }
            div.alarm-who { (badge(kind, ask.t(state)))
                @if is_waiting { small.muted { (ask.f("已找 {n} 步", &[("n", &it.steps)])) } }
                @else if !it.departed_by.is_empty() { small { (it.departed_by) } }
                @else { small { (it.acknowledged_by) } }
            }
            div.alarm-do {
                @if is_waiting && ask.may(RESPOND) {
                    form.inline method="post" action=(format!("{}/acknowledge", it.link())) { (csrf(ask))
                        button.btn.btn-sm.btn-primary.js-acknowledge { (ask.t("接警")) } }
                } @else { a.btn.btn-sm tabindex="-1" href=(it.link()) { (ask.t("打开")) } }
            }
        }
    }
}

fn call(ask: &Ask, it: &OpenCall) -> Markup {
    let is_open = it.state == "open";
    let seconds = waited(ask, &it.received);
    html! {
        li.alarm.alarm-raised[is_open].alarm-urgent data-key=(format!("staff-{}", it.key)) {
            span.alarm-sign { (icon("exclamation-octagon")) }
            div.alarm-what {
                p { a.row-link.js-alarm href=(it.link()) { span.strong { (ask.t("求助")) } " " (it.name) } }
                p.small.muted { (ask.app.places.tree().words(&it.place)) " · " (kit::page::time(&it.received)) }
            }
            div.alarm-wait { span.strong.js-since data-seconds=(seconds) { (super::lasting(ask, seconds)) } }
            div.alarm-who { @if is_open { (badge(Badge::Bad, ask.t("待处理"))) } @else { (badge(Badge::Warn, ask.t("处理中"))) small { (it.taken_by) } } }
            div.alarm-do { a.btn.btn-sm tabindex="-1" href=(it.link()) { (ask.t("打开")) } }
        }
    }
}

/// Where the cases are, for the map.
fn points(ask: &Ask, seen: &Seen) -> String {
    let degrees = |it: i64| it as f64 / 1e6;
    let of_cases = seen.cards.iter().filter_map(|it| {
        let (latitude, longitude) = it.at?;
        let group = if it.state == "raised" { "raised" } else { "taken" };
        Some(
            json!({"lat": degrees(latitude), "lon": degrees(longitude), "name": it.name, "text": ask.t(it.kind.title()),
                    "group": group, "href": it.link()}),
        )
    });
    let of_calls = seen.calls.iter().filter_map(|it| {
        let (latitude, longitude) = it.position?;
        Some(json!({"lat": degrees(latitude), "lon": degrees(longitude), "name": it.name, "text": ask.t("求助"),
                    "group": "staff", "href": it.link()}))
    });
    json!(of_cases.chain(of_calls).collect::<Vec<_>>()).to_string()
}

fn map(ask: &Ask, seen: &Seen) -> Markup {
    let groups = json!([["taken", ask.t("处理中")], ["raised", ask.t("待接警")], ["staff", ask.t("上门人员求助")]]);
    html! {
        section.card.needs-js { header.card-head { h2 { (ask.t("位置")) } } div.card-body {
            div.map.js-map role="region" aria-label=(ask.t("报警位置")) data-borders=(format!("/borders/{}", ask.who.scope.place))
                data-title=(ask.t("报警位置")) data-values="[]" data-points=(points(ask, seen)) data-groups=(groups) {}
            p.help { (ask.t("没有定位的报警只在列表里。")) }
        } }
    }
}

/// A browser plays no sound before somebody pressed something.
fn sound(ask: &Ask) -> Markup {
    html! {
        div.needs-js {
            button.btn.js-sound type="button" aria-pressed="false" data-hotkey="s" data-on=(ask.t("声音已打开")) data-off=(ask.t("打开报警声音")) {
                (icon("bell")) span { (ask.t("打开报警声音")) } }
            p.help { (ask.t("浏览器要您先点一下才肯出声;每次打开这个页面都要点一次。")) }
        }
    }
}

fn keys(ask: &Ask) -> Markup {
    let all = [("j / k", "下一件、上一件"), ("Enter", "打开"), ("a", "接警"), ("n", "登记电话报警"), ("s", "声音开关")];
    html! {
        section.card.needs-js.alarm-keys { header.card-head { h2 { (ask.t("键盘")) } } div.card-body {
            dl.kv { @for (key, what) in all { div { dt { kbd { (key) } } dd { (ask.t(what)) } } } }
        } }
    }
}
