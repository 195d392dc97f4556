//! Jobs: state, progress, error, and another try.

use axum::{extract::Path, response::Response};
use maud::{Markup, html};

use super::tabs;
use crate::{
    Ask, Error, Id, Result, Tx, audit,
    form::csrf,
    jobs::{self, Shown},
    page::{Badge, Head, Page, alert, badge, crumbs, icon, kv},
    place::ScopeColumns,
    table::{Column, Filter, FilterKind, List, Row, Show, column, label},
};

const STATES: &[(&str, &str, Badge)] = &[
    ("waiting", "等待", Badge::Info),
    ("running", "进行中", Badge::Info),
    ("done", "完成", Badge::Ok),
    ("failed", "失败", Badge::Bad),
];

pub static JOBS: List = List {
    name: "jobs",
    title: "后台任务",
    path: "/jobs",
    from: "job j",
    always: "1 = 1",
    key: "j.id",
    scope: Some(ScopeColumns { region: "", street: None, place: "j.region", organisation: None, person: None }),
    columns: COLUMNS,
    filters: &[
        Filter {
            key: "state",
            title: "状态",
            kind: FilterKind::Choice(&[
                ("waiting", "等待"),
                ("running", "进行中"),
                ("done", "完成"),
                ("failed", "失败"),
            ]),
            sql: "j.state = $?",
        },
        Filter { key: "from", title: "从", kind: FilterKind::DayFrom, sql: "j.created >= $?" },
    ],
    sort: "-created",
    unit: "个",
    link: |row: &Row<'_>| Some(format!("/jobs/{}", row.get("id").text())),
    total: None,
    empty: ("没有符合条件的任务", "换一个条件再查。"),
};

const COLUMNS: &[Column] = &[
    column("title", "任务", "j.title", Show::As(|ask, it| ask.t(&it.text()).to_string())),
    column("state", "状态", "j.state", Show::Word(STATES)),
    column(
        "progress",
        "进度",
        "cast(j.done as text) || ' / ' || cast(j.total as text)",
        Show::As(|_, it| {
            let text = it.text();
            if text == "0 / 0" { String::new() } else { text }
        }),
    ),
    column("attempts", "尝试次数", "j.attempts", Show::Number("次")),
    column("created", "提交时间", "j.created", Show::Time).sorts(),
    column("finished", "结束时间", "j.finished", Show::Time),
    column("error", "原因", "substr(j.error, 1, 80)", Show::Text),
    column("id", "", "j.id", Show::Hidden),
];

pub async fn jobs(ask: Ask) -> Result<Response> {
    JOBS.answer_below(&ask, Head::new(ask.t("后台任务")), tabs(&ask, "/jobs")).await
}

/// A job of the reader's part of the country, with its times.
fn find(tx: &Tx<'_>, ask: &Ask, id: Id) -> Result<(Shown, String, String, i64)> {
    let (region, created, run_at, attempts): (String, String, String, i64) =
        tx.one("select region, created, run_at, attempts from job where id = $1", &[&id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    if !ask.who.scope.covers(&ask.app.places.tree(), &region) {
        return Err(Error::NotFound);
    }
    Ok((jobs::find(tx, id)?, created, run_at, attempts))
}

pub async fn job(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    let (job, created, run_at, attempts) = ask.read(move |tx, ask| find(tx, ask, id)).await?;
    let t = |zh| ask.t(zh);
    let title = t(&job.title).to_string();
    let content = html! {
        (progress(&ask, &job))
        section.card.gap-top { div.card-body { (kv(&[
            (t("种类"), html! { code { (job.kind) } }),
            (t("提交时间"), crate::page::time(&created)),
            (t("下次执行"), crate::page::time(&run_at)),
            (t("尝试次数"), html! { (attempts) }),
            (t("结果"), html! { @match &job.result { Some(it) if !it.is_null() => code { (it) }, _ => "—" } }),
        ])) } }
    };
    let way = crumbs(&ask, &[("/jobs", t("后台任务")), ("", &title)]);
    Ok(ask.page(Head::new(&title).crumbs(way), content))
}

pub async fn job_progress(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    let (job, ..) = ask.read(move |tx, ask| find(tx, ask, id)).await?;
    Ok(ask.part(progress(&ask, &job)))
}

/// State and progress; asks for itself again while the job is not at its end.
fn progress(ask: &Ask, job: &Shown) -> Markup {
    let t = |zh| ask.t(zh);
    let lives = matches!(&*job.state, "waiting" | "running");
    let state = STATES.iter().find(|it| it.0 == job.state).map_or(Badge::Muted, |it| it.2);
    html! {
        div id="job" class=[lives.then_some("js-poll")] aria-live="polite"
            hx-get=[lives.then(|| format!("/jobs/{}/progress", job.id))] hx-trigger=[lives.then_some("every 1s")] hx-swap="outerHTML" {
            p { (badge(state, label(ask, STATES, &job.state)))
                @if 0 < job.total { " " (ask.f("{done} / {total}", &[("done", &job.done), ("total", &job.total)])) } }
            @if 0 < job.total {
                div.progress { progress max=(job.total) value=(job.done) aria-label=(t("进度")) {} span { (job.done * 100 / job.total) " %" } }
            }
            @if let Some(why) = &job.error { (alert(Badge::Bad, t("上次没有成功"), html! { p { (why) } })) }
            @if job.state == "failed" {
                form method="post" action=(format!("/jobs/{}/retry", job.id)) { (csrf(ask)) button.btn { (icon("arrow-repeat")) (t("再试一次")) } }
            }
            @if lives { noscript { a.btn href="" { (t("刷新看进度")) } } }
        }
    }
}

pub async fn retry_job(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    again(&ask, id).await?;
    Ok(ask.go(&format!("/jobs/{id}"), ask.t("已重新排队")))
}

/// Puts a failed job into the queue again.
pub async fn again(ask: &Ask, id: Id) -> Result<()> {
    ask.write(move |tx, ask| {
        find(tx, ask, id)?;
        jobs::retry(tx, id, ask.now)?;
        let entry = audit::Entry {
            action: "change",
            subject: "job",
            subject_id: Some(id),
            region: audit::HOUSE,
            place: &ask.who.scope.place,
            detail: "retry",
        };
        ask.note(tx, &entry)
    })
    .await
}
