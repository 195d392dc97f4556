//! A patient's page: what is next, diseases, medicines, trend, visits, referrals, checks.

use axum::extract::Path;
use kit::{
    Ask, Result, Said,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, badge, empty, icon},
};
use maud::{Markup, html};

use super::{trend, yearly};
use crate::{
    chronic::{
        WRITE, care,
        check::{self, Check},
        disease::{self, Disease},
        medicine::{self, Medicine},
        referral::{self, Referral},
        screening::{self, Taken},
        visit::{self, Visit},
        words,
    },
    elders::{self, Elder, Key},
};

/// Everything known of a patient.
pub struct Patient {
    pub elder: Elder,
    pub diseases: Vec<Disease>,
    pub visits: Vec<Visit>,
    pub medicines: Vec<Medicine>,
    pub referrals: Vec<Referral>,
    pub checks: Vec<Check>,
    pub taken: Vec<Taken>,
}

pub fn load(tx: &kit::Tx<'_>, ask: &Ask, key: &Key) -> Result<Patient> {
    let elder = elders::find(tx, &ask.who.scope, key)?;
    elders::note(tx, ask, "look", &elder, "chronic")?;
    Ok(Patient {
        diseases: disease::of(tx, key)?.to_vec(),
        visits: visit::of(tx, key, 60)?,
        medicines: medicine::of(tx, key)?,
        referrals: referral::of(tx, key)?,
        checks: check::of(tx, key)?,
        taken: screening::of(tx, key)?,
        elder,
    })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let it = ask.write(move |tx, ask| load(tx, ask, &key)).await?;
    let elder = &it.elder;
    let here = care::link(&elder.key);
    let may = ask.may(WRITE) && elder.is_living();
    let followed = it.diseases.iter().any(|it| it.ended.is_none() && it.followed().is_some());
    let actions = html! {
        a.btn.btn-ghost href=(format!("{here}/card")) { (icon("printer")) (ask.t("随访卡")) }
        @if may {
            a.btn href=(format!("{here}/measure")) { (icon("droplet")) (ask.t("筛查测量")) }
            @if followed {
                a.btn href=(format!("{here}/register")) { (icon("plus-lg")) (ask.t("登记慢病")) }
                a.btn.btn-primary href=(format!("{here}/visit")) { (icon("activity")) (ask.t("慢病随访")) }
            } @else { a.btn.btn-primary href=(format!("{here}/register")) { (icon("plus-lg")) (ask.t("登记慢病")) } }
        }
    };
    let content = html! {
        (open_referrals(&ask, &here, &it.referrals, may))
        div.cols {
            div.stack {
                (diseases(&ask, &here, &it.diseases, may))
                (medicines(&ask, &here, &it.medicines, may))
                section.card { header.card-head { h2 { (ask.t("变化")) } } div.card-body {
                    @let points = trend::points(&it.visits, &it.taken);
                    @if points.len() < 2 { p.muted { (ask.t("测量两次以上后显示血压和血糖的变化")) } }
                    @else { (trend::charts(&ask, &points)) }
                } }
            }
            div.stack {
                (next(&ask, &it))
                (yearly::card(&ask, &elder.key.region, &it.diseases, &it.visits, &it.checks))
                (visits(&ask, elder, &it.visits))
                (checks(&ask, &here, &it.checks, may))
                (closed_referrals(&ask, &it.referrals))
            }
        }
    };
    let head =
        Head::new(&elder.name).line(elders::about(&ask, elder)).crumbs(super::way(&ask, elder, "")).actions(actions);
    Ok(ask.page(head, content))
}

fn next(ask: &Ask, it: &Patient) -> Markup {
    let Some(last) = it.visits.iter().find(|it| it.voided.is_none()) else { return html! {} };
    html! {
        section.card { header.card-head { h2 { (ask.f("上次随访 {day}", &[("day", &last.day)])) } }
            div.card-body.stack { (super::outcome(ask, &last.judged, false)) } }
    }
}

