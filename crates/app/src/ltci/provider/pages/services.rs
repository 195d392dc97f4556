//! The catalogue of services: what each is, who may do it, and which of the national catalogue it is.

use kit::{
    Ask, Result,
    page::{self, Badge, Head, Page, badge, empty, icon},
    place::NATION,
    sheet::{ExportColumn, Exporter, Kind, Value},
};
use maud::{Markup, html};
use rules::{
    ltci::{National, Service, ServiceKind},
    policy::{Because, Status},
};

use super::list::tabs;
use crate::assessment;

const HEADS: [&str; 7] = ["编号", "名称", "类别", "由谁做", "最短分钟", "最高价", "国家目录"];

/// The catalogue of today in the reader's place, as a page or as a workbook.
pub async fn page(ask: Ask) -> Result<Page> {
    let policy = ask.app.policy_in(ask.who.scope.counties.first().map_or(NATION, |it| it), ask.today());
    let services = match policy.read(|it| &it.ltci.services) {
        Ok(all) => all,
        Err(none) => {
            let content = html! { (tabs(&ask)) (empty(none.text().in_lang(ask.lang.into()), "", html! {})) };
            return Ok(ask.page(Head::new(ask.t("长护险服务项目")), content));
        }
    };
    // Where nobody has laid down a mapping, nothing is mapped.
    let national = policy.read(|it| &it.ltci.national).map_or(&[][..], |it| it);
    if ask.param("format") == Some("xlsx") {
        return sheet(&ask, services, national);
    }
    let content = html! {
        (tabs(&ask))
        (table(&ask, services, national))
        (basis(&ask, &policy.because()))
    };
    let head = Head::new(ask.t("长护险服务项目")).actions(html! {
        a.btn href="/ltci/services?format=xlsx" { (icon("download")) (ask.t("导出")) }
    });
    Ok(ask.page(head, content))
}

fn table(ask: &Ask, services: &[Service], national: &[National]) -> Markup {
    let mapped = services.iter().filter(|it| !nationals(national, &it.id).is_empty()).count();
    html! {
        section.card {
            header.card-head {
                h2 { (ask.t("服务项目")) }
                span.muted { (ask.f("{n} 项,其中 {mapped} 项已对照国家目录", &[("n", &services.len()), ("mapped", &mapped)])) }
            }
            div.tablewrap { table.plain.stacks {
                thead { tr { @for it in HEADS { th scope="col" { (ask.t(it)) } } } }
                tbody { @for it in services { tr {
                    @for (nth, (head, cell)) in HEADS.iter().zip(cells(ask, it, national)).enumerate() {
                        td.num[matches!(nth, 4 | 5)] data-label=[(0 < nth).then(|| ask.t(head))] {
                            @if cell.is_empty() { span.muted { "—" } } @else { (cell) }
                        }
                    }
                } } }
            } }
            @if mapped < services.len() {
                p.card-body.muted { (ask.t("没有对照的项目照本地目录支付。对照写在政策库的“国家目录对照”里,由统筹地区逐项填写。")) }
            }
        }
    }
}

/// What the page and the workbook say of a service, in the order of the heads; empty where nothing is laid down.
fn cells(ask: &Ask, it: &Service, national: &[National]) -> [String; 7] {
    let title = ask.either(&it.name, &it.name_en);
    let kind = match it.kind {
        ServiceKind::LifeCare => "生活照护",
        ServiceKind::Nursing => "医疗护理",
    };
    let needs: Vec<String> = it.needs.iter().map(|it| it.title().in_lang(ask.lang.into()).to_string()).collect();
    let needs = if needs.is_empty() { ask.t("护理人员均可").to_string() } else { needs.join(ask.t("、")) };
    let of: Vec<String> = nationals(national, &it.id).iter().map(|it| format!("{} {}", it.id, it.name)).collect();
    [
        it.id.clone(),
        title.to_string(),
        ask.t(kind).to_string(),
        needs,
        it.least_minutes.map_or(String::new(), |it| it.to_string()),
        it.highest_price.map_or(String::new(), |it| it.to_string()),
        of.join(ask.t("、")),
    ]
}

fn nationals<'a>(all: &'a [National], service: &str) -> Vec<&'a National> {
    all.iter().filter(|it| it.local.iter().any(|it| it == service)).collect()
}

fn basis(ask: &Ask, because: &[Because]) -> Markup {
    html! {
        section.card.gap-top { header.card-head { h2 { (ask.t("依据的政策")) } } div.card-body {
            ol.reasons { @for it in because { li {
                p { a href=(format!("/policy/ltci/{}", kit::form::encoded(it.param))) { (ask.t(it.param)) } }
                (assessment::basis(ask, it.document.as_deref(), it.clause.as_deref(), it.confirmed, it.note.as_deref()))
                @if it.status == Status::Example { (badge(Badge::Example, ask.t("示例"))) }
            } } }
        } }
    }
}

fn sheet(ask: &Ask, services: &[Service], national: &[National]) -> Result<Page> {
    let columns = HEADS.iter().map(|it| ExportColumn::new(ask.t(it), Kind::Text)).collect();
    let mut out = Exporter::new(ask.t("长护险服务项目"), columns)?;
    for it in services {
        let cells = cells(ask, it, national);
        out.push(&cells.each_ref().map(|it| Value::Text(it)))?;
    }
    Ok(page::download(&format!("ltci-services-{}.xlsx", ask.today()), out.finish()?))
}
