//! The audit trail: searched by administrators and auditors, its chain recomputed on demand and every night.

use axum::extract::Path;
use maud::{Markup, html};
use serde_json::Value as Json;

use super::region_of;
use crate::{
    App, Ask, Error, Id, Result, Tx, audit, digest,
    form::csrf,
    jobs::{self, New, Running, Work},
    page::{Badge, Head, Page, alert, badge, crumbs, icon, kv, time},
    place::ScopeColumns,
    table::{Column, Filter, FilterKind, List, Picked, Row, Show, column},
};

const SCOPE: ScopeColumns =
    ScopeColumns { region: "", street: None, place: "a.region", organisation: None, person: None };

/// One whole number for an entry: its place in the chain, then the region whose chain it is.
const KEY: &str = "(a.seq * 1000000 + cast(a.region as bigint))";

const ACTIONS: &[(&str, &str)] = &[
    ("look", "查看"),
    ("create", "新建"),
    ("change", "修改"),
    ("delete", "删除"),
    ("export", "导出"),
    ("import", "导入"),
    ("sign-in", "登录"),
    ("sign-in-failed", "登录失败"),
    ("sign-out", "退出"),
    ("backup", "备份"),
    ("restore", "恢复"),
];

/// Characters of a detail that the list shows.
const MOST_SHOWN: usize = 60;

pub static LIST: List = List {
    name: "audit",
    title: "审计记录",
    path: "/audit",
    from: "audit a",
    always: "1 = 1",
    key: KEY,
    scope: Some(SCOPE),
    columns: COLUMNS,
    filters: &[
        Filter { key: "from", title: "从", kind: FilterKind::DayFrom, sql: "a.at >= $?" },
        Filter { key: "until", title: "到", kind: FilterKind::DayUntil, sql: "a.at < $?" },
        Filter { key: "who", title: "操作人", kind: FilterKind::Contains, sql: "a.who like $? escape '\\'" },
        Filter { key: "action", title: "操作", kind: FilterKind::Choice(ACTIONS), sql: "a.action = $?" },
        Filter { key: "subject", title: "对象", kind: FilterKind::Equals, sql: "a.subject = $?" },
        Filter { key: "subject_id", title: "对象编号", kind: FilterKind::Int, sql: "a.subject_id = $?" },
        Filter { key: "account", title: "账号编号", kind: FilterKind::Int, sql: "a.account = $?" },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    ],
    sort: "-at",
    unit: "条",
    link,
    total: Some(total),
    empty: ("没有符合条件的记录", "换一个条件再查。"),
};

const COLUMNS: &[Column] = &[
    column("at", "时间", "a.at", Show::Time).sorts(),
    column(
        "who",
        "操作人",
        "a.who",
        Show::As(|ask, it| if it.text() == "system" { ask.t("系统").into() } else { it.text() }),
    ),
    column("role", "角色", "a.role", Show::As(|ask, it| super::accounts::role_title(ask, &it.text()))),
    column("action", "操作", "a.action", Show::As(|ask, it| ask.t(audit::action_title(&it.text())).to_string())),
    column("subject", "对象", "a.subject", Show::As(|ask, it| ask.word(&it.text()).to_string())),
    column("subject_id", "对象编号", "a.subject_id", Show::Text),
    column("region", "地区", "a.region", Show::Place),
    column("detail", "内容", "substr(a.detail, 1, 2000)", Show::As(|ask, it| in_short(ask, &it.text()))),
    column("seq", "", "a.seq", Show::Hidden),
];

fn link(row: &Row<'_>) -> Option<String> {
    Some(format!("/audit/{}/{}", row.get("region").text(), row.get("seq").text()))
}

