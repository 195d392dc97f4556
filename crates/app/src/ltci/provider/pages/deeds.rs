//! What is done with a provider: agreement, suspension, evaluation, carers.

use axum::extract::Path;
use kit::{
    Ask, Error, Id, Result, Tx,
    form::{self as kit_form, Field, Input, Kind, Options, field},
    page::Page,
};

use crate::{
    elders::Key,
    institutions::{self, Institution},
    ltci::{
        provider::{
            agreement::Agreement,
            course::{self, Evaluation, New},
        },
        words,
    },
};

pub const SIGN: &[Field] = &[
    field("number", "协议编号", Kind::Text(40)).required(),
    field("from", "起日", Kind::Date).required(),
    field("until", "止日", Kind::Date).required().help("当天仍有效。"),
    field("level", "机构级别", Kind::Int { min: 1, max: 3 })
        .required()
        .help("1 至 3 级;待遇按级别不同的地区据此支付。"),
    field("modes", "服务方式", Kind::Many(words::MODES)).required(),
    field("capacity", "最多服务人数", Kind::Int { min: 1, max: 100_000 }).required(),
];
pub const END: &[Field] = &[
    field("day", "终止日", Kind::Date).required().help("从这天起没有协议。"),
    field("reason", "原因", Kind::Text(200)).required(),
];
pub const SUSPEND: &[Field] = &[
    field("from", "暂停日", Kind::Date).required(),
    field("reason", "原因", Kind::Choice(words::SUSPENSIONS)).required(),
    field("note", "说明", Kind::Text(200)),
];
pub const LIFT: &[Field] = &[field("day", "恢复日", Kind::Date).required()];
pub const EVALUATE: &[Field] = &[
    field("year", "年度", Kind::Int { min: 2016, max: 2100 }).required(),
    field("points", "得分", Kind::Int { min: 0, max: 100 }).required(),
    field("result", "考核结果", Kind::Choice(words::RESULTS)).required(),
    field("remark", "说明", Kind::Text(300)),
];
pub const CARER: &[Field] = &[
    field("qualification", "资格", Kind::Choice(words::QUALIFICATIONS)).required(),
    field("staff", "人员", Kind::Text(40)).help("人员登记的编号,形如 211102-123;家属照护者不填。"),
    field("elder", "照护哪位老人", Kind::Text(40)).help("家属照护者填老人编号,形如 211102-123。"),
    field("name", "姓名", Kind::Text(50)).help("家属照护者填写。"),
    field("number", "证书(备案)号", Kind::Text(60)).required(),
    field("from", "上岗日", Kind::Date).required(),
];
pub const DISMISS: &[Field] = &[
    field("day", "离岗日", Kind::Date).required().help("从这天起不再护理。"),
    field("reason", "原因", Kind::Text(200)).required(),
];

async fn deed(
    ask: Ask,
    key: String,
    said: &'static str,
    work: impl FnOnce(&Tx<'_>, &Ask, &Institution) -> Result<()> + Send + 'static,
) -> Result<Page> {
    let key: Key = key.parse()?;
    let to = format!("/ltci/providers/{key}");
    ask.write(move |tx, ask| {
        let it = institutions::find(tx, &ask.who.scope, &key)?;
        work(tx, ask, &it)
    })
    .await?;
    Ok(ask.go(&to, ask.t(said)))
}

pub async fn sign(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "协议已登记", move |tx, ask, it| sign_by(tx, ask, it, &input)).await
}

pub async fn end(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "协议已终止", move |tx, ask, it| end_by(tx, ask, it, &input)).await
}

pub async fn suspend(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已暂停服务", move |tx, ask, it| suspend_by(tx, ask, it, &input)).await
}

pub async fn lift(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "已恢复服务", move |tx, ask, it| lift_by(tx, ask, it, &input)).await
}

pub async fn evaluate(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "考核结果已登记", move |tx, ask, it| evaluate_by(tx, ask, it, &input)).await
}

pub async fn register(ask: Ask, Path(key): Path<String>, input: Input) -> Result<Page> {
    deed(ask, key, "护理人员已登记", move |tx, ask, it| register_by(tx, ask, it, &input)).await
}

pub async fn dismiss(ask: Ask, Path((key, id)): Path<(String, Id)>, input: Input) -> Result<Page> {
    deed(ask, key, "已离岗", move |tx, ask, it| dismiss_by(tx, ask, it, id, &input)).await
}

fn day(checked: &kit_form::Checked, name: &'static str) -> Result<rules::base::Date> {
    checked.date(name).ok_or_else(|| Error::invalid(name, "请填写日期"))
}

pub fn sign_by(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input) -> Result<()> {
    let checked = kit_form::check(SIGN, input, &Options::new())?;
    let terms = Agreement {
        number: checked.text("number"),
        level: checked.int("level").unwrap_or(1),
        modes: checked.many("modes"),
        capacity: checked.int("capacity").unwrap_or_default(),
    };
    course::sign(tx, ask, it, day(&checked, "from")?, day(&checked, "until")?, &terms)
}

pub fn end_by(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input) -> Result<()> {
    let checked = kit_form::check(END, input, &Options::new())?;
    course::end(tx, ask, it, day(&checked, "day")?, &checked.text("reason"))
}

pub fn suspend_by(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input) -> Result<()> {
    let checked = kit_form::check(SUSPEND, input, &Options::new())?;
    course::suspend(tx, ask, it, day(&checked, "from")?, &checked.text("reason"), &checked.text("note"))
}

pub fn lift_by(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input) -> Result<()> {
    let checked = kit_form::check(LIFT, input, &Options::new())?;
    course::lift(tx, ask, it, day(&checked, "day")?)
}

pub fn evaluate_by(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input) -> Result<()> {
    let checked = kit_form::check(EVALUATE, input, &Options::new())?;
    let of = Evaluation {
        year: checked.int("year").unwrap_or_default(),
        points: checked.int("points").unwrap_or_default(),
        result: checked.text("result"),
        remark: checked.text("remark"),
        who: String::new(),
    };
    if i64::from(ask.today().year()) < of.year {
        return Err(Error::invalid("year", "年度还没有到"));
    }
    course::evaluate(tx, ask, it, &of)
}

pub fn register_by(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input) -> Result<()> {
    let checked = kit_form::check(CARER, input, &Options::new())?;
    let key = |name: &'static str| -> Result<Option<Key>> {
        let text = checked.text(name);
        let wrong = || Error::invalid(name, "编号应形如 211102-123");
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| wrong()) }
    };
    let new = New {
        staff: key("staff")?,
        elder: key("elder")?,
        name: checked.text("name"),
        qualification: checked.text("qualification"),
        number: checked.text("number"),
        from: day(&checked, "from")?,
    };
    course::register(tx, ask, it, &new).map(|_| ())
}

pub fn dismiss_by(tx: &Tx<'_>, ask: &Ask, it: &Institution, id: Id, input: &Input) -> Result<()> {
    let checked = kit_form::check(DISMISS, input, &Options::new())?;
    course::dismiss(tx, ask, it, id, day(&checked, "day")?, &checked.text("reason"))
}
