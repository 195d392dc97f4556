//! What services would cost an elder, before they are ordered: price, who pays, why, and what is blocked.

use axum::http::Uri;
use kit::{
    Ask, Error, Result, Said, Tx,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf, field},
    module::Beside,
    page::{Badge, Head, Page, alert, badge, crumbs, icon},
};
use maud::{Markup, html};
use rules::tariff::Split;

use super::example;
use crate::{
    elders::{self, Elder, Key},
    institutions::Institution,
    tariff::{
        CHARGE, bill, fee, payer,
        price::{self, Priced},
        quote::{self, BED_DAY, Order, Quote, Quoted, VISIT_FEE, quote as quote_of},
        words,
    },
};

/// Lines that stand empty at first.
const LINES: usize = 5;
/// Items that the fields propose while one types.
const MOST_PROPOSED: usize = 400;

/// The answer for an address or a body; the look is noted.
pub fn answer(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<(Quote, Elder, Institution)> {
    let (elder, institution, day) = bill::asked(tx, ask, input)?;
    let order = Order::from(input)?;
    elders::note(tx, ask, "look", &elder, "tariff: price asked")?;
    let quote = quote_of(tx, ask, &elder, &institution, day, &order)?;
    Ok((quote, elder, institution))
}

struct Shown {
    elder: Elder,
    options: Options,
    proposed: Vec<Priced>,
    phases: Vec<(String, String)>,
    /// What the elder has: the contract that runs, the benefit in force.
    covered: Vec<Beside>,
    fee: Option<fee::Fee>,
    quote: Option<Quote>,
    errors: Vec<FieldError>,
}

pub async fn page(ask: Ask, uri: Uri) -> Result<Page> {
    let input = quote::asked(&uri);
    show(&ask, &input, Vec::new()).await
}

/// The page with what was asked, or with what was wrong in a bill that was to be written.
pub async fn show(ask: &Ask, input: &Input, errors: Vec<FieldError>) -> Result<Page> {
    let (mut asked, for_page) = (input.clone(), input.clone());
    let shown = ask
        .write(move |tx, ask| {
            let key: Key = asked.get("elder").parse()?;
            let elder = elders::find(tx, &ask.who.scope, &key)?;
            elders::note(tx, ask, "look", &elder, "tariff")?;
            let options = bill::options(tx, ask, &key.region)?;
            if asked.get("institution").is_empty()
                && let Some((only, _)) = options.get("institution").filter(|it| it.len() == 1).and_then(|it| it.first())
            {
                asked.set("institution", only.clone());
            }
            let mut shown = Shown {
                elder,
                options,
                proposed: Vec::new(),
                phases: phases(ask, &key.region),
                covered: covered(tx, ask, &key)?,
                fee: None,
                quote: None,
                errors,
            };
            if let Ok(id) = asked.get("institution").parse() {
                let institution = price::institution(tx, ask, &key, id)?;
                let day = asked.get("day").parse().unwrap_or(ask.today());
                shown.fee = fee::on(tx, &institution.key, day)?;
                shown.proposed = price::all(tx, ask, &key.region, price::at(tx, &institution, day)?)?;
            }
            let is_asked = asked.all("code").iter().any(|it| !it.trim().is_empty())
                || !asked.get("visit").is_empty()
                || !asked.get("phase").is_empty();
            if is_asked && shown.errors.is_empty() {
                match answer(tx, ask, &asked) {
                    Ok((quote, ..)) => shown.quote = Some(quote),
                    Err(Error::Invalid(errors)) => shown.errors = errors,
                    Err(other) => return Err(other),
                }
            }
            Ok((shown, asked))
        })
        .await?;
    let (shown, asked) = shown;
    let elder_link = format!("/elders/{}", shown.elder.key);
    let content = html! {
        div.cols {
            div.stack {
                @if let Some(quote) = &shown.quote { (result(ask, &shown, quote, &for_page)) }
                (form(ask, &shown, &asked))
            }
            div.stack { (covered_card(ask, &shown)) (fee_card(ask, &shown)) (rule_card(ask, &shown)) }
        }
    };
    let name = &shown.elder.name;
    let way = crumbs(ask, &[("/tariff", ask.t("价格与收费")), (&elder_link, name), ("", ask.t("询价"))]);
    let head = Head::new(ask.t("询价")).line(format!("{name} · {}", elders::about(ask, &shown.elder))).crumbs(way);
    let status = if shown.errors.is_empty() { 200 } else { 422 };
    let status = axum::http::StatusCode::from_u16(status).map_err(Error::internal)?;
    Ok(ask.page_with(status, head, content))
}

/// What pays for services already, as the modules say it whose promises those are.
fn covered(tx: &Tx<'_>, ask: &Ask, elder: &Key) -> Result<Vec<Beside>> {
    let is_promising = |name: &str| matches!(name, "contracting" | "ltci");
    let mut all = elders::beside_of(tx, ask, &elder.region, elder.id, is_promising)?;
    all.retain(|it| matches!(it, Beside::Fact { .. }));
    Ok(all)
}

fn covered_card(ask: &Ask, shown: &Shown) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("已有的保障")) } } div.card-body {
            @if shown.covered.is_empty() { p.muted { (ask.t("没有生效的签约和长护险待遇。")) } }
            @for it in &shown.covered {
                @if let Beside::Fact { title, text, note, link } = it {
                    p { (title) " " a.strong href=(link) { (text) } br; small.muted { (note) } }
                }
            }
        } }
    }
}

