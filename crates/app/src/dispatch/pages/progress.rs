//! How the solver comes along, told as it happens.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::Path,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use kit::{
    Ask, Result,
    form::csrf,
    page::{Badge, alert, badge, icon},
};
use maud::{Markup, html};

use crate::{
    dispatch::{
        PLAN,
        kept::{self, Kept},
        words,
    },
    elders::Key,
};

/// How often a page is told.
const EVERY: Duration = Duration::from_millis(500);

/// The solver at work, as events: a fragment each time, and `done` at the end.
pub async fn stream(ask: Ask, Path(key): Path<String>) -> Result<Response> {
    let key: Key = key.parse()?;
    let first = key.clone();
    ask.read(move |tx, ask| kept::find(tx, &ask.who.scope, &first)).await?;
    let told = stream::unfold((ask, key, false), |(ask, key, is_over)| async move {
        if is_over {
            return None;
        }
        tokio::time::sleep(EVERY).await;
        let wanted = key.clone();
        let (event, is_over) = match ask.read(move |tx, ask| kept::find(tx, &ask.who.scope, &wanted)).await {
            Ok(it) if it.progress.is_at_work() => (Event::default().data(inside(&ask, &it).into_string()), false),
            // It ended, or cannot be looked at any more: the page looks for itself.
            Ok(_) | Err(_) => (Event::default().event("done").data("done"), true),
        };
        Some((Ok::<_, Infallible>(event), (ask, key, is_over)))
    });
    Ok(Sse::new(told).keep_alive(KeepAlive::default()).into_response())
}

/// What the page says of the solver: while it works, told anew all the time; afterwards what became of it.
pub fn card(ask: &Ask, it: &Kept) -> Markup {
    if it.progress.is_at_work() {
        let link = it.link();
        return html! {
            section.card { div.card-body.js-live data-src=(format!("{link}/progress")) { (inside(ask, it)) p.no-js { a href=(link) { (ask.t("刷新")) } } } }
        };
    }
    if it.progress.state == "failed" {
        return alert(Badge::Bad, ask.t("求解失败"), html! { p { (it.progress.why) } });
    }
    html! {}
}

fn inside(ask: &Ask, it: &Kept) -> Markup {
    let progress = &it.progress;
    let (title, kind) =
        words::PROGRESS.iter().find(|one| one.0 == progress.state).map_or(("", Badge::Muted), |one| (one.1, one.2));
    html! {
        p.strong { (badge(kind, ask.t(title))) " "
            @if let (Some(first), Some(best)) = (progress.first, progress.best) {
                (ask.f("折合路上 {first} 分钟,目前最好 {best} 分钟", &[("first", &first), ("best", &best)]))
            }
        }
        div.progress {
            progress max=(progress.of_seconds.max(1)) value=(progress.seconds) aria-label=(ask.t("求解进度")) {}
            span { (ask.f("{n}/{all} 秒", &[("n", &progress.seconds), ("all", &progress.of_seconds)])) }
        }
        @if ask.may(PLAN) {
            form.inline method="post" action=(format!("{}/stop", it.link())) { (csrf(ask))
                button.btn #stop { (icon("stop-circle")) (ask.t("停止,用目前最好的")) } }
        }
    }
}
