//! The visits of a day of whoever asks, in their order, on one page to take along where there is no phone app.

use kit::{
    Ask, Result,
    page::{Head, Page, badge, empty, icon},
};
use maud::{Markup, html};
use rules::base::Date;

use crate::{
    elders::{self, Elder},
    visits::{
        clock, forms,
        record::{self, Purpose, Visit},
        words,
    },
    workforce,
};

struct Stop {
    visit: Visit,
    elder: Elder,
    purposes: Vec<Purpose>,
}

pub async fn page(ask: Ask) -> Result<Page> {
    let day = ask.day_asked()?;
    let stops = ask
        .read(move |tx, ask| {
            let Some(staff) = workforce::staff_of_account(tx, ask)? else { return Ok(None) };
            let scope = kit::Scope::of(&ask.app.places.tree(), &staff.key.region);
            let visits = record::of_staff(tx, &staff.key.region, staff.key.id, day, day.add_days(1))?;
            visits
                .into_iter()
                .map(|visit| {
                    let elder = elders::find(tx, &scope, &visit.elder_key())?;
                    let purposes = record::purposes(tx, &visit.key)?;
                    Ok(Stop { visit, elder, purposes })
                })
                .collect::<Result<Vec<_>>>()
                .map(Some)
        })
        .await?;
    let is_staff = stops.is_some();
    let stops = stops.unwrap_or_default();
    let content = html! {
        (days(&ask, day))
        @if !is_staff { (empty(ask.t("您的账号还没有对应的人员档案"), ask.t("请管理员在人员页面上关联账号。"), html! {})) }
        @else if stops.is_empty() { (empty(ask.t("这一天没有上门"), ask.t("计划好的上门会按时间排在这里。"), html! {})) }
        ol.stack.plain {
            @for (nth, stop) in stops.iter().enumerate() { li { (one(&ask, nth + 1, stop)) } }
        }
    };
    let title = if day == ask.today() { ask.t("今天的上门") } else { ask.t("当天的上门") };
    let actions = html! { a.btn href="/visit/" { (icon("phone")) (ask.t("打开上门手机端")) } };
    Ok(ask.page(Head::new(title).line(day.to_string()).actions(actions), content))
}

fn days(ask: &Ask, day: Date) -> Markup {
    let link = |to: Date| format!("/visits/day?on={to}");
    html! {
        nav.tabs aria-label=(ask.t("日期")) {
            a href=(link(day.add_days(-1))) { (ask.t("前一天")) }
            a href="/visits/day" aria-current=[(day == ask.today()).then_some("page")] { (ask.t("今天")) }
            a href=(link(day.add_days(1))) { (ask.t("后一天")) }
        }
    }
}

fn one(ask: &Ask, nth: usize, stop: &Stop) -> Markup {
    let it = &stop.visit;
    let (state, kind) = words::badge_of(words::STATES, &it.state);
    html! {
        section.card { header.card-head {
                h2 { (nth) ". " a href=(it.link()) { (stop.elder.name) } }
                (badge(kind, ask.t(state)))
            }
            div.card-body {
                p { (window(ask, it)) " · " (ask.f("约 {n} 分钟", &[("n", &it.minutes)])) }
                p { (ask.app.places.tree().words(&stop.elder.place)) " · " (ask.f("{age} 岁", &[("age", &stop.elder.age_on(it.day))])) }
                p { (services(ask, it, &stop.purposes)) }
                @if !it.note.is_empty() && it.source == "plan" { p.muted { (it.note) } }
                @if it.is_open() && it.day <= ask.today() {
                    a.btn.btn-primary href=(format!("{}/record", it.link())) { (ask.t("补录")) }
                }
            }
        }
    }
}

/// From when to when, in words.
pub fn window(ask: &Ask, it: &Visit) -> String {
    match (it.from_minute, it.until_minute) {
        (Some(from), Some(until)) => format!("{}-{}", clock(from), clock(until)),
        (Some(from), None) => ask.f("{time} 以后", &[("time", &clock(from))]),
        (None, Some(until)) => ask.f("{time} 以前", &[("time", &clock(until))]),
        (None, None) => ask.t("时间不限").to_string(),
    }
}

/// What somebody comes for: `血压测量 · 家庭病床`.
pub fn services(ask: &Ask, it: &Visit, purposes: &[Purpose]) -> Markup {
    html! {
        @for one in purposes {
            @let service = forms::service(ask, &it.key.region, it.day, &one.service, &one.programme);
            span.tag { (ask.either(&service.title, &service.title_en)) " · " (ask.t(words::title(words::PROGRAMMES, &one.programme))) } " "
        }
    }
}