fn phases(ask: &Ask, region: &str) -> Vec<(String, String)> {
    let policy = ask.app.policy_in(region, ask.today());
    let rates = policy.read(|it| &it.tariff.bed_day_rates).map_or(&[][..], |it| it);
    let mut all: Vec<(String, String)> = Vec::new();
    for it in rates {
        if all.iter().all(|one| one.0 != it.phase) {
            let title = ask.either(&it.phase, &it.phase_en).to_string();
            all.push((it.phase.clone(), title));
        }
    }
    all
}

fn form(ask: &Ask, shown: &Shown, input: &Input) -> Markup {
    let (codes, quantities) = (input.all("code"), input.all("quantity"));
    let lines = codes.len().max(LINES);
    let institution = input.get("institution");
    let on = |name: &str| matches!(input.get(name), "on" | "true" | "1" | "yes");
    let day = if input.get("day").is_empty() { ask.today().to_string() } else { input.get("day").to_string() };
    let fields = [field("code", "项目", kit_form::Kind::Text(40)), bill::FIELDS[1], bill::FIELDS[2]];
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("问什么")) } } div.card-body {
            form.form method="get" action="/tariff/ask" {
                (kit_form::summary(ask, &fields, &shown.errors))
                input type="hidden" name="elder" value=(shown.elder.key);
                div.grid {
                    div.field { label for="institution" { (ask.t("机构")) " " span.req { (ask.t("必填")) } }
                        select #institution name="institution" required {
                            option value="" { (ask.t("请选择")) }
                            @for (id, name) in shown.options.get("institution").into_iter().flatten() {
                                option value=(id) selected[id == institution] { (name) }
                            }
                        } }
                    div.field { label for="day" { (ask.t("服务日期")) } input #day type="date" name="day" value=(day); }
                }
                div.options {
                    label.option { input type="checkbox" name="visit" value="on" checked[on("visit")]; " " (ask.t("上门服务")) }
                    label.option { input type="checkbox" name="insured" value="on" checked[on("insured")]; " " (ask.t("医保结算")) }
                }
                datalist #tariff-items {
                    @for it in shown.proposed.iter().take(MOST_PROPOSED) {
                        option value=(format!("{} {}", it.item.code, it.name(ask))) { (words::money(ask, it.amount)) (words::per(ask, &it.item.unit)) }
                    }
                }
                fieldset.field.wide { legend { (ask.t("项目和数量")) }
                    p.help { (ask.t("先选机构再选项目;输入编码或名称会有提示。")) }
                    @for nth in 0..lines {
                        @let label = ask.f("第 {n} 项", &[("n", &(nth + 1))]);
                        div.grid {
                            div.field { label.sr for=(format!("code-{nth}")) { (label) }
                                input id=(format!("code-{nth}")) name="code" list="tariff-items" value=(codes.get(nth).map_or("", |it| it)) autocomplete="off" placeholder=(label); }
                            div.field { label.sr for=(format!("quantity-{nth}")) { (label) " " (ask.t("数量")) }
                                input id=(format!("quantity-{nth}")) name="quantity" inputmode="numeric" value=(quantities.get(nth).map_or("", |it| it)) autocomplete="off" placeholder=(ask.t("数量")); }
                        }
                    }
                }
                @if !shown.phases.is_empty() { (stay_fields(ask, shown, input)) }
                div.form-foot { button.btn.btn-primary { (icon("cash-coin")) (ask.t("询价")) } }
            }
        } }
    }
}

