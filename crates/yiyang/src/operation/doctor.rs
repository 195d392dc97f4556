//! `yiyang doctor`: what is well and what is not, line by line; fails when something is bad.

use app::{MIGRATIONS, MODULES, policy_files};
use kit::{
    Lang, Said,
    clock::Clock,
    doctor::{self, State, bad, ok},
    lang,
};
use serde_json::json;

use super::House;
use crate::answer::{Format, print};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    house: House,
}

pub async fn run(args: Args) -> Result<(), String> {
    let english: Vec<&'static str> = MODULES.iter().map(|it| it.english).chain([kit::ENGLISH]).collect();
    lang::load_english(&english, Vec::new)?;
    let config = args.house.config()?;
    let mut all = doctor::examine(&config, MIGRATIONS, Clock::default().now()).await;
    all.push(match policy_files::load(&config.policy, config.demo) {
        Ok(_) => ok("policy", "政策库可以读取"),
        Err(why) => bad("policy", Said::new("政策库有错误:{why}").with("why", why)),
    });
    let lang = Lang::from_env();
    match args.house.format {
        Format::Json => print(&json!(all.iter().map(|it| it.json(lang)).collect::<Vec<_>>()).to_string()),
        Format::Text => all.iter().for_each(|it| print(&it.line(lang))),
    }
    match doctor::worst(&all) {
        State::Bad => Err("有需要立即处理的问题(见 bad 行) / something is wrong: see the lines marked bad".into()),
        _ => Ok(()),
    }
}
