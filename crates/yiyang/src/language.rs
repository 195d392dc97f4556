//! Which language the person at the terminal reads, and help texts in it.

use clap::{Arg, ArgAction, Command, builder::StyledStr};
use rules::base::Lang;

const CHINESE_TEMPLATE: &str = "{about-with-newline}\n用法: {usage}\n\n{all-args}{after-help}";

/// Chinese where LANG is not set or begins with `zh`, else English.
pub fn of_environment() -> Lang {
    let lang = std::env::var("LANG").unwrap_or_default();
    if lang.is_empty() || lang.to_lowercase().starts_with("zh") { Lang::Zh } else { Lang::En }
}

/// The command with its help texts, written `中文 | English`, in one language.
pub fn in_lang(command: Command, lang: Lang) -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("显示帮助 | Print help");
    let version =
        Arg::new("version").short('V').long("version").action(ArgAction::Version).help("显示版本 | Print version");
    let versioned = command.get_version().is_some();
    let command = command.disable_help_flag(true).disable_help_subcommand(true).disable_version_flag(true).arg(help);
    let command = if versioned { command.arg(version) } else { command };
    let about = command.get_about().map(|it| half(it, lang)).unwrap_or_default();
    let command = command.about(about).mut_args(|argument| {
        let help = argument.get_help().map(|it| half(it, lang)).unwrap_or_default();
        let heading = if argument.is_positional() { "参数" } else { "选项" };
        let argument = argument.help(help);
        if lang == Lang::Zh { argument.help_heading(heading) } else { argument }
    });
    let command = match lang {
        Lang::Zh => {
            command.help_template(CHINESE_TEMPLATE).subcommand_help_heading("命令").subcommand_value_name("命令")
        }
        Lang::En => command,
    };
    command.mut_subcommands(|it| in_lang(it, lang))
}

fn half(text: &StyledStr, lang: Lang) -> String {
    let text = text.to_string();
    match (text.split_once(" | "), lang) {
        (Some((zh, _)), Lang::Zh) => zh.to_owned(),
        (Some((_, en)), Lang::En) => en.to_owned(),
        (None, _) => text,
    }
}
