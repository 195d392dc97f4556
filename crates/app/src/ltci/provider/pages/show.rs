//! One institution as a provider: its agreements, suspensions, evaluations, and who gives care for it.

use axum::extract::Path;
use kit::{
    Ask, Result,
    form::{self as kit_form, Field, Input, Options, csrf},
    page::{Badge, Head, Page, badge, crumbs, icon, kv},
};
use maud::{Markup, html};

use super::deeds;
use crate::{
    elders::Key,
    institutions::{self, Institution},
    ltci::{
        HANDLE,
        benefit::recipient,
        provider::{
            agreement::{self, Terms},
            carer::{self, Carer},
            course::{self, Evaluation},
            list,
        },
        words,
    },
};

struct Shown {
    it: Institution,
    terms: Terms,
    state: Option<String>,
    served: i64,
    evaluations: Vec<Evaluation>,
    carers: Vec<Carer>,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .read(move |tx, ask| {
            Ok(Shown {
                it: institutions::find(tx, &ask.who.scope, &key)?,
                terms: agreement::of_organisation(tx, &key)?,
                state: list::state_of(tx, &key)?,
                served: recipient::served_by(tx, &key, kit::Id(0))?,
                evaluations: course::evaluations(tx, &key)?,
                carers: carer::of_organisation(tx, &key)?,
            })
        })
        .await?;
    let content = html! {
        div.cols {
            div.stack { (now(&ask, &shown)) (carers(&ask, &shown)) }
            div.stack { (deeds_card(&ask, &shown)) (agreements(&ask, &shown)) (evaluations(&ask, &shown)) }
        }
    };
    let own = shown.it.link();
    let way = crumbs(&ask, &[("/ltci/providers", ask.t("长护险定点机构")), ("", &shown.it.name)]);
    let actions = html! { a.btn.btn-ghost href=(own) { (icon("hospital")) (ask.t("机构信息")) } };
    let place = ask.app.places.tree().words(&shown.it.place);
    Ok(ask.page(Head::new(&shown.it.name).line(place).crumbs(way).actions(actions), content))
}

fn modes(ask: &Ask, all: &[String]) -> String {
    let all: Vec<&str> = all.iter().map(|it| ask.t(words::title(words::MODES, it))).collect();
    all.join(ask.t("、"))
}

fn now(ask: &Ask, shown: &Shown) -> Markup {
    let today = ask.today();
    let suspended = shown.terms.suspensions.stretches().into_iter();
    let suspended = suspended.rev().find(|it| it.0 <= today && it.1.is_none_or(|end| today < end));
    let pairs = match shown.terms.agreements.on(today) {
        None => Vec::new(),
        Some(it) => vec![
            (ask.t("协议编号"), html! { (it.number) }),
            (ask.t("机构级别"), html! { (ask.f("{n} 级", &[("n", &it.level)])) }),
            (ask.t("服务方式"), html! { (modes(ask, &it.modes)) }),
            (
                ask.t("服务人数"),
                html! {
                    a href=(format!("/ltci?provider={}", kit_form::encoded(&shown.it.name))) { (shown.served) } " / " (it.capacity)
                },
            ),
        ],
    };
    html! {
        section.card { header.card-head { h2 { (ask.t("现在的协议")) }
            @if let Some(state) = &shown.state {
                @let (title, kind) = words::shown(words::PROVIDER_STATES, state);
                (badge(kind, ask.t(title)))
            } }
            div.card-body.stack {
                @if pairs.is_empty() { p.muted { (ask.t("现在没有有效协议")) } } @else { (kv(&pairs)) }
                @if let Some((from, _, why)) = suspended {
                    p { (badge(Badge::Warn, ask.t("暂停服务"))) " " (from) " " (ask.t(words::title(words::SUSPENSIONS, &why))) }
                }
            }
        }
    }
}

fn agreements(ask: &Ask, shown: &Shown) -> Markup {
    let all = shown.terms.agreements.stretches();
    let suspensions = shown.terms.suspensions.stretches();
    html! {
        section.card { header.card-head { h2 { (ask.t("历次协议与暂停")) } } div.card-body {
            @if all.is_empty() { p.muted { (ask.t("没有签过协议")) } }
            ul {
                @for (from, until, it) in all.iter().rev() {
                    li { (from) " – " @match until { Some(day) => (day.add_days(-1)), None => "…" } " " (it.number) " · " (modes(ask, &it.modes)) }
                }
                @for (from, until, why) in suspensions.iter().rev() {
                    li { (badge(Badge::Warn, ask.t("暂停服务"))) " " (from) " – " @match until { Some(day) => (day.add_days(-1)), None => "…" }
                        " " (ask.t(words::title(words::SUSPENSIONS, why))) }
                }
            }
        } }
    }
}

