//! One line that a provider claims, and where it is kept.

use kit::{Ask, Error, Id, Result, Scope, Tx, clock::stamp, db::Row, import::Taken};
use rules::base::Date;

use crate::elders::{self, Key, Merged, Records};

/// A line of a claim.
#[derive(Debug, Clone)]
pub struct Claim {
    pub key: Key,
    /// Nobody, 0, where the family arranges the care.
    pub provider: Id,
    pub number: String,
    pub said: Said,
    pub source: String,
    /// A word of `words::CLAIM_STATES`.
    pub state: String,
}

/// What a line says, with the evidence for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub elder: Id,
    pub day: Date,
    /// A word of `words::MODES`.
    pub mode: String,
    /// An id of the catalogue, or what was written in its place.
    pub service: String,
    /// Fen.
    pub claimed: i64,
    pub begin_minute: Option<i64>,
    pub minutes: i64,
    pub second: bool,
    pub carer: String,
    pub began: Option<String>,
    pub ended: Option<String>,
    /// Millionths of a degree.
    pub latitude: Option<i64>,
    pub longitude: Option<i64>,
    pub position_source: String,
    pub photo: String,
}

const COLUMNS: &str = "region, id, provider, number, elder, day, mode, service, claimed, begin_minute, minutes, is_second, carer, \
    began, ended, latitude, longitude, position_source, photo, source, state";

fn read(row: &Row<'_>) -> Result<Claim> {
    Ok(Claim {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        provider: row.get(2)?,
        number: row.get(3)?,
        said: Said {
            elder: row.get(4)?,
            day: row.get(5)?,
            mode: row.get(6)?,
            service: row.get(7)?,
            claimed: row.get(8)?,
            begin_minute: row.get(9)?,
            minutes: row.get(10)?,
            second: row.get(11)?,
            carer: row.get(12)?,
            began: row.get(13)?,
            ended: row.get(14)?,
            latitude: row.get(15)?,
            longitude: row.get(16)?,
            position_source: row.get(17)?,
            photo: row.get(18)?,
        },
        source: row.get(19)?,
        state: row.get(20)?,
    })
}

impl Claim {
    pub fn link(&self) -> String {
        format!("/ltci/claims/{}", self.key)
    }

    pub fn elder_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.said.elder }
    }

    pub fn month(&self) -> String {
        month_of(self.said.day)
    }
}

/// `2025-03`.
pub fn month_of(day: Date) -> String {
    day.to_string()[..7].to_string()
}

/// A line of the scope: an institution has its own, others those of the elders they may see.
///
/// # Errors
/// `NotFound` where it is not there, or not theirs.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Claim> {
    let it = tx.one(
        &format!("select {COLUMNS} from ltci_claim where region = $1 and id = $2"),
        &[&key.region, &key.id],
        read,
    )?;
    match scope.organisation {
        Some(organisation) if scope.counties.contains(&key.region) && organisation == it.provider => Ok(it),
        Some(_) => Err(Error::NotFound),
        None => elders::find(tx, scope, &it.elder_key()).map(|_| it),
    }
}

/// Every line of a county's month that was not withdrawn, person by person, whichever of their records it names; within a day
/// in an order that does not depend on which came in first.
pub fn of_month(tx: &Tx<'_>, region: &str, month: &str, merged: &Merged) -> Result<Vec<Claim>> {
    let mut all = tx.rows(
        &format!("select {COLUMNS} from ltci_claim where region = $1 and month = $2 and state <> 'withdrawn'"),
        &[&region, &month],
        read,
    )?;
    let stays = |it: &Claim| merged.stays(it.said.elder);
    all.sort_unstable_by(|a, b| order(a, stays(a)).cmp(&order(b, stays(b))));
    Ok(all)
}

fn order(it: &Claim, person: Id) -> (Id, Date, Option<i64>, &str, Id) {
    (person, it.said.day, it.said.begin_minute, &it.number, it.provider)
}

/// As [`of_month`], of one elder and of the records merged into theirs.
pub fn of_elder(tx: &Tx<'_>, key: &Key, month: &str) -> Result<Vec<Claim>> {
    let records = Records::of(tx, key)?;
    let mut all = tx.rows(
        &format!(
            "select {COLUMNS} from ltci_claim
              where region = $1 and month = $2 and state <> 'withdrawn' and elder in ({})",
            records.after(2)
        ),
        &records.bind(&[&key.region, &month]),
        read,
    )?;
    all.sort_unstable_by(|a, b| order(a, key.id).cmp(&order(b, key.id)));
    Ok(all)
}

