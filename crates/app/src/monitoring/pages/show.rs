//! One case: its clock, what to say, whom it is about, who could go, what happened, and what can be done now.

use axum::extract::Path;
use kit::{
    Ask, Result,
    form::{self as kit_form, Field, Input, Options, csrf},
    page::{Badge, Head, Page, alert, apart, badge, crumbs, icon, kv, time},
};
use maud::{Markup, html};
use rules::{
    alarm::{self, Line},
    visit::Point,
};

use super::{
    card::{self, Card},
    deeds::{CLOSE, CORRECT, NOTE, REASON, WHOM},
    distance, lasting,
};
use crate::{
    elders::{self, Key},
    monitoring::{
        RESPOND, SEND,
        case::{self, Case},
        entry::{self, Entry, Raised},
        near::{self, Busy, From, Near},
        words,
    },
    visits, workforce,
};

struct Shown {
    it: Case,
    card: Option<Card>,
    centre: Option<String>,
    entries: Vec<Entry>,
    raises: Vec<Raised>,
    near: Vec<Near>,
    script: Vec<Line>,
    at: Option<Point>,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let it = case::find(tx, &ask.who.scope, &key)?;
            it.note(tx, ask, "look", "")?;
            let card = match it.elder_key() {
                // Who answers for the place of the alarm sees whom it is about, whichever institution keeps the person.
                Some(elder) => {
                    let scope = kit::Scope::of(&ask.app.places.tree(), &elder.region);
                    Some(card::load(tx, ask, &it, elders::find(tx, &scope, &elder)?)?)
                }
                None => None,
            };
            let home = match it.elder_key() {
                Some(elder) => visits::home_of(tx, &elder)?.at,
                None => None,
            };
            let at = it.position.map(|it| Point { latitude: it.0, longitude: it.1 }).or(home);
            let is_to_send = it.is_open() && it.arrived.is_none() && ask.may(SEND);
            let policy = ask.app.policy_in(&key.region, ask.today());
            Ok(Shown {
                centre: it.organisation.map(|id| workforce::organisation_name(tx, id)).transpose()?,
                entries: entry::all(tx, &key)?,
                raises: entry::raises(tx, &key)?,
                near: if is_to_send { near::nearest(tx, ask, &key.region, it.organisation, at)? } else { Vec::new() },
                script: alarm::script(it.kind, &policy).map(<[Line]>::to_vec).unwrap_or_default(),
                at,
                card,
                it,
            })
        })
        .await?;
    let it = &shown.it;
    let name = shown.card.as_ref().map_or(&*it.about, |card| &card.elder.name);
    let title = format!("{} {name}", ask.t(it.kind.title()));
    let content = html! {
        (notices(&ask, it))
        div.cols {
            div.stack { (clock(&ask, &shown)) (now(&ask, it)) }
            div.stack {
                (script(&ask, &shown))
                @if let Some(one) = &shown.card { (card::markup(&ask, it, one)) }
            }
        }
        div.cols-2.gap-top {
            div.stack { (history(&ask, &shown)) }
            @if !shown.near.is_empty() { div.stack { (nearest(&ask, &shown)) } }
        }
    };
    let way = crumbs(&ask, &[("/monitoring", ask.t("报警处置")), ("", &title)]);
    let actions = html! {
        a.btn.btn-ghost href="/monitoring" data-hotkey="b" { (icon("list")) (ask.t("回到报警列表")) }
        button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
    };
    let line = format!("{} · {}", ask.app.places.tree().words(&it.place), kit::clock::minute(&it.raised));
    Ok(ask.page(Head::new(&title).line(line).crumbs(way).actions(actions), content))
}

