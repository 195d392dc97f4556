//! The register of documents: what policy rests on, how well each is confirmed, and what rests on it.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    page::{Head, Page, crumbs, empty, icon, kv, plain_table},
};
use maud::{Markup, html};
use rules::policy::{Confirmation, Document};

use super::{print_button, shape, tabs};
use crate::policy::{
    asked::{self, Asked},
    resting::{self, Resting},
    words,
};

const CONFIRMATIONS: &[(&str, Confirmation, &str)] = &[
    ("text", Confirmation::TextRead, "已读原文"),
    ("seen", Confirmation::SeenElsewhere, "旁证"),
    ("memory", Confirmation::FromMemory, "凭记忆"),
];

pub async fn register(ask: Ask) -> Result<Page> {
    let library = &ask.app.policy;
    let text = ask.param("q").unwrap_or_default().to_lowercase();
    let status = ask.param("status").and_then(|word| CONFIRMATIONS.iter().find(|it| it.0 == word)).map(|it| it.1);
    let documents: Vec<&Document> = library
        .documents()
        .filter(|it| status.is_none_or(|status| status == it.confirmation))
        .filter(|it| words_of(it).iter().any(|word| word.to_lowercase().contains(&text)))
        .collect();
    let resting = resting::values(library);
    let content = html! {
        (tabs(&ask, "/policy/documents"))
        form.filters method="get" action="/policy/documents" {
            div.field { label for="f-q" { (ask.t("文号、标题、发文机关")) } input #f-q name="q" type="search" value=(ask.param("q").unwrap_or_default()); }
            div.field { label for="f-status" { (ask.t("核实")) }
                select #f-status name="status" {
                    option value="" { (ask.t("全部")) }
                    @for (word, kind, title) in CONFIRMATIONS { option value=(word) selected[status == Some(*kind)] { (ask.t(title)) } }
                } }
            div.actions { button.btn { (icon("funnel")) (ask.t("筛选")) } a.btn.btn-ghost href="/policy/documents" { (ask.t("清除")) } }
        }
        @if documents.is_empty() { (empty(ask.t("没有符合条件的文件"), ask.t("换一个词再找。"), html! {})) }
        @else { (table(&ask, &documents, &resting)) }
    };
    let sub = ask.f("共 {n} 份;政策取值只能引用登记在册的文件", &[("n", &documents.len())]);
    Ok(ask.page(Head::new(ask.t("文件登记册")).line(sub).actions(print_button(&ask)), content))
}

fn words_of(it: &Document) -> [&str; 5] {
    [&it.id, it.number.as_deref().unwrap_or_default(), &it.title, &it.title_en, &it.issuer]
}

fn table(ask: &Ask, documents: &[&Document], resting: &[Resting]) -> Markup {
    let count = |id: &str| {
        let values = resting.iter().filter(|it| it.document == id).count();
        values + resting::instruments(&ask.app.policy, id).len()
    };
    html! {
        div.tablewrap { table.list {
            caption.sr { (ask.t("文件登记册")) }
            thead { tr {
                @for title in ["标题", "文号", "发文机关", "日期", "核实"] { th scope="col" { (ask.t(title)) } }
                th.num scope="col" { (ask.t("据以规定")) }
            } }
            tbody { @for it in documents { tr {
                td data-label=(ask.t("标题")) { a.row-link href=(format!("/policy/documents/{}", it.id)) { (words::title(ask, it)) } }
                td data-label=(ask.t("文号")) { (it.number.as_deref().unwrap_or("—")) }
                td data-label=(ask.t("发文机关")) { (it.issuer) }
                td data-label=(ask.t("日期")) { @match it.issued { Some(day) => time datetime=(day) { (day) }, None => "—" } }
                td data-label=(ask.t("核实")) { (words::confirmation(ask, it.confirmation)) }
                td.num data-label=(ask.t("据以规定")) { (count(&it.id)) " " small { (ask.t("项")) } }
            } } }
        } }
    }
}

pub async fn page(ask: Ask, Path(id): Path<String>) -> Result<Page> {
    let library = &ask.app.policy;
    let it = library.document(&id).ok_or(Error::NotFound)?;
    let asked = Asked::of(&ask)?;
    let about = kv(&[
        (ask.t("文号"), html! { (it.number.as_deref().unwrap_or("—")) }),
        (ask.t("发文机关"), html! { (it.issuer) }),
        (ask.t("日期"), html! { @match it.issued { Some(day) => (day), None => "—" } }),
        (ask.t("适用地区"), html! { (asked::name(&ask, it.region)) }),
        (ask.t("核实"), words::confirmation(&ask, it.confirmation)),
        (ask.t("备注"), html! { (it.note.as_deref().unwrap_or("—")) }),
        (ask.t("登记编号"), html! { code { (it.id) } }),
    ]);
    let content = html! {
        section.card { header.card-head { h2 { (ask.t("登记内容")) } } div.card-body { (about) } }
        section.card { header.card-head { h2 { (ask.t("依据它的取值")) } } div.card-body { (values(&ask, &asked, &id)) } }
        @let instruments = resting::instruments(library, &id);
        @if !instruments.is_empty() {
            section.card { header.card-head { h2 { (ask.t("依据它的量表")) } }
                div.card-body { ul { @for it in instruments {
                    li { a href=(format!("/policy/instruments/{}?edition={}", it.id, kit::form::encoded(&it.edition))) {
                        (super::instruments::name(&ask, it)) } " " small.muted { (it.edition) } }
                } } }
            }
        }
    };
    let title = words::title(&ask, it);
    let way = crumbs(&ask, &[("/policy", ask.t("政策库")), ("/policy/documents", ask.t("文件登记册")), ("", title)]);
    Ok(ask.page(Head::new(title).crumbs(way).actions(print_button(&ask)), content))
}

fn values(ask: &Ask, asked: &Asked, id: &str) -> Markup {
    let all = resting::values(&ask.app.policy);
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .filter(|it| it.document == id)
        .map(|it| {
            let entry = &it.step.entry;
            vec![
                html! { a href=(asked.link(it.topic, it.param)) { (words::topic(ask, it.topic)) " · " (ask.t(it.param)) } },
                html! { (asked::name(ask, it.region)) },
                html! { @match &entry.value { Some(value) => (shape::folded(ask, it.param, value)), None => (ask.t("废止")) } },
                html! { (entry.from) },
                html! { (entry.clause.as_deref().unwrap_or("—")) },
                words::status(ask, entry.status),
                words::confirmed(ask, entry.confirmed),
            ]
        })
        .collect();
    if rows.is_empty() {
        return html! { p.muted { (ask.t("没有取值依据这份文件")) } };
    }
    plain_table(&["参数", "规定者", "取值", "起", "条款", "状态", "可信"].map(|it| ask.t(it)), &rows)
}
