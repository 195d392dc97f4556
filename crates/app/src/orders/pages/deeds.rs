//! What is done with one order; page and API come through the same functions.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, field},
    page::Page,
};

use crate::{
    elders::{self, Elder, Key},
    orders::{
        assessed as seen, consent as agreement, course, done as given, place,
        record::{self, Order},
        words, yearly,
    },
};

pub const REFUSAL: &[Field] = &[
    field("why", "为什么不接", Kind::Choice(words::REFUSALS)).required(),
    field("reason", "原因", Kind::Text(200)).required(),
];
pub const CONSENT: &[Field] = &[
    field("signer", "由谁同意", Kind::Choice(words::SIGNERS)).required(),
    field("signer_name", "同意人姓名", Kind::Text(50)),
    place::SIGNATURE,
];
pub const CANCEL: &[Field] = &[field("reason", "原因", Kind::Text(200))];
pub const ASSESSED: &[Field] = &[field("note", "评估结果", Kind::LongText(500)).required()];
pub const DONE: &[Field] = &[
    field("day", "服务日期", Kind::Date).help("不填为今天。"),
    field("note", "做了什么", Kind::LongText(1000)).required(),
];
pub const CHANGE: &[Field] = &[
    field("day", "希望哪一天", Kind::Date).required(),
    field("part", "什么时候", Kind::Choice(words::PARTS)).required(),
    field("time", "时间", Kind::Text(5)).help("选“指定时间”时填写,如 09:30。"),
];
pub const RATING: &[Field] = &[
    field("rating", "满意吗", Kind::Choice(words::RATINGS)).required(),
    field("words", "想说的话", Kind::LongText(500)),
    field("complaint", "我要投诉", Kind::Check),
];
pub const ANSWER: &[Field] = &[field("words", "投诉的答复", Kind::LongText(500)).required()];
pub const APPLY: &[Field] = &[field("elder", "老人", Kind::Text(40)).required()];

type Deed = fn(&Tx<'_>, &Ask, &mut Order, &Elder, &Input) -> Result<()>;

/// Does something with an order; gives the order it leaves.
pub async fn do_with(ask: &Ask, key: String, input: Input, deed: Deed) -> Result<Order> {
    let key: Key = key.parse()?;
    ask.write(move |tx, ask| {
        let (mut it, elder) = record::find_held(tx, ask, &key)?;
        deed(tx, ask, &mut it, &elder, &input)?;
        record::by_key(tx, &key)
    })
    .await
}

async fn deed(ask: Ask, key: String, input: Input, said: &'static str, deed: Deed) -> Result<Page> {
    let it = do_with(&ask, key, input, deed).await?;
    Ok(ask.go(&it.link(), ask.t(said)))
}

/// A deed as an action of the page: its name, what is said when it is done, and what does it.
macro_rules! actions {
    ($($name:ident, $said:literal, $by:ident;)+) => {
        $(pub async fn $name(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
            deed(ask, key, input, $said, $by).await
        })+
    };
}

actions! {
    accept, "已接单", accept_by;
    refuse, "已告知不接单", refuse_by;
    answer, "已答复", answer_by;
    assessed, "已登记评估", assessed_by;
    depart, "已登记出发", depart_by;
    done, "已登记完成", done_by;
    change, "时间已更改", change_by;
    cancel, "已取消预约", cancel_by;
    consent, "已确认同意", consent_by;
    rate, "谢谢您的评价", rate_by;
}

pub async fn apply(ask: Ask, input: Input) -> Result<Page> {
    let key = ask.write(move |tx, ask| apply_by(tx, ask, &input)).await?;
    Ok(ask.go(&format!("/orders/new?elder={key}"), ask.t("已申请")))
}

/// Applies for the yearly service of an elder.
pub fn apply_by(tx: &Tx<'_>, ask: &Ask, input: &Input) -> Result<Key> {
    let key: Key = kit_form::check(APPLY, input, &Options::new())?.text("elder").parse()?;
    let elder = elders::find_living(tx, &ask.who.scope, &key)?;
    yearly::apply(tx, ask, &elder)?;
    Ok(key)
}

pub fn accept_by(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, _: &Input) -> Result<()> {
    course::accept(tx, ask, it, elder)
}

pub fn refuse_by(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(REFUSAL, input, &Options::new())?;
    course::refuse(tx, ask, it, elder, &checked.text("why"), &checked.text("reason"))
}

pub fn answer_by(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(ANSWER, input, &Options::new())?;
    given::answer(tx, ask, it, elder, &checked.text("words"))
}

pub fn assessed_by(tx: &Tx<'_>, ask: &Ask, _: &mut Order, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(ASSESSED, input, &Options::new())?;
    seen::add(tx, ask, elder, &checked.text("note"))
}

pub fn depart_by(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, _: &Input) -> Result<()> {
    course::depart(tx, ask, it, elder)
}

pub fn done_by(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(DONE, input, &Options::new())?;
    let day = checked.date("day").unwrap_or(ask.today());
    given::done(tx, ask, it, elder, &given::Done { day, source: "hand", began: None, note: &checked.text("note") })
}

pub fn change_by(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(CHANGE, input, &Options::new())?;
    let part = checked.text("part");
    let from_minute = place::minute(&part, &checked.text("time"))?;
    let day = checked.date("day").ok_or_else(|| Error::invalid("day", "请填写日期"))?;
    course::change(tx, ask, it, elder, &course::Wish { day, part, from_minute })
}

pub fn cancel_by(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(CANCEL, input, &Options::new())?;
    course::call_off(tx, ask, it, elder, &checked.text("reason")).map(drop)
}

pub fn consent_by(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(CONSENT, input, &Options::new())?;
    agreement::agree(tx, ask, it, elder, &checked)
}

pub fn rate_by(tx: &Tx<'_>, ask: &Ask, it: &mut Order, elder: &Elder, input: &Input) -> Result<()> {
    let checked = kit_form::check(RATING, input, &Options::new())?;
    let rating = checked.int("rating").unwrap_or_default();
    given::rate(tx, ask, it, elder, rating, &checked.text("words"), checked.on("complaint"))
}
