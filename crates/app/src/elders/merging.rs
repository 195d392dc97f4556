//! One person with two records: merging keeps both histories, and what it changed is written down so that it can be undone.

use base64::{Engine, prelude::BASE64_STANDARD};
use kit::{
    Ask, Error, Id, Result, Tx,
    clock::stamp,
    events,
    tally::{self, Family},
};
use rules::base::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    counts,
    due::{self, DueItem},
    duplicates::{Pair, settle},
    elder::{self, Elder},
    groups,
    intake::{ADDRESS_COLUMN, NUMBER_COLUMN, PHONE_COLUMN},
    life, marks,
    timeline::{self, Report, Tone},
};

/// Event kinds: two records are one, and are two again. Modules that keep something running for `lost` (a contract, a
/// bed) move it to `kept` and back.
pub const MERGED: &str = "elder.merged";
pub const UNMERGED: &str = "elder.unmerged";

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
    /// Groups the kept record entered by the merging, with the end of a stay that began on the same day before.
    entered: Vec<(String, Option<String>)>,
    /// (group, day of entry) the other record was in.
    left: Vec<(String, String)>,
    /// Blind indexes that led to the other record.
    blinds: Vec<String>,
    /// What was due of the other record.
    due: Vec<DueItem>,
    /// Kinds of those that the kept record took over.
    due_taken: Vec<String>,
    /// Where the other record lived, as the tally had it.
    stays: Vec<(String, Date, Option<Date>)>,
    day: String,
}

/// Makes one of a pair a part of the other: one living record with both histories.
pub fn merge(tx: &Tx<'_>, ask: &Ask, pair: &Pair, keep_other: bool) -> Result<()> {
    let (kept, lost) = if keep_other { (&pair.other, &pair.kept) } else { (&pair.kept, &pair.other) };
    if !matches!(&*pair.state, "open" | "undone") || !kept.is_living() || !lost.is_living() {
        return Err(Error::refused("already_judged", "这一对已经判断过了,或其中一人已不在册"));
    }
    let (region, day) = (&kept.key.region, ask.today());
    let mut undo = Undo {
        kept: kept.key.id.0,
        took_number: kept.id_number.is_none() && lost.id_number.is_some(),
        took_phone: kept.phone.is_none() && lost.phone.is_some(),
        took_address: kept.address.is_none() && lost.address.is_some(),
        id_kind: kept.id_kind.clone(),
        blinds: blinds_of(tx, lost)?,
        stays: tally::units(tx, &marks::thing(&lost.key), Family::Place)?,
        day: day.to_string(),
        ..Undo::default()
    };
    tx.run(
        "update person_index set elder = $3 where region = $1 and elder = $2",
        &[region, &lost.key.id, &kept.key.id],
    )?;
    take_over(tx, ask, kept, lost, &undo)?;
    take_groups(tx, ask, kept, lost, day, &mut undo)?;
    undo.due = due::of(tx, &lost.key)?;
    due::clear_all(tx, &lost.key)?;
    for item in &undo.due {
        if due::put_back(tx, kept, item)? {
            undo.due_taken.push(item.kind.clone());
        }
    }
    life::set_state(tx, ask, lost, "merged", Some(day), Some(kept.key.id))?;
    counts::living(tx, region, &lost.street, &lost.sex, lost.birth.day, -1)?;
    carry_pairs(tx, ask, kept, lost)?;
    settle(tx, ask, pair, "merged", Some(serde_json::to_string(&undo)?))?;
    let merged = Report::new("elders", "与另一份档案合并").tone(Tone::Warn);
    timeline::report(tx, ask.now, &kept.key, &merged)?;
    events::send(tx, region, MERGED, &json!({"kept": kept.key, "lost": lost.key}), ask.now)?;
    elder::note(tx, ask, "change", kept, &format!("merged {} into {}", lost.key, kept.key))
}

fn blinds_of(tx: &Tx<'_>, elder: &Elder) -> Result<Vec<String>> {
    tx.rows(
        "select blind from person_index where region = $1 and elder = $2 order by blind",
        &[&elder.key.region, &elder.key.id],
        |row| Ok(BASE64_STANDARD.encode(row.get::<Vec<u8>>(0)?)),
    )
}

