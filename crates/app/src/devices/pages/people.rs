//! What was measured of a person: curves on one axis of time, with visits, medicines and alarms; and the week in words.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, badge, crumbs, icon, plain_table, time},
};
use maud::{Markup, PreEscaped, html};
use readings::Measure;
use rules::{
    base::Date,
    limits::{self, Bound, Limits, Own},
};
use serde_json::{Value, json};

use crate::{
    chronic,
    devices::{
        LIMITS, READ, WRITE,
        consent::{self, Consent},
        device::{self, Device},
        own,
        series::{self, DaySum, Point, Span},
        words,
    },
    elders::{self, Elder, Key},
    monitoring, visits,
};

/// Stretches to look at: (word, title, days).
const STRETCHES: &[(&str, &str, i32)] =
    &[("day", "1 天", 1), ("week", "7 天", 7), ("month", "30 天", 30), ("quarter", "90 天", 90), ("year", "1 年", 365)];

/// To so many days every reading is drawn; beyond, a day is one stroke from its least to its most.
const EACH_DAYS: i32 = 31;
/// Points of a curve, at most: more nobody can tell apart.
const POINTS: usize = 600;

/// What stands in one drawing.
const PANELS: &[(&str, &[Measure])] = &[
    ("血压", &[Measure::Systolic, Measure::Diastolic]),
    ("心率", &[Measure::HeartRate]),
    ("血氧饱和度", &[Measure::Spo2]),
    ("呼吸", &[Measure::Respiration]),
    ("体温", &[Measure::Temperature]),
    ("血糖", &[Measure::Glucose]),
    ("体重", &[Measure::Weight]),
    ("步数", &[Measure::Steps]),
    ("活动", &[Measure::Motion]),
    ("在床", &[Measure::Bed]),
];

/// Something that happened, on the axis of time.
struct Mark {
    at: i64,
    text: String,
    kind: &'static str,
}

