//! How messages are read: the program's adapters as examples, an administrator's own, and a place to try one.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    error::FieldError,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, crumbs, plain_table, time},
};
use maud::{Markup, html};
use readings::{Adapter, Adapters, What};

use crate::devices::{adapters, series};

const FIELDS: &[Field] =
    &[field("text", "适配", Kind::LongText(20_000)).required().help("写法见下面程序自带的例子;名称相同的代替自带的。")];
const TRY: &[Field] = &[
    field("text", "适配", Kind::LongText(20_000)).help("不填时用现有的适配。"),
    field("topic", "主题", Kind::Text(200)),
    field("payload", "消息内容", Kind::LongText(20_000)).required(),
];

pub async fn page(ask: Ask) -> Result<Page> {
    shown(&ask, &Input::default(), &[], html! {}).await
}

async fn shown(ask: &Ask, input: &Input, errors: &[FieldError], result: Markup) -> Result<Page> {
    let own = ask.read(|tx, _| adapters::all(tx)).await?;
    let rows: Vec<Vec<Markup>> = own
        .iter()
        .map(|it| {
            vec![
                html! { details { summary { (it.name) } pre.code { (it.text) } } },
                html! { (it.who) },
                time(&it.changed),
                html! { form method="post" action=(format!("/devices/adapters/{}/drop", kit_form::encoded(&it.name))) data-confirm=(ask.t("删除后恢复程序自带的读法。要删除吗?")) { (csrf(ask))
                    button.btn.btn-sm { (ask.t("删除")) } } },
            ]
        })
        .collect();
    let heads = [ask.t("名称"), ask.t("修改人"), ask.t("修改时间"), ""];
    let content = html! {
        (result)
        section.card { header.card-head { h2 { (ask.t("自己的适配")) } } div.card-body {
            @if rows.is_empty() { p.muted { (ask.t("还没有。程序自带的适配读不懂的消息,在这里添加读法后重放。")) } } @else { (plain_table(&heads, &rows)) }
            form.form method="post" action="/devices/adapters" { (csrf(ask))
                (kit_form::fields(ask, FIELDS, input, &Options::new(), errors))
                div.form-foot { button.btn.btn-primary { (ask.t("保存适配")) } }
            }
        } }
        details.card { summary.card-head { (ask.t("试一条消息")) } div.card-body {
            form.form method="post" action="/devices/adapters/try" { (csrf(ask))
                (kit_form::fields(ask, TRY, input, &Options::new(), &[]))
                div.form-foot { button.btn { (ask.t("试读")) } }
            }
        } }
        section.card { header.card-head { h2 { (ask.t("程序自带")) } } div.card-body {
            @for (name, text) in Adapters::texts() { details { summary { (name) } pre.code { (text) } } }
        } }
    };
    let title = ask.t("消息适配");
    let way =
        crumbs(ask, &[("/devices", ask.t("设备台账")), ("/devices/messages", ask.t("未识别的消息")), ("", title)]);
    let status =
        if errors.is_empty() { axum::http::StatusCode::OK } else { axum::http::StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(title).crumbs(way), content))
}

pub async fn save(ask: Ask, input: Input) -> Result<Page> {
    let sent = input.clone();
    let done = ask
        .write(move |tx, ask| {
            kit_form::check(FIELDS, &sent, &Options::new())?;
            adapters::put(tx, ask, sent.get("text"))
        })
        .await;
    match done {
        Ok(name) => Ok(ask.go("/devices/adapters", &ask.f("已保存“{name}”", &[("name", &name)]))),
        Err(Error::Invalid(errors)) => shown(&ask, &input, &errors, html! {}).await,
        Err(other) => Err(other),
    }
}

pub async fn drop(ask: Ask, Path(name): Path<String>) -> Result<Page> {
    ask.write(move |tx, ask| adapters::drop(tx, ask, &name)).await?;
    Ok(ask.go("/devices/adapters", ask.t("已删除")))
}

/// Reads a message without keeping anything of it.
pub async fn try_it(ask: Ask, input: Input) -> Result<Page> {
    let readers = {
        let app = ask.app.clone();
        ask.read(move |tx, _| adapters::current(tx, &app)).await?
    };
    let text = input.get("text");
    let tried = match Adapter::parse(text) {
        _ if text.trim().is_empty() => readers.all.clone(),
        Ok(it) => readers.all.clone().with(vec![it]),
        Err(_) => {
            let refused = ask.write({
                let text = text.to_string();
                move |tx, ask| adapters::put(tx, ask, &text)
            });
            let Err(Error::Invalid(errors)) = refused.await else {
                return Err(Error::internal("an adapter that cannot be read was kept"));
            };
            return shown(&ask, &input, &errors, html! {}).await;
        }
    };
    let payload = input.get("payload").as_bytes().to_vec();
    let message = readings::Message { topic: input.get("topic"), payload: &payload, arrived: ask.now.as_millisecond() };
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let result = match readings::read(&tried, &message, &readings::Setting::of(zone)) {
        Err(it) => html! { p { (ask.either(it.why.title(), it.why.title_en())) } },
        Ok(read) => {
            let rows: Vec<Vec<Markup>> = read.said.iter().map(|it| row(&ask, it)).collect();
            let heads = [ask.t("设备编号"), ask.t("项目"), ask.t("数值"), ask.t("时间"), ask.t("说明")];
            html! {
                p { (ask.f("由“{name}”读出:", &[("name", &read.adapter)])) }
                (plain_table(&heads, &rows))
                @for flag in &read.flags { @let (zh, en) = flag.sentence(); p.muted { (ask.either(&zh, &en)) } }
            }
        }
    };
    let card = html! { section.card { header.card-head { h2 { (ask.t("试读结果")) } } div.card-body { (result) } } };
    shown(&ask, &input, &[], card).await
}

fn row(ask: &Ask, it: &readings::Said) -> Vec<Markup> {
    let (what, value) = match &it.what {
        What::Value(measure, value) => (
            ask.either(measure.title(), measure.title_en()).to_string(),
            format!("{} {}", measure.written(*value), measure.unit()),
        ),
        What::Alarm(alarm) => (ask.t("报警").to_string(), ask.either(alarm.title(), alarm.title_en()).to_string()),
        What::Status(status) => {
            let battery = status.battery.map_or(String::new(), |it| ask.f("电量 {n}%", &[("n", &it)]));
            (ask.t("设备情况").to_string(), battery)
        }
        What::Position(at) => (
            ask.t("定位").to_string(),
            format!("{:.6}, {:.6}", f64::from(at.latitude) / 1e6, f64::from(at.longitude) / 1e6),
        ),
    };
    let marks: Vec<&str> = series::titles(ask, it.marks);
    vec![
        html! { (it.device.as_deref().unwrap_or("—")) },
        html! { (what) },
        html! { (value) },
        series::instant(it.at),
        html! { (marks.join(ask.t("、"))) },
    ]
}