fn diseases(ask: &Ask, here: &str, all: &[Disease], may: bool) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("慢性病")) } }
            @if all.is_empty() { (empty(ask.t("没有登记慢性病"), ask.t("确诊后在这里登记,高血压和2型糖尿病按规范随访。"), html! {})) }
            @else { div.tablewrap { table.plain.stacks {
                thead { tr { @for head in ["病种", "编码", "确诊", "纳入管理", "状态"] { th scope="col" { (ask.t(head)) } } @if may { th {} } } }
                tbody { @for it in all { tr {
                    td { b { (ask.t(words::title(words::DISEASES, &it.kind))) } @if !it.remark.is_empty() { " " small.muted { (it.remark) } } }
                    td data-label=(ask.t("编码")) { (it.icd) }
                    td data-label=(ask.t("确诊")) { (it.diagnosed) " " small.muted { (it.diagnosed_by) } }
                    td data-label=(ask.t("纳入管理")) { time { (it.registered) } " " small.muted { (it.who) } }
                    td data-label=(ask.t("状态")) { @match it.ended {
                        Some(day) => { (badge(Badge::Muted, &ask.f("{day} 终止", &[("day", &day)]))) " " small { (ask.t(words::title(words::END_REASONS, &it.end_reason))) } }
                        None => (badge(Badge::Ok, ask.t("在管"))),
                    } }
                    @if may { td { @if it.ended.is_none() { (end_form(ask, here, it)) } } }
                } } }
            } } }
        }
    }
}

fn end_form(ask: &Ask, here: &str, it: &Disease) -> Markup {
    html! {
        details { summary { (ask.t("终止管理")) }
            form.form method="post" action=(format!("{here}/diseases/{}/end", it.id)) {
                (csrf(ask))
                select name="end_reason" required aria-label=(ask.t("终止原因")) {
                    @for (word, title) in words::END_REASONS { option value=(word) { (ask.t(title)) } }
                }
                button.btn.btn-sm { (ask.t("终止")) }
            }
        }
    }
}

fn medicines(ask: &Ask, here: &str, all: &[Medicine], may: bool) -> Markup {
    let now: Vec<&Medicine> = all.iter().filter(|it| it.until.is_none()).collect();
    let past: Vec<&Medicine> = all.iter().filter(|it| it.until.is_some()).collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("用药")) } }
            @if now.is_empty() { div.card-body { p.muted { (ask.t("没有登记用药")) } } }
            @else { div.tablewrap { table.plain.stacks {
                thead { tr { @for head in ["药名", "每次剂量", "用法", "开始日期"] { th scope="col" { (ask.t(head)) } } @if may { th {} } } }
                tbody { @for it in now { tr {
                    td { b { (it.name) } } td data-label=(ask.t("每次剂量")) { (it.dose) } td data-label=(ask.t("用法")) { (ask.t(words::title(medicine::TIMES, &it.times))) } td data-label=(ask.t("开始日期")) { time { (it.since) } " " small.muted { (it.who) } }
                    @if may { td { details { summary { (ask.t("停药")) }
                        form.form method="post" action=(format!("{here}/medicines/{}/stop", it.id)) { (csrf(ask))
                            input name="reason" required maxlength="100" placeholder=(ask.t("停用原因")) aria-label=(ask.t("停用原因"));
                            button.btn.btn-sm { (ask.t("停药")) } } } } }
                } } }
            } } }
            @if may { div.card-body { details { summary { (ask.t("增加用药")) }
                form.form.grid method="post" action=(format!("{here}/medicines")) { (csrf(ask))
                    (kit_form::fields(ask, medicine::FIELDS, &Input::default(), &Options::new(), &[]))
                    div.form-foot { button.btn { (ask.t("增加")) } } } } } }
            @if !past.is_empty() { div.card-body { details { summary { (ask.f("停用的药 {n} 种", &[("n", &past.len())])) }
                ul { @for it in past { li { (it.name) " " (it.dose) " " (it.since) " — " (it.until.map(|it| it.to_string()).unwrap_or_default()) " " (it.reason) } } } } } }
        }
    }
}

