//! Who stands behind a number: those counted, all who could be, and those who are not, each with the reason.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result, Said, Tx, audit,
    module::Named,
    page::{Head, Page, crumbs, download, empty, icon},
    sheet::{ExportColumn, Exporter, Kind, Value},
    tally::{self, Indicator, Member, Part},
};
use maud::html;
use serde_json::json;

use super::super::figure::{self, Asked};

const PARTS: &[(&str, Part, &str)] =
    &[("missing", Part::Missing, "未计入"), ("counted", Part::Counted, "已计入"), ("all", Part::All, "分母全部")];

/// So many on a page, and at most so many in a file.
const PAGE: usize = 50;
const FILE: usize = 100_000;

/// One thing behind a number, with its name.
pub struct Line {
    pub member: Member,
    pub named: Option<Named>,
    /// Why it is not counted, in the reader's language.
    pub why: String,
}

/// Which part the address asks for.
pub fn part(ask: &Ask) -> Result<Part> {
    let Some(word) = ask.param("part") else { return Ok(Part::Counted) };
    PARTS
        .iter()
        .find(|it| it.0 == word)
        .map(|it| it.1)
        .ok_or_else(|| Error::invalid("part", Said::new("“{value}”应为 missing、counted 或 all").with("value", word)))
}

/// Where a page begins, as `next` of the page before says it.
pub fn begin(next: &str) -> Option<(String, Id)> {
    let (region, id) = next.split_once('-')?;
    Some((region.to_string(), id.parse().ok()?))
}

/// Things of a part with their names, each county's names found at once.
pub fn lines(
    tx: &Tx<'_>,
    ask: &Ask,
    it: &Indicator,
    part: Part,
    asked: &Asked,
    after: Option<&(String, Id)>,
    most: usize,
) -> Result<(Vec<Line>, Option<String>)> {
    let page = tally::members(tx, it, part, &asked.at(), asked.day, after, most)?;
    let kind = match part {
        Part::Counted => it.numerator.kind,
        _ => it.denominator.map_or(it.numerator.kind, |it| it.kind),
    };
    let mut lines = Vec::with_capacity(page.things.len());
    for county in page.things.chunk_by(|a, b| a.region == b.region) {
        for lot in county.chunks(500) {
            let ids: Vec<Id> = lot.iter().map(|it| it.id).collect();
            let mut names: Vec<Named> = Vec::new();
            for named in ask.app.modules.iter().filter_map(|it| it.named) {
                names.extend(named(tx, ask, kind, &lot[0].region, &ids)?);
            }
            lines.extend(lot.iter().map(|member| Line {
                named: names.iter().find(|it| it.id == member.id).cloned(),
                why: why(ask, it, part, member),
                member: member.clone(),
            }));
        }
    }
    Ok((lines, page.next.map(|it| format!("{}-{}", it.0, it.1))))
}

/// Of a thing without a noted reason nothing is known that the numerator asks for; its indicator says it in words.
fn why(ask: &Ask, it: &Indicator, part: Part, member: &Member) -> String {
    match (part, member.note.is_empty()) {
        (Part::Counted, _) => String::new(),
        (_, false) => Said::shown(&member.note, ask.lang),
        (Part::Missing, true) if it.short.is_some() => ask.t(it.nothing).to_string(),
        _ => String::new(),
    }
}

/// Keeps in the audit trail who looked at which list.
pub fn note(tx: &Tx<'_>, ask: &Ask, it: &Indicator, asked: &Asked, action: &'static str, rows: usize) -> Result<()> {
    let detail = json!({"indicator": it.id, "part": ask.param("part"), "on": asked.day, "rows": rows});
    let at = asked.at();
    let region = at.counties().first().map_or(audit::HOUSE, |it| it);
    let entry = audit::Entry {
        action,
        subject: "indicators",
        subject_id: None,
        region,
        place: &asked.place,
        detail: &detail.to_string(),
    };
    ask.note(tx, &entry)
}

