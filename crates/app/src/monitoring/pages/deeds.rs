//! What is done with one case; page and API come through the same functions.

use axum::extract::Path;
use kit::{
    Ask, Error, Result, Tx,
    form::{self as kit_form, Checked, Field, Input, Kind, Options, field},
    page::Page,
};

use crate::{
    elders::{self, Key},
    monitoring::{
        access,
        case::{self, Case},
        deeds::{self, Closing},
        live, steps, words,
    },
};

pub const CLOSE: &[Field] = &[
    field("verdict", "情况属实吗", Kind::Choice(words::VERDICTS)).required(),
    field("found", "现场情况和处理", Kind::LongText(500)).required(),
    field("follow_up", "还要跟进什么", Kind::Text(200)).help("情况属实的,不填也会安排再看望一次。"),
    field("follow_day", "跟进日期", Kind::Date),
];
pub const CORRECT: &[Field] = &[
    field("verdict", "情况属实吗", Kind::Choice(words::VERDICTS)).required(),
    field("found", "现场情况和处理", Kind::LongText(500)).required(),
    field("reason", "原因", Kind::Text(200)).required(),
];
pub const REASON: &[Field] = &[field("reason", "原因", Kind::Text(200)).required()];
pub const WHOM: &[Field] = &[field("whom", "告知了谁", Kind::Text(50)).required().help("如 女儿 王敏,电话告知。")];
pub const NOTE: &[Field] = &[field("note", "说明", Kind::LongText(500)).required()];
pub const ACCESS: &[Field] =
    &[field("note", "入户须知", Kind::LongText(500))
        .help("钥匙在谁那里、门禁密码、养狗等;加密保存,只给处理报警的人看。")];
pub const SEND: &[Field] = &[field("staff", "派谁", Kind::Text(20)).required()];

type Deed = fn(&Tx<'_>, &Ask, &mut Case, &Input) -> Result<()>;

/// Does something with a case; gives the case it leaves, which everybody who listens knows when this returns.
pub async fn do_with(ask: &Ask, key: String, input: Input, deed: Deed) -> Result<Case> {
    let key: Key = key.parse()?;
    let it = ask
        .write(move |tx, ask| {
            let mut it = case::find_held(tx, &ask.who.scope, &key)?;
            deed(tx, ask, &mut it, &input)?;
            case::by_key(tx, &key)
        })
        .await?;
    if let Err(e) = live::look(&ask.app).await {
        // The deed is done; the watcher tells it a moment later.
        tracing::error!("{e}");
    }
    Ok(it)
}

async fn deed(ask: Ask, key: String, input: Input, said: &'static str, deed: Deed) -> Result<Page> {
    let it = do_with(&ask, key, input, deed).await?;
    Ok(ask.go(&it.link(), ask.t(said)))
}

fn checked(fields: &[Field], input: &Input) -> Result<Checked> {
    kit_form::check(fields, input, &Options::new())
}

pub fn acknowledge_it(tx: &Tx<'_>, ask: &Ask, it: &mut Case, _: &Input) -> Result<()> {
    deeds::acknowledge(tx, ask, it)
}

pub fn close_it(tx: &Tx<'_>, ask: &Ask, it: &mut Case, input: &Input) -> Result<()> {
    let it_said = checked(CLOSE, input)?;
    let closing = Closing {
        verdict: it_said.text("verdict"),
        found: it_said.text("found"),
        follow_up: it_said.text("follow_up"),
        follow_day: it_said.date("follow_day"),
    };
    deeds::close(tx, ask, it, &closing)
}

pub fn send_one(tx: &Tx<'_>, ask: &Ask, it: &mut Case, input: &Input) -> Result<()> {
    let staff = checked(SEND, input)?.id("staff").ok_or_else(|| Error::invalid("staff", "请选择人员"))?;
    deeds::send(tx, ask, it, staff)
}

/// Whoever takes a case sees it first of all.
pub async fn acknowledge(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let link = format!("/monitoring/{key}");
    match do_with(&ask, key, input, acknowledge_it).await {
        Ok(_) => Ok(ask.go(&link, ask.t("由您处理"))),
        // Another was quicker: their name is what matters, and the case.
        Err(Error::Refused(it)) if it.code == "alarm_taken" => Ok(ask.go(&link, &it.why.in_lang(ask.lang))),
        Err(other) => Err(other),
    }
}

pub async fn hand_back(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let it: Deed = |tx, ask, it, input| deeds::hand_back(tx, ask, it, &checked(REASON, input)?.text("reason"));
    deed(ask, key, input, "已交回,继续找下一个人", it).await
}

pub async fn send(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, "已派人并通知", send_one).await
}

pub async fn depart(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, "已记出发", |tx, ask, it, _| deeds::depart(tx, ask, it)).await
}

pub async fn arrive(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, "已记到达", |tx, ask, it, _| deeds::arrive(tx, ask, it)).await
}

pub async fn close(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, input, "报警已结案", close_it).await
}

pub async fn reopen(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let it: Deed = |tx, ask, it, input| deeds::reopen(tx, ask, it, &checked(REASON, input)?.text("reason"));
    deed(ask, key, input, "已撤销结案", it).await
}

pub async fn correct(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let it: Deed = |tx, ask, it, input| {
        let said = checked(CORRECT, input)?;
        deeds::correct(tx, ask, it, &said.text("verdict"), &said.text("found"), &said.text("reason"))
    };
    deed(ask, key, input, "已更正", it).await
}

pub async fn inform(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let it: Deed = |tx, ask, it, input| deeds::inform(tx, ask, it, &checked(WHOM, input)?.text("whom"));
    deed(ask, key, input, "已记告知家属", it).await
}

pub async fn follow(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let it: Deed = |tx, ask, it, input| deeds::follow(tx, ask, it, &checked(NOTE, input)?.text("note"));
    deed(ask, key, input, "跟进已完成", it).await
}

pub async fn remark(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let it: Deed = |tx, ask, it, input| deeds::remark(tx, ask, it, &checked(NOTE, input)?.text("note"));
    deed(ask, key, input, "已记下", it).await
}

/// How to get in, from the page of a case.
pub async fn set_access(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    let it: Deed = |tx, ask, it, input| {
        let note = checked(ACCESS, input)?.text("note");
        let elder = steps::elder_of(tx, ask, it)?.ok_or(Error::NotFound)?;
        let elder = elders::find_living(tx, &kit::Scope::of(&ask.app.places.tree(), &elder.key.region), &elder.key)?;
        access::set(tx, ask, &elder, &note)
    };
    deed(ask, key, input, "入户须知已保存", it).await
}
