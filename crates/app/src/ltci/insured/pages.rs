//! The pages of the insured: the list, and one person with kinds, contributions and arrears.

use axum::{extract::Path, http::StatusCode};
use kit::{
    Ask, Error, Result, Tx,
    crypt::mask_id_number,
    error::FieldError,
    form::{self as kit_form, Field, Input, Options, csrf},
    page::{Badge, Head, Page, alert, apart, badge, crumbs, icon, kv, plain_table, stat},
    table::grouped,
};
use maud::{Markup, html};
use rules::{base::Money, policy::Status};

use super::{
    arrears,
    contribution::{self, Line},
    list, record, unit,
};
use crate::{
    elders::{self, Key},
    ltci::{HANDLE, settle::words::yuan, words},
};

pub async fn insured(ask: Ask) -> Result<Page> {
    show_list(&ask, &Input::default(), &[]).await
}

async fn show_list(ask: &Ask, input: &Input, errors: &[FieldError]) -> Result<Page> {
    let head = Head::new(ask.t("长护险参保"));
    if ask.param("format") == Some("xlsx") {
        return list::INSURED.answer(ask, head).await;
    }
    let page = ask.read(|tx, ask| list::INSURED.page(tx, ask, 25)).await?;
    let actions = html! {
        @if ask.may(HANDLE) {
            a.btn href="/ltci/insured/import" { (icon("upload")) (ask.t("导入参保名单")) }
            a.btn href="/ltci/insured/payments" { (icon("upload")) (ask.t("导入缴费文件")) }
        }
    };
    let content = html! {
        (tabs(ask))
        (list::INSURED.markup(ask, &page))
        @if ask.may(HANDLE) {
            details.card.gap-top open[!errors.is_empty()] { summary.card-head { (ask.t("登记参保")) }
                div.card-body { form.form.grid method="post" action="/ltci/insured" {
                    (csrf(ask))
                    (kit_form::fields(ask, record::FIELDS, input, &Options::new(), errors))
                    div.form-foot { button.btn.btn-primary { (ask.t("登记")) } }
                } } }
        }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let place = ask.app.places.tree().full_name(&ask.who.scope.place);
    Ok(ask.page_with(status, head.line(place).actions(actions), content))
}

/// The ways between the lists of the insured.
fn tabs(ask: &Ask) -> Markup {
    let all = [("/ltci/insured", "参保人"), (unit::UNITS.path, "单位与村"), (arrears::ARREARS.path, "欠缴")];
    html! {
        nav.tabs.no-print aria-label=(ask.t("长护险参保")) {
            @for (to, title) in all { a href=(to) aria-current=[(*ask.path == *to).then_some("page")] { (ask.t(title)) } }
        }
    }
}

pub async fn units(ask: Ask) -> Result<Page> {
    unit::UNITS.answer_below(&ask, Head::new(ask.t(unit::UNITS.title)), tabs(&ask)).await
}

/// The list, and above it what is owed on the whole of what is shown.
pub async fn arrears(ask: Ask) -> Result<Page> {
    let head = Head::new(ask.t(arrears::ARREARS.title));
    if ask.param("format") == Some("xlsx") {
        return arrears::ARREARS.answer(&ask, head).await;
    }
    let (page, sum, whole) = ask
        .read(|tx, ask| {
            let whole = arrears::sum_of(tx, &ask.who.scope)?;
            Ok((arrears::ARREARS.page(tx, ask, 25)?, arrears::sum(tx, ask)?, whole))
        })
        .await?;
    let is_part = arrears::ARREARS.filters.iter().any(|it| ask.param(it.key).is_some());
    let stats = |persons: &'static str, owed: &'static str, it: &arrears::Sum| {
        html! {
            (stat(Badge::Muted, ask.t(persons), &grouped(it.persons), ask.t("人"), "", None))
            (stat(if 0 < it.owed { Badge::Warn } else { Badge::Muted }, ask.t(owed), &yuan(it.owed), ask.t("元"), "", None))
        }
    };
    let content = html! {
        (tabs(&ask))
        div.stats {
            (stats("欠缴人数", "欠缴合计", &whole))
            @if is_part { @if let Some(sum) = &sum { (stats("符合条件的人数", "符合条件的欠缴", sum)) } }
        }
        (arrears::ARREARS.markup(&ask, &page))
        p.muted { (ask.t("缴费期结束后仍未缴清的,按该期结束日的政策计算;五年以前的不再追。")) }
    };
    let place = ask.app.places.tree().full_name(&ask.who.scope.place);
    Ok(ask.page(head.line(place), content))
}

pub async fn enrol(ask: Ask, input: Input) -> Result<Page> {
    let sent = input.clone();
    let made = ask
        .write(move |tx, ask| {
            let region = record::county(ask, &ask.who.scope.place)?;
            record::enrol(tx, ask, &region, &input, "form")
        })
        .await;
    match made {
        Ok((key, _)) => Ok(ask.go(&format!("/ltci/insured/{key}"), ask.t("参保已登记"))),
        Err(Error::Invalid(errors)) => show_list(&ask, &sent, &errors).await,
        Err(other) => Err(other),
    }
}

pub async fn show(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let for_query = key.clone();
    let (it, steps, lines) = ask
        .write(move |tx, ask| {
            let it = record::find(tx, ask, &for_query)?;
            record::note(tx, ask, &for_query, "look", "")?;
            Ok((it, record::steps(tx, &for_query)?, contribution::lines(tx, ask, &for_query)?))
        })
        .await?;
    let number = ask.app.crypt.open_sealed(record::NUMBER_COLUMN, &it.id_number).unwrap_or_default();
    let kind = if it.kind.is_empty() { "已停保" } else { words::title(words::KINDS, &it.kind) };
    let owed: i64 = lines.iter().map(Line::owed).sum();
    let since = lines.iter().find(|it| 0 < it.owed()).map(|it| it.period.clone()).unwrap_or_default();
    let elder = it.elder.map(|id| Key { region: key.region.clone(), id });
    let kinds: Vec<Vec<Markup>> = steps
        .stretches()
        .into_iter()
        .map(|(from, until, (kind, base))| {
            vec![
                html! { (ask.t(words::title(words::KINDS, &kind))) },
                html! { (from) },
                html! { @match until { Some(day) => (day), None => "—" } },
                html! { @if base == 0 { "—" } @else { (Money::from_fen(base)) } },
            ]
        })
        .collect();
    let of_kind = ["参保类别", "自", "至", "缴费基数"].map(|it| ask.t(it));
    let content = html! {
        @if 0 < owed {
            (alert(Badge::Warn, &ask.f("欠缴 {amount},自 {period} 起", &[("amount", &Money::from_fen(owed)), ("period", &since)]), html! {}))
        }
        div.cols {
            div.stack {
                section.card { div.card-body { (kv(&[
                    (ask.t("身份证号"), html! { span.masked { (mask_id_number(&number)) } }),
                    (ask.t("参保类别"), html! { (ask.t(kind)) }),
                    (ask.t("用人单位或村(社区)"), html! { (it.employer) }),
                    (ask.t("老人档案"), html! { @match &elder {
                        Some(elder) if ask.may(elders::READ) => a href=(format!("/elders/{elder}")) { (ask.t("打开")) },
                        Some(_) => (ask.t("有")),
                        None => (ask.t("无")),
                    } }),
                ])) } }
                section.card { header.card-head { h2 { (ask.t("参保类别")) } } (plain_table(&of_kind, &kinds)) }
                (contributions(&ask, &lines))
            }
            @if ask.may(HANDLE) { div.stack { (forms(&ask, &key)) } }
        }
    };
    let way = crumbs(&ask, &[("/ltci/insured", ask.t("长护险参保")), ("", &it.name)]);
    Ok(ask.page(Head::new(&it.name).crumbs(way), content))
}

fn contributions(ask: &Ask, lines: &[Line]) -> Markup {
    let heads = ["缴费期", "来源", "基数", "应缴", "已缴", "欠缴", "依据"].map(|it| ask.t(it));
    let money = |fen: i64| Money::from_fen(fen).to_string();
    let rows: Vec<Vec<Markup>> = lines
        .iter()
        .map(|it| {
            vec![
                html! { (it.period) },
                html! { (ask.t(words::title(words::PURSES, &it.purse))) },
                html! { @if it.base == 0 { "—" } @else { (money(it.base)) } },
                html! { (it.due.map_or("—".to_string(), money)) },
                html! { (money(it.paid)) },
                html! { @if 0 < it.owed() { (badge(Badge::Warn, &money(it.owed()))) } @else { "—" } },
                html! { @if let Some(why) = &it.because {
                    (why.document.as_deref().unwrap_or_default()) " " (why.from) " "
                    @if why.status == Status::Example { (badge(Badge::Example, ask.t("示例"))) }
                } },
            ]
        })
        .collect();
    html! {
        section.card { header.card-head { h2 { (ask.t("缴费")) } }
            @if rows.is_empty() { div.card-body { p.muted { (ask.t("没有到期的缴费,也没有已登记的缴费。")) } } }
            @else { (plain_table(&heads, &rows)) }
        }
    }
}

fn forms(ask: &Ask, key: &Key) -> Markup {
    let all: [(&str, &str, &[Field]); 3] = [
        ("change", "变更类别或基数", record::CHANGE_FIELDS),
        ("end", "停保", record::END_FIELDS),
        ("correct", "更正缴费或退费", contribution::FIELDS),
    ];
    html! {
        @for (word, title, fields) in all {
            details.card { summary.card-head { (ask.t(title)) } div.card-body {
                form.form method="post" action=(format!("/ltci/insured/{key}/{word}")) data-confirm=[(word == "end").then(|| ask.t("确认停保?"))] {
                    (csrf(ask))
                    (apart(word, kit_form::fields(ask, fields, &Input::default(), &Options::new(), &[])))
                    div.form-foot { button.btn.btn-primary { (ask.t("保存")) } }
                }
            } }
        }
    }
}

async fn deed(
    ask: Ask,
    key: String,
    work: impl FnOnce(&Tx<'_>, &Ask, &Key) -> Result<()> + Send + 'static,
) -> Result<Page> {
    let key: Key = key.parse()?;
    let here = format!("/ltci/insured/{key}");
    ask.write(move |tx, ask| work(tx, ask, &key)).await?;
    Ok(ask.go(&here, ask.t("已保存")))
}

pub async fn change(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, move |tx, ask, key| record::change(tx, ask, key, &input)).await
}

pub async fn end(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, move |tx, ask, key| record::end(tx, ask, key, &input)).await
}

pub async fn correct(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, move |tx, ask, key| contribution::correct(tx, ask, key, &input)).await
}
