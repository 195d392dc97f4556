//! One visit: what it was for, what was done, what its evidence proves, what it wrote, and what was put right.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result, Tx, files,
    form::{self as kit_form, Input, Options, csrf},
    page::{Head, Page, badge, crumbs, icon, kv, plain_table, time},
};
use maud::{Markup, html};

use super::{
    day::{services, window},
    deeds::{CANCEL, CORRECT, MISSED},
};
use crate::{
    elders::{self, Elder, Key},
    tariff,
    visits::{
        CORRECT as MAY_CORRECT, PLAN, RESPOND, WRITE,
        correction::{self, Correction},
        event::{Event, NO_PHONE},
        follow, forms,
        record::{self, Purpose, Task, Visit},
        told::{Photo, Told},
        words,
    },
    workforce,
};

struct Shown {
    it: Visit,
    elder: Elder,
    carers: Vec<String>,
    purposes: Vec<Purpose>,
    tasks: Vec<Task>,
    checks: Vec<(String, String, String, String)>,
    written: Vec<(String, String, String)>,
    corrections: Vec<Correction>,
    events: Vec<Event>,
    told: Told,
    /// Those whose bytes came.
    photos: Vec<Photo>,
}

fn load(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Shown> {
    let it = record::find(tx, &ask.who.scope, key)?;
    let elder = elders::find_served(tx, &ask.who.scope, &it.elder_key(), it.organisation)?;
    let carers = it
        .staff_ids()
        .map(|id| workforce::staff_by_key(tx, &Key { region: key.region.clone(), id }).map(|it| it.name))
        .collect::<Result<Vec<_>>>()?;
    let (events, told) = follow::told(tx, ask, &it)?;
    let mut photos = Vec::new();
    for photo in &told.photos {
        if file_of(tx, &key.region, &photo.hash)?.is_some() {
            photos.push(photo.clone());
        }
    }
    Ok(Shown {
        elder,
        carers,
        purposes: record::purposes(tx, key)?,
        tasks: record::tasks(tx, key)?,
        checks: follow::checks(tx, &it)?,
        written: follow::written(tx, &it)?,
        corrections: correction::of(tx, key)?,
        events,
        told,
        photos,
        it,
    })
}

fn file_of(tx: &Tx<'_>, region: &str, hash: &str) -> Result<Option<Id>> {
    tx.row("select file from visit_photo where region = $1 and hash = $2", &[&region, &hash], |row| row.get(0))
}

pub async fn photo(ask: Ask, Path((key, hash)): Path<(String, String)>) -> Result<Page> {
    let key: Key = key.parse()?;
    let region = key.region.clone();
    let file = ask
        .read(move |tx, ask| {
            let it = record::find(tx, &ask.who.scope, &key)?;
            let (_, told) = follow::told(tx, ask, &it)?;
            let is_its = told.photos.iter().any(|it| it.hash == hash);
            file_of(tx, &key.region, &hash)?.filter(|_| is_its).ok_or(Error::NotFound)
        })
        .await?;
    files::answer(&ask, &region, file).await
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let shown = ask
        .write(move |tx, ask| {
            let shown = load(tx, ask, &key)?;
            record::note(tx, ask, "look", &shown.it, "")?;
            Ok(shown)
        })
        .await?;
    let it = &shown.it;
    let ask = &ask;
    let content = html! {
        div.cols.gap-top {
            div.stack { (plan(ask, &shown)) (done(ask, &shown)) (checked(ask, &shown)) }
            div.stack { (wrote(ask, &shown)) (corrections(ask, &shown)) (deeds(ask, it)) (chain(ask, &shown)) }
        }
    };
    let sub = ask.f("{name} · {age} 岁", &[("name", &shown.elder.name), ("age", &shown.elder.age_on(it.day))]);
    let title = ask.f("{day} 上门", &[("day", &it.day)]);
    let way = crumbs(ask, &[("/visits", ask.t("上门服务")), ("", &shown.elder.name)]);
    let actions = html! {
        a.btn href=(format!("/elders/{}", shown.elder.key)) { (icon("person")) (ask.t("老人档案")) }
        @if it.is_open() && it.day <= ask.today() && ask.may(WRITE) {
            a.btn.btn-primary href=(format!("{}/record", it.link())) { (icon("pen")) (ask.t("补录")) }
        }
        @if it.state == "planned" && ask.may(PLAN) { a.btn href=(format!("{}/change", it.link())) { (ask.t("改计划")) } }
    };
    Ok(ask.page(Head::new(&title).line(sub).crumbs(way).actions(actions), content))
}

fn plan(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let (state, kind) = words::badge_of(words::STATES, &it.state);
    let carers = if shown.carers.is_empty() { "—".to_string() } else { shown.carers.join(ask.t("、")) };
    let clock = |at: &Option<String>| html! { @match at { Some(at) => (time(at)), None => "—" } };
    html! {
        section.card { header.card-head { h2 { (ask.t("计划")) } (badge(kind, ask.t(state))) } div.card-body {
            (kv(&[
                (ask.t("为什么上门"), html! { (services(ask, it, &shown.purposes)) }),
                (ask.t("时间"), html! { (it.day) " " (window(ask, it)) " · " (ask.f("约 {n} 分钟", &[("n", &it.minutes)])) }),
                (ask.t("服务人员"), html! { (carers) @if 1 < it.people { " · " (ask.f("需要 {n} 人", &[("n", &it.people)])) } }),
                (ask.t("地点"), html! { (ask.app.places.tree().words(&it.place)) " "
                    @if ask.may(RESPOND) { a href=(format!("/visits/homes/{}", shown.elder.key)) { (ask.t("住处位置和门码")) } } }),
                (ask.t("到达"), clock(&it.began)),
                (ask.t("离开"), clock(&it.ended)),
            ]))
            @if it.source == "plan" && !it.note.is_empty() { p.muted { (it.note) } }
            @if !it.reason.is_empty() { p { b { (ask.t("原因")) } " " (it.reason) } }
            @if let Some(day) = it.next_day { p { b { (ask.t("下次日期")) } " " (day) } }
        } }
    }
}

fn done(ask: &Ask, shown: &Shown) -> Markup {
    if shown.tasks.is_empty() {
        return html! {};
    }
    html! {
        section.card { header.card-head { h2 { (ask.t("服务内容")) } } div.card-body {
            @for task in &shown.tasks {
                @let programme = shown.purposes.iter().find(|it| it.service == task.service).map_or("visit", |it| &*it.programme);
                @let service = forms::service(ask, &shown.it.key.region, shown.it.day, &task.service, programme);
                p { b { (ask.either(&service.title, &service.title_en)) } " "
                    @if task.done { (icon("check-circle")) (ask.t("已做")) } @else { (ask.t("未做")) (ask.t(":")) (task.reason) } }
                @let values = forms::shown(ask, &task.answers);
                @if !values.is_empty() { p { (values.join(ask.t("、"))) } }
                @if !task.note.is_empty() { p.muted { (task.note) } }
            }
            @for (name, count) in &shown.told.materials { p { (ask.t("用料")) " " (name) " × " (count) } }
            @if !shown.told.signed_by.is_empty() { p { (ask.t("签名人")) " " (shown.told.signed_by) } }
            @if !shown.told.signed_why.is_empty() { p { (ask.t("不能签名")) (ask.t(":")) (shown.told.signed_why) } }
            @if !shown.told.note.is_empty() { p.muted { (shown.told.note) } }
            @for one in &shown.photos {
                @let (address, kind) = (format!("{}/photos/{}", shown.it.link(), one.hash), photo_title(ask, &one.kind));
                a href=(address) { img.thumb src=(address) alt=(format!("{} {kind}", ask.t("上门照片"))) title=(kind) loading="lazy"; }
            }
        } }
    }
}

/// What a photo shows, in words.
fn photo_title<'a>(ask: &Ask, word: &'a str) -> &'a str {
    let found = rules::visit::Photo::WORDS.iter().find(|it| it.0 == word);
    found.map_or(word, |it| ask.either(it.1, it.2))
}