struct Shown {
    elder: Elder,
    days: Vec<(Measure, Vec<DaySum>)>,
    each: Vec<(Measure, Vec<Point>)>,
    marks: Vec<Mark>,
    devices: Vec<Device>,
    consent: Option<Consent>,
    all: bool,
    week: Vec<String>,
    limits: Limits,
    own: Vec<Own>,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let stretch = STRETCHES.iter().find(|it| Some(it.0) == ask.param("stretch")).unwrap_or(&STRETCHES[1]);
    let until = ask.day_asked()?.min(ask.today());
    let from = until.add_days(1 - stretch.2);
    let for_query = key.clone();
    let shown = ask.write(move |tx, ask| load(tx, ask, &for_query, from, until, stretch.2)).await?;
    let here = format!("/devices/people/{key}");
    let content = html! {
        (week(&ask, &shown))
        @if shown.all {
            nav.tabs.gap-top aria-label=(ask.t("时间范围")) {
                @for (word, title, _) in STRETCHES {
                    a href=(format!("{here}?stretch={word}&on={until}")) aria-current=[(*word == stretch.0).then_some("page")] { (ask.t(title)) }
                }
            }
            p.muted { (from) " — " (until) " "
                a href=(format!("{here}?stretch={}&on={}", stretch.0, from.add_days(-1))) { (ask.t("往前")) }
                @if until < ask.today() { " " a href=(format!("{here}?stretch={}&on={}", stretch.0, until.add_days(stretch.2))) { (ask.t("往后")) } }
            }
            (curves(&ask, &shown, from, until, stretch.2 <= EACH_DAYS))
        }
        div.cols {
            div.stack { (limits_card(&ask, &shown, &here)) }
            div.stack {
                (devices(&ask, &shown))
                (agreed(&ask, &shown, &here))
            }
        }
    };
    let way = crumbs(&ask, &[(&format!("/elders/{key}"), &shown.elder.name), ("", ask.t("监测数值"))]);
    let actions = html! { button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    Ok(ask.page(Head::new(ask.t("监测数值")).line(shown.elder.name.clone()).crumbs(way).actions(actions), content))
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key, from: Date, until: Date, days: i32) -> Result<Shown> {
    let elder = elders::find(tx, &ask.who.scope, key)?;
    let all = consent::sees_values(tx, ask, key)?;
    elders::note(tx, ask, "look", &elder, "values")?;
    let span = Span::days(from, until);
    let (mut each, mut sums) = (Vec::new(), Vec::new());
    if all && days <= EACH_DAYS {
        each = series::points(tx, &key.region, &series::of_elder(tx, key)?, span)?
            .into_iter()
            .map(|(measure, all)| (measure, thinned(all)))
            .collect();
    } else if all {
        sums = series::day_sums(tx, key, from, until)?;
    }
    let own = own::of(tx, key)?;
    Ok(Shown {
        limits: limits::limits(&own, &ask.app.policy_in(&key.region, ask.today())),
        own,
        marks: if all { marks(tx, ask, key, span)? } else { Vec::new() },
        devices: device::of_elder(tx, key)?,
        consent: consent::of(tx, key)?,
        week: series::week_in_words(tx, ask, key, until)?,
        days: sums,
        each,
        all,
        elder,
    })
}

/// At most so many points, each with the least and most of those it stands for.
fn thinned(all: Vec<Point>) -> Vec<Point> {
    if all.len() <= POINTS {
        return all;
    }
    all.chunks(all.len().div_ceil(POINTS))
        .filter_map(|some| {
            let n = some.len() as i64;
            let mean = some.iter().map(|it| it.mean).sum::<i64>().div_euclid(n);
            let least = some.iter().map(|it| it.least).min()?;
            let most = some.iter().map(|it| it.most).max()?;
            some.first().map(|first| Point { at: first.at, least, mean, most, marks: first.marks })
        })
        .collect()
}

/// Visits, changes of medicines and alarms.
fn marks(tx: &Tx<'_>, ask: &Ask, key: &Key, span: Span) -> Result<Vec<Mark>> {
    let mut all = Vec::new();
    let at_noon = |day: Date| Span::days(day, day).from + 12 * series::HOUR_MS;
    for it in visits::of_elder(tx, key, 200)?.into_iter().filter(|it| it.state == "done") {
        all.push(Mark { at: at_noon(it.day), text: ask.t("上门").to_string(), kind: "visit" });
    }
    for it in chronic::medicines(tx, key)? {
        all.push(Mark {
            at: at_noon(it.since), text: ask.f("开始用 {name}", &[("name", &it.name)]), kind: "medicine"
        });
        if let Some(day) = it.until {
            all.push(Mark { at: at_noon(day), text: ask.f("停用 {name}", &[("name", &it.name)]), kind: "medicine" });
        }
    }
    for it in monitoring::of_elder(tx, key, 200)? {
        let at = it.raised.parse::<jiff::Timestamp>().map_err(Error::internal)?.as_millisecond();
        all.push(Mark { at, text: ask.f("报警:{kind}", &[("kind", &ask.t(it.kind.title()))]), kind: "alarm" });
    }
    all.retain(|it| span.from <= it.at && it.at < span.until);
    all.sort_by_key(|it| it.at);
    Ok(all)
}

fn week(ask: &Ask, shown: &Shown) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("这一周")) } } div.card-body.large {
            @if shown.week.is_empty() { p.muted { (ask.t("这一周没有测量。")) } }
            @for line in &shown.week { p { (line) } }
            p.help { (ask.t("由设备测得,供参考;不作诊断,也不影响失能等级。")) }
        } }
    }
}

