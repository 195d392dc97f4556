//! The accounts of a demonstration, offered at its sign-in: a role is chosen instead of typed.

use maud::{Markup, html};
use serde::Deserialize;

use crate::{Lang, config::Config, form::encoded};

/// One account, as the generator keeps them beside the database of a demonstration.
#[derive(Debug, Default, Deserialize)]
pub struct Login {
    pub title: String,
    pub user: String,
    pub password: String,
    pub name: String,
}

/// The accounts of a demonstration; nothing in earnest.
pub async fn logins(config: &Config) -> Vec<Login> {
    if !config.demo {
        return Vec::new();
    }
    let text = tokio::fs::read_to_string(config.data_dir.join("logins.json")).await.unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// The roles as links that fill in the form.
pub fn choice(lang: Lang, logins: &[Login], next: &str) -> Markup {
    html! {
        @if !logins.is_empty() {
            section.gap-top aria-labelledby="demo-logins" {
                h2 #demo-logins { (lang.t("演示账号")) }
                p.small.muted { (lang.t("点一个角色,填好登录名和密码,再点登录。")) }
                nav.chips aria-labelledby="demo-logins" { @for it in logins {
                    a.chip href=(format!("/login?user={}&next={}", encoded(&it.user), encoded(next))) title=(it.name) { (lang.t(&it.title)) }
                } }
            }
        }
    }
}
