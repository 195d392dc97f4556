//! One section of the check on a phone: every change is kept at once, and the whole section can be sent without script.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Result, Tx,
    error::FieldError,
    form::{Input, csrf},
    page::{Badge, Head, Page, alert, crumbs},
};
use maud::{Markup, html};
use rules::{
    assessment::Instrument,
    healthcheck::{Form, OfSex, Section, Values},
};
use serde_json::json;

use super::field::{self, Around};
use crate::{
    elders::{Elder, Key},
    healthcheck::{
        course,
        record::{self, Check},
        values::{self, Kept, WAS},
        words,
    },
};

struct Shown {
    check: Check,
    elder: Elder,
    sections: std::collections::BTreeMap<String, Kept>,
    /// The check before this one.
    before: Option<(i64, Values)>,
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let (check, elder) = record::find(tx, &ask.who.scope, key)?;
    let earlier = record::of_elder(tx, &elder.key)?.into_iter().find(|it| it.day < check.day && it.key != check.key);
    let before = match earlier {
        Some(it) => {
            let kept = values::sections(tx, &it.key)?;
            let policy = it.policy(ask);
            let form = Form::of(&policy).map_err(|it| Error::refused("no_policy", it.text()))?;
            let mut all = form.with_computed(&values::joined(&kept));
            all.extend(values::answers(&kept));
            Some((it.year, all))
        }
        None => None,
    };
    Ok(Shown { sections: values::sections(tx, key)?, before, check, elder })
}

pub async fn page(ask: Ask, Path((key, section)): Path<(String, String)>) -> Result<Page> {
    let (key, section): (Key, Section) = (key.parse()?, Section::parse(&section).ok_or(Error::NotFound)?);
    let shown = ask
        .write(move |tx, ask| {
            let shown = load(tx, ask, &key)?;
            record::note(tx, ask, "look", &shown.check, &shown.elder, section.word())?;
            Ok(shown)
        })
        .await?;
    if !shown.elder.is_living() {
        return Ok(ask.go(&shown.check.link(), ""));
    }
    show(&ask, &shown, section, &Values::new(), &[])
}

fn show(ask: &Ask, shown: &Shown, section: Section, typed: &Values, errors: &[FieldError]) -> Result<Page> {
    let check = &shown.check;
    let policy = check.policy(ask);
    let form = Form::of(&policy).map_err(|it| Error::refused("no_policy", it.text()))?;
    let scale = values::scale(ask, check)?;
    let action = format!("{}/fill/{}", check.link(), section.word());
    let at = Section::ALL.iter().position(|it| *it == section).unwrap_or(0);
    let next = Section::ALL.get(at + 1);
    let kept = shown.sections.get(section.word());
    let content = html! {
        (tabs(ask, shown, &form, section))
        form.form.grid method="post" action=(action) data-draft=(format!("healthcheck-{}-{}", check.key, section.word()))
             hx-post=(format!("{action}?auto=1")) hx-trigger="change" hx-target="#saved" hx-swap="outerHTML" hx-sync="this:queue last" {
            (csrf(ask))
            @if !errors.is_empty() {
                (alert(Badge::Bad, &ask.f("有 {n} 处没有保存,请核对", &[("n", &errors.len())]), html! { ul {
                    @for it in errors { li { a href=(format!("#{}", it.field)) { (it.said.in_lang(ask.lang)) } } }
                } }))
            }
            (fields(ask, shown, &form, scale, section, typed, errors))
            div.form-foot {
                button.btn.btn-primary name="to" value=(next.map_or("", |it| it.word())) {
                    @match next { Some(it) => (ask.f("保存,下一步:{section}", &[("section", &ask.t(words::title(words::SECTIONS, it.word())))])),
                                  None => (ask.t("保存,去完成")) }
                }
                p #saved.muted.small role="status" {
                    @if let Some(it) = kept { (ask.f("{who} 于 {at} 填写", &[("who", &it.who), ("at", &kit::clock::minute(&it.at))])) }
                }
            }
        }
    };
    let sub = ask.f(
        "{name} · {age} 岁 · {day} 体检 · 体检号 {number}",
        &[
            ("name", &shown.elder.name),
            ("age", &shown.elder.age_on(check.day)),
            ("day", &check.day),
            ("number", &check.number),
        ],
    );
    let title = ask.t(words::title(words::SECTIONS, section.word()));
    let here = check.link();
    let way = crumbs(ask, &[("/healthcheck", ask.t("健康体检")), (&here, &shown.elder.name), ("", title)]);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(title).line(sub).crumbs(way), content))
}

