//! One insured person: enrolled by ID number, with a kind from a day on until another or none.

use kit::{
    Ask, Error, Id, Result, Said, Tx, audit,
    clock::stamp,
    form::{self, Checked, Field, Input, Kind as Of, Options, field},
};
use rules::{
    base::{Date, IdNumber, Money, normalise_id_number},
    ltci::Enrolled,
    steps::Steps,
};

use super::standing;
use crate::{
    elders::{self, Elder, Key},
    ltci::{marks, words},
};

pub const NUMBER_COLUMN: &str = "ltci_insured.id_number";

pub const FIELDS: &[Field] = &[
    field("id_number", "身份证号", Of::Text(30)).required(),
    field("name", "姓名", Of::Text(50)).required(),
    field("kind", "参保类别", Of::Choice(words::KINDS)).required(),
    field("from", "参保起日", Of::Date).required(),
    field("employer", "用人单位或村(社区)", Of::Text(80)),
    field("base", "缴费基数", Of::Text(20)).help("每个缴费期的基数,元;不知道的不填。"),
];
pub const CHANGE_FIELDS: &[Field] = &[
    field("kind", "参保类别", Of::Choice(words::KINDS)).required(),
    field("from", "起日", Of::Date).required(),
    field("base", "缴费基数", Of::Text(20)).help("每个缴费期的基数,元;不知道的不填。"),
];
pub const END_FIELDS: &[Field] = &[field("from", "停保日", Of::Date).required()];

#[derive(Debug, Clone)]
pub struct Insured {
    pub elder: Option<Id>,
    pub name: String,
    pub id_number: Vec<u8>,
    pub employer: String,
    /// A word of `words::KINDS`; empty for who is insured no longer.
    pub kind: String,
}

/// The county that whoever asks keeps the insured of.
///
/// # Errors
/// `Refused` for who works above the counties.
pub fn county(ask: &Ask, place: &str) -> Result<String> {
    let tree = ask.app.places.tree();
    let county = tree.county_of(place).filter(|it| ask.who.scope.covers(&tree, &it.code));
    county.map(|it| it.code.clone()).ok_or_else(|| Error::refused("above_counties", "请由县区的账号办理参保"))
}

/// One insured person of the reader's scope.
pub fn find(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Insured> {
    let it = tx.one(
        "select elder, name, id_number, employer, kind from ltci_insured where region = $1 and id = $2",
        &[&key.region, &key.id],
        |row| {
            Ok(Insured {
                elder: row.get(0)?,
                name: row.get(1)?,
                id_number: row.get(2)?,
                employer: row.get(3)?,
                kind: row.get(4)?,
            })
        },
    )?;
    let held = ask.who.scope.holds(&key.region, &key.region, None, it.elder);
    if held { Ok(it) } else { Err(Error::NotFound) }
}

/// An ID number as it is kept.
///
/// # Errors
/// `Invalid` for what is none.
pub fn number(text: &str) -> Result<String> {
    let number = normalise_id_number(text);
    let parsed: IdNumber =
        number.parse().map_err(|e: rules::base::BadIdNumber| Error::invalid("id_number", e.text()))?;
    Ok(parsed.to_string())
}

/// Who is insured in a county under an ID number.
pub fn with_number(tx: &Tx<'_>, ask: &Ask, region: &str, number: &str) -> Result<Option<Key>> {
    tx.row(
        "select id from ltci_insured where region = $1 and id_blind = $2",
        &[&region, &ask.app.crypt.blind(NUMBER_COLUMN, number)],
        |row| Ok(Key { region: region.to_string(), id: row.get(0)? }),
    )
}

fn base(checked: &Checked) -> Result<Money> {
    let text = checked.text("base");
    if text.is_empty() {
        return Ok(Money::ZERO);
    }
    amount("base", &text)
}

/// Yuan as people write them: `5,000` or `12.50`.
pub fn amount(field: &'static str, text: &str) -> Result<Money> {
    words::yuan(&text.replace([',', ' '], ""))
        .ok_or_else(|| Error::invalid(field, Said::new("金额“{value}”应写作 60 或 12.50").with("value", text)))
}

/// Enrols somebody, or gives whoever is enrolled a kind from a day on; `false` where that is known.
pub fn enrol(tx: &Tx<'_>, ask: &Ask, region: &str, input: &Input, source: &str) -> Result<(Key, bool)> {
    let checked = form::check(FIELDS, input, &Options::new())?;
    let number = number(&checked.text("id_number"))?;
    let (name, kind) = (elders::clean_name(&checked.text("name"))?, checked.text("kind"));
    let (from, base) = (checked.date("from").unwrap_or(ask.today()), base(&checked)?);
    let elder = elders::with_number(tx, ask, &number)?.filter(|it| it.region == region).map(|it| it.id);
    let key = match with_number(tx, ask, region, &number)? {
        Some(known) => {
            let it = find(tx, ask, &known)?;
            if it.name != name {
                let said = Said::new("这个身份证号已参保,姓名是“{value}”,请核对").with("value", it.name);
                return Err(Error::invalid("name", said));
            }
            known
        }
        None => Key { region: region.to_string(), id: ask.new_id() },
    };
    tx.run(
        "insert into ltci_insured (region, id, elder, name, initials, id_number, id_blind, employer, kind, source, created,
                                   changed)
         values ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, $10, $10)
         on conflict (region, id) do update set employer = excluded.employer, changed = excluded.changed,
           elder = coalesce(ltci_insured.elder, excluded.elder)",
        &[
            &key.region,
            &key.id,
            &elder,
            &name,
            &kit::initials(&name),
            &ask.app.crypt.seal(NUMBER_COLUMN, &number),
            &ask.app.crypt.blind(NUMBER_COLUMN, &number),
            &checked.text("employer"),
            &source,
            &stamp(ask.now),
        ],
    )?;
    let steps = steps(tx, &key)?;
    if steps.on(from) == Some(&(kind.clone(), base.fen())) {
        standing::keep(tx, ask, &key);
        return Ok((key, false));
    }
    step(tx, ask, &key, from, Some((&kind, base)), source)?;
    Ok((key, true))
}

