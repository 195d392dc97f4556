//! How many visits are due on each day of a week or a month, and how many were made.

use std::collections::BTreeMap;

use kit::{
    Ask, Result,
    form::Options,
    page::{Badge, Head, Page, badge, icon, stat},
};
use maud::{Markup, html};
use rules::base::Date;

use super::{choices, listed, narrowing, tabs};
use crate::rounds::calendar::{self, Counts, Part};

struct Shown {
    part: Part,
    options: Options,
    days: BTreeMap<Date, Counts>,
    made: BTreeMap<Date, i64>,
}

pub async fn page(ask: Ask) -> Result<Page> {
    let day = ask.day_asked()?;
    let is_month = ask.param("view") != Some("week");
    let (first, beyond) = match is_month {
        true => (day.first_of_month(), day.first_of_month().add_months(1)),
        false => (day.monday(), day.monday().add_days(7)),
    };
    let shown = ask
        .read(move |tx, ask| {
            let part = Part::asked(ask)?;
            Ok(Shown {
                options: choices(tx, ask, &part)?,
                days: calendar::by_day(tx, ask, &part, first, beyond)?,
                made: calendar::done_by_day(tx, &part, first, beyond)?,
                part,
            })
        })
        .await?;
    let mut all = Counts::default();
    shown.days.values().for_each(|it| all.add(it));
    let view = if is_month { "month" } else { "week" };
    let content = html! {
        (tabs(&ask))
        (narrowing(&ask, &shown.part, &shown.options, &[("view", view), ("on", &day.to_string())]))
        (figures(&ask, &shown, &all, first, beyond))
        section.card.gap-top {
            header.card-head {
                h2 { (title(&ask, is_month, first)) }
                div.actions.no-print {
                    a.btn.btn-sm href=(to(&ask, view, back(is_month, first))) aria-label=(ask.t("往前")) { (icon("chevron-left")) }
                    a.btn.btn-sm href=(to(&ask, view, beyond)) aria-label=(ask.t("往后")) { (icon("chevron-right")) }
                    a.btn.btn-sm href=(to(&ask, if is_month { "week" } else { "month" }, day)) {
                        @if is_month { (ask.t("按周看")) } @else { (ask.t("按月看")) }
                    }
                }
            }
            @if is_month { (month(&ask, &shown, first, beyond)) } @else { (week(&ask, &shown, first)) }
        }
    };
    let actions = html! {
        a.btn.btn-primary href=(sheet(&shown.part, day)) { (icon("printer")) (ask.t("打印本周路线单")) }
    };
    let place = ask.app.places.tree().full_name(&shown.part.scope.place);
    Ok(ask.page(Head::new(ask.t("巡诊和探访")).line(place).actions(actions), content))
}

fn back(is_month: bool, first: Date) -> Date {
    if is_month { first.add_months(-1) } else { first.add_days(-7) }
}

fn title(ask: &Ask, is_month: bool, first: Date) -> String {
    match is_month {
        true => ask.f("{year} 年 {month} 月", &[("year", &first.year()), ("month", &first.month())]),
        false => ask.f("{day} 起的一周", &[("day", &first)]),
    }
}

/// This page on another day or in the other view.
fn to(ask: &Ask, view: &str, day: Date) -> String {
    let kept = ["place", "team"].into_iter().filter_map(|name| Some(format!("&{name}={}", ask.param(name)?)));
    format!("/rounds?view={view}&on={day}{}", kept.collect::<String>())
}

fn sheet(part: &Part, day: Date) -> String {
    let team = part.team.map_or(String::new(), |it| format!("&team={it}"));
    format!("/rounds/week?on={day}&place={}{team}", part.place)
}

fn figures(ask: &Ask, shown: &Shown, all: &Counts, first: Date, beyond: Date) -> Markup {
    let (from, until) = (first.to_string(), beyond.add_days(-1).to_string());
    let to = |state: &str| {
        listed(&shown.part, &shown.options, &[("state", state), ("by_from", &from), ("by_until", &until)])
    };
    let unit = ask.t("项");
    let share = all.in_time().map_or("—".to_string(), |it| format!("{}.{}", it / 10, it % 10));
    html! {
        div.stats {
            (stat(Badge::Plain, ask.t("待做"), &all.waiting.to_string(), unit, "", Some(&to("waiting"))))
            (stat(if 0 < all.overdue { Badge::Bad } else { Badge::Plain }, ask.t("逾期"), &all.overdue.to_string(), unit, "", Some(&to("overdue"))))
            (stat(Badge::Plain, ask.t("按期完成"), &all.done.to_string(), unit, "", Some(&to("done"))))
            (stat(Badge::Plain, ask.t("按期率"), &share, "%", ask.t("按期完成占已到期的"), None))
        }
    }
}

/// What one day says: each number in words, leading to its list.
fn cell(ask: &Ask, shown: &Shown, day: Date) -> Markup {
    let it = shown.days.get(&day).copied().unwrap_or_default();
    let on = day.to_string();
    let parts = [
        ("overdue", it.overdue, Badge::Bad, "逾期 {n}"),
        ("missed", it.missed, Badge::Bad, "逾期未做 {n}"),
        ("waiting", it.waiting, Badge::Info, "待做 {n}"),
        ("late", it.late, Badge::Warn, "逾期完成 {n}"),
        ("done", it.done, Badge::Ok, "按期完成 {n}"),
    ];
    let made = shown.made.get(&day).copied().unwrap_or(0);
    html! {
        @for (state, n, kind, said) in parts {
            @if 0 < n {
                div { a href=(listed(&shown.part, &shown.options, &[("state", state), ("by", &on)])) { (badge(kind, &ask.f(said, &[("n", &n)]))) } }
            }
        }
        @if 0 < made {
            div { a.small href=(listed(&shown.part, &shown.options, &[("done_on", &on)])) { (ask.f("当天上门 {n}", &[("n", &made)])) } }
        }
    }
}

const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

/// Of a month a grid of weeks; on a phone the days that have something, one below the other.
fn month(ask: &Ask, shown: &Shown, first: Date, beyond: Date) -> Markup {
    let weeks = (0..).map(|nth| first.monday().add_days(nth * 7)).take_while(|monday| *monday < beyond);
    html! {
        div.tablewrap {
            table.plain.stacks {
                caption.sr { (title(ask, true, first)) }
                thead { tr { @for name in WEEKDAYS { th scope="col" { (ask.t(name)) } } } }
                tbody {
                    @for monday in weeks {
                        tr {
                            @for nth in 0..7 {
                                @let day = monday.add_days(nth);
                                @if first <= day && day < beyond {
                                    td data-label=(ask.t(WEEKDAYS[nth as usize])) {
                                        div.strong { (day.day()) @if day == ask.today() { " " (badge(Badge::Info, ask.t("今天"))) } }
                                        (cell(ask, shown, day))
                                    }
                                } @else { td {} }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn week(ask: &Ask, shown: &Shown, monday: Date) -> Markup {
    html! {
        div.tablewrap {
            table.plain {
                thead { tr { th scope="col" { (ask.t("日期")) } th scope="col" { (ask.t("巡访")) } } }
                tbody {
                    @for nth in 0..7 {
                        @let day = monday.add_days(nth);
                        tr {
                            th scope="row" { (day) " " (ask.t(WEEKDAYS[nth as usize])) @if day == ask.today() { " " (badge(Badge::Info, ask.t("今天"))) } }
                            td { (cell(ask, shown, day)) @if !shown.days.contains_key(&day) && !shown.made.contains_key(&day) { span.muted { (ask.t("没有到期的")) } } }
                        }
                    }
                }
            }
        }
    }
}
