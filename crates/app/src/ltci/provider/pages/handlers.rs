//! Which insurer handles which place, and the catalogue of services with who may do them.

use kit::{
    Ask, Error, Result, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, badge, empty, plain_table},
    place::NATION,
};
use maud::html;
use rules::ltci::{Service, ServiceKind};

use super::list::tabs;
use crate::{
    assessment,
    ltci::{HANDLE, provider::handler},
};

pub const FIELDS: &[Field] = &[
    field("place", "地区", Kind::Text(20)).required().help("县区、乡镇(街道)或村(社区)的区划代码。"),
    field("insurer", "承办保险公司", Kind::Text(80)).help("不填表示从这天起无人承办。"),
    field("from", "起日", Kind::Date).required(),
];

pub async fn page(ask: Ask) -> Result<Page> {
    let all = ask
        .read(|tx, ask| {
            let counties = ask.who.scope.counties.iter();
            let all: Vec<Vec<handler::Handler>> =
                counties.map(|it| handler::of_county(tx, it)).collect::<Result<_>>()?;
            Ok(all.concat())
        })
        .await?;
    let tree = ask.app.places.tree();
    let today = ask.today();
    let rows: Vec<Vec<maud::Markup>> = all
        .iter()
        .map(|it| {
            let runs = it.from <= today && it.until.is_none_or(|end| today < end);
            vec![
                html! { (tree.words(&it.place)) },
                html! { (it.insurer) },
                html! { (it.from) },
                html! { @if let Some(day) = it.until { (day.add_days(-1)) } },
                html! { @if runs { (badge(Badge::Ok, ask.t("承办中"))) } },
            ]
        })
        .collect();
    let heads = ["地区", "承办保险公司", "起日", "止日", "状态"].map(|it| ask.t(it));
    let mut input = Input::default();
    input.set("from", today.to_string());
    input.set("place", if ask.who.scope.place == NATION { "" } else { &*ask.who.scope.place });
    let content = html! {
        (tabs(&ask))
        section.card {
            @if rows.is_empty() { (empty(ask.t("还没有登记承办保险公司"), "", html! {})) }
            @else { (plain_table(&heads, &rows)) }
        }
        @if ask.may(HANDLE) {
            section.card.gap-top.no-print { header.card-head { h2 { (ask.t("登记承办")) } } div.card-body {
                form.form.grid method="post" action="/ltci/handlers" {
                    (csrf(&ask)) (kit_form::fields(&ask, FIELDS, &input, &Options::new(), &[]))
                    div.form-foot { button.btn.btn-primary { (ask.t("登记")) } }
                }
            } }
        }
    };
    Ok(ask.page(Head::new(ask.t("承办保险公司")), content))
}

pub async fn set(ask: Ask, input: Input) -> Result<Page> {
    ask.write(move |tx, ask| set_by(tx, ask, &input)).await?;
    Ok(ask.go("/ltci/handlers", ask.t("已登记")))
}

pub fn set_by(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<()> {
    let checked = kit_form::check(FIELDS, input, &Options::new())?;
    let from = checked.date("from").ok_or_else(|| Error::invalid("from", "请填写起日"))?;
    handler::set(tx, ask, &checked.text("place"), from, checked.optional("insurer").as_deref())
}

/// The catalogue of today in the reader's place.
pub async fn services(ask: Ask) -> Result<Page> {
    let policy = ask.app.policy_in(ask.who.scope.counties.first().map_or(NATION, |it| it), ask.today());
    let all = policy.read(|it| &it.ltci.services);
    let title = |it: &Service| if ask.lang == kit::Lang::En { it.name_en.clone() } else { it.name.clone() };
    let kind = |it: ServiceKind| match it {
        ServiceKind::LifeCare => "生活照护",
        ServiceKind::Nursing => "医疗护理",
    };
    let needs = |it: &Service| {
        let all: Vec<String> = it.needs.iter().map(|it| it.title().in_lang(ask.lang.into()).to_string()).collect();
        if all.is_empty() { ask.t("护理人员均可").to_string() } else { all.join(ask.t("、")) }
    };
    let content = html! {
        (tabs(&ask))
        @match &all {
            Err(none) => (empty(none.text().in_lang(ask.lang.into()), "", html! {})),
            Ok(all) => {
                section.card {
                    header.card-head { h2 { (ask.t("服务项目")) } span.muted { (ask.f("{n} 项", &[("n", &all.len())])) } }
                    div.tablewrap { table.plain.stacks {
                        thead { tr {
                            th scope="col" { (ask.t("编号")) } th scope="col" { (ask.t("名称")) } th scope="col" { (ask.t("类别")) }
                            th scope="col" { (ask.t("由谁做")) } th scope="col" { (ask.t("最短分钟")) } th scope="col" { (ask.t("最高价")) }
                        } }
                        tbody { @for it in *all { tr {
                            td { (it.id) }
                            td data-label=(ask.t("名称")) { (title(it)) }
                            td data-label=(ask.t("类别")) { (ask.t(kind(it.kind))) }
                            td data-label=(ask.t("由谁做")) { (needs(it)) }
                            td data-label=(ask.t("最短分钟")) { @match it.least_minutes { Some(n) => (n), None => span.muted { "—" } } }
                            td data-label=(ask.t("最高价")) { @match it.highest_price { Some(money) => (money), None => span.muted { "—" } } }
                        } } }
                    } }
                }
                section.card.gap-top { header.card-head { h2 { (ask.t("依据的政策")) } } div.card-body {
                    ol.reasons { @for it in policy.because() { li { p { a href=(format!("/policy/ltci/{}", kit_form::encoded(it.param))) { (ask.t(it.param)) } }
                        @match &it.document {
                            Some(document) => p.source { (assessment::citation(&ask, document, it.clause.as_deref().unwrap_or_default())) },
                            None => p.source { (it.note.as_deref().unwrap_or_default()) },
                        }
                        @if it.status == rules::policy::Status::Example { (badge(Badge::Example, ask.t("示例"))) }
                    } } }
                } }
            },
        }
    };
    Ok(ask.page(Head::new(ask.t("长护险服务项目")), content))
}
