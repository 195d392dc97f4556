//! Values in force for any region and any day: all of them as an overview, one topic with its documents.

use kit::{
    Ask, Result, audit,
    page::{self, Badge, Head, Page, badge, icon},
    sheet::{ExportColumn, Exporter, Kind, Value},
};
use maud::{Markup, html};
use rules::policy::{Because, NoPolicy};

use super::{digest_line, overview, print_button, shape, tabs};
use crate::policy::{
    asked::{self, Asked},
    values::{self, Param, Topic},
    words,
};

pub async fn page(ask: Ask) -> Result<Page> {
    let asked = Asked::of(&ask)?;
    let only = ask.param("topic").map(str::to_string);
    let mut topics = values::topics(&ask.app.policy, &asked, only.as_deref());
    if let Some(text) = ask.param("q") {
        keep_found(&ask, &mut topics, text);
    }
    if ask.param("format") == Some("xlsx") {
        return export(&ask, &asked, &topics).await;
    }
    let kept = only.as_deref().map(|it| format!("&topic={}", kit::form::encoded(it))).unwrap_or_default();
    let actions = html! {
        a.btn href=(format!("/policy?{}{kept}&format=xlsx", asked.query())) { (icon("download")) (ask.t("导出")) }
        (print_button(&ask))
    };
    let content = html! {
        (tabs(&ask, "/policy"))
        (filters(&ask, &asked, only.as_deref()))
        @if topics.is_empty() {
            (page::empty(ask.t("没有找到参数"), ask.t("换一个词或主题。"), html! { a.btn href="/policy" { (ask.t("全部参数")) } }))
        } @else if only.is_some() {
            @for topic in &topics { (card(&ask, &asked, topic)) }
        } @else { (overview::show(&ask, &asked, &topics)) }
        (digest_line(&ask))
    };
    let sub = ask.f("{region} · {day}", &[("region", &asked.region_name), ("day", &asked.day)]);
    Ok(ask.page(Head::new(ask.t("政策库")).line(sub).actions(actions), content))
}

/// Keeps the parameters whose name or explanation holds the words.
fn keep_found(ask: &Ask, topics: &mut Vec<Topic>, text: &str) {
    let text = text.to_lowercase();
    let has = |it: &str| it.to_lowercase().contains(&text);
    for topic in topics.iter_mut().filter(|it| !has(words::text(ask, &it.title))) {
        topic.params.retain(|it| has(it.name) || has(ask.t(it.name)) || has(&it.about) || has(ask.t(&it.about)));
    }
    topics.retain(|it| !it.params.is_empty());
}

fn filters(ask: &Ask, asked: &Asked, only: Option<&str>) -> Markup {
    html! {
        form.filters method="get" action="/policy" {
            div.field { label for="f-q" { (ask.t("参数")) }
                input #f-q name="q" type="search" value=(ask.param("q").unwrap_or_default()); }
            div.field { label for="f-region" { (ask.t("地区")) }
                select #f-region name="region" {
                    @for (region, name) in asked::choices(ask, &ask.app.policy, asked.region) {
                        option value=(region) selected[region == asked.region] { (name) }
                    }
                } }
            div.field { label for="f-on" { (ask.t("日期")) } input #f-on name="on" type="date" value=(asked.day); }
            div.field { label for="f-topic" { (ask.t("主题")) }
                select #f-topic name="topic" {
                    option value="" { (ask.t("全部")) }
                    @for topic in ask.app.policy.topics() {
                        option value=(topic.name) selected[only == Some(topic.name)] { (words::text(ask, &topic.title)) }
                    }
                } }
            div.actions { button.btn { (icon("funnel")) (ask.t("查看")) } a.btn.btn-ghost href="/policy" { (ask.t("本地今日")) } }
        }
    }
}

fn card(ask: &Ask, asked: &Asked, topic: &Topic) -> Markup {
    html! {
        section.card {
            header.card-head { h2 { (words::text(ask, &topic.title)) } }
            div.tablewrap { table.list.values {
                caption.sr { (words::text(ask, &topic.title)) }
                thead { tr {
                    @for title in ["参数", "取值", "起", "规定者", "依据", "状态", "可信", "核对日期"] {
                        th scope="col" { (ask.t(title)) }
                    }
                } }
                tbody { @for param in &topic.params { (row(ask, asked, param)) } }
            } }
        }
    }
}