/// The sections, each with how many parts are missing.
pub fn tabs_of(ask: &Ask, check: &Check, form: &Form<'_>, here: Option<Section>) -> Markup {
    html! {
        nav.tabs aria-label=(ask.t("体检章节")) {
            @for section in Section::ALL {
                @let missing = form.parts.iter().filter(|it| it.section == section && check.missing.parts.contains(&it.name)).count();
                a href=(format!("{}/fill/{}", check.link(), section.word())) aria-current=[(here == Some(section)).then_some("page")] {
                    (ask.t(words::title(words::SECTIONS, section.word())))
                    @if 0 < missing { span.count title=(ask.t("还缺")) { (missing) } } @else { " ✓" }
                }
            }
        }
    }
}

fn tabs(ask: &Ask, shown: &Shown, form: &Form<'_>, here: Section) -> Markup {
    html! { div #tabs { (tabs_of(ask, &shown.check, form, Some(here))) } }
}

fn fields(
    ask: &Ask,
    shown: &Shown,
    form: &Form<'_>,
    scale: &Instrument,
    section: Section,
    typed: &Values,
    errors: &[FieldError],
) -> Markup {
    if section == Section::SelfCare {
        return self_care(ask, shown, scale, errors);
    }
    with_around(ask, shown, form, typed, errors, |around| {
        html! {
            @for (part, items) in form.of_section(section) {
                @if !items.is_empty() {
                    fieldset.grid {
                        legend { (part.name_in(field::lang(ask))) @if part.counts.is_yes() { " " small.muted { (ask.t("计入管理须有")) } } }
                        @for item in items { (field::show(ask, form, item, around)) }
                    }
                }
            }
        }
    })
}

/// Calls `with` with what stands around the fields of this check.
fn with_around<T>(
    ask: &Ask,
    shown: &Shown,
    form: &Form<'_>,
    typed: &Values,
    errors: &[FieldError],
    with: impl FnOnce(&Around<'_>) -> T,
) -> T {
    let values = form.with_computed(&values::joined(&shown.sections));
    let suggested = form.suggested(&shown.check.found);
    let wrong: Vec<(String, String)> = errors.iter().map(|it| (it.field.clone(), it.said.in_lang(ask.lang))).collect();
    with(&Around {
        values: &values,
        before: shown.before.as_ref().map(|it| (it.0, &it.1)),
        found: &shown.check.found,
        sex: OfSex::of_word(&shown.elder.sex),
        wrong: &wrong,
        typed,
        suggested: &suggested,
    })
}

fn self_care(ask: &Ask, shown: &Shown, scale: &Instrument, errors: &[FieldError]) -> Markup {
    let answers = values::answers(&shown.sections);
    let english = ask.lang == kit::Lang::En;
    html! {
        @for item in &scale.items {
            @let value = answers.get(&item.id).map_or("", |it| &**it);
            fieldset.field.wide id=(item.id) {
                legend { @if english { (item.name_en) } @else { (item.name) } }
                div.options {
                    @for choice in &item.choices {
                        label.option { input type="radio" name=(item.id) value=(choice.score) checked[choice.score.to_string() == value];
                            " " (ask.t(&choice.wording)) " " small.muted { (ask.f("{n} 分", &[("n", &choice.score)])) } }
                    }
                }
                (self_care_note(ask, shown, &item.id, errors, false))
            }
        }
        div #self-care { (self_care_result(ask, &shown.check)) }
    }
}

fn self_care_note(ask: &Ask, shown: &Shown, id: &str, errors: &[FieldError], out_of_band: bool) -> Markup {
    let value = values::answers(&shown.sections).get(id).cloned().unwrap_or_default();
    let before = shown.before.as_ref().and_then(|it| Some((it.0, it.1.get(id)?)));
    html! {
        div id=(format!("n-{id}")) hx-swap-oob=[out_of_band.then_some("true")] {
            input type="hidden" name=(format!("{WAS}{id}")) value=(value);
            @if let Some(it) = errors.iter().find(|it| it.field == id) { p.error role="alert" { (it.said.in_lang(ask.lang)) } }
            @if let Some((year, value)) = before { p.help { (ask.f("{year} 年:{value} 分", &[("year", &year), ("value", value)])) } }
        }
    }
}

fn self_care_result(ask: &Ask, check: &Check) -> Markup {
    html! {
        @match &check.self_care {
            Some(it) => p.strong { (ask.f("自理能力:{level},{n} 分", &[("level", ask.either(&it.level, &it.level_en)), ("n", &it.total)])) },
            None => p.muted { (ask.t("五项都答完后显示结果。")) },
        }
    }
}

pub async fn save(ask: Ask, Path((key, section)): Path<(String, String)>, input: Input) -> Result<Page> {
    let (key, section): (Key, Section) = (key.parse()?, Section::parse(&section).ok_or(Error::NotFound)?);
    let auto = ask.param("auto").is_some();
    let to = input.get("to").to_string();
    let (shown, typed, wrong) = ask
        .write(move |tx, ask| {
            let (mut check, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            let policy = check.policy(ask);
            let form = Form::of(&policy).map_err(|it| Error::refused("no_policy", it.text()))?;
            let changes = values::sent(&form, values::scale(ask, &check)?, section, &input);
            let (_, wrong) = course::save(tx, ask, &mut check, &elder, &changes, None)?;
            let typed: Values = changes.into_iter().filter(|it| wrong.iter().any(|one| one.field == it.0)).collect();
            Ok((load(tx, ask, &key)?, typed, wrong))
        })
        .await?;
    if auto {
        return answered(&ask, &shown, section, &typed, &wrong);
    }
    if !wrong.is_empty() {
        return show(&ask, &shown, section, &typed, &wrong);
    }
    let link = shown.check.link();
    match Section::parse(&to) {
        Some(next) => Ok(ask.go(&format!("{link}/fill/{}", next.word()), "")),
        None => Ok(ask.go(&link, ask.t("已保存"))),
    }
}

/// The answer to a change that was kept at once: when, and anew what is to be said of each field.
fn answered(ask: &Ask, shown: &Shown, section: Section, typed: &Values, wrong: &[FieldError]) -> Result<Page> {
    let policy = shown.check.policy(ask);
    let form = Form::of(&policy).map_err(|it| Error::refused("no_policy", it.text()))?;
    let scale = values::scale(ask, &shown.check)?;
    let at = kit::clock::minute(&kit::clock::stamp(ask.now));
    let at = at.rsplit(' ').next().unwrap_or_default().to_string();
    let notes = if section == Section::SelfCare {
        html! {
            @for item in &scale.items { (self_care_note(ask, shown, &item.id, wrong, true)) }
            div #self-care hx-swap-oob="true" { (self_care_result(ask, &shown.check)) }
        }
    } else {
        with_around(ask, shown, &form, typed, wrong, |around| {
            html! {
                @for item in form.of_section(section).into_iter().flat_map(|it| it.1) {
                    (field::note_with(ask, &form, item, around, true))
                }
            }
        })
    };
    let content = html! {
        @if wrong.is_empty() { p #saved.muted.small role="status" { (ask.f("已保存 {at}", &[("at", &at)])) } }
        @else { p #saved.error role="alert" { (ask.t("有的没有保存,请看红字;其余已保存。")) } }
        div #tabs hx-swap-oob="true" { (tabs_of(ask, &shown.check, &form, Some(section))) }
        (notes)
    };
    let mut response = ask.part(content);
    if wrong.is_empty() {
        // All of the form is on the server now: the browser need not keep its draft.
        let done = json!({"draft-done": format!("healthcheck-{}-{}", shown.check.key, section.word())}).to_string();
        let done = axum::http::HeaderValue::from_str(&done).map_err(Error::internal)?;
        response.headers_mut().insert("hx-trigger", done);
    }
    Ok(response)
}
