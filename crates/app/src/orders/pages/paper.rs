//! The paper of an order, printed large: what was ordered, what was agreed to and by whom.

use axum::extract::Path;
use kit::{
    Ask, Id, Result, files,
    page::{Head, Page, crumbs, icon, kv, time},
};
use maud::html;

use super::new::money;
use crate::{
    elders::{self, Key},
    institutions,
    orders::{consent, record, words},
};

/// The picture of the signature; each look is noted.
pub async fn signature(ask: Ask, Path((key, file)): Path<(String, Id)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let region = key.region.clone();
    ask.write(move |tx, ask| consent::picture(tx, ask, &key, file)).await?;
    files::answer(&ask, &region, file).await
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, elder, institution) = ask
        .write(move |tx, ask| {
            let (it, elder) = record::find(tx, ask, &key)?;
            elders::note(tx, ask, "look", &elder, &format!("order {key} paper"))?;
            let institution = institutions::by_key(tx, &it.institution_key())?;
            Ok((it, elder, institution))
        })
        .await?;
    // Old eyes read it: large print on screen and paper, whatever the reader's own setting.
    let ask = Ask { large: true, ..ask };
    let staff: Vec<&str> = [&*it.staff_name, &*it.second_name].into_iter().filter(|it| !it.is_empty()).collect();
    let pairs = [
        (ask.t("老人"), html! { (elder.name) " · " (elders::about(&ask, &elder)) }),
        (ask.t("服务"), html! { (it.name(&ask)) " · " (it.service.minutes) " " (ask.t("分钟")) }),
        (ask.t("时间"), html! { (it.when(&ask)) }),
        (ask.t("机构"), html! { (institution.name) }),
        (ask.t("服务人员"), html! { (staff.join(ask.t("、"))) }),
        (ask.t("预计个人付"), html! { (money(&ask, it.person)) }),
    ];
    let signer = ask.t(words::title(words::SIGNERS, &it.consent_signer));
    let content = html! {
        section.card { div.card-body { (kv(&pairs)) } }
        @if !it.consent.is_empty() {
            section.card.gap-top { header.card-head { h2 { (ask.t("知情同意书")) } } div.card-body {
                ol { @for [zh, en] in &it.consent { li { (ask.either(zh, en)) } } }
                p { (ask.t("同意人")) (ask.t(":")) b { (it.consent_name) } " (" (signer) ")" }
                @match (&it.agreed.at, it.agreed.file) {
                    (Some(at), Some(file)) => {
                        p { (ask.t("签名")) (ask.t(":")) img.signature src=(format!("{}/files/{file}", it.link())) alt=(ask.t("签名")) height="60"; }
                        p { (time(at)) " · " (ask.f("{name}经手", &[("name", &it.agreed.who)])) }
                    }
                    (Some(at), None) => p { (ask.f("由“{name}”的账号确认同意", &[("name", &it.agreed.who)])) " · " (time(at)) },
                    (None, _) => p { (ask.t("签名")) (ask.t(":")) "____________________" },
                }
            } }
        }
        p.small.muted.gap-top { (ask.t("有急症请拨打120,不要等上门服务。")) }
    };
    let title = ask.t("上门服务单");
    let here = it.link();
    let way = crumbs(&ask, &[("/orders", ask.t("上门服务")), (&here, it.name(&ask)), ("", title)]);
    let actions =
        html! { button.btn.btn-primary.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    Ok(ask.page(Head::new(title).line(elder.name.clone()).crumbs(way).actions(actions), content))
}