/// One figure: a drawing a group of measures, all on one axis of time.
fn curves(ask: &Ask, shown: &Shown, from: Date, until: Date, each: bool) -> Markup {
    let number = |measure: Measure, value: i64| value as f64 / 10_f64.powi(i32::from(measure.scale()));
    let mut panels = Vec::new();
    for (title, measures) in PANELS {
        let mut lines = Vec::new();
        for measure in *measures {
            let name = ask.either(measure.title(), measure.title_en());
            let points: Vec<Value> = if each {
                let found = shown.each.iter().find(|it| it.0 == *measure);
                found.map_or(Vec::new(), |it| {
                    it.1.iter()
                        .map(|p| {
                            json!([p.at, number(*measure, p.mean), number(*measure, p.least), number(*measure, p.most)])
                        })
                        .collect()
                })
            } else {
                let found = shown.days.iter().find(|it| it.0 == *measure);
                found.map_or(Vec::new(), |it| {
                    it.1.iter()
                        .map(|d| {
                            let at = Span::days(d.day, d.day).from + 12 * series::HOUR_MS;
                            json!([at, number(*measure, d.mean()), number(*measure, d.least), number(*measure, d.most)])
                        })
                        .collect()
                })
            };
            if !points.is_empty() {
                let bounds = shown.limits.of(*measure);
                let limit = |it: Option<&Bound>| it.map(|it| number(*measure, it.at));
                let (low, high) = (bounds.and_then(|it| it.low.as_ref()), bounds.and_then(|it| it.high.as_ref()));
                lines.push(json!({"name": name, "unit": ask.t(measure.unit()), "points": points, "low": limit(low), "high": limit(high)}));
            }
        }
        if !lines.is_empty() {
            panels.push(json!({"title": ask.t(title), "lines": lines}));
        }
    }
    if panels.is_empty() {
        return alert(
            Badge::Info,
            ask.t("这段时间没有数值"),
            html! { p { (ask.t("换一段时间看看,或检查设备是否在线。")) } },
        );
    }
    let span = Span::days(from, until);
    let marks: Vec<Value> =
        shown.marks.iter().map(|it| json!({"at": it.at, "text": it.text, "kind": it.kind})).collect();
    let data =
        json!({"type": "curves", "from": span.from, "until": span.until, "panels": panels, "marks": marks}).to_string();
    html! {
        figure.chart.js-chart.chart-curves {
            figcaption { (ask.t("数值、上门、用药和报警在同一时间轴上")) }
            script type="application/json" { (PreEscaped(data.replace("</", "<\\/"))) }
            details open { summary { (ask.t("查看数据")) } (table(ask, shown, each)) }
        }
    }
}

/// The same for those who would rather read.
fn table(ask: &Ask, shown: &Shown, each: bool) -> Markup {
    let mut rows: Vec<Vec<Markup>> = Vec::new();
    let mut row = |measure: Measure, when: Markup, least: i64, mean: i64, most: i64| {
        let text = |it| measure.written(it);
        rows.push(vec![
            when,
            html! { (ask.either(measure.title(), measure.title_en())) },
            html! { (text(mean)) " " small { (ask.t(measure.unit())) } },
            html! { @if least != most { (text(least)) "–" (text(most)) } },
        ]);
    };
    if each {
        for (measure, points) in &shown.each {
            points
                .iter()
                .rev()
                .take(100)
                .for_each(|it| row(*measure, series::instant(it.at), it.least, it.mean, it.most));
        }
    } else {
        for (measure, days) in &shown.days {
            for it in days.iter().rev() {
                row(*measure, html! { (it.day) }, it.least, it.mean(), it.most);
            }
        }
    }
    let heads = [ask.t("时间"), ask.t("项目"), ask.t("数值"), ask.t("最低–最高")];
    html! {
        (plain_table(&heads, &rows))
        @if !shown.marks.is_empty() {
            ul { @for it in &shown.marks { li { (series::instant(it.at)) " " (it.text) } } }
        }
    }
}

fn devices(ask: &Ask, shown: &Shown) -> Markup {
    let rows: Vec<Vec<Markup>> = shown
        .devices
        .iter()
        .map(|it| {
            let kind = ask.t(words::title(words::KINDS, &it.kind));
            vec![
                html! {
                    @if ask.may(READ) { a href=(it.link()) { (kind) } } @else { (kind) }
                    @if !it.spot.is_empty() { " " small { (it.spot) } }
                },
                html! { @match &it.seen { Some(at) => (time(at)), None => "—" } },
                html! { @match it.battery { Some(n) => { (n) " %" }, None => "—" } },
            ]
        })
        .collect();
    let heads = [ask.t("设备"), ask.t("最近上线"), ask.t("电量")];
    html! {
        section.card { header.card-head { h2 { (ask.t("家中设备")) } } div.card-body {
            @if rows.is_empty() { p.muted { (ask.t("没有设备。")) } } @else { (plain_table(&heads, &rows)) }
        } }
    }
}