fn notices(ask: &Ask, it: &Case) -> Markup {
    html! {
        @if it.eased.is_some() && it.is_open() {
            (alert(Badge::Ok, ask.t("数值已恢复正常,仍要由人结案"), html! {}))
        }
        @if it.is_open() && it.next_at.is_none() && it.acknowledged.is_none() {
            (alert(Badge::Bad, ask.t("自动通知已到最后一步,请马上接警"), html! { p { (ask.t("必要时拨打120。")) } }))
        }
        @if it.follow_day.is_some() && it.followed.is_none() {
            (alert(Badge::Warn, &ask.f("{day} 前要跟进:{what}", &[("day", &it.follow_day.map(|it| it.to_string()).unwrap_or_default()), ("what", &ask.t(&it.follow_up))]), html! {}))
        }
    }
}

/// How far it has come, and how long each part took.
fn clock(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let times = it.course(ask.now).map(|course| alarm::times(&course, it.allowed)).unwrap_or_default();
    let took = |seconds: Option<i64>| seconds.map(|n| lasting(ask, n));
    let parts = [
        ("报警", Some(&it.raised), String::new(), None),
        ("接警", it.acknowledged.as_ref(), it.acknowledged_by.clone(), took(times.acknowledge)),
        ("出发", it.departed.as_ref(), it.departed_by.clone(), took(times.leave)),
        ("到达", it.arrived.as_ref(), it.arrived_by.clone(), took(times.arrive)),
        ("结案", it.closed.as_ref(), it.closed_by.clone(), None),
    ];
    let first_open = parts.iter().position(|part| part.1.is_none());
    let (state, kind) = words::badge_of(words::STATES, &it.state);
    html! {
        section.card { header.card-head { h2 { (ask.t("进度")) } (badge(kind, ask.t(state))) } div.card-body {
            ol.steps aria-label=(ask.t("进度")) {
                @for (nth, (title, at, who, took)) in parts.iter().enumerate() {
                    li.done[at.is_some()].now[first_open == Some(nth) && it.is_open()] aria-current=[(first_open == Some(nth) && it.is_open()).then_some("step")] {
                        span { (ask.t(title)) }
                        @if let Some(at) = at { small { (time(at)) " " (who) @if let Some(took) = took { " · " (took) } } }
                    }
                }
            }
            @if it.acknowledged.is_none() && it.is_open() {
                p { (ask.t("已等")) " " span.strong.js-since data-seconds=(times_since(ask, it)) data-allowed=[it.allowed] { (lasting(ask, times_since(ask, it))) }
                    @if let Some(allowed) = it.allowed { " " small.muted { (ask.f("时限 {n} 秒", &[("n", &allowed)])) } } }
            }
            (kv(&[
                (ask.t("紧急"), html! { @if it.urgent { (badge(Badge::Bad, ask.t("紧急"))) } @else { (ask.t("不紧急")) } }),
                (ask.t("来源"), html! { (ask.t(words::title(words::SOURCES, &it.source))) @if !it.device_label.is_empty() { " · " (it.device_label) } }),
                (ask.t("报警次数"), html! { (it.raises) }),
                (ask.t("处置中心"), html! { (shown.centre.as_deref().unwrap_or("—")) }),
                (ask.t("下次自动处理"), html! { @match &it.next_at { Some(at) => (time(at)), None => "—" } }),
                (ask.t("定位"), html! { @match shown.at {
                    Some(at) => a href=(format!("geo:{},{}", visits::degrees(at.latitude), visits::degrees(at.longitude))) { (visits::degrees(at.latitude)) ", " (visits::degrees(at.longitude)) },
                    None => "—"
                } }),
                (ask.t("到达核验"), html! { @match (it.arrived.is_some(), it.proven) {
                    (false, _) => "—",
                    (true, true) => (badge(Badge::Ok, ask.t("已核验"))),
                    (true, false) => (badge(Badge::Warn, ask.t("口头说明")))
                } }),
                (ask.t("告知家属"), html! { @match &it.informed { Some(at) => (time(at)), None => (ask.t("还没有")) } }),
            ]))
            // Whoever works in an institution finds its own visits in their day.
            @if let Some(visit) = it.visit && ask.who.scope.organisation.is_none() { p { a href=(format!("/visits/{}-{visit}", it.key.region)) { (ask.t("看这次上门")) } } }
            @if !it.verdict.is_empty() { p { (badge(words::badge_of(words::VERDICT_BADGES, &it.verdict).1, ask.t(words::title(words::VERDICTS, &it.verdict)))) " " (it.found) } }
        } }
    }
}

