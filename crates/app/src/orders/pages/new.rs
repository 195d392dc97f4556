//! A new order on one page: the service, its price and who pays, the risks, who agrees, the wish for a time.

use axum::http::StatusCode;
use kit::{
    Ask, Error, Result, Role, Said,
    error::FieldError,
    form::{self as kit_form, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, alert, badge, crumbs, icon},
};
use maud::{Markup, html};
use rules::{
    base::Money,
    home_service::{About, Known, Risk, Service},
};

use super::catalogue;
use crate::{
    elders::{self, Elder, Key},
    orders::{
        no_policy,
        place::{self, FIELDS, risk_field},
        price, record, words, work,
    },
    tariff::{self, Quote},
};

struct Shown {
    elder: Elder,
    institutions: Vec<(String, String)>,
    services: Vec<Service>,
    service: Option<Service>,
    risks: Vec<Risk>,
    consent: Vec<[String; 2]>,
    known: Known,
    quote: Option<Quote>,
    institution_name: String,
    may_apply: bool,
}

pub async fn page(ask: Ask) -> Result<Page> {
    let mut input = Input::default();
    for name in ["elder", "institution", "service", "day"] {
        input.set(name, ask.param(name).unwrap_or_default());
    }
    input.set("signer", if ask.who.role == Role::Family { "family" } else { "self" });
    if ask.who.role == Role::Family {
        input.set("signer_name", &*ask.who.name);
    }
    show(ask, &input, &[]).await
}

pub async fn create(ask: Ask, input: Input) -> Result<Page> {
    let for_page = input.clone();
    let made = ask.write(move |tx, ask| place::place_from(tx, ask, &input)).await;
    match made {
        Ok(it) => Ok(ask.go(&it.link(), ask.t("已预约,等机构接单"))),
        Err(Error::Invalid(errors)) => show(ask, &for_page, &errors).await,
        Err(other) => Err(other),
    }
}

async fn show(ask: Ask, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let ask = super::for_family(ask);
    let mut asked = input.clone();
    let (shown, input) = ask
        .write(move |tx, ask| {
            let key: Key = asked.get("elder").parse()?;
            let elder = elders::find_living(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, "order of services at home")?;
            let institutions = place::institutions_for(tx, ask, &elder)?;
            if asked.get("institution").is_empty()
                && let Some((first, _)) = institutions.first()
            {
                asked.set("institution", first.clone());
            }
            let policy = ask.app.policy_in(&key.region, ask.today());
            let services = policy.read(|it| &it.home_services.services).map_err(no_policy)?;
            let service = services.iter().find(|it| it.id == asked.get("service")).cloned();
            let mut shown = Shown {
                services: services.clone(),
                risks: policy.read(|it| &it.home_services.risks).map_err(no_policy)?.clone(),
                consent: Vec::new(),
                known: place::known(tx, &elder, None)?,
                may_apply: work::may_apply(tx, ask, &elder)?,
                quote: None,
                institution_name: String::new(),
                institutions,
                service,
                elder,
            };
            let chosen = asked.get("institution").to_string();
            let is_offered = shown.institutions.iter().find(|it| it.0 == chosen);
            if let (Some(service), Some((id, name))) = (&shown.service, is_offered)
                && let Ok(id) = id.parse()
            {
                let institution = tariff::institution_of(tx, ask, &key, id)?;
                let day = asked.get("day").parse().unwrap_or(ask.today());
                let quote = price::quote(tx, ask, &shown.elder, &institution, service, day)?;
                shown.consent = place::points(&policy, service)?;
                (shown.quote, shown.institution_name) = (Some(quote), name.clone());
            }
            Ok((shown, asked))
        })
        .await?;
    let content = html! {
        @if shown.may_apply { (yearly(&ask, &shown.elder)) }
        @match &shown.service {
            Some(service) => (order(&ask, &shown, service, &input, errors)),
            None => (choose(&ask, &shown, &input)),
        }
    };
    let link = format!("/elders/{}", shown.elder.key);
    let name = &shown.elder.name;
    let title = ask.t("预约上门服务");
    let way = crumbs(&ask, &[("/orders", ask.t("上门服务")), (&link, name), ("", title)]);
    let head = Head::new(title).line(format!("{name} · {}", elders::about(&ask, &shown.elder))).crumbs(way);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ask.page_with(status, head, content))
}

fn yearly(ask: &Ask, elder: &Elder) -> Markup {
    html! {
        (alert(Badge::Info, ask.t("可以申请失能老年人健康服务"), html! {
            p { (ask.t("65岁及以上的居家失能老人,每年一次评估、体格检查、中医体质辨识和指导。")) }
            form method="post" action="/orders/yearly" { (csrf(ask))
                input type="hidden" name="elder" value=(elder.key);
                button.btn.btn-sm { (ask.t("申请")) } }
        }))
    }
}

