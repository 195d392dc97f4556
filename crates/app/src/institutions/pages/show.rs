//! The page of one institution: what it is, whether both licences hold, what it can do, whom it serves, who works there.

use axum::extract::Path;
use kit::{
    Ask, Result,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, apart, badge, crumbs, icon, kv},
};
use maud::{Markup, html};
use rules::{base::Date, institution::Licensed, week::Week};

use super::licences;
use crate::{
    elders::Key,
    institutions::{
        ESTABLISH, WRITE, area,
        fact::{self, Facts},
        form,
        institution::{self, Institution},
        licence::{self, Licence},
        today, words,
    },
};

struct Shown {
    it: Institution,
    day: Date,
    facts: Facts,
    licences: Vec<Licence>,
    licensed: Option<Licensed>,
    places: Vec<String>,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .read(move |tx, ask| {
            let it = institution::find(tx, &ask.who.scope, &key)?;
            let day = ask.day_asked()?;
            let licences = licence::of(tx, &key)?;
            Ok(Shown {
                facts: fact::of(tx, &key)?,
                licensed: today::licensed(ask, &it, &licences, day),
                places: area::of(tx, &key, day)?,
                licences,
                day,
                it,
            })
        })
        .await?;
    let it = &shown.it;
    let here = it.link();
    let is_open = it.is_open(ask.today());
    let actions = html! {
        a.btn.btn-ghost href=(format!("{here}/history")) { (icon("clock-history")) (ask.t("变更记录")) }
        button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
        @if ask.may(WRITE) && is_open {
            @if it.known.is_some() { a.btn href=(format!("{here}/abilities")) { (icon("list-check")) (ask.t("服务能力")) } }
            a.btn.btn-primary href=(format!("{here}/edit")) { (icon("pencil"))
                (ask.t(if it.known.is_some() { "修改机构" } else { "补充信息" })) }
        }
    };
    let kind = ask.t(words::title(words::KINDS, &it.kind)).to_string();
    let sub = format!("{kind} · {}", ask.app.places.tree().full_name(&it.place));
    let content = html! {
        (state(&ask, &shown))
        div.cols {
            div.stack {
                (licences::card(&ask, it, &shown.licences))
                (abilities(&ask, &here, &shown))
            }
            div.stack {
                (both(&ask, &shown))
                (basic(&ask, it))
                (serves(&ask, &here, &shown))
                (people(&ask, it))
                @if ask.may(ESTABLISH) && it.known.is_some() { (life(&ask, &here, it)) }
            }
        }
    };
    let way = crumbs(&ask, &[("/institutions", ask.t("医养机构")), ("", &it.name)]);
    Ok(ask.page(Head::new(&it.name).line(sub).crumbs(way).actions(actions), content))
}

fn state(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    html! {
        @match &it.known {
            None => (alert(Badge::Warn, ask.t("机构信息待补充"), html! {
                p { (ask.t("目前只有名称、类别和所在地,不计入统计。")) }
            })),
            Some(known) => @if let Some(day) = known.closed {
                (alert(Badge::Info, &ask.f("机构已于 {day} 停用", &[("day", &day)]), html! { p { (known.closed_reason) } }))
            },
        }
        @if shown.day != ask.today() {
            (alert(Badge::Info, &ask.f("这是 {day} 的情况", &[("day", &shown.day)]), html! { p { a href=(it.link()) { (ask.t("看今天")) } } }))
        }
    }
}

