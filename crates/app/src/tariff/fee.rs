//! The visit fee that an institution sets itself, published with the day from which it holds.

use kit::{
    Ask, Error, Result, Said, Tx,
    clock::stamp,
    db::Row,
    form::{self, Checked, Field, Input, Kind, Options, field},
};
use rules::{
    base::{Date, Money, Rate},
    tariff::{Costs, VisitFee, visit_fee},
};

use super::{note, words};
use crate::{elders::Key, institutions::Institution};

/// A fee as it was published: it holds until the next one.
#[derive(Debug, Clone)]
pub struct Fee {
    pub from: Date,
    pub costs: Costs,
    pub proposed: Money,
    /// Nothing where no visits are offered from that day on.
    pub fee: Option<Money>,
    pub reason: String,
    pub who: String,
    pub published: String,
}

pub const FIELDS: &[Field] = &[
    field("radius_km", "服务半径(公里)", Kind::Int { min: 0, max: 300 }).required(),
    field("minutes", "每次用时(分钟,含路上)", Kind::Int { min: 1, max: 1440 }).required(),
    field("persons", "上门人数", Kind::Int { min: 1, max: 10 }).required(),
    field("hourly", "每人每小时人力成本(元)", Kind::Text(12)).required(),
    field("per_km", "每公里交通费(元)", Kind::Text(12)).required(),
    field("demand", "供求系数(%)", Kind::Int { min: 50, max: 200 })
        .required()
        .help("100 为供求相当;供不应求时调高,供过于求时调低。"),
    field("fee", "公布的上门服务费(元)", Kind::Text(12)).help("不填就用测算金额;高于测算金额的,请写明原因。"),
    field("from", "起日", Kind::Date).required().help("从公布之日起;已经开始执行的不改。"),
    field("reason", "说明", Kind::Text(200)),
];

pub const END_FIELDS: &[Field] =
    &[field("from", "起日", Kind::Date).required(), field("reason", "原因", Kind::Text(200)).required()];

const COLUMNS: &str =
    "from_day, radius_km, minutes, persons, hourly, per_km, demand, proposed, fee, reason, who, published";

fn read(row: &Row<'_>) -> Result<Fee> {
    let small = |at: usize| Ok::<u16, Error>(u16::try_from(row.get::<i64>(at)?).unwrap_or(u16::MAX));
    Ok(Fee {
        from: row.get(0)?,
        costs: Costs {
            radius_km: small(1)?,
            minutes: small(2)?,
            persons: small(3)?,
            hourly: Money::from_fen(row.get(4)?),
            per_km: Money::from_fen(row.get(5)?),
            demand: Rate::from_millionths(row.get(6)?),
        },
        proposed: Money::from_fen(row.get(7)?),
        fee: row.get::<Option<i64>>(8)?.map(Money::from_fen),
        reason: row.get(9)?,
        who: row.get(10)?,
        published: row.get(11)?,
    })
}

/// All fees of an institution, the newest first.
pub fn of(tx: &Tx<'_>, institution: &Key) -> Result<Vec<Fee>> {
    tx.rows(
        &format!(
            "select {COLUMNS} from tariff_fee where region = $1 and institution = $2 order by from_day desc limit 200"
        ),
        &[&institution.region, &institution.id],
        read,
    )
}

/// The fee of a day; nothing where none was published yet or visits are no longer offered.
pub fn on(tx: &Tx<'_>, institution: &Key, day: Date) -> Result<Option<Fee>> {
    let found = tx.row(
        &format!(
            "select {COLUMNS} from tariff_fee where region = $1 and institution = $2 and from_day <= $3
              order by from_day desc limit 1"
        ),
        &[&institution.region, &institution.id, &day.to_string()],
        read,
    )?;
    Ok(found.filter(|it| it.fee.is_some()))
}

/// What a form says a visit costs, and what follows.
pub fn proposal(checked: &Checked) -> Result<(Costs, VisitFee)> {
    let small = |name: &str| u16::try_from(checked.int(name).unwrap_or(0)).unwrap_or(u16::MAX);
    let costs = Costs {
        radius_km: small("radius_km"),
        minutes: small("minutes"),
        persons: small("persons"),
        hourly: words::typed("hourly", &checked.text("hourly"))?,
        per_km: words::typed("per_km", &checked.text("per_km"))?,
        demand: Rate::from_millionths(checked.int("demand").unwrap_or(100) * 10_000),
    };
    Ok((costs, visit_fee(&costs)))
}

/// Publishes a fee from a day on.
///
/// # Errors
/// `Invalid` for a day that has passed or has a fee already, for a fee above the proposal without a reason; `Refused` where
/// the institution is not public and so needs no such model.
pub fn publish(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input) -> Result<Fee> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let (costs, model) = proposal(&checked)?;
    let fee = match checked.optional("fee") {
        Some(text) => words::typed("fee", &text)?,
        None => model.proposed,
    };
    let reason = checked.text("reason");
    if model.proposed < fee && reason.is_empty() {
        let said = Said::new("高于测算金额 {money},请写明原因").with("money", model.proposed);
        return Err(Error::invalid("reason", said));
    }
    let from = checked.date("from").unwrap_or(ask.today());
    put(tx, ask, it, from, &costs, model.proposed, Some(fee), &reason)
}

/// From a day on no visits are offered.
pub fn end(tx: &Tx<'_>, ask: &Ask, it: &Institution, input: &Input) -> Result<Fee> {
    let checked = form::check(END_FIELDS, input, &Options::new())?;
    let from = checked.date("from").unwrap_or(ask.today());
    let last = on(tx, &it.key, from)?.ok_or_else(|| Error::refused("no_fee", "这家机构当日没有上门服务费"))?;
    put(tx, ask, it, from, &last.costs, last.proposed, None, &checked.text("reason"))
}

#[allow(clippy::too_many_arguments, reason = "one row, column by column")]
fn put(
    tx: &Tx<'_>,
    ask: &Ask,
    it: &Institution,
    from: Date,
    costs: &Costs,
    proposed: Money,
    fee: Option<Money>,
    reason: &str,
) -> Result<Fee> {
    if from < ask.today() {
        return Err(Error::invalid("from", "起日不能早于今天:先公布,后执行"));
    }
    let written = tx.run(
        "insert into tariff_fee (region, institution, from_day, id, radius_km, minutes, persons, hourly, per_km, demand,
                                 proposed, fee, reason, account, who, published)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         on conflict (region, institution, from_day) do nothing",
        &[
            &it.key.region,
            &it.key.id,
            &from.to_string(),
            &ask.new_id(),
            &i64::from(costs.radius_km),
            &i64::from(costs.minutes),
            &i64::from(costs.persons),
            &costs.hourly.fen(),
            &costs.per_km.fen(),
            &costs.demand.millionths(),
            &proposed.fen(),
            &fee.map(Money::fen),
            &reason,
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
        ],
    )?;
    if written == 0 {
        let said = Said::new("{day} 起的上门服务费已经公布,不能改;请选另一个起日").with("day", from);
        return Err(Error::invalid("from", said));
    }
    let detail = fee.map_or_else(|| format!("visit fee ends {from}"), |fee| format!("visit fee {fee} from {from}"));
    note(tx, ask, it, "change", &detail)?;
    on_or_ended(tx, &it.key, from)
}

fn on_or_ended(tx: &Tx<'_>, institution: &Key, from: Date) -> Result<Fee> {
    tx.one(
        &format!("select {COLUMNS} from tariff_fee where region = $1 and institution = $2 and from_day = $3"),
        &[&institution.region, &institution.id, &from.to_string()],
        read,
    )
}
