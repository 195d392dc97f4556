//! The same person twice: who looks alike, who was found to be different, merging and undoing it.

use base64::{Engine, prelude::BASE64_STANDARD};
use kit::{Ask, Error, Id, Result, Tx, clock::stamp};
use serde::{Deserialize, Serialize};

use super::{
    counts, due,
    elder::{self, Elder, Key},
    groups,
    intake::Draft,
    life, marks,
    timeline::{self, Report, Tone},
};

/// Somebody who may be the same person, and why.
#[derive(Debug, Clone)]
pub struct Alike {
    pub elder: Elder,
    pub why: Vec<&'static str>,
}

/// Living people of the same county who look like this one: same name and birth date, or same phone and name.
pub fn alike(
    tx: &Tx<'_>,
    ask: &Ask,
    region: &str,
    name: &str,
    birth: &str,
    phone: Option<&str>,
    not: Id,
) -> Result<Vec<Alike>> {
    let blind = phone.map(|it| ask.app.crypt.blind(super::intake::PHONE_COLUMN, it));
    // Two queries, each along an index that has its order too; for any other order SQLite would walk the county.
    let by_name = format!(
        "select {}, phone_blind from elder where region = $1 and name = $2 and state = 'living' and id <> $3
          order by birth, id limit 20",
        elder::COLUMNS
    );
    let by_phone = format!(
        "select {}, phone_blind from elder where region = $1 and phone_blind = $2 and state = 'living' and id <> $3
          order by birth, id limit 20",
        elder::COLUMNS
    );
    let with_phone = |row: &kit::db::Row<'_>| Ok((elder::read(row)?, row.get::<Option<Vec<u8>>>(row.len() - 1)?));
    let mut candidates = tx.rows(&by_name, &[&region, &name, &not], with_phone)?;
    if let Some(blind) = &blind {
        let others = tx.rows(&by_phone, &[&region, blind, &not], with_phone)?;
        let known: Vec<Id> = candidates.iter().map(|it| it.0.key.id).collect();
        candidates.extend(others.into_iter().filter(|it| !known.contains(&it.0.key.id)));
    }
    let mut all = Vec::new();
    for (candidate, candidate_blind) in candidates {
        let same_name = candidate.name == name;
        let same_birth = candidate.birth.day.to_string() == birth;
        let same_year = candidate.birth.day.to_string().get(..4) == birth.get(..4);
        let same_phone = candidate_blind.is_some() && candidate_blind == blind;
        let likely = (same_name && (same_birth || same_phone)) || (same_phone && same_birth);
        if likely {
            let signs = [
                (same_name, "姓名相同"),
                (same_birth, "出生日期相同"),
                (!same_birth && same_year, "出生年份相同"),
                (same_phone, "电话相同"),
            ];
            let why = signs.into_iter().filter(|it| it.0).map(|it| it.1).collect();
            all.push(Alike { elder: candidate, why });
        }
    }
    Ok(all)
}

/// Looks for people like one who was just written, and puts each pair on the list to be judged.
pub fn look(tx: &Tx<'_>, ask: &Ask, key: &Key, draft: &Draft) -> Result<()> {
    let (birth, phone) = (draft.birth.day.to_string(), draft.phone.as_ref().map(|it| it.as_str()));
    for it in alike(tx, ask, &key.region, &draft.name, &birth, phone, key.id)? {
        let (older, newer) = (it.elder.key.id.min(key.id), it.elder.key.id.max(key.id));
        tx.run(
            "insert into elder_duplicate (region, id, kept, other, why, state, at) values ($1, $2, $3, $4, $5, 'open', $6)
             on conflict (region, kept, other) do nothing",
            &[&key.region, &ask.new_id(), &older, &newer, &it.why.join(" "), &stamp(ask.now)],
        )?;
    }
    Ok(())
}

/// A pair on the list.
#[derive(Debug, Clone)]
pub struct Pair {
    pub id: Id,
    pub kept: Elder,
    pub other: Elder,
    pub why: String,
    pub state: String,
    undo: Option<String>,
}

