//! Phones: made known by a code that is shown once, looked at, revoked.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, badge, crumbs, kv, time},
};
use maud::{Markup, PreEscaped, html};

use crate::{
    elders::Key,
    visits::{
        follow,
        list::PHONE_STATES,
        lost::{self, Lost},
        phone::{self, CODE_MINUTES, Phone},
        words,
    },
    workforce::{self, Staff},
};

const NEW: &[Field] = &[field("staff", "人员", Kind::Pick).required().help("只列有账号的人员。")];
const REVOKE: &[Field] = &[field("reason", "停用的原因", Kind::Text(100)).required()];

/// Staff of the scope who have an account and work where phones are used.
async fn options(ask: &Ask) -> Result<Options> {
    let all = ask.read(workforce::staff_with_account).await?;
    let all = all.into_iter().map(|it| (it.key.to_string(), it.name)).collect();
    Ok(Options::from([("staff", all)]))
}

pub async fn new(ask: Ask) -> Result<Page> {
    let options = options(&ask).await?;
    let input = Input::from_pairs(ask.param("staff").map(|it| ("staff".to_string(), it.to_string())));
    let content = html! {
        section.card { div.card-body {
            p { (ask.f("生成一个登记码,{n} 分钟内在手机上扫描。新手机一扫就能用,旧手机可以停用。", &[("n", &CODE_MINUTES)])) }
            form.form method="post" action="/visits/phones/new" { (csrf(&ask))
                (kit_form::fields(&ask, NEW, &input, &options, &[]))
                div.form-foot { button.btn.btn-primary { (ask.t("生成登记码")) } }
            }
        } }
    };
    Ok(ask.page(Head::new(ask.t("登记手机")).crumbs(way(&ask, ask.t("登记手机"))), content))
}

fn way(ask: &Ask, last: &str) -> Markup {
    crumbs(ask, &[("/visits", ask.t("上门服务")), ("/visits/phones", ask.t("上门手机")), ("", last)])
}

pub async fn offer(ask: Ask, headers: axum::http::HeaderMap, input: Input) -> Result<Page> {
    let options = options(&ask).await?;
    let checked = kit_form::check(NEW, &input, &options)?;
    let key: Key = checked.text("staff").parse()?;
    let (code, staff) = ask
        .write(move |tx, ask| {
            let staff = workforce::find(tx, &ask.who.scope, &key)?;
            let code = phone::offer(tx, ask, &staff)?;
            Ok((code, staff))
        })
        .await?;
    let host = headers.get("host").and_then(|it| it.to_str().ok()).unwrap_or("localhost");
    let scheme = if ask.app.config.secure_cookies() { "https" } else { "http" };
    let address = format!("{scheme}://{host}/visit/#enrol={code}");
    let content = html! {
        section.card { div.card-body.center {
            p { (ask.f("请 {name} 用手机扫描,{n} 分钟内有效,只能用一次。", &[("name", &staff.name), ("n", &CODE_MINUTES)])) }
            div.qr role="img" aria-label=(ask.t("登记码")) { (PreEscaped(picture(&address)?)) }
            p.small { (ask.t("不能扫描时,在手机上打开 /visit/ 后输入:")) }
            p { code { (code) } }
        } }
    };
    Ok(ask.page(Head::new(ask.t("登记手机")).crumbs(way(&ask, &staff.name)), content))
}

/// A QR code as SVG.
pub fn picture(text: &str) -> Result<String> {
    let code = qrcode::QrCode::new(text).map_err(Error::internal)?;
    let svg = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(240, 240).build();
    // Within a page it stands without the head of a file.
    Ok(svg.split_once("?>").map_or(svg.clone(), |it| it.1.to_string()))
}

const LOST: &[Field] = &[field("reason", "为什么收不到了", Kind::Text(200)).required()];

