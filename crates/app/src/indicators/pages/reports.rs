//! Reports: frozen at a cut-off, completed by hand, sent upwards, returned or locked.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    error::FieldError,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, alert, badge, crumbs, download, icon, kv, time},
    sheet::{self, ExportColumn, Exporter},
    table::grouped,
};
use maud::{Markup, html};
use rules::{base::Text, reported::Finding};

use super::super::{
    REPORT, SETTLE,
    figure::{self, Asked},
    list,
    report::{self, Key, Line, Report, Typed},
};

pub async fn list(ask: Ask) -> Result<axum::response::Response> {
    let actions = html! {
        @if ask.may(REPORT) { a.btn.btn-primary href="/indicators/reports/new" { (icon("plus-lg")) (ask.t("新建报表")) } }
    };
    let way = crumbs(&ask, &[("/indicators", ask.t("指标看板")), ("", ask.t("指标报表"))]);
    list::REPORTS.answer(&ask, Head::new(ask.t("指标报表")).crumbs(way).actions(actions)).await
}

pub const NEW: &[Field] = &[
    field("title", "报表名称", Kind::Text(60)).required().help("如:2026年度医养结合监测报表"),
    field("place", "地区", Kind::Pick).required(),
    field("on", "截止日", Kind::Date).required().help("数字按这一天冻结;以后补录的业务不再改变这份报表。"),
];

fn places(ask: &Ask) -> Options {
    let tree = ask.app.places.tree();
    let own = &ask.who.scope.place;
    let mut all = vec![(own.clone(), tree.full_name(own))];
    all.extend(tree.children(own).map(|it| (it.code.clone(), it.name.clone())));
    Options::from([("place", all)])
}

pub async fn new(ask: Ask) -> Result<Page> {
    let mut input = Input::default();
    input.set("place", ask.who.scope.place.clone());
    input.set("on", ask.today().to_string());
    Ok(new_page(&ask, &input, &[]))
}

fn new_page(ask: &Ask, input: &Input, errors: &[FieldError]) -> Page {
    let content = html! {
        section.card { div.card-body {
            form.form.grid method="post" action="/indicators/reports/new" {
                (csrf(ask))
                (kit_form::fields(ask, NEW, input, &places(ask), errors))
                div.form-foot {
                    button.btn.btn-primary { (ask.t("冻结并新建")) }
                    a.btn.btn-ghost href="/indicators/reports" { (ask.t("取消")) }
                }
            }
        } }
    };
    let way = crumbs(
        ask,
        &[("/indicators", ask.t("指标看板")), ("/indicators/reports", ask.t("指标报表")), ("", ask.t("新建报表"))],
    );
    let status =
        if errors.is_empty() { axum::http::StatusCode::OK } else { axum::http::StatusCode::UNPROCESSABLE_ENTITY };
    ask.page_with(status, Head::new(ask.t("新建报表")).crumbs(way), content)
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    match make(&ask, &input).await {
        Ok(key) => Ok(ask.go(&format!("/indicators/reports/{key}"), ask.t("数字已冻结"))),
        Err(Error::Invalid(errors)) => Ok(new_page(&ask, &input, &errors)),
        Err(other) => Err(other),
    }
}

/// Makes a report as the page and the API ask for it.
pub async fn make(ask: &Ask, input: &Input) -> Result<Key> {
    let checked = kit_form::check(NEW, input, &places(ask))?;
    let place = checked.text("place");
    let scope = ask.who.scope.narrowed(&ask.app.places.tree(), &place).ok_or(Error::NotFound)?;
    let day = checked.date("on").ok_or_else(|| Error::invalid("on", "请填写截止日"))?;
    let asked = Asked { place, scope, day };
    ask.write(move |tx, ask| report::make(tx, ask, &asked, &checked.text("title"))).await
}

pub const TYPED: &[Field] = &[
    field("item", "项目", Kind::Pick).required(),
    field("title", "名称", Kind::Text(60)).help("与项目名称相同时不必填"),
    field("numerator", "分子(数量)", Kind::Int { min: 0, max: 1_000_000_000_000 }),
    field("denominator", "分母", Kind::Int { min: 0, max: 1_000_000_000_000 }),
    field("printed", "印出的比率", Kind::Text(20)).help("如 81.2% 或 33‰,系统按分子分母复算"),
    field("remark", "备注", Kind::Text(200)),
];

