//! One check as a whole: what is missing, what was found and what follows, finishing it, and values over the years.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Lang, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, badge, crumbs, icon, kv, plain_table, time},
};
use maud::{Markup, html};
use rules::healthcheck::{Form, Found, Level, Section, Values};

use super::{field, section, trend};
use crate::{
    elders::{Elder, Key},
    healthcheck::{
        WRITE,
        api::{FINISH_FIELDS, REOPEN_FIELDS},
        course,
        record::{self, Check},
        values::{self, Kept},
        words,
    },
};

pub struct Shown {
    pub check: Check,
    pub elder: Elder,
    pub sections: std::collections::BTreeMap<String, Kept>,
    /// All checks of the elder with their values, oldest first.
    pub years: Vec<(Check, Values)>,
}

pub fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let (check, elder) = record::find(tx, &ask.who.scope, key)?;
    let policy = check.policy(ask);
    let form = Form::of(&policy).map_err(|it| Error::refused("no_policy", it.text()))?;
    let mut years = Vec::new();
    for one in record::of_elder(tx, &elder.key)?.into_iter().take(15) {
        let fields = form.with_computed(&values::joined(&values::sections(tx, &one.key)?));
        years.push((one, fields));
    }
    years.reverse();
    Ok(Shown { sections: values::sections(tx, key)?, check, elder, years })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let shown = load(tx, ask, &key)?;
            record::note(tx, ask, "look", &shown.check, &shown.elder, "")?;
            Ok(shown)
        })
        .await?;
    show(&ask, &shown, &Input::default(), &[])
}

fn show(ask: &Ask, shown: &Shown, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let (check, elder) = (&shown.check, &shown.elder);
    let policy = check.policy(ask);
    let form = Form::of(&policy).map_err(|it| Error::refused("no_policy", it.text()))?;
    let may_write = ask.may(WRITE) && elder.is_living();
    let here = check.link();
    let content = html! {
        @if may_write { (section::tabs_of(ask, check, &form, None)) }
        div.cols.gap-top {
            div.stack {
                (state(ask, check, &form))
                (findings(ask, &check.found))
                (screening(ask, elder, &form, &check.found))
                (table(ask, shown, &form))
            }
            div.stack {
                @if may_write { (finishing(ask, check, input, errors)) }
                (who(ask, shown))
                (trend::charts(ask, &form, &shown.years))
                (other_years(ask, shown))
            }
        }
    };
    let sub = ask.f(
        "{age} 岁 · {day} 体检 · 体检号 {number}",
        &[("age", &elder.age_on(check.day)), ("day", &check.day), ("number", &check.number)],
    );
    let title = ask.f("{name} {year} 年度健康体检", &[("name", &elder.name), ("year", &check.year)]);
    let way = crumbs(ask, &[("/healthcheck", ask.t("健康体检")), ("", &elder.name)]);
    let actions = html! {
        a.btn href=(format!("/elders/{}", elder.key)) { (icon("person")) (ask.t("老人档案")) }
        a.btn href=(format!("{here}/report")) { (icon("printer")) (ask.t("给老人的报告")) }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(&title).line(sub).crumbs(way).actions(actions), content))
}

fn state(ask: &Ask, check: &Check, form: &Form<'_>) -> Markup {
    let name = |zh: &String| {
        let part = form.parts.iter().find(|it| it.name == *zh);
        part.map_or(zh.as_str(), |it| it.name_in(field::lang(ask))).to_string()
    };
    let missing: Vec<String> = check.missing.parts.iter().map(name).collect();
    let counting: Vec<String> = check.missing.counting.iter().map(name).collect();
    let list = |all: &[String]| all.join(ask.t("、"));
    html! {
        section.card { header.card-head { h2 { (ask.t("体检情况")) }
                @if check.is_finished { (badge(Badge::Ok, ask.t("已完成"))) } @else { (badge(Badge::Warn, ask.t("进行中"))) } }
            div.card-body {
                @if missing.is_empty() { p { (badge(Badge::Ok, ask.t("完整"))) " " (ask.t("各分项都做了。")) } }
                @else { p { (badge(Badge::Warn, ask.t("缺项"))) " " (ask.f("还缺 {n} 项:{parts}", &[("n", &missing.len()), ("parts", &list(&missing))])) } }
                @if !counting.is_empty() {
                    p { (badge(Badge::Bad, ask.t("不计入管理"))) " " (ask.f("缺{parts},不算接受了健康管理。", &[("parts", &list(&counting))])) }
                }
                @if !check.note.is_empty() { p { (ask.t("没做的原因")) (ask.t(":")) (check.note) } }
                @if let Some(at) = &check.finished { p.small.muted { (check.doctor) " " (time(at)) " " (ask.t("完成")) } }
            }
        }
    }
}

