//! Signing in: password, then second factor where there is one.

use axum::{
    Extension,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use maud::{Markup, html};

use super::demo::{self, Login};
use crate::{
    App, Error, Result,
    ask::Visitor,
    audit,
    form::{Input, encoded},
    page::{Badge, alert, bare, icon, redirect},
    server::session_cookie,
    who::{
        account, password, second_factor,
        session::{self, Stage},
    },
};

/// Where the sealed secret lies; the seal is bound to it.
pub const SECRET_COLUMN: &str = "account.second_factor";

pub async fn page(State(app): State<App>, Extension(visitor): Extension<Visitor>, uri: axum::http::Uri) -> Response {
    let query = crate::form::pairs(uri.query().unwrap_or_default());
    let next = query.iter().find(|it| it.0 == "next").map_or("", |it| &it.1);
    if visitor.who.is_some() {
        return redirect(&safe(next), None, app.config.secure_cookies());
    }
    let logins = demo::logins(&app.config).await;
    let wanted = query.iter().find(|it| it.0 == "user").map_or("", |it| &it.1);
    let chosen = logins.iter().find(|it| it.user == wanted);
    let content = html! {
        (password_form(&visitor, chosen, next, None))
        (demo::choice(visitor.lang, &logins, next))
    };
    show(&visitor, StatusCode::OK, "登录", content)
}

fn show(visitor: &Visitor, status: StatusCode, title: &str, content: Markup) -> Response {
    let lang = visitor.lang;
    (status, Html(bare(lang, visitor.large, lang.t(title), None, &content).into_string())).into_response()
}

/// The form again, with the name that was typed.
fn refused(visitor: &Visitor, user: &str, next: &str, error: String) -> Markup {
    let typed = Login { user: user.to_string(), ..Login::default() };
    password_form(visitor, Some(&typed), next, Some(error))
}

fn password_form(visitor: &Visitor, login: Option<&Login>, next: &str, error: Option<String>) -> Markup {
    let t = |zh| visitor.lang.t(zh);
    let (user, password) = login.map_or(("", ""), |it| (&it.user, &it.password));
    html! {
        h1 { (t("登录")) }
        @if let Some(error) = error { (alert(Badge::Bad, &error, html! {})) }
        form.form method="post" action="/login" {
            input type="hidden" name="next" value=(next);
            div.field {
                label for="user" { (t("登录名")) }
                input #user name="user" value=(user) required autocomplete="username" autocapitalize="none" autofocus[user.is_empty()];
            }
            div.field {
                label for="password" { (t("密码")) }
                input #password name="password" type="password" value=(password) required autocomplete="current-password";
            }
            div.form-foot { button.btn.btn-primary.btn-lg { (icon("unlock")) (t("登录")) } }
        }
    }
}

pub async fn sign_in(State(app): State<App>, Extension(visitor): Extension<Visitor>, input: Input) -> Result<Response> {
    let (user, typed, next) =
        (input.get("user").to_lowercase(), input.get("password").to_string(), input.get("next").to_string());
    let now = visitor.now;
    let login = user.clone();
    let found = app
        .db
        .read(move |tx| {
            let Some(account) = account::by_login(tx, &login)? else { return Ok(None) };
            let (hash, locked) = account::password_hash(tx, account.id, now)?;
            Ok(Some((account, hash, locked)))
        })
        .await?;
    let locked = found.as_ref().map_or(0, |it| it.2);
    let hash = found.as_ref().map_or(account::decoy_hash().to_string(), |it| it.1.clone());
    let right = tokio::task::spawn_blocking(move || password::matches(&typed, &hash)).await.map_err(Error::internal)?;
    if 0 < locked {
        let (_, _, said) = Error::TooMany(locked).summary(visitor.lang);
        return Ok(show(&visitor, StatusCode::TOO_MANY_REQUESTS, "登录", refused(&visitor, &user, &next, said)));
    }
    let Some((account, ..)) = found.filter(|it| right && it.0.open) else {
        let (login, app_too) = (user.clone(), app.clone());
        app.db
            .write(move |tx| {
                let known = account::by_login(tx, &login)?;
                if let Some(account) = &known {
                    account::failed(tx, account.id, now)?;
                }
                let (id, place) = known.map_or((None, String::new()), |it| (Some(it.id), it.place));
                note(tx, &app_too, id, &place, "sign-in-failed", &login, now)
            })
            .await?;
        let said = visitor.lang.t("登录名或密码不对,请重试;忘记密码请联系系统管理员").to_string();
        return Ok(show(&visitor, StatusCode::UNAUTHORIZED, "登录", refused(&visitor, &user, &next, said)));
    };
    let stage = if account.has_second_factor { Stage::Code } else { Stage::Full };
    let (id, old, app_too) = (account.id, visitor.token.clone(), app.clone());
    let token = app
        .db
        .write(move |tx| {
            if stage == Stage::Full {
                account::succeeded(tx, id)?;
                note(tx, &app_too, Some(id), &account.place, "sign-in", &account.login, now)?;
            }
            session::begin(tx, id, stage, old.as_deref(), now)
        })
        .await?;
    let to = match stage {
        Stage::Code => format!("/login/code?next={}", encoded(&next)),
        Stage::Full => safe(&next),
    };
    Ok(with_cookie(&app, &to, &token))
}

pub async fn code_page(
    State(app): State<App>,
    Extension(visitor): Extension<Visitor>,
    uri: axum::http::Uri,
) -> Response {
    if visitor.session.as_ref().is_none_or(|it| it.stage != Stage::Code) {
        return redirect("/login", None, app.config.secure_cookies());
    }
    let query = crate::form::pairs(uri.query().unwrap_or_default());
    let next = query.iter().find(|it| it.0 == "next").map_or("", |it| &it.1);
    show(&visitor, StatusCode::OK, "验证码", code_form(&visitor, next, None))
}

fn code_form(visitor: &Visitor, next: &str, error: Option<String>) -> Markup {
    let t = |zh| visitor.lang.t(zh);
    let csrf = visitor.session.as_ref().map_or("", |it| &it.who.csrf);
    html! {
        h1 { (t("验证码")) }
        p { (t("请输入验证器应用中显示的 6 位数字。")) }
        @if let Some(error) = error { (alert(Badge::Bad, &error, html! {})) }
        form.form method="post" action="/login/code" {
            input type="hidden" name="csrf" value=(csrf);
            input type="hidden" name="next" value=(next);
            div.field {
                label for="code" { (t("验证码")) }
                input #code name="code" required inputmode="numeric" maxlength="6" autocomplete="one-time-code" autofocus;
            }
            div.form-foot { button.btn.btn-primary.btn-lg { (t("确认")) } }
        }
    }
}

pub async fn code(State(app): State<App>, Extension(visitor): Extension<Visitor>, input: Input) -> Result<Response> {
    let session = visitor.session.clone().filter(|it| it.stage == Stage::Code).ok_or(Error::SignedOut)?;
    let (id, login, now) = (session.who.account, session.who.login.clone(), visitor.now);
    let (typed, next, old) = (input.get("code").to_string(), input.get("next").to_string(), visitor.token.clone());
    let (app_too, place) = (app.clone(), session.who.scope.place.clone());
    let token = app
        .db
        .write(move |tx| {
            let (_, locked) = account::password_hash(tx, id, now)?;
            if 0 < locked {
                return Err(Error::TooMany(locked));
            }
            let (sealed, last) = account::second_factor(tx, id)?;
            let secret =
                app_too.crypt.open_sealed(SECRET_COLUMN, &sealed.unwrap_or_default()).map_err(Error::internal)?;
            match second_factor::accepted(&secret, &typed, now.as_second(), last)? {
                Some(step) => {
                    account::used_step(tx, id, step)?;
                    account::succeeded(tx, id)?;
                    note(tx, &app_too, Some(id), &place, "sign-in", &login, now)?;
                    Ok(Some(session::begin(tx, id, Stage::Full, old.as_deref(), now)?))
                }
                None => {
                    account::failed(tx, id, now)?;
                    note(tx, &app_too, Some(id), &place, "sign-in-failed", &login, now)?;
                    Ok(None)
                }
            }
        })
        .await?;
    match token {
        Some(token) => Ok(with_cookie(&app, &safe(&next), &token)),
        None => {
            let said = visitor.lang.t("验证码不对或已用过,请等下一个").to_string();
            Ok(show(&visitor, StatusCode::UNAUTHORIZED, "验证码", code_form(&visitor, &next, Some(said))))
        }
    }
}

pub async fn sign_out(State(app): State<App>, Extension(visitor): Extension<Visitor>) -> Result<Response> {
    if let (Some(token), Some(session)) = (visitor.token.clone(), visitor.session.clone()) {
        let (now, app_too) = (visitor.now, app.clone());
        app.db
            .write(move |tx| {
                session::end(tx, &token)?;
                note(
                    tx,
                    &app_too,
                    Some(session.who.account),
                    &session.who.scope.place,
                    "sign-out",
                    &session.who.login,
                    now,
                )
            })
            .await?;
    }
    let mut response = redirect("/login", None, app.config.secure_cookies());
    response
        .headers_mut()
        .append(header::SET_COOKIE, HeaderValue::from_static("yiyang=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    Ok(response)
}

/// Notes a sign-in in the trail of the account's county, so that its administrator finds it.
fn note(
    tx: &crate::Tx<'_>,
    app: &App,
    id: Option<crate::Id>,
    place: &str,
    action: &'static str,
    login: &str,
    now: jiff::Timestamp,
) -> Result<()> {
    let tree = app.places.tree();
    let region = tree.county_of(place).map_or(audit::HOUSE, |it| &it.code);
    let entry = audit::Entry { action, subject: "account", subject_id: id, region, place, detail: login };
    audit::write(tx, None, &entry, now)
}

fn with_cookie(app: &App, to: &str, token: &str) -> Response {
    let mut response = redirect(to, None, app.config.secure_cookies());
    if let Ok(cookie) = HeaderValue::from_str(&session_cookie(app, token)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Only an address of ours: a path, not `//elsewhere`.
fn safe(next: &str) -> String {
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && next.is_ascii();
    if ours && !next.bytes().any(|it| it.is_ascii_control()) { next.to_string() } else { "/".to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_only_to_our_own_pages() {
        assert_eq!(safe("/elders?sort=name"), "/elders?sort=name");
        for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", ""] {
            assert_eq!(safe(elsewhere), "/");
        }
    }
}