fn row(ask: &Ask, asked: &Asked, param: &Param) -> Markup {
    html! {
        tr {
            td data-label=(ask.t("参数")) {
                a.row-link href=(asked.link(param.topic, param.name)) { (ask.t(param.name)) }
                @if !param.about.is_empty() { br; small.muted { (ask.t(&param.about)) } }
            }
            @match &param.found {
                Ok(because) => (in_force(ask, because, param)),
                Err(none) => td colspan="7" { (no_policy(ask, none)) (planned(ask, param)) },
            }
        }
    }
}

fn in_force(ask: &Ask, it: &Because, param: &Param) -> Markup {
    html! {
        td.strong data-label=(ask.t("取值")) { (shape::folded(ask, param.name, &it.value)) (planned(ask, param)) }
        td data-label=(ask.t("起")) { time datetime=(it.from) { (it.from) } }
        td data-label=(ask.t("规定者")) { (asked::name(ask, it.region)) }
        td data-label=(ask.t("依据")) { (words::source(ask, it.document.as_deref(), it.clause.as_deref())) }
        td data-label=(ask.t("状态")) { (words::status(ask, it.status)) }
        td data-label=(ask.t("可信")) { (words::confirmed(ask, it.confirmed)) }
        td data-label=(ask.t("核对日期")) {
            @match it.checked { Some(day) => time datetime=(day) { (day) }, None => span.muted { (ask.t("未核对")) } }
        }
    }
}

/// Said in words: nothing in force is neither 0 nor a refusal.
pub fn no_policy(ask: &Ask, it: &NoPolicy) -> Markup {
    html! {
        (badge(Badge::Warn, ask.t("本地当日没有在行政策")))
        @if let Some(day) = it.repealed { " " small { (ask.f("{day} 起已废止", &[("day", &day)])) } }
    }
}

/// What is announced and not yet calculated with.
pub fn planned(ask: &Ask, param: &Param) -> Markup {
    html! {
        @for (region, entry) in &param.planned {
            br;
            small { (badge(Badge::Info, ask.t("拟行"))) " "
                @match &entry.value { Some(it) => (shape::line(ask, param.name, it)), None => (ask.t("废止")) }
                " " (ask.f("{region},{day} 起", &[("region", region), ("day", &entry.from)])) }
        }
    }
}

const COLUMNS: [&str; 12] = [
    "主题",
    "参数",
    "取值",
    "起",
    "规定者",
    "依据文件",
    "条款",
    "状态",
    "可信(独立来源数)",
    "核对日期",
    "说明",
    "备注",
];

async fn export(ask: &Ask, asked: &Asked, topics: &[Topic]) -> Result<Page> {
    let kind = |title: &str| if title.starts_with("可信") { Kind::Int } else { Kind::Text };
    let columns = COLUMNS.iter().map(|it| ExportColumn::new(ask.t(it), kind(it))).collect();
    let title = ask.f("{region} {day} 在行取值", &[("region", &asked.region_name), ("day", &asked.day)]);
    let mut sheet = Exporter::new(&title, columns)?;
    for topic in topics {
        for param in &topic.params {
            let about = [words::text(ask, &topic.title), ask.t(param.name)];
            let Ok(it) = &param.found else {
                let none = [about[0], about[1], ask.t("本地当日没有在行政策")].map(Value::Text);
                let rest = [Value::Empty; 7].into_iter().chain([Value::Text(ask.t(&param.about)), Value::Empty]);
                sheet.push(&none.into_iter().chain(rest).collect::<Vec<_>>())?;
                continue;
            };
            let (value, from) = (words::value(ask, &it.value), it.from.to_string());
            let region = asked::name(ask, it.region);
            let document = words::citation(ask, it.document.as_deref(), None);
            let checked = it.checked.map(|it| it.to_string()).unwrap_or_default();
            sheet.push(&[
                Value::Text(about[0]),
                Value::Text(about[1]),
                Value::Text(&value),
                Value::Text(&from),
                Value::Text(&region),
                Value::Text(&document),
                Value::Text(it.clause.as_deref().unwrap_or_default()),
                Value::Text(words::status_word(ask, it.status)),
                Value::Int(i64::from(it.confirmed)),
                Value::Text(&checked),
                Value::Text(ask.t(&param.about)),
                Value::Text(it.note.as_deref().unwrap_or_default()),
            ])?;
        }
    }
    let bytes = sheet.finish()?;
    let detail = format!("{} {}", asked.region, asked.day);
    ask.write(move |tx, ask| {
        let entry = audit::Entry {
            action: "export",
            subject: "policy",
            subject_id: None,
            region: audit::HOUSE,
            place: &ask.who.scope.place,
            detail: &detail,
        };
        ask.note(tx, &entry)
    })
    .await?;
    Ok(page::download(&format!("policy-{}-{}.xlsx", asked.region, asked.day), bytes))
}
