//! One visit: everything that was found, what it said and why; and taking it back.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result,
    form::{Input, csrf},
    page::{Badge, Head, Page, alert, icon, kv, time},
};
use maud::{Markup, html};

use crate::{
    chronic::{WRITE, care, measure::MEASURES, visit, words},
    elders::{self, Key},
    policy,
};

pub async fn page(ask: Ask, Path((key, id)): Path<(String, String)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    let (elder, it) = ask
        .write(move |tx, ask| {
            let elder = elders::find(tx, &ask.who.scope, &key)?;
            let it = visit::find(tx, &key, id)?;
            elders::note(tx, ask, "look", &elder, "chronic visit")?;
            Ok((elder, it))
        })
        .await?;
    let here = care::visit_link(&elder.key, id);
    let mut found: Vec<(&str, Markup)> = Vec::new();
    for (measure, value) in MEASURES.iter().zip(it.values.0) {
        if let Some(value) = value {
            found.push((ask.t(measure.label), html! { (measure.text(value)) " " small { (ask.t(measure.unit)) } }));
        }
    }
    if let Some(mass) = it.values.body_mass() {
        found.push((ask.t("体质指数"), html! { (mass) " " small { "kg/m²" } }));
    }
    let signs: Vec<&str> = it.signs.iter().map(|it| ask.t(it)).collect();
    let yes = |is: bool, text: &str| {
        if is {
            html! { (ask.t("有")) " " (text) }
        } else {
            html! { (ask.t("无")) }
        }
    };
    let said = [
        ("危急症状", html! { @if signs.is_empty() { (ask.t("无")) } @else { (signs.join(ask.t("、"))) } }),
        ("药物不良反应", yes(it.adverse, &it.adverse_text)),
        ("新的并发症或原有并发症加重", yes(it.complication, &it.complication_text)),
        ("服药依从性", html! { (ask.t(words::title(words::ADHERENCE, &it.adherence))) }),
        ("摄盐", html! { (ask.t(words::title(words::SALT, &it.salt))) }),
        ("足背动脉搏动", html! { (ask.t(words::title(words::FOOT, &it.foot))) }),
        ("用药", html! { @for line in it.medicines.lines() { div { (line) } } }),
        ("备注", html! { (it.remark) }),
        ("随访方式", html! { (ask.t(words::title(words::MODES, &it.mode))) }),
        ("登记", html! { (it.who) " " (time(&it.created)) }),
    ];
    let said: Vec<(&str, Markup)> =
        said.into_iter().filter(|it| !it.1.0.is_empty()).map(|(title, it)| (ask.t(title), it)).collect();
    let content = html! {
        @if let Some(at) = &it.voided {
            (alert(Badge::Warn, ask.t("这次随访已作废"), html! { p { (time(at)) " " (it.void_reason) } }))
        }
        div.cols {
            div.stack {
                section.card { header.card-head { h2 { (ask.t("结果")) } } div.card-body.stack {
                    (super::outcome(&ask, &it.judged, true))
                    @if ask.may(policy::DECISIONS) { p.small { a href=(format!("/policy/decisions?topic=chronic&from={0}&until={0}", it.day)) { (ask.t("所依据的政策取值")) } } }
                } }
                section.card { header.card-head { h2 { (ask.t("测量")) } } div.card-body { (kv(&found)) } }
            }
            div.stack {
                section.card { header.card-head { h2 { (ask.t("询问")) } } div.card-body { (kv(&said)) } }
                @if it.voided.is_none() && elder.is_living() && ask.may(WRITE) {
                    details.card { summary.card-head { (ask.t("登记有误,作废")) } div.card-body {
                        form.form method="post" action=(format!("{here}/void")) data-confirm=(ask.t("作废这次随访?")) {
                            (csrf(&ask))
                            div.field { label for="reason" { (ask.t("作废的原因")) } input #reason name="reason" required maxlength="200"; }
                            button.btn.btn-danger { (ask.t("作废")) }
                        }
                    } }
                }
            }
        }
    };
    let actions = html! {
        button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
        a.btn.btn-primary href=(care::link(&elder.key)) { (ask.t("患者页面")) }
    };
    let title = ask.f("慢病随访 {day}", &[("day", &it.day)]);
    let head = Head::new(&title)
        .line(format!("{} · {}", elder.name, elders::about(&ask, &elder)))
        .crumbs(super::way(&ask, &elder, &it.day.to_string()))
        .actions(actions);
    Ok(ask.page(head, content))
}

pub async fn void(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    let link = care::link(&key);
    ask.write(move |tx, ask| {
        let elder = elders::find_living(tx, &ask.who.scope, &key)?;
        visit::void(tx, ask, &elder, id, &input)
    })
    .await?;
    Ok(ask.go(&link, ask.t("已作废,下次随访日期已重算")))
}
