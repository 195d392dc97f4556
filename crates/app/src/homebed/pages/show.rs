//! One bed: how far it has come, what is to be done next, plan, records, orders, home and charges.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Id, Result, Tx, files,
    page::{Badge, Head, Page, alert, badge, crumbs, icon, kv},
};
use maud::{Markup, html};
use rules::base::Date;

use super::{
    deeds::{self, Failed},
    parts,
};
use crate::{
    elders::{self, Elder, Key},
    homebed::{
        apply,
        bed::{self, Bed},
        charge::{self, Charged, Open},
        chart::{self, Order, Record},
        course, deed,
        doctor::{self, Doctors},
        home::{self, Adaptation, Delivery, Device, Pause, Review, Service},
        words,
    },
    institutions,
};

/// A bed with all that belongs to it.
pub struct Shown {
    pub it: Bed,
    pub elder: Elder,
    pub institution: String,
    pub records: Vec<Record>,
    pub orders: Vec<Order>,
    pub deliveries: Vec<Delivery>,
    pub services: Vec<Service>,
    pub devices: Vec<Device>,
    pub adaptations: Vec<Adaptation>,
    pub pauses: Vec<Pause>,
    pub reviews: Vec<Review>,
    pub charged: Vec<Charged>,
    /// What is not charged yet, for those who may charge.
    pub open: Vec<Open>,
    /// Who may be responsible, for those who may say so.
    pub doctors: Doctors,
}

pub fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let (it, elder) = bed::find(tx, &ask.who.scope, key)?;
    let charges = deed::find("bill").is_some_and(|bill| bill.fits(ask, &it));
    let names_doctor = crate::homebed::deeds::DEEDS.iter().any(|one| one.names_doctor() && one.fits(ask, &it));
    Ok(Shown {
        institution: institutions::by_key(tx, &it.institution_key())?.name,
        records: chart::of(tx, &it)?,
        orders: chart::orders(tx, &it)?,
        deliveries: home::deliveries(tx, &it)?,
        services: home::services(tx, &it)?,
        devices: home::devices(tx, &it)?,
        adaptations: home::adaptations(tx, &it)?,
        pauses: home::pauses(tx, &it)?,
        reviews: home::reviews(tx, &it)?,
        charged: charge::charged(tx, &it)?,
        open: if charges || (!it.is_hospital() && it.opened.is_some()) {
            charge::open(tx, ask, &it, &elder, false, false)?
        } else {
            Vec::new()
        },
        doctors: if names_doctor { doctor::options(tx, ask, &it)? } else { Doctors::new() },
        it,
        elder,
    })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let shown = load(tx, ask, &key)?;
            bed::note(tx, ask, "look", &shown.it, &shown.elder, "")?;
            Ok(shown)
        })
        .await?;
    show(&ask, &shown, None)
}

/// The page as it was, with what was refused.
pub async fn again(ask: &Ask, key: &Key, failed: &Failed) -> Result<Page> {
    let key = key.clone();
    let shown = ask.read(move |tx, ask| load(tx, ask, &key)).await?;
    show(ask, &shown, Some(failed))
}

fn show(ask: &Ask, shown: &Shown, failed: Option<&Failed>) -> Result<Page> {
    let (it, elder) = (&shown.it, &shown.elder);
    let next = next_deed(it);
    let deeds: Vec<_> =
        crate::homebed::deeds::DEEDS.iter().filter(|one| one.fits(ask, it) && !one.is_of_item()).collect();
    let (first, rest): (Vec<_>, Vec<_>) = deeds.into_iter().partition(|one| Some(one.word) == next);
    let content = html! {
        @if it.is_hospital() { (steps(ask, it)) }
        (late(ask, it))
        div.cols.gap-top {
            div.stack {
                @for one in &first {
                    section.card.no-print { header.card-head { h2 { (ask.t("下一步")) } } div.card-body {
                        (deeds::form(ask, shown, one, failed, true)) } }
                }
                @if it.is_hospital() && it.opened.is_some() { (parts::plan(ask, shown)) (parts::records(ask, shown, failed)) (parts::orders(ask, shown, failed)) }
                @if it.opened.is_some() { (parts::services(ask, shown, failed)) }
                @if it.is_hospital() && it.opened.is_some() { (parts::deliveries(ask, shown, failed)) (parts::charges(ask, shown)) }
                @if !it.is_hospital() { (parts::records(ask, shown, failed)) (parts::devices(ask, shown, failed)) (parts::adaptations(ask, shown, failed)) (parts::subsidy(ask, shown)) }
            }
            div.stack {
                (facts(ask, shown))
                @if it.is_hospital() && it.decided.is_some() { (found(ask, it)) }
                @if !rest.is_empty() {
                    section.card.no-print { header.card-head { h2 { (ask.t("现在可以办理")) } } div.card-body.stack {
                        @for one in &rest { (deeds::form(ask, shown, one, failed, false)) }
                    } }
                }
                (parts::pauses(ask, shown))
                @if it.is_hospital() { (parts::reviews(ask, shown)) }
                (parts::papers(ask, it))
            }
        }
    };
    let title = ask.t(words::title(words::KINDS, &it.kind));
    let line = format!("{} · {}", elder.name, elders::about(ask, elder));
    let way = crumbs(ask, &[("/homebed", ask.t("家庭床位")), ("", &elder.name)]);
    let actions = html! {
        a.btn href=(format!("/elders/{}", elder.key)) { (icon("person")) (ask.t("老人档案")) }
    };
    let status = if failed.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, Head::new(title).line(line).crumbs(way).actions(actions), content))
}

