//! `yiyang score`: scores one assessment.

use std::{
    fs,
    io::{self, Read},
    path::PathBuf,
};

use rules::{
    assessment::{self, Answers, Facts, Instrument, Scored},
    base::{Lang, Text},
};
use serde::Deserialize;

use crate::{
    answer::{Failure, Format, print, print_json},
    policy_folder,
};

#[derive(clap::Args)]
#[command(about = "给一份评估量表计分 | Score an assessment scale")]
pub struct Score {
    #[arg(help = "量表编号，如 ltc-2021 | Id of the instrument, such as ltc-2021")]
    instrument: String,
    #[arg(
        long,
        value_name = "FILE",
        default_value = "-",
        help = "答案文件（JSON），- 为标准输入 | File of answers (JSON), - is standard input"
    )]
    answers: PathBuf,
    #[arg(long, value_enum, default_value = "json", help = "结果的格式 | Format of the result")]
    format: Format,
    #[arg(
        long,
        value_name = "DIR",
        help = "政策文件夹，可重复，后者叠加在前者之上 | Policy folder; may be repeated, each laid over those before it"
    )]
    policy: Vec<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    answers: Answers,
    #[serde(default)]
    facts: Facts,
}

impl Score {
    pub fn run(self, lang: Lang) -> Result<(), Failure> {
        let library = policy_folder::library(&self.policy, lang)?;
        let Some(instrument) = library.instrument(&self.instrument) else {
            let known = library.instruments().iter().map(|it| it.id.as_str()).collect::<Vec<_>>().join(" ");
            let id = &self.instrument;
            let text = Text::new(
                format!("没有量表“{id}”；有：{known}"),
                format!("there is no instrument “{id}”; there are {known}"),
            );
            return Err(Failure::new(&text, lang));
        };
        let sheet = self.sheet(lang)?;
        let scored = assessment::score(instrument, &sheet.answers, &sheet.facts)
            .map_err(|bad| Failure::lines(bad.iter().map(|it| it.text().in_lang(lang).to_owned())))?;
        match self.format {
            Format::Json => print_json(&scored),
            Format::Text => print(&in_words(instrument, &scored, lang)),
        }
        Ok(())
    }

    fn sheet(&self, lang: Lang) -> Result<Sheet, Failure> {
        let name = self.answers.display();
        let text = if self.answers.as_os_str() == "-" {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map(|_| text)
        } else {
            fs::read_to_string(&self.answers)
        };
        let text = text.map_err(|error| {
            Failure::new(&Text::new(format!("读不了 {name}：{error}"), format!("cannot read {name}: {error}")), lang)
        })?;
        serde_json::from_str(&text).map_err(|error| {
            let shape = r#"{"answers": {…}, "facts": {…}}"#;
            let zh = format!("{name} 应是 {shape} 这样的 JSON：{error}");
            Failure::new(&Text::new(zh, format!("{name} should be JSON such as {shape}: {error}")), lang)
        })
    }
}

fn in_words(instrument: &Instrument, scored: &Scored, lang: Lang) -> String {
    let title = Text::new(&instrument.name, &instrument.name_en);
    let mut lines = vec![format!("{} {} {}", title.in_lang(lang), scored.instrument, scored.edition)];
    if let Some(level) = &scored.level {
        lines.push(format!("{}  {}", level.code, Text::new(&level.name, &level.name_en).in_lang(lang)));
    }
    lines.extend(scored.results.iter().map(|(name, result)| format!("{name}  {result}")));
    lines.extend(scored.reasons.iter().map(|it| format!("  {}", it.text.in_lang(lang))));
    lines.push(scored.confirmed.text.in_lang(lang).to_owned());
    lines.join("\n")
}
