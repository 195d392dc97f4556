//! A scale as a form: one item a block, big answers, facts below, progress above.

use kit::{
    Ask, Lang,
    error::FieldError,
    form::{Input, csrf},
    page::{Badge, alert},
};
use maud::{Markup, html};
use rules::assessment::{Choice, Education, FactUsed, Facts, Instrument, Item, RISK_EVENTS};
use serde_json::Value;

use crate::assessment::answers::{FACTS_SENT, Given, WAS, WAS_FACTS};

/// What a form is made of besides its items.
pub struct Form<'a> {
    /// Where it is sent.
    pub action: String,
    /// Whether each change is sent at once.
    pub autosave: bool,
    pub draft: String,
    /// Shown only where the instrument uses them.
    pub facts: Option<&'a Facts>,
    pub foot: Markup,
}

pub fn show(ask: &Ask, instrument: &Instrument, given: &Given, errors: &[FieldError], form: &Form<'_>) -> Markup {
    let chapters = instrument.chapters();
    let total = instrument.items.len();
    let done = instrument.items.iter().filter(|it| given.contains_key(&it.id)).count();
    let next = instrument.items.iter().find(|it| !given.contains_key(&it.id));
    let autosave = form.autosave.then(|| format!("{}?auto=1", form.action));
    let english = ask.lang == Lang::En;
    let facts = form.facts.filter(|_| !instrument.facts_used().is_empty());
    html! {
        form.questionnaire.js-answers method="post" action=(form.action) data-draft=(form.draft)
             hx-post=[autosave] hx-trigger=[form.autosave.then_some("change")] hx-target=[form.autosave.then_some("#saved")]
             hx-swap=[form.autosave.then_some("outerHTML")] hx-sync=[form.autosave.then_some("this:queue last")] {
            (csrf(ask))
            (wrong(ask, instrument, errors))
            div.answered {
                progress max=(total) value=(done) aria-label=(ask.t("已答题数")) {}
                span.answered-count { (ask.t("已答")) " " b { (done) } "/" (total) }
                @if let Some(next) = next { a.answered-next.needs-js href=(format!("#q-{}", next.id)) { (ask.t("下一道未答题")) } }
            }
            @for (at, item) in instrument.items.iter().enumerate() {
                @if let Some(chapter) = chapters.iter().find(|it| it.items.first() == Some(&at)) {
                    h2.question-part { @if english { (chapter.name_en) } @else { (chapter.name) } }
                }
                (question(ask, at + 1, item, given.get(&item.id), errors, false))
            }
            @if let Some(facts) = facts { (facts_part(ask, instrument, facts, errors)) }
            (form.foot)
        }
    }
}

/// What is wrong, above the form.
fn wrong(ask: &Ask, instrument: &Instrument, errors: &[FieldError]) -> Markup {
    if errors.is_empty() {
        return html! {};
    }
    let is_item = |it: &FieldError| instrument.items.iter().any(|item| item.id == it.field);
    html! {
        div #errors tabindex="-1" {
            (alert(Badge::Bad, &ask.f("有 {n} 处需要改正", &[("n", &errors.len())]), html! {
                ul { @for it in errors {
                    li { @if is_item(it) { a href=(format!("#q-{}", it.field)) { (it.said.in_lang(ask.lang)) } }
                         @else { (it.said.in_lang(ask.lang)) } }
                } }
            }))
        }
    }
}

fn question(
    ask: &Ask,
    number: usize,
    item: &Item,
    given: Option<&String>,
    errors: &[FieldError],
    again: bool,
) -> Markup {
    let error = errors.iter().find(|it| it.field == item.id);
    let short = item.choices.iter().all(|it| it.wording.chars().count() <= 4);
    let english = ask.lang == Lang::En;
    let id = format!("q-{}", item.id);
    let in_place = again.then(|| in_place_of(&id));
    html! {
        fieldset class=(if error.is_some() { "question question-bad" } else { "question" }) id=(id) hx-swap-oob=[in_place] {
            legend { span.question-no { (number) } @if english { (item.name_en) } @else { (item.name) } }
            @if error.is_some() { p.error { (ask.t("这一题还没有答,请选一项。")) } }
            div class=(if short { "choices choices-row" } else { "choices" }) {
                @for choice in &item.choices { (one_choice(ask, item, choice, given)) }
            }
            (was(&item.id, given.map_or("", |it| it), false))
        }
    }
}

/// The answer this page knows. Where it comes back with a saved change it takes the place of the one on the page.
fn was(item: &str, score: &str, again: bool) -> Markup {
    let id = format!("was-{item}");
    let in_place = again.then(|| in_place_of(&id));
    html! { input type="hidden" id=(id) name=(format!("{WAS}{item}")) value=(score) hx-swap-oob=[in_place]; }
}