/// One pair, if both are in the reader's scope.
pub fn pair(tx: &Tx<'_>, ask: &Ask, region: &str, id: Id) -> Result<Pair> {
    let (kept, other, why, state, undo) = tx.one(
        "select kept, other, why, state, undo from elder_duplicate where region = $1 and id = $2",
        &[&region, &id],
        |row| Ok((row.get::<Id>(0)?, row.get::<Id>(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
    )?;
    let one = |id| elder::find(tx, &ask.who.scope, &Key { region: region.to_string(), id });
    Ok(Pair { id, kept: one(kept)?, other: one(other)?, why, state, undo })
}

/// Says that the two are different people; they are not shown again.
pub fn different(tx: &Tx<'_>, ask: &Ask, pair: &Pair) -> Result<()> {
    if pair.state != "open" {
        return Err(Error::refused("already_judged", "这一对已经判断过了"));
    }
    settle(tx, ask, pair, "different", None)?;
    elder::note(tx, ask, "change", &pair.kept, &format!("not the same person as {}", pair.other.key))
}

fn settle(tx: &Tx<'_>, ask: &Ask, pair: &Pair, state: &str, undo: Option<String>) -> Result<()> {
    tx.run(
        "update elder_duplicate set state = $3, account = $4, at = $5, undo = $6 where region = $1 and id = $2",
        &[&pair.kept.key.region, &pair.id, &state, &ask.who.account, &stamp(ask.now), &undo],
    )?;
    Ok(())
}

/// What an undoing needs to know.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Undo {
    /// Which of the pair was kept.
    kept: i64,
    /// The kept record took over these columns, which were empty before.
    took_number: bool,
    took_phone: bool,
    took_address: bool,
    id_kind: String,
    /// Groups the kept record entered by the merging.
    groups: Vec<String>,
    /// Groups the other record was in.
    left: Vec<(String, String)>,
    /// Blind indexes that led to the other record.
    blinds: Vec<String>,
    due: Vec<(String, String, String, String)>,
}

/// Makes `lost` a part of `kept`: one living record with both histories.
pub fn merge(tx: &Tx<'_>, ask: &Ask, pair: &Pair, keep_other: bool) -> Result<()> {
    let (kept, lost) = if keep_other { (&pair.other, &pair.kept) } else { (&pair.kept, &pair.other) };
    if !matches!(&*pair.state, "open" | "undone") || !kept.is_living() || !lost.is_living() {
        return Err(Error::refused("already_judged", "这一对已经判断过了,或其中一人已不在册"));
    }
    let (region, day) = (&kept.key.region, ask.today());
    let mut undo = Undo { kept: kept.key.id.0, id_kind: kept.id_kind.clone(), ..Undo::default() };

    undo.blinds = tx.rows(
        "select blind from person_index where region = $1 and elder = $2 order by blind",
        &[region, &lost.key.id],
        |row| Ok(BASE64_STANDARD.encode(row.get::<Vec<u8>>(0)?)),
    )?;
    tx.run(
        "update person_index set elder = $3 where region = $1 and elder = $2",
        &[region, &lost.key.id, &kept.key.id],
    )?;
    undo.took_number = kept.id_number.is_none() && lost.id_number.is_some();
    undo.took_phone = kept.phone.is_none() && lost.phone.is_some();
    undo.took_address = kept.address.is_none() && lost.address.is_some();
    tx.run(
        "update elder set
                id_kind = case when id_number is null then $3 else id_kind end,
                id_number = coalesce(id_number, $4), phone = coalesce(phone, $5), address = coalesce(address, $6),
                phone_blind = coalesce(phone_blind, (select l.phone_blind from elder l where l.region = $1 and l.id = $7)),
                changed = $8
          where region = $1 and id = $2",
        &[
            region,
            &kept.key.id,
            if undo.took_number { &lost.id_kind } else { &kept.id_kind },
            &lost.id_number,
            &lost.phone,
            &lost.address,
            &lost.key.id,
            &stamp(ask.now),
        ],
    )?;
    for membership in groups::of(tx, &lost.key)?.into_iter().filter(|it| it.until.is_none()) {
        groups::leave(tx, &ask.app, &lost.key, &lost.street, &membership.kind, day)?;
        if groups::enter(tx, &ask.app, &kept.key, &kept.street, &membership.again(day))? {
            undo.groups.push(membership.kind.clone());
        }
        undo.left.push((membership.kind, membership.from));
    }
    undo.due = due::of(tx, &lost.key)?.into_iter().map(|it| (it.kind, it.day, it.said, it.link)).collect();
    due::clear_all(tx, &lost.key)?;
    life::set_state(tx, ask, lost, "merged", Some(day), Some(kept.key.id))?;
    counts::living(tx, region, &lost.street, &lost.sex, -1)?;
    settle(tx, ask, pair, "merged", Some(serde_json::to_string(&undo)?))?;
    let merged = Report::new("elders", "与另一份档案合并").tone(Tone::Warn);
    timeline::report(tx, ask.now, &kept.key, &merged)?;
    elder::note(tx, ask, "change", kept, &format!("merged {} into {}", lost.key, kept.key))
}

/// Takes a merging back: both records are as they were, with what happened since on the one that was kept.
pub fn undo(tx: &Tx<'_>, ask: &Ask, pair: &Pair) -> Result<()> {
    let undo: Undo = match (&*pair.state, &pair.undo) {
        ("merged", Some(text)) => serde_json::from_str(text)?,
        _ => return Err(Error::refused("not_merged", "这一对没有合并,不能撤销")),
    };
    let (kept, lost) =
        if pair.kept.key.id.0 == undo.kept { (&pair.kept, &pair.other) } else { (&pair.other, &pair.kept) };
    let (region, day) = (&kept.key.region, ask.today());
    for blind in &undo.blinds {
        let blind = BASE64_STANDARD.decode(blind).map_err(Error::internal)?;
        tx.run("update person_index set elder = $3 where blind = $1 and region = $2", &[&blind, region, &lost.key.id])?;
    }
    if undo.took_number {
        tx.run(
            "update elder set id_number = null, id_kind = $3 where region = $1 and id = $2",
            &[region, &kept.key.id, &undo.id_kind],
        )?;
    }
    if undo.took_phone {
        tx.run(
            "update elder set phone = null, phone_blind = null where region = $1 and id = $2",
            &[region, &kept.key.id],
        )?;
    }
    if undo.took_address {
        tx.run("update elder set address = null where region = $1 and id = $2", &[region, &kept.key.id])?;
    }
    for kind in &undo.groups {
        if groups::leave(tx, &ask.app, &kept.key, &kept.street, kind, day)? {
            // Entered by the merging alone: it leaves no trace in the history.
            tx.run(
                "delete from elder_group where region = $1 and elder = $2 and kind = $3 and until_day = $4",
                &[region, &kept.key.id, kind, &day.to_string()],
            )?;
        }
    }
    life::set_state(tx, ask, lost, "living", None, None)?;
    counts::living(tx, region, &lost.street, &lost.sex, 1)?;
    for (kind, from) in &undo.left {
        tx.run(
            "update elder_group set until_day = null where region = $1 and elder = $2 and kind = $3 and from_day = $4",
            &[region, &lost.key.id, kind, from],
        )?;
        counts::add(tx, region, &lost.street, &format!("group:{kind}"), 1)?;
    }
    marks::keep(tx, &ask.app, &lost.key)?;
    marks::keep(tx, &ask.app, &kept.key)?;
    for (kind, day, said, link) in &undo.due {
        tx.run(
            "insert into elder_due (region, elder, kind, day, street, said, link) values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (region, elder, kind) do nothing",
            &[region, &lost.key.id, kind, day, &lost.street, said, link],
        )?;
    }
    settle(tx, ask, pair, "undone", None)?;
    let undone = Report::new("elders", "撤销合并").tone(Tone::Warn);
    timeline::report(tx, ask.now, &kept.key, &undone)?;
    timeline::report(tx, ask.now, &lost.key, &undone)?;
    elder::note(tx, ask, "change", kept, &format!("undid the merging with {}", lost.key))
}