fn checked(ask: &Ask, shown: &Shown) -> Markup {
    if shown.checks.is_empty() {
        return html! {};
    }
    let (verdict, kind) = words::badge_of(words::VERDICTS, &shown.it.verdict);
    let rows: Vec<Vec<Markup>> = shown
        .checks
        .iter()
        .map(|(name, finding, zh, en)| {
            let (said, kind) = words::badge_of(words::FINDINGS, finding);
            let title = words::title(rules::visit::Check::WORDS, name).to_string();
            vec![html! { (ask.t(&title)) }, badge(kind, ask.t(said)), html! { (ask.either(zh, en)) }]
        })
        .collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("核验")) } (badge(kind, ask.t(verdict))) }
            (plain_table(&["项目", "结果", "依据什么"].map(|it| ask.t(it)), &rows))
            div.card-body { p.small.muted { (ask.t("六个要素按医保办发〔2024〕21号;距离、精度和时间的界限见政策库“上门服务核验”。取不到的定位是不明,不是不符。")) } }
        }
    }
}

fn wrote(ask: &Ask, shown: &Shown) -> Markup {
    if shown.written.is_empty() {
        return html! {};
    }
    let it = &shown.it;
    let elder = it.elder_key();
    let name = |service: &str| {
        let found = forms::service(ask, &it.key.region, it.day, service, "visit");
        ask.either(&found.title, &found.title_en).to_string()
    };
    html! {
        section.card { header.card-head { h2 { (ask.t("记到哪里")) } } div.card-body {
            @for (kind, thing, said) in &shown.written {
                @match &**kind {
                    "follow_up" => p { (icon("check-circle")) a href=(format!("/chronic/{elder}/visits/{thing}")) { (ask.t("慢病随访记录")) } },
                    "measure" => p { (icon("check-circle")) a href=(format!("/chronic/{elder}")) { (ask.t("健康档案的测量值")) } },
                    "contract" => p { (icon("check-circle")) (ask.f("签约履约:{service}", &[("service", &name(thing))])) },
                    "payer" => p { (icon("check-circle")) (ask.f("{service} 由 {payer} 支付", &[("service", &name(thing)), ("payer", &ask.t(tariff::payer_title(said)))])) },
                    _ => p { (icon("exclamation-triangle")) (ask.f("{service} 没有记入:{why}", &[("service", &name(thing)), ("why", &said)])) },
                }
            }
            p.small.muted { (ask.t("一次上门只录一次,每项服务只有一个付款方。")) }
        } }
    }
}

