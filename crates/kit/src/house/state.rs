//! System state: what the doctor finds, for administrators.

use maud::html;

use super::setting::{set_setting, setting};
use crate::{
    Ask, Result, Tx, audit, backup,
    backup::Restored,
    clock::minute,
    doctor::{self, State},
    form::csrf,
    page::{Badge, Head, Page, alert, badge},
};

const SEEN: &str = "restored_seen";

/// The restore that no administrator has confirmed yet.
pub fn restored_unseen(tx: &Tx<'_>) -> Result<Option<Restored>> {
    let seen = setting(tx, SEEN)?;
    Ok(backup::restored(tx)?.filter(|it| seen.as_deref() != Some(&it.at)))
}

pub async fn page(ask: Ask) -> Result<Page> {
    let findings = doctor::examine_running(&ask.app).await;
    let unseen = ask.read(|tx, _| restored_unseen(tx)).await?;
    let t = |zh| ask.t(zh);
    let content = html! {
        @if let Some(restored) = unseen {
            (alert(Badge::Warn, t("本系统由备份恢复"), html! {
                p { (ask.f("恢复于 {at},备份于 {backup}。两者之间的登记、评估和结算不在其中,请与各单位核对后补录;备份时待发的消息未再发送。",
                           &[("at", &minute(&restored.at)), ("backup", &minute(&restored.backup))])) }
                form method="post" action="/state/restored" { (csrf(&ask)) button.btn { (t("已核对,不再提示")) } }
            }))
        }
        section.card { ul.tasks {
            @for it in &findings {
                @let (class, kind, word) = match it.state {
                    State::Ok => ("task", Badge::Ok, "正常"),
                    State::Warn => ("task task-today", Badge::Warn, "留意"),
                    State::Bad => ("task task-wrong", Badge::Bad, "须处理"),
                };
                li class=(class) {
                    (crate::page::icon(match it.state { State::Ok => "check-circle", State::Warn => "exclamation-triangle", State::Bad => "x-circle" }))
                    div { span { (it.said.in_lang(ask.lang)) } small { (ask.word(it.name)) } }
                    (badge(kind, t(word)))
                }
            }
        } }
    };
    let sub = ask.f("版本 {version}", &[("version", &env!("CARGO_PKG_VERSION"))]);
    Ok(ask.page(Head::new(t("系统状态")).line(sub), content))
}

pub async fn acknowledge(ask: Ask) -> Result<Page> {
    ask.write(|tx, ask| {
        let Some(restored) = backup::restored(tx)? else { return Ok(()) };
        set_setting(tx, SEEN, &restored.at)?;
        let entry = audit::Entry {
            action: "change",
            subject: "setting",
            subject_id: None,
            region: audit::HOUSE,
            place: "",
            detail: "restore acknowledged",
        };
        ask.note(tx, &entry)
    })
    .await?;
    Ok(ask.go("/state", ask.t("已确认")))
}