/// The limits that hold, whose they are, and the form for a person's own.
fn limits_card(ask: &Ask, shown: &Shown, here: &str) -> Markup {
    let rows: Vec<Vec<Markup>> = shown
        .limits
        .measures
        .iter()
        .map(|it| {
            let measure = it.item.0;
            let cell =
                |bound: &Option<Bound>| html! { @match bound { Some(one) => (measure.written(one.at)), None => "—" } };
            let mine = shown.own.iter().find(|one| one.item == it.item);
            let example = [&it.urgent_low, &it.low, &it.high, &it.urgent_high]
                .into_iter()
                .flatten()
                .any(|one| one.own.is_none() && one.policy.iter().any(|ground| ground.example));
            vec![
                html! { (ask.either(measure.title(), measure.title_en())) " " small { (measure.unit()) } },
                cell(&it.urgent_low),
                cell(&it.low),
                cell(&it.high),
                cell(&it.urgent_high),
                html! {
                    @match mine { Some(one) => { (one.by) " " (one.day) } None => (ask.t("政策")) }
                    @if example { " " (badge(Badge::Muted, ask.t("示例"))) }
                },
            ]
        })
        .collect();
    let heads = ["项目", "紧急下限", "下限", "上限", "紧急上限", "依据"].map(|it| ask.t(it));
    html! {
        section.card { header.card-head { h2 { (ask.t("报警限值")) } } div.card-body {
            @if rows.is_empty() { p.muted { (ask.t("本地当日没有在行政策")) } } @else { (plain_table(&heads, &rows)) }
            @if ask.may(LIMITS) {
                details { summary { (ask.t("给这位老人单独设置")) }
                    form.form.grid method="post" action=(format!("{here}/limits")) { (csrf(ask))
                        (kit_form::fields(ask, own::FIELDS, &Input::default(), &Options::new(), &[]))
                        div.form-foot { button.btn { (ask.t("保存")) } }
                    }
                }
            }
        } }
    }
}

pub async fn limit(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/devices/people/{key}");
    ask.write(move |tx, ask| {
        let elder = elders::find_living(tx, &ask.who.scope, &key)?;
        own::set(tx, ask, &elder, &input)
    })
    .await?;
    Ok(ask.go(&here, ask.t("已保存")))
}

/// What the family may see.
fn agreed(ask: &Ask, shown: &Shown, here: &str) -> Markup {
    let mut input = Input::default();
    if let Some(it) = &shown.consent {
        input.set("shares", it.shares.clone());
    }
    html! {
        section.card { header.card-head { h2 { (ask.t("家人查看")) } } div.card-body {
            @match &shown.consent {
                Some(it) => p { (ask.t(words::title(consent::SHARES, &it.shares))) " · " (ask.f("{name} 同意", &[("name", &it.said_by)])) " · " (it.who) " " (time(&it.since)) },
                None => p.muted { (ask.t("还没有问过老人,家人看不到。")) },
            }
            @if ask.may(WRITE) {
                details { summary { (ask.t("登记同意")) }
                    form.form method="post" action=(format!("{here}/consent")) { (csrf(ask))
                        (kit_form::fields(ask, consent::FIELDS, &input, &Options::new(), &[]))
                        div.form-foot { button.btn { (ask.t("保存")) } }
                    }
                }
            }
        } }
    }
}

pub async fn agree(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/devices/people/{key}");
    ask.write(move |tx, ask| {
        let checked = kit_form::check(consent::FIELDS, &input, &Options::new())?;
        let elder = elders::find_living(tx, &ask.who.scope, &key)?;
        consent::set(tx, ask, &elder, &checked.text("shares"), &checked.text("said_by"))
    })
    .await?;
    Ok(ask.go(&here, ask.t("已保存")))
}
