//! Whom a family account may see: granted one by one, by an administrator who has seen the consent.

use axum::extract::Path;
use maud::html;

use super::{find, note};
use crate::{
    Ask, Error, Id, Result, Tx, audit,
    form::{Input, csrf},
    house::region_of,
    module::Person,
    page::{Head, Page, crumbs, empty, icon, plain_table},
    who::{
        Role,
        account::{self, Account},
    },
};

/// (word, title).
const RELATIONS: &[(&str, &str)] =
    &[("self", "本人"), ("spouse", "配偶"), ("child", "子女"), ("relative", "其他亲属"), ("guardian", "监护人")];

fn family(tx: &Tx<'_>, ask: &Ask, id: Id) -> Result<Account> {
    let found = find(tx, ask, id)?;
    if found.role == Role::Family {
        Ok(found)
    } else {
        Err(Error::refused("not_family", "只有老人及家属的账号按人授权,其他角色按地区和机构"))
    }
}

/// People by their numbers, or by what was typed, as the modules know them.
fn known(tx: &Tx<'_>, ask: &Ask, wanted: &Wanted) -> Result<Vec<Person>> {
    let mut all = Vec::new();
    for find in ask.app.modules.iter().filter_map(|it| it.persons) {
        all.extend(match wanted {
            Wanted::Typed(text) => find(tx, ask, text)?,
            Wanted::One(region, id) => find(tx, ask, &format!("{region}-{id}"))?,
        });
    }
    Ok(all)
}

enum Wanted {
    Typed(String),
    One(String, Id),
}

pub async fn persons(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    let typed = ask.param("q").map(str::to_string);
    let wanted = typed.clone();
    let (account, granted, found) = ask
        .read(move |tx, ask| {
            let account = family(tx, ask, id)?;
            let rows = tx.rows(
                "select region, person, relation from account_person where account = $1 order by person",
                &[&id],
                |row| Ok((row.get::<String>(0)?, row.get::<Id>(1)?, row.get::<String>(2)?)),
            )?;
            let mut granted = Vec::new();
            for (region, person, relation) in rows {
                let shown = known(tx, ask, &Wanted::One(region.clone(), person))?.into_iter().next();
                granted.push((person, relation, shown));
            }
            let found = wanted.map_or(Ok(Vec::new()), |it| known(tx, ask, &Wanted::Typed(it)))?;
            Ok((account, granted, found))
        })
        .await?;
    let t = |zh| ask.t(zh);
    let title_of =
        |word: &str| RELATIONS.iter().find(|it| it.0 == word).map_or(word.to_string(), |it| t(it.1).to_string());
    let rows: Vec<Vec<maud::Markup>> = granted
        .iter()
        .map(|(person, relation, shown)| {
            vec![
                html! { @match shown { Some(it) => { (it.name) " " small { (it.note) } }, None => { (person) " " small { (t("不在您的管理范围内")) } } } },
                html! { (title_of(relation)) },
                html! {
                    form method="post" action=(format!("/accounts/{id}/persons/{person}/remove")) data-confirm=(t("要取消授权吗?")) {
                        (csrf(&ask)) button.btn.btn-sm.btn-danger { (t("取消授权")) }
                    }
                },
            ]
        })
        .collect();
    let content = html! {
        @if rows.is_empty() { (empty(t("还没有授权"), t("在下面查找老人,核对同意书后授权。"), html! {})) }
        @else { section.card { (plain_table(&[t("老人"), t("关系"), t("操作")], &rows)) } }
        section.card.gap-top { header.card-head { h2 { (t("授权查看一位老人")) } } div.card-body {
            form.filters method="get" {
                div.field { label for="q" { (t("姓名或身份证号")) } input #q name="q" type="search" value=(typed.as_deref().unwrap_or("")); }
                div.actions { button.btn { (icon("search")) (t("查找")) } }
            }
            @if typed.is_some() && found.is_empty() { p { (t("没有找到,请核对后再查。")) } }
            ul.tasks { @for it in &found {
                li.task { (icon("person")) div { span { (it.name) } small { (it.note) } }
                    form.actions method="post" action=(format!("/accounts/{id}/persons")) {
                        (csrf(&ask))
                        input type="hidden" name="region" value=(it.region);
                        input type="hidden" name="person" value=(it.id);
                        select name="relation" aria-label=(t("关系")) { @for (word, title) in RELATIONS { option value=(word) { (t(title)) } } }
                        button.btn.btn-sm { (t("授权")) }
                    }
                }
            } }
        } }
    };
    let link = format!("/accounts/{id}");
    let way = crumbs(&ask, &[("/accounts", t("账号")), (&link, &account.name), ("", t("可查看的老人"))]);
    Ok(ask.page(Head::new(t("可查看的老人")).crumbs(way), content))
}

pub async fn grant(ask: Ask, Path(id): Path<Id>, input: Input) -> Result<Page> {
    let person: Id = input.get("person").parse().map_err(|_| Error::invalid("person", "请选择老人"))?;
    let (region, relation) = (input.get("region").to_string(), input.get("relation").to_string());
    if RELATIONS.iter().all(|it| it.0 != relation) {
        return Err(Error::invalid("relation", "请选择关系"));
    }
    ask.write(move |tx, ask| {
        let found = family(tx, ask, id)?;
        // Only somebody the modules know, in the administrator's own part of the country.
        let is_known = known(tx, ask, &Wanted::One(region.clone(), person))?.iter().any(|it| it.id == person);
        if !is_known || !ask.who.scope.counties.contains(&region) {
            return Err(Error::NotFound);
        }
        account::grant_person(tx, id, &region, person, &relation)?;
        note(tx, ask, id, &found.place, "change", &format!("granted person {person} of {region} as {relation}"))?;
        let entry = audit::Entry {
            action: "change",
            subject: "account_person",
            subject_id: Some(person),
            region: &region,
            place: &region,
            detail: &format!("seen by account {id}"),
        };
        ask.note(tx, &entry)
    })
    .await?;
    Ok(ask.go(&format!("/accounts/{id}/persons"), ask.t("已授权")))
}

pub async fn withdraw(ask: Ask, Path((id, person)): Path<(Id, Id)>) -> Result<Page> {
    ask.write(move |tx, ask| {
        let found = family(tx, ask, id)?;
        let gone = tx.run("delete from account_person where account = $1 and person = $2", &[&id, &person])?;
        if gone == 0 {
            return Err(Error::NotFound);
        }
        let region = region_of(ask, &found.place);
        note(tx, ask, id, &region, "change", &format!("withdrew person {person}"))
    })
    .await?;
    Ok(ask.go(&format!("/accounts/{id}/persons"), ask.t("已取消授权")))
}
