//! The report for the elder: one page, large, in plain words.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    page::{Head, Page, crumbs, icon, plain_table},
};
use maud::{Markup, html};
use rules::healthcheck::{Form, Found, Level, OfSex, Values};

use super::{field, show};
use crate::{
    elders::{self, Key},
    healthcheck::{due, record, values},
};

/// The numbers an elder asks for.
const NUMBERS: &[&str] = &["sbp", "dbp", "glucose", "bmi", "cholesterol", "hemoglobin"];

struct Shown {
    it: show::Shown,
    /// The day by which the next check is due.
    next: Option<String>,
    centre: Option<String>,
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let it = show::load(tx, ask, key)?;
    record::note(tx, ask, "look", &it.check, &it.elder, "report")?;
    let centre = match it.check.organisation {
        Some(id) => tx.row(
            "select name from organisation where region = $1 and id = $2",
            &[&it.check.key.region, &id],
            |row| row.get::<String>(0),
        )?,
        None => None,
    };
    Ok(Shown { next: elders::due_day(tx, &it.elder.key, due::KIND)?, centre, it })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask.write(move |tx, ask| load(tx, ask, &key)).await?;
    // Old eyes read it: large print on screen and paper, whatever the reader's own setting.
    let ask = Ask { large: true, ..ask };
    let (check, elder) = (&shown.it.check, &shown.it.elder);
    let policy = check.policy(&ask);
    let form = Form::of(&policy).map_err(|it| Error::refused("no_policy", it.text()))?;
    let fields = form.with_computed(&values::joined(&shown.it.sections));
    let content = html! {
        (show::urgent(&ask, &check.found))
        section.card { div.card-body {
            p { (ask.f("{name},您在 {day} 做了体检。", &[("name", &elder.name), ("day", &check.day)])) " "
                @if check.found.is_empty() { b { (ask.t("查过的各项都正常,请保持。")) } }
                @else { b { (ask.f("有 {n} 件事请您留意:", &[("n", &in_plain_words(&ask, &check.found).len())])) } } }
            @if !check.found.is_empty() { ol { @for it in in_plain_words(&ask, &check.found) { li { (it) } } } }
        } }
        (numbers(&ask, &form, &fields, OfSex::of_word(&elder.sex), &check.found))
        (advice(&ask, &form, &fields))
        section.card.gap-top { div.card-body {
            p { @if let Some(day) = &shown.next { (ask.f("下次体检请在 {day} 前。", &[("day", day)])) " " }
                (ask.t("有不舒服随时找家庭医生,不要等到体检。")) }
            p.small { @if let Some(it) = &shown.centre { (it) " · " } (ask.t("医生")) (ask.t(":")) (if check.doctor.is_empty() { "—" } else { &check.doctor })
                " · " (ask.t("体检号")) " " (check.number) }
        } }
    };
    let here = check.link();
    let title = ask.t("健康体检报告");
    let way = crumbs(&ask, &[("/healthcheck", ask.t("健康体检")), (&here, &elder.name), ("", title)]);
    let actions =
        html! { button.btn.btn-primary.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    let sex = ask.t(elders::words::title(elders::words::SEXES, &elder.sex));
    let sub =
        ask.f("{name} · {sex} · {age} 岁", &[("name", &elder.name), ("sex", &sex), ("age", &elder.age_on(check.day))]);
    Ok(ask.page(Head::new(title).line(sub).crumbs(way).actions(actions), content))
}

/// One sentence a thing: the two pressures say the same only once; what is urgent stands above already.
fn in_plain_words<'a>(ask: &Ask, found: &'a [Found]) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    for it in found {
        let said = ask.either(&it.elder.zh, &it.elder.en);
        if !all.contains(&&**said) {
            all.push(said);
        }
    }
    all
}

fn numbers(ask: &Ask, form: &Form<'_>, values: &Values, sex: Option<OfSex>, found: &[Found]) -> Markup {
    let heads = ["项目", "您的结果", "一般人", "怎么样"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = NUMBERS
        .iter()
        .filter_map(|id| {
            let (item, value) = (form.item(id)?, values.get(*id)?);
            let verdict = match found.iter().find(|it| it.item == *id).map(|it| it.level) {
                Some(Level::Urgent) => ask.t("要马上处理"),
                Some(Level::Abnormal) => ask.t("要留意"),
                None => ask.t("正常"),
            };
            let range = item.reference(sex).map(|it| it.shown()).unwrap_or_default();
            Some(vec![
                html! { (item.name_in(field::lang(ask))) },
                html! { b { (field::shown(ask, form, item, value)) } },
                html! { (range) },
                html! { (verdict) },
            ])
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            section.card.gap-top { header.card-head { h2 { (ask.t("主要数字")) } } (plain_table(&heads, &rows)) }
        }
    }
}

fn advice(ask: &Ask, form: &Form<'_>, values: &Values) -> Markup {
    let given = values.get("guidance").map_or("", |it| &**it);
    let note = values.get("guidance_note");
    let all: Vec<_> = form.guidance.iter().filter(|it| given.split(' ').any(|one| one == it.id)).collect();
    html! {
        @if !all.is_empty() || note.is_some() {
            section.card.gap-top { header.card-head { h2 { (ask.t("医生叮嘱")) } } div.card-body { ul {
                @for it in &all { li { (it.elder_in(field::lang(ask))) } }
                @if let Some(note) = note { li { (note) } }
            } } }
        }
    }
}
