//! Noting a visit: what was found with one touch, everything else only where there is something to say.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, icon},
};
use maud::{Markup, html};

use super::{state, status, whom};
use crate::{
    elders::Key,
    rounds::{
        task::{self, Task},
        visit::{self, Draft, FIELDS},
    },
};

struct Shown {
    it: Task,
    called: String,
    others: Vec<Task>,
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let it = task::find(tx, &ask.who.scope, key)?;
    let mut others = match it.visited() {
        Some(elder) => task::open_of(tx, &elder, ask.today())?,
        None => Vec::new(),
    };
    others.retain(|one| one.key != it.key);
    Ok(Shown { called: whom(tx, ask, &it)?, others, it })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let shown = load(tx, ask, &key)?;
            task::note(tx, ask, "look", &shown.it, "record")?;
            Ok(shown)
        })
        .await?;
    if !shown.it.open {
        return Ok(ask.go(&shown.it.link(), ask.t("这项任务已不用再做")));
    }
    let mut input = Input::default();
    input.set_many("also", shown.others.iter().map(|it| it.key.id.to_string()).collect());
    input.set("reason", &*shown.it.reason);
    Ok(show(&ask, &shown, &input, &[]))
}

fn show(ask: &Ask, shown: &Shown, input: &Input, errors: &[FieldError]) -> Page {
    let it = &shown.it;
    let is_late = it.is_late(ask.today()) || shown.others.iter().any(|it| it.is_late(ask.today()));
    let is_elder = it.subject == "elder";
    let one = |name: &str| -> Markup {
        let field = FIELDS.iter().find(|one| one.name == name);
        html! { @if let Some(field) = field { (kit_form::one(ask, field, input, &Options::new(), errors)) } }
    };
    let is_typed = |names: &[&str]| names.iter().any(|it| !input.get(it).is_empty()) || !errors.is_empty();
    let content = html! {
        section.card.gap-top { div.card-body {
            form.form method="post" action=(format!("{}/record", it.link())) data-guard { (csrf(ask))
                (kit_form::summary(ask, FIELDS, errors))
                @if is_late { (alert(Badge::Warn, ask.t("已经逾期"), html! { p { (ask.f("最迟应在 {day},请写明原因。", &[("day", &it.by)])) } })) (one("reason")) }
                (one("found"))
                @if !shown.others.is_empty() {
                    fieldset.field.wide { legend { (ask.t("这次一并完成")) } div.options {
                        @for other in &shown.others {
                            @let id = other.key.id.to_string();
                            label.option { input type="checkbox" name="also" value=(id) checked[input.all("also").contains(&id)];
                                " " (other.programme_name(ask)) " " (state(ask, other)) }
                        }
                    } }
                }
                details.more open[is_typed(&["note", "systolic", "follow", "follow_text", "follow_day", "day"])] {
                    summary { (ask.t("血压、记录、跟进、补登日期")) }
                    div.grid.gap-top {
                        @if is_elder { (one("systolic")) (one("diastolic")) }
                        (one("note")) (one("follow")) (one("follow_text")) (one("follow_day")) (one("day"))
                        @if !is_late { (one("reason")) }
                    }
                }
                p.small.muted { (ask.t("选“没有见到人”只记下来过,任务还在;选“身体不适”“需要帮助”会列给团队跟进。")) }
                div.form-foot {
                    button.btn.btn-primary.btn-lg { (icon("check-circle")) (ask.t("保存")) }
                    a.btn.btn-ghost href=(it.link()) { (ask.t("取消")) }
                }
            }
        } }
    };
    let title = ask.t("登记巡访");
    let here = it.link();
    let way = kit::page::crumbs(ask, &[("/rounds", ask.t("巡诊和探访")), (&here, &shown.called), ("", title)]);
    let line =
        format!("{} · {} · {}", shown.called, it.programme_name(ask), ask.app.places.tree().words(&it.spot.place));
    ask.page_with(status(!errors.is_empty()), Head::new(title).line(line).crumbs(way), content)
}

pub async fn save(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let (key, sent): (Key, Input) = (key.parse()?, input.clone());
    let for_error = key.clone();
    let done = ask
        .write(move |tx, ask| {
            let draft = Draft::of(ask, &sent)?;
            let it = task::find_held(tx, &ask.who.scope, &key)?;
            visit::take(tx, ask, &it, &draft)?;
            Ok((it, draft.found == "absent"))
        })
        .await;
    match done {
        Ok((it, true)) => Ok(ask.go(&it.link(), ask.t("已记下没有见到人,任务还在"))),
        Ok((it, false)) => Ok(ask.go(&it.link(), ask.t("巡访已登记"))),
        Err(Error::Invalid(errors)) => {
            let shown = ask.read(move |tx, ask| load(tx, ask, &for_error)).await?;
            Ok(show(&ask, &shown, &input, &errors))
        }
        Err(other) => Err(other),
    }
}
