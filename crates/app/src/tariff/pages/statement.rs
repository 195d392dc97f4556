//! The monthly statement of an institution: medical and elderly care, each a book of its own (S37).

use axum::extract::Path;
use kit::{
    Ask, Error, Result,
    form::{self as kit_form, Input, Options, csrf},
    page::{Badge, Head, Page, badge, crumbs, download, icon, plain_table, stat},
    sheet::{ExportColumn, Exporter, Kind, Value},
};
use maud::{Markup, html};
use rules::base::Date;

use crate::{
    elders::Key,
    institutions,
    tariff::{
        KEEP, advance,
        book::{self, Statement},
        note, words,
        work::last_month,
    },
};

/// The first day of the month an address asks for; the last one without it.
pub fn month_asked(ask: &Ask) -> Result<Date> {
    advance::month(ask.param("month").unwrap_or(&last_month(ask)))
}

pub async fn page(ask: Ask, Path(key): Path<String>) -> Result<Page> {
    let key: Key = key.parse()?;
    let month = month_asked(&ask)?;
    let is_export = ask.param("format") == Some("xlsx");
    let (it, owner, books) = ask
        .write(move |tx, ask| {
            let it = institutions::find(tx, &ask.who.scope, &key)?;
            let facts = institutions::facts(tx, &it.key)?;
            let owner = institutions::fact_on(&facts, "owner", ask.today()).to_string();
            if is_export {
                note(tx, ask, &it, "export", &format!("statement {}", advance::word(month)))?;
            }
            let books = book::statements(tx, &it.key, month)?;
            Ok((it, owner, books))
        })
        .await?;
    if is_export {
        let name = format!("statement-{}-{}.xlsx", it.key, advance::word(month));
        return Ok(download(&name, sheet(&ask, &it.name, month, &books)?));
    }
    let here = format!("/tariff/institutions/{}", it.key);
    let word = advance::word(month);
    let content = html! {
        form.filters.no-print method="get" action=(format!("{here}/statement")) {
            div.field { label for="month" { (ask.t("月份")) } input #month type="month" name="month" value=(word) required; }
            div.actions { button.btn { (ask.t("查看")) } }
        }
        @for it in &books { (book_card(&ask, &here, &word, it)) }
        @if ask.may(KEEP) { (write_card(&ask, &here)) }
    };
    let way = crumbs(
        &ask,
        &[("/tariff/institutions", ask.t("收费机构")), (&here, &it.name), ("", ask.t("医疗、养老收支月报"))],
    );
    let actions = html! {
        a.btn.btn-ghost href=(format!("{here}/statement?month={word}&format=xlsx")) { (icon("download")) (ask.t("导出")) }
        button.btn.btn-ghost.needs-js.js-print type="button" { (icon("printer")) (ask.t("打印")) }
    };
    let kept =
        if owner == "public" { ask.t("公立机构,养老收入单独核算") } else { ask.t("医疗、养老分账") };
    let line = format!("{} · {word} · {kept}", it.name);
    Ok(ask.page(Head::new(ask.t("医疗、养老收支月报")).line(line).crumbs(way).actions(actions), content))
}

fn book_card(ask: &Ask, here: &str, month: &str, it: &Statement) -> Markup {
    let heads = ["收支项目", "收入", "支出"].map(|it| ask.t(it));
    let rows: Vec<Vec<Markup>> = it
        .items
        .iter()
        .map(|(item, sums)| {
            vec![html! { (ask.t(item)) }, html! { (words::fen(ask, sums.0)) }, html! { (words::fen(ask, sums.1)) }]
        })
        .collect();
    let by_hand: Vec<&book::Movement> =
        it.movements.iter().filter(|one| one.bill.is_none() && one.corrects.is_none()).collect();
    let yuan = |fen: i64| words::fen(ask, fen);
    html! {
        section.card { header.card-head { h2 { (ask.t(words::title(words::BOOKS, it.book))) } span.muted { (month) } }
            div.card-body { div.stats {
                (stat(Badge::Plain, ask.t("期初结余"), &yuan(it.opening), "", "", None))
                (stat(Badge::Plain, ask.t("本月收入"), &yuan(it.income), "", "", None))
                (stat(Badge::Plain, ask.t("本月支出"), &yuan(it.expense), "", "", None))
                (stat(Badge::Plain, ask.t("期末结余"), &yuan(it.closing), "", "", None))
            } }
            @if rows.is_empty() { div.card-body { p.muted { (ask.t("这个月没有收支。")) } } } @else { (plain_table(&heads, &rows)) }
            @if ask.may(KEEP) && !by_hand.is_empty() { div.card-body.no-print {
                details { summary { (ask.t("更正手工登记的一笔")) }
                    form.form method="post" action=(format!("{here}/book/corrections?month={month}")) data-confirm=(ask.t("冲销这一笔?冲销后不能恢复。")) { (csrf(ask))
                        div.field { label for=(format!("entry-{}", it.book)) { (ask.t("要更正的一笔")) }
                            select id=(format!("entry-{}", it.book)) name="entry" required { @for one in &by_hand {
                                option value=(one.id) { (one.day) " " (one.item) " " (yuan(one.amount)) } } } }
                        div.field { label for=(format!("reason-{}", it.book)) { (ask.t("原因")) }
                            input id=(format!("reason-{}", it.book)) name="reason" required maxlength="200" autocomplete="off"; }
                        button.btn.btn-danger { (ask.t("更正")) }
                    } }
            } }
        }
    }
}

fn write_card(ask: &Ask, here: &str) -> Markup {
    let mut input = Input::default();
    input.set("book", "care");
    input.set("kind", "income");
    input.set("day", ask.today().to_string());
    html! {
        details.card.no-print { summary.card-head { (ask.t("登记账单以外的收支")) " " (badge(Badge::Info, ask.t("手工"))) }
            div.card-body { form.form method="post" action=(format!("{here}/book")) { (csrf(ask))
                div.grid { (kit_form::fields(ask, book::FIELDS, &input, &Options::new(), &[])) }
                div.form-foot { button.btn.btn-primary { (ask.t("登记")) } }
            } } }
    }
}

fn sheet(ask: &Ask, name: &str, month: Date, books: &[Statement]) -> Result<Vec<u8>> {
    let columns = vec![
        ExportColumn::new(ask.t("账簿"), Kind::Text),
        ExportColumn::new(ask.t("收支项目"), Kind::Text),
        ExportColumn::new(ask.t("收入"), Kind::Money),
        ExportColumn::new(ask.t("支出"), Kind::Money),
        ExportColumn::new(ask.t("结余"), Kind::Money),
    ];
    let title = format!("{name} {} {}", advance::word(month), ask.t("医疗、养老收支月报"));
    let mut out = Exporter::new(&title, columns)?;
    for it in books {
        let book = ask.t(words::title(words::BOOKS, it.book));
        let mut row = |item: &str, income: Option<i64>, expense: Option<i64>, balance: Option<i64>| {
            let money = |it: Option<i64>| it.map_or(Value::Empty, Value::Fen);
            out.push(&[Value::Text(book), Value::Text(item), money(income), money(expense), money(balance)])
        };
        row(ask.t("期初结余"), None, None, Some(it.opening))?;
        for (item, sums) in &it.items {
            row(ask.t(item), Some(sums.0), Some(sums.1), None)?;
        }
        row(ask.t("合计"), Some(it.income), Some(it.expense), Some(it.closing))?;
    }
    Ok(out.finish()?)
}

async fn deed(
    ask: Ask,
    key: String,
    input: Input,
    work: fn(&kit::Tx<'_>, &Ask, &institutions::Institution, &Input) -> Result<()>,
    said: &'static str,
) -> Result<Page> {
    let key: Key = key.parse()?;
    let month =
        input.get("day").get(..7).or(ask.param("month")).map_or_else(|| advance::word(ask.today()), str::to_string);
    let here = format!("/tariff/institutions/{key}/statement?month={}", kit::form::encoded(&month));
    ask.write(move |tx, ask| {
        let it = institutions::find(tx, &ask.who.scope, &key)?;
        work(tx, ask, &it, &input)
    })
    .await
    .map_err(|e| match e {
        // The forms stand on a page of sums: what is wrong is said as a refusal.
        Error::Invalid(all) => all.into_iter().next().map_or(Error::NotFound, |it| Error::refused("invalid", it.said)),
        other => other,
    })?;
    Ok(ask.go(&here, ask.t(said)))
}

pub async fn write(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, book::write, "已登记").await
}

pub async fn correct(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, book::correct, "已更正").await
}
