//! The plan of care of a recipient: what is planned, how it weighs against the limits, and a new one.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Said, Tx,
    error::FieldError,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, crumbs, empty, icon, kv},
};
use maud::{Markup, html};
use rules::{
    base::Money,
    ltci::{
        Service,
        plan::{Every, Item},
    },
};

use super::benefit::find;
use crate::{
    elders::{self, Elder, Key},
    institutions,
    ltci::{
        PLAN,
        benefit::plan::{self, EVERY, New, Plan},
        words,
    },
};

pub const FIELDS: &[Field] = &[
    field("from", "起日", Kind::Date).required(),
    field("review", "复查日", Kind::Date).required().help("到这天重新看计划是否合适。"),
    field("goals", "照护目标", Kind::LongText(500)),
];
/// What programs send: `S05 3 week 90 80.00` a line.
pub const API_FIELDS: &[Field] = &[
    FIELDS[0],
    FIELDS[1],
    FIELDS[2],
    field("items", "服务项目", Kind::LongText(4000))
        .required()
        .help("一行一项:项目编号 次数 week 或 month 分钟 单价(元)。"),
];

struct Shown {
    elder: Elder,
    plans: Vec<Plan>,
    provider: String,
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let today = ask.today();
    let mut input = Input::default();
    input.set("from", today.to_string());
    input.set("review", today.add_months(6).to_string());
    show(&ask, &key, &input, &[]).await
}

pub async fn make(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let (for_error, key_text) = (input.clone(), key.clone());
    let key: Key = key.parse()?;
    let to = format!("/ltci/benefits/{key}/plan");
    let made = ask.write(move |tx, ask| make_by(tx, ask, &key, &input)).await;
    match made {
        Ok(_) => Ok(ask.go(&to, ask.t("照护计划已保存"))),
        Err(Error::Invalid(errors)) => show(&ask, &key_text, &for_error, &errors).await,
        Err(other) => Err(other),
    }
}

/// Checks what was sent and makes the plan; page and API come through here.
pub fn make_by(tx: &Tx<'_>, ask: &Ask, key: &Key, input: &Input) -> Result<Elder> {
    let elder = find(tx, ask, key)?;
    let checked = kit_form::check(FIELDS, input, &Options::new())?;
    let day = |name: &'static str| checked.date(name).ok_or_else(|| Error::invalid(name, "请填写日期"));
    let new = New { from: day("from")?, review: day("review")?, goals: checked.text("goals"), items: items(input)? };
    plan::make(tx, ask, &elder, &new)?;
    Ok(elder)
}

/// The services of a form, `times.S05` and so on, or lines as programs send them.
fn items(input: &Input) -> Result<Vec<Item>> {
    let lines = input.all("items").iter().flat_map(|it| it.lines()).filter(|it| !it.trim().is_empty());
    let mut all: Vec<Item> = lines.map(line).collect::<Result<_>>()?;
    for name in input.names() {
        let Some(id) = name.strip_prefix("times.").filter(|_| !input.get(name).trim().is_empty()) else { continue };
        let of = |part: &str| input.get(&format!("{part}.{id}")).to_string();
        all.push(item(id, &of("times"), &of("every"), &of("minutes"), &of("price"))?);
    }
    Ok(all)
}

fn line(text: &str) -> Result<Item> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    match &*parts {
        [id, times, every, minutes] => item(id, times, every, minutes, ""),
        [id, times, every, minutes, price] => item(id, times, every, minutes, price),
        _ => Err(Error::invalid(
            "items",
            Said::new("“{value}”应写作:项目编号 次数 week 或 month 分钟 单价").with("value", text),
        )),
    }
}