/// A detail in the words of people where it is one, or begins with one; what JSON says as pairs.
fn detail(ask: &Ask, stored: &str) -> String {
    if let Ok(Json::Object(parts)) = serde_json::from_str(stored) {
        let said = |value: &Json| value.as_str().map_or_else(|| value.to_string(), |it| ask.word(it).to_string());
        let pairs: Vec<String> = parts.iter().map(|(name, it)| format!("{} {}", ask.word(name), said(it))).collect();
        return pairs.join(" · ");
    }
    match (ask.word(stored), stored.split_once(' ')) {
        (word, _) if word != stored => word.to_string(),
        (_, Some((first, rest))) if ask.word(first) != first => format!("{} {}", ask.word(first), ask.word(rest)),
        _ => stored.to_string(),
    }
}

/// The beginning of a detail, for the list.
fn in_short(ask: &Ask, stored: &str) -> String {
    let whole = detail(ask, stored);
    if whole.chars().count() <= MOST_SHOWN {
        return whole;
    }
    whole.chars().take(MOST_SHOWN).chain(['…']).collect()
}

/// Without a filter the heads of the chains tell how many entries there are; nothing is ever taken out.
fn total(tx: &Tx<'_>, _: &Ask, picked: &Picked) -> Result<Option<i64>> {
    if !picked.filters.is_empty() {
        return Ok(None);
    }
    let mut values = Vec::new();
    let columns = ScopeColumns { place: "region", ..SCOPE };
    let condition = picked.scope.sql(&columns, &mut values);
    let values: Vec<&dyn crate::db::Bind> = values.iter().map(|it| it as &dyn crate::db::Bind).collect();
    let sql = format!("select cast(coalesce(sum(seq), 0) as bigint) from audit_head where {condition}");
    tx.count(&sql, &values).map(Some)
}

pub async fn list(ask: Ask) -> Result<Page> {
    let verify = html! {
        form method="post" action="/audit/verify" { (csrf(&ask)) button.btn { (icon("shield-check")) (ask.t("核对审计链")) } }
    };
    LIST.answer(&ask, Head::new(ask.t("审计记录")).actions(verify)).await
}

pub async fn page(ask: Ask, Path((region, seq)): Path<(String, i64)>) -> Result<Page> {
    let wanted = region.clone();
    let cells = ask
        .read(move |tx, ask| {
            if !ask.who.scope.covers(&ask.app.places.tree(), &wanted) {
                return Err(Error::NotFound);
            }
            tx.one(
                "select at, who, role, action, subject, subject_id, place, detail, hash, account
                   from audit where region = $1 and seq = $2",
                &[&wanted, &seq],
                |row| {
                    let mut cells: Vec<String> = (0..5).map(|at| row.get(at)).collect::<Result<_>>()?;
                    let hash: Vec<u8> = row.get(8)?;
                    cells.push(row.get::<Option<i64>>(5)?.map(|it| it.to_string()).unwrap_or_default());
                    cells.push(row.get(6)?);
                    cells.push(row.get(7)?);
                    cells.push(digest::hex(&hash));
                    cells.push(row.get::<Option<i64>>(9)?.map(|it| it.to_string()).unwrap_or_default());
                    Ok(cells)
                },
            )
        })
        .await?;
    let t = |zh| ask.t(zh);
    let tree = ask.app.places.tree();
    let text = |at: usize| html! { @if cells[at].is_empty() { "—" } @else { (cells[at]) } };
    let content = html! {
        section.card { div.card-body { (kv(&[
            (t("时间"), time(&cells[0])),
            (t("操作人"), html! { (cells[1]) " " small { (super::accounts::role_title(&ask, &cells[2])) } }),
            (t("账号编号"), text(9)),
            (t("操作"), html! { (t(audit::action_title(&cells[3]))) }),
            (t("对象"), html! { (ask.word(&cells[4])) }),
            (t("对象编号"), text(5)),
            (t("地区"), html! { @if region == audit::HOUSE { (t("全国")) } @else { (tree.full_name(&region)) } }),
            (t("地点"), html! { @if cells[6].is_empty() { "—" } @else { (tree.full_name(&cells[6])) } }),
            (t("内容"), html! { @if detail(&ask, &cells[7]) == cells[7] { code { (cells[7]) } } @else { (detail(&ask, &cells[7])) } }),
            (t("链上序号"), html! { (seq) }),
            (t("链值"), html! { code { (cells[8]) } }),
        ])) } }
        p.gap-top {
            @if 1 < seq { a.btn href=(format!("/audit/{region}/{}", seq - 1)) { (icon("chevron-left")) (t("前一条")) } " " }
            a.btn href=(format!("/audit/{region}/{}", seq + 1)) { (t("后一条")) (icon("chevron-right")) }
        }
    };
    let way = crumbs(&ask, &[("/audit", t("审计记录")), ("", &seq.to_string())]);
    Ok(ask.page(Head::new(t("审计记录")).crumbs(way), content))
}

