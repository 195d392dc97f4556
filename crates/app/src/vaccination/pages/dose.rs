//! Giving a dose: which, the questions, consent with signature, the batch.

use axum::{extract::Path, response::Response};
use kit::{
    Ask, Error, Id, Result, Tx,
    error::FieldError,
    files::{self, Upload},
    form::{self as kit_form, Input, csrf},
    page::{Badge, Head, Page, alert, badge, icon},
};
use maud::{Markup, html};
use rules::vaccination::{Effect, Plan, State, Vaccine};

use crate::{
    elders::{self, Elder, Key},
    vaccination::{
        batch::{self, Batch},
        dose, schedule, words,
    },
};

struct Known {
    elder: Elder,
    plan: Plan,
    batches: Vec<Batch>,
}

fn known(tx: &Tx<'_>, ask: &Ask, key: &Key, vaccine: &Vaccine) -> Result<Known> {
    let elder = elders::find_living(tx, &ask.who.scope, key)?;
    elders::note(tx, ask, "look", &elder, "vaccination")?;
    Ok(Known {
        plan: schedule::next(tx, ask, &elder, vaccine)?,
        batches: batch::usable(tx, ask, &key.region, &vaccine.id)?,
        elder,
    })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let mut input = Input::default();
    input.set("day", ask.today().to_string());
    input.set("site", "left_arm");
    input.set("consent", "signed");
    input.set("vaccinator", &ask.who.name);
    for name in ["vaccine", "batch"] {
        if let Some(value) = ask.param(name) {
            input.set(name, value);
        }
    }
    show(&ask, &key.parse()?, &input, &[]).await
}

pub async fn save(ask: Ask, Path(key): Path<String>, upload: Upload<20>) -> Result<Page> {
    let key: Key = key.parse()?;
    let drawn = upload.input.get("signature").to_string();
    let picture = match upload.file("signature_file") {
        Ok(file) if drawn.is_empty() => Some(file.bytes()?),
        _ => files::from_data_url(&drawn),
    };
    let stored = match picture {
        Some(picture) if !picture.is_empty() => Some(ask.app.files.lay(&ask, "consent", "consent.png", picture).await?),
        _ => None,
    };
    let (input, for_write, sent) = (upload.input.clone(), key.clone(), upload.input);
    let given = ask
        .write(move |tx, ask| {
            let elder = elders::find_living(tx, &ask.who.scope, &for_write)?;
            dose::give(tx, ask, &elder, &input, stored.as_ref())
        })
        .await;
    match given {
        Ok(_) => {
            let policy = schedule::policy(&ask, &key.region, ask.today());
            let minutes = policy.read(|it| &it.vaccination.observation_minutes).copied().unwrap_or(30);
            Ok(ask.go(&dose::link(&key), &ask.f("已登记接种,请留观 {n} 分钟", &[("n", &minutes)])))
        }
        Err(Error::Invalid(errors)) => show(&ask, &key, &sent, &errors).await,
        Err(other) => Err(other),
    }
}

async fn show(ask: &Ask, key: &Key, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let here = dose::link(key);
    let offered = schedule::offered(ask, &key.region);
    let Some(vaccine) = offered.iter().find(|it| it.id == input.get("vaccine")).or(offered.first()) else {
        return Err(Error::refused("no_vaccine", "本地当日没有在行的接种政策"));
    };
    let (for_read, id) = (key.clone(), vaccine.id.clone());
    let it = ask
        .write(move |tx, ask| {
            let vaccine = schedule::needed(ask, &for_read.region, &id, ask.today())?;
            known(tx, ask, &for_read, vaccine)
        })
        .await?;
    let content = html! {
        nav.chips aria-label=(ask.t("疫苗")) { @for one in offered {
            a.chip href=(format!("{here}/dose?vaccine={}", one.id)) aria-current=[(one.id == vaccine.id).then_some("true")] {
                (schedule::name(ask, &key.region, &one.id)) }
        } }
        (standing(ask, &it.plan))
        form.form method="post" enctype="multipart/form-data" action=(format!("{here}/dose?csrf={}", ask.who.csrf)) data-guard {
            (csrf(ask))
            input type="hidden" name="vaccine" value=(vaccine.id);
            (kit_form::summary(ask, dose::FIELDS, errors))
            div.cols-2 {
                (questions(ask, vaccine, input))
                div.stack {
                    (batches(ask, &it.batches, input))
                    (consent(ask, &it.elder, input))
                }
            }
            div.form-foot {
                button.btn.btn-primary { (icon("bandaid")) (ask.t("登记接种")) }
                a.btn.btn-ghost href=(here) { (ask.t("取消")) }
            }
        }
    };
    let status =
        axum::http::StatusCode::from_u16(if errors.is_empty() { 200 } else { 422 }).map_err(Error::internal)?;
    let title = ask.f("接种{vaccine}", &[("vaccine", &schedule::name(ask, &key.region, &vaccine.id))]);
    let head = Head::new(&title)
        .line(format!("{} · {}", it.elder.name, elders::about(ask, &it.elder)))
        .crumbs(super::way(ask, &it.elder, ask.t("接种")));
    Ok(ask.page_with(status, head, content))
}