fn item(id: &str, times: &str, every: &str, minutes: &str, price: &str) -> Result<Item> {
    let wrong = |value: &str| Said::new("“{id}”的次数、分钟或单价“{value}”不对").with("id", id).with("value", value);
    let number = |text: &str, most: u16| {
        let found = text.trim().parse::<u16>().ok().filter(|it| (1..=most).contains(it));
        found.ok_or_else(|| Error::invalid("items", wrong(text)))
    };
    let price = match price.trim() {
        "" => Money::ZERO,
        text => words::yuan(text).ok_or_else(|| Error::invalid("items", wrong(text)))?,
    };
    if price.fen() < 0 {
        return Err(Error::invalid("items", wrong("-")));
    }
    let every = match every {
        "week" => Every::Week,
        "month" => Every::Month,
        other => return Err(Error::invalid("items", wrong(other))),
    };
    Ok(Item { service: id.to_string(), times: number(times, 200)?, every, minutes: number(minutes, 720)?, price })
}

async fn show(ask: &Ask, key: &str, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let elder = find(tx, ask, &key)?;
            elders::note(tx, ask, "look", &elder, "ltci plan")?;
            let plans = plan::of_elder(tx, &key)?;
            let now = plans.iter().find(|it| it.from <= ask.today()).and_then(|it| it.provider);
            let provider = match now {
                Some(id) => institutions::by_key(tx, &Key { region: key.region.clone(), id })?.name,
                None => String::new(),
            };
            Ok(Shown { elder, plans, provider })
        })
        .await?;
    let policy = ask.app.policy_in(&shown.elder.key.region, ask.today());
    let services: &[Service] = policy.read(|it| &it.ltci.services).map_or(&[], |it| it);
    let now = shown.plans.iter().find(|it| it.from <= ask.today()).or(shown.plans.last());
    let content = html! {
        @match now {
            None => section.card { (empty(ask.t("还没有照护计划"), ask.t("按待遇的时长限额安排服务。"), html! {})) },
            Some(it) => (planned(ask, &shown, it, services)),
        }
        @if 1 < shown.plans.len() {
            section.card.gap-top { header.card-head { h2 { (ask.t("历次计划")) } } div.card-body { ul {
                @for it in &shown.plans { li {
                    (it.from) " · " (ask.f("{n} 项服务", &[("n", &it.items.len())])) " · "
                    (ask.f("每月 {n} 分钟", &[("n", &it.per_month)])) " " span.muted { (it.who) }
                } }
            } } }
        }
        @if ask.may(PLAN) { (form(ask, &shown, now, input, errors, services)) }
    };
    let own = format!("/ltci/benefits/{}", shown.elder.key);
    let way = crumbs(ask, &[("/ltci", ask.t("长护险待遇")), (&own, &shown.elder.name), ("", ask.t("照护计划"))]);
    let actions = html! { button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) } };
    let status =
        if errors.is_empty() { axum::http::StatusCode::OK } else { axum::http::StatusCode::UNPROCESSABLE_ENTITY };
    let head =
        Head::new(ask.t("照护计划")).line(format!("{} · {}", shown.elder.name, elders::about(ask, &shown.elder)));
    Ok(ask.page_with(status, head.crumbs(way).actions(actions), content))
}

fn name<'a>(ask: &Ask, services: &'a [Service], id: &'a str) -> &'a str {
    let found = services.iter().find(|it| it.id == id);
    found.map_or(id, |it| ask.either(&it.name, &it.name_en))
}