/// What was found, urgent things first, in the doctor's words and below in the elder's.
fn findings(ask: &Ask, found: &[Found]) -> Markup {
    let english = ask.lang == Lang::En;
    html! {
        section.card { header.card-head { h2 { (ask.t("异常发现")) } }
            div.card-body {
                @if found.is_empty() { p.muted { (ask.t("已填的各项未见异常。")) } }
                @for it in found {
                    div.finding {
                        p { @match it.level {
                                Level::Urgent => (badge(Badge::Bad, ask.t("危急"))),
                                Level::Abnormal => (badge(Badge::Warn, ask.t("异常"))),
                            } " " @if english { (it.doctor.en) } @else { (it.doctor.zh) } }
                        p.small.muted { (ask.t("对老人说")) (ask.t(":")) @if english { (it.elder.en) } @else { (it.elder.zh) } }
                    }
                }
            }
        }
    }
}

/// The scales that look closer, each as a way to begin it.
fn screening(ask: &Ask, elder: &Elder, form: &Form<'_>, found: &[Found]) -> Markup {
    let follows = |id: &str| found.iter().any(|it| it.guidance.iter().any(|one| one == id));
    let wanted: Vec<_> = form.guidance.iter().filter(|it| follows(&it.id) && it.instrument.is_some()).collect();
    if wanted.is_empty() || !ask.may(crate::assessment::APPLY) || !elder.is_living() {
        return html! {};
    }
    html! {
        section.card { header.card-head { h2 { (ask.t("建议进一步筛查")) } } div.card-body {
            @for it in wanted {
                @if let Some(instrument) = it.instrument.as_deref().and_then(|it| ask.app.policy.instrument(it)) {
                    p { a.btn href=(format!("/assessment/new?elder={}&kind={}", elder.key, instrument.id)) { (icon("clipboard-check"))
                        (ask.either(&instrument.name, &instrument.name_en)) }
                        " " small.muted { (it.name_in(field::lang(ask))) } }
                }
            }
        } }
    }
}

/// All values, section by section, with last year's beside.
fn table(ask: &Ask, shown: &Shown, form: &Form<'_>) -> Markup {
    let at = shown.years.iter().position(|it| it.0.key == shown.check.key);
    let values = at.and_then(|at| shown.years.get(at)).map(|it| &it.1);
    let before = at.and_then(|at| at.checked_sub(1)).and_then(|at| shown.years.get(at));
    let heads = [
        ask.t("项目").to_string(),
        ask.t("本次").to_string(),
        before.map_or(ask.t("上次").to_string(), |it| it.0.day.to_string()),
    ];
    let heads: Vec<&str> = heads.iter().map(|it| &**it).collect();
    html! {
        @for section in Section::ALL.into_iter().filter(|it| *it != Section::SelfCare) {
            @let rows = rows(ask, form, section, values, before.map(|it| &it.1), shown);
            @if !rows.is_empty() {
                section.card { header.card-head { h2 { (ask.t(words::title(words::SECTIONS, section.word()))) } }
                    (plain_table(&heads, &rows)) }
            }
        }
        @if let Some(it) = &shown.check.self_care {
            section.card { header.card-head { h2 { (ask.t("生活自理")) } } div.card-body {
                p { (ask.either(&it.level, &it.level_en)) " " (ask.f("{n} 分", &[("n", &it.total)])) }
                @if let Some(scale) = ask.app.policy.instrument_edition(&it.instrument, &it.edition) {
                    p.source { (ask.either(&scale.name, &scale.name_en)) }
                }
            } }
        }
    }
}

fn rows(
    ask: &Ask,
    form: &Form<'_>,
    section: Section,
    values: Option<&Values>,
    before: Option<&Values>,
    shown: &Shown,
) -> Vec<Vec<Markup>> {
    let sources = shown.sections.get(section.word()).map(|it| &it.sources);
    let items = form.of_section(section).into_iter().flat_map(|it| it.1);
    items
        .filter_map(|item| {
            let value = values?.get(&item.id)?;
            let abnormal = shown.check.found.iter().any(|it| it.item == item.id);
            let source = sources.and_then(|it| it.get(&item.id));
            Some(vec![
                html! { (item.name_in(field::lang(ask))) },
                html! {
                    @if abnormal { b { (field::shown(ask, form, item, value)) } " ▲" } @else { (field::shown(ask, form, item, value)) }
                    @if let Some(file) = source { " " small.muted { (ask.f("来自 {file}", &[("file", file)])) } }
                },
                html! { @if let Some(it) = before.and_then(|it| it.get(&item.id)) { (field::shown(ask, form, item, it)) } },
            ])
        })
        .collect()
}

