//! For which villages and grids a team is responsible: all of a street, or of the county, to be ticked.

use std::collections::HashMap;

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result,
    error::FieldError,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, crumbs},
    place::Level,
};
use maud::{Markup, html};

use super::form_page;
use crate::{
    elders::Key,
    workforce::{
        area,
        team::{self, Team},
    },
};

const FROM: Field =
    field("from", "起日", Kind::Date).required().help("这天起由本团队负责勾选的地区;没有勾选的不再负责。");

struct Shown {
    team: Team,
    chosen: Vec<String>,
    /// Place → the team it has.
    taken: HashMap<String, Id>,
    names: HashMap<Id, String>,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = load(&ask, key, None).await?;
    let mut input = Input::default();
    input.set("from", ask.today().max(shown.team.opened).to_string());
    Ok(show(&ask, &shown, &input, &[]))
}

pub async fn set(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_query, typed) = (key.clone(), input.clone());
    let done = ask
        .write(move |tx, ask| {
            let team = team::find(tx, &ask.who.scope, &for_query)?;
            let checked = kit_form::check(&[FROM], &input, &Options::new())?;
            let from = checked.date("from").ok_or_else(|| Error::invalid("from", "请填写日期"))?;
            area::set(tx, ask, &team, input.all("places"), from)
        })
        .await;
    match done {
        Ok(losers) if losers.is_empty() => Ok(ask.go(&format!("/workforce/teams/{key}"), ask.t("已保存"))),
        Ok(losers) => {
            let said = ask.f("已保存;部分地区由{teams}转来", &[("teams", &losers.join(ask.t("、")))]);
            Ok(ask.go(&format!("/workforce/teams/{key}"), &said))
        }
        Err(Error::Invalid(errors)) => {
            let shown = load(&ask, key, Some(typed.all("places").to_vec())).await?;
            Ok(show(&ask, &shown, &typed, &errors))
        }
        Err(other) => Err(other),
    }
}

async fn load(ask: &Ask, key: Key, chosen: Option<Vec<String>>) -> Result<Shown> {
    ask.read(move |tx, ask| {
        let team = team::find(tx, &ask.who.scope, &key)?;
        let day = ask.today().max(team.opened);
        let taken: HashMap<String, Id> = area::of_county(tx, &key.region, day)?.into_iter().collect();
        let mut names = HashMap::new();
        for id in taken.values() {
            if !names.contains_key(id) {
                names.insert(*id, team::by_key(tx, &Key { region: key.region.clone(), id: *id })?.name);
            }
        }
        let chosen = match chosen {
            Some(it) => it,
            None => area::places_of(tx, &key, day)?,
        };
        Ok(Shown { team, chosen, taken, names })
    })
    .await
}

fn show(ask: &Ask, shown: &Shown, input: &Input, errors: &[FieldError]) -> Page {
    let team = &shown.team;
    let here = team.link();
    let tree = ask.app.places.tree();
    let streets: Vec<_> = tree.children(&team.key.region).filter(|it| it.level == Level::Street).collect();
    let content = html! {
        form.form method="post" action=(format!("{here}/places")) data-guard {
            (csrf(ask))
            (kit_form::summary(ask, &[FROM], errors))
            (kit_form::one(ask, &FROM, input, &Options::new(), errors))
            @for street in streets.iter().filter(|it| ask.who.scope.covers(&tree, &it.code)) {
                @let villages: Vec<_> = tree.children(&street.code).filter(|it| it.level == Level::Village).collect();
                @let own = villages.iter().any(|it| shown.chosen.iter().any(|code| code.starts_with(&it.code)));
                details.card open[own || street.code == team.street] {
                    summary.card-head { (street.name) }
                    div.card-body { div.options {
                        @for village in villages {
                            (tick(ask, shown, &village.code, &village.name, &[]))
                            @for grid in tree.children(&village.code) {
                                (tick(ask, shown, &grid.code, &grid.name, &[&village.name]))
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
    let title = ask.t("负责地区");
    let way = crumbs(ask, &[("/workforce/teams", ask.t("家庭医生团队")), (&here, &team.name), ("", title)]);
    form_page(ask, Head::new(title).line(&*team.name).crumbs(way), content, errors)
}

/// One place, and the other team it would be taken from.
fn tick(ask: &Ask, shown: &Shown, code: &str, name: &str, inside: &[&str]) -> Markup {
    let other = shown.taken.get(code).filter(|it| **it != shown.team.key.id).and_then(|it| shown.names.get(it));
    html! {
        label.option {
            input type="checkbox" name="places" value=(code) checked[shown.chosen.iter().any(|it| it == code)];
            " " @for it in inside { (it) " " } (name)
            @if let Some(other) = other { " " small.muted { (ask.f("现由{name}负责", &[("name", other)])) } }
        }
    }
}
