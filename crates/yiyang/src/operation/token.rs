//! `yiyang token create --user U`: a token for a program, shown once.

use clap::Subcommand;
use jiff::SignedDuration;
use kit::{
    audit,
    who::{account, token},
};
use serde_json::json;

use super::{House, words};

#[derive(Subcommand)]
pub enum Command {
    /// 生成接口令牌 | make a token
    Create(Create),
}

#[derive(clap::Args)]
pub struct Create {
    /// 登录名 | login of the account it speaks for
    #[arg(long)]
    user: String,
    /// 用途 | what it is for
    #[arg(long, default_value = "command line")]
    name: String,
    /// 有效天数 | days until it ends
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=366))]
    days: i64,
    /// 只给这些权限 | only these permissions, such as elders.read; by default all of the account
    #[arg(long, value_delimiter = ',')]
    permissions: Vec<String>,
    #[command(flatten)]
    house: House,
}

pub async fn run(command: Command) -> Result<(), String> {
    let Command::Create(args) = command;
    let app = args.house.open().await?;
    let known = |name: &String| app.modules.iter().flat_map(|it| it.perms).any(|it| it.name == name);
    if let Some(odd) = args.permissions.iter().find(|it| !known(it)) {
        return Err(format!("没有权限 / no permission “{odd}”"));
    }
    let now = app.clock.now();
    let expires = now + SignedDuration::from_hours(24 * args.days);
    let (user, name, permissions) = (args.user.clone(), args.name, args.permissions);
    let made = app
        .db
        .write(move |tx| {
            let Some(account) = account::by_login(tx, &user)? else { return Ok(None) };
            let made = token::create(tx, account.id, &name, &permissions, expires, now)?;
            let entry = audit::Entry {
                action: "create",
                subject: "account",
                subject_id: Some(account.id),
                region: audit::HOUSE,
                place: "",
                detail: "api token, by command line",
            };
            audit::write(tx, None, &entry, now)?;
            Ok(Some(made))
        })
        .await
        .map_err(words)?;
    let Some(made) = made else { return Err(format!("没有账号 / no account “{}”", args.user)) };
    args.house.say(&json!({"token": made, "expires": expires.to_string()}), &made, &made);
    Ok(())
}
