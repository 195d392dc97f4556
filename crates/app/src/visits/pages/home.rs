//! An elder's home: where it lies, and the code to hang at its door.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Said,
    error::FieldError,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, crumbs, icon, kv, plain_table, time},
};
use maud::{Markup, PreEscaped, html};
use rules::visit::{Fix, Point};

use super::plan::status;
use crate::{
    elders::{self, Elder, Key},
    visits::home::{self, Home, degrees},
};

const PLACE: &[Field] = &[
    field("latitude", "纬度", Kind::Text(12)).required().help("如 29.512345。"),
    field("longitude", "经度", Kind::Text(12)).required().help("如 106.512345。"),
];

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    show(&ask, key.parse()?, &Input::default(), &[]).await
}

async fn show(ask: &Ask, key: Key, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let (elder, known, fixes) = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, "home")?;
            let known = home::of(tx, &key)?;
            let fixes = home::fixes(tx, ask, &key)?;
            Ok((elder, known, fixes))
        })
        .await?;
    let mut filled = input.clone();
    if let Some(at) = known.at.filter(|_| errors.is_empty() && input.names().next().is_none()) {
        filled.set("latitude", degrees(at.latitude));
        filled.set("longitude", degrees(at.longitude));
    }
    let here = format!("/visits/homes/{}", elder.key);
    let content = html! {
        div.cols.gap-top {
            div.stack {
                section.card { header.card-head { h2 { (ask.t("住处位置")) } } div.card-body {
                    (place(ask, &known))
                    form.form method="post" action=(here) { (csrf(ask))
                        (kit_form::fields(ask, PLACE, &filled, &Options::new(), errors))
                        div.form-foot { button.btn.btn-primary { (ask.t("保存位置")) } }
                    }
                } }
                (taken(ask, &here, &fixes))
            }
            div.stack { (door(ask, &here, &known)) }
        }
    };
    let way = crumbs(
        ask,
        &[("/visits", ask.t("上门服务")), (&format!("/elders/{}", elder.key), &elder.name), ("", ask.t("住处"))],
    );
    Ok(ask.page_with(
        status(errors),
        Head::new(ask.t("住处位置和门码")).line(elders::about(ask, &elder)).crumbs(way),
        content,
    ))
}

fn place(ask: &Ask, known: &Home) -> Markup {
    let Some(at) = known.at else {
        return html! { p { (ask.t("还没有登记位置,定位核验会是不明。")) } };
    };
    html! {
        (kv(&[
            (ask.t("位置"), html! { (degrees(at.latitude)) ", " (degrees(at.longitude)) }),
            (ask.t("登记"), html! { (known.who) " " @if let Some(since) = &known.since { (time(since)) } }),
        ]))
    }
}

fn taken(ask: &Ask, here: &str, fixes: &[(String, Fix)]) -> Markup {
    if fixes.is_empty() {
        return html! {};
    }
    let rows: Vec<Vec<Markup>> = fixes
        .iter()
        .map(|(day, fix)| {
            let (latitude, longitude) = (degrees(fix.at.latitude), degrees(fix.at.longitude));
            vec![
                html! { (day) },
                html! { (latitude) ", " (longitude) },
                html! { (fix.accuracy) " " (ask.t("米")) },
                html! { form.inline method="post" action=(here) { (csrf(ask))
                    input type="hidden" name="latitude" value=(latitude); input type="hidden" name="longitude" value=(longitude);
                    button.btn { (ask.t("用作住处位置")) } } },
            ]
        })
        .collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("最近上门时的定位")) } }
            (plain_table(&["日期", "位置", "误差", ""].map(|it| ask.t(it)), &rows)) }
    }
}

fn door(ask: &Ask, here: &str, known: &Home) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("门码")) } } div.card-body {
            p { (ask.t("贴在门内的二维码。上门时扫一下,即使没有定位也能证明到了这一家。")) }
            @if let Some(at) = &known.printed { p { (ask.f("第 {n} 次打印", &[("n", &known.printing)])) " " (time(at)) }
                a.btn href=(format!("{here}/door")) { (icon("printer")) (ask.t("打印门码")) } }
            form.form method="post" action=(format!("{here}/door")) data-confirm=[(0 < known.printing).then(|| ask.t("换码后,旧的门码不再有效。要换吗?"))] { (csrf(ask))
                div.form-foot { button.btn { @if 0 < known.printing { (ask.t("换新码")) } @else { (ask.t("生成门码")) } } }
            }
        } }
    }
}

pub async fn set(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_tx, sent) = (key.clone(), input.clone());
    let done = ask
        .write(move |tx, ask| {
            let checked = kit_form::check(PLACE, &sent, &Options::new())?;
            let at: Point = home::parse(&checked.text("latitude"), &checked.text("longitude"))?;
            let elder = elders::find_living(tx, &ask.who.scope, &for_tx)?;
            home::set(tx, ask, &elder, at, "map")
        })
        .await;
    match done {
        Ok(()) => Ok(ask.go(&format!("/visits/homes/{key}"), ask.t("位置已保存"))),
        Err(Error::Invalid(errors)) => show(&ask, key, &input, &errors).await,
        Err(other) => Err(other),
    }
}

pub async fn print(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/visits/homes/{key}/door");
    ask.write(move |tx, ask| {
        let elder = elders::find_living(tx, &ask.who.scope, &key)?;
        home::print(tx, ask, &elder)
    })
    .await?;
    Ok(ask.go(&link, ask.t("新门码已生成")))
}

/// The code as it is hung at the door.
pub async fn code(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (elder, known): (Elder, Home) = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, "door code")?;
            Ok((elder, home::of(tx, &key)?))
        })
        .await?;
    if known.printing == 0 {
        return Err(Error::refused("no_code", Said::new("还没有生成门码")));
    }
    let text = home::code(&ask, &elder.key, known.printing);
    let picture = super::phones::picture(&format!("yiyang-door#{}", text.replace(' ', "")))?;
    let content = html! {
        section.card { div.card-body.center {
            h2 { (ask.t("上门服务门码")) }
            div.qr role="img" aria-label=(ask.t("门码")) { (PreEscaped(picture)) }
            p.door-code { (text) }
            p { (ask.t("请贴在门内。服务人员上门时扫描,离开后不要带走。")) }
            p.small.muted { (ask.f("第 {n} 次打印", &[("n", &known.printing)])) }
        } }
    };
    let way = crumbs(
        &ask,
        &[("/visits", ask.t("上门服务")), (&format!("/visits/homes/{}", elder.key), &elder.name), ("", ask.t("门码"))],
    );
    let actions = html! { button.btn.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    Ok(ask.page(Head::new(ask.t("门码")).crumbs(way).actions(actions), content))
}
