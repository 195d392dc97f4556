//! Pages of leads: the list, and one lead with what is done about it.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Head, Page, alert, badge, crumbs, kv, time},
};
use maud::{Markup, html};
use rules::base::Money;

use super::{
    course, list,
    record::{self, Lead, Step},
    search, words,
};
use crate::{
    elders,
    institutions::Institution,
    ltci::{
        ANSWER, AUDIT,
        words::{shown, title, yuan},
    },
};

pub const ASK: &[Field] = &[
    field("words", "要机构说明什么", Kind::LongText(500)).required(),
    field("due", "答复期限", Kind::Date).help("不填为 10 天以后。"),
];
pub const ANSWERED: &[Field] = &[field("words", "说明", Kind::LongText(1000)).required()];
pub const CONFIRM: &[Field] = &[
    field("words", "认定的事实和依据", Kind::LongText(1000)).required(),
    field("recovery", "应追回金额(元)", Kind::Text(20)).help("没有的填 0。"),
];
pub const DISMISS: &[Field] = &[field("words", "不属实的理由", Kind::LongText(1000)).required()];
pub const RECOVER: &[Field] =
    &[field("day", "追回日", Kind::Date).required(), field("words", "凭证或说明", Kind::Text(200)).required()];
pub const LOOK: &[Field] = &[field("month", "月份", Kind::Text(7)).required().help("形如 2026-10。")];

pub async fn all(ask: Ask) -> Result<Page> {
    let asked = list::asked(&ask);
    let head = Head::new(ask.t(list::LEADS.title));
    if ask.param("format") == Some("xlsx") {
        return list::LEADS.answer(&asked, head).await;
    }
    let page = asked.read(move |tx, ask| list::LEADS.page(tx, ask, 25)).await?;
    let last_month = ask.today().first_of_month().add_months(-1).to_string();
    let mut input = Input::default();
    input.set("month", &last_month[..7]);
    let content = html! {
        @if ask.may(AUDIT) {
            section.card.no-print { div.card-body {
                form.form.row method="post" action="/ltci/leads/look" {
                    (csrf(&ask)) (kit_form::fields(&ask, LOOK, &input, &Options::new(), &[]))
                    button.btn { (ask.t("查找线索")) }
                }
            } }
        }
        (list::LEADS.markup(&asked, &page))
    };
    Ok(ask.page(head.line(ask.t("线索不是结论:写明看到了什么,由人核实。")), content))
}

pub async fn look(ask: Ask, input: Input) -> Result<Page> {
    let found = ask.write(move |tx, ask| look_by(tx, ask, &input)).await?;
    Ok(ask.go("/ltci/leads", &ask.f("新发现 {n} 条线索", &[("n", &found)])))
}

/// Looks through a month of every county of the scope; gives how many leads are new.
pub fn look_by(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<usize> {
    let checked = kit_form::check(LOOK, input, &Options::new())?;
    let first = format!("{}-01", checked.text("month")).parse();
    let first = first.map_err(|_| Error::invalid("month", "月份请写作 2026-10"))?;
    let mut found = 0;
    for region in ask.who.scope.counties.iter() {
        found += search::look(tx, ask, region, first)?;
    }
    Ok(found)
}

struct Shown {
    it: Lead,
    institution: Institution,
    elder: Option<String>,
    steps: Vec<Step>,
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let (it, institution) = record::find(tx, ask, &key)?;
            let elder = match it.elder_key() {
                None => None,
                Some(key) => {
                    let elder = elders::find_served(tx, &ask.who.scope, &key, Some(it.provider))?;
                    elders::note(tx, ask, "look", &elder, &format!("ltci lead {}", it.key))?;
                    Some(elder.name)
                }
            };
            Ok(Shown { steps: record::steps(tx, &it.key)?, it, institution, elder })
        })
        .await?;
    let it = &shown.it;
    let content = html! {
        div.cols {
            div.stack { (seen(&ask, &shown)) (history(&ask, &shown.steps)) }
            div.stack { (deeds(&ask, it)) }
        }
    };
    let kind = ask.t(title(words::KINDS, &it.kind));
    let way = crumbs(&ask, &[("/ltci/leads", ask.t("疑点线索")), ("", kind)]);
    Ok(ask.page(Head::new(kind).line(&*shown.institution.name).crumbs(way), content))
}

fn seen(ask: &Ask, shown_here: &Shown) -> Markup {
    let it = &shown_here.it;
    let (state, kind) = shown(words::STATES, &it.state);
    let money = |fen: i64| Money::from_fen(fen).to_string();
    let pairs = [
        (ask.t("状态"), badge(kind, ask.t(state))),
        (ask.t("看到什么"), html! { (it.said_in(ask)) }),
        (
            ask.t("机构"),
            html! { a href=(format!("/ltci/providers/{}", it.provider_key())) { (shown_here.institution.name) } },
        ),
        (
            ask.t("老人"),
            html! {
                @match (&shown_here.elder, it.elder_key()) {
                    (Some(name), Some(key)) => a href=(format!("/ltci/benefits/{key}")) { (name) },
                    _ => "—",
                }
            },
        ),
        (ask.t("护理人员编号"), html! { @if it.carer.is_empty() { "—" } @else { (it.carer) } }),
        (ask.t("日期"), html! { @if it.day.is_empty() { (it.month) } @else { (it.day) } }),
        (ask.t("申报明细"), html! { @if it.lines.is_empty() { "—" } @else { (it.lines.join(ask.t("、"))) } }),
        (ask.t("答复期限"), html! { @match it.due { Some(day) => (day), None => "—" } }),
        (
            ask.t("应追回"),
            html! { @if 0 < it.recovery { (money(it.recovery)) @if let Some(day) = it.recovered { " · " (ask.f("{day} 已追回", &[("day", &day)])) } } @else { "—" } },
        ),
    ];
    html! { section.card { header.card-head { h2 { (ask.t("线索")) } } div.card-body { (kv(&pairs)) } } }
}