fn visits(ask: &Ask, elder: &Elder, all: &[Visit]) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("随访记录")) } }
            @if all.is_empty() { div.card-body { p.muted { (ask.t("还没有随访")) } } }
            ul.tasks { @for it in all { li.task {
                (icon("activity"))
                div {
                    a.row-link href=(care::visit_link(&elder.key, it.id)) { (it.day) " "
                        @if it.values.get("systolic").is_some() { (it.values.text("systolic")) "/" (it.values.text("diastolic")) }
                        @if it.values.get("fasting").is_some() { " · " (it.values.text("fasting")) " mmol/L" } }
                    small { (ask.t(words::title(words::MODES, &it.mode))) " · " (it.who) }
                }
                @if it.voided.is_some() { (badge(Badge::Muted, ask.t("已作废"))) }
                @else { (words::badge(ask, words::CLASSES, it.judged.iter().map(|it| &*it.class).next().unwrap_or(""))) }
            } } }
        }
    }
}

/// The newest in full; those before it, whose result one visit may settle together, behind it.
fn open_referrals(ask: &Ask, here: &str, all: &[Referral], may: bool) -> Markup {
    let mut open = all.iter().filter(|it| it.closed.is_none());
    let newest = open.next();
    let earlier: Vec<&Referral> = open.collect();
    html! {
        @if let Some(it) = newest { (open_referral(ask, here, it, may)) }
        @if !earlier.is_empty() {
            details.card { summary.card-head { (ask.f("另有 {n} 次更早的转诊没有写结果", &[("n", &earlier.len())])) }
                div.card-body.stack { @for it in earlier { (open_referral(ask, here, it, may)) } } }
        }
    }
}

fn open_referral(ask: &Ask, here: &str, it: &Referral, may: bool) -> Markup {
    let late = it.follow_until < ask.today();
    let title = ask.f("{day} 转诊,应在 {until} 前随访", &[("day", &it.day), ("until", &it.follow_until)]);
    let body = html! {
        p { @if it.urgent { (badge(Badge::Bad, ask.t("紧急"))) " " } (Said::shown(&it.reason, ask.lang)) " " (it.hospital) }
        @if may {
            form.form method="post" action=(format!("{here}/referrals/{}/close", it.id)) { (csrf(ask))
                (super::visit::choices(ask, "referral_result", "转诊结果", words::REFERRAL_RESULTS, ""))
                button.btn { (ask.t("写下结果")) } }
        }
    };
    alert(if late { Badge::Bad } else { Badge::Warn }, &title, body)
}

fn closed_referrals(ask: &Ask, all: &[Referral]) -> Markup {
    let closed: Vec<(&Referral, rules::base::Date)> = all.iter().filter_map(|it| Some((it, it.closed?))).collect();
    if closed.is_empty() {
        return html! {};
    }
    html! {
        section.card { header.card-head { h2 { (ask.t("转诊")) } }
            ul.tasks { @for (it, day) in closed { li.task { (icon("hospital")) div {
                span { (it.day) " " (Said::shown(&it.reason, ask.lang)) }
                small { (day) " " (ask.t(words::title(words::REFERRAL_RESULTS, &it.result))) " · " (it.closed_by) }
            } } } } }
    }
}

fn checks(ask: &Ask, here: &str, all: &[Check], may: bool) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("年度健康检查")) } } div.card-body.stack {
            @if all.is_empty() { p.muted { (ask.t("没有登记年度检查")) } }
            ul { @for it in all.iter().take(5) { li { (it.day) " " small.muted { (it.place) } } } }
            @if may { details { summary { (ask.t("登记在别处做的检查")) }
                form.form method="post" action=(format!("{here}/checks")) { (csrf(ask))
                    (kit_form::fields(ask, check::FIELDS, &Input::default(), &Options::new(), &[]))
                    button.btn { (ask.t("登记检查")) } } } }
        } }
    }
}
