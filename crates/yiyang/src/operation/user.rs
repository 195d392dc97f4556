//! `yiyang user add|passwd|role|list`: accounts, from the machine itself.

use clap::Subcommand;
use kit::{
    App, Id, Tx, audit,
    who::{Role, account, password},
};
use serde_json::json;

use super::{House, words};
use crate::answer::{Format, print};

#[derive(Subcommand)]
pub enum Command {
    /// 新建账号,显示一次性密码 | make an account; its one-time password is shown
    Add(Add),
    /// 重置密码,显示新的一次性密码 | give a new one-time password
    Passwd {
        /// 登录名 | login
        login: String,
        #[command(flatten)]
        house: House,
    },
    /// 改变角色 | change the role
    Role {
        /// 登录名 | login
        login: String,
        /// 角色 | role
        role: String,
        #[command(flatten)]
        house: House,
    },
    /// 列出账号 | list accounts
    List(House),
}

#[derive(clap::Args)]
pub struct Add {
    /// 登录名 | login
    login: String,
    /// 姓名 | name; by default the login
    #[arg(long)]
    name: Option<String>,
    /// 角色 | role: administrator, official, clinician, lead, carer, manager, assessor, clerk, auditor, operator, family
    #[arg(long)]
    role: String,
    /// 管理范围的区划代码 | code of the place the account works for; 000000 is the whole country
    #[arg(long, default_value = kit::place::NATION)]
    place: String,
    /// 机构编号 | id of the institution, for managers and carers
    #[arg(long)]
    organisation: Option<Id>,
    #[command(flatten)]
    house: House,
}

pub async fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Add(args) => add(args).await,
        Command::Passwd { login, house } => passwd(&login, &house).await,
        Command::Role { login, role, house } => change_role(login, &role, &house).await,
        Command::List(house) => list(&house).await,
    }
}

fn role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| {
        let all: Vec<&str> = Role::ALL.into_iter().map(Role::word).collect();
        format!("没有角色 / no role “{word}”: {}", all.join(", "))
    })
}

fn one_time() -> Result<(String, String), String> {
    let password = password::one_time();
    let hash = password::hash(&password).map_err(words)?;
    Ok((password, hash))
}

fn note(tx: &Tx<'_>, app: &App, id: Id, action: &'static str, detail: &str) -> kit::Result<()> {
    let detail = format!("{detail}, by command line");
    let entry = audit::Entry {
        action,
        subject: "account",
        subject_id: Some(id),
        region: audit::HOUSE,
        place: "",
        detail: &detail,
    };
    audit::write(tx, None, &entry, app.clock.now())
}

async fn add(args: Add) -> Result<(), String> {
    let role = role(&args.role)?;
    // The first account is often made before the first start.
    let app = app::start::start(args.house.config()?).await?;
    if app.places.tree().get(&args.place).is_none() {
        return Err(format!("没有区划 / no place “{}”", args.place));
    }
    let (password, hash) = one_time()?;
    let (login, name, place) = (args.login.clone(), args.name.unwrap_or(args.login.clone()), args.place);
    let (state, organisation) = (app.clone(), args.organisation);
    app.db
        .write(move |tx| {
            let new = account::NewAccount {
                login: &login,
                name: &name,
                role,
                place: &place,
                organisation,
                password_hash: &hash,
                must_change: true,
            };
            let id = account::create(tx, &new, state.clock.now())?;
            note(tx, &state, id, "create", role.word())
        })
        .await
        .map_err(words)?;
    shown(&args.house, &args.login, &password);
    Ok(())
}

fn shown(house: &House, login: &str, password: &str) {
    house.say(
        &json!({"login": login, "password": password}),
        &format!("{login} 的一次性密码:{password}(首次登录须更换)"),
        &format!("One-time password of {login}: {password} (to be changed at the first sign-in)"),
    );
}

async fn find(app: &App, login: &str) -> Result<Id, String> {
    let wanted = login.to_string();
    let found = app.db.read(move |tx| account::by_login(tx, &wanted)).await.map_err(words)?;
    found.map(|it| it.id).ok_or_else(|| format!("没有账号 / no account “{login}”"))
}

async fn passwd(login: &str, house: &House) -> Result<(), String> {
    let app = house.open().await?;
    let id = find(&app, login).await?;
    let (password, hash) = one_time()?;
    let state = app.clone();
    app.db
        .write(move |tx| {
            account::set_password(tx, id, &hash, true)?;
            note(tx, &state, id, "change", "password reset")
        })
        .await
        .map_err(words)?;
    shown(house, login, &password);
    Ok(())
}

async fn change_role(login: String, word: &str, house: &House) -> Result<(), String> {
    let role = role(word)?;
    let app = house.open().await?;
    let id = find(&app, &login).await?;
    let state = app.clone();
    app.db
        .write(move |tx| {
            account::set_role(tx, id, role)?;
            note(tx, &state, id, "change", role.word())
        })
        .await
        .map_err(words)?;
    let zh = format!("{login} 现在是{},已退出所有登录。", role.title());
    let en = format!("{login} is now {}; its sessions have ended.", role.word());
    house.say(&json!({"login": login, "role": role.word()}), &zh, &en);
    Ok(())
}

async fn list(house: &House) -> Result<(), String> {
    let app = house.open().await?;
    let all = app
        .db
        .read(|tx| {
            tx.rows("select login, name, role, place, state from account order by login", &[], |row| {
                let mut cells = [const { String::new() }; 5];
                for (at, cell) in cells.iter_mut().enumerate() {
                    *cell = row.get(at)?;
                }
                Ok(cells)
            })
        })
        .await
        .map_err(words)?;
    for [login, name, role, place, state] in &all {
        match house.format {
            Format::Json => {
                print(&json!({"login": login, "name": name, "role": role, "place": place, "state": state}).to_string());
            }
            Format::Text => print(&format!("{login}\t{name}\t{role}\t{place}\t{state}")),
        }
    }
    Ok(())
}
