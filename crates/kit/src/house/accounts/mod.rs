//! Accounts, for the administrator of a part of the country: nobody beyond that part is seen, made or changed.

pub(super) mod deeds;
pub(super) mod edit;
mod persons;

use axum::extract::Path;
use maud::{Markup, html};

pub use deeds::{end_sessions, remove_second_factor, reset_password};
pub use edit::{change, create, edit, new};
pub use persons::{grant, persons, withdraw};

use super::region_of;
use crate::{
    Ask, Error, Id, Result, Tx, audit,
    form::csrf,
    page::{Badge, Head, Page, badge, crumbs, icon, kv, time},
    place::ScopeColumns,
    table::{Column, Filter, FilterKind, List, Row, Show, column},
    who::{
        Role,
        account::{self, Account},
    },
};

const ROLES: &[(&str, &str)] = &[
    ("clinician", "医护人员"),
    ("lead", "团队长(中心主任)"),
    ("carer", "护理员"),
    ("manager", "机构管理员"),
    ("assessor", "评估员"),
    ("clerk", "长护险经办"),
    ("auditor", "长护险稽核"),
    ("operator", "话务员"),
    ("official", "行政主管"),
    ("family", "老人及家属"),
    ("administrator", "系统管理员"),
];

const STATES: &[(&str, &str, Badge)] = &[("open", "在用", Badge::Ok), ("closed", "停用", Badge::Muted)];

pub static LIST: List = List {
    name: "accounts",
    title: "账号",
    path: "/accounts",
    from: "account a left join organisation o on o.id = a.organisation",
    always: "1 = 1",
    key: "a.id",
    scope: Some(ScopeColumns { region: "", street: None, place: "a.place", organisation: None, person: None }),
    columns: COLUMNS,
    filters: &[
        Filter { key: "q", title: "登录名", kind: FilterKind::Contains, sql: "a.login like $? escape '\\'" },
        Filter { key: "name", title: "姓名", kind: FilterKind::Contains, sql: "a.name like $? escape '\\'" },
        Filter { key: "role", title: "角色", kind: FilterKind::Choice(ROLES), sql: "a.role = $?" },
        Filter {
            key: "state",
            title: "状态",
            kind: FilterKind::Choice(&[("open", "在用"), ("closed", "停用")]),
            sql: "a.state = $?",
        },
        Filter { key: "place", title: "地区", kind: FilterKind::Place, sql: "" },
    ],
    sort: "login",
    unit: "个",
    link,
    total: None,
    empty: ("没有符合条件的账号", "换一个条件,或新建账号。"),
};

const COLUMNS: &[Column] = &[
    column("login", "登录名", "a.login", Show::Text).sorts(),
    column("name", "姓名", "a.name", Show::Text).sorts(),
    column("role", "角色", "a.role", Show::As(|ask, cell| role_title(ask, &cell.text()))).sorts(),
    column("place", "地区", "a.place", Show::Place).sorts(),
    column("organisation", "机构", "coalesce(o.name, '')", Show::Text).sorts(),
    column("state", "状态", "a.state", Show::Word(STATES)).sorts(),
    column("created", "建立时间", "a.created", Show::Time).sorts(),
    column("id", "", "a.id", Show::Hidden),
];

fn link(row: &Row<'_>) -> Option<String> {
    Some(format!("/accounts/{}", row.get("id").text()))
}

pub fn role_title(ask: &Ask, word: &str) -> String {
    Role::parse(word).map_or_else(|| ask.word(word).to_string(), |it| ask.t(it.title()).to_string())
}

pub async fn list(ask: Ask) -> Result<Page> {
    let new = html! { a.btn.btn-primary href="/accounts/new" { (icon("person-plus")) (ask.t("新建账号")) } };
    LIST.answer(&ask, Head::new(ask.t("账号")).actions(new)).await
}

/// An account in the administrator's part of the country; any other is not there.
fn find(tx: &Tx<'_>, ask: &Ask, id: Id) -> Result<Account> {
    let found = account::by_id(tx, id)?.ok_or(Error::NotFound)?;
    if ask.who.scope.covers(&ask.app.places.tree(), &found.place) { Ok(found) } else { Err(Error::NotFound) }
}

/// Notes a deed at the account in the trail of its county.
fn note(tx: &Tx<'_>, ask: &Ask, account: Id, place: &str, action: &'static str, detail: &str) -> Result<()> {
    let region = region_of(ask, place);
    let entry = audit::Entry { action, subject: "account", subject_id: Some(account), region: &region, place, detail };
    ask.note(tx, &entry)
}

