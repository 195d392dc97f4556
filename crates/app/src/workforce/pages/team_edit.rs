//! Setting up a team and changing its name, phone and first day.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Head, Page, crumbs},
};
use maud::html;

use super::form_page;
use crate::{
    elders::Key,
    workforce::{
        form, organisation,
        team::{self, NewTeam},
    },
};

pub async fn new(ask: Ask) -> Result<Page> {
    let mut input = Input::default();
    input.set("opened", ask.today().to_string());
    for name in ["organisation", "name"] {
        if let Some(value) = ask.param(name) {
            input.set(name, value);
        }
    }
    if let Some(own) = ask.who.organisation.filter(|_| input.get("organisation").is_empty()) {
        input.set("organisation", own.to_string());
    }
    show(&ask, None, &input, &[]).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    let options = options(&ask).await?;
    let typed = input.clone();
    let made = ask
        .write(move |tx, ask| {
            let checked = kit_form::check(form::TEAM, &input, &options)?;
            let new = NewTeam {
                organisation: form::id(&checked, "organisation", "请选择机构")?,
                name: checked.text("name"),
                phone: form::public_phone(&checked)?,
                opened: form::day(&checked, "opened")?,
            };
            team::create(tx, ask, &new)
        })
        .await;
    match made {
        Ok(team) => Ok(ask.go(&team.link(), ask.t("团队已组建,请添加成员和负责地区"))),
        Err(Error::Invalid(errors)) => show(&ask, None, &typed, &errors).await,
        Err(other) => Err(other),
    }
}

pub async fn edit(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let for_query = key.clone();
    let team = ask.read(move |tx, ask| team::find(tx, &ask.who.scope, &for_query)).await?;
    let mut input = Input::default();
    input.set("organisation", team.organisation.to_string());
    input.set("name", team.name);
    input.set("phone", team.phone);
    input.set("opened", team.opened.to_string());
    show(&ask, Some(&key), &input, &[]).await
}

pub async fn change(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_query, typed) = (key.clone(), input.clone());
    let changed = ask
        .write(move |tx, ask| {
            let before = team::find(tx, &ask.who.scope, &for_query)?;
            let fields: Vec<_> = form::TEAM.iter().filter(|it| it.name != "organisation").copied().collect();
            let checked = kit_form::check(&fields, &input, &Options::new())?;
            let (name, phone) = (checked.text("name"), form::public_phone(&checked)?);
            team::change(tx, ask, &before, &name, &phone, form::day(&checked, "opened")?)
        })
        .await;
    match changed {
        Ok(()) => Ok(ask.go(&format!("/workforce/teams/{key}"), ask.t("已保存"))),
        Err(Error::Invalid(errors)) => show(&ask, Some(&key), &typed, &errors).await,
        Err(other) => Err(other),
    }
}

async fn options(ask: &Ask) -> Result<Options> {
    Ok(Options::from([("organisation", ask.read(organisation::options).await?)]))
}

async fn show(ask: &Ask, key: Option<&Key>, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let options = options(ask).await?;
    let title = ask.t(if key.is_some() { "修改团队" } else { "组建团队" });
    let back = key.map_or("/workforce/teams".to_string(), |it| format!("/workforce/teams/{it}"));
    let action = key.map_or("/workforce/teams/new".to_string(), |it| format!("/workforce/teams/{it}/edit"));
    // A team stays with its institution: what it did there belongs to it.
    let fields = form::TEAM.iter().filter(|it| key.is_none() || it.name != "organisation");
    let content = html! {
        section.card { div.card-body {
            form.form.grid method="post" action=(action) data-guard {
                (csrf(ask))
                (kit_form::summary(ask, form::TEAM, errors))
                @for field in fields { (kit_form::one(ask, field, input, &options, errors)) }
                div.form-foot {
                    button.btn.btn-primary { (ask.t("保存")) }
                    a.btn.btn-ghost href=(back) { (ask.t("取消")) }
                }
            }
        } }
    };
    let way = crumbs(ask, &[("/workforce/teams", ask.t("家庭医生团队")), ("", title)]);
    Ok(form_page(ask, Head::new(title).crumbs(way), content, errors))
}
