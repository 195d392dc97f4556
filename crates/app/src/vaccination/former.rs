//! Doses got elsewhere or before this system: taken over with their day, without the checks of a dose given here.

use kit::{
    Ask, Error, Id, Result, Tx,
    form::{self, Field, Input, Kind, Options, field},
};
use rules::base::Date;

use super::{dose, invitation, schedule};
use crate::elders::Elder;

/// A dose got elsewhere.
#[derive(Debug, Clone)]
pub struct Former<'a> {
    pub vaccine: &'a str,
    pub day: Date,
    pub batch: &'a str,
    pub maker: &'a str,
    pub place: &'a str,
    pub free: bool,
    /// `elsewhere` or `import`.
    pub source: &'a str,
}

pub const FIELDS: &[Field] = &[
    field("vaccine", "疫苗", Kind::Text(30)).required(),
    field("day", "接种日期", Kind::Date).required(),
    field("batch_number", "批号", Kind::Text(30)),
    field("maker", "生产企业", Kind::Text(60)),
    field("place", "接种单位", Kind::Text(60)).required(),
    field("free", "免费", Kind::Check),
];

/// Takes over what a form says.
pub fn from_input(tx: &Tx<'_>, ask: &Ask, elder: &Elder, input: &Input) -> Result<Id> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let it = Former {
        vaccine: &checked.text("vaccine"),
        day: checked.date("day").unwrap_or(ask.today()),
        batch: &checked.text("batch_number"),
        maker: &checked.text("maker"),
        place: &checked.text("place"),
        free: checked.on("free"),
        source: "elsewhere",
    };
    keep(tx, ask, elder, &it, None)
}

/// Takes a former dose over; `number` says which it is, where that is known.
pub fn keep(tx: &Tx<'_>, ask: &Ask, elder: &Elder, it: &Former<'_>, number: Option<i64>) -> Result<Id> {
    let id = put(tx, ask, elder, it, number)?;
    invitation::renew(tx, ask, elder)?;
    Ok(id)
}

/// Takes years of doses over; what follows is kept once, at the end.
pub fn take_past(tx: &Tx<'_>, ask: &Ask, elder: &Elder, all: &[Former<'_>]) -> Result<()> {
    for it in all {
        put(tx, ask, elder, it, None)?;
    }
    invitation::renew(tx, ask, elder)
}

/// # Errors
/// `Invalid` for a day to come or before birth, and for a vaccine that is not offered here.
fn put(tx: &Tx<'_>, ask: &Ask, elder: &Elder, it: &Former<'_>, number: Option<i64>) -> Result<Id> {
    let vaccine = schedule::needed(ask, &elder.key.region, it.vaccine, ask.today())?;
    if ask.today() < it.day || it.day < elder.birth.day {
        return Err(Error::invalid("day", "“接种日期”应在出生之后、今天或以前"));
    }
    let new = dose::New {
        vaccine: &vaccine.id,
        day: it.day,
        number,
        batch: None,
        batch_number: it.batch,
        maker: it.maker,
        expires: "",
        site: "",
        free: it.free,
        place: it.place,
        vaccinator: "",
        consent: None,
        answers: "{}",
        source: it.source,
        remark: "",
    };
    dose::write(tx, ask, elder, &new)
}
