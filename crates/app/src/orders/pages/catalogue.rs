//! The catalogue: what can be ordered, for whom, who comes and what it asks for.

use kit::{
    Ask, Result,
    page::{Badge, Head, Page, badge, crumbs, empty},
};
use maud::{Markup, html};
use rules::{
    home_service::{Class, Service},
    policy::Status,
};

pub async fn page(ask: Ask) -> Result<Page> {
    let ask = super::for_family(ask);
    let place = ask.who.scope.place.clone();
    let region = ask.app.places.tree().county_of(&place).map_or(place, |it| it.code.clone());
    let policy = ask.app.policy_in(&region, ask.today());
    let services = policy.read(|it| &it.home_services.services).map_or(&[][..], |it| it);
    let example = policy.because().first().is_some_and(|it| it.status == Status::Example);
    let content = html! {
        @if services.is_empty() {
            (empty(ask.t("本地今天没有上门服务目录"), ask.t("目录由政策库规定。"), html! {}))
        }
        div.stack { @for class in Class::ALL {
            @let of_class: Vec<&Service> = services.iter().filter(|it| it.class == class).collect();
            @if !of_class.is_empty() {
                section.card { header.card-head { h2 { (ask.t(class.title())) }
                    @if example { (badge(Badge::Example, ask.t("示例"))) } }
                    div.tablewrap { table.plain.stacks {
                        thead { tr { th scope="col" { (ask.t("服务")) } th.num scope="col" { (ask.t("时长")) }
                            th scope="col" { (ask.t("给谁")) } th scope="col" { (ask.t("谁来做")) } th scope="col" { (ask.t("要求")) } } }
                        tbody { @for it in of_class { tr {
                            td { (ask.either(&it.name, &it.name_en)) }
                            td.num data-label=(ask.t("时长")) { (it.minutes) " " (ask.t("分钟")) }
                            td data-label=(ask.t("给谁")) { (whom(&ask, it)) }
                            td data-label=(ask.t("谁来做")) { (who(&ask, it)) }
                            td data-label=(ask.t("要求")) { (demands(&ask, it)) }
                        } } }
                    } }
                }
            }
        } }
    };
    let way = crumbs(&ask, &[("/orders", ask.t("上门服务")), ("", ask.t("服务目录"))]);
    let line = ask.app.places.tree().full_name(&region);
    Ok(ask.page(Head::new(ask.t("服务目录")).line(line).crumbs(way), content))
}

/// For whom a service is, in words.
pub fn whom(ask: &Ask, it: &Service) -> String {
    if it.conditions.is_empty() {
        return ask.t("所有老人").to_string();
    }
    it.conditions.iter().map(|one| ask.t(one.title())).collect::<Vec<_>>().join(ask.t("、"))
}

/// Who comes, in words.
pub fn who(ask: &Ask, it: &Service) -> String {
    let all: Vec<&str> = it.staff.iter().map(|one| ask.t(one.title())).collect();
    let people = match it.people {
        0 | 1 => String::new(),
        n => format!(" · {}", ask.f("{n} 人", &[("n", &n)])),
    };
    format!("{}{people}", all.join(ask.t("、")))
}

/// What a service asks for, as badges.
pub fn demands(ask: &Ask, it: &Service) -> Markup {
    let all = [
        (it.assessed.is_yes(), "先面对面评估"),
        (it.consent.is_yes(), "知情同意"),
        (it.carer.is_yes(), "照护者在场"),
        (!it.photos.is_empty(), "服务拍照"),
    ];
    html! {
        @for (is, title) in all { @if is { (badge(Badge::Info, ask.t(title))) " " } }
        small.muted { (ask.f("提前 {n} 小时", &[("n", &it.lead_hours)])) }
    }
}