pub async fn page(ask: Ask, Path(id): Path<String>) -> Result<Page> {
    let it = figure::find(&ask.app, &id)?;
    let asked = Asked::of(&ask)?;
    let part = part(&ask)?;
    let is_file = ask.param("format") == Some("xlsx");
    let from = ask.param("after").and_then(begin);
    let for_query = asked.clone();
    let (lines, next, count) = ask
        .write(move |tx, ask| {
            let asked = for_query;
            let most = if is_file { FILE } else { PAGE };
            let (lines, next) = lines(tx, ask, it, part, &asked, from.as_ref(), most)?;
            let figure = figure::read(tx, it, &asked.at(), asked.day)?;
            note(tx, ask, it, &asked, if is_file { "export" } else { "look" }, lines.len())?;
            Ok((lines, next, figure))
        })
        .await?;
    if is_file {
        return sheet(&ask, it, &asked, &lines);
    }
    let here = format!("/indicators/{id}/persons");
    let word = ask.param("part").unwrap_or("counted");
    let has_whole = it.denominator.is_some_and(|whole| whole.kind == it.numerator.kind);
    let content = html! {
        nav.tabs aria-label=(ask.t("名单")) {
            @for (of, part, title) in PARTS {
                @if has_whole || *part == Part::Counted {
                    @let n = match part {
                        Part::Counted => count.numerator,
                        Part::All => count.denominator.unwrap_or(0),
                        Part::Missing => count.denominator.unwrap_or(0) - count.numerator,
                    };
                    a href=(format!("{here}?part={of}&{}", asked.query())) aria-current=[(*of == word).then_some("page")] {
                        (ask.t(title)) span.count { (kit::table::grouped(n)) }
                    }
                }
            }
        }
        @if lines.is_empty() { (empty(ask.t("没有人"), ask.t("这一天、这个地区没有符合的对象。"), html! {})) }
        @else {
            div.tablewrap { table.list {
                thead { tr {
                    th scope="col" { (ask.t("名称")) }
                    th scope="col" { (ask.t("说明")) }
                    th scope="col" { (ask.t("所在地")) }
                    @if part != Part::Counted { th scope="col" { (ask.t("未计入的原因")) } }
                } }
                tbody { @for line in &lines { tr {
                    td data-label=(ask.t("名称")) {
                        @match &line.named {
                            Some(it) => a.row-link href=(it.link) { (it.title) },
                            None => span.muted { (ask.t("不在您的管理范围内")) },
                        }
                    }
                    td data-label=(ask.t("说明")) { (line.named.as_ref().map_or("", |it| &it.note)) }
                    td data-label=(ask.t("所在地")) { (line.named.as_ref().map_or("", |it| &it.place)) }
                    @if part != Part::Counted { td data-label=(ask.t("未计入的原因")) { (line.why) } }
                } } }
            } }
            @if let Some(next) = &next {
                nav.pager aria-label=(ask.t("分页")) {
                    a.btn.btn-sm rel="next" href=(format!("{here}?part={word}&{}&after={next}", asked.query())) {
                        (ask.t("下一页")) (icon("chevron-right"))
                    }
                }
            }
        }
    };
    let sub = ask
        .f("{place} · 截至 {day}", &[("place", &ask.app.places.tree().full_name(&asked.place)), ("day", &asked.day)]);
    let (board, one) = (format!("/indicators?{}", asked.query()), format!("/indicators/{id}?{}", asked.query()));
    let way = crumbs(&ask, &[(&board, ask.t("指标看板")), (&one, ask.t(it.title)), ("", ask.t("名单"))]);
    let actions = html! {
        a.btn href=(format!("{here}?part={word}&{}&format=xlsx", asked.query())) { (icon("download")) (ask.t("导出")) }
        button.btn.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
    };
    let title = format!("{} · {}", ask.t(it.title), ask.t("名单"));
    Ok(ask.page(Head::new(&title).line(sub).crumbs(way).actions(actions), content))
}

fn sheet(ask: &Ask, it: &Indicator, asked: &Asked, lines: &[Line]) -> Result<Page> {
    let columns = ["名称", "说明", "所在地", "未计入的原因"].map(|title| ExportColumn::new(ask.t(title), Kind::Text));
    let mut sheet = Exporter::new(ask.t("名单"), columns.to_vec())?;
    for line in lines {
        let text = |pick: fn(&Named) -> &str| Value::Text(line.named.as_ref().map_or("", pick));
        sheet.push(&[text(|it| &it.title), text(|it| &it.note), text(|it| &it.place), Value::Text(&line.why)])?;
    }
    Ok(download(&format!("{}-{}-{}.xlsx", it.id, asked.place, asked.day), sheet.finish()?))
}