/// What comes next of an application, or at a bed that is there.
fn next_deed(it: &Bed) -> Option<&'static str> {
    match &*it.state {
        "applied" if it.visited.is_none() => Some("visit"),
        "applied" => Some("findings"),
        "eligible" if it.visited.is_none() => Some("visit"),
        "eligible" if it.consent.day.is_none() => Some("consent"),
        "eligible" => Some("open"),
        "open" if it.is_hospital() => Some("round"),
        "open" => Some("check"),
        "suspended" => Some("resume"),
        _ => None,
    }
}

fn steps(ask: &Ask, it: &Bed) -> Markup {
    let done = |day: Option<Date>| day.map(|it| it.to_string());
    let all = [
        ("申请", done(Some(it.applied))),
        ("上门评估", done(it.visited)),
        ("核对条件", done(it.decided.filter(|_| !it.verdict.is_empty()))),
        ("签署协议", done(it.consent.day)),
        ("建床", done(it.opened)),
        ("撤床", done(it.ended.filter(|_| it.opened.is_some()))),
    ];
    let now = all.iter().position(|it| it.1.is_none()).filter(|_| !it.is_over());
    html! {
        ol.steps aria-label=(ask.t("办理进度")) {
            @for (at, (title, day)) in all.iter().enumerate() {
                li.done[day.is_some()].now[now == Some(at)] aria-current=[(now == Some(at)).then_some("step")] {
                    span { (ask.t(title)) } @if let Some(day) = day { small { (day) } } }
            }
        }
    }
}

/// What should have been done by now.
fn late(ask: &Ask, it: &Bed) -> Markup {
    let today = ask.today();
    let visit = it.visit_by.filter(|_| it.visited.is_none() && !it.is_over());
    let all = [
        ("责任医师应在 {day} 前上门评估", visit),
        ("应在 {day} 前巡诊", it.round_by),
        ("上级医师应在 {day} 前查床", it.superior_by),
        ("疗程到 {day} 届满,请评估后续建或撤床", it.course_until),
        ("合同到 {day} 为止,请续签或结束服务", it.contract_until.filter(|_| it.is_lying())),
        ("有服务应在 {day} 前提供", it.service_by),
        ("应在 {day} 前回访服务质量", it.check_by),
    ];
    let late: Vec<String> = all
        .iter()
        .filter_map(|(said, day)| day.filter(|day| *day < today).map(|day| ask.f(said, &[("day", &day)])))
        .collect();
    html! {
        @if !late.is_empty() { (alert(Badge::Bad, ask.t("已逾期"), html! { @for one in &late { p { (one) } } })) }
        @if let Some(day) = it.suspended.filter(|_| it.state == "suspended") {
            (alert(Badge::Warn, &ask.f("{day} 起暂停", &[("day", &day)]), html! { p { (ask.t("暂停期间不排巡诊和查床,恢复后从恢复之日起算。")) } }))
        }
    }
}