fn stay_fields(ask: &Ask, shown: &Shown, input: &Input) -> Markup {
    let on = |name: &str| matches!(input.get(name), "on" | "true" | "1" | "yes");
    let days = [("admitted", "入院日"), ("stay_from", "计费起日"), ("stay_until", "计费止日(不含)")];
    html! {
        details open[!input.get("phase").is_empty()] { summary { (ask.t("长期住院按床日付费")) }
            div.grid {
                div.field { label for="phase" { (ask.t("阶段")) } select #phase name="phase" {
                    option value="" { (ask.t("不按床日")) }
                    @for (word, title) in &shown.phases { option value=(word) selected[word == input.get("phase")] { (title) } }
                } }
                @for (name, title) in days {
                    div.field { label for=(name) { (ask.t(title)) } input id=(name) type="date" name=(name) value=(input.get(name)); }
                }
            }
            div.options {
                label.option { input type="checkbox" name="pathway" value="on" checked[on("pathway")]; " " (ask.t("诊疗路径明确")) }
                label.option { input type="checkbox" name="stable" value="on" checked[on("stable")]; " " (ask.t("病情稳定")) }
            }
        }
    }
}

/// The parts of an amount that are not zero, in words.
pub fn parts(ask: &Ask, it: &Split) -> Markup {
    let all = [
        ("医保", it.insurance),
        ("长护险", it.ltci),
        ("签约服务包", it.package),
        ("公卫", it.public_health),
        ("个人", it.person),
    ];
    let said: Vec<String> = all
        .iter()
        .filter(|part| part.1.fen() != 0)
        .map(|(title, money)| format!("{} {}", ask.t(title), words::money(ask, *money)))
        .collect();
    html! { (said.join(" · ")) }
}

/// The name of a line in the reader's language.
pub fn name_of<'a>(ask: &'a Ask, shown: &'a [Priced], line: &'a Quoted) -> &'a str {
    match &*line.code {
        VISIT_FEE | BED_DAY => ask.t(&line.name),
        code => shown.iter().find(|it| it.item.code == code).map_or(&line.name, |it| it.name(ask)),
    }
}

fn result(ask: &Ask, shown: &Shown, quote: &Quote, input: &Input) -> Markup {
    let total = &quote.total;
    html! {
        section.card aria-live="polite" { header.card-head { h2 { (ask.t("要多少钱,由谁付")) } }
            div.card-body.stack {
                @for code in &quote.unpriced {
                    (alert(Badge::Warn, &ask.f("“{code}”在这家机构当日没有价格", &[("code", code)]), html! { p { (ask.t("没有价格的不能收费,也不当作免费。")) } }))
                }
                @for why in &quote.refused { (alert(Badge::Warn, &why.in_lang(ask.lang), html! {})) }
                @for line in quote.lines.iter().filter(|it| it.blocked.is_some()) { (blocked(ask, shown, line)) }
            }
            @if !quote.lines.is_empty() { div.tablewrap { table.plain.stacks {
                thead { tr { th scope="col" { (ask.t("项目")) } th.num scope="col" { (ask.t("单价")) } th.num scope="col" { (ask.t("数量")) }
                    th.num scope="col" { (ask.t("金额")) } th scope="col" { (ask.t("由谁付")) } th.num scope="col" { (ask.t("个人付")) } } }
                tbody { @for line in &quote.lines { tr {
                    td { (name_of(ask, &shown.proposed, line)) (example(ask, line.is_example)) br; small.muted { (line.code) " · " (Said::shown(&line.basis, ask.lang)) } }
                    td.num data-label=(ask.t("单价")) { (words::money(ask, line.price)) (words::per(ask, &line.unit)) }
                    td.num data-label=(ask.t("数量")) { (line.quantity) }
                    td.num data-label=(ask.t("金额")) { (words::money(ask, line.split.amount)) }
                    td data-label=(ask.t("由谁付")) { (parts(ask, &line.split)) br; small.muted { (Said::shown(&line.why, ask.lang)) } }
                    td.num data-label=(ask.t("个人付")) { (words::money(ask, line.split.person)) }
                } } }
                tfoot { tr {
                    th scope="row" { (ask.t("合计")) } td {} td {}
                    td.num data-label=(ask.t("金额")) { (words::money(ask, total.amount)) }
                    td data-label=(ask.t("由谁付")) { (parts(ask, total)) }
                    td.num data-label=(ask.t("个人付")) { strong { (words::money(ask, total.person)) } }
                } }
            } } }
            @if ask.may(CHARGE) && !quote.lines.is_empty() { div.card-body { (charge_form(ask, input, quote)) } }
        }
    }
}

