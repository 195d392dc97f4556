//! What is done with one plan: another phase, a look at it, its beginning and end, a visit planned.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, field},
    page::Page,
};
use rules::base::Date;

use super::show;
use crate::{
    careplan::{
        coming,
        course::{self, Ending},
        record::{self, Plan},
        words::{self, Phase},
    },
    elders::{Elder, Key},
};

pub const PHASE: &[Field] = &[
    field("phase", "新的阶段", Kind::Choice(Phase::WORDS)).required(),
    field("reason", "原因", Kind::Text(200)).required(),
];
pub const REVIEW: &[Field] = &[field("conclusion", "复评结论", Kind::LongText(500))
    .required()
    .help("目标达到没有,哪些要改;改动请在上面逐项修改。")];
pub const END: &[Field] =
    &[field("reason", "终止原因", Kind::Choice(words::ENDS_GIVEN)).required(), field("note", "说明", Kind::Text(200))];
pub const VISIT: &[Field] = &[
    field("dues", "到期的事项", Kind::LongText(2000)).required(),
    field("day", "日期", Kind::Date).help("不填为建议的日子。"),
];
/// Of every form on the page, for the summary of errors.
pub const ALL: &[Field] = &[PHASE[0], PHASE[1], REVIEW[0], END[1]];

/// Does something with a plan; what was filled in wrongly shows the page again.
async fn deed(
    ask: Ask,
    key: String,
    input: Input,
    said: &'static str,
    work: impl FnOnce(&Tx<'_>, &Ask, &mut Plan, &Elder, &Input) -> Result<()> + Send + 'static,
) -> Result<Page> {
    let key: Key = key.parse()?;
    let (for_error, sent) = (key.clone(), input.clone());
    let done = ask
        .write(move |tx, ask| {
            let (mut it, elder) = record::find_held(tx, &ask.who.scope, &key)?;
            work(tx, ask, &mut it, &elder, &sent)?;
            Ok(it.link())
        })
        .await;
    match done {
        Ok(to) => Ok(ask.go(&to, ask.t(said))),
        Err(Error::Invalid(errors)) => {
            let shown = ask.read(move |tx, ask| show::load(tx, ask, &for_error)).await?;
            Ok(show::show(&ask, &shown, &input, &errors))
        }
        Err(other) => Err(other),
    }
}

pub async fn phase(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, "阶段已变更", phase_by).await
}

pub async fn review(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, "复评已记下", review_by).await
}

pub async fn start(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, "照护计划开始执行", |tx, ask, it, elder, _| course::start(tx, ask, it, elder)).await
}

pub async fn end(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, "照护计划已终止", end_by).await
}

pub async fn visit(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, "已安排", |tx, ask, it, elder, input| visit_by(tx, ask, it, elder, input).map(drop)).await
}

pub fn phase_by(tx: &Tx<'_>, ask: &Ask, it: &mut Plan, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(PHASE, input, &Options::new())?;
    let phase = Phase::parse(&checked.text("phase")).ok_or_else(|| Error::invalid("phase", "请选择阶段"))?;
    course::phase_to(tx, ask, it, elder, phase, &checked.text("reason"))
}

pub fn review_by(tx: &Tx<'_>, ask: &Ask, it: &mut Plan, elder: &Elder, input: &Input) -> Result<()> {
    if !it.is_in_force() {
        return Err(Error::refused("not_in_force", "执行中的照护计划才需要复评"));
    }
    let checked = kit_form::check(REVIEW, input, &Options::new())?;
    course::review(tx, ask, it, elder, &checked.text("conclusion"))
}

pub fn end_by(tx: &Tx<'_>, ask: &Ask, it: &mut Plan, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(END, input, &Options::new())?;
    let reason = words::ENDS_GIVEN.iter().find(|one| one.0 == checked.text("reason"));
    let (reason, _) = reason.ok_or_else(|| Error::invalid("reason", "请选择原因"))?;
    let note = checked.text("note");
    course::end(tx, ask, it, elder, &Ending { day: ask.today(), reason, note: &note })
}

pub fn visit_by(tx: &Tx<'_>, ask: &Ask, it: &mut Plan, elder: &Elder, input: &Input) -> Result<Date> {
    let dues: Vec<String> = input.all("dues").iter().flat_map(|it| it.split_whitespace()).map(str::to_string).collect();
    let day = kit_form::check(&[VISIT[1]], input, &Options::new())?.date("day");
    if !it.is_in_force() {
        return Err(Error::refused("not_in_force", "执行中的照护计划才能安排上门"));
    }
    coming::plan_visit(tx, ask, it, elder, &dues, day)
}
