//! Two versions of a plan side by side.

use axum::extract::Path;
use kit::{
    Ask, Result,
    page::{Badge, Head, Page, badge, crumbs},
};
use maud::{Markup, html};

use crate::{
    careplan::{
        line::{self, Line, Pair},
        record, words,
    },
    elders::Key,
};

const WHATS: &[(&str, &str, Badge)] = &[
    ("added", "新增", Badge::Ok),
    ("removed", "删去", Badge::Bad),
    ("changed", "修改", Badge::Warn),
    ("same", "未变", Badge::Plain),
];

/// Which versions are asked for; without a word the last two.
pub fn asked(ask: &Ask, newest: i64) -> (i64, i64) {
    let number =
        |name: &str| ask.param(name).and_then(|it| it.parse::<i64>().ok()).filter(|it| (1..=newest).contains(it));
    let after = number("b").unwrap_or(newest);
    (number("a").unwrap_or((after - 1).max(1)), after)
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, elder, pairs, versions) = ask
        .write(move |tx, ask| {
            let (it, elder) = record::find(tx, &ask.who.scope, &key)?;
            record::note(tx, ask, "look", &it, &elder, "versions")?;
            let (a, b) = asked(ask, it.version);
            Ok((it, elder, line::compare(tx, &key, a, b)?, record::versions(tx, &key)?))
        })
        .await?;
    let (a, b) = asked(&ask, it.version);
    let pick = |name: &'static str, chosen: i64, label: &str| {
        html! { div.field { label for=(name) { (label) } select id=(name) name=(name) {
            @for one in &versions { option value=(one.number) selected[one.number == chosen] {
                (ask.f("第 {n} 版", &[("n", &one.number)])) " " (one.day) } }
        } } }
    };
    let reasons = versions.iter().filter(|one| a < one.number && one.number <= b);
    let content = html! {
        form.filters.no-print method="get" action=(format!("{}/compare", it.link())) {
            (pick("a", a, ask.t("前一版"))) (pick("b", b, ask.t("后一版")))
            div.actions { button.btn { (ask.t("对照")) } }
        }
        section.card { header.card-head { h2 { (ask.f("第 {a} 版到第 {b} 版", &[("a", &a), ("b", &b)])) } }
            div.card-body { ul { @for one in reasons { li { (one.day) " " (one.who) " · " (ask.t(words::title(words::KINDS, &one.kind))) (ask.t(":")) (one.reason) } } } }
            @if pairs.iter().all(|it| it.what() == "same") { div.card-body { p.muted { (ask.t("各项都没有变。")) } } }
            div.tablewrap { table.plain.stacks {
                thead { tr { th scope="col" { (ask.t("变化")) } th scope="col" { (ask.t("前一版")) } th scope="col" { (ask.t("后一版")) } } }
                tbody { @for pair in ordered(&pairs) { @let what = WHATS.iter().find(|one| one.0 == pair.what());
                    tr {
                        td { @if let Some((_, title, kind)) = what { (badge(*kind, ask.t(title))) } }
                        td data-label=(ask.t("前一版")) { (cell(&ask, pair.before.as_ref())) }
                        td data-label=(ask.t("后一版")) { (cell(&ask, pair.after.as_ref())) }
                    }
                } }
            } }
        }
    };
    let (here, title) = (it.link(), ask.t("版本对照"));
    let way = crumbs(&ask, &[("/careplan", ask.t("照护计划")), (&here, &elder.name), ("", title)]);
    Ok(ask.page(Head::new(title).line(&*elder.name).crumbs(way), content))
}

/// What changed first.
fn ordered(pairs: &[Pair]) -> Vec<&Pair> {
    let mut all: Vec<&Pair> = pairs.iter().collect();
    all.sort_by_key(|it| it.what() == "same");
    all
}

fn cell(ask: &Ask, it: Option<&Line>) -> Markup {
    html! { @match it {
        None => span.muted { "—" },
        Some(it) => {
            (ask.t(words::title(words::LINES, &it.kind))) (ask.t(":")) b { (it.title_in(ask)) }
            @if it.is_service() { br; span.small { (it.often(ask)) " · " (words::professions_title(ask, &it.by)) " · " (ask.t(it.payer.title())) " · "
                (ask.t(it.place.title())) " · " (ask.f("{n} 分钟", &[("n", &it.minutes)])) } }
        }
    } }
}