/// What the page of an account shows.
struct Whole {
    account: Account,
    organisation: Option<String>,
    sessions: i64,
    tokens: i64,
    persons: i64,
    last: Option<String>,
}

pub async fn page(ask: Ask, Path(id): Path<Id>) -> Result<Page> {
    show(&ask, id, html! {}).await
}

/// The page of an account, with what a deed has to say above it.
async fn show(ask: &Ask, id: Id, above: Markup) -> Result<Page> {
    let it = ask.read(move |tx, ask| whole(tx, ask, id)).await?;
    let t = |zh| ask.t(zh);
    let account = &it.account;
    let tree = ask.app.places.tree();
    let yes_no = |yes: bool| if yes { badge(Badge::Ok, t("已绑定")) } else { badge(Badge::Muted, t("未绑定")) };
    let is_self = account.id == ask.who.account;
    let deed = |to: &str, sign: &str, label: &str, confirm: &str, class: &str| {
        html! {
            form method="post" action=(format!("/accounts/{id}/{to}")) data-confirm=(confirm) {
                (csrf(ask)) button class=(class) { (icon(sign)) (label) }
            }
        }
    };
    let content = html! {
        (above)
        div.cols-2 {
            section.card { header.card-head { h2 { (t("基本信息")) } div.actions { a.btn.btn-sm href=(format!("/accounts/{id}/edit")) { (icon("pencil")) (t("修改")) } } }
                div.card-body { (kv(&[
                    (t("登录名"), html! { (account.login) }),
                    (t("角色"), html! { (t(account.role.title())) }),
                    (t("地区"), html! { (tree.full_name(&account.place)) @if account.place == crate::place::NATION { (t("全国")) } }),
                    (t("机构"), html! { (it.organisation.as_deref().unwrap_or("—")) }),
                    (t("状态"), if account.open { badge(Badge::Ok, t("在用")) } else { badge(Badge::Muted, t("停用")) }),
                    (t("验证器"), yes_no(account.has_second_factor)),
                    (t("登录中的设备"), html! { (it.sessions) " " small { (t("台")) } }),
                    (t("最近活动"), html! { @match &it.last { Some(at) => (time(at)), None => "—" } }),
                    (t("有效的接口令牌"), html! { (it.tokens) }),
                    (t("锁定至"), html! { @match &account.locked_until { Some(at) => (time(at)), None => "—" } }),
                ])) }
            }
            section.card { header.card-head { h2 { (t("办理")) } }
                div.card-body.stack {
                    @if account.role == Role::Family {
                        a.btn href=(format!("/accounts/{id}/persons")) { (icon("people")) (ask.f("可查看的老人({n} 人)", &[("n", &it.persons)])) }
                    }
                    @if is_self { p { (t("这是您自己的账号,密码和验证器请在“账号与密码”中更换。")) } }
                    @else {
                        (deed("password", "key", t("重置密码"), t("要重置密码吗?对方须用新的一次性密码登录。"), "btn"))
                        (deed("sessions", "box-arrow-right", t("退出所有设备"), t("要让这个账号退出所有设备吗?"), "btn"))
                        @if account.has_second_factor {
                            (deed("second-factor", "unlock", t("解除验证器"), t("要解除验证器吗?请先核实对方身份。"), "btn btn-danger"))
                        }
                    }
                    a.btn.btn-ghost href=(format!("/audit?account={id}")) { (icon("clock-history")) (t("此人的操作记录")) }
                }
            }
        }
    };
    let way = crumbs(ask, &[("/accounts", t("账号")), ("", &account.name)]);
    Ok(ask.page(Head::new(&account.name).line(account.login.clone()).crumbs(way), content))
}

fn whole(tx: &Tx<'_>, ask: &Ask, id: Id) -> Result<Whole> {
    let account = find(tx, ask, id)?;
    let organisation = match account.organisation {
        Some(it) => tx.row("select name from organisation where id = $1", &[&it], |row| row.get(0))?,
        None => None,
    };
    let (sessions, last) = tx.one("select count(*), max(seen) from session where account = $1", &[&id], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let tokens = tx.count(
        "select count(*) from api_token where account = $1 and revoked is null and expires > $2",
        &[&id, &crate::clock::stamp(ask.now)],
    )?;
    let persons = tx.count("select count(*) from account_person where account = $1", &[&id])?;
    Ok(Whole { account, organisation, sessions, tokens, persons, last })
}