fn blocked(ask: &Ask, shown: &Shown, line: &Quoted) -> Markup {
    let Some(known) = &line.blocked else { return html! {} };
    let title = ask.f("“{name}”不再收费", &[("name", &name_of(ask, &shown.proposed, line))]);
    let by = ask.t(words::title(words::PAYERS, &known.payer));
    let why = ask.f("{day} 已由{payer}付费({event})", &[("day", &known.day), ("payer", &by), ("event", &known.event)]);
    let clause = payer::clause(ask, &shown.elder.key.region, known.day);
    alert(Badge::Bad, &title, html! { p { (why) } @if let Some(clause) = clause { p.source { cite { (clause) } } } })
}

fn charge_form(ask: &Ask, input: &Input, quote: &Quote) -> Markup {
    let names = input.names().filter(|it| !matches!(*it, "csrf" | "event" | "note"));
    let kept: Vec<(String, String)> =
        names.flat_map(|name| input.all(name).iter().map(move |it| (name.to_string(), it.clone()))).collect();
    let can =
        quote.unpriced.is_empty() && quote.refused.is_empty() && quote.lines.iter().all(|it| it.blocked.is_none());
    html! {
        @if can {
            form.form.no-print method="post" action="/tariff/bills" data-confirm=(ask.t("开出账单后不能修改,差错用更正。现在开账单?")) {
                (csrf(ask))
                @for (name, value) in &kept { input type="hidden" name=(name) value=(value); }
                div.grid {
                    (kit_form::one(ask, &bill::FIELDS[5], input, &Options::new(), &[]))
                    (kit_form::one(ask, &bill::FIELDS[6], input, &Options::new(), &[]))
                }
                div.form-foot { button.btn.btn-primary { (icon("receipt")) (ask.t("按此开账单")) } }
            }
        } @else {
            p.muted { (badge(Badge::Warn, ask.t("不能开账单"))) " " (ask.t("请先去掉没有价格或已由他方付费的项目。")) }
        }
    }
}

fn fee_card(ask: &Ask, shown: &Shown) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("上门服务费")) } } div.card-body {
            @match &shown.fee {
                Some(it) => {
                    p { strong { (words::money(ask, it.fee.unwrap_or_default())) } " / " (ask.t("次")) }
                    p.small.muted { (ask.f("{day} 起", &[("day", &it.from)])) " · "
                        (ask.f("{time} 公布", &[("time", &kit::clock::minute(&it.published))])) }
                }
                None => p.muted { (ask.t("选择机构后显示它公布的上门服务费;没有公布的不能收取。")) },
            }
        } }
    }
}

fn rule_card(ask: &Ask, shown: &Shown) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("谁来付")) } } div.card-body {
            p { (ask.t("家庭医生签约、基本公共卫生服务、长期护理保险已经保障的服务不再收费;其余按目录甲乙丙类由医保和个人分担。")) }
            @if let Some(clause) = payer::clause(ask, &shown.elder.key.region, ask.today()) { p.source { cite { (clause) } } }
        } }
    }
}
