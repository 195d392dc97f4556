//! A person's vaccinations: what is next for each vaccine, doses, refusals, adverse events.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result, Tx,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, apart, badge, empty, icon},
};
use maud::{Markup, html};
use rules::vaccination::{Plan, State};

use crate::{
    elders::{self, Elder, Key},
    vaccination::{
        WRITE,
        dose::{self, Dose},
        former,
        reaction::{self, Reaction},
        refusal::{self, Refused},
        schedule, words,
    },
};

struct Shown {
    elder: Elder,
    plans: Vec<(String, Plan)>,
    doses: Vec<Dose>,
    refusals: Vec<Refused>,
    reactions: Vec<Reaction>,
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let elder = elders::find(tx, &ask.who.scope, key)?;
    elders::note(tx, ask, "look", &elder, "vaccination")?;
    let mut plans = Vec::new();
    for vaccine in schedule::offered(ask, &key.region) {
        plans.push((vaccine.id.clone(), schedule::next(tx, ask, &elder, vaccine)?));
    }
    Ok(Shown {
        plans,
        doses: dose::of(tx, key)?,
        refusals: refusal::of(tx, key)?,
        reactions: reaction::of(tx, key)?,
        elder,
    })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let it = ask.write(move |tx, ask| load(tx, ask, &key)).await?;
    let here = dose::link(&it.elder.key);
    let may = ask.may(WRITE) && it.elder.is_living();
    let actions = html! {
        button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
        @if may { a.btn.btn-primary href=(format!("{here}/dose")) { (icon("bandaid")) (ask.t("接种")) } }
    };
    let content = html! {
        div.cols {
            div.stack {
                (plans(&ask, &here, &it, may))
                (doses(&ask, &here, &it, may))
            }
            div.stack {
                (reactions(&ask, &here, &it.elder.key.region, &it.reactions, may))
                @if may {
                    details.card { summary.card-head { (ask.t("登记别处接种的")) } div.card-body {
                        form.form.grid method="post" action=(format!("{here}/former")) { (csrf(&ask))
                            (vaccines(&ask, &it))
                            (apart("former", kit_form::fields(&ask, &former::FIELDS[1..], &Input::default(), &Options::new(), &[])))
                            button.btn { (ask.t("登记")) } } } }
                    details.card { summary.card-head { (ask.t("不接种、禁忌或暂缓")) } div.card-body {
                        form.form.grid method="post" action=(format!("{here}/refuse")) { (csrf(&ask))
                            (vaccines(&ask, &it))
                            (apart("refuse", kit_form::fields(&ask, &refusal::FIELDS[1..], &Input::default(), &Options::new(), &[])))
                            button.btn { (ask.t("登记")) } } } }
                }
            }
        }
    };
    let head = Head::new(&it.elder.name)
        .line(elders::about(&ask, &it.elder))
        .crumbs(super::way(&ask, &it.elder, ""))
        .actions(actions);
    Ok(ask.page(head, content))
}

fn vaccines(ask: &Ask, it: &Shown) -> Markup {
    html! {
        div.field { label { (ask.t("疫苗")) " "
            select name="vaccine" required { @for (id, _) in &it.plans { option value=(id) { (schedule::name(ask, &it.elder.key.region, id)) } } } } }
    }
}

fn plans(ask: &Ask, here: &str, it: &Shown, may: bool) -> Markup {
    let region = &it.elder.key.region;
    html! {
        section.card { header.card-head { h2 { (ask.t("接种安排")) } }
            @if it.plans.is_empty() { (empty(ask.t("本地当日没有在行的接种政策"), "", html! {})) }
            div.tablewrap { table.plain.stacks {
                thead { tr { @for head in ["疫苗", "下一剂", "可种日", "费用", "说明"] { th scope="col" { (ask.t(head)) } } @if may { th {} } } }
                tbody { @for (id, plan) in &it.plans { tr {
                    @let refused = it.refusals.iter().find(|one| one.vaccine == *id);
                    td { b { (schedule::name(ask, region, id)) } }
                    td data-label=(ask.t("下一剂")) { @if plan.state == State::Complete { (badge(Badge::Ok, ask.t("已完成"))) } @else { (ask.f("第 {n} 剂", &[("n", &plan.number)])) } }
                    td data-label=(ask.t("可种日")) { @match (plan.state, plan.from) {
                        (State::Due, _) => (badge(Badge::Warn, ask.t("现在应种"))),
                        (_, Some(day)) => (day),
                        _ => "—",
                    } }
                    td data-label=(ask.t("费用")) { @if plan.state != State::Complete { (badge(if plan.is_free { Badge::Ok } else { Badge::Muted }, ask.t(if plan.is_free { "免费" } else { "自费" }))) } }
                    td data-label=(ask.t("说明")) { @if let Some(one) = refused { (words::badge(ask, words::STATES, &one.kind)) " " (one.reason) " "
                            small.muted { (one.day) " " (one.who) @if let Some(until) = one.until { " · " (ask.f("{day} 再问", &[("day", &until)])) } }
                            @if may { form method="post" action=(format!("{here}/refusals/{}/withdraw", one.id)) { (csrf(ask)) button.btn.btn-sm.btn-ghost { (ask.t("撤回")) } } } }
                        @else { @for reason in &plan.reasons { small { (ask.either(&reason.zh, &reason.en)) } } } }
                    @if may { td { @if plan.state == State::Due { a.btn.btn-sm href=(format!("{here}/dose?vaccine={id}")) { (ask.t("接种")) } } } }
                } } }
            } }
        }
    }
}