/// Everything of one report.
pub struct Whole {
    pub report: Report,
    pub lines: Vec<Line>,
    pub findings: Vec<(Finding, Vec<i64>)>,
    /// What each counted line would be if it were frozen now.
    pub now: Vec<Option<figure::Figure>>,
}

pub async fn read(ask: &Ask, key: Key) -> Result<Whole> {
    ask.read(move |tx, ask| {
        let report = report::find(tx, ask, &key)?;
        let lines = report::lines(tx, &key)?;
        let findings = report::findings(ask, &report, &lines)?;
        let scope = ask.who.scope.narrowed(&ask.app.places.tree(), &report.place).ok_or(Error::NotFound)?;
        let at = kit::tally::Where::of(&scope);
        let now = lines
            .iter()
            .map(|line| match figure::find(&ask.app, &line.indicator) {
                Ok(it) if !line.is_typed => figure::read(tx, it, &at, report.day).map(Some),
                _ => Ok(None),
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Whole { report, lines, findings, now })
    })
    .await
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let whole = read(&ask, key.parse()?).await?;
    if ask.param("format") == Some("xlsx") {
        return sheet_of(&ask, &whole);
    }
    let report = &whole.report;
    let here = format!("/indicators/reports/{}", report.key);
    let may_write = ask.may(REPORT) && report.is_open();
    let content = html! {
        @if report.state == "returned" {
            (alert(Badge::Warn, ask.t("上级退回,请修改后再报"), html! { p { (report.remark) } }))
        }
        @if !whole.findings.is_empty() {
            (alert(Badge::Warn, &ask.f("有 {n} 处数字不能同时成立", &[("n", &whole.findings.len())]), html! {
                ul { @for (finding, nths) in &whole.findings { li { (said(&ask, &finding.text)) " " (nths.iter().map(|it| format!("#{it}")).collect::<Vec<_>>().join(" ")) } } }
                @if report.is_open() { p { (ask.t("请改正,或在备注中写明原因,然后才能上报。")) } }
            }))
        }
        section.card { (table(&ask, &whole, &here, may_write)) }
        @if may_write { (typing(&ask, report, &here)?) }
        section.card.no-print { div.card-body { (kv(&facts(&ask, report))) } }
        (deeds(&ask, report, &here))
    };
    let sub = ask
        .f("{place} · 截至 {day}", &[("place", &ask.app.places.tree().full_name(&report.place)), ("day", &report.day)]);
    let way = crumbs(
        &ask,
        &[("/indicators", ask.t("指标看板")), ("/indicators/reports", ask.t("指标报表")), ("", &report.title)],
    );
    let actions = html! {
        a.btn href=(format!("{here}?format=xlsx")) { (icon("download")) (ask.t("导出")) }
        button.btn.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
    };
    Ok(ask.page(Head::new(&report.title).line(sub).crumbs(way).actions(actions), content))
}

fn said<'a>(ask: &Ask, text: &'a Text) -> &'a str {
    text.in_lang(ask.lang.into())
}

fn state_badge(ask: &Ask, state: &str) -> Markup {
    let title = report::STATES.iter().find(|it| it.0 == state).map_or("", |it| it.1);
    let kind = match state {
        "locked" => Badge::Ok,
        "returned" => Badge::Bad,
        "sent" => Badge::Warn,
        _ => Badge::Info,
    };
    badge(kind, ask.t(title))
}

fn facts<'a>(ask: &'a Ask, report: &Report) -> Vec<(&'a str, Markup)> {
    let at = |it: &Option<String>| html! { @match it { Some(it) => (time(it)), None => "—" } };
    vec![
        (ask.t("状态"), state_badge(ask, &report.state)),
        (ask.t("填报时间"), time(&report.made_at)),
        (ask.t("上报时间"), at(&report.sent_at)),
        (ask.t("审定时间"), at(&report.settled_at)),
    ]
}