/// The first step: where, and what.
fn choose(ask: &Ask, shown: &Shown, input: &Input) -> Markup {
    html! {
        form.form method="get" action="/orders/new" {
            input type="hidden" name="elder" value=(shown.elder.key);
            section.card { header.card-head { h2 { (ask.t("要什么服务")) } } div.card-body.stack {
                (institution_field(ask, shown, input))
                fieldset.field { legend { (ask.t("服务")) } div.stack {
                    @for it in &shown.services {
                        div { label.option { input type="radio" name="service" value=(it.id) required; " "
                            b { (ask.either(&it.name, &it.name_en)) } " "
                            small.muted { (ask.t(it.class.title())) " · " (it.minutes) " " (ask.t("分钟")) " · " (catalogue::whom(ask, it)) } } }
                    }
                } }
                div.form-foot { button.btn.btn-primary { (icon("cash-coin")) (ask.t("看价格,下一步")) } }
            } }
        }
    }
}

fn institution_field(ask: &Ask, shown: &Shown, input: &Input) -> Markup {
    html! {
        div.field { label for="institution" { (ask.t("机构")) }
            select #institution name="institution" required {
                @for (id, name) in &shown.institutions { option value=(id) selected[id == input.get("institution")] { (name) } }
            } }
    }
}

/// The second step: price, risks, consent, time.
fn order(ask: &Ask, shown: &Shown, service: &Service, input: &Input, errors: &[FieldError]) -> Markup {
    let stated: Vec<&str> = input.all("conditions").iter().map(|it| &**it).collect();
    let again = format!("/orders/new?elder={}&institution={}", shown.elder.key, input.get("institution"));
    let fields = [FIELDS, &[field("risks", "上门前的问题", Kind::Text(1))]].concat();
    let summed: Vec<FieldError> = errors
        .iter()
        .map(|it| match it.field.starts_with("risk_") {
            true => FieldError { field: "risks".to_string(), said: it.said.clone() },
            false => it.clone(),
        })
        .collect();
    html! {
        form.form method="post" action="/orders/new" {
            (csrf(ask))
            (kit_form::summary(ask, &fields, &summed))
            input type="hidden" name="elder" value=(shown.elder.key);
            input type="hidden" name="institution" value=(input.get("institution"));
            input type="hidden" name="service" value=(service.id);
            div.stack {
                section.card { header.card-head { h2 { (ask.either(&service.name, &service.name_en)) } a href=(again) { (ask.t("换一项服务")) } }
                    div.card-body.stack {
                        p { (shown.institution_name) " · " (service.minutes) " " (ask.t("分钟")) " · " (catalogue::who(ask, service)) }
                        p { (catalogue::demands(ask, service)) }
                        @if let Some(quote) = &shown.quote { (prices(ask, quote)) }
                    }
                }
                (condition_card(ask, shown, service, &stated))
                section.card #risks { header.card-head { h2 { (ask.t("上门前的问题")) } } div.card-body.stack {
                    p.help { (ask.t("请照实回答,服务人员据此决定怎样上门。")) }
                    @for about in About::ALL { div.stack { h3 { (ask.t(about.title())) }
                        @for it in shown.risks.iter().filter(|it| it.about == about) { (risk(ask, it, input, errors)) }
                    } }
                } }
                @if !shown.consent.is_empty() { (consent_card(ask, shown, input, errors)) }
                (time_card(ask, shown, service, input, errors))
            }
        }
    }
}

/// What it costs and who pays.
fn prices(ask: &Ask, quote: &Quote) -> Markup {
    let (amount, person) = price::sums(quote);
    html! {
        @if quote.lines.is_empty() && quote.refused.is_empty() && quote.unpriced.is_empty() { p { (ask.t("这项服务没有收费项目")) } }
        @if !quote.lines.is_empty() { div.tablewrap { table.plain.stacks {
            thead { tr { th scope="col" { (ask.t("项目")) } th.num scope="col" { (ask.t("金额")) } th scope="col" { (ask.t("由谁付")) } th.num scope="col" { (ask.t("个人付")) } } }
            tbody { @for line in &quote.lines { tr {
                td { (ask.t(&line.name)) @if line.is_example { " " (badge(Badge::Example, ask.t("示例"))) } }
                td.num data-label=(ask.t("金额")) { (money(ask, line.split.amount.fen())) }
                td data-label=(ask.t("由谁付")) { (Said::shown(&line.why, ask.lang)) }
                td.num data-label=(ask.t("个人付")) { (money(ask, if line.blocked.is_some() { 0 } else { line.split.person.fen() })) }
            } } }
            tfoot { tr { th scope="row" { (ask.t("合计")) } td.num data-label=(ask.t("金额")) { (money(ask, amount)) } td {}
                td.num data-label=(ask.t("个人付")) { strong { (money(ask, person)) } } } }
        } } }
        @for code in &quote.unpriced { p.muted { (ask.f("“{code}”在这家机构当日没有价格", &[("code", code)])) } }
        @for why in &quote.refused { p.muted { (why.in_lang(ask.lang)) } }
    }
}