fn doses(ask: &Ask, here: &str, it: &Shown, may: bool) -> Markup {
    let region = &it.elder.key.region;
    html! {
        section.card { header.card-head { h2 { (ask.t("接种记录")) } }
            @if it.doses.is_empty() { div.card-body { p.muted { (ask.t("没有接种记录")) } } }
            @for one in &it.doses { div.card-body {
                p { b { (one.day) " " (schedule::name(ask, region, &one.vaccine)) } " " (ask.f("第 {n} 剂", &[("n", &one.number)])) " "
                    (badge(if one.free { Badge::Ok } else { Badge::Muted }, ask.t(if one.free { "免费" } else { "自费" })))
                    @if one.voided.is_some() { " " (badge(Badge::Muted, ask.t("已作废"))) } }
                p.small { (lot(ask, one)) }
                p.small.muted { (one.place) " " (one.vaccinator) " " (ask.t(words::title(words::SITES, &one.site))) " " (one.remark) " " (one.void_reason)
                    @if one.source != "here" { " " (ask.t("别处接种")) }
                    @if one.consent.is_some() { " " a href=(format!("{here}/doses/{}/consent", one.id)) { (ask.t("知情同意签名")) } } }
                @if may && one.voided.is_none() {
                    details { summary { (ask.t("登记反应")) }
                        form.form.grid method="post" action=(format!("{here}/doses/{}/reaction", one.id)) { (csrf(ask))
                            (apart(&format!("dose-{}", one.id), kit_form::fields(ask, reaction::FIELDS, &Input::default(), &Options::new(), &[])))
                            button.btn { (ask.t("登记")) } } }
                    details { summary { (ask.t("登记有误,作废")) }
                        form.form method="post" action=(format!("{here}/doses/{}/void", one.id)) data-confirm=(ask.t("作废这条接种记录?")) { (csrf(ask))
                            input name="reason" required maxlength="200" placeholder=(ask.t("作废的原因")) aria-label=(ask.t("作废的原因"));
                            button.btn.btn-danger { (ask.t("作废")) } } }
                }
            } }
        }
    }
}

/// Batch, maker and expiry, as far as they are known of a dose that was given elsewhere.
fn lot(ask: &Ask, one: &Dose) -> String {
    let parts = [
        (&one.batch_number, ask.f("批号 {batch}", &[("batch", &one.batch_number)])),
        (&one.maker, one.maker.clone()),
        (&one.expires, ask.f("有效期至 {day}", &[("day", &one.expires)])),
    ];
    parts.into_iter().filter(|it| !it.0.is_empty()).map(|it| it.1).collect::<Vec<_>>().join(" · ")
}

fn reactions(ask: &Ask, here: &str, region: &str, all: &[Reaction], may: bool) -> Markup {
    if all.is_empty() {
        return html! {};
    }
    html! {
        section.card { header.card-head { h2 { (ask.t("接种后反应")) } }
            @for it in all { div.card-body {
                p { b { (it.day) " " (schedule::name(ask, region, &it.vaccine)) } " " (words::badge(ask, words::GRADE_BADGES, &it.grade)) }
                p { (it.what) " " (ask.t(words::title(words::OUTCOMES, &it.outcome))) " " small.muted { (it.who) } }
                @if it.reported.is_none() {
                    p.error { (ask.f("须在 {time} 前报告", &[("time", &kit::clock::minute(&it.report_until))])) }
                    @if may { form.form method="post" action=(format!("{here}/reactions/{}/reported", it.id)) { (csrf(ask))
                        input name="reported_to" required maxlength="100" placeholder=(ask.t("报告单位及编号")) aria-label=(ask.t("报告单位及编号"));
                        button.btn { (ask.t("已报告")) } } }
                } @else if !it.reported_to.is_empty() { p.small { (ask.f("已报告:{to}", &[("to", &it.reported_to)])) } }
            } }
        }
    }
}

async fn deed(
    ask: Ask,
    key: String,
    said: &'static str,
    work: impl FnOnce(&Tx<'_>, &Ask, &Elder) -> Result<()> + Send + 'static,
) -> Result<Page> {
    elders::deed(&ask, &key, work).await?;
    Ok(ask.go(&dose::link(&key.parse()?), ask.t(said)))
}

fn number(id: &str) -> Result<Id> {
    id.parse().map_err(|_| Error::NotFound)
}

pub async fn former(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已登记", move |tx, ask, elder| former::from_input(tx, ask, elder, &input).map(drop)).await
}

pub async fn refuse(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已登记", move |tx, ask, elder| refusal::add(tx, ask, elder, &input).map(drop)).await
}

pub async fn withdraw(ask: Ask, Path((key, id)): Path<(String, String)>) -> Result<Page> {
    let id = number(&id)?;
    deed(ask, key, "已撤回", move |tx, ask, elder| refusal::withdraw(tx, ask, elder, id)).await
}

pub async fn void(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Page> {
    let id = number(&id)?;
    deed(ask, key, "已作废", move |tx, ask, elder| dose::void(tx, ask, elder, id, &input)).await
}

pub async fn reaction(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Page> {
    let id = number(&id)?;
    deed(ask, key, "已登记", move |tx, ask, elder| reaction::add(tx, ask, elder, id, &input).map(drop)).await
}

pub async fn reported(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Page> {
    let id = number(&id)?;
    deed(ask, key, "已写下报告", move |tx, ask, elder| reaction::reported(tx, ask, elder, id, &input)).await
}