/// A line by the provider's own number.
pub fn by_number(tx: &Tx<'_>, region: &str, provider: Id, number: &str) -> Result<Option<Claim>> {
    let sql = format!("select {COLUMNS} from ltci_claim where region = $1 and provider = $2 and number = $3");
    tx.row(&sql, &[&region, &provider, &number], read)
}

/// The month of a line.
pub fn month_by_id(tx: &Tx<'_>, region: &str, id: Id) -> Result<String> {
    tx.one("select month from ltci_claim where region = $1 and id = $2", &[&region, &id], |row| row.get(0))
}

/// Takes a line in. The same number again is the same line: it changes while nothing is settled.
///
/// # Errors
/// `Refused` where the line is settled or was withdrawn and now says something else.
pub fn put(
    tx: &Tx<'_>,
    ask: &Ask,
    region: &str,
    provider: Id,
    number: &str,
    said: &Said,
    source: &str,
) -> Result<(Key, Taken)> {
    match by_number(tx, region, provider, number)? {
        Some(it) if it.said == *said => Ok((it.key, Taken::Unchanged)),
        Some(it) if it.state == "settled" => Err(Error::refused(
            "claim_settled",
            kit::Said::new("申报编号“{value}”已经结算,有误请提出异议").with("value", number),
        )),
        Some(it) if it.state == "withdrawn" => Err(Error::refused(
            "claim_withdrawn",
            kit::Said::new("申报编号“{value}”已经撤回,请用新的编号").with("value", number),
        )),
        Some(it) => {
            tx.run("delete from ltci_claim where region = $1 and id = $2", &[&region, &it.key.id])?;
            insert(tx, ask, region, it.key.id, provider, number, said, source)?;
            Ok((it.key, Taken::Changed))
        }
        None => {
            let id = ask.new_id();
            insert(tx, ask, region, id, provider, number, said, source)?;
            Ok((Key { region: region.to_string(), id }, Taken::New))
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "what a row has")]
fn insert(
    tx: &Tx<'_>,
    ask: &Ask,
    region: &str,
    id: Id,
    provider: Id,
    number: &str,
    it: &Said,
    source: &str,
) -> Result<()> {
    tx.run(
        "insert into ltci_claim (region, id, provider, number, elder, month, day, mode, service, claimed, begin_minute, minutes,
                                 is_second, carer, began, ended, latitude, longitude, position_source, photo, source, state,
                                 account, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 'open', $22, $23)",
        &[
            &region,
            &id,
            &provider,
            &number,
            &it.elder,
            &month_of(it.day),
            &it.day.to_string(),
            &it.mode,
            &it.service,
            &it.claimed,
            &it.begin_minute,
            &it.minutes,
            &it.second,
            &it.carer,
            &it.began,
            &it.ended,
            &it.latitude,
            &it.longitude,
            &it.position_source,
            &it.photo,
            &source,
            &ask.who.account,
            &stamp(ask.now),
        ],
    )?;
    Ok(())
}

/// Withdraws a line that is not settled yet.
///
/// # Errors
/// `Refused` where it is settled.
pub fn withdraw(tx: &Tx<'_>, ask: &Ask, it: &Claim) -> Result<()> {
    if it.state != "open" {
        return Err(Error::refused("claim_settled", "这条明细已经结算或撤回"));
    }
    tx.run("update ltci_claim set state = 'withdrawn' where region = $1 and id = $2", &[&it.key.region, &it.key.id])?;
    note(tx, ask, it, "withdrawn")
}

/// Notes in the audit trail what was done with a line.
pub fn note(tx: &Tx<'_>, ask: &Ask, it: &Claim, detail: &str) -> Result<()> {
    let action = if detail == "look" { "look" } else { "change" };
    let (region, id) = (&it.key.region, Some(it.key.id));
    ask.note(tx, &kit::audit::Entry { action, subject: "ltci_claim", subject_id: id, region, place: region, detail })
}

/// From now on the lines of a month cannot be changed any more.
pub fn settled(tx: &Tx<'_>, region: &str, month: &str) -> Result<()> {
    tx.run(
        "update ltci_claim set state = 'settled' where region = $1 and month = $2 and state = 'open'",
        &[&region, &month],
    )?;
    Ok(())
}
