//! The page of one device: where it is, how it is, what it said last, where it was.

use axum::extract::Path;
use kit::{
    Ask, Id, Result,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, badge, crumbs, icon, kv, plain_table, time},
};
use maud::{Markup, html};
use std::collections::HashMap;

use super::deeds;
use crate::{
    devices::{
        VALUES, WRITE,
        device::{self, Device},
        form,
        hold::{self, Hold},
        model::{self, Model},
        secret,
        series::{self, Series},
        words,
    },
    elders::{self, Key},
    workforce,
};

struct Shown {
    it: Device,
    model: Model,
    organisation: String,
    gateway: Option<Device>,
    behind: Vec<Device>,
    holds: Vec<Hold>,
    names: HashMap<Id, String>,
    latest: Vec<Series>,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let it = device::find(tx, &ask.who.scope, &key)?;
            device::note(tx, ask, &it, "look", "")?;
            let holds = hold::of_device(tx, &key)?;
            let people: Vec<Id> = holds.iter().map(|it| it.elder).collect();
            let gateway =
                it.gateway.map(|id| device::by_key(tx, &Key { region: key.region.clone(), id })).transpose()?;
            Ok(Shown {
                model: model::by_id(tx, &key.region, it.model)?,
                organisation: workforce::organisation_name(tx, it.organisation)?,
                gateway,
                behind: device::behind(tx, &key)?,
                names: elders::names(tx, &key.region, &people)?,
                latest: if ask.may(VALUES) { series::of_device(tx, &key)? } else { Vec::new() },
                holds,
                it,
            })
        })
        .await?;
    let it = &shown.it;
    let (state, tone) =
        words::STATES.iter().find(|one| one.0 == it.state).map_or(("", Badge::Muted), |one| (one.1, one.2));
    let actions = html! {
        @if ask.may(WRITE) {
            a.btn.btn-ghost href=(format!("{}/edit", it.link())) { (icon("pencil")) (ask.t("修改设备")) }
            @if it.state == "stock" && !it.is_shared() {
                a.btn.btn-primary href=(format!("{}/hand-out", it.link())) { (icon("house-door")) (ask.t("发给老人")) }
            }
        }
    };
    let content = html! {
        div.cols {
            div.stack {
                (about(&ask, &shown, badge(tone, ask.t(state))))
                @if ask.may(VALUES) { (latest(&ask, &shown)) }
                @if !shown.behind.is_empty() { (behind(&ask, &shown)) }
                (past(&ask, &shown))
            }
            div.stack {
                (where_now(&ask, &shown))
                @if ask.may(WRITE) { (access(&ask, it)) }
            }
        }
    };
    let title = format!("{} {}", ask.t(words::title(words::KINDS, &it.kind)), it.serial);
    let way = crumbs(&ask, &[("/devices", ask.t("设备台账")), ("", &it.serial)]);
    Ok(ask.page(
        Head::new(&title).line(format!("{} {}", shown.model.maker, shown.model.name)).crumbs(way).actions(actions),
        content,
    ))
}

fn stored(at: &Option<String>) -> Markup {
    html! { @match at { Some(it) => (time(it)), None => "—" } }
}

fn about(ask: &Ask, shown: &Shown, state: Markup) -> Markup {
    let it = &shown.it;
    let percent = |n: Option<i64>| html! { @match n { Some(n) => { (n) " %" } None => "—" } };
    let mut pairs = vec![
        (ask.t("状态"), html! { (state) " " (time(&it.since)) }),
        (ask.t("最近上线"), stored(&it.seen)),
        (ask.t("电量"), percent(it.battery)),
        (ask.t("信号"), percent(it.signal)),
        (ask.t("最近测量"), stored(&it.last_reading)),
        (ask.t("管理机构"), html! { (shown.organisation) }),
        (ask.t("来源"), html! { (ask.t(words::title(words::OWNERS, &it.owner))) }),
    ];
    if !it.firmware.is_empty() {
        pairs.push((ask.t("固件版本"), html! { (it.firmware) }));
    }
    if let Some(gateway) = &shown.gateway {
        pairs.push((ask.t("所属网关"), html! { a href=(gateway.link()) { (gateway.serial) } }));
    }
    if !it.remark.is_empty() {
        pairs.push((ask.t("备注"), html! { (it.remark) }));
    }
    html! { section.card { header.card-head { h2 { (ask.t("设备情况")) } } div.card-body { (kv(&pairs)) } } }
}

fn latest(ask: &Ask, shown: &Shown) -> Markup {
    let rows: Vec<Vec<Markup>> = shown
        .latest
        .iter()
        .map(|it| {
            let whose = it.elder.and_then(|id| shown.names.get(&id)).cloned().unwrap_or_default();
            vec![
                html! { (ask.either(it.measure.title(), it.measure.title_en())) },
                html! { span.num { (it.text()) } " " small { (ask.t(it.measure.unit())) } },
                html! { (series::instant(it.at)) @for mark in series::titles(ask, it.marks) { " " (badge(Badge::Warn, mark)) } },
                html! { (whose) },
            ]
        })
        .collect();
    let heads = [ask.t("项目"), ask.t("数值"), ask.t("时间"), ask.t("老人")];
    html! {
        section.card { header.card-head { h2 { (ask.t("最近数值")) } } div.card-body {
            @if rows.is_empty() { p.muted { (ask.t("还没有收到数值。")) } } @else { (plain_table(&heads, &rows)) }
        } }
    }
}