fn times_since(ask: &Ask, it: &Case) -> i64 {
    it.course(ask.now).map_or(0, |it| it.now)
}

fn form(ask: &Ask, it: &Case, deed: &str, fields: &[Field], input: &Input, button: &str) -> Markup {
    html! {
        form.form method="post" action=(format!("{}/{deed}", it.link())) { (csrf(ask))
            (apart(deed, kit_form::fields(ask, fields, input, &Options::new(), &[])))
            div.form-foot { button.btn { (ask.t(button)) } }
        }
    }
}

/// What can be done at this moment; the next thing first.
fn now(ask: &Ask, it: &Case) -> Markup {
    if !ask.may(RESPOND) {
        return html! {};
    }
    let press = |deed: &str, key: &str, title: &str, is_main: bool| {
        html! {
            form.inline method="post" action=(format!("{}/{deed}", it.link())) { (csrf(ask))
                button.btn.btn-primary[is_main] data-hotkey=(key) { (ask.t(title)) " " kbd.needs-js { (key) } } }
        }
    };
    let input = Input::default();
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("现在做什么")) } } div.card-body.stack {
            @if it.is_open() {
                div.actions {
                    @if it.acknowledged.is_none() { (press("acknowledge", "a", "接警", true)) }
                    @if it.departed.is_none() && it.arrived.is_none() { (press("depart", "d", "已出发", it.acknowledged.is_some() && it.staff.is_some())) }
                    @if it.arrived.is_none() { (press("arrive", "r", "已到达", it.departed.is_some())) }
                }
                details open[it.arrived.is_some()] { summary { (ask.t("结案")) } (form(ask, it, "close", CLOSE, &input, "结案")) }
                @if it.acknowledged.is_some() && it.departed.is_none() && it.arrived.is_none() {
                    details { summary { (ask.t("交回,找下一个人")) } (form(ask, it, "return", REASON, &input, "交回")) }
                }
            } @else {
                @if it.follow_day.is_some() && it.followed.is_none() {
                    details open { summary { (ask.t("跟进完成")) } (form(ask, it, "follow", NOTE, &input, "跟进完成")) }
                }
                details { summary { (ask.t("更正")) } (form(ask, it, "correct", CORRECT, &written(it), "更正")) }
                details { summary { (ask.t("撤销结案")) } (form(ask, it, "reopen", REASON, &input, "撤销结案")) }
            }
            @if it.informed.is_none() { details { summary { (ask.t("告知家属")) } (form(ask, it, "inform", WHOM, &input, "已告知")) } }
            details { summary { (ask.t("记一条备注")) } (form(ask, it, "note", NOTE, &input, "记下")) }
        } }
    }
}

fn written(it: &Case) -> Input {
    let mut input = Input::default();
    input.set("verdict", &*it.verdict);
    input.set("found", &*it.found);
    input
}

/// Who could be there soonest, and one press to send them.
fn nearest(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("最近的空闲人员")) } }
            ul.tasks { @for one in &shown.near {
                @let kind = workforce::KINDS.iter().find(|kind| kind.0 == one.staff.kind).map_or("", |kind| kind.1);
                li.task {
                    (icon("person-badge"))
                    div { span.strong { (one.staff.name) } " " (ask.t(kind))
                        @if let Some(rank) = one.rank { " " (badge(Badge::Info, &ask.f("值班第 {n} 顺位", &[("n", &rank)]))) }
                        @if it.staff == Some(one.staff.key.id) { " " (badge(Badge::Ok, ask.t("已派"))) }
                        small { (why(ask, one)) } }
                    @if it.staff != Some(one.staff.key.id) {
                        form.inline method="post" action=(format!("{}/send", it.link())) { (csrf(ask))
                            input type="hidden" name="staff" value=(one.staff.key.id);
                            button.btn.btn-sm aria-label=(ask.f("派 {name} 上门", &[("name", &one.staff.name)])) { (ask.t("派去")) } }
                    }
                }
            } }
        }
    }
}

