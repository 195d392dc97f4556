//! Messages that leave the product: sent or not, and why. Addresses stay sealed.

use axum::{extract::Path, response::Response};
use maud::html;

use super::tabs;
use crate::{
    Ask, Error, Id, Result, Tx, audit,
    form::csrf,
    notify,
    page::{Badge, Head, Page, alert, badge, crumbs, icon, kv, time},
    place::ScopeColumns,
    table::{Column, Filter, FilterKind, List, Row, Show, column, label},
};

const STATES: &[(&str, &str, Badge)] =
    &[("waiting", "等待", Badge::Info), ("sent", "已发送", Badge::Ok), ("failed", "失败", Badge::Bad)];

const CHANNELS: &[(&str, &str, Badge)] =
    &[("mail", "电子邮件", Badge::Muted), ("sms", "短信", Badge::Muted), ("inbox", "站内消息", Badge::Muted)];

/// A message belongs where its account works; one without account is the whole house's.
const PLACE: &str = "coalesce((select p.place from account p where p.id = m.account), '000000')";

pub static MESSAGES: List = List {
    name: "messages",
    title: "外发消息",
    path: "/messages",
    from: "message m",
    always: "m.channel <> 'inbox'",
    key: "m.id",
    scope: Some(ScopeColumns { region: "", street: None, place: PLACE, organisation: None, person: None }),
    columns: COLUMNS,
    filters: &[
        Filter {
            key: "state",
            title: "状态",
            kind: FilterKind::Choice(&[("waiting", "等待"), ("sent", "已发送"), ("failed", "失败")]),
            sql: "m.state = $?",
        },
        Filter {
            key: "channel",
            title: "渠道",
            kind: FilterKind::Choice(&[("mail", "电子邮件"), ("sms", "短信")]),
            sql: "m.channel = $?",
        },
    ],
    sort: "-created",
    unit: "条",
    link: |row: &Row<'_>| Some(format!("/messages/{}", row.get("id").text())),
    total: None,
    empty: ("没有符合条件的消息", "换一个条件再查。"),
};

const COLUMNS: &[Column] = &[
    column("title", "标题", "m.title", Show::Text),
    column("channel", "渠道", "m.channel", Show::Word(CHANNELS)),
    column("state", "状态", "m.state", Show::Word(STATES)),
    column("attempts", "尝试次数", "m.attempts", Show::Number("次")),
    column("created", "提交时间", "m.created", Show::Time).sorts(),
    column("sent", "发送时间", "m.sent", Show::Time),
    column("error", "原因", "substr(m.error, 1, 80)", Show::Text),
    column("id", "", "m.id", Show::Hidden),
];

pub async fn messages(ask: Ask) -> Result<Response> {
    MESSAGES.answer_below(&ask, Head::new(ask.t("外发消息")), tabs(&ask, "/messages")).await
}

struct Shown {
    channel: String,
    title: String,
    state: String,
    attempts: i64,
    error: Option<String>,
    created: String,
    next_at: String,
    sent: Option<String>,
}

fn find(tx: &Tx<'_>, ask: &Ask, id: Id) -> Result<Shown> {
    let sql = format!(
        "select m.channel, m.title, m.state, m.attempts, m.error, m.created, m.next_at, m.sent, {PLACE}
           from message m where m.id = $1 and m.channel <> 'inbox'"
    );
    let (shown, place) = tx.one(&sql, &[&id], |row| {
        let shown = Shown {
            channel: row.get(0)?,
            title: row.get(1)?,
            state: row.get(2)?,
            attempts: row.get(3)?,
            error: row.get(4)?,
            created: row.get(5)?,
            next_at: row.get(6)?,
            sent: row.get(7)?,
        };
        Ok((shown, row.get::<String>(8)?))
    })?;
    if ask.who.scope.covers(&ask.app.places.tree(), &place) { Ok(shown) } else { Err(Error::NotFound) }
}

pub async fn message(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    let it = ask.read(move |tx, ask| find(tx, ask, id)).await?;
    let t = |zh| ask.t(zh);
    let state = STATES.iter().find(|state| state.0 == it.state).map_or(Badge::Muted, |state| state.2);
    let content = html! {
        @if let Some(why) = &it.error { (alert(Badge::Bad, t("上次没有成功"), html! { p { (why) } })) }
        section.card { div.card-body { (kv(&[
            (t("渠道"), html! { (label(&ask, CHANNELS, &it.channel)) }),
            (t("状态"), badge(state, label(&ask, STATES, &it.state))),
            (t("尝试次数"), html! { (it.attempts) }),
            (t("提交时间"), time(&it.created)),
            (t("下次执行"), html! { @if it.state == "waiting" { (time(&it.next_at)) } @else { "—" } }),
            (t("发送时间"), html! { @match &it.sent { Some(at) => (time(at)), None => "—" } }),
        ])) } }
        @if it.state == "failed" {
            form.gap-top method="post" action=(format!("/messages/{id}/retry")) { (csrf(&ask)) button.btn { (icon("arrow-repeat")) (t("再试一次")) } }
        }
    };
    let way = crumbs(&ask, &[("/messages", t("外发消息")), ("", &it.title)]);
    Ok(ask.page(Head::new(&it.title).crumbs(way), content))
}

pub async fn retry_message(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    ask.write(move |tx, ask| {
        find(tx, ask, id)?;
        notify::retry(tx, id, ask.now)?;
        let entry = audit::Entry {
            action: "change",
            subject: "message",
            subject_id: Some(id),
            region: audit::HOUSE,
            place: &ask.who.scope.place,
            detail: "retry",
        };
        ask.note(tx, &entry)
    })
    .await?;
    Ok(ask.go(&format!("/messages/{id}"), ask.t("已重新排队")))
}