fn load(tx: &kit::Tx<'_>, ask: &Ask, key: &Key) -> Result<(Phone, Staff)> {
    let it = phone::by_key(tx, key)?;
    let staff = workforce::find(tx, &ask.who.scope, &Key { region: key.region.clone(), id: it.staff })?;
    Ok((it, staff))
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let (it, staff, others, gap, declared) = ask
        .read(move |tx, ask| {
            let (it, staff) = load(tx, ask, &key)?;
            let others: Vec<Id> = phone::of_staff(tx, &staff.key)?.into_iter().map(|it| it.key.id).collect();
            let (gap, declared) = (lost::gap(tx, &it)?, lost::of_phone(tx, &it.key)?);
            Ok((it, staff, others.len(), gap, declared))
        })
        .await?;
    let state = if it.revoked.is_none() { "open" } else { "revoked" };
    let (title, kind) = words::badge_of(PHONE_STATES, state);
    let at = |stored: &Option<String>| html! { @match stored { Some(it) => (time(it)), None => "—" } };
    let content = html! {
        section.card { header.card-head { h2 { (it.name) } (badge(kind, ask.t(title))) } div.card-body {
            (kv(&[
                (ask.t("人员"), html! { a href=(format!("/workforce/{}", staff.key)) { (staff.name) } }),
                (ask.t("登记"), html! { (time(&it.created)) }),
                (ask.t("最近连线"), at(&it.seen)),
                (ask.t("未上传"), html! { (it.unsent) " " (ask.t("条")) }),
                (ask.t("最早未上传"), at(&it.oldest)),
                (ask.t("已收到"), html! { (ask.f("第 {n} 条为止", &[("n", &it.knows)])) }),
                (ask.t("版本"), html! { (it.app) }),
            ]))
            @if 1 < others { p.small.muted { (ask.f("{name}共登记过 {n} 部手机", &[("name", &staff.name), ("n", &others)])) } }
            @if let Some(at) = &it.revoked { p { (badge(Badge::Muted, ask.t("已停用"))) " " (time(at)) " " (it.revoked_reason) } }
        } }
        @if gap.is_some() || !declared.is_empty() { (losses(&ask, &it, gap, &declared)) }
        @if it.revoked.is_none() {
            details.card { summary.card-head { (ask.t("丢失、换人或换机")) } div.card-body {
                p { (ask.t("停用后,这部手机下次连线时清除全部数据。没有上传的记录会丢失。")) }
                form.form method="post" action=(format!("/visits/phones/{}/revoke", it.key)) data-confirm=(ask.t("要停用这部手机吗?")) { (csrf(&ask))
                    (kit_form::fields(&ask, REVOKE, &Input::default(), &Options::new(), &[]))
                    div.form-foot { button.btn.btn-danger { (ask.t("停用手机")) } }
                }
            } }
        }
    };
    Ok(ask.page(Head::new(ask.t("上门手机")).line(staff.name.clone()).crumbs(way(&ask, &it.name)), content))
}

/// Numbers that are missing, and those that somebody declared lost.
fn losses(ask: &Ask, it: &Phone, gap: Option<(i64, i64)>, declared: &[Lost]) -> Markup {
    let numbers = |from: i64, until: i64| ask.f("第 {from} 到 {until} 条", &[("from", &from), ("until", &until)]);
    html! {
        section.card { header.card-head { h2 { (ask.t("缺少的记录")) } } div.card-body {
            @for one in declared {
                p { (numbers(one.from, one.until)) " " (ask.t("已声明丢失")) (ask.t(":")) (one.reason) }
                p.small.muted { (one.who) " " (time(&one.at)) }
            }
            @if let Some((from, until)) = gap {
                p { (numbers(from, until)) " " (ask.t("还没有收到,后面的已经收到。手机连上网络后一般会补上;手机坏了、丢了或数据清除了,就收不到了。")) }
                form.form method="post" action=(format!("/visits/phones/{}/lost", it.key)) data-confirm=(ask.t("声明丢失以后,涉及的上门会写明缺了哪几条。要声明吗?")) { (csrf(ask))
                    input type="hidden" name="gap" value=(format!("{from}-{until}"));
                    (kit_form::fields(ask, LOST, &Input::default(), &Options::new(), &[]))
                    div.form-foot { button.btn { (ask.t("声明记录丢失")) } }
                }
            }
        } }
    }
}

pub async fn lost(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/visits/phones/{key}");
    ask.write(move |tx, ask| {
        let reason = kit_form::check(LOST, &input, &Options::new())?.text("reason");
        let (it, _) = load(tx, ask, &key)?;
        let gap = lost::gap(tx, &it)?.filter(|(from, until)| input.get("gap") == format!("{from}-{until}"));
        let gap = gap.ok_or_else(|| Error::refused("gap_changed", "缺少的记录有变化,请看过再声明"))?;
        let touched = lost::declare(tx, ask, &it, gap, &ask.who.name, &reason)?;
        phone::know(tx, &it)?;
        follow::judge_all(tx, ask, &it.key.region, touched)
    })
    .await?;
    Ok(ask.go(&link, ask.t("已声明丢失")))
}

pub async fn revoke(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/visits/phones/{key}");
    ask.write(move |tx, ask| {
        let reason = kit_form::check(REVOKE, &input, &Options::new())?.text("reason");
        let (it, _) = load(tx, ask, &key)?;
        phone::revoke(tx, ask, &it, &reason)
    })
    .await?;
    Ok(ask.go(&link, ask.t("手机已停用")))
}