/// Whether a dose is due, free, and why.
pub fn standing(ask: &Ask, plan: &Plan) -> Markup {
    let english = ask.lang == kit::Lang::En;
    let (kind, title) = match plan.state {
        State::Due => (Badge::Ok, ask.f("可以接种第 {n} 剂", &[("n", &plan.number)])),
        State::Later => {
            let day = plan.from.map(|it| it.to_string()).unwrap_or_default();
            (Badge::Warn, ask.f("{day} 起可以接种第 {n} 剂", &[("day", &day), ("n", &plan.number)]))
        }
        State::Complete => (Badge::Info, ask.t("已完成全部剂次").to_string()),
    };
    alert(
        kind,
        &title,
        html! {
            @if plan.state != State::Complete { p { (badge(if plan.is_free { Badge::Ok } else { Badge::Muted }, ask.t(if plan.is_free { "免费" } else { "自费" }))) } }
            @for reason in &plan.reasons { p.small { @if english { (reason.en) } @else { (reason.zh) } } }
        },
    )
}

fn questions(ask: &Ask, vaccine: &Vaccine, input: &Input) -> Markup {
    let english = ask.lang == kit::Lang::En;
    html! {
        section.card { header.card-head { h2 { (ask.t("询问(有则点选)")) } } div.card-body.stack {
            div.choices { @for it in &vaccine.questions { label.choice {
                input type="checkbox" name="yes" value=(it.id) checked[input.all("yes").contains(&it.id)];
                span.choice-text { @if english { (it.text_en) } @else { (it.text) } }
                span.choice-score { @match it.effect { Effect::Forbids => (ask.t("禁忌")), Effect::Postpones => (ask.t("暂缓")) } }
            } } }
            label.option { input #asked type="checkbox" name="asked" value="on" required checked[input.get("asked") == "on"]; " " (ask.t("已逐项询问健康状况和禁忌")) }
        } }
    }
}

fn batches(ask: &Ask, all: &[Batch], input: &Input) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("疫苗")) } } div.card-body.form.grid {
            div.field.wide { label for="batch" { (ask.t("批次")) }
                select #batch name="batch" required {
                    @for it in all {
                        option value=(it.id) selected[input.get("batch") == it.id.to_string()] disabled[it.expires < ask.today()] {
                            (it.number) " " (it.maker) " · " (ask.f("有效期至 {day}", &[("day", &it.expires)]))
                            @if it.expires < ask.today() { " " (ask.t("已过期")) }
                        }
                    }
                }
                @if all.is_empty() { p.error { (ask.t("没有登记这种疫苗的批次")) " " a href="/vaccination/batches" { (ask.t("登记批次")) } } }
            }
            fieldset.field { legend { (ask.t("接种部位")) } div.options { @for (word, title) in words::SITES {
                label.option { input type="radio" name="site" value=(word) checked[*word == input.get("site")] required; " " (ask.t(title)) }
            } } }
            div.field { label for="day" { (ask.t("接种日期")) } input #day type="date" name="day" value=(input.get("day")) max=(ask.today()); }
            div.field { label for="vaccinator" { (ask.t("接种人")) } input #vaccinator name="vaccinator" value=(input.get("vaccinator")) maxlength="50"; }
            div.field.wide { label for="remark" { (ask.t("备注")) } input #remark name="remark" value=(input.get("remark")) maxlength="300"; }
        } }
    }
}

fn consent(ask: &Ask, elder: &Elder, input: &Input) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("知情同意")) } } div.card-body.stack {
            p { (ask.t("我已了解所接种疫苗的作用、禁忌、可能的反应和注意事项,如实告知健康状况,同意接种。")) }
            div.options { @for (word, title) in words::CONSENTS {
                label.option { input type="radio" name="consent" value=(word) checked[*word == input.get("consent")] required; " " (ask.t(title)) }
            } }
            div.sign {
                p.sign-label #sign-label { (ask.f("{name}签名", &[("name", &elder.name)])) }
                canvas.js-sign.needs-js data-input="signature" role="img" aria-labelledby="sign-label" {}
                input #signature type="hidden" name="signature";
                div.actions.needs-js { button.btn.btn-sm.js-sign-clear type="button" { (ask.t("清除重签")) } }
                div.no-js.field { label for="sign-file" { (ask.t("上传签名照片")) }
                    input #sign-file type="file" name="signature_file" accept="image/*"; }
            }
        } }
    }
}

/// The picture of a consent, for those who may see the person.
pub async fn consent_picture(ask: Ask, Path((key, id)): Path<(String, String)>) -> Result<Response> {
    let key: Key = key.parse()?;
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    let for_read = key.clone();
    let file = ask
        .write(move |tx, ask| {
            let elder = elders::find(tx, &ask.who.scope, &for_read)?;
            elders::note(tx, ask, "look", &elder, "consent")?;
            dose::find(tx, &for_read, id)?.consent.ok_or(Error::NotFound)
        })
        .await?;
    files::answer(&ask, &key.region, file).await
}
