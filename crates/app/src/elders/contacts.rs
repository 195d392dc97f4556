//! Carers and relatives of an elder.

use std::collections::HashMap;

use kit::{
    Ask, Error, Id, Result, Tx,
    crypt::mask_phone,
    db::{Put, Row},
};
use rules::base::Phone;

use super::{
    elder::{Elder, Key, note, records},
    people::People,
};

pub const PHONE_COLUMN: &str = "elder_contact.phone";

#[derive(Debug, Clone)]
pub struct Contact {
    pub id: Id,
    pub name: String,
    pub relation: String,
    pub phone: Option<Vec<u8>>,
    pub is_carer: bool,
    pub lives_together: bool,
}

impl Contact {
    /// The phone with its middle hidden.
    pub fn masked_phone(&self, ask: &Ask) -> Result<String> {
        match &self.phone {
            Some(sealed) => Ok(mask_phone(&ask.app.crypt.open_sealed(PHONE_COLUMN, sealed).map_err(Error::internal)?)),
            None => Ok(String::new()),
        }
    }
}

pub fn of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Contact>> {
    let mut all = Vec::new();
    for record in records(tx, key)? {
        all.extend(tx.rows(
            "select id, name, relation, phone, is_carer, lives_together from elder_contact
              where region = $1 and elder = $2 order by id limit 50",
            &[&key.region, &record],
            read,
        )?);
    }
    Ok(all)
}

/// As [`of`], of each of some people.
pub fn of_people(tx: &Tx<'_>, people: &People) -> Result<HashMap<Id, Vec<Contact>>> {
    let sql = format!(
        "select id, name, relation, phone, is_carer, lives_together, elder from elder_contact
          where region = $1 and elder in ({}) order by elder, id",
        people.listed()
    );
    people.rows(tx, &sql, read)
}

fn read(row: &Row<'_>) -> Result<Contact> {
    Ok(Contact {
        id: row.get(0)?,
        name: row.get(1)?,
        relation: row.get(2)?,
        phone: row.get(3)?,
        is_carer: row.get(4)?,
        lives_together: row.get(5)?,
    })
}

/// What is known of a contact before it is written.
pub struct New<'a> {
    pub name: &'a str,
    pub relation: &'a str,
    pub phone: Option<&'a Phone>,
    pub is_carer: bool,
    pub lives_together: bool,
}

pub fn add(tx: &Tx<'_>, ask: &Ask, elder: &Elder, new: &New<'_>) -> Result<Id> {
    let id = put(tx, ask, elder, new)?;
    note(tx, ask, "change", elder, "contact added")?;
    Ok(id)
}

pub(super) fn put(to: &impl Put, ask: &Ask, elder: &Elder, new: &New<'_>) -> Result<Id> {
    let id = ask.new_id();
    to.put(
        "insert into elder_contact (region, elder, id, name, relation, phone, is_carer, lives_together)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            &elder.key.region,
            &elder.key.id,
            &id,
            &new.name,
            &new.relation,
            &new.phone.map(|it| ask.app.crypt.seal(PHONE_COLUMN, it.as_str())),
            &new.is_carer,
            &new.lives_together,
        ],
    )?;
    Ok(id)
}

pub fn remove(tx: &Tx<'_>, ask: &Ask, elder: &Elder, id: Id) -> Result<()> {
    for record in records(tx, &elder.key)? {
        tx.run(
            "delete from elder_contact where region = $1 and elder = $2 and id = $3",
            &[&elder.key.region, &record, &id],
        )?;
    }
    note(tx, ask, "change", elder, "contact removed")
}
