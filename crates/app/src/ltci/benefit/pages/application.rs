//! One application: what is asked for, what the rules say, and the decision.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, alert, badge, crumbs, kv, time},
};
use maud::{Markup, html};
use rules::{base::Text, policy::Because};

use crate::{
    assessment::{self, Assessment},
    elders::{self, Elder, Key},
    institutions,
    ltci::{
        APPLY, HANDLE,
        benefit::{
            application::{self, Application},
            decide::{self, Proposal},
        },
        words,
    },
};

pub const REFUSE: &[Field] = &[
    field("reason", "不予受理的原因", Kind::Choice(words::REFUSALS)).required(),
    field("note", "说明", Kind::Text(200)),
];
pub const WITHDRAW: &[Field] = &[field("note", "说明", Kind::Text(200))];

struct Shown {
    it: Application,
    elder: Elder,
    provider: String,
    assessment: Option<Assessment>,
    proposal: Option<Proposal>,
    because: Vec<Because>,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let (it, elder) = application::find(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, &format!("ltci application {key}"))?;
            let policy = ask.app.policy_in(&key.region, ask.today());
            let proposal = match &*it.state {
                "deciding" => Some(decide::propose(tx, ask, &it, &policy)?),
                _ => None,
            };
            let all = assessment::of_elder(tx, &elder.key)?;
            Ok(Shown {
                provider: provider_name(tx, &it)?,
                assessment: all.into_iter().find(|one| Some(one.key.id) == it.assessment),
                proposal,
                because: policy.because(),
                it,
                elder,
            })
        })
        .await?;
    let content = html! {
        div.cols {
            div.stack { (asked(&ask, &shown)) @if let Some(it) = &shown.proposal { (says(&ask, &shown, it)) } }
            div.stack { (outcome(&ask, &shown)) (deeds(&ask, &shown)) }
        }
    };
    let to_elder = format!("/elders/{}", shown.elder.key);
    let way = crumbs(
        &ask,
        &[("/ltci/applications", ask.t("待遇申请")), (&to_elder, &shown.elder.name), ("", ask.t("申请长护险待遇"))],
    );
    Ok(ask.page(Head::new(&shown.elder.name).line(elders::about(&ask, &shown.elder)).crumbs(way), content))
}

fn provider_name(tx: &Tx<'_>, it: &Application) -> Result<String> {
    match it.provider {
        None => Ok(String::new()),
        Some(id) => Ok(institutions::by_key(tx, &Key { region: it.key.region.clone(), id })?.name),
    }
}

fn asked(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let (title, kind) = words::shown(words::STATES, &it.state);
    let grade = match it.grade {
        Some(grade) => ask.f("{n} 级", &[("n", &u8::from(grade))]),
        None => "—".into(),
    };
    let pairs = [
        (ask.t("状态"), badge(kind, ask.t(title))),
        (ask.t("服务方式"), html! { (ask.t(words::title(words::MODES, &it.mode))) }),
        (ask.t("服务机构"), html! { @if shown.provider.is_empty() { "—" } @else { (shown.provider) } }),
        (ask.t("由谁申请"), html! { (ask.t(words::title(words::APPLICANTS, &it.applicant))) " " (it.applicant_name) }),
        (ask.t("申请时间"), time(&it.applied)),
        (
            ask.t("失能评估"),
            html! {
                @match &shown.assessment {
                    Some(one) => { a href=(one.link()) { (ask.t("查看评估")) } " " (one.level_name) },
                    None => "—",
                }
            },
        ),
        (ask.t("失能等级"), html! { (grade) }),
        (ask.t("办结期限"), html! { @match it.due { Some(day) => (day), None => "—" } }),
        (ask.t("情况说明"), html! { @if it.note.is_empty() { "—" } @else { (it.note) } }),
    ];
    html! { section.card { header.card-head { h2 { (ask.t("申请")) } } div.card-body { (kv(&pairs)) } } }
}

/// What the rules say, with every value and its document.
fn says(ask: &Ask, shown: &Shown, it: &Proposal) -> Markup {
    let undecided =
        |text: Text| alert(Badge::Warn, ask.t("现在不能决定"), html! { p { (text.in_lang(ask.lang.into())) } });
    html! {
        section.card { header.card-head { h2 { (ask.t("按政策应作的决定")) } } div.card-body.stack {
            @match (&it.entitlement, &it.from) {
                (Err(none), _) | (_, Err(none)) => (undecided(none.text())),
                (Ok(found), Ok(from)) if found.entitled.is_yes() => {
                    p.big { (badge(Badge::Ok, ask.t("符合条件"))) " " (ask.f("{day} 起享受待遇", &[("day", from)])) }
                },
                (Ok(found), Ok(_)) => {
                    p.big { (badge(Badge::Bad, ask.t("不符合条件"))) }
                    ul { @for one in &found.refusals {
                        li { (ask.t(words::title(words::DENIALS, decide::refusal_word(*one)))) }
                    } }
                },
            }
            (reasons(ask, &shown.because))
        } }
    }
}