fn table(ask: &Ask, whole: &Whole, here: &str, may_write: bool) -> Markup {
    let wrong = |line: &Line| whole.findings.iter().any(|it| it.1.contains(&line.nth));
    let number = |it: Option<i64>| it.map_or("—".to_string(), grouped);
    html! {
        div.tablewrap { table.list {
            thead { tr {
                th scope="col" { (ask.t("指标")) }
                th.num scope="col" { (ask.t("分子")) }
                th.num scope="col" { (ask.t("分母")) }
                th.num scope="col" { (ask.t("比率")) }
                th scope="col" { (ask.t("来源")) }
                th scope="col" { (ask.t("备注")) }
            } }
            tbody { @for (line, now) in whole.lines.iter().zip(&whole.now) {
                tr class=[wrong(line).then_some("row-warn")] {
                    td data-label=(ask.t("指标")) {
                        (line.nth) ". "
                        @if line.is_typed { (line.title) }
                        @else { a href=(format!("/indicators/{}?place={}&on={}", line.indicator, whole.report.place, whole.report.day)) { (ask.t(&line.title)) } }
                    }
                    td.num data-label=(ask.t("分子")) {
                        (number(line.numerator)) " " small { (ask.t(&line.unit)) }
                        @if let Some(now) = now.filter(|it| Some(it.numerator) != line.numerator) {
                            " " small.muted { (ask.f("现为 {n}", &[("n", &grouped(now.numerator))])) }
                        }
                    }
                    td.num data-label=(ask.t("分母")) { (number(line.denominator)) }
                    td.num data-label=(ask.t("比率")) { (if line.printed.is_empty() { "—" } else { &line.printed }) }
                    td data-label=(ask.t("来源")) {
                        @if line.is_typed { (badge(Badge::Info, ask.t("人工填报"))) } @else { (badge(Badge::Muted, ask.t("系统统计"))) }
                        @if wrong(line) { " " (badge(Badge::Warn, ask.t("待核实"))) }
                    }
                    td data-label=(ask.t("备注")) {
                        (line.remark)
                        @if may_write && (line.is_typed || wrong(line)) {
                            details { summary { (ask.t("写明原因")) }
                                form.inline method="post" action=(format!("{here}/lines/{}/explain", line.nth)) {
                                    (csrf(ask)) input name="remark" aria-label=(ask.t("备注")) value=(line.remark) maxlength="200"; button.btn.btn-sm { (ask.t("保存")) }
                                }
                                @if line.is_typed {
                                    form.inline method="post" action=(format!("{here}/lines/{}/remove", line.nth)) data-confirm=(ask.t("要删除这一行吗?")) {
                                        (csrf(ask)) button.btn.btn-sm.btn-ghost { (icon("trash")) (ask.t("删除")) }
                                    }
                                }
                            }
                        }
                    }
                }
            } }
        } }
    }
}

fn typing(ask: &Ask, report: &Report, here: &str) -> Result<Markup> {
    let items = report::items(ask, report)?;
    let titles = items.into_iter().map(|it| {
        let title = ask.either(&it.name, &it.name_en).clone();
        (it.id, title)
    });
    let options = Options::from([("item", titles.collect())]);
    Ok(html! {
        section.card.no-print { header.card-head { h2 { (ask.t("人工填报")) } } div.card-body {
            form.form.grid method="post" action=(format!("{here}/lines")) {
                (csrf(ask))
                (kit_form::fields(ask, TYPED, &Input::default(), &options, &[]))
                div.form-foot { button.btn { (icon("plus-lg")) (ask.t("加一行")) } }
            }
        } }
    })
}