/// What the kept record did not know, it takes from the other.
fn take_over(tx: &Tx<'_>, ask: &Ask, kept: &Elder, lost: &Elder, undo: &Undo) -> Result<()> {
    tx.run(
        "update elder set
                id_kind = $3, id_number = coalesce(id_number, $4), phone = coalesce(phone, $5),
                address = coalesce(address, $6),
                phone_blind = coalesce(phone_blind, (select l.phone_blind from elder l where l.region = $1 and l.id = $7)),
                changed = $8
          where region = $1 and id = $2",
        &[
            &kept.key.region,
            &kept.key.id,
            if undo.took_number { &lost.id_kind } else { &kept.id_kind },
            &lost.id_number,
            &lost.phone,
            &lost.address,
            &lost.key.id,
            &stamp(ask.now),
        ],
    )?;
    Ok(())
}

fn take_groups(tx: &Tx<'_>, ask: &Ask, kept: &Elder, lost: &Elder, day: Date, undo: &mut Undo) -> Result<()> {
    let before = groups::of(tx, &kept.key)?;
    let open: Vec<_> = groups::of(tx, &lost.key)?.into_iter().filter(|it| it.until.is_none()).collect();
    undo.left = groups::leave_all(tx, &ask.app, lost, day)?;
    for membership in open {
        if groups::put(tx, &kept.key, &kept.street, &membership.again(day))? {
            let same_day = before.iter().find(|it| it.kind == membership.kind && it.from == day.to_string());
            undo.entered.push((membership.kind, same_day.and_then(|it| it.until.clone())));
        }
    }
    marks::keep(tx, &ask.app, &kept.key)
}

/// Takes a merging back: both records are as they were, with what happened since on the one that was kept.
///
/// # Errors
/// `Refused` where a later merging or moving of the kept record has to be taken back first.
pub fn undo(tx: &Tx<'_>, ask: &Ask, pair: &Pair) -> Result<()> {
    let undo: Undo = match (&*pair.state, &pair.undo) {
        ("merged", Some(text)) => serde_json::from_str(text)?,
        _ => return Err(Error::refused("not_merged", "这一对没有合并,不能撤销")),
    };
    let (kept, lost) =
        if pair.kept.key.id.0 == undo.kept { (&pair.kept, &pair.other) } else { (&pair.other, &pair.kept) };
    if !matches!(&*kept.state, "living" | "died") || lost.merged_into != Some(kept.key.id) {
        return Err(Error::refused("merged_further", "保留的档案后来又合并或迁出,请先撤销后来的办理"));
    }
    let region = &kept.key.region;
    give_back(tx, ask, kept, lost, &undo)?;
    lead_back(tx, kept, lost, &undo.blinds)?;
    for (kind, until) in &undo.entered {
        take_out(tx, kept, kind, &undo.day, until.as_deref())?;
    }
    life::set_state(tx, ask, lost, "living", None, None)?;
    tally::set_units(tx, &ask.app, &marks::thing(&lost.key), Family::Place, &undo.stays)?;
    counts::living(tx, region, &lost.street, &lost.sex, lost.birth.day, 1)?;
    groups::reopen(tx, &ask.app, lost, &undo.left)?;
    marks::keep(tx, &ask.app, &kept.key)?;
    for item in &undo.due {
        let is_as_taken = |it: &DueItem| it == item && undo.due_taken.contains(&it.kind);
        if due::of(tx, &kept.key)?.iter().any(is_as_taken) {
            due::clear(tx, &kept.key, &item.kind)?;
        }
        due::put_back(tx, lost, item)?;
    }
    settle(tx, ask, pair, "undone", None)?;
    let undone = Report::new("elders", "撤销合并").tone(Tone::Warn);
    timeline::report(tx, ask.now, &kept.key, &undone)?;
    timeline::report(tx, ask.now, &lost.key, &undone)?;
    events::send(tx, region, UNMERGED, &json!({"kept": kept.key, "lost": lost.key}), ask.now)?;
    elder::note(tx, ask, "change", kept, &format!("undid the merging with {}", lost.key))
}