/// Each value a decision rests on, with its document and mark.
pub fn reasons(ask: &Ask, all: &[Because]) -> Markup {
    html! {
        details.why open { summary { (ask.t("依据的政策")) }
            ol.reasons { @for it in all { li { (assessment::of_value(ask, it)) } } }
        }
    }
}

fn outcome(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let Some(day) = it.decided else { return html! {} };
    let why: Vec<&str> = it
        .reason
        .split_whitespace()
        .map(|word| {
            let known = [words::DENIALS, words::REFUSALS, words::REASONS].into_iter().flatten();
            ask.t(known.into_iter().find(|one| one.0 == word).map_or("", |it| it.1))
        })
        .collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("决定")) } } div.card-body.stack {
            p { (day) " " (it.decided_by) }
            @if !why.is_empty() { p { (why.join(ask.t("、"))) } }
            @if !it.reason_note.is_empty() { p { (it.reason_note) } }
            @if !it.decision.is_empty() && ask.may(crate::policy::DECISIONS) {
                p { a href=(format!("/policy/decisions/{}", it.decision)) { (ask.t("决定的理由")) } }
            }
            @if it.state == "granted" { p { a href=(format!("/ltci/benefits/{}", shown.elder.key)) { (ask.t("查看待遇")) } } }
        } }
    }
}

fn deeds(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let here = it.link();
    if !it.is_open() || !(ask.may(HANDLE) || ask.may(APPLY)) {
        return html! {};
    }
    let form = |to: &str, title: &str, fields: &[Field], confirm: &str| {
        html! {
            details { summary { (ask.t(title)) }
                form.form method="post" action=(format!("{here}/{to}")) data-confirm=(ask.t(confirm)) {
                    (csrf(ask)) (kit_form::fields(ask, fields, &Input::default(), &Options::new(), &[]))
                    button.btn { (ask.t(title)) }
                }
            }
        }
    };
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("现在可以办理")) } } div.card-body.stack {
            @if ask.may(HANDLE) && it.state == "deciding" {
                form method="post" action=(format!("{here}/decide")) data-confirm=(ask.t("按上面的结果作出决定?决定会通知申请人。")) {
                    (csrf(ask)) button.btn.btn-primary { (ask.t("作出决定")) }
                }
            }
            @if ask.may(HANDLE) { (form("refuse", "不予受理", REFUSE, "不予受理这份申请?")) }
            @if ask.may(APPLY) { (form("withdraw", "撤回申请", WITHDRAW, "撤回这份申请?")) }
        } }
    }
}

async fn deed(
    ask: Ask,
    key: String,
    said: &'static str,
    work: impl FnOnce(&Tx<'_>, &Ask, &Application, &Elder) -> Result<()> + Send + 'static,
) -> Result<Page> {
    let key: Key = key.parse()?;
    let to = ask
        .write(move |tx, ask| {
            let (it, elder) = application::find(tx, &ask.who.scope, &key)?;
            work(tx, ask, &it, &elder)?;
            Ok(it.link())
        })
        .await?;
    Ok(ask.go(&to, ask.t(said)))
}

pub async fn decide(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    deed(ask, key, "已作出决定", |tx, ask, it, elder| decide::decide_on(tx, ask, it, elder).map(|_| ())).await
}

pub async fn refuse(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已不予受理", move |tx, ask, it, elder| refuse_by(tx, ask, it, elder, &input)).await
}

pub async fn withdraw(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已撤回", move |tx, ask, it, elder| withdraw_by(tx, ask, it, elder, &input)).await
}

pub fn refuse_by(tx: &Tx<'_>, ask: &Ask, it: &Application, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(REFUSE, input, &Options::new())?;
    decide::refuse(tx, ask, it, elder, &checked.text("reason"), &checked.text("note"))
}

pub fn withdraw_by(tx: &Tx<'_>, ask: &Ask, it: &Application, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(WITHDRAW, input, &Options::new())?;
    if !it.is_open() {
        return Err(Error::refused("wrong_state", "申请已办结"));
    }
    decide::withdraw(tx, ask, it, elder, &checked.text("note"))
}
