//! The page of one assessment: where it stands, who did what, the answers, the result and why, evidence, history.

use axum::extract::Path;
use kit::{
    Ask, Lang, Result, Tx,
    page::{Badge, Head, Page, alert, badge, crumbs, icon, kv, time},
};
use maud::{Markup, html};
use rules::assessment_course::State;

use super::{comparison, evidence as pictures, forms, why};
use crate::{
    assessment::{
        answers::{self, Kept},
        apply, course, effect,
        evidence::{self, Evidence},
        list::{instrument_name, state_badge},
        people,
        record::{self, Assessment, Assessor},
        sources, words,
        work::level_in,
    },
    elders::{self, Elder, Key},
};

pub struct Shown {
    pub it: Assessment,
    pub elder: Elder,
    pub steps: Vec<course::Step>,
    pub evidence: Vec<Evidence>,
    pub alike: Vec<Assessment>,
    pub assessors: people::Choice,
    pub answers: Vec<Kept>,
    pub answered: usize,
}

pub fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let (it, elder) = record::find(tx, &ask.who.scope, key)?;
    record::note(tx, ask, "look", &it, &elder, "")?;
    let given = answers::read(tx, &it)?;
    let instrument = it.instrument_used(&ask.app.policy);
    let answers = match answers::kept(&it)? {
        Some(kept) => kept,
        None => instrument.map(|one| answers::in_words(one, &given)).unwrap_or_default(),
    };
    let mut for_options = it.clone();
    if it.state == State::Objected {
        // A review is done by others than those of the conclusion objected to.
        for_options.reason = "objection".into();
        for_options.supersedes = Some(it.key.id);
    }
    Ok(Shown {
        steps: course::steps(tx, &it)?,
        evidence: evidence::all(tx, &it)?,
        alike: effect::latest(tx, &elder.key, &it.instrument)?,
        assessors: people::choice(tx, ask, &elder, &for_options)?,
        answered: given.len(),
        answers,
        it,
        elder,
    })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask.write(move |tx, ask| load(tx, ask, &key)).await?;
    let (it, elder) = (&shown.it, &shown.elder);
    let title = if it.programme.is_formal() {
        ask.t(apply::title_of(it.programme)).to_string()
    } else {
        instrument_name(&ask, &it.instrument)
    };
    let sub = ask.f(
        "{name} · {age} 岁 · {reason} · {place}",
        &[
            ("name", &elder.name),
            ("age", &elder.age_on(ask.today())),
            ("reason", &ask.t(words::title(words::REASONS, &it.reason))),
            ("place", &ask.app.places.tree().words(&elder.place)),
        ],
    );
    let actions = html! {
        @if it.result.is_some() {
            a.btn href=(format!("{}/report", it.link())) { (icon("printer")) (ask.t("评估报告")) }
        }
    };
    let elder_link = format!("/elders/{}", elder.key);
    let way = if ask.may(elders::READ) {
        crumbs(&ask, &[("/assessment", ask.t("评估")), (&elder_link, &elder.name), ("", &title)])
    } else {
        crumbs(&ask, &[("/assessment", ask.t("评估")), ("", &title)])
    };
    let content = html! {
        @if it.programme.is_formal() { (steps(&ask, it)) }
        (changed(&ask, it))
        div.cols {
            div.stack {
                (forms::card(&ask, it, &shown.assessors))
                (result_card(&ask, it)?)
                (comparison::card(&ask, &shown.alike))
                (answers_card(&ask, &shown))
                (pictures::card(&ask, it, &shown.evidence))
            }
            div.stack {
                (course_card(&ask, it))
                (history(&ask, &shown.steps))
            }
        }
    };
    Ok(ask.page(Head::new(&title).line(sub).crumbs(way).actions(actions), content))
}