/// What the kept record took over goes, unless it was put right since.
fn give_back(tx: &Tx<'_>, ask: &Ask, kept: &Elder, lost: &Elder, undo: &Undo) -> Result<()> {
    let same = |column: &str, a: &Option<Vec<u8>>, b: &Option<Vec<u8>>| -> Result<bool> {
        let open = |it: &Option<Vec<u8>>| it.as_ref().map(|it| ask.app.crypt.open_sealed(column, it)).transpose();
        Ok(open(a).map_err(Error::internal)? == open(b).map_err(Error::internal)?)
    };
    let key = &kept.key;
    if undo.took_number && same(NUMBER_COLUMN, &kept.id_number, &lost.id_number)? {
        tx.run(
            "update elder set id_number = null, id_kind = $3 where region = $1 and id = $2",
            &[&key.region, &key.id, &undo.id_kind],
        )?;
    }
    if undo.took_phone && same(PHONE_COLUMN, &kept.phone, &lost.phone)? {
        tx.run(
            "update elder set phone = null, phone_blind = null where region = $1 and id = $2",
            &[&key.region, &key.id],
        )?;
    }
    if undo.took_address && same(ADDRESS_COLUMN, &kept.address, &lost.address)? {
        tx.run("update elder set address = null where region = $1 and id = $2", &[&key.region, &key.id])?;
    }
    Ok(())
}

/// The numbers of the other record lead to it again.
fn lead_back(tx: &Tx<'_>, kept: &Elder, lost: &Elder, blinds: &[String]) -> Result<()> {
    for blind in blinds {
        let blind = BASE64_STANDARD.decode(blind).map_err(Error::internal)?;
        let led = tx.run(
            "insert into person_index (blind, region, elder) values ($1, $2, $3)
             on conflict (blind) do update set elder = excluded.elder
               where person_index.region = $2 and person_index.elder = $4",
            &[&blind, &lost.key.region, &lost.key.id, &kept.key.id],
        )?;
        if led == 0 {
            return Err(Error::refused("number_taken", "另一份档案的证件号码已属于别的档案,请先核对"));
        }
    }
    Ok(())
}

/// A stay in a group that began by the merging alone leaves no trace in the history.
fn take_out(tx: &Tx<'_>, kept: &Elder, kind: &str, day: &str, until: Option<&str>) -> Result<()> {
    let key = &kept.key;
    let was_open = tx.count(
        "select count(*) from elder_group
          where region = $1 and elder = $2 and kind = $3 and from_day = $4 and until_day is null",
        &[&key.region, &key.id, &kind, &day],
    )?;
    let values: [&dyn kit::db::Bind; 4] = [&key.region, &key.id, &kind, &day];
    match until {
        Some(until) => tx.run(
            "update elder_group set until_day = $5 where region = $1 and elder = $2 and kind = $3 and from_day = $4",
            &[&key.region, &key.id, &kind, &day, &until],
        )?,
        None => {
            tx.run("delete from elder_group where region = $1 and elder = $2 and kind = $3 and from_day = $4", &values)?
        }
    };
    if 0 < was_open {
        counts::add(tx, &key.region, &kept.street, &format!("group:{kind}"), -1)?;
    }
    Ok(())
}

/// Pairs of the record that was given up are pairs of the one that was kept.
fn carry_pairs(tx: &Tx<'_>, ask: &Ask, kept: &Elder, lost: &Elder) -> Result<()> {
    let others = tx.rows(
        "select case when kept = $2 then other else kept end, why from elder_duplicate
          where region = $1 and (kept = $2 or other = $2) and state = 'open' order by id",
        &[&lost.key.region, &lost.key.id],
        |row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?)),
    )?;
    for (other, why) in others.into_iter().filter(|it| it.0 != kept.key.id) {
        super::duplicates::note_pair(tx, ask, &kept.key.region, kept.key.id, other, &why)?;
    }
    Ok(())
}
