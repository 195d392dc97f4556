//! One plan: problems and goals, services by who pays, the coming weeks, versions, and what can be done.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Role, Tx,
    error::FieldError,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, alert, apart, crumbs, icon, kv, time},
};
use maud::{Markup, html};

use super::{deeds, pieces, weeks};
use crate::{
    careplan::{
        SIGN, WRITE,
        coming::{self, Coming},
        given::{self, Given},
        line::{self, Line},
        outside::{self, Promised},
        record::{self, Plan, Version},
        sign::{self, Signature},
        words,
    },
    elders::{self, Elder, Key},
};

pub struct Shown {
    pub it: Plan,
    pub elder: Elder,
    pub lines: Vec<Line>,
    versions: Vec<Version>,
    pub signatures: Vec<Signature>,
    /// Nothing where no policy is in force.
    coming: Option<Coming>,
    outside: Vec<Promised>,
    given: Vec<Given>,
    others: Vec<Plan>,
}

pub fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let (it, elder) = record::find(tx, &ask.who.scope, key)?;
    let coming = match coming::weeks(tx, ask, &it, &elder) {
        Err(Error::Refused(_)) => None,
        other => Some(other?),
    };
    Ok(Shown {
        lines: line::of(tx, key, it.version)?,
        versions: record::versions(tx, key)?,
        signatures: sign::of(tx, key)?,
        outside: outside::of(tx, &elder.key)?,
        given: given::since(tx, key, ask.today().add_months(-3))?,
        others: record::of_elder(tx, &elder.key)?.into_iter().filter(|one| one.key != it.key).collect(),
        coming,
        it,
        elder,
    })
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let shown = load(tx, ask, &key)?;
            record::note(tx, ask, "look", &shown.it, &shown.elder, "")?;
            Ok(shown)
        })
        .await?;
    Ok(show(&ask, &shown, &Input::default(), &[]))
}

/// The page with what was typed and what is wrong with it.
pub fn show(ask: &Ask, shown: &Shown, input: &Input, errors: &[FieldError]) -> Page {
    // Family and old eyes read it: large print, whatever the reader's own setting.
    let is_family = ask.who.role == Role::Family;
    let ask = &Ask { large: ask.large || is_family, ..ask.clone() };
    let (it, elder) = (&shown.it, &shown.elder);
    let may_write = ask.may(WRITE) && it.is_open() && elder.is_living();
    let here = it.link();
    let edit = may_write.then_some(&*here);
    let content = html! {
        (said(ask, shown))
        (kit_form::summary(ask, deeds::ALL, errors))
        div.cols {
            div.stack {
                section.card { header.card-head { h2 { (ask.t("问题与目标")) } } div.card-body.stack { (pieces::problems(ask, &shown.lines, edit)) } }
                section.card { header.card-head { h2 { (ask.t("服务")) }
                        @if may_write { a.btn.btn-sm href=(format!("{here}/edit")) { (icon("plus-lg")) (ask.t("添加")) } } }
                    (pieces::services(ask, &shown.lines, edit, !is_family)) }
                @if let Some(coming) = &shown.coming { @if it.is_open() { (weeks::markup(ask, it, coming, may_write && it.is_in_force())) } }
                @else { (alert(Badge::Warn, ask.t("本地当日没有在行政策"), html! { p { (ask.t("不能算出各周该做的服务。")) } })) }
            }
            div.stack { (basic(ask, shown)) @if may_write { (deeds_card(ask, shown, input)) } (others_promise(ask, shown)) (done(ask, shown)) (versions(ask, shown)) (others(ask, shown)) }
        }
    };
    let elder_link = format!("/elders/{}", elder.key);
    let way = crumbs(ask, &[("/careplan", ask.t("照护计划")), (&elder_link, &elder.name), ("", ask.t("照护计划"))]);
    let must_sign = it.is_open() && ask.may(SIGN) && elder.is_living();
    let actions = html! {
        a.btn href=(format!("{here}/print")) { (icon("printer")) (ask.t("打印签字页")) }
        @if must_sign { a.btn.btn-primary[it.state == "draft"] href=(format!("{here}/sign")) { (icon("pen")) (ask.t("签署")) } }
    };
    let status =
        if errors.is_empty() { axum::http::StatusCode::OK } else { axum::http::StatusCode::UNPROCESSABLE_ENTITY };
    let title = ask.f("{name}的照护计划", &[("name", &elder.name)]);
    ask.page_with(status, Head::new(&title).line(elders::about(ask, elder)).crumbs(way).actions(actions), content)
}

/// What the reader should know before anything else.
fn said(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let signed_now = shown.signatures.iter().any(|one| one.version == it.version);
    html! {
        @match &*it.state {
            "draft" => (alert(Badge::Warn, ask.t("还没有签署"), html! { p { (ask.t("核对问题、目标和服务,医生和老人(或家属)签署后才能执行。")) } })),
            "agreed" => (alert(Badge::Info, ask.t("已签署,还没有执行"), html! { p { (ask.t("按“开始执行”,从今天起生效。")) } })),
            "ended" => (alert(Badge::Info, ask.t("照护计划已终止"), html! { p { (ask.t(words::title(words::ENDS, &it.ended_reason))) " " (it.ended_note) } })),
            _ if it.review < ask.today() => (alert(Badge::Warn, ask.t("逾期未复评"), html! { p { (ask.f("应在 {day} 前复评", &[("day", &it.review)])) } })),
            _ if !signed_now => (alert(Badge::Info, ask.t("签署之后有修改"), html! { p { (ask.f("现在是第 {n} 版,请老人或家属重新签署。", &[("n", &it.version)])) } })),
            _ => {}
        }
    }
}

