//! Taking an elder in and changing a record.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, crumbs},
};
use maud::{Markup, html};

use crate::elders::{
    duplicates::{self, Alike, Looks},
    elder::{self, Elder, Key},
    form, groups,
    intake::{self, Draft},
    life,
};

pub async fn new(ask: Ask) -> Result<Page> {
    let mut input = Input::default();
    for name in ["name", "place"] {
        if let Some(value) = ask.param(name) {
            input.set(name, value);
        }
    }
    input.set("id_kind", "resident");
    show_new(&ask, &input, &[], &[]).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    match try_create(&ask, &input).await {
        Ok(Tried::Done(elder)) => Ok(ask.go(&format!("/elders/{}", elder.key), ask.t("已登记"))),
        Ok(Tried::Alike(alike)) => show_new(&ask, &input, &[], &alike).await,
        Err(Error::Invalid(errors)) => show_new(&ask, &input, &errors, &[]).await,
        Err(other) => Err(other),
    }
}

enum Tried {
    Done(Box<Elder>),
    /// Somebody alike is in the register; the person at the form decides.
    Alike(Vec<Alike>),
}

async fn try_create(ask: &Ask, input: &Input) -> Result<Tried> {
    let options = options(ask, county_of(ask, input), None).await?;
    let draft = form::draft(input, &options, "form")?;
    let sure = input.get("sure") == "on";
    ask.write(move |tx, ask| {
        check_organisation(tx, ask, &draft)?;
        if !sure {
            let tree = ask.app.places.tree();
            let region = tree.county_of(&draft.place).map(|it| it.code.clone()).unwrap_or_default();
            let alike = duplicates::alike(tx, ask, &Looks::of(&region, &draft), Id(0))?;
            let with_number = draft.document.number.is_some();
            // A number of one's own settles most doubts; the same number is refused by the registry itself.
            let alike: Vec<Alike> =
                alike.into_iter().filter(|it| !with_number || it.elder.id_number.is_none()).collect();
            if !alike.is_empty() {
                return Ok(Tried::Alike(alike));
            }
        }
        let elder = intake::create(tx, ask, &draft)?;
        elder::note(tx, ask, "create", &elder, "")?;
        Ok(Tried::Done(Box::new(elder)))
    })
    .await
}

/// An organisation that is named must be one of the reader's scope.
pub fn check_organisation(tx: &Tx<'_>, ask: &Ask, draft: &Draft) -> Result<()> {
    let Some(id) = draft.organisation else { return Ok(()) };
    let place = tx.row("select place from organisation where id = $1", &[&id], |row| row.get::<String>(0))?;
    let in_scope = place.is_some_and(|it| ask.who.scope.covers(&ask.app.places.tree(), &it));
    let own = ask.who.scope.organisation.is_none_or(|it| it == id);
    if in_scope && own { Ok(()) } else { Err(Error::invalid("organisation", "请选择您管理范围内的机构")) }
}

/// The county whose places the form offers: that of the reader, or the one chosen, or the first of the scope.
fn county_of(ask: &Ask, input: &Input) -> String {
    let tree = ask.app.places.tree();
    let chosen = [input.get("place"), ask.param("county").unwrap_or_default()]
        .into_iter()
        .find_map(|it| tree.county_of(it).map(|it| it.code.clone()));
    let in_scope = chosen.filter(|it| ask.who.scope.counties.contains(it));
    in_scope.or_else(|| ask.who.scope.counties.first().cloned()).unwrap_or_default()
}

/// The places and institutions of a county that the reader can choose, and the institution an elder lives in already.
async fn options(ask: &Ask, county: String, lived_in: Option<Id>) -> Result<Options> {
    let for_query = county.clone();
    let organisations: Vec<(Id, String, String)> = ask
        .read(move |tx, ask| {
            let own = ask.who.scope.organisation.unwrap_or(Id(0));
            tx.rows(
                "select id, name, place from organisation
                  where region = $1 and ($2 = 0 or id = $2 or id = $3)
                  order by name limit 2000",
                &[&for_query, &own, &lived_in.unwrap_or(Id(0))],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
        })
        .await?;
    let tree = ask.app.places.tree();
    let in_reach = |it: &(Id, String, String)| lived_in == Some(it.0) || ask.who.scope.covers(&tree, &it.2);
    let organisations = organisations.into_iter().filter(in_reach).map(|it| (it.0, it.1)).collect();
    Ok(form::options(ask, &county, organisations))
}

async fn show_new(ask: &Ask, input: &Input, errors: &[FieldError], alike: &[Alike]) -> Result<Page> {
    let county = county_of(ask, input);
    let options = options(ask, county.clone(), None).await?;
    let title = ask.t("新增老人");
    let content = html! {
        (county_choice(ask, &county))
        @if !alike.is_empty() { (look_alike(ask, alike)) }
        form.form method="post" action="/elders/new" data-draft="elder-new" data-guard {
            (csrf(ask))
            @if !alike.is_empty() {
                label.option.strong { input type="checkbox" name="sure" value="on"; " " (ask.t("不是同一个人,继续登记")) }
            }
            (parts(ask, input, &options, errors))
            div.form-foot {
                button.btn.btn-primary { (ask.t("登记")) }
                a.btn.btn-ghost href="/elders" { (ask.t("取消")) }
            }
        }
    };
    let head = Head::new(title).crumbs(crumbs(ask, &[("/elders", ask.t("老人名册")), ("", title)]));
    let status = if errors.is_empty() && alike.is_empty() { 200 } else { 422 };
    Ok(ask.page_with(axum::http::StatusCode::from_u16(status).unwrap_or_default(), head, content))
}

/// The fields under the three questions they answer: who, where and how they live, what else matters.
fn parts(ask: &Ask, input: &Input, options: &Options, errors: &[FieldError]) -> Markup {
    html! {
        (kit_form::summary(ask, form::FIELDS, errors))
        @for (title, fields) in form::PARTS {
            fieldset.grid { legend { (ask.t(title)) }
                @for field in form::FIELDS.iter().filter(|it| fields.contains(&it.name)) {
                    (kit_form::one(ask, field, input, options, errors))
                }
            }
        }
    }
}

/// Officials of a city first say which county; the form offers that county's places.
fn county_choice(ask: &Ask, county: &str) -> Markup {
    let tree = ask.app.places.tree();
    html! {
        @if 1 < ask.who.scope.counties.len() {
            form.filters method="get" action="/elders/new" {
                div.field { label for="county" { (ask.t("县(区)")) }
                    select #county name="county" {
                        @for code in ask.who.scope.counties.iter() { option value=(code) selected[code == county] { (tree.name(code)) } }
                    } }
                div.actions { button.btn { (ask.t("更换县区")) } }
            }
        }
    }
}

