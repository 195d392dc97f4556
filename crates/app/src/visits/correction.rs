//! Putting a visit right: somebody says what and why, somebody else confirms it within the term; before and after are kept.

use kit::{
    Ask, Error, Id, Result, Said, Tx,
    clock::{day_of_stamp, stamp},
    db::Row,
};
use rules::{base::Date, visit::Check};

use super::{
    follow,
    record::{self, Visit},
};
use crate::{assessment::needed, elders::Key};

/// One correction.
#[derive(Debug, Clone)]
pub struct Correction {
    pub id: Id,
    /// A word of `Check::WORDS`.
    pub field: String,
    /// What the check found before, and what is said instead.
    pub before: String,
    pub after: String,
    pub reason: String,
    pub account: Id,
    pub who: String,
    pub at: String,
    pub due: Date,
    /// A word of `words::CORRECTIONS`.
    pub state: String,
    pub second_who: String,
    pub second_at: Option<String>,
    pub second_reason: String,
}

const COLUMNS: &str =
    "id, field, before, after, reason, account, who, at, due, state, second_who, second_at, second_reason";

fn read(row: &Row<'_>) -> Result<Correction> {
    Ok(Correction {
        id: row.get(0)?,
        field: row.get(1)?,
        before: row.get(2)?,
        after: row.get(3)?,
        reason: row.get(4)?,
        account: row.get(5)?,
        who: row.get(6)?,
        at: row.get(7)?,
        due: row.get(8)?,
        state: row.get(9)?,
        second_who: row.get(10)?,
        second_at: row.get(11)?,
        second_reason: row.get(12)?,
    })
}

/// All corrections of a visit, the newest first.
pub fn of(tx: &Tx<'_>, visit: &Key) -> Result<Vec<Correction>> {
    let sql =
        format!("select {COLUMNS} from visit_correction where region = $1 and visit = $2 order by id desc limit 200");
    tx.rows(&sql, &[&visit.region, &visit.id], read)
}

pub fn confirmed(tx: &Tx<'_>, visit: &Key) -> Result<Vec<Correction>> {
    Ok(of(tx, visit)?.into_iter().filter(|it| it.state == "confirmed").collect())
}

/// The last day on which a visit may be put right.
pub fn last_day(ask: &Ask, it: &Visit) -> Result<Date> {
    let policy = ask.app.policy_in(&it.key.region, it.day);
    let days = *needed(policy.read(|it| &it.visit.correction_days))?;
    Ok(it.day.add_days(i32::from(days)))
}

/// What somebody says in place of what a check found. A new begin or end is `after`, as an instant.
///
/// # Errors
/// `Refused` after the term, or where the check found nothing amiss; `Invalid` for what is no element.
pub fn ask_for(tx: &Tx<'_>, ask: &Ask, it: &Visit, field: &str, after: &str, reason: &str) -> Result<Id> {
    let check = Check::parse(field).filter(|one| one.is_element());
    let check = check.ok_or_else(|| Error::invalid("field", "请选择六个要素之一"))?;
    if it.ended.is_none() {
        return Err(Error::refused("visit_not_ended", "上门结束以后才能更正"));
    }
    let due = last_day(ask, it)?;
    if due < ask.today() {
        let said = Said::new("这次上门只能在 {day} 及以前更正").with("day", due);
        return Err(Error::refused("correction_late", said));
    }
    // Without another time the one that was converted is confirmed.
    if !after.is_empty() && after.parse::<jiff::Timestamp>().is_err()
        || day_of_stamp(after).is_some_and(|day| day != it.day)
    {
        return Err(Error::invalid("after", Said::new("请写上门当天({day})的时间,如 09:30").with("day", it.day)));
    }
    let found: Option<(String, String)> = tx.row(
        "select finding, zh from visit_check where region = $1 and visit = $2 and name = $3",
        &[&it.key.region, &it.key.id, &field],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let (finding, zh) = found.ok_or_else(|| Error::refused("not_checked", "这次上门还没有核验结果"))?;
    if finding == "passed" && after.is_empty() {
        return Err(Error::refused("nothing_amiss", "这一项已经通过,不需要更正"));
    }
    let before = match check {
        Check::Begin => it.began.clone().unwrap_or(zh),
        Check::End => it.ended.clone().unwrap_or(zh),
        _ => zh,
    };
    let id = ask.new_id();
    tx.run(
        "insert into visit_correction (region, visit, id, field, before, after, reason, account, who, at, due, state,
                                       second_account, second_who, second_at, second_reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', null, '', null, '')",
        &[
            &it.key.region,
            &it.key.id,
            &id,
            &field,
            &before,
            &after,
            &reason,
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
            &due.to_string(),
        ],
    )?;
    record::note(tx, ask, "change", it, &format!("correction of {field}"))?;
    Ok(id)
}

/// A second person agrees or not; with agreement the visit is judged anew.
///
/// # Errors
/// `Refused` for whoever asked for it, after the term, or where it is decided.
pub fn decide(tx: &Tx<'_>, ask: &Ask, it: &mut Visit, id: Id, agrees: bool, reason: &str) -> Result<()> {
    let one = of(tx, &it.key)?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    if one.state != "waiting" {
        return Err(Error::refused("decided_already", "这项更正已经有人处理"));
    }
    if one.account == ask.who.account {
        return Err(Error::refused("second_person", "更正要由另一人确认"));
    }
    if one.due < ask.today() {
        let said = Said::new("这次上门只能在 {day} 及以前更正").with("day", one.due);
        return Err(Error::refused("correction_late", said));
    }
    if !agrees && reason.is_empty() {
        return Err(Error::invalid("reason", "不同意请写原因"));
    }
    tx.run(
        "update visit_correction set state = $4, second_account = $5, second_who = $6, second_at = $7, second_reason = $8
          where region = $1 and visit = $2 and id = $3 and state = 'waiting'",
        &[
            &it.key.region,
            &it.key.id,
            &id,
            &(if agrees { "confirmed" } else { "refused" }),
            &ask.who.account,
            &ask.who.name,
            &stamp(ask.now),
            &reason,
        ],
    )?;
    record::note(
        tx,
        ask,
        "change",
        it,
        &format!("correction of {} {}", one.field, if agrees { "confirmed" } else { "refused" }),
    )?;
    if agrees { follow::judge(tx, ask, it) } else { Ok(()) }
}
