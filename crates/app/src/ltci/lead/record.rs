//! A lead as it is kept, with what happened with it.

use kit::{Ask, Error, Id, Result, Tx, clock::stamp, db::Row, digest};
use rules::{base::Date, ltci::lead};

use super::words;
use crate::{
    elders::Key,
    institutions::{self, Institution},
};

#[derive(Debug, Clone)]
pub struct Lead {
    pub key: Key,
    pub month: String,
    /// A word of `words::KINDS`.
    pub kind: String,
    pub provider: Id,
    pub elder: Option<Id>,
    pub carer: String,
    pub day: String,
    pub lines: Vec<String>,
    pub said: String,
    pub said_en: String,
    /// A word of `words::STATES`.
    pub state: String,
    pub due: Option<Date>,
    /// Fen.
    pub recovery: i64,
    pub recovered: Option<Date>,
}

/// One line of a lead's history.
#[derive(Debug, Clone)]
pub struct Step {
    pub at: String,
    /// A word of `words::STEPS`.
    pub step: String,
    pub words: String,
    /// Fen.
    pub amount: i64,
    pub who: String,
}

const COLUMNS: &str = "region, id, month, kind, provider, elder, carer, day, lines, said, said_en, state, due_day, \
    recovery, recovered_day";

fn read(row: &Row<'_>) -> Result<Lead> {
    Ok(Lead {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        month: row.get(2)?,
        kind: row.get(3)?,
        provider: row.get(4)?,
        elder: row.get(5)?,
        carer: row.get(6)?,
        day: row.get(7)?,
        lines: row.get::<String>(8)?.split_whitespace().map(str::to_string).collect(),
        said: row.get(9)?,
        said_en: row.get(10)?,
        state: row.get(11)?,
        due: row.get(12)?,
        recovery: row.get(13)?,
        recovered: row.get(14)?,
    })
}

impl Lead {
    pub fn link(&self) -> String {
        format!("/ltci/leads/{}", self.key)
    }

    pub fn provider_key(&self) -> Key {
        Key { region: self.key.region.clone(), id: self.provider }
    }

    pub fn elder_key(&self) -> Option<Key> {
        self.elder.map(|id| Key { region: self.key.region.clone(), id })
    }

    /// What was seen, in the reader's language.
    pub fn said_in(&self, ask: &Ask) -> &str {
        ask.either(&self.said, &self.said_en)
    }
}

/// The lead and the institution it is about, if the scope holds that.
pub fn find(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<(Lead, Institution)> {
    let it = tx.one(
        &format!("select {COLUMNS} from ltci_lead where region = $1 and id = $2"),
        &[&key.region, &key.id],
        read,
    )?;
    let institution = institutions::find(tx, &ask.who.scope, &it.provider_key())?;
    // An institution learns of a lead when it is asked.
    if ask.who.scope.organisation.is_some() && it.state == "open" {
        return Err(Error::NotFound);
    }
    Ok((it, institution))
}

/// Leads of a county of which money came back and is not in the book of the fund.
pub fn recovered(tx: &Tx<'_>, region: &str) -> Result<Vec<Lead>> {
    tx.rows(
        &format!(
            "select {COLUMNS} from ltci_lead l
              where l.region = $1 and l.state = 'confirmed' and l.recovery > 0 and l.recovered_day is not null
                and not exists (select 1 from ltci_fund_entry f
                                 where f.region = l.region and f.source = 'lead:' || cast(l.id as text))
              order by l.id"
        ),
        &[&region],
        read,
    )
}

/// What happened with a lead, the first first.
pub fn steps(tx: &Tx<'_>, key: &Key) -> Result<Vec<Step>> {
    tx.rows(
        "select at, step, words, amount, who from ltci_lead_step where region = $1 and lead = $2 order by id",
        &[&key.region, &key.id],
        |row| {
            Ok(Step { at: row.get(0)?, step: row.get(1)?, words: row.get(2)?, amount: row.get(3)?, who: row.get(4)? })
        },
    )
}

/// Keeps a lead of a month unless it was seen before; gives whether it is new.
pub fn keep(tx: &Tx<'_>, ask: &Ask, region: &str, month: &str, it: &lead::Lead) -> Result<bool> {
    let Ok(provider) = it.provider.parse::<Id>() else { return Ok(false) };
    let elder = it.elder.parse::<Id>().ok();
    let digest = digest::of(format!("{}:{}", it.provider, it.key()))[..32].to_string();
    let id = ask.new_id();
    let written = tx.run(
        "insert into ltci_lead (region, id, month, kind, digest, provider, elder, carer, day, lines, said, said_en, state,
                                found, recovery)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', $13, 0)
         on conflict (region, month, digest) do nothing",
        &[
            &region,
            &id,
            &month,
            &words::word(it.kind),
            &digest,
            &provider,
            &elder,
            &it.carer,
            &it.day.map_or(String::new(), |it| it.to_string()),
            &it.lines.join(" "),
            &it.said.zh,
            &it.said.en,
            &stamp(ask.now),
        ],
    )?;
    if written == 1 {
        note(tx, ask, &Key { region: region.to_string(), id }, "found", "", 0)?;
    }
    Ok(written == 1)
}

/// Writes a line of the history.
pub fn note(tx: &Tx<'_>, ask: &Ask, key: &Key, step: &str, words: &str, amount: i64) -> Result<()> {
    tx.run(
        "insert into ltci_lead_step (region, lead, id, at, step, words, amount, who, account)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            &key.region,
            &key.id,
            &ask.new_id(),
            &stamp(ask.now),
            &step,
            &words,
            &amount,
            &ask.who.name,
            &ask.who.account,
        ],
    )?;
    Ok(())
}
