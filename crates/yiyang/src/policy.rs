//! `yiyang policy`: check the policy folder, show what holds, run the worked cases, explain decisions.

mod explain;

use std::{fs, path::PathBuf};

use clap::Subcommand;
use rules::{
    base::{Date, Lang, Region, Text},
    cases::{self, Outcome},
    policy::{Because, Document, Faults, Library, Status, shown},
};
use serde::Serialize;
use serde_json::json;

use crate::{
    answer::{Failure, Format, print, print_json},
    policy_folder,
};

#[derive(clap::Args)]
#[command(
    about = "政策库：检查、查询、运行算例、解释决定 | The policy folder: check, show, run its cases, explain decisions"
)]
pub struct Policy {
    #[command(subcommand)]
    action: Action,
    #[arg(
        long,
        value_name = "DIR",
        global = true,
        help = "政策文件夹，可重复，后者叠加在前者之上 | Policy folder; may be repeated, each laid over those before it"
    )]
    policy: Vec<PathBuf>,
    #[arg(long, value_enum, default_value = "text", global = true, help = "结果的格式 | Format of the result")]
    format: Format,
}

#[derive(Subcommand)]
enum Action {
    #[command(about = "检查全部文件 | Check all files")]
    Check {
        #[arg(long, help = "有示例取值就算不合格 | Refuse values that are examples")]
        production: bool,
    },
    #[command(about = "某地某日的一个取值及其依据 | One value in force somewhere on a day, and its document")]
    Show {
        #[arg(
            value_name = "TOPIC/NAME",
            help = "主题/参数，如 ltci/最低失能等级 | Topic and parameter, such as ltci/最低失能等级"
        )]
        name: String,
        #[arg(long, help = "区划代码 | Region code")]
        region: Region,
        #[arg(long, value_name = "DAY", help = "日期，如 2025-06-01 | A day, such as 2025-06-01")]
        on: Date,
    },
    #[command(about = "运行算例；不写文件就全部运行 | Run worked cases; all of them when no file is named")]
    Test {
        #[arg(value_name = "FILE.cases.yaml", help = "算例文件 | Files of cases")]
        files: Vec<PathBuf>,
    },
    #[command(
        about = "一项决定的理由，以及现在的取值有无不同 | Why a decision is what it is, and what would differ now"
    )]
    Explain(explain::Explain),
}

/// A value in force with the document it rests on.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    because: &'a Because,
    source: Option<&'a Document>,
}

impl Policy {
    pub fn run(self, lang: Lang) -> Result<(), Failure> {
        let library = policy_folder::library(&self.policy, lang)?;
        let said = |faults: Faults| Failure::lines(faults.0.iter().map(|it| it.in_lang(lang)));
        match self.action {
            Action::Check { production } => {
                if production {
                    library.refuse_examples().map_err(said)?;
                }
                let outcomes = cases::run(&library).map_err(said)?;
                check(&library, outcomes.len(), self.format, lang);
                Ok(())
            }
            Action::Explain(it) => explain::run(&it, library, self.format, lang),
            Action::Show { name, region, on } => show(&library, &name, region, on, self.format, lang),
            Action::Test { files } => {
                let outcomes = match files.as_slice() {
                    [] => cases::run(&library),
                    files => cases::run_files(&library, &read(files, lang)?),
                };
                test(&outcomes.map_err(said)?, self.format, lang)
            }
        }
    }
}

fn check(library: &Library, cases: usize, format: Format, lang: Lang) {
    let (documents, instruments) = (library.documents().count(), library.instruments().len());
    let params: usize = library.topics().iter().map(|it| it.params.len()).sum();
    let examples = library.refuse_examples().map_or_else(|it| it.0.len(), |()| 0);
    let digest = library.digest();
    match format {
        Format::Json => print_json(&json!({
            "digest": digest, "documents": documents, "instruments": instruments, "params": params, "examples": examples, "cases": cases,
        })),
        Format::Text => print(
            Text::new(
                format!("政策库没有问题：文件 {documents} 份，参数 {params} 个，量表 {instruments} 份，算例 {cases} 个，示例取值 {examples} 个\n{digest}"),
                format!("The policy folder is in order: {documents} documents, {params} parameters, {instruments} instruments, {cases} cases, {examples} example values\n{digest}"),
            )
            .in_lang(lang),
        ),
    }
}

