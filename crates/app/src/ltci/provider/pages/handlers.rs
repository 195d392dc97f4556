//! Which insurer handles which place.

use kit::{
    Ask, Error, Result, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, csrf, field},
    page::{Badge, Head, Page, badge, empty, plain_table},
    place::NATION,
};
use maud::html;

use super::list::tabs;
use crate::ltci::{HANDLE, provider::handler};

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
