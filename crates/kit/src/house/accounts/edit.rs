//! Making an account and changing it: role, place and organisation within the administrator's own scope.

use axum::extract::Path;
use maud::html;

use super::{ROLES, deeds::one_time, find, note};
use crate::{
    Ask, Error, Id, Result, Tx,
    error::FieldError,
    form::{self, Checked, Field, Input, Kind, Options, csrf, field},
    house::{form_page, options_of_places},
    page::{Head, Page, crumbs},
    who::{Role, account, password},
};

const LOGIN: Field =
    field("login", "登录名", Kind::Text(40)).required().help("2–40 个小写字母、数字或 . _ -,例如姓名全拼;以后不能改。");

const NAME: Field = field("name", "姓名", Kind::Text(40)).required();
const ROLE: Field = field("role", "角色", Kind::Choice(ROLES)).required().help("角色决定能做什么。");
const PLACE: Field = field("place", "管理范围", Kind::Pick).required().help("只能看到这个地区的人和事。");
const ORGANISATION: Field =
    field("organisation", "机构", Kind::Pick).help("机构管理员和护理员必填,只能看到本机构的人。");
const OPEN: Field = field("open", "在用", Kind::Check).help("取消勾选即停用:立即退出,令牌失效,记录保留。");

pub const NEW: &[Field] = &[LOGIN, NAME, ROLE, PLACE, ORGANISATION];
pub const CHANGE: &[Field] = &[NAME, ROLE, PLACE, ORGANISATION, OPEN];

/// What a checked form asks for.
struct Wish {
    name: String,
    role: Role,
    place: String,
    organisation: Option<Id>,
}

pub async fn new(ask: Ask) -> Result<Page> {
    let mut input = Input::default();
    input.set("place", ask.param("place").unwrap_or(&ask.who.scope.place));
    show(&ask, None, &input, &[]).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    match try_create(&ask, &input).await {
        Ok((id, password)) => super::show(&ask, id, one_time(&ask, &password)).await,
        Err(Error::Invalid(errors)) => show(&ask, None, &input, &errors).await,
        Err(other) => Err(other),
    }
}

/// Makes an account; gives its id and the one-time password.
pub async fn try_create(ask: &Ask, input: &Input) -> Result<(Id, String)> {
    let options = options(ask, input).await?;
    let checked = form::check(NEW, input, &options)?;
    let wish = wish(ask, &checked)?;
    let login = checked.text("login").to_lowercase();
    let password = password::one_time();
    let typed = password.clone();
    let hash = tokio::task::spawn_blocking(move || password::hash(&typed)).await.map_err(Error::internal)??;
    let id = ask
        .write(move |tx, ask| {
            check_organisation(tx, ask, &wish)?;
            let new = account::NewAccount {
                login: &login,
                name: &wish.name,
                role: wish.role,
                place: &wish.place,
                organisation: wish.organisation,
                password_hash: &hash,
                must_change: true,
            };
            let id = account::create(tx, &new, ask.now)?;
            note(tx, ask, id, &wish.place, "create", wish.role.word())?;
            Ok(id)
        })
        .await?;
    Ok((id, password))
}

pub async fn edit(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    let found = ask.read(move |tx, ask| find(tx, ask, id)).await?;
    let mut input = Input::default();
    input.set("name", found.name);
    input.set("role", found.role.word());
    input.set("place", found.place);
    input.set("organisation", found.organisation.map(|it| it.to_string()).unwrap_or_default());
    input.set("open", if found.open { "on" } else { "" });
    show(&ask, Some(id), &input, &[]).await
}

pub async fn change(ask: Ask, Path(id): Path<Id>, input: Input) -> Result<Page> {
    match try_change(&ask, id, &input).await {
        Ok(()) => Ok(ask.go(&format!("/accounts/{id}"), ask.t("已保存"))),
        Err(Error::Invalid(errors)) => show(&ask, Some(id), &input, &errors).await,
        Err(other) => Err(other),
    }
}

