//! One field of the check on a page: its control, last year's value, its reference, and what is to be said of it at once.

use kit::{
    Ask, Lang,
    page::{Badge, badge},
};
use maud::{Markup, html};
use rules::healthcheck::{Form, Found, Item, Level, Measure, OfSex, Values};

use crate::healthcheck::values::WAS;

/// What a field needs to know besides itself.
pub struct Around<'a> {
    pub values: &'a Values,
    /// The check before this one: its year and values.
    pub before: Option<(i64, &'a Values)>,
    pub found: &'a [Found],
    pub sex: Option<OfSex>,
    /// Errors of what was just sent, by field.
    pub wrong: &'a [(String, String)],
    /// What was sent and did not fit is shown again.
    pub typed: &'a Values,
    pub suggested: &'a [&'a str],
}

pub fn lang(ask: &Ask) -> rules::base::Lang {
    match ask.lang {
        Lang::Zh => rules::base::Lang::Zh,
        Lang::En => rules::base::Lang::En,
    }
}

/// The text of a value for people: choices by name, numbers with their unit.
pub fn shown(ask: &Ask, form: &Form<'_>, item: &Item, value: &str) -> String {
    if item.id == "guidance" {
        let names = form.guidance.iter().filter(|it| value.split(' ').any(|one| one == it.id));
        return names.map(|it| it.name_in(lang(ask))).collect::<Vec<_>>().join(ask.t("、"));
    }
    if !item.choices.is_empty() {
        let names = value.split(' ').filter_map(|it| item.choice(it)).map(|it| it.name_in(lang(ask)));
        return names.collect::<Vec<_>>().join(ask.t("、"));
    }
    if item.unit.is_empty() { value.to_string() } else { format!("{value} {}", ask.t(&item.unit)) }
}

pub fn show(ask: &Ask, form: &Form<'_>, item: &Item, around: &Around<'_>) -> Markup {
    let id = &*item.id;
    let value = around.typed.get(id).or_else(|| around.values.get(id)).map_or("", |it| &**it);
    let bad = around.wrong.iter().any(|it| it.0 == *id);
    let name = item.name_in(lang(ask));
    let class = if bad { "field field-bad" } else { "field" };
    let described = format!("n-{id}");
    if item.computed.is_some() {
        return html! { div.field { p.label { (name) } (note(ask, form, item, around)) } };
    }
    let is_many = item.several.is_yes() || id == "guidance";
    if is_many || !item.choices.is_empty() {
        let options = options(ask, form, item, around);
        return html! {
            fieldset class=(format!("{class}{}", if is_many { " wide" } else { "" })) id=(id) {
                legend { (name) @if item.optional.is_yes() { " " small.muted { (ask.t("可不填")) } } }
                div.options {
                    @for (word, title) in &options {
                        label.option {
                            input type=(if is_many { "checkbox" } else { "radio" }) name=(id) value=(word)
                                  checked[value.split(' ').any(|it| it == word)] aria-describedby=(described);
                            " " (title)
                        }
                    }
                }
                (note(ask, form, item, around))
            }
        };
    }
    html! {
        div class=(format!("{class}{}", if item.is_number() { "" } else { " wide" })) {
            label for=(id) { (name) @if item.optional.is_yes() { " " small.muted { (ask.t("可不填")) } } }
            @if item.is_number() {
                div.with-unit {
                    input.num id=(id) name=(id) value=(value) inputmode="decimal" autocomplete="off" maxlength="12"
                          aria-invalid=[bad.then_some("true")] aria-describedby=(described);
                    @if !item.unit.is_empty() { span.unit { (ask.t(&item.unit)) } }
                }
            } @else {
                textarea id=(id) name=(id) rows="2" maxlength="500" aria-describedby=(described) { (value) }
            }
            (note(ask, form, item, around))
        }
    }
}

fn options(ask: &Ask, form: &Form<'_>, item: &Item, around: &Around<'_>) -> Vec<(String, String)> {
    if item.id != "guidance" {
        return item.choices.iter().map(|it| (it.word.clone(), it.name_in(lang(ask)).to_string())).collect();
    }
    // What follows from the findings stands first.
    let mut all: Vec<_> = form.guidance.iter().collect();
    all.sort_by_key(|it| !around.suggested.contains(&&*it.id));
    all.iter()
        .map(|it| {
            let mark = if around.suggested.contains(&&*it.id) { ask.t("(建议)") } else { "" };
            (it.id.clone(), format!("{}{mark}", it.name_in(lang(ask))))
        })
        .collect()
}

/// What stands below a field and is sent anew after every change: the text it now has, the error, the finding, last year.
pub fn note(ask: &Ask, form: &Form<'_>, item: &Item, around: &Around<'_>) -> Markup {
    note_with(ask, form, item, around, false)
}

pub fn note_with(ask: &Ask, form: &Form<'_>, item: &Item, around: &Around<'_>, out_of_band: bool) -> Markup {
    let id = &*item.id;
    let value = around.values.get(id).map_or("", |it| &**it);
    let wrong = around.wrong.iter().find(|it| it.0 == *id);
    let found: Vec<&Found> = around.found.iter().filter(|it| it.item == id).collect();
    let before = around.before.and_then(|(year, values)| Some((year, values.get(id)?)));
    let range = item.reference(around.sex).map(|it| it.shown()).unwrap_or_default();
    let english = ask.lang == Lang::En;
    html! {
        div id=(format!("n-{id}")) hx-swap-oob=[out_of_band.then_some("true")] {
            @if item.computed.is_none() { input type="hidden" name=(format!("{WAS}{id}")) value=(value); }
            @else { p.strong { @if value.is_empty() { "—" } @else { (shown(ask, form, item, value)) } } }
            @if let Some((_, said)) = wrong { p.error role="alert" { (said) } }
            @for it in &found {
                p.small {
                    @match it.level {
                        Level::Urgent => (badge(Badge::Bad, ask.t("危急"))),
                        Level::Abnormal => (badge(Badge::Warn, ask.t("异常"))),
                    }
                    " " @if english { (it.doctor.en) } @else { (it.doctor.zh) }
                }
            }
            @if let Some(said) = jump(ask, item, value, before.map(|it| &**it.1)) { p.small { (badge(Badge::Info, ask.t("核对"))) " " (said) } }
            p.help {
                @if let Some((year, value)) = before { (ask.f("{year} 年:{value}", &[("year", &year), ("value", &shown(ask, form, item, value))])) }
                @if before.is_some() && !range.is_empty() { " · " }
                @if !range.is_empty() { (ask.f("参考 {range}", &[("range", &range)])) }
            }
        }
    }
}

/// A change since last time that is larger than bodies change.
fn jump(ask: &Ask, item: &Item, value: &str, before: Option<&str>) -> Option<String> {
    let (now, then): (Measure, Measure) = (value.parse().ok()?, before?.parse().ok()?);
    let most = item.change?;
    (most < now.distance(then))
        .then(|| ask.f("比上次变化 {n} {unit},请核对", &[("n", &now.distance(then)), ("unit", &ask.t(&item.unit))]))
}
