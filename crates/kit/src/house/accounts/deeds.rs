//! Single deeds at an account: a one-time password, the end of its sessions, no second factor.

use axum::extract::Path;
use maud::html;

use super::{find, note, show};
use crate::{
    Ask, Error, Id, Result,
    page::{Badge, Page, alert},
    who::{account, password, session},
};

/// One's own account is not changed from here: who locks oneself out can let nobody in.
fn refuse_own(ask: &Ask, id: Id) -> Result<()> {
    if id == ask.who.account {
        return Err(Error::refused("own_account", "不能在这里办理自己的账号,请使用“账号与密码”或请另一位管理员办理"));
    }
    Ok(())
}

pub async fn reset_password(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    let password = fresh_password(&ask, id).await?;
    show(&ask, id, one_time(&ask, &password)).await
}

/// Gives an account a one-time password.
pub async fn fresh_password(ask: &Ask, id: Id) -> Result<String> {
    refuse_own(ask, id)?;
    let password = password::one_time();
    let typed = password.clone();
    let hash = tokio::task::spawn_blocking(move || password::hash(&typed)).await.map_err(Error::internal)??;
    ask.write(move |tx, ask| {
        let found = find(tx, ask, id)?;
        account::set_password(tx, id, &hash, true)?;
        note(tx, ask, id, &found.place, "change", "password reset")
    })
    .await?;
    Ok(password)
}

/// The password as it is shown, once.
pub fn one_time(ask: &Ask, password: &str) -> maud::Markup {
    alert(
        Badge::Ok,
        ask.t("一次性密码只显示这一次,请当面或电话告知本人"),
        html! {
            p { code.strong #once { (password) } " "
                button.btn.btn-sm.js-copy.needs-js type="button" data-copy-from="#once" { (ask.t("复制")) } }
            p { (ask.t("首次登录时须更换。")) }
        },
    )
}

pub async fn end_sessions(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    sign_out(&ask, id).await?;
    Ok(ask.go(&format!("/accounts/{id}"), ask.t("已退出所有设备")))
}

/// Ends the account's sessions on all devices.
pub async fn sign_out(ask: &Ask, id: Id) -> Result<()> {
    refuse_own(ask, id)?;
    ask.write(move |tx, ask| {
        let found = find(tx, ask, id)?;
        session::end_all(tx, id)?;
        note(tx, ask, id, &found.place, "change", "sessions ended")
    })
    .await
}

pub async fn remove_second_factor(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    refuse_own(&ask, id)?;
    ask.write(move |tx, ask| {
        let found = find(tx, ask, id)?;
        account::set_second_factor(tx, id, None)?;
        session::end_all(tx, id)?;
        note(tx, ask, id, &found.place, "change", "second factor removed")
    })
    .await?;
    Ok(ask.go(&format!("/accounts/{id}"), ask.t("已解除验证器")))
}
