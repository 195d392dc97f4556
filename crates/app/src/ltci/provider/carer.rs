//! Who gives care for an institution with an agreement.

use std::collections::HashMap;

use kit::{Ask, Id, Result, Tx, clock::stamp, db::Row};
use rules::base::Date;

use crate::elders::{Key, Records};

#[derive(Debug, Clone, PartialEq)]
pub struct Carer {
    pub id: Id,
    pub organisation: Id,
    /// Of the register of staff.
    pub staff: Option<Id>,
    /// For a relative: whose.
    pub elder: Option<Id>,
    pub name: String,
    /// A word of `words::QUALIFICATIONS`.
    pub qualification: String,
    /// Number of the certificate or of the filing.
    pub number: String,
    pub from: Date,
    /// The first day on which they no longer give care.
    pub until: Option<Date>,
}

const COLUMNS: &str = "id, organisation, staff, elder, name, qualification, number, from_day, until_day";

fn read(row: &Row<'_>) -> Result<Carer> {
    Ok(Carer {
        id: row.get(0)?,
        organisation: row.get(1)?,
        staff: row.get(2)?,
        elder: row.get(3)?,
        name: row.get(4)?,
        qualification: row.get(5)?,
        number: row.get(6)?,
        from: row.get(7)?,
        until: row.get(8)?,
    })
}

impl Carer {
    pub fn works_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|it| day < it)
    }
}

/// All carers of a county, with what each ever was.
pub fn of_county(tx: &Tx<'_>, region: &str) -> Result<Vec<Carer>> {
    tx.rows(&format!("select {COLUMNS} from ltci_carer where region = $1 order by organisation, id"), &[&region], read)
}

/// Those of one institution, those who left last.
pub fn of_organisation(tx: &Tx<'_>, key: &Key) -> Result<Vec<Carer>> {
    tx.rows(
        &format!("select {COLUMNS} from ltci_carer where region = $1 and organisation = $2 order by initials, id"),
        &[&key.region, &key.id],
        read,
    )
}

/// Who cared for an elder in a month: names by institution and the number that was claimed.
pub fn who_came(tx: &Tx<'_>, elder: &Key, month: &str) -> Result<HashMap<(Id, String), String>> {
    let records = Records::of(tx, elder)?;
    let sql = format!(
        "select distinct c.provider, c.carer, r.name from ltci_claim c
           join ltci_carer r on r.region = c.region and r.organisation = c.provider and r.number = c.carer
                            and r.from_day <= c.day and (r.until_day is null or c.day < r.until_day)
          where c.region = $1 and c.month = $2 and c.carer <> '' and c.elder in ({})",
        records.after(2)
    );
    let all = tx.rows(&sql, &records.bind(&[&elder.region, &month.to_string()]), |row| {
        Ok(((row.get(0)?, row.get(1)?), row.get(2)?))
    })?;
    Ok(all.into_iter().collect())
}

/// Writes a carer down.
pub fn add(tx: &Tx<'_>, ask: &Ask, region: &str, it: &Carer) -> Result<()> {
    tx.run(
        "insert into ltci_carer (region, id, organisation, staff, elder, name, initials, qualification, number, from_day,
                                 until_day, reason, account, created)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', $12, $13)",
        &[
            &region,
            &it.id,
            &it.organisation,
            &it.staff,
            &it.elder,
            &it.name,
            &kit::initials(&it.name),
            &it.qualification,
            &it.number,
            &it.from.to_string(),
            &it.until.map(|it| it.to_string()),
            &ask.who.account,
            &stamp(ask.now),
        ],
    )?;
    Ok(())
}