/// Application, material, dispatch, site, review, notice, in force.
fn steps(ask: &Ask, it: &Assessment) -> Markup {
    let place = match it.state {
        State::Draft | State::Returned => 0,
        State::Submitted | State::CheckingMaterials | State::Rejected => 1,
        State::AwaitingDispatch => 2,
        State::Assessing => 3,
        State::AwaitingSecondSignature => 4,
        State::OnNotice => 5,
        State::Objected | State::Reviewing if it.valid_from.is_none() => 5,
        State::Ended if it.concluded.is_none() => match (it.planned_day.is_some(), it.accepted.is_some()) {
            (true, _) => 3,
            (_, true) => 2,
            _ => 1,
        },
        _ => 6,
    };
    let failed = matches!(it.state, State::Rejected | State::Objected | State::Reviewing)
        || (it.state == State::Ended && it.concluded.is_none());
    let day = |it: &Option<String>| it.clone().unwrap_or_default();
    let names: Vec<&str> = it.assessors.iter().map(|it| &*it.name).filter(|it| !it.is_empty()).collect();
    let date = |it: Option<rules::base::Date>| it.map(|it| it.to_string()).unwrap_or_default();
    let all: Vec<(&str, String)> = [
        ("申请", kit::clock::minute(&it.applied).chars().take(10).collect::<String>()),
        ("材料审核", day(&it.accepted)),
        ("派单", day(&it.planned_day)),
        ("现场评估", names.join("、")),
        ("复核", it.reviewer_name.clone()),
        ("公示", it.notice_until.map_or(String::new(), |it| ask.f("至 {day}", &[("day", &it)]))),
        ("生效", date(it.valid_from)),
    ]
    .into_iter()
    .collect();
    html! {
        ol.steps aria-label=(ask.t("评估进度")) {
            @for (at, (title, note)) in all.iter().enumerate() {
                @if at != 5 || it.programme.has_notice() {
                    @let state = if at < place { Some("done") } else if at > place { None } else if failed { Some("failed") } else if place == 6 { Some("done") } else { Some("now") };
                    li class=[state] aria-current=[(at == place).then_some("step")] {
                        span { (ask.t(title)) }
                        @if at == place && !matches!(it.state, State::Effective) { small { (it.state.text().in_lang(ask.lang.into())) } }
                        @else if !note.is_empty() { small { (note) } }
                    }
                }
            }
        }
    }
}

fn changed(ask: &Ask, it: &Assessment) -> Markup {
    let unfinished = it.result.is_none() && !it.state.is_final();
    html! {
        @if unfinished && it.instrument_used(&ask.app.policy).is_none() {
            (alert(Badge::Warn, ask.t("评估开始后量表内容有改动,请按新内容重新开始"), html! {
                p { a href=(format!("{}/answers", it.link())) { (ask.t("到作答页重新开始")) } }
            }))
        }
        @if let Some(id) = it.superseded_by {
            (alert(Badge::Info, ask.t("已有新的评估结论"), html! {
                p { a href=(format!("/assessment/{}-{id}", it.key.region)) { (ask.t("打开新的评估")) } }
            }))
        }
        @if let Some(id) = it.supersedes {
            (alert(Badge::Info, ask.t("这是对异议的复评"), html! {
                p { a href=(format!("/assessment/{}-{id}", it.key.region)) { (ask.t("打开被提出异议的评估")) } }
            }))
        }
    }
}

fn result_card(ask: &Ask, it: &Assessment) -> Result<Markup> {
    let Some(outcome) = &it.result else { return Ok(html! {}) };
    Ok(html! {
        section.card { header.card-head {
                h2 { (ask.t("结果")) (ask.t(":")) (level_in(ask, it)) }
                div.actions {
                    (state_badge(ask, it.state))
                    @if outcome.confirmed.is_doubtful() { " " (badge(Badge::Unconfirmed, ask.t("待核"))) }
                }
            }
            div.card-body.stack {
                @if !outcome.results.is_empty() {
                    (kv(&outcome.results.iter().map(|(name, it)| (ask.t(name), html! { (ask.t(it)) })).collect::<Vec<_>>()))
                }
                (why::card(ask, it, outcome))
                (why::tier(ask, it))
                (why::terms(ask, it)?)
            }
        }
    })
}

fn answers_card(ask: &Ask, shown: &Shown) -> Markup {
    let english = ask.lang == Lang::En;
    let instrument = shown.it.instrument_used(&ask.app.policy);
    let total = instrument.map_or(shown.answers.len(), |it| it.items.len());
    let basis = instrument.map(|it| sources::citation(ask, it.basis.document(), it.basis.clause()));
    html! {
        section.card { header.card-head { h2 { (ask.t("逐项答案")) }
                span.muted { (ask.f("已答 {n}/{total}", &[("n", &shown.answered.max(shown.answers.len())), ("total", &total)])) } }
            @if shown.answers.is_empty() { div.card-body { p.muted { (ask.t("还没有作答")) } } }
            @else {
                div.tablewrap { table.plain {
                    thead { tr { th scope="col" { (ask.t("条目")) } th scope="col" { (ask.t("答案")) } th.num scope="col" { (ask.t("分值")) } } }
                    tbody { @for it in &shown.answers { tr {
                        td { @if english { (it.name_en) } @else { (it.name) } }
                        td { (it.wording) }
                        td.num { (it.score) }
                    } } }
                } }
                div.card-foot { (facts(ask, &shown.it))
                    p.small.muted { (instrument_name(ask, &shown.it.instrument)) " " (shown.it.edition) @if let Some(basis) = basis { " · " (basis) } } }
            }
        }
    }
}

