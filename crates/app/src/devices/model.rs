//! Models of devices: maker and name, of which kind, and how their messages are read.

use kit::{Ask, Error, Id, Result, Said, Tx, clock::stamp, db::Row};

use super::device::Draft;

#[derive(Debug, Clone)]
pub struct Model {
    pub id: Id,
    pub kind: String,
    pub maker: String,
    pub name: String,
    /// Empty: the adapter that recognises a message.
    pub adapter: String,
    /// The offset of times that messages tell without one, as `+08:00`.
    pub zone: String,
}

pub const ZONE: &str = "+08:00";
/// As minutes: China has one zone.
pub const CHINA: i32 = 480;

/// An offset such as `+08:00`, within a day, in minutes; nothing for what is none.
pub fn zone_minutes(zone: &str) -> Option<i32> {
    let number = |range: std::ops::Range<usize>| zone.get(range).and_then(|it| it.parse::<u8>().ok());
    let (hours, minutes) = (number(1..3).filter(|it| *it <= 14)?, number(4..6).filter(|it| *it < 60)?);
    let ahead = i32::from(hours) * 60 + i32::from(minutes);
    match (zone.len(), zone.as_bytes().first()?, zone.as_bytes().get(3)?) {
        (6, b'+', b':') => Some(ahead),
        (6, b'-', b':') => Some(-ahead),
        _ => None,
    }
}

const COLUMNS: &str = "id, kind, maker, name, adapter, zone";

fn read(row: &Row<'_>) -> Result<Model> {
    Ok(Model {
        id: row.get(0)?,
        kind: row.get(1)?,
        maker: row.get(2)?,
        name: row.get(3)?,
        adapter: row.get(4)?,
        zone: row.get(5)?,
    })
}

pub fn by_id(tx: &Tx<'_>, region: &str, id: Id) -> Result<Model> {
    tx.one(&format!("select {COLUMNS} from device_model where region = $1 and id = $2"), &[&region, &id], read)
}

/// The model a draft names; one that is new is taken in, one that is known is of one kind.
pub fn of(tx: &Tx<'_>, ask: &Ask, region: &str, draft: &Draft) -> Result<Id> {
    let sql = format!("select {COLUMNS} from device_model where region = $1 and maker = $2 and name = $3");
    let zone = if draft.zone.is_empty() { ZONE } else { &draft.zone };
    let known = tx.row(&sql, &[&region, &draft.maker, &draft.model], read)?;
    if let Some(it) = &known
        && it.kind != draft.kind
    {
        let said = Said::new("{maker} {model} 已登记为“{kind}”")
            .with("maker", draft.maker.clone())
            .with("model", draft.model.clone())
            .with("kind", super::words::title(super::words::KINDS, &it.kind));
        return Err(Error::invalid("kind", said));
    }
    if let Some(it) = known {
        if (&*it.adapter, &*it.zone) != (&*draft.adapter, zone) {
            tx.run(
                "update device_model set adapter = $3, zone = $4 where region = $1 and id = $2",
                &[&region, &it.id, &draft.adapter, &zone],
            )?;
        }
        return Ok(it.id);
    }
    let id = ask.new_id();
    let written = tx.run(
        "insert into device_model (region, id, kind, maker, name, adapter, zone, created) values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict do nothing",
        &[&region, &id, &draft.kind, &draft.maker, &draft.model, &draft.adapter, &zone, &stamp(ask.now)],
    )?;
    // Somebody else registered the first of this model in the same moment.
    if written == 0 { of(tx, ask, region, draft) } else { Ok(id) }
}