fn deeds(ask: &Ask, report: &Report, here: &str) -> Markup {
    html! {
        div.actions.no-print.gap-top {
            @if ask.may(REPORT) && report.is_open() {
                form.inline method="post" action=(format!("{here}/send")) data-confirm=(ask.t("上报后不能再改,要上报吗?")) {
                    (csrf(ask)) button.btn.btn-primary { (icon("send")) (ask.t("上报")) }
                }
            }
            @if ask.may(SETTLE) && report.state == "sent" && report.made_by != ask.who.account {
                form.inline method="post" action=(format!("{here}/lock")) data-confirm=(ask.t("锁定后永远不能再改,要锁定吗?")) {
                    (csrf(ask)) button.btn.btn-primary { (icon("lock")) (ask.t("审定并锁定")) }
                }
                form.inline method="post" action=(format!("{here}/return")) {
                    (csrf(ask))
                    input name="remark" required aria-label=(ask.t("退回的原因")) placeholder=(ask.t("退回的原因")) maxlength="200";
                    button.btn { (icon("arrow-repeat")) (ask.t("退回修改")) }
                }
            }
        }
    }
}

pub async fn add(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let typed = typed(&input)?;
    let at: Key = key.parse()?;
    ask.write(move |tx, ask| report::add(tx, ask, &report::find(tx, ask, &at)?, &typed)).await?;
    Ok(ask.go(&format!("/indicators/reports/{key}"), ask.t("已添加")))
}

/// A typed figure as form and API send it.
pub fn typed(input: &Input) -> Result<Typed> {
    let checked = kit_form::check(TYPED, input, &Options::new())?;
    Ok(Typed {
        item: checked.text("item"),
        title: checked.text("title"),
        numerator: checked.int("numerator"),
        denominator: checked.int("denominator"),
        printed: checked.text("printed"),
        remark: checked.text("remark"),
    })
}

pub async fn explain(ask: Ask, Path((key, nth)): Path<(String, i64)>, input: Input) -> Result<Page> {
    let (at, remark): (Key, String) = (key.parse()?, input.get("remark").chars().take(200).collect());
    ask.write(move |tx, ask| report::explain(tx, ask, &report::find(tx, ask, &at)?, nth, &remark)).await?;
    Ok(ask.go(&format!("/indicators/reports/{key}"), ask.t("已保存")))
}

pub async fn remove(ask: Ask, Path((key, nth)): Path<(String, i64)>) -> Result<Page> {
    let at: Key = key.parse()?;
    ask.write(move |tx, ask| report::remove(tx, ask, &report::find(tx, ask, &at)?, nth)).await?;
    Ok(ask.go(&format!("/indicators/reports/{key}"), ask.t("已删除")))
}

pub async fn send(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let at: Key = key.parse()?;
    ask.write(move |tx, ask| report::send(tx, ask, &report::find(tx, ask, &at)?)).await?;
    Ok(ask.go(&format!("/indicators/reports/{key}"), ask.t("已上报")))
}

pub async fn give_back(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let (at, remark): (Key, String) = (key.parse()?, input.get("remark").chars().take(200).collect());
    ask.write(move |tx, ask| report::give_back(tx, ask, &report::find(tx, ask, &at)?, &remark)).await?;
    Ok(ask.go(&format!("/indicators/reports/{key}"), ask.t("已退回")))
}

pub async fn lock(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let at: Key = key.parse()?;
    ask.write(move |tx, ask| report::lock(tx, ask, &report::find(tx, ask, &at)?)).await?;
    Ok(ask.go(&format!("/indicators/reports/{key}"), ask.t("已锁定")))
}

fn sheet_of(ask: &Ask, whole: &Whole) -> Result<Page> {
    let columns = ["序号", "指标", "分子", "单位", "分母", "比率", "来源", "备注"];
    let columns = columns.map(|title| ExportColumn::new(ask.t(title), sheet::Kind::Text)).to_vec();
    let mut out = Exporter::new(&whole.report.title, columns)?;
    let number = |it: Option<i64>| it.map_or(String::new(), |it| it.to_string());
    for line in &whole.lines {
        let source = ask.t(if line.is_typed { "人工填报" } else { "系统统计" });
        let (nth, numerator, denominator) = (line.nth.to_string(), number(line.numerator), number(line.denominator));
        let cells = [
            &*nth,
            ask.t(&line.title),
            &numerator,
            ask.t(&line.unit),
            &denominator,
            &line.printed,
            source,
            &line.remark,
        ];
        out.push(&cells.map(sheet::Value::Text))?;
    }
    Ok(download(&format!("report-{}-{}.xlsx", whole.report.place, whole.report.day), out.finish()?))
}
