//! Events: what waits for a listener, what failed and why; one that can never be delivered may be passed over.

use axum::{extract::Path, response::Response};
use maud::html;

use super::tabs;
use crate::{
    Ask, Error, Id, Result, audit,
    clock::stamp,
    form::csrf,
    page::{Badge, Head, Page, alert, badge, crumbs, kv, time},
    place::ScopeColumns,
    table::{Column, Filter, FilterKind, List, Row, Show, column},
};

const STATE: &str =
    "case when e.delivered is not null then 'delivered' when 0 < e.failures then 'failing' else 'waiting' end";

pub static EVENTS: List = List {
    name: "events",
    title: "事件",
    path: "/events",
    from: "event e",
    always: "1 = 1",
    key: "e.id",
    scope: Some(ScopeColumns { region: "", street: None, place: "e.region", organisation: None, person: None }),
    columns: COLUMNS,
    filters: &[
        Filter {
            key: "state",
            title: "状态",
            kind: FilterKind::Choice(&[("waiting", "等待"), ("failing", "送不出去"), ("delivered", "已送达")]),
            sql: "case when e.delivered is not null then 'delivered' when 0 < e.failures then 'failing' else 'waiting' end = $?",
        },
        Filter { key: "kind", title: "种类", kind: FilterKind::Begins, sql: "e.kind like $? escape '\\'" },
    ],
    sort: "-at",
    unit: "个",
    link: |row: &Row<'_>| Some(format!("/events/{}", row.get("id").text())),
    total: None,
    empty: ("没有符合条件的事件", "换一个条件再查。"),
};

const COLUMNS: &[Column] = &[
    column("kind", "种类", "e.kind", Show::As(|ask, it| ask.word(&it.text()).to_string())),
    column(
        "state",
        "状态",
        STATE,
        Show::Word(&[
            ("waiting", "等待", Badge::Info),
            ("failing", "送不出去", Badge::Bad),
            ("delivered", "已送达", Badge::Ok),
        ]),
    ),
    column("region", "地区", "e.region", Show::Place),
    column("at", "发生时间", "e.at", Show::Time).sorts(),
    column("failures", "失败次数", "e.failures", Show::Number("次")),
    column("error", "原因", "substr(e.error, 1, 80)", Show::Text),
    column("id", "", "e.id", Show::Hidden),
];

pub async fn events(ask: Ask) -> Result<Response> {
    EVENTS.answer_below(&ask, Head::new(ask.t("事件")), tabs(&ask, "/events")).await
}

pub async fn event(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    let (region, kind, body, at, delivered, failures, error) = ask
        .read(move |tx, ask| {
            let found = tx.one(
                "select region, kind, body, at, delivered, failures, error from event where id = $1",
                &[&id],
                |row| {
                    Ok((
                        row.get::<String>(0)?,
                        row.get::<String>(1)?,
                        row.get::<String>(2)?,
                        row.get::<String>(3)?,
                        row.get::<Option<String>>(4)?,
                        row.get::<i64>(5)?,
                        row.get::<Option<String>>(6)?,
                    ))
                },
            )?;
            if ask.who.scope.covers(&ask.app.places.tree(), &found.0) { Ok(found) } else { Err(Error::NotFound) }
        })
        .await?;
    let t = |zh| ask.t(zh);
    let fails = delivered.is_none() && 0 < failures;
    let content = html! {
        @if fails { (alert(Badge::Bad, t("送不出去,后面的事件都在等它"), html! { p { (error.as_deref().unwrap_or_default()) } })) }
        section.card { div.card-body { (kv(&[
            (t("种类"), html! { code { (kind) } }),
            (t("地区"), html! { (ask.app.places.tree().full_name(&region)) }),
            (t("发生时间"), time(&at)),
            (t("送达时间"), html! { @match &delivered { Some(at) => (time(at)), None => (badge(Badge::Info, t("等待"))) } }),
            (t("失败次数"), html! { (failures) }),
            (t("内容"), html! { code { (body) } }),
        ])) } }
        @if fails {
            form.gap-top method="post" action=(format!("/events/{id}/skip")) data-confirm=(t("跳过后,这件事不会再通知其他模块,须人工补办。要跳过吗?")) data-confirm-kind="bad" {
                (csrf(&ask)) button.btn.btn-danger { (t("跳过这个事件")) }
            }
        }
    };
    let way = crumbs(&ask, &[("/events", t("事件")), ("", ask.word(&kind))]);
    Ok(ask.page(Head::new(ask.word(&kind)).crumbs(way), content))
}

/// Passes over an event that fails again and again, so that those behind it go on.
pub async fn skip_event(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    ask.write(move |tx, ask| {
        let region: String =
            tx.one("select region from event where id = $1 and delivered is null and 0 < failures", &[&id], |row| {
                row.get(0)
            })?;
        if !ask.who.scope.covers(&ask.app.places.tree(), &region) {
            return Err(Error::NotFound);
        }
        tx.run("update event set delivered = $2 where id = $1", &[&id, &stamp(ask.now)])?;
        let entry = audit::Entry {
            action: "change",
            subject: "event",
            subject_id: Some(id),
            region: &region,
            place: &region,
            detail: "passed over",
        };
        ask.note(tx, &entry)
    })
    .await?;
    Ok(ask.go("/events", ask.t("已跳过")))
}
