//! A whole list taken over at once, of people of whom nothing is kept yet.

use kit::{
    Ask, Id, Result,
    clock::stamp,
    db::Put,
    tally::{Family, Numbers, Span, Thing},
};
use rules::base::{Date, Money};

use super::record::NUMBER_COLUMN;
use crate::ltci::marks;

/// Somebody of a list that is taken over.
#[derive(Debug, Clone)]
pub struct Listed<'a> {
    pub id: Id,
    /// Of the register of elders, where they are in it.
    pub elder: Option<Id>,
    pub name: &'a str,
    /// A valid ID number.
    pub number: &'a str,
    pub employer: &'a str,
    /// A word of `words::KINDS`.
    pub kind: &'static str,
    /// Of a period; nothing where it is not known.
    pub base: Money,
    pub from: Date,
    /// The first day on which they are insured no longer, where it is not to come.
    pub until: Option<Date>,
}

/// Puts one of them down; `numbers` are those of the county.
pub fn put(to: &impl Put, ask: &Ask, region: &str, it: &Listed<'_>, source: &str, numbers: &mut Numbers) -> Result<()> {
    let crypt = &ask.app.crypt;
    to.put(
        "insert into ltci_insured (region, id, elder, name, initials, id_number, id_blind, employer, kind, source, created,
                                   changed)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        &[
            &region,
            &it.id,
            &it.elder,
            &it.name,
            &kit::initials(it.name),
            &crypt.seal(NUMBER_COLUMN, it.number),
            &crypt.blind(NUMBER_COLUMN, it.number),
            &it.employer,
            &if it.until.is_none() { it.kind } else { "" },
            &source,
            &stamp(ask.now),
        ],
    )?;
    let steps = std::iter::once((it.from, Some(it.kind), it.base)).chain(it.until.map(|day| (day, None, Money::ZERO)));
    for (day, kind, base) in steps {
        to.put(
            "insert into ltci_kind (region, insured, from_day, kind, base, source) values ($1, $2, $3, $4, $5, $6)",
            &[&region, &it.id, &day.to_string(), &kind, &base.fen(), &source],
        )?;
    }
    let thing = Thing::new(marks::INSURED, region, it.id);
    let spans = [(marks::IS_INSURED, vec![Span::new(it.from).until(it.until)])];
    let units = [(Family::Place, vec![(region.to_string(), it.from, None)])];
    numbers.tell(to, &ask.app, &thing, &spans, &units)
}