fn basic(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let pairs = [
        (ask.t("状态"), pieces::state(ask, it)),
        (ask.t("阶段"), pieces::phase(ask, it.phase)),
        (ask.t("执行自"), html! { @match it.from { Some(day) => (day), None => span.muted { "—" } } }),
        (ask.t("复评日"), html! { (it.review) }),
        (ask.t("情况与意愿"), html! { (pieces::wishes(ask, it)) }),
        (ask.t("版次"), html! { (ask.f("第 {n} 版", &[("n", &it.version)])) }),
        (
            ask.t("签署"),
            html! { @if shown.signatures.is_empty() { span.muted { "—" } }
            @for one in shown.signatures.iter().filter(|one| one.version == shown.signatures[0].version) {
                span { (ask.t(words::title(words::SIGNERS, &one.role))) " " (one.name)
                    @if let Some(id) = one.picture { " " a href=(format!("{}/files/{id}", it.link())) { (ask.t("看签名")) } } } " "
            } },
        ),
        (ask.t("拟订人"), html! { (it.who) " " (time(&it.created)) }),
    ];
    html! { section.card { header.card-head { h2 { (ask.t("照护计划")) } } div.card-body { (kv(&pairs)) } } }
}

fn deeds_card(ask: &Ask, shown: &Shown, input: &Input) -> Markup {
    let it = &shown.it;
    let here = it.link();
    let deed = |to: &str, title: &str, fields: &[kit_form::Field], confirm: Option<&str>| {
        html! { details open[input.get("deed") == to] { summary { (title) }
            form.form method="post" action=(format!("{here}/{to}")) data-confirm=[confirm] { (csrf(ask))
                input type="hidden" name="deed" value=(to);
                (apart(to, html! { @for one in fields { (kit_form::one(ask, one, input, &Options::new(), &[])) } }))
                button.btn.btn-danger[to == "end"] { (title) }
            }
        } }
    };
    html! {
        section.card.no-print { header.card-head { h2 { (ask.t("现在可以办理")) } } div.card-body.stack {
            @if it.state == "agreed" {
                form.form method="post" action=(format!("{here}/start")) { (csrf(ask)) button.btn.btn-primary { (icon("check-circle")) (ask.t("开始执行")) } }
            }
            @if it.is_in_force() { (deed("review", ask.t("复评"), deeds::REVIEW, None)) }
            (deed("phase", ask.t("变更阶段"), deeds::PHASE, None))
            (deed("end", ask.t("终止计划"), deeds::END, Some(ask.t("终止这份照护计划?"))))
        } }
    }
}

/// What programmes promise that keep their own plans.
fn others_promise(ask: &Ask, shown: &Shown) -> Markup {
    html! { @if !shown.outside.is_empty() {
        section.card { header.card-head { h2 { (ask.t("其他项目已定的服务")) } } div.card-body { ul {
            @for it in &shown.outside { li {
                @let title = if it.title_en.is_empty() { &it.title } else { ask.either(&it.title, &it.title_en) };
                a href=(it.link) { (title) } " " (words::often(ask, it.times, words::every_word(it.every))) " · " (ask.t(it.payer.title()))
            } }
        } } }
    } }
}

/// What visits did in the last months.
fn done(ask: &Ask, shown: &Shown) -> Markup {
    let title = |due: &str| {
        let number = due.strip_prefix("line:").and_then(|it| it.parse::<i64>().ok());
        let line = shown.lines.iter().find(|it| Some(it.number) == number);
        let promised = shown.outside.iter().find(|it| format!("{}:{}", it.source, it.service) == due);
        match (line, promised) {
            (Some(it), _) => it.title_in(ask).to_string(),
            (_, Some(it)) => it.title.clone(),
            _ => ask.t(words::duty(due)).to_string(),
        }
    };
    html! { @if !shown.given.is_empty() {
        section.card { header.card-head { h2 { (ask.t("近三个月做过的")) } } div.card-body { ul {
            @for it in shown.given.iter().take(30) { li { (it.day) " " (title(&it.due)) " " span.muted { (it.who) } } }
        } } }
    } }
}

fn versions(ask: &Ask, shown: &Shown) -> Markup {
    let here = shown.it.link();
    html! {
        section.card { header.card-head { h2 { (ask.t("历次版本")) } } div.card-body { ol.reasons {
            @for it in &shown.versions { li {
                p { (ask.f("第 {n} 版", &[("n", &it.number)])) " · " (ask.t(words::title(words::KINDS, &it.kind))) " · " (it.day) " " (it.who)
                    @if 1 < it.number { " " a href=(format!("{here}/compare?a={}&b={}", it.number - 1, it.number)) { (ask.t("比上一版")) } } }
                p.source { (ask.t(it.phase.title())) " · " (it.reason) }
            } }
        } } }
    }
}

fn others(ask: &Ask, shown: &Shown) -> Markup {
    html! { @if !shown.others.is_empty() {
        section.card { header.card-head { h2 { (ask.t("以前的照护计划")) } } div.card-body { ul {
            @for it in &shown.others { li { a href=(it.link()) { (kit::clock::minute(&it.created)) } " " (pieces::state(ask, it)) } }
        } } }
    } }
}