/// Gives another kind or base from a day on.
pub fn change(tx: &Tx<'_>, ask: &Ask, key: &Key, input: &Input) -> Result<()> {
    let checked = form::check(CHANGE_FIELDS, input, &Options::new())?;
    find(tx, ask, key)?;
    let from = checked.date("from").unwrap_or(ask.today());
    step(tx, ask, key, from, Some((&checked.text("kind"), base(&checked)?)), "form")
}

/// Ends it from a day on.
pub fn end(tx: &Tx<'_>, ask: &Ask, key: &Key, input: &Input) -> Result<()> {
    let checked = form::check(END_FIELDS, input, &Options::new())?;
    find(tx, ask, key)?;
    let from = checked.date("from").unwrap_or(ask.today());
    if steps(tx, key)?.on(from.add_days(-1)).is_none() {
        return Err(Error::invalid("from", Said::new("{day} 前没有参保,不能停保").with("day", from)));
    }
    step(tx, ask, key, from, None, "form")
}

/// What holds from a day on takes the place of what was planned for later.
fn step(tx: &Tx<'_>, ask: &Ask, key: &Key, from: Date, to: Option<(&str, Money)>, source: &str) -> Result<()> {
    let day = from.to_string();
    tx.run(
        "delete from ltci_kind where region = $1 and insured = $2 and from_day > $3",
        &[&key.region, &key.id, &day],
    )?;
    tx.run(
        "insert into ltci_kind (region, insured, from_day, kind, base, source) values ($1, $2, $3, $4, $5, $6)
         on conflict (region, insured, from_day) do update set kind = excluded.kind, base = excluded.base,
           source = excluded.source",
        &[&key.region, &key.id, &day, &to.map(|it| it.0.to_string()), &to.map_or(0, |it| it.1.fen()), &source],
    )?;
    standing::keep(tx, ask, key);
    marks::keep_insured(tx, &ask.app, key)?;
    note(tx, ask, key, "change", &format!("kind {day}"))
}

/// Whoever is enrolled under the elder's number becomes that elder, where nobody is yet: the register may have learned of
/// them later.
pub fn link(tx: &Tx<'_>, ask: &Ask, elder: &Elder) -> Result<()> {
    let Some(sealed) = &elder.id_number else { return Ok(()) };
    let number = ask.app.crypt.open_sealed(elders::NUMBER_COLUMN, sealed).map_err(Error::internal)?;
    tx.run(
        "update ltci_insured set elder = $3 where region = $1 and id_blind = $2 and elder is null",
        &[&elder.key.region, &ask.app.crypt.blind(NUMBER_COLUMN, &number), &elder.key.id],
    )?;
    Ok(())
}

/// Kind and base in fen, by day.
pub fn steps(tx: &Tx<'_>, key: &Key) -> Result<Steps<(String, i64)>> {
    let rows = tx.rows(
        "select from_day, kind, base from ltci_kind where region = $1 and insured = $2 order by from_day",
        &[&key.region, &key.id],
        |row| {
            let (kind, base): (Option<String>, i64) = (row.get(1)?, row.get(2)?);
            Ok((row.get(0)?, kind.map(|it| (it, base))))
        },
    )?;
    Ok(Steps::new(rows))
}

/// The same as the rules want it.
pub fn enrolled(steps: &Steps<(String, i64)>) -> Result<Vec<Enrolled>> {
    let all = steps.stretches().into_iter();
    all.map(|(from, until, (kind, base))| {
        Ok(Enrolled { from, until, kind: words::kind(&kind)?, base: Money::from_fen(base) })
    })
    .collect()
}

/// Notes that somebody looked at an insured person, or did something with them.
pub fn note(tx: &Tx<'_>, ask: &Ask, key: &Key, action: &'static str, detail: &str) -> Result<()> {
    let entry = audit::Entry {
        action,
        subject: "ltci_insured",
        subject_id: Some(key.id),
        region: &key.region,
        place: &key.region,
        detail,
    };
    ask.note(tx, &entry)
}