fn finishing(ask: &Ask, check: &Check, input: &Input, errors: &[FieldError]) -> Markup {
    let action = |deed: &str| format!("{}/{deed}", check.link());
    html! {
        section.card { header.card-head { h2 { @if check.is_finished { (ask.t("已完成的体检")) } @else { (ask.t("完成体检")) } } }
            div.card-body {
                @if check.is_finished {
                    p.muted { (ask.t("晚到的化验结果可以直接补录;要改别的,退回补充。")) }
                    details { summary { (ask.t("退回补充")) }
                        form.form method="post" action=(action("reopen")) { (csrf(ask))
                            (kit_form::fields(ask, REOPEN_FIELDS, input, &Options::new(), errors))
                            div.form-foot { button.btn { (ask.t("退回补充")) } } }
                    }
                } @else {
                    form.form method="post" action=(action("finish")) { (csrf(ask))
                        @if !check.complete { (kit_form::fields(ask, FINISH_FIELDS, input, &Options::new(), errors)) }
                        div.form-foot { button.btn.btn-primary { (icon("check-circle")) (ask.t("完成体检")) } } }
                    p.help { (ask.t("完成后写入健康档案,并排定下一年的体检。")) }
                }
            } }
    }
}

fn who(ask: &Ask, shown: &Shown) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("谁填的")) } }
            div.card-body {
                @if shown.sections.is_empty() { p.muted { (ask.t("还没有填写。")) } }
                @else {
                    @let pairs: Vec<(&str, Markup)> = words::SECTIONS.iter().filter_map(|(word, title)| {
                        let it = shown.sections.get(*word)?;
                        Some((ask.t(title), html! { (it.who) " " small.muted { (time(&it.at)) } }))
                    }).collect();
                    (kv(&pairs))
                }
            } }
    }
}

fn other_years(ask: &Ask, shown: &Shown) -> Markup {
    let others: Vec<&Check> = shown.years.iter().rev().map(|it| &it.0).filter(|it| it.key != shown.check.key).collect();
    if others.is_empty() {
        return html! {};
    }
    html! {
        section.card { header.card-head { h2 { (ask.t("历年体检")) } } div.card-body {
            @for it in others {
                p { a href=(it.link()) { (it.day) } " "
                    @if it.abnormal == 0 { (ask.t("未见异常")) } @else { (ask.f("{n} 项异常", &[("n", &it.abnormal)])) } }
            }
        } }
    }
}

pub async fn finish(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let (key, sent): (Key, Input) = (key.parse()?, input.clone());
    let for_error = key.clone();
    let done = ask
        .write(move |tx, ask| {
            let reason = kit_form::check(FINISH_FIELDS, &sent, &Options::new())?.text("reason");
            let (mut check, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            course::finish(tx, ask, &mut check, &elder, &reason)?;
            Ok(check)
        })
        .await;
    after(&ask, done, for_error, &input, "体检已完成").await
}

pub async fn reopen(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let (key, sent): (Key, Input) = (key.parse()?, input.clone());
    let for_error = key.clone();
    let done = ask
        .write(move |tx, ask| {
            let reason = kit_form::check(REOPEN_FIELDS, &sent, &Options::new())?.text("reason");
            let (mut check, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            course::reopen(tx, ask, &mut check, &elder, &reason)?;
            Ok(check)
        })
        .await;
    after(&ask, done, for_error, &input, "已退回补充").await
}

/// On to the check after a deed, or the page again with what is wrong.
async fn after(ask: &Ask, done: Result<Check>, key: Key, input: &Input, said: &str) -> Result<Page> {
    match done {
        Ok(check) if check.is_urgent => Ok(ask.go(&check.link(), ask.t("已保存。有危急情况,请处理后转诊,两周内随访"))),
        Ok(check) => Ok(ask.go(&check.link(), ask.t(said))),
        Err(Error::Invalid(errors)) => {
            let shown = ask.read(move |tx, ask| load(tx, ask, &key)).await?;
            show(ask, &shown, input, &errors)
        }
        Err(other) => Err(other),
    }
}

/// What needs help today, above everything.
pub fn urgent(ask: &Ask, found: &[Found]) -> Markup {
    let urgent: Vec<&Found> = found.iter().filter(|it| it.level == Level::Urgent).collect();
    if urgent.is_empty() {
        return html! {};
    }
    let english = ask.lang == Lang::En;
    alert(
        Badge::Bad,
        ask.t("请马上处理"),
        html! { @for it in urgent { p { @if english { (it.elder.en) } @else { (it.elder.zh) } } } },
    )
}