fn evaluations(ask: &Ask, shown: &Shown) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("年度考核")) } } div.card-body {
            @if shown.evaluations.is_empty() { p.muted { (ask.t("还没有考核")) } }
            ul { @for it in &shown.evaluations {
                li { b { (it.year) } " " (ask.t(words::title(words::RESULTS, &it.result))) " · "
                    (ask.f("{n} 分", &[("n", &it.points)])) " " (it.remark) " " span.muted { (it.who) } }
            } }
        } }
    }
}

fn carers(ask: &Ask, shown: &Shown) -> Markup {
    let today = ask.today();
    let may = ask.may(HANDLE);
    let here = format!("/ltci/providers/{}", shown.it.key);
    let present = shown.carers.iter().filter(|it| it.works_on(today)).count();
    let mut input = Input::default();
    input.set("day", today.to_string());
    html! {
        section.card { header.card-head { h2 { (ask.t("护理人员")) } span.muted { (ask.f("在岗 {n} 人", &[("n", &present)])) } }
            @if shown.carers.is_empty() { div.card-body { p.muted { (ask.t("还没有登记护理人员")) } } }
            @else { div.tablewrap { table.plain.stacks {
                thead { tr {
                    th scope="col" { (ask.t("姓名")) } th scope="col" { (ask.t("资格")) } th scope="col" { (ask.t("证书(备案)号")) }
                    th scope="col" { (ask.t("在岗")) } @if may { th scope="col" { span.sr { (ask.t("操作")) } } }
                } }
                tbody { @for it in &shown.carers { tr {
                    td { (it.name) }
                    td data-label=(ask.t("资格")) { (ask.t(words::title(words::QUALIFICATIONS, &it.qualification))) }
                    td data-label=(ask.t("证书(备案)号")) { (it.number) }
                    td data-label=(ask.t("在岗")) { (it.from) " – " @match it.until { Some(day) => (day.add_days(-1)), None => "…" } }
                    @if may { td { @if it.until.is_none() {
                        details { summary { (ask.t("离岗")) }
                            form.form method="post" action=(format!("{here}/carers/{}/dismiss", it.id)) data-confirm=(ask.t("登记离岗?")) {
                                (csrf(ask)) (kit_form::fields(ask, deeds::DISMISS, &input, &Options::new(), &[]))
                                button.btn.btn-sm { (ask.t("离岗")) }
                            } }
                    } } }
                } } }
            } } }
        }
    }
}

fn deeds_card(ask: &Ask, shown: &Shown) -> Markup {
    if !ask.may(HANDLE) {
        return html! {};
    }
    let here = format!("/ltci/providers/{}", shown.it.key);
    let today = ask.today();
    let mut input = Input::default();
    for name in ["from", "day"] {
        input.set(name, today.to_string());
    }
    input.set("until", today.add_months(12).add_days(-1).to_string());
    input.set("level", "1");
    input.set("year", (today.year() - 1).to_string());
    let form = |to: &str, title: &str, fields: &[Field], confirm: &str| {
        html! {
            details { summary { (ask.t(title)) }
                form.form method="post" action=(format!("{here}/{to}")) data-confirm=(ask.t(confirm)) {
                    (csrf(ask)) (kit_form::fields(ask, fields, &input, &Options::new(), &[]))
                    button.btn { (ask.t(title)) }
                }
            }
        }
    };
    let has = shown.terms.agreements.on(today).is_some();
    let suspended = shown.terms.suspensions.on(today).is_some();
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("现在可以办理")) } } div.card-body.stack {
            (form("sign", "签订协议", deeds::SIGN, "登记这份协议?"))
            @if has { (form("carers", "登记护理人员", deeds::CARER, "登记这位护理人员?")) }
            @if has && !suspended { (form("suspend", "暂停服务", deeds::SUSPEND, "暂停后不再支付这家机构,也不能新选它。")) }
            @if suspended { (form("lift", "恢复服务", deeds::LIFT, "恢复服务?")) }
            @if !shown.terms.agreements.is_empty() { (form("evaluate", "登记考核", deeds::EVALUATE, "登记考核结果?登记后不能修改。")) }
            @if has { (form("end", "终止协议", deeds::END, "终止协议?终止后不再支付这家机构。")) }
        } }
    }
}