fn look_alike(ask: &Ask, alike: &[Alike]) -> Markup {
    let tree = ask.app.places.tree();
    alert(
        Badge::Warn,
        ask.t("名册中有相似的老人,请先核对是不是同一个人"),
        html! {
            ul { @for it in alike { li {
                a href=(format!("/elders/{}", it.elder.key)) { (it.elder.name) }
                " · " (it.elder.birth) " · " (tree.words(&it.elder.place)) " · "
                (it.why.iter().map(|why| ask.t(why)).collect::<Vec<_>>().join(ask.t("、")))
            } } }
        },
    )
}

pub async fn edit(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (elder, groups) = ask
        .write(move |tx, ask| {
            let elder = elder::find_living(tx, &ask.who.scope, &key)?;
            elder::note(tx, ask, "look", &elder, "edit")?;
            let groups = groups::of(tx, &key)?.into_iter().filter(|it| it.until.is_none()).map(|it| it.kind);
            Ok((elder, groups.collect::<Vec<_>>()))
        })
        .await?;
    let input = form::filled(&ask, &elder, &groups)?;
    show_edit(&ask, &elder, &input, &[]).await
}

pub async fn change(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let for_query = key.clone();
    let before = ask.read(move |tx, ask| elder::find_living(tx, &ask.who.scope, &for_query)).await?;
    match try_change(&ask, &before, &input).await {
        Ok(()) => Ok(ask.go(&format!("/elders/{key}"), ask.t("已保存"))),
        Err(Error::Invalid(errors)) => show_edit(&ask, &before, &input, &errors).await,
        Err(other) => Err(other),
    }
}

async fn try_change(ask: &Ask, before: &Elder, input: &Input) -> Result<()> {
    let options = options(ask, before.key.region.clone(), before.organisation).await?;
    let draft = form::draft(input, &options, &before.source)?;
    let (key, lived_in) = (before.key.clone(), before.organisation);
    ask.write(move |tx, ask| {
        // Where they live already may lie beyond the reader's part of the country.
        if draft.organisation != lived_in {
            check_organisation(tx, ask, &draft)?;
        }
        // Read again inside the transaction: what is compared and counted must be what is there now.
        let before = elder::find_living(tx, &ask.who.scope, &key)?;
        life::change(tx, ask, &before, &draft)?;
        let after = elder::find(tx, &ask.who.scope, &key)?;
        let kinds: Vec<String> = draft.groups.iter().map(|it| it.0.clone()).collect();
        groups::set(tx, ask, &after, &kinds, "form")
    })
    .await
}

async fn show_edit(ask: &Ask, elder: &Elder, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let options = options(ask, elder.key.region.clone(), elder.organisation).await?;
    let here = format!("/elders/{}", elder.key);
    let content = html! {
        form.form method="post" action=(format!("{here}/edit")) data-guard {
            (csrf(ask))
            (parts(ask, input, &options, errors))
            div.form-foot {
                button.btn.btn-primary { (ask.t("保存")) }
                a.btn.btn-ghost href=(here) { (ask.t("取消")) }
            }
        }
    };
    let way = crumbs(ask, &[("/elders", ask.t("老人名册")), (&here, &elder.name), ("", ask.t("修改档案"))]);
    let status = if errors.is_empty() { 200 } else { 422 };
    let head = Head::new(ask.t("修改档案")).line(&*elder.name).crumbs(way);
    Ok(ask.page_with(axum::http::StatusCode::from_u16(status).unwrap_or_default(), head, content))
}
