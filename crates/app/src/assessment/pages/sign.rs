//! Evidence and signature on site, and the way back to the answers while a signature is missing.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    files::{self, Upload},
    form::{Input, csrf},
    page::{Badge, Head, Page, alert, crumbs, icon, kv},
};
use maud::html;

use super::evidence as pictures;
use crate::{
    assessment::{
        apply, evidence, onsite,
        record::{self, Programme},
        words,
    },
    elders::Key,
};

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, elder, outcome, all) = ask
        .write(move |tx, ask| {
            let (it, elder) = record::find(tx, &ask.who.scope, &key)?;
            onsite::check_assessor(ask, &it)?;
            record::note(tx, ask, "look", &it, &elder, "sign")?;
            let outcome = match onsite::preview(tx, ask, &it) {
                Ok(outcome) => Some(outcome),
                Err(Error::Invalid(_)) => None,
                Err(other) => return Err(other),
            };
            let all = evidence::all(tx, &it)?;
            Ok((it, elder, outcome, all))
        })
        .await?;
    let here = it.link();
    let Some(outcome) = outcome else { return Ok(ask.go(&format!("{here}/answers"), ask.t("还有题目没有答"))) };
    let place = it.place_of(ask.who.account).unwrap_or(0);
    let photos: Vec<_> = all.iter().filter(|it| it.kind == "photo").cloned().collect();
    let signed = |at: usize| match &it.assessors[at].signed {
        Some(at) => html! { (kit::page::badge(Badge::Ok, ask.t("已签名"))) " " (kit::page::time(at)) },
        None => html! { span.muted { (ask.t("未签名")) } },
    };
    let level = outcome.level.as_ref().map_or_else(|| outcome.headline(), |it| it.name_in(ask.lang).to_string());
    let content = html! {
        div.cols-2 {
            section.card { header.card-head { h2 { (ask.t("现场照片")) } } div.card-body {
                (pictures::pictures(&ask, &it, &photos))
                @if photos.is_empty() && it.programme == Programme::Ltci {
                    (alert(Badge::Warn, ask.t("签名前请先上传现场照片"), html! {}))
                }
                (pictures::form(&ask, &it, Some("photo"), "sign"))
            } }
            section.card { header.card-head { h2 { (ask.t("签名")) } } div.card-body {
                (kv(&[
                    (ask.t("初步结果"), html! { b { (level) } }),
                    (ask.t("第一评估员"), html! { (it.assessors[0].name) " " (signed(0)) }),
                    (ask.t("第二评估员"), html! { (it.assessors[1].name) " " (signed(1)) }),
                ]))
                @if it.assessors[place].signed.is_none() {
                    form.form method="post" enctype="multipart/form-data" action=(format!("{here}/sign?csrf={}", ask.who.csrf)) {
                        (csrf(&ask))
                        fieldset.field { legend { (ask.t("评估地点")) } div.options {
                            @for (word, title) in words::SITES {
                                label.option { input type="radio" name="site" value=(word) checked[*word == it.site] required; " " (ask.t(title)) }
                            }
                        } }
                        div.field { label for="informant" { (ask.t("信息提供者")) }
                            input #informant name="informant" value=(it.informant) maxlength="50" autocomplete="off"; }
                        p { (ask.t("我已核对全部答案,评估结果如实反映老人现在的情况。")) }
                        div.sign {
                            p.sign-label #sign-label { (ask.f("{name}签名", &[("name", &ask.who.name)])) }
                            canvas.js-sign.needs-js data-input="signature" role="img" aria-labelledby="sign-label" {}
                            input #signature type="hidden" name="signature";
                            div.actions.needs-js { button.btn.btn-sm.js-sign-clear type="button" { (ask.t("清除重签")) } }
                            div.no-js.field { label for="sign-file" { (ask.t("上传签名照片")) }
                                input #sign-file type="file" name="signature_file" accept="image/*"; }
                        }
                        div.form-foot {
                            button.btn.btn-primary { (icon("pen")) (ask.t("签名确认")) }
                            a.btn href=(format!("{here}/answers")) { (ask.t("回到答题")) }
                        }
                    }
                }
                @if it.assessors.iter().any(|it| it.signed.is_some()) {
                    form.form.gap-top method="post" action=(format!("{here}/reopen")) data-confirm=(ask.t("撤回签名并修改答案?")) {
                        (csrf(&ask))
                        div.field { label for="why" { (ask.t("修改的原因")) } input #why name="why" maxlength="200"; }
                        button.btn { (ask.t("撤回签名,修改答案")) }
                    }
                }
            } }
        }
    };
    let way = crumbs(&ask, &[("/assessment", ask.t("评估")), (&here, &elder.name), ("", ask.t("照片与签名"))]);
    let sub = format!("{} · {}", elder.name, ask.t(apply::title_of(it.programme)));
    Ok(ask.page(Head::new(ask.t("照片与签名")).line(sub).crumbs(way), content))
}

pub async fn sign(ask: Ask, Path(key): Path<String>, upload: Upload<20>) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/assessment/{key}");
    let drawn = upload.input.get("signature").to_string();
    let picture = match upload.file("signature_file") {
        Ok(file) if drawn.is_empty() => file.bytes()?,
        _ => files::from_data_url(&drawn).ok_or_else(|| Error::invalid("signature", "请签名"))?,
    };
    let picture = ask.app.files.lay(&ask, "signature", "signature.png", picture).await?;
    let (informant, site) = (upload.input.get("informant").to_string(), upload.input.get("site").to_string());
    let finished = ask
        .write(move |tx, ask| {
            let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            onsite::sign(tx, ask, &mut it, &elder, &picture)?;
            onsite::set_informant(tx, &it, &informant, &site)?;
            Ok(it.ended.is_some())
        })
        .await?;
    let said = if finished {
        "两名评估员都已签名,等待复核"
    } else {
        "已签名,等待另一名评估员核对签名"
    };
    Ok(ask.go(&here, ask.t(said)))
}

pub async fn reopen(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/assessment/{key}/answers");
    let why: String = input.get("why").chars().take(200).collect();
    ask.write(move |tx, ask| {
        let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
        onsite::reopen(tx, ask, &mut it, &elder, &why)
    })
    .await?;
    Ok(ask.go(&here, ask.t("已撤回签名,可以修改答案")))
}