fn corrections(ask: &Ask, shown: &Shown) -> Markup {
    let it = &shown.it;
    let may = ask.may(MAY_CORRECT) && it.ended.is_some();
    let last = correction::last_day(ask, it).ok();
    let in_time = last.is_some_and(|day| ask.today() <= day);
    let amiss = shown.checks.iter().any(|one| one.1 != "passed");
    if shown.corrections.is_empty() && !(may && in_time && amiss) {
        return html! {};
    }
    html! {
        section.card { header.card-head { h2 { (ask.t("更正")) } }
            @for one in &shown.corrections { div.card-body {
                @let (state, kind) = words::badge_of(words::CORRECTIONS, &one.state);
                @let field = words::title(rules::visit::Check::WORDS, &one.field).to_string();
                p { b { (ask.t(&field)) } " " (badge(kind, ask.t(state))) }
                p { (ask.t("更正前")) (ask.t(":")) (one.before) }
                @if !one.after.is_empty() { p { (ask.t("更正为")) (ask.t(":")) (time(&one.after)) } }
                p { (ask.t("理由")) (ask.t(":")) (one.reason) }
                p.small.muted { (one.who) " " (time(&one.at)) @if let Some(at) = &one.second_at { " · " (one.second_who) " " (time(at)) " " (one.second_reason) } }
                @if one.state == "waiting" && may && one.account != ask.who.account { (deciding(ask, it, one)) }
                @if one.state == "waiting" && one.account == ask.who.account { p.small.muted { (ask.t("要由另一人确认")) } }
            } }
            @if may && in_time && amiss { div.card-body.no-print {
                form.form method="post" action=(format!("{}/corrections", it.link())) { (csrf(ask))
                    (kit_form::fields(ask, CORRECT, &Input::default(), &Options::new(), &[]))
                    @if let Some(day) = last { p.small.muted { (ask.f("{day} 及以前可以更正", &[("day", &day)])) } }
                    div.form-foot { button.btn { (ask.t("提出更正")) } }
                }
            } }
        }
    }
}

fn deciding(ask: &Ask, it: &Visit, one: &Correction) -> Markup {
    html! {
        form.form method="post" action=(format!("{}/corrections/{}", it.link(), one.id)) { (csrf(ask))
            div.field { label for=(format!("why-{}", one.id)) { (ask.t("理由")) }
                input id=(format!("why-{}", one.id)) name="reason" maxlength="200"; }
            div.form-foot {
                button.btn.btn-primary name="agrees" value="yes" { (ask.t("同意")) } " "
                button.btn name="agrees" value="no" { (ask.t("不同意")) }
            }
        }
    }
}

fn deeds(ask: &Ask, it: &Visit) -> Markup {
    html! {
        @if it.is_open() && it.day <= ask.today() && ask.may(WRITE) {
            details.card { summary.card-head { (ask.t("没有服务成")) } div.card-body {
                form.form method="post" action=(format!("{}/missed", it.link())) { (csrf(ask))
                    (kit_form::fields(ask, MISSED, &Input::default(), &Options::new(), &[]))
                    div.form-foot { button.btn { (ask.t("记下")) } }
                }
            } }
        }
        @if it.state == "planned" && ask.may(PLAN) {
            details.card { summary.card-head { (ask.t("取消上门")) } div.card-body {
                form.form method="post" action=(format!("{}/cancel", it.link())) data-confirm=(ask.t("要取消这次上门吗?")) { (csrf(ask))
                    (kit_form::fields(ask, CANCEL, &Input::default(), &Options::new(), &[]))
                    div.form-foot { button.btn { (ask.t("取消上门")) } }
                }
            } }
        }
    }
}

fn chain(ask: &Ask, shown: &Shown) -> Markup {
    if shown.events.is_empty() {
        return html! {};
    }
    html! {
        details.card { summary.card-head { (ask.f("证据链:{n} 条记录", &[("n", &shown.events.len())])) } div.card-body {
            @for one in &shown.events {
                p.small { (time(&one.at)) " " b { (ask.t(words::title(words::EVENTS, &one.kind))) } " "
                    @if one.phone == NO_PHONE { (ask.t("补录或其他系统")) } @else { (ask.f("第 {n} 条", &[("n", &one.number)])) }
                    " · " (ask.t("收到")) " " (time(&one.received)) }
                p.small.muted { (one.hash.chars().take(16).collect::<String>()) "…"
                    @if 60 < one.ahead.abs() { " · " (ask.f("手机时钟相差 {n} 秒", &[("n", &one.ahead)])) }
                    @if one.chain == "broken" { " · " (ask.t("签名或前后衔接不对")) } }
            }
        } }
    }
}
