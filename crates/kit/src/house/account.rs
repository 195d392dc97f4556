//! One's own account: password, second factor, API tokens.

use axum::extract::Path;
use jiff::SignedDuration;
use maud::{Markup, html};

use super::sign_in::SECRET_COLUMN;
use crate::{
    Ask, Error, Id, Result, audit,
    error::FieldError,
    form::{self, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, alert, badge, empty, icon, plain_table, time},
    who::{account, password, second_factor, token},
};

const PASSWORD: &[Field] = &[
    field("old", "现在的密码", Kind::Password).required(),
    field("new", "新密码", Kind::Password).required().help("至少 10 个字符,包含字母、数字、符号中的两种。"),
    field("again", "再输一次新密码", Kind::Password).required(),
];

const TOKEN: &[Field] = &[
    field("name", "用途", Kind::Text(60)).required(),
    field("days", "有效天数", Kind::Int { min: 1, max: 366 }).required(),
    field("permissions", "权限", Kind::Text(500)).help("以空格分隔,例如 elders.read;留空则与本账号相同。"),
];

pub async fn page(ask: Ask) -> Result<Page> {
    show(&ask, None, &[]).await
}

async fn show(ask: &Ask, new_secret: Option<&str>, errors: &[FieldError]) -> Result<Page> {
    let account = ask.read(|tx, ask| account::by_id(tx, ask.who.account)).await?.ok_or(Error::NotFound)?;
    let must = ask.param("must").unwrap_or_default();
    let content = html! {
        @if must == "password" || account.must_change { (alert(Badge::Warn, ask.t("请先更换初始密码"), html! {})) }
        @if must == "second-factor" {
            (alert(Badge::Warn, ask.t("您的角色要求使用验证器应用登录,请先绑定"), html! {}))
        }
        div.cols-2 {
            section.card { header.card-head { h2 { (ask.t("更换密码")) } }
                div.card-body { form.form method="post" action="/account/password" {
                    (csrf(ask))
                    (form::fields(ask, PASSWORD, &Input::default(), &Options::new(), errors))
                    div.form-foot { button.btn.btn-primary { (ask.t("更换密码")) } }
                } }
            }
            section.card { header.card-head { h2 { (ask.t("验证器应用(第二因素)")) } }
                div.card-body { (factor(ask, &account, new_secret)) }
            }
        }
        p.gap-top { a.btn href="/account/tokens" { (icon("key")) (ask.t("接口令牌")) } }
    };
    let sub = format!("{} · {} · {}", account.name, account.login, ask.t(account.role.title()));
    Ok(ask.page(Head::new(ask.t("账号与密码")).line(sub), content))
}