fn show(library: &Library, name: &str, region: Region, on: Date, format: Format, lang: Lang) -> Result<(), Failure> {
    let policy = library.at(region, on);
    let found = name.split_once('/').and_then(|(topic, param)| policy.look_up(topic, param));
    let Some(found) = found else {
        let topics = library.topics();
        let known = topics.iter().flat_map(|topic| topic.params.iter().map(move |it| format!("  {}/{it}", topic.name)));
        let first = Text::new(format!("没有参数“{name}”；有："), format!("there is no parameter “{name}”; there are"));
        return Err(Failure::lines([first.in_lang(lang).to_owned()].into_iter().chain(known)));
    };
    let because = found.map_err(|it| Failure::new(&it.text(), lang))?;
    let source = because.document.as_deref().and_then(|it| library.document(it));
    match format {
        Format::Json => print_json(&Shown { because: &because, source }),
        Format::Text => print(&in_words(&because, source, lang)),
    }
    Ok(())
}

fn in_words(because: &Because, source: Option<&Document>, lang: Lang) -> String {
    let label = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let status = match because.status {
        Status::InForce => label("执行", "in force"),
        Status::Planned => label("拟行", "announced"),
        Status::Example => label("示例（为演示而编）", "example (invented for demonstration)"),
    };
    let document = source.map(|it| {
        let title = if lang == Lang::Zh { &it.title } else { &it.title_en };
        format!(
            "{} {title} {}",
            it.number.as_deref().unwrap_or_default(),
            because.clause.as_deref().unwrap_or_default()
        )
        .trim()
        .to_owned()
    });
    let lines = [
        (label("参数", "parameter"), Some(format!("{}/{}", because.topic, because.param))),
        (label("值", "value"), Some(shown(&because.value))),
        (label("规定者", "laid down by"), Some(format!("{} {}", because.region, because.region_name))),
        (label("起", "since"), Some(because.from.to_string())),
        (label("依据", "document"), document),
        (label("状态", "status"), Some(status.to_owned())),
        (label("可信（独立来源数）", "confirmed by (sources)"), Some(because.confirmed.to_string())),
        (label("核对", "checked"), because.checked.map(|it| it.to_string())),
        (label("备注", "note"), because.note.clone()),
    ];
    let lines = lines.into_iter().filter_map(|(label, it)| Some(format!("{label}: {}", it?)));
    lines.collect::<Vec<_>>().join("\n")
}

/// The files with their whole paths, since the folder tells the region.
fn read(files: &[PathBuf], lang: Lang) -> Result<Vec<(String, String)>, Failure> {
    let read_one = |path: &PathBuf| {
        let whole = path.canonicalize()?;
        let parts = whole.components().map(|it| it.as_os_str().to_string_lossy());
        Ok((parts.collect::<Vec<_>>().join("/"), fs::read_to_string(path)?))
    };
    let unreadable = |path: &PathBuf, error: std::io::Error| {
        let name = path.display();
        Failure::new(&Text::new(format!("读不了 {name}：{error}"), format!("cannot read {name}: {error}")), lang)
    };
    files.iter().map(|path| read_one(path).map_err(|it| unreadable(path, it))).collect()
}

fn test(outcomes: &[Outcome], format: Format, lang: Lang) -> Result<(), Failure> {
    let failed: Vec<&Outcome> = outcomes.iter().filter(|it| !it.passed).collect();
    let passed = outcomes.len() - failed.len();
    if format == Format::Json {
        print_json(&json!({ "passed": passed, "failed": failed }));
    }
    if outcomes.is_empty() {
        return Err(Failure::new(&Text::new("没有运行任何算例；请核对文件", "no case ran; check the files"), lang));
    }
    let count = Text::new(
        format!("{passed} 个算例符合，{} 个不符", failed.len()),
        format!("{passed} cases hold, {} fail", failed.len()),
    );
    if failed.is_empty() {
        if format == Format::Text {
            print(count.in_lang(lang));
        }
        return Ok(());
    }
    let said = failed.iter().map(|it| it.text().in_lang(lang).to_owned());
    Err(Failure::lines(said.chain([count.in_lang(lang).to_owned()])))
}