/// The check of the whole trail, every night and on demand.
pub const VERIFY: Work =
    Work { kind: "house.audit", title: "核对审计链", run: check, every_minutes: Some(24 * 60) };

fn check(app: App, _: jobs::Job) -> Running {
    Box::pin(async move {
        let (verdict, heads) = app
            .db
            .read(|tx| {
                let heads = tx.rows("select region, seq, hash from audit_head order by region", &[], |row| {
                    Ok((row.get::<String>(0)?, row.get::<i64>(1)?, row.get::<Vec<u8>>(2)?))
                })?;
                Ok((audit::verify(tx)?, heads))
            })
            .await?;
        for (region, seq, hash) in heads {
            // In the log, outside the database: whoever rewrites the whole chain has to rewrite the logs too.
            let hash = digest::hex(&hash[..hash.len().min(16)]);
            tracing::info!(region, seq, hash, "audit head");
        }
        verdict.broken.iter().for_each(|it| tracing::error!("audit: {it}"));
        Ok(serde_json::to_value(verdict)?)
    })
}

pub async fn verify(ask: Ask) -> Result<Page> {
    let id = ask
        .write(|tx, ask| {
            let new = New {
                region: &region_of(ask, &ask.who.scope.place),
                kind: VERIFY.kind,
                unique_key: Some("asked"),
                title: VERIFY.title,
                body: &Json::Null,
                account: Some(ask.who.account),
            };
            jobs::enqueue(tx, &new, ask.now)
        })
        .await?;
    Ok(ask.go(&format!("/audit/verify/{id}"), ""))
}

pub async fn verified(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    let job = ask.read(move |tx, _| jobs::find(tx, id)).await?;
    if job.kind != VERIFY.kind {
        return Err(Error::NotFound);
    }
    let content = outcome(&ask, &job);
    if ask.partial {
        return Ok(ask.part(content));
    }
    let way = crumbs(&ask, &[("/audit", ask.t("审计记录")), ("", ask.t("核对审计链"))]);
    Ok(ask.page(Head::new(ask.t("核对审计链")).crumbs(way), content))
}

fn outcome(ask: &Ask, job: &jobs::Shown) -> Markup {
    let t = |zh| ask.t(zh);
    match (&*job.state, &job.result) {
        ("done", Some(result)) => {
            let broken: Vec<&str> =
                result["broken"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
            let counted = ask.f(
                "核对了 {regions} 个地区的 {n} 条记录。",
                &[("regions", &result["regions"]), ("n", &result["entries"])],
            );
            html! {
                @if broken.is_empty() { (alert(Badge::Ok, t("审计链完好,没有记录被改动、删除或截断"), html! { p { (counted) } })) }
                @else { (alert(Badge::Bad, t("审计链断裂:记录被改动、删除或截断"), html! { p { (counted) } ul { @for it in &broken { li { (it) } } } })) }
            }
        }
        ("failed", _) => alert(Badge::Bad, t("核对失败"), html! { p { (job.error.as_deref().unwrap_or_default()) } }),
        _ => html! {
            div.js-poll id="job" hx-get=(format!("/audit/verify/{}", job.id)) hx-trigger="every 1s" hx-swap="outerHTML" aria-live="polite" {
                p.strong { (t("正在核对…")) " " (badge(Badge::Info, t("进行中"))) }
                div.progress { progress aria-label=(t("核对审计链")) {} }
                noscript { a.btn href="" { (t("刷新看进度")) } }
            }
        },
    }
}