fn facts(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let day = |it: Option<Date>| html! { @match it { Some(day) => (day), None => "—" } };
    let (kind, state) = words::badge_of(words::STATE_BADGES, &it.state);
    let mut rows = vec![(ask.t("状态"), badge(kind, ask.t(state))), (ask.t("机构"), html! { (shown.institution) })];
    if !it.number.is_empty() {
        rows.push((ask.t("床号"), html! { (it.number) }));
    }
    if it.is_hospital() {
        rows.push((ask.t("责任医师"), html! { @if it.doctor.is_empty() { "—" } @else { (it.doctor) } }));
        let applicant = ask.t(words::title(words::APPLICANTS, &it.applicant));
        rows.push((ask.t("申请人"), html! { (applicant) " " (it.applicant_name) " · " (it.applied) }));
        rows.push((ask.t("申请理由"), html! { (it.reason) }));
        if it.visited.is_none() && !it.is_over() {
            rows.push((ask.t("上门评估期限"), day(it.visit_by)));
        }
        if !it.visit_note.is_empty() {
            rows.push((ask.t("上门评估记录"), html! { (it.visit_note) }));
        }
        if it.consent.day.is_some() {
            rows.push((ask.t("协议"), consent(ask, it)));
        }
    } else {
        rows.push((ask.t("合同"), html! { (it.contract_number) " " (ask.f("至 {day}", &[("day", &it.contract_until.unwrap_or(it.applied))])) }));
        rows.push((ask.t("服务起日"), day(it.opened)));
        if it.state == "open" {
            rows.push((ask.t("下次服务最迟"), day(it.service_by)));
            rows.push((ask.t("下次回访最迟"), day(it.check_by)));
        }
    }
    if it.state == "open" && it.is_hospital() {
        rows.push((ask.t("下次巡诊最迟"), day(it.round_by)));
        rows.push((ask.t("上级查床最迟"), day(it.superior_by)));
        rows.push((ask.t("疗程末日"), day(it.course_until)));
    }
    if it.is_over() {
        rows.push((ask.t("结束"), html! { (day(it.ended)) " " (course::ending(ask, it, true)) }));
        if !it.summary.is_empty() {
            rows.push((ask.t("小结"), html! { (it.summary) }));
        }
    }
    html! { section.card { header.card-head { h2 { (ask.t("概况")) } } div.card-body { (kv(&rows)) } } }
}

fn consent(ask: &Ask, it: &Bed) -> Markup {
    let consent = &it.consent;
    html! {
        (ask.t(words::title(words::SIGNERS, &consent.signer))) " " (consent.name) " "
        @if let Some(day) = consent.day { (day) " " }
        @if let Some(pages) = consent.pages { (ask.f("{n} 页", &[("n", &pages)])) " " }
        @if let Some(file) = consent.file { a href=(format!("{}/files/{file}", it.link())) { (ask.t("看协议")) } }
    }
}

/// What the application rests on: conditions that hold, obstacles, and what is not known.
fn found(ask: &Ask, it: &Bed) -> Markup {
    let Some(found) = apply::concluded(ask, it) else { return html! {} };
    let all = apply::listed(ask, &it.key.region, it.decided.unwrap_or_else(|| ask.today())).unwrap_or_default();
    let named = |ids: &[String]| -> String {
        let names = ids.iter().filter_map(|id| all.iter().find(|it| it.0 == *id)).map(|it| it.1.clone());
        names.collect::<Vec<_>>().join(ask.t("、"))
    };
    let (kind, title) = match &*it.verdict {
        "eligible" => (Badge::Ok, "可以建床"),
        "refused" => (Badge::Bad, "不予建床"),
        _ => (Badge::Warn, "待定"),
    };
    html! {
        section.card { header.card-head { h2 { (ask.t("收治条件")) } (badge(kind, ask.t(title))) } div.card-body {
            details.why open { summary { (ask.t("为什么是这个结果")) } ol.reasons {
                @if !found.conditions.is_empty() { li { p { (ask.t("符合")) (ask.t(":")) (named(&found.conditions)) } } }
                @else { li { p { (ask.t("还没有一条符合")) } } }
                @if !found.obstacles.is_empty() { li { p { (ask.t("有不予建床的情形")) (ask.t(":")) (named(&found.obstacles)) } } }
                @if !found.open.is_empty() { li { p { (ask.t("待核对")) (ask.t(":")) (named(&found.open)) } } }
            } }
            p.small.muted { (ask.f("{day} 按当日政策判定", &[("day", &it.decided.unwrap_or(it.applied))])) }
        } }
    }
}

/// The agreement or a picture of the home; each look is noted.
pub async fn file(ask: Ask, Path((key, file)): Path<(String, Id)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let region = key.region.clone();
    ask.write(move |tx, ask| {
        let (it, elder) = bed::find(tx, &ask.who.scope, &key)?;
        let pictures = home::adaptations(tx, &it)?.into_iter().flat_map(|it| [it.before, it.after]).flatten();
        if !pictures.chain(it.consent.file).any(|one| one == file) {
            return Err(Error::NotFound);
        }
        bed::note(tx, ask, "look", &it, &elder, &format!("file {file}"))
    })
    .await?;
    files::answer(&ask, &region, file).await
}
