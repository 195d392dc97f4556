//! All worked cases, run now: which hold, and what is wrong with the others.

use kit::{
    Ask, Error, Result,
    page::{Badge, Head, Page, alert, stat},
};
use maud::{Markup, html};
use rules::cases::Outcome;

use super::{
    digest_line,
    param::{failure, passed},
    print_button, tabs,
};
use crate::policy::{proof, words};

pub async fn page(ask: Ask) -> Result<Page> {
    let app = ask.app.clone();
    let outcomes = tokio::task::spawn_blocking(move || proof::run(&app)).await.map_err(Error::internal)?;
    let content = html! {
        (tabs(&ask, "/policy/cases"))
        @match &outcomes {
            Err(faults) => (alert(Badge::Bad, ask.t("算例文件有错误"), html! { p { (faults) } })),
            Ok(outcomes) => (all(&ask, outcomes)),
        }
        (digest_line(&ask))
    };
    let sub = ask.t("由政策人员写在规定旁边,每次检查都运行;算例不许为了通过而改。");
    Ok(ask.page(Head::new(ask.t("算例")).line(sub).actions(print_button(&ask)), content))
}

/// The scale or topic that a file of cases proves, by name.
fn title_of(ask: &Ask, file: &str) -> String {
    let word = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".cases.yaml");
    match ask.app.policy.instrument(word) {
        Some(it) => ask.either(&it.name, &it.name_en).to_string(),
        None => words::topic(ask, word).into_owned(),
    }
}

fn all(ask: &Ask, outcomes: &[Outcome]) -> Markup {
    let failed = outcomes.iter().filter(|it| !it.passed).count();
    let mut files: Vec<&str> = outcomes.iter().map(|it| &*it.file).collect();
    files.dedup();
    let number = |n: usize| n.to_string();
    html! {
        div.stats {
            (stat(Badge::Ok, ask.t("通过"), &number(outcomes.len() - failed), ask.t("例"), "", None))
            (stat(if failed == 0 { Badge::Muted } else { Badge::Bad }, ask.t("不符"), &number(failed), ask.t("例"), "", None))
        }
        @for file in files {
            @let here: Vec<&Outcome> = outcomes.iter().filter(|it| it.file == file).collect();
            @let wrong = here.iter().filter(|it| !it.passed).count();
            details.card open[0 < wrong] {
                summary.card-head { span { (title_of(ask, file)) " " code.small.muted { (file) } } " "
                    small { (ask.f("{n} 个算例,{failed} 个不符", &[("n", &here.len()), ("failed", &wrong)])) } }
                div.card-body { ul { @for it in here {
                    li { (passed(ask, it)) " " (it.rule) " · " (it.name) @if !it.passed { (failure(ask, it)) } }
                } } }
            }
        }
    }
}