fn factor(ask: &Ask, account: &account::Account, new_secret: Option<&str>) -> Markup {
    match new_secret {
        Some(secret) => html! {
            p { (ask.t("在手机的验证器应用中添加下面的密钥,再输入它显示的 6 位数字。")) }
            p { code.strong { (secret) } }
            p { a.btn.btn-sm href=(second_factor::link(secret, &account.login)) { (icon("phone")) (ask.t("在本机打开验证器")) } }
            form.form method="post" action="/account/second-factor/confirm" {
                (csrf(ask))
                input type="hidden" name="secret" value=(secret);
                div.field { label for="code" { (ask.t("验证码")) }
                    input #code name="code" required inputmode="numeric" maxlength="6" autocomplete="one-time-code"; }
                div.form-foot { button.btn.btn-primary { (ask.t("确认绑定")) } }
            }
        },
        None if account.has_second_factor => html! {
            p { (badge(Badge::Ok, ask.t("已绑定"))) }
            form.form method="post" action="/account/second-factor/remove" data-confirm=(ask.t("要解除验证器吗?")) {
                (csrf(ask))
                div.field { label for="remove-code" { (ask.t("验证码")) }
                    input #remove-code name="code" required inputmode="numeric" maxlength="6" autocomplete="one-time-code"; }
                button.btn.btn-danger { (ask.t("解除绑定")) }
            }
        },
        None => html! {
            p { (ask.t("绑定后,登录时除密码外还要输入手机上的 6 位数字,别人得到密码也进不来。")) }
            form method="post" action="/account/second-factor" { (csrf(ask)) button.btn { (icon("shield-check")) (ask.t("绑定验证器")) } }
        },
    }
}

pub async fn change_password(ask: Ask, input: Input) -> Result<Page> {
    match change(&ask, &input).await {
        Ok(()) => Ok(ask.go("/login", "")),
        Err(Error::Invalid(errors)) => show(&ask, None, &errors).await,
        Err(other) => Err(other),
    }
}

async fn change(ask: &Ask, input: &Input) -> Result<()> {
    let checked = form::check(PASSWORD, input, &Options::new())?;
    let (old, new) = (checked.text("old"), checked.text("new"));
    password::check(&new, &ask.who.login).map_err(|said| Error::invalid("new", said))?;
    if new != checked.text("again") {
        return Err(Error::invalid("again", "两次输入的新密码不一样"));
    }
    let (hash, locked) = ask.read(|tx, ask| account::password_hash(tx, ask.who.account, ask.now)).await?;
    if 0 < locked {
        return Err(Error::TooMany(locked));
    }
    let typed = old.clone();
    let right = tokio::task::spawn_blocking(move || password::matches(&typed, &hash)).await.map_err(Error::internal)?;
    if !right {
        ask.write(|tx, ask| account::failed(tx, ask.who.account, ask.now)).await?;
        return Err(Error::invalid("old", "现在的密码不对"));
    }
    if old == new {
        return Err(Error::invalid("new", "新密码与现在的密码相同"));
    }
    let hash = tokio::task::spawn_blocking(move || password::hash(&new)).await.map_err(Error::internal)??;
    ask.write(move |tx, ask| {
        account::set_password(tx, ask.who.account, &hash, false)?;
        note(tx, ask, "change", "password")
    })
    .await
}

fn note(tx: &crate::Tx<'_>, ask: &Ask, action: &'static str, detail: &str) -> Result<()> {
    let entry = audit::Entry {
        action,
        subject: "account",
        subject_id: Some(ask.who.account),
        region: &super::region_of(ask, &ask.who.scope.place),
        place: &ask.who.scope.place,
        detail,
    };
    ask.note(tx, &entry)
}

pub async fn begin_second_factor(ask: Ask) -> Result<Page> {
    show(&ask, Some(&second_factor::new_secret()), &[]).await
}

pub async fn confirm_second_factor(ask: Ask, input: Input) -> Result<Page> {
    let (secret, code) = (input.get("secret").to_string(), input.get("code").to_string());
    let step = second_factor::accepted(&secret, &code, ask.now.as_second(), None)
        .map_err(|_| Error::invalid("secret", "密钥无效,请重新绑定"))?;
    let Some(step) = step else {
        return Err(Error::invalid("code", "验证码不对或已用过,请等下一个"));
    };
    ask.write(move |tx, ask| {
        let sealed = ask.app.crypt.seal(SECRET_COLUMN, &secret);
        account::set_second_factor(tx, ask.who.account, Some(&sealed))?;
        account::used_step(tx, ask.who.account, step)?;
        note(tx, ask, "change", "second factor bound")
    })
    .await?;
    Ok(ask.go("/account", ask.t("已绑定验证器")))
}

pub async fn remove_second_factor(ask: Ask, input: Input) -> Result<Page> {
    let code = input.get("code").to_string();
    ask.write(move |tx, ask| {
        let (sealed, last) = account::second_factor(tx, ask.who.account)?;
        let secret = ask.app.crypt.open_sealed(SECRET_COLUMN, &sealed.unwrap_or_default()).map_err(Error::internal)?;
        if second_factor::accepted(&secret, &code, ask.now.as_second(), last)?.is_none() {
            return Err(Error::invalid("code", "验证码不对或已用过,请等下一个"));
        }
        account::set_second_factor(tx, ask.who.account, None)?;
        note(tx, ask, "change", "second factor removed")
    })
    .await?;
    Ok(ask.go("/account", ask.t("已解除验证器")))
}

pub async fn tokens(ask: Ask) -> Result<Page> {
    show_tokens(&ask, None, &Input::default(), &[]).await
}

async fn show_tokens(ask: &Ask, new: Option<&str>, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let all = ask
        .read(|tx, ask| {
            tx.rows(
                "select id, name, permissions, created, expires, revoked is not null from api_token
                  where account = $1 order by id desc limit 100",
                &[&ask.who.account],
                |row| {
                    Ok((
                        row.get::<Id>(0)?,
                        row.get::<String>(1)?,
                        row.get::<String>(2)?,
                        row.get::<String>(3)?,
                        row.get::<String>(4)?,
                        row.get::<bool>(5)?,
                    ))
                },
            )
        })
        .await?;
    let now = crate::clock::stamp(ask.now);
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|(id, name, permissions, created, expires, revoked)| {
            let live = !revoked && now < *expires;
            vec![
                html! { (name) },
                html! { @if permissions.is_empty() { (ask.t("与账号相同")) } @else { (permissions) } },
                time(created),
                time(expires),
                html! {
                    @if live {
                        form method="post" action=(format!("/account/tokens/{id}/revoke")) data-confirm=(ask.t("要停用这个令牌吗?")) {
                            (csrf(ask)) button.btn.btn-sm.btn-danger { (ask.t("停用")) }
                        }
                    } @else { (badge(Badge::Muted, ask.t("已失效"))) }
                },
            ]
        })
        .collect();
    let t = |zh| ask.t(zh);
    let content = html! {
        @if let Some(new) = new {
            (alert(Badge::Ok, t("令牌已生成,只显示这一次,请立即保存"), html! {
                p { code #token { (new) } " " button.btn.btn-sm.js-copy.needs-js type="button" data-copy-from="#token" { (t("复制")) } }
            }))
        }
        section.card { header.card-head { h2 { (t("新令牌")) } } div.card-body {
            form.form.grid method="post" action="/account/tokens" {
                (csrf(ask))
                (form::fields(ask, TOKEN, input, &Options::new(), errors))
                div.form-foot { button.btn.btn-primary { (icon("key")) (t("生成")) } }
            }
        } }
        @if rows.is_empty() {
            (empty(t("还没有令牌"), t("其他系统用令牌读写数据;每个令牌都有期限,可随时停用。"), html! {}))
        } @else { section.card.gap-top { (plain_table(&[t("用途"), t("权限"), t("生成于"), t("有效期至"), t("操作")], &rows)) } }
    };
    let crumbs = crate::page::crumbs(ask, &[("/account", t("账号与密码")), ("", t("接口令牌"))]);
    Ok(super::form_page(ask, Head::new(t("接口令牌")).crumbs(crumbs), content, errors))
}

pub async fn create_token(ask: Ask, input: Input) -> Result<Page> {
    let made = make_token(&ask, &input).await;
    match made {
        Ok(token) => show_tokens(&ask, Some(&token), &Input::default(), &[]).await,
        Err(Error::Invalid(errors)) => show_tokens(&ask, None, &input, &errors).await,
        Err(other) => Err(other),
    }
}

async fn make_token(ask: &Ask, input: &Input) -> Result<String> {
    let checked = form::check(TOKEN, input, &Options::new())?;
    let wanted: Vec<String> = checked.text("permissions").split_whitespace().map(str::to_string).collect();
    let known = |name: &str| ask.app.modules.iter().flat_map(|it| it.perms).any(|it| it.name == name && ask.may(*it));
    if let Some(odd) = wanted.iter().find(|it| !known(it)) {
        let said = crate::Said::new("没有“{name}”这项权限,或您的角色没有它").with("name", odd);
        return Err(Error::invalid("permissions", said));
    }
    let expires = ask.now + SignedDuration::from_hours(24 * checked.int("days").unwrap_or(1));
    let name = checked.text("name");
    ask.write(move |tx, ask| {
        let token = token::create(tx, ask.who.account, &name, &wanted, expires, ask.now)?;
        note(tx, ask, "create", "api token")?;
        Ok(token)
    })
    .await
}

pub async fn revoke_token(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    ask.write(move |tx, ask| {
        token::revoke(tx, ask.who.account, id, ask.now)?;
        note(tx, ask, "delete", "api token")
    })
    .await?;
    Ok(ask.go("/account/tokens", ask.t("令牌已停用")))
}