fn was_facts(facts: &Facts, again: bool) -> Markup {
    let json = serde_json::to_string(facts).unwrap_or_default();
    let in_place = again.then(|| in_place_of("was-facts"));
    html! { input type="hidden" id="was-facts" name=(WAS_FACTS) value=(json) hx-swap-oob=[in_place]; }
}

/// Ids of items hold dots, so the place is named by attribute.
fn in_place_of(id: &str) -> String {
    format!("outerHTML:[id='{id}']")
}

/// What a page learns when a change of it was kept: what it knows now, and answers that somebody else gave meanwhile.
pub fn learned(ask: &Ask, instrument: &Instrument, given: &Given, facts: &Facts, sent: &Input) -> Markup {
    let was_sent = |item: &Item| sent.get(&format!("{WAS}{}", item.id)).to_string();
    let facts_sent = !sent.get(FACTS_SENT).is_empty();
    html! {
        @for (at, item) in instrument.items.iter().enumerate() {
            @let (mine, before) = (sent.get(&item.id), was_sent(item));
            @match given.get(&item.id) {
                Some(kept) if kept == mine && before != mine => (was(&item.id, kept, true)),
                Some(kept) if kept != mine && before == mine => {
                    (question(ask, at + 1, item, Some(kept), &[], true))
                },
                _ => {},
            }
        }
        @if facts_sent { (was_facts(facts, true)) }
    }
}

fn one_choice(ask: &Ask, item: &Item, choice: &Choice, given: Option<&String>) -> Markup {
    let score = choice.score.to_string();
    html! {
        label.choice {
            input type="radio" name=(item.id) value=(score) checked[given == Some(&score)];
            @if !choice.wording.is_empty() { span.choice-text { (choice.wording) } }
            span.choice-score { (ask.f("{n} 分", &[("n", &score)])) }
        }
    }
}

fn facts_part(ask: &Ask, instrument: &Instrument, facts: &Facts, errors: &[FieldError]) -> Markup {
    let error_of = |fact: &str| errors.iter().find(|it| it.field == fact).map(|it| it.said.in_lang(ask.lang));
    let value = |name: &str| facts.0.get(name);
    html! {
        h2.question-part { (ask.t("影响等级的其他情况")) }
        input type="hidden" name=(FACTS_SENT) value="1";
        (was_facts(facts, false))
        section.card { div.card-body.form {
            @for fact in instrument.facts_used() {
                @match fact {
                    FactUsed::Coma => {
                        (yes_no(ask, "fact.coma", ask.t("是否处于昏迷状态"), value("coma").and_then(Value::as_bool)))
                    },
                    FactUsed::Diagnoses => {
                        div.field {
                            label for="fact-diagnoses" { (ask.t("经确诊的疾病(ICD-10 编码)")) }
                            input #fact-diagnoses name="fact.diagnoses" autocomplete="off" placeholder="F01 F32.1" value=(list(value("diagnoses")));
                            p.help { (ask.t("痴呆 F00–F03、其他精神和行为障碍 F04–F99;几个编码用空格隔开。")) }
                            @if let Some(said) = error_of("diagnoses") { p.error { (said) } }
                        }
                    },
                    FactUsed::RiskEvents => {
                        fieldset.field { legend { (ask.t("近 30 天内照护风险事件次数")) }
                            div.options {
                                @for event in RISK_EVENTS {
                                    label.option { (ask.t(event)) " "
                                        input.num type="text" inputmode="numeric" size="3" name=(format!("fact.risk.{event}"))
                                              value=(count(value("risk_events"), event)); }
                                }
                            }
                            @if let Some(said) = error_of("risk_events") { p.error { (said) } }
                        }
                    },
                    FactUsed::Education => {
                        div.field {
                            label for="fact-education" { (ask.t("受教育程度")) }
                            select #fact-education name="fact.education" {
                                option value="" { (ask.t("不知道")) }
                                @for it in [Education::Illiterate, Education::Primary, Education::SecondaryOrMore] {
                                    option value=(it.name()) selected[value("education").and_then(Value::as_str) == Some(it.name())] { (ask.t(it.name())) }
                                }
                            }
                        }
                    },
                }
            }
        } }
    }
}

fn yes_no(ask: &Ask, name: &str, label: &str, value: Option<bool>) -> Markup {
    html! {
        fieldset.field { legend { (label) }
            div.options {
                label.option { input type="radio" name=(name) value="yes" checked[value == Some(true)]; " " (ask.t("是")) }
                label.option { input type="radio" name=(name) value="no" checked[value == Some(false)]; " " (ask.t("否")) }
            }
        }
    }
}

fn list(value: Option<&Value>) -> String {
    let all = value.and_then(Value::as_array).map(|all| all.iter().filter_map(Value::as_str).collect::<Vec<_>>());
    all.unwrap_or_default().join(" ")
}

fn count(value: Option<&Value>, event: &str) -> String {
    value
        .and_then(|it| it.get(event))
        .map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned))
        .unwrap_or_default()
}
