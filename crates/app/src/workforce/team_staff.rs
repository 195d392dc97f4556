//! Who can be chosen for a team: everybody of the county who is at work, those of the team's institution first.

use kit::{Id, Result, Tx};

use super::{team::Team, words};

/// (number, name with kind and institution).
pub fn options(tx: &Tx<'_>, team: &Team) -> Result<Vec<(String, String)>> {
    tx.rows(
        "select s.id, s.name, s.kind, coalesce(o.name, '')
           from staff s left join organisation o on o.region = s.region and o.id = s.organisation
          where s.region = $1 and s.state = 'active'
          order by case when s.organisation = $2 then 0 else 1 end, o.name, s.initials, s.id limit 3000",
        &[&team.key.region, &team.organisation],
        |row| {
            let kind: String = row.get(2)?;
            let (name, organisation): (String, String) = (row.get(1)?, row.get(3)?);
            Ok((
                row.get::<Id>(0)?.to_string(),
                format!("{name} · {} · {organisation}", words::title(words::KINDS, &kind)),
            ))
        },
    )
}