fn planned(ask: &Ask, shown: &Shown, it: &Plan, services: &[Service]) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.f("{day} 起的计划", &[("day", &it.from)])) } span.muted { (it.who) } }
            div.card-body.stack {
                (kv(&[
                    (ask.t("服务机构"), html! { @if shown.provider.is_empty() { "—" } @else { (shown.provider) } }),
                    (ask.t("每周时长"), html! { (ask.f("{n} 分钟", &[("n", &it.per_week)])) }),
                    (ask.t("每月时长"), html! { (ask.f("{n} 分钟", &[("n", &it.per_month)])) }),
                    (ask.t("每月费用"), html! { (it.cost) }),
                    (ask.t("复查日"), html! { (it.review) }),
                    (ask.t("照护目标"), html! { @if it.goals.is_empty() { "—" } @else { (it.goals) } }),
                ]))
            }
            div.tablewrap { table.plain.stacks {
                thead { tr {
                    th scope="col" { (ask.t("服务项目")) } th scope="col" { (ask.t("次数")) } th scope="col" { (ask.t("每次分钟")) }
                    th scope="col" { (ask.t("单价")) }
                } }
                tbody { @for one in &it.items { tr {
                    td { (one.service) " " (name(ask, services, &one.service)) }
                    td data-label=(ask.t("次数")) { (one.every.title().in_lang(ask.lang.into())) " " (one.times) }
                    td data-label=(ask.t("每次分钟")) { (one.minutes) }
                    td data-label=(ask.t("单价")) { (one.price) }
                } } }
            } }
        }
    }
}

fn form(
    ask: &Ask,
    shown: &Shown,
    now: Option<&Plan>,
    input: &Input,
    errors: &[FieldError],
    services: &[Service],
) -> Markup {
    let was = |id: &str| now.and_then(|it| it.items.iter().find(|one| one.service == id));
    let value = |part: &str, id: &str, usual: String| {
        let typed = input.get(&format!("{part}.{id}"));
        if typed.is_empty() && input.get("times.").is_empty() && errors.is_empty() { usual } else { typed.to_string() }
    };
    let number = |part: &str, title: &str, it: &Service, usual: String| {
        let input_name = format!("{part}.{}", it.id);
        html! { input.narrow name=(input_name) value=(value(part, &it.id, usual)) inputmode="decimal" autocomplete="off"
        aria-label=(format!("{} {title}", it.id)); }
    };
    html! {
        details.card.gap-top.no-print open[!errors.is_empty() || now.is_none()] {
            summary.card-head { h2 { (ask.t("制定新计划")) } }
            div.card-body { form.form method="post" action=(format!("/ltci/benefits/{}/plan", shown.elder.key)) data-guard {
                (csrf(ask))
                (kit_form::summary(ask, API_FIELDS, errors))
                (kit_form::fields(ask, FIELDS, input, &Options::new(), errors))
                p.muted { (ask.t("只填要安排的项目;次数、分钟都要填。")) }
                div.tablewrap { table.plain.stacks {
                    thead { tr {
                        th scope="col" { (ask.t("服务项目")) } th scope="col" { (ask.t("次数")) } th scope="col" { (ask.t("周期")) }
                        th scope="col" { (ask.t("每次分钟")) } th scope="col" { (ask.t("单价(元)")) }
                    } }
                    tbody { @for it in services {
                        @let planned = was(&it.id);
                        @let every = value("every", &it.id, planned.map_or("week", |it| plan::every_word(it.every)).to_string());
                        tr {
                            td { (it.id) " " (name(ask, services, &it.id)) }
                            td data-label=(ask.t("次数")) { (number("times", ask.t("次数"), it, planned.map_or(String::new(), |it| it.times.to_string()))) }
                            td data-label=(ask.t("周期")) { select name=(format!("every.{}", it.id)) aria-label=(format!("{} {}", it.id, ask.t("周期"))) {
                                @for (word, title) in EVERY { option value=(word) selected[every == *word] { (ask.t(title)) } }
                            } }
                            td data-label=(ask.t("每次分钟")) { (number("minutes", ask.t("每次分钟"), it, planned.map_or(String::new(), |it| it.minutes.to_string()))) }
                            td data-label=(ask.t("单价(元)")) { (number("price", ask.t("单价(元)"), it, planned.map_or(String::new(), |it| yuan(it.price)))) }
                        }
                    } }
                } }
                div.form-foot { button.btn.btn-primary { (ask.t("保存计划")) } }
            } }
        }
    }
}

fn yuan(it: Money) -> String {
    format!("{}.{:02}", it.fen() / 100, it.fen() % 100)
}
