//! What is done with one visit: cancelled, missed, put right.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, field},
    page::Page,
};
use rules::visit::Check;

use crate::{
    elders::Key,
    visits::{
        correction, plan,
        record::{self, Visit},
        words, written,
    },
};

pub const CANCEL: &[Field] = &[field("reason", "取消的原因", Kind::Text(200)).required()];
pub const MISSED: &[Field] =
    &[field("reason", "原因", Kind::Choice(words::MISSED)).required(), field("note", "说明", Kind::Text(200))];
pub const CORRECT: &[Field] = &[
    field("field", "要更正的要素", Kind::Choice(ELEMENTS)).required(),
    field("after", "正确的时间", Kind::Text(10)).help("只在更正开始或结束时间时填写,如 09:30。"),
    field("reason", "理由", Kind::Text(200)).required().help("依据什么,如纸质记录、家属确认。"),
];
pub const DECIDE: &[Field] = &[
    field("agrees", "同意", Kind::Choice(&[("yes", "同意"), ("no", "不同意")])).required(),
    field("reason", "理由", Kind::Text(200)),
];

/// The six elements, as a form offers them.
pub const ELEMENTS: &[(&str, &str)] = Check::WORDS.split_at(6).0;

async fn deed(
    ask: Ask,
    key: String,
    said: &'static str,
    work: impl FnOnce(&Tx<'_>, &Ask, &mut Visit) -> Result<()> + Send + 'static,
) -> Result<Page> {
    let key: Key = key.parse()?;
    let link = format!("/visits/{key}");
    ask.write(move |tx, ask| {
        let mut it = record::find_held(tx, &ask.who.scope, &key)?;
        work(tx, ask, &mut it)
    })
    .await?;
    Ok(ask.go(&link, ask.t(said)))
}

pub async fn cancel(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "上门已取消", move |tx, ask, it| plan::cancel(tx, ask, it, &reason_of(&input)?)).await
}

pub fn reason_of(input: &Input) -> Result<String> {
    Ok(kit_form::check(CANCEL, input, &Options::new())?.text("reason"))
}

pub async fn missed(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已记下", move |tx, ask, it| missed_by(tx, ask, it, &input)).await
}

pub fn missed_by(tx: &Tx<'_>, ask: &Ask, it: &mut Visit, input: &Input) -> Result<()> {
    let checked = kit_form::check(MISSED, input, &Options::new())?;
    written::missed(tx, ask, it, &checked.text("reason"), &checked.text("note"))
}

pub async fn correct(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已提出,等第二人确认", move |tx, ask, it| correct_by(tx, ask, it, &input).map(|_| ())).await
}

pub fn correct_by(tx: &Tx<'_>, ask: &Ask, it: &Visit, input: &Input) -> Result<Id> {
    let checked = kit_form::check(CORRECT, input, &Options::new())?;
    let after = checked.text("after");
    let after = match after.is_empty() {
        true => String::new(),
        false => kit::clock::stamp(written::moment("after", &after, it.day)?),
    };
    correction::ask_for(tx, ask, it, &checked.text("field"), &after, &checked.text("reason"))
}

pub async fn decide(ask: Ask, Path((key, id)): Path<(String, String)>, input: Input) -> Result<Page> {
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    deed(ask, key, "已处理", move |tx, ask, it| decide_by(tx, ask, it, id, &input)).await
}

pub fn decide_by(tx: &Tx<'_>, ask: &Ask, it: &mut Visit, id: Id, input: &Input) -> Result<()> {
    let checked = kit_form::check(DECIDE, input, &Options::new())?;
    correction::decide(tx, ask, it, id, checked.text("agrees") == "yes", &checked.text("reason"))
}
