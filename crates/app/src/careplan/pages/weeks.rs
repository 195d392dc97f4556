//! The coming weeks of a plan as a calendar: the visits that do what all programmes owe.

use kit::{
    Ask,
    form::csrf,
    page::{Badge, badge, icon},
};
use maud::{Markup, html};
use rules::care_plan::Visit;

use crate::careplan::{
    coming::{Coming, Owed, Week},
    record::Plan,
};

const DAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

/// The weeks; `may_plan` offers to plan a visit.
pub fn markup(ask: &Ask, plan: &Plan, coming: &Coming, may_plan: bool) -> Markup {
    html! {
        section.card id="weeks" { header.card-head { h2 { (ask.t("今后四周")) } }
            div.card-body { p.small.muted { (ask.t("公共卫生、签约、家庭病床、长护险和计划里同一周到期的事,能一次做完的合成一次。")) }
                @if !coming.covered.is_empty() {
                    p.small.muted { (ask.t("已由其他项目安排,不另算:")) (coming.covered.iter().map(|it| &*it.0).collect::<Vec<_>>().join(ask.t("、"))) }
                }
            }
            @for week in &coming.weeks { (one(ask, plan, coming, week, may_plan)) }
        }
    }
}

fn one(ask: &Ask, plan: &Plan, coming: &Coming, week: &Week, may_plan: bool) -> Markup {
    let (first, last) = (week.monday, week.monday.add_days(6));
    html! {
        div.card-body {
            h3 { (first) " – " (last) }
            @if week.joined.visits.is_empty() && week.planned.is_empty() { p.muted { (ask.t("这一周没有到期的事。")) } }
            @else { ul.tasks {
                @for (it, title) in &week.planned { li.task { (icon("calendar-check"))
                    div { (title) small { (day(ask, it.day)) " · " (it.who) } }
                    (badge(Badge::Ok, ask.t("已安排")))
                } }
                @for it in &week.joined.visits { (visit(ask, plan, coming, it, may_plan)) }
            } }
            @if !week.joined.apart.is_empty() { (apart(ask, coming, week)) }
        }
    }
}

fn day(ask: &Ask, it: rules::base::Date) -> String {
    let nth = it.monday().days_until(it).clamp(0, 6) as usize;
    format!("{it} {}", ask.t(DAYS[nth]))
}

fn owed<'a>(coming: &'a Coming, visit: &'a Visit) -> impl Iterator<Item = &'a Owed> {
    visit.dues.iter().filter_map(|id| coming.owed.get(id))
}

fn titles(ask: &Ask, coming: &Coming, visit: &Visit) -> String {
    owed(coming, visit).map(|it| &*it.title).collect::<Vec<_>>().join(ask.t("、"))
}

fn visit(ask: &Ask, plan: &Plan, coming: &Coming, it: &Visit, may_plan: bool) -> Markup {
    let is_late = owed(coming, it).any(|one| one.late);
    html! {
        li.task.task-late[is_late] { (icon("calendar-event"))
            div {
                p { b { (day(ask, it.day)) } " · " (ask.t(it.by.title())) " · " (ask.t(it.place.title())) " · " (ask.f("{n} 分钟", &[("n", &it.minutes)]))
                    @if 1 < it.dues.len() { " " (badge(Badge::Info, &ask.f("{n} 件事一次做", &[("n", &it.dues.len())]))) } }
                ul { @for one in owed(coming, it) { li {
                    @if one.link.is_empty() { (one.title) } @else { a href=(one.link) { (one.title) } }
                    " " small.muted { (ask.t(one.payer.title())) " · " (ask.f("{a} 至 {b}", &[("a", &one.due.from), ("b", &one.due.by)])) }
                    @if one.late { " " (badge(Badge::Bad, ask.t("已逾期"))) }
                } } }
            }
            @if may_plan {
                form.inline.no-print method="post" action=(format!("{}/visits", plan.link())) { (csrf(ask))
                    @for id in &it.dues { input type="hidden" name="dues" value=(id); }
                    input type="hidden" name="day" value=(it.day);
                    button.btn.btn-sm { (ask.t("安排这次")) }
                }
            }
        }
    }
}

/// Why the visits of a week are several.
fn apart(ask: &Ask, coming: &Coming, week: &Week) -> Markup {
    let visits = &week.joined.visits;
    html! {
        details.why { summary { (ask.t("为什么不能合并")) }
            ol.reasons { @for (a, b, why) in week.joined.apart.iter().take(12) { li {
                @let text = why.text();
                p { (titles(ask, coming, &visits[*a])) " / " (titles(ask, coming, &visits[*b])) (ask.t(":")) (ask.either(&*text.zh, &*text.en)) }
            } } }
        }
    }
}