/// The facts that counted beside the answers, in words.
pub fn facts(ask: &Ask, it: &Assessment) -> Markup {
    let Ok(facts) = answers::facts(it) else { return html! {} };
    let title = |name: &str| match name {
        "coma" => "是否处于昏迷状态",
        "diagnoses" => "经确诊的疾病(ICD-10 编码)",
        "risk_events" => "近 30 天内照护风险事件次数",
        _ => "受教育程度",
    };
    html! {
        @for (name, value) in &facts.0 { p.small { (ask.t(title(name))) (ask.t(":")) (rules::policy::shown(value)) } }
    }
}

/// Who and when, as far as it is known.
fn course_card(ask: &Ask, it: &Assessment) -> Markup {
    let text = |it: &str| (!it.is_empty()).then(|| html! { (it) });
    let day = |it: &Option<String>| it.as_deref().and_then(text);
    let date = |it: Option<rules::base::Date>| it.map(|it| html! { (it) });
    let at = |it: &Option<String>| it.as_deref().map(time);
    let span = |from: Option<rules::base::Date>, until: Option<rules::base::Date>| {
        from.map(|from| html! { (from) @if let Some(until) = until { " — " (until) } })
    };
    let signed = |one: &Assessor| {
        let mark = html! {
            (one.name)
            @if let Some(when) = &one.signed { " " small.muted { (ask.t("签名")) " " (time(when)) } }
            @if let Some(file) = one.signature {
                " " img.signature src=(format!("{}/files/{file}", it.link())) alt=(ask.t("签名")) height="40";
            }
        };
        (!one.name.is_empty()).then_some(mark)
    };
    let formal = it.programme.is_formal();
    let applicant = html! { (ask.t(words::title(words::APPLICANTS, &it.applicant))) " " (it.applicant_name) };
    let visit = it.planned_day.as_ref().map(|day| html! { (day) " " (it.planned_time) });
    let all: Vec<(&str, Option<Markup>)> = vec![
        ("状态", Some(state_badge(ask, it.state))),
        ("由谁申请", formal.then_some(applicant)),
        ("申请时间", formal.then(|| time(&it.applied))),
        ("失能开始日期", day(&it.disabled_since)),
        ("受理日期", day(&it.accepted)),
        ("办结期限", day(&it.due_day)),
        ("上门时间", visit),
        ("评估地点", Some(html! { (it.place_in_words(ask)) })),
        ("信息提供者", text(&it.informant)),
        (if formal { "第一评估员" } else { "评估员" }, signed(&it.assessors[0])),
        ("第二评估员", signed(&it.assessors[1])),
        ("开始", at(&it.started)),
        ("结束", at(&it.ended)),
        ("复核", text(&it.reviewer_name)),
        ("结论日期", date(it.concluded)),
        ("公示", span(it.notice_from, it.notice_until)),
        ("异议截止", date(it.objection_until)),
        ("有效期", span(it.valid_from, it.valid_until)),
        ("情况说明", text(&it.remark)),
    ];
    let known: Vec<(&str, Markup)> = all.into_iter().filter_map(|(title, it)| Some((ask.t(title), it?))).collect();
    html! { section.card { header.card-head { h2 { (ask.t("办理情况")) } } div.card-body { (kv(&known)) } } }
}

fn history(ask: &Ask, steps: &[course::Step]) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("经过")) } }
            ul.tasks { @for it in steps.iter().rev() {
                li.task { (icon("clock-history"))
                    div { span { (course::title(ask, &it.event)) @if it.from != it.to { " → " (it.to.text().in_lang(ask.lang.into())) } }
                        small { (time(&it.at)) " " (it.who) @if it.to == State::Reviewing && it.reason.parse::<Key>().is_ok() {
                            " · " a href=(format!("/assessment/{}", it.reason)) { (ask.t("打开复评")) }
                        } @else if !it.reason.is_empty() { " · " (it.reason) } } }
                }
            } }
        }
    }
}