fn behind(ask: &Ask, shown: &Shown) -> Markup {
    let rows: Vec<Vec<Markup>> = shown
        .behind
        .iter()
        .map(|it| {
            vec![
                html! { a href=(it.link()) { (it.serial) } },
                html! { (ask.t(words::title(words::KINDS, &it.kind))) },
                stored(&it.seen),
            ]
        })
        .collect();
    let heads = [ask.t("设备编号"), ask.t("种类"), ask.t("最近上线")];
    html! { section.card { header.card-head { h2 { (ask.t("经它上传的设备")) } } div.card-body { (plain_table(&heads, &rows)) } } }
}

fn where_now(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let place = ask.app.places.tree().full_name(&it.place);
    html! {
        section.card { header.card-head { h2 { (ask.t("在哪里")) } } div.card-body {
            @match it.elder {
                Some(id) => {
                    @let name = shown.names.get(&id).cloned().unwrap_or_default();
                    p { a href=(format!("/elders/{}-{id}", it.key.region)) { (name) } " · " (place) @if !it.spot.is_empty() { " · " (it.spot) } }
                    @if ask.may(WRITE) {
                        details { summary { (ask.t("收回设备")) }
                            form.form method="post" action=(format!("{}/back", it.link())) { (csrf(ask))
                                (kit_form::fields(ask, form::BACK, &Input::default(), &Options::new(), &[]))
                                div.form-foot { button.btn { (ask.t("收回")) } }
                            }
                        }
                    }
                }
                None => {
                    p { (place) }
                    @if ask.may(WRITE) { details { summary { (ask.t("改变状态")) } (deeds::state_form(ask, &it.link())) } }
                }
            }
        } }
    }
}

/// How a device signs in.
fn access(ask: &Ask, it: &Device) -> Markup {
    html! {
        details.card { summary.card-head { (ask.t("接入")) } div.card-body {
            (kv(&[
                (ask.t("用户名"), html! { code { (it.key) } }),
                (ask.t("密钥更换"), stored(&it.secret_since)),
                (ask.t("主题"), html! { code { "yiyang/" (it.serial) "/readings" } }),
            ]))
            form.form method="post" action=(format!("{}/secret", it.link())) data-confirm=(ask.t("生成新密钥后请尽快写入设备。要生成吗?")) { (csrf(ask))
                label.choice { input type="checkbox" name="at_once" value="yes"; (ask.f("旧密钥马上失效;不选时旧密钥 {n} 天内仍可用", &[("n", &secret::BOTH_DAYS)])) }
                div.form-foot { button.btn { (icon("key")) (ask.t("生成新密钥")) } }
            }
        } }
    }
}

fn past(ask: &Ask, shown: &Shown) -> Markup {
    let rows: Vec<Vec<Markup>> = shown
        .holds
        .iter()
        .map(|it| {
            let name = shown.names.get(&it.elder).cloned().unwrap_or_default();
            vec![
                html! { (time(&it.begun)) },
                html! { @match &it.ended { Some(at) => (time(at)), None => (ask.t("至今")) } },
                html! { a href=(format!("/elders/{}-{}", shown.it.key.region, it.elder)) { (name) } @if !it.spot.is_empty() { " " small { (it.spot) } } },
                html! { (it.installed_by) },
                html! { (ask.t(words::title(words::REASONS, &it.reason))) @if !it.taken_by.is_empty() { " " small { (it.taken_by) } } },
            ]
        })
        .collect();
    let heads = [ask.t("起"), ask.t("止"), ask.t("老人"), ask.t("安装人"), ask.t("收回")];
    html! {
        section.card { header.card-head { h2 { (ask.t("使用经过")) } } div.card-body {
            @if rows.is_empty() { p.muted { (ask.t("还没有发给过老人。")) } } @else { (plain_table(&heads, &rows)) }
        } }
    }
}

/// The secret of a device, this once.
pub fn secret_page(ask: &Ask, it: &Device, secret: &str) -> Page {
    let content = html! {
        section.card { div.card-body {
            (alert(Badge::Warn, ask.t("密钥只显示这一次"), html! { p { (ask.t("请现在写入设备;关掉这一页就看不到了,只能再生成新的。")) } }))
            (kv(&[
                (ask.t("用户名"), html! { code { (it.key) } }),
                (ask.t("密钥"), html! { code { (secret) } }),
                (ask.t("主题"), html! { code { "yiyang/" (it.serial) "/readings" } }),
            ]))
            div.form-foot { a.btn.btn-primary href=(it.link()) { (ask.t("已写入设备")) } }
        } }
    };
    let title = ask.t("设备密钥");
    ask.page(Head::new(title).line(it.serial.clone()).crumbs(super::way(ask, title)), content)
}