/// How far somebody is, by what that is known, and what keeps them.
fn why(ask: &Ask, it: &Near) -> String {
    let far = it.metres.map_or_else(|| ask.t("距离不明").to_string(), |it| distance(ask, it));
    let from = match &it.from {
        From::Visit(name, clock) => ask.f("{clock} 在 {name} 家", &[("clock", clock), ("name", name)]),
        From::Institution(name) => ask.f("从 {name} 出发", &[("name", name)]),
        From::Unknown => String::new(),
    };
    let busy = match &it.busy {
        None => ask.t("现在没有上门").to_string(),
        Some(Busy::At(name)) => ask.f("正在 {name} 家服务", &[("name", name)]),
        Some(Busy::Promised(at, name)) => {
            ask.f("{clock} 约了 {name}", &[("clock", &visits::clock(*at)), ("name", name)])
        }
    };
    [far, from, busy].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn script(ask: &Ask, shown: &Shown) -> Markup {
    if shown.script.is_empty() || !shown.it.is_open() {
        return html! {};
    }
    html! {
        section.card { header.card-head { h2 { (ask.t("怎么问、怎么说")) } } div.card-body {
            ol { @for line in &shown.script { li { (ask.either(&*line.zh, &*line.en)) } } }
        } }
    }
}

fn history(ask: &Ask, shown: &Shown) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("处置经过")) } } div.card-body { div.timeline { ol {
            @for it in &shown.entries {
                li.timeline-item.timeline-bad[it.what == "unsent"].timeline-warn[it.what == "late"] {
                    span.timeline-dot { (icon(sign(&it.what))) }
                    div.timeline-body {
                        p.timeline-head { (exact(&it.at)) span.timeline-kind { (ask.t(words::title(words::ENTRIES, &it.what))) }
                            @if it.sending == "failed" { (badge(Badge::Bad, ask.t("短信未发出"))) } }
                        p.timeline-title { (it.said(ask.lang)) }
                        @if !it.note.is_empty() && it.note != "urgent" { p.timeline-note { (it.note) } }
                        @if !it.who.is_empty() { p.timeline-note { (it.who) } }
                    }
                }
            }
        } } } }
        @if 1 < shown.raises.len() {
            section.card { header.card-head { h2 { (ask.f("报警 {n} 次", &[("n", &shown.it.raises)])) } } div.card-body { ul {
                @for it in &shown.raises { li { (exact(&it.received)) " " (it.said(ask.lang)) @if !it.device_label.is_empty() { " " small.muted { (it.device_label) } }
                    @if it.at != it.received { " " small.muted { (ask.t("发生于")) " " (exact(&it.at)) } } } }
            } } }
        }
    }
}

fn sign(what: &str) -> &'static str {
    match what {
        "raised" | "again" => "bell",
        "unsent" | "late" => "exclamation-triangle",
        "step" => "send",
        "acknowledged" => "headset",
        "sent" | "departed" => "truck",
        "arrived" => "house-check",
        "closed" | "followed" => "check-circle",
        _ => "chat-dots",
    }
}

/// To the second: that is what a response is measured by.
fn exact(stored: &str) -> Markup {
    let text = stored.parse::<jiff::Timestamp>().map_or_else(|_| stored.to_string(), kit::clock::second);
    html! { time datetime=(stored) { (text) } }
}

/// Every case, whatever became of it.
pub async fn history_list(ask: Ask) -> Result<axum::response::Response> {
    let title = ask.t("报警记录");
    let way = crumbs(&ask, &[("/monitoring", ask.t("报警处置")), ("", title)]);
    crate::monitoring::list::CASES.answer(&ask, Head::new(title).crumbs(way)).await
}
