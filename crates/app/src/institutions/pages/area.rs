//! Whom an institution serves: villages and grids of the county, to be ticked.

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    error::FieldError,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, crumbs},
    place::Level,
};
use maud::{Markup, html};

use super::form_page;
use crate::{
    elders::Key,
    institutions::{
        area, form,
        institution::{self, Institution},
    },
};

const FROM: Field = field("from", "起日", Kind::Date).required().help("这天起服务勾选的地区;没有勾选的不再服务。");

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, chosen) = ask
        .read(move |tx, ask| {
            let it = institution::find(tx, &ask.who.scope, &key)?;
            let chosen = area::of(tx, &key, ask.today())?;
            Ok((it, chosen))
        })
        .await?;
    let mut input = Input::default();
    input.set("from", ask.today().to_string());
    Ok(show(&ask, &it, &chosen, &input, &[]))
}

pub async fn set(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_query, typed) = (key.clone(), input.clone());
    let done = ask
        .write(move |tx, ask| {
            let it = institution::find(tx, &ask.who.scope, &for_query)?;
            let checked = kit_form::check(&[FROM], &input, &Options::new())?;
            area::set(tx, ask, &it, input.all("places"), form::day(&checked, "from")?)
        })
        .await;
    match done {
        Ok(()) => Ok(ask.go(&format!("/institutions/{key}"), ask.t("已保存"))),
        Err(Error::Invalid(errors)) => {
            let it = ask.read(move |tx, ask| institution::find(tx, &ask.who.scope, &key)).await?;
            Ok(show(&ask, &it, typed.all("places"), &typed, &errors))
        }
        Err(other) => Err(other),
    }
}

fn show(ask: &Ask, it: &Institution, chosen: &[String], input: &Input, errors: &[FieldError]) -> Page {
    let here = it.link();
    let tree = ask.app.places.tree();
    let own = tree.street_of(&it.place).map(|it| it.code.clone());
    let content = html! {
        form.form method="post" action=(format!("{here}/area")) data-guard {
            (csrf(ask))
            (kit_form::summary(ask, &[FROM], errors))
            (kit_form::one(ask, &FROM, input, &Options::new(), errors))
            @for street in tree.children(&it.key.region).filter(|it| it.level == Level::Street) {
                @let villages: Vec<_> = tree.children(&street.code).filter(|it| it.level == Level::Village).collect();
                @let used = chosen.iter().any(|code| code.starts_with(&street.code));
                details.card open[used || own.as_deref() == Some(&street.code)] {
                    summary.card-head { (street.name) }
                    div.card-body { div.options {
                        @for village in villages {
                            (tick(&village.code, &village.name, chosen))
                            @for grid in tree.children(&village.code) {
                                (tick(&grid.code, &format!("{} {}", village.name, grid.name), chosen))
                            }
                        }
                    } }
                }
            }
            div.form-foot {
                button.btn.btn-primary { (ask.t("保存")) }
                a.btn.btn-ghost href=(here) { (ask.t("取消")) }
            }
        }
    };
    let title = ask.t("服务地区");
    let way = crumbs(ask, &[("/institutions", ask.t("医养机构")), (&here, &it.name), ("", title)]);
    form_page(ask, Head::new(title).line(&*it.name).crumbs(way), content, errors)
}

fn tick(code: &str, name: &str, chosen: &[String]) -> Markup {
    html! {
        label.option { input type="checkbox" name="places" value=(code) checked[chosen.iter().any(|it| it == code)]; " " (name) }
    }
}
