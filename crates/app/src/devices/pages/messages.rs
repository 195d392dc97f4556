//! Messages nobody understood: the list, one as it came, taken again or let be.

use axum::{extract::Path, response::Response};
use kit::{
    Ask, Error, Result, Said,
    form::csrf,
    page::{Badge, Head, Page, alert, badge, crumbs, icon, kv, time},
};
use maud::{Markup, html};

use crate::{
    devices::{
        device, ear, list,
        unknown::{self, Message},
        words,
    },
    elders::Key,
};

pub async fn list(ask: Ask) -> Result<Response> {
    let ways = ask.read(|tx, _| ear::ways(tx)).await?;
    let above = html! {
        @if !ways.is_empty() {
            section.card { header.card-head { h2 { (ask.t("接入")) } } div.card-body {
                @for it in &ways {
                    p {
                        @if it.trouble.is_empty() { (badge(Badge::Ok, ask.t("正常"))) } @else { (badge(Badge::Bad, ask.t("中断"))) }
                        " " code { (it.name) } " " (ask.f("自 {time} 起", &[("time", &kit::clock::minute(&it.since))]))
                        " · " (ask.f("{n} 台在线", &[("n", &it.connections)])) " · " (ask.f("启动以来 {n} 条", &[("n", &it.taken)]))
                        " · " (ask.t("查看时间")) " " (time(&it.checked))
                        @if !it.trouble.is_empty() { " · " (it.trouble) }
                    }
                }
            } }
        }
    };
    let actions = html! { a.btn href="/devices/adapters" { (icon("braces")) (ask.t("消息适配")) } };
    let way = crumbs(&ask, &[("/devices", ask.t("设备台账")), ("", ask.t("未识别的消息"))]);
    list::MESSAGES.answer_below(&ask, Head::new(ask.t("未识别的消息")).crumbs(way).actions(actions), above).await
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, device, alike) = ask
        .write(move |tx, ask| {
            let it = unknown::find(tx, ask, &key)?;
            let (region, place) = (&*it.key.region, &*it.key.region);
            ask.note(
                tx,
                &kit::audit::Entry {
                    action: "look",
                    subject: "device_message",
                    subject_id: Some(it.key.id),
                    region,
                    place,
                    detail: "",
                },
            )?;
            let device = it.device.map(|id| device::by_key(tx, &Key { region: it.key.region.clone(), id })).transpose();
            // The device may be gone; the message says what it can without it.
            let device = match device {
                Err(Error::NotFound) => None,
                other => other?,
            };
            let alike = unknown::count_alike(tx, &it)?;
            Ok((it, device, alike))
        })
        .await?;
    let (state, tone) =
        words::MESSAGES.iter().find(|one| one.0 == it.state).map_or(("", Badge::Muted), |one| (one.1, one.2));
    let here = format!("/devices/messages/{}", it.key);
    let content = html! {
        @if it.state == "waiting" { (alert(Badge::Warn, &Said::shown(&it.why, ask.lang), html! {
            p { (ask.t("登记这台设备,或者添加读懂它的适配,然后重放。重放按当时收到的时间算,已有的读数不会重复。")) }
        })) }
        section.card { header.card-head { h2 { (ask.t("消息")) } (badge(tone, ask.t(state))) } div.card-body {
            (kv(&[
                (ask.t("收到时间"), time(&it.received)),
                (ask.t("次数"), html! { (it.times) }),
                (ask.t("设备"), html! { @match &device { Some(one) => a href=(one.link()) { (one.serial) }, None => "—" } }),
                (ask.t("主题"), html! { code { (it.topic) } }),
                (ask.t("原因"), html! { (Said::shown(&it.why, ask.lang)) }),
            ]))
            (payload(&ask, &it))
            @if let Some(at) = &it.settled { p.muted { (it.who) " " (time(at)) } }
        } }
        @if it.state == "waiting" {
            section.card { div.card-body.actions {
                form.form-inline method="post" action=(format!("{here}/replay")) { (csrf(&ask))
                    @if 1 < alike { label.choice { input type="checkbox" name="alike" value="yes"; (ask.f("同一原因的 {n} 条一起", &[("n", &alike)])) } }
                    button.btn.btn-primary { (icon("arrow-repeat")) (ask.t("重放")) }
                }
                form.form-inline method="post" action=(format!("{here}/drop")) data-confirm=(ask.t("忽略后不再处理这条消息。要忽略吗?")) { (csrf(&ask))
                    button.btn { (ask.t("忽略")) }
                }
            } }
        }
    };
    let way = crumbs(
        &ask,
        &[("/devices", ask.t("设备台账")), ("/devices/messages", ask.t("未识别的消息")), ("", ask.t("消息"))],
    );
    Ok(ask.page(Head::new(ask.t("未识别的消息")).crumbs(way), content))
}

/// JSON set out for people; other bytes as hexadecimal digits.
fn payload(ask: &Ask, it: &Message) -> Markup {
    let text = match serde_json::from_slice::<serde_json::Value>(&it.payload) {
        Ok(json) => serde_json::to_string_pretty(&json).unwrap_or_default(),
        Err(_) => match std::str::from_utf8(&it.payload) {
            Ok(text) => text.to_string(),
            Err(_) => it.payload.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" "),
        },
    };
    html! { pre.code aria-label=(ask.t("内容")) { (text) } }
}

pub async fn replay(ask: Ask, Path(key): Path<String>, input: kit::form::Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/devices/messages/{key}");
    let together = !input.get("alike").is_empty();
    let done = ask
        .write(move |tx, ask| {
            let it = unknown::find(tx, ask, &key)?;
            if !together {
                return unknown::replay(tx, ask, &it).map(|()| (1, 0));
            }
            let (mut done, mut left) = (0, 0);
            for one in unknown::alike(tx, &it)? {
                match tx.attempt(|tx| unknown::replay(tx, ask, &one)) {
                    Ok(()) => done += 1,
                    Err(Error::Refused(_)) => left += 1,
                    Err(e) => return Err(e),
                }
            }
            Ok((done, left))
        })
        .await?;
    let said = ask.f("已重放 {done} 条,还有 {left} 条读不懂", &[("done", &done.0), ("left", &done.1)]);
    Ok(ask.go(if done.1 == 0 { "/devices/messages?state=waiting" } else { &link }, &said))
}

pub async fn drop(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    ask.write(move |tx, ask| unknown::drop(tx, ask, &unknown::find(tx, ask, &key)?)).await?;
    Ok(ask.go("/devices/messages?state=waiting", ask.t("已忽略")))
}