/// 两证齐全 on the day, which licences it rests on, and any other day to look at.
fn both(ask: &Ask, shown: &Shown) -> Markup {
    let side = |title: &str, kind: Option<rules::institution::LicenceKind>| {
        html! {
            p { @match kind {
                Some(kind) => { (badge(Badge::Ok, ask.t(title))) " " (ask.t(kind.title())) }
                None => { (badge(Badge::Muted, ask.t(title))) " " span.muted { (ask.t("无有效证照")) } }
            } }
        }
    };
    html! {
        section.card { header.card-head { h2 { (ask.t("两证齐全")) } } div.card-body {
            @match &shown.licensed {
                None => p { (badge(Badge::Muted, ask.t("本地当日没有在行政策"))) },
                Some(it) => {
                    p.strong { @if it.both() { (badge(Badge::Ok, ask.t("两证齐全"))) } @else { (badge(Badge::Muted, ask.t("两证不齐"))) } }
                    (side("医疗资质", it.medical)) (side("养老资质", it.care))
                }
            }
            p.help { (ask.t("由当日有效的证照算出;哪些证照算数见政策库“机构”。")) }
            form.filters.gap-top.no-print method="get" action=(shown.it.link()) {
                div.field { label for="on" { (ask.t("看某一天")) } input #on type="date" name="on" value=(shown.day); }
                button.btn { (ask.t("查看")) }
            }
        } }
    }
}

fn basic(ask: &Ask, it: &Institution) -> Markup {
    let Some(known) = &it.known else { return html! {} };
    let week = known.hours.parse::<Week>();
    let hours = week.map_or(known.hours.clone(), |it| it.text().in_lang(ask.lang.into()).to_string());
    let text = |it: &str| html! { @if it.is_empty() { span.muted { "—" } } @else { (it) } };
    let pairs = [
        (ask.t("统一社会信用代码"), text(known.code.as_deref().unwrap_or_default())),
        (ask.t("负责人"), text(&known.legal_person)),
        (ask.t("开业日"), text(&known.opened.to_string())),
        (ask.t("详细地址"), text(&known.address)),
        (ask.t("地图位置"), text(&known.position.map_or(String::new(), |it| it.to_string()))),
        (ask.t("联系电话"), text(&known.phone)),
        (
            ask.t("开放时间"),
            html! { @if hours.is_empty() { span.muted { "—" } } @for it in hours.split(';') { div { (it) } } },
        ),
        (ask.t("备注"), text(&known.remark)),
    ];
    html! { section.card { header.card-head { h2 { (ask.t("基本信息")) } } div.card-body { (kv(&pairs)) } } }
}

fn abilities(ask: &Ask, here: &str, shown: &Shown) -> Markup {
    let day = shown.day;
    let facts = &shown.facts;
    let badges = |list: &'static [(&'static str, &'static str)], kind: Badge| {
        let held = fact::held(facts, list, day);
        html! {
            @if held.is_empty() { span.muted { "—" } }
            @for it in held { (badge(kind, ask.t(words::title(list, it)))) " " }
        }
    };
    let beds: Vec<_> =
        words::BEDS.iter().map(|it| (it.1, fact::beds(facts, it.0, day))).filter(|it| 0 < it.1).collect();
    let pairs = [
        (ask.t("等级"), html! { (fact::shown(ask, "level", fact::on(facts, "level", day))) }),
        (ask.t("举办性质"), html! { (fact::shown(ask, "owner", fact::on(facts, "owner", day))) }),
        (ask.t("医养结合方式"), badges(words::MODES, Badge::Info)),
        (ask.t("科室与资质"), badges(words::MARKS, Badge::Ok)),
        (ask.t("服务项目"), badges(words::SERVICES, Badge::Muted)),
        (
            ask.t("床位"),
            html! {
                @if beds.is_empty() { span.muted { "—" } }
                @for (title, n) in &beds { p { (ask.t(title)) " " span.strong { (n) } " " small { (ask.t("张")) } } }
            },
        ),
    ];
    let mut past: Vec<(Date, Option<Date>, String, String)> = facts
        .iter()
        .flat_map(|(kind, steps)| steps.stretches().into_iter().map(move |it| (it.0, it.1, kind.clone(), it.2)))
        .collect();
    past.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.2.cmp(&b.2)));
    html! {
        section.card { header.card-head { h2 { (ask.t("服务能力")) }
                @if ask.may(WRITE) && shown.it.known.is_some() { div.actions { a.btn.btn-sm href=(format!("{here}/abilities")) { (ask.t("修改")) } } } }
            div.card-body {
                (kv(&pairs))
                @if !past.is_empty() {
                    details { summary { (ask.t("起止日期")) }
                        @for (from, until, kind, value) in &past {
                            p.small { (ask.t(words::fact_title(kind))) " " (fact::shown(ask, kind, value)) " " span.muted {
                                @match until {
                                    Some(end) => { (from) " — " (end.add_days(-1)) }
                                    None => (ask.f("{day} 起", &[("day", from)])),
                                }
                            } }
                        }
                    }
                }
            }
        }
    }
}

fn serves(ask: &Ask, here: &str, shown: &Shown) -> Markup {
    let tree = ask.app.places.tree();
    html! {
        section.card { header.card-head { h2 { (ask.t("服务地区")) }
                @if ask.may(WRITE) { div.actions { a.btn.btn-sm href=(format!("{here}/area")) { (ask.t("修改")) } } } }
            div.card-body {
                @if shown.places.is_empty() { p.muted { (ask.t("还没有填写服务地区")) } }
                @else {
                    p { (ask.f("共 {n} 个村(社区)和网格", &[("n", &shown.places.len())])) }
                    details open[shown.places.len() <= 12] { summary { (ask.t("名单")) }
                        ul { @for code in &shown.places { li { (tree.words(code)) } } } }
                }
            }
        }
    }
}

/// Staff and teams are a later module's; their lists are one link away.
fn people(ask: &Ask, it: &Institution) -> Markup {
    let name = kit_form::encoded(&it.name);
    html! {
        section.card { header.card-head { h2 { (ask.t("人员与团队")) } } div.card-body {
            p { a href=(format!("/workforce?organisation={name}")) { (ask.t("本机构人员")) } }
            p { a href=(format!("/workforce/teams?q={name}")) { (ask.t("本机构团队")) } }
        } }
    }
}

fn life(ask: &Ask, here: &str, it: &Institution) -> Markup {
    let closed = it.known.as_ref().is_some_and(|it| it.closed.is_some());
    let mut now = Input::default();
    now.set("day", ask.today().to_string());
    html! {
        details.card.no-print {
            @if closed {
                summary.card-head { (ask.t("恢复机构")) }
                div.card-body { form.form method="post" action=(format!("{here}/reopen")) {
                    (csrf(ask))
                    div.field { label for="reopen-reason" { (ask.t("原因")) " " span.req { (ask.t("必填")) } }
                        input #reopen-reason name="reason" required maxlength="100" autocomplete="off"; }
                    button.btn { (ask.t("恢复机构")) }
                } }
            } @else {
                summary.card-head { (ask.t("停用机构")) }
                div.card-body { form.form method="post" action=(format!("{here}/close")) data-confirm=(ask.f("要停用{name}吗?", &[("name", &it.name)])) {
                    (csrf(ask)) (apart("close", kit_form::fields(ask, form::CLOSE, &now, &Options::new(), &[])))
                    button.btn.btn-danger { (ask.t("停用机构")) }
                } }
            }
        }
    }
}