/// So many fen in words.
pub fn money(ask: &Ask, fen: i64) -> String {
    let text = Money::from_fen(fen).to_string();
    if ask.lang == kit::Lang::En { text.replace('元', "yuan") } else { text }
}

fn condition_card(ask: &Ask, shown: &Shown, service: &Service, stated: &[&str]) -> Markup {
    let found: Vec<&str> = shown.known.present.iter().map(|it| ask.t(it.title())).collect();
    let asked = words::STATED.iter().filter(|it| service.conditions.iter().any(|one| one.word() == it.0));
    let asked: Vec<_> = asked.filter(|it| shown.known.present.iter().all(|one| one.word() != it.0)).collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("老人现在的情况")) } } div.card-body.stack {
            @if !found.is_empty() { p { (ask.t("档案里有")) (ask.t(":")) (found.join(ask.t("、"))) } }
            @if !asked.is_empty() { fieldset.field { legend { (ask.t("以下情况有的请勾选")) } div.options {
                @for (word, title) in asked {
                    label.option { input type="checkbox" name="conditions" value=(word) checked[stated.contains(word)]; " " (ask.t(title)) }
                }
            } } }
        } }
    }
}

fn said(ask: &Ask, errors: &[FieldError], field: &str) -> Markup {
    html! { @for it in errors.iter().filter(|it| it.field == field) { p.error { (it.said.in_lang(ask.lang)) } } }
}

fn risk(ask: &Ask, it: &Risk, input: &Input, errors: &[FieldError]) -> Markup {
    let name = risk_field(it);
    let given = input.get(&name);
    html! {
        fieldset.field { legend { (ask.either(&it.name, &it.name_en)) }
            div.options {
                label.option { input type="radio" name=(name) value="no" checked[given == "no"] required; " " (ask.t("无")) }
                label.option { input type="radio" name=(name) value="yes" checked[given == "yes"]; " " (ask.t("有")) }
            }
            (said(ask, errors, &name))
        }
    }
}

fn consent_card(ask: &Ask, shown: &Shown, input: &Input, errors: &[FieldError]) -> Markup {
    let on = !input.get("consent").is_empty();
    html! {
        section.card { header.card-head { h2 { (ask.t("知情同意")) } } div.card-body.stack {
            ul { @for [zh, en] in &shown.consent { li { (ask.either(zh, en)) } } }
            label.option { input #consent type="checkbox" name="consent" value="on" checked[on]; " " (ask.t("已看过并同意以上各点")) }
            (said(ask, errors, "consent"))
            div.grid {
                (kit_form::one(ask, &FIELDS[6], input, &Options::new(), errors))
                (kit_form::one(ask, &FIELDS[7], input, &Options::new(), errors))
            }
            @if ask.who.role == Role::Family { p.help { (ask.t("提交后以您的账号确认同意,记下时间。")) } }
            @else { (signature_pad(ask)) p.help { (ask.t("同意人不在场的可以不签:由家属的账号确认,或派人之前补签。")) } }
        } }
    }
}

/// Where whoever agrees signs.
pub fn signature_pad(ask: &Ask) -> Markup {
    html! {
        div.sign {
            p.sign-label #sign-label { (ask.t("同意人签名")) }
            canvas.js-sign.needs-js data-input="signature" role="img" aria-labelledby="sign-label" {}
            input #signature type="hidden" name="signature";
            div.actions.needs-js { button.btn.btn-sm.js-sign-clear type="button" { (ask.t("清除重签")) } }
        }
    }
}

fn time_card(ask: &Ask, shown: &Shown, service: &Service, input: &Input, errors: &[FieldError]) -> Markup {
    let mut input = input.clone();
    if input.get("part").is_empty() {
        input.set("part", "morning");
    }
    if input.get("day").is_empty() {
        input.set("day", record::first_day(ask.now, input.get("part"), service.lead_hours).to_string());
    }
    let on = !input.get("carer").is_empty();
    html! {
        section.card { header.card-head { h2 { (ask.t("希望的时间")) } } div.card-body.stack {
            div.grid { @for nth in [8, 9, 10] { (kit_form::one(ask, &FIELDS[nth], &input, &Options::new(), errors)) } }
            label.option { input #carer type="checkbox" name="carer" value="on" checked[on]; " " (ask.t("上门时有照护者在场")) }
            (said(ask, errors, "carer"))
            (kit_form::one(ask, &FIELDS[11], &input, &Options::new(), errors))
            div.form-foot { button.btn.btn-primary { (icon("house-heart")) (ask.t("预约")) }
                a.btn.btn-ghost href=(format!("/elders/{}", shown.elder.key)) { (ask.t("取消")) } }
        } }
    }
}