fn history(ask: &Ask, steps: &[Step]) -> Markup {
    html! {
        section.card { header.card-head { h2 { (ask.t("办理过程")) } } div.card-body { ol.timeline {
            @for it in steps { li {
                p { b { (ask.t(title(words::STEPS, &it.step))) } " " (time(&it.at)) " " span.muted { (it.who) } }
                @if !it.words.is_empty() { p { (it.words) } }
                @if 0 < it.amount { p { (Money::from_fen(it.amount)) } }
            } }
        } } }
    }
}

fn deeds(ask: &Ask, it: &Lead) -> Markup {
    let here = it.link();
    let mut input = Input::default();
    input.set("day", ask.today().to_string());
    input.set("recovery", "0");
    let form = |to: &str, title: &str, fields: &[Field], confirm: &str| {
        html! {
            details open[to == "answer"] { summary { (ask.t(title)) }
                form.form method="post" action=(format!("{here}/{to}")) data-confirm=(ask.t(confirm)) {
                    (csrf(ask)) (kit_form::fields(ask, fields, &input, &Options::new(), &[]))
                    button.btn { (ask.t(title)) }
                }
            }
        }
    };
    let is_open = matches!(&*it.state, "open" | "asked" | "answered");
    let (audits, answers) = (ask.may(AUDIT) && is_open, ask.may(ANSWER) && it.state == "asked");
    let recovers = ask.may(AUDIT) && it.state == "confirmed" && 0 < it.recovery && it.recovered.is_none();
    if !(audits || answers || recovers) {
        return html! {};
    }
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("现在可以办理")) } } div.card-body.stack {
            @if it.due.is_some_and(|day| day < ask.today()) && it.state == "asked" {
                (alert(kit::page::Badge::Warn, ask.t("超过答复期限"), html! {}))
            }
            @if answers { (form("answer", "向稽核说明", ANSWERED, "提交说明?")) }
            @if audits && it.state != "asked" { (form("ask", "要求机构说明", ASK, "要求机构说明?机构会看到这条线索。")) }
            @if audits { (form("confirm", "认定属实", CONFIRM, "认定属实?认定后不能更改。")) }
            @if audits { (form("dismiss", "认定不属实", DISMISS, "认定不属实?认定后不能更改。")) }
            @if recovers { (form("recover", "登记追回", RECOVER, "登记款项已追回?")) }
        } }
    }
}

async fn deed(
    ask: Ask,
    key: String,
    said: &'static str,
    work: impl FnOnce(&Tx<'_>, &Ask, &Lead) -> Result<()> + Send + 'static,
) -> Result<Page> {
    let key = key.parse()?;
    let to = ask
        .write(move |tx, ask| {
            let (it, _) = record::find(tx, ask, &key)?;
            work(tx, ask, &it)?;
            Ok(it.link())
        })
        .await?;
    Ok(ask.go(&to, ask.t(said)))
}

pub async fn ask_for(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已要求说明", move |tx, ask, it| ask_by(tx, ask, it, &input)).await
}

pub async fn answer(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "说明已提交", move |tx, ask, it| answer_by(tx, ask, it, &input)).await
}

pub async fn confirm(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已认定", move |tx, ask, it| confirm_by(tx, ask, it, &input)).await
}

pub async fn dismiss(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已认定", move |tx, ask, it| dismiss_by(tx, ask, it, &input)).await
}

pub async fn recover(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已登记追回", move |tx, ask, it| recover_by(tx, ask, it, &input)).await
}

pub fn ask_by(tx: &Tx<'_>, ask: &Ask, it: &Lead, input: &Input) -> Result<()> {
    let checked = kit_form::check(ASK, input, &Options::new())?;
    let due = checked.date("due").unwrap_or(ask.today().add_days(course::USUAL_DAYS));
    course::ask_for(tx, ask, it, &checked.text("words"), due)
}

pub fn answer_by(tx: &Tx<'_>, ask: &Ask, it: &Lead, input: &Input) -> Result<()> {
    let checked = kit_form::check(ANSWERED, input, &Options::new())?;
    course::answer(tx, ask, it, &checked.text("words"))
}

pub fn confirm_by(tx: &Tx<'_>, ask: &Ask, it: &Lead, input: &Input) -> Result<()> {
    let checked = kit_form::check(CONFIRM, input, &Options::new())?;
    let text = checked.optional("recovery").unwrap_or_else(|| "0".into());
    let recovery = yuan(&text).ok_or_else(|| Error::invalid("recovery", "金额请写作 120 或 120.50"))?;
    course::confirm(tx, ask, it, &checked.text("words"), recovery)
}

pub fn dismiss_by(tx: &Tx<'_>, ask: &Ask, it: &Lead, input: &Input) -> Result<()> {
    let checked = kit_form::check(DISMISS, input, &Options::new())?;
    course::dismiss(tx, ask, it, &checked.text("words"))
}

pub fn recover_by(tx: &Tx<'_>, ask: &Ask, it: &Lead, input: &Input) -> Result<()> {
    let checked = kit_form::check(RECOVER, input, &Options::new())?;
    let day = checked.date("day").ok_or_else(|| Error::invalid("day", "请填写日期"))?;
    course::recover(tx, ask, it, day, &checked.text("words"))
}