pub async fn try_change(ask: &Ask, id: Id, input: &Input) -> Result<()> {
    let options = options(ask, input).await?;
    let checked = form::check(CHANGE, input, &options)?;
    let (wish, open) = (wish(ask, &checked)?, checked_open(input));
    ask.write(move |tx, ask| {
        let before = find(tx, ask, id)?;
        let keeps_power = wish.role == before.role && wish.place == before.place && open;
        if id == ask.who.account && !keeps_power {
            return Err(Error::refused(
                "own_account",
                "不能停用自己的账号,也不能改自己的角色和范围,请另一位管理员办理",
            ));
        }
        check_organisation(tx, ask, &wish)?;
        account::change(tx, id, &wish.name, wish.role, &wish.place, wish.organisation, open)?;
        let detail = format!(
            "{} {} {} -> {} {} {}",
            before.role.word(),
            before.place,
            if before.open { "open" } else { "closed" },
            wish.role.word(),
            wish.place,
            if open { "open" } else { "closed" },
        );
        note(tx, ask, id, &before.place, "change", &detail)
    })
    .await
}

fn checked_open(input: &Input) -> bool {
    matches!(input.get("open"), "on" | "true" | "1")
}

/// Role and place as chosen, neither beyond the administrator's own scope.
fn wish(ask: &Ask, checked: &Checked) -> Result<Wish> {
    let role = Role::parse(&checked.text("role")).ok_or_else(|| Error::invalid("role", "请选择角色"))?;
    let place = checked.text("place");
    if !ask.who.scope.covers(&ask.app.places.tree(), &place) {
        return Err(Error::invalid("place", "请选择您管理范围内的地区"));
    }
    let organisation = checked.id("organisation");
    if matches!(role, Role::Manager | Role::Carer) && organisation.is_none() {
        return Err(Error::invalid("organisation", "机构管理员和护理员须选择机构"));
    }
    Ok(Wish { name: checked.text("name"), role, place, organisation })
}

/// An account works in its own part of the country.
fn check_organisation(tx: &Tx<'_>, ask: &Ask, wish: &Wish) -> Result<()> {
    let Some(id) = wish.organisation else { return Ok(()) };
    let place = tx.row("select place from organisation where id = $1", &[&id], |row| row.get::<String>(0))?;
    let tree = ask.app.places.tree();
    let fits = place.is_some_and(|it| ask.who.scope.covers(&tree, &it));
    if fits { Ok(()) } else { Err(Error::invalid("organisation", "请选择您管理范围内的机构")) }
}

async fn options(ask: &Ask, input: &Input) -> Result<Options> {
    let chosen = input.get("place").to_string();
    let tree = ask.app.places.tree();
    // Institutions of the county chosen; of the whole scope where that is a county itself.
    let county = tree.county_of(&chosen).or(tree.county_of(&ask.who.scope.place)).map(|it| it.code.clone());
    let organisations = ask
        .read(move |tx, ask| {
            let counties = county.map_or_else(|| ask.who.scope.counties.to_vec(), |it| vec![it]);
            let mut all: Vec<(String, String)> = Vec::new();
            for county in counties {
                all.extend(tx.rows(
                    "select id, name from organisation where region = $1 order by name limit 1000",
                    &[&county],
                    |row| Ok((row.get::<Id>(0)?.to_string(), row.get(1)?)),
                )?);
            }
            Ok(all)
        })
        .await?;
    Ok(Options::from([("place", options_of_places(ask, &chosen)), ("organisation", organisations)]))
}

async fn show(ask: &Ask, id: Option<Id>, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let options = options(ask, input).await?;
    let title = ask.t(if id.is_some() { "修改账号" } else { "新建账号" });
    let (action, back) = match id {
        Some(id) => (format!("/accounts/{id}/edit"), format!("/accounts/{id}")),
        None => ("/accounts/new".to_string(), "/accounts".to_string()),
    };
    let all = if id.is_some() { CHANGE } else { NEW };
    let content = html! {
        section.card { div.card-body {
            form.form.grid method="post" action=(action) data-guard {
                (csrf(ask))
                (form::fields(ask, all, input, &options, errors))
                div.form-foot { button.btn.btn-primary { (ask.t("保存")) } a.btn.btn-ghost href=(back) { (ask.t("取消")) } }
            }
        } }
    };
    let way = crumbs(ask, &[("/accounts", ask.t("账号")), ("", title)]);
    Ok(form_page(ask, Head::new(title).crumbs(way), content, errors))
}
